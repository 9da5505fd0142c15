"""How fast the macrospin forgets, on every engine: Neel-Brown eigenvalue and the autocorrelation of the disk."""

from __future__ import annotations

import numpy as np
import pytest
from ensemble import run_macrospins
from physics import oracles
from physics.magnets import disk, uniaxial

pytestmark = pytest.mark.slow


def members(engine) -> int:
    """Size of the ensemble."""
    return 8 if engine.model == "b-source" else 16


@pytest.mark.parametrize("sigma", [2.0, 4.0])
def test_relaxation_eigenvalue(engine, sigma):
    """The stationary autocorrelation of the slowest eigenfunction is one exponential, exp(-lambda_1 t)."""
    magnet = uniaxial(sigma, alpha=0.5, dt=10e-12, max_step=5e-12, theta0=1.0)
    rate = oracles.relaxation_rate(sigma) / oracles.diffusion_time(magnet)
    time, m = run_macrospins(engine, magnet, members=members(engine), seed=31, duration=150 / rate)
    lag, warm_up = round(0.7 / rate / magnet.dt), round(3 / rate / magnet.dt)
    f = oracles.relaxation_eigenfunction(sigma, np.clip(m[:, warm_up:, 2], -1.0, 1.0))
    later = np.mean(f[:, lag:] * f[:, :-lag], axis=1)
    now = np.mean(f * f, axis=1)
    pooled = -np.log(later.mean() / now.mean()) / time[lag]
    left_out = np.arange(len(now)) != np.arange(len(now))[:, None]
    jackknife = np.array([-np.log(later[keep].mean() / now[keep].mean()) / time[lag] for keep in left_out])
    error = np.sqrt((len(now) - 1) * np.mean((jackknife - jackknife.mean()) ** 2))
    assert error < 0.15 * rate
    assert abs(pooled - rate) < oracles.SIGMAS * error


@pytest.mark.parametrize("alpha", [0.01, 0.1])
@pytest.mark.filterwarnings("ignore::spinspice.errors.PlausibilityWarning")
def test_autocorrelation_of_the_disk(engine, alpha):
    """Kubo's formula leaves out terms of order <mz^2>; the disk is cooled to 30 K, where those are 4e-4."""
    magnet = disk(alpha=alpha, T=30.0, max_step=2.5e-12)
    time, m = run_macrospins(engine, magnet, members=members(engine), seed=32, duration=100e-9)
    m = m[:, 1000:, :2]
    lags = np.arange(20, 321, 20)
    products = np.array([(m[:, lag:] * m[:, :-lag]).sum(axis=2).mean(axis=1) for lag in lags])
    mean, error = oracles.mean_and_error(products.T)
    square = oracles.boltzmann_moments(oracles.easy_plane_delta(magnet))[1]
    exact = oracles.kubo_correlation(magnet, time[lags]) * (1.0 - square)
    assert np.max(error) < 0.06
    assert np.all(np.abs(mean - exact) < oracles.SIGMAS * error + 3.0 * square)
