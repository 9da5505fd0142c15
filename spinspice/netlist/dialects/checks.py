"""What is wrong with a circuit in whatever dialect it is written: names that refer to nothing, arguments left out."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence

from spinspice.errors import did_you_mean
from spinspice.netlist.cards import Card, Element, Scope
from spinspice.netlist.expressions import Expression, Number, names_in
from spinspice.netlist.names import MODELLED, controlling_source, models_of

#: Least and largest number of arguments of a waveform. Those that may be left out stand for times of the run in one
#: simulator and for nothing in another, so they must be given.
ARGUMENTS = {"pulse": (7, 7), "sin": (3, 6), "exp": (6, 6)}
_MEANING = {
    "pulse": "low, high, delay, rise, fall, width, period",
    "sin": "offset, amplitude, frequency, delay, damping, phase",
    "exp": "low, high, rise delay, rise time constant, fall delay, fall time constant",
}


def in_order(values: Mapping[str, Expression], card: Card) -> list[tuple[str, Expression]]:
    """Return parameters so that each comes after those that it refers to (SPICE knows no order among them)."""
    waiting, done = dict(values), []
    while waiting:
        ready = [name for name, value in waiting.items() if not names_in(value) & waiting.keys()]
        if not ready:
            raise card.error(f"the parameters {', '.join(sorted(waiting))} refer to one another in a circle.")
        done += [(name, waiting.pop(name)) for name in ready]
    return done


def check_names(values: Iterable[Expression], known: set[str], card: Card) -> None:
    """Refuse expressions that refer to a parameter that is not known."""
    for value in values:
        for name in sorted(names_in(value) - known):
            raise card.error(f"there is no parameter {name!r}. {did_you_mean(name, known)}")


def check_element(element: Element, chain: Sequence[Scope], simulator: str, multiplied: str) -> None:
    """Refuse parameters that no dialect has words for, and what refers to nothing.

    ``multiplied`` are the kinds of elements whose multiplier ``m`` the dialect takes.
    """
    card = element.card
    for name in element.parameters:
        if name == "m" and element.kind in "rclviegfh" and element.kind not in multiplied:
            raise card.error(f"the multiplier m has no translation to {simulator} for this element.")
        if name != "m" and element.kind in "rclviegfh":
            raise card.error(f"the parameter {name} has no translation to {simulator}. Leave it out.")
    if element.kind in "fh":
        controlling_source(element, chain[-1])
    if element.kind in MODELLED and not models_of(element, chain)[0]:
        known = {name for level in chain for name in level.models}
        raise card.error(f"there is no model {element.master!r}. {did_you_mean(element.master, known)}")


def check_waveform(element: Element, counts: Mapping[str, tuple[int, int]]) -> None:
    """Refuse a waveform with too few or too many arguments, and corners that do not follow one another."""
    kind, given = element.waveform, element.arguments
    if kind in counts:
        low, high = counts[kind]
        if not low <= len(given) <= high:
            raise element.card.error(
                f"{kind} has {len(given)} arguments; {low} to {high} are needed ({_MEANING[kind]}): what is left out "
                "differs between simulators."
            )
    if kind == "pwl":
        if len(given) < 2 or len(given) % 2:
            raise element.card.error(f"pwl has {len(given)} arguments; pairs of time and value are needed.")
        for before, after in itertools.pairwise(given[::2]):
            if isinstance(before, Number) and isinstance(after, Number) and not after.value > before.value:
                raise element.card.error(f"the times of pwl must increase: {after.value:g} follows {before.value:g}.")


def check_ports(element: Element, ports: Sequence[str]) -> None:
    """Refuse an instance with another number of nodes than its master has."""
    if len(element.nodes) != len(ports):
        raise element.card.error(
            f"{len(element.nodes)} nodes are given; {element.master} has {len(ports)}: {', '.join(ports)}."
        )


def check_call(element: Element, scope: Scope, simulator: str) -> None:
    """Refuse an instance whose parameters the subcircuit does not have, or that others are computed from."""
    check_ports(element, scope.ports)
    for name in element.parameters:
        if name == "m" and name not in scope.defaults:
            raise element.card.error(f"the multiplier m has no translation to {simulator} for this element.")
        if name not in scope.defaults:
            raise element.card.error(f"{scope.name} has no parameter {name!r}. {did_you_mean(name, scope.defaults)}")
        if names_in(scope.defaults[name]):
            raise element.card.error(
                f"{name} of {scope.name} cannot be changed in {simulator}: its default is an expression of other "
                "parameters. Give it a number as its default."
            )
