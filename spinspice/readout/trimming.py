"""Trim of a readout: the code with which a cell with mismatch tells the states of its junction apart.

Each instance is asked, while its junction is held in one state, at which code its bit turns over: a search by halving,
one bit of the code a step. Between the code at which AP starts to read 1 and the one at which P starts to read 1 too,
both states read right; the middle is taken. All that differs between instances is in it: input pair, latch, read
currents, charge of switches. Hardware holds the junction by a stimulus of a critical voltage or two, the runs here by a
barrier that is never crossed, which is the same but for the time that it takes.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Generator, Sequence

from spinspice.benches.readout import freeze, readout_testbench
from spinspice.cells.comparator import CODES
from spinspice.cells.read_timing import ReadTiming
from spinspice.cells.readout import ReadOut
from spinspice.engines import Engine
from spinspice.errors import CircuitError
from spinspice.jobs import JobFailure, Progress, run_jobs
from spinspice.readout.runs import Reading, reading
from spinspice.testbench import Testbench
from spinspice.waveforms import Waveforms

#: Clock cycles of a question; the last one's bit is the answer.
CYCLES = 2


@dataclasses.dataclass(frozen=True)
class Trim:
    """Where an instance reads both states right.

    Parameters
    ----------
    low : int
        First code at which AP reads 1 (-CODES if it always does).
    high : int
        First code at which P reads 1 too (CODES + 1 if it never does).
    """

    low: int
    high: int

    @property
    def width(self) -> int:
        """Number of codes at which both states read right (0 or less: none)."""
        return self.high - self.low

    @property
    def code(self) -> int:
        """Middle of the window; the lower one of two."""
        return max(-CODES, min(CODES, (self.low + self.high - 1) // 2))


def find_trims(
    cells: Sequence[ReadOut],
    timing: ReadTiming,
    *,
    engine: str | Engine = "auto",
    workers: int | None = None,
    progress: Progress | None = None,
) -> list[Trim]:
    """Return the trim of each cell.

    Parameters
    ----------
    cells : sequence of ReadOut
        Instances, each with mismatch of its own and a trim pair.
    timing : ReadTiming
    engine, workers, progress
        As for :func:`spinspice.jobs.run_jobs`; eight rounds of two runs a cell.

    Raises
    ------
    CircuitError
        If a cell has no trim pair.
    EngineError
        If a run fails.
    """
    search = trim_search(cells, timing)
    jobs = next(search)
    while True:
        try:
            jobs = search.send(_all(jobs, timing, CYCLES, engine, workers, progress))
        except StopIteration as found:
            trims: list[Trim] = found.value
            return trims


def trim_search(cells: Sequence[ReadOut], timing: ReadTiming) -> Generator[list[Testbench], list[Reading], list[Trim]]:
    """Search for the trim of each cell: yields runs of :data:`CYCLES` bits, is sent their readings, returns the trims.

    Raises
    ------
    CircuitError
        If a cell has no trim pair.
    """
    if not all(cell.trimmed for cell in cells):
        raise CircuitError(
            "this readout has no trim pair: give it sizing=ComparatorSizing.for_technology(technology, trim=True)."
        )
    benches = [readout_testbench(freeze(cell, state), timing, CYCLES) for cell in cells for state in (1, 0)]
    low, high = [-CODES] * len(benches), [CODES + 1] * len(benches)
    while any(a < b for a, b in zip(low, high, strict=True)):
        asked = [(a + b) // 2 for a, b in zip(low, high, strict=True)]
        runs = yield [bench.with_parameters(trim=code) for bench, code in zip(benches, asked, strict=True)]
        for index, run in enumerate(runs):
            if run.bits[-1]:
                high[index] = asked[index]
            else:
                low[index] = asked[index] + 1
    return [Trim(low[k], low[k + 1]) for k in range(0, len(low), 2)]


def read_instances(
    cells: Sequence[ReadOut],
    timing: ReadTiming,
    bits: int,
    *,
    seeds: Sequence[int],
    trims: Sequence[int] | None = None,
    engine: str | Engine = "auto",
    workers: int | None = None,
    progress: Progress | None = None,
) -> list[Reading]:
    """Return what each cell reads of its fluctuating junction, at its trim code (default 0) and seed.

    Raises
    ------
    EngineError
        If a run fails.
    """
    jobs = instance_testbenches(cells, timing, bits, seeds, trims)
    return _all(jobs, timing, bits, engine, workers, progress)


def instance_testbenches(
    cells: Sequence[ReadOut], timing: ReadTiming, bits: int, seeds: Sequence[int], trims: Sequence[int] | None = None
) -> list[Testbench]:
    """Return the runs of :func:`read_instances`."""
    codes = [0] * len(cells) if trims is None else trims
    return [
        readout_testbench(cell, timing, bits, seed=seed, trim=code)
        for cell, seed, code in zip(cells, seeds, codes, strict=True)
    ]


def _all(
    jobs: Sequence[Testbench],
    timing: ReadTiming,
    bits: int,
    engine: str | Engine,
    workers: int | None,
    progress: Progress | None,
) -> list[Reading]:
    """Run all and read them."""
    return readings_of(run_jobs(jobs, engine=engine, workers=workers, progress=progress), timing, bits)


def readings_of(results: Sequence[Waveforms | JobFailure], timing: ReadTiming, bits: int) -> list[Reading]:
    """Return what runs of so many bits gave; a failed one is raised."""

    def read(result: Waveforms | JobFailure) -> Reading:
        if isinstance(result, JobFailure):
            raise result.error
        return reading(result, timing, bits)

    return [read(result) for result in results]
