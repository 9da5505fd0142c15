"""Convergence of the reference macrospin on one noise path, and the noise path itself."""

from __future__ import annotations

import numpy as np
import pytest
from physics import oracles
from physics.magnets import disk
from scipy.integrate import solve_ivp
from scipy.signal import welch

from spinspice.constants import gamma, mu_0
from spinspice.devices import noise
from spinspice.devices.reference.macrospin import simulate_macrospin


def endpoint_errors(scheme, substeps, duration=0.5e-9, members=48):
    """Return the largest distance at any noise sample from a run with 32 RK4 steps a sample, median over members."""
    magnet, seeds = disk(), np.arange(members)
    exact = simulate_macrospin(magnet, duration, seeds, scheme="rk4", substeps=32)
    errors = []
    for n in substeps:
        run = simulate_macrospin(magnet, duration, seeds, scheme=scheme, substeps=n)
        errors.append(np.median(np.abs(run.m - exact.m).max(axis=(1, 2))))
    return np.array(errors)


@pytest.mark.parametrize(("scheme", "order"), [("heun", 2.0), ("rk4", 4.0)])
def test_strong_order_of_the_step_on_one_noise_path(scheme, order):
    """Between its samples the path is smooth, so the schemes keep their classical order: 2 and 4."""
    steps = np.array([1, 2, 4, 8])
    errors = endpoint_errors(scheme, steps)
    slope = -np.polyfit(np.log(steps), np.log(errors), 1)[0]
    assert abs(slope - order) < 0.15, (slope, errors)


def test_default_step_follows_the_path_for_a_nanosecond():
    """At default settings (Heun steps of 1.25 ps) m(t) stays within 1e-2 of the exact path for 1.3 ns and more."""
    exact = simulate_macrospin(disk(), 1.3e-9, np.arange(64), scheme="rk4", substeps=16)
    run = simulate_macrospin(disk(), 1.3e-9, np.arange(64))
    assert np.median(np.abs(run.m - exact.m).max(axis=(1, 2))) < 1e-2


def test_trajectory_against_an_independent_integrator():
    """scipy's DOP853 on numpy's noise path, with the equation written out in its Gilbert form and vector products."""
    magnet = disk(Bx=0.01, By=-0.02, pol=0.6)
    sigma = np.sqrt(2 * magnet.alpha * 1.380649e-23 * 300.0 / (gamma * magnet.moment * magnet.dt))
    a_j = 1e-5 * magnet.alpha * oracles.stt_bias(magnet, 1.0) * 1.380649e-23 * 300.0 / magnet.moment
    demagnetising, p = mu_0 * magnet.Ms * np.array([0.0, 0.0, 1.0]), np.array([1.0, 0.0, 0.0])

    def slope(t, m):
        thermal = sigma * noise.path(5, np.arange(3), t / magnet.dt)
        B = np.array([0.01, -0.02, 0.0]) - demagnetising * m + thermal
        torque = -gamma * np.cross(m, B) + gamma * a_j * np.cross(m, np.cross(p, m))
        return (torque + magnet.alpha * np.cross(m, torque)) / (1 + magnet.alpha**2)

    m, out = np.array([0.0, 1.0, 0.0]), [np.array([0.0, 1.0, 0.0])]
    for k in range(40):  # one call a noise interval: the path has a corner at every sample
        interval = (k * magnet.dt, (k + 1) * magnet.dt * (1 - 1e-12))
        m = solve_ivp(slope, interval, m, method="DOP853", rtol=1e-9, atol=1e-11).y[:, -1]
        out.append(m)
    run = simulate_macrospin(magnet, 40 * magnet.dt, 5, current=1e-5, scheme="rk4", substeps=16)
    assert np.max(np.abs(run.m - np.array(out))) < 1e-6


def test_strong_convergence_to_the_white_noise_limit():
    """One Brownian path, its increments summed over longer and longer steps: held noise converges strongly.

    The order is 1/2 for noise that does not commute and 1 for noise that does (Kloeden and Platen, ch. 10); a magnet
    with three noise components is of the first kind, the disk, whose mz stays small, near the second.
    """
    fine, members = 0.25e-12, 256
    rng = np.random.default_rng(1)
    increments = rng.standard_normal((members, 1600, 3))
    ends = []
    for factor in (1, 4, 8, 16, 32):
        blocks = increments.reshape(members, 1600 // factor, factor, 3).sum(axis=2) / np.sqrt(factor)
        samples = np.concatenate([blocks, blocks[:, -1:]], axis=1)
        magnet = disk(alpha=0.1, dt=fine * factor)
        run = simulate_macrospin(
            magnet, 0.4e-9, np.arange(members), samples=samples, noise="hold", scheme="rk4", substeps=2
        )
        ends.append(run.m[:, -1])
    distances = [np.linalg.norm(end - ends[0], axis=1).reshape(16, -1) for end in ends[1:]]
    errors = np.log([np.median(distance, axis=1) for distance in distances])
    order, error = oracles.mean_and_error(np.polyfit(np.log([4, 8, 16, 32]), errors, 1)[0])
    assert 0.5 - oracles.SIGMAS * error < order < 1.0 + oracles.SIGMAS * error
    assert error < 0.1


@pytest.mark.parametrize(("form", "power"), [("linear", 4), ("hold", 2)])
def test_spectral_density_of_the_path(form, power):
    """One-sided density 2 dt sinc^power(f dt): both start at the same white level, which is what equilibrium needs."""
    points, samples = 8, 2**17
    x = np.arange(points * samples) / points
    signal = noise.path(11, 0, x) if form == "linear" else noise.normal(11, 0, np.floor(x))
    f, density = welch(signal, fs=points, nperseg=512 * points, noverlap=0, window="boxcar", detrend=False)
    segments = samples // 512
    low = (f > 0) & (f < 0.5)
    exact = 2.0 * np.sinc(f[low]) ** power
    ratio = density[low] / exact
    # each bin is a mean of `segments` exponential variables
    assert abs(ratio.mean() - 1.0) < oracles.SIGMAS / np.sqrt(segments * low.sum()) + 1e-3
    assert abs(ratio[:20].mean() - 1.0) < oracles.SIGMAS / np.sqrt(segments * 20)


def test_seed_gives_the_same_bits_alone_and_in_an_ensemble():
    """Members depend on their seed only, not on their neighbours, their place, or how the work was shared."""
    together = simulate_macrospin(disk(), 3e-9, np.array([9, 4, 7]))
    alone = [simulate_macrospin(disk(), 3e-9, seed).m for seed in (9, 4, 7)]
    assert np.array_equal(together.m, np.array(alone))
    decimated = simulate_macrospin(disk(), 3e-9, 4, decimate=7)
    assert np.array_equal(decimated.m, together.m[1, ::7])
    assert decimated.time == pytest.approx(together.time[::7], rel=1e-15)
