"""Caches, home, temporary and working folders, Verilog-A files: any path works, in every engine."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from spinspice.engines import get_engine
from spinspice.testbench import Testbench

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = [
    "with space",
    "ümlaut 日本",
    'quote\'s "double"',
    "a#b$HOME;c&d(e)`f`",
    "long " + "x" * 180,
    "line\nbreak",
]
PROGRAM = """
import sys
from spinspice.engines import get_engine
from spinspice.testbench import Testbench
engine = get_engine(sys.argv[1])
assert engine.name == sys.argv[1], engine.name
circuit = "V1 a 0 0.1\\nX1 a 0 mx my mz mtj_macrospin seed=1\\n"
waves = engine.run(Testbench(circuit=circuit, stop=1e-10, step=1e-12, save=("v(mx)",), title="für"), timeout=60)
print(repr(float(waves["v(mx)"][-1])))
"""


def run(engine, folder):
    """Run a junction with cache, home, temporary files and working folder in ``folder``; return its last value."""
    variables = ("SPINSPICE_CACHE_DIR", "TMPDIR", "XDG_CACHE_HOME", "HOME")
    environment = os.environ | dict.fromkeys(variables, str(folder)) | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", PROGRAM, engine]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, (folder, done.stderr[-2000:])
    return done.stdout.strip()


@pytest.mark.parametrize(
    "engine", [pytest.param(n, marks=pytest.mark.engine(n)) for n in ("ngspice", "ngspice-process", "vacask")]
)
def test_one_folder_for_everything(engine, tmp_path):
    """The value is that of a folder with a plain name; nothing stays but the cache."""
    values = {}
    for name in ("plain", *FOLDERS):
        folder = tmp_path / name
        (folder / "osdi").mkdir(mode=0o700, parents=True)
        # A cache that is filled: compiling takes seconds, and what is tried here is how simulators reach the file.
        for path in (Path(os.environ["SPINSPICE_CACHE_DIR"]) / "osdi").glob("mtj_macrospin-*"):
            (folder / "osdi" / path.name).write_bytes(path.read_bytes())
        values[name] = run(engine, folder)
        assert not list(folder.glob("spinspice-*")), "left behind"
    assert set(values.values()) == {values["plain"]}


@pytest.mark.slow
@pytest.mark.engine("ngspice")
def test_compiling_into_such_a_folder(tmp_path):
    """A cold cache, and a Verilog-A file of one's own, in a folder of every kind of letter."""
    for name in FOLDERS:
        (tmp_path / name).mkdir()
        float(run("ngspice", tmp_path / name))


@pytest.mark.parametrize(
    "engine", [pytest.param(n, marks=pytest.mark.engine(n)) for n in ("ngspice", "ngspice-process", "vacask")]
)
def test_verilog_a_files_of_any_name(engine, tmp_path):
    source = tmp_path / "q'u\"o;t $e`s` ü\n.va"
    source.write_text(
        '`include "disciplines.vams"\nmodule own_r(a, b); inout a, b; electrical a, b; parameter real r = 1e3;'
        " analog I(a, b) <+ V(a, b)/r; endmodule\n"
    )
    circuit = "V1 a 0 1\nN1 a b own\n.model own own_r r=2e3\nR1 b 0 1k\n"
    bench = Testbench(circuit=circuit, stop=1e-9, step=1e-11, save=("v(b)",), verilog_a=(str(source),))
    assert get_engine(engine).run(bench, timeout=60.0)["v(b)"][-1] == pytest.approx(1.0 / 3.0)
