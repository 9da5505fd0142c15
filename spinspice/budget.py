"""How long runs will take, said before they start; what would take more than an hour is refused unless it is meant.

The time points of a run are known beforehand: the duration over the longest step. What a point costs was measured with
the binary neuron and with junctions alone (README, Engines; ``make bench``), so an estimate is right to a factor of two
or three on a machine of today.
"""

from __future__ import annotations

import contextlib
import contextvars
import functools
import logging
import math
import re
from collections.abc import Iterator, Sequence

from spinspice.engines import Engine
from spinspice.errors import UsageError, check_range
from spinspice.netlist.junctions import join_continuations
from spinspice.testbench import Testbench

#: Longest time that runs may be expected to take without a word from the user [s], and from which on it is announced.
LIMIT, WORTH_SAYING = 3600.0, 60.0
#: Processor time of a time point [s]: of a junction alone, and more for each transistor; measured (ngspice 46, VACASK).
COSTS = {
    ("ngspice", "verilog-a"): (4e-6, 2.2e-6),
    ("ngspice", "b-source"): (15e-6, 3.4e-6),
    ("vacask", "verilog-a"): (3e-6, 2.4e-6),
}
#: Start of a run, the loading of the models included [s].
START = 0.02
_TRANSISTOR = re.compile(r"^[mxn]\S*\s(?!.*\bmtj_)", re.I | re.M)
_log = logging.getLogger("spinspice")
_limit: contextvars.ContextVar[float] = contextvars.ContextVar("wall limit", default=LIMIT)


class RunTooLong(UsageError):
    """Runs that would take longer than the limit."""


@contextlib.contextmanager
def wall_limit(seconds: float | None) -> Iterator[None]:
    """Set the longest time that batches of runs may be expected to take [s]; None leaves it as it is.

    Raises
    ------
    ParameterError
        For a limit that is not above 0.
    """
    if seconds is None:
        yield
        return
    limit = check_range("max_wall", seconds, 0.0, math.inf, unit="s", where="longest expected time", open_low=True)
    token = _limit.set(limit)
    try:
        yield
    finally:
        _limit.reset(token)


@functools.lru_cache(maxsize=256)
def _transistors(circuit: str) -> int:
    """Return how many transistors stand in a circuit, those of a subcircuit once."""
    return len(_TRANSISTOR.findall("\n".join(join_continuations(circuit.splitlines()))))


def points_of(testbench: Testbench) -> float:
    """Return about how many time points a run takes [1]: its duration over the longest step, and those of events."""
    junctions, stop = testbench.junctions, testbench.stop
    steps = [testbench.max_step or testbench.step, *(junction.max_time_step(stop) for junction in junctions)]
    steps += [grid[1] for grid in (junction.step_grid for junction in junctions) if grid is not None]
    return stop / min(steps) + sum(junction.event_points(stop) for junction in junctions)


def estimate(testbench: Testbench, engine: Engine) -> float:
    """Return about how long a run takes [s]."""
    family = "vacask" if engine.name == "vacask" else "ngspice"
    junction, transistor = COSTS.get((family, engine.model), COSTS["ngspice", "verilog-a"])
    return START + points_of(testbench) * (junction + transistor * _transistors(testbench.circuit))


def check_wall(seconds: float, runs: int, what: str = "") -> None:
    """Say how long runs will take if that is long, and refuse what is longer than the limit.

    Raises
    ------
    RunTooLong
        With the estimate, and how to go on.
    """
    text = f"{runs} runs{what} will take about {duration_text(seconds)}"
    if seconds > _limit.get():
        raise RunTooLong(
            f"{text}, more than the limit of {duration_text(_limit.get())}. Shorten the runs (a duration is in "
            "seconds: 10 ns are 10e-9 or 10n), take fewer, or go on with --yes (in Python max_wall=, in seconds)."
        )
    if seconds > WORTH_SAYING:
        _log.warning("%s.", text)


def check_runs(testbenches: Sequence[Testbench], engine: Engine, workers: int) -> float:
    """Estimate a batch and check it as :func:`check_wall`; return the longest of its runs [s]."""
    seconds = [estimate(testbench, engine) for testbench in testbenches]
    longest = max(seconds, default=0.0)
    points = f" of {max(map(points_of, testbenches)):.2g} time points" if testbenches else ""
    check_wall(max(longest, sum(seconds) / max(1, workers)), len(seconds), points)
    return longest


def duration_text(seconds: float) -> str:
    """Return a time for people.

    >>> duration_text(90.0), duration_text(8000.0), duration_text(3e6), duration_text(0.5)
    ('1.5 min', '2.2 h', '35 days', '0.5 s')
    """
    for unit, size in (("years", 365.25 * 86400.0), ("days", 86400.0), ("h", 3600.0), ("min", 60.0)):
        if seconds >= size:
            return f"{seconds / size:.2g} {unit}"
    return f"{seconds:.2g} s"
