"""Annealing by a voltage: the ramp as data, drivers, and the exact chain of telegraph p-bits."""

from __future__ import annotations

import numpy as np
import pytest

from spinspice.cells import TelegraphPBit
from spinspice.devices import TelegraphField
from spinspice.errors import CircuitError, ParameterError, SpinspiceError
from spinspice.networks.pbits import exact, gates
from spinspice.networks.pbits.circuit import PBitNetwork
from spinspice.networks.pbits.ising import Ising
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


def test_programmable_synapses_take_no_ramp():
    network = PBitNetwork(
        ising=gates.copy(), cell=TelegraphPBit(DEVICE), V0=1e-2, synapse="transistors", ramp=Ramp(rest=1e-8, rise=1e-8)
    )
    with pytest.raises(CircuitError, match="a ramp goes with resistors"):
        network.network()


def test_chain_of_too_many():
    with pytest.raises(SpinspiceError, match="p-bits = 48"):
        generator(gates.multiplier(4, 4), DEVICE, 1.0)


@pytest.mark.parametrize(("delay", "energy"), [(0.0, -2.10), (0.15e-9, -1.89), (0.25e-9, -1.77)])
def test_delay_of_a_circuit_is_seen_in_a_sudden_rise(delay, energy):
    """Drawn chains whose neighbours are seen later, a rise of 2 ns: without a delay the exact law, with one less order.

    The mean energies are those of 20,000 draws each; within 4 standard errors of both.
    """
    weights = np.zeros((6, 6))
    weights[np.triu_indices(6, 1)] = np.random.default_rng(14).integers(1, 10, size=15)
    J = -(weights + weights.T) / weights.max()
    ising = Ising([f"v{k}" for k in range(6)], J)
    device, I0, rise, step = DEVICE.replace(phi0=2e9), 2.057, 2e-9, 0.02e-9
    draw, late = np.random.default_rng(2), round(delay / step)
    m = draw.choice([-1.0, 1.0], (6000, 6))
    seen = [m]
    for k in range(-late, round(rise / step)):
        inputs = I0 * max(k + 0.5, 0.0) * step / rise * ising.inputs(seen[0])
        up, down = device.rates_in_field(-device.B_k * inputs / (2.0 * device.barrier))
        leave = -np.expm1(-step * np.where(m < 0, up, down))
        m = np.where(draw.random(m.shape) < leave, -m, m)
        seen = [*seen, m][-late - 1 :]
    found = ising.energy(seen[0])
    error = found.std() / np.sqrt(found.size)
    assert abs(found.mean() - energy) < 4 * np.hypot(error, 0.01)
    if not delay:
        law = after_ramp(ising, device, I0, Ramp(rest=1e-6, rise=rise))
        assert abs(found.mean() - law @ exact.energies(ising)) < 4 * error + 0.01  # steps of 0.02 ns
