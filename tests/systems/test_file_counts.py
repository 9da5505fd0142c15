"""How many files an addition touches: each is added to a copy of the tree, used there, and the files counted.

A junction is in ``test_plugins.py``, a figure in ``test_reproduce.py``; docs/howto.md has the recipes.
"""

from __future__ import annotations

import json
import shutil
import textwrap
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from test_plugins import FAST, ROOT, python, spinspice

CELL = '''
"""A neuron of one inverter."""
import dataclasses
from typing import ClassVar
from spinspice.cells.base import NeuronCell
from spinspice.cells.sizing import Sizing, inverter_length


@dataclasses.dataclass(frozen=True, kw_only=True)
class InverterSizing(Sizing):
    """w_out, l_out: n channel of the inverter [m]."""

    w_out: float
    l_out: float

    @classmethod
    def output_stage(cls, technology, resistance):
        return {"w_out": 5 * technology.l_min, "l_out": inverter_length(technology)}


class Inverter(NeuronCell):
    """Divider and one inverter."""

    kind = "inverter"
    preset = "faria2021"
    blocks = ("mtj", "input", "output")
    sizes: ClassVar[type[Sizing]] = InverterSizing

    def _build_output(self):
        size = self.sizing
        self._pmos("output", "p", "out", "mid", "vdd", w=size.ratio * size.w_out, length=size.l_out)
        self._nmos("output", "n", "out", "mid", "vss", w=size.w_out, length=size.l_out)
'''
LATCH_CELL = '''
"""A clocked cell: a track-and-hold switch."""
from spinspice.cells.base import TransistorCell


class Hold(TransistorCell):
    """Switch and capacitor."""

    kind, blocks, ports, sizing = "hold", ("switch",), ("vin", "out", "clk", "vdd", "vss"), None

    def __init__(self, technology="generic", *, vdd=None, probes="blocks", name=None):
        super().__init__(technology, vdd=vdd, probes=probes, name=name)
        self._nmos("switch", "s", "out", "clk", "vin", w=1e-6, length=self.technology.l_min)
        self._finish()
'''
LATCH_BENCH = '''
"""Bench of the track-and-hold cell: rails, clock, input."""
from PySpice.Spice.Netlist import Circuit
from spinspice.stimuli import Pulse
from spinspice.testbench import Testbench


def hold_testbench(cell, vin, period, seed):
    circuit = Circuit("hold")
    circuit.subcircuit(cell)
    circuit.X("1", cell.name, *cell.ports)
    low, high = cell.rails
    for name, value in (("vdd", high), ("vss", low), ("vin", vin)):
        circuit.V(name[1:], name, circuit.gnd, value)
    clock = Pulse(low=low, high=high, delay=0.0, rise=period / 50, fall=period / 50, width=period / 2, period=period)
    circuit.V("clk", "clk", circuit.gnd, clock.text())
    circuit.C("h", "out", circuit.gnd, 1e-13)
    return Testbench.from_pyspice(circuit, stop=2 * period, step=period / 200, save=("v(out)",))
'''
LATCH_STUDY = '''
"""What a track-and-hold cell holds."""
from spinspice.benches.hold import hold_testbench
from spinspice.cells.hold import Hold
from spinspice.studies import Batch, Parameter, Study


class HoldStudy(Study):
    """Held voltage at the end of two periods."""

    name, title, quantities = "hold", "held voltage", {"held": "V"}
    parameters = (
        Parameter(name="vin", meaning="input", default=-0.1, unit="V", low=-0.3, high=0.3),
        Parameter(name="period", meaning="clock", default=4e-9, unit="s", low=1e-10, high=1e-3),
    )

    def steps(self, point):
        bench = hold_testbench(Hold(), point["vin"], point["period"], point.seed)
        held = yield Batch("run", [bench], lambda waves: float(waves["v(out)"][-1]))
        return held[0]

    def numbers(self, result):
        return {"held": (result, None)}
'''
ENGINE = '''
"""An engine that lets ``ngspice -b`` do the work."""
import dataclasses
from spinspice.engines.base import Engine
from spinspice.engines.ngspice_process import NgspiceProcess


class Stub(Engine):
    """Stub."""

    name = "stub"

    @classmethod
    def find(cls):
        info = NgspiceProcess.find()
        return info and dataclasses.replace(info, name="stub")

    def run(self, testbench, **more):
        return NgspiceProcess(self.model).run(testbench, **more)

    def load(self, testbench):
        return NgspiceProcess(self.model).load(testbench)
'''
DIALECT = '''
"""The words of a made-up simulator: SPICE with powers in a function of its own."""
from typing import ClassVar
from spinspice.netlist.dialects.language import COMMON, Language
from spinspice.netlist.dialects.spice import SpiceDialect


class Toy(SpiceDialect):
    """Toy."""

    simulator: ClassVar[str] = "Toyspice"
    quotes: ClassVar[tuple[str, str]] = ("[", "]")
    language: ClassVar[Language] = Language("Toyspice", {**COMMON, ("ln", 1): "ln({0})", ("**", 2): "power({0};{1})"})
'''
WRITER = '''
"""Writer for a made-up simulator."""
from spinspice.export.folder import cell_library, title
from spinspice.export.readme import foreign_readme
from spinspice.export.sources import carried_files, dialect_of
from spinspice.netlist.dialects.toy import Toy

COMMAND = "toyspice testbench.toy"


def write(job):
    writer = dialect_of(job, Toy)
    parameters = [f".param {name}={value}" for name, value in writer.parameters()]
    deck = "\\n".join([f"* {title(job)}", *parameters, '.include "cell.toy"', *writer.cards(), ".end"]) + "\\n"
    files = {"README.md": "", "testbench.toy": deck, "cell.toy": cell_library(job, writer.library())}
    files |= carried_files(job)
    files["README.md"] = foreign_readme(job, files, simulator="Toyspice", command=COMMAND, result="-", checks=[])
    return files
'''


