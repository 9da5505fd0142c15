"""Netlists of every kind that once went wrong, in other words than where they were found: right values, or errors.

The junction has one resistance, so a cell is a network of known elements: 0.3 V at the input, a supply of 0.8 V, and
12 kohm from the supply to the output. Values follow from Kirchhoff's laws (:func:`node`).
"""

from __future__ import annotations

import pytest

from spinspice.benches.cell import cell_testbench
from spinspice.cells import CellFile
from spinspice.devices import Macrospin
from spinspice.engines import get_engine
from spinspice.errors import CircuitError, UsageError
from spinspice.export import DIALECTS, export_cell

JUNCTION = Macrospin(TMR=0.0, R_P=12e3)
VIN, VDD = 0.3, 0.8


def cell_file(folder, body, outside="", ports="in q vdd vss"):
    (folder / "cell.sp").write_text(f"{outside}.subckt dut {ports}\nRmtj vdd q 12k\n{body}\n.ends\n")
    (folder / "cell.toml").write_text(
        f'netlist = "cell.sp"\nsubckt = "dut"\nvdd = {VDD}\nsupply = "single"\npreset = "faria2021"\n'
        '[ports]\nvin = "in"\nout = "q"\nvdd = "vdd"\nvss = "vss"\n[junctions]\nRmtj = "vdd"\n'
    )
    return folder / "cell.toml"


def node(*branches):
    """Voltage of the output [V]: pairs of an open voltage [V] and a resistance [kohm] beside the junction."""
    branches = ((VDD, 12.0), *branches)
    return sum(volts / ohms for volts, ohms in branches) / sum(1.0 / ohms for _, ohms in branches)


LADDER = ".subckt s p m\nR1 p a 1k\nR2 a m {}\n.ends\n"
TWO = ".subckt two i o gnd\nX1 i o gnd one\n.ends\n"
#: Body of the cell, what stands outside of it, and the output [V].
VALUES = {
    "control nodes in capitals": ("Ebuf A Vss IN VSS 2\nRa a q 5k", "", node((0.6, 5.0))),
    "a transconductor whose port is called gnd": (
        "R9 q vss 3k\nX1 in q vss g",
        ".subckt g i o gnd\nG1 o gnd i gnd 0.1m\n.ends\n",
        node((0.0, 3.0), (-0.03 * 1e6, 1e6)),
    ),
    "current- and voltage-controlled sources two levels deep": (
        "R9 q vss 3k\nX1 in q vss two",
        ".subckt one i o gnd\nVm i a 0\nRa a gnd 1k\nF1 o gnd Vm 0.1\nH2 b gnd vm 100\nRb b o 9k\n.ends\n" + TWO,
        node((0.0, 3.0), (0.03, 9.0), (-0.03 * 1e6, 1e6)),
    ),
    "inner nodes called like roles and parameters of a bench": (
        "R1 q out 1k\nR2 out vin 2k\nR3 vin seed 3k\nR4 seed 0 1k\nE1 bias 0 out vin 0.5\nR5 bias 0 7k",
        "",
        node((0.0, 7.0)),
    ),
    "sources called like those of a bench": (
        "Vin x 0 0.1\nVdd y 0 0.2\nRx x q 5k\nRy y q 7k",
        "",
        node((0.1, 5.0), (0.2, 7.0)),
    ),
    "a node and a source called like an ammeter": (
        "R1 q vm_rest_in 1k\nVm_rest_in vm_rest_in 0 0.05\nR3 x_mtj q 1k\nR4 x_mtj 0 1k",
        "",
        node((0.05, 1.0), (0.0, 2.0)),
    ),
    "nodes with a dot, a colon and an underscore beside a subcircuit": (
        "X1 q vss s\nR1 x1.a q 1k\nR2 x1.a vss 1k\nR3 x1:a q 2k\nR4 x1:a vss 3k\nR5 x1_a q 2k\nR6 x1_a vss 5k",
        LADDER.format("1k"),
        node((0.0, 2.0), (0.0, 2.0), (0.0, 5.0), (0.0, 7.0)),
    ),
    "instances whose names differ by a dot": (
        "X.1 q vss s\nX_1 q vss t\nR.1 q vss 9k",
        LADDER.format("1k") + LADDER.format("3k").replace(" s ", " t "),
        node((0.0, 2.0), (0.0, 4.0), (0.0, 9.0)),
    ),
    "one node in three spellings": ("R1 q Abc 1k\nR2 aBC vss 2k\nr3 ABC vss 2k", "", node((0.0, 2.0))),
    "nodes called time and hertz": (
        "R1 q time 1k\nR2 time hertz 1k\nR3 hertz temper 1k\nR4 temper 0 1k",
        "",
        node((0.0, 4.0)),
    ),
    "a parameter of a file, of a subcircuit and of an instance": (
        "X1 q vss s r=2k\nX2 q vss s\nR1 q vss {r}",
        ".param r=6k\n.subckt s a b r=4k\nRs a b {r}\n.ends\n",
        node((0.0, 2.0), (0.0, 4.0), (0.0, 6.0)),
    ),
    "an inner parameter set two levels above": (
        "X1 q vss two k=5k",
        ".subckt one a b\n.param k=1k\nR1 a b {k}\n.ends\n.subckt two a b k=2k\nX1 a b one k={2*k}\n.ends\n",
        node((0.0, 10.0)),
    ),
    "a parameter used before it is set": ("R1 q vss {a}", ".param a={b*2}\n.param b=1k\n", node((0.0, 2.0))),
    "units behind suffixes": ("R1 q a 3.3kOhms\nR2 a b 0.001MEGohm\nR3 b vss .5k", "", node((0.0, 4.8))),
    "multipliers of a resistor and of two levels": (
        "R1 q vss 4k m={1+1}\nX1 q vss s m=2",
        ".subckt s a b\nX1 a b t\n.ends\n.subckt t a b\nR1 a b 6k\n.ends\n",
        node((0.0, 2.0), (0.0, 3.0)),
    ),
    "a multiplier of a transconductor": (
        "R9 q vss 3k\nG1 q vss in vss 0.1m m=2",
        "",
        node((0.0, 3.0), (-0.06 * 1e6, 1e6)),
    ),
    "sources in the words of HSPICE": (
        "E1 x 0 vol='2*v(in)'\nRx x q 1k\nG1 q vss cur='1e-5*v(in,vss)'",
        "",
        node((0.6, 1.0), (-0.003 * 1e6, 1e6)),
    ),
    "comments at the ends of lines": (
        "R1 q vss 2k $\nR2 q vss 2k $load\nR3 q vss 2k ; more",
        "",
        node(*[(0.0, 2.0)] * 3),
    ),
}


