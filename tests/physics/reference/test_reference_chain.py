"""The sampled two-state chain: for constant drive its samples have the law of the continuous process, at any step."""

from __future__ import annotations

import numpy as np
import pytest
from physics import oracles

from spinspice.devices import noise
from spinspice.devices.reference.chain import flip_probabilities, simulate_chain
from spinspice.devices.reference.telegraph import switching_times
from spinspice.devices.telegraph import Telegraph


@pytest.mark.parametrize("steps_per_stay", [0.3, 1.0, 10.0, 100.0])
@pytest.mark.parametrize("volts", [-0.02, 0.0, 0.01])
def test_transitions_and_memory_at_any_step(steps_per_stay, volts):
    """Counts of transitions over 1 and m steps against the propagator exp(-(l_P + l_AP) m dt) of the process."""
    junction = Telegraph(delta=6.0)
    rates = junction.escape_rates(volts / junction.V_c)
    dt = 1.0 / (steps_per_stay * float(max(rates)))
    total = float(rates[0] + rates[1])
    states = simulate_chain(junction, dt, 2000, np.arange(60), voltage=volts)
    for m in (1, 3, 10):
        pairs = states[:, ::m]
        decay = 1.0 - np.exp(-total * m * dt)
        for state in (0, 1):
            leaves = pairs[:, :-1] == state
            count = leaves.sum()
            p = float(rates[state]) / total * decay
            share = (leaves & (pairs[:, 1:] != state)).sum() / count
            assert abs(share - p) < oracles.SIGMAS * np.sqrt(p * (1 - p) / count)


@pytest.mark.parametrize("steps_per_stay", [0.5, 5.0])
def test_occupation_from_the_start(steps_per_stay):
    """P(AP) at each of the first steps, from P: exact at any dt, as the continuous junction sampled at those times."""
    junction = Telegraph(delta=6.0)
    rate_P, rate_AP = (float(r) for r in junction.escape_rates(-0.1))
    total, members = rate_P + rate_AP, 8000
    dt = 1.0 / (steps_per_stay * total)
    chain = simulate_chain(junction, dt, 20, np.arange(members), voltage=-0.01)
    flips = switching_times(junction, 80, np.arange(members), voltage=-0.01)
    for k in (1, 2, 5, 20):
        exact = rate_P / total * (1.0 - np.exp(-total * k * dt))
        error = np.sqrt(exact * (1 - exact) / members)
        assert abs(chain[:, k].mean() - exact) < oracles.SIGMAS * error
        assert abs(((flips <= k * dt).sum(axis=1) % 2).mean() - exact) < oracles.SIGMAS * error


def test_definition():
    """Flip at k >= 1 if and only if u(seed, 64, k) < p of the state, with the drive of that grid time."""
    junction = Telegraph(delta=3.0, state0=1.0)
    dt, volts = 1e-8, 0.05 * np.sin(np.arange(301) / 20.0)
    states = simulate_chain(junction, dt, 300, 9, voltage=volts)
    state, expected = 1, [1]
    for k in range(1, 301):
        leave_P = 1e9 * np.exp(-3.0 * (1.0 + volts[k] / 0.1))
        leave_AP = 1e9 * np.exp(-3.0 * (1.0 - volts[k] / 0.1))
        share = (leave_AP if state else leave_P) / (leave_P + leave_AP)
        if noise.uniform(9, 64, k) < share * (1.0 - np.exp(-(leave_P + leave_AP) * dt)):
            state = 1 - state
        expected.append(state)
    assert states.tolist() == expected
    assert 50 < np.abs(np.diff(states)).sum() < 250


def test_limits_of_the_propagator():
    """Short steps: rate times dt. Long steps: the stationary shares. Barriers that underflow: zero, not NaN."""
    junction = Telegraph(delta=6.0)
    rates = np.array(junction.escape_rates(0.1))
    assert flip_probabilities(junction, 1e-15, 0.01) == pytest.approx(rates * 1e-15, rel=1e-6)
    assert flip_probabilities(junction, 1e3, 0.01) == pytest.approx(rates / rates.sum(), rel=1e-12)
    for volts in (0.0, 0.5, -0.9):
        p = flip_probabilities(junction.replace(delta=200.0), 1e-12, volts)
        assert np.all((p >= 0.0) & (p <= 1.0))
    assert p[0] == 1.0
