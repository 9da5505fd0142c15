"""The same jobs on one worker and on two, and what a job costs beside its simulation.

Run: python -m benchmarks workers
"""

from __future__ import annotations

import os
import time

from benchmarks.bench_macrospin import testbench
from benchmarks.report import Table
from spinspice.engines import get_engine
from spinspice.jobs import run_jobs
from spinspice.testbench import Testbench

JOBS = 16
DURATION = 50e-9
ROUNDS = 3
SHORT_JOBS = 200


def seconds(jobs: list[Testbench], workers: int) -> float:
    """Wall-clock time of all jobs [s]."""
    started = time.perf_counter()
    run_jobs(jobs, engine="ngspice", workers=workers)
    return time.perf_counter() - started


def main() -> None:
    """Print times and the gain of a second worker; rounds alternate, the shortest counts."""
    info = get_engine("ngspice").find()
    jobs = [testbench(DURATION)] * JOBS
    seconds(jobs[:2], 2)
    best = {1: float("inf"), 2: float("inf")}
    for _ in range(ROUNDS):
        for workers in best:
            best[workers] = min(best[workers], seconds(jobs, workers))
    tiny = Testbench(circuit="V1 a 0 1\nR1 a 0 1k\n", stop=1e-6, step=1e-7, save=("v(a)",))
    overhead = min(seconds([tiny] * SHORT_JOBS, 1) for _ in range(ROUNDS)) / SHORT_JOBS
    load = os.getloadavg()[0]
    table = Table(
        f"{JOBS} runs of a macrospin junction, {DURATION * 1e9:g} ns each (load of the machine: {load:.1f})",
        ("PySpice",),
        (f"ngspice {info.version if info else ''}",),
    )
    for workers, time_taken in best.items():
        table.row(f"{workers} worker{'s' * (workers > 1)}", time_taken, "s", best[1] / time_taken)
    table.row("a job that simulates next to nothing", overhead * 1e3, "ms")
    table.print(ratio="times as fast as one worker")


if __name__ == "__main__":
    main()
