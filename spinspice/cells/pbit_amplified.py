"""What p-bits have in common whose divider is read by an amplifier of five transistors and three inverters."""

from __future__ import annotations

import abc
from typing import Any, ClassVar, Literal

from spinspice.cells.base import TransistorCell
from spinspice.cells.cell import Probes
from spinspice.cells.pbit import PBit
from spinspice.cells.sizing import InverterSizing, inverter_length
from spinspice.cells.summing import five_transistors, least_bias
from spinspice.cmos import Technology
from spinspice.devices.base import Device

#: Bias of the amplifier [A]: our choice, fast beside a magnet of nanoseconds.
BIAS = 5e-6


class AmplifiedPBit(PBit):
    """p-bit whose divider ``mid`` an amplifier compares with another node; three inverters make outputs of it.

    A cell of this family says which junction it takes (:meth:`_check`), places divider and reference
    (:meth:`_build_divider`), and has as class attributes the node that the amplifier compares with, the side of the
    junction's reference layer, and its own name.
    """

    preset = ""
    against: ClassVar[str]
    side: ClassVar[Literal["vdd", "mid"]]
    called: ClassVar[str]

    def __init__(
        self,
        device: Device | None = None,
        technology: Technology | str = "generic",
        *,
        vdd: float | None = None,
        sizing: InverterSizing | None = None,
        probes: Probes = "blocks",
        name: str | None = None,
    ) -> None:
        self.device = self._check(device)
        TransistorCell.__init__(self, technology, vdd=vdd, probes=probes, name=name or self.called, seed=1)
        self.reference = self.side
        self.bias_current = max(BIAS, least_bias(self.technology, self.vdd))
        self.sizing = sizing or self._sized()
        self._build_divider()
        self._build_output()
        self._finish()

    @staticmethod
    @abc.abstractmethod
    def _check(device: Device | None) -> Device:
        """Return the junction if this cell can take it; a CircuitError says what it needs."""

    @property
    def load(self) -> float:
        """Resistance that the inverters are sized for [Ohm]."""
        return float(self.device.parameters()["R_P"])

    def arguments(self) -> dict[str, Any]:
        return {
            "device": self.device, "technology": self.technology, "vdd": self.vdd, "sizing": self.sizing,
            "probes": self.probes, "name": self.name,
        }  # fmt: skip

    def _sized(self) -> InverterSizing:
        technology = self.technology
        length, table = inverter_length(technology), technology.half_supply
        return InverterSizing(
            resistance=self.load, w_input=technology.w_min, l_input=technology.l_min,
            ratio=table.current("n", length, self.vdd) / table.current("p", length, self.vdd),
            **InverterSizing.output_stage(technology, self.load),
        )  # fmt: skip

    def _build_output(self) -> None:
        five_transistors(self, "inverters", "mid", self.against, "read", self.bias_current)
        self._inverter(1, "read", "bar")
        self._inverter(2, "bar", "out")
        self._inverter(3, "out", "outb")
