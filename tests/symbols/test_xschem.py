"""Drawings of the cells, netlisted by xschem without a screen, against the Python cells: bit for bit."""

from __future__ import annotations

import os
import subprocess

import numpy as np
import pytest
from foundries import foundry

from spinspice.devices import models
from spinspice.export import export_cell
from spinspice.symbols import write_xschem
from spinspice.symbols.drawing import drawn_cell
from spinspice.symbols.shape import model_shape

_LOADS = "".join(f"pre_osdi {{folder}}/{name}.osdi\n" for name in ("mtj_macrospin", "mtj_macrospin_sot",
                 "mtj_telegraph",
                 "mtj_macrospin_field", "mtj_telegraph_field"))  # fmt: skip
_CONTROL = """\
pre_set num_threads=1
pre_set no_mem_check
pre_set norefvalue
pre_set nomoremode
pre_optran 1 1 1 5e-12 5e-09 0
run
set wr_singlescale
set wr_vecnames
set numdgt=15
wrdata {out} v(out) v(mid)
quit
.endc
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    folder = tmp_path_factory.mktemp("xschem")
    write_xschem(folder)
    return folder


def netlist(library, drawing, out):
    """Netlist a drawing; xschem says nothing of a symbol that it does not find, or it fails here."""
    environment = {**os.environ, "SPINSPICE_NETLIST_DIR": str(out), "HOME": str(out)}
    command = ["xschem", "--rcfile", str(library / "xschemrc"), "-n", "-s", "-q", "-x", "-r", str(drawing)]
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=120, stdin=subprocess.DEVNULL
    )
    assert done.returncode == 0, done.stderr
    assert not (done.stdout + done.stderr).strip(), done.stdout + done.stderr
    text = (out / f"{drawing.stem}.spice").read_text()
    assert "missing" not in text.lower()
    return text


def simulate(text, path, stop):
    path.write_text(text.replace("20n 0", f"{stop} 0").replace("2e-08 0", f"{stop} 0"))
    done = subprocess.run(["ngspice", "-b", path.name], cwd=path.parent, capture_output=True, text=True, timeout=280)
    table = path.with_suffix(".txt")
    assert table.exists(), done.stdout + done.stderr
    return np.loadtxt(table, skiprows=1)


@foundry("sky130")
@pytest.mark.engine("xschem")
@pytest.mark.engine("ngspice", model="verilog-a")
@pytest.mark.parametrize(("name", "seeds"), [("bsn", (1, 2)), ("asn", (5,))])
def test_a_drawing_is_the_python_cell_bit_for_bit(library, tmp_path, name, seeds):
    text = netlist(library, library / "spinspice" / f"tb_{name}.sch", tmp_path)
    runs = []
    for seed in seeds:
        drawn = text.replace(f"{name} seed=1\n", f"{name} seed={seed}\n", 1)
        end = drawn.rindex(".end")
        drawn = f"* drawn\n{drawn[:end]}.control\n{_CONTROL.format(out='drawn.txt')}{drawn[end:]}"
        own = simulate(drawn, tmp_path / "drawn.cir", "3n")
        out = tmp_path / f"python{seed}"
        export_cell(name, cmos="sky130", out=out, seed=seed, vin=0.0)
        deck = (
            (out / "testbench.cir")
            .read_text()
            .replace('"spinspice_bsource.lib"', str(library / "models" / "spinspice_osdi.lib"))
        )
        head, _, _ = deck.partition(".control")
        loads = _LOADS.format(folder=library / "models")
        python = simulate(
            f"{head}.control\n{loads}{_CONTROL.format(out='testbench.txt')}.end\n", out / "testbench.cir", "3n"
        )
        assert own.shape == python.shape and own.shape[0] > 2000
        assert np.array_equal(own, python)
        assert np.ptp(own[:, 2]) > 0.005
        runs.append(own)
    for run in runs[1:]:
        assert not np.array_equal(run, runs[0])


@foundry("sky130")
@pytest.mark.engine("xschem")
@pytest.mark.engine("ngspice", model="verilog-a")
def test_the_drawn_readout_is_the_python_cell_bit_for_bit(library, tmp_path):
    """The same deck with the drawing's subcircuit, and with that of the Python cell."""
    text = netlist(library, library / "spinspice" / "tb_readout.sch", tmp_path)
    end = text.rindex(".end")
    control = _CONTROL.format(out="{out}").replace("v(mid)", "v(state)").replace("pre_optran 1 1 1 5e-12 5e-09 0\n", "")
    deck = f"* readout\n{text[:end]}.control\n{control}{text[end:]}"
    first, last = deck.index(".subckt readout "), deck.rindex(".ends")
    cell = drawn_cell("readout")
    python = deck[:first] + str(cell) + deck[last + len(".ends") :]
    python = python.replace(f".include {library / 'models' / 'sky130_readout.lib'}\n", "")
    runs = []
    for name, made in (("drawn", deck), ("python", python)):
        path = tmp_path / f"{name}.cir"
        runs.append(simulate(made.replace("{out}", f"{name}.txt"), path, "3n"))
    assert runs[0].shape[0] > 500 and np.ptp(runs[0][:, 1]) > 1.0
    assert np.array_equal(*runs)


@foundry("sky130")
@pytest.mark.engine("xschem")
@pytest.mark.parametrize("name", sorted(models()))
def test_every_model_has_a_symbol_whose_line_is_the_subcircuit(library, tmp_path, name):
    """A sheet with one symbol netlists to a line with its ports in order and all parameters at their defaults."""
    sheet = tmp_path / f"one_{name}.sch"
    sheet.write_text(
        "v {xschem version=2.8.1 file_version=1.0}\nG {}\nV {}\nS {}\nE {}\n"
        f"C {{spinspice/{name}.sym}} 0 0 0 0 {{name=Xj seed=7}}\n"
        + "".join(
            f"C {{devices/lab_pin.sym}} {10 * pin.x} {10 * pin.y} 0 0 {{name=l{number} lab=n_{pin.name}}}\n"
            for number, pin in enumerate(model_shape(models()[name]).pins)
        )
    )
    text = " ".join(netlist(library, sheet, tmp_path).replace("\n+", " ").split())
    line = text[text.index("Xj ") : text.index("**** begin")] if "**** begin" in text else text[text.index("Xj ") :]
    words = line.split()
    kind = models()[name]
    assert words[1 : 2 + len(kind.ports)] == [*(f"n_{port}" for port in kind.ports), name]
    given = dict(word.split("=") for word in words if "=" in word)
    assert given.pop("seed") == "7"
    assert {key: float(value) for key, value in given.items()} == {
        key: field.default for key, field in kind.__dataclass_fields__.items() if key in given
    }
    assert set(given) == set(kind.settable()) - set(kind.derived)
