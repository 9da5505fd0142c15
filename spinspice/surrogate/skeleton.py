"""Which nodes of a cell have a state of their own, and which of them share an element.

A signal goes from the junction's node through gates to the output. Nodes on that way that drive gates are states, for
gates are what has to be charged; with them the junction's node and the output. Nodes that only channels meet (sources
of a pair, stacked transistors) follow at once, and so does what the signal does not reach (a bias).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator

from spinspice.cells.cell import Cell
from spinspice.errors import UsageError

#: Most nodes with a state: our choice, twice what a neuron here has.
MOST = 8
#: Ports of a transistor as the foundries' subcircuits name them.
_TRANSISTOR = ("d", "g", "s", "b")


@dataclasses.dataclass(frozen=True)
class Part:
    """An element: pins that only listen, and pins that carry current."""

    gates: frozenset[str]
    channel: frozenset[str]


@dataclasses.dataclass(frozen=True)
class Skeleton:
    """Nodes with a state, that of the junction first and the output last, and pairs of voltages that share an element.

    With its complement, ``outb`` is the last. A pair holds places: 0 is the input, 1 the first of :attr:`nodes`.
    ``fixed`` is the other side of the junction, and ``sign`` 1 if its free layer is at the node, else -1.
    """

    nodes: tuple[str, ...]
    pairs: tuple[tuple[int, int], ...]
    fixed: str
    sign: float

    @classmethod
    def of(cls, cell: Cell, complement: bool = False) -> Skeleton:
        """Return that of a cell with one junction, from its cards; on request with the complement of its output.

        Raises
        ------
        UsageError
            For several junctions, one that no supply holds, more than :data:`MOST` nodes, or a complement that is not
            there.
        """
        if len(cell.devices) != 1:
            raise UsageError(
                f"{cell.kind} has {len(cell.devices)} junctions; a surrogate is extracted of a cell with one. "
                "Take asn, bsn, or a cell file with one junction."
            )
        held = {"0", "vdd", "vss", "vin", *cell.bias, *cell.sources}
        ends, parts = _parts(cell, {name.lower() for name in held})
        inner = [node for node in ends if node not in held]
        if len(inner) != 1:
            raise UsageError(
                f"the junction of {cell.kind} lies between {ends[0]} and {ends[1]}; a surrogate needs one side at a "
                "supply and one inside."
            )
        start, sign = inner[0], 1.0 if inner[0] == ends[0] else -1.0
        ends_at = ("out", "outb") if complement else ("out",)
        if complement and "outb" not in cell.ports:
            raise UsageError(f"{cell.kind} has no complement: no port outb. Leave complement out.")
        reached = _reached(parts, start, ends_at[-1])
        if "out" not in reached and start != "out":
            raise UsageError(
                f"no transistor leads from the junction's node {start} of {cell.kind} to its output. A surrogate "
                "stands for a divider and stages behind it."
            )
        needed = _needed(parts, reached, set(ends_at))
        gates = set().union(*(part.gates for part in parts))
        inside = [node for node in reached if node in gates & needed and node not in (start, *ends_at)]
        first = _reached(parts, start, "out")
        nodes = (start, *(node for node in inside if node in first), *(("out",) if start != "out" else ()))
        nodes += (*(node for node in inside if node not in first), *ends_at[1:])
        if len(nodes) > MOST:
            raise UsageError(f"{len(nodes)} nodes of {cell.kind} drive gates on the way to its output; {MOST} at most.")
        return cls(nodes, _pairs(parts, nodes, set(reached)), next(node for node in ends if node in held), sign)


def cards(text: str) -> tuple[list[list[str]], dict[str, tuple[str, ...]]]:
    """Return the words of the elements of a subcircuit, and the ports of those that are defined inside it."""
    lines: list[str] = []
    for line in text.lower().splitlines():
        line = line.split(";")[0].strip()
        if line.startswith("+") and lines:
            lines[-1] += " " + line[1:]
        elif line and not line.startswith("*"):
            lines.append(line)
    elements, ports, depth = [], {}, 0
    for words in map(str.split, lines):
        if words[0] == ".subckt":
            depth += 1
            ports[words[1]] = tuple(word for word in words[2:] if "=" not in word and word != "params:")
        elif words[0] == ".ends":
            depth -= 1
        elif depth == 1 and words[0][0] != ".":
            elements.append(words)
    return elements, ports


def _parts(cell: Cell, held: set[str]) -> tuple[tuple[str, str], list[Part]]:
    """Return both nodes of the junction, and the elements but for it, held nodes left out (but for the input)."""
    elements, ports = cards(str(cell.rebuilt(probes="none")))
    ends, parts = ("", ""), []
    for words in elements:
        if cell.device.model in words:
            ends = (words[1], words[2])
            continue
        gates, channel = _pins(words, ports)
        keep = [frozenset(node for node in group if node == "vin" or node not in held) for group in (gates, channel)]
        parts.append(Part(*keep))
    return ends, parts


def _pins(words: list[str], ports: dict[str, tuple[str, ...]]) -> tuple[Iterable[str], Iterable[str]]:
    """Return the gates of an element and the pins of its channel; of one that is not known, every pin as both."""
    kind = words[0][0]
    if kind == "m":
        return words[2:3], (words[1], words[3])
    if kind in "rlv":
        return (), words[1:3]
    if kind in "ci":
        return (), ()
    plain = [word for word in words[1:] if "=" not in word]
    pins, model = plain[:-1], plain[-1]
    if ports.get(model) == _TRANSISTOR:
        return pins[1:2], (pins[0], pins[2])
    return (pins, pins) if len(pins) > 3 else ((), pins)


def _reached(parts: list[Part], start: str, last: str = "out") -> list[str]:
    """Return the nodes that a signal reaches from one, nearest first; what is behind the last is not looked at."""
    found = [start]
    for node in found:
        if node == last and start != last:
            continue
        for part in parts:
            if node in part.gates | part.channel:
                found += sorted(part.channel - set(found) - {"vin"})
    return found


def _needed(parts: list[Part], reached: list[str], outputs: set[str]) -> set[str]:
    """Return the nodes of these from which a signal reaches an output."""
    found = set(outputs)
    while True:
        more = {node for part in parts if part.channel & found for node in (part.gates | part.channel) & set(reached)}
        if more <= found:
            return found
        found |= more


def _pairs(parts: list[Part], nodes: tuple[str, ...], reached: set[str]) -> tuple[tuple[int, int], ...]:
    """Return places of voltages that one element, or several that nodes without a state join, depends on at once."""
    place = {"vin": 0} | {node: k + 1 for k, node in enumerate(nodes)}
    pairs: set[tuple[int, int]] = set()
    for gates, channel in _joined(parts, reached - set(nodes)):
        listening = sorted(place[node] for node in gates if node in place)
        ends = sorted(place[node] for node in channel if node in place)
        if len(listening) > 1:
            found: Iterator[tuple[int, int]] = ((a, b) for k, b in enumerate(listening) for a in listening[:k])
        elif listening:
            found = ((listening[0], end) for end in ends)
        else:
            found = ((a, b) for k, b in enumerate(ends) for a in ends[:k])
        pairs |= {(min(pair), max(pair)) for pair in found if pair[0] != pair[1]}
    for k in range(1, len(nodes) + 1):
        if not any(k in pair for pair in pairs):
            pairs.add((k - 1, k))
    return tuple(sorted(pairs))


def _joined(parts: list[Part], inner: set[str]) -> list[tuple[set[str], set[str]]]:
    """Return gates and channels of elements, those together that meet in nodes without a state."""
    groups: list[tuple[set[str], set[str]]] = []
    for part in parts:
        gates, channel = set(part.gates), set(part.channel)
        apart = []
        for other in groups:
            if channel & other[1] & inner:
                gates, channel = gates | other[0], channel | other[1]
            else:
                apart.append(other)
        groups = [*apart, (gates, channel)]
    return groups
