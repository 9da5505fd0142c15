"""A stimulus at the input of an exported cell: in every dialect, and as the engine plays it."""

from __future__ import annotations

import subprocess

import numpy as np
import pytest

from spinspice.cli import run
from spinspice.export import DIALECTS, export_cell
from spinspice.stimuli import Pulse, Pwl

PULSE = Pulse(low=-0.1, high=0.1, delay=2e-10, rise=1e-11, fall=1e-11, width=4e-10, period=1e-9)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_dialect_takes_a_pulse(tmp_path, dialect):
    export_cell("bsn", dialect=dialect, out=tmp_path / dialect, vin=PULSE)
    text = "".join(file.read_text().lower() for file in (tmp_path / dialect).glob("testbench.*"))
    assert "pulse" in text and "4e-10" in text


@pytest.mark.engine("ngspice")
def test_an_exported_deck_plays_the_stimulus(tmp_path):
    out = tmp_path / "deck"
    text = "pulse:low=-0.1,high=0.1,delay=0.2n,rise=10p,fall=10p,width=0.4n,period=1n"
    assert run(["export", "bsn", "--stimulus", text, "--duration", "3n", "--out", str(out)]) == 0
    deck = out / "testbench.cir"
    deck.write_text(deck.read_text().replace("v(mid)", "v(vin) v(mid)", 2))
    subprocess.run(["ngspice", "-b", deck.name], cwd=out, capture_output=True, timeout=120, check=False)
    head = (out / "waveform.txt").read_text().split("\n", 1)[0].split()
    table = np.loadtxt(out / "waveform.txt", skiprows=1)
    assert np.max(np.abs(table[:, head.index("v(vin)")] - PULSE.value(table[:, 0]))) < 1e-6


def test_a_measured_stimulus(tmp_path, capsys):
    table = tmp_path / "scope.csv"
    table.write_text("time,v\n-1e-9,0\n0,0.05\n5e-9,-0.05\n")
    out = tmp_path / "deck"
    assert run(["export", "bsn", "--stimulus", str(table), "--out", str(out)]) == 0
    line = next(line for line in (out / "testbench.cir").read_text().splitlines() if line.startswith("Vin"))
    assert line == f"Vin vin 0 dc 0.0 {Pwl((0.0, 1e-9, 6e-9), (0.0, 0.05, -0.05)).text()}"
    assert run(["export", "bsn", "--stimulus", "nothing", "--out", str(tmp_path / "x")]) == 2
    assert "pulse:high=1" in capsys.readouterr().err
    assert run(["export", "bsn", "--stimulus", str(table), "--vin", "0", "--out", str(tmp_path / "y")]) == 2
