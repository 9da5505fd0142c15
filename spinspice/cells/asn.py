"""Analog stochastic neuron: divider of junction and transistor, then an analog buffer biased by a Wilson mirror."""

from __future__ import annotations

import dataclasses
from typing import ClassVar

from spinspice.cells.base import NeuronCell, TransistorCell
from spinspice.cells.sizing import Sizing
from spinspice.cmos import Technology

#: Reference resistor of the analog buffer over the resistance of the junction (Ganguly et al. 2018).
R_REF_RATIO = 0.2


@dataclasses.dataclass(frozen=True, kw_only=True)
class ASNSizing(Sizing):
    """Sizes of an analog stochastic neuron, SI.

    Channels of the buffer, our choice: a quarter longer than the shortest for gain; bias wide enough that two
    gate-source voltages in series fit under 0.8 V; pairs and loads narrow for speed.

    Parameters
    ----------
    R_ref : float
        Reference resistor of the analog buffer [Ohm], 0.2 R (Ganguly).
    l_buffer : float
        Channel length in the analog buffer [m].
    w_bias, w_pair, w_load : float
        n channels of the buffer's bias and tail transistors, input pairs and mirror loads [m]; p channels are ``ratio``
        times as wide.
    """

    R_ref: float
    l_buffer: float
    w_bias: float
    w_pair: float
    w_load: float

    @classmethod
    def output_stage(cls, technology: Technology, resistance: float) -> dict[str, float]:
        return {
            "R_ref": round(R_REF_RATIO * resistance, 1),
            "l_buffer": technology.l_buffer or 1.25 * technology.l_min,
            "w_bias": 125 * technology.l_min,
            "w_pair": 50 * technology.l_min,
            "w_load": 50 * technology.l_min,
        }


def place_wilson(cell: TransistorCell, size: ASNSizing) -> None:
    """Place the bias of analog buffers, R_ref and Wilson mirror, on the gate lines ``nb`` and ``pb`` of a cell."""
    n = {"w": size.w_bias, "length": size.l_buffer}
    p = {"w": size.ratio * size.w_bias, "length": size.l_buffer}
    cell._resistor("bias", "ref", "vdd", "na", size.R_ref)
    cell._nmos("bias", "w1", "na", "nb", "vss", **n)
    cell._nmos("bias", "w2", "nb", "nb", "vss", **n)
    cell._nmos("bias", "w3", "pb", "na", "nb", **n)
    cell._pmos("bias", "w4", "pb", "pb", "vdd", **p)


class ASN(NeuronCell):
    """Analog stochastic neuron of Ganguly et al. 2018 (Fig. 1c).

            vdd                  vdd
             |                    |
           [mtj]               [R_ref]
             |                    | na
             +--- mid ---+        +--- Wilson mirror w1 w2 w3, diode w4 --- nb, pb
        vin -|[ in       |                                                   |
             |           |      +----------------------------------+         |
            vss          +------| n pair n1 n2, loads l1 l2, tn    |--+-- out, fed back
                         |      +----------------------------------+  |      |
                         +------| p pair p1 p2, loads l3 l4, tp    |--+      |
                                +----------------------------------+ tails: -+

    The midpoint of junction and transistor goes through an analog buffer, so that what hangs on the output does not
    load the divider. Published: a buffer based on a Wilson current mirror, its reference resistor 0.2 times the
    resistance R of the junction. The schematic of the buffer is not published; ours is:

    * R_ref from vdd into a three-transistor Wilson mirror (w1, w2, w3) on the lower rail. Its output current flows
      into the p diode w4. The two gate lines so biased (``nb`` for n, ``pb`` for p) set the tail currents.
    * Two differential pairs in unity feedback: an n pair (n1, n2; tail tn; p mirror l1, l2) for the upper half of the
      swing and a p pair (p1, p2; tail tp; n mirror l3, l4) for the lower half. Both drive ``out``. A single stage
      needs no compensation, and where the output nears a rail nothing pulls against it.

    The Wilson loop needs two gate-source voltages under the supply, which is why it sets the bias and is not itself in
    the path of the signal: at 0.8 V an output through it would lose half the swing.

    With the generic process at 0.8 V the buffer has a gain of 0.96, an offset of 0.2 mV, reaches within 40 mV of
    either rail, and settles to 63 % of a step in 60 ps (``tests/systems/test_cells_transistors.py``).

    The output falls as the input rises (see :class:`spinspice.cells.BSN`). Ports, parameters:
    :class:`spinspice.cells.base.NeuronCell`. Blocks: mtj, input, bias (R_ref and Wilson mirror), buffer.
    """

    kind = "asn"
    preset = "ganguly2018"
    blocks: tuple[str, ...] = ("mtj", "input", "bias", "buffer")
    sizes: ClassVar[type[Sizing]] = ASNSizing
    sizing: ASNSizing

    def _build_output(self) -> None:
        self._build_bias()
        self._build_pairs()

    def _build_bias(self) -> None:
        place_wilson(self, self.sizing)

    def _build_pairs(self) -> None:
        size = self.sizing
        length = size.l_buffer
        tail, pair, load = size.w_bias, size.w_pair, size.w_load
        self._nmos("buffer", "tn", "tn", "nb", "vss", w=tail, length=length)
        self._nmos("buffer", "n1", "xn", "mid", "tn", w=pair, length=length)
        self._nmos("buffer", "n2", "out", "out", "tn", w=pair, length=length)
        self._pmos("buffer", "l1", "xn", "xn", "vdd", w=size.ratio * load, length=length)
        self._pmos("buffer", "l2", "out", "xn", "vdd", w=size.ratio * load, length=length)
        self._pmos("buffer", "tp", "tp", "pb", "vdd", w=size.ratio * tail, length=length)
        self._pmos("buffer", "p1", "xp", "mid", "tp", w=size.ratio * pair, length=length)
        self._pmos("buffer", "p2", "out", "out", "tp", w=size.ratio * pair, length=length)
        self._nmos("buffer", "l3", "xp", "xp", "vss", w=load, length=length)
        self._nmos("buffer", "l4", "out", "xp", "vss", w=load, length=length)
