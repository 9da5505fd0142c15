"""``characterize`` with one and with two workers, and how long the command line takes to answer ``--help``.

Run: python -m benchmarks characterize
"""

from __future__ import annotations

import subprocess
import sys
import time

from benchmarks.report import Table
from spinspice.characterize import characterize
from spinspice.engines import get_engine

#: 18 runs of 20 ns; a whole characterisation has 76 of 50 ns and divides at least as well.
SIZE = {"vin": "-30m:30m:8", "trials": 2, "duration": 20e-9}
#: Rounds of both, alternating, so that a busy moment of the machine does not fall on one alone; the best counts.
ROUNDS = 4


def seconds(workers: int) -> float:
    """Time of one characterisation of the binary neuron."""
    started = time.perf_counter()
    characterize("bsn", "faria2021", workers=workers, **SIZE)
    return time.perf_counter() - started


def help_seconds() -> float:
    """Time of ``spinspice --help``, interpreter included."""
    started = time.perf_counter()
    subprocess.run([sys.executable, "-m", "spinspice", "--help"], check=True, capture_output=True)
    return time.perf_counter() - started


def main() -> None:
    """Print seconds and the ratio of one worker to two."""
    engine = get_engine("auto")
    info = engine.find()
    table = Table("characterize, binary neuron", engines=(f"{engine.name} {info.version if info else ''}",))
    characterize("bsn", "faria2021", vin="-30m:30m:5", trials=1, duration=2e-9, workers=2)  # starts the simulators
    rounds = [(seconds(1), seconds(2)) for _ in range(ROUNDS)]
    one, two = (min(times) for times in zip(*rounds, strict=True))
    table.row("1 worker", one, "s", 1.0)
    table.row("2 workers", two, "s", one / two)
    table.row("spinspice --help", min(help_seconds() for _ in range(5)), "s")
    table.print(ratio="time of 1 worker over it (aim 1.8 at least with 2)")


if __name__ == "__main__":
    main()
