"""Technologies that can be taped out: VACASK gives ngspice's waveforms, exported folders are complete and run alone."""

from __future__ import annotations

import dataclasses
import re
import shutil
from pathlib import Path

import numpy as np
import pytest
from foundries import foundry
from test_export import assert_same_waveforms, named_files, run_alone
from test_export_dialects import FOREIGN, ROUNDING, assert_same, read_by_vacask, run_vacask

from spinspice.benches.cell import cell_testbench
from spinspice.cells import ASN, BSN
from spinspice.cmos import get_technology
from spinspice.devices import Telegraph
from spinspice.engines import get_engine
from spinspice.engines.osdi import compile_source
from spinspice.errors import CircuitError, EngineError, UsageError
from spinspice.export import export_cell

NAMES = [pytest.param(name, marks=foundry(name)) for name in ("sky130", "sg13g2")]
#: A resistor: what differs is transistors and solvers.
STILL = Telegraph(R_P=15e3, TMR=0.0, V_c=1e3, delta=200.0)
SIGNALS = ("v(out)", "v(mid)", "i(vdd)")
#: Solvers at reltol 1e-6 agree to this at the midpoint and behind a buffer [V] (33 uV at worst, measured).
CLOSE = 5e-5
#: The same times the gain of two inverters on the steepest edge [V] (2.7 mV at worst, measured).
CLOSE_ON_AN_EDGE = 4e-3


def ramp(cell):
    half = cell.vdd / 2
    bench = cell_testbench(cell, stop=20e-9, vin=(-half, half), save=SIGNALS)
    return bench.replace(options={"reltol": 1e-6})


def apart(one, other) -> dict[str, float]:
    """Largest difference of each signal of two runs."""
    return {s: np.abs(np.interp(one.time, other.time, other[s]) - one[s]).max() for s in SIGNALS}


def compare(cell) -> dict[str, float]:
    bench = ramp(cell)
    reference = get_engine("ngspice-process").run(bench)
    assert np.ptp(reference["v(mid)"]) > 0.9 * cell.vdd
    return apart(reference, get_engine("vacask").run(bench))


@pytest.mark.engine("vacask")
@pytest.mark.engine("ngspice-process")
@pytest.mark.parametrize("kind", [BSN, ASN])
@pytest.mark.parametrize("name", NAMES)
def test_vacask_gives_the_waveforms_of_ngspice(name, kind):
    check_against_ngspice(kind(STILL, get_technology(name)))


@pytest.mark.slow
@pytest.mark.engine("vacask")
@pytest.mark.engine("ngspice-process")
@pytest.mark.parametrize(
    ("name", "corner"),
    [
        pytest.param(name, corner, marks=foundry(name))
        for name in ("sky130", "sg13g2")
        for corner in ("ff", "ss", "fs", "sf")
        if (name, corner) != ("sky130", "ff")  # see the next test
    ],
)
def test_vacask_gives_the_waveforms_of_ngspice_at_every_other_corner(name, corner):
    for kind in (BSN, ASN):
        check_against_ngspice(kind(STILL, get_technology(name, corner)))


def check_against_ngspice(cell) -> None:
    found = compare(cell)
    assert found["v(mid)"] < CLOSE
    assert found["v(out)"] < (CLOSE_ON_AN_EDGE if cell.kind == "bsn" else CLOSE)
    assert found["i(vdd)"] < 1e-2 * 1e-4  # of some 100 uA


@foundry("sky130")
@pytest.mark.engine("vacask")
@pytest.mark.engine("ngspice-process")
def test_the_corner_at_which_vacask_differs_and_why():
    """At ff the parameter A2 of short p channels comes out above 1, where ngspice takes 1 and VACASK does not."""
    cell = ASN(STILL, get_technology("sky130", "ff"))
    assert CLOSE < compare(cell)["v(mid)"] < 2e-4
    bench = ramp(cell)
    text, count = re.subn(r"\ba2 = \S+( [lwp]a2 = \S+)*", "a2 = 0.8", bench.circuit)
    text = re.sub(r"\b[lwp]a2 = \S+", "", text)
    assert count
    bench = bench.replace(circuit=text)
    found = apart(get_engine("ngspice-process").run(bench), get_engine("vacask").run(bench))
    assert found["v(mid)"] < CLOSE


@foundry("sky130")
@pytest.mark.engine("ngspice-process")
def test_the_versions_of_bsim4_that_vacask_takes_for_one_another_agree():
    """VACASK has 4.8 only; ngspice runs these cards, written for 4.5, as either."""
    bench = ramp(BSN(STILL, get_technology("sky130")))
    later = bench.replace(circuit=re.sub(r"\bversion = 4\.5\b", "version = 4.8", bench.circuit))
    assert later != bench
    engine = get_engine("ngspice-process")
    assert max(apart(engine.run(bench), engine.run(later)).values()) < 1e-6


