"""The same jobs on one worker and on two, and what a job costs beside its simulation.

Times by the clock, since it is the second processor that is asked for; where others use it, the gain says nothing, and
the verdict says so. What two processors give at best here, with shared memory, caches and clock, is told by the same
decks in the program ngspice, started in turn or two at a time, without anything of ours between them.

Where a gain below two comes from is told beside it: processor time that grew beside that of one worker (memory and
caches are shared), and processors that stood still (the start, the last job, what only one did). The first holds on a
busy machine too.

Run: python -m benchmarks workers
"""

from __future__ import annotations

import subprocess
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from benchmarks.bench_macrospin import testbench
from benchmarks.report import Table
from benchmarks.rounds import contest
from spinspice.engines import get_engine, osdi
from spinspice.engines.deck import make_deck
from spinspice.jobs import run_jobs
from spinspice.testbench import Testbench

JOBS = 48
DURATION = 50e-9
ROUNDS = 5
SHORT_JOBS = 200


def seconds(jobs: list[Testbench], workers: int) -> float:
    """Wall-clock time of all jobs [s]."""
    started = time.perf_counter()
    run_jobs(jobs, engine="ngspice", workers=workers)
    return time.perf_counter() - started


def parent(jobs: list[Testbench]) -> float:
    """Processor time of this process for a job, its simulator not counted [s]."""
    before = time.process_time()
    seconds(jobs, 1)
    return (time.process_time() - before) / len(jobs)


def by_hand(jobs: list[Testbench], workers: int) -> None:
    """Run the decks by ``ngspice -b`` alone, so many at a time."""
    compiled = osdi.compile_models(jobs[0].models)
    with tempfile.TemporaryDirectory() as folder:
        decks = []
        for number, job in enumerate(jobs):
            deck = make_deck(job).with_control(compiled)
            decks.append(Path(folder, f"{number}.cir"))
            decks[-1].write_text(deck.text)

        def run(deck: Path) -> None:
            command = ["ngspice", "-n", "-b", "-r", str(deck.with_suffix(".raw")), str(deck)]
            subprocess.run(command, check=True, capture_output=True, stdin=subprocess.DEVNULL)

        with ThreadPoolExecutor(workers) as pool:
            list(pool.map(run, decks))


def main() -> None:
    """Print times and the gain of a second worker."""
    info = get_engine("ngspice").require()
    jobs = [testbench(DURATION).replace(title=f"job {number}") for number in range(JOBS)]
    tiny = Testbench(circuit="V1 a 0 1\nR1 a 0 1k\n", stop=1e-6, step=1e-7, save=("v(a)",))
    outcome = contest({str(n): (lambda n=n: seconds(jobs, n)) for n in (1, 2)}, ROUNDS)
    program = contest({str(n): (lambda n=n: by_hand(jobs, n)) for n in (1, 2)}, ROUNDS)
    overhead = contest({"tiny": lambda: seconds([tiny] * SHORT_JOBS, 1)}, ROUNDS)
    title = f"{JOBS} runs of a macrospin junction, {DURATION * 1e9:g} ns each"
    table = Table(title, ("PySpice",), (f"ngspice {info.version}",))
    for workers in ("1", "2"):
        median, least, most = outcome.gain(workers, "1", wall=True)
        said = f"{workers} worker{'s' * (workers != '1')} (gain {least:.2f} to {most:.2f})"
        table.row(said, outcome.median(workers, wall=True), "s by the clock", median)
    median, least, most = program.gain("2", "1", wall=True)
    said = f"2 of ngspice -b by hand (gain {least:.2f} to {most:.2f})"
    table.row(said, program.median("2", wall=True), "s by the clock", median)
    table.row("2 workers: processor time over that of one", outcome.grown("2", "1"), "%")
    table.row("2 workers: processors standing still", outcome.idle("2", 2), "% of their time")
    table.row("this process, for a job", parent(jobs) * 1e3, "ms of processor")
    table.row("a job that simulates next to nothing", overhead.median("tiny") / SHORT_JOBS * 1e3, "ms of processor")
    table.row("the same", overhead.median("tiny", wall=True) / SHORT_JOBS * 1e3, "ms by the clock")
    table.print(ratio="times as fast as one at a time: median of rounds")
    print(f"  {outcome.verdict()}")


if __name__ == "__main__":
    main()
