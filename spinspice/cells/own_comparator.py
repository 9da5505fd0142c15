"""A comparator from a netlist: what studies of comparators ask of one that spinspice did not draw."""

from __future__ import annotations

import math
from collections.abc import Iterator

from spinspice.cells.comparator import channel_capacitance
from spinspice.cells.imported import ImportedCell
from spinspice.constants import k_B
from spinspice.netlist.cards import Element
from spinspice.netlist.expressions import Number


class OwnComparator(ImportedCell):
    """A clocked comparator from a netlist, with the ports of :class:`spinspice.cells.Comparator` and further ones.

    Ports: inp, inn, clk or clkb (or both), out and where there is one outb, vdd, vss; further ones as the cell file
    holds them. ``out`` is high (above outb) after a rising edge of clk, which is a falling one of clkb, where inp was
    above inn. Made by :class:`spinspice.cells.CellFile`.
    """

    @property
    def topology(self) -> str:
        """What it is called."""
        return self.kind

    @property
    def common_mode(self) -> float:
        """Voltage about which its inputs are compared [V]."""
        given = self.design.common_mode
        return self.middle if given is None else given

    @property
    def floats(self) -> bool:
        """Whether what it does depends on differences of voltages alone: nothing in it is connected to ground."""
        everything = (*self._meant.all_elements(), *self.design.subcircuit.parts.values())
        grounded = any("0" in part.nodes for part in everything)
        sensing = any(part.behaviour is not None for part in everything)
        return "vss" in self.ports and not (grounded or sensing or self.sources)

    @property
    def trimmed(self) -> bool:
        """Whether it has a trim code: none of a netlist has."""
        return False

    @property
    def input_width(self) -> float | None:
        """Channel width of an input transistor [m]; None where it is not found."""
        pair = self._input()
        return pair[1] if pair else None

    @property
    def noise_estimate(self) -> float | None:
        """Noise at the input by the textbook [V], as :attr:`spinspice.cells.Comparator.noise_estimate`.

        C is that of all channels on the node that the input transistor of inp discharges, found in the netlist; None
        where no transistor of the cell itself has inp on its gate.
        """
        pair = self._input()
        if pair is None:
            return None
        part, _, length = pair
        widths = [size[1] for size in self._transistor_sizes() if part.nodes[0] in (size[0].nodes[0], size[0].nodes[2])]
        return math.sqrt(2.0 * k_B * 300.0 / channel_capacitance(sum(widths), length))

    def _input(self) -> tuple[Element, float, float] | None:
        """Return the transistor whose gate is inp, with width and length [m]."""
        gate = self.design.ports["inp"]
        return next((found for found in self._transistor_sizes() if found[0].nodes[1] == gate), None)

    def _transistor_sizes(self) -> Iterator[tuple[Element, float, float]]:
        """Yield the transistors of the cell itself with width and length [m]."""
        technology = self._transistors
        library = technology.library if technology else None
        for part in self._meant.elements:
            placed = library is not None and self.design.subcircuit.parts[part.name].master in library.names
            if len(part.nodes) != 4 or not (part.kind == "m" or placed):
                continue
            w, length = part.parameters.get("w"), part.parameters.get("l")
            if isinstance(w, Number) and isinstance(length, Number):
                unit = technology.n.unit if technology and placed else 1.0
                yield part, w.value * unit, length.value * unit
