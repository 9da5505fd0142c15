"""Comparators of a designer's own: the same circuit gives the numbers of the built-in one; clocks, slips, read-outs."""

from __future__ import annotations

import json
import shlex

import numpy as np
import pytest
from foundries import foundry

from spinspice.benches import comparator as bench
from spinspice.cells import CellFile, Comparator, ReadOut
from spinspice.cells.comparator import TOPOLOGIES
from spinspice.cli import main
from spinspice.engines import get_engine
from spinspice.errors import ResultError, UsageError
from spinspice.presets import load_preset
from spinspice.replay import render
from spinspice.studies.comparator import study_comparator
from spinspice.studies.readout import DEFAULT_PRESET, study_readout

PORTS = {"inp": "inp", "inn": "inn", "clk": "clk", "out": "out", "vdd": "vdd", "vss": "vss"}
#: A StrongARM latch as a designer writes it: single supply, both outputs high while the clock is low.
LATCH = """\
.subckt sarm vip vim ck q qb avdd agnd
M1 x1 vip t agnd {n} w=0.4{u} l={l}
M2 x2 vim t agnd {n} w=0.4{u} l={l}
M0 t ck agnd agnd {n} w=0.4{u} l={l}
M3 qb q x1 agnd {n} w=0.3{u} l={l}
M4 q qb x2 agnd {n} w=0.3{u} l={l}
M5 qb q avdd avdd {p} w=0.3{u} l={l}
M6 q qb avdd avdd {p} w=0.3{u} l={l}
M7 q ck avdd avdd {p} w=0.3{u} l={l}
M8 qb ck avdd avdd {p} w=0.3{u} l={l}
M9 x1 ck avdd avdd {p} w=0.3{u} l={l}
M10 x2 ck avdd avdd {p} w=0.3{u} l={l}
.ends
"""
GENERIC = LATCH.format(n="gen_nmos", p="gen_pmos", u="u", l="40n")
RAW = {
    "netlist": "c.sp",
    "supply": "single",
    "cmos": "generic",
    "idle": "high",
    "ports": {"vip": "vip", "vin-": "vim", "clk": "ck", "out": "q", "outb": "qb", "vdd": "avdd", "vss": "agnd"},
}


def without_ammeters(cell) -> str:
    """The netlist of a built-in cell, as a designer has it."""
    cards = [line.split() for line in str(cell).splitlines() if line.strip()]
    behind = {words[2]: words[1] for words in cards if words[0].startswith("Vm_")}
    lines = []
    for words in cards:
        if words[0].startswith((".subckt", ".ends")):
            lines.append(" ".join(word for word in words if "=" not in word))
        elif words[0][0] == "M":
            lines.append(" ".join([words[0], *(behind.get(word, word) for word in words[1:5]), *words[5:]]))
    return "\n".join(lines) + "\n"


def load(folder, text: str = GENERIC, **changes) -> CellFile:
    (folder / "c.sp").write_text(text)
    return CellFile.from_dict({**RAW, **changes}, folder, where="c.toml")


def same_circuit(folder, topology: str) -> CellFile:
    text = without_ammeters(Comparator("generic", topology=topology))
    (folder / "c.sp").write_text(text)
    return CellFile.from_dict({"netlist": "c.sp", "name": "mine", "cmos": "generic", "ports": PORTS}, folder)


@pytest.mark.engine("ngspice")
@pytest.mark.parametrize("topology", TOPOLOGIES)
def test_the_same_circuit_has_the_numbers_of_the_built_in_one(topology, tmp_path):
    mine = study_comparator(cell=same_circuit(tmp_path, topology), trials=2, engine="ngspice", workers=1)
    built_in = study_comparator(topology=topology, trials=2, engine="ngspice", workers=1)
    # Accuracy of the solver is 1e-6 of the voltages; its equations stand in another order.
    np.testing.assert_allclose(mine.times, built_in.times, rtol=1e-5)
    # The estimate of the noise counts the channels on a node; of the double-tail the built-in one takes others too.
    estimate = ("noise_estimate",) if topology == "strongarm" else ()
    for name in ("energy", "regeneration", "closure", *estimate):
        assert getattr(mine, name) == pytest.approx(getattr(built_in, name), rel=1e-5), name
    assert mine.energy_by_source == pytest.approx(built_in.energy_by_source, rel=1e-4)
    assert sum(mine.energy_by_block.values()) == pytest.approx(sum(built_in.energy_by_block.values()), rel=1e-4)
    assert len(mine.offsets) == 2 and mine.offset_sd > 1e-3  # its transistors differ too
    assert mine.settings["topology"] == "mine" and mine.failures == ()


