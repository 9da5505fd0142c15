"""Other systems than Linux: every module can be imported, engines are looked for by their names there."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from spinspice.engines import ngspice_pool, ngspice_process, process

ROOT = Path(__file__).resolve().parents[2]
#: Imports all of the package as on another system; what others wrote is imported before, as on this one.
PROGRAM = """
import asyncio, importlib, multiprocessing.connection, os, pkgutil, signal, select, socket, subprocess, sys, tempfile
import concurrent.futures, ctypes.util, filelock, h5netcdf, h5py, jinja2, matplotlib.figure, numba, numpy, platformdirs
import rich.console, rich.progress, scipy.optimize, scipy.signal, scipy.stats, scipy.linalg, xarray, click, PySpice
import PySpice.Spice.Netlist, PySpice.Unit, logging, importlib.metadata
for name in ("fcntl", "resource", "pwd", "grp", "termios", "tty", "pty", "syslog", "posix"):
    sys.modules[name] = None
for name in ("fork", "getuid", "geteuid", "getppid", "killpg", "setsid", "sched_getaffinity", "mkfifo", "uname",
             "pidfd_open", "nice", "getpgid", "chown", "mknod", "wait4", "register_at_fork"):
    if hasattr(os, name):
        delattr(os, name)
kill = signal.SIGKILL
for name in ("SIGKILL", "SIGHUP", "SIGXFSZ", "SIGALRM", "SIGUSR1", "alarm", "setitimer"):
    if hasattr(signal, name):
        delattr(signal, name)
for name in ("poll", "epoll"):
    delattr(select, name)
sys.platform = {platform!r}
import spinspice
names = [module.name for module in pkgutil.walk_packages(spinspice.__path__, "spinspice.")]
for name in names:
    if not name.endswith("__main__"):
        importlib.import_module(name)
print(len(names))
signal.SIGKILL = kill  # Python's own way to end a process on this system
from spinspice.engines.process import run_limited, engine_environment, stop_all
from pathlib import Path
place, log = Path({folder!r}), Path({folder!r}, "log")
status = run_limited([sys.executable, "-c", "print(1)"], folder=place, log=log, timeout=60)
assert status == 0
try:
    run_limited([sys.executable, "-c", "import time; time.sleep(60)"], folder=Path({folder!r}),
                log=Path({folder!r}, "log"), timeout=0.5)
except subprocess.TimeoutExpired:
    pass
from spinspice.engines.cache import make_once
make_once(Path({folder!r}, "cache", "a.osdi"), lambda path: path.write_bytes(b"x"), what="model")
"""


@pytest.mark.parametrize("platform", ["win32", pytest.param("darwin", marks=pytest.mark.slow)])
def test_every_module_can_be_imported_and_processes_run(platform, tmp_path):
    program = textwrap.dedent(PROGRAM.format(platform=platform, folder=str(tmp_path)))
    command = [sys.executable, "-W", "ignore", "-c", program]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr[-3000:]
    assert int(done.stdout) > 200


def test_names_of_ngspice_elsewhere(monkeypatch, tmp_path):
    asked = []
    monkeypatch.setattr(ngspice_process.shutil, "which", lambda name: asked.append(name))
    monkeypatch.setattr(sys, "platform", "win32")
    assert ngspice_process.find_ngspice() is None and asked == ["ngspice_con", "ngspice"]
    assert ngspice_pool.find_library() is None
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    monkeypatch.setattr(ngspice_pool.ctypes.util, "find_library", lambda name: None)
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "libngspice.dylib").touch()
    assert ngspice_pool._find_library.__wrapped__(None) == str(tmp_path / "lib" / "libngspice.dylib")


def test_a_process_is_killed_where_there_are_no_groups(monkeypatch):
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    monkeypatch.delattr(process.os, "killpg")
    process.kill_now(child)
    assert child.wait(10) != 0
