"""Parallel jobs: the same bits for any number of workers; a bad job costs one result; Ctrl-C keeps what is done."""

from __future__ import annotations

import math
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest
from engines.circuits import circuit, junction, rc_step

from spinspice.budget import wall_limit
from spinspice.engines import ngspice_pool
from spinspice.errors import ConvergenceError, EngineTimeout, UsageError
from spinspice.jobs import JobFailure, JobsInterrupted, run_jobs

pytestmark = pytest.mark.engine("ngspice")
TESTS = str(Path(__file__).resolve().parent.parent)


@pytest.fixture(autouse=True)
def temporary_files_here(monkeypatch, tmp_path):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))


def benches(count: int = 6, **changes):
    return [junction(**changes).with_parameters(seed=seed, vin=0.05 * seed) for seed in range(count)]


def test_same_bits_with_one_worker_two_workers_and_in_any_order():
    jobs = benches()
    one = run_jobs(jobs, engine="ngspice", workers=1)
    two = run_jobs(jobs, engine="ngspice", workers=2)
    order = [3, 0, 5, 1, 4, 2]
    shuffled = run_jobs([jobs[k] for k in order], engine="ngspice", workers=2)
    apart = run_jobs(jobs, engine="ngspice-process", workers=2)
    for index, (a, b, d) in enumerate(zip(one, two, apart, strict=True)):
        c = shuffled[order.index(index)]
        for name in a:
            for other in (b, c, d):
                assert np.array_equal(a[name], other[name])
    assert len({float(waves["v(mx)"][-1]) for waves in one}) == len(jobs)


def test_results_follow_the_jobs_and_progress_counts_them():
    seen = []
    jobs = [rc_step(parameters={"vin": float(vin)}) for vin in range(1, 8)]
    final = run_jobs(
        jobs,
        engine="ngspice",
        model="b-source",
        workers=2,
        reduce=lambda waves: waves["v(out)"][-1],
        progress=lambda done, total, result: seen.append((done, total)),
    )
    np.testing.assert_allclose(final, np.arange(1, 8) * (1 - np.exp(-5)), rtol=1e-4)
    assert seen == [(done, 7) for done in range(1, 8)]


def test_a_bad_job_costs_one_result():
    """One that does not converge, one that hangs, one whose simulator is killed; the others come out as ever."""
    good = rc_step()
    bad = circuit("V1 a 0 1\nV2 a 0 2\nR1 a 0 1k\n")
    endless = rc_step(stop=10.0)
    with wall_limit(math.inf):
        results = run_jobs([good, bad, good, endless, good], engine="ngspice", model="b-source", workers=2, timeout=3.0)
    assert isinstance(results[1], JobFailure)
    assert isinstance(results[1].error, ConvergenceError)
    assert results[1].index == 1
    assert results[1].testbench is bad
    assert isinstance(results[3].error, EngineTimeout)
    assert str(results[3]).startswith("job 3 (RC step): ngspice")
    for index in (0, 2, 4):
        assert np.array_equal(results[index]["v(out)"], results[0]["v(out)"])


def test_a_simulator_killed_in_a_job_costs_one_result():
    def kill_one() -> None:
        while not ngspice_pool._state().busy:
            time.sleep(0.01)
        worker = next(iter(ngspice_pool._state().busy))
        os.kill(worker.process.pid, signal.SIGKILL)

    killer = threading.Thread(target=kill_one)
    killer.start()
    results = run_jobs(benches(4, stop=100e-9), engine="ngspice", workers=2)
    killer.join()
    failed = [result for result in results if isinstance(result, JobFailure)]
    assert len(failed) == 1
    assert "SIGKILL" in str(failed[0])


def test_a_bug_in_reduce_is_not_hidden():
    with pytest.raises(ZeroDivisionError):
        run_jobs(benches(3), engine="ngspice", workers=2, reduce=lambda waves: 1 / 0)


def test_ctrl_c_keeps_what_is_done():
    def interrupt(done: int, total: int, result: object) -> None:
        if done == 2:
            signal.raise_signal(signal.SIGINT)

    started = time.perf_counter()
    with pytest.raises(JobsInterrupted, match=r"interrupted after [23] of 5 jobs") as caught, wall_limit(math.inf):
        run_jobs([*benches(2), *benches(3, stop=1e-3)], engine="ngspice", workers=1, progress=interrupt)
    assert time.perf_counter() - started < 20
    kept = caught.value.results
    assert [result is not None for result in kept] == [True, True, False, False, False]
    assert kept[0].time[-1] >= 2e-9
    assert ngspice_pool._state().busy == set()


def test_ctrl_c_at_a_terminal_ends_everything():
    """The signal goes to the whole process group, as from a keyboard; no simulator outlives it."""
    program = (
        f"import sys, time; sys.path.insert(0, {TESTS!r})\n"
        "from engines.circuits import junction\n"
        "from spinspice.budget import wall_limit\n"
        "from spinspice.jobs import run_jobs, JobsInterrupted\n"
        "from spinspice.engines import ngspice_pool\n"
        "def note(done, total, result):\n"
        "    while not ngspice_pool._state().busy:\n"
        "        time.sleep(0.01)\n"
        "    print(*[w.process.pid for w in ngspice_pool._state().busy], flush=True)\n"
        "try:\n"
        "    with wall_limit(float('inf')):\n"
        "        run_jobs([junction()] + [junction(stop=1e-3)] * 3, engine='ngspice', workers=2, progress=note)\n"
        "except JobsInterrupted as stop:\n"
        "    print('kept', sum(r is not None for r in stop.results), flush=True)\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    pids = [int(word) for word in process.stdout.readline().split()]
    os.killpg(process.pid, signal.SIGINT)
    rest, _ = process.communicate(timeout=30)
    assert process.returncode == 0
    assert rest == "kept 1\n"
    assert pids
    for pid in pids:
        assert not os.path.exists(f"/proc/{pid}"), "a worker outlived its parent"


def test_workers_end_with_a_parent_that_is_killed():
    program = (
        f"import sys, threading, time; sys.path.insert(0, {TESTS!r})\n"
        "from engines.circuits import junction\n"
        "from spinspice.engines import get_engine, ngspice_pool\n"
        "engine = get_engine('ngspice')\n"
        "threading.Thread(target=engine.run, args=(junction(stop=1e-3),), daemon=True).start()\n"
        "time.sleep(0.5)\n"
        "print(*[w.process.pid for w in ngspice_pool._state().busy], flush=True)\n"
        "time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as process:
        (pid,) = (int(word) for word in process.stdout.readline().split())
        process.kill()
    for _ in range(100):
        if not os.path.exists(f"/proc/{pid}"):
            break
        time.sleep(0.05)
    else:
        pytest.fail("a worker outlived its parent")


def test_bad_number_of_workers():
    with pytest.raises(UsageError, match="workers = 0"):
        run_jobs(benches(1), engine="ngspice", workers=0)


def test_no_jobs_no_results():
    assert run_jobs([], engine="ngspice") == []
