"""Thermal equilibrium of the macrospin on every engine, against Boltzmann; four standard errors over members.

The reference solver runs the full grid (`tests/physics/reference`); here stands a representative subset per engine, and
the rest under ``-m slow``.
"""

from __future__ import annotations

import numpy as np
import pytest
from ensemble import over_members, run_macrospins
from physics import oracles

from spinspice.constants import e, hbar, k_B
from spinspice.devices import Macrospin

ISOTROPIC = Macrospin(Nz=0.0, alpha=0.5, dt=10e-12, max_step=5e-12, pz=1.0, px=0.0, theta0=1.0)


def members(engine) -> int:
    """Size of the ensemble: half as large for B-sources, which take three times as long."""
    return 8 if engine.model == "b-source" else 16


def uniaxial(delta: float, **more: float) -> Macrospin:
    """A magnet of the default moment with a barrier of ``delta`` along z."""
    field = 2.0 * delta * k_B * ISOTROPIC.T / ISOTROPIC.moment
    return ISOTROPIC.replace(B_k=field, kz=1.0, kx=0.0, **more)


@pytest.mark.parametrize(("T", "dt"), [(300.0, 5e-12), (100.0, 2.5e-12)])
def test_easy_plane(engine, T, dt):
    """<mz^2> of the disk is k T over its demagnetising energy; mx and my are uncorrelated and share the rest.

    Noise with a memory of dt leaves mz short of that by 7/15 of dt over its relaxation time (docs/theory.md), here 1 %,
    below the standard error.
    """
    disk = Macrospin(alpha=0.02, T=T, dt=dt, max_step=dt / 2)
    _, m = run_macrospins(engine, disk, members=members(engine), seed=1, duration=60e-9)
    m = m[:, m.shape[1] // 20 :]
    exact = oracles.boltzmann_moments(oracles.easy_plane_delta(disk))[1]
    assert over_members(np.mean(m[:, :, 2] ** 2, axis=1)).agrees_with(exact)
    assert over_members(np.mean(m[:, :, 0] * m[:, :, 1], axis=1)).agrees_with(0.0)
    assert over_members(np.mean(m[:, :, 0] ** 2, axis=1)).agrees_with(0.5 * (1.0 - exact))


@pytest.mark.parametrize("delta", [2.0, pytest.param(5.0, marks=pytest.mark.slow)])
def test_uniaxial(engine, delta):
    """<mz^2> of a uniaxial magnet."""
    _, m = run_macrospins(engine, uniaxial(delta), members=members(engine), seed=2, duration=150e-9)
    m = m[:, m.shape[1] // 10 :]
    assert over_members(np.mean(m[:, :, 2] ** 2, axis=1)).agrees_with(oracles.boltzmann_moments(delta)[1])


def test_tilted_by_a_field(engine):
    """<mz> and <mz^2> of a uniaxial magnet of 3 kT in a field of m B = kT (reference: 0.531995 and 0.662035)."""
    magnet = uniaxial(3.0, Bz=k_B * ISOTROPIC.T / ISOTROPIC.moment)
    _, m = run_macrospins(engine, magnet, members=members(engine), seed=3, duration=150e-9)
    m = m[:, m.shape[1] // 10 :]
    mean, square = oracles.boltzmann_moments(3.0, 1.0)
    assert over_members(np.mean(m[:, :, 2], axis=1)).agrees_with(mean)
    assert over_members(np.mean(m[:, :, 2] ** 2, axis=1)).agrees_with(square)


@pytest.mark.parametrize("x", [1.0, pytest.param(3.0, marks=pytest.mark.slow)])
def test_collinear_spin_torque_acts_as_a_field(engine, x):
    """<mz> = coth x - 1/x of an isotropic magnet, x = hbar I_s / (2 e alpha k T)."""
    current = x * 2.0 * e * ISOTROPIC.alpha * k_B * ISOTROPIC.T / (hbar * ISOTROPIC.pol)
    _, m = run_macrospins(engine, ISOTROPIC, members=members(engine), seed=4, duration=100e-9, current=current)
    m = m[:, m.shape[1] // 10 :]
    assert over_members(np.mean(m[:, :, 2], axis=1)).agrees_with(float(oracles.langevin(x)))
