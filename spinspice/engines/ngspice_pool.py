"""Worker processes with libngspice, started when needed and kept for the next run.

Starting one takes a quarter of a second (Python, PySpice, ngspice's code models), as long as a typical run. So an idle worker
stays, and any engine object and any thread of this process may take it. A worker whose run failed is never used
again.
"""

from __future__ import annotations

import atexit
import contextlib
import ctypes.util
import functools
import importlib.util
import os
import pickle
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import spinspice
from spinspice.engines.process import engine_environment, kill_group, status_text

#: A worker is replaced after so many runs: libngspice loses about 1 kB a run.
RUNS_PER_WORKER = 1000
#: Wall-clock limit for the start of a worker [s].
START_TIMEOUT = 120.0
_PROGRAM = "from spinspice.engines.ngspice_worker import main; main()"


class WorkerDied(Exception):
    """A worker that ended in the middle of a request."""


class WorkerTimeout(Exception):
    """A worker that did not reply in time; it was killed."""


@functools.cache
def _find_library(named: str | None) -> str | None:
    if named:
        return named if Path(named).exists() else None
    return ctypes.util.find_library("ngspice")


def find_library() -> str | None:
    """Return the shared library of ngspice (``$NGSPICE_LIBRARY_PATH``, else what the system finds), or None."""
    if importlib.util.find_spec("PySpice") is None:
        return None
    return _find_library(os.environ.get("NGSPICE_LIBRARY_PATH"))


@functools.cache
def _starter_of(process: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(1, thread_name_prefix="spinspice-start")


def _starter() -> ThreadPoolExecutor:
    """Return the thread that starts workers: a worker dies with the thread that started it, so this one stays."""
    return _starter_of(os.getpid())


class Worker:
    """A child process with libngspice."""

    def __init__(self, library: str) -> None:
        self.library = library
        self.runs = 0
        self.loaded: dict[str, Path] = {}  # module of each compiled model -> its file
        ours, theirs = socket.socketpair()
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 (lives as long as the worker)
        environment = engine_environment()
        environment["HOME"] = os.devnull  # a start-up file of the user must not change results
        root = str(Path(spinspice.__file__).resolve().parent.parent)
        before = environment.get("PYTHONPATH")
        environment["PYTHONPATH"] = f"{before}{os.pathsep}{root}" if before else root
        environment["OPENBLAS_NUM_THREADS"] = "1"
        with theirs:
            start = functools.partial(
                subprocess.Popen[bytes],
                [sys.executable, "-c", _PROGRAM, str(theirs.fileno()), library, str(os.getpid())],
                pass_fds=[theirs.fileno()],
                cwd="/",
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=self._errors,
                stderr=self._errors,
                start_new_session=True,
            )
            self.process = _starter().submit(start).result()
        self._connection = Connection(ours.detach())
        try:
            hello = self._receive(START_TIMEOUT)
        except BaseException:
            self.close()
            raise
        self.version = str(hello["version"])
        self.with_osdi = bool(hello["osdi"])

    def ask(self, request: dict[str, Any], timeout: float) -> dict[str, Any]:
        """Send a request and return the reply.

        Raises
        ------
        WorkerTimeout, WorkerDied
            The worker is gone then. Any other exception (such as Ctrl-C) kills it too.
        """
        try:
            self._connection.send_bytes(pickle.dumps(request, protocol=5))
            return self._receive(timeout)
        except (BrokenPipeError, ConnectionResetError):
            raise WorkerDied(self._last_words()) from None
        except BaseException:
            self.kill()
            raise

    def _receive(self, timeout: float) -> dict[str, Any]:
        deadline = time.monotonic() + timeout
        try:
            if not self._connection.poll(max(0.0, deadline - time.monotonic())):
                self.kill()
                raise WorkerTimeout
            return pickle.loads(self._connection.recv_bytes())
        except (EOFError, ConnectionResetError):
            raise WorkerDied(self._last_words()) from None

    def _last_words(self) -> str:
        """Return how the process ended and the last that it printed."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(5.0)
        self.kill()
        self._errors.seek(0)
        printed = self._errors.read().decode(errors="replace").strip().splitlines()[-3:]
        return "; ".join([status_text(self.process.returncode), *printed])

    def kill(self) -> None:
        """End the process at once, also from another thread; a reply that is awaited becomes :class:`WorkerDied`."""
        kill_group(self.process)

    def close(self) -> None:
        """End the process and release what belongs to it."""
        self.kill()
        self._connection.close()
        self._errors.close()


_lock = threading.Lock()
_idle: list[Worker] = []
_busy: set[Worker] = set()
_owner = os.getpid()


def acquire(library: str, compiled: tuple[Path, ...] = ()) -> Worker:
    """Return a worker of one's own; :func:`release` it afterwards.

    Parameters
    ----------
    library : str
        From :func:`find_library`.
    compiled : tuple of Path
        Compiled models the run needs. A worker that has another version of one of them is not taken, since ngspice
        cannot unload it.
    """
    global _owner
    with _lock:
        if _owner != os.getpid():  # after a fork these are the parent's
            _owner = os.getpid()
            _idle.clear()
            _busy.clear()
        for worker in reversed(_idle):
            fits = all(worker.loaded.get(module_name(path), path) == path for path in compiled)
            if worker.library == library and fits and worker.process.poll() is None:
                _idle.remove(worker)
                _busy.add(worker)
                return worker
    worker = Worker(library)
    with _lock:
        _busy.add(worker)
    return worker


def module_name(compiled: Path) -> str:
    """Return the name of a compiled model without the hash of its content."""
    return compiled.stem.rsplit("-", 1)[0]


def release(worker: Worker, *, reuse: bool) -> None:
    """Give a worker back, for another run or to be ended."""
    surplus: list[Worker] = []
    with _lock:
        _busy.discard(worker)
        if reuse and worker.runs < RUNS_PER_WORKER and worker.process.poll() is None:
            _idle.append(worker)
            while len(_idle) > max(2, os.cpu_count() or 1):
                surplus.append(_idle.pop(0))
        else:
            surplus.append(worker)
    for old in surplus:
        old.close()


def interrupt() -> None:
    """Kill the workers that are busy: the threads that wait for them get :class:`WorkerDied`."""
    with _lock:
        busy = list(_busy)
    for worker in busy:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(worker.process.pid, signal.SIGKILL)


@atexit.register
def shut_down() -> None:
    """End all workers."""
    if _owner != os.getpid():
        return
    with _lock:
        workers = [*_idle, *_busy]
        _idle.clear()
        _busy.clear()
    for worker in workers:
        worker.close()
