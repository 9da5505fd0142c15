"""What reading does to a junction, and what it costs: hazard of a junction that stands still, and the same seed twice.

The rate of a telegraph junction is a function of its voltage at each moment, so the mean hazard over whole periods of a
junction held in one state is exact, without counting events (:func:`disturb_of`). The direct way is slower and asks
nothing of the law: two runs with the same seed, one of them with the comparator (or all of the read) switched off. Each
stay ends when its hazard reaches the same number in both, so pairs of stays tell the ratio of the rates
(:func:`compare`).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Sequence
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from spinspice.analysis.energy import Capacitor, EnergyAudit, Source, audit
from spinspice.benches.readout import OPTIONS, freeze, readout_circuit
from spinspice.cells.bench import LOAD
from spinspice.cells.readout import ReadOut, ReadTiming
from spinspice.energy import terminals
from spinspice.engines import Engine
from spinspice.errors import ResultError
from spinspice.jobs import JobFailure, run_jobs
from spinspice.testbench import Testbench
from spinspice.waveforms import Waveforms

#: Periods of the runs with a junction that stands still, of which the first are left out.
STILL_PERIODS, WARM_UP_PERIODS = 4, 2
#: What is switched off: the comparator alone, or all of the read.
COMPARATOR, READ = ("clk",), ("clk", "isolate", "read")
#: Times of switching events [s].
Events = NDArray[np.float64]
_NAMES = ("vdd", "vss", "clk", "isolate", "read", "pb", "bias")


@dataclasses.dataclass(frozen=True)
class Comparison:
    """Relative change of the escape rates out of P and out of AP between two runs of one seed, with s.e., and pairs."""

    change: tuple[float, float]
    stderr: tuple[float, float]
    pairs: tuple[int, int]


def compare(runs: Sequence[Events], others: Sequence[Events], state0: int = 0) -> Comparison:
    """Return how much faster the junction leaves its states in ``runs`` than in ``others`` of the same seeds.

    Each run is the times of its switching events [s]; all start in ``state0``.

    The ratio of the summed stays, stay by stay the same in its threshold; standard error from the scatter of the pairs
    about the ratio.

    Raises
    ------
    ResultError
        If a state has less than three stays.
    """
    change, stderr, pairs = [], [], []
    for state in (0, 1):
        both: list[NDArray[np.float64]] = []
        for run, other in zip(runs, others, strict=True):
            stays = [np.diff(np.concatenate([[0.0], events])) for events in (run, other)]
            count = min(stay.size for stay in stays)
            mine = slice((state - state0) % 2, count, 2)
            both.append(np.array([stay[mine] for stay in stays]))
        here, there = np.concatenate(both, axis=1)
        if here.size < 3:
            raise ResultError(f"{here.size} stays in state {state} are too few to compare two runs: take more bits.")
        ratio = there.sum() / here.sum()
        scatter = there - ratio * here
        change.append(float(ratio - 1.0))
        stderr.append(float(np.sqrt(here.size / (here.size - 1) * np.sum(scatter**2)) / here.sum()))
        pairs.append(int(here.size))
    return Comparison((change[0], change[1]), (stderr[0], stderr[1]), (pairs[0], pairs[1]))


def at_rest(
    cell: ReadOut, timing: ReadTiming, *, stim: float, pb: float, engine: Engine, workers: int | None
) -> dict[str, Any]:
    """Return disturb with its parts, margins, energy and waveforms of a read, of a junction held in P and in AP.

    Parameters
    ----------
    cell : ReadOut
    timing : ReadTiming
    stim : float
        Stimulus [V or A].
    pb : float
        Voltage of the gate line of the read currents [V], as :class:`spinspice.cells.readout.ReadBias` makes it.
    engine, workers
        As for :func:`spinspice.jobs.run_jobs`.
    """
    results = run_jobs(rest_testbenches(cell, timing, stim, pb), engine=engine, workers=workers)
    return rest_of(cell, timing, stim, results)


def rest_testbenches(cell: ReadOut, timing: ReadTiming, stim: float, pb: float) -> list[Testbench]:
    """Return the runs of :func:`at_rest`."""
    benches = [still_testbench(cell, timing, state, stim, pb) for state in (0, 1)]
    return benches + [
        still_testbench(cell, timing, state, stim, pb, off) for off in (COMPARATOR, READ) for state in (0, 1)
    ]


def rest_of(
    cell: ReadOut, timing: ReadTiming, stim: float, results: Sequence[Waveforms | JobFailure]
) -> dict[str, Any]:
    """Return what the runs of :func:`rest_testbenches` say.

    Raises
    ------
    EngineError
        If one failed.
    """
    for result in results:
        if isinstance(result, JobFailure):
            raise result.error
    runs = cast(Sequence[Waveforms], results)
    made = _still(cell, timing, stim, list(runs[:2]))
    parts = []
    for group in (runs[2:4], runs[4:6]):
        whole = [run.window(WARM_UP_PERIODS * timing.period) for run in group]
        parts.append(tuple(disturb_of(cell, timing, state, stim, run)[0] for state, run in enumerate(whole)))
    return {**made, "disturb_silent": parts[0], "disturb_unread": parts[1]}


def still_testbench(
    cell: ReadOut, timing: ReadTiming, state: int, stim: float, pb: float, off: Collection[str] = ()
) -> Testbench:
    """Return a short run with a junction that stays in ``state``, with an ammeter at every pin."""
    frozen = freeze(cell, state, probes="elements")
    names = [name for pin in terminals(frozen) for name in (pin.voltage, pin.current)]
    names += [name for source in _sources(cell) for name in (source.voltage, source.current)]
    return Testbench.from_pyspice(
        readout_circuit(frozen, timing, pb=pb, off=off),
        stop=STILL_PERIODS * timing.period,
        step=timing.rise,
        max_step=timing.period / 50,
        save=tuple(dict.fromkeys([*names, "v(out)", "v(x1.nj)", "v(x1.nr)", "v(x1.gj)", "v(x1.gr)"])),
        parameters={"stim": stim, "bias": 0.0, "seed": 1, "trim": 0},
        options=OPTIONS,
        title=f"{cell.name} standing still in state {state}",
    )


def _sources(cell: ReadOut) -> list[Source]:
    """Return the sources of the bench."""
    renamed = {"vdd": "i(vdd)", "vss": "i(vss)"}
    sources = [Source(name, f"v({name})", renamed.get(name, f"i(v{name})")) for name in _NAMES]
    if cell.device.drive == 0.0:
        sources.append(Source("stim", "v(stim)", "i(vstim)"))
    return sources


def _still(cell: ReadOut, timing: ReadTiming, stim: float, runs: list[Waveforms]) -> dict[str, Any]:
    """Return disturb, margins, energy and the waveforms of a read, from runs in P and in AP."""
    made: dict[str, Any] = {"waveforms": {}}
    disturb, by_read, margins, audits = [], [], [], []
    for state, run in enumerate(runs):
        whole = run.window(WARM_UP_PERIODS * timing.period)
        total, part = disturb_of(cell, timing, state, stim, whole)
        disturb.append(total)
        by_read.append(part)
        edge = timing.edges(STILL_PERIODS)[-1]
        at = [float(np.interp(edge, run.time, run[f"v(x1.{node})"])) for node in ("gj", "gr")]
        margins.append(abs(at[0] - at[1]))
        audits.append(_audit(cell, whole, stim))
        shown = run.window(edge - 1.5 * timing.settle, edge + 0.5 * timing.settle + 1.5 * timing.high)
        made["waveforms"][("P", "AP")[state]] = {
            "time": shown.time - edge,
            "junction": shown["v(x1.nj)"],
            "reference": shown["v(x1.nr)"],
        }
    periods = STILL_PERIODS - WARM_UP_PERIODS
    sources = {name: float(np.mean([a.delivered[name] for a in audits])) / periods for name in audits[0].delivered}
    stimulus = sources.pop("stim", 0.0) + sources.pop("bias")
    made |= {
        "disturb": tuple(disturb),
        "disturb_read": tuple(by_read),
        "margins": tuple(margins),
        "energy": sum(sources.values()),
        "energy_by_source": {
            "supply": sources["vdd"] + sources["vss"],
            "clock and pulses": sources["clk"] + sources["isolate"] + sources["read"] + sources["pb"],
            "stimulus and shift": stimulus,
        },
        "energy_by_block": {
            name: float(np.mean([a.blocks[name] for a in audits])) / periods for name in audits[0].blocks
        },
        "closure": max(abs(a.closure) for a in audits),
    }
    return made


def disturb_of(cell: ReadOut, timing: ReadTiming, state: int, stim: float, waveforms: Waveforms) -> tuple[float, float]:
    """Return the relative change of an escape rate by reading, and the part of it under the settled read [1].

    The rate of a telegraph junction is a function of its drive at the moment, so its mean over whole periods is exact:
    no switching event has to be counted.
    """
    device = cell.device
    if device.drive == 0.0:
        drive = (waveforms["v(x1.nj)"] - waveforms["v(bias)"]) / device.V_c
        rest = stim / device.V_c
    else:
        drive = waveforms["i(v.x1.vm_mtj)"] / device.I_c
        rest = stim / device.I_c
    law: NDArray[np.float64] = device.escape_rates(drive)[state] / device.escape_rates(rest)[state] - 1.0
    time = waveforms.time
    span = time[-1] - time[0]
    phase = (time - timing.edges(1)[0] + timing.settle) % timing.period
    # After a tenth of the settling time the charge of the switch has gone; up to the clock edge.
    read = (phase > 0.1 * timing.settle) & (phase < timing.settle)
    total = float(np.trapezoid(law, time) / span)
    return total, float(np.trapezoid(np.where(read, law, 0.0), time) / span)


def _audit(cell: ReadOut, waveforms: Waveforms, stim: float) -> EnergyAudit:
    """Account for the energy of whole periods; a stimulus that is a current is a source of its own kind."""
    frozen = freeze(cell, 0, probes="elements")
    sources = _sources(cell)
    if cell.device.drive == 1.0 and stim != 0.0:
        sources.append(Source("stim", "v(stim)", "i(stim)"))
        waveforms = Waveforms(
            waveforms.time, {**waveforms, "i(stim)": np.full(waveforms.time.size, -stim)}, provenance={}
        )
    return audit(waveforms, terminals(frozen), sources, [Capacitor("load", "v(out)", LOAD)])
