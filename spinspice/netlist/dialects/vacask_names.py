"""Names in a VACASK netlist: how they are quoted, what a name means in its scope, what a saved signal is called."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from spinspice.errors import CircuitError, did_you_mean
from spinspice.netlist.cards import Circuit, Scope, node_name
from spinspice.netlist.names import find_subcircuit

_PLAIN = re.compile(r"[a-z_][a-z0-9_]*")
_RESERVED = {
    *("include", "section", "endsection", "load", "model", "global", "ground", "subckt", "ends", "parameters"),
    *("control", "endc", "embed"),
}


def quote(name: str) -> str:
    """Return a name as VACASK wants it written: in quotes unless it is a plain word or a number."""
    return name if (_PLAIN.fullmatch(name) and name not in _RESERVED) or name.isdecimal() else f"'{name}'"


def model_name(name: str, chain: Sequence[Scope], taken: Iterable[str]) -> str:
    """Return a model's name, changed where something else has it: VACASK keeps one list for subcircuits and models."""
    subcircuits = {child for scope in chain for child in scope.subcircuits}
    return f"{name}.model" if name in subcircuits.union(taken) else name


def _descend(path: list[str], circuit: Circuit, what: str) -> Scope:
    """Return the scope that a hierarchical name such as x1.x2 leads to."""
    scope: Scope = circuit
    chain: list[Scope] = [circuit]
    for name in path:
        element = scope.elements.get(name)
        child = find_subcircuit(element.master, chain) if element is not None and element.kind == "x" else None
        if child is None:
            instances = [other for other in scope.elements if other[0] == "x"]
            raise CircuitError(f"{what}: there is no subcircuit instance {name!r}. {did_you_mean(name, instances)}")
        scope, chain = child, [*chain, child]
    return scope


def node_path(node: str, circuit: Circuit) -> str:
    """Return VACASK's name of a node: colons between the levels."""
    nodes = {name for element in circuit.elements.values() for name in element.nodes}
    if node in nodes or "." not in node:
        if node not in nodes:
            raise CircuitError(f"v({node}): the circuit has no node {node!r}. {did_you_mean(node, nodes)}")
        return node
    path = node.split(".")
    scope = _descend(path[:-1], circuit, f"v({node})")
    inner = {name for element in scope.elements.values() for name in element.nodes} - set(scope.ports) - {"0"}
    if path[-1] not in inner:
        raise CircuitError(
            f"v({node}): {scope.name} has no inner node {path[-1]!r}. {did_you_mean(path[-1], inner)} "
            "(a port goes by the name of the node outside)"
        )
    return ":".join(path)


def signal_path(signal: str, circuit: Circuit) -> str:
    name = signal[2:-1]
    if signal[0] == "v":
        return node_path(node_name(name), circuit)
    path = name.split(".")
    if len(path) > 1:
        # ngspice calls the source v1 of the instance x1 v.x1.v1.
        path = path[1:]
    scope = _descend(path[:-1], circuit, f"i({name})")
    carriers = [element for element in scope.elements if element[0] in "vleh"]
    if path[-1] not in carriers:
        raise CircuitError(
            f"i({name}): there is no source or inductor {path[-1]!r} whose current is known. "
            f"{did_you_mean(path[-1], carriers)}"
        )
    return ":".join(path)
