"""Energy, delay and area of a bit: what a model of a larger system takes from the array's circuit."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from spinspice.analysis.energy import EnergyAudit, audit
from spinspice.benches.memory import MemoryBench, Read, Slot, Timing, Write, memory_bench
from spinspice.cells.mram import MemoryArray
from spinspice.cmos import Technology
from spinspice.devices import Macrospin
from spinspice.devices.laws.fokker_planck import boltzmann_angles
from spinspice.devices.noise import instance_seed
from spinspice.engines import DEFAULT_TIMEOUT, Engine
from spinspice.errors import ResultError, check_range
from spinspice.jobs import JobFailure, run_jobs
from spinspice.waveforms import Waveforms

#: One of each: the cell starts parallel and is read in both states.
OPERATIONS = (Read(0), Write(0, (1,)), Read(0), Write(0, (0,)))
NAMES = ("read 0", "write 1", "read 1", "write 0")
#: Blocks that the bits of a word share.
SHARED = ("word", "bias")
#: Longest solver step of these studies [s]: 1/43 of the precession of the preset's magnet.
MAX_STEP = 2.5e-12


@dataclasses.dataclass(frozen=True, kw_only=True)
class MemoryFigures:
    """Figures of one bit of an ST-MRAM array, each the mean of reading (writing) a 0 and a 1.

    Parameters
    ----------
    technology, corner : str
    vdd : float
        Supply [V].
    rows : int
        Cells on the bit line.
    energy_read, energy_write : float
        Energy of one bit [J], gaps included, with word driver and read bias counted in full for this one bit.
    energy_read_stderr, energy_write_stderr : float
        Standard errors over the seeds [J]: magnets fluctuate.
    blocks_read, blocks_write, blocks_read_stderr, blocks_write_stderr : dict of float
        The same by block [J], and standard errors over the seeds; ``word`` and ``bias`` are shared where a word has
        several bits.
    delay_read, delay_read_stderr : float
        Mean time from the rise of ``sense`` to the rise of the output, the slower bit [s].
    access_read : float
        From the rise of the word line to the output [s], with the same standard error.
    delay_write, delay_write_stderr : float
        Mean time from the start of the pulse to mz = 0, the slower direction [s].
    pulse_write : float
        Length of the write pulse that was paid for [s].
    cell_area : float
        Area of a bit cell [m^2], an estimate by layout rules of thumb.
    closure : float
        Largest relative gap of the energy audits [1].
    wrong_reads, failed_writes, operations : int
        Reads that gave the wrong bit, writes that did not switch, of so many operations.
    seeds : int
        Number of independent repetitions.
    source : str
        Where the figures come from.
    """

    technology: str
    corner: str
    vdd: float
    rows: int
    energy_read: float
    energy_read_stderr: float
    energy_write: float
    energy_write_stderr: float
    blocks_read: dict[str, float]
    blocks_write: dict[str, float]
    delay_read: float
    access_read: float
    delay_write: float
    delay_write_stderr: float
    pulse_write: float
    cell_area: float
    closure: float
    wrong_reads: int
    failed_writes: int
    operations: int
    seeds: int
    source: str
    blocks_read_stderr: dict[str, float] = dataclasses.field(default_factory=dict)
    blocks_write_stderr: dict[str, float] = dataclasses.field(default_factory=dict)
    delay_read_stderr: float = math.nan

    def energy_per_bit(self, operation: Literal["read", "write"], word: int = 1) -> float:
        """Return the energy of a bit [J] where ``word`` bits share a word driver and the read bias.

        The word driver is charged as measured with one cell; the wire and gates of further cells add about a
        femtofarad each and are left out.
        """
        check_range("word", word, 1, 4096, where="energy_per_bit: bits of a word")
        total, blocks = (
            (self.energy_read, self.blocks_read) if operation == "read" else (self.energy_write, self.blocks_write)
        )
        return total - sum(blocks[name] for name in SHARED) * (1.0 - 1.0 / word)

    def energy_per_bit_stderr(self, operation: Literal["read", "write"], word: int = 1) -> float:
        """Return the standard error of :meth:`energy_per_bit` [J], the shared blocks taken as independent of the rest;
        NaN where it is unknown."""
        reading = operation == "read"
        total = self.energy_read_stderr if reading else self.energy_write_stderr
        blocks = self.blocks_read_stderr if reading else self.blocks_write_stderr
        return math.hypot(total, *(blocks.get(name, math.nan) * (1.0 - 1.0 / word) for name in SHARED))

    def to_dict(self) -> dict[str, Any]:
        """Return plain data for JSON."""
        return dataclasses.asdict(self)


@dataclasses.dataclass(frozen=True)
class _Outcome:
    """What is kept of one run: per operation an audit, a delay [s] (NaN: never), and whether it did what it should."""

    audits: tuple[EnergyAudit, ...]
    delays: tuple[float, ...]
    right: tuple[bool, ...]


def measure_memory(
    device: Macrospin,
    technology: Technology | str = "generic",
    *,
    rows: int = 8,
    vdd: float | None = None,
    timing: Timing | None = None,
    seeds: int = 4,
    seed: int = 1,
    engine: str | Engine = "auto",
    model: str | None = None,
    workers: int | None = None,
    timeout: float = DEFAULT_TIMEOUT,
) -> MemoryFigures:
    """Read and write a bit at the end nearest to the drivers of a column, with an ammeter at every pin.

    Parameters
    ----------
    device : Macrospin
    technology : Technology or str
    rows : int
        Cells on the column.
    vdd : float, optional
        Supply [V].
    timing : Timing, optional
    seeds : int
        Repetitions with fresh noise and fresh initial angles, at least 2.
    seed : int
        Seed of all of it.
    engine, model, workers, timeout
        As for :func:`spinspice.jobs.run_jobs`.

    Raises
    ------
    EngineError
        If a run failed.
    ResultError
        If no read or no write came out right, so that there is no delay.
    """
    check_range("seeds", seeds, 2, 10000, where="measure_memory: repetitions, from which the standard errors come")
    timing = timing or Timing()
    streams = [instance_seed(seed, f"memory {k}") for k in range(seeds)]
    benches = memory_benches(device, technology, streams, rows=rows, vdd=vdd, timing=timing)
    results = run_jobs([b.testbench for b in benches], engine=engine, model=model, workers=workers, timeout=timeout)
    for result in results:
        if isinstance(result, JobFailure):
            raise result.error
    return figures_of(benches, timing, results)


def memory_benches(
    device: Macrospin,
    technology: Technology | str,
    seeds: Sequence[int],
    *,
    rows: int = 8,
    vdd: float | None = None,
    timing: Timing | None = None,
) -> list[MemoryBench]:
    """Return the runs of :func:`measure_memory`, one for each seed, which draws noise and initial angles."""
    benches = []
    for own in seeds:
        tilt = tuple(angles.reshape(rows, 1) for angles in boltzmann_angles(device.delta, rows, own))
        array = MemoryArray(
            device.replace(max_step=max(device.max_step, MAX_STEP)),
            technology,
            rows=rows,
            columns=1,
            vdd=vdd,
            tilt=(tilt[0], tilt[1]),
            metered=True,
        )
        benches.append(memory_bench(array, OPERATIONS, timing=timing or Timing(), seed=own, max_step=MAX_STEP))
    return benches


def figures_of(benches: Sequence[MemoryBench], timing: Timing, results: Sequence[Waveforms]) -> MemoryFigures:
    """Return what the runs of :func:`memory_benches` say; errors as for :func:`measure_memory`."""
    outcomes = [_outcome(bench, waves) for bench, waves in zip(benches, results, strict=True)]
    return _figures(benches[0].array, timing, outcomes, results[0].provenance)


def audit_slot(bench: MemoryBench, waveforms: Waveforms, slot: Slot) -> EnergyAudit:
    """Return the energy audit of one operation of a metered array, gaps included."""
    return audit(waveforms.window(slot.start, slot.stop), bench.terminals, bench.sources)


def operation_delay(bench: MemoryBench, waveforms: Waveforms, slot: Slot, column: int = 0) -> float:
    """Return the delay of an operation [s]: a read from ``sense`` to the first output, a write to mz = 0; NaN if never.

    A write that finds the cell in the wanted state already takes 0 s.
    """
    array, time = bench.array, waveforms.time
    if slot.sense is not None:
        high = np.maximum(waveforms[f"v(out{column})"], waveforms[f"v(outn{column})"]) > 0.5 * array.vdd
        return _first(time, high & (time >= slot.sense), slot.end) - slot.sense
    assert isinstance(slot.operation, Write)
    wanted = -1.0 if slot.operation.bits[column] else 1.0
    there = wanted * waveforms[array.mz(slot.operation.row, column)] > 0.0
    return _first(time, there & (time >= slot.begin), slot.stop) - slot.begin


def bit_after(bench: MemoryBench, waveforms: Waveforms, slot: Slot, column: int = 0) -> int | None:
    """Return the bit that a read gave just before its end (None: no decision), or that a cell holds after a write."""
    row, array = slot.operation.row, bench.array
    if slot.sense is None:
        return int(np.interp(slot.stop, waveforms.time, waveforms[array.mz(row, column)]) < 0.0)
    when = slot.end - 0.1e-9
    one, zero = (np.interp(when, waveforms.time, waveforms[f"v({n}{column})"]) for n in ("out", "outn"))
    return None if abs(one - zero) < 0.5 * array.vdd else int(one > zero)


def _first(time: NDArray[np.float64], condition: NDArray[np.bool_], limit: float) -> float:
    hits = np.flatnonzero(condition & (time <= limit))
    return float(time[hits[0]]) if hits.size else float("nan")


def _outcome(bench: MemoryBench, waveforms: Waveforms) -> _Outcome:
    expected = (0, 1, 1, 0)
    audits = tuple(audit_slot(bench, waveforms, slot) for slot in bench.slots)
    delays = tuple(operation_delay(bench, waveforms, slot) for slot in bench.slots)
    right = tuple(bit_after(bench, waveforms, slot) == bit for slot, bit in zip(bench.slots, expected, strict=True))
    return _Outcome(audits, delays, right)


def _figures(
    array: MemoryArray, timing: Timing, outcomes: Sequence[_Outcome], provenance: dict[str, Any]
) -> MemoryFigures:
    """Average over repetitions: reads are operations 0 and 2, writes 1 and 3."""
    energy = np.array([[sum(a.delivered.values()) for a in o.audits] for o in outcomes])
    right: NDArray[np.bool_] = np.array([o.right for o in outcomes])
    delays = np.where(right, np.array([o.delays for o in outcomes]), np.nan)
    failed = [name for name, column in zip(NAMES, delays.T, strict=True) if np.isnan(column).all()]
    if failed:
        raise ResultError(f"no {', no '.join(failed)} came out right in {len(outcomes)} runs: lengthen Timing.")
    mean_delay = np.nanmean(delays, axis=0)
    slower = 1 if mean_delay[1] > mean_delay[3] else 3
    slower_read = 0 if mean_delay[0] > mean_delay[2] else 2
    read, write = energy[:, [0, 2]].mean(axis=1), energy[:, [1, 3]].mean(axis=1)
    delay_read = float(mean_delay[[0, 2]].max())
    return MemoryFigures(
        technology=array.technology.name,
        corner=array.technology.corner,
        vdd=array.vdd,
        rows=array.rows,
        energy_read=float(read.mean()),
        energy_read_stderr=float(read.std(ddof=1) / np.sqrt(read.size)),
        energy_write=float(write.mean()),
        energy_write_stderr=float(write.std(ddof=1) / np.sqrt(write.size)),
        **_blocks(outcomes, "blocks_read", (0, 2)),
        **_blocks(outcomes, "blocks_write", (1, 3)),
        delay_read=delay_read,
        # Reads alike to the step of the solver are known no better than that.
        delay_read_stderr=math.hypot(_error_of(delays[:, slower_read]), MAX_STEP / math.sqrt(12.0)),
        access_read=delay_read + timing.settle,
        delay_write=float(mean_delay[slower]),
        delay_write_stderr=_error_of(delays[:, slower]),
        pulse_write=timing.write,
        cell_area=array.sizing.cell_area,
        closure=max(abs(a.closure) for o in outcomes for a in o.audits),
        wrong_reads=int((~right[:, [0, 2]]).sum()),
        failed_writes=int((~right[:, [1, 3]]).sum()),
        operations=int(right.size),
        seeds=len(outcomes),
        source=f"transient simulation of a column of {array.rows} cells, {provenance.get('engine', 'engine')}",
    )


def _error_of(values: NDArray[np.float64]) -> float:
    """Standard error of the mean of independent values, NaN being none; unknown (NaN) from fewer than two."""
    known = values[~np.isnan(values)]
    return float(known.std(ddof=1)) / math.sqrt(known.size) if known.size > 1 else math.nan


def _blocks(outcomes: Sequence[_Outcome], name: str, chosen: Sequence[int]) -> dict[str, Any]:
    """Mean energy by block over repetitions [J], and its standard error, as fields of :class:`MemoryFigures`."""
    names = outcomes[0].audits[chosen[0]].blocks
    each = {
        block: np.array([np.mean([o.audits[k].blocks.get(block, 0.0) for k in chosen]) for o in outcomes])
        for block in names
    }
    return {
        name: {block: float(values.mean()) for block, values in each.items()},
        f"{name}_stderr": {block: _error_of(values) for block, values in each.items()},
    }
