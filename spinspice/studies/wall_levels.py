"""Study of a domain-wall memristor: levels that pulses step through, wrong steps at temperature, retention."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from spinspice.benches.wall import memristor, pulses
from spinspice.devices import DomainWall, as_kind
from spinspice.devices.laws.wall import hopping_time
from spinspice.devices.reference.wall import check_on_track
from spinspice.errors import ResultError
from spinspice.jobs import JobFailure
from spinspice.presets import load_preset
from spinspice.studies.base import Batch, Point, Steps, Study
from spinspice.studies.common import PRESET, other, repeats
from spinspice.studies.devices import DEVICE, device_of
from spinspice.studies.parameter import Parameter
from spinspice.studies.result import StudyResult
from spinspice.waveforms import Waveforms

#: Time before the first pulse [s], and after the last, with the read [s].
START, READ = 1e-9, 5e-9


@dataclasses.dataclass(frozen=True, kw_only=True)
class WallLevelsResult(StudyResult):
    """Sites after each pulse.

    Parameters
    ----------
    cold : array, shape (pulses + 1,)
        Position at rest before and after each pulse at T = 0, in sites.
    hot : array, shape (runs, pulses + 1)
        The same at the temperature of the device.
    conductance : array, shape (runs,)
        Of the contact at the end of each run [S].
    retention : float
        Mean time to the next hop, by the law [s].
    time, position : array
        Of the run at T = 0, at most 2000 points [s, m].
    """

    cold: NDArray[np.float64]
    hot: NDArray[np.float64]
    conductance: NDArray[np.float64]
    retention: float
    time: NDArray[np.float64]
    position: NDArray[np.float64]
    show = "spinspice.show.wall_levels"

    @property
    def levels(self) -> int:
        """Different sites at T = 0."""
        return int(np.unique(np.round(self.cold)).size)

    @property
    def one_step(self) -> NDArray[np.float64]:
        """Part of the pulses of each run that moved the wall by one site."""
        steps = np.diff(np.round(self.hot), axis=1)
        return np.asarray((np.abs(steps) == 1.0).mean(axis=1))

    @property
    def one_step_stderr(self) -> float:
        """Binomial, with one more of each kind: not zero where all pulses moved it by one site."""
        count = self.one_step.size * (self.hot.shape[1] - 1)
        part = (self.one_step.mean() * count + 1.0) / (count + 2.0)
        return float(np.sqrt(part * (1.0 - part) / count))

    def arrays(self) -> dict[str, tuple[str, Any, str]]:
        return {"cold": ("pulse", self.cold, "1"), "conductance": ("run", self.conductance, "S")}


class WallLevels(Study):
    """Step a pinned wall through its sites by equal pulses."""

    name = "wall-levels"
    title = "domain-wall memristor: levels by equal pulses, wrong steps at temperature, retention"
    parameters = (
        other(PRESET, meaning="domain wall with pinning", default="dw-levels", kind="text", chosen=""),
        DEVICE,
        Parameter(name="current", meaning="of a pulse through the track", default=1e-4, unit="A", low=-1.0, high=1.0),
        Parameter(name="pulse", meaning="length of a pulse", default=0.85e-9, unit="s", low=2e-10, high=1e-3),
        Parameter(name="pause", meaning="after a pulse", default=3e-9, unit="s", low=1e-9, high=1e-3),
        Parameter(name="pulses", meaning="of a run", default=16, kind="whole", low=1, high=10_000, varied=False),
        repeats("runs with fresh noise", 20, 1),
    )  # fmt: skip
    quantities: ClassVar = {"levels": "1", "one_step": "1", "retention": "s"}
    exact = ("levels", "retention")
    short: ClassVar = {"pulses": 4, "repeats": 2}

    def steps(self, point: Point) -> Steps:
        device = as_kind(
            device_of(load_preset(point["preset"]).device, point), DomainWall, "levels need a wall, got a {kind}."
        )
        if not device.V_0 > 0.0:
            raise ResultError("a wall without pinning has no levels: give V_0 (device V_0=..., in J) above 0.")
        count = point["pulses"]
        drive = pulses(point["current"], point["pulse"], count, point["pause"], START)
        rests = np.append(START + np.arange(count) * (point["pulse"] + point["pause"]), 0.0)
        stop = float(rests[-2] + point["pulse"] + point["pause"] + READ)
        rests[-1] = stop - READ

        def sites(waves: Waveforms) -> dict[str, Any]:
            q = 1e-6 * waves["v(q)"]
            check_on_track(device, waves.time, q)
            every = max(1, q.size // 2000)
            return {
                "sites": np.interp(rests, waves.time, q) / device.d_pin,
                "conductance": -float(waves["i(vread)"][-1]) / 0.05,
                "time": waves.time[::every], "position": q[::every],
            }  # fmt: skip

        runs = [(device.replace(T=0.0), 1), *((device, point.stream(f"run {k}")) for k in range(point["repeats"]))]
        found = yield Batch("runs", [memristor(each, drive, stop, seed) for each, seed in runs], sites)
        for run in found:
            if isinstance(run, JobFailure):
                raise run.error
        names = ("preset", "current", "pulse", "pause", "pulses")
        return WallLevelsResult(
            cell="wall-levels", engine=point.engine.name, seed=point.seed,
            settings={n: point[n] for n in names} | {"model": point.engine.model, "trials": point["repeats"]},
            cold=found[0]["sites"], hot=np.array([run["sites"] for run in found[1:]]),
            conductance=np.array([run["conductance"] for run in found[1:]]),
            retention=hopping_time(device) if device.T else float("inf"),
            time=found[0]["time"], position=found[0]["position"],
        )  # fmt: skip

    def numbers(self, result: WallLevelsResult) -> Mapping[str, tuple[float | None, float | None]]:
        return {
            "levels": (float(result.levels), None),
            "one_step": (float(result.one_step.mean()), result.one_step_stderr),
            "retention": (result.retention, None),
        }
