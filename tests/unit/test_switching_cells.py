"""Cells of the switching studies: each is made from its defaults, again from its arguments, and on its bench."""

from __future__ import annotations

import pytest

from spinspice.benches.dice import Dice
from spinspice.cells.bias_loop import BiasLoop
from spinspice.cells.dice import DiceDriver, ExclusiveOr
from spinspice.cells.readout import ReadOut
from spinspice.networks.stdp.deciding import LearningGates
from spinspice.presets import load_preset


@pytest.mark.parametrize(
    "make",
    [ExclusiveOr, LearningGates, lambda **k: DiceDriver(5e4, **k), lambda **k: BiasLoop(2e-8, **k)],
    ids=["xor", "gates", "driver", "loop"],
)
@pytest.mark.parametrize("settings", [{}, {"vdd": 0.8}, {"name": "other"}, {"probes": "blocks"}])
def test_cells_are_made_from_defaults_and_again_from_their_arguments(make, settings):
    cell = make(**settings)
    assert str(cell.rebuilt()) == str(cell)
    assert cell.area > 0.0


def test_the_bench_of_two_dice_has_their_exclusive_or():
    cell = ReadOut(load_preset("spin-dice").device, "generic", probes="none", gated=True)
    bench = Dice(cell=cell, junctions=2, volts=0.35)
    assert "v(xor2)" in bench.testbench(4, 1).save
