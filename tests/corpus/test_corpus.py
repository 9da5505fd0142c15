"""Netlists in the styles in which designers have them: read, run in both engines, exported to every dialect.

Each is compared with what plain ``ngspice -n -b`` makes of the file as it stands, the junction being the resistor that
the designer drew: the same circuit, simulated twice, must give the same waveforms.
"""

from __future__ import annotations

import dataclasses
import re
import subprocess
from pathlib import Path

import numpy as np
import pytest
from corpus.reading import FOREIGN, by_ngspice, by_vacask
from foundries import foundry

from spinspice.benches.cell import cell_testbench
from spinspice.cells import CellFile
from spinspice.cmos import get_technology
from spinspice.cmos.sg13g2 import foundry_library as library_g2
from spinspice.cmos.sky130 import foundry_library as library_130
from spinspice.devices import Macrospin, Telegraph
from spinspice.engines import get_engine
from spinspice.engines.ngspice_process import find_ngspice
from spinspice.engines.osdi import compile_models
from spinspice.engines.rawfile import read_raw
from spinspice.errors import CircuitError
from spinspice.export import DIALECTS, export_cell

HERE = Path(__file__).parent
#: A junction that is a resistor: no magnetoresistance, no switching.
RESISTOR = Telegraph(R_P=12e3, TMR=0.0, delta=200.0, V_c=1e3)
#: The run: the input goes from rail to rail.
STOP, STEP = 10e-9, 10e-12
OPTIONS = {"reltol": 1e-5, "abstol": 1e-13, "vntol": 1e-8}
#: Largest difference of two runs, in units of the supply (measured: 1e-4), and how much earlier or later an edge may
#: come [s]: a tenth of the usual step, since each run chooses its own.
SWING, EARLY = 1e-3, 1e-12
#: Largest relative difference of the mean period of an oscillator, a few steps in its cycles.
PERIOD = 0.01
BEHAVIOUR = "elements of kind B have no translation"


@dataclasses.dataclass(frozen=True)
class Case:
    """A netlist of the corpus.

    Parameters
    ----------
    name : str
        File without its suffix.
    nodes : tuple of str
        Nodes inside that are compared, beside the output.
    technology : str
        Foundry whose library the plain run reads.
    refused : mapping
        What has no translation, and the reason: engine vacask, or a dialect.
    oscillates : bool
        Whether small differences grow: its cycles are compared, not its waveforms.
    step : float
        Longest time step [s]: a fraction of the fastest edge.
    """

    name: str
    nodes: tuple[str, ...] = ("mid",)
    technology: str = ""
    refused: dict[str, str] = dataclasses.field(default_factory=dict)
    oscillates: bool = False
    step: float = STEP


NO_BEHAVIOUR = dict.fromkeys(("vacask", "hspice", "spectre", "xyce", "ltspice"), BEHAVIOUR)
NO_PSP = dict.fromkeys(("hspice", "xyce", "ltspice"), "psp103va level 103 has no translation")
CASES = {
    case.name: case
    for case in (
        Case("xschem_sky130", ("mid", "x"), "sky130", step=2e-12),
        Case("xschem_sg13g2", technology="sg13g2", refused=NO_PSP),
        Case("magic_sky130", ("a_130_n60_",), "sky130"),
        Case("klayout_lvs"),
        Case("ltspice", ("n001",)),
        Case("kicad", ("net__m1_d_",)),
        Case("qucs_s", ("_net0",)),
        Case("pyspice", ("mid", "x")),
        Case("hspice_deck", refused=NO_BEHAVIOUR),
        Case("predictive_bsim4"),
        Case("compiler_bsim3", ("n1",)),
        Case("textbook_level1", ()),
        Case("opamp_macro", ("p1", "p4"), refused=NO_BEHAVIOUR),
        Case("ring_oscillator", ("a", "d1"), oscillates=True, step=1e-12),
        Case("sense_two_levels", ("tap", "ya")),
        Case("behavioural", refused=NO_BEHAVIOUR),
        Case("bandgap", ("e1", "e2", "o1")),
        Case("binned"),
        Case("library_sections"),
        Case("whole_testbench"),
        Case("older_levels", ("a", "b")),
    )
}


