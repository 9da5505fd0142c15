"""Large decks: what a cell costs for a time point, and how much memory, from one binary neuron to 1,024 in one deck.

Every neuron has noise of its own; supply and input are shared. The cost is that of the transient alone: the difference
of a long and a short run, at the step for statistics, so that reading the deck and the operating point do not count;
they have rows of their own. ``klu`` is ngspice's other solver of linear equations (``options={"klu": 1}``; at 1,024
cells it finds no first step). Memory is
the largest resident set of ngspice's worker, over that of a deck of one cell.

Run: python -m benchmarks decks [LARGEST]
"""

from __future__ import annotations

import re
import statistics
import sys
from pathlib import Path

from benchmarks.bench_cells import testbench
from benchmarks.report import Table
from benchmarks.rounds import BUSY, contest, processor_time
from spinspice.engines import get_engine, ngspice_pool

COUNTS = (1, 16, 64, 256, 1024)
#: Cell-points of the transient that is timed; fewest points of a run.
CELL_POINTS, FEWEST = 40_000, 40
#: Time points of the short run.
SHORT = 20
ROUNDS = {1024: 1}


def resident() -> float:
    """Largest resident set of the workers of ngspice so far [MB]."""
    state = ngspice_pool._state()
    found = [Path(f"/proc/{worker.process.pid}/status").read_text() for worker in state.idle]
    peaks = [re.search(r"VmHWM:\s+(\d+) kB", text) for text in found]
    return max((int(peak[1]) / 1024.0 for peak in peaks if peak), default=0.0)


def main() -> None:
    """Print the cost of a cell and point, its ratio to that of one cell, start-up and memory."""
    largest = int(sys.argv[2]) if sys.argv[1:2] == ["decks"] and len(sys.argv) > 2 else max(COUNTS)
    engine = get_engine("ngspice")
    table = Table("N BSN cells in one deck", ("PySpice",), (f"ngspice {engine.require().version}",))
    alone, busiest, base = 0.0, 0.0, 0.0
    for count in (n for n in COUNTS if n <= largest):
        points = max(FEWEST, CELL_POINTS // count)
        for label, options in (("", {}), (", klu", {"klu": 1.0}))[: 1 + (64 <= count <= 256)]:
            whole = testbench(count, 2.0, **options)
            runs = {n: whole.replace(stop=n * whole.step) for n in (SHORT, SHORT + points)}
            if count < 1024:
                turns = {str(n): (lambda b=bench: engine.run(b)) for n, bench in runs.items()}
                outcome = contest(turns, ROUNDS.get(count, 3))
                spent = [outcome.spent[str(n)] for n in runs]
                busiest = max(busiest, outcome.others)
            else:  # one turn each: half a minute
                spent = []
                for bench in runs.values():
                    before = processor_time()
                    engine.run(bench)
                    spent.append([processor_time() - before])
            cost = statistics.median(b - a for a, b in zip(*spent, strict=True)) / (count * points)
            alone = alone or cost
            start = statistics.median(spent[0]) - SHORT * count * cost
            memory = resident()
            base = base or memory
            table.row(f"N = {count}{label}", cost * 1e6, "us a cell, point", cost / alone)
            if not label:
                table.row(f"N = {count}, reading and operating point", start / count * 1e3, "ms a cell")
            if not label and count > 1:
                table.row(f"N = {count}, memory", (memory - base) / (count - 1) * 1e3, "kB a cell")
    table.print(ratio="cost of a cell relative to N = 1")
    print(
        f"  others took up to {busiest:.2f} of a processor meanwhile" + (": NOT TO BE JUDGED" if busiest > BUSY else "")
    )


if __name__ == "__main__":
    main()
