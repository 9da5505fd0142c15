"""Contests that can be trusted: contestants take turns, processor time counts, medians and spread are told, and a
machine that others use is noticed.

Processor time is that of this process, of children that have ended, and of ngspice's workers, as the kernel counts it
in nanoseconds. A busy neighbour still costs cache and turbo, so a contest counts what the machine did beside it: above
:data:`BUSY` of one core the table says that its figures are not to be judged by.
"""

from __future__ import annotations

import os
import resource
import statistics
import time
from collections.abc import Callable, Mapping
from pathlib import Path

#: Processors' worth of others' work above which figures are not judged.
BUSY = 0.15
_TICK = os.sysconf("SC_CLK_TCK")


def processor_time() -> float:
    """Processor time of this process, its children that have ended, and its workers [s]."""
    spent = time.process_time()
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent + children.ru_utime + children.ru_stime + sum(map(_of_process, _workers()))


def _workers() -> list[int]:
    from spinspice.engines import ngspice_pool

    state = ngspice_pool._state()
    return [worker.process.pid for worker in (*state.idle, *state.busy) if worker.process.poll() is None]


def _of_process(number: int) -> float:
    tasks = Path(f"/proc/{number}/task").glob("*/schedstat")
    return sum(int(task.read_text().split()[0]) for task in tasks) * 1e-9


def machine_time() -> float:
    """Processor time of everything on the machine [s]; 0 where the kernel does not tell."""
    try:
        words = Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]
    except OSError:
        return 0.0
    user, nice, system, _idle, _wait, *rest = map(int, words)
    return (user + nice + system + sum(rest[:2])) / _TICK


class Outcome:
    """Times of the contestants, round by round."""

    def __init__(self, spent: Mapping[str, list[float]], wall: Mapping[str, list[float]], others: float) -> None:
        self.spent, self.wall, self.others = spent, wall, others

    @property
    def judged(self) -> bool:
        """Whether the machine was free enough."""
        return self.others <= BUSY

    def median(self, name: str, *, wall: bool = False) -> float:
        """Median time of a contestant [s]: of processors, or by the clock."""
        return statistics.median((self.wall if wall else self.spent)[name])

    def gain(self, name: str, base: str, *, wall: bool = False) -> tuple[float, float, float]:
        """How many times as fast a contestant is as another: median, least and largest of the rounds."""
        times = self.wall if wall else self.spent
        ratios = [theirs / ours for ours, theirs in zip(times[name], times[base], strict=True)]
        return statistics.median(ratios), min(ratios), max(ratios)

    def grown(self, name: str, base: str) -> float:
        """By how much a contestant takes more processor time than another [%]: median of the rounds."""
        pairs = zip(self.spent[name], self.spent[base], strict=True)
        return statistics.median(100.0 * (ours / theirs - 1.0) for ours, theirs in pairs)

    def idle(self, name: str, processors: int) -> float:
        """How much of so many processors a contestant leaves unused [% of their time]: median of the rounds."""
        pairs = zip(self.spent[name], self.wall[name], strict=True)
        return statistics.median(100.0 * (1.0 - spent / (processors * wall)) for spent, wall in pairs)

    def verdict(self) -> str:
        """One line on what the machine did beside."""
        beside = f"others took {self.others:.2f} of a processor meanwhile"
        return beside if self.judged else f"NOT TO BE JUDGED: {beside}; more than {BUSY:g} is too much"


def contest(contestants: Mapping[str, Callable[[], object]], rounds: int = 5, *, warm: bool = True) -> Outcome:
    """Let contestants take turns; each round begins with another one. ``warm``: a first turn does not count."""
    names = list(contestants)
    for name in names if warm else ():
        contestants[name]()
    spent: dict[str, list[float]] = {name: [] for name in names}
    wall: dict[str, list[float]] = {name: [] for name in names}
    began, all_began, own_began = time.perf_counter(), machine_time(), processor_time()
    for number in range(rounds):
        shift = number % len(names)
        for name in names[shift:] + names[:shift]:
            clock, own = time.perf_counter(), processor_time()
            contestants[name]()
            spent[name].append(processor_time() - own)
            wall[name].append(time.perf_counter() - clock)
    beside = machine_time() - all_began - (processor_time() - own_began)
    return Outcome(spent, wall, max(0.0, beside) / (time.perf_counter() - began))