@pytest.mark.engine("ngspice")
def test_a_latch_with_two_outputs_that_are_reset(tmp_path):
    file = load(tmp_path)
    study = study_comparator(cell=file, trials=4, engine="ngspice", workers=1)
    assert len(study.offsets) == 4 and all(abs(value) < 0.1 for value in study.offsets)
    assert all(early > late for early, late in zip(study.times, study.times[1:], strict=False))
    assert abs(study.closure) < 5e-3
    # At a lower common mode the pair carries less: it decides later.
    slow = study_comparator(cell=load(tmp_path, common_mode="300m"), trials=2, engine="ngspice", workers=1)
    assert all(here > there for here, there in zip(slow.times, study.times, strict=True))


@pytest.mark.engine("ngspice")
@pytest.mark.parametrize("shift", [-7e-3, 4e-3, 40e-3])
def test_search_finds_an_offset_that_is_there(shift, tmp_path):
    """A source in the gate of one input transistor."""
    text = GENERIC.replace("M2 x2 vim t", f"Voff vim gm {shift!r}\nM2 x2 gm t")
    cell = load(tmp_path, text)()
    found = bench.offset(get_engine("ngspice").run(bench.offset_testbench(cell)), bench.common_mode(cell))
    still = load(tmp_path)()
    own = bench.offset(get_engine("ngspice").run(bench.offset_testbench(still)), bench.common_mode(still))
    assert found - own == pytest.approx(-shift, abs=2e-4)


@pytest.mark.engine("ngspice")
def test_an_offset_out_of_reach_is_none(tmp_path):
    cell = load(tmp_path, GENERIC.replace("M2 x2 vim t", "Voff vim gm 0.35\nM2 x2 gm t"))()
    assert np.isnan(bench.offset(get_engine("ngspice").run(bench.offset_testbench(cell)), bench.common_mode(cell)))


@pytest.mark.engine("ngspice")
@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        ({"idle": "low"}, UsageError, 'idle = "low", but .* both stand high. Write idle = "high"'),
        ({"ports": {**RAW["ports"], "out": "qb", "outb": "q"}}, ResultError, "exchange out and outb or inp and inn"),
        ({"ports": {**RAW["ports"], "vip": "vim", "vin-": "vip"}}, ResultError, "exchange out and outb"),
    ],
)
def test_a_comparator_that_is_described_wrongly_is_told_so(changes, error, message, tmp_path):
    with pytest.raises(error, match=message):
        study_comparator(cell=load(tmp_path, **changes), trials=2, engine="ngspice", workers=1)


@pytest.mark.engine("ngspice")
def test_an_inverted_clock(tmp_path):
    """clkb in place of clk: an inverter in front makes the same comparator of it, later by its delay."""
    text = GENERIC.replace("vip vim ck ", "vip vim ckb ").replace(
        ".ends", "Mp ck ckb avdd avdd gen_pmos w=2u l=40n\nMn ck ckb agnd agnd gen_nmos w=1u l=40n\n.ends"
    )
    ports = {role: node for role, node in RAW["ports"].items() if role != "clk"} | {"clkb": "ckb"}
    inverted = study_comparator(cell=load(tmp_path, text, ports=ports), trials=2, engine="ngspice", workers=1)
    plain = study_comparator(cell=load(tmp_path), trials=2, engine="ngspice", workers=1)
    late = np.subtract(inverted.times, plain.times)
    assert np.all(late > 0.0) and np.all(late < 30e-12)


