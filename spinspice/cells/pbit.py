"""A p-bit with both polarities: the binary stochastic neuron with a third inverter."""

from __future__ import annotations

import math

from spinspice.cells.bsn import BSN
from spinspice.cells.comparator import channel_capacitance


class PBit(BSN):
    """Binary stochastic neuron with a rising output beside the falling one.

            vdd
             |
           [mtj]          _          _          _
             |-- mid ----|>o- bar --|>o- out --|>o- outb
        vin -|[             falls as vin rises     rises
             |
            vss

    ``outb`` is the state of the p-bit, m = sgn(outb) with <m> = tanh((vin - v_0)/V0); ``out`` is its complement, so
    that couplings of both signs are resistors. All three inverters are of one size (our choice).

    Ports: vin, out, outb, vdd, vss, mid. The rest as :class:`spinspice.cells.BSN`.
    """

    kind = "pbit"
    ports: tuple[str, ...] = ("vin", "out", "outb", "vdd", "vss", "mid")

    def _build_output(self) -> None:
        super()._build_output()
        self._inverter(3, "out", "outb")

    @property
    def input_capacitance(self) -> float:
        """Capacitance of the input [F], as the channel of its transistor has it."""
        return channel_capacitance(self.sizing.w_input, self.sizing.l_input)

    @property
    def input_resistance(self) -> float:
        """Resistance of the input to the middle of the supply [Ohm]: that of a gate is infinite."""
        return math.inf
