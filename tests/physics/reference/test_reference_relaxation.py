"""How fast the reference macrospin relaxes: Neel-Brown eigenvalue and the autocorrelation of the easy-plane disk."""

from __future__ import annotations

import numpy as np
import pytest
from physics import oracles
from physics.magnets import disk, uniaxial

from spinspice.devices.reference.macrospin import simulate_macrospin


@pytest.mark.parametrize("sigma", [2.0, 4.0])
def test_relaxation_eigenvalue(sigma):
    """The slowest eigenfunction decays as one exponential, from any start: E f(mz(t)) = f(1) exp(-lambda_1 t).

    The step of 10 ps is 0.5 % of tau_N, a quarter of the standard error; 40,000 members gave 0.1 +- 1.2 % off.
    """
    magnet = uniaxial(sigma, dt=10e-12)
    tau, rate = oracles.diffusion_time(magnet), oracles.relaxation_rate(sigma)
    members = 12_000
    m0 = np.tile([0.0, 0.0, 1.0], (members, 1))
    m0[1::2, 2] = -1.0
    whole = round(tau / rate / magnet.dt)
    run = simulate_macrospin(magnet, tau / rate, np.arange(members), m0=m0, substeps=1, decimate=whole)
    f = oracles.relaxation_eigenfunction(sigma, run.m[:, -1, 2] * m0[:, 2])
    mean, error = oracles.mean_and_error(f)
    measured = -np.log(mean) * tau / run.time[-1]
    measured_error = error / mean * tau / run.time[-1]
    assert measured_error < 0.03 * rate
    assert abs(measured - rate) < oracles.SIGMAS * measured_error, f"{measured:.4f} +- {measured_error:.4f}, {rate:.4f}"


def test_free_diffusion():
    """An isotropic magnet forgets its direction as exp(-t / tau_N)."""
    magnet = uniaxial(0.0)
    members, tau = 6000, oracles.diffusion_time(magnet)
    run = simulate_macrospin(magnet, 1.5 * tau, np.arange(members), m0=[0.6, 0.0, 0.8], substeps=1, decimate=50)
    mean, error = oracles.mean_and_error(run.m @ np.array([0.6, 0.0, 0.8]))
    exact = np.exp(-run.time / tau)
    assert np.all(np.abs(mean - exact)[1:] < oracles.SIGMAS * error[1:])


@pytest.mark.parametrize(("alpha", "stride"), [(0.01, 4), (0.1, 10)])
@pytest.mark.filterwarnings("ignore::spinspice.errors.PlausibilityWarning")
def test_autocorrelation_of_the_disk(alpha, stride):
    """Kubo's formula leaves out terms of order <mz^2>; the disk is cooled to 30 K, where those are 4e-4."""
    magnet = disk(alpha=alpha, T=30.0)
    members = 3000
    exponent = oracles.easy_plane_delta(magnet)
    m0 = oracles.boltzmann_samples(exponent, 0.0, members, 1)
    run = simulate_macrospin(magnet, 60 * stride * magnet.dt, np.arange(members), m0=m0, substeps=1, decimate=stride)
    m, lags = run.m[:, :, :2], np.arange(1, 31)
    origins = m.shape[1] - lags[-1]
    products = np.array([(m[:, :origins] * m[:, lag : lag + origins]).sum(axis=2).mean(axis=1) for lag in lags])
    mean, error = oracles.mean_and_error(products.T)
    exact = oracles.kubo_correlation(magnet, run.time[lags]) * (1.0 - oracles.boltzmann_moments(exponent)[1])
    budget = 3.0 * oracles.boltzmann_moments(exponent)[1]
    assert exact.min() < 0.35 < 0.9 < exact.max()
    assert np.all(np.abs(mean - exact) < oracles.SIGMAS * error + budget), np.max(np.abs(mean - exact))