def params(names=CASES):
    """The cases as parameters of a test, each with the mark of the package that it needs."""
    return [
        pytest.param(CASES[name], id=name, marks=[foundry(CASES[name].technology)] if CASES[name].technology else [])
        for name in names
    ]


def cell_of(case: Case):
    return CellFile.load(HERE / f"{case.name}.toml")(RESISTOR)


def bench_of(case: Case):
    cell = cell_of(case)
    save = tuple(cell.node_signal(node) for node in case.nodes)
    bench = cell_testbench(cell, stop=STOP, vin=cell.rails, save=save)
    return bench.replace(step=case.step, max_step=case.step, options=OPTIONS)


def plain_deck(case: Case) -> tuple[str, tuple[str, ...], tuple[Path, ...]]:
    """Return a deck that includes the file as it stands, its names of the signals, and compiled models for it."""
    file = CellFile.load(HERE / f"{case.name}.toml")
    design = file.design
    roles = {node: role for role, node in design.ports.items()}
    cards, modules = "", ()
    if case.technology == "sky130":
        path, section = library_130("tt")
        cards = f'.lib "{path}" {section}\n.option wnflag=1\n'
    elif case.technology == "sg13g2":
        path, section = library_g2("tt")
        cards = f'.lib "{path}" {section}\n'
        names = get_technology("sg13g2").verilog_a
        modules = tuple(compile_models((), (*names, *(n.replace("psp103.va", "psp103_nqs.va") for n in names))))
    text = own_text(case, cell_of(case).vdd)
    nodes = " ".join(roles[port] for port in design.subcircuit.ports)
    deck = f"* plain\n{cards}{text}\nxplain {nodes} {design.subcircuit.name}\n"
    deck += f"vplaindd vdd 0 {file.vdd}\nvplainss vss 0 0\nvplainin vin 0 dc 0 pwl(0 0 {STOP} {file.vdd})\n"
    deck += "cplain out 0 1e-15\n.temp 26.85\n"
    deck += "".join(f".options {name}={value}\n" for name, value in OPTIONS.items())
    inner = {safe: f"v(xplain.{safe})" for safe in case.nodes}
    inner |= {"net__m1_d_": "v(xplain.net-_m1-d_)", "a_130_n60_": "v(xplain.a_130_n60#)"}
    signals = tuple(inner[node] for node in case.nodes)
    deck += f".save v(out) {' '.join(signals)}\n.tran {case.step} {STOP} 0 {case.step}\n"
    control = "".join(f"pre_osdi {path}\n" for path in modules)
    return f"{deck}.control\n{control}.endc\n.end\n", signals, modules


def own_text(case: Case, vdd: float) -> str:
    """Return the file without the test bench that some hold: analyses, stimuli outside of subcircuits, its end."""
    kept, depth, control = [], 0, False
    for line in (HERE / f"{case.name}.sp").read_text().splitlines():
        word = line.split()[0].lower() if line.split() else ""
        control = (control or word == ".control") and word != ".endc"
        depth += word == ".subckt"
        bench = word in (".end", ".endc", ".title", ".save", ".probe", ".tran", ".options", ".temp", ".backanno")
        outside = depth == 0 and word[:1] in tuple("xvicr")
        if not (control or bench or outside):
            kept.append(line.replace("'corner_models.lib'", f"'{HERE / 'corner_models.lib'}'"))
        depth -= word == ".ends"
    return "\n".join(kept)


@pytest.fixture(scope="module")
def reference(tmp_path_factory):
    """Waveforms of plain ngspice, once for each case."""
    made: dict[str, dict[str, np.ndarray]] = {}

    def run(case: Case) -> dict[str, np.ndarray]:
        if case.name not in made:
            folder = tmp_path_factory.mktemp(case.name)
            deck, _, _ = plain_deck(case)
            (folder / "plain.cir").write_text(deck)
            info = find_ngspice()
            assert info is not None
            command = [info.path, "-n", "-b", "-r", "plain.raw", "plain.cir"]
            done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=200)
            assert (folder / "plain.raw").exists(), done.stdout[-2000:] + done.stderr[-2000:]
            made[case.name] = read_raw(folder / "plain.raw")
        return made[case.name]

    return run


