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
        five_transistors(self, "amplifier", "inp", "inn", "out", bias)
        self._finish()

    def arguments(self) -> dict[str, Any]:
        return {
            "technology": self.technology, "bias": self.bias_current, "vdd": self.vdd, "probes": self.probes,
            "name": self.name,
        }  # fmt: skip


def least_bias(technology: Technology, vdd: float) -> float:
    """Return the smallest bias [A] of an amplifier whose transistors can be drawn."""
    length, table = inverter_length(technology), technology.half_supply
    return technology.w_min * max(table.current("n", length, vdd), 2.0 * table.current("p", length, vdd))


def five_transistors(cell: TransistorCell, block: str, inp: str, inn: str, out: str, bias: float) -> None:
    """Place the amplifier of :class:`SummingAmplifier` in a cell, between nodes, with a bias [A].

    Raises
    ------
    CircuitError
        For a bias whose transistors are too small to draw.
    """
    technology, vdd = cell.technology, cell.vdd
    least = least_bias(technology, vdd)
    if bias < least * (1.0 - 1e-9):
        raise CircuitError(
            f"bias = {bias:g} A asks for transistors below the smallest width of {technology.name}, "
            f"{technology.w_min:g} m. Take {least:.3g} A or more."
        )
    length, table = inverter_length(technology), technology.half_supply
    n, p = bias / table.current("n", length, vdd), bias / table.current("p", length, vdd)
    for side, drain, gate in (("a", "mirror", inp), ("b", out, inn)):
        cell._nmos(block, f"n{side}", drain, gate, "tail", w=PAIR * n / 2, length=length)
        cell._pmos(block, f"p{side}", drain, "mirror", "vdd", w=p / 2, length=length)
    cell._nmos(block, "ntail", "tail", "set", "vss", w=n, length=length)
    cell._nmos(block, "ndiode", "set", "set", "vss", w=n, length=length)
    cell._resistor(block, "set", "vdd", "set", vdd / 2 / bias)
