"""Memory of one worker with libngspice over 2000 runs of a binary neuron: resident at the start and at the end.

Workers are replaced after some hundred runs, as a belt; here that is off, to see what the braces hold.

Run: python -m benchmarks memory
"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np

from benchmarks.report import Table
from spinspice.benches.cell import cell_testbench
from spinspice.cells import BSN
from spinspice.devices import Macrospin
from spinspice.engines import get_engine, ngspice_pool
from spinspice.jobs import run_jobs

RUNS = 2000
DURATION = 1e-9
#: Runs before the first reading: libraries are loaded and buffers have their size.
SETTLE = 100


def worker() -> int:
    """Process number of the one worker of this process."""
    found = []
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            parent = next(line for line in status.read_text().splitlines() if line.startswith("PPid"))
            program = (status.parent / "cmdline").read_bytes()
        except (OSError, StopIteration):
            continue
        if int(parent.split()[1]) == os.getpid() and b"ngspice_worker" in program:
            found.append(int(status.parent.name))
    (one,) = found
    return one


def resident(process: int) -> float:
    """Resident memory of a process [MB]."""
    pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def readings(runs: int) -> tuple[list[float], set[int]]:
    """Resident memory [MB] after every run, and the processes that they were read from."""
    ngspice_pool.RUNS_PER_WORKER = 10 * runs
    base = cell_testbench(BSN(Macrospin()), stop=DURATION)
    jobs = [base.replace(parameters={"seed": seed, "vin": 0.0}) for seed in range(1, runs + 1)]
    memory: list[float] = []
    processes: set[int] = set()

    def read(_done: int, _total: int, _result: object) -> None:
        processes.add(worker())
        memory.append(resident(max(processes)))

    run_jobs(jobs, engine="ngspice", workers=1, reduce=lambda waves: waves.time.size, progress=read)
    return memory, processes


def main() -> None:
    """Print resident memory at the start and at the end, and its growth from a straight line through all readings."""
    info = get_engine("ngspice").find()
    memory, processes = readings(RUNS)
    late = np.array(memory[SETTLE:])
    slope = np.polyfit(np.arange(late.size), late, 1)[0]
    table = Table(f"{RUNS} runs in {len(processes)} worker", ("PySpice",), (f"ngspice {info.version if info else ''}",))
    table.row(f"resident after {SETTLE} runs", late[0], "MB", 1.0)
    table.row(f"resident after {RUNS} runs", late[-1], "MB", late[-1] / late[0])
    table.row("largest in between", late.max(), "MB", late.max() / late[0])
    table.row("growth (straight line)", 1e3 * slope, "kB/run")
    table.print(ratio="to the first row")


if __name__ == "__main__":
    main()
