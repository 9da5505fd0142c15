"""Large decks: what a cell costs for a time point, and how much memory, for one binary neuron to 1,024: in one deck,
and as decks of 64, which is what runs by default.

Every neuron has noise of its own; supply and input are shared. The cost is that of the transient alone: the difference
of a long and a short run, at the step for statistics, so that reading the deck and the operating point do not count;
they have rows of their own. Joining the waveforms of decks counts. ``klu`` is ngspice's other solver of linear
equations (``options={"klu": 1}``). Memory is the largest resident set of ngspice's worker, over that of a deck of one
cell.

Run: python -m benchmarks decks [LARGEST]
"""

from __future__ import annotations

import re
import statistics
import sys
from pathlib import Path

from benchmarks.bench_cells import testbench
from benchmarks.report import Table
from benchmarks.rounds import BUSY, contest
from spinspice.engines import get_engine, ngspice_pool
from spinspice.jobs import run_job
from spinspice.splitting import CELLS, Split
from spinspice.testbench import Testbench

COUNTS = (1, 16, 64, 256, 1024)
#: Cell-points of the transient that is timed; fewest points of a run.
CELL_POINTS, FEWEST = 40_000, 40
#: Time points of the short run.
SHORT = 20
ROUNDS = 3
#: Cells from which one run takes seconds: one round.
LARGE = 1024


def resident() -> float:
    """Largest resident set of the workers of ngspice so far [MB]."""
    state = ngspice_pool._state()
    found = [Path(f"/proc/{worker.process.pid}/status").read_text() for worker in state.idle]
    peaks = [re.search(r"VmHWM:\s+(\d+) kB", text) for text in found]
    return max((int(peak[1]) / 1024.0 for peak in peaks if peak), default=0.0)


def variants(count: int) -> dict[str, tuple[dict[str, float], Split]]:
    """Ways to run so many cells: options and whether cells run as decks of their own."""
    found: dict[str, tuple[dict[str, float], Split]] = {"one deck": ({}, False)}
    if count >= CELLS:
        found["one deck, klu"] = ({"klu": 1.0}, False)
    if count > CELLS:
        found[f"decks of {CELLS}, the default"] = ({}, None)
    return found


def timed(runs: dict[str, Testbench], split: Split, rounds: int) -> tuple[dict[str, list[float]], float]:
    """Return processor times of a short and a long run, round by round [s], and what others took meanwhile."""
    turns = {
        name: (lambda b=bench: run_job(b, engine="ngspice", workers=1, split=split)) for name, bench in runs.items()
    }
    outcome = contest(turns, rounds, warm=rounds > 1)
    return outcome.spent, outcome.others


def main() -> None:
    """Print the cost of a cell and point, its ratio to that of one cell, start-up and memory."""
    largest = int(sys.argv[2]) if sys.argv[1:2] == ["decks"] and len(sys.argv) > 2 else max(COUNTS)
    engine = get_engine("ngspice")
    table = Table("N BSN cells that do not act on one another", engines=(f"ngspice {engine.require().version}",))
    alone, busiest, base = 0.0, 0.0, 0.0
    for count in (n for n in COUNTS if n <= largest):
        points = max(FEWEST, CELL_POINTS // count)
        for label, (options, split) in variants(count).items():
            ngspice_pool.shut_down()  # memory is that of a worker which had nothing larger before
            whole = testbench(count, 2.0, **options)
            runs = {
                name: whole.replace(stop=n * whole.step) for name, n in (("short", SHORT), ("long", SHORT + points))
            }
            spent, others = timed(runs, split, ROUNDS if count < LARGE else 1)
            busiest = max(busiest, others)
            both = zip(spent["short"], spent["long"], strict=True)
            cost = statistics.median(long - short for short, long in both) / (count * points)
            alone = alone or cost
            start = statistics.median(spent["short"]) - SHORT * count * cost
            memory = resident()
            base = base or memory
            table.row(f"N = {count}, {label}", cost * 1e6, "us a cell, point", cost / alone)
            table.row(f"N = {count}, {label}: reading and operating point", start / count * 1e3, "ms a cell")
            if count > 1:
                table.row(f"N = {count}, {label}: memory", (memory - base) / (count - 1) * 1e3, "kB a cell")
    table.print(ratio="cost of a cell relative to N = 1")
    print(
        f"  others took up to {busiest:.2f} of a processor meanwhile" + (": NOT TO BE JUDGED" if busiest > BUSY else "")
    )


if __name__ == "__main__":
    main()
