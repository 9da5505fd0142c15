"""Exports for other simulators: VACASK runs its own folder, and reads and runs the HSPICE and Spectre ones."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest

from spinspice.devices import Telegraph
from spinspice.engines import get_engine
from spinspice.engines.osdi import compile_models
from spinspice.engines.rawfile import read_raw
from spinspice.engines.vacask import find_vacask
from spinspice.engines.vacask_netlist import write_deck
from spinspice.errors import CircuitError
from spinspice.export import export_cell
from spinspice.export.behavioural import LIBRARY

DURATION = 2e-9
CASES = {
    "bsn": {"cell": "bsn", "duration": DURATION},
    "asn": {"cell": "asn", "duration": DURATION},
    "telegraph": {"cell": "bsn", "preset": Telegraph(R_P=12e3, delta=4.0, V_c=0.8), "duration": 1e-6},
}
#: A reader of its own puts the elements in another order, which rounds differently by 1e-16 a step; a magnet multiplies
#: that (2e-14 after 2 ns, measured).
ROUNDING = 1e-11
#: Accuracy of the count of a telegraph junction between two choices of time points, in events.
COUNT = 1e-3
#: Test bench of each dialect that VACASK reads.
FOREIGN = {"hspice": "testbench.sp", "spectre": "testbench.scs", "xyce": "testbench.cir"}


def export(case: str, dialect: str, folder: Path):
    return export_cell(**CASES[case], dialect=dialect, out=folder, seed=3, vin=0.01)


def run_vacask(folder: Path, deck: str) -> dict[str, np.ndarray]:
    """Run plain ``vacask`` with nothing in the environment but a path to the system's programs."""
    info = find_vacask()
    assert info is not None
    command = [info.path, "-qp", deck]
    # Where the machine chooses the kernels of OpenBLAS for the engine, take the same ones: they round differently.
    blas = {name: value for name, value in os.environ.items() if name.startswith("OPENBLAS_")}
    environment = {"PATH": "/usr/bin:/bin", **blas}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    return read_raw(folder / "tran1.raw")


def assert_same(raw, waveforms, names, atol: float = 0.0) -> None:
    np.testing.assert_allclose(raw["time"], waveforms.time, rtol=atol)
    assert np.ptp(waveforms["v(mid)"]) > 1e-3  # the noise is on
    for signal in names:
        inner = signal[2:-1].replace(".", ":")
        column = raw[inner if signal[0] == "v" else f"{inner}:flow(br)"]
        np.testing.assert_allclose(column, waveforms[signal], rtol=0.0, atol=atol, err_msg=signal)


@pytest.mark.engine("vacask")
@pytest.mark.parametrize("case", CASES)
def test_plain_vacask_gives_the_waveform_of_the_engine(case, tmp_path):
    exported = export(case, "vacask", tmp_path)
    raw = run_vacask(tmp_path, "testbench.sim")
    assert_same(raw, get_engine("vacask").run(exported.testbench), exported.testbench.save)


def read_by_vacask(dialect: str, exported, files: Iterable[str] = ()) -> str:
    """A VACASK deck that reads a foreign test bench; analysis and modules, passed over there, are the engine's.

    For Spectre's language it has another name of the transistor model, and lower case for parameters of Verilog-A.
    ``files`` are compiled modules of the transistors.
    """
    own = write_deck(
        exported.testbench,
        dict(zip(exported.testbench.models, map(str, compile_models(exported.testbench.models)), strict=True)),
        files=files,
    ).text
    if dialect == "spectre" and not exported.testbench.verilog_a:
        cell = exported.folder / "bsn_cell.scs"
        cell = cell if cell.exists() else exported.folder / "asn_cell.scs"
        polarity = {"n": "1", "p": "-1"}
        text, count = re.subn(
            r"bsim4 type=([np])( [^v]*)? version=4\.[58]",
            lambda match: f'sp_bsim4v8 type={polarity[match[1]]}{match[2] or ""} version="4.8"',
            cell.read_text(),
        )
        assert count == len(re.findall("^model ", text, re.MULTILINE)) >= 2
        cell.write_text(text.lower())
    if dialect == "xyce":  # VACASK has no behavioural sources: the junction is its module
        bench = exported.folder / FOREIGN[dialect]
        text = bench.read_text()
        assert text.count(f'.include "{LIBRARY}"') == 1
        text = text.replace(f'.include "{LIBRARY}"', "")
        cell = exported.folder / f"{'bsn' if 'bsn' in text else 'asn'}_cell.lib"
        cell.write_text(cell.read_text().replace(" PARAMS: ", " "))
        # Its reader knows neither the word PARAMS nor a colon between the levels of a signal's name.
        bench.write_text(re.sub(r"^\.print .*$", "", text, flags=re.MULTILINE))
    lines = own.splitlines()
    head = [line for line in lines[1:] if line.startswith(("ground", "load", "model"))]
    include = f'include "{FOREIGN[dialect]}" lang={dialect}'
    control = lines[lines.index("control") :]
    masters = {f"model {name} {name}" for name in ("vsource", "capacitor")} - set(head)
    deck = exported.folder / "read.sim"
    deck.write_text("\n".join(["read", *head, *sorted(masters), include, *control]) + "\n")
    return deck.name