class Tree:
    """A copy of the tree, and what was changed in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in ("spinspice", "verilog_a", "netlists", "rtl"):
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "*.nbi", "*.nbc"))
        self.before = self._files()

    def _files(self) -> dict[str, bytes]:
        paths = (path for path in self.folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
        return {str(path.relative_to(self.folder)): path.read_bytes() for path in paths}

    def add(self, files: Mapping[str, str]) -> None:
        for name, text in files.items():
            (self.folder / name).write_text(text.lstrip())

    def change(self, name: str, change: Callable[[str], str]) -> None:
        text = (self.folder / name).read_text()
        assert change(text) != text
        (self.folder / name).write_text(change(text))

    def touched(self) -> set[str]:
        now = self._files()
        return {name for name in now.keys() | self.before.keys() if now.get(name) != self.before.get(name)}

    def command(self, *arguments: str, check: bool = True):
        return spinspice(*arguments, paths=(self.folder,), check=check)

    def python(self, script: str) -> str:
        return python("-c", textwrap.dedent(script), paths=(self.folder,)).stdout


@pytest.fixture
def tree(tmp_path) -> Tree:
    return Tree(tmp_path / "tree")


@pytest.mark.engine("ngspice-process", model="b-source")
def test_a_neuron_cell_is_one_file(tree, tmp_path):
    """Characterised, swept over a size of its own, exported, and among the golden decks."""
    tree.add({"spinspice/cells/inverter.py": CELL})
    engine = ("--engine", "ngspice-process", "--model", "b-source")
    result = json.loads(tree.command("characterize", "inverter", *engine, *FAST, "--json").stdout)
    assert result["failures"] == [] and set(result["energy"]["power"]) == {"mtj", "input", "output"}
    assert result["transfer"]["mean"][0] < 0.0 < result["transfer"]["mean"][-1]
    tree.command("export", "inverter", "--dialect", "spectre", "--out", str(tmp_path / "out"))
    assert (tmp_path / "out" / "inverter_cell.scs").is_file()
    told = tree.python(
        """
        from spinspice.export.golden import golden_decks
        from spinspice.sweep.plan import Plan
        from spinspice.sweep.study import Study
        study = {"cell": "inverter", "measure": {"duration": "2n"}, "grid": {"sizing.w_out": [1e-7, 2e-7]}}
        print(sorted(golden_decks()), [job.values["sizing"].w_out for job in Plan(Study.from_dict(study))])
        """
    )
    assert told.strip() == "['asn.cir', 'bsn.cir', 'inverter.cir', 'readout.cir'] [1e-07, 2e-07]"
    assert tree.touched() == {"spinspice/cells/inverter.py"}


@pytest.mark.engine("ngspice-process")
def test_a_clocked_cell_is_three_files(tree):
    """Cell, bench, study: run with its parameters, units and ranges, and refused outside them."""
    files = {
        "spinspice/cells/hold.py": LATCH_CELL,
        "spinspice/benches/hold.py": LATCH_BENCH,
        "spinspice/studies/hold.py": LATCH_STUDY,
    }
    tree.add(files)
    told = tree.python(
        """
        import spinspice.studies.hold
        from spinspice.errors import UsageError
        from spinspice.studies import get_study, run
        print(run("hold", engine="ngspice-process", vin="-80m"))
        try:
            run("hold", engine="ngspice-process", vin=5.0)
        except UsageError as reason:
            print(reason)
        """
    ).splitlines()
    assert float(told[0]) == pytest.approx(-0.08, abs=5e-3)  # charge of 1 um of gate (0.5 fC) on 0.1 pF
    assert told[1].startswith("vin = 5 V is outside [-0.3, 0.3] V (hold: input)")
    assert tree.touched() == set(files)


@pytest.mark.engine("ngspice-process", model="b-source")
def test_an_engine_is_two_files(tree):
    tree.add({"spinspice/engines/stub.py": ENGINE})
    tree.change(
        "spinspice/engines/choose.py",
        lambda text: text.replace("_ENGINES = {\n", '_ENGINES = {\n    "stub": ("spinspice.engines.stub", "Stub"),\n'),
    )
    command = ("characterize", "bsn", "--engine", "stub", "--model", "b-source", *FAST, "--json")
    assert json.loads(tree.command(*command).stdout)["engine"] == "stub"
    assert "stub" in tree.command("characterize", "--help").stdout
    assert tree.touched() == {"spinspice/engines/choose.py", "spinspice/engines/stub.py"}


def test_a_dialect_is_two_files(tree, tmp_path):
    """Its words, and its folder: found by the command line; what it has no words for names the card."""
    files = {"spinspice/netlist/dialects/toy.py": DIALECT, "spinspice/export/dialects/toy.py": WRITER}
    tree.add(files)
    out = tmp_path / "out"
    tree.command("export", "bsn", "--dialect", "toy", "--out", str(out), "--seed", "3")
    assert {"README.md", "testbench.toy", "cell.toy"} <= {path.name for path in out.iterdir()}
    assert "x1 vin out vdd vss mid bsn seed=[seed]" in (out / "testbench.toy").read_text().splitlines()
    assert "toy" in tree.command("export", "--help").stdout
    told = tree.python(
        """
        from spinspice.errors import CircuitError
        from spinspice.netlist.dialects.toy import Toy
        print(*Toy("R1 a 0 {2**rx}", parameters={"rx": 3}).cards())
        for card in ("R1 a 0 {rx}", "R1 a 0 {nint(2)}", "M1 a b c d none", "B1 a 0 V=1", "V1 a 0 PULSE(0 1)"):
            try:
                Toy(card).cards()
            except CircuitError as reason:
                print(reason)
        """
    ).splitlines()
    assert told[0] == "r1 a 0 [power(2;rx)]"
    for line, says in zip(
        told[1:],
        ("no parameter 'rx'", "has no translation to Toyspice", "no model 'none'", "kind B", "pulse has 2 arguments"),
        strict=True,
    ):
        assert line.startswith("line 1 of the circuit, ") and says in line
    assert tree.touched() == set(files)
