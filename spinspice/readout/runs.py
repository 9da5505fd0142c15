"""Runs of a read-out cell: a junction under a stimulus, looked at once a clock cycle by its comparator."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from spinspice.analysis.counting import CountedRates, clock_for, count_rates, sample_bits, warn_if_slow
from spinspice.benches.readout import readout_testbench
from spinspice.cells.read_timing import ReadTiming
from spinspice.cells.readout import ReadOut
from spinspice.devices.noise import instance_seed
from spinspice.engines import Engine
from spinspice.errors import EngineError
from spinspice.jobs import JobFailure, Progress, run_jobs
from spinspice.waveforms import Waveforms, crossings

#: Part of the switches that the default clock misses, corrected for in the rates: our choice.
MISSED = 0.10
#: Longest read over the period of a default clock: our choice.
MAX_READ = 1.0 / 3.0


@dataclasses.dataclass(frozen=True)
class Reading:
    """What one run gave.

    Parameters
    ----------
    bits : array, shape (n,)
        Bits from the comparator.
    states : array, shape (n,)
        States of the junction at the clock edges.
    settled : array of bool, shape (n,)
        Where the junction did not switch while its node settled before the edge.
    events : array
        Times of all switching events [s].
    period, duration : float
        Clock period and length of the run [s].
    """

    bits: NDArray[np.int64]
    states: NDArray[np.int64]
    settled: NDArray[np.bool_]
    events: NDArray[np.float64]
    period: float
    duration: float

    @property
    def wrong(self) -> int:
        """Bits that differ from the state of a junction that had settled."""
        return int(np.sum((self.bits != self.states) & self.settled))


def default_timing(cell: ReadOut, drive: float = 0.0, missed: float = MISSED) -> ReadTiming:
    """Return a timing whose clock misses this part of the switches at a ``drive`` = V/V_c or I/I_c of the junction.

    A read may fill no more than a third of the period; a slower clock than wished is taken then, with a warning that
    says how much it misses.
    """
    out_of_P, out_of_AP = (float(rate) for rate in cell.device.escape_rates(drive))
    wished = clock_for(out_of_P, out_of_AP, missed)
    read = cell.timing(1.0)
    shortest = (read.length + read.high) / MAX_READ
    if wished < shortest:
        warn_if_slow(out_of_P, out_of_AP, shortest, limit=missed)
    return cell.timing(max(wished, shortest))


def reading(waveforms: Waveforms, timing: ReadTiming, count: int, tag: str = "") -> Reading:
    """Return bits, states and events of a run; of several cells, those of the one whose nodes end in ``tag``.

    Raises
    ------
    EngineError
        If the output is not a digital signal at the sampling times.
    """
    time, out = waveforms.time, waveforms[f"v(out{tag})"]
    samples, edges = timing.samples(count), timing.edges(count)
    levels = np.abs(np.interp(samples, time, out))
    if levels.min() < 0.8 * levels.max():
        raise EngineError(f"the comparator's output is at {levels.min():.3g} V at a sample: no decision was held.")
    events = crossings(time, waveforms[f"v(count{tag})"])
    flips = np.searchsorted(events, edges) - np.searchsorted(events, edges - timing.settle)
    return Reading(
        bits=sample_bits(time, out, samples),
        states=sample_bits(time, waveforms[f"v(state{tag})"], edges, threshold=0.5),
        settled=flips == 0,
        events=events,
        period=timing.period,
        duration=float(time[-1]),
    )


def rates(readings: Sequence[Reading]) -> CountedRates:
    """Return the rates that the bits of several runs show together, corrected for missed switches."""
    return count_rates([run.bits for run in readings], readings[0].period)


def tuning_curve(
    cell: ReadOut,
    stimuli: Sequence[float],
    *,
    bits: int,
    trials: int = 1,
    missed: float = MISSED,
    seed: int = 1,
    engine: str | Engine = "auto",
    workers: int | None = None,
    progress: Progress | None = None,
) -> list[CountedRates]:
    """Return the rates of a junction at each stimulus, counted from its comparator's bits in a SPICE engine.

    Parameters
    ----------
    cell : ReadOut
    stimuli : sequence of float
        Stimulus less shift [V], or [A] for a junction driven by current.
    bits, trials : int
        Bits of each run, and runs at each stimulus.
    missed : float
        Part of the switches that the clock may miss; each stimulus has a clock of its own. Large values cost fewer
        clock cycles: a bit tells most of the rates at about one mean stay to the next, a missed part of 0.3.
    seed, engine, workers, progress
        As for :func:`spinspice.jobs.run_jobs`; every run has a seed of its own.

    Raises
    ------
    EngineError
        If a run fails.
    ResultError
        If bits say nothing about rates.
    """
    scale = cell.device.I_c if cell.device.drive else cell.device.V_c
    timings = [default_timing(cell, stimulus / scale, missed) for stimulus in stimuli]
    jobs = [
        readout_testbench(cell, timing, bits, stim=stimulus, seed=instance_seed(seed, f"tuning/{index}/{trial}"))
        for index, (stimulus, timing) in enumerate(zip(stimuli, timings, strict=True))
        for trial in range(trials)
    ]
    results = run_jobs(jobs, engine=engine, workers=workers, progress=progress)
    for result in results:
        if isinstance(result, JobFailure):
            raise result.error
    return [
        rates([reading(waves, timing, bits) for waves in results[k * trials : (k + 1) * trials]])
        for k, timing in enumerate(timings)
    ]
