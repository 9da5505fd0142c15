"""Netlists of SKY130 and SG13G2 as designers place devices: the waveforms of the foundry's own library in ngspice."""

import dataclasses
import re
from random import Random

import numpy as np
import pytest
from foundries import foundry

from spinspice.benches.cell import cell_testbench
from spinspice.cells import CellFile
from spinspice.cells.imported import ImportedCell
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
#: Nodes beside the first, and the device. With m on the instance ngspice drops the factor 0.5 that the foundry's
#: res_high_po gives the capacitance at each of its ends, so the line has none.
PASSIVES = {
    "sky130": [
        ("vss", "sky130_fd_pr__cap_mim_m3_1 W=5 L=5 MF=1 m=1"),
        ("vss", "sky130_fd_pr__cap_mim_m3_2 W=3 L=4 MF=3 m=3"),
        ("vss", "sky130_fd_pr__res_generic_po W=1 L=20 mult=1 m=1"),
        ("vss vss", "sky130_fd_pr__res_high_po W=0.69 L=6 mult=1"),
        ("vss vss", "sky130_fd_pr__res_high_po W=0.35 L=3"),
    ],
    "sg13g2": [
        ("vss", "cap_cmim w=7e-6 l=8e-6 m=1"),
        ("vss", "cap_cmim w=5e-6 l=5e-6 m=3"),
        ("vss vss", "rppd w=0.5e-6 l=5e-6 m=1 b=0"),
        ("vss vss", "rhigh w=0.5e-6 l=0.96e-6 m=2 b=1"),
        ("vss vss", "rsil w=0.5e-6 l=40e-6 m=1"),
    ],
}
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
    more = {"cornerMOShv": section, "cornerRES": "res_typ", "cornerCAP": "cap_typ"}
    cards = "".join(f'.lib "{path.with_name(f"{name}.lib")}" {of}\n' for name, of in more.items())
    cards += f'.lib "{path}" {section}\n'
    return cards, tuple(name.replace("psp103.va", "psp103_nqs.va") for name in technology.verilog_a)


def as_written(circuit, lines):
    """Return a circuit in which the simulator reads the line of every device as the designer wrote it."""
    for number, line in enumerate(lines, 1):
        pattern = rf"(?m)^(xm{number} .*?) {line.split()[0]}(__\w+)? .*$"
        circuit, count = re.subn(pattern, rf"\1 {line}", circuit)
        assert count == 1
    return circuit


def check_against_the_foundry(technology, file, lines):
    """Check waveforms at q1, q2, ... against those of the foundry's library, which reads the lines."""
    mine = file(STILL)
    save = tuple(mine.node_signal(f"q{number}") for number in range(1, len(lines) + 1))
    ours = cell_testbench(mine, stop=4e-10, vin=(0, mine.vdd), save=save)
    bare = dataclasses.replace(technology, library=None, cards="", binned=None)
    theirs = cell_testbench(ImportedCell(file.design, mine.devices, bare, vdd=mine.vdd), stop=4e-10, vin=(0, mine.vdd))
    cards, modules = libraries(technology)
    theirs = theirs.replace(
        circuit=cards + as_written(theirs.circuit, lines), save=ours.save, verilog_a=(*ours.verilog_a, *modules)
    )
    waves, reference = (get_engine("ngspice-process").run(bench) for bench in (ours, theirs))
    np.testing.assert_array_equal(waves.time, reference.time)
    for signal, line in zip(save, lines, strict=True):
        swing = np.ptp(reference[signal])
        assert swing > 0.01, line
        assert np.max(np.abs(waves[signal] - reference[signal])) < 1e-6 * swing, line


@pytest.mark.parametrize("name", NAMES)
def test_waveforms_are_those_of_the_foundrys_library(name, tmp_path):
    prefix, lines, vdd = TABLES[name]
    for corner in ("tt", "ss"):
        file = described(tmp_path, netlist(prefix, lines), f"{name}:{corner}", vdd)
        check_against_the_foundry(get_technology(name, corner), file, [f"{prefix}{line}" for line in lines])


