"""Driven two-state junction: exact numbers, and the event-by-event junction against them."""

from __future__ import annotations

import numpy as np
import pytest

from spinspice.devices import Telegraph
from spinspice.devices.laws.driven import (
    best_noise,
    best_response_noise,
    linear_response,
    locking,
    noisy_rate,
    periodic_response,
    signal_to_noise,
    switches_per_half_period,
)
from spinspice.devices.reference.telegraph import simulate_telegraph

JUNCTION = Telegraph(delta=6.0, V_c=0.1, phi0=1e9)
RATE = float(JUNCTION.escape_rates(0.0)[0])
VOLTS = JUNCTION.V_c / JUNCTION.delta  # of one unit in the exponent
#: Numbers of an independent solution of the equation of motion: eta, w/r, amplitude, lag.
RESPONSES = ((0.5, 0.2, 0.46917, 5.551), (1, 0.2, 0.80924, 5.218), (1, 2, 0.65906, 41.604), (3, 0.2, 1.20531, 4.484))
#: eta, r H, switches a half period, their variance.
LOCKED = ((2, 1, 1.194149, 0.384575), (3, 0.3, 1.015230, 0.049663), (4, 0.3, 1.009645, 0.019279),
          (5, 0.1, 1.001165, 0.002333))  # fmt: skip


@pytest.mark.parametrize(("eta", "w", "amplitude", "lag"), RESPONSES)
def test_the_periodic_response_is_exact(eta, w, amplitude, lag):
    found = periodic_response(1.0, eta, w)
    assert (found.amplitude, found.lag) == (pytest.approx(amplitude, abs=6e-6), pytest.approx(lag, abs=6e-4))


def test_a_weak_drive_gives_the_linear_response():
    for w in (0.1, 1.0, 20.0):
        weak, law = periodic_response(1.0, 1e-3, w), linear_response(1.0, 1e-3, w)
        assert weak.amplitude == pytest.approx(law.amplitude, rel=2e-5)
        assert weak.lag == pytest.approx(law.lag, abs=2e-4)  # 4,000 intervals a period


@pytest.mark.parametrize(("eta", "x", "switches", "variance"), LOCKED)
def test_switches_and_their_variance_under_a_square_drive(eta, x, switches, variance):
    found = locking(1.0, eta, x)
    assert found.switches == pytest.approx(switches, abs=1e-6)
    assert found.variance == pytest.approx(variance, abs=1e-6)
    assert switches_per_half_period(1.0, eta, x) == pytest.approx(switches, abs=1e-6)
    assert locking(50.0, eta, x / 50.0).variance == pytest.approx(variance, abs=1e-6)


@pytest.mark.parametrize(("x", "switches", "fano"), [(0.01, 0.1003, 0.990), (0.1, 0.7668, 0.423), (1, 1.0895, 0.164)])
def test_a_window_between_too_slow_and_too_fast(x, switches, fano):
    found = locking(1.0, 3.0, x)
    assert (found.switches, found.fano) == (pytest.approx(switches, abs=6e-5), pytest.approx(fano, abs=6e-4))


def test_the_noise_that_serves_best():
    def snr(d):
        return signal_to_noise(np.exp(-1.0 / d), 0.1 / d)

    grid = np.linspace(0.2, 1.5, 2601)
    assert grid[np.argmax([snr(d) for d in grid])] == pytest.approx(best_noise(1.0), abs=5e-4)

    def response(d):
        return linear_response(np.exp(-1.0 / d), 0.1 / d, 1e-3).amplitude

    grid = np.linspace(0.1, 0.25, 3001)
    best = best_response_noise(1.0, 1e-3)
    assert best == pytest.approx(0.1486, abs=5e-5)
    assert grid[np.argmax([response(d) for d in grid])] == pytest.approx(best, abs=1e-4)


def test_noise_multiplies_the_rates():
    assert noisy_rate(1.0, 2.0) == pytest.approx(np.exp(2.0))
    assert noisy_rate(1.0, 2.0, linear=True) == pytest.approx(3.98, abs=5e-3)
    samples = np.random.default_rng(1).normal(size=400_000) * 1.5
    draw = np.random.default_rng(2)
    one, at = draw.normal(size=(2, 400_000)), draw.random(400_000)
    straight = np.exp(2.0 * ((1.0 - at) * one[0] + at * one[1]))
    assert noisy_rate(1.0, 2.0, linear=True) == pytest.approx(
        straight.mean(), abs=4 * straight.std() / np.sqrt(400_000)
    )
    held = np.exp(samples)
    assert noisy_rate(1.0, 1.5) == pytest.approx(held.mean(), abs=4 * held.std() / np.sqrt(held.size))


def square(eta, half):
    """Drive [V] and its period: +eta favours P (state 0) in the first half."""
    edge = 1e-6 * half
    times = np.array([0.0, half - edge, half, 2 * half - edge, 2 * half])
    return (times, eta * VOLTS * np.array([-1.0, -1.0, 1.0, 1.0, -1.0])), 2 * half


