"""Run what is missing of a study, store each result as it comes, and collect everything."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, cast

from spinspice.budget import check_wall, estimate, wall_limit
from spinspice.engines import DEFAULT_TIMEOUT, Engine, get_engine
from spinspice.errors import SpinspiceError, UsageError, check_is
from spinspice.jobs import JobsInterrupted, default_workers, run_tasks
from spinspice.progress import shows_progress
from spinspice.replay import call
from spinspice.studies import get_study
from spinspice.sweep.collect import Sweep, collect
from spinspice.sweep.job import Done, Failure, Job, identity, run_job
from spinspice.sweep.numbering import Numbered
from spinspice.sweep.plan import make_plan
from spinspice.sweep.store import COLLECTED, Store
from spinspice.sweep.study import Study

#: Called as jobs end: what is being done, jobs done, jobs in all.
SweepProgress = Callable[[str, int, int], None]
#: Called in the process of the caller with each job that ended.
Receiver = Callable[[Done | Failure], None]


class SweepInterrupted(KeyboardInterrupt):
    """Ctrl-C during a sweep; :attr:`sweep` holds what was done, which is stored too."""

    def __init__(self, sweep: Sweep) -> None:
        super().__init__("interrupted")
        self.sweep = sweep


@shows_progress
def run_study(
    study: Study,
    out: str | os.PathLike[str],
    *,
    workers: int | None = None,
    scheduler: str | None = None,
    resume: bool = False,
    timeout: float = DEFAULT_TIMEOUT,
    engine: Engine | None = None,
    progress: SweepProgress | None = None,
    max_wall: float | None = None,
) -> Sweep:
    """Run a study in a folder.

    Parameters
    ----------
    study : Study
    out : path
        Folder of the results, which other sweeps are kept out of meanwhile.
    workers : int, optional
        Simulators at a time on this machine; default one for every processor.
    scheduler : str, optional
        Address of a Dask scheduler (``tcp://host:8786``) whose workers run the jobs in place of this machine.
    resume : bool
        Take results that the folder holds and run only what is missing or failed; also after the study was widened.
    timeout : float
        Wall-clock limit of each run [s].
    engine : Engine, optional
        In place of the one that the study names.
    progress : callable, optional
        Called as jobs end: ``progress(stage, done, total)``.
    max_wall : float, optional
        Longest time that the jobs to do may be expected to take [s]; default an hour (:mod:`spinspice.budget`).

    Returns
    -------
    Sweep
        The same numbers, to the last bit, however many workers there were, wherever they ran, and in however many
        sittings.

    Raises
    ------
    UsageError
        For a study that cannot be meant, or a folder that holds results without ``resume``.
    ResultError
        If a result cannot be stored, another sweep has the folder, or the scheduler is lost. What was stored stays.
    SweepInterrupted
        On Ctrl-C.
    """
    if scheduler is not None and workers is not None:
        raise UsageError("workers and scheduler exclude each other: a Dask cluster brings its own workers.")
    check_is(study, Study, "study", "a study, Study.load('study.toml')")
    store = Store(out)
    plan = make_plan(study)
    chosen = engine or get_engine(study.engine, study.model, get_study(study.measure.kind).automatic)
    who = identity(chosen)
    report = progress or _silent
    _refuse_results(store, resume)
    keys = _keys(plan, who, chosen, report)  # before anything is written: a study that cannot be meant leaves no folder
    with store.locked():
        _refuse_results(store, resume)
        sitting = _Sitting(plan, store, keys, report)
        with wall_limit(max_wall):
            _check_wall(plan, sitting.missing, chosen, workers)
        store.write_study({"study": _plain(study), "engine": who, "jobs": len(plan)})
        try:
            if sitting.missing and scheduler is not None:
                from spinspice.sweep.cluster import run_on_cluster

                run_on_cluster(plan, sitting.missing, keys, who, timeout, scheduler, sitting.receive)
            elif sitting.missing:
                _run_here(plan, sitting.missing, keys, chosen, workers, timeout, sitting.receive)
        except KeyboardInterrupt:
            stopped = _collected(plan, store, keys, sitting.failures, who)
            raise SweepInterrupted(_called(stopped, study, store.folder)) from None
        return _called(_collected(plan, store, keys, sitting.failures, who), study, store.folder)


def _called(sweep: Sweep, study: Study, folder: Path) -> Sweep:
    """Return a sweep with how it was made; a replay does not go into a folder that holds results."""
    arguments = {"study": study, "out": f"{folder.absolute()}-again", "trust": study.origin.get("trust") or None}
    return dataclasses.replace(sweep, call=call("sweep", arguments))


#: Jobs that are looked at to estimate how long all will take.
_LOOKED_AT = 5


def _check_wall(plan: Numbered, missing: Sequence[int], engine: Engine, workers: int | None) -> None:
    """Estimate the jobs that are to do, from a few of them, and check that as :func:`spinspice.budget.check_wall`."""
    if not missing:
        return
    chosen = [missing[i * (len(missing) - 1) // max(1, _LOOKED_AT - 1)] for i in range(_LOOKED_AT)]
    each = [_seconds(plan.job(index), engine) for index in set(chosen)]
    seconds = sum(each) / len(each) * len(missing) / min(workers or default_workers(), default_workers(), len(missing))
    check_wall(max(seconds, *each), len(missing), what=" (jobs)")


def _seconds(job: Job, engine: Engine) -> float:
    """Return about how long a job takes [s]."""
    costs = [estimate(run, engine) for run in job.benches(engine)]
    runs = get_study(job.kind).runs(job.point(engine))
    return sum(costs) / len(costs) * max(len(costs), runs)


def _refuse_results(store: Store, resume: bool) -> None:
    if store.holds_results() and not resume:
        raise UsageError(f"{store.folder} holds results of a sweep. Use --resume to complete it, or another folder.")


def _silent(_stage: str, _done: int, _total: int) -> None:
    pass


def _keys(plan: Numbered, who: dict[str, str], engine: Engine, report: SweepProgress) -> list[str]:
    """Return the key of every job; this also checks the numbers of every job before any runs."""
    keys = []
    report("checking", 0, len(plan))
    for job in plan:
        keys.append(job.key(who, engine))
        if len(keys) % 100 == 0 or len(keys) == len(plan):
            report("checking", len(keys), len(plan))
    return keys


def _plain(study: Study) -> dict[str, Any]:
    """Return a study as JSON can hold it: infinite limits as null."""

    def clean(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: clean(entry) for name, entry in value.items()}
        if isinstance(value, list | tuple):
            return [clean(entry) for entry in value]
        return None if isinstance(value, float) and abs(value) == float("inf") else value

    return cast(dict[str, Any], clean(dataclasses.asdict(study)))


class _Sitting:
    """What one sitting has to do, and what came of it."""

    def __init__(self, plan: Numbered, store: Store, keys: Sequence[str], report: SweepProgress) -> None:
        self.store, self.report, self.total = store, report, len(plan)
        self.failures: list[Failure] = []
        self.missing = [index for index, key in enumerate(keys) if store.read(key) is None]
        self.done = self.total - len(self.missing)
        if self.missing:
            report("simulating", self.done, self.total)

    def receive(self, result: Done | Failure) -> None:
        """Store a result, or keep error and deck of a failure."""
        if isinstance(result, Done):
            self.store.write(result)
        else:
            folder = self.store.write_failure(result)
            self.failures.append(dataclasses.replace(result, folder=str(folder)))
        self.done += 1
        self.report("simulating", self.done, self.total)


def _run_here(
    plan: Numbered,
    missing: Sequence[int],
    keys: Sequence[str],
    engine: Engine,
    workers: int | None,
    timeout: float,
    receive: Receiver,
) -> None:
    """Run jobs on this machine; whatever is done when Ctrl-C comes is received too."""
    received: set[int] = set()

    def work(place: int) -> Done | Failure:
        index = missing[place]
        return run_job(plan.job(index), engine, keys[index], timeout)

    def take(_done: int, _total: int, result: Done | Failure) -> None:
        received.add(result.index)
        receive(result)

    try:
        run_tasks(len(missing), work, interrupt=engine.interrupt, workers=workers, progress=take)
    except JobsInterrupted as stopped:
        for result in stopped.results:
            if isinstance(result, Done) and result.index not in received:
                receive(result)
        raise


def _collected(
    plan: Numbered, store: Store, keys: Sequence[str], failures: list[Failure], who: dict[str, str]
) -> Sweep:
    """Collect what is stored and write it as one file beside the results."""
    sweep = collect(plan, (store.read(key) for key in keys), failures, who)
    try:
        sweep.save(store.folder / COLLECTED)
    except SpinspiceError as reason:
        reason.add_note("All single results are stored; run again with --resume to collect them.")
        raise
    return sweep
