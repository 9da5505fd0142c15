"""p-bits on a line: the exact laws of one magnet and of a pair, against quadrature and the reference solver."""

from __future__ import annotations

import math

import numpy as np
import pytest

from spinspice.cells import SOTPBit
from spinspice.devices import Macrospin, MacrospinSOT
from spinspice.devices.reference.macrospin import simulate_macrospin
from spinspice.errors import CircuitError
from spinspice.networks.pbits import gates
from spinspice.networks.pbits.circuit import PBitNetwork
from spinspice.networks.pbits.crossbar import crossbar
from spinspice.networks.pbits.sot_law import pair, up
from spinspice.studies.pbits import SOT

DEVICE = MacrospinSOT(**SOT)


@pytest.mark.parametrize("x", [-3.0, 0.0, 1e-10, 0.4, 2.0, 30.0])
@pytest.mark.parametrize("threshold", [-0.5, 0.0, 0.3])
def test_sign_of_an_isotropic_magnet(x, threshold):
    m = np.linspace(-1.0, 1.0, 200_001)
    density = np.exp(x * m - abs(x))
    wanted = np.trapezoid(np.where(m > threshold, density, 0.0), m) / np.trapezoid(density, m)
    assert up(x, threshold) == pytest.approx(wanted, abs=2e-4)
    if threshold == 0.0:
        assert 2 * up(x) - 1 == pytest.approx(math.tanh(x / 2), abs=1e-9)


def test_line_current_makes_the_law_in_the_reference_solver():
    """sgn m of 16 junctions over 1 us each at x = 1: tanh(1/2) within 4 standard errors."""
    cell, fine = SOTPBit(DEVICE), DEVICE.replace(t_free=1e-9, dt=1e-11, max_step=1e-11)
    run = simulate_macrospin(fine, 1e-6, seed=np.arange(16), line_current=0.5 * cell.V0 / DEVICE.R_hm, decimate=4)
    means = np.sign(run.cosine[:, 500:]).mean(axis=1)
    assert abs(means.mean() - math.tanh(0.5)) < 4 * means.std(ddof=1) / 4
    assert means.std(ddof=1) / 4 < 0.04


def test_pair_has_no_energy():
    """More alike than independent, less than Boltzmann; symmetric; independent at x = 0; a table to compare with."""
    np.testing.assert_allclose(pair(0.0), 0.25, atol=1e-9)
    for x, equal in ((1.0, 0.6893), (2.0, 0.8362)):
        law = pair(x)
        assert law.sum() == pytest.approx(1.0) and law[0] == pytest.approx(law[3]) and law[1] == pytest.approx(law[2])
        assert law[0] + law[3] == pytest.approx(equal, abs=3e-4)
        assert 0.5 < law[0] + law[3] < (1 + math.tanh(x / 2)) / 2 - 0.03
        np.testing.assert_allclose(pair(x, 40), law, atol=2e-4)
    np.testing.assert_allclose(pair(-1.0)[[0, 3]], pair(1.0)[[1, 2]], atol=1e-9)


def test_pair_against_two_walkers():
    """The same pair as two diffusions in steps: within 4 standard errors over 64 independent pairs."""
    x, step, steps, draw = 2.0, 2e-3, 20_000, np.random.default_rng(5)
    z = draw.normal(size=(2, 64, 3))
    z /= np.linalg.norm(z, axis=2, keepdims=True)
    equal = np.zeros(64)
    for k in range(steps):
        sign = np.sign(z[:, :, 2])
        kick = math.sqrt(2 * step) * draw.normal(size=z.shape)
        kick[:, :, 2] += step * x * sign[::-1]
        z = z + kick - z * (z * kick).sum(axis=2, keepdims=True)
        z /= np.linalg.norm(z, axis=2, keepdims=True)
        if k >= steps // 10:
            equal += sign[0] == sign[1]
    equal /= steps - steps // 10
    law = pair(x)
    assert abs(equal.mean() - law[0] - law[3]) < 4 * equal.std(ddof=1) / 8 + 0.002  # steps: 2e-3
    assert equal.std(ddof=1) / 8 < 0.01


def test_width_and_line_of_the_cell():
    cell = SOTPBit(DEVICE)
    assert cell.V0 == pytest.approx(6.62e-3, rel=1e-3) and cell.input_resistance == 3e3
    assert SOTPBit(DEVICE.replace(alpha=0.05)).V0 == pytest.approx(cell.V0 / 2)
    assert cell.rebuilt(probes="none").V0 == cell.V0
    assert cell.middle_at(0.0) / cell.V0 == pytest.approx(0.5 * 0.3 * cell.read_current / 1.2577e-6, rel=1e-3)
    assert cell.middle_at(0.0) - cell.middle_at(1e3) == pytest.approx(500.0 * cell.read_current)
    network = PBitNetwork(ising=gates.copy(), cell=cell, V0=cell.V0).network()
    conductance = sum(1.0 / each.resistance for name, each in network.couplings.items() if name.startswith("a_"))
    assert conductance + 1.0 / 3e3 == pytest.approx(1.0 / 1.5e3)


def test_bad_lines():
    with pytest.raises(CircuitError, match="needs a MacrospinSOT"):
        SOTPBit(Macrospin())
    with pytest.raises(CircuitError, match="nothing is left for couplings. Take R_node = 1.5e"):
        crossbar(gates.copy(), I0=1.0, V0=7e-3, v0={}, vdd=0.8, R_node=3e3, R_in=3e3)
    with pytest.raises(CircuitError, match="Take I0 up to"):
        crossbar(gates.copy(), I0=100.0, V0=7e-3, v0={}, vdd=0.8, R_node=1.5e3, R_in=3e3)


def test_torque_of_the_current_that_reads_shifts_the_law():
    """The reference solver with the reading current and the line at v_0: as often up as down, 4 standard errors."""
    cell, fine = SOTPBit(DEVICE), DEVICE.replace(t_free=1e-9, dt=1e-11, max_step=1e-11)
    run = simulate_macrospin(
        fine, 1e-6, seed=np.arange(16), current=-cell.read_current, line_current=cell.middle_at(0.0) / DEVICE.R_hm,
        decimate=4,
    )  # fmt: skip
    means = np.sign(run.cosine[:, 500:]).mean(axis=1)
    assert abs(means.mean()) < 4 * means.std(ddof=1) / 4
    assert abs(means.mean() - math.tanh(cell.middle_at(0.0) / cell.V0)) > 4 * means.std(ddof=1) / 4
