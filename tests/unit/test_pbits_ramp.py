"""Annealing by a voltage: the ramp as data, drivers, and the exact chain of telegraph p-bits."""

from __future__ import annotations

import numpy as np
import pytest

from spinspice.cells import TelegraphPBit
from spinspice.devices import TelegraphField
from spinspice.errors import ParameterError, SpinspiceError
from spinspice.networks.pbits import exact, gates
from spinspice.networks.pbits.circuit import PBitNetwork
from spinspice.networks.pbits.ramp import Ramp, drivers
from spinspice.networks.pbits.telegraph_chain import after_ramp, evolve, generator
from spinspice.studies.pbits import TELEGRAPH

DEVICE = TelegraphField(**TELEGRAPH)


@pytest.mark.parametrize("gate", ["copy", "and", "full-adder"])
@pytest.mark.parametrize("I0", [0.0, 0.3, 0.7])
def test_chain_keeps_boltzmann_in_balance(gate, I0):
    """No flow between any two states: p_a Q_ab = p_b Q_ba, rows of sum 0."""
    ising = gates.gate(gate)
    matrix = generator(ising, DEVICE, I0)
    law = exact.boltzmann(ising, I0)
    flow = (matrix.multiply(law[:, None])).toarray()
    np.testing.assert_allclose(flow, flow.T, atol=1e-12 * np.abs(flow).max())
    np.testing.assert_allclose(matrix.sum(axis=1), 0.0, atol=1e-6)
    assert matrix.nnz == 2 ** len(ising) * (len(ising) + 1)


def test_one_free_pbit_relaxes_at_both_its_rates():
    """Alone at I = 0: p(+1) = 1 - exp(-2 r t)/2 from +1, r = phi0 exp(-delta)."""
    alone = gates.copy().clamped({"b": 1}).scaled(0.0)
    rate = DEVICE.phi0 * np.exp(-DEVICE.barrier)
    for time in (1e-9, 20e-9):
        p = evolve(alone, DEVICE, [0.0, 1.0], [0.0], [time])
        assert p[1] == pytest.approx(0.5 * (1.0 + np.exp(-2.0 * rate * time)), rel=1e-9)


def test_slow_ramps_end_in_boltzmann_and_sudden_ones_where_they_were():
    ising = gates.and_gate()
    slow = after_ramp(ising, DEVICE, 0.5, Ramp(rest=1e-6, rise=20e-6, hold=1e-6), pieces=50)
    np.testing.assert_allclose(slow, exact.boltzmann(ising, 0.5), atol=1e-4)
    sudden = after_ramp(ising, DEVICE, 0.5, Ramp(rest=1e-6, rise=1e-12), pieces=2)
    np.testing.assert_allclose(sudden, 1 / 8, atol=1e-4)
    held = after_ramp(ising, DEVICE, 0.5, Ramp(rest=1e-6, rise=1e-12, low=0.5), pieces=2)
    np.testing.assert_allclose(held, exact.boltzmann(ising, 0.25), atol=1e-4)


def test_pieces_of_a_rise():
    ising, ramp = gates.full_adder(), Ramp(rest=50e-9, rise=100e-9)
    found = [after_ramp(ising, DEVICE, 1.0, ramp, pieces) for pieces in (25, 100, 400)]
    assert np.abs(found[0] - found[2]).max() < 1e-3 and np.abs(found[1] - found[2]).max() < 1e-4


def test_wave_and_ends():
    ramp = Ramp(rest=50e-9, rise=100e-9, hold=20e-9, low=0.1, high=0.8, count=3)
    assert ramp.period == pytest.approx(171e-9) and ramp.stop == pytest.approx(513e-9)
    np.testing.assert_allclose(ramp.ends, [170e-9, 341e-9, 512e-9])
    wave = ramp.wave(-0.4)
    np.testing.assert_allclose(wave.value([0.0, 100e-9, *ramp.ends, 171e-9, 400e-9]), -0.4 * np.array(
        [0.1, 0.45, 0.8, 0.8, 0.8, 0.1, 0.1 + 0.7 * 8e-9 / 100e-9]
    ))  # fmt: skip
    without = Ramp(rest=50e-9, rise=100e-9, count=2)
    np.testing.assert_allclose(without.wave(1.0).value(without.ends), 1.0)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"rest": 0.0}, "rest"),
        ({"rise": -1e-9}, "rise"),
        ({"hold": -1e-9}, "hold"),
        ({"high": 1.2}, "amplitude over VDD/2"),
        ({"low": 0.5, "high": 0.4}, "low"),
        ({"count": 0}, "count"),
    ],
)
def test_bad_ramps(changes, message):
    with pytest.raises(ParameterError, match=message):
        Ramp(**{"rest": 1e-9, "rise": 1e-9} | changes)


def test_couplings_and_fields_hang_on_the_ramp_and_trims_do_not():
    cell = TelegraphPBit(DEVICE)
    network = PBitNetwork(
        ising=gates.and_gate(), cell=cell, V0=cell.V0, v0=1e-3, ramp=Ramp(rest=1e-8, rise=1e-8)
    ).network()
    assert network.couplings["a_b"].a == "down_b" and network.couplings["a_c"].a == "up_c"
    assert network.couplings["a_h"].a == "hi" and network.couplings["c_h"].a == "lo"
    assert network.couplings["a_trim"].a == "trim_a"
    assert {"hi", "lo", "trim_a"} < set(network.inputs)
    assert len(drivers(("a",), cell)) == 4


def test_chain_of_too_many():
    with pytest.raises(SpinspiceError, match="p-bits = 48"):
        generator(gates.multiplier(4, 4), DEVICE, 1.0)
