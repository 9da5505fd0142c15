"""What the writers of other dialects share: a walk over the circuit as data, and the checks of what refers to what.

A circuit is read once (:mod:`spinspice.netlist.cards`); a dialect then says how an expression, an element and a
model are written in its language. What it has no words for is an error that quotes the card.
"""

from __future__ import annotations

import abc
import functools
from collections.abc import Callable, Iterable, Mapping
from typing import ClassVar, TypeVar

from spinspice.devices import models as compact_models
from spinspice.errors import CircuitError, did_you_mean
from spinspice.export.folder import Job
from spinspice.export.sources import declared, refuse_own_modules
from spinspice.netlist.cards import Card, Element, Model, Scope, read_circuit
from spinspice.netlist.expressions import Expression, Name, Number, Operation, Text, names_in
from spinspice.netlist.names import borrowed_parameters, controlling_source, find_subcircuit, has_bins, models_of
from spinspice.units import format_number

#: Functions that dialects know by one name, with the number of their arguments.
COMMON_FUNCTIONS = {
    **dict.fromkeys(("sqrt", "exp", "log10", "abs", "sin", "cos", "tan", "asin", "acos", "atan"), 1),
    **dict.fromkeys(("sinh", "cosh", "tanh"), 1),
    **dict.fromkeys(("min", "max", "pow"), 2),
}
#: Least and largest number of arguments of a waveform. Those that may be left out stand for times of the run in one
#: simulator and for nothing in another, so they must be given.
_ARGUMENTS = {"pulse": (7, 7), "sin": (3, 6), "exp": (6, 6)}
_Part = TypeVar("_Part", Element, Model)


