"""Study of a junction that a weak square drive locks with the help of noise, against its exact law."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from spinspice.benches.driven import Driven, energy_of
from spinspice.devices import as_two_state
from spinspice.devices.laws.driven import Locking, locking_of_rates
from spinspice.jobs import JobFailure
from spinspice.presets import load_preset
from spinspice.studies.base import Batch, Point, Steps, Study
from spinspice.studies.common import PRESET, other, repeats
from spinspice.studies.devices import DEVICE, device_of
from spinspice.studies.parameter import Parameter
from spinspice.studies.result import StudyResult
from spinspice.waveforms import Waveforms, crossings

#: Half periods that are left out while the junction settles into its periodic state.
SETTLE = 4
#: Half periods of a block, whose counts give the standard errors.
BLOCK = 10


@dataclasses.dataclass(frozen=True, kw_only=True)
class LockingResult(StudyResult):
    """Switches a half period, counted and by the law.

    Parameters
    ----------
    counts : array, shape (blocks,)
        Switches in each block of ten half periods.
    law : Locking
        Exact mean and variance for the rates in the divider.
    half_period : float
        [s].
    energy, energy_stderr : float
        Energy from the source in a whole period [J].
    """

    counts: NDArray[np.float64]
    law: Locking
    half_period: float
    energy: float
    energy_stderr: float
    show = "spinspice.show.locking"

    @property
    def switches(self) -> float:
        """Mean number a half period."""
        return float(self.counts.mean()) / BLOCK

    @property
    def switches_stderr(self) -> float:
        """From the law's variance, which holds where few switches are missed too."""
        return math.sqrt(self.law.variance / (self.counts.size * BLOCK))

    @property
    def deviation(self) -> float:
        """Counted less exact, in standard errors."""
        return (self.switches - self.law.switches) / self.switches_stderr

    def arrays(self) -> dict[str, tuple[str, Any, str]]:
        return {"counts": ("block", self.counts, "1")}


class LockingStudy(Study):
    """Count the switches of a junction under a square drive."""

    name = "locking"
    title = "switches of a two-state junction per half period of a weak square drive, and the energy of a period"
    parameters = (
        other(PRESET, meaning="two-state junction", default="mizrahi2018-scaled", kind="text", chosen=""),
        DEVICE,
        Parameter(
            name="eta", meaning="drive in the exponent: barrier x volts / V_c of an amplitude", default=3.0, low=0.0,
            high=30.0,
        ),
        Parameter(
            name="x", meaning="escape rate at rest x half period", default=0.3, low=1e-6, high=1e3,
        ),
        Parameter(
            name="noise", meaning="standard deviation of electrical noise, in the exponent", default=0.0, low=0.0,
            high=6.0,
        ),
        Parameter(
            name="samples", meaning="noise samples of a half period", default=200, kind="whole", low=4, high=100_000,
            varied=False,
        ),
        Parameter(
            name="series", meaning="resistor before the junction, in units of R_P", default=0.0, low=0.0, high=100.0,
        ),
        Parameter(
            name="halves", meaning="half periods of a run", default=1004, kind="whole", low=44, high=10**6,
            varied=False,
        ),
        repeats("runs with fresh noise", 2, 1),
    )  # fmt: skip
    quantities: ClassVar = {"switches": "1", "exact_switches": "1", "exact_variance": "1", "energy": "J"}
    exact = ("exact_switches", "exact_variance")
    automatic = ("vacask",)
    short: ClassVar = {"halves": 64, "repeats": 2}

    def bench(self, point: Point) -> Driven:
        """Return the circuit of a point; its drive is scaled so that a junction without resistor sees ``eta``."""
        device = as_two_state(
            device_of(load_preset(point["preset"]).device, point), "locking needs a two-state junction, got a {kind}."
        )
        volts = device.V_c / device.barrier
        return Driven(
            device=device,
            volts=point["eta"] * volts,
            half_period=point["x"] / float(device.escape_rates(0.0)[0]),
            series=point["series"] * device.R_P,
            noise=point["noise"] * volts,
            samples=point["samples"],
        )

    def steps(self, point: Point) -> Steps:
        bench = self.bench(point)
        law = locking_of_rates(bench.noisy_rates(-bench.volts), bench.noisy_rates(bench.volts), bench.half_period)
        jobs = [bench.testbench(point["halves"], point.stream(f"run {k}")) for k in range(point["repeats"])]

        def count(waves: Waveforms) -> tuple[list[float], float]:
            events = crossings(waves.time, waves["v(count)"])
            edges = bench.half_period * np.arange(SETTLE, point["halves"] + 1, BLOCK)
            return np.diff(np.searchsorted(events, edges)).astype(float).tolist(), energy_of(waves)

        found = yield Batch("runs", jobs, count)
        for run in found:
            if isinstance(run, JobFailure):
                raise run.error
        energies = 2.0 * np.array([energy for _, energy in found]) / point["halves"]
        names = ("preset", "eta", "x", "noise", "series", "halves")
        return LockingResult(
            cell="locking",
            engine=point.engine.name,
            seed=point.seed,
            settings={name: point[name] for name in names} | {"model": point.engine.model, "trials": point["repeats"]},
            counts=np.concatenate([counts for counts, _ in found]),
            law=law,
            half_period=bench.half_period,
            energy=float(energies.mean()),
            energy_stderr=float(energies.std(ddof=1) / math.sqrt(energies.size)) if energies.size > 1 else math.nan,
        )

    def numbers(self, result: LockingResult) -> Mapping[str, tuple[float | None, float | None]]:
        return {
            "switches": (result.switches, result.switches_stderr),
            "exact_switches": (result.law.switches, None),
            "exact_variance": (result.law.variance, None),
            "energy": (result.energy, result.energy_stderr),
        }
