"""Parameters of an own netlist: set by its file, a study and the command line, on a technology that is always there."""

import pytest

from spinspice.cells import CellFile
from spinspice.cells.parameters import parameter_value, read_parameters
from spinspice.devices import Macrospin
from spinspice.errors import CircuitError, UsageError
from spinspice.sweep import Study
from spinspice.sweep.plan import Plan

NETLIST = """\
.param l0=40n
.subckt dut in q vdd vss win=0.6u
.param ratio=2
Rmtj vdd q 12k
M1 q in vss vss gen_nmos w={win} l={l0}
X1 q in vss pair w={ratio*win}
.ends
.subckt pair d g s w=1u
M1 d g s s gen_nmos w={w} l={l0}
M2 d g s s gen_nmos w={w/2} l={l0}
.ends
"""
FILE = """\
netlist = "dut.sp"
subckt = "dut"
supply = "single"
cmos = "generic"
preset = "faria2021"
ports = { vin = "in", out = "q", vdd = "vdd", vss = "vss" }
junctions = { Rmtj = "vdd" }
"""


@pytest.fixture
def path(tmp_path):
    (tmp_path / "dut.sp").write_text(NETLIST)
    (tmp_path / "dut.toml").write_text(FILE + "parameters = { WIN = 0.8e-6 }\n")
    return str(tmp_path / "dut.toml")


def sizes(cell):
    """Return width and length of every transistor of a cell, those of inner subcircuits first [nm]."""
    words = [line.split() for line in str(cell).splitlines() if "gen_nmos" in line and line[0] == "m"]
    return [tuple(round(float(word.partition("=")[2]) * 1e9) for word in line[6:8]) for line in words]


def test_values_reach_sizes_through_expressions_and_subcircuits(path):
    file = CellFile.load(path)
    assert sizes(file(Macrospin())) == [(1600, 40), (800, 40), (800, 40)]
    changed = file.with_parameters({"Win": "1u", "RATIO": 4, "l0": "50n"})
    assert sizes(changed(Macrospin())) == [(4000, 50), (2000, 50), (1000, 50)]
    assert changed(Macrospin()).parameters == pytest.approx({"win": 1e-6, "ratio": 4.0, "l0": 50e-9})
    assert [parameter_value(changed.design, name) for name in ("win", "Ratio", "l0")] == [1e-6, 4.0, 50e-9]
    assert sizes(file(Macrospin())) == [(1600, 40), (800, 40), (800, 40)]  # the file is as it was
    for values, message in (
        ({"w": 1}, "w is no parameter of dut. .*Known: l0, ratio, win"),
        ({"seed": 1}, "seed is no parameter"),
        ({"win": "{2*x}"}, "win = '{2.x}' is not a number"),
        ({"win": True}, "win = True is not a number"),
        ({"win": "wide"}, "win = 'wide' is not a number"),
        ({"win": [1]}, "is not a number"),
    ):
        with pytest.raises(UsageError, match=message):
            file.with_parameters(values)
    with pytest.raises(CircuitError, match="line 5 of dut.sp.* w = 1 is no size of gen_nmos"):
        file.with_parameters({"win": 1})(Macrospin())


def test_a_study_sets_sweeps_and_draws_parameters(path):
    data = {"cell": path, "measure": {"duration": "1n"}, "parameters": {"l0": "45n"}}
    grid = {"grid": {"parameters": {"win": ["0.6u", "1u"]}}}
    chance = {"montecarlo": {"samples": 2, "parameters": {"ratio": {"distribution": "normal", "relative": 0.01}}}}
    jobs = list(Plan(Study.from_dict({**data, **grid, **chance})))
    assert [job.values["parameters"]["win"] for job in jobs] == [0.6e-6, 0.6e-6, 1e-6, 1e-6]
    drawn = [job.values["parameters"]["ratio"] for job in jobs]
    assert drawn[:2] == drawn[2:] and drawn[0] != drawn[1] and all(abs(x - 2) < 0.2 for x in drawn)
    assert all("l=4.5e-08" in job.benches()[0].circuit for job in jobs)
    for change, message in (
        ({"parameters": {"x": 1}}, "parameters.x: dut has no such parameter. Known: l0, ratio, win"),
        ({"grid": {"parameters.y": [1, 2]}}, "parameters.y: dut has no such parameter"),
        ({"grid": {"sizing.w_input": [1, 2]}}, "Vary parameters of the netlist, parameters.NAME"),
        ({"cell": "bsn"}, "bsn|is no netlist of your own and has no parameters.NAME. Use sizing.NAME"),
    ):
        with pytest.raises(UsageError, match=message):
            Plan(Study.from_dict({**data, **change}))


def test_mismatch_of_a_study_belongs_to_its_samples(path):
    data = {"cell": path, "measure": {"duration": "1n"}, "montecarlo": {"samples": 3, "mismatch": True}}
    circuits = [job.benches()[0].circuit for job in Plan(Study.from_dict({**data, "grid": {"corner": ["tt", "ss"]}}))]
    shifts = [[word for word in circuit.split() if word.startswith("delvto=")] for circuit in circuits]
    assert all(len(set(each)) == 3 for each in shifts)
    assert shifts[:3] == shifts[3:] and len({tuple(each) for each in shifts}) == 3


def test_words_of_a_command_line():
    assert read_parameters(["win=1.2", " L0 = 40n "]) == {"win": "1.2", "l0": "40n"}
    for words, message in ((["win"], "is not NAME=VALUE"), (["=1"], "is not NAME=VALUE"), (["a=1", "A=2"], "twice")):
        with pytest.raises(UsageError, match=message):
            read_parameters(words)
