"""Study of random bits: a superparamagnetic junction that a clocked comparator of transistors looks at."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from spinspice.analysis.counting import sample_bits
from spinspice.analysis.randomness import Battery, battery
from spinspice.benches.combined import Combined
from spinspice.benches.readout import readout_testbench
from spinspice.cells.read_timing import ReadTiming
from spinspice.cells.readout import ReadOut
from spinspice.devices import as_two_state
from spinspice.devices.laws.random_bits import (
    Measured,
    ReadJunction,
    SampledJunction,
    exclusive_or,
    measure,
)
from spinspice.errors import UsageError
from spinspice.jobs import delivered
from spinspice.presets import load_preset
from spinspice.readout.balance import SilentRead, silent_testbenches
from spinspice.readout.runs import Reading, reading
from spinspice.studies.base import Batch, Point, Steps, Study
from spinspice.studies.common import PRESET, TECHNOLOGY, VDD, other
from spinspice.studies.devices import DEVICE, device_of
from spinspice.studies.parameter import Parameter
from spinspice.studies.result import StudyResult
from spinspice.testbench import Testbench

#: Bits of a sequence of the battery.
SEQUENCE = 200
#: Rounds of the search for the stimulus that balances the bits: each leaves a thirtieth of the bias.
BALANCE = 3
#: Part of the clock period that a read current may take to come on, if it is to be gated.
GATED = 0.2


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
    read_law : ReadJunction
        Of one that is read as here, from its voltage over a period.
    stimulus : float
        Voltage across the junction between reads [V].
    combined : int
        Junctions whose bits are combined by exclusive or.
    wrong : int
        Bits that differ from the state of a junction that had settled.
    energy, energy_stderr : float
        From the supplies, a raw bit [J], the first left out; standard error over junctions.
    energy_line : float
        Part of it that the gate line's diode takes, which can serve many junctions [J].
    combined_bits : array, shape (groups, bits), optional
        Exclusive or by the gates of the circuit, where it has them: a group is one circuit then, with one gate line.
    """

    bits: NDArray[np.float64]
    period: float
    law: SampledJunction
    read_law: ReadJunction
    stimulus: float
    combined: int
    wrong: int
    energy: float
    energy_stderr: float
    energy_line: float
    combined_bits: NDArray[np.int64] | None = None
    show = "spinspice.show.trng"

    @property
    def output(self) -> NDArray[np.int8]:
        """The output bits: exclusive or over groups of junctions, by gates if any; one group after the other."""
        if self.combined_bits is not None:
            return self.combined_bits.ravel().astype(np.int8)
        return self._exclusive_or()

    @property
    def mistaken(self) -> int:
        """Output bits that differ from the exclusive or of the junctions' own."""
        return int(np.sum(self.output != self._exclusive_or()))

    def _exclusive_or(self) -> NDArray[np.int8]:
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
        """Energy of an output bit [J]; the exclusive or itself is counted where the circuit has its gates."""
        return self.combined * self.energy

    def arrays(self) -> dict[str, tuple[str, Any, str]]:
        return {"bits": ("bit", self.bits.ravel(), "1")}