def current(technology, kind: str, w: float, engine: str, cards: str | None = None) -> float:
    """Drain current [A] of a transistor with gate and drain at half the supply."""
    from PySpice.Spice.Netlist import Circuit, SubCircuit

    from spinspice.testbench import Testbench

    cell = SubCircuit("fet", "d", "s")
    cell.raw_spice = technology.cards_for([(kind, w, technology.l_min)]) if cards is None else cards
    (technology.nmos if kind == "n" else technology.pmos)(cell, "1", "d", "d", "s", "s", w=w)
    circuit = Circuit("transistor")
    circuit.subcircuit(cell)
    circuit.X("1", "fet", "d", "0")
    circuit.V("d", "d", "0", technology.vdd / 2 * (1 if kind == "n" else -1))
    bench = Testbench.from_pyspice(circuit, stop=1e-9, step=1e-10, save=("i(vd)",))
    return float(get_engine(engine).run(bench)["i(vd)"][-1])


@foundry("sky130")
@pytest.mark.engine("vacask")
@pytest.mark.engine("ngspice-process")
def test_a_size_between_two_bins_uses_the_one_that_it_uses_in_the_foundrys_library():
    """At 1 um two bins meet, 2 % apart at the corner ff; ngspice takes the later one, and so does the translation."""
    technology = get_technology("sky130", "ff")
    every = technology.cards
    whole = current(technology, "n", 1e-6, "ngspice-process", every)
    assert current(technology, "n", 1e-6, "ngspice-process") == pytest.approx(whole, rel=1e-9)
    assert current(technology, "n", 1e-6, "vacask") == pytest.approx(whole, rel=1e-5)
    near = [current(technology, "n", w, "ngspice-process") for w in (0.995e-6, 1.005e-6)]
    assert near[1] / near[0] > 1.02


@foundry("sky130")
@pytest.mark.engine("vacask")
def test_a_size_without_a_bin_ends_the_run():
    technology = get_technology("sky130")
    cards = technology.cards_for([("n", 0.5e-6, 150e-9)])
    with pytest.raises(EngineError, match=r"nshort_model\.no_model_of_this_size"):
        current(technology, "n", 2e-6, "vacask", cards)


def exported(name: str, dialect: str, folder: Path, duration: float = 1e-9):
    return export_cell("bsn", cmos=name, dialect=dialect, out=folder, seed=3, vin=0.01, duration=duration)


def put_compiled(folder: Path) -> None:
    """Put the compiled transistor model into a folder: what the command of the README makes of the folder's source."""
    for source in folder.glob("verilog_a/*/psp103.va"):
        shutil.copy(compile_source(source), folder / "psp103.osdi")


@pytest.mark.engine("ngspice-process", model="b-source")
@pytest.mark.parametrize("name", NAMES)
def test_plain_ngspice_gives_the_waveform_of_the_engine(name, tmp_path):
    written = exported(name, "ngspice", tmp_path)
    assert written.command.endswith("ngspice -b testbench.cir")
    if name == "sg13g2":
        assert " && openvaf-r verilog_a/psp103/psp103.va -o psp103.osdi && " in written.command
        assert "    openvaf-r verilog_a/psp103/psp103.va -o psp103.osdi\n" in (tmp_path / "README.md").read_text()
    put_compiled(tmp_path)
    table = run_alone(tmp_path, "testbench.cir", "waveform.txt")
    engine = get_engine("ngspice-process", model="b-source")
    assert_same_waveforms(table, engine.run(written.testbench), written.testbench.save)


@pytest.mark.slow
@foundry("sg13g2")
@pytest.mark.engine("ngspice-process")
def test_the_commands_of_the_readme_compile_what_the_decks_load(tmp_path):
    import subprocess

    from spinspice.engines.osdi import require_compiler

    written = exported("sg13g2", "ngspice", tmp_path)
    commands = re.findall(r"^ +openvaf-r (\S+) -o (\S+)$", (tmp_path / "README.md").read_text(), re.MULTILINE)
    assert len(commands) == 2
    for source, target in commands:
        subprocess.run(
            [require_compiler().path, source, "-o", target], cwd=tmp_path, check=True, capture_output=True, timeout=300
        )
    table = run_alone(tmp_path, "testbench_osdi.cir", "waveform_osdi.txt")
    engine = get_engine("ngspice-process", model="verilog-a")
    assert_same_waveforms(table, engine.run(written.testbench), written.testbench.save)


