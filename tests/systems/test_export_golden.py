"""Texts of exported folders against those kept in ``golden_exports``, and errors for what a dialect cannot say.

``python tests/systems/test_export_golden.py`` writes the kept files anew, to be read before they are committed.
"""

from __future__ import annotations

import dataclasses
import math
import re
import tempfile
from pathlib import Path

import pytest

import spinspice
from spinspice.benches.cell import cell_testbench
from spinspice.cells import get_cell
from spinspice.devices import Macrospin, Telegraph
from spinspice.errors import CircuitError
from spinspice.export import DIALECTS, export_cell, find_writer
from spinspice.export.folder import Job
from spinspice.paths import data_dir

GOLDEN = Path(__file__).parent / "golden_exports"
#: Files kept of each dialect.
KEPT = {
    "vacask": ("testbench.sim", "bsn.inc", "README.md"),
    "hspice": ("testbench.sp", "bsn_cell.sp", "README.md"),
    "spectre": ("testbench.scs", "bsn_cell.scs", "README.md"),
    "xyce": ("testbench.cir", "bsn_cell.lib", "README.md"),
    "ltspice": ("testbench.cir", "bsn_cell.lib", "README.md"),
}


def texts(dialect: str, folder: Path) -> dict[str, str]:
    export_cell("bsn", dialect=dialect, out=folder, seed=3, vin=0.01, duration=4e-9)
    return {n: (folder / n).read_text().replace(spinspice.__version__, "VERSION") for n in KEPT[dialect]}


@pytest.mark.parametrize("dialect", KEPT)
def test_the_text_is_the_one_that_was_read(dialect, tmp_path):
    for name, text in texts(dialect, tmp_path).items():
        assert text == (GOLDEN / dialect / name).read_text(), f"{name}: python {Path(__file__).name} writes it anew"


def job(cards: str, **changes) -> Job:
    """The bench of a neuron with further cards."""
    cell = get_cell("bsn")(Macrospin(area=math.pi * 11e-9**2), "generic")
    bench = cell_testbench(cell, stop=1e-9, vin=0.0, seed=1, save=("v(out)",))
    return Job(bench=dataclasses.replace(bench, circuit=bench.circuit + cards, **changes), cell=cell, junction="J")


def deck(dialect: str, cards: str, **changes) -> str:
    write, command = find_writer(dialect)
    return write(job(cards, **changes))[command.split()[-1]]


@pytest.mark.parametrize("dialect", sorted(set(KEPT) - {"vacask"}))
@pytest.mark.parametrize(
    ("cards", "message"),
    [
        (
            "B1 out 0 V=1\n",
            r"'B1 out 0 V=1': elements of kind B have no translation to (?!VACASK).*Use the dialect ngspice",
        ),
        ("V9 a 0 TRNOISE(1 1n 0 0)\n", "trnoise"),
        ("V9 a 0 PULSE(0 1 1n 1n 1n 1n)\n", r"'V9 a 0 PULSE.*pulse has 6 arguments; 7 to 7"),
        ("R9 a 0 1k tc1=1e-3\n", "'R9 a 0 1k tc1=1e-3'.*tc1 has no translation to"),
        ("R9 a 0 {ternary_fcn(1,2,3)}\n", r"'R9 a 0.*ternary_fcn\(\) of 3 arguments has no translation"),
        ("R9 a 0 {seed > 1 ? 1 : 2}\n", r"'R9 a 0.*the operator > has no translation"),
        ("R9 a 0 {nothing}\n", "there is no parameter 'nothing'"),
        ("X9 a 0 nowhere\n", "there is no subcircuit 'nowhere'"),
        ("X9 a 0 b c d mtj_macrospin R_Q=1\n", "mtj_macrospin has no parameter 'r_q'"),
        ("X9 a 0 mtj_macrospin\n", "2 nodes are given; mtj_macrospin has 5"),
        ("M9 a b c d missing\n", "there is no model 'missing'"),
        ("F9 a 0 vnone 1\n", "'vnone' is no voltage source"),
        (".model far nmos level=70\n", "nmos level 70 has no translation"),
        (".param p={q} q={p}\n", "in a circle"),
        ("N9 a 0 mine\n", "Verilog-A module of your own"),
    ],
)
def test_what_a_dialect_cannot_say_is_an_error_that_names_the_card(dialect, cards, message):
    with pytest.raises(CircuitError, match=message):
        deck(dialect, cards)


@pytest.mark.parametrize("dialect", sorted(set(KEPT) - {"vacask"}))
def test_an_option_without_translation_is_an_error(dialect):
    with pytest.raises(CircuitError, match="the option itl9 has no translation"):
        deck(dialect, "", options={"itl9": 3.0})
    with pytest.raises(CircuitError, match="Verilog-A of its own"):
        deck(dialect, "", verilog_a=("mine.va",))


CARDS = """\
.param a={2**3*log(2)} b={-a}
R9 p 0 {a+1} m=2
C9 p 0 1p
L9 p q 1n
E9 q 0 p 0 2
G9 q 0 p 0 3
V9 p 0 DC 1 AC 1 90 PULSE(0 1 1n 2n 3n 4n 20n)
V8 s 0 SIN(0 1 1meg)
V7 t 0 PWL(0 0 1n 1)
I6 t 0 EXP(0 1 1n 2n 5n 3n)
F9 q 0 V9 4
H9 u 0 V9 5
.ic v(p)=0.5
"""


