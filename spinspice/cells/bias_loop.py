"""A loop that keeps the bits of a random junction balanced: packets of charge, a capacitor, and an amplifier."""

from __future__ import annotations

from typing import Any

from spinspice.cells.cell import Probes
from spinspice.cells.comparator import ComparatorSizing, Deciding, smallest_width
from spinspice.cells.read_bias import mirror_size
from spinspice.cmos import Technology
from spinspice.errors import check_range

#: Capacitor that carries a bit, and the one that adds them up [F]: our choice. Their ratio is the weight of a bit.
PACKET, INTEGRAL = 4e-15, 4e-12
#: Length of the switches over the shortest: leakage of n and p differs, a bias of 0.07 with the shortest (measured).
LONGER = 4.0
#: Tail current of the amplifier over the read current, and the width of its pair over the smallest: our choice.
TAIL, PAIR = 4, 4.0


class BiasLoop(Deciding):
    r"""Raises the stimulus of a read-out cell while its bits are ones more often than not.

        out --/ not read -- packet --/ isolate -- integral --(+)
                              |                      |          amplifier -- stim
                             [C]                    [C]  mid --(-)

    Between reads a small capacitor is at the level of the last bit; in the read it shares its charge with a large one,
    so that this holds a fading mean of the bits, :math:`V = \frac12 V_{DD} \langle s \rangle` with a weight of
    C_packet / C_integral for each. The two switches are never closed together: a read lasts longer than the
    isolation at both ends. An amplifier of five transistors (p pair, n mirror), its tail fed from the gate line of the
    read currents, turns V into a current of up to ``tail`` read currents either way, into junction and reference.

    What is left of a bias falls by 1 + g, g the slope of the mean sign with V times half of the supply: a mean of bits
    must remain to hold V. Packets do not depend on transistors that match. An offset of the amplifier leaves
    its part of half of the supply, and unequal leakage of the switches a part of a packet.

    Ports: out (of the read-out), read, isolate, mid (0 V), pb, integral (the large capacitor), stim, vdd, vss.

    Parameters
    ----------
    read_current : float
        What a unit of the gate line carries [A].
    packet, integral : float
        Capacitors [F].
    tail : int
        Tail current over the read current.
    technology, vdd, sizing, probes, name
        As for :class:`spinspice.cells.comparator.Comparator`.
    """

    kind = "biasloop"
    blocks = ("timing", "switch", "amplifier")
    ports = ("out", "read", "isolate", "mid", "pb", "integral", "stim", "vdd", "vss")

    def __init__(
        self,
        read_current: float,
        technology: Technology | str = "generic",
        *,
        packet: float = PACKET,
        integral: float = INTEGRAL,
        tail: int = TAIL,
        vdd: float | None = None,
        sizing: ComparatorSizing | None = None,
        probes: Probes = "none",
        name: str | None = None,
    ) -> None:
        super().__init__(technology, vdd=vdd, probes=probes, name=name)
        where = "bias loop"
        self.read_current = check_range("read_current", read_current, 0.0, 1.0, unit="A", where=where, open_low=True)
        self.packet = check_range("packet", packet, 1e-17, 1e-9, unit="F", where=where)
        self.integral = check_range("integral", integral, 10.0 * packet, 1e-6, unit="F", where=where)
        self.tail = int(check_range("tail", tail, 1, 100, where=where))
        self.comparator_sizing = sizing or ComparatorSizing.for_technology(self.technology)
        self._inverter("timing", "r", "read", "read_b")
        self._inverter("timing", "i", "isolate", "isolate_b")
        smallest = smallest_width(self.technology)
        size = {"w": smallest, "length": LONGER * self.technology.l_min}
        for name_, one, two, on, off in (("a", "out", "packet", "read_b", "read"),
                                         ("b", "packet", "integral", "isolate", "isolate_b")):  # fmt: skip
            self._nmos("switch", f"{name_}n", one, on, two, **size)
            self._pmos("switch", f"{name_}p", one, off, two, **size)
        self.C("packet", "packet", "vss", self.packet)
        self.C("integral", "integral", "vss", self.integral)
        width, length = mirror_size(self.technology, self.vdd, self.read_current)
        # As in a cell, the switch above the mirror is there, always on, so that the voltage lost on it is the same.
        self._pmos("amplifier", "e", "top", "vss", "vdd", w=self.tail * width, length=self.technology.l_min)
        self._pmos("amplifier", "t", "tail", "pb", "top", w=self.tail * width, length=length)
        for side, drain, gate in (("x", "load", "integral"), ("y", "stim", "mid")):
            self._pmos("amplifier", f"m{side}", drain, gate, "tail", w=PAIR * smallest, length=length)
            self._nmos("amplifier", f"l{side}", drain, "load", "vss", w=smallest, length=length)
        self._finish()

    def arguments(self) -> dict[str, Any]:
        return {
            "read_current": self.read_current,
            "technology": self.technology,
            "packet": self.packet,
            "integral": self.integral,
            "tail": self.tail,
            "vdd": self.vdd,
            "sizing": self.comparator_sizing,
            "probes": self.probes,
            "name": self.name,
        }