@pytest.mark.parametrize("name", NAMES)
def test_capacitors_and_resistors_are_those_of_the_foundrys_library(name, tmp_path):
    text = ".subckt dut in q vdd vss\nRmtj vdd q 12k\nRq q vss 12k\n"
    for number, (nodes, line) in enumerate(PASSIVES[name], 1):
        text += f"R{number} in q{number} 10k\nXM{number} q{number} {nodes} {line}\n"
    file = described(tmp_path, f"{text}.ends\n", name, TABLES[name][2])
    check_against_the_foundry(get_technology(name), file, [line for _, line in PASSIVES[name]])


@foundry("sky130")
@pytest.mark.parametrize(("more", "count"), [("", 0), (" m=1", 1), (" mult=2 m=2", 1)])
def test_a_resistor_that_ngspice_takes_otherwise_is_noted(more, count, tmp_path):
    """With m, ngspice drops the factor of the two capacitances to the substrate, which the foundry's text has."""
    line = f"XR1 q vss vss sky130_fd_pr__res_high_po W=0.35 L=5{more}"
    file = described(tmp_path, f".subckt dut in q vdd vss\nRmtj vdd q 12k\n{line}\n.ends\n", "sky130", 1.8)
    notes = [note for note in file.design.notes if "capacitance to the substrate" in note]
    assert len(notes) == count
    assert all("line 3" in note and line.lower() in note.lower() for note in notes)


def sky130_device(random):
    """Return a transistor of SKY130 with parameters at random."""
    shortest = {"pfet_01v8_lvt": 0.35, "nfet_g5v0d10v5": 0.5, "pfet_g5v0d10v5": 0.5}
    device = random.choice(["nfet_01v8", "pfet_01v8", "nfet_01v8_lvt", "pfet_01v8_hvt", *shortest])
    length = round(shortest.get(device, 0.15) * random.choice([1, 1.2, 2, 4, 8, 20]), 3)
    fingers = random.choice([1, 1, 2, 3, 4, 7])
    w = round(random.uniform(0.55, 8.0) * fingers, 3)
    edge = 2 * (w + 0.29)
    more = (
        f"ad={0.29 * w:.3g} as={0.29 * w:.3g} pd={edge:.3g} ps={edge:.3g}",
        f"nrd={0.29 / w:.4g} nrs={0.29 / w:.4g}",
        f"sa={random.uniform(0.2, 1):.2f} sb={random.uniform(0.2, 1):.2f} sd={random.uniform(0.2, 0.5):.2f}",
        f"mult={random.choice([1, 2])} m={random.choice([1, 2, 5])}",
    )
    return " ".join([device, f"L={length} W={w} nf={fingers}", *(words for words in more if random.random() < 0.5)])


def sg13g2_device(random):
    """Return a transistor of SG13G2 with parameters at random."""
    device = random.choice(["lv_nmos", "lv_pmos", "hv_nmos", "hv_pmos"])
    length = (0.13 if "lv" in device else 0.45) * random.choice([1, 1.5, 3, 10])
    fingers = random.choice([1, 2, 3, 4, 5, 8])
    w = random.uniform(0.3, 6.0) * fingers
    more = (
        f"m={random.choice([1, 2, 3])}",
        f"as={w * 0.34e-12:.3e} ad={w * 0.34e-12:.3e} ps={2e-6 * w:.3e} pd={2e-6 * w:.3e}",
    )
    sizes = f"w={w:.3f}u l={length:.3f}u ng={fingers}"
    return " ".join([device, sizes, *(words for words in more if random.random() < 0.5)])


@pytest.mark.slow
@pytest.mark.parametrize("corner", ["tt", "ff", "ss", "fs", "sf"])
@pytest.mark.parametrize("name", NAMES)
def test_transistors_at_random_are_those_of_the_foundrys_library(name, corner, tmp_path):
    prefix, _, vdd = TABLES[name]
    random = Random(f"{name} {corner}")
    made = sky130_device if name == "sky130" else sg13g2_device
    lines = [made(random) for _ in range(30)]
    file = described(tmp_path, netlist(prefix, lines), f"{name}:{corner}", vdd)
    check_against_the_foundry(get_technology(name, corner), file, [f"{prefix}{line}" for line in lines])
