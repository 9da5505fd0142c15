"""Study of write errors: a circuit where samples reach, splitting where they do not, Fokker-Planck for all."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from spinspice.devices import as_macrospin
from spinspice.devices.laws.fokker_planck import not_switched, time_unit
from spinspice.devices.laws.spread import array_errors
from spinspice.devices.reference.splitting import write_error_rate
from spinspice.jobs import JobFailure
from spinspice.memory.write_errors import check_uniaxial, not_yet_switched, write_error_bench
from spinspice.presets import load_preset
from spinspice.studies.base import Batch, Point, Steps, Study
from spinspice.studies.common import PRESET, other
from spinspice.studies.devices import DEVICE, device_of
from spinspice.studies.parameter import Parameter
from spinspice.studies.result import StudyResult

#: Widths of the curve, and the error rates at which the tail is split.
WIDTHS, TAIL = 40, (1e-4, 1e-6, 1e-9, 1e-12)
#: Longest pulse that is looked for [tau_D].
LONGEST = 200.0


@dataclasses.dataclass(frozen=True, kw_only=True)
class RareErrorResult(StudyResult):
    """Error rates against pulse width.

    Parameters
    ----------
    widths, theory : array, shape (n,)
        [s], and the Fokker-Planck equation.
    errors : array, shape (n,)
        Of the circuit; NaN beyond the pulse that was run.
    samples : int
        Junctions of the circuit.
    tail_widths, tail, tail_low, tail_high, tail_stderr, tail_theory : array, shape (m,)
        Splitting: widths [s], estimate, interval of 95 %, standard error, and theory there.
    array_rate, array_stderr : array, shape (m,), optional
        Mean over an array whose critical currents differ, by importance sampling, and its standard error.
    """

    widths: NDArray[np.float64]
    theory: NDArray[np.float64]
    errors: NDArray[np.float64]
    samples: int
    tail_widths: NDArray[np.float64]
    tail: NDArray[np.float64]
    tail_low: NDArray[np.float64]
    tail_high: NDArray[np.float64]
    tail_stderr: NDArray[np.float64]
    tail_theory: NDArray[np.float64]
    array_rate: NDArray[np.float64] | None = None
    array_stderr: NDArray[np.float64] | None = None
    show = "spinspice.show.rare_errors"

    def arrays(self) -> dict[str, tuple[str, Any, str]]:
        kept = ["tail", "tail_low", "tail_high", "tail_theory"]
        if self.array_rate is not None:
            kept += ["array_rate", "array_stderr"]
        return {
            "width": ("width", self.widths, "s"),
            "theory": ("width", self.theory, "1"),
            "error": ("width", self.errors, "1"),
        } | {name: ("tail", getattr(self, name), "1") for name in kept}


class RareErrors(Study):
    """Write error rate of a bare junction under a current pulse."""

    name = "rare-errors"
    title = "write error rate against pulse width down to 1e-12: circuit, splitting, Fokker-Planck"
    parameters = (
        other(PRESET, meaning="stable macrospin junction along z", default="sttmram", kind="text", chosen=""),
        DEVICE,
        Parameter(name="overdrive", meaning="current over the critical one", default=2.0, low=1.05, high=20.0),
        Parameter(name="samples", meaning="junctions of the circuit", default=60, kind="whole", low=10, high=5000,
                  varied=False),
        Parameter(name="walkers", meaning="magnets of a population of the splitting", default=500, kind="whole",
                  low=50, high=10**6, varied=False),
        Parameter(name="populations", meaning="independent populations", default=12, kind="whole", low=3, high=1000,
                  varied=False),
        Parameter(name="spread", meaning="standard deviation of the logarithm of the critical current in an array",
                  default=0.0, low=0.0, high=1.0),
    )  # fmt: skip
    quantities: ClassVar = {"width_1e_6": "s", "width_1e_9": "s", "width_1e_12": "s", "worst_ratio": "1"}
    exact = ("width_1e_6", "width_1e_9", "width_1e_12")
    short: ClassVar = {"samples": 10, "walkers": 50, "populations": 3}

    def steps(self, point: Point) -> Steps:
        device = as_macrospin(
            device_of(load_preset(point["preset"]).device, point), "write errors need a macrospin, got a {kind}."
        )
        check_uniaxial(device)
        unit, drive = time_unit(device), point["overdrive"]
        times = np.linspace(0.0, min(LONGEST, 40.0 / (drive - 1.0)), 400)[1:]
        rates = not_switched(times, device.delta, drive)
        tail_times = np.array([float(np.interp(-np.log(rate), -np.log(rates), times)) for rate in TAIL])
        widths = np.linspace(0.05, 1.0, WIDTHS) * tail_times[-1] * unit
        longest = float(np.interp(-np.log(0.3 / point["samples"]), -np.log(rates), times)) * unit
        bench = write_error_bench(device, longest, drive, point["samples"], point.stream("circuit"))
        (waves,) = yield Batch("circuit", [bench])
        if isinstance(waves, JobFailure):
            raise waves.error
        errors = np.where(widths <= longest, not_yet_switched(waves, widths, point["samples"]), np.nan)
        split = [
            write_error_rate(
                device, float(t) * unit, drive, walkers=point["walkers"], populations=point["populations"],
                seed=point.stream(f"splitting {rate:g}"),
            )
            for t, rate in zip(tail_times, TAIL, strict=True)
        ]  # fmt: skip
        array = point["spread"] and array_errors(
            tail_times, device.delta, drive, point["spread"], seed=point.stream("array")
        )
        names = ("preset", "overdrive", "samples", "walkers", "populations", "spread")
        return RareErrorResult(
            cell="rare-errors",
            engine=point.engine.name,
            seed=point.seed,
            settings={n: point[n] for n in names} | {"model": point.engine.model},
            widths=widths,
            theory=not_switched(widths / unit, device.delta, drive),
            errors=errors,
            samples=point["samples"],
            tail_widths=tail_times * unit,
            tail=np.array([s.probability for s in split]),
            tail_low=np.array([s.interval[0] for s in split]),
            tail_high=np.array([s.interval[1] for s in split]),
            tail_stderr=np.array([s.stderr for s in split]),
            tail_theory=not_switched(tail_times, device.delta, drive),
            array_rate=np.array([a.probability for a in array]) if array else None,
            array_stderr=np.array([a.stderr for a in array]) if array else None,
        )

    def numbers(self, result: RareErrorResult) -> Mapping[str, tuple[float | None, float | None]]:
        found: dict[str, tuple[float | None, float | None]] = {
            name: (float(result.tail_widths[1 + k]), None) for k, name in enumerate(self.exact)
        }
        ratio = result.tail / result.tail_theory
        worst = int(np.argmax(np.abs(np.log(np.maximum(ratio, 1e-300)))))
        return found | {
            "worst_ratio": (float(ratio[worst]), float(result.tail_stderr[worst] / result.tail_theory[worst]))
        }
