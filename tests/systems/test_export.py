"""Exported folders: plain ngspice runs them in an empty environment, and the waveform is the engine's own."""

from __future__ import annotations

import math
import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from spinspice.devices import Macrospin, Telegraph
from spinspice.engines import get_engine
from spinspice.errors import ResultError, UsageError
from spinspice.export import DIALECTS, export_cell
from spinspice.export.folder import split_circuit, wrap_cards

#: Long enough for transistors and magnet to have moved, short enough to take a second.
DURATION = 4e-9
#: A junction of two states that flips every few tens of nanoseconds, and a run that sees some fifty flips.
TELEGRAPH = Telegraph(R_P=12e3, delta=4.0, V_c=0.8)
CASES = {
    "bsn": {"cell": "bsn", "duration": DURATION},
    "asn": {"cell": "asn", "duration": DURATION},
    "telegraph": {"cell": "bsn", "preset": TELEGRAPH, "duration": 1e-6},
}


def run_alone(folder: Path, deck: str, output: str) -> np.ndarray:
    """Run a deck with plain ``ngspice -b`` and nothing in the environment but a path to the system's programs."""
    ngspice = shutil.which("ngspice")
    assert ngspice
    environment = {"PATH": f"{Path(ngspice).parent}:/usr/bin:/bin"}
    command = [ngspice, "-b", deck]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    assert not re.search(r"error|ignored|unknown", done.stdout + done.stderr, re.IGNORECASE), done.stderr
    return np.loadtxt(folder / output, skiprows=1)


@pytest.fixture(scope="module", params=CASES)
def exported(request, tmp_path_factory):
    return export_cell(**CASES[request.param], out=tmp_path_factory.mktemp("export"), seed=3, vin=0.01)


def assert_same_waveforms(table: np.ndarray, waveforms, names) -> None:
    """The table has 16 digits of the same run: the difference is what writing them down costs."""
    assert table.shape == (waveforms.time.size, 1 + len(names))
    np.testing.assert_allclose(table[:, 0], waveforms.time, rtol=1e-15)
    for column, name in enumerate(names, start=1):
        np.testing.assert_allclose(table[:, column], waveforms[name], rtol=1e-14, atol=1e-18, err_msg=name)
    assert np.ptp(waveforms[names[1]]) > 1e-3  # the midpoint moves: the noise is on


@pytest.mark.engine("ngspice-process", model="b-source")
def test_the_deck_as_it_is_gives_the_waveform_of_the_engine(exported):
    table = run_alone(exported.folder, "testbench.cir", "waveform.txt")
    engine = get_engine("ngspice-process", model="b-source")
    assert_same_waveforms(table, engine.run(exported.testbench), exported.testbench.save)


@pytest.mark.engine("ngspice-process")
def test_the_verilog_a_deck_gives_the_waveform_of_the_engine(exported):
    """Compiled with the commands that the README names."""
    from spinspice.engines.osdi import require_compiler

    readme = (exported.folder / "README.md").read_text()
    commands = re.findall(r"^ +openvaf-r (verilog_a/\S+) -o (\S+)$", readme, re.MULTILINE)
    assert len(commands) == 1
    for source, target in commands:
        compiler = require_compiler().path
        subprocess.run([compiler, source, "-o", target], cwd=exported.folder, check=True, capture_output=True)
    table = run_alone(exported.folder, "testbench_osdi.cir", "waveform_osdi.txt")
    engine = get_engine("ngspice-process", model="verilog-a")
    assert_same_waveforms(table, engine.run(exported.testbench), exported.testbench.save)


def test_the_folder_is_self_contained(exported):
    """Every file that a file includes is in the folder, and no path leaves it."""
    standard = {"constants.vams", "disciplines.vams"}
    assert sorted(exported.files) == sorted(str(p.relative_to(exported.folder)) for p in named_files(exported.folder))
    for path in named_files(exported.folder):
        for included in re.findall(r'^\s*[.`]include\s+"([^"]+)"', path.read_text(), re.MULTILINE):
            assert included in standard or (path.parent / included).is_file(), f"{path.name} includes {included}"
        assert str(Path(__file__).parents[2]) not in path.read_text()


def named_files(folder: Path) -> list[Path]:
    """Files that the export wrote, without what running the decks adds."""
    made = {"waveform.txt", "waveform_osdi.txt"}
    return [p for p in folder.rglob("*") if p.is_file() and p.name not in made and p.suffix != ".osdi"]


def test_summary_says_what_was_written_and_how_to_run_it(exported):
    text = exported.summary()
    assert all(name in text for name in exported.files)
    assert text.splitlines()[-1].endswith("ngspice -b testbench.cir")


def test_other_files_in_the_folder_stay(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(ResultError, match=r"files that spinspice did not write \(notes.txt\)"):
        export_cell("bsn", out=tmp_path, duration=DURATION)
    (tmp_path / "notes.txt").unlink()
    export_cell("bsn", out=tmp_path, duration=DURATION)
    (tmp_path / "notes.txt").write_text("mine")
    first = (tmp_path / "testbench.cir").read_text()
    export_cell("bsn", out=tmp_path, duration=DURATION, seed=9)
    assert (tmp_path / "notes.txt").read_text() == "mine"
    assert (tmp_path / "testbench.cir").read_text() == first.replace(".param seed=1.0", ".param seed=9.0")


def test_a_device_of_the_user(tmp_path):
    device = Macrospin(area=math.pi * 15e-9**2, R_P=20e3)
    written = export_cell("bsn", device, out=tmp_path, duration=DURATION)
    assert "Macrospin of the user" in (written.folder / "README.md").read_text()
    assert "R_P=20000.0" in (written.folder / "bsn.lib").read_text()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"dialect": "ngspcie"}, "no writer for the dialect 'ngspcie'. Did you mean ngspice"),
        ({"dialect": "eldo"}, "no writer for the dialect .eldo."),
        ({"cell": "bns"}, "unknown cell 'bns'. Did you mean bsn"),
        ({"preset": "ganguly"}, "unknown preset 'ganguly'. Did you mean ganguly2018"),
        ({"seed": -1}, "seed = -1 is outside"),
        ({"vin": float("nan")}, "vin = nan V is outside"),
        ({"duration": 0.0}, "stop = 0 s is outside"),
    ],
)
def test_bad_arguments(tmp_path, arguments, message):
    with pytest.raises(UsageError, match=message):
        export_cell(**({"cell": "bsn"} | arguments), out=tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_unwritable_folder(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ResultError, match="cannot write"):
        export_cell("bsn", out=tmp_path / "file")


def test_dialects_are_those_with_a_writer():
    assert DIALECTS == ("hspice", "ltspice", "ngspice", "spectre", "vacask", "xyce")


def test_nested_subcircuits_stay_together():
    inside, outside = split_circuit(".subckt a x\n.subckt b y\nR1 y 0 1\n.ends\n.ends\nV1 x 0 1\n")
    assert inside.count(".ends") == 2
    assert outside == "V1 x 0 1\n"


def test_wrapped_cards_join_to_the_same_words():
    card = "M1 " + " ".join(f"p{i}={i}" for i in range(60))
    lines = wrap_cards(f"{card}\n+ last=1\n").splitlines()
    assert max(map(len, lines)) <= 110
    assert " ".join(line.removeprefix("+").strip() for line in lines) == f"{card} last=1"
