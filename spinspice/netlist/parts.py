"""The uncoupled parts of a circuit: cells that share nothing but nodes which ideal sources hold, as decks of their own.

A node is *held* if a chain of independent voltage sources ties it to ground: rails, inputs, clocks, and what lies
behind an ammeter on one of them. What happens in one cell cannot change it. Two elements belong together if they share
a node that is not held, or if one is controlled by the other. What then falls apart gives the same voltages whether it
is solved in one system of equations or in several; the current of a source that several decks hold is the sum of its
currents there.
"""

from __future__ import annotations

import dataclasses
import math
import re
from collections.abc import Iterable, Sequence

from spinspice.errors import CircuitError
from spinspice.netlist.cards import Card, node_name, read_cards, read_element

#: Nodes of elements whose nodes can be counted; X, N and Q are read as a whole.
_PINS = {"r": 2, "c": 2, "l": 2, "v": 2, "i": 2, "d": 2, "m": 4, "j": 3, "b": 2, "e": 4, "g": 4, "f": 2, "h": 2}
_PROBE = re.compile(r"\b([vi])\s*\(\s*([^\s(),]+)\s*(?:,\s*([^\s(),]+)\s*)?\)", re.IGNORECASE)
_SUBCIRCUIT = re.compile(r"\.(?:subckt|macro)\s+(\S+)", re.IGNORECASE)
_BETWEEN = re.compile(r"[\s,()={}']+")
#: Cards that every deck may hold as they are.
_COMMON = (".model", ".param", ".parameters", ".func", ".option", ".options", ".title", ".temp")


class Coupled(Exception):
    """A circuit that stays in one deck; says why."""


@dataclasses.dataclass(frozen=True)
class Part:
    """Cards of a deck, and the signals that are found in it."""

    circuit: str
    save: tuple[str, ...]


@dataclasses.dataclass(frozen=True)
class _Element:
    """An element outside subcircuits: nodes that it touches or senses, sources whose currents it senses, its lines."""

    name: str
    nodes: tuple[str, ...]
    sensed: tuple[str, ...]
    lines: tuple[str, ...]

    @property
    def source(self) -> bool:
        """Whether it is a voltage source that nothing controls."""
        return self.name[0] == "v" and not self.sensed and len(self.nodes) == 2

    @property
    def cell(self) -> bool:
        """Whether it counts as a cell: an instance of a subcircuit or of a compiled model."""
        return self.name[0] in "xn"


def parts(circuit: str, save: Sequence[str], largest: int) -> tuple[tuple[Part, ...], dict[str, tuple[int, ...]]]:
    """Divide a circuit into decks of at most ``largest`` cells, in the order of their cards.

    Parameters
    ----------
    circuit : str
        Cards, as a testbench has them.
    save : sequence of str
        Signals ``v(node)`` and ``i(source)``.
    largest : int
        Cells (instances of subcircuits and of compiled models) in a deck; what is coupled stays together even if it is
        more.

    Returns
    -------
    parts : tuple of Part
        Two at least.
    homes : dict
        Signal -> numbers of the parts that have it: one, or all whose currents are to be added.

    Raises
    ------
    Coupled
        If all is coupled or fits into one deck, or cannot be told to be uncoupled: files that are included, elements
        of other kinds, digital blocks, initial conditions.
    """
    layout = _Layout(circuit)
    groups = _packed(layout.components(), layout.elements, largest)
    if len(groups) < 2:
        raise Coupled("there are not two decks of uncoupled cells")
    members = [layout.with_sources(group) for group in groups]
    members[0] |= set(layout.holder.values()).difference(*members)
    homes = {signal: layout.home(signal, members) for signal in save}
    made = []
    for index, (group, member) in enumerate(zip(groups, members, strict=True)):
        saved = tuple(signal for signal, decks in homes.items() if index in decks)
        # Cells that nobody looks at run all the same: a failure among them is one.
        nodes = [node for number in group for node in layout.elements[number].nodes if node != "0"]
        seen = next((node for node in nodes if node not in layout.holder), nodes[0])
        made.append(Part(layout.text(member), saved or (f"v({seen})",)))
    return tuple(made), homes


