"""Analog stochastic neuron of a network: both polarities of the output, and a bias that many neurons share."""

from __future__ import annotations

from typing import Any

from spinspice.cells.asn import ASN, ASNSizing, place_wilson
from spinspice.cells.base import TransistorCell
from spinspice.cells.cell import Probes
from spinspice.cells.sizing import inverter_length
from spinspice.cmos import Technology

#: Input resistor of the inverter over the resistance of the junction, our choice: it takes a few per cent of the swing.
R_IN_RATIO = 12.0
#: Feedback over input resistor, our choice: makes up for the finite gain of the inverter, so that unity comes out.
R_FEEDBACK = 1.1
#: Channel width of the inverter over the shortest channel, our choice: it drives the synapses.
INVERTER_WIDTH = 25.0


class PairedASN(ASN):
    """Analog stochastic neuron with the complement ``outb`` of its output: synapses of both signs are resistors.

        mid --- analog buffer --- out --[R_i]--+--[R_f]--+
                                               +---|>o---+-- outb

    A CMOS inverter with a resistor across it and one to ``out`` is an inverting amplifier of gain
    -(R_f / R_i) A / (A + 1 + R_f / R_i), A its own gain; R_f / R_i is chosen so that one comes out.

    Parameters
    ----------
    complement : bool
        Whether there is an ``outb``; without, the cell is the published one.
    shared : bool
        Take the gate lines ``nb`` and ``pb`` of the buffer from a :class:`WilsonBias`; they are ports then.
    ratio : float
        R_f / R_i [1].

    The rest as :class:`spinspice.cells.ASN`. Blocks: mtj, input, bias (where it is not shared), buffer, inverter.
    """

    def __init__(
        self,
        *args: Any,
        complement: bool = True,
        shared: bool = False,
        ratio: float = R_FEEDBACK,
        **settings: Any,
    ) -> None:
        self.complement, self.shared, self.ratio = complement, shared, ratio
        self.ports: tuple[str, ...] = (
            "vin", "out", *(["outb"] if complement else []), "vdd", "vss", "mid", *(["nb", "pb"] if shared else []),
        )  # fmt: skip
        self.blocks = (
            "mtj", "input", *([] if shared else ["bias"]), "buffer", *(["inverter"] if complement else []),
        )  # fmt: skip
        super().__init__(*args, **settings)

    def arguments(self) -> dict[str, Any]:
        return super().arguments() | {"complement": self.complement, "shared": self.shared, "ratio": self.ratio}

    def _build_output(self) -> None:
        if not self.shared:
            self._build_bias()
        self._build_pairs()
        if self.complement:
            self._build_inverter()

    def _build_inverter(self) -> None:
        size, length = self.sizing, inverter_length(self.technology)
        width = max(INVERTER_WIDTH * self.technology.l_min, self.technology.w_min)
        resistance = R_IN_RATIO * size.resistance
        self._resistor("inverter", "ri", "out", "xi", resistance)
        self._resistor("inverter", "rf", "xi", "outb", self.ratio * resistance)
        self._pmos("inverter", "ip", "outb", "xi", "vdd", w=size.ratio * width, length=length)
        self._nmos("inverter", "in2", "outb", "xi", "vss", w=width, length=length)


class WilsonBias(TransistorCell):
    """Bias of the analog buffers of many neurons: reference resistor and Wilson mirror. Ports: nb, pb, vdd, vss."""

    kind = "wilson"
    blocks = ("bias",)
    ports = ("nb", "pb", "vdd", "vss")

    def __init__(
        self,
        technology: Technology | str,
        sizing: ASNSizing,
        *,
        vdd: float | None = None,
        probes: Probes = "blocks",
        name: str | None = None,
    ) -> None:
        super().__init__(technology, vdd=vdd, probes=probes, name=name)
        self.sizing = sizing
        place_wilson(self, sizing)
        self._finish()

    @classmethod
    def of(cls, neuron: ASN) -> WilsonBias:
        """Return the bias that a neuron would have by itself."""
        return cls(neuron.technology, neuron.sizing, vdd=neuron.vdd, probes=neuron.probes)

    def arguments(self) -> dict[str, Any]:
        return {
            "technology": self.technology,
            "sizing": self.sizing,
            "vdd": self.vdd,
            "probes": self.probes,
            "name": self.name,
        }


#: Its name, given here so that it is not among the neuron cells by name: networks take it.
PairedASN.kind = "asn_paired"
