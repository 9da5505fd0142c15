"""How many read-outs of unequal transistors read their junction, without trim and with it, and what the trim costs."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np

from spinspice.analysis.statistics import Yield, wilson, wrong_of
from spinspice.benches.readout import readout_testbench
from spinspice.cells.comparator import CODES, TRIM_STEP, ComparatorSizing, Topology
from spinspice.cells.read_timing import ReadTiming
from spinspice.cells.readout import MARGIN, ReadOut
from spinspice.characterize.read_disturb import at_rest
from spinspice.characterize.readout import DEFAULT_PRESET, StageProgress, load_junction, settings_of
from spinspice.characterize.study import StudyResult, Table
from spinspice.devices.noise import instance_seed
from spinspice.engines import Engine, get_engine
from spinspice.errors import check_range
from spinspice.jobs import Progress
from spinspice.panels import Curve, Panel
from spinspice.readout.runs import Reading, default_timing
from spinspice.readout.trimming import Trim, find_trims, read_instances
from spinspice.replay import replayable
from spinspice.units import DETERMINISTIC, with_error


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

    def tables(self) -> tuple[Table, ...]:
        count = len(self.codes)
        rows = (
            (f"instances of {count} without a wrong bit", *(f"{y.passed} ({y.fraction:.0%})" for y in self.reads)),
            ("95 % confidence (Wilson)", *(f"{y.low:.0%} to {y.high:.0%}" for y in self.reads)),
            (
                "wrong among the settled bits",
                *(wrong_of(sum(w), n) for w, n in zip(self.wrong, self.settled, strict=True)),
            ),
            ("energy per read", *(with_error(value, DETERMINISTIC, "J") for value in self.energy)),
            ("channels of the input pairs", *(f"{value * 1e12:.3g} um2" for value in self.area)),
            *(
                (f"escape out of {state} changed by reading", *(f"{part[k]:+.1%}" for part in self.disturb))
                for k, state in enumerate(("P", "AP"))
            ),
        )
        return (Table("Read-outs of unequal transistors", ("", "without trim", "with trim"), rows),)

    def panels(self) -> tuple[Panel, ...]:
        order = np.argsort(self.codes, kind="stable")
        x = np.arange(len(order))
        low, high, codes = (np.asarray(values)[order] for values in (self.low, self.high, self.codes))
        curves = (
            Curve(x=x, y=low - 0.5, y_high=high - 0.5, kind="band", label="both states read right", color=2),
            Curve(x=x, y=codes, kind="points", label="code taken", color=0),
            Curve(x=x[[0, -1]], y=[0.0, 0.0], kind="dashed", label="without trim", color=6),
        )
        return (Panel(title="Trim", xlabel="instance, sorted", ylabel="trim code", curves=curves),)


@replayable("readout-yield")
def study_yield(
    preset: str | None = None,
    *,
    cmos: str = "generic",
    topology: Topology = "strongarm",
    vdd: float | None = None,
    R_ref: float | None = None,
    margin: float | None = None,
    clock: float | None = None,
    bits: int = 24,
    trials: int = 30,
    seed: int = 1,
    engine: str | Engine = "auto",
    model: str | None = None,
    workers: int | None = None,
    progress: StageProgress | None = None,
) -> ReadOutYield:
    """Count the read-outs that read their junction, over transistors that differ, without and with trim.

    Parameters
    ----------
    preset, cmos, topology, vdd, R_ref, margin, clock, engine, model, workers, progress
        As for :func:`spinspice.characterize.readout.study_readout`.
    bits : int
        Bits that each instance reads of a fluctuating junction.
    trials : int
        Instances, each with mismatch of its own: comparator, read currents, switches.
    seed : int
        Seed of mismatch and junctions. Transistors of the same name differ alike without and with trim.

    Raises
    ------
    UsageError
        For an unknown name, a number out of range, or a technology without a model of mismatch.
    EngineError
        If a run fails.
    """
    check_range("trials", trials, 1, 10_000, where="instances of a read-out")
    check_range("bits", bits, 2, 1_000_000, where="bits of each instance of a read-out")
    solver = get_engine(engine, model)
    device = load_junction(preset)
    options = {"topology": topology, "vdd": vdd, "R_ref": R_ref, "margin": MARGIN if margin is None else margin}
    nominal = ReadOut(device, cmos, **options)  # type: ignore[arg-type]
    trimmed = nominal.rebuilt(sizing=ComparatorSizing.for_technology(nominal.technology, trim=True))
    # One timing for both: that of the cell with more on its node.
    timing = default_timing(trimmed) if clock is None else trimmed.timing(clock)
    seeds = [instance_seed(seed, f"read-out/{k}") for k in range(trials)]
    plain, cells = (
        [cell.rebuilt(technology=nominal.technology.with_mismatch(s)) for s in seeds] for cell in (nominal, trimmed)
    )

    def stage(name: str) -> Progress | None:
        return (lambda done, total, _: progress(name, done, total)) if progress else None

    junctions = [instance_seed(seed, f"junction/{k}") for k in range(trials)]
    trims = find_trims(cells, timing, engine=solver, workers=workers, progress=stage("trim"))
    codes = [trim.code for trim in trims]
    runs: dict[str, Any] = {"seeds": junctions, "engine": solver, "workers": workers}
    before = read_instances(plain, timing, bits, progress=stage("without trim"), **runs)
    after = read_instances(cells, timing, bits, trims=codes, progress=stage("with trim"), **runs)
    rests = [_rest(cell, timing, solver, workers) for cell in (nominal, trimmed)]
    return ReadOutYield(
        cell="readout-yield",
        engine=solver.name,
        seed=seed,
        settings={**settings_of(nominal, timing), "preset": preset or DEFAULT_PRESET, "model": solver.model}
        | {"bits": bits, "trials": trials, "trim_step": TRIM_STEP, "codes": CODES},
        notes=_notes(trims),
        low=tuple(trim.low for trim in trims),
        high=tuple(trim.high for trim in trims),
        codes=tuple(codes),
        energy=(rests[0]["energy"], rests[1]["energy"]),
        area=(nominal.comparator_sizing.area, trimmed.comparator_sizing.area),
        disturb=(rests[0]["disturb"], rests[1]["disturb"]),
        **_counted(before, after),
    )


def _rest(cell: ReadOut, timing: ReadTiming, engine: Engine, workers: int | None) -> dict[str, Any]:
    """Return energy and disturb of a nominal cell."""
    pb = float(engine.run(readout_testbench(cell, timing, 1, save=("v(pb)",)))["v(pb)"][-1])
    return at_rest(cell, timing, stim=0.0, pb=pb, engine=engine, workers=workers)


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
