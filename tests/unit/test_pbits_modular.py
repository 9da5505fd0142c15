"""Modular p-bits: the law of two junctions in series."""

from __future__ import annotations

import numpy as np
import pytest

from spinspice.cells import ModularPBit
from spinspice.devices import Macrospin, Telegraph
from spinspice.errors import CircuitError
from spinspice.networks.pbits.modular_law import mean, midpoints, transfer
from spinspice.studies.pbits import MODULAR

DEVICE = Macrospin(**MODULAR)


@pytest.mark.parametrize("TMR", [0.5, 1.0, 2.0])
def test_range_without_bias_dependence_is_the_published_one(TMR):
    """From end to end TMR/(2 + TMR) of the supply, within the half step of the grid."""
    cell = ModularPBit(DEVICE.replace(TMR=TMR, V_half=100.0, pol=1e-6))
    v, p = midpoints(cell)
    assert (v[-1] - v[0]) / cell.vdd == pytest.approx(TMR / (2.0 + TMR), rel=0.02)
    assert p.sum() == pytest.approx(1.0) and abs(v @ p) < 1e-9


def test_distribution_is_that_of_drawn_magnets():
    """Quadrature beside 200,000 draws: 4 standard errors."""
    cell = ModularPBit(DEVICE.replace(V_half=100.0, pol=1e-6))
    a, b = np.random.default_rng(3).uniform(-1.0, 1.0, (2, 200_000))
    c = 1.0 / 3.0  # TMR/(2 + TMR): conductance 1 + c m over its mean
    v = cell.vdd / 2 * c * (a - b) / (2.0 + c * (a + b))
    for vin in (-0.08, -0.02, 0.0, 0.05):
        drawn = np.mean(v < vin)
        assert abs((1 + mean(cell, vin)) / 2 - drawn) < 4 * np.sqrt(drawn * (1 - drawn) / v.size) + 2.0 / 200


def test_bias_narrows_it_and_torque_hardly_moves_it():
    plain, biased = (ModularPBit(DEVICE.replace(V_half=v, pol=1e-6)) for v in (100.0, 0.5))
    assert 0.5 < transfer(biased).calibration().V0 / transfer(plain).calibration().V0 < 0.75
    cell = ModularPBit(DEVICE)
    assert 0.1 < cell.torque < 0.3 and abs(transfer(cell).calibration().v0) < 1e-4


def test_bad_junctions():
    with pytest.raises(CircuitError, match="modular p-bit needs a Macrospin"):
        ModularPBit(Telegraph())
    cell = ModularPBit(DEVICE)
    assert list(cell.devices) == ["mtj0", "mtj1"] and cell.rebuilt(probes="none").torque == cell.torque
    assert 1e-16 < cell.input_capacitance < 1e-14
