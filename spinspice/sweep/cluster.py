"""The jobs of a study on a Dask cluster: dask.distributed does the scheduling, results are stored by the caller."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from spinspice.engines import get_engine
from spinspice.errors import ResultError, UsageError
from spinspice.sweep.job import Done, Failure, Job, identity, run_job
from spinspice.sweep.numbering import Numbered

#: Longest wait for the scheduler to answer [s].
CONNECT_LIMIT = 15.0
#: Jobs handed to the cluster at a time, for each of its threads: enough that none waits for the caller.
AHEAD = 4


def run_on_cluster(
    plan: Numbered,
    missing: Sequence[int],
    keys: Sequence[str],
    who: Mapping[str, str],
    timeout: float,
    address: str,
    receive: Callable[[Done | Failure], None],
) -> None:
    """Run jobs on the workers of a scheduler and hand each result to ``receive`` in this process.

    A worker that dies costs nothing: the scheduler gives its jobs to others (three times, then the job counts as
    failed). Each worker must run the same version of the same engine; otherwise its jobs fail and say so.

    Raises
    ------
    UsageError
        If dask.distributed is not installed.
    ResultError
        If the scheduler cannot be reached or is lost. Results received so far are kept.
    """
    try:
        import distributed
    except ImportError:
        raise UsageError("--scheduler needs dask.distributed. Run: pip install 'spinspice[dask]'") from None
    try:
        client = distributed.Client(address, timeout=CONNECT_LIMIT, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as reason:
        raise ResultError(f"no Dask scheduler answers at {address}: {reason}. Start one with: dask scheduler") from None
    with _closing(client):
        _drive(client, distributed, plan, missing, keys, dict(who), timeout, address, receive)


@contextlib.contextmanager
def _closing(client: Any) -> Iterator[None]:
    """Close a client, also when its scheduler has gone."""
    try:
        yield
    finally:
        with contextlib.suppress(Exception):
            client.close(timeout=2.0)


def _drive(
    client: Any,
    distributed: Any,
    plan: Numbered,
    missing: Sequence[int],
    keys: Sequence[str],
    who: dict[str, str],
    timeout: float,
    address: str,
    receive: Callable[[Done | Failure], None],
) -> None:
    """Keep the cluster busy, and receive what comes until nothing is missing."""
    waiting = iter(missing)
    running: dict[str, int] = {}
    futures = distributed.as_completed(loop=client.loop)

    def submit(count: int) -> None:
        for _, index in zip(range(count), waiting, strict=False):
            future = client.submit(task, plan.job(index), keys[index], who, timeout, pure=False)
            running[future.key] = index
            futures.add(future)

    def outcome(future: Any, index: int) -> Done | Failure | None:
        if future.status == "error":
            return Failure(index, keys[index], plan.job(index).title, f"on the cluster: {future.exception()}")
        try:
            return future.result() if future.status == "finished" else None
        except (OSError, distributed.CancelledError):
            return None

    submit(AHEAD * max(2, sum(client.nthreads().values())))
    for future in futures:
        index = running.pop(future.key)
        result = outcome(future, index)
        if result is None:
            raise ResultError(
                f"the Dask scheduler at {address} was lost, with {len(running) + 1} jobs under way. What was done is "
                "stored; start the scheduler again and use --resume."
            )
        receive(result)
        submit(1)


def task(job: Job, key: str, who: Mapping[str, str], timeout: float) -> Done | Failure:
    """Run a job in a worker of the cluster, with the engine that the study was keyed for."""
    engine = get_engine(who["name"], who["model"])
    here = identity(engine)
    if here != dict(who) or job.key(here, engine) != key:
        reason = f"this worker has {here} or another spinspice, the study was started with {dict(who)}; install alike"
        return Failure(job.index, key, job.title, reason)
    return run_job(job, engine, key, timeout)
