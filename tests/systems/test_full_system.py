"""Measured figures of the full system, measured again."""

from __future__ import annotations

import json

import pytest
from test_gates import yosys

from spinspice.cli import run
from spinspice.errors import ParameterError
from spinspice.memory import measure_memory
from spinspice.papers.mizrahi2018.full_system import (
    digital_figures,
    measure_digital,
    measured,
    memory_figures,
    read_figures,
)
from spinspice.papers.mizrahi2018.full_system.activity import PERIOD
from spinspice.presets import load_preset
from spinspice.reproduce.base import SIGMAS
from spinspice.studies.readout import study_readout


@pytest.mark.engine("ngspice")
def test_energy_of_a_read_again():
    """No chance in it: the junctions of the energy audit stand still."""
    study = study_readout(cmos="generic", clock=PERIOD, bits=20, trials=2, workers=1)
    assert study.energy == pytest.approx(read_figures("generic").energy, rel=0.02)


def check_digital(size):
    """The table's operations again: what they ask of the memory bit for bit, their energy but for Yosys' choices."""
    kept, found = digital_figures(size, size), measure_digital(size, size)
    for name in ("cycles", "words_read", "words_written", "bits_written"):
        assert getattr(found, name) == getattr(kept, name)
    assert found.area == pytest.approx(kept.area, rel=0.03)  # another version may choose other cells
    assert found.energy == pytest.approx(kept.energy, rel=0.03)


@yosys
def test_digital_part_again():
    check_digital(16)
    with pytest.raises(ParameterError, match="operations"):
        measure_digital(16, 16, operations=1)


@pytest.mark.slow
@yosys
def test_the_large_digital_part_again():
    check_digital(128)


@pytest.mark.slow
@pytest.mark.engine("ngspice")
def test_memory_again():
    kept = memory_figures("generic")
    found = measure_memory(load_preset("sttmram").device, "generic", rows=8, seeds=2, seed=5, workers=1)
    for name in ("energy_read", "energy_write"):
        error = sum(getattr(f, f"{name}_stderr") ** 2 for f in (kept, found)) ** 0.5
        assert abs(getattr(found, name) - getattr(kept, name)) < SIGMAS * error + 1e-3 * getattr(kept, name)


def test_command_line(capsys):
    assert run(["energy", "system", "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["inputs"] == data["outputs"] == 128
    assert sum(c["energy"] for c in data["energy"]) == pytest.approx(data["energy_total"])
    assert run(["energy", "system", "--inputs", "64", "--outputs", "64", "--cmos", "sky130", "--unscaled"]) == 0
    text = capsys.readouterr().out
    assert "64 x 64" in text and "as measured" in text and "dfxtp_1" in text and "measure_digital" in text


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["system", "--vin", "1"], "--vin does not apply to system"),
        (["bsn", "--inputs", "4"], "--inputs does not apply to bsn"),
        (["system", "--cmos", "sky"], "sky130"),
    ],
)
def test_command_line_refuses(arguments, message, capsys):
    assert run(["energy", *arguments]) == 2
    assert message in capsys.readouterr().err


def test_the_tables_have_a_script():
    assert set(json.loads(measured.TABLE.read_text())) == {"digital", "readout", "memory"}
