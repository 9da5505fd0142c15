"""Study of switching: probability against pulse amplitude and width, both ways, bare or through a transistor."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from spinspice.benches.pulses import DIRECTIONS, EDGE, PulseBench
from spinspice.cmos import get_technology
from spinspice.devices.kinds import is_macrospin, is_two_state
from spinspice.devices.laws.fokker_planck import not_switched, time_unit
from spinspice.errors import UsageError
from spinspice.jobs import JobFailure
from spinspice.memory.write_errors import check_uniaxial, fit_write_current
from spinspice.presets import load_preset
from spinspice.studies.base import Batch, Point, Steps, Study
from spinspice.studies.common import PRESET, TECHNOLOGY, other
from spinspice.studies.devices import DEVICE, device_of
from spinspice.studies.parameter import Parameter
from spinspice.studies.result import StudyResult
from spinspice.waveforms import Waveforms


@dataclasses.dataclass(frozen=True, kw_only=True)
class SwitchingResult(StudyResult):
    """The map.

    Parameters
    ----------
    amplitudes : array, shape (a,)
        Of the pulses [V].
    widths : array, shape (w,)
        [s].
    probability, theory : array, shape (2, a, w)
        Switched part of the samples, and by the law; directions to AP and to P.
    samples : int
        Junctions of a pulse.
    """

    amplitudes: NDArray[np.float64]
    widths: NDArray[np.float64]
    probability: NDArray[np.float64]
    theory: NDArray[np.float64]
    samples: int
    show = "spinspice.show.switching"

    @property
    def stderr(self) -> NDArray[np.float64]:
        """Standard error of ``probability`` if the law holds."""
        return np.sqrt(self.theory * (1.0 - self.theory) / self.samples)

    @property
    def deviations(self) -> NDArray[np.float64]:
        """(probability - theory) / stderr where the law expects five junctions at least on either side, else NaN."""
        told = (self.samples * self.theory > 5.0) & (self.samples * (1.0 - self.theory) > 5.0)
        return np.where(told, (self.probability - self.theory) / np.where(told, self.stderr, 1.0), np.nan)

    def critical_line(self, direction: int) -> NDArray[np.float64]:
        """Return the width that switches half, for each amplitude, by the law [s]; NaN outside the map."""
        lines = []
        for row in self.theory[direction]:
            rising = np.maximum.accumulate(row)
            inside = rising[0] < 0.5 < rising[-1]
            lines.append(float(np.interp(0.5, rising, self.widths)) if inside else math.nan)
        return np.array(lines)

    def arrays(self) -> dict[str, tuple[str, Any, str]]:
        found: dict[str, tuple[str, Any, str]] = {
            "amplitude": ("amplitude", self.amplitudes, "V"), "width": ("width", self.widths, "s"),
        }  # fmt: skip
        for d, name in enumerate(DIRECTIONS):
            tag = name.replace(" ", "_")
            for kind in ("probability", "theory"):
                flat = getattr(self, kind)[d].ravel()
                found[f"{kind}_{tag}"] = ("pulse", flat, "1")
        return found


class Switching(Study):
    """Pulse many junctions and count."""

    name = "switching"
    title = "switching probability against amplitude and width of a pulse, both ways, against hazard or Fokker-Planck"
    parameters = (
        other(PRESET, meaning="junction: a stable macrospin along z, or a two-state one", default="sttmram",
              kind="text", chosen=""),
        DEVICE,
        Parameter(name="low", meaning="smallest amplitude", chosen="1.3 critical (macrospin), 0.3 V_c (two states)",
                  unit="V", low=1e-6, high=10.0),
        Parameter(name="high", meaning="largest amplitude", chosen="2.2 critical (macrospin), 0.8 V_c (two states)",
                  unit="V", low=1e-6, high=10.0),
        Parameter(name="amplitudes", meaning="amplitudes of the map", default=3, kind="whole", low=1, high=50,
                  varied=False),
        Parameter(name="width", meaning="longest pulse", chosen="12 relaxation times, or two mean stays", unit="s",
                  low=1e-12, high=10.0),
        Parameter(name="samples", meaning="junctions of each pulse", default=40, kind="whole", low=10, high=2000,
                  varied=False),
        other(TECHNOLOGY, meaning="puts an access transistor at each junction", chosen="none: bare junctions"),
        Parameter(name="access", meaning="width of the access transistor", default=2e-6, unit="m", low=1e-8,
                  high=1e-3),
        Parameter(name="gate", meaning="gate of the access transistor", chosen="the technology's supply", unit="V",
                  low=0.0, high=5.0),
    )  # fmt: skip
    quantities: ClassVar = {"to_AP": "1", "to_P": "1", "worst": "1"}
    exact = ("worst",)
    short: ClassVar = {"preset": "mizrahi2018-scaled", "samples": 10, "amplitudes": 1}

    def benches(self, point: Point) -> list[PulseBench]:
        """Return the pulses of a point: all amplitudes to AP, then to P."""
        device = device_of(load_preset(point["preset"]).device, point)
        low, high, length = self._range(device)
        low, high = (given or chosen for given, chosen in ((point["low"], low), (point["high"], high)))
        if not high > low:
            raise UsageError(f"high = {high:g} V of a switching map must be above low = {low:g} V.")
        technology = None if point["technology"] is None else get_technology(point["technology"])
        gate = point["gate"] if point["gate"] is not None else (technology.supply(1.2) if technology else 0.0)
        return [
            PulseBench(
                device=device, direction=direction, volts=float(volts), length=point["width"] or length,
                samples=point["samples"], seed=point.stream(f"{direction} {k}"), technology=technology,
                width=point["access"], gate=gate,
            )
            for direction in DIRECTIONS
            for k, volts in enumerate(np.linspace(low, high, point["amplitudes"]))
        ]  # fmt: skip

    @staticmethod
    def _range(device: Any) -> tuple[float, float, float]:
        if is_two_state(device):
            volts = 0.5 * device.V_c
            rate = float(device.escape_rates(-volts / device.V_c)[0])
            return 0.3 * device.V_c, 0.8 * device.V_c, 2.0 / rate
        if is_macrospin(device):
            check_uniaxial(device)
            critical = device.I_c0 * device.R_P
            return 1.3 * critical, 2.2 * critical, 12.0 * time_unit(device)
        raise UsageError(f"a {type(device).__name__} has no switching map here: a Telegraph or a Macrospin along z.")

    def steps(self, point: Point) -> Steps:
        benches = self.benches(point)
        length = benches[0].length
        widths = length * np.linspace(0.04, 0.98, 24)
        jobs = [bench.testbench() for bench in benches]
        found = yield Batch("pulses", jobs)
        count, law = [], []
        for bench, waves in zip(benches, found, strict=True):
            if isinstance(waves, JobFailure):
                raise waves.error
            start = 1.0 - 2.0 * bench.state0
            count.append((start * bench.cosines(waves, widths) <= 0.0).mean(axis=0))
            law.append(_law(bench, waves, widths))
        shape = (2, point["amplitudes"], widths.size)
        names = ("preset", "amplitudes", "samples", "technology", "access")
        return SwitchingResult(
            cell="switching",
            engine=point.engine.name,
            seed=point.seed,
            settings={n: point[n] for n in names if point[n] is not None} | {"model": point.engine.model},
            amplitudes=np.array([b.volts for b in benches[: point["amplitudes"]]]),
            widths=widths,
            probability=np.reshape(count, shape),
            theory=np.reshape(law, shape),
            samples=point["samples"],
        )

    def numbers(self, result: SwitchingResult) -> Mapping[str, tuple[float | None, float | None]]:
        found: dict[str, tuple[float | None, float | None]] = {}
        for d, name in enumerate(("to_AP", "to_P")):
            found[name] = (float(result.probability[d, -1, -1]), float(result.stderr[d, -1, -1]))
        told = np.abs(result.deviations)
        return found | {"worst": (float(np.nanmax(told)) if np.isfinite(told).any() else None, None)}


def _law(bench: PulseBench, waves: Waveforms, widths: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the exact probability at each width, for the voltage or current that the circuit gave."""
    device, after = bench.device, widths - 0.5 * EDGE * bench.length
    if is_two_state(device):
        # The way back, rare for a pulse that switches, at the voltage of the first state: exact for a bare junction.
        rates = device.escape_rates(bench.voltage(waves) / device.V_c)
        out, back = float(rates[bench.state0]), float(rates[1 - bench.state0])
        return np.asarray(-out / (out + back) * np.expm1(-(out + back) * after))
    inside = bench.length * np.linspace(5.0 * EDGE, 1.0, 200)
    mz = (1.0 - 2.0 * bench.state0) * bench.cosines(waves, inside)
    drive = bench.currents(waves, inside) / device.I_c0
    law = fit_write_current(mz.ravel(), drive.ravel())
    left = not_switched(after / time_unit(device), device.delta, law)
    return np.asarray(np.clip(1.0 - left, 0.0, 1.0))  # left of a short pulse is 1 but for rounding
