r"""Energy and area of a population-coding system, by phase and technology: Mizrahi 2018, Fig. 5b and 5c.

An operation observes the stimulus, computes eq. 4 and, while learning, updates the weights. Every entry is a number of
events (from operations that were simulated gate by gate) times the energy of one (from transients), and says where both
are from. Only the digital part and the readout are carried to another CMOS node; what a memory bit costs is the
current of its junction, and stays as measured.
"""

from __future__ import annotations

import dataclasses
import math
from typing import Any, Literal

from spinspice.cmos import get_traits
from spinspice.errors import UsageError, check_range
from spinspice.memory import MemoryFigures
from spinspice.networks.population import junction_resistance, population_power
from spinspice.papers.mizrahi2018.full_system import scaling
from spinspice.papers.mizrahi2018.full_system.activity import HIGH, LOW, PERIOD, DigitalFigures
from spinspice.papers.mizrahi2018.full_system.measured import (
    ReadFigures,
    digital_figures,
    memory_figures,
    read_figures,
)
from spinspice.papers.mizrahi2018.populations import scaled

Phase = Literal["observe", "compute", "learn"]
PHASES: tuple[Phase, ...] = ("observe", "compute", "learn")
TECHNOLOGY = ("junctions", "CMOS", "MRAM")
#: The paper's junctions: resistance-area product [Ohm m^2] (a slip corrected, see junction_resistance), diameter [m].
RA, DIAMETER = 20e-12, 11e-9
#: Part of the silicon that standard cells fill: our choice, usual for placed and routed logic.
UTILISATION = 0.7
WEIGHT_BITS = 8


@dataclasses.dataclass(frozen=True)
class Contribution:
    """Energy of one part of the system in one phase of an operation [J], and where it is from."""

    phase: Phase
    technology: str
    part: str
    energy: float
    stderr: float
    source: str


