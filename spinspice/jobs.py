"""Many runs on several processors: results in the order of the jobs, whatever the number of workers.

A thread per worker hands testbenches to an engine, whose simulator runs in a process of its own; a run that
crashes, hangs or does not converge costs one job and becomes a :class:`JobFailure` in its place. Nothing of a run
depends on the worker or on the runs before it, so results are bit-identical for any number of workers and any order.
"""

from __future__ import annotations

import dataclasses
import os
import queue
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any, TypeVar, cast

from spinspice.budget import check_runs
from spinspice.engines import DEFAULT_TIMEOUT, Engine, get_engine
from spinspice.engines.outcome import keeping_nothing
from spinspice.errors import ResultError, SpinspiceError, UsageError, check_is, check_whole
from spinspice.progress import reporting
from spinspice.splitting import Decks, Split, split_testbench
from spinspice.testbench import Testbench
from spinspice.waveforms import Waveforms

R = TypeVar("R")
#: Longest time to wait for simulators that were told to stop [s].
_STOP_LIMIT = 20.0
#: What a deck gives whose job has others that are not done.
_OPEN = object()
#: Called after every job with the number done, the number of jobs, and the result.
Progress = Callable[[int, int, Any], None]


@dataclasses.dataclass(frozen=True)
class JobFailure:
    """A job that did not deliver: its place among the jobs, its testbench, and why."""

    index: int
    testbench: Testbench
    error: Exception

    def __str__(self) -> str:
        return f"job {self.index} ({self.testbench.title}): {self.error}"


def delivered(results: Sequence[Any], what: str = "") -> list[Any]:
    """Return results of jobs; the first failure among them is raised, as it is or as that of ``what`` runs.

    Raises
    ------
    ResultError
        With ``what``: which run failed, and why.
    """
    for result in results:
        if isinstance(result, JobFailure):
            if what:
                raise ResultError(f"{what} failed: {result.error}") from result.error
            raise result.error
    return list(results)


class JobsInterrupted(KeyboardInterrupt):
    """Ctrl-C during :func:`run_jobs`; :attr:`results` holds what was done, with None for the jobs that were not."""

    def __init__(self, results: list[Any]) -> None:
        done = sum(result is not None for result in results)
        super().__init__(f"interrupted after {done} of {len(results)} jobs")
        self.results = results


