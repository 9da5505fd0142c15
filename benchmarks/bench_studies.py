"""A study on one worker and on two, and what a job of 50 ms costs beside its simulation.

Run: python -m benchmarks studies
"""

from __future__ import annotations

import os
import tempfile
import time

from benchmarks.report import Table
from spinspice.engines import get_engine
from spinspice.sweep import Study, run_study
from spinspice.sweep.plan import Plan

#: 60 instances of a binary neuron, one run of some 50 ms each.
STUDY = {
    "cell": "bsn",
    "montecarlo": {"samples": 60, "mismatch": True, "device": {"R_P": {"distribution": "normal", "relative": 0.05}}},
    "measure": {"duration": "4n"},
}
ROUNDS = 3


def study(workers: int) -> tuple[float, float]:
    """Wall-clock time of the whole study [s], files and statistics included, and processor time of this process [s]."""
    with tempfile.TemporaryDirectory() as folder:
        started, spent = time.perf_counter(), time.process_time()
        run_study(Study.from_dict(STUDY), folder, workers=workers, engine=get_engine("ngspice"))
        return time.perf_counter() - started, time.process_time() - spent


def simulations() -> float:
    """The same runs alone, one after the other [s]."""
    engine = get_engine("ngspice")
    runs = [run for job in Plan(Study.from_dict(STUDY)) for run in job.benches()]
    started = time.perf_counter()
    for run in runs:
        engine.run(run)
    return time.perf_counter() - started


def main() -> None:
    """Print times, the gain of a second worker, and the overhead of a job; rounds alternate, the shortest counts."""
    info = get_engine("ngspice").find()
    study(2)
    rounds = [(*study(1), study(2)[0], simulations()) for _ in range(ROUNDS)]
    one, own, two, bare = (min(times) for times in zip(*rounds, strict=True))
    jobs = Study.from_dict(STUDY).jobs
    table = Table(
        f"A study of {jobs} jobs (load of the machine: {os.getloadavg()[0]:.1f})",
        (),
        (f"ngspice {info.version if info else ''}",),
    )
    table.row("1 worker", one, "s", 1.0)
    table.row("2 workers", two, "s", one / two)
    table.row("simulation of a job", 1e3 * bare / jobs, "ms")
    table.row("overhead of a job, by the clock", 1e3 * (one - bare) / jobs, "ms")
    table.row("processor time of a job beside the simulator", 1e3 * own / jobs, "ms")
    table.print(ratio="times as fast as one worker")


if __name__ == "__main__":
    main()
