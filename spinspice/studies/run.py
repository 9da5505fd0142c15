"""Run a study: the only place where its batches meet an engine."""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Callable
from typing import Any

from spinspice.budget import wall_limit
from spinspice.engines import Engine, get_engine
from spinspice.errors import SpinspiceError, UsageError, did_you_mean
from spinspice.jobs import JobFailure, JobsInterrupted, run_jobs
from spinspice.progress import shows_progress
from spinspice.replay import with_call
from spinspice.splitting import run_in_decks
from spinspice.studies.base import Batch, Point, Steps, Study, get_study
from spinspice.testbench import Testbench
from spinspice.waveforms import Waveforms

#: Called as runs end: name of the stage, runs done in it, runs of it.
StageProgress = Callable[[str, int, int], None]
#: Arguments of every study beside its parameters.
COMMON = ("engine", "model", "workers", "progress", "max_wall")


@shows_progress
def run(
    study: str | Study,
    *,
    engine: str | Engine = "auto",
    model: str | None = None,
    workers: int | None = None,
    progress: StageProgress | None = None,
    max_wall: float | None = None,
    **values: Any,
) -> Any:
    """Run a study at one point and return its result.

    Parameters
    ----------
    study : str or Study
        Its name (``spinspice list studies`` shows them), or an instance.
    engine, model : str
        As for :func:`spinspice.engines.get_engine`; ``"ngspice/b-source"`` names both. ``"auto"`` tries those first
        that suit the study (``Study.automatic``).
    workers : int, optional
        Runs at a time; default one for every processor. Does not enter the result.
    progress : callable, optional
        Called as runs end: ``progress(stage, done, total)``.
    max_wall : float, optional
        Longest time that a batch of runs may be expected to take [s]; default an hour (:mod:`spinspice.budget`).
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
    solver = get_engine(engine, model, chosen.automatic)
    point = chosen.point(values, solver)

    def batch(asked: Batch) -> list[Any]:
        def report(done: int, total: int, _result: Any) -> None:
            if progress is not None:
                progress(asked.stage, done, total)

        if progress is not None:
            progress(asked.stage, 0, len(asked.testbenches))
        own = asked.engine or solver
        return run_jobs(asked.testbenches, engine=own, workers=workers, reduce=asked.reduce, progress=report)

    def called(result: Any) -> Any:
        if not dataclasses.is_dataclass(result) or not hasattr(result, "provenance"):
            return result
        shown = {"engine": engine, "model": model, **arguments(chosen, point, values)}
        return with_call(result, chosen.name, shown, chosen.words, chosen.placed)

    with wall_limit(max_wall):
        try:
            return called(drive(chosen.steps(point), batch))
        except KeyboardInterrupt as stopped:
            if getattr(stopped, "result", None) is not None:
                stopped.result = called(stopped.result)  # type: ignore[attr-defined]
            raise


def arguments(study: Study, point: Point, given: dict[str, Any]) -> dict[str, Any]:
    """Return the values of a point as they would be given again: checked ones, and objects as they were given."""
    raw = {parameter.name: value for name, value in given.items() if (parameter := study.parameter_of(name))}
    return {
        name: raw.get(name, parameter.default) if parameter.kind == "object" and not parameter.read else point[name]
        for name, parameter in study.all_parameters().items()
    }


def study_function(study: type[Study], *positional: str) -> Callable[..., Any]:
    """Return a function that runs a study: its signature and its documentation are those of its parameters.

    Parameters
    ----------
    study : type
    *positional : str
        Parameters that may be given without their name, in this order.
    """
    known = study.all_parameters()
    common = [p for name, p in inspect.signature(run).parameters.items() if name in COMMON]
    ordered = sorted(
        known.values(),
        key=lambda p: (p.name not in positional, positional.index(p.name) if p.name in positional else 0),
    )
    shown = [
        inspect.Parameter(
            p.name,
            inspect.Parameter.POSITIONAL_OR_KEYWORD if p.name in positional else inspect.Parameter.KEYWORD_ONLY,
            default=p.default,
        )
        for p in ordered
    ]

    def function(*values: Any, **named: Any) -> Any:
        if len(values) > len(positional):
            raise UsageError(
                f"{study.name} takes {', '.join(positional) or 'no argument'} without a name, the others by name."
            )
        for name in named:
            if study.parameter_of(name) is None and name not in COMMON:
                raise UsageError(
                    f"{function.__name__}() has no argument {name!r}. {did_you_mean(name, [*known, *COMMON])}"
                )
        twice = [name for name in positional[: len(values)] if name in named]
        if twice:
            raise UsageError(f"{study.name}: {twice[0]} is given twice, by its place and by its name.")
        return run(study(), **dict(zip(positional, values, strict=False)), **named)

    function.__name__ = function.__qualname__ = f"study_{study.name.replace('-', '_')}"
    function.__signature__ = inspect.Signature([*shown, *common])  # type: ignore[attr-defined]
    texts = [f"{p.name}{''.join(f' (or {name})' for name in p.aliases)}\n    {p.help}" for p in ordered]
    told = "engine, model, workers, progress, max_wall\n    As for :func:`spinspice.studies.run`."
    function.__doc__ = "\n".join([f"{study.title}.", "", "Parameters", "----------", *texts, told])
    return function


def run_one_by_one(steps: Steps, run_testbench: Callable[[Testbench], Waveforms]) -> Any:
    """Run the steps of a study one run after the other: what a job of a sweep does in its own process.

    Runs that ask for an engine of their own have it.
    """

    def batch(asked: Batch) -> list[Any]:
        results: list[Any] = []
        for index, testbench in enumerate(asked.testbenches):
            try:
                waveforms = run_in_decks(testbench, asked.engine.run if asked.engine else run_testbench)
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