@foundry("sky130")
@pytest.mark.engine("ngspice")
def test_a_latch_of_foundry_transistors(tmp_path):
    text = LATCH.format(n="sky130_fd_pr__nfet_01v8", p="sky130_fd_pr__pfet_01v8", u="", l="0.15").replace("\nM", "\nXM")
    text = text.replace("w=0.4", "w=1.2").replace("w=0.3", "w=0.84")
    study = study_comparator(cell=load(tmp_path, text, cmos="sky130"), trials=2, engine="ngspice", workers=1)
    assert study.settings["vdd"] == 1.8 and len(study.offsets) == 2
    assert 1e-10 < study.times[0] < 2e-9 and study.noise_estimate == pytest.approx(1.1e-3, rel=0.1)


@pytest.mark.engine("ngspice")
def test_a_read_out_with_the_same_circuit_is_that_of_the_built_in_one(tmp_path):
    settings = {"bits": 60, "trials": 1, "engine": "ngspice", "workers": 1}
    mine, built_in = study_readout(cell=same_circuit(tmp_path, "strongarm"), **settings), study_readout(**settings)
    assert (mine.bits, mine.wrong, mine.unsettled) == (built_in.bits, built_in.wrong, built_in.unsettled)
    assert mine.energy == pytest.approx(built_in.energy, rel=1e-3) and mine.closure < 1e-3
    np.testing.assert_allclose(mine.disturb, built_in.disturb, rtol=1e-3)
    inside = built_in.energy_by_block["comparator"] + built_in.energy_by_block["latch"]
    assert mine.energy_by_block["comparator"] == pytest.approx(inside, rel=1e-3)


@pytest.mark.engine("ngspice")
def test_a_read_out_with_a_latch_that_is_reset(tmp_path):
    study = study_readout(cell=load(tmp_path), clock=60e-9, bits=40, trials=1, engine="ngspice", workers=1)
    assert study.bits == 40 and study.wrong == 0 and study.closure < 1e-3


@pytest.mark.parametrize(
    ("text", "changes", "message"),
    [
        (GENERIC.replace("agnd", "0").replace("avdd 0\n", "avdd\n", 1), {}, "no port with the role vss"),
        (
            GENERIC.replace("avdd agnd\n", "avdd agnd vb\n", 1).replace(".ends", "Rb vb 0 1meg\n.ends"),
            {"bias": {"vb": 0.4}},
            "the port vb would need a source",
        ),
    ],
)
def test_what_cannot_stand_in_a_read_out_says_why(text, changes, message, tmp_path):
    ports = {role: node for role, node in RAW["ports"].items() if node in text.splitlines()[0].split()}
    file = load(tmp_path, text, ports=ports, **changes)
    with pytest.raises(UsageError, match=message):
        ReadOut(load_preset(DEFAULT_PRESET).device, "generic", comparator=file())


@pytest.mark.engine("ngspice")
def test_the_printed_command_names_the_cell(tmp_path, capsys):
    load(tmp_path)
    lines = [f'{key} = "{value}"' for key, value in RAW.items() if isinstance(value, str)]
    lines += ["[ports]", *(f'"{role}" = "{node}"' for role, node in RAW["ports"].items())]
    (tmp_path / "c.toml").write_text("\n".join(lines) + "\n")
    study = study_comparator(cell=str(tmp_path / "c.toml"), trials=2, engine="ngspice", workers=1)
    words = shlex.split(render(study.provenance["call"]).replace("\\\n", " "))
    assert words[:3] == ["spinspice", "characterize", "comparator"] and f"--cell={tmp_path / 'c.toml'}" in words
    with pytest.raises(SystemExit) as ended:
        main([*words[1:], "--json"])
    assert ended.value.code in (0, None)
    again = json.loads(capsys.readouterr().out)
    assert again["offsets"] == list(study.offsets) and again["times"] == list(study.times)
