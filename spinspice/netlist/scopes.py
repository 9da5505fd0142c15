"""Parameters of a subcircuit and where their names are looked up, as ngspice 46 does it.

Measured: a subcircuit has the parameters of its head and those that ``.param`` sets inside it; the latter count where
both are there, and an instance may set either. They may refer to one another in any order. Any other name, and a
parameter's own name in its own value, is looked up at the place where the instance stands, then where that one's
stands, and at last in the file. Cards of models are evaluated where they stand.
"""

from __future__ import annotations

from collections.abc import Mapping

from spinspice.errors import CircuitError, did_you_mean
from spinspice.netlist.arithmetic import evaluate
from spinspice.netlist.cards import Card
from spinspice.netlist.expressions import Expression, names_in
from spinspice.netlist.subcircuit import DEEPEST, Subcircuit


class Scope:
    """The parameters of one instance of a subcircuit, or of the file, with their values.

    Parameters
    ----------
    subcircuit : Subcircuit
    given : mapping
        Values that the instance sets.
    outer : Scope, optional
        Where the instance stands.

    Raises
    ------
    CircuitError
        For a parameter whose value refers to what is not there, or to itself in a circle.
    """

    def __init__(self, subcircuit: Subcircuit, given: Mapping[str, float], outer: Scope | None = None) -> None:
        self.subcircuit = subcircuit
        self.outer = outer
        self._definitions: dict[str, Expression] = {**subcircuit.parameters, **subcircuit.values}
        self._values: dict[str, float] = dict(given)
        self._open: list[str] = []
        for name in self._definitions:
            self.value(name)
        visible = {**(dict(outer.visible) if outer else {}), **self._values}
        #: All that is seen from here, in an order that depends on nothing else.
        self.visible: tuple[tuple[str, float], ...] = tuple(sorted(visible.items()))

    def has(self, name: str) -> bool:
        """Return whether there is a parameter of this name."""
        return name in self._definitions or (self.outer is not None and self.outer.has(name))

    def value(self, name: str) -> float:
        """Return the value of a parameter.

        Raises
        ------
        CircuitError
        """
        if name in self._values:
            return self._values[name]
        if name not in self._definitions:
            return self._outer_value(name)
        if name in self._open:
            circle = ", ".join(self._open[self._open.index(name) :])
            raise self._card(name).error(f"the parameters {circle} refer to one another in a circle.")
        if len(self._open) >= DEEPEST:
            raise self._card(name).error(f"parameters refer to one another more than {DEEPEST} deep.")
        self._open.append(name)
        try:
            found = evaluate(
                self._definitions[name], lambda other: self._outer_value(other) if other == name else self.value(other)
            )
        except CircuitError as reason:
            raise located(reason, self._card(name)) from None
        self._open.pop()
        self._values[name] = found
        return found

    def number(self, tree: Expression, card: Card) -> float:
        """Return the value of an expression that stands on a card in this scope."""
        try:
            return evaluate(tree, self.value)
        except CircuitError as reason:
            raise located(reason, card) from None

    def _outer_value(self, name: str) -> float:
        if self.outer is not None:
            return self.outer.value(name)
        hint = did_you_mean(name, self._definitions) + " " if self._definitions else ""
        raise CircuitError(
            f"there is no parameter {name!r} in the netlist (those of a test bench are not seen). {hint}Set it by "
            ".param."
        )

    def _card(self, name: str) -> Card:
        return self.subcircuit.cards.get(name, self.subcircuit.card)


def located(reason: CircuitError, card: Card) -> CircuitError:
    """Return an error that names a card, unless it names one already."""
    return reason if str(reason).startswith("line ") else card.error(str(reason))


def instance_numbers(
    given: Mapping[str, Expression], outer: Scope, card: Card, *, outer_first: bool = False
) -> dict[str, float]:
    """Return the values of the parameters on the card of an instance.

    An expression may name another parameter of the same card, as those that schematic editors write do:
    ``W=2 nf=1 ad='W/nf * 0.29'``. With ``outer_first`` a name that is there outside is that one; else it must mean the
    same.

    Raises
    ------
    CircuitError
        For a name that is not there, or that means one thing on the card and another where the instance stands.
    """
    values: dict[str, float] = {}
    waiting: list[str] = []

    def value(name: str) -> float:
        if name not in given or name in waiting or (outer_first and outer.has(name)):
            return outer.value(name)
        own = number(name)
        if outer.has(name) and outer.value(name) != own:
            raise card.error(
                f"{name} is {own:g} on this card and {outer.value(name):g} where the instance stands; which of them an "
                "expression means differs between simulators. Rename the parameter outside."
            )
        return own

    def number(name: str) -> float:
        if name not in values:
            waiting.append(name)
            try:
                values[name] = evaluate(given[name], value)
            except CircuitError as reason:
                raise located(reason, card) from None
            waiting.remove(name)
        return values[name]

    return {name: number(name) for name in given}


def given_values(
    given: Mapping[str, Expression], subcircuit: Subcircuit, outer: Scope, card: Card, multiplier: str = "m"
) -> tuple[dict[str, float], float]:
    """Return the values of the parameters that an instance sets, and its multiplier.

    Raises
    ------
    CircuitError
        For a parameter that the subcircuit does not have, or a value that ngspice would take from the subcircuit
        instead of the place where the instance stands.
    """
    known = {**subcircuit.parameters, **subcircuit.values}
    values: dict[str, float] = {}
    factor = 1.0
    for name, number in instance_numbers(given, outer, card, outer_first=True).items():
        if name in known:
            values[name] = number
        elif name == multiplier:
            factor = number
        else:
            raise card.error(
                f"it gives the subcircuit {subcircuit.name} a parameter {name!r} that it does not have. "
                f"{did_you_mean(name, known)}"
            )
    inside = Scope(subcircuit, values, outer)
    for name, tree in given.items():
        for other in sorted(names_in(tree) & known.keys() - {name}):
            if outer.has(other) and inside.value(other) != outer.value(other):
                raise card.error(
                    f"{name} refers to {other}, which is also a parameter of {subcircuit.name} with another value; "
                    f"ngspice would take that one. Give the value of {name} a parameter of its own name."
                )
    return values, factor
