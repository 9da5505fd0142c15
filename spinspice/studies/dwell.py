"""Study of the stays of a fluctuating two-state junction: rates, histogram against an exponential, spectrum."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from spinspice.analysis.telegraph import dwell_times, exponential_test
from spinspice.devices import as_two_state
from spinspice.errors import ResultError
from spinspice.jobs import JobFailure
from spinspice.presets import load_preset
from spinspice.pyspice import Circuit
from spinspice.studies.base import Batch, Point, Steps, Study
from spinspice.studies.common import PRESET, other, repeats
from spinspice.studies.devices import DEVICE, device_of
from spinspice.studies.parameter import Parameter
from spinspice.studies.result import StudyResult
from spinspice.testbench import Testbench
from spinspice.waveforms import crossings


@dataclasses.dataclass(frozen=True, kw_only=True)
class DwellResult(StudyResult):
    """Complete stays.

    Parameters
    ----------
    stays_P, stays_AP : array
        [s].
    exact : array, shape (2,)
        Mean stays by the law [s].
    flips : array
        Times of the events of the first run [s], for the spectrum.
    duration : float
        Of a run [s].
    """

    stays_P: NDArray[np.float64]
    stays_AP: NDArray[np.float64]
    exact: NDArray[np.float64]
    flips: NDArray[np.float64]
    duration: float
    show = "spinspice.show.dwell"

    @property
    def stays(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        return self.stays_P, self.stays_AP

    @property
    def p_values(self) -> tuple[float, ...]:
        """Of the Kolmogorov-Smirnov test of exponential stays with the exact mean, out of P and AP."""
        return tuple(exponential_test(s, float(m)).p_value for s, m in zip(self.stays, self.exact, strict=True))

    def spectrum(self, frequencies: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the one-sided density of the state 0/1 at frequencies [Hz], from the events alone [1/Hz].

        The integral of exp(-i w t) over the stays in AP, exact for steps; one run, so it scatters by as much as it is.
        """
        edges = np.concatenate([self.flips, [self.duration] if self.flips.size % 2 else []])
        rise, fall = edges[::2], edges[1::2]
        w = 2.0 * np.pi * np.asarray(frequencies)[:, None]
        transform = ((np.exp(-1j * w * rise) - np.exp(-1j * w * fall)) / (1j * w)).sum(axis=1)
        return np.asarray(2.0 * np.abs(transform) ** 2 / self.duration)

    def lorentzian(self, frequencies: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the exact one-sided density: 4 p q tau / (1 + (w tau)^2), 1/tau the sum of both rates."""
        tau = 1.0 / float((1.0 / self.exact).sum())
        share = self.exact / self.exact.sum()
        w = 2.0 * np.pi * np.asarray(frequencies)
        return np.asarray(4.0 * share[0] * share[1] * tau / (1.0 + (w * tau) ** 2))

    def arrays(self) -> dict[str, tuple[str, Any, str]]:
        return {"stays_P": ("stay_P", self.stays_P, "s"), "stays_AP": ("stay_AP", self.stays_AP, "s")}


class Dwell(Study):
    """Watch a junction at a constant voltage."""

    name = "dwell"
    title = "stays of a fluctuating two-state junction: means and histogram against the law, spectrum"
    parameters = (
        other(PRESET, meaning="two-state junction", default="mizrahi2018-scaled", kind="text", chosen=""),
        DEVICE,
        Parameter(name="volts", meaning="constant voltage across the junction", default=0.0, unit="V", low=-10.0,
                  high=10.0),
        Parameter(name="stays", meaning="mean number of stays of a run", default=300, kind="whole", low=40,
                  high=10**6, varied=False),
        repeats("runs with fresh noise", 2, 1),
    )  # fmt: skip
    quantities: ClassVar = {"stay_P": "s", "stay_AP": "s", "exact_P": "s", "exact_AP": "s"}
    exact = ("exact_P", "exact_AP")
    automatic = ("vacask",)
    short: ClassVar = {"stays": 60, "repeats": 1}

    def steps(self, point: Point) -> Steps:
        device = as_two_state(
            device_of(load_preset(point["preset"]).device, point), "stays are those of two states, got a {kind}."
        )
        means = np.array([1.0 / float(r) for r in device.escape_rates(point["volts"] / device.V_c)])
        duration = 0.5 * point["stays"] * float(means.sum())
        circuit = Circuit("a junction at a constant voltage")
        circuit.V("s", "free", circuit.gnd, point["volts"])
        device.resolvable(duration).add_to(circuit, "j", "free", circuit.gnd, "state", "count", seed="{seed}")
        bench = Testbench.from_pyspice(
            circuit, stop=duration, step=0.05 * float(means.min()), max_step=0.05 * duration, save=("v(count)",),
            parameters={"seed": 1}, title="stays of a junction",
        )  # fmt: skip
        jobs = [bench.with_parameters(seed=point.stream(f"run {k}")) for k in range(point["repeats"])]
        found = yield Batch("runs", jobs, lambda waves: crossings(waves.time, waves["v(count)"]))
        for run in found:
            if isinstance(run, JobFailure):
                raise run.error
        both = [dwell_times(events) for events in found]
        stays = [np.concatenate([pair[state] for pair in both]) for state in (0, 1)]
        if min(s.size for s in stays) < 10:
            raise ResultError(f"only {[s.size for s in stays]} stays in P and AP: raise stays or the voltage.")
        names = ("preset", "volts", "stays")
        return DwellResult(
            cell="dwell", engine=point.engine.name, seed=point.seed,
            settings={n: point[n] for n in names} | {"model": point.engine.model, "trials": point["repeats"]},
            stays_P=stays[0], stays_AP=stays[1], exact=means, flips=np.asarray(found[0]), duration=duration,
        )  # fmt: skip

    def numbers(self, result: DwellResult) -> Mapping[str, tuple[float | None, float | None]]:
        found: dict[str, tuple[float | None, float | None]] = {}
        for name, stays, mean in zip(("P", "AP"), result.stays, result.exact, strict=True):
            found[f"stay_{name}"] = (float(stays.mean()), float(stays.std(ddof=1) / np.sqrt(stays.size)))
            found[f"exact_{name}"] = (float(mean), None)
        return found
