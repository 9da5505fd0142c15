"""What every figure of `spinspice reproduce --list` costs in its short form: processor time of all its processes.

Each runs in a process of its own, one worker, so that nothing is loaded or compiled beforehand but what lies in the
cache; the seconds go into `spinspice/reproduce/times.toml`, with the machine, and from there into the list. Figures
that are named are measured, the others keep what they have; without names all are.

Run: python -m benchmarks figures [NAME ...]
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.report import Table, machine
from spinspice.reproduce import figures
from spinspice.reproduce.times import TIMES, Times, read_times

#: Wall-clock limit of a figure [s].
LIMIT = float(os.environ.get("FIGURE_LIMIT", "900"))


def seconds(name: str) -> float | None:
    """Return the processor time of a figure [s], or None if it fails or takes too long."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "spinspice", "reproduce", name, "--short", "--json", "--workers", "1"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT)
    except subprocess.TimeoutExpired:
        print(f"  {name}: stopped after {LIMIT:g} s by the clock", flush=True)
        return None
    if done.returncode != 0:
        print(f"  {name}: {done.stderr.strip().splitlines()[-1:]}", flush=True)
        return None
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def write(times: Times, path: Path = TIMES) -> None:
    """Write the file of times."""
    lines = ["# Written by: python -m benchmarks figures", f'machine = "{times.machine}"', f'date = "{times.date}"']
    lines += ["", "[seconds]", *(f'"{name}" = {value:.3g}' for name, value in sorted(times.seconds.items()))]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def main() -> None:
    """Measure, and store after every figure."""
    named = [word for word in sys.argv[1:] if word in figures()] or list(figures())
    table = Table("figures in their short form, one worker")
    known = dict(read_times().seconds)
    for name in named:
        spent = seconds(name)
        if spent is not None:
            known[name] = spent
            table.row(name, spent, "s of processor")
            write(Times(machine(), time.strftime("%Y-%m-%d"), known))
    if table.rows:
        table.print(ratio="")


if __name__ == "__main__":
    main()
