"""Progress of long work on standard error: a bar with count and estimate on a terminal or in a notebook, else lines.

Functions that run many simulations take ``progress``: None (shown on a terminal and in a notebook only), True (always),
False (never), or a function that is called as runs end. What they call in turn reports to the same display.
"""

from __future__ import annotations

import contextlib
import contextvars
import functools
import inspect
import sys
import threading
import time
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Any, Self, TextIO, TypeVar

from spinspice.errors import UsageError

R = TypeVar("R")
#: Shortest time between lines, and longest time without one [s]; the part of the work after which a line is due.
MIN_INTERVAL, MAX_INTERVAL, STEP = 1.0, 30.0, 0.1
#: Work that is over sooner than this shows no bar [s].
PATIENCE = 0.5


class Reporter:
    """Shows how far work is; a context manager, and the callback of everything that reports progress.

    It is called as ``(stage, done, total)`` or, with the stage left out, as ``(done, total, result)``.

    Parameters
    ----------
    title : str
        What the work is.
    bar : bool, optional
        Whether to draw a bar; default on a terminal and in a notebook.
    clock : callable
        Time [s].
    """

    def __init__(
        self,
        title: str,
        *,
        bar: bool | None = None,
        stream: TextIO | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.title, self.clock, self._stream = title, clock, stream
        self.draws = interactive() if bar is None else bar
        self._bar: Any = None
        self._tasks: dict[str, Any] = {}
        self._begun: dict[str, tuple[float, int]] = {}
        self._told: tuple[str, int, float] = ("", 0, clock())
        self._last: tuple[str, int, int] | None = None
        self._start = clock()
        self._over, self._lock = threading.Event(), threading.Lock()

    def __enter__(self) -> Self:
        if not self.draws:
            threading.Thread(target=self._beat, daemon=True, name="spinspice-progress").start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        if self._bar is not None:
            self._bar.stop()

    def __call__(self, *what: Any) -> None:
        stage, done, total = what if isinstance(what[0], str) else ("simulating", what[0], what[1])
        with self._lock:
            self._begun.setdefault(stage, (self.clock(), done if done > 1 else 0))
            self._last = (stage, done, total)
            if self.draws:
                self._draw(stage, done, total)
            elif self._due(stage, done, total):
                self._line(stage, done, total)

    def _draw(self, stage: str, done: int, total: int) -> None:
        if self._bar is None:
            if self.clock() - self._start < PATIENCE:
                return
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
            from rich.progress import Progress as Bar

            columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
            self._bar = Bar(*columns, console=Console(file=self._stream, stderr=self._stream is None))
            self._bar.start()
        if stage not in self._tasks:
            self._tasks[stage] = self._bar.add_task(f"{self.title}: {stage}", total=total)
        self._bar.update(self._tasks[stage], completed=done, total=total)

    def _due(self, stage: str, done: int, total: int) -> bool:
        told, before, when = self._told
        if stage != told:
            return True
        waited = self.clock() - when
        return waited >= MAX_INTERVAL or (waited >= MIN_INTERVAL and done - before >= STEP * total)

    def _line(self, stage: str, done: int, total: int) -> None:
        new = stage != self._told[0]
        self._told = (stage, done, self.clock())
        begun, first = self._begun[stage]
        if new:
            self._say(f"{stage}, {total} {'run' if total == 1 else 'runs'}")
            return
        left = ""
        if first < done < total:
            seconds = (self.clock() - begun) / (done - first) * (total - done)
            left = f", about {duration(seconds)} left"
        self._say(f"{stage}, {done} of {total} ({done / max(total, 1):.0%}){left}")

    def _say(self, text: str) -> None:
        stream = self._stream or sys.stderr
        if stream is None:  # closed when Python started
            return
        with contextlib.suppress(OSError, ValueError):  # a stream that has gone must not cost the work
            print(f"{self.title}: {text}", file=stream, flush=True)

    def _beat(self) -> None:
        """Say from time to time that the work goes on, also where nothing ends for long."""
        while not self._over.wait(MAX_INTERVAL):
            with self._lock:
                if self.clock() - self._told[2] < MAX_INTERVAL:
                    continue
                if self._last is not None:
                    self._line(*self._last)
                else:
                    self._told = ("", 0, self.clock())
                    self._say(f"running for {duration(self.clock() - self._start)}")


def duration(seconds: float) -> str:
    """Return a time for people.

    >>> duration(3.2), duration(200.0), duration(9000.0)
    ('3 s', '3 min', '2.5 h')
    """
    if seconds < 100.0:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 6000.0 else f"{seconds / 3600:.1f} h"


def interactive() -> bool:
    """Return whether someone is watching: standard error is a terminal, or this is a notebook."""
    return "ipykernel" in sys.modules or bool(getattr(sys.stderr, "isatty", bool)())


#: The display of the work that is being done; False where none is wanted.
_current: contextvars.ContextVar[Reporter | bool | None] = contextvars.ContextVar("progress", default=None)
#: Whether progress is shown where nobody asked and nobody watches: by the command line.
_always: contextvars.ContextVar[bool] = contextvars.ContextVar("progress shown always", default=False)


@contextlib.contextmanager
def always() -> Iterator[None]:
    """Show progress of everything inside, on a terminal or not."""
    token = _always.set(True)
    try:
        yield
    finally:
        _always.reset(token)


@contextlib.contextmanager
def reporting(progress: Any, title: str) -> Iterator[Any]:
    """Give what an argument ``progress`` asks for as a callback, or None; work inside reports to it by default.

    Parameters
    ----------
    progress : None, bool or callable
        As the module says.
    title : str
        What the work is.

    Raises
    ------
    UsageError
        For anything else.
    """
    if progress is not None and not isinstance(progress, bool) and not callable(progress):
        raise UsageError(f"progress = {progress!r} is none of True, False, None and a function.")
    outer = _current.get()
    if callable(progress):
        found, new = progress, None
    elif progress is None and outer is not None:
        found, new = outer or None, None
    else:
        new = Reporter(title) if progress or (progress is None and (_always.get() or interactive())) else None
        found = new
    token = _current.set(found if isinstance(found, Reporter) else False)
    try:
        with new or contextlib.nullcontext():
            yield found
    finally:
        _current.reset(token)


def shows_progress(function: Callable[..., R]) -> Callable[..., R]:
    """Make a function with an argument ``progress``, a callback or None, take what the module says."""
    signature = inspect.signature(function)

    @functools.wraps(function)
    def wrapper(*positional: Any, **named: Any) -> R:
        given = signature.bind_partial(*positional, **named).arguments
        subject = given.get("values", {}).get("cell") or next(iter(given.values()), None)
        title = getattr(subject, "name", subject)
        with reporting(given.get("progress"), title if isinstance(title, str) else function.__name__) as report:
            named.pop("progress", None)
            return function(*positional, **named, progress=report)

    return wrapper
