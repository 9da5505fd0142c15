"""A subcircuit of a foreign netlist as data: its ports, its elements one by one, and everything that it refers to."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from spinspice.errors import UsageError, did_you_mean
from spinspice.netlist.bench import FoundryLibrary
from spinspice.netlist.cards import Card, Element, Model
from spinspice.netlist.expressions import Expression, Probe, leaves, rewrite
from spinspice.netlist.foreign import Reader
from spinspice.netlist.grammar import read_foreign_element
from spinspice.netlist.guard import check_model, check_param, check_subckt
from spinspice.netlist.languages import other_language
from spinspice.netlist.names import is_bin

#: Elements of a cell, subcircuits counted as often as they are placed.
MOST_ELEMENTS = 100_000
#: Levels of subcircuits, in definitions and in instances.
DEEPEST = 100
#: What a port called gnd is called here: simulators take gnd for the ground of the whole circuit, port or not.
GROUND_PORT = "gnd_"
#: Cards that are well known and belong to a test bench.
_OF_A_RUN = frozenset(
    {
        *(".tran", ".ac", ".dc", ".op", ".noise", ".tf", ".sens", ".disto", ".pz", ".four", ".meas", ".measure"),
        *(".print", ".plot", ".probe", ".save", ".ic", ".nodeset", ".option", ".options", ".temp", ".global", ".step"),
    }
)


@dataclasses.dataclass(frozen=True)
class Subcircuit:
    """A subcircuit: all in lower case, ground is ``0``, expressions as they were read.

    Parameters
    ----------
    card : Card
        Its ``.subckt`` card.
    name : str
    ports : tuple of str
    parameters : mapping
        Parameters with their defaults.
    parts : mapping
        Elements by name, in order.
    models : mapping
        Models by name.
    inner : mapping
        Subcircuits that are defined inside it, by name.
    values : mapping
        Parameters set inside it; as in ngspice an instance may set them too.
    cards : mapping
        Card of each parameter that is set inside it.
    """

    card: Card
    name: str
    ports: tuple[str, ...] = ()
    parameters: dict[str, Expression] = dataclasses.field(default_factory=dict)
    parts: dict[str, Element] = dataclasses.field(default_factory=dict)
    models: dict[str, Model] = dataclasses.field(default_factory=dict)
    inner: dict[str, Subcircuit] = dataclasses.field(default_factory=dict)
    values: dict[str, Expression] = dataclasses.field(default_factory=dict)
    cards: dict[str, Card] = dataclasses.field(default_factory=dict)

    @property
    def nodes(self) -> frozenset[str]:
        """Nodes of its elements and its ports."""
        return frozenset(node for part in self.parts.values() for node in part.nodes).union(self.ports)

    def all_parts(self) -> Iterable[Element]:
        """Elements of it and of all subcircuits inside."""
        yield from self.parts.values()
        for child in self.inner.values():
            yield from child.all_parts()

    def all_subcircuits(self) -> Iterable[Subcircuit]:
        """Subcircuits inside it, at any depth."""
        for child in self.inner.values():
            yield child
            yield from child.all_subcircuits()


@dataclasses.dataclass(frozen=True)
class Library:
    """All that a file holds: the scope of the file itself, what was left out when it was read, the foundry's library
    that it asks for, the name of a subcircuit whose card is a comment, and elements outside of subcircuits.
    """

    whole: Subcircuit
    notes: tuple[str, ...]
    foundry: FoundryLibrary | None = None
    commented: str = ""
    outside: tuple[Card, ...] = ()

    def subcircuit(self, name: str = "") -> Subcircuit:
        """Return a subcircuit of the file by name; without one, the only one.

        Raises
        ------
        UsageError
            If there is none of this name, or no name and several.
        """
        known, source = self.whole.inner, self.whole.card.source
        if not known:
            hint = f" Its top level is a comment: write subckt = {self.commented}." if self.commented else ""
            raise UsageError(f"{source} holds no .subckt. A cell is made of one.{hint}")
        if not name and len(known) > 1:
            raise UsageError(f"{source} holds several subcircuits. Say which one: subckt = one of {', '.join(known)}.")
        if name and name.lower() not in known:
            raise UsageError(f"{source} has no subcircuit {name!r}. {did_you_mean(name.lower(), known)}")
        return known[name.lower()] if name else next(iter(known.values()))


def read_library(path: str | Path, trust: bool = False, top: str = "") -> Library:
    """Read a SPICE file of subcircuits as data (:mod:`spinspice.netlist.foreign` says what is refused).

    Parameters
    ----------
    path : path
    trust : bool
        Read included files from any folder, and leave out commands instead of refusing them.
    top : str
        Subcircuit that is wanted, where its ``.subckt`` card may be a comment (:class:`Reader`).

    Raises
    ------
    CircuitError
        For a line that is not taken, naming it.
    UsageError
        If a file cannot be read.
    """
    reader = Reader(Path(path).expanduser(), trust, top)
    whole = Subcircuit(Card(0, "", Path(path).name), "")
    scopes = [whole]
    for card in reader.cards():
        _take(card, scopes)
    if len(scopes) > 1:
        raise scopes[-1].card.error("this subcircuit has no .ends.")
    _check_twins(whole)
    _check_globals(whole, reader.globals)
    return Library(whole, tuple(reader.notes), reader.foundry, reader.commented, tuple(reader.outside))


def _check_globals(whole: Subcircuit, nodes: Mapping[str, Card]) -> None:
    """Refuse a global node that a subcircuit uses without having it as a port: a cell has no nodes outside."""
    for child in whole.all_subcircuits():
        used = sorted((child.nodes - {*child.ports, "0"}) & nodes.keys())
        if used:
            raise nodes[used[0]].error(
                f"the subcircuit {child.name} uses the global node {used[0]}. Make it a port of {child.name}."
            )


def _take(card: Card, scopes: list[Subcircuit]) -> None:
    """Put a card into the scope that is open."""
    scope = scopes[-1]
    word = card.text.split(maxsplit=1)[0].lower()
    if word == ".subckt":
        name, ports, defaults = check_subckt(card)
        if "0" in ports:
            raise card.error("0 is the ground of the whole circuit and cannot be a port. Rename it.")
        child = Subcircuit(card, name, tuple(GROUND_PORT if port == "gnd" else port for port in ports), defaults)
        _once(card, name, scope.inner, "a subcircuit")
        if any(name == open_scope.name for open_scope in scopes):
            raise card.error(f"a subcircuit {name} cannot hold one of its own name.")
        if len(scopes) > DEEPEST:
            raise card.error(f"subcircuits are defined more than {DEEPEST} levels deep.")
        scope.inner[name] = child
        scopes.append(child)
    elif word == ".ends":
        _close(card, scopes)
    elif word == ".model":
        model = check_model(card)
        _once(card, model.name, scope.models, "a model")
        scope.models[model.name] = model
    elif word in {".param", ".parameters"}:
        for name, value in check_param(card).items():
            _once(card, name, scope.values, "a parameter")
            scope.values[name] = value
            scope.cards[name] = card
    elif word == ".global" and {node.lower() for node in card.text.split()[1:]} <= {"0", "gnd"}:
        pass  # ground is global by itself
    elif word.startswith("."):
        why = "it belongs to a run, not to a cell" if word in _OF_A_RUN else "this card is not taken"
        raise card.error(f"{why}. Allowed: .subckt, .ends, .model, .param, .include, .lib.")
    else:
        if len(scopes) == 1:
            raise card.error(
                other_language(card.text)
                or "it stands outside of a subcircuit. Keep the test bench in another file; text begins with *."
            )
        element = read_foreign_element(card)
        _once(card, element.name, scope.parts, "an element")
        ground = GROUND_PORT if GROUND_PORT in scope.ports else "0"
        scope.parts[element.name] = renamed(element, lambda node: ground if node == "gnd" else node)


def renamed(element: Element, node_of: Callable[[str], str], source_of: Callable[[str], str] = str) -> Element:
    """Return an element with other names of nodes and sources, wherever it names one."""

    def leaf(tree: Expression) -> Expression:
        if not isinstance(tree, Probe):
            return tree
        change = node_of if tree.quantity == "v" else source_of
        return Probe(tree.quantity, tuple(map(change, tree.names)))

    return dataclasses.replace(
        element,
        nodes=tuple(map(node_of, element.nodes)),
        control=source_of(element.control) if element.control else "",
        behaviour=rewrite(element.behaviour, leaf) if element.behaviour is not None else None,
    )


def _close(card: Card, scopes: list[Subcircuit]) -> None:
    words = card.text.lower().split()
    if len(scopes) == 1:
        raise card.error("there is no .subckt to end.")
    if len(words) > 1 and words[1] != scopes[-1].name:
        raise card.error(f"the subcircuit that is open here is {scopes[-1].name}, of line {scopes[-1].card.line}.")
    scopes.pop()


def _check_twins(whole: Subcircuit) -> None:
    """Refuse two subcircuits of one name with other parameters: ngspice 46 gives one the parameters of the other."""
    first: dict[str, Subcircuit] = {}
    for child in whole.all_subcircuits():
        twin = first.setdefault(child.name, child)
        one, other = ({**each.parameters, **each.values} for each in (twin, child))
        if list(one.items()) != list(other.items()):
            raise child.card.error(
                f"there is another subcircuit {child.name}, on line {twin.card.line} of {twin.card.source}, with other "
                "parameters; ngspice mixes them up. Rename one."
            )


def _once(card: Card, name: str, known: Mapping[str, object], what: str) -> None:
    if name in known:
        raise card.error(f"there is {what} {name} already.")


def check_masters(
    subcircuit: Subcircuit, outer: Sequence[Subcircuit], known: Mapping[str, tuple[str, ...] | None]
) -> None:
    """Check that every element of a subcircuit has its model or subcircuit, and that none holds itself.

    Parameters
    ----------
    subcircuit : Subcircuit
    outer : sequence of Subcircuit
        Scopes around it, the outermost first.
    known : mapping
        Masters from elsewhere with their ports (None: not checked).

    Raises
    ------
    CircuitError
        Naming the line.
    """
    _Checker(known).size(subcircuit, (*outer, subcircuit))


class _Checker:
    """Goes through every subcircuit once."""

    def __init__(self, known: Mapping[str, tuple[str, ...] | None]) -> None:
        self.known = known
        self.sizes: dict[int, int] = {}
        self.path: list[int] = []

    def size(self, scope: Subcircuit, chain: tuple[Subcircuit, ...]) -> int:
        """Check a subcircuit and return the number of elements that it amounts to."""
        if id(scope) in self.sizes:
            return self.sizes[id(scope)]
        self.path.append(id(scope))
        if len(self.path) > DEEPEST:
            raise scope.card.error(f"subcircuits place one another more than {DEEPEST} levels deep.")
        total = 0
        connected = frozenset(node for part in scope.parts.values() for node in part.pins).union(scope.ports, "0")
        for part in scope.parts.values():
            if part.kind in "dmqj":
                self._model(part, chain)
            _check_references(part, scope, connected)
            total += self._instance(part, chain) if part.kind == "x" else 1
            if total > MOST_ELEMENTS:
                raise part.card.error(
                    f"{scope.name} amounts to more than {MOST_ELEMENTS} elements, too many for a cell."
                )
        self.path.pop()
        self.sizes[id(scope)] = total
        return total

    def _model(self, part: Element, chain: tuple[Subcircuit, ...]) -> None:
        models = {name for level in chain for name in level.models}.union(self.known)
        if part.master not in models and not any(is_bin(name, part.master) for name in models):
            raise part.card.error(
                f"there is no model {part.master!r}. {did_you_mean(part.master, models)} Add its .model card, or name "
                "the technology that has it (cmos)."
            )

    def _instance(self, part: Element, chain: tuple[Subcircuit, ...]) -> int:
        depth = next((i for i in range(len(chain), 0, -1) if part.master in chain[i - 1].inner), 0)
        if depth:
            child = chain[depth - 1].inner[part.master]
            if id(child) in self.path:
                raise part.card.error(f"the subcircuit {part.master} would hold itself.")
            _check_ports(part, child.ports)
            return self.size(child, (*chain[:depth], child))
        if part.master not in self.known:
            names = {name for level in chain for name in level.inner}.union(self.known)
            raise part.card.error(f"there is no subcircuit {part.master!r}. {did_you_mean(part.master, names)}")
        _check_ports(part, self.known[part.master])
        return 1


def _check_ports(part: Element, ports: tuple[str, ...] | None) -> None:
    if ports is not None and len(part.nodes) != len(ports):
        raise part.card.error(f"{len(part.nodes)} nodes are given; {part.master} has {len(ports)}: {', '.join(ports)}.")


def _check_references(part: Element, scope: Subcircuit, connected: frozenset[str]) -> None:
    """Check that what an element senses is there: nodes, and sources whose current is known."""
    for source in senses(part):
        if source[0] != "v" or source not in scope.parts:
            known = [name for name in scope.parts if name[0] == "v"]
            raise part.card.error(
                f"{source!r} is no voltage source of {scope.name}, whose current would be known. "
                f"{did_you_mean(source, known)} Put a source of 0 V in series."
            )
    sensed = [name for probe in _probes(part) if probe.quantity == "v" for name in probe.names]
    for node in (*part.nodes[len(part.pins) :], *sensed):
        if node not in connected:
            raise part.card.error(
                f"it senses the node {node!r}, which no element of {scope.name} connects. "
                f"{did_you_mean(node, connected)}"
            )


def _probes(part: Element) -> list[Probe]:
    return [leaf for leaf in leaves(part.behaviour) if isinstance(leaf, Probe)] if part.behaviour is not None else []


def senses(part: Element) -> list[str]:
    """Return the sources whose current an element senses."""
    return [*filter(None, [part.control]), *(probe.names[0] for probe in _probes(part) if probe.quantity == "i")]
