"""Ising energies from and to the forms in which others keep them: edge lists, graphs, QUBO, matrices, G-set files."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from spinspice.errors import ParameterError, UsageError
from spinspice.networks.pbits.ising import Ising
from spinspice.networks.pbits.problems import max_cut


def from_edges(lines: Iterable[str], where: str = "edge list") -> Ising:
    """Read an edge list: ``a b J`` a line, or ``a h`` for a field; ``#`` begins a comment.

    >>> from_edges(["a b -1  # unlike", "a 0.5"]).field("a")
    0.5
    """
    couplings: dict[tuple[str, str], float] = {}
    fields: dict[str, float] = {}
    for number, line in enumerate(lines, 1):
        words = line.split("#")[0].split()
        if not words:
            continue
        place = f"{where}:{number}"
        if len(words) not in (2, 3):
            raise UsageError(f"{place}: {line.strip()!r} is neither 'a b J' nor 'a h'.")
        value = _number(words[-1], place)
        if len(words) == 2:
            if words[0] in fields:
                raise UsageError(f"{place}: the field of {words[0]} is given twice.")
            fields[words[0]] = value
            continue
        a, b = words[0], words[1]
        if a == b:
            raise UsageError(f"{place}: {a} is coupled to itself. A field is written '{a} h'.")
        if (a, b) in couplings or (b, a) in couplings:
            raise UsageError(f"{place}: the coupling of {a} and {b} is given twice.")
        couplings[a, b] = value
    if not couplings and not fields:
        raise UsageError(f"{where} holds no edge. Write 'a b J' lines.")
    return Ising.of(couplings, fields)


def to_edges(ising: Ising) -> str:
    """Write an edge list that :func:`from_edges` reads back; isolated p-bits get a field of 0."""
    lines = [
        f"{ising.names[i]} {ising.names[j]} {float(ising.J[i, j])!r}"
        for i, j in zip(*np.nonzero(np.triu(ising.J)), strict=True)
    ]
    lines = [f"{name} {float(h)!r}" for name, h in zip(ising.names, ising.h, strict=True)] + lines
    return "\n".join(lines) + "\n"


def from_networkx(graph: Any, weight: str = "weight", field: str = "h") -> Ising:
    """Take couplings of the edges and fields of the nodes of an undirected ``networkx`` graph; an edge without is 1.

    Raises
    ------
    UsageError
        For a directed graph, or parallel edges.
    """
    if graph.is_directed() or graph.is_multigraph():
        raise UsageError("couplings have no direction and there is one a pair: pass a networkx.Graph.")
    names = {node: _name(node) for node in graph.nodes}
    couplings = {}
    for a, b, data in graph.edges(data=True):
        if a == b:
            raise UsageError(f"node {a!r} is coupled to itself. Remove the loop.")
        couplings[names[a], names[b]] = float(data.get(weight, 1.0))
    fields = {names[node]: float(data.get(field, 0.0)) for node, data in graph.nodes(data=True)}
    whole = Ising.of(couplings, fields)
    order = [whole.place(name) for name in names.values()]
    return Ising(list(names.values()), whole.J[np.ix_(order, order)], whole.h[order])


def to_networkx(ising: Ising) -> Any:
    """Return a ``networkx.Graph`` with ``weight`` on edges and ``h`` on nodes."""
    try:
        import networkx
    except ImportError:
        raise UsageError("networkx is not installed. Install it: pip install networkx.") from None
    graph = networkx.Graph()
    graph.add_nodes_from((name, {"h": float(h)}) for name, h in zip(ising.names, ising.h, strict=True))
    for i, j in zip(*np.nonzero(np.triu(ising.J)), strict=True):
        graph.add_edge(ising.names[i], ising.names[j], weight=float(ising.J[i, j]))
    return graph


def to_qubo(ising: Ising) -> tuple[dict[tuple[str, str], float], float]:
    r"""Return (q, constant) with :math:`E = \sum q_{ab} x_a x_b + const` over bits, linear terms under (a, a).

    :math:`q_{ij} = -4 J_{ij}`, :math:`q_{ii} = 2 \sum_j J_{ij} - 2 h_i`, constant :math:`\sum h_i - \sum_{i<j} J_{ij}`;
    back with :func:`spinspice.networks.pbits.problems.quadratic`.
    """
    q = {(name, name): float(2 * ising.J[i].sum() - 2 * ising.h[i]) for i, name in enumerate(ising.names)}
    for i, j in zip(*np.nonzero(np.triu(ising.J)), strict=True):
        q[ising.names[i], ising.names[j]] = -4.0 * float(ising.J[i, j])
    return q, float(ising.h.sum() - np.triu(ising.J).sum())


def from_matrices(J: ArrayLike, h: ArrayLike, names: Iterable[str] | None = None) -> Ising:
    """Take J and h as p-bit programs hold them: J full and symmetric, h of shape (n,), (n, 1) or (1, n).

    Their energy, -(m J m / 2 + h m), is the one of :class:`Ising`.
    """
    square, fields = np.asarray(J, dtype=float), np.asarray(h, dtype=float).ravel()
    if square.ndim != 2 or square.shape[0] != square.shape[1]:
        raise ParameterError(f"J has the shape {square.shape}; it must be square.")
    return Ising(list(names) if names else [f"m{i}" for i in range(square.shape[0])], square, fields)


def read_gset(path: str | Path) -> Ising:
    """Read a graph for MaxCut in the format of the G-set: nodes and edges, then ``i j weight`` lines, from 1.

    Raises
    ------
    UsageError
        With file and line: for a count that is wrong, a node out of range, an edge given twice.
    """
    source = Path(path)
    try:
        lines = source.read_text(encoding="utf-8").splitlines()
    except OSError as reason:
        raise UsageError(f"{source}: {reason.strerror}. Name a file in the format of the G-set.") from None
    filled = [(number, line.split()) for number, line in enumerate(lines, 1) if line.strip()]
    if not filled or len(filled[0][1]) != 2:
        raise UsageError(f"{source}:1: the first line holds the numbers of nodes and of edges.")
    nodes, edges = (_whole(word, f"{source}:{filled[0][0]}") for word in filled[0][1])
    found: dict[tuple[str, str], float] = {}
    for number, words in filled[1:]:
        place = f"{source}:{number}"
        if len(words) not in (2, 3):
            raise UsageError(f"{place}: an edge is 'i j weight'; got {' '.join(words)!r}.")
        i, j = (_whole(word, place) for word in words[:2])
        if not (1 <= i <= nodes and 1 <= j <= nodes) or i == j:
            raise UsageError(f"{place}: edge {i} {j} of a graph with the nodes 1 to {nodes}.")
        key = (f"m{min(i, j)}", f"m{max(i, j)}")
        if key in found:
            raise UsageError(f"{place}: edge {i} {j} is given twice.")
        found[key] = _number(words[2], place) if len(words) == 3 else 1.0
    if len(found) != edges:
        raise UsageError(f"{source}: {len(found)} edges, where the first line says {edges}.")
    return max_cut(found)


def write_gset(ising: Ising) -> str:
    """Write the graph of a MaxCut energy in the format of the G-set; weights are -J, which must be the whole of it."""
    if np.any(ising.h):
        raise UsageError("a graph for MaxCut has no fields: this energy has some.")
    pairs = list(zip(*np.nonzero(np.triu(ising.J)), strict=True))
    lines = [f"{len(ising)} {len(pairs)}"] + [f"{i + 1} {j + 1} {-float(ising.J[i, j]):g}" for i, j in pairs]
    return "\n".join(lines) + "\n"


def load(path: str | Path) -> Ising:
    """Read an energy from a file: an edge list, ``.npz`` with J and h, or a ``.gset`` or ``.rud`` graph."""
    source = Path(path)
    if not source.is_file():
        raise UsageError(f"no file {source}.")
    if source.suffix in (".gset", ".rud", ".mc"):
        return read_gset(source)
    if source.suffix == ".npz":
        with np.load(source, allow_pickle=False) as held:
            names = held.files
            if "J" not in names:
                raise UsageError(
                    f"{source} holds {', '.join(names) or 'nothing'}; needed: J, and h where there are fields."
                )
            return from_matrices(held["J"], held["h"] if "h" in names else np.zeros(len(held["J"])))
    return from_edges(source.read_text(encoding="utf-8").splitlines(), str(source))


def _name(node: Any) -> str:
    text = str(node)
    return f"m{text}" if text.isdigit() else text


def _number(word: str, place: str) -> float:
    try:
        value = float(word)
    except ValueError:
        raise UsageError(f"{place}: {word!r} is no number.") from None
    if not np.isfinite(value):
        raise UsageError(f"{place}: {word} is not finite.")
    return value


def _whole(word: str, place: str) -> int:
    try:
        return int(word)
    except ValueError:
        raise UsageError(f"{place}: {word!r} is no whole number.") from None
