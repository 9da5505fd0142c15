"""Search for the nearest stored pattern: rows of an ST-MRAM array are read in turn, and their bits compared.

Each row holds a pattern. Sense amplifiers give its bits; a digital part (here integers) counts those that differ from
the query and keeps the row with the fewest. Wide patterns are cut into tiles of some columns, arrays of their own with
their own periphery, as a chip would have them. The memory holds without supply: what it draws between searches can be
switched off.
"""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spinspice.benches.memory import MemoryBench, Read, Timing, memory_bench
from spinspice.cells.mram import MemoryArray
from spinspice.cmos import Technology
from spinspice.devices import Macrospin
from spinspice.devices.noise import instance_seed
from spinspice.engines import Engine
from spinspice.errors import ResultError, UsageError
from spinspice.jobs import JobFailure, run_jobs
from spinspice.memory.figures import bit_after
from spinspice.waveforms import Waveforms

#: Longest step of a run [s]: nothing switches in a read.
MAX_STEP = 5e-12


@dataclasses.dataclass(frozen=True)
class Found:
    """What a search gave.

    Parameters
    ----------
    read : array, shape (patterns, bits)
        Bits as the sense amplifiers gave them.
    distances : array, shape (patterns,)
        Bits that differ from the query.
    energy : float
        From the supplies for all reads [J]; the comparison is not counted.
    standby : float
        Power from the supplies between operations [W].
    duration : float
        Of the reads [s].
    """

    read: NDArray[np.int64]
    distances: NDArray[np.int64]
    energy: float
    standby: float
    duration: float

    @property
    def nearest(self) -> int:
        """Row of the pattern with the fewest bits that differ; the first of several."""
        return int(self.distances.argmin())

    def energy_of_searches(self, every: float, *, gated: bool) -> float:
        """Return the energy of one search when one comes each ``every`` [s]: supplied in between, or switched off."""
        return self.energy if gated else self.energy + self.standby * max(every - self.duration, 0.0)


def search_benches(
    patterns: ArrayLike,
    device: Macrospin,
    technology: Technology | str = "generic",
    *,
    columns: int = 8,
    timing: Timing | None = None,
    seed: int = 1,
) -> list[MemoryBench]:
    """Return the reads of all rows, one bench for each tile of ``columns`` bits.

    Raises
    ------
    UsageError
        For patterns that are not rows of 0 and 1, or not whole tiles.
    """
    bits = np.atleast_2d(np.asarray(patterns))
    if bits.ndim != 2 or not np.isin(bits, (0, 1)).all() or bits.shape[1] % columns:
        raise UsageError(f"patterns of shape {bits.shape}: rows of 0 and 1, in tiles of {columns} bits (search).")
    made = []
    for k in range(bits.shape[1] // columns):
        tile = bits[:, k * columns : (k + 1) * columns]
        array = MemoryArray(device, technology, rows=len(bits), columns=columns, state=tile)
        reads = [Read(row) for row in range(len(bits))]
        made.append(memory_bench(array, reads, timing=timing, seed=instance_seed(seed, f"tile {k}"), max_step=MAX_STEP))
    return made


def found_in(benches: list[MemoryBench], results: list[Waveforms | JobFailure], query: ArrayLike) -> Found:
    """Return what the runs of :func:`search_benches` say of a query.

    Raises
    ------
    EngineError
        If a run failed.
    ResultError
        If a sense amplifier did not decide.
    UsageError
        For a query of another length.
    """
    tiles: list[list[list[int | None]]] = []
    energy = standby = 0.0
    for bench, waves in zip(benches, results, strict=True):
        if isinstance(waves, JobFailure):
            raise waves.error
        slots, columns = bench.slots, range(bench.array.columns)
        tile = [[bit_after(bench, waves, slot, c) for c in columns] for slot in slots]
        if any(bit is None for row in tile for bit in row):
            raise ResultError("a sense amplifier did not decide in a search: lengthen settle or sense of the timing.")
        tiles.append(tile)
        power = -np.sum([waves[source.voltage] * waves[source.current] for source in bench.sources], axis=0)
        energy += float(np.trapezoid(power, waves.time))
        still = waves.time > slots[-1].stop - 0.3 * (slots[-1].stop - slots[-1].end)
        standby += float(np.trapezoid(power[still], waves.time[still]) / np.ptp(waves.time[still]))
    read = np.concatenate([np.array(tile, dtype=np.int64) for tile in tiles], axis=1)
    wanted = np.asarray(query)
    if wanted.shape != read.shape[1:]:
        raise UsageError(f"a query of shape {wanted.shape} for patterns of {read.shape[1]} bits (search).")
    return Found(read, (read != wanted).sum(axis=1), energy, standby, benches[0].slots[-1].stop)


def nearest_pattern(
    patterns: ArrayLike,
    query: ArrayLike,
    device: Macrospin,
    technology: Technology | str = "generic",
    *,
    columns: int = 8,
    timing: Timing | None = None,
    seed: int = 1,
    engine: str | Engine = "auto",
    workers: int | None = None,
) -> Found:
    """Store patterns in arrays, read them all, and return which is nearest to a query.

    Parameters
    ----------
    patterns : array of 0 and 1, shape (patterns, bits)
        One a row.
    query : array of 0 and 1, shape (bits,)
    device, technology
        As for :class:`spinspice.cells.mram.MemoryArray`.
    columns : int
        Bits of a tile.
    timing : Timing, optional
    seed : int
        Of the junctions' noise.
    engine, workers
        As for :func:`spinspice.jobs.run_jobs`, a run for each tile.
    """
    benches = search_benches(patterns, device, technology, columns=columns, timing=timing, seed=seed)
    results = run_jobs([bench.testbench for bench in benches], engine=engine, workers=workers)
    return found_in(benches, list(results), query)
