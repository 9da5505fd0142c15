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
from typing import NamedTuple

from spinspice.engines import Engine
from spinspice.errors import UsageError, check_range
from spinspice.testbench import Testbench
from spinspice.units import parse_number

#: Longest time that runs may be expected to take without a word from the user [s], and from which on it is announced.
LIMIT, WORTH_SAYING = 3600.0, 60.0
#: Processor time of a time point [s]: of a junction alone, and more for each transistor; measured (ngspice 46, VACASK).
COSTS = {
    ("ngspice", "verilog-a"): (4e-6, 2.2e-6),
    ("ngspice", "b-source"): (15e-6, 3.4e-6),
    ("vacask", "verilog-a"): (3e-6, 2.4e-6),
}
#: Time points of a run with a telegraph junction without events, and more for each event; measured.
TELEGRAPH_POINTS, EVENT_POINTS = 5000.0, 60.0
#: Start of a run, the loading of the models included [s].
START = 0.02
_MACROSPIN = re.compile(r"^x\S*\s.*\bmtj_macrospin", re.I | re.M)
_TELEGRAPH = re.compile(r"^x\S*\s.*\bmtj_telegraph\b.*$", re.I | re.M)
_MAX_STEP = re.compile(r"\bmax_step\s*=\s*([^\s{}]+)", re.I)
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


class _Facts(NamedTuple):
    """What the cost of a run depends on in a circuit: step that macrospins ask for [s], transistors, junctions."""

    step: float
    transistors: int
    telegraphs: tuple[str, ...]


@functools.lru_cache(maxsize=256)
def _facts(circuit: str) -> _Facts:
    cards = re.sub(r"\n\s*\+", " ", circuit)
    steps = [step for step in map(_number, _MAX_STEP.findall(cards)) if step] if _MACROSPIN.search(cards) else []
    return _Facts(min(steps, default=math.inf), len(_TRANSISTOR.findall(cards)), tuple(_TELEGRAPH.findall(cards)))


def points_of(testbench: Testbench) -> float:
    """Return about how many time points a run takes [1]."""
    facts = _facts(testbench.circuit)
    points = testbench.stop / min(testbench.max_step or testbench.step, testbench.step, facts.step)
    for card in facts.telegraphs:
        points = max(points, TELEGRAPH_POINTS) + EVENT_POINTS * _events(card, testbench.stop)
    return points


def estimate(testbench: Testbench, engine: Engine) -> float:
    """Return about how long a run takes [s]."""
    family = "vacask" if engine.name == "vacask" else "ngspice"
    junction, transistor = COSTS.get((family, engine.model), COSTS["ngspice", "verilog-a"])
    return START + points_of(testbench) * (junction + transistor * _facts(testbench.circuit).transistors)


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


def _number(text: str) -> float:
    try:
        return parse_number(text)
    except UsageError:
        return 0.0


def _events(card: str, stop: float) -> float:
    """Return about how many events a telegraph junction has in a run without drive [1]."""
    values = {"delta": 6.0, "phi0": 1e9, "t": 300.0}
    for name in values:
        if match := re.search(rf"\b{name}\s*=\s*([^\s{{}}]+)", card, re.I):
            values[name] = _number(match[1]) or values[name]
    return stop * values["phi0"] * math.exp(-min(values["delta"] * 300.0 / values["t"], 700.0))
