"""Write errors in the array: the current follows the junction's resistance, as the transistor in series lets it."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spinspice.benches.memory import MemoryBench, Timing, Write, memory_bench
from spinspice.cells.mram import MemoryArray
from spinspice.cmos import Technology
from spinspice.devices import Macrospin
from spinspice.devices.laws.fokker_planck import boltzmann_angles, not_switched, time_unit
from spinspice.devices.noise import instance_seed
from spinspice.engines import DEFAULT_TIMEOUT, Engine
from spinspice.errors import UsageError, check_range
from spinspice.jobs import JobFailure, run_jobs
from spinspice.memory.write_errors import WriteErrors, check_uniaxial, fit_write_current
from spinspice.waveforms import Waveforms

#: Columns of a run: written at a time, each a sample of its own.
COLUMNS = 8


@dataclasses.dataclass(frozen=True)
class WritePath:
    """Currents that a column gives a junction in one direction, over the critical current [1].

    ``start`` before the magnet moves, ``end`` after it has switched; between them the current goes one way.
    """

    bit: int
    start: float
    end: float

    @property
    def sufficient(self) -> bool:
        """Whether the current is above critical all the way."""
        return min(self.start, self.end) > 1.0


def circuit_write_errors(
    device: Macrospin,
    technology: Technology | str,
    bit: int,
    widths: ArrayLike,
    *,
    samples: int = 64,
    vdd: float | None = None,
    rows: int = 1,
    seed: int = 1,
    max_step: float = 2.5e-12,
    engine: str | Engine = "auto",
    model: str | None = None,
    workers: int | None = None,
    timeout: float = DEFAULT_TIMEOUT,
) -> tuple[WriteErrors, WritePath]:
    """Sample the write error of cells in an array, and the current that they get.

    Parameters
    ----------
    device : Macrospin
    technology : Technology or str
    bit : {0, 1}
        1 writes AP over P (source line high, the transistor's source on the junction), 0 writes P over AP.
    widths : array
        Pulse widths [s], rising, counted from when the current has reached half its value.
    samples : int
        Rounded up to a multiple of :data:`COLUMNS`.
    vdd : float, optional
        Supply [V], the amplitude of a write of AP.
    rows : int
        Cells on a bit line.

    Other arguments as for :func:`spinspice.jobs.run_jobs`.

    Raises
    ------
    UsageError
        For a bit that is neither 0 nor 1.
    EngineError
        If a run failed.
    """
    check_range("samples", samples, 8, 10**6, where="circuit_write_errors")
    widths = np.atleast_1d(np.asarray(widths, dtype=float))
    seeds = [instance_seed(seed, f"write {k}") for k in range(-(-samples // COLUMNS))]
    benches = write_benches(device, technology, bit, float(widths[-1]), seeds, vdd=vdd, rows=rows, max_step=max_step)
    results = run_jobs([b.testbench for b in benches], engine=engine, model=model, workers=workers, timeout=timeout)
    for result in results:
        if isinstance(result, JobFailure):
            raise result.error
    return write_errors_of(benches, device, bit, widths, results)


def write_benches(
    device: Macrospin,
    technology: Technology | str,
    bit: int,
    longest: float,
    seeds: Sequence[int],
    *,
    vdd: float | None = None,
    rows: int = 1,
    max_step: float = 2.5e-12,
) -> list[MemoryBench]:
    """Return the runs of :func:`circuit_write_errors` with pulses up to ``longest`` [s], one for each seed.

    Each writes :data:`COLUMNS` bits; its seed draws noise and initial angles.
    """
    check_uniaxial(device)
    if bit not in (0, 1):
        raise UsageError(f"bit = {bit!r} of a write is neither 0 (P) nor 1 (AP).")
    timing = Timing(write=longest + 0.5e-9, gap=0.3e-9)
    device = device.replace(max_step=max(device.max_step, max_step))
    return [_bench(device, technology, bit, rows, vdd, timing, seed, max_step) for seed in seeds]


def write_errors_of(
    benches: Sequence[MemoryBench],
    device: Macrospin,
    bit: int,
    widths: NDArray[np.float64],
    results: Sequence[Waveforms],
) -> tuple[WriteErrors, WritePath]:
    """Return what the runs of :func:`write_benches` say at pulse widths [s]."""
    sign = 1.0 if bit else -1.0
    tracks = [t for bench, w in zip(benches, results, strict=True) for t in _tracks(bench, w, device.I_c0, sign)]
    drive = fit_write_current(
        np.concatenate([mz for _, mz, _ in tracks]), np.concatenate([current for _, _, current in tracks])
    )
    left = np.mean([np.interp(widths, time, mz) > 0.0 for time, mz, _ in tracks], axis=0)
    theory = not_switched(widths / time_unit(device), device.delta, drive)
    ends = drive(np.array([-1.0, 1.0]))
    how = f"{results[0].provenance.get('engine', 'engine')}, array on {benches[0].array.technology.name}, write {bit}"
    found = WriteErrors(widths, left, theory, len(tracks), float(ends[1]), time_unit(device), how)
    return found, WritePath(bit, float(ends[1]), float(ends[0]))


def _bench(
    device: Macrospin,
    technology: Technology | str,
    bit: int,
    rows: int,
    vdd: float | None,
    timing: Timing,
    seed: int,
    max_step: float,
) -> MemoryBench:
    """Return the bench of one word of the opposite bits, magnets at angles of their own, being overwritten."""
    polar, azimuth = (angles.reshape(rows, COLUMNS) for angles in boltzmann_angles(device.delta, rows * COLUMNS, seed))
    array = MemoryArray(
        device,
        technology,
        rows=rows,
        columns=COLUMNS,
        vdd=vdd,
        state=np.full((rows, COLUMNS), 1 - bit),
        tilt=(polar, azimuth),
        readable=False,
    )
    return memory_bench(array, [Write(0, (bit,) * COLUMNS)], timing=timing, seed=seed, max_step=max_step)


def _tracks(bench: MemoryBench, waveforms: Waveforms, I_c0: float, sign: float) -> list[tuple[NDArray, ...]]:
    """Return time since the current's half height [s], mz (+1 at the start) and overdrive of every column's pulse."""
    slot, array = bench.slots[0], bench.array
    found: list[tuple[NDArray, ...]] = []
    for column in range(array.columns):
        current = -sign * waveforms[array.junction_current(0, column)] / I_c0
        plateau = float(np.interp(slot.begin + 0.4e-9, waveforms.time, current))
        begin = waveforms.time[np.flatnonzero(current > 0.5 * plateau)[0]]
        inside = (waveforms.time >= begin + 0.25e-9) & (waveforms.time <= slot.end - 0.1e-9)
        time = waveforms.time[inside] - begin
        found.append((time, sign * waveforms[array.mz(0, column)][inside], current[inside]))
    return found
