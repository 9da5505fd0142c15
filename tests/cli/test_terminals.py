"""The command line on any terminal, pipe and file system: results are not lost, nothing is left behind."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
#: A short characterisation, two seconds of work.
SHORT = ("characterize", "bsn", "--vin=-60m:60m:5", "--duration", "1n", "--trials", "1", "--workers", "1")


def spinspice(*arguments, folder, program="", **changes):
    """Run the command line in ``folder``, which also holds its temporary files."""
    environment = os.environ | {"PYTHONPATH": str(ROOT), "TMPDIR": str(folder)} | changes
    for name in ("PYTHONUTF8", "PYTHONIOENCODING", "NO_COLOR"):
        if name not in changes:
            environment.pop(name, None)
    command = [sys.executable, "-m", "spinspice", *arguments]
    if program:
        command = ["bash", "-c", f'"$0" "$@" {program}', *command]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, timeout=120)


def _rarely(**changes):
    return pytest.param(changes, marks=pytest.mark.slow)


@pytest.mark.parametrize(
    "changes",
    [
        {"PYTHONIOENCODING": "latin-1"},
        {"PYTHONIOENCODING": "ascii", "COLUMNS": "60"},
        _rarely(PYTHONIOENCODING="cp1252"),
        _rarely(PYTHONIOENCODING="cp437"),
        _rarely(LANG="C", LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0"),
        _rarely(NO_COLOR="1", COLUMNS="20"),
        _rarely(TERM="dumb", COLUMNS="1"),
        _rarely(PYTHONIOENCODING="utf-16"),
    ],
    ids=lambda changes: ",".join(changes.values()),
)
def test_tables_in_any_encoding(tmp_path, changes):
    done = spinspice("energy", "system", "--inputs", "4", "--outputs", "4", folder=tmp_path, **changes)
    assert done.returncode == 0, done.stderr
    assert b"Traceback" not in done.stderr
    encoding = changes.get("PYTHONIOENCODING", "utf-8")
    text = done.stdout.decode(encoding)
    assert "without" in text or int(changes.get("COLUMNS", "100")) < 30
    if encoding == "ascii":
        assert "+-" in text  # a plain spelling, not a question mark


@pytest.mark.engine("auto")
def test_files_are_written_though_the_reader_has_gone(tmp_path):
    """Tables go to a pipe that nobody reads; the numbers are in the file all the same."""
    done = spinspice(*SHORT, "--out", "a.nc", "--plot", "a.png", folder=tmp_path, program="| true")
    assert b"Traceback" not in done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.nc", "a.png"]


@pytest.mark.engine("auto")
def test_standard_output_on_a_full_disk_or_closed(tmp_path):
    for program, status in (("> /dev/full", 1), (">&- 2>&-", 0)):
        done = spinspice(*SHORT, "--json", "--out", "a.nc", folder=tmp_path, program=program)
        assert (done.returncode, b"Traceback" in done.stderr) == (status, False), (program, done.stderr)
        assert [path.name for path in tmp_path.iterdir()] == ["a.nc"]
        (tmp_path / "a.nc").unlink()


@pytest.mark.parametrize(
    ("number", "engine"),
    [
        pytest.param(signal.SIGINT, "ngspice", marks=pytest.mark.engine("ngspice")),
        pytest.param(signal.SIGTERM, "ngspice-process", marks=pytest.mark.engine("ngspice-process")),
        pytest.param(signal.SIGHUP, "vacask", marks=pytest.mark.engine("vacask")),
        pytest.param(signal.SIGTERM, "ngspice", marks=[pytest.mark.engine("ngspice"), pytest.mark.slow]),
        pytest.param(signal.SIGINT, "vacask", marks=[pytest.mark.engine("vacask"), pytest.mark.slow]),
    ],
)
def test_signals_leave_nothing_behind(tmp_path, number, engine):
    """Temporary files of a run in progress go, its simulator ends, and one line says what happened."""
    environment = os.environ | {"PYTHONPATH": str(ROOT), "TMPDIR": str(tmp_path)}
    long = ("energy", "bsn", "--vin", "0", "--duration", "20u", "--engine", engine)
    command = [sys.executable, "-m", "spinspice", *long]
    process = subprocess.Popen(command, cwd=tmp_path, env=environment, stderr=subprocess.PIPE, stdout=subprocess.PIPE)
    deadline = time.monotonic() + 60.0
    while not list(tmp_path.glob("spinspice-*")) and time.monotonic() < deadline and process.poll() is None:
        time.sleep(0.05)
    time.sleep(0.7)
    process.send_signal(number)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 1
    assert b"Traceback" not in said and b"Interrupted" in said
    assert list(tmp_path.iterdir()) == [], said


def _limit_files():
    resource.setrlimit(resource.RLIMIT_FSIZE, (6000, 6000))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)


@pytest.mark.engine("ngspice")
def test_no_room_for_results(tmp_path):
    """Files cannot grow beyond 6 kB: an error that names the file, numbers printed before, no half file."""
    environment = os.environ | {"PYTHONPATH": str(ROOT), "TMPDIR": str(tmp_path), "MPLCONFIGDIR": str(tmp_path)}
    command = [sys.executable, "-m", "spinspice", *SHORT, "--out", "a.nc", "--engine", "ngspice"]
    done = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, timeout=120, preexec_fn=_limit_files
    )
    assert done.returncode == 1
    assert b"cannot write a.nc" in done.stderr and b"Traceback" not in done.stderr
    assert b"width V0" in done.stdout
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("option", "name"), [("--out", "x.nc"), ("--plot", "x.png"), ("--plot", "x.svg"), ("--report", "x.html")]
)
def test_foreign_files_are_noticed_before_anything_runs(tmp_path, option, name):
    (tmp_path / name).write_text("a year of work")
    done = spinspice(*SHORT, option, name, folder=tmp_path)
    assert done.returncode == 1
    assert b"a file that spinspice did not write is there" in done.stderr and b"--force" in done.stderr
    assert b"transfer" not in done.stderr
    assert (tmp_path / name).read_text() == "a year of work"


@pytest.mark.engine("auto")
def test_our_own_files_are_replaced_and_others_by_force(tmp_path):
    outputs = ("--out", "a.nc")
    for name in outputs[1::2]:
        (tmp_path / name).write_text("foreign")
    for force in (("--force",), ()):
        done = spinspice(*SHORT, *outputs, *force, folder=tmp_path)
        assert done.returncode == 0, done.stderr


def test_two_outputs_of_one_name(tmp_path):
    done = spinspice(*SHORT, "--plot", "a.svg", "--report", "./a.svg", folder=tmp_path)
    assert done.returncode == 2 and b"are one file" in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("export", "bsn", "--out", "."),
        ("sweep", "study.toml", "--out", "."),
        ("sweep", "study.toml", "--out", "study.toml"),
        ("export", "bsn", "--out", "study.toml"),
        ("reproduce", "mizrahi-fig2a", "--short", "--out", "study.toml"),
        ("demo", "--short", "--out", "study.toml"),
    ],
)
def test_folders_of_somebody_else(tmp_path, arguments):
    (tmp_path / "study.toml").write_text('cell = "bsn"\n')
    done = spinspice(*arguments, folder=tmp_path)
    assert done.returncode == 1 and b"cannot write" in done.stderr and b"Traceback" not in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["study.toml"]
