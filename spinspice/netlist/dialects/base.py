"""What all dialects share: one walk over the circuit as data, with the checks of what refers to what.

A circuit is read once (:mod:`spinspice.netlist.cards`); a dialect then says how an expression, an element and a
model are written in its language. What it has no words for is an error that quotes the card: nothing is left out.
"""

from __future__ import annotations

import abc
import dataclasses
import functools
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import ClassVar, TypeVar

from spinspice.devices.base import Device
from spinspice.devices.registry import find_model, known_names, models
from spinspice.errors import CircuitError, did_you_mean
from spinspice.netlist.cards import Card, Element, Model, Scope, read_circuit
from spinspice.netlist.dialects.checks import (
    ARGUMENTS,
    check_call,
    check_element,
    check_names,
    check_ports,
    check_waveform,
    in_order,
)
from spinspice.netlist.dialects.language import Language
from spinspice.netlist.expressions import Expression, Number, names_in
from spinspice.netlist.junctions import models_in
from spinspice.netlist.names import MODELLED, borrowed_models, borrowed_parameters, find_subcircuit, has_bins, models_of

#: A line, and the card that it comes from.
Line = tuple[str, Card]
#: Options of the same name and meaning: option of ngspice -> option of the dialect and factor.
Options = Mapping[str, tuple[str, float]]
_Text = TypeVar("_Text", str, list[str])


def same_options(*names: str) -> Options:
    """Return options that a dialect has under ngspice's names."""
    return {name: (name, 1.0) for name in names}


