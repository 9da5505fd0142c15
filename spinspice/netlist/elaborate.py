"""From subcircuits as they were read to the circuit that they mean: every parameter a number, every name a safe one.

Where a parameter is looked up, which model card a transistor means and what a multiplier multiplies is decided here,
once, so that every simulator and every dialect gets the same circuit and no name of a test bench can be meant by
accident. The hierarchy stays: a subcircuit that is placed with other values is written once more.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol

from spinspice.errors import CircuitError
from spinspice.netlist.arithmetic import gain_of
from spinspice.netlist.cards import Element, Model
from spinspice.netlist.expressions import Expression, Name, Number, Operation, Probe, Text, leaves, rewrite
from spinspice.netlist.identifiers import safe, safe_names
from spinspice.netlist.names import is_bin, sizes_of_bin
from spinspice.netlist.scopes import Scope, given_values, instance_numbers, located
from spinspice.netlist.subcircuit import Subcircuit, renamed

#: Quantities of a behavioural source that are no parameters.
_QUANTITIES = frozenset({"time", "temper", "pi"})
#: The same and more that ngspice prefers to a parameter of the same name.
_CONSTANTS = _QUANTITIES | {"hertz", "e", "boltz", "echarge", "kelvin", "planck"}


#: Ratings that LTspice and makers of devices write into models of diodes and bipolar transistors.
RATINGS = frozenset({"vpk", "ipk", "iave", "irms", "diss", "vceo", "icrating"})


@dataclasses.dataclass(frozen=True)
class Block:
    """A subcircuit whose parameters are numbers, with the subcircuits that it places.

    The outermost one keeps the names of its nodes and elements, and has the models of all. ``definitions`` are cards of
    devices from elsewhere that it places.
    """

    name: str
    ports: tuple[str, ...]
    elements: tuple[Element, ...]
    blocks: tuple[Block, ...] = ()
    models: tuple[Model, ...] = ()
    notes: tuple[str, ...] = ()
    definitions: tuple[str, ...] = ()
    #: Whether an element in it stands for several in parallel.
    multiplied: bool = False

    def all_elements(self) -> Iterator[Element]:
        """Yield the elements of it and of those inside."""
        yield from self.elements
        for block in self.blocks:
            yield from block.all_elements()


class Placer(Protocol):
    """Places devices that the netlist takes from elsewhere."""

    #: Whether each instance differs from the next, so that none can share a subcircuit with another.
    by_instance: bool

    def place(self, element: Element, path: str) -> tuple[Element, str]:
        """Return an element whose parameters are numbers as it is to be written, and the cards that define its master.

        ``path`` are the names of the instances that hold it, and its own, joined by points. An element that is nothing
        of the placer's comes back as it is, without cards.
        """


def elaborate(
    subcircuit: Subcircuit,
    outside: Subcircuit,
    values: Mapping[str, float],
    taken: Iterable[str] = (),
    placer: Placer | None = None,
) -> Block:
    """Return what a subcircuit of a file amounts to.

    Parameters
    ----------
    subcircuit, outside : Subcircuit
        The subcircuit, and the file.
    values : mapping
        Values of its parameters; others have their defaults.
    taken : iterable of str
        Names of models and subcircuits from elsewhere.
    placer : Placer, optional
        What places devices from elsewhere.

    Raises
    ------
    CircuitError
        For a name that is not there, a value that is no number, or a multiplier without a clear meaning; it names the
        line.
    """
    file = Scope(outside, {})
    top = Scope(subcircuit, values, file)
    work = _Elaboration(taken, placer)
    block = work.block(subcircuit, ((outside, file), (subcircuit, top)), 1.0, "", keep_names=True)
    return dataclasses.replace(block, models=tuple(work.models.values()), notes=tuple(dict.fromkeys(work.notes)))


_Levels = tuple[tuple[Subcircuit, Scope], ...]


class _Elaboration:
    def __init__(self, taken: Iterable[str], placer: Placer | None = None) -> None:
        self.taken = set(taken)
        self.placer = placer
        self.models: dict[tuple[object, ...], Model] = {}
        self.notes: list[str] = []
        self._done: dict[tuple[object, ...], Block] = {}
        self._names: dict[tuple[object, ...], str] = {}

    def block(
        self, subcircuit: Subcircuit, levels: _Levels, factor: float, path: str, keep_names: bool = False
    ) -> Block:
        """Return a subcircuit placed ``factor`` times in parallel; ``levels`` are the scopes around its definition."""
        scope = levels[-1][1]
        key = (id(subcircuit), factor, scope.visible, path if self.placer and self.placer.by_instance else "")
        if key in self._done:
            return self._done[key]
        nodes = {} if keep_names else safe_names([*subcircuit.ports, *sorted(subcircuit.nodes - {"0"})])
        blocks: dict[str, Block] = {}
        definitions: dict[str, None] = {}
        meant = []
        for part in subcircuit.parts.values():
            placed, child = self._element(part, levels, factor, f"{path}{part.name}")
            if child is not None:
                blocks[child.name] = child
            elif self.placer is not None:
                placed, cards = self.placer.place(placed, f"{path}{part.name}")
                definitions |= dict.fromkeys([cards] if cards else [])
            meant.append(placed)
        names = {} if keep_names else card_names(meant)
        elements = []
        for placed in meant:
            placed = renamed(placed, lambda node: nodes.get(node, node), lambda name: names.get(name, name))
            elements.append(dataclasses.replace(placed, name=names.get(placed.name, placed.name)))
        ports = tuple(nodes.get(port, port) for port in subcircuit.ports)
        multiplied = any(self._own(part, scope) != 1.0 for part in subcircuit.parts.values())
        multiplied = multiplied or any(child.multiplied for child in blocks.values())
        given = tuple(definitions)
        made = Block("", ports, tuple(elements), tuple(blocks.values()), definitions=given, multiplied=multiplied)
        content = (id(subcircuit), tuple(map(_content, elements)), tuple(blocks))
        if content not in self._names:
            self._names[content] = safe(subcircuit.name, self.taken)
            self.taken.add(self._names[content])
        self._done[key] = dataclasses.replace(made, name=self._names[content])
        return self._done[key]

    def _element(self, part: Element, levels: _Levels, factor: float, path: str) -> tuple[Element, Block | None]:
        """Return an element with numbers for its parameters, and the subcircuit that it places."""
        scope = levels[-1][1]
        if part.kind == "x":
            depth = next((i for i in range(len(levels), 0, -1) if part.master in levels[i - 1][0].inner), 0)
            if depth:
                child = levels[depth - 1][0].inner[part.master]
                values, own = given_values(part.parameters, child, scope, part.card)
                inside = (*levels[:depth], (child, Scope(child, values, scope)))
                placed = self.block(child, inside, self._factor(part, own, factor), f"{path}.")
                self._note_multiplier(part, own, placed, child.name)
                return dataclasses.replace(part, master=placed.name, parameters={}), placed
        numbers: dict[str, Expression]
        if part.kind == "x":
            numbers = {n: Number(value) for n, value in instance_numbers(part.parameters, scope, part.card).items()}
        else:
            numbers = {n: Number(scope.number(tree, part.card)) for n, tree in part.parameters.items()}
        part = dataclasses.replace(
            part,
            parameters=numbers,
            arguments=tuple(Number(scope.number(tree, part.card)) for tree in part.arguments),
            small_signal=tuple(Number(scope.number(tree, part.card)) for tree in part.small_signal),
        )
        part = self._valued(part, scope)
        if part.behaviour is not None:
            part = dataclasses.replace(part, behaviour=_substituted(part, scope))
        part = _linear(self._multiplied(part, factor))
        return (self._modelled(part, levels) if part.master and part.kind != "x" else part), None

    def _valued(self, part: Element, scope: Scope) -> Element:
        """Return an element with its value as a number; a word alone behind R, C or L may be a parameter."""
        if part.kind in "rcl" and part.value is None and scope.has(part.master):
            part = dataclasses.replace(part, master="", value=Name(part.master))
        if part.value is None:
            return part
        return dataclasses.replace(part, value=Number(scope.number(part.value, part.card)))

    # Multipliers

    @staticmethod
    def _own(part: Element, scope: Scope) -> float:
        return scope.number(part.parameters["m"], part.card) if "m" in part.parameters else 1.0

    def _factor(self, part: Element, own: float, outer: float) -> float:
        """Return the multiplier of an element in a subcircuit that is multiplied itself."""
        if own <= 0.0:
            raise part.card.error(f"m = {own:g}: a multiplier is above 0.")
        if own != 1.0 and outer != 1.0:
            raise part.card.error(
                f"it has m = {own:g} inside of a subcircuit that is placed with m = {outer:g}: ngspice would take the "
                "outer one alone, other simulators their product. Write one of them."
            )
        return own * outer

    def _note_multiplier(self, part: Element, own: float, placed: Block, name: str) -> None:
        """Say where ngspice 46 by itself would lose a multiplier (measured)."""
        source, line = part.card.source, part.card.line
        if "m" in part.parameters and own == 1.0 and placed.multiplied:
            self.notes.append(
                f"{source}: line {line}, m=1 changes nothing here; in a plain run of ngspice it would set the "
                f"multipliers inside of {name} to 1."
            )
        if own != 1.0 and any(element.kind == "x" for element in placed.elements):
            self.notes.append(
                f"{source}: line {line}, m={own:g} counts for all of {name}; a plain run of ngspice would leave out "
                "the subcircuits that it places."
            )

    def _multiplied(self, part: Element, outer: float) -> Element:
        """Return an element that stands for several in parallel."""
        parameters = dict(part.parameters)
        own = parameters.pop("m", Number(1.0))
        factor = self._factor(part, own.value if isinstance(own, Number) else 1.0, outer)
        sensing = bool(part.control) or (part.behaviour is not None and _senses_current(part.behaviour))
        if outer != 1.0 and sensing:
            raise part.card.error(
                f"it senses a current inside of a subcircuit that is placed with m = {outer:g}; ngspice would take the "
                "current of all for that of one. Place the subcircuit several times instead."
            )
        part = dataclasses.replace(part, parameters=parameters)
        if factor == 1.0 or part.kind in "veh" or part.quantity == "v":
            return part
        if part.behaviour is not None:
            return dataclasses.replace(part, behaviour=Operation("*", (Number(factor), part.behaviour)))
        if part.kind in "gfi":
            return _scaled(part, factor)
        return dataclasses.replace(part, parameters={**parameters, "m": Number(factor)})

    # Models

    def _modelled(self, part: Element, levels: _Levels) -> Element:
        """Return an element with the safe name of the model that it means."""
        for subcircuit, scope in reversed(levels):
            if part.master in subcircuit.models:
                return dataclasses.replace(part, master=self._model(subcircuit.models[part.master], scope).name)
            bins = [model for name, model in subcircuit.models.items() if is_bin(name, part.master)]
            if bins:
                return dataclasses.replace(part, master=self._bin(part, bins, scope).name)
        if part.kind in "rcl":
            raise part.card.error(
                f"there is no parameter and no model {part.master!r}. A value is a number or {{...}}."
            )
        return part  # a model from elsewhere

    def _bin(self, part: Element, bins: list[Model], scope: Scope) -> Model:
        """Return the model for the size of a transistor; of two that hold it the later one, as in ngspice."""
        for model in reversed(bins):
            numbers = dataclasses.replace(model, parameters=_numbers(model, scope))
            sizes = sizes_of_bin(numbers, part.parameters)
            if all(low < scope.number(size, part.card) < high for size, low, high in sizes):
                return self._model(model, scope)
        names = ", ".join(model.name for model in bins)
        raise part.card.error(f"no model of {part.master} is for its size (there are {names}).")

    def _model(self, model: Model, scope: Scope) -> Model:
        numbers = _numbers(model, scope)
        ratings = sorted(RATINGS & numbers.keys())
        if ratings:
            numbers = {name: value for name, value in numbers.items() if name not in RATINGS}
            self.notes.append(
                f"of the model {model.name} the ratings {', '.join(ratings)} are left out: they are limits "
                "of use and no electrical parameters (help of LTspice)."
            )
        key = (model.name, model.type, *numbers.items())
        if key not in self.models:
            name = safe(model.name, self.taken)
            self.taken.add(name)
            self.models[key] = dataclasses.replace(model, name=name, parameters=numbers)
        return self.models[key]


def card_names(elements: Iterable[Element], taken: Iterable[str] = ()) -> dict[str, str]:
    """Return the safe name of each element; one that became a source of another kind gets its letter before its own."""
    wanted = {}
    for part in elements:
        letter = "b" if part.behaviour is not None else part.kind
        wanted[part.name] = part.name if part.name[0] == letter else f"{letter}{part.name}"
    used = set(taken)
    names = {name: name for name, wish in wanted.items() if name == safe(wish) and name not in used}
    used |= names.keys()
    for name, wish in wanted.items():
        if name not in names:
            names[name] = safe(wish, used)
            used.add(names[name])
    return {name: names[name] for name in wanted}


def _numbers(model: Model, scope: Scope) -> dict[str, Expression]:
    return {
        name: tree if isinstance(tree, Text) else Number(scope.number(tree, model.card))
        for name, tree in model.parameters.items()
    }


def _substituted(part: Element, scope: Scope) -> Expression:
    """Return the expression of a behavioural source with numbers for its parameters."""

    def leaf(tree: Expression) -> Expression:
        if not isinstance(tree, Name):
            return tree
        if tree.name in _CONSTANTS and scope.has(tree.name):
            raise part.card.error(f"{tree.name} is a parameter here and a quantity of ngspice. Rename the parameter.")
        if tree.name in _QUANTITIES:
            return tree
        try:
            return Number(scope.value(tree.name))
        except CircuitError as reason:
            raise located(reason, part.card) from None

    assert part.behaviour is not None
    return rewrite(part.behaviour, leaf)


def _scaled(part: Element, factor: float) -> Element:
    """Return a source of a current that is larger by a factor."""

    def times(tree: Expression) -> Expression:
        return Number(tree.value * factor) if isinstance(tree, Number) else tree

    # Where the currents stand among the arguments of a waveform.
    currents = {"pwl": range(1, len(part.arguments), 2)}.get(part.waveform, range(2))
    return dataclasses.replace(
        part,
        value=times(part.value) if part.value is not None else None,
        arguments=tuple(times(tree) if i in currents else tree for i, tree in enumerate(part.arguments)),
        small_signal=tuple(times(tree) if i == 0 else tree for i, tree in enumerate(part.small_signal)),
    )


def _linear(part: Element) -> Element:
    """Return a source with an expression as a linear one where it is that: more simulators have it."""
    found = gain_of(part.behaviour) if part.behaviour is not None else None
    if found is None:
        return part
    factor, probe = found
    letter = {("v", "v"): "e", ("v", "i"): "h", ("i", "v"): "g", ("i", "i"): "f"}[part.quantity, probe.quantity]
    sensed = (*probe.names, "0")[:2] if probe.quantity == "v" else ()
    return dataclasses.replace(
        part,
        letter=letter,
        nodes=(*part.nodes, *sensed),
        control="" if sensed else probe.names[0],
        value=Number(factor),
        behaviour=None,
        quantity="",
    )


def _senses_current(tree: Expression) -> bool:
    return any(isinstance(leaf, Probe) and leaf.quantity == "i" for leaf in leaves(tree))


def _content(element: Element) -> tuple[object, ...]:
    """Return what an element is, its card aside."""
    return (
        *(element.name, element.nodes, element.master, element.value, element.control),
        *(element.behaviour, element.arguments, element.small_signal, *element.parameters.items()),
    )