@pytest.mark.engine("vacask")
@pytest.mark.parametrize("dialect", FOREIGN)
@pytest.mark.parametrize("case", CASES)
def test_another_reader_makes_the_same_circuit_of_a_foreign_test_bench(case, dialect, tmp_path):
    """These simulators are not to be had here; what a second reader makes of the text gives the same run."""
    if dialect == "xyce" and case == "telegraph":
        with pytest.raises(CircuitError, match="mtj_telegraph has no translation to Xyce"):
            export(case, dialect, tmp_path)
        return
    exported = export(case, dialect, tmp_path)
    raw = run_vacask(tmp_path, read_by_vacask(dialect, exported))
    waveforms = get_engine("vacask").run(exported.testbench)
    if case != "telegraph":
        assert_same(raw, waveforms, exported.testbench.save, atol=ROUNDING)
        return
    # Time points are placed by the last digits here, the flips by the seed: the same ones.
    count = np.interp(waveforms.time, raw["time"], raw["x1:count"])
    np.testing.assert_allclose(count, waveforms["v(x1.count)"], atol=COUNT)
    assert count[-1] > 5.0


@pytest.mark.engine("ngspice-process", model="b-source")
@pytest.mark.parametrize("cell", ["bsn", "asn"])
def test_ngspice_in_its_ltspice_mode_runs_the_ltspice_test_bench(cell, tmp_path):
    """The behavioural library against the B-sources of ngspice, with the same noise.

    Solvers of a nearly undamped magnet part in time; 0.01 is the bound of the engines' own comparison at 1 ns.
    """
    ngspice = shutil.which("ngspice")
    assert ngspice
    exported = export_cell(cell, dialect="ltspice", out=tmp_path, seed=3, vin=0.01, duration=1e-9)
    text = (tmp_path / "testbench.cir").read_text()
    names = exported.testbench.save
    text, count = re.subn(r"^\.save .*$", ".save " + " ".join(names), text, flags=re.MULTILINE)
    assert count == 1
    (tmp_path / "read.cir").write_text(text)
    (tmp_path / ".spiceinit").write_text("set ngbehavior=ltpsa\nset num_threads=1\nset no_mem_check\n")
    done = subprocess.run(
        [ngspice, "-b", "-r", "read.raw", "read.cir"], cwd=tmp_path, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert not re.search(r"error|unknown|ignored", done.stdout + done.stderr, re.IGNORECASE), done.stderr
    raw = read_raw(tmp_path / "read.raw")
    waveforms = get_engine("ngspice-process", model="b-source").run(exported.testbench)
    assert np.ptp(waveforms["v(mid)"]) > 1e-3
    for name in names:
        column = raw["i(vdd)" if name == "i(vdd)" else name]
        scale = 1.0 if name[0] == "v" else 1e-3
        np.testing.assert_allclose(
            np.interp(waveforms.time, raw["time"], column), waveforms[name], rtol=0.0, atol=0.01 * scale, err_msg=name
        )
