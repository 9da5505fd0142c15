"""The reference macrospin in equilibrium, against Boltzmann averages.

Members start from the Boltzmann density and run for five relaxation times before anything is counted, so that a wrong
noise amplitude would have moved them. Each member gives one time average; members are independent, so the standard
error is theirs.

Bias of the noise step: where a variance relaxes in tau, linear interpolation makes it dt / (2 tau) too small (by the
covariance of an Ornstein-Uhlenbeck process at the grid points), held samples only (dt / tau)^2 / 12. In the tests below
that is at most 0.6 % (disk, 5 ps) and 0.12 % (isotropic and uniaxial), under the standard errors of 1 % and 0.3 %.
"""

from __future__ import annotations

import numpy as np
import pytest
from physics import oracles
from physics.magnets import disk, uniaxial

from spinspice.devices.reference.macrospin import simulate_macrospin

MEMBERS = 1500
NAMES = ["mx", "my", "mz", "mx^2", "my^2", "mz^2", "mx my", "my mz", "mz mx"]


def time_averages(magnet, delta, xi, *, axis=2, relaxation, start=0, **options):
    """Return per-member averages of first and second moments, shape (members, 9), after five relaxation times."""
    m0 = np.roll(oracles.boltzmann_samples(delta, xi, MEMBERS, 1 + start), axis - 2, axis=1)
    run = simulate_macrospin(
        magnet,
        12 * relaxation,
        np.arange(MEMBERS) + 10_000 * start,
        m0=m0,
        decimate=max(1, round(0.1 * relaxation / magnet.dt)),
        **{"substeps": 1, **options},
    )
    m = run.m[:, len(run.time) * 5 // 12 :]
    squares, products = (m * m).mean(axis=1), (m * np.roll(m, -1, axis=2)).mean(axis=1)
    return np.concatenate([m.mean(axis=1), squares, products], axis=1)


def expected_moments(delta, xi, axis=2):
    """Return the nine exact averages for a density exp(delta u^2 + xi u) about ``axis``."""
    mean, square = oracles.boltzmann_moments(delta, xi)
    first, second = np.zeros(3), np.full(3, (1.0 - square) / 2.0)
    first[axis], second[axis] = mean, square
    return np.concatenate([first, second, np.zeros(3)])


def assert_moments(averages, exact):
    mean, error = oracles.mean_and_error(averages)
    for name, got, want, sigma in zip(NAMES, mean, exact, error, strict=True):
        assert abs(got - want) < oracles.SIGMAS * sigma, f"<{name}> = {got:.5f} +- {sigma:.5f}, exact {want:.5f}"


@pytest.mark.parametrize(
    ("delta", "xi", "axis", "T"),
    [
        pytest.param(0.0, 0.0, "z", 300.0, id="isotropic"),
        pytest.param(2.0, 0.0, "z", 300.0, id="uniaxial 2 kT"),
        pytest.param(5.0, 0.0, "z", 300.0, id="uniaxial 5 kT"),
        pytest.param(3.0, 1.0, "z", 300.0, id="tilted by a field"),
        pytest.param(3.0, -1.0, "x", 300.0, id="tilted, axis x"),
        pytest.param(3.0, 1.0, "y", 300.0, id="tilted, axis y"),
    ],
)
def test_equilibrium_is_boltzmann(delta, xi, axis, T):
    magnet = uniaxial(delta, xi, axis, T=T)
    averages = time_averages(magnet, delta, xi, axis="xyz".index(axis), relaxation=oracles.diffusion_time(magnet))
    assert_moments(averages, expected_moments(delta, xi, "xyz".index(axis)))


def test_the_same_magnet_at_another_temperature():
    """3 kT and a field of 1 kT at 300 K are 2 kT and 2/3 kT at 450 K."""
    magnet = uniaxial(3.0, 1.0).replace(T=450.0)
    averages = time_averages(magnet, 2.0, 2.0 / 3.0, relaxation=oracles.diffusion_time(magnet))
    assert_moments(averages, expected_moments(2.0, 2.0 / 3.0))


def disk_relaxation(magnet):
    """Time in which mz of an easy-plane disk relaxes, (1 + alpha^2) / (alpha gamma B_D)."""
    return oracles.diffusion_time(magnet) / -oracles.easy_plane_delta(magnet)


@pytest.mark.parametrize("dt", [1e-12, 2.5e-12, 5e-12])
def test_easy_plane_at_three_noise_steps(dt):
    magnet = disk(dt=dt)
    delta = oracles.easy_plane_delta(magnet)
    averages = time_averages(magnet, delta, 0.0, relaxation=disk_relaxation(magnet))
    assert_moments(averages, expected_moments(delta, 0.0))


@pytest.mark.slow
@pytest.mark.parametrize(("noise", "slope"), [("linear", -0.5), ("hold", 0.0)])
def test_bias_of_the_noise_step_is_understood(noise, slope):
    """At dt = 0.06 tau the variance is off by -dt / (2 tau) for linear noise and by less than 1 % for held noise."""
    magnet = disk(alpha=0.05)
    delta, relaxation = oracles.easy_plane_delta(magnet), disk_relaxation(magnet)
    shares = np.concatenate(
        [time_averages(magnet, delta, 0.0, relaxation=relaxation, start=n, noise=noise)[:, 5] for n in range(1, 13)]
    )
    mean, error = oracles.mean_and_error(shares / oracles.boltzmann_moments(delta)[1] - 1.0)
    assert abs(mean - slope * magnet.dt / relaxation) < oracles.SIGMAS * error + 0.005


@pytest.mark.parametrize("noise", ["linear", "hold"])
def test_linear_and_held_noise_have_the_same_equilibrium(noise):
    """What enters is the spectral density at low frequency, sigma^2 dt, the same for both paths."""
    magnet = uniaxial(2.0)
    averages = time_averages(magnet, 2.0, 0.0, relaxation=oracles.diffusion_time(magnet), start=3, noise=noise)
    assert_moments(averages, expected_moments(2.0, 0.0))


def test_wrong_temperature_would_be_seen():
    """The power of these tests: a noise power that is 10 % off lies outside the band, whatever the start."""
    magnet = uniaxial(5.0).replace(T=330.0)
    mean, error = oracles.mean_and_error(time_averages(magnet, 5.0, 0.0, relaxation=oracles.diffusion_time(magnet)))
    assert abs(mean[5] - oracles.boltzmann_moments(5.0)[1]) > 2 * oracles.SIGMAS * error[5]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("dt", "scheme"), [(1e-12, "heun"), (2e-12, "heun"), (5e-12, "heun"), (5e-12, "rk4"), (10e-12, "heun")]
)
@pytest.mark.parametrize(("delta", "xi"), [(0.0, 0.0), (2.0, 0.0), (5.0, 0.0), (3.0, 1.0)])
def test_equilibrium_over_the_full_grid_of_steps(delta, xi, dt, scheme):
    """Bias of the step, dt / (2 tau): at most 0.24 %, at 10 ps, under the standard error of 0.3 to 0.5 %."""
    magnet = uniaxial(delta, xi, dt=dt)
    averages = time_averages(magnet, delta, xi, relaxation=oracles.diffusion_time(magnet), scheme=scheme)
    assert_moments(averages, expected_moments(delta, xi))
