"""Simulators as child processes: a wall-clock limit, no orphans, and a way to stop them all."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import subprocess
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

_LOCK = threading.Lock()
_RUNNING: set[subprocess.Popen[bytes]] = set()


#: Beginnings of the variables by which a simulator would be led to files or settings of a user's own: start-up scripts,
#: search paths and precision of ngspice (SPICE_SCRIPTS, SPICE_LIB_DIR, ...), module and include paths of VACASK.
_LEADING = ("SPICE_", "NGSPICE_", "XSPICE_", "SIM_", "VACASK_", "XDG_CONFIG_")
#: Variables that name the home folder, where start-up files lie.
_HOMES = ("HOME", "USERPROFILE")


def engine_environment() -> dict[str, str]:
    """Return the environment of simulators: no start-up file, nothing of the user's that changes a result.

    One thread each, since parallel runs use the processors. The home folder is none, so that ``.spiceinit`` and
    ``.vacaskrc.toml`` are not found even by a simulator that has no option against them.
    """
    kept = {name: value for name, value in os.environ.items() if not name.upper().startswith(_LEADING)}
    nowhere = dict.fromkeys(_HOMES, os.devnull)
    return {**kept, **nowhere, "OMP_THREAD_LIMIT": "1", "OMP_NUM_THREADS": "1", "LC_ALL": "C"}


def ask_version(command: Sequence[str], *, folder: Path | None = None, timeout: float = 30.0) -> str:
    """Return what a program prints when it is asked what it is; an empty string if it does not run.

    In the environment of :func:`engine_environment`, and in ``folder`` (default: the root, where no start-up file of
    a user's working folder lies).
    """
    try:
        answer = subprocess.run(
            list(command),
            cwd=folder or Path(os.sep),
            env=engine_environment(),
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=timeout,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return answer.stdout + answer.stderr


def run_limited(
    command: Sequence[str], *, folder: Path, log: Path, timeout: float, environment: Mapping[str, str] | None = None
) -> int:
    """Run a command to its end and return its exit status (negative: the signal that killed it).

    Parameters
    ----------
    command : sequence of str
    folder : Path
        Working folder.
    log : Path
        File for standard output and error, in the order they come.
    timeout : float
        Wall-clock limit [s].
    environment : mapping, optional
        Default :func:`engine_environment`.

    Raises
    ------
    subprocess.TimeoutExpired
        After the process and its children were killed.
    OSError
        If it cannot be started or the log not be written.
    """
    with open(log, "wb") as output:
        process = subprocess.Popen(
            list(command),
            cwd=folder,
            env=dict(environment) if environment is not None else engine_environment(),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # a group of its own, to be killed as a whole; Ctrl-C is ours to handle
        )
        with _LOCK:
            _RUNNING.add(process)
        try:
            return _wait(process, timeout)
        finally:
            kill_group(process)
            with _LOCK:
                _RUNNING.discard(process)


def _wait(process: subprocess.Popen[bytes], timeout: float) -> int:
    """Wait without polling: ``Popen.wait`` with a limit looks every 50 ms, which a run of 100 ms feels."""
    try:
        handle = os.pidfd_open(process.pid)
    except (AttributeError, OSError):  # an old kernel, or no Linux
        return process.wait(timeout)
    try:
        ends = select.poll()
        ends.register(handle, select.POLLIN)
        if not ends.poll(1000.0 * min(timeout, 1e6)):
            raise subprocess.TimeoutExpired(process.args, timeout)
    finally:
        os.close(handle)
    return process.wait()


def kill_group(process: subprocess.Popen[bytes]) -> None:
    """End a process and its children, at once, and collect it."""
    if process.poll() is None:
        kill_now(process)
        process.wait()


def kill_now(process: subprocess.Popen[bytes]) -> None:
    """Kill a process and its children without waiting; where there are no process groups, the process alone."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()


def stop_all() -> None:
    """Kill every process that :func:`run_limited` has running, in whatever thread."""
    with _LOCK:
        running = list(_RUNNING)
    for process in running:
        kill_now(process)


def status_text(status: int) -> str:
    """Return an exit status in words.

    >>> status_text(1), status_text(-9)
    ('exit status 1', 'the process was killed by signal 9 (SIGKILL)')
    """
    if status >= 0:
        return f"exit status {status}"
    with contextlib.suppress(ValueError):
        return f"the process was killed by signal {-status} ({signal.Signals(-status).name})"
    return f"the process was killed by signal {-status}"
