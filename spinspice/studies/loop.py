"""Study of loops: resistance against voltage or field, and where junctions switch, against the exact mean."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from spinspice.benches.loops import SWEPT, LoopBench
from spinspice.devices.kinds import is_macrospin, is_two_state
from spinspice.devices.laws.fokker_planck import time_unit
from spinspice.errors import UsageError
from spinspice.jobs import JobFailure
from spinspice.memory.write_errors import check_uniaxial
from spinspice.presets import load_preset
from spinspice.studies.base import Batch, Point, Steps, Study
from spinspice.studies.common import PRESET, other
from spinspice.studies.devices import DEVICE, device_of
from spinspice.studies.parameter import Parameter
from spinspice.studies.result import StudyResult

#: Points of a loop.
POINTS = 200


@dataclasses.dataclass(frozen=True, kw_only=True)
class LoopResult(StudyResult):
    """A loop 0, -high, +high, 0.

    Parameters
    ----------
    value : array, shape (n,)
        Voltage [V] or field [T].
    resistance : array, shape (n,)
        Of the mean conductance [Ohm].
    parallel, law : array, shape (n,)
        Part of the junctions on the parallel side, and the exact chance.
    samples : int
        Junctions.
    """

    value: NDArray[np.float64]
    resistance: NDArray[np.float64]
    parallel: NDArray[np.float64]
    law: NDArray[np.float64]
    samples: int
    show = "spinspice.show.loop"

    @property
    def stderr(self) -> NDArray[np.float64]:
        """Standard error of ``parallel`` if the law holds."""
        return np.sqrt(self.law * (1.0 - self.law) / self.samples)

    @property
    def deviations(self) -> NDArray[np.float64]:
        """(parallel - law) / stderr where the law expects five junctions at least on either side, else NaN."""
        told = (self.samples * self.law > 5.0) & (self.samples * (1.0 - self.law) > 5.0)
        return np.where(told, (self.parallel - self.law) / np.where(told, self.stderr, 1.0), np.nan)

    def threshold(self, curve: NDArray[np.float64], to_AP: bool) -> float:
        """Return where half of the junctions have switched, on the way down (to AP) or up; NaN if they do not."""
        n = self.value.size
        part = slice(0, n // 4 + 1) if to_AP else slice(n // 4, 3 * n // 4 + 1)
        x, y = self.value[part], curve[part]
        past = np.flatnonzero(y < 0.5) if to_AP else np.flatnonzero(y > 0.5)
        if past.size == 0 or past[0] == 0:
            return math.nan
        k = int(past[0])
        return float(x[k - 1] + (x[k] - x[k - 1]) * (0.5 - y[k - 1]) / (y[k] - y[k - 1]))

    def arrays(self) -> dict[str, tuple[str, Any, str]]:
        unit = "T" if self.settings["swept"] == "field" else "V"
        return {
            "value": ("point", self.value, unit), "resistance": ("point", self.resistance, "Ohm"),
            "parallel": ("point", self.parallel, "1"), "law": ("point", self.law, "1"),
        }  # fmt: skip


class Loop(Study):
    """Sweep voltage or field over many junctions."""

    name = "loop"
    title = "R-V and R-H loops of many junctions: resistance, thresholds of the ramp, against the exact mean"
    parameters = (
        other(PRESET, meaning="stable two-state junction, or macrospin along z", default="spin-dice", kind="text",
              chosen=""),
        DEVICE,
        Parameter(name="swept", meaning="what is swept", default="voltage", kind="text", choices=SWEPT, varied=False),
        Parameter(name="high", meaning="largest voltage [V] or field [T]", chosen="1.1 critical voltages (macrospin: "
                  "2.5), or 1.2 anisotropy fields", low=1e-6, high=100.0),
        Parameter(name="length", meaning="time of a loop", chosen="1e4 attempt times, or 600 relaxation times",
                  unit="s", low=1e-10, high=10.0),
        Parameter(name="samples", meaning="junctions", default=40, kind="whole", low=10, high=2000, varied=False),
    )  # fmt: skip
    quantities: ClassVar = {"to_AP": "1", "to_P": "1", "exact_to_AP": "1", "exact_to_P": "1", "worst": "1"}
    exact = ("exact_to_AP", "exact_to_P", "worst")
    counts = ("to_AP", "to_P")
    short: ClassVar = {"samples": 10}

    def bench(self, point: Point) -> LoopBench:
        """Return the loop of a point."""
        device, swept = device_of(load_preset(point["preset"]).device, point), point["swept"]
        if is_two_state(device):
            high, length = (0.12 if swept == "field" else 1.1 * device.V_c), 1e4 / device.phi0
        elif is_macrospin(device):
            check_uniaxial(device)
            high = 1.2 * device.B_eff if swept == "field" else 2.5 * device.I_c0 * device.R_P
            length = 600.0 * time_unit(device)
        else:
            raise UsageError(
                f"a {type(device).__name__} has no loop here: a two-state junction or a macrospin along z."
            )
        return LoopBench(device=device, swept=swept, high=point["high"] or high, length=point["length"] or length,
                         samples=point["samples"], seed=point.stream("loop"))  # fmt: skip

    def steps(self, point: Point) -> Steps:
        bench = self.bench(point)
        (waves,) = yield Batch("loop", [bench.testbench()])
        if isinstance(waves, JobFailure):
            raise waves.error
        times = bench.length * np.linspace(0.0, 1.0, POINTS + 1)[1:]
        return LoopResult(
            cell="loop",
            engine=point.engine.name,
            seed=point.seed,
            settings={"preset": point["preset"], "swept": bench.swept, "high": bench.high, "length": bench.length,
                      "samples": bench.samples, "model": point.engine.model},
            value=bench.value(times),
            resistance=bench.resistance(waves, times),
            parallel=bench.parallel(waves, times).mean(axis=0),
            law=bench.law(times),
            samples=bench.samples,
        )  # fmt: skip

    def numbers(self, result: LoopResult) -> Mapping[str, tuple[float | None, float | None]]:
        found: dict[str, tuple[float | None, float | None]] = {}
        for name, to_AP in (("to_AP", True), ("to_P", False)):
            for prefix, curve in (("", result.parallel), ("exact_", result.law)):
                value = result.threshold(curve, to_AP)
                found[prefix + name] = (value if math.isfinite(value) else None, None)
        told = np.abs(result.deviations)
        return found | {"worst": (float(np.nanmax(told)) if np.isfinite(told).any() else None, None)}
