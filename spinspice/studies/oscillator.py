"""Study of a spin-torque oscillator: power, frequency, width of its line, locking to a field, against the laws."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from spinspice.devices import SpinTorqueOscillator, as_kind
from spinspice.devices.laws import oscillator as laws
from spinspice.devices.reference.oscillator import check_inside
from spinspice.errors import ResultError
from spinspice.jobs import JobFailure
from spinspice.networks.oscillators import OscillatorArray, Tone
from spinspice.presets import load_preset
from spinspice.studies.base import Batch, Point, Steps, Study
from spinspice.studies.common import PRESET, other, repeats
from spinspice.studies.devices import DEVICE, device_of
from spinspice.studies.firing import mean_of
from spinspice.studies.parameter import Parameter
from spinspice.studies.result import StudyResult
from spinspice.waveforms import Waveforms

#: Times of the relaxation of the amplitude that are left out, and lag of the phase over it: our choice.
SETTLE, LAG = 10.0, 4.0
#: Times of the locking that are left out under a field.
PULLED = 8.0


@dataclasses.dataclass(frozen=True, kw_only=True)
class OscillatorResult(StudyResult):
    """Runs of one oscillator.

    Parameters
    ----------
    power, frequency, diffusion : array, shape (runs,)
        Mean power [1], mean frequency [Hz], and half the rate at which the variance of the phase grows [rad^2/s], free.
    exact_power, exact_linewidth : float
        By the law: truncated normal; low noise [Hz].
    half_range : float
        Adler's, of the field [Hz]; 0 without one.
    off : array, shape (runs,)
        Mean frequency under the field less that of the field [Hz]; empty without one.
    exact_off : float
        The same without noise by Adler's law [Hz].
    detuning : float
        Field less free oscillation [Hz].
    time, envelope : array
        Of the first run, at most 2000 points [s, 1].
    """

    power: NDArray[np.float64]
    frequency: NDArray[np.float64]
    diffusion: NDArray[np.float64]
    exact_power: float
    exact_frequency: float
    exact_linewidth: float
    half_range: float
    off: NDArray[np.float64]
    exact_off: float
    detuning: float
    time: NDArray[np.float64]
    envelope: NDArray[np.float64]
    show = "spinspice.show.oscillator"

    @property
    def linewidth(self) -> tuple[float | None, float | None]:
        """Full width at half maximum of a line whose phase diffuses, D / pi, and its standard error [Hz]."""
        return mean_of(self.diffusion / math.pi)

    def arrays(self) -> dict[str, tuple[str, Any, str]]:
        return {"frequency": ("run", self.frequency, "Hz"), "envelope": ("point", self.envelope, "1")}


class OscillatorStudy(Study):
    """Watch an oscillator alone, then under the field of a strip line."""

    name = "oscillator"
    title = "spin-torque oscillator: power, frequency, linewidth, locking to a field, against the laws"
    parameters = (
        other(PRESET, meaning="oscillator", default="vortex375", kind="text", chosen=""),
        DEVICE,
        Parameter(name="drive", meaning="current over the threshold", default=1.5, low=1.01, high=10.0),
        Parameter(name="field", meaning="of the strip line; 0 for none", default=0.0, unit="T", low=0.0, high=1.0),
        Parameter(
            name="detuning", meaning="of the field from the free oscillation, over Adler's half range", default=0.5,
            low=-20.0, high=20.0,
        ),
        Parameter(
            name="duration", meaning="of a run", default=10e-6, unit="s", low=1e-9, high=1.0, varied=False,
        ),
        repeats("runs with fresh noise", 6, 2),
    )  # fmt: skip
    quantities: ClassVar = {
        "power": "1", "exact_power": "1", "frequency": "Hz", "exact_frequency": "Hz", "linewidth": "Hz",
        "exact_linewidth": "Hz", "half_range": "Hz", "off": "Hz", "exact_off": "Hz",
    }  # fmt: skip
    exact = ("exact_power", "exact_frequency", "exact_linewidth", "half_range", "exact_off")
    short: ClassVar = {"duration": 2e-6, "repeats": 2, "field": 2e-5}

    def steps(self, point: Point) -> Steps:
        device = as_kind(
            device_of(load_preset(point["preset"]).device, point), SpinTorqueOscillator,
            "locking and lines are those of a spin-torque oscillator (stno), got a {kind}.",
        )  # fmt: skip
        current = point["drive"] * device.I_th
        free = device.frequency(current)
        settle = SETTLE / (2.0 * device.amplitude_rate(current))
        if point["duration"] < 4.0 * settle:
            raise ResultError(
                f"duration = {point['duration']:g} s is short: the amplitude settles in {settle:.2g} s, and four times "
                f"that is needed at least. Take {5.0 * settle:.1g} s."
            )
        half = laws.locking_half_range(device, current, 0.5 * device.k_B * point["field"]) if point["field"] else 0.0
        detuning = point["detuning"] * half

        def bench(name: str, tones: tuple[Tone, ...]) -> Any:
            array = OscillatorArray(devices=[device], currents=[current], load=math.inf, tones=tones)
            return array.testbench(point["duration"], point.stream(name))

        def numbers(waves: Waveforms) -> dict[str, Any]:
            return measured(device, current, waves, settle)

        def locked(waves: Waveforms) -> dict[str, Any]:
            # The phase settles at the rate of the locking, which is slower
            after = min(settle + PULLED / (2.0 * math.pi * half), 0.5 * point["duration"])
            return measured(device, current, waves, after)

        runs = range(point["repeats"])
        found = yield Batch("alone", [bench(f"run {k}", ()) for k in runs], numbers)
        forced = []
        if point["field"]:
            tone = Tone(point["field"], free + detuning)
            forced = yield Batch("under a field", [bench(f"forced {k}", (tone,)) for k in runs], locked)
        for run in (*found, *forced):
            if isinstance(run, JobFailure):
                raise run.error
        names = ("preset", "drive", "field", "detuning", "duration")
        beat = math.sqrt(max(detuning**2 - half**2, 0.0))
        return OscillatorResult(
            cell="oscillator", engine=point.engine.name, seed=point.seed,
            settings={n: point[n] for n in names} | {"model": point.engine.model, "trials": point["repeats"]},
            power=np.array([run["power"] for run in found]), frequency=np.array([run["frequency"] for run in found]),
            diffusion=np.array([run["diffusion"] for run in found]),
            exact_power=laws.power_moments(device, current)[0], exact_frequency=free,
            exact_linewidth=laws.linewidth(device, current), half_range=half, detuning=detuning,
            off=np.array([run["frequency"] - free - detuning for run in forced]),
            exact_off=-math.copysign(beat, detuning), **found[0]["trace"],
        )  # fmt: skip

    def numbers(self, result: OscillatorResult) -> Mapping[str, tuple[float | None, float | None]]:
        return {
            "power": mean_of(result.power), "exact_power": (result.exact_power, None),
            "frequency": mean_of(result.frequency), "exact_frequency": (result.exact_frequency, None),
            "linewidth": result.linewidth, "exact_linewidth": (result.exact_linewidth, None),
            "half_range": (result.half_range, None), "off": mean_of(result.off),
            "exact_off": (result.exact_off if result.off.size else None, None),
        }  # fmt: skip


def measured(device: SpinTorqueOscillator, current: float, waves: Waveforms, settle: float) -> dict[str, Any]:
    """Return mean power, mean frequency, diffusion of the phase and a thinned envelope of a run."""
    step = device.dt
    time = np.arange(settle, waves.time[-1], step)
    a = np.interp(time, waves.time, waves["v(x0)"]) + 1j * np.interp(time, waves.time, waves["v(y0)"])
    check_inside(time, a)
    turned = -np.unwrap(np.angle(a))
    slope = (turned[-1] - turned[0]) / (time[-1] - time[0])
    # Late slope of the variance: the memory of the amplitude cancels between two lags
    lag = max(1, round(LAG / (2.0 * device.amplitude_rate(current)) / step))
    rest = turned - slope * (time - time[0])
    variances = [float(np.mean((rest[k * lag :] - rest[: -k * lag]) ** 2)) for k in (1, 2)]
    every = max(1, time.size // 2000)
    return {
        "power": float(np.mean(np.abs(a) ** 2)),
        "frequency": device.f_ref + slope / (2.0 * math.pi),
        "diffusion": 0.5 * (variances[1] - variances[0]) / (lag * step),
        "trace": {"time": time[::every], "envelope": np.abs(a[::every])},
    }