def lines_of(dialect: str) -> list[str]:
    return deck(dialect, CARDS, save=("v(out)", "i(v9)", "i(v.x1.vm_mtj)"), options={"reltol": 1e-4}).splitlines()


def test_cards_in_the_words_of_hspice():
    lines = lines_of("hspice")
    for line in [
        ".param a='(((2)**(3))*log(2))'",
        ".param b='(-a)'",
        "r9 p 0 '(a+1)' m=2",
        "c9 p 0 1e-12",
        "e9 q 0 p 0 2",
        "f9 q 0 v9 4",
        "v9 p 0 DC 1 AC 1 90 PULSE(0 1 1e-09 2e-09 3e-09 4e-09 2e-08)",
        "v8 s 0 SIN(0 1 1000000.0)",
        "v7 t 0 PWL(0 0 1e-09 1)",
        "i6 t 0 EXP(0 1 1e-09 2e-09 5e-09 3e-09)",
        ".ic v(p)=0.5",
        ".option reltol=0.0001",
        ".print tran v(out) i(v9) i(x1.vm_mtj)",
    ]:
        assert line in lines


def test_cards_in_the_words_of_spectre():
    lines = lines_of("spectre")
    pulse = "type=pulse val0=0 val1=1 delay=1e-09 rise=2e-09 fall=3e-09 width=4e-09 period=2e-08"
    for line in [
        "parameters a=(((2)**(3))*ln(2))",
        "r9 (p 0) resistor r=(a+1) m=2",
        "e9 (q 0 p 0) vcvs gain=2",
        "g9 (q 0 p 0) vccs gm=3",
        "f9 (q 0) cccs gain=4 probe=v9",
        "h9 (u 0) ccvs rm=5 probe=v9",
        f"v9 (p 0) vsource {pulse} dc=1 mag=1 phase=90",
        "v8 (s 0) vsource type=sine sinedc=0 ampl=1 freq=1000000.0",
        "v7 (t 0) vsource type=pwl wave=[0 0 1e-09 1]",
        "i6 (t 0) isource type=exp val0=0 val1=1 td1=1e-09 tau1=2e-09 td2=(5e-09-1e-09) tau2=3e-09",
        "ic p=0.5",
        "save out v9:p x1.vm_mtj:p",
    ]:
        assert line in lines


def test_the_help_names_the_dialects():
    from spinspice.cli.export import export

    (option,) = [parameter for parameter in export.params if parameter.name == "dialect"]
    assert tuple(re.split(", | or ", option.help.rstrip("."))) == DIALECTS


@pytest.mark.parametrize("dialect", ["xyce", "ltspice"])
def test_cards_in_the_words_of_behavioural_dialects(dialect):
    lines = lines_of(dialect)
    for line in [
        ".param a={(pow(2,3)*ln(2))}",
        "r9 p 0 {(a+1)} m=2",
        "h9 u 0 v9 5",
        "v9 p 0 DC 1 AC 1 90 PULSE(0 1 1e-09 2e-09 3e-09 4e-09 2e-08)",
        "x1 vin out vdd vss mid bsn seed={seed}",
    ]:
        assert line in lines
    run = {
        "xyce": [".print tran v(out) i(v9) i(x1:vm_mtj)", ".options timeint reltol=0.0001"],
        "ltspice": [".save v(out) i(v9) i(x1:vm_mtj)", ".options reltol=0.0001"],
    }
    assert set(run[dialect]) < set(lines)


@pytest.mark.parametrize("dialect", ["xyce", "ltspice"])
def test_a_junction_without_behavioural_form_is_an_error(dialect, tmp_path):
    with pytest.raises(CircuitError, match="Xmtj mid mtj_i state .*: mtj_telegraph has no translation to"):
        export_cell("bsn", Telegraph(R_P=12e3, delta=4.0, V_c=0.8), dialect=dialect, out=tmp_path)
    assert not list(tmp_path.iterdir())


def test_the_behavioural_junction_has_the_defaults_of_the_others():
    declared = []
    for library in ("spinspice_abm.lib", "spinspice_bsource.lib"):
        text = (data_dir("netlists") / library).read_text()
        head = re.search(r"^\.subckt mtj_macrospin (free .*(?:\n\+.*)*)", text, re.MULTILINE)
        declared.append(head[1].replace("PARAMS:", "").replace("+", "").split())
    assert declared[0] == declared[1]


def test_no_instance_of_spectre_is_called_like_a_function(tmp_path):
    export_cell("bsn", dialect="spectre", out=tmp_path, duration=4e-9)
    text = (tmp_path / "bsn_cell.scs").read_text()
    assert re.search(r"^min_ \(", text, re.MULTILINE)
    assert not re.search(r"^min \(", text, re.MULTILINE)


if __name__ == "__main__":
    for name in KEPT:
        with tempfile.TemporaryDirectory() as made:
            for file, content in texts(name, Path(made)).items():
                (GOLDEN / name).mkdir(parents=True, exist_ok=True)
                (GOLDEN / name / file).write_text(content)