class Writer(abc.ABC):
    """Writes the circuit of a job in one dialect.

    Parameters
    ----------
    job : Job
        Cell and test bench.

    Raises
    ------
    CircuitError
        For a card that the dialect cannot express, naming its line and quoting it.
    """

    #: Name of the simulator, for messages.
    simulator: ClassVar[str]
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
    #: SPICE function -> pattern of the dialect, with {0}, {1} for the arguments; beside :data:`COMMON_FUNCTIONS`.
    functions: ClassVar[Mapping[str, str]]
    #: Options that the dialect has under the same name and with the same meaning.
    options: ClassVar[tuple[str, ...]] = ("reltol",)

    def __init__(self, job: Job) -> None:
        self.job = job
        self.bench = job.bench
        # The compact models, and the spelling of their parameters, which the circuit as data holds in lower case.
        self.compact = compact_models()
        self.spellings = {
            name: {key.lower(): key for key in (*kind.settable(), "seed") if key not in kind.derived}
            for name, kind in self.compact.items()
        }
        self.circuit = read_circuit(job.bench.circuit, target=self.simulator, advice="Use the dialect ngspice.")
        refuse_own_modules(job, self.simulator, "Use the dialect ngspice's decks as a start.")
        # Modules of transistors, and the spelling of their parameters.
        self.modules, self.spelling = declared(job.bench.verilog_a if self.takes_modules else ())

    # Text

    def library(self) -> str:
        """Return the subcircuits of the circuit."""
        lines: list[str] = []
        for scope in self.circuit.subcircuits.values():
            lines += self._scope(scope, [self.circuit, scope])
        return "".join(f"{line}\n" for line in lines)

    def cards(self) -> list[str]:
        """Return models and elements outside of subcircuits."""
        return self._contents(self.circuit, [self.circuit], self._given())

    def notes(self) -> list[str]:
        """Return what a README must say of the models of the circuit."""
        if not has_bins(self.circuit):
            return []
        return [f"The transistors have a model for each range of sizes; {self.choice}"]

    def parameters(self) -> list[tuple[str, str]]:
        """Return the parameters of the circuit, names and values, each after those that it refers to."""
        card = self.circuit.card
        return self._ordered(self._parameters(), set(), card)

    def run_options(self, ours: Mapping[str, float]) -> dict[str, str]:
        """Return the options of the run: ours, those of the circuit and those of the test bench."""
        given: dict[str, Expression] = {name: Number(value) for name, value in ours.items()}
        given |= self.circuit.options
        given |= {name.lower(): Number(float(value)) for name, value in self.bench.options.items()}
        for name, value in given.items():
            if name not in (*self.options, *ours) or not isinstance(value, Number):
                raise CircuitError(
                    f"the option {name} has no translation to {self.simulator}. {did_you_mean(name, self.options)}"
                )
        return {name: self.expression(value) for name, value in given.items()}

    def _parameters(self) -> dict[str, Expression]:
        given: dict[str, Expression] = {n.lower(): Number(float(v)) for n, v in self.bench.parameters.items()}
        return given | self.circuit.parameters

    def _given(self) -> set[str]:
        return set(self._parameters())

    def _ordered(self, values: Mapping[str, Expression], outer: set[str], card: Card) -> list[tuple[str, str]]:
        waiting, done = dict(values), []
        while waiting:
            ready = [name for name, value in waiting.items() if not names_in(value) & waiting.keys()]
            if not ready:
                raise card.error(f"the parameters {', '.join(sorted(waiting))} refer to one another in a circle.")
            for name in ready:
                value = waiting.pop(name)
                self._check(value, outer | values.keys(), card)
                done.append((name, self.value(value)))
        return done

    def _check(self, value: Expression, known: set[str], card: Card) -> None:
        for name in sorted(names_in(value) - known):
            raise card.error(f"there is no parameter {name!r}. {did_you_mean(name, known)}")

    # Scopes

    def _scope(self, scope: Scope, chain: list[Scope]) -> list[str]:
        outer = self._given().union(*(level.defaults.keys() | level.parameters.keys() for level in chain[1:-1]))
        both = {**scope.defaults, **scope.parameters}
        if len(both) < len(scope.defaults) + len(scope.parameters):
            raise scope.card.error("a parameter of the subcircuit is set again by a .param line inside it.")
        defaults = [(name, self._constant(name, value, scope)) for name, value in scope.defaults.items()]
        # What ngspice sees of the subcircuits around is written again inside: not every simulator looks there.
        own = {**borrowed_parameters(scope, chain), **scope.parameters}
        inner = self._ordered(own, outer | scope.defaults.keys(), scope.card)
        lines = self.subcircuit(scope, defaults, inner)
        for child in scope.subcircuits.values():
            lines += self._scope(child, [*chain, child])
        lines += self._contents(scope, chain, outer | both.keys())
        return [*lines, self.end(scope)]

    def _constant(self, name: str, value: Expression, scope: Scope) -> str:
        if names_in(value):
            raise scope.card.error(f"the default of {name} is an expression of other parameters. Give it a number.")
        return self.value(value)

    def _contents(self, scope: Scope, chain: list[Scope], known: set[str]) -> list[str]:
        lines: list[str] = []
        for model in scope.models.values():
            for value in model.parameters.values():
                self._check(value, known, model.card)
            lines.append(self._guard(model.card, self._model, model))
        for element in scope.elements.values():
            values = [*element.parameters.values(), *element.arguments, *element.small_signal]
            for value in [*values, *([element.value] if element.value else [])]:
                self._check(value, known, element.card)
            self._check_element(element, chain)
            sizes = self._sizes(element, chain)
            write = functools.partial(self.sized_element, sizes) if sizes else self.element
            lines.append(self._guard(element.card, write, element))
        return lines

    def _guard(self, card: Card, write: Callable[[_Part], str], part: _Part) -> str:
        """Return what ``write`` makes of a part of the circuit; its errors name the card."""
        try:
            return write(part)
        except CircuitError as error:
            raise error if str(error).startswith("line ") else card.error(str(error)) from None

    def _check_element(self, element: Element, chain: list[Scope]) -> None:
        """Refuse what no dialect here has words for, and what refers to nothing."""
        card = element.card
        if element.kind == "n" and not self.modules:
            raise card.error(f"an element of a Verilog-A module of your own has no translation to {self.simulator}.")
        if element.kind in "rclviegfh":
            for name in element.parameters:
                if name != "m" or element.kind not in "rcl":
                    raise card.error(f"the parameter {name} has no translation to {self.simulator}. Leave it out.")
        if element.kind in "fh":
            controlling_source(element, chain[-1])
        if element.waveform in _ARGUMENTS:
            low, high = _ARGUMENTS[element.waveform]
            if not low <= len(element.arguments) <= high:
                raise card.error(
                    f"{element.waveform} has {len(element.arguments)} arguments; {low} to {high} are needed: what is "
                    "left out differs between simulators."
                )
        if element.kind in "dmnqj" and not models_of(element, chain)[0]:
            known = {name for level in chain for name in level.models}
            raise card.error(f"there is no model {element.master!r}. {did_you_mean(element.master, known)}")
        if element.kind == "x":
            self._check_instance(element, chain)

    def _sizes(self, element: Element, chain: list[Scope]) -> list[Model]:
        """Return the models among which the size of an element chooses, if it does not name one of them."""
        models = models_of(element, chain)[0] if element.kind in "dmqj" else []
        if element.master in {model.name for model in models}:
            return []
        if models and not self.binned:
            raise element.card.error(
                f"{element.master} is a model of several sizes, {', '.join(model.name for model in models)}, which has "
                f"no translation to {self.simulator}."
            )
        return models

    def _check_instance(self, element: Element, chain: list[Scope]) -> None:
        scope = find_subcircuit(element.master, chain)
        if scope is not None:
            ports: tuple[str, ...] = scope.ports
            parameters: Iterable[str] = scope.defaults
        elif element.master in self.compact:
            has = {name: kind for name, kind in self.compact.items() if self.realisation in kind.realisations}
            if element.master not in has:
                known = ", ".join(has)
                raise element.card.error(
                    f"{element.master} has no translation to {self.simulator} (known: {known}), for which there is no "
                    "Verilog-A here. Export to ngspice, vacask, hspice or spectre."
                )
            ports, parameters = self.compact[element.master].ports, self.spellings[element.master]
        else:
            names = {name for level in chain for name in level.subcircuits} | self.compact.keys()
            hint = did_you_mean(element.master, names)
            raise element.card.error(f"there is no subcircuit {element.master!r}. {hint}")
        if len(element.nodes) != len(ports):
            raise element.card.error(f"{len(element.nodes)} nodes are given; {element.master} has {len(ports)}.")
        for name in element.parameters:
            if name not in parameters:
                hint = did_you_mean(name, parameters)
                raise element.card.error(f"{element.master} has no parameter {name!r}. {hint}")

    def _model(self, model: Model) -> str:
        if model.type in self.modules:
            return self.model(model, self.modules[model.type], self._spelled(model.parameters))
        parameters = dict(model.parameters)
        level = parameters.pop("level", Number(1.0))
        number = int(level.value) if isinstance(level, Number) else -1
        if (model.type, number) not in self.models:
            known = ", ".join(f"{kind} level {level}" for kind, level in self.models)
            raise model.card.error(
                f"{model.type} level {number} has no translation to {self.simulator} (known: {known})."
            )
        return self.model(model, self.models[model.type, number], parameters)

    def named(self, element: Element) -> dict[str, Expression]:
        """Return the parameters of an element, those of a compact model in the spelling of its Verilog-A."""
        if element.kind == "n":
            return self._spelled(element.parameters)
        spelling = self.spellings.get(element.master, {}) if element.kind == "x" else {}
        return {spelling.get(name, name): value for name, value in element.parameters.items()}

    def _spelled(self, values: Mapping[str, Expression]) -> dict[str, Expression]:
        """Return parameters of a module of transistors as its source spells them."""
        for name in values:
            if name not in self.spelling:
                raise CircuitError(
                    f"the Verilog-A module has no parameter {name!r}. {did_you_mean(name, self.spelling)}"
                )
        return {self.spelling[name]: value for name, value in values.items()}

    # The dialect

    @abc.abstractmethod
    def value(self, tree: Expression) -> str:
        """Return an expression as a value, with the quotes or braces of the dialect."""

    @abc.abstractmethod
    def subcircuit(self, scope: Scope, defaults: list[tuple[str, str]], inner: list[tuple[str, str]]) -> list[str]:
        """Return the head of a subcircuit."""

    @abc.abstractmethod
    def end(self, scope: Scope) -> str:
        """Return the last line of a subcircuit."""

    @abc.abstractmethod
    def element(self, element: Element) -> str:
        """Return an element."""

    def sized_element(self, sizes: list[Model], element: Element) -> str:
        """Return an element whose size chooses one of several models; in SPICE it names what they have in common."""
        return self.element(element)

    @abc.abstractmethod
    def model(self, model: Model, kind: str, parameters: Mapping[str, Expression]) -> str:
        """Return a model; ``kind`` is what :attr:`models` says."""

    def expression(self, tree: Expression) -> str:
        """Return an expression without quotes, every operation in brackets."""
        if isinstance(tree, Number):
            return (
                str(int(tree.value)) if tree.value.is_integer() and abs(tree.value) < 1e6 else format_number(tree.value)
            )
        if isinstance(tree, Text):
            return tree.text
        if isinstance(tree, Name):
            if tree.name == "temper":
                raise CircuitError(f"temper, the temperature, has no translation to {self.simulator}.")
            return tree.name
        assert isinstance(tree, Operation)
        operator, arguments = tree.operator, [self.expression(argument) for argument in tree.arguments]
        if operator == "log":  # natural in ngspice, of base 10 in others
            operator = "ln"
        if operator in self.functions:
            return self.functions[operator].format(*arguments)
        if operator[0].isalpha():
            if COMMON_FUNCTIONS.get(operator) != len(arguments):
                known = ", ".join(sorted({*COMMON_FUNCTIONS, *(name for name in self.functions if name.isalnum())}))
                what = f"{operator}() of {len(arguments)} arguments"
                raise CircuitError(f"{what} has no translation to {self.simulator}. Known: {known}.")
            return f"{operator}({','.join(arguments)})"
        if operator in {"+", "-", "*", "/"}:
            return f"({operator.join(arguments)})" if len(arguments) == 2 else f"({operator}{arguments[0]})"
        raise CircuitError(f"the operator {operator} has no translation to {self.simulator}.")


def cell_heading(job: Job) -> list[str]:
    """Return what the file of a cell begins with, without marks of a comment."""
    cell = job.cell
    sized = "Sized for" if cell.sizing else "For"
    return [
        f"{cell.name.upper()}: ports {', '.join(cell.ports)}; parameter seed of the junction",
        f"Junction: {job.junction}",
        f"Transistors: {cell.technology.name} ({cell.technology.licence})",
        f"{sized} a supply of {cell.vdd:g} V, vdd at {cell.rails[1]:+g} V and vss at {cell.rails[0]:+g} V",
        "Zero-volt sources vm_... are ammeters at the blocks",
    ]
