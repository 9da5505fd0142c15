"""Cells with .model cards of their own: exported folders that run and give the engines' waveforms, all studies."""

from __future__ import annotations

import subprocess

import numpy as np
import pytest

from spinspice.cells import CellFile
from spinspice.engines import get_engine
from spinspice.engines.ngspice_process import find_ngspice
from spinspice.engines.rawfile import read_raw
from spinspice.engines.vacask import find_vacask
from spinspice.errors import CircuitError, UsageError
from spinspice.export import DIALECTS, export_cell

CELL = """\
.model nm nmos level=1 vto=0.3 kp=300u tox=4n
.model nb.1 nmos level=54 version=4.8 toxe=2n vth0=0.35 lmin=40n lmax=60n wmin=0.1u wmax=1u
.model nb.2 nmos level=54 version=4.8 toxe=2n vth0=0.45 lmin=60n lmax=200n wmin=0.1u wmax=1u
.subckt dut in q vdd vss
Rmtj vdd q 12k
Min q in vss vss nm w=1u l=0.2u
M2 q in vss vss nb w=0.2u l=50n
.ends
"""
DATA = {
    "netlist": "c.sp",
    "vdd": 0.8,
    "supply": "single",
    "preset": "faria2021",
    "ports": {"vin": "in", "out": "q", "vdd": "vdd", "vss": "vss"},
    "junctions": {"Rmtj": "vdd"},
}
CLOCK = {"kind": "pulse", "low": 0, "high": 0.8, "rise": "20p", "fall": "20p", "width": "180p", "period": "400p"}


def load(folder, text: str = CELL, **changes) -> CellFile:
    (folder / "c.sp").write_text(text)
    return CellFile.from_dict({**DATA, **changes}, folder, where="c.toml")


@pytest.mark.engine("ngspice-process", model="b-source")
def test_the_ngspice_folder_gives_the_waveform_of_the_engine(tmp_path):
    exported = export_cell(load(tmp_path), dialect="ngspice", out=tmp_path / "out", seed=3, duration=1e-9)
    info = find_ngspice()
    assert info is not None
    subprocess.run([info.path, "-n", "-b", "testbench.cir"], cwd=tmp_path / "out", capture_output=True, check=True)
    table = np.loadtxt(tmp_path / "out" / "waveform.txt", skiprows=1)
    waves = get_engine("ngspice-process", "b-source").run(exported.testbench)
    np.testing.assert_allclose(table[:, 0], waves.time, rtol=1e-12)
    np.testing.assert_allclose(table[:, 1], waves[exported.testbench.save[0]], rtol=1e-12, atol=1e-12)


@pytest.mark.engine("vacask")
def test_the_vacask_folder_gives_the_waveform_of_the_engine(tmp_path):
    exported = export_cell(load(tmp_path), dialect="vacask", out=tmp_path / "out", seed=3, duration=1e-9)
    info = find_vacask()
    assert info is not None
    subprocess.run([info.path, "-qp", "testbench.sim"], cwd=tmp_path / "out", capture_output=True, check=True)
    raw = read_raw(tmp_path / "out" / "tran1.raw")
    waves = get_engine("vacask").run(exported.testbench)
    np.testing.assert_allclose(raw["out"], waves["v(out)"], rtol=0.0, atol=1e-12)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_dialect_says_whose_the_models_are(dialect, tmp_path):
    exported = export_cell(load(tmp_path), dialect=dialect, out=tmp_path / "out")
    readme = (tmp_path / "out" / "README.md").read_text()
    assert "models of the netlist" in readme and "as the netlist says" in readme
    text = "".join((tmp_path / "out" / name).read_text().lower() for name in exported.files[1:4])
    assert "0.35" in text and "0.3" in text  # the bin that is meant, and the plain model


def test_a_size_without_a_model_is_named_when_the_cell_is_made(tmp_path):
    from spinspice.devices import Macrospin

    with pytest.raises(CircuitError, match=r"line 7 of c\.sp.*no model of nb is for its size \(there are"):
        load(tmp_path, CELL.replace("w=0.2u l=50n", "w=20u l=50n"))(Macrospin())