@dataclasses.dataclass(frozen=True)
class _Group:
    """What one run gave: each cell's bits, those of the gates, and the energy of a raw bit [J]."""

    cells: list[Reading]
    output: NDArray[np.int64] | None
    energy: float


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
        Parameter(name="xor", meaning="what combines bits: a computer, or gates in one circuit with the junctions",
                  kind="text", choices=("computed", "gates"), default="computed"),
        Parameter(name="bias", meaning="voltage across the junction between reads", chosen="what balances the bits",
                  unit="V", low=-10.0, high=10.0),
        Parameter(name="current", meaning="when the read current flows", kind="text", choices=("gated", "always"),
                  chosen="gated: in reads only, where the clock leaves the time for it"),
    )  # fmt: skip
    quantities: ClassVar = {"ones": "1", "correlation": "1", "energy": "J", "rate": "Hz", "exact_ones": "1"}
    exact = ("rate", "exact_ones")
    short: ClassVar = {"bits": 50, "junctions": 2, "x": 1.0}

    def steps(self, point: Point) -> Steps:
        junctions = point["junctions"]
        if junctions % point["combined"]:
            raise UsageError(
                f"trng: {junctions} junctions do not fall into groups of {point['combined']}. Give a multiple."
            )
        if point["xor"] == "gates" and point["combined"] < 2:
            raise UsageError("trng: gates combine two junctions or more. Give combined, 2 or more.")
        cell, timing = self.readout(point)
        stimulus = point["bias"] or 0.0
        for _ in range(1 if point["bias"] is not None else BALANCE):
            runs = yield Batch("silent", silent_testbenches(cell, timing, stimulus))
            silent = SilentRead.of(cell, timing, stimulus, delivered(runs))
            if point["bias"] is None:
                stimulus = silent.balance()
        read_law = silent.law(stimulus - silent.stim)
        seeds = [point.stream(f"junction {k}") for k in range(junctions)]
        found = yield Batch("junctions", *self._runs(point, cell, timing, stimulus, seeds))
        kept = [one for group in delivered(found) for one in group.cells]
        energies = np.array([group.energy for group in delivered(found)])
        names = ("preset", "x", "bits", "junctions", "combined", "xor")
        return RandomBits(
            cell="trng",
            engine=point.engine.name,
            seed=point.seed,
            settings={n: point[n] for n in names}
            | {"bias": stimulus, "current": "gated" if cell.gated else "always"}
            | {"cmos": cell.technology.name, "vdd": cell.vdd, "model": point.engine.model},
            bits=np.array([one.bits for one in kept], dtype=float),
            period=timing.period,
            law=SampledJunction.of(cell.device, timing.period, stimulus / cell.device.V_c),
            read_law=read_law,
            stimulus=stimulus,
            combined=point["combined"],
            wrong=sum(one.wrong for one in kept),
            energy=float(energies.mean()),
            energy_stderr=float(energies.std(ddof=1) / math.sqrt(energies.size)) if energies.size > 1 else math.nan,
            energy_line=cell.vdd * cell.read_current * timing.period * energies.size / junctions,
            combined_bits=np.array([group.output for group in found]) if point["xor"] == "gates" else None,
        )

    @staticmethod
    def _runs(
        point: Point, cell: ReadOut, timing: ReadTiming, stimulus: float, seeds: Sequence[int]
    ) -> tuple[list[Testbench], Callable[[Any], _Group]]:
        """Return runs, of a junction each or of a group with its gates, and what to keep of one."""
        supplies = {"vdd": ("i(vdd)", cell.vdd / 2), "vss": ("i(vss)", -cell.vdd / 2)}
        count, size, gates = point["bits"], point["combined"], point["xor"] == "gates"
        if gates:
            bench = Combined(cell=cell, timing=timing, stim=stimulus)
            jobs = [bench.testbench(count, seeds[k : k + size]) for k in range(0, len(seeds), size)]
        else:
            save = tuple(current for current, _ in supplies.values())
            jobs = [readout_testbench(cell, timing, count, stim=stimulus, seed=seed, save=save) for seed in seeds]
        tags = [str(k + 1) for k in range(size)] if gates else [""]

        def keep(waves: Any) -> _Group:
            power = sum(-volts * waves[name] for name, volts in supplies.values())
            done = np.concatenate([[0.0], np.cumsum(0.5 * (power[1:] + power[:-1]) * np.diff(waves.time))])
            # A latch that nothing has clocked may start half-way, and draw current until the first read.
            spent = float(np.diff(np.interp([timing.period, count * timing.period], waves.time, done))[0])
            out = sample_bits(waves.time, waves[bench.output(size)], timing.samples(count)) if gates else None
            return _Group([reading(waves, timing, count, tag) for tag in tags], out, spent / (count - 1) / len(tags))

        return jobs, keep

    @staticmethod
    def readout(point: Point) -> tuple[ReadOut, ReadTiming]:
        """Return the cell and its timing."""
        device = as_two_state(
            device_of(load_preset(point["preset"]).device, point), "random bits here need two states, got a {kind}."
        )
        if device.drive:
            raise UsageError("trng: the junction is driven by current (drive = 1); give one driven by voltage.")
        period = point["x"] / sum(float(r) for r in device.escape_rates((point["bias"] or 0.0) / device.V_c))
        cell = ReadOut(device, point["technology"], vdd=point["vdd"], probes="none", gated=point["current"] != "always")
        if point["current"] is None and cell.start_time > GATED * period:
            cell = cell.rebuilt(gated=False)
        return cell, cell.timing(period)

    def numbers(self, result: RandomBits) -> Mapping[str, tuple[float | None, float | None]]:
        raw = result.raw
        return {
            "ones": (0.5 + 0.5 * raw.bias, 0.5 * raw.bias_stderr),
            "correlation": (raw.correlation, raw.correlation_stderr),
            "energy": (result.energy, result.energy_stderr),
            "rate": (result.rate, None),
            "exact_ones": (result.read_law.ones, None),
        }
