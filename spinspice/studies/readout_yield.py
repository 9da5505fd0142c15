"""How many read-outs of unequal transistors read their junction, without trim and with it, and what the trim costs."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from spinspice.analysis.statistics import Yield, wilson
from spinspice.benches.readout import readout_testbench
from spinspice.cells.comparator import CODES, TOPOLOGIES, TRIM_STEP, ComparatorSizing
from spinspice.cells.readout import ReadOut
from spinspice.jobs import JobFailure
from spinspice.readout.runs import Reading, default_timing
from spinspice.readout.trimming import CYCLES, Trim, instance_testbenches, readings_of, trim_search
from spinspice.studies.base import Batch, Point, Steps, Study
from spinspice.studies.common import at_temperature, repeats
from spinspice.studies.parameter import Parameter
from spinspice.studies.readout import READ, load_junction, rest_steps, settings_of
from spinspice.studies.result import StudyResult
from spinspice.studies.run import study_function
from spinspice.testbench import Testbench


@dataclasses.dataclass(frozen=True, kw_only=True)
class ReadOutYield(StudyResult):
    """What :func:`study_yield` found. Pairs are without trim, with trim.

    Parameters
    ----------
    low, high : tuple of int
        Of each instance: first code at which AP reads 1, first at which P does too (see
        :class:`spinspice.readout.trimming.Trim`).
    codes : tuple of int
        Trim code of each instance.
    wrong : (tuple of int, tuple of int)
        Wrong bits of each instance among those of a junction that had settled.
    settled : (int, int)
        Such bits of all instances.
    reads : (Yield, Yield)
        Instances without a wrong bit, with the interval of 95 % confidence.
    energy : (float, float)
        Energy a read [J].
    area : (float, float)
        Area of the channels of the input and trim pairs [m2].
    disturb : (tuple of float, tuple of float)
        Relative change of the escape rates out of P and AP by reading [1]. These three of nominal cells.
    """

    show = "spinspice.show.readout_yield"
    low: tuple[int, ...]
    high: tuple[int, ...]
    codes: tuple[int, ...]
    wrong: tuple[tuple[int, ...], tuple[int, ...]]
    settled: tuple[int, int]
    reads: tuple[Yield, Yield]
    energy: tuple[float, float]
    area: tuple[float, float]
    disturb: tuple[tuple[float, float], tuple[float, float]]

    def arrays(self) -> dict[str, tuple[str, Any, str]]:
        numbers = {"low": self.low, "high": self.high, "code": self.codes}
        numbers |= {"wrong_untrimmed": self.wrong[0], "wrong_trimmed": self.wrong[1]}
        return {name: ("instance", values, "1") for name, values in numbers.items()}


class ReadoutYield(Study):
    """Count the readouts that read their junction, over mismatch, without and with trim."""

    name = "readout-yield"
    title = "how many readouts with mismatch read their junction, without trim and with it, and what the trim costs"
    parameters = (
        *(parameter for parameter in READ if parameter.name not in ("cell", "trust")),
        Parameter(
            name="bits", meaning="bits that each instance reads", default=24, kind="whole", low=2, high=1_000_000
        ),
        repeats("instances, each with mismatch of its own", 30, 1),
    )
    short: ClassVar = {"bits": 4, "repeats": 2, "margin": 6e-3, "clock": 60e-9}
    quantities: ClassVar = {
        "yield_untrimmed": "1",
        "yield_trimmed": "1",
        "energy_untrimmed": "J",
        "energy_trimmed": "J",
    }
    exact = ("energy_untrimmed", "energy_trimmed")

    def steps(self, point: Point) -> Steps:
        nominal = _nominal(point)
        trimmed = nominal.rebuilt(sizing=ComparatorSizing.for_technology(nominal.technology, trim=True))
        # One timing for both: that of the cell with more on its node.
        timing = default_timing(trimmed) if point["clock"] is None else trimmed.timing(point["clock"])
        count, bits = point["repeats"], point["bits"]
        seeds = [point.stream(f"read-out/{k}") for k in range(count)]
        plain, cells = (
            [cell.rebuilt(technology=nominal.technology.with_mismatch(s)) for s in seeds] for cell in (nominal, trimmed)
        )
        junctions = [point.stream(f"junction/{k}") for k in range(count)]

        def read(stage: str, jobs: Sequence[Testbench], length: int) -> Steps:
            results = yield Batch(stage, at_temperature(jobs, point))
            return readings_of(results, timing, length)

        search = trim_search(cells, timing)
        asked = next(search)
        while True:
            found = yield from read("trim", asked, CYCLES)
            try:
                asked = search.send(found)
            except StopIteration as ended:
                trims = ended.value
                break
        codes = [trim.code for trim in trims]
        before = yield from read("without trim", instance_testbenches(plain, timing, bits, junctions), bits)
        after = yield from read("with trim", instance_testbenches(cells, timing, bits, junctions, codes), bits)
        rests = []
        for cell in (nominal, trimmed):
            (waves,) = yield Batch("bias", at_temperature([readout_testbench(cell, timing, 1, save=("v(pb)",))], point))
            if isinstance(waves, JobFailure):
                raise waves.error
            rests.append((yield from rest_steps(cell, timing, 0.0, float(waves["v(pb)"][-1]), point)))
        return ReadOutYield(
            cell="readout-yield",
            engine=point.engine.name,
            seed=point.seed,
            settings=settings_of(nominal, timing, point)
            | {"bits": bits, "trials": count, "trim_step": TRIM_STEP, "codes": CODES},
            notes=_notes(trims),
            low=tuple(trim.low for trim in trims),
            high=tuple(trim.high for trim in trims),
            codes=tuple(codes),
            energy=(rests[0]["energy"], rests[1]["energy"]),
            area=(nominal.comparator_sizing.area, trimmed.comparator_sizing.area),
            disturb=(rests[0]["disturb"], rests[1]["disturb"]),
            **_counted(before, after),
        )

    def numbers(self, result: ReadOutYield) -> Mapping[str, tuple[float | None, float | None]]:
        found: dict[str, tuple[float | None, float | None]] = {}
        for k, name in enumerate(("untrimmed", "trimmed")):
            reads = result.reads[k]
            inside = 0 < reads.passed < reads.count  # else the spread says nothing: the interval of the table does
            error = math.sqrt(reads.fraction * (1.0 - reads.fraction) / reads.count) if inside else math.nan
            found[f"yield_{name}"] = (reads.fraction, error)
            found[f"energy_{name}"] = (result.energy[k], None)
        return found


study_yield = study_function(ReadoutYield, "preset")


def _nominal(point: Point) -> ReadOut:
    """Return the readout cell without mismatch."""
    return ReadOut(
        load_junction(point),
        point["technology"] or "generic",
        topology=point["topology"] or TOPOLOGIES[0],
        vdd=point["vdd"],
        R_ref=point["R_ref"],
        margin=point["margin"],
    )


def _counted(before: list[Reading], after: list[Reading]) -> dict[str, Any]:
    wrong = tuple(tuple(run.wrong for run in runs) for runs in (before, after))
    return {
        "wrong": wrong,
        "settled": tuple(sum(int(run.settled.sum()) for run in runs) for runs in (before, after)),
        "reads": tuple(wilson(sum(w == 0 for w in part), len(part)) for part in wrong),
    }


def _notes(trims: list[Trim]) -> tuple[str, ...]:
    """Say how many instances have no code that reads both states."""
    lost = sum(trim.width <= 0 for trim in trims)
    return (f"{lost} of {len(trims)} instances read both states right at no code.",) if lost else ()