class _Layout:
    """Cards for every deck, subcircuits by name, elements, and which nodes are held by which source."""

    def __init__(self, circuit: str) -> None:
        self.common: list[str] = []
        self.blocks: dict[str, list[str]] = {}
        self.elements: list[_Element] = []
        self.shared: set[str] = set()
        self._read(circuit)
        self.number = {element.name: number for number, element in enumerate(self.elements)}
        #: Node -> source that holds it.
        self.holder: dict[str, int] = {}
        self._hold()
        loose = sorted(self.shared - {"0", *self.holder})
        if loose:
            raise Coupled(f"the global node {loose[0]} is not held by a source")
        holding = set(self.holder.values())
        self.cells = [number for number in range(len(self.elements)) if number not in holding]
        #: Node -> one of the elements that touch it.
        self.touching = {node: number for number in self.cells for node in self.elements[number].nodes}

    def _read(self, circuit: str) -> None:
        lines, cards = circuit.splitlines(), list(read_cards(circuit))
        block, depth = "", 0
        for card, end in zip(cards, [*(card.line for card in cards[1:]), len(lines) + 1], strict=True):
            own = lines[card.line - 1 : end - 1]
            word = card.text.split(maxsplit=1)[0].lower()
            opened = _SUBCIRCUIT.match(card.text)
            if opened:
                block = block or opened[1].lower()
                depth += 1
            if depth:
                self.blocks.setdefault(block, []).extend(own)
                depth -= word in (".ends", ".eom")
                block = block if depth else ""
            elif word in _COMMON:
                self.common += own
            elif word == ".global":
                self.shared |= {node_name(node) for node in card.text.split()[1:]}
                self.common += own
            elif word.startswith("."):
                raise Coupled(f"{word} may speak of any cell")
            else:
                self.elements.append(_element(card, own))

    def _hold(self) -> None:
        """Find the nodes that sources hold, from ground on."""
        waiting = [number for number, element in enumerate(self.elements) if element.source]
        while waiting:
            left = []
            for number in waiting:
                new = [node for node in self.elements[number].nodes if node != "0" and node not in self.holder]
                if not new:
                    raise Coupled(f"{self.elements[number].name} lies between nodes that are held already")
                if len(new) == 1:
                    self.holder[new[0]] = number
                else:
                    left.append(number)
            if len(left) == len(waiting):
                return
            waiting = left

    def components(self) -> list[list[int]]:
        """Return the elements that belong together, in the order of their cards."""
        parent = list(range(len(self.elements)))

        def root(number: int) -> int:
            while parent[number] != number:
                parent[number] = parent[parent[number]]
                number = parent[number]
            return number

        holding = set(self.holder.values())
        for number in self.cells:
            for node in self.elements[number].nodes:
                if node != "0" and node not in self.holder:
                    parent[root(number)] = root(self.touching[node])
                    inside = self._instance(node)
                    parent[root(number)] = root(number if inside is None else inside)
            for source in self.elements[number].sensed:
                sensed = self._instance(source)
                if sensed is None or sensed in holding:
                    raise Coupled(f"{self.elements[number].name} senses the current of {source}, which all may draw")
                parent[root(number)] = root(sensed)
        groups: dict[int, list[int]] = {}
        for number in self.cells:
            groups.setdefault(root(number), []).append(number)
        return list(groups.values())

    def with_sources(self, group: Iterable[int]) -> set[int]:
        """Return the elements of a deck: a group, and the sources that hold the nodes it touches."""
        member = set(group)
        waiting = [*self.shared, *(node for number in member for node in self.elements[number].nodes)]
        while waiting:
            number = self.holder.get(waiting.pop())
            if number is not None and number not in member:
                member.add(number)
                waiting += self.elements[number].nodes
        return member

    def home(self, signal: str, members: Sequence[set[int]]) -> tuple[int, ...]:
        """Return the decks that have a signal: one, or those whose currents add up to it."""
        kind, name = signal[0], signal[2:-1]
        owner = self.holder.get(name, self.touching.get(name)) if kind == "v" else None
        owner = self._instance(name) if owner is None else owner
        if owner is None:
            raise Coupled(f"{signal} is in none of the cells")
        decks = tuple(index for index, member in enumerate(members) if owner in member)
        return decks if kind == "i" else decks[:1]

    def text(self, member: set[int]) -> str:
        """Return the cards of a deck, with the subcircuits that it may need."""
        body = [line for number in sorted(member) for line in self.elements[number].lines]
        words, needed = _words(body), set[str]()
        while more := (words & set(self.blocks)) - needed:
            needed |= more
            words.update(*(_words(self.blocks[name]) for name in more))
        inner = [line for name, lines in self.blocks.items() if name in needed for line in lines]
        return "\n".join([*self.common, *inner, *body]) + "\n"

    def _instance(self, name: str) -> int | None:
        """Return the element that a hierarchical name lies in: the first of its words that is an element."""
        return next((self.number[word] for word in name.split(".") if word in self.number), None)


def _element(card: Card, lines: Sequence[str]) -> _Element:
    words = re.split(r"[\s,()]+", card.text)
    name, kind = words[0].lower(), words[0][0].lower()
    sensed: list[str] = []
    probed = [(letter.lower(), node_name(name)) for letter, *pair in _PROBE.findall(card.text) for name in pair if name]
    if kind in "xnq":
        try:
            nodes = list(read_element(card).nodes)
        except CircuitError as reason:
            raise Coupled(str(reason)) from None
        probed = []  # what an instance is given are numbers
    elif kind in _PINS:
        written = re.search(r"[={']|\b(?:vol|cur|value|poly|table)\b", card.text, re.IGNORECASE)
        count = 2 if kind in "eg" and written else _PINS[kind]
        nodes = [node_name(node) for node in words[1 : 1 + count]]
        if kind in "fh":
            sensed += [words[3].lower()] if len(words) > 3 else []
        if kind in "efgh" and written and not probed:
            raise Coupled(f"the control of {name} is not read")
    else:
        raise Coupled(f"elements of kind {kind.upper()} are not read")
    nodes += [node for letter, node in probed if letter == "v"]
    sensed += [source for letter, source in probed if letter == "i"]
    return _Element(name, tuple(nodes), tuple(sensed), tuple(lines))


def _packed(components: list[list[int]], elements: Sequence[_Element], largest: int) -> list[list[int]]:
    """Fill decks evenly, in the order of the components."""
    weights = [max(1, sum(elements[number].cell for number in component)) for component in components]
    room = math.ceil(sum(weights) / math.ceil(sum(weights) / largest)) if weights else largest
    groups: list[list[int]] = []
    load = math.inf
    for component, weight in zip(components, weights, strict=True):
        if load + weight > room:
            groups.append([])
            load = 0.0
        groups[-1] += component
        load += weight
    return groups


def _words(lines: Iterable[str]) -> set[str]:
    return {word for line in lines for word in _BETWEEN.split(line.lower())}
