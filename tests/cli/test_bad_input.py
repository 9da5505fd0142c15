"""Bad input, one table row each: a clear error, exit status 1 or 2, nothing run, nothing left behind, no traceback.

The rows stand in ``tests/bad_input``: options, files, calls from Python.
"""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

import bad_calls
import bad_files
import bad_options
import pytest

from spinspice.cli import run
from spinspice.engines import ENGINES, engine_class
from spinspice.errors import SpinspiceError

ROOT = Path(__file__).resolve().parents[2]
#: Longest time that an answer may take [s]; such input needs no work.
PATIENCE = 20.0


@pytest.fixture(autouse=True)
def place(tmp_path, monkeypatch):
    """An empty working folder in which no simulator runs."""

    def ran(*_arguments, **_more):
        raise AssertionError("a simulation ran")

    for name in ENGINES[1:]:
        monkeypatch.setattr(engine_class(name), "run", ran)
        monkeypatch.setattr(engine_class(name), "load", ran)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def fault(call, arguments, word, capsys) -> str:
    """Return what is wrong with the answer to bad input; an empty string if it is as it should be."""
    before, started = sorted(os.listdir()), time.monotonic()
    status = run(arguments)
    output = capsys.readouterr()
    said = " ".join(output.err.split())
    faults = [
        f"exit status {status}" if status not in (1, 2) else "",
        "a traceback" if "Traceback" in said else "",
        "an unexpected error" if "SPINSPICE_DEBUG" in said else "",
        "a short message" if len(said) < 25 else "",
        "a message of thousands of characters" if len(said) > 1500 else "",
        f"no word of {word!r}" if word and word.lower() not in said.lower() else "",
        "output" if output.out else "",
        f"files {sorted(os.listdir())}" if sorted(os.listdir()) != before else "",
        "a long wait" if time.monotonic() - started > PATIENCE else "",
    ]
    wrong = ", ".join(filter(None, faults))
    return f"{call}: {wrong}\n    {said[-400:]}" if wrong else ""


def report(faults) -> None:
    found = [text for text in faults if text]
    assert not found, f"{len(found)} mishandled:\n" + "\n".join(found)


def test_options(place, capsys):
    (place / "examples").symlink_to(ROOT / "examples")
    rows = bad_options.cases()
    assert len(rows) > 300
    report(fault(" ".join(arguments)[:90], arguments, word, capsys) for arguments, word in rows)


def test_files(place, capsys):
    shutil.copy(ROOT / "examples" / "08_neuron.sp", place)
    rows = list(bad_files.cases())
    assert len(rows) > 350
    faults = []
    for what, command, content, word in rows:
        (place / "it.toml").write_bytes(content)
        faults.append(fault(what, command.split(), word, capsys))
    report(faults)


def test_calls_from_python():
    rows = bad_calls.cases()
    assert len(rows) > 90
    faults = []
    for what, call, word in rows:
        try:
            call()
            faults.append(f"{what}: accepted")
        except SpinspiceError as reason:
            said = str(reason)
            if len(said) < 25 or (word and word not in said):
                faults.append(f"{what}: {said}")
        except Exception as bug:
            faults.append(f"{what}: {type(bug).__name__}: {bug}")
    report(faults)
