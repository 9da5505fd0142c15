"""Study of write errors in a memory array: which part of the bits has not switched when the pulse ends."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np

from spinspice.devices import as_macrospin
from spinspice.jobs import JobFailure
from spinspice.memory.circuit_errors import COLUMNS, WritePath, write_benches, write_errors_of
from spinspice.memory.write_errors import WriteErrors
from spinspice.presets import load_preset
from spinspice.studies.base import Batch, Point, Steps, Study
from spinspice.studies.common import PRESET, TECHNOLOGY, TEMPERATURE, VDD, at_temperature, changes_of, other, repeats
from spinspice.studies.devices import DEVICE, device_of
from spinspice.studies.mram import DEFAULT_PRESET
from spinspice.studies.parameter import Parameter
from spinspice.studies.result import StudyResult
from spinspice.studies.run import study_function

#: Pulse widths of the curve, up to the longest; our choice.
WIDTHS = 12


@dataclasses.dataclass(frozen=True, kw_only=True)
class WriteErrorStudy(StudyResult):
    """Write errors against pulse width, and the current that the column gives.

    Parameters
    ----------
    errors : WriteErrors
        At :data:`WIDTHS` widths, the last the pulse that was asked for.
    path : WritePath
    """

    errors: WriteErrors
    path: WritePath
    show = "spinspice.show.write_errors"

    def arrays(self) -> dict[str, tuple[str, Any, str]]:
        e = self.errors
        return {
            name: ("pulse", getattr(e, name), "s" if name == "width" else "1") for name in ("width", "error", "theory")
        }


class WriteErrorRate(Study):
    """Write words of an array and count the bits that have not switched."""

    name = "write-errors"
    title = "part of the bits of a memory array that a write pulse does not switch, against theory"
    parameters = (
        other(PRESET, meaning="stable junction, a macrospin one", default=DEFAULT_PRESET, kind="text"),
        DEVICE,
        other(TECHNOLOGY, default="generic", chosen=""),
        VDD,
        Parameter(
            name="bit", meaning="bit that is written over its opposite: 1 is AP", default=1, kind="whole", low=0, high=1
        ),
        Parameter(name="pulse", meaning="width of the write pulse", default=8e-9, unit="s", low=1e-9, high=1e-6),
        Parameter(name="rows", meaning="cells on a bit line", default=1, kind="whole", low=1, high=1024),
        other(TEMPERATURE, chosen="300, and the junction's own"),
        repeats(f"bits that are written, rounded up to words of {COLUMNS}", 64, 8, 1_000_000),
    )
    quantities: ClassVar = {"error": "1", "theory": "1", "overdrive": "1"}
    short: ClassVar = {"repeats": 8, "pulse": 2e-9}

    def steps(self, point: Point) -> Steps:
        name, bit = point["preset"], point["bit"]
        message = f"preset {name} is a {{kind}}; a memory cell needs a macrospin: sttmram."
        device = as_macrospin(device_of(load_preset(name).device, point), message)
        widths = np.linspace(point["pulse"] / WIDTHS, point["pulse"], WIDTHS)
        seeds = [point.stream(f"write {k}") for k in range(-(-point["repeats"] // COLUMNS))]
        how = {"vdd": point["vdd"], "rows": point["rows"]}
        benches = write_benches(device, point["technology"], bit, point["pulse"], seeds, **how)
        results = yield Batch("words", at_temperature([b.testbench for b in benches], point))
        for result in results:
            if isinstance(result, JobFailure):
                raise result.error
        errors, path = write_errors_of(benches, device, bit, widths, results)
        array = benches[0].array
        made = {"preset": name, "cmos": array.technology.name, "corner": array.technology.corner, "vdd": array.vdd}
        made |= {"model": point.engine.model, "bit": bit, "pulse": point["pulse"], "rows": point["rows"]}
        return WriteErrorStudy(
            cell="write-errors",
            engine=point.engine.name,
            seed=point.seed,
            settings=made | {"trials": point["repeats"]} | changes_of(point, "temperature"),
            provenance=dict(results[0].provenance),
            errors=errors,
            path=path,
        )

    def numbers(self, result: WriteErrorStudy) -> Mapping[str, tuple[float | None, float | None]]:
        e = result.errors
        part = float(e.error[-1])
        stderr = math.sqrt(part * (1.0 - part) / e.samples) if 0.0 < part < 1.0 else math.nan
        # The current is a fit to the runs, whose error is not estimated; so is that of the theory with it.
        return {
            "error": (part, stderr),
            "theory": (float(e.theory[-1]), math.nan),
            "overdrive": (e.overdrive, math.nan),
        }


study_write_errors = study_function(WriteErrorRate, "preset")