def assert_same(case: Case, waveforms, plain) -> None:
    cell = cell_of(case)
    _, signals, _ = plain_deck(case)
    time, cycles = np.linspace(0.0, STOP, 5001), []
    names = {"v(out)": "v(out)"} | {cell.node_signal(n): s for n, s in zip(case.nodes, signals, strict=True)}
    if case.oscillates:
        for wave, at in ((waveforms["v(out)"], waveforms.time), (plain["v(out)"], plain["time"])):
            rising = at[1:][np.diff((wave > 0.5 * cell.vdd).astype(int)) > 0]
            assert rising.size > 10
            cycles.append(np.diff(rising)[2:].mean())
        assert cycles[0] == pytest.approx(cycles[1], rel=PERIOD)
        return
    moved = 0.0
    for mine, theirs in names.items():
        here = np.interp(time, waveforms.time, waveforms[mine])
        there = np.interp(time, plain["time"], plain[theirs])
        slope = np.maximum(np.abs(np.gradient(here, time)), np.abs(np.gradient(there, time)))
        bound = SWING * cell.vdd + EARLY * slope
        assert np.all(np.abs(here - there) < bound), (mine, float(np.max(np.abs(here - there) / bound)))
        moved = max(moved, float(np.ptp(there)))
    assert moved > 0.05 * cell.vdd  # the input does something


@pytest.mark.engine("ngspice")
@pytest.mark.parametrize("case", params())
def test_ngspice_gives_the_waveforms_of_a_plain_run(case, reference):
    assert_same(case, get_engine("ngspice").run(bench_of(case)), reference(case))


@pytest.mark.engine("vacask")
@pytest.mark.parametrize("case", params())
def test_vacask_gives_the_waveforms_of_a_plain_ngspice_run(case, reference):
    bench = bench_of(case)
    if "vacask" in case.refused:
        with pytest.raises(CircuitError, match=case.refused["vacask"]):
            get_engine("vacask").run(bench)
        return
    assert_same(case, get_engine("vacask").run(bench), reference(case))


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("case", params())
def test_every_dialect_is_written_or_says_why_not(case, dialect, tmp_path):
    cell = CellFile.load(HERE / f"{case.name}.toml")
    if dialect in case.refused:
        with pytest.raises(CircuitError, match=case.refused[dialect]):
            export_cell(cell, "faria2021", dialect=dialect, out=tmp_path)
        return
    exported = export_cell(cell, "faria2021", dialect=dialect, out=tmp_path)
    assert {"README.md"} < set(exported.files)
    assert not re.search(r"\{(?!seed)", (tmp_path / exported.files[1]).read_text().replace("{vin}", ""))


def test_there_are_twenty_and_each_is_tried():
    assert {path.stem for path in HERE.glob("*.toml")} == CASES.keys() and len(CASES) >= 20


#: What VACASK's readers do not take, for which there is no other reader here: case and dialect -> reason.
UNREAD = {
    **{("bandgap", dialect): "bipolar transistors, and their multiplier m" for dialect in FOREIGN},
    **{("older_levels", dialect): "JFETs: the element is left out" for dialect in ("hspice", "xyce")},
}


@pytest.mark.engine("vacask")
@pytest.mark.parametrize("dialect", [*FOREIGN, "ltspice"])
@pytest.mark.parametrize("case", params(name for name in CASES if not CASES[name].technology))
def test_a_reader_of_the_dialect_makes_the_same_circuit_of_it(case, dialect, tmp_path):
    """A second reader, not ours, and the input in the middle of its range, where most of the circuit is on."""
    if dialect in case.refused or (case.name, dialect) in UNREAD:
        return
    cell = CellFile.load(HERE / f"{case.name}.toml")(Macrospin(TMR=0.0, R_P=12e3))
    exported = export_cell(cell, dialect=dialect, out=tmp_path, duration=0.2e-9, vin=0.6 * cell.vdd)
    if dialect == "ltspice":
        raw, signal = by_ngspice(exported), "v(out)"
        waves = get_engine("ngspice-process", "b-source").run(exported.testbench)
    else:
        raw, signal = by_vacask(dialect, exported), "out"
        waves = get_engine("vacask").run(exported.testbench)
    there = np.interp(waves.time, raw["time"], raw[signal])
    np.testing.assert_allclose(there, waves["v(out)"], rtol=0.0, atol=SWING * cell.vdd)