@dataclasses.dataclass(frozen=True)
class Area:
    """Area of one part of the system [m^2], and where it is from."""

    technology: str
    part: str
    area: float
    source: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class FullSystem:
    """A system of ``inputs`` junctions and ``outputs`` outputs.

    Parameters
    ----------
    inputs, outputs : int
    technology : str
        Transistors of readout and memory; the digital part is of the library in ``digital``.
    digital : DigitalFigures
    reader : ReadFigures
    memory : MemoryFigures
    to_scale : bool
        Carry CMOS to :data:`spinspice.papers.mizrahi2018.full_system.scaling.NODE`; else everything is as measured.
    """

    inputs: int
    outputs: int
    technology: str
    digital: DigitalFigures
    reader: ReadFigures
    memory: MemoryFigures
    to_scale: bool = True

    @property
    def duration(self) -> float:
        """Duration of an observation [s]."""
        return self.digital.steps * PERIOD

    @property
    def digital_factors(self) -> tuple[float, float]:
        """What energy and area of the digital part are multiplied with."""
        return self._factors(self.digital.node, self.digital.vdd)

    @property
    def reader_factors(self) -> tuple[float, float]:
        """What energy and area of the readout are multiplied with."""
        return self._factors(self._feature_size, self.reader.vdd)

    @property
    def _feature_size(self) -> float:
        """Feature size of the transistors of readout and memory [m]."""
        size = get_traits(self.technology).feature_size
        assert size is not None  # it is in the table of measured ones
        return size

    def _factors(self, node: float, vdd: float) -> tuple[float, float]:
        if not self.to_scale:
            return 1.0, 1.0
        return scaling.energy_factor(node, vdd), scaling.area_factor(node)

    def contributions(self) -> tuple[Contribution, ...]:
        """Return the energy of an operation by phase and part."""
        made = [self._junctions(), self._reads()]
        made += [self._gates(phase) for phase in PHASES]
        made += [self._memory("compute", "read"), self._memory("learn", "read"), self._memory("learn", "write")]
        return tuple(made)

    def energy(self, phase: Phase | None = None, technology: str | None = None, *, learning: bool = True) -> float:
        """Return the sum of the contributions [J] of a phase, a technology or all."""
        return self._sum(phase, technology, learning)[0]

    def stderr(self, phase: Phase | None = None, technology: str | None = None, *, learning: bool = True) -> float:
        """Return the standard error of :meth:`energy` [J]."""
        return self._sum(phase, technology, learning)[1]

    def _sum(self, phase: str | None, technology: str | None, learning: bool) -> tuple[float, float]:
        chosen = [
            c for c in self.contributions()
            if (phase in (None, c.phase)) and (technology in (None, c.technology)) and (learning or c.phase != "learn")
        ]  # fmt: skip
        return math.fsum(c.energy for c in chosen), math.hypot(*(c.stderr for c in chosen))

    def areas(self) -> tuple[Area, ...]:
        """Return the area of each part."""
        d, r, bits = self.digital, self.reader, self.inputs * self.outputs * WEIGHT_BITS
        memory_factor = scaling.area_factor(self._feature_size) if self.to_scale else 1.0
        disc = 0.25 * math.pi * DIAMETER**2
        return (
            Area("junctions", "junctions", self.inputs * disc, f"discs of {DIAMETER:g} m"),
            Area(
                "CMOS", "digital", self.digital_factors[1] * d.area / UTILISATION,
                f"{d.size} cells of {d.library}, {UTILISATION:.0%} filled, "
                f"times {self.digital_factors[1]:.3g}",
            ),
            Area(
                "CMOS", "readout", self.reader_factors[1] * self.inputs * r.area,
                f"transistors by rule of thumb, times {self.reader_factors[1]:.3g}",
            ),
            Area(
                "MRAM", "bit cells", memory_factor * bits * self.memory.cell_area,
                f"{bits} cells of {self.technology} by rule of thumb, times {memory_factor:.3g}",
            ),
        )  # fmt: skip

    def area(self, technology: str | None = None) -> float:
        """Return the area [m^2] of a technology or of all."""
        return math.fsum(a.area for a in self.areas() if technology in (None, a.technology))

    def _junctions(self) -> Contribution:
        R = junction_resistance(RA, DIAMETER)
        power = population_power(scaled(self.inputs, LOW, HIGH), R, HIGH)
        source = f"eq. 10 and the largest stimulus, R = {R:.4g} Ohm, {self.duration:g} s"
        return Contribution("observe", "junctions", "junctions", power.energy(self.duration), 0.0, source)

    def _reads(self) -> Contribution:
        reads = self.inputs * (self.digital.steps + 1)
        factor = self.reader_factors[0]
        source = f"{reads} reads of {self.reader.energy:.3g} J ({self.reader.source}), times {factor:.3g}"
        return Contribution("observe", "CMOS", "readout", factor * reads * self.reader.energy, 0.0, source)

    def _gates(self, phase: Phase) -> Contribution:
        factor, d = self.digital_factors[0], self.digital
        source = f"{d.source}: {d.energy[phase]:.3g} J at {d.vdd:g} V, times {factor:.3g}"
        return Contribution(
            phase, "CMOS", "digital", factor * d.energy[phase], factor * d.energy_stderr[phase], source
        )  # fmt: skip

    def _memory(self, phase: Phase, operation: Literal["read", "write"]) -> Contribution:
        """Return the cost of memory accesses: the bits that are read or changed, and once a word what they share."""
        m, d = self.memory, self.digital
        words = (d.words_read if operation == "read" else d.words_written)[phase]
        bits = WEIGHT_BITS * words if operation == "read" else d.bits_written[phase]
        alone = m.energy_per_bit(operation)
        shared = 2.0 * (alone - m.energy_per_bit(operation, word=2))
        each = alone - shared
        stderr = bits * (m.energy_read_stderr if operation == "read" else m.energy_write_stderr)
        source = f"{words:.0f} words, {bits:.0f} bits of {each:.3g} J, {shared:.3g} J a word ({m.source})"
        return Contribution(phase, "MRAM", operation, bits * each + words * shared, stderr, source)

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain data for JSON."""
        return {
            "inputs": self.inputs,
            "outputs": self.outputs,
            "technology": self.technology,
            "to_scale": self.to_scale,
            "node": scaling.NODE if self.to_scale else None,
            "vdd": scaling.VDD if self.to_scale else None,
            "energy": [dataclasses.asdict(c) for c in self.contributions()],
            "area": [dataclasses.asdict(a) for a in self.areas()],
            "energy_total": self.energy(),
            "energy_without_learning": self.energy(learning=False),
            "area_total": self.area(),
            "digital": self.digital.to_dict(),
        }


def full_system(inputs: int = 128, outputs: int = 128, cmos: str = "generic", *, to_scale: bool = True) -> FullSystem:
    """Return the model of a system.

    Sizes in the table answer at once; others are synthesised and simulated, which takes a minute and needs Yosys.

    Parameters
    ----------
    inputs, outputs : int
        2 to 1024.
    cmos : str
        Transistors of readout and memory: generic, sky130 or sg13g2.
    to_scale : bool
        Carry CMOS to 28 nm.

    Raises
    ------
    UsageError
        For a technology that was not measured.
    ParameterError
        For sizes out of range.
    EngineNotFound
        If the size is not in the table and Yosys is not installed.
    """
    for name, value in (("inputs", inputs), ("outputs", outputs)):
        check_range(name, value, 2, 1024, where="size of the full system")
    if ":" in cmos:
        raise UsageError(f"{cmos}: the full system was measured at typical corners. Give a technology alone.")
    return FullSystem(
        inputs=inputs, outputs=outputs, technology=cmos, digital=digital_figures(inputs, outputs),
        reader=read_figures(cmos), memory=memory_figures(cmos), to_scale=to_scale,
    )  # fmt: skip