@pytest.mark.engine("vacask")
@pytest.mark.parametrize("name", NAMES)
def test_plain_vacask_gives_the_waveform_of_the_engine(name, tmp_path):
    """VACASK compiles what it does not find compiled; here that of the transistors is put beside the deck."""
    written = exported(name, "vacask", tmp_path)
    put_compiled(tmp_path)
    raw = run_vacask(tmp_path, "testbench.sim")
    assert_same(raw, get_engine("vacask").run(written.testbench), written.testbench.save)


@foundry("sky130")
@pytest.mark.engine("vacask")
@pytest.mark.parametrize("dialect", FOREIGN)
def test_another_reader_makes_the_same_circuit_of_binned_models(dialect, tmp_path):
    """VACASK's own reader of these languages chooses the bins by itself; that of Spectre's obeys our conditions."""
    written = exported("sky130", dialect, tmp_path)
    raw = run_vacask(tmp_path, read_by_vacask(dialect, written))
    waves = get_engine("vacask").run(written.testbench)
    assert np.ptp(waves["v(mid)"]) > 1e-3  # the noise is on
    for node in ("out", "mid"):
        # Rounding places the first time points 1e-7 apart, relatively.
        column = np.interp(waves.time, raw["time"], raw[node])
        np.testing.assert_allclose(column, waves[f"v({node})"], rtol=0, atol=ROUNDING)


@pytest.mark.slow
@foundry("sg13g2")
@pytest.mark.engine("vacask")
def test_another_reader_makes_the_same_circuit_of_transistors_in_verilog_a(tmp_path):
    """VACASK keeps the name of the module for a version of its own, so here both call it otherwise."""
    written = exported("sg13g2", "spectre", tmp_path)
    assert 'ahdl_include "verilog_a/psp103/psp103.va"' in (tmp_path / "testbench.scs").read_text()
    source, cell = tmp_path / "verilog_a/psp103/psp103.va", tmp_path / "bsn_cell.scs"
    assert "module PSP103VA(" in source.read_text()
    assert len(re.findall(r"^model \w+ PSP103VA TYPE=", cell.read_text(), re.MULTILINE)) == 2
    source.write_text(source.read_text().replace("PSP103VA", "renamed"))
    cell.write_text(cell.read_text().replace(" PSP103VA ", " renamed ").lower())
    raw = run_vacask(tmp_path, read_by_vacask("spectre", written, files=[str(compile_source(source))]))
    waves = get_engine("vacask").run(written.testbench)
    for node in ("out", "mid"):
        column = np.interp(waves.time, raw["time"], raw[node])
        np.testing.assert_allclose(column, waves[f"v({node})"], rtol=0, atol=ROUNDING)


@foundry("sg13g2")
@pytest.mark.parametrize("dialect", ["hspice", "xyce", "ltspice"])
def test_a_dialect_without_the_model_names_its_card(dialect, tmp_path):
    with pytest.raises(CircuitError, match=r"'.model sg13g2_lv_nmos_psp psp103va .*': psp103va level 103 has no trans"):
        exported("sg13g2", dialect, tmp_path / "out")
    assert not (tmp_path / "out").exists()


@foundry("sky130")
def test_a_dialect_without_bins_names_the_transistor(tmp_path):
    message = r"'Msky130_fd_pr__nfet_01v8 .*nshort_model is a model of several sizes, .* no translation to LTspice"
    with pytest.raises(CircuitError, match=message):
        exported("sky130", "ltspice", tmp_path)


@pytest.mark.parametrize("dialect", ["ngspice", "vacask"])
@pytest.mark.parametrize("name", NAMES)
def test_the_folder_is_self_contained_and_says_its_terms(name, dialect, tmp_path):
    written = exported(name, dialect, tmp_path)
    standard = {"constants.vams", "disciplines.vams", "discipline.h"}
    for path in named_files(tmp_path):
        text = path.read_text()
        for included in re.findall(r'^\s*[.`]?include\s+"([^"]+)"', text, re.MULTILINE):
            assert included in standard or (path.parent / included).is_file(), f"{path.name} includes {included}"
        for loaded in re.findall(r'^load "(verilog_a/[^"]+)"', text, re.MULTILINE):
            assert (tmp_path / loaded).is_file()
        assert "site-packages" not in text
    terms = [file for file in written.files if file.startswith("licences/")]
    assert any("Apache License" in (tmp_path / file).read_text() for file in terms)
    if name == "sg13g2":
        assert any("Educational Community License" in (tmp_path / file).read_text() for file in terms)


@foundry("sg13g2")
def test_transistors_in_verilog_a_without_terms_are_not_copied(tmp_path):
    technology = dataclasses.replace(get_technology("sg13g2"), licence_files=())
    with pytest.raises(UsageError, match=r"cannot export a cell on sg13g2: .*\(psp103.va\) that is not known to be"):
        export_cell(BSN(STILL, technology), out=tmp_path / "out")
    assert not (tmp_path / "out").exists()
