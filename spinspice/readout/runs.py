"""Runs of a read-out cell: a junction under a stimulus, looked at once a clock cycle by its comparator."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spinspice.analysis.counting import CountedRates, clock_for, count_rates, sample_bits, warn_if_slow
from spinspice.cells.read_timing import ReadTiming
from spinspice.cells.readout import ReadOut
from spinspice.cells.readout_bench import readout_circuit
from spinspice.devices import Telegraph
from spinspice.devices.noise import instance_seed
from spinspice.engines import Engine
from spinspice.errors import EngineError
from spinspice.jobs import JobFailure, Progress, run_jobs
from spinspice.testbench import Testbench
from spinspice.waveforms import Waveforms, crossings

#: Relative accuracy of the solver. A comparator decides on millivolts beside a supply of a volt: with the usual 1e-3
#: it decides on the solver's error (measured: right to 0.1 mV with 1e-6, to 1 mV with 1e-5).
OPTIONS = {"reltol": 1e-5}
#: Part of the switches that the default clock misses, corrected for in the rates: our choice.
MISSED = 0.10
#: Longest read over the period of a default clock: our choice.
LONGEST_READ = 1.0 / 3.0
#: Barrier of a junction that stands still [k_B T].
STILL = 200.0
#: Signals of every run.
SIGNALS = ("v(out)", "v(state)", "v(count)")


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
    shortest = (read.length + read.high) / LONGEST_READ
    if wished < shortest:
        warn_if_slow(out_of_P, out_of_AP, shortest, limit=missed)
    return cell.timing(max(wished, shortest))


def resolvable(cell: ReadOut, stop: float) -> ReadOut:
    """Return the cell with a switching time that an engine resolves in a run of ``stop`` [s]: 1e-9 of it or more."""
    device = cell.device
    return cell if device.t_sw >= 1e-9 * stop else cell.rebuilt(device=device.replace(t_sw=1e-9 * stop))


def held(cell: ReadOut, state: int, **changes: Any) -> ReadOut:
    """Return the cell with a junction that stays in ``state`` (0: P, 1: AP), and other ``changes``.

    Its barrier is beyond thermal energy and its critical value beyond any voltage: that of the cell itself is reached
    for some 10 ps by the charge of switches.
    """
    device = cell.device
    still = device.replace(delta=STILL, V_c=1e6 * device.V_c, I_c=1e6 * device.I_c, state0=float(state))
    return cell.rebuilt(device=still, **changes)


def first_step(device: Telegraph, drives: Sequence[float]) -> float:
    """Return a first step of the solver [s]: a tenth of the shortest mean stay at these drives."""
    return 0.1 / max(float(rate) for drive in drives for rate in device.escape_rates(drive))


def readout_testbench(
    cell: ReadOut,
    timing: ReadTiming,
    count: int,
    *,
    stim: float = 0.0,
    bias: float = 0.0,
    seed: int = 1,
    trim: int = 0,
    off: Collection[str] = (),
    save: Sequence[str] = (),
) -> Testbench:
    """Return a run of one read-out cell for ``count`` bits.

    Parameters
    ----------
    cell : ReadOut
    timing : ReadTiming
    count : int
        Bits.
    stim : float
        Stimulus [V], or [A] for a junction driven by current.
    bias : float
        Shift V_0 [V].
    seed : int
        Seed of the junction.
    trim : int
        Trim code of the comparator.
    off : collection of str
        Pulses that are switched off: ``clk`` (the comparator), ``isolate`` and ``read`` (all of the read).
    save : sequence of str
        Signals besides :data:`SIGNALS`.
    """
    stop = timing.stop(count)
    cell = resolvable(cell, stop)
    device = cell.device
    drive = stim / device.I_c if device.drive else (stim - bias) / device.V_c
    return Testbench.from_pyspice(
        readout_circuit(cell, timing, off=off),
        stop=stop,
        step=min(first_step(device, [drive]), timing.settle / 4),
        max_step=timing.period / 4,
        save=(*SIGNALS, *save),
        parameters={"stim": stim, "bias": bias, "seed": seed, "trim": trim},
        options=OPTIONS,
        title=f"read-out of {device.model} at {stim:g}",
    )


def reading(waveforms: Waveforms, timing: ReadTiming, count: int) -> Reading:
    """Return bits, states and events of a run.

    Raises
    ------
    EngineError
        If the output is not a digital signal at the sampling times.
    """
    time, out = waveforms.time, waveforms["v(out)"]
    samples, edges = timing.samples(count), timing.edges(count)
    levels = np.abs(np.interp(samples, time, out))
    if levels.min() < 0.8 * levels.max():
        raise EngineError(f"the comparator's output is at {levels.min():.3g} V at a sample: no decision was held.")
    events = crossings(time, waveforms["v(count)"])
    flips = np.searchsorted(events, edges) - np.searchsorted(events, edges - timing.settle)
    return Reading(
        bits=sample_bits(time, out, samples),
        states=sample_bits(time, waveforms["v(state)"], edges, threshold=0.5),
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
