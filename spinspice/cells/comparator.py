"""Clocked comparators: StrongARM latch and double-tail, each followed by a latch that holds the decision.

Both decide on the rising edge of the clock and hold what they decided until the next one, so that ``out`` is a clean
digital signal all through the cycle.

Smallest transistors differ by tens of millivolts. A comparator with trim has a second, narrower input pair beside the
first, whose gates are held at taps of a resistor string about the middle of the supply: code k of the instance moves
the difference at which the comparator changes its mind. One string serves all cells; each keeps its own code.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from typing import Any, Literal, Self

from spinspice.cells.base import TransistorCell
from spinspice.cells.cell import Probes, check_choice
from spinspice.cmos import Technology
from spinspice.constants import k_B

#: A step of the trim code moves the two gates of the trim pair apart by this [V], and codes reach from -CODES to CODES:
#: 8 bits; our choice.
TRIM_STEP, CODES = 2.5e-3, 127
#: Capacitance over the width of the channels on a node [F/m]: 1 fF/um and what length adds, estimated.
CAPACITANCE, PER_LENGTH = 1e-9, 0.008
#: Circuits of a comparator.
Topology = Literal["strongarm", "double-tail"]
TOPOLOGIES: tuple[Topology, ...] = ("strongarm", "double-tail")
#: Hold capacitor over the width of an input transistor [F/m], our choice: the kick then lowers both inputs by 0.1 V or
#: less, and a pair that was on stays on.
HOLD = 6e-9


@dataclasses.dataclass(frozen=True, kw_only=True)
class ComparatorSizing:
    """Drawn sizes of a comparator [m].

    Parameters
    ----------
    length : float
        All channels.
    w_pair : float
        Input pair: its area sets the offset, its gates the kick-back.
    w_tail : float
        Tail (n), and the p tail of the double-tail's second stage.
    w_cross : float
        Cross-coupled transistors, n and p.
    w_reset : float
        Precharge and reset.
    w_gate, w_gate_p : float
        n and p channels of the gates of the holding latch.
    w_trim : float
        Trim pair; 0 leaves it out.
    """

    length: float
    w_pair: float
    w_tail: float
    w_cross: float
    w_reset: float
    w_gate: float
    w_gate_p: float
    w_trim: float = 0.0

    @classmethod
    def for_technology(cls, technology: Technology, *, trim: bool = False) -> Self:
        """Return our choice for a technology: shortest channels, widths in multiples of the smallest useful one.

        Small, because the junction's node is to be fast: a pair that is four times as wide has half the offset, kicks
        four times as much and needs a larger hold capacitor. Gates are as narrow as their speed allows.
        With ``trim``, a trim pair half as wide as the input pair.
        """
        unit = smallest_width(technology)
        return cls(
            length=technology.l_min,
            w_pair=2 * unit,
            w_tail=2 * unit,
            w_cross=2 * unit,
            w_reset=2 * unit,
            w_gate=unit,
            w_gate_p=1.5 * unit,
            w_trim=unit if trim else 0.0,
        )

    @property
    def area(self) -> float:
        """Area of the channels of input and trim pair [m2], by which their offset falls (as its root)."""
        return 2 * self.length * (self.w_pair + self.w_trim)


def smallest_width(technology: Technology) -> float:
    """Return the narrowest channel that cells with comparators use [m]: a fifth over what can be drawn, our choice."""
    return max(1.2 * technology.w_min, 2 * technology.l_min)


def channel_capacitance(width: float, length: float) -> float:
    """Return the capacitance of channels of a total width on a node [F], estimated; sizes in metres."""
    return width * (CAPACITANCE + PER_LENGTH * length)


def trim_parameter(sizing: ComparatorSizing | None) -> dict[str, int]:
    """Return the parameter of a subcircuit that holds the trim code, if the sizing has a trim pair."""
    return {"trim": 0} if sizing is not None and sizing.w_trim else {}


class Deciding(TransistorCell):
    """A cell with a comparator in it: places one between two of its nodes."""

    comparator_sizing: ComparatorSizing

    @property
    def trimmed(self) -> bool:
        """Whether the comparator has a trim pair; the cell then has a parameter ``trim``, its code."""
        return self.comparator_sizing.w_trim > 0.0

    def _comparator(self, topology: Topology, plus: str, minus: str) -> None:
        """Place a comparator of nodes ``plus`` and ``minus``; ports ``clk`` and ``out`` (1 where plus is higher)."""
        check_choice("topology", topology, TOPOLOGIES)
        if topology == "strongarm":
            self._strongarm(plus, minus)
        else:
            self._double_tail(plus, minus)
        self._hold_decision(idle_high=topology == "strongarm")

    def _hold_decision(self, idle_high: bool) -> None:
        """Place the latch that holds on ``out`` what qn and qp decided, which both stand high (or low) in between.

        Where plus is higher, qn falls from high, or rises from low. Inverters between decision and holding latch:
        without them the latch would load the decision according to what it holds, and small differences would be
        decided like the ones before them.
        """
        if idle_high:
            gate, last = self._nor, "held_b"  # sn rises where plus is higher
        else:
            gate, last = self._nand, "held"  # sn falls where plus is higher
        self._inverter("latch", "i", "qn", "sn")
        self._inverter("latch", "j", "qp", "sp")
        gate("latch", "a", "sn", "held", "held_b")
        gate("latch", "b", "sp", "held_b", "held")
        self._inverter("latch", "o", last, "out")

    def _hold_inputs(self, inputs: Mapping[str, tuple[str, str]], C_hold: float) -> None:
        """Place switches that cut the comparator's inputs off while it decides, so that its kick stays with them.

        ``inputs`` names for each the node that it follows and the comparator's node, which carries ``C_hold`` [F].
        """
        self._inverter("timing", "h", "clk", "track")
        size = {"w": smallest_width(self.technology), "length": self.technology.l_min}
        for name, (node, gate) in inputs.items():
            self._nmos("switch", f"h{name}n", gate, "track", node, **size)
            self._pmos("switch", f"h{name}p", gate, "clk", node, **size)
            self.C(f"hold{name}", gate, "vss", C_hold)

    def _strongarm(self, plus: str, minus: str) -> None:
        """Place a StrongARM latch (Razavi 2015): qn and qp are high before the edge, then one of them falls."""
        size = self.comparator_sizing
        self._nmos("comparator", "t", "tail", "clk", "vss", w=size.w_tail, length=size.length)
        for a, b, x, gate in (("n", "p", "xn", plus), ("p", "n", "xp", minus)):
            out, other = f"q{a}", f"q{b}"
            self._input(a, x, gate)
            self._nmos("comparator", f"c{a}", out, other, x, w=size.w_cross, length=size.length)
            self._pmos("comparator", f"l{a}", out, other, "vdd", w=size.w_cross, length=size.length)
            self._pmos("comparator", f"r{a}", out, "clk", "vdd", w=size.w_reset, length=size.length)
            self._pmos("comparator", f"s{a}", x, "clk", "vdd", w=size.w_reset, length=size.length)

    def _double_tail(self, plus: str, minus: str) -> None:
        """Place a double-tail latch (Schinkel et al. 2007): qn and qp are low before the edge, then one rises."""
        size = self.comparator_sizing
        self._inverter("comparator", "k", "clk", "clkb")
        self._nmos("comparator", "t", "tail", "clk", "vss", w=size.w_tail, length=size.length)
        self._pmos("comparator", "u", "top", "clkb", "vdd", w=size.w_tail, length=size.length)
        for a, b, x, gate in (("n", "p", "xn", plus), ("p", "n", "xp", minus)):
            out, other = f"q{a}", f"q{b}"
            self._input(a, x, gate)
            self._pmos("comparator", f"s{a}", x, "clk", "vdd", w=size.w_reset, length=size.length)
            self._nmos("comparator", f"r{a}", out, x, "vss", w=size.w_reset, length=size.length)
            self._nmos("comparator", f"c{a}", out, other, "vss", w=size.w_cross, length=size.length)
            self._pmos("comparator", f"l{a}", out, other, "top", w=size.w_cross, length=size.length)

    def _input(self, name: str, drain: str, gate: str) -> None:
        """Place one side of the input pair, and of the trim pair if there is one."""
        size = self.comparator_sizing
        self._nmos("comparator", f"m{name}", drain, gate, "tail", w=size.w_pair, length=size.length)
        if size.w_trim:
            sign = {"n": "", "p": "-"}[name]
            self.V(f"trim{name}", f"trim_{name}", self.gnd, f"{{{sign}{TRIM_STEP / 2!r}*trim}}")
            self._nmos("comparator", f"y{name}", drain, f"trim_{name}", "tail", w=size.w_trim, length=size.length)

    def _inverter(self, block: str, name: str, source: str, target: str) -> None:
        size = self.comparator_sizing
        self._pmos(block, f"{name}p", target, source, "vdd", w=size.w_gate_p, length=size.length)
        self._nmos(block, f"{name}n", target, source, "vss", w=size.w_gate, length=size.length)

    def _nand(self, block: str, name: str, one: str, two: str, target: str) -> None:
        size = self.comparator_sizing
        self._pmos(block, f"{name}p1", target, one, "vdd", w=size.w_gate_p, length=size.length)
        self._pmos(block, f"{name}p2", target, two, "vdd", w=size.w_gate_p, length=size.length)
        self._nmos(block, f"{name}n1", target, one, f"{name}_m", w=size.w_gate, length=size.length)
        self._nmos(block, f"{name}n2", f"{name}_m", two, "vss", w=size.w_gate, length=size.length)

    def _nor(self, block: str, name: str, one: str, two: str, target: str) -> None:
        size = self.comparator_sizing
        self._pmos(block, f"{name}p1", f"{name}_m", one, "vdd", w=2 * size.w_gate_p, length=size.length)
        self._pmos(block, f"{name}p2", target, two, f"{name}_m", w=2 * size.w_gate_p, length=size.length)
        self._nmos(block, f"{name}n1", target, one, "vss", w=size.w_gate, length=size.length)
        self._nmos(block, f"{name}n2", target, two, "vss", w=size.w_gate, length=size.length)


class Comparator(Deciding):
    """A clocked comparator by itself: ``out`` is at vdd after a rising edge of ``clk`` where inp was above inn.

               vdd                                vdd
                |                                  |
              +-------------------+  qn -|>o- sn +-------+
        inp --| StrongARM, or     |--------------| latch |
        inn --| double-tail       |--------------| holds |-- out
              +-------------------+  qp -|>o- sp +-------+
                |            |                     |
               vss          clk                   vss

    Ports: inp, inn, clk, out, vdd, vss. Blocks: comparator, latch (the one that holds). Subcircuit parameter,
    where the sizing has a trim pair: ``trim``, the trim code (positive: like a higher inp).

    Parameters
    ----------
    technology : Technology or str
        Transistors; one with :meth:`~spinspice.cmos.Technology.with_mismatch` makes an instance of its own, which must
        then have a ``name`` of its own in its circuit.
    topology : {"strongarm", "double-tail"}
    vdd, probes, name
        As for :class:`spinspice.cells.base.TransistorCell`.
    sizing : ComparatorSizing, optional
        Sizes; by default :meth:`ComparatorSizing.for_technology`.

    Raises
    ------
    CircuitError
        For an unknown choice.
    """

    kind = "comparator"
    blocks = ("comparator", "latch")
    ports = ("inp", "inn", "clk", "out", "vdd", "vss")

    def __init__(
        self,
        technology: Technology | str = "generic",
        *,
        topology: Topology = "strongarm",
        vdd: float | None = None,
        sizing: ComparatorSizing | None = None,
        probes: Probes = "blocks",
        name: str | None = None,
    ) -> None:
        super().__init__(technology, vdd=vdd, probes=probes, name=name, **trim_parameter(sizing))
        self.topology = topology
        self.comparator_sizing = sizing or ComparatorSizing.for_technology(self.technology)
        self._comparator(topology, "inp", "inn")
        self._finish()

    @property
    def noise_estimate(self) -> float:
        """Noise at the input by the textbook [V], sqrt(2 k T / C) at 300 K, C the node that the input pair discharges.

        The pair's noise current is integrated until that node has fallen by a threshold voltage; referred to the input
        its charge is (2 k T gamma / C) V_ov / V_T, of which the last two factors are taken as 1. An order of magnitude.
        """
        size = self.comparator_sizing
        width = size.w_pair + size.w_trim + size.w_reset + size.w_cross
        return math.sqrt(2.0 * k_B * 300.0 / channel_capacitance(width, size.length))

    def arguments(self) -> dict[str, Any]:
        return {
            "technology": self.technology,
            "topology": self.topology,
            "vdd": self.vdd,
            "sizing": self.comparator_sizing,
            "probes": self.probes,
            "name": self.name,
        }