class Dialect(abc.ABC):
    """Writes a circuit in one dialect.

    Parameters
    ----------
    circuit : str
        SPICE cards.
    parameters : mapping
        Values of parameters that the circuit leaves open.
    modules, spelling : mapping
        Verilog-A modules beside those of the junctions, and their parameters, as their source spells them, by their
        names in lower case.

    Raises
    ------
    CircuitError
        For a card that the dialect cannot express, naming its line and quoting it.
    """

    #: Name of the simulator, for messages, and what they advise.
    simulator: ClassVar[str]
    advice: ClassVar[str] = "Use the dialect ngspice."
    #: How expressions are written.
    language: ClassVar[Language]
    #: Kinds of transistor and diode models: (type, level) -> how the dialect calls them.
    models: ClassVar[Mapping[tuple[str, int], str]]
    #: Whether a transistor may have a model for several sizes, among which its own chooses.
    binned: ClassVar[bool] = True
    #: How that is done, for the README.
    choice: ClassVar[str] = "the simulator chooses. At a limit of two ranges ngspice takes the model that comes later."
    #: Whether the dialect takes Verilog-A beside that of the junctions.
    takes_modules: ClassVar[bool] = False
    #: Realisation of the compact models that the dialect takes.
    realisation: ClassVar[str] = "verilog-a"
    #: Options that the dialect has.
    options: ClassVar[Options] = same_options("reltol")
    #: Numbers of arguments of waveforms that it takes.
    arguments: ClassVar[Mapping[str, tuple[int, int]]] = ARGUMENTS
    #: Kinds of simple elements that take a multiplier.
    multiplied: ClassVar[str] = "rcl"
    #: Whether the head of a subcircuit holds its parameters, which must be numbers then.
    heads_hold_parameters: ClassVar[bool] = True
    #: Whether models of the subcircuits around are written again inside.
    borrows_models: ClassVar[bool] = False
    #: What stands before lines inside a subcircuit.
    indent: ClassVar[str] = ""

    def __init__(
        self,
        circuit: str,
        *,
        parameters: Mapping[str, float] | None = None,
        modules: Mapping[str, str] | None = None,
        spelling: Mapping[str, str] | None = None,
    ) -> None:
        self.circuit = read_circuit(circuit, target=self.simulator, advice=self.advice)
        self.given = {name.lower(): Number(float(value)) for name, value in (parameters or {}).items()}
        self.modules, self.spelling = modules or {}, spelling or {}
        twice = self.given.keys() & self.circuit.parameters.keys()
        if twice:
            raise CircuitError(
                f"the parameter {min(twice)} is set by the testbench and by a .param line of the circuit. Remove one."
            )
        # Its compact models, and the spelling of their parameters, which the circuit as data holds in lower case.
        self.compact = {name: find_model(name) for name in models_in(circuit)}
        self.spellings = {
            name: {key.lower(): key for key in (*kind.settable(), "seed") if key not in kind.derived}
            for name, kind in self.compact.items()
        }

    # Text

    @property
    def top(self) -> dict[str, Expression]:
        """Parameters of the whole circuit."""
        return {**self.given, **self.circuit.parameters}

    def parameters(self) -> list[tuple[str, str]]:
        """Return the parameters of the circuit, names and values, each after those that it refers to."""
        return self._ordered(self.top, set(), self.circuit.card)

    def subcircuits(self) -> list[Line]:
        """Return the subcircuits of the circuit."""
        return list(self._children(self.circuit, [self.circuit], set(self.top), 0))

    def contents(self) -> list[Line]:
        """Return models and elements outside of subcircuits."""
        return list(self._contents(self.circuit, [self.circuit], set(self.top), ""))

    def cards(self) -> list[str]:
        """Return :meth:`contents` as text."""
        return [line for line, _ in self.contents()]

    def library(self) -> str:
        """Return :meth:`subcircuits` as text."""
        return "".join(f"{line}\n" for line, _ in self.subcircuits())

    def notes(self) -> list[str]:
        """Return what a README must say of the models of the circuit."""
        if not has_bins(self.circuit):
            return []
        return [f"The transistors have a model for each range of sizes; {self.choice}"]

    def run_options(self, given: Mapping[str, float], ours: Mapping[str, str] | None = None) -> dict[str, str]:
        """Return the options of a run in the dialect's words: ours, those of the circuit, those given."""
        wanted = {**self.circuit.options, **{name.lower(): Number(float(value)) for name, value in given.items()}}
        written = dict(ours or {})
        for name, value in wanted.items():
            if name not in self.options:
                hint = did_you_mean(name, self.options)
                raise CircuitError(f"the option {name} has no translation to {self.simulator}. {hint}")
            written |= self.option(name, value)
        return written

    def option(self, name: str, value: Expression) -> dict[str, str]:
        """Return an option in the dialect's words."""
        theirs, factor = self.options[name]
        if not isinstance(value, Number):
            text = self.language.write(value)
            raise CircuitError(f"the option {name} = {text} has no translation to {self.simulator}.")
        return {theirs: self.language.write(Number(value.value * factor))}

    def _ordered(self, values: Mapping[str, Expression], outer: set[str], card: Card) -> list[tuple[str, str]]:
        check_names(values.values(), outer | values.keys(), card)
        return [(name, self.value(value)) for name, value in in_order(values, card)]

    # Scopes

    def _children(self, scope: Scope, chain: list[Scope], known: set[str], depth: int) -> Iterator[Line]:
        for child in scope.subcircuits.values():
            yield from self._scope(child, [*chain, child], known, depth)

    def _scope(self, scope: Scope, chain: list[Scope], outer: set[str], depth: int) -> Iterator[Line]:
        if scope.defaults.keys() & scope.parameters.keys():
            raise scope.card.error("a parameter of the subcircuit is set again by a .param line inside it.")
        head, inner = {}, dict(scope.defaults)
        if self.heads_hold_parameters:
            head, inner = inner, {}
            for name in (name for name, value in head.items() if names_in(value)):
                raise scope.card.error(f"the default of {name} is an expression of other parameters. Give it a number.")
        # What ngspice sees of the subcircuits around is written again inside: not every simulator looks there.
        inner |= {**scope.parameters, **borrowed_parameters(scope, chain)}
        defaults = [(name, self.value(value)) for name, value in head.items()]
        first, *rest = self.subcircuit(scope, defaults, self._ordered(inner, outer | head.keys(), scope.card))
        known, pad = outer | head.keys() | inner.keys(), self.indent * depth
        yield from ((line, scope.card) for line in (pad + first, *rest))
        yield from self._children(scope, chain, known, depth + 1)
        yield from self._contents(scope, chain, known, pad + self.indent)
        yield pad + self.end(scope), scope.card

    def _contents(self, scope: Scope, chain: list[Scope], known: set[str], pad: str) -> Iterator[Line]:
        models: list[tuple[Model, Sequence[Scope]]] = [(model, chain) for model in scope.models.values()]
        for model, seen_from in [*models, *(borrowed_models(scope, chain) if self.borrows_models else [])]:
            check_names(model.parameters.values(), known, model.card)
            yield pad + _guard(model.card, functools.partial(self._model, model, seen_from)), model.card
        for element in scope.elements.values():
            check_names(element.values(), known, element.card)
            for line in _guard(element.card, functools.partial(self._placed, element, chain)):
                yield pad + line, element.card

    # Elements

    def _placed(self, element: Element, chain: list[Scope]) -> list[str]:
        """Check an element and return its lines."""
        if element.kind == "n" and not self.has_modules:
            raise element.card.error(
                f"an element of a Verilog-A module of your own has no translation to {self.simulator}."
            )
        check_element(element, chain, self.simulator, self.multiplied)
        check_waveform(element, self.arguments)
        if element.kind == "x":
            self._check_instance(element, chain)
        if element.kind not in MODELLED:
            return [self.element(element)]
        found, depth = models_of(element, chain)
        models = {self.model_name(model, chain[:depth]): model for model in found}
        if element.master in {model.name for model in found}:
            return [self.element(dataclasses.replace(element, master=name)) for name in models]
        if not self.binned:
            raise element.card.error(
                f"{element.master} is a model of several sizes, {', '.join(model.name for model in found)}, which has "
                f"no translation to {self.simulator}."
            )
        return self.sized_element(element, models)

    def _check_instance(self, element: Element, chain: list[Scope]) -> None:
        scope = find_subcircuit(element.master, chain)
        if scope is not None:
            check_call(element, scope, self.simulator)
            return
        kind = self.compact.get(element.master)
        if kind is None:
            names = {name for level in chain for name in level.subcircuits} | set(known_names())
            hint = did_you_mean(element.master, names)
            raise element.card.error(f"there is no subcircuit {element.master!r}. {hint}")
        self.check_junction(element, kind)
        check_ports(element, kind.ports)
        spelling = self.spellings[element.master]
        for name in (name for name in element.parameters if name not in spelling):
            hint = did_you_mean(name, spelling)
            raise element.card.error(f"{element.master} has no parameter {name!r}. {hint}")

    def check_junction(self, element: Element, kind: type[Device]) -> None:
        """Refuse a compact model that the dialect has no realisation of."""
        if self.realisation not in kind.realisations:
            known = ", ".join(name for name, one in models().items() if self.realisation in one.realisations)
            raise element.card.error(
                f"{element.master} has no translation to {self.simulator} (known: {known}), for which there is no "
                "Verilog-A here. Export to ngspice, vacask, hspice or spectre."
            )

    def named(self, element: Element) -> dict[str, Expression]:
        """Return the parameters of an element, those of a compact model in the spelling of its Verilog-A."""
        if element.kind == "n":
            return self.spelled(element.parameters)
        spelling = self.spellings.get(element.master, {}) if element.kind == "x" else {}
        return {spelling.get(name, name): value for name, value in element.parameters.items()}

    # Models

    def _model(self, model: Model, seen_from: Sequence[Scope]) -> str:
        name, module = self.model_name(model, seen_from), self.module(model.type)
        if module is not None:
            return self.model(name, module, self.spelled(model.parameters))
        parameters = dict(model.parameters)
        level = parameters.pop("level", Number(1.0))
        number = int(level.value) if isinstance(level, Number) else -1
        if (model.type, number) not in self.models:
            known = ", ".join(f"{kind} level {level}" for kind, level in self.models)
            raise model.card.error(
                f"{model.type} level {number} has no translation to {self.simulator} (known: {known})."
            )
        return self.model(name, self.models[model.type, number], parameters)

    @property
    def has_modules(self) -> bool:
        """Whether there is Verilog-A beside that of the junctions."""
        return bool(self.modules)

    def module(self, name: str) -> str | None:
        """Return what the type of a model card is called, if it is a module of Verilog-A."""
        return self.modules.get(name)

    def spelled(self, values: Mapping[str, Expression]) -> dict[str, Expression]:
        """Return parameters of a module as its source spells them."""
        for name in values:
            if name not in self.spelling:
                hint = did_you_mean(name, self.spelling)
                raise CircuitError(f"the Verilog-A module has no parameter {name!r}. {hint}")
        return {self.spelling[name]: value for name, value in values.items()}

    # The dialect

    def value(self, tree: Expression) -> str:
        """Return an expression as a value, with the quotes or braces of the dialect."""
        return self.language.write(tree)

    def assignments(self, values: Mapping[str, Expression]) -> str:
        """Return ``name=value`` of each."""
        return " ".join(f"{name}={self.value(value)}" for name, value in values.items())

    def model_name(self, model: Model, seen_from: Sequence[Scope]) -> str:
        """Return what a model is called."""
        return model.name

    @abc.abstractmethod
    def subcircuit(self, scope: Scope, defaults: list[tuple[str, str]], inner: list[tuple[str, str]]) -> list[str]:
        """Return the head of a subcircuit."""

    @abc.abstractmethod
    def end(self, scope: Scope) -> str:
        """Return the last line of a subcircuit."""

    @abc.abstractmethod
    def element(self, element: Element) -> str:
        """Return an element; the master is the dialect's name of its model."""

    def sized_element(self, element: Element, models: dict[str, Model]) -> list[str]:
        """Return an element whose size chooses one of several models; in SPICE it names what they have in common."""
        return [self.element(element)]

    @abc.abstractmethod
    def model(self, name: str, kind: str, parameters: Mapping[str, Expression]) -> str:
        """Return a model; ``kind`` is what :attr:`models` says, or the name of a module."""


def _guard(card: Card, write: Callable[[], _Text]) -> _Text:
    """Return what ``write`` returns; its errors name the card."""
    try:
        return write()
    except CircuitError as error:
        raise error if str(error).startswith("line ") else card.error(str(error)) from None
