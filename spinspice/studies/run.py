"""Run a study: the only place where its batches meet an engine."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from spinspice.engines import Engine, get_engine
from spinspice.errors import SpinspiceError
from spinspice.jobs import JobFailure, JobsInterrupted, run_jobs
from spinspice.progress import shows_progress
from spinspice.studies.base import Batch, Steps, Study, get_study
from spinspice.testbench import Testbench
from spinspice.waveforms import Waveforms

#: Called as runs end: name of the stage, runs done in it, runs of it.
StageProgress = Callable[[str, int, int], None]


@shows_progress
def run(
    study: str | Study,
    *,
    engine: str | Engine = "auto",
    model: str | None = None,
    workers: int | None = None,
    progress: StageProgress | None = None,
    **values: Any,
) -> Any:
    """Run a study at one point and return its result.

    Parameters
    ----------
    study : str or Study
        Its name (``spinspice list`` shows them), or an instance.
    engine, model : str
        As for :func:`spinspice.engines.get_engine`.
    workers : int, optional
        Runs at a time; default one for every processor. Does not enter the result.
    progress : callable, optional
        Called as runs end: ``progress(stage, done, total)``.
    **values
        Parameters of the study; those left out have their defaults.

    Raises
    ------
    UsageError
        For an unknown study or parameter, or a value that is not allowed.
    EngineError, ResultError
        As the study says.
    """
    chosen = get_study(study) if isinstance(study, str) else study
    solver = get_engine(engine, model)
    steps = chosen.steps(chosen.point(values, solver))

    def batch(asked: Batch) -> list[Any]:
        def report(done: int, total: int, _result: Any) -> None:
            if progress is not None:
                progress(asked.stage, done, total)

        if progress is not None:
            progress(asked.stage, 0, len(asked.testbenches))
        return run_jobs(asked.testbenches, engine=solver, workers=workers, reduce=asked.reduce, progress=report)

    return drive(steps, batch)


def run_one_by_one(steps: Steps, run_testbench: Callable[[Testbench], Waveforms]) -> Any:
    """Run the steps of a study one run after the other: what a job of a sweep does in its own process."""

    def batch(asked: Batch) -> list[Any]:
        results: list[Any] = []
        for index, testbench in enumerate(asked.testbenches):
            try:
                waveforms = run_testbench(testbench)
                results.append(asked.reduce(waveforms) if asked.reduce else waveforms)
            except SpinspiceError as reason:
                results.append(JobFailure(index, testbench, reason))
        return results

    return drive(steps, batch)


def drive(steps: Steps, batch: Callable[[Batch], list[Any]]) -> Any:
    """Send a study what came of each of its batches until it returns its result.

    An interruption is raised inside the study, which may return or raise what it has so far.
    """
    try:
        asked = next(steps)
        while True:
            try:
                results = batch(asked)
            except JobsInterrupted as stopped:
                asked = steps.throw(stopped)
            else:
                asked = steps.send(results)
    except StopIteration as ended:
        return ended.value
