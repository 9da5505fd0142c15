"""Netlists of SKY130 and SG13G2 as designers place devices: the waveforms of the foundry's own library in ngspice."""

import dataclasses
import re

import numpy as np
import pytest
from foundries import foundry

from spinspice.cells import CellFile
from spinspice.cells.imported import ImportedCell
from spinspice.characterize.bench import cell_testbench
from spinspice.cmos import get_technology
from spinspice.cmos.sg13g2 import foundry_library as library_g2
from spinspice.cmos.sky130 import foundry_library as library_130
from spinspice.devices import Macrospin
from spinspice.engines import get_engine

STILL = Macrospin(TMR=0.0)
SKY130 = [
    "nfet_01v8 L=0.15 W=1 nf=1 ad=0.29 as=0.29 pd=2.58 ps=2.58 nrd=0.29 nrs=0.29 sa=0 sb=0 sd=0 mult=1 m=1",
    "nfet_01v8 L=0.15 W=4 nf=4",
    "nfet_01v8 L=3 W=200 nf=20",
    "nfet_01v8 L=0.15 W=1 m=4",
    "nfet_01v8 L=0.5 W=2 nf=2 sa=0.3 sb=0.4 sd=0.28",
    "nfet_01v8 l=150000u w=1e+06u ad=2.9e+11p pd=2.58e+06u as=2.9e+11p ps=2.58e+06u",
    "nfet_01v8_lvt L=0.15 W=1 nf=1 mult=1 m=1",
    "nfet_01v8_lvt L=1 W=6 nf=3 mult=2 m=2",
    "nfet_01v8_esd L=0.165 W=20.35 nf=1",
    "nfet_03v3_nvt L=0.5 W=1 nf=1",
    "nfet_05v0_nvt L=0.9 W=2 nf=2",
    "nfet_g5v0d10v5 L=0.5 W=4 nf=2",
    "esd_nfet_g5v0d10v5 L=0.55 W=17.5 nf=1",
    "pfet_01v8 L=0.15 W=2 nf=1 ad='int((1+1)/2) * 2/1 * 0.29' pd='2*int((1+1)/2) * (2/1 + 0.29)' nrd='0.29 / 2'",
    "pfet_01v8 L=0.15 W=8 nf=4 m=2 mult=2",
    "pfet_01v8 L=1 W=5 nrd=0 nrs=0",
    "pfet_01v8_lvt L=0.35 W=3 sa=0.2 sb=0.2",
    "pfet_01v8_hvt L=0.15 W=3 nf=3",
    "pfet_g5v0d10v5 L=0.5 W=4 nf=2 m=2",
    "esd_pfet_g5v0d10v5 L=0.55 W=17.5 nf=1",
]
SG13G2 = [
    "lv_nmos w=1.0u l=0.13u ng=1 m=1",
    "lv_nmos w=4u l=0.13u ng=4 m=1",
    "lv_nmos w=3u l=0.13u ng=3 m=2",
    "lv_nmos l=0.13u w=1u as=3.4e-13 ad=3.4e-13 ps=2.68e-6 pd=2.68e-6",
    "lv_nmos w=1u l=0.13u trise=20 pre_layout=0",
    "lv_pmos w=2u l=0.13u ng=2 m=1",
    "lv_pmos w=10u l=0.3u ng=5 m=4",
    "lv_pmos w=0.15u l=0.13u ng=1 z1=0.5e-6",
    "lv_pmos w=1u l=1u mm_ok=0",
    "hv_nmos w=1u l=0.45u ng=1 m=1",
    "hv_nmos w=6u l=1u ng=4",
    "hv_pmos w=2u l=0.4u ng=2 m=3",
]
TABLES = {"sky130": ("sky130_fd_pr__", SKY130, 1.8), "sg13g2": ("sg13_", SG13G2, 1.2)}
NAMES = [pytest.param(name, marks=[foundry(name), pytest.mark.engine("ngspice-process")]) for name in TABLES]


def netlist(prefix, lines):
    """Return a subcircuit with an amplifier for every device, the input at every gate."""
    text = "* sch_path: t.sch\n.subckt dut in q vdd vss\nRmtj vdd q 12k\nRq q vss 12k\n"
    for number, line in enumerate(lines, 1):
        here, far = ("vss", "vdd")
        if "pfet" in line or "pmos" in line:
            here, far = "vdd", "vss"
        text += f"R{number} q{number} {far} 5k\nXM{number} q{number} in {here} {here} {prefix}{line}\n"
    return text + ".ends\n"


def described(folder, text, technology, vdd, **more):
    (folder / "dut.sp").write_text(text)
    ports = {"vin": "in", "out": "q", "vdd": "vdd", "vss": "vss"}
    data = {"netlist": "dut.sp", "subckt": "dut", "vdd": vdd, "supply": "single", "cmos": technology, "ports": ports}
    return CellFile.from_dict({**data, "junctions": {"Rmtj": "vdd"}, **more}, folder)


def libraries(technology):
    """Return the cards that read the foundry's own libraries, and what Verilog-A they need."""
    if technology.name == "sky130":
        path, section = library_130(technology.corner)
        # The model goes by the width of a finger, as the foundry's settings for ngspice ask for (ngbehavior=hsa).
        return f'.lib "{path}" {section}\n.option wnflag=1\n', ()
    path, section = library_g2(technology.corner)
    cards = f'.lib "{path}" {section}\n.lib "{path.with_name("cornerMOShv.lib")}" {section}\n'
    return cards, tuple(name.replace("psp103.va", "psp103_nqs.va") for name in technology.verilog_a)


def as_written(circuit, prefix, lines):
    """Return a circuit in which the simulator reads the line of every device as the designer wrote it."""
    for number, line in enumerate(lines, 1):
        circuit, count = re.subn(rf"(?m)^(xm{number}( \S+){{4}}) .*$", rf"\1 {prefix}{line}", circuit)
        assert count == 1
    return circuit


@pytest.mark.parametrize("name", NAMES)
def test_waveforms_are_those_of_the_foundrys_library(name, tmp_path):
    prefix, lines, vdd = TABLES[name]
    for corner in ("tt", "ss"):
        technology = get_technology(name, corner)
        file = described(tmp_path, netlist(prefix, lines), f"{name}:{corner}", vdd)
        mine = file(STILL)
        bare = dataclasses.replace(technology, library=None, cards="", binned=None)
        plain = ImportedCell(file.design, {"mtj": STILL}, bare, vdd=vdd)
        save = tuple(mine.node_signal(f"q{number}") for number in range(1, len(lines) + 1))
        ours, theirs = (cell_testbench(cell, stop=1e-9, vin=(0, vdd), save=save) for cell in (mine, plain))
        cards, modules = libraries(technology)
        theirs = theirs.replace(circuit=cards + as_written(theirs.circuit, prefix, lines), verilog_a=(*theirs.verilog_a, *modules))
        waves, reference = (get_engine("ngspice-process").run(bench) for bench in (ours, theirs))
        np.testing.assert_array_equal(waves.time, reference.time)
        for signal, line in zip(save, lines, strict=True):
            swing = np.ptp(reference[signal])
            assert swing > 0.01, line
            assert np.max(np.abs(waves[signal] - reference[signal])) < 1e-6 * swing, line
