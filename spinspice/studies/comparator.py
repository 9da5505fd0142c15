"""Study of a comparator: offset over mismatch, decision time and regeneration, energy a decision."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from spinspice.analysis.energy import audit
from spinspice.benches import comparator as bench
from spinspice.benches.comparator import AnyComparator
from spinspice.cells.comparator import Comparator
from spinspice.cmos import Technology
from spinspice.energy import output_loads, terminals
from spinspice.engines import BEHAVIOURAL_SOURCES, TRANSIENT_NOISE, engine_with, require_capability
from spinspice.errors import ResultError
from spinspice.jobs import JobFailure
from spinspice.studies.base import Batch, Point, Steps, Study
from spinspice.studies.common import (
    CELL_FILE,
    TECHNOLOGY,
    TEMPERATURE,
    TOPOLOGY,
    TRUST,
    VDD,
    at_temperature,
    other,
    repeats,
)
from spinspice.studies.comparator_choice import advice, choose_comparator
from spinspice.studies.comparator_noise import check_noise, noise_of, noise_testbenches
from spinspice.studies.parameter import Parameter
from spinspice.studies.result import StudyResult
from spinspice.studies.run import study_function
from spinspice.waveforms import Waveforms

#: Differences of the inputs at which the decision time is measured [V].
DIFFERENCES = (1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2)
#: Differences up to which the outputs regenerate from almost nothing: the time is linear in their logarithm there.
SMALL = 1.1e-3
#: Difference whose decision time a sweep keeps [V].
TIME_AT = 1e-2
#: Difference at which the energy is measured [V], and decisions measured.
ENERGY_DIFFERENCE, ENERGY_DECISIONS = 5e-3, 4


@dataclasses.dataclass(frozen=True, kw_only=True)
class ComparatorStudy(StudyResult):
    """What :func:`study_comparator` found.

    Parameters
    ----------
    offsets : tuple of float
        Offset of each instance [V]; without a model of mismatch, of the one that there is.
    offset_mean, offset_mean_stderr, offset_sd, offset_sd_stderr : float or None
        Over the instances [V]; s.e. of the standard deviation for a normal distribution, sd / sqrt(2 (n - 1)).
    noise, noise_stderr : float or None
        Standard deviation of the comparator's noise at its input [V], from decisions in transients with the thermal
        noise of every transistor (VACASK); None if it was not asked for.
    noise_decisions : int
        Decisions behind it.
    noise_estimate : float or None
        The same by the textbook's sqrt(2kT/C) [V]; None where the input transistors of a netlist are not found.
    differences, times : tuple of float
        Differences of the inputs [V] and time from clock edge to output [s], mean of both directions.
    regeneration, regeneration_stderr : float
        Time constant tau of t = t0 - tau ln(difference) at small differences [s], and its error from the residuals.
    energy : float
        Energy a decision [J]: all that supply, clock and inputs deliver in a period.
    energy_by_source, energy_by_block : mapping
        Its parts [J].
    closure : float
        (delivered - taken - stored) / delivered of the energy audit [1].
    """

    offsets: tuple[float, ...]
    offset_mean: float
    offset_mean_stderr: float | None
    offset_sd: float | None
    offset_sd_stderr: float | None
    noise: float | None
    noise_stderr: float | None
    noise_decisions: int
    noise_estimate: float | None
    differences: tuple[float, ...]
    times: tuple[float, ...]
    regeneration: float
    regeneration_stderr: float
    energy: float
    energy_by_source: dict[str, float]
    energy_by_block: dict[str, float]
    closure: float

    show = "spinspice.show.comparator"
    #: The run of the times and the energy has no noise; the offsets are those of the instances.
    deterministic = ("noise_estimate", "times", "energy", "energy_by_source", "energy_by_block", "closure")

    def arrays(self) -> dict[str, tuple[str, Any, str]]:
        return {
            "offset": ("instance", self.offsets, "V"),
            "difference": ("difference", self.differences, "V"),
            "decision_time": ("difference", self.times, "s"),
        }


class ComparatorOffset(Study):
    """Study a comparator on a technology."""

    name = "comparator"
    title = "offset over mismatch, noise, decision time and regeneration, energy per decision of a clocked comparator"
    parameters = (
        CELL_FILE,
        TECHNOLOGY,
        TOPOLOGY,
        VDD,
        Parameter(name="clock", meaning="clock period", default=bench.PERIOD, unit="s", low=1e-10, high=1.0),
        repeats("instances, each with mismatch of its own, whose offset is searched for", 16, 2),
        Parameter(
            name="noise",
            meaning="decisions with noise at each of four differences, on VACASK whatever the engine; 0 for none",
            default=0,
            kind="whole",
            low=0,
            high=1_000_000,
            varied=False,
        ),
        other(TEMPERATURE, chosen="300"),
        TRUST,
    )
    short: ClassVar = {"repeats": 2}
    quantities: ClassVar = {
        "offset_mean": "V",
        "offset_sd": "V",
        "noise": "V",
        "noise_estimate": "V",
        "decision_time": "s",
        "regeneration": "s",
        "energy": "J",
    }
    exact = ("noise_estimate", "decision_time", "energy")

    def steps(self, point: Point) -> Steps:
        require_capability(point.engine, BEHAVIOURAL_SOURCES, "the search for the offset of a comparator")
        nominal = choose_comparator(
            point["cell"], point["technology"], point["topology"], point["vdd"], trust=point["trust"]
        )
        period = point["clock"]
        check_noise(nominal, point["noise"])
        cells, notes = _instances(nominal, point)
        probed = nominal.rebuilt(probes="elements")
        energy = [ENERGY_DIFFERENCE] * (ENERGY_DECISIONS // 2 + 1)
        jobs = [
            bench.decisions_testbench(nominal, [1e-2, *DIFFERENCES], period=period),
            bench.decisions_testbench(probed, energy, _signals(probed), period),
            *(bench.offset_testbench(one, period) for one in cells),
        ]
        results = yield Batch("runs", at_temperature(jobs, point))
        for result in results[:2]:
            if isinstance(result, JobFailure):
                raise result.error
        bench.check_idle(nominal, results[0], period)
        timed = _times(nominal, results[0], period)
        if all(isinstance(result, JobFailure) for result in results[2:]):
            raise results[2].error
        common = bench.common_mode(nominal)
        found = [bench.offset(result, common) for result in results[2:] if not isinstance(result, JobFailure)]
        lost = sum(math.isnan(value) for value in found)
        if lost:
            notes.append(f"{lost} of {len(found)} instances have an offset beyond {bench.REACH * 1e3:g} mV: left out.")
        measured = yield from _noise(nominal, point, notes)
        return ComparatorStudy(
            cell="comparator",
            engine=point.engine.name,
            seed=point.seed,
            settings=_settings(nominal, point),
            provenance={**results[0].provenance, **_sizing(nominal)},
            notes=(*nominal.notes, *results[0].provenance.get("notes", ()), *notes),
            failures=tuple(str(result) for result in results if isinstance(result, JobFailure)),
            **measured,
            **_offsets([value for value in found if not math.isnan(value)]),
            **timed,
            **_energy(probed, results[1], period),
        )

    def numbers(self, result: ComparatorStudy) -> Mapping[str, tuple[float | None, float | None]]:
        errors = {"offset_mean", "offset_sd", "noise", "regeneration"}
        found = {
            name: (getattr(result, name), getattr(result, f"{name}_stderr") if name in errors else None)
            for name in self.quantities
            if name != "decision_time"
        }
        return found | {"decision_time": (result.times[result.differences.index(TIME_AT)], None)}


study_comparator = study_function(ComparatorOffset)


def _instances(nominal: AnyComparator, point: Point) -> tuple[list[AnyComparator], list[str]]:
    """Return instances with mismatch, or the nominal one and a note where nothing is known of it."""
    technology = nominal.technology
    if not isinstance(technology, Technology) or (not technology.n.spread and technology.n.pelgrom is None):
        return [nominal], [f"{technology.name}: no model of mismatch, so one instance, whose offset is systematic."]
    seeds = [point.stream(f"comparator/{k}") for k in range(point["repeats"])]
    made = [nominal.rebuilt(technology=technology.with_mismatch(s)) for s in seeds]
    if str(made[0]) == str(nominal):
        why = "its transistors are all as its netlist has them"
        return [nominal], [f"{nominal.name}: {why}, so one instance, whose offset is systematic."]
    return made, []


def _sizing(cell: AnyComparator) -> dict[str, Any]:
    return {"sizing": dataclasses.asdict(cell.comparator_sizing)} if isinstance(cell, Comparator) else {}


def _settings(cell: AnyComparator, point: Point) -> dict[str, Any]:
    made = {
        "cmos": cell.technology.name,
        "corner": cell.technology.corner,
        "vdd": cell.vdd,
        "topology": cell.topology,
        "model": point.engine.model,
        "trials": point["repeats"],
        "noise": point["noise"],
        "clock": point["clock"],
    }
    named = {"temperature": point["temperature"], "cell": point["cell"] if isinstance(point["cell"], str) else None}
    return made | {name: value for name, value in named.items() if value is not None}


def _offsets(values: Sequence[float]) -> dict[str, Any]:
    """Return offsets with mean and standard deviation."""
    if not values:
        raise ResultError("no instance has an offset within reach; the comparator does not decide.")
    n = len(values)
    sd = float(np.std(values, ddof=1)) if n > 1 else None
    return {
        "offsets": tuple(values),
        "offset_mean": float(np.mean(values)),
        "offset_mean_stderr": None if sd is None else sd / math.sqrt(n),
        "offset_sd": sd,
        "offset_sd_stderr": None if sd is None else sd / math.sqrt(2 * (n - 1)),
    }


def _noise(cell: AnyComparator, point: Point, notes: list[str]) -> Steps:
    """Return the noise, measured if decisions were asked for; why it could not be had is added to ``notes``."""
    made: dict[str, Any] = {"noise": None, "noise_stderr": None, "noise_decisions": 0}
    made |= {"noise_estimate": cell.noise_estimate}
    if not point["noise"]:
        return made
    jobs = noise_testbenches(cell, point["noise"], point.stream)
    results = yield Batch("noise", at_temperature(jobs, point), engine=engine_with(TRANSIENT_NOISE))
    try:
        fit = noise_of(cell, point["noise"], results)
    except ResultError as reason:  # decisions that do not resolve the noise: said, in place of a number
        notes.append(f"no noise at the input: {reason}")
        return made
    return made | {"noise": fit.sigma, "noise_stderr": fit.sigma_stderr, "noise_decisions": fit.decisions}


def _times(cell: AnyComparator, waveforms: Waveforms, period: float) -> dict[str, Any]:
    """Return decision times and the regeneration constant; the first pair of decisions only sets the latch."""
    count = 2 * (len(DIFFERENCES) + 1)
    times = bench.decision_times(cell, waveforms, count, period)[2:].reshape(-1, 2).mean(axis=1)
    if np.isnan(times).any():
        missing = ", ".join(f"{d:g} V" for d, t in zip(DIFFERENCES, times, strict=True) if np.isnan(t))
        raise ResultError(f"wrong or no decision at {missing}.{advice(cell, bool(np.isnan(times).all()), period)}")
    small = np.asarray(DIFFERENCES) <= SMALL
    (slope, _), covariance = np.polyfit(np.log(np.asarray(DIFFERENCES)[small]), times[small], 1, cov=True)
    return {
        "differences": DIFFERENCES,
        "times": tuple(float(t) for t in times),
        "regeneration": -float(slope),
        "regeneration_stderr": float(np.sqrt(covariance[0, 0])),
    }


def _signals(cell: AnyComparator) -> tuple[str, ...]:
    names = [name for source in bench.sources(cell) for name in (source.voltage, source.current)]
    names += [name for pin in terminals(cell) for name in (pin.voltage, pin.current)]
    return tuple(dict.fromkeys(names))


def _energy(cell: AnyComparator, waveforms: Waveforms, period: float) -> dict[str, Any]:
    """Return the energy a decision: whole periods, without the first two."""
    whole = waveforms.window(2 * period)
    account = audit(whole, terminals(cell), bench.sources(cell), output_loads(cell))
    decisions = round(account.duration / period)
    sources = {name: value / decisions for name, value in account.delivered.items()}
    merged = {
        "supply": sources["vdd"] + sources["vss"],
        "clock": sources.get("clk", 0.0) + sources.get("clkb", 0.0),
        "inputs": sources["inp"] + sources["inn"],
    }
    further = [*cell.bias, *cell.sources]
    if further:
        merged["further ports"] = sum(sources[port] for port in further)
    return {
        "energy": sum(account.delivered.values()) / decisions,
        "energy_by_source": merged,
        "energy_by_block": {name: value / decisions for name, value in account.blocks.items()},
        "closure": account.closure,
    }
