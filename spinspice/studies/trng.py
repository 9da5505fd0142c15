"""Study of random bits: a superparamagnetic junction that a clocked comparator of transistors looks at."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from spinspice.analysis.randomness import Battery, battery
from spinspice.benches.readout import readout_testbench
from spinspice.cells.readout import ReadOut
from spinspice.devices import as_two_state
from spinspice.devices.laws.random_bits import Measured, SampledJunction, exclusive_or, measure
from spinspice.jobs import JobFailure
from spinspice.presets import load_preset
from spinspice.readout.runs import reading
from spinspice.studies.base import Batch, Point, Steps, Study
from spinspice.studies.common import PRESET, TECHNOLOGY, VDD, other
from spinspice.studies.devices import DEVICE, device_of
from spinspice.studies.parameter import Parameter
from spinspice.studies.result import StudyResult

#: Bits of a sequence of the battery.
SEQUENCE = 200


@dataclasses.dataclass(frozen=True, kw_only=True)
class RandomBits(StudyResult):
    """Bits of the junctions, and what they are worth.

    Parameters
    ----------
    bits : array, shape (junctions, bits)
    period : float
        Clock period [s].
    law : SampledJunction
        Of a junction that is left alone.
    combined : int
        Junctions whose bits are combined by exclusive or.
    wrong : int
        Bits that differ from the state of a junction that had settled.
    energy, energy_stderr : float
        From the supplies, a raw bit [J].
    """

    bits: NDArray[np.float64]
    period: float
    law: SampledJunction
    combined: int
    wrong: int
    energy: float
    energy_stderr: float
    show = "spinspice.show.trng"

    @property
    def output(self) -> NDArray[np.int8]:
        """The output bits: exclusive or over groups of junctions, one group after the other."""
        groups = self.bits.astype(np.int64).reshape(-1, self.combined, self.bits.shape[1])
        return np.concatenate([exclusive_or(group) for group in groups])

    @property
    def raw(self) -> Measured:
        """Bias and correlation of the junctions' own bits."""
        return measure(self.bits.astype(np.int64).ravel())

    @property
    def tests(self) -> Battery | None:
        """The output bits through the battery; None for fewer than ten sequences."""
        count = self.output.size // SEQUENCE
        return battery(self.output, count) if count >= 10 else None

    @property
    def rate(self) -> float:
        """Output bits per second of one group."""
        return 1.0 / self.period

    @property
    def energy_per_bit(self) -> float:
        """Energy of an output bit [J]; the exclusive or itself is not counted."""
        return self.combined * self.energy

    def arrays(self) -> dict[str, tuple[str, Any, str]]:
        return {"bits": ("bit", self.bits.ravel(), "1")}


class Trng(Study):
    """Take bits from junctions."""

    name = "trng"
    title = "random bits of a fluctuating junction: bias and correlation against exact laws, tests, energy of a bit"
    parameters = (
        other(PRESET, meaning="superparamagnetic two-state junction", default="mizrahi2018-scaled", kind="text",
              chosen=""),
        DEVICE,
        other(TECHNOLOGY, default="generic", chosen=""),
        VDD,
        Parameter(name="x", meaning="2 x escape rate x clock period; neighbours correlate by exp(-x)", default=6.0,
                  low=0.1, high=1e3),
        Parameter(name="bits", meaning="bits of each junction", default=100, kind="whole", low=20, high=10**6,
                  varied=False),
        Parameter(name="junctions", meaning="junctions, each with its comparator", default=2, kind="whole", low=1,
                  high=1000, varied=False),
        Parameter(name="combined", meaning="junctions whose bits are combined by exclusive or", default=1,
                  kind="whole", low=1, high=64, varied=False),
        Parameter(name="bias", meaning="voltage across the junction between reads", default=0.0, unit="V", low=-10.0,
                  high=10.0),
    )  # fmt: skip
    quantities: ClassVar = {"ones": "1", "correlation": "1", "energy": "J", "rate": "Hz"}
    exact = ("rate",)
    short: ClassVar = {"bits": 50, "junctions": 2, "x": 1.0}

    def steps(self, point: Point) -> Steps:
        device = as_two_state(
            device_of(load_preset(point["preset"]).device, point), "random bits here need two states, got a {kind}."
        )
        cell = ReadOut(device, point["technology"], vdd=point["vdd"], probes="none")
        out, back = (float(r) for r in device.escape_rates(point["bias"] / device.V_c))
        timing = cell.timing(point["x"] / (out + back))
        count, junctions = point["bits"], point["junctions"]
        if junctions % point["combined"]:
            from spinspice.errors import UsageError

            raise UsageError(
                f"trng: {junctions} junctions do not fall into groups of {point['combined']}. Give a multiple."
            )
        supplies = {"vdd": ("i(vdd)", cell.vdd / 2), "vss": ("i(vss)", -cell.vdd / 2)}
        jobs = [
            readout_testbench(
                cell, timing, count, stim=point["bias"], seed=point.stream(f"junction {k}"),
                save=tuple(current for current, _ in supplies.values()),
            )
            for k in range(junctions)
        ]  # fmt: skip

        def keep(waves: Any) -> tuple[NDArray[np.int64], int, float]:
            seen = reading(waves, timing, count)
            power = sum(-volts * np.trapezoid(waves[name], waves.time) for name, volts in supplies.values())
            return seen.bits, seen.wrong, float(power) / count

        found = yield Batch("junctions", jobs, keep)
        for run in found:
            if isinstance(run, JobFailure):
                raise run.error
        energies = np.array([energy for _, _, energy in found])
        names = ("preset", "x", "bits", "junctions", "combined", "bias")
        return RandomBits(
            cell="trng",
            engine=point.engine.name,
            seed=point.seed,
            settings={n: point[n] for n in names}
            | {"cmos": cell.technology.name, "vdd": cell.vdd, "model": point.engine.model},
            bits=np.array([bits for bits, _, _ in found], dtype=float),
            period=timing.period,
            law=SampledJunction(out, back, timing.period),
            combined=point["combined"],
            wrong=sum(wrong for _, wrong, _ in found),
            energy=float(energies.mean()),
            energy_stderr=float(energies.std(ddof=1) / math.sqrt(junctions)) if junctions > 1 else math.nan,
        )

    def numbers(self, result: RandomBits) -> Mapping[str, tuple[float | None, float | None]]:
        raw = result.raw
        return {
            "ones": (0.5 + 0.5 * raw.bias, 0.5 * raw.bias_stderr),
            "correlation": (raw.correlation, raw.correlation_stderr),
            "energy": (result.energy, result.energy_stderr),
            "rate": (result.rate, None),
        }
