"""What a spin dice needs around its junction and comparator: a driver that resets and writes, and exclusive or."""

from __future__ import annotations

from typing import Any

from spinspice.cells.cell import Probes
from spinspice.cells.comparator import ComparatorSizing, Deciding, smallest_width
from spinspice.cmos import Technology
from spinspice.errors import ParameterError, check_range

#: Resistance of the driver's switches over R_P: our choice. A hundredth of the voltage moves P(1) by 0.14 at 40 kT.
SWITCH = 0.02


class DiceDriver(Deciding):
    """Three transmission gates from a junction's line: to vdd (reset), to vw (write), to rest.

        vdd --/ reset --+
        vw  --/ write --+-- stim
        rest --/ neither +

    Ports: reset, write (controls, never high together), stim, vw (a line whose voltage sets P(1) of the write), rest,
    vdd, vss.

    Parameters
    ----------
    resistance : float
        Of the junction, parallel [Ohm].
    technology, vdd, sizing, probes, name
        As for :class:`spinspice.cells.comparator.Comparator`.
    """

    kind = "dicedriver"
    blocks = ("timing", "switch")
    ports = ("reset", "write", "stim", "vw", "rest", "vdd", "vss")

    def __init__(
        self,
        resistance: float,
        technology: Technology | str = "generic",
        *,
        vdd: float | None = None,
        sizing: ComparatorSizing | None = None,
        probes: Probes = "none",
        name: str | None = None,
    ) -> None:
        super().__init__(technology, vdd=vdd, probes=probes, name=name)
        self.resistance = check_range("resistance", resistance, 1.0, 1e9, unit="Ohm", where="driver of a spin dice")
        self.comparator_sizing = sizing or ComparatorSizing.for_technology(self.technology)
        self._inverter("timing", "r", "reset", "reset_b")
        self._inverter("timing", "w", "write", "write_b")
        self._nor("timing", "i", "reset", "write", "idle")
        self._inverter("timing", "n", "idle", "idle_b")
        width = self._width()
        for k, (node, on, off) in enumerate((("vdd", "reset", "reset_b"), ("vw", "write", "write_b"),
                                             ("rest", "idle", "idle_b"))):  # fmt: skip
            size = {"w": width, "length": self.technology.l_min}
            self._nmos("switch", f"g{k}n", "stim", on, node, **size)
            self._pmos("switch", f"g{k}p", "stim", off, node, **size)
        self._finish()

    def arguments(self) -> dict[str, Any]:
        return {
            "resistance": self.resistance,
            "technology": self.technology,
            "vdd": self.vdd,
            "sizing": self.comparator_sizing,
            "probes": self.probes,
            "name": self.name,
        }

    def _width(self) -> float:
        """Width of both channels of a switch [m], as the read-out sizes its own."""
        length = self.technology.l_inverter or self.technology.l_min
        currents = sum(self.technology.half_supply.current(polarity, length, self.vdd) for polarity in ("n", "p"))
        width = self.vdd / 4 / (SWITCH * self.resistance * currents)
        if width > 1e-3:
            raise ParameterError(
                f"a driver for R_P = {self.resistance:g} Ohm would be {width * 1e3:.3g} mm wide in "
                f"{self.technology.name}; allowed is 1 mm. Use a smaller junction."
            )
        return max(width, smallest_width(self.technology))


class ExclusiveOr(Deciding):
    """out = a xor b: four NAND gates. Ports: a, b, out, vdd, vss.

    Arguments are those of :class:`spinspice.cells.comparator.Comparator`, but for its topology.
    """

    kind = "xor"
    blocks = ("logic",)
    ports = ("a", "b", "out", "vdd", "vss")

    def __init__(
        self, technology: Technology | str = "generic", *, vdd: float | None = None,
        sizing: ComparatorSizing | None = None, probes: Probes = "none", name: str | None = None,
    ) -> None:  # fmt: skip
        super().__init__(technology, vdd=vdd, probes=probes, name=name)
        self.comparator_sizing = sizing or ComparatorSizing.for_technology(self.technology)
        self._nand("logic", "m", "a", "b", "ab")
        self._nand("logic", "x", "a", "ab", "ax")
        self._nand("logic", "y", "b", "ab", "bx")
        self._nand("logic", "z", "ax", "bx", "out")
        self._finish()

    def arguments(self) -> dict[str, Any]:
        return {
            "technology": self.technology,
            "vdd": self.vdd,
            "sizing": self.comparator_sizing,
            "probes": self.probes,
            "name": self.name,
        }
