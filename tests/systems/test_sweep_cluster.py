"""A sweep on a real Dask scheduler with two worker processes: same bits; a killed worker or scheduler costs nothing."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from spinspice.engines import get_engine
from spinspice.errors import ResultError, UsageError
from spinspice.sweep import Study, SweepInterrupted, run_study

pytestmark = [
    pytest.mark.engine("ngspice"),
    # dask.distributed's own clean-up when a scheduler goes away.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]
needs_dask = pytest.mark.skipif(
    importlib.util.find_spec("distributed") is None, reason="dask.distributed, an optional extra, is not installed"
)
#: One machine-wide limit for a cluster to come up, or for something to be noticed [s].
PATIENCE = 60.0
STUDY = Study.from_dict(
    {
        "name": "cluster",
        "cell": "bsn",
        "engine": "ngspice",
        "grid": {"vin": [-0.02, 0.0]},
        "montecarlo": {"samples": 8, "device": {"diameter": {"distribution": "normal", "relative": 0.05}}},
        "measure": {"duration": "4n"},
    }
)


class Cluster:
    """A scheduler and two workers, each a process of its own, on the loopback interface."""

    def __init__(self, folder: Path, path: str = "") -> None:
        self.folder, self.processes, self.path = folder, [], path
        command = ["scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--no-show"]
        self.address = self.start(command, r"Scheduler at:\s+(tcp://127\.0\.0\.1:\d+)")
        worker = ["worker", self.address, "--host", "127.0.0.1", "--nthreads", "1", "--no-nanny", "--no-dashboard"]
        for _ in range(2):
            self.start(worker, r"Registered to:\s+(\S+)")

    def start(self, arguments: list[str], ready: str) -> str:
        log = self.folder / f"dask-{len(self.processes)}.log"
        environment = os.environ | {
            "PYTHONPATH": os.pathsep.join(path for path in (self.path, *sys.path) if path),
            "DASK_DISTRIBUTED__COMM__RETRY__COUNT": "0",
        }
        with log.open("w") as file:
            command = [sys.executable, "-W", "ignore", "-m", "dask", *arguments]
            process = subprocess.Popen(command, stdout=file, stderr=file, env=environment, cwd=self.folder)
        self.processes.append(process)
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and process.poll() is None:
            if match := re.search(ready, log.read_text()):
                return match[1]
            time.sleep(0.05)
        raise AssertionError(log.read_text())

    def kill(self, number: int) -> None:
        self.processes[number].send_signal(signal.SIGKILL)

    def close(self) -> None:
        for process in self.processes:
            process.kill()
            process.wait(PATIENCE)


@pytest.fixture
def cluster(tmp_path):
    made = Cluster(tmp_path)
    yield made
    made.close()


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    return run_study(STUDY, tmp_path_factory.mktemp("whole"), workers=1)


def after(count: int, action):
    """A progress that does something once, when ``count`` jobs are done."""
    once = threading.Event()

    def progress(stage: str, done: int, _total: int) -> None:
        if stage == "simulating" and done >= count and not once.is_set():
            once.set()
            action()

    return progress


@needs_dask
def test_a_worker_killed_in_the_middle_loses_nothing(cluster, whole, tmp_path):
    """Two workers, one killed after three jobs; the other ends the study with the bits of one local worker."""
    kill = after(3, lambda: cluster.kill(1))
    found = run_study(STUDY, tmp_path / "out", scheduler=cluster.address, progress=kill)
    assert found.failures == () and found.missing == 0
    assert found.dataset.identical(whole.dataset)
    assert cluster.processes[1].wait(PATIENCE) == -signal.SIGKILL


@needs_dask
def test_client_stopped_then_scheduler_lost_then_resumed_here(cluster, whole, tmp_path):
    stop = after(3, lambda: signal.raise_signal(signal.SIGINT))
    with pytest.raises(SweepInterrupted) as caught:
        run_study(STUDY, tmp_path / "out", scheduler=cluster.address, progress=stop)
    assert caught.value.sweep.missing == STUDY.jobs - 3
    lose = after(6, lambda: cluster.kill(0))
    with pytest.raises(ResultError, match=r"scheduler at tcp://.* was lost.*--resume"):
        run_study(STUDY, tmp_path / "out", scheduler=cluster.address, resume=True, progress=lose)
    seen = []
    found = run_study(STUDY, tmp_path / "out", resume=True, progress=lambda *at: seen.append(at))
    assert next(done for stage, done, _ in seen if stage == "simulating") >= 6
    assert found.dataset.identical(whole.dataset)


@needs_dask
def test_no_scheduler_there(tmp_path, monkeypatch):
    monkeypatch.setattr("spinspice.sweep.cluster.CONNECT_LIMIT", 1.0)
    with pytest.raises(ResultError, match="no Dask scheduler answers at tcp://127.0.0.1:9"):
        run_study(STUDY, tmp_path, scheduler="tcp://127.0.0.1:9")


def test_without_dask_it_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(UsageError, match=r"pip install 'spinspice\[dask\]'"):
        run_study(STUDY, tmp_path, scheduler="tcp://127.0.0.1:9")


def test_a_worker_that_differs_is_refused(tmp_path):
    """Other versions would give other numbers under the same name."""
    from spinspice.sweep.cluster import task
    from spinspice.sweep.plan import Plan

    who = {"name": "ngspice", "version": "0", "model": "verilog-a"}
    result = task(Plan(STUDY).job(0), "key", who, 10.0)
    assert "install alike" in str(result) and "'version': '0'" in str(result)


def test_a_worker_of_another_version_of_spinspice_is_refused(monkeypatch):
    """The key of a job holds the version, so a result of another one never stands under it."""
    from spinspice.sweep.cluster import task
    from spinspice.sweep.job import identity
    from spinspice.sweep.plan import Plan

    engine = get_engine("ngspice")
    who, job = identity(engine), Plan(STUDY).job(0)
    key = job.key(who, engine)
    monkeypatch.setattr("spinspice.__version__", "0.0.9")
    assert "install alike" in str(task(job, key, who, 10.0))


@pytest.mark.slow
@needs_dask
def test_a_real_worker_of_another_version_is_refused(tmp_path):
    """Its tree is a copy with another version number; every job fails and says why, none gives a number."""
    root = Path(__file__).resolve().parents[2]
    other = tmp_path / "other"
    for name in ("spinspice", "netlists", "verilog_a", "rtl"):
        shutil.copytree(root / name, other / name, ignore=shutil.ignore_patterns("__pycache__"))
    package = other / "spinspice" / "__init__.py"
    package.write_text(re.sub(r'__version__ = "[^"]+"', '__version__ = "0.0.9"', package.read_text()))
    made = Cluster(tmp_path, path=str(other))
    try:
        found = run_study(STUDY, tmp_path / "out", scheduler=made.address)
    finally:
        made.close()
    assert found.missing == STUDY.jobs
    assert all("install alike" in str(failure) for failure in found.failures)