def default_workers() -> int:
    """Return the number of processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def run_jobs(
    testbenches: Sequence[Testbench],
    *,
    engine: str | Engine = "auto",
    model: str | None = None,
    workers: int | None = None,
    timeout: float = DEFAULT_TIMEOUT,
    reduce: Callable[[Waveforms], R] | None = None,
    progress: Progress | bool | None = None,
    split: Split = None,
) -> list[Any]:
    """Run testbenches in parallel.

    Parameters
    ----------
    testbenches : sequence of Testbench
    engine, model : str
        As for :func:`spinspice.engines.get_engine`.
    workers : int, optional
        Simulators at a time; default one for every processor.
    timeout : float
        Wall-clock limit of each job [s]; the default is lengthened for runs that are expected to be long.
    reduce : callable, optional
        Turns the waveforms of each job, as it ends, into what is kept of them; results are then what it returns.
        Called in the thread of the worker, so it must not change shared state.
    progress : callable or bool, optional
        Called in the calling thread after each job: ``progress(done, total, result)``. True shows a display, False
        none; by default there is one on a terminal and in a notebook (:mod:`spinspice.progress`).
    split : int or bool, optional
        Largest number of cells in a deck: a testbench of more, if they do not act on one another, runs as several decks
        (:mod:`spinspice.splitting`). By default 64; False splits nothing.

    Returns
    -------
    list
        A :class:`~spinspice.waveforms.Waveforms` (or what ``reduce`` made of it) or :class:`JobFailure` for
        each testbench, in their order.

    Raises
    ------
    JobsInterrupted
        On Ctrl-C; carries the results of the jobs that were done.
    UsageError
        If ``workers`` is not a positive number, or the runs would take longer than allowed (:mod:`spinspice.budget`).
    """
    check_is(testbenches, Sequence, "testbenches", "a list of Testbench")
    for bench in testbenches:
        check_is(bench, Testbench, "an entry of testbenches", "a list of Testbench")
    pieces = _Pieces([split_testbench(bench, split) for bench in testbenches])
    at_a_time = _at_a_time(workers, pieces.decks)
    chosen = get_engine(engine, model)
    longest = check_runs(pieces.decks, chosen, min(at_a_time, default_workers()))
    # A run that is expected to be long, and is meant, is not stopped for that.
    limit = max(timeout, 10.0 * longest) if timeout == DEFAULT_TIMEOUT else timeout

    def work(piece: int) -> Any:
        try:
            waveforms = pieces.joined(piece, chosen.run(pieces.decks[piece], timeout=limit))
            if waveforms is None:
                return _OPEN
            return reduce(waveforms) if reduce else waveforms
        except SpinspiceError as error:
            return JobFailure(pieces.jobs[piece], pieces.decks[piece], error)

    with reporting(progress, "spinspice") as report:
        try:
            found = _Pool(len(pieces.decks), work, chosen.interrupt).run(at_a_time, pieces.report(report))
        except JobsInterrupted as stopped:
            raise JobsInterrupted(pieces.results(stopped.results)) from None
        return pieces.results(found)


def run_job(
    testbench: Testbench,
    *,
    engine: str | Engine = "auto",
    model: str | None = None,
    workers: int | None = None,
    timeout: float = DEFAULT_TIMEOUT,
    split: Split = None,
) -> Waveforms:
    """Run one testbench, in decks on several processors where its cells do not act on one another.

    Parameters and errors are those of :func:`run_jobs`; a run that does not deliver raises what it failed of.
    """
    found = run_jobs(
        [testbench], engine=engine, model=model, workers=workers, timeout=timeout, progress=False, split=split
    )[0]
    if isinstance(found, JobFailure):
        raise found.error
    return cast(Waveforms, found)


class _Pieces:
    """The decks of all jobs in one row, and what comes of them job by job."""

    def __init__(self, split: Sequence[Decks]) -> None:
        self.split = split
        self.decks = [deck for each in split for deck in each.decks]
        #: Number of its job, for each deck.
        self.jobs = [job for job, each in enumerate(split) for _ in each.decks]
        self._first = {job: self.jobs.index(job) for job in range(len(split))} if len(self.decks) > len(split) else {}
        self._waiting: dict[int, dict[int, Waveforms]] = {}
        self._lock = threading.Lock()

    def joined(self, piece: int, waveforms: Waveforms) -> Waveforms | None:
        """Take the waveforms of a deck; return those of its job when this was the last."""
        job = self.jobs[piece]
        wanted = len(self.split[job].decks)
        if wanted == 1:
            return waveforms
        with self._lock:
            here = self._waiting.setdefault(job, {})
            here[piece - self._first[job]] = waveforms
            if len(here) < wanted:
                return None
            del self._waiting[job]
        return self.split[job].join([here[number] for number in range(wanted)])

    def results(self, found: Sequence[Any]) -> list[Any]:
        """Return one result a job: of several decks the first that failed, else what the last one gave."""
        if not self._first:
            return list(found)
        results: list[Any] = [None] * len(self.split)
        for job, result in zip(self.jobs, found, strict=True):
            if result is not None and result is not _OPEN and not isinstance(results[job], JobFailure):
                results[job] = result
        return results

    def report(self, progress: Progress | None) -> Progress | None:
        """Return a progress that counts jobs where there are more decks than jobs."""
        if progress is None or not self._first:
            return progress
        ended = 0

        def told(_done: int, _total: int, result: Any) -> None:
            nonlocal ended
            if result is not _OPEN:
                ended = min(ended + 1, len(self.split))
                progress(ended, len(self.split), result)

        return told


def run_tasks(
    count: int,
    work: Callable[[int], R],
    *,
    interrupt: Callable[[], None],
    workers: int | None = None,
    progress: Progress | None = None,
) -> list[R]:
    """Do ``count`` pieces of work on several threads, each of which waits for a simulator of its own.

    Parameters
    ----------
    count : int
    work : callable
        ``work(index)`` does one and returns its result; an exception ends all.
    interrupt : callable
        Ends the simulators that are running.
    workers, progress
        As for :func:`run_jobs`.

    Raises
    ------
    JobsInterrupted
        On Ctrl-C; carries the results of what was done.
    """
    return _Pool(count, work, interrupt).run(_at_a_time(workers, range(count)), progress)


def _at_a_time(workers: int | None, jobs: Sequence[Any]) -> int:
    """Return how many simulators run at a time."""
    if workers is not None and check_whole("workers", workers, -(10**9), 10**9) < 1:
        raise UsageError(f"workers = {workers} is less than 1. Give the number of simulators to run at a time.")
    return min(workers or default_workers(), max(1, len(jobs)))


class _Pool:
    """Threads that take jobs in order; each has one simulator at a time."""

    def __init__(self, count: int, work: Callable[[int], Any], interrupt: Callable[[], None]) -> None:
        self.count, self.work, self.interrupt = count, work, interrupt
        self.waiting: queue.SimpleQueue[int] = queue.SimpleQueue()
        for index in range(count):
            self.waiting.put(index)
        self.ended: queue.SimpleQueue[tuple[int, Any]] = queue.SimpleQueue()
        self.stopping = threading.Event()

    def run(self, workers: int, progress: Progress | None) -> list[Any]:
        """Run all jobs and return their results in order."""
        results: list[Any] = [None] * self.count
        threads = [threading.Thread(target=self._work, daemon=True, name=f"spinspice-{i}") for i in range(workers)]
        for thread in threads:
            thread.start()
        try:
            for done in range(1, self.count + 1):
                index, result = self.ended.get()
                if isinstance(result, BaseException):
                    raise result
                results[index] = result
                if progress is not None:
                    progress(done, self.count, result)
        except BaseException as reason:
            self.stopping.set()
            self._stop(threads)
            self._collect(results)
            if isinstance(reason, KeyboardInterrupt):
                raise JobsInterrupted(results) from None
            raise
        for thread in threads:
            thread.join()
        return results

    def _stop(self, threads: list[threading.Thread]) -> None:
        """Interrupt the engine until all threads have ended: one may just be starting its simulator."""
        deadline = time.monotonic() + _STOP_LIMIT
        with keeping_nothing():
            while any(thread.is_alive() for thread in threads) and time.monotonic() < deadline:
                self.interrupt()
                for thread in threads:
                    thread.join(timeout=0.05)

    def _collect(self, results: list[Any]) -> None:
        """Keep results that came in while the pool was stopping."""
        while not self.ended.empty():
            index, result = self.ended.get()
            if not isinstance(result, BaseException | JobFailure):
                results[index] = result

    def _work(self) -> None:
        """Take jobs until there are none left; a bug (not a failed run) is passed on to the calling thread."""
        while not self.stopping.is_set():
            try:
                index = self.waiting.get_nowait()
            except queue.Empty:
                return
            try:
                self.ended.put((index, self.work(index)))
            except BaseException as bug:
                self.ended.put((index, bug))
