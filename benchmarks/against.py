"""Processor time of the benchmarks here against those of another commit, in alternating rounds.

Each workload is a shortened benchmark. It runs in a process of its own with the package of either tree, on what the
benchmarks of that tree define, so that moved modules do not matter. Counted is the processor time of the process and
of all simulators that it started: imports, circuits, runs, reading. Both trees run once unmeasured (compiled models
and bytecode are cached then). A ratio is the median of the ratios of the rounds, with the standard error of that median
(1.25 times that of the mean); the best times of both stand beside it, which a busy machine disturbs least.

Run: python -m benchmarks.against COMMIT [--rounds N] [WORKLOAD ...]
"""

from __future__ import annotations

import argparse
import io
import math
import os
import statistics
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from benchmarks.against_workloads import WORKLOADS

ROOT = Path(__file__).resolve().parent.parent
#: A workload is slower when it takes more than this times the processor time.
ALLOWED = 1.03


def processor_time(tree: Path, workload: str) -> float:
    """Run a workload with the package of a tree; its processor time [s], simulators included.

    Raises
    ------
    SystemExit
        If it fails, with the last of what it said.
    """
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment["PYTHONPATH"] = str(tree)
    command = [sys.executable, "-W", "ignore", "-c", WORKLOADS[workload]]
    with tempfile.TemporaryFile() as said:
        started = subprocess.Popen(command, cwd=tree, env=environment, stdout=subprocess.DEVNULL, stderr=said)
        _, status, usage = os.wait4(started.pid, 0)
        started.returncode = os.waitstatus_to_exitcode(status)
        if started.returncode:
            said.seek(0)
            raise SystemExit(f"{workload} fails in {tree}:\n{said.read().decode(errors='replace')[-2000:]}")
    return usage.ru_utime + usage.ru_stime


def compare(old: Path, new: Path, workload: str, rounds: int) -> tuple[list[float], list[float]]:
    """Return the times of both trees, round by round; who begins alternates."""
    times: dict[Path, list[float]] = {old: [], new: []}
    for tree in times:
        processor_time(tree, workload)
    for number in range(rounds):
        for tree in (old, new) if number % 2 else (new, old):
            times[tree].append(processor_time(tree, workload))
    return times[old], times[new]


def ratio(before: list[float], after: list[float]) -> tuple[float, float]:
    """Return the median ratio of the rounds, and its standard error (infinite for one round)."""
    ratios = [b / a for a, b in zip(before, after, strict=True)]
    error = 1.2533 * statistics.stdev(ratios) / math.sqrt(len(ratios)) if len(ratios) > 1 else math.inf
    return statistics.median(ratios), error


def main(arguments: list[str] | None = None) -> int:
    """Print a row for each workload; 1 if one of them is slower by more than allowed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.against", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("commit", help="commit to compare with")
    parser.add_argument("workloads", nargs="*", metavar="WORKLOAD", help=f"of {', '.join(WORKLOADS)}; default: all")
    parser.add_argument("--rounds", type=int, default=7, help="rounds of both (default 7)")
    given = parser.parse_intermixed_args(arguments)
    unknown = [name for name in given.workloads if name not in WORKLOADS]
    if unknown:
        parser.error(f"no workload {unknown[0]!r}; there are {', '.join(WORKLOADS)}")
    if given.rounds < 1:
        parser.error("at least one round")
    slower = []
    with tempfile.TemporaryDirectory() as folder:
        old = Path(folder)
        git = subprocess.run(["git", "-C", str(ROOT), "archive", given.commit], check=True, stdout=subprocess.PIPE)
        with tarfile.open(fileobj=io.BytesIO(git.stdout)) as files:
            files.extractall(old, filter="data")
        print(f"processor time, here over {given.commit} ({os.cpu_count()} processors, load {os.getloadavg()[0]:.1f})")
        print(f"{'':16}{'best before':>12}{'best here':>12}{'of bests':>10}   median of {given.rounds} rounds")
        for workload in given.workloads or WORKLOADS:
            before, after = compare(old, ROOT, workload, given.rounds)
            middle, error = ratio(before, after)
            best = min(after) / min(before)
            print(
                f"{workload:16}{min(before):10.3f} s{min(after):10.3f} s{best:10.3f}   {middle:.3f} +- {error:.3f}",
                flush=True,
            )
            slower += [workload] if min(best, middle) > ALLOWED else []
    print(f"slower by more than {ALLOWED - 1:.0%}: {', '.join(slower) or 'none'}")
    return int(bool(slower))


if __name__ == "__main__":
    sys.exit(main())
