"""Progress of long work on standard error: a bar with an estimate on a terminal, a line a stage elsewhere."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import Any, Self

import click


class Progress:
    """Context manager that is also the callback of ``characterize`` (``stage, done, total``)."""

    def __init__(self, title: str) -> None:
        self.title = title
        self._bar: Any = None
        self._tasks: dict[str, Any] = {}

    def __enter__(self) -> Self:
        if sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
            from rich.progress import Progress as Bar

            columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
            self._bar = Bar(*columns, console=Console(stderr=True))
            self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def __call__(self, stage: str, done: int, total: int) -> None:
        if self._bar is None:
            if done == 0:
                click.echo(f"{self.title}: {stage}, {total} runs", err=True)
            return
        if stage not in self._tasks:
            self._tasks[stage] = self._bar.add_task(f"{self.title}: {stage}", total=total)
        self._bar.update(self._tasks[stage], completed=done)

    def jobs(self, done: int, total: int, _result: Any) -> None:
        """The callback of ``run_jobs`` and ``reproduce`` (``done, total, result``)."""
        if done == 1 and self._bar is None:
            self("simulating", 0, total)
        self("simulating", done, total)