@pytest.mark.parametrize(
    ("eta", "x", "switches", "variance"),
    [
        *LOCKED,
        *((3, x, n, n * fano) for x, n, fano in ((0.01, 0.1003, 0.990), (0.1, 0.7668, 0.423), (1, 1.0895, 0.164))),
    ],
)
def test_the_event_by_event_junction_switches_as_often(eta, x, switches, variance):
    """4,000 half periods in blocks of 20: mean and growth of the variance, 4 standard errors."""
    half, count, block = x / RATE, 4000, 20
    voltage, period = square(eta, half)
    run = simulate_telegraph(JUNCTION, count * half, seed=11, voltage=voltage, period=period)
    blocks = np.diff(np.searchsorted(run.flips, np.arange(0, count + 1, block) * half))[2:]
    error = np.sqrt(variance / (blocks.size * block))
    assert abs(blocks.mean() / block - switches) < 4 * error
    # blocks of 20 half periods: their ends add less than one switch of variance, which the bound holds
    spread = blocks.var(ddof=1)
    expected = variance * block
    fourth = max(float(np.mean((blocks - blocks.mean()) ** 4)), 3.0 * expected**2, 4.0 * expected)  # pairs
    # of extra switches: a rare pair has (2)^4 = 4 (2)^2
    assert abs(spread - expected) < 4 * np.sqrt((fourth - expected**2) / blocks.size) + 0.25 * min(1.0, expected)


@pytest.mark.parametrize(("eta", "w", "amplitude", "lag"), RESPONSES)
def test_the_event_by_event_junction_responds_as_much(eta, w, amplitude, lag):
    omega = w * RATE
    period, periods = 2 * np.pi / omega, 2000
    time = np.linspace(0.0, period, 401)
    voltage = (time, -eta * VOLTS * np.cos(omega * time))
    run = simulate_telegraph(JUNCTION, periods * period, seed=5, voltage=voltage, period=period)
    edges = np.concatenate([[0.0], run.flips, [run.duration]])
    sign = -1.0 + 2.0 * (np.arange(edges.size - 1) % 2)
    # integral of sign cos and sin over every stay, added up per block of periods for the standard error
    parts = []
    for function in (np.sin(omega * edges), -np.cos(omega * edges)):
        parts.append(np.add.reduceat(sign * np.diff(function), np.arange(0, sign.size, max(1, sign.size // 50))))
    whole = np.array([p.sum() for p in parts]) * 2.0 / (omega * run.duration)
    error = np.array([p.std(ddof=1) * np.sqrt(p.size) for p in parts]) * 2.0 / (omega * run.duration)
    phase = np.radians(lag)
    expected = amplitude * np.array([np.cos(phase), np.sin(phase)])
    assert np.all(np.abs(whole - expected) < 4 * error)
    assert np.all(error < 0.05)


def test_the_signal_to_noise_ratio_of_drawn_events():
    """Events under a weak cosine: power of the line over the density beside it is r eta^2 / 4, four standard errors."""
    eta, omega, periods = 0.3, RATE, 4000
    period = 2.0 * np.pi / omega
    time = np.linspace(0.0, period, 401)
    voltage = (time, -eta * VOLTS * np.cos(omega * time))
    run = simulate_telegraph(JUNCTION, periods * period, seed=9, voltage=voltage, period=period)
    edges = np.concatenate([[0.0], run.flips, [run.duration]])
    sign = 1.0 - 2.0 * (np.arange(edges.size - 1) % 2)

    def coefficient(k):
        """Fourier integral of the state at k / duration over the duration."""
        w = 2.0 * np.pi * k / run.duration
        return complex((sign * np.diff(np.exp(-1j * w * edges))).sum() / (-1j * w) / run.duration)

    line = abs(coefficient(periods)) ** 2 * 2.0  # power of a cosine of this amplitude
    beside = np.array([abs(coefficient(periods + k)) ** 2 for k in range(-60, 61) if k])
    density = 2.0 * run.duration * beside.mean()  # one-sided
    found = (line - 2.0 * beside.mean()) / density
    error = found * np.sqrt(1.0 / beside.size + 4.0 * density / run.duration / line)
    assert error < 0.2 * found
    assert abs(found - signal_to_noise(RATE, eta)) < 4 * error


def test_the_ratio_is_that_of_the_linear_response_and_the_lorentzian():
    for rate, omega in ((1.0, 0.3), (2.0, 7.0)):
        amplitude = linear_response(rate, 0.01, omega).amplitude
        density = 4.0 * (2.0 * rate) / ((2.0 * rate) ** 2 + omega**2)
        assert 0.5 * amplitude**2 / density == pytest.approx(signal_to_noise(rate, 0.01), rel=1e-12)
