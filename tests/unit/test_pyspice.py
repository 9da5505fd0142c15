"""One module imports PySpice, and InSpice takes its place."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from spinspice import pyspice
from spinspice.errors import UsageError

ROOT = Path(__file__).resolve().parents[2]


def test_one_module_imports_it():
    pattern = re.compile(r"^\s*(from|import) (PySpice|InSpice)\b", re.MULTILINE)
    found = [file.name for file in (ROOT / "spinspice").rglob("*.py") if pattern.search(file.read_text())]
    assert found == ["pyspice.py"]


def test_pyspice_comes_first():
    pytest.importorskip("PySpice")
    from PySpice.Spice.Netlist import Circuit

    assert pyspice.package() == "PySpice" and pyspice.Circuit is Circuit


def in_its_own_process(code, folder, **environment):
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(folder), str(ROOT)]), **environment}
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, timeout=60, check=True)
    return done.stdout.split()


@pytest.fixture
def other(tmp_path):
    """A stand-in for InSpice, and a PySpice that a new Python does not take."""
    for name, text in (("InSpice", "class Circuit: pass\nclass SubCircuit: pass\n"), ("PySpice", "(\n")):
        folder = tmp_path / name / "Spice"
        folder.mkdir(parents=True)
        (folder.parent / "__init__.py").write_text("")
        (folder / "__init__.py").write_text("")
        (folder / "Netlist.py").write_text(text)
    return tmp_path


def test_inspice_where_pyspice_cannot_be_loaded(other):
    code = "from spinspice.pyspice import *; import spinspice.pyspice as p; print(p.package(), Circuit.__module__)"
    assert in_its_own_process(code, other) == ["InSpice", "InSpice.Spice.Netlist"]


def test_neither_is_an_error_that_says_what_each_said(monkeypatch):
    monkeypatch.setattr(pyspice, "PACKAGES", ("NoSpice", "NotEither"))
    pyspice.package.cache_clear()
    try:
        with pytest.raises(UsageError, match="NoSpice: No module named.*NotEither.*pip install"):
            pyspice.package()
        monkeypatch.setenv("SPINSPICE_NETLISTS", "ESpice")
        with pytest.raises(UsageError, match="neither of NoSpice and NotEither"):
            pyspice.package()
    finally:
        pyspice.package.cache_clear()


@pytest.mark.slow
@pytest.mark.engine("ngspice")
def test_a_circuit_runs_with_inspice():
    """The same netlist, and the same waveform from libngspice, through both."""
    pytest.importorskip("InSpice", reason="InSpice is not installed")
    code = (
        "import spinspice as ss; from spinspice.benches.cell import cell_testbench; from spinspice.cells import BSN;"
        "cell = BSN(ss.load_preset('faria2021').device);"
        "waves = ss.get_engine('ngspice').run(cell_testbench(cell, stop=2e-10, vin=0.0, save=('v(out)',)));"
        "print(hash(waves['v(out)'].tobytes()))"
    )
    both = [
        in_its_own_process(code, ROOT, SPINSPICE_NETLISTS=name, PYTHONHASHSEED="0") for name in ("PySpice", "InSpice")
    ]
    assert both[0] == both[1]
