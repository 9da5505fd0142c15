"""Study of a bit of ST-MRAM: energy and delay of reads and writes, area."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from typing import Any, ClassVar

from spinspice.benches.memory import Timing
from spinspice.devices import as_macrospin
from spinspice.jobs import JobFailure
from spinspice.memory import MemoryFigures
from spinspice.memory.figures import figures_of, memory_benches
from spinspice.presets import load_preset
from spinspice.studies.base import Batch, Point, Steps, Study
from spinspice.studies.common import PRESET, TECHNOLOGY, TEMPERATURE, VDD, at_temperature, changes_of, other, repeats
from spinspice.studies.devices import DEVICE, device_of
from spinspice.studies.parameter import Parameter
from spinspice.studies.result import StudyResult
from spinspice.studies.run import study_function

#: Junction where none is named, cells on the column, and bits that share a word driver and the read bias.
DEFAULT_PRESET, ROWS, WORD = "sttmram", 8, 8


@dataclasses.dataclass(frozen=True, kw_only=True)
class MemoryStudy(StudyResult):
    """What the study found: the figures of a bit."""

    figures: MemoryFigures
    #: Of the figures.
    deterministic = ("figures.pulse_write", "figures.cell_area", "figures.closure")
    show = "spinspice.show.mram"

    @property
    def title(self) -> str:
        """One line that says what this is."""
        s = self.settings
        return f"ST-MRAM, junction {s['preset']}, {s['cmos']} {s['vdd']:g} V, {self.engine}, seed {self.seed}"

    def arrays(self) -> dict[str, tuple[str, Any, str]]:
        f = self.figures
        return {
            "energy_read": ("block", list(f.blocks_read.values()), "J"),
            "energy_write": ("block", [f.blocks_write.get(name, 0.0) for name in f.blocks_read], "J"),
        }


class Mram(Study):
    """Read and write a bit of a column of 8 cells."""

    name = "mram"
    title = "energy and delay of reads and writes of a bit of ST-MRAM, and its area"
    parameters = (
        other(PRESET, meaning="stable junction, a macrospin one", default=DEFAULT_PRESET, kind="text"),
        other(TECHNOLOGY, default="generic", chosen=""),
        VDD,
        DEVICE,
        Parameter(
            name="pulse", meaning="length of the write pulse", chosen="that of Timing", unit="s", low=1e-10, high=1e-6
        ),
        other(TEMPERATURE, chosen="300, and the junction's own"),
        repeats("repetitions with fresh noise and angles", 4, 2),
    )
    short: ClassVar = {"repeats": 2}
    quantities: ClassVar = {
        "energy_read": "J",
        "energy_write": "J",
        "delay_read": "s",
        "delay_write": "s",
        "wrong_reads": "1",
        "failed_writes": "1",
        "cell_area": "m2",
    }
    exact = ("cell_area",)

    def steps(self, point: Point) -> Steps:
        name = point["preset"]
        message = f"preset {name} is a {{kind}}; a memory cell needs a macrospin: sttmram."
        device = as_macrospin(device_of(load_preset(name).device, point), message)
        timing = Timing() if point["pulse"] is None else Timing(write=point["pulse"])
        seeds = [point.stream(f"memory {k}") for k in range(point["repeats"])]
        benches = memory_benches(device, point["technology"], seeds, rows=ROWS, vdd=point["vdd"], timing=timing)
        results = yield Batch("repetitions", at_temperature([b.testbench for b in benches], point))
        for result in results:
            if isinstance(result, JobFailure):
                raise result.error
        figures = figures_of(benches, timing, results)
        settings = {
            "preset": name,
            "cmos": figures.technology,
            "corner": figures.corner,
            "vdd": figures.vdd,
            "model": point.engine.model,
            "rows": ROWS,
            "trials": point["repeats"],
        }
        return MemoryStudy(
            cell="mram",
            engine=point.engine.name,
            seed=point.seed,
            settings=settings | changes_of(point, "pulse", "temperature"),
            provenance={"source": figures.source},
            figures=figures,
        )

    def numbers(self, result: MemoryStudy) -> Mapping[str, tuple[float | None, float | None]]:
        f = result.figures
        found = {name: (getattr(f, name), getattr(f, f"{name}_stderr")) for name in list(self.quantities)[:4]}
        for name in ("wrong_reads", "failed_writes"):
            part = getattr(f, name) / (f.operations // 2)
            found[name] = (part, math.sqrt(part * (1.0 - part) / (f.operations // 2)) if part else math.nan)
        return found | {"cell_area": (f.cell_area, None)}


study_memory = study_function(Mram, "preset")