@pytest.mark.engine("ngspice")
@pytest.mark.engine("vacask")
@pytest.mark.parametrize("case", VALUES)
def test_the_value_is_that_of_the_network(case, tmp_path):
    """To the relative tolerance of the solvers, a thousandth of a millivolt."""
    body, outside, expected = VALUES[case]
    cell = CellFile.load(cell_file(tmp_path, body, outside))(JUNCTION)
    for engine in ("ngspice", "vacask"):
        found = get_engine(engine).run(cell_testbench(cell, stop=1e-10, vin=VIN, seed=1))["v(out)"][-1]
        assert found == pytest.approx(expected, abs=1e-6), engine


@pytest.mark.parametrize("case", VALUES)
def test_and_every_dialect_takes_it(case, tmp_path):
    path = cell_file(tmp_path, *VALUES[case][:2])
    for dialect in DIALECTS:
        export_cell(str(path), dialect=dialect, out=tmp_path / dialect)
        assert any((tmp_path / dialect).iterdir())


#: Line 3 of a cell, and what is said of it.
REFUSED = {
    "4k7": ("R1 q vss 4k7", "Write 4.7k for 4k7"),
    "2R2": ("R1 q vss 2R2", "'2r2' is not a number"),
    "10u5": ("C1 q vss 10u5", "'10u5' is not a number"),
    "1k5ohm": ("R1 q vss 1k5ohm", "'1k5ohm' is not a number"),
    "0x10": ("R1 q vss 0x10", "16 for 0x10"),
    "1d3": ("R1 q vss 1d3", "'1d3' is not a number"),
    "1_000": ("R1 q vss 1_000", "an operator was expected before '_000'"),
    "1,5": ("R1 q vss 1,5", "it has two values"),
    "1mil": ("R1 q vss 1mil", "Write 25.4u for 1mil"),
    "2.5mils in an expression": ("R1 q vss {2.5mils*1meg}", "mil"),
    "1x": ("R1 q vss 1x", "neither a suffix"),
    **{
        name: (f"R1 q vss {{1k*(1+{name})}}", f"there is no parameter '{name}' in the netlist")
        for name in ("vin", "seed", "vdd", "vss", "temper", "bias", "stop", "step", "cload", "time", "pi", "gmin")
    },
    "ic of a capacitor": ("C1 q vss 1f IC = 0.1", "ic: an initial condition"),
    "ic of an inductor": ("L1 q vss 1n ic=1u", "ic: an initial condition"),
    "three ic of a transistor": ("M1 q in vss vss nm w=1u l=1u ic=0.1,0.2,0.3", "ic: an initial condition"),
    "two ic of a transistor": ("Q1 q in vss qm ic=0.1, 0.2", "ic: an initial condition"),
    "a diode that is off": ("D1 q vss dm off", "off: an initial condition"),
    "a card of initial conditions": (".ic v(q)=0.1", "belongs to a run, not to a cell"),
    "a multiplier of a voltage source": ("V1 x vss 0.1 m=2", "m= of a source is not taken"),
    "a multiplier of a current source": ("I1 q vss dc 10u m=2", "m= of a source is not taken"),
    "a multiplier of a controlled voltage": ("E1 x vss in vss 1 m=2", "the parameter m is not taken here"),
    "a multiplier of none": ("R1 q vss 1k m=0", "a multiplier is above 0"),
    "a resistance that depends on voltages": ("R1 q vss R='1k+v(in)'", r"the function v\(\) is not taken"),
    "a capacitance that depends on voltages": ("C1 q vss C='1f*(1+v(in))'", r"the function v\(\) is not taken"),
    "a table": ("E1 x vss table {v(in)} = (0,0) (1,2)", "Write B1 x vss V=expression"),
    "a control that is no source": ("F1 q vss Rmtj 2", "'rmtj' is no voltage source of dut"),
    "an element named twice": ("R1 q vss 1k\nr1 q vss 2k", "there is an element r1 already"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_has_no_meaning_names_file_line_and_text(case, tmp_path):
    body, says = REFUSED[case]
    line = 3 + body.count("\n")
    models = ".model dm d\n.model nm nmos level=1\n.model qm npn\n"
    path = cell_file(tmp_path, f"{body}\n{models}")
    with pytest.raises((CircuitError, UsageError), match=rf"line {line} of cell\.sp.*{says}"):
        CellFile.load(path)(JUNCTION)
