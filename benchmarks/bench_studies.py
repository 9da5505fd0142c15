"""A Monte Carlo study on one worker and on two, and what a job of some 60 ms costs beside its simulation.

By the clock, files and statistics of the study included; where others use the machine, the verdict says so. One
processor makes and checks the circuit of every job before any runs, 1.5 to 3 ms each, and writes files at the end.

Run: python -m benchmarks studies
"""

from __future__ import annotations

import tempfile
import time

from benchmarks.report import Table
from benchmarks.rounds import contest
from spinspice.engines import get_engine
from spinspice.sweep import Study, run_study
from spinspice.sweep.plan import Plan

#: 120 instances of a binary neuron, one run each.
STUDY = {
    "cell": "bsn",
    "montecarlo": {"samples": 120, "mismatch": True, "device": {"R_P": {"distribution": "normal", "relative": 0.05}}},
    "measure": {"duration": "8n"},
}
ROUNDS = 5


def study(workers: int) -> float:
    """Run the whole study; processor time of this process [s]."""
    with tempfile.TemporaryDirectory() as folder:
        spent = time.process_time()
        run_study(Study.from_dict(STUDY), folder, workers=workers, engine=get_engine("ngspice"))
        return time.process_time() - spent


def simulations() -> None:
    """The same runs alone, one after the other."""
    engine = get_engine("ngspice")
    for job in Plan(Study.from_dict(STUDY)):
        for run in job.benches():
            engine.run(run)


def main() -> None:
    """Print times, the gain of a second worker and what it loses, and the overhead of a job."""
    info = get_engine("ngspice").find()
    outcome = contest({"1": lambda: study(1), "2": lambda: study(2), "bare": simulations}, ROUNDS)
    own = study(1)
    jobs = Study.from_dict(STUDY).jobs
    table = Table(f"A Monte Carlo study of {jobs} jobs", (), (f"ngspice {info.version if info else ''}",))
    for workers in ("1", "2"):
        median, least, most = outcome.gain(workers, "1", wall=True)
        said = f"{workers} worker{'s' * (workers != '1')} (gain {least:.2f} to {most:.2f})"
        table.row(said, outcome.median(workers, wall=True), "s by the clock", median)
    table.row("2 workers: processor time over that of one", outcome.grown("2", "1"), "%")
    table.row("2 workers: processors standing still", outcome.idle("2", 2), "% of their time")
    bare = outcome.median("bare", wall=True)
    table.row("simulation of a job", 1e3 * bare / jobs, "ms by the clock")
    table.row("overhead of a job", 1e3 * (outcome.median("1", wall=True) - bare) / jobs, "ms by the clock")
    table.row("processor time of a job beside the simulator", 1e3 * own / jobs, "ms of processor")
    table.print(ratio="times as fast as one worker: median of rounds")
    print(f"  {outcome.verdict()}")


if __name__ == "__main__":
    main()
