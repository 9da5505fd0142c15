"""Worker processes with libngspice, started when needed and kept for the next run.

Starting one takes a quarter of a second (Python, PySpice, ngspice's code models), as long as a typical run. So an idle
worker stays, and any engine object and any thread of this process may take it. A worker whose run failed is never
used again.
"""

from __future__ import annotations

import atexit
import contextlib
import ctypes.util
import functools
import importlib.util
import os
import pickle
import socket
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from pathlib import Path
from typing import IO, Any

import spinspice
from spinspice.engines.one_thread import one_thread, preloaded
from spinspice.engines.process import engine_environment, kill_group, kill_now, status_text
from spinspice.engines.reach import make_plain_folder
from spinspice.pyspice import PACKAGES

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
    found = ctypes.util.find_library("ngspice")
    if found is None and sys.platform == "darwin":
        # Not in the search path of the system: packages of Homebrew, MacPorts and conda.
        places = (Path(sys.prefix, "lib"), *map(Path, ("/opt/homebrew/lib", "/usr/local/lib", "/opt/local/lib")))
        names = (place / name for place in places for name in ("libngspice.dylib", "libngspice.0.dylib"))
        found = next((str(path) for path in names if path.exists()), None)
    return found


@functools.cache
def _interface() -> bool:
    """Whether PySpice or InSpice is there: looked for once, since a look costs a tenth of a job's set-up."""
    return any(importlib.util.find_spec(name) for name in PACKAGES)


def find_library() -> str | None:
    """Return the shared library of ngspice (``$NGSPICE_LIBRARY_PATH``, else what the system finds), or None.

    None on Windows, where a worker cannot be handed its end of a connection; the program ngspice serves there.
    """
    if sys.platform == "win32":
        return None
    if not _interface():
        return None
    return _find_library(os.environ.get("NGSPICE_LIBRARY_PATH"))


def _start(
    command: list[str], descriptor: int, environment: dict[str, str], output: IO[bytes], folder: Path
) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command,
        pass_fds=[descriptor],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        start_new_session=True,  # Ctrl-C is ours to handle
    )


class Worker:
    """A child process with libngspice."""

    def __init__(self, library: str, preload: Path | None = None) -> None:
        self.library = library
        self.preload = preload
        self.runs = 0
        self.loaded: dict[str, Path] = {}  # module of each compiled model -> its file
        ours, theirs = socket.socketpair()
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 (lives as long as the worker)
        # A working folder of its own: no start-up file lies there, and logs that models write go with it. Compiled
        # files are linked into it, since commands of ngspice take neither spaces nor letters beyond ASCII.
        self._folder = make_plain_folder("spinspice-worker-")
        self.folder = Path(self._folder.name)
        environment = engine_environment()
        root = str(Path(spinspice.__file__).resolve().parent.parent)
        before = environment.get("PYTHONPATH")
        environment["PYTHONPATH"] = f"{before}{os.pathsep}{root}" if before else root
        environment["OPENBLAS_NUM_THREADS"] = "1"
        environment = preloaded(environment, preload, self.folder)
        with theirs:
            command = [sys.executable, "-c", _PROGRAM, str(theirs.fileno()), library, str(os.getpid())]
            arguments = (command, theirs.fileno(), environment, self._errors, self.folder)
            try:
                self.process = _state().starter.submit(_start, *arguments).result()
            except BaseException:
                self._folder.cleanup()
                raise
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
        self._folder.cleanup()


class _State:
    """The workers of one process and the thread that starts them."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.idle: list[Worker] = []
        self.busy: set[Worker] = set()
        # A worker dies with the thread that started it, so one thread starts them all and stays.
        self.starter = ThreadPoolExecutor(1, thread_name_prefix="spinspice-start")


@functools.cache
def _state_of(process: int) -> _State:
    return _State()


def _state() -> _State:
    """Return the workers of this process: after a fork, the child has none."""
    return _state_of(os.getpid())


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
    state = _state()
    preload = one_thread(library).library
    with state.lock:
        for worker in reversed(state.idle):
            fits = all(worker.loaded.get(module_name(path), path) == path for path in compiled)
            same = (worker.library, worker.preload) == (library, preload)
            if same and fits and worker.process.poll() is None:
                state.idle.remove(worker)
                state.busy.add(worker)
                return worker
    worker = Worker(library, preload)
    with state.lock:
        state.busy.add(worker)
    return worker


def module_name(compiled: Path) -> str:
    """Return the name of a compiled model without the hash of its content."""
    return compiled.stem.rsplit("-", 1)[0]


def release(worker: Worker, *, reuse: bool) -> None:
    """Give a worker back, for another run or to be ended."""
    state = _state()
    surplus: list[Worker] = []
    with state.lock:
        state.busy.discard(worker)
        if reuse and worker.runs < RUNS_PER_WORKER and worker.process.poll() is None:
            state.idle.append(worker)
            while len(state.idle) > max(2, os.cpu_count() or 1):
                surplus.append(state.idle.pop(0))
        else:
            surplus.append(worker)
    for old in surplus:
        old.close()


def interrupt() -> None:
    """Kill the workers that are busy: the threads that wait for them get :class:`WorkerDied`."""
    state = _state()
    with state.lock:
        busy = list(state.busy)
    for worker in busy:
        kill_now(worker.process)


@atexit.register
def shut_down() -> None:
    """End all workers of this process."""
    state = _state()
    with state.lock:
        workers = [*state.idle, *state.busy]
        state.idle.clear()
        state.busy.clear()
    for worker in workers:
        worker.close()