@pytest.mark.engine("ngspice")
def test_characterize_energy_sweep_and_report_of_one_file(tmp_path):
    from spinspice.characterize import characterize
    from spinspice.energy import audit_cell
    from spinspice.presets import load_preset
    from spinspice.report import write_report
    from spinspice.sweep import Study, run_study

    file = load(tmp_path)
    result = characterize(file, vin="0.1:0.7:7", duration=1e-9, trials=1, workers=1, engine="ngspice")
    assert result.transfer.mean[0] - result.transfer.mean[-1] > 0.2
    assert result.settings["cmos"] == "models of the netlist"
    write_report([result], tmp_path / "r.html")
    assert "models of the netlist" in (tmp_path / "r.html").read_text()
    account = audit_cell(file(load_preset("faria2021").device), duration=3e-9, engine="ngspice")
    assert abs(account.audit.closure) < 1e-4
    lines = [f'{key} = "{value}"' for key, value in DATA.items() if isinstance(value, str)]
    ports = ", ".join(f'{role} = "{node}"' for role, node in DATA["ports"].items())
    lines += ["vdd = 0.8", f"ports = {{ {ports} }}", 'junctions = { Rmtj = "vdd" }']
    (tmp_path / "c.toml").write_text("\n".join(lines) + "\n")
    study = {"cell": str(tmp_path / "c.toml"), "grid": {"vin": [0.2, 0.5]}, "measure": {"duration": 2e-9}}
    found = run_study(Study.from_dict(study), tmp_path / "study", workers=1)
    low, high = found.dataset["mean"].values.ravel()
    assert low - high > 0.2


@pytest.mark.engine("ngspice")
def test_a_neuron_with_a_clock_and_two_outputs(tmp_path):
    text = """\
.subckt dut in ck q qb vdd vss
Rmtj vdd m 12.7k
Min m in vss vss gen_nmos w=0.77u l=40n
Ms m ck s vss gen_nmos w=0.2u l=40n
Mp1 qb s vdd vdd gen_pmos w=0.5u l=60n
Mn1 qb s vss vss gen_nmos w=0.2u l=60n
Mp2 q qb vdd vdd gen_pmos w=0.5u l=60n
Mn2 q qb vss vss gen_nmos w=0.2u l=60n
.ends
"""
    ports = {**DATA["ports"], "clk": "ck", "outb": "qb", "mid": "m"}
    file = load(tmp_path, text, ports=ports, cmos="generic", sources={"clk": CLOCK})
    from spinspice.energy import audit_cell
    from spinspice.presets import load_preset

    account = audit_cell(file(load_preset("faria2021").device), duration=4e-9, engine="ngspice").audit
    assert abs(account.closure) < 1e-4 and account.delivered["clk"] != 0.0
    exported = export_cell(file, dialect="ngspice", out=tmp_path / "out")
    assert "PULSE(0.0 0.8 0.0 2e-11 2e-11 1.8e-10 4e-10)" in exported.testbench.circuit
    assert "Cload_outb outb 0" in exported.testbench.circuit


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"ports": {**DATA["ports"], "clk": "ck"}}, r"clk has no waveform. Write \[sources\] clk = "),
        ({"ports": {**DATA["ports"], "clk": "ck"}, "sources": {"clk": 0.4}}, "is no waveform. Write .* or a constant"),
        (
            {"ports": {**DATA["ports"], "clk": "ck"}, "sources": {"clk": {"kind": "measured", "path": "x.csv"}}},
            "a cell reads no files",
        ),
        ({"ports": {**DATA["ports"], "clk": "ck"}, "sources": {"clk": {"kind": "puls"}}}, "is no waveform. Did you"),
        ({"sources": {"ck": CLOCK}, "bias": {"ck": 0.4}}, r"ck stands in \[bias\] and in \[sources\]"),
        ({"sources": {"zz": CLOCK}}, r"\[sources\] zz is no further port of dut"),
        ({"bias": {"ck": 0.4}, "idle": "high"}, "idle belongs to a comparator"),
        ({"ports": {"inp": "in", "inn": "ck", "out": "q", "vdd": "vdd", "vss": "vss"}}, "lacks clk or clkb"),
        ({"ports": {**DATA["ports"], "inn": "ck"}}, "vin, the input of a neuron, and inp or inn"),
        ({"ports": {"vip": "in", "inp": "ck", "out": "q", "vdd": "vdd"}}, "names a role twice"),
    ],
)
def test_slips_of_roles_and_waveforms_are_named(changes, message, tmp_path):
    text = CELL.replace("in q vdd", "in ck q vdd").replace("nb w=0.2u", "nb w=0.2u").replace("M2 q in", "M2 q ck")
    with pytest.raises(UsageError, match=message):
        load(tmp_path, text, **changes)
