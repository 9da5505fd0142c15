"""Study of a comparator: offset over mismatch, decision time and regeneration, energy a decision."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from spinspice.analysis.energy import audit
from spinspice.benches import comparator as bench
from spinspice.benches.comparator import AnyComparator
from spinspice.cells.cell_file import CellFile
from spinspice.cells.comparator import Comparator, Topology
from spinspice.characterize.comparator_choice import advice, choose_comparator
from spinspice.characterize.comparator_noise import check_noise, measure_noise
from spinspice.characterize.study import StudyResult, Table, energy_parts
from spinspice.cmos import Technology
from spinspice.devices.noise import instance_seed
from spinspice.energy import output_loads, terminals
from spinspice.engines import BEHAVIOURAL_SOURCES, Engine, get_engine, require_capability
from spinspice.errors import ResultError, check_range
from spinspice.jobs import JobFailure, run_jobs
from spinspice.panels import Curve, Panel
from spinspice.replay import replayable
from spinspice.units import DETERMINISTIC, engineering, with_error
from spinspice.waveforms import Waveforms

#: Differences of the inputs at which the decision time is measured [V].
DIFFERENCES = (1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2)
#: Differences up to which the outputs regenerate from almost nothing: the time is linear in their logarithm there.
SMALL = 1.1e-3
#: Difference at which the energy is measured [V], and decisions measured.
ENERGY_DIFFERENCE, ENERGY_DECISIONS = 5e-3, 4
#: Called as runs end: name of the stage, runs done in it, runs of it.
StageProgress = Callable[[str, int, int], None]


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

    #: The run of the times and the energy has no noise; the offsets are those of the instances.
    deterministic = ("noise_estimate", "times", "energy", "energy_by_source", "energy_by_block", "closure")

    def arrays(self) -> dict[str, tuple[str, Any, str]]:
        return {
            "offset": ("instance", self.offsets, "V"),
            "difference": ("difference", self.differences, "V"),
            "decision_time": ("difference", self.times, "s"),
        }

    def tables(self) -> tuple[Table, ...]:
        times = [
            (engineering(d, "V"), with_error(t, DETERMINISTIC, "s"))
            for d, t in zip(self.differences, self.times, strict=True)
        ]
        numbers = [
            (f"offset, mean of {len(self.offsets)}", with_error(self.offset_mean, self.offset_mean_stderr, "V")),
            ("offset, standard deviation", with_error(self.offset_sd, self.offset_sd_stderr, "V")),
            (
                f"noise at the input, from {self.noise_decisions} decisions"
                if self.noise
                else "noise at the input (not resolved: see the notes)"
                if self.settings.get("noise")
                else "noise at the input (ask with --noise N)",
                with_error(self.noise, self.noise_stderr, "V"),
            ),
            (
                "noise at the input by sqrt(2kT/C)",
                with_error(self.noise_estimate, DETERMINISTIC, "V") if self.noise_estimate else "-",
            ),
            ("regeneration constant", with_error(self.regeneration, self.regeneration_stderr, "s")),
            ("energy per decision", with_error(self.energy, DETERMINISTIC, "J")),
        ]
        return (
            Table("Numbers", ("quantity", "value"), tuple(numbers)),
            Table("Decision time", ("difference of the inputs", "clock edge to output"), tuple(times)),
            Table(
                f"Energy per decision (audit closes to {abs(self.closure):.1e})", ("part", "energy"), energy_parts(self)
            ),
        )

    def panels(self) -> tuple[Panel, ...]:
        d, t = 1e3 * np.asarray(self.differences), 1e9 * np.asarray(self.times)
        line = t[0] - 1e9 * self.regeneration * np.log(d / d[0])
        time = Panel(
            title="Decision time",
            xlabel="difference of the inputs [mV]",
            ylabel="clock edge to output [ns]",
            xscale="log",
            curves=(
                Curve(x=d, y=line, label=f"regeneration, {self.regeneration * 1e12:.1f} ps", kind="dashed", color=6),
                Curve(x=d, y=t, label="SPICE", kind="points"),
            ),
        )
        if len(self.offsets) < 2:
            return (time,)
        ordered = 1e3 * np.sort(self.offsets)
        part = (np.arange(ordered.size) + 0.5) / ordered.size
        curves = [Curve(x=ordered, y=part, label=f"{ordered.size} instances", kind="points")]
        if self.offset_sd:
            from scipy.stats import norm

            x = np.linspace(ordered[0] - 2, ordered[-1] + 2, 200)
            law = norm.cdf(x, 1e3 * self.offset_mean, 1e3 * self.offset_sd)
            curves.insert(0, Curve(x=x, y=law, label="normal law", color=1))
        offset = Panel(title="Offset", xlabel="offset [mV]", ylabel="instances below [1]", curves=tuple(curves))
        return time, offset


@replayable("comparator")
def study_comparator(
    *,
    cell: str | CellFile | None = None,
    cmos: str | None = None,
    topology: Topology | None = None,
    vdd: float | None = None,
    clock: float | None = None,
    trials: int = 16,
    noise: int = 0,
    seed: int = 1,
    engine: str | Engine = "auto",
    model: str | None = None,
    workers: int | None = None,
    progress: StageProgress | None = None,
    trust: bool = False,
) -> ComparatorStudy:
    """Study a comparator on a technology.

    Parameters
    ----------
    cell : str or CellFile, optional
        A comparator of your own: the path of a cell file whose ports have the roles inp, inn and clk (docs/import.md).
    cmos : str, optional
        Transistor technology, as for :func:`spinspice.cmos.get_technology`; default that of the cell file, else
        ``generic``.
    topology : {"strongarm", "double-tail"}, optional
        Built-in circuit, by default the first; not with ``cell``.
    vdd : float, optional
        Supply [V]; default that of the cell file, else the technology's own.
    clock : float, optional
        Clock period [s]; default :data:`spinspice.characterize.comparator_bench.PERIOD`.
    trials : int
        Instances, each with mismatch of its own, whose offset is searched for.
    noise : int
        Decisions with thermal noise at each of four differences, on VACASK whatever the engine
        (:func:`spinspice.characterize.comparator_noise.measure_noise`); 0 for none.
    seed : int
        Seed of mismatch and noise.
    engine, model, workers, progress, trust
        As for :func:`spinspice.characterize.characterize`.

    Raises
    ------
    UsageError
        For an unknown name, a number out of range, or a cell that is no comparator.
    ResultError
        If the comparator does not decide.
    """
    check_range("trials", trials, 2, 10_000, where="instances of a comparator")
    solver = get_engine(engine, model)
    require_capability(solver, BEHAVIOURAL_SOURCES, "the search for the offset of a comparator")
    nominal = choose_comparator(cell, cmos, topology, vdd, trust=trust)
    period = check_range("clock", bench.PERIOD if clock is None else clock, 1e-10, 1.0, unit="s", where="comparator")
    check_noise(nominal, noise)
    cells, notes = _instances(nominal, trials, seed)
    probed = nominal.rebuilt(probes="elements")
    jobs = [
        bench.decisions_testbench(nominal, [1e-2, *DIFFERENCES], period=period),
        bench.decisions_testbench(probed, [ENERGY_DIFFERENCE] * (ENERGY_DECISIONS // 2 + 1), _signals(probed), period),
        *(bench.offset_testbench(one, period) for one in cells),
    ]
    report = (lambda done, total, _: progress("runs", done, total)) if progress else None
    results = run_jobs(jobs, engine=solver, workers=workers, progress=report)
    for result in results[:2]:
        if isinstance(result, JobFailure):
            raise result.error
    bench.check_idle(nominal, results[0], period)
    timed = _times(nominal, results[0], period)
    if all(isinstance(result, JobFailure) for result in results[2:]):
        raise results[2].error
    found = [
        bench.offset(result, bench.common_mode(nominal)) for result in results[2:] if not isinstance(result, JobFailure)
    ]
    lost = sum(math.isnan(value) for value in found)
    if lost:
        notes.append(f"{lost} of {len(found)} instances have an offset beyond {bench.REACH * 1e3:g} mV: left out.")
    measured = _noise(nominal, noise, seed, workers, progress, notes)
    return ComparatorStudy(
        cell="comparator",
        engine=solver.name,
        seed=seed,
        settings={**_settings(nominal), "model": solver.model, "trials": trials, "noise": noise, "clock": period}
        | ({"cell": str(cell)} if isinstance(cell, str) else {}),
        provenance={**results[0].provenance, **_sizing(nominal)},
        notes=(*nominal.notes, *results[0].provenance.get("notes", ()), *notes),
        failures=tuple(str(result) for result in results if isinstance(result, JobFailure)),
        **measured,
        **_offsets([value for value in found if not math.isnan(value)]),
        **timed,
        **_energy(probed, results[1], period),
    )


def _instances(nominal: AnyComparator, trials: int, seed: int) -> tuple[list[AnyComparator], list[str]]:
    """Return instances with mismatch, or the nominal one and a note where nothing is known of it."""
    technology = nominal.technology
    if not isinstance(technology, Technology) or (not technology.n.spread and technology.n.pelgrom is None):
        return [nominal], [f"{technology.name}: no model of mismatch, so one instance, whose offset is systematic."]
    seeds = [instance_seed(seed, f"comparator/{k}") for k in range(trials)]
    made = [nominal.rebuilt(technology=technology.with_mismatch(s)) for s in seeds]
    if str(made[0]) == str(nominal):
        why = "its transistors are all as its netlist has them"
        return [nominal], [f"{nominal.name}: {why}, so one instance, whose offset is systematic."]
    return made, []


def _sizing(cell: AnyComparator) -> dict[str, Any]:
    return {"sizing": dataclasses.asdict(cell.comparator_sizing)} if isinstance(cell, Comparator) else {}


def _settings(cell: AnyComparator) -> dict[str, Any]:
    return {
        "cmos": cell.technology.name,
        "corner": cell.technology.corner,
        "vdd": cell.vdd,
        "topology": cell.topology,
    }


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


def _noise(
    cell: AnyComparator,
    decisions: int,
    seed: int,
    workers: int | None,
    progress: StageProgress | None,
    notes: list[str],
) -> dict[str, Any]:
    """Return the noise, measured if decisions were asked for; why it could not be had is added to ``notes``."""
    made: dict[str, Any] = {"noise": None, "noise_stderr": None, "noise_decisions": 0}
    if decisions:
        report = (lambda done, total, _: progress("noise", done, total)) if progress else None
        try:
            fit = measure_noise(cell, decisions, seed=seed, workers=workers, progress=report)
        except ResultError as reason:  # decisions that do not resolve the noise: said, in place of a number
            notes.append(f"no noise at the input: {reason}")
            return {**made, "noise_estimate": cell.noise_estimate}
        made = {"noise": fit.sigma, "noise_stderr": fit.sigma_stderr, "noise_decisions": fit.decisions}
    return {**made, "noise_estimate": cell.noise_estimate}


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
