"""Barrier, critical current and noise step of a macrospin with demagnetisation against the reference solver."""

from __future__ import annotations

import math
from types import SimpleNamespace

import numpy as np
import pytest
from physics.oracles import SIGMAS

from spinspice.devices import Macrospin
from spinspice.devices.laws.fokker_planck import escape_rate, time_unit
from spinspice.devices.noise_step import LARGEST_LOSS, noise_loss
from spinspice.devices.reference.macrospin import simulate_macrospin

#: Perpendicular disk with the demagnetising factors of its shape, and an elliptic one in the plane.
PERPENDICULAR = {"diameter": 20e-9, "t_free": 1.2e-9, "Ms": 1e6, "alpha": 0.1, "TMR": 1.0, "RA": 5e-12}
IN_PLANE = {"length": 60e-9, "width": 40e-9, "t_free": 2e-9, "Ms": 8e5, "alpha": 0.02, "TMR": 1.0, "RA": 5e-12}


def test_escape_over_a_low_barrier_with_demagnetisation():
    """The exact mean time to the equator (Brown's equation) of a barrier that is all but cancelled by the shape.

    The part of 3000 magnets that have never been at mz <= 0, after the wells have come to equilibrium. Sampling every
    step misses few crossings: 5 ps against a relaxation of about 1 ns.
    """
    magnet = Macrospin.perpendicular(**PERPENDICULAR, delta=3.0, dt=5e-12)
    assert magnet.delta == pytest.approx(3.0, rel=1e-9) and magnet.B_k > 5 * magnet.B_eff
    unit, members = time_unit(magnet), 3000
    run = simulate_macrospin(magnet, 8.0 * unit, np.arange(members), substeps=1)
    inside = np.logical_and.accumulate(run.m[:, :, 2] > 0.0, axis=1)
    # Two times after which the distribution in the well is the slowest mode; the ratio gives its rate.
    first, last = (int(part * unit / magnet.dt) for part in (3.0, 7.9))
    a, b = inside[:, first].sum(), inside[:, last].sum()
    rate = math.log(a / b) / (last - first) / magnet.dt * unit
    error = math.sqrt((1 - b / a) / b) / (last - first) / magnet.dt * unit
    assert rate == pytest.approx(_slowest(3.0), abs=SIGMAS * error + 0.03 * rate)


def _slowest(delta: float) -> float:
    """Slowest rate of decay in the well mz > 0 with an absorbing equator, in 1 / time_unit, by finite differences."""
    n = 2000
    faces = np.linspace(0.0, 1.0, n + 1)
    x = 0.5 * (faces[1:] + faces[:-1])
    h = 1.0 / n
    weight = np.exp(delta * x**2)
    conduct = (1.0 - faces**2) * np.exp(delta * faces**2) / (2.0 * delta)
    up, down = conduct[1:] / weight / h**2, conduct[:-1] / weight / h**2
    down[0] *= 2.0  # half a cell to the equator
    up[-1] = 0.0
    from scipy.linalg import eigh_tridiagonal

    # Symmetric form: multiply by sqrt(weight) on the left, divide on the right.
    off = conduct[1:-1] / np.sqrt(weight[1:] * weight[:-1]) / h**2
    return float(eigh_tridiagonal(up + down, -off, select="i", select_range=(0, 0))[0][0])


def test_the_time_unit_goes_by_the_net_field():
    magnet = Macrospin.perpendicular(**PERPENDICULAR, delta=5.0)
    assert escape_rate(5.0) > 0.0
    assert time_unit(magnet) == pytest.approx(time_unit(magnet.replace(Nx=0, Ny=0, Nz=0, B_k=magnet.B_eff)), rel=1e-9)


@pytest.mark.parametrize(
    ("magnet", "start"),
    [
        (Macrospin.perpendicular(**PERPENDICULAR, B_eff=0.2, Bz=0.03), (1e-3, 0.0, 1.0)),
        (Macrospin.perpendicular(**PERPENDICULAR, B_eff=0.2, field_like=0.4), (1e-3, 0.0, 1.0)),
        (Macrospin.ellipse(**IN_PLANE), (1.0, 1e-3, 0.0)),
        (Macrospin.ellipse(**IN_PLANE, B_k=0.01, Bx=-5e-3), (1.0, 1e-3, 0.0)),
    ],
    ids=["perpendicular in a field", "field-like torque", "in-plane", "in-plane in a field"],
)
@pytest.mark.parametrize("state", [+1, -1])
def test_critical_current_within_one_per_cent(magnet, start, state):
    """Without noise a small tilt dies out at 0.99 and grows at 1.01 of the critical current, out of P and out of AP."""
    cold = magnet.replace(T=0.0, dt=2e-12, max_step=1e-12)
    critical = magnet.critical_currents[0 if state > 0 else 1]
    m0 = np.array(start) * np.where(np.abs(start) == 1.0, state, 1.0)
    axis, grown = int(np.argmax(np.abs(start))), []
    for part in (0.99, 1.01):
        run = simulate_macrospin(cold, 300e-9, current=part * critical, m0=m0, decimate=10)
        tilt = np.sqrt(1.0 - np.minimum(1.0, run.m[:, axis] ** 2))
        # A magnet that leaves the state swings through all tilts; one that stays never tilts more than at the start.
        grown.append(float(tilt.max() / tilt[: tilt.size // 20].max()))
    assert grown[0] < 1.001 and grown[1] > 1.5, grown


def test_at_the_longest_step_the_variance_falls_short_by_about_the_limit():
    """The estimate of the loss against what is measured: 22 nm disk, and a stable perpendicular layer."""
    for magnet, dt, component in (
        (Macrospin(), 20e-12, 2),
        (Macrospin.perpendicular(**PERPENDICULAR | {"alpha": 0.03}, B_eff=0.33), 10e-12, 0),
    ):
        fine, coarse = (SimpleNamespace(**magnet.parameters() | {"dt": step}) for step in (2.5e-12, dt))
        values = []
        for device in (fine, coarse):
            run = simulate_macrospin(device, 24e-9, np.arange(300), decimate=round(20e-12 / device.dt))
            values.append((run.m[:, run.m.shape[1] // 3 :, component] ** 2).mean(axis=1))
        lost = 1.0 - values[1].mean() / values[0].mean()
        error = math.hypot(*(v.std() / v.mean() / math.sqrt(v.size) for v in values))
        expected = noise_loss(coarse) - noise_loss(fine)
        # First order in the loss: what it leaves out is its own square, here under 0.02.
        assert abs(lost - expected) < SIGMAS * error + 0.02, (lost, expected, error)
        assert 0.02 < lost < LARGEST_LOSS + 0.02
