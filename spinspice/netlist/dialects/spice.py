"""SPICE's own way of writing a card, which several dialects share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from spinspice.netlist.cards import Element, Scope
from spinspice.netlist.dialects.base import Dialect
from spinspice.netlist.expressions import Expression, Number, Text
from spinspice.netlist.names import MODELLED
from spinspice.stimuli import spice


class SpiceDialect(Dialect):
    """Writes cards as SPICE does; ``quotes`` stand around an expression."""

    quotes: ClassVar[tuple[str, str]]
    #: What stands before the parameters in the head of a subcircuit.
    params: ClassVar[str] = ""
    models: ClassVar[Mapping[tuple[str, int], str]] = {
        **{(kind, 1): f"{kind} level=1" for kind in ("d", "npn", "pnp", "njf", "pjf")},
        **{(kind, level): f"{kind} level={level}" for kind in ("nmos", "pmos") for level in (1, 2, 3)},
        **{(kind, level): f"{kind} level=49" for kind in ("nmos", "pmos") for level in (8, 49)},
        **{(kind, level): f"{kind} level=54" for kind in ("nmos", "pmos") for level in (14, 54)},
    }

    def value(self, tree: Expression) -> str:
        text = self.language.write(tree)
        return text if isinstance(tree, (Number, Text)) else f"{self.quotes[0]}{text}{self.quotes[1]}"

    def subcircuit(self, scope: Scope, defaults: list[tuple[str, str]], inner: list[tuple[str, str]]) -> list[str]:
        given = " ".join(f"{name}={value}" for name, value in defaults)
        head = f".subckt {scope.name} {' '.join(scope.ports)}" + (f" {self.params}{given}" if given else "")
        return [head, *(f".param {name}={value}" for name, value in inner)]

    def end(self, scope: Scope) -> str:
        return f".ends {scope.name}"

    def model(self, name: str, kind: str, parameters: Mapping[str, Expression]) -> str:
        return f".model {name} {kind} {self.assignments(parameters)}"

    def element(self, element: Element) -> str:
        words = [f"x{element.name}" if element.kind == "n" else element.name, *element.nodes]
        if element.kind in "vi":
            words += self._source(element)
        elif element.kind in "x" + MODELLED:
            parameters = self.named(element)
            words.append(element.master)
            if element.kind in "dqj" and "area" in parameters:
                words.append(self.value(parameters.pop("area")))
            if parameters:
                words.append(self.assignments(parameters))
        else:
            if element.control:
                words.append(element.control)
            assert element.value is not None
            words += [self.value(element.value), *filter(None, [self.assignments(element.parameters)])]
        return " ".join(words)

    def _source(self, element: Element) -> list[str]:
        words = ["DC", self.value(element.value or Number(0.0))] if element.value or not element.waveform else []
        if element.small_signal:
            words += ["AC", *map(self.value, element.small_signal)]
        if element.waveform:
            words.append(spice(element.waveform, map(self.value, element.arguments)))
        return words

    def global_nodes(self) -> list[str]:
        """Return the card of global nodes, if there are any."""
        return [f".global {' '.join(self.circuit.globals)}"] if self.circuit.globals else []

    def conditions(self) -> list[str]:
        """Return initial conditions and node sets."""
        lines = []
        for card, values in ((".ic", self.circuit.initial), (".nodeset", self.circuit.nodesets)):
            lines += [f"{card} v({node})={self.value(value)}" for node, value in values.items()]
        return lines
