"""An amplifier of five transistors that adds up currents at a node it holds: the sum of a p-bit's synapses."""

from __future__ import annotations

from typing import Any

from spinspice.cells.base import TransistorCell
from spinspice.cells.cell import Probes
from spinspice.cells.sizing import inverter_length
from spinspice.cmos import Technology
from spinspice.errors import CircuitError, check_range

#: Width of a transistor of the pair over that of one with its current at half the supply: at that many times the width
#: it needs some 0.1 V less at its gate, which is what the tail keeps. Our choice.
PAIR = 10.0


class SummingAmplifier(TransistorCell):
    """Transconductance amplifier: n pair, p mirror, tail from a diode and a resistor.

            vdd --+-------+------------+
                  |       |            |
                 [p]--o--[p]          [R]
                  |   |   |            |
                  +---+   +-- out      +--- tail gate
                  |       |            |
           inp --[n]     [n]-- inn    [n] diode
                  +---+---+            |
                    [n tail]          vss
                      |
                     vss

    ``out`` rises with inp and falls with inn. All sizes follow from the bias current by the technology's table of
    currents at half the supply. Block: amplifier.

    Parameters
    ----------
    technology : Technology or str
    bias : float
        Current of the tail [A], and of the diode.
    vdd, probes, name
        As for :class:`spinspice.cells.base.TransistorCell`.
    """

    kind = "summing_amplifier"
    blocks = ("amplifier",)
    ports = ("inp", "inn", "out", "vdd", "vss")
    sizing = None

    def __init__(
        self,
        technology: Technology | str = "generic",
        *,
        bias: float = 10e-6,
        vdd: float | None = None,
        probes: Probes = "blocks",
        name: str | None = None,
    ) -> None:
        self.bias_current = check_range("bias", bias, 1e-8, 1e-3, unit="A", where="summing amplifier")
        super().__init__(technology, vdd=vdd, probes=probes, name=name or self.kind)
        least = self.least(self.technology, self.vdd)
        if bias < least * (1.0 - 1e-9):
            raise CircuitError(
                f"bias = {bias:g} A asks for transistors below the smallest width of {self.technology.name}, "
                f"{self.technology.w_min:g} m. Take {least:.3g} A or more."
            )
        length = inverter_length(self.technology)
        table = self.technology.half_supply
        one = {kind: bias / table.current(kind, length, self.vdd) for kind in ("n", "p")}
        for side, drain, gate in (("a", "mirror", "inp"), ("b", "out", "inn")):
            self._nmos("amplifier", f"n{side}", drain, gate, "tail", w=PAIR * one["n"] / 2, length=length)
            self._pmos("amplifier", f"p{side}", drain, "mirror", "vdd", w=one["p"] / 2, length=length)
        self._nmos("amplifier", "ntail", "tail", "set", "vss", w=one["n"], length=length)
        self._nmos("amplifier", "ndiode", "set", "set", "vss", w=one["n"], length=length)
        self._resistor("amplifier", "set", "vdd", "set", self.vdd / 2 / bias)
        self._finish()

    @staticmethod
    def least(technology: Technology, vdd: float) -> float:
        """Return the smallest bias [A] whose transistors can be drawn."""
        length, table = inverter_length(technology), technology.half_supply
        return technology.w_min * max(table.current("n", length, vdd), 2.0 * table.current("p", length, vdd))

    def arguments(self) -> dict[str, Any]:
        return {
            "technology": self.technology, "bias": self.bias_current, "vdd": self.vdd, "probes": self.probes,
            "name": self.name,
        }  # fmt: skip
