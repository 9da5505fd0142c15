"""Dwell times and rates of synthetic telegraph signals with known rates."""

from __future__ import annotations

import numpy as np
import pytest

from spinspice.analysis.telegraph import dwell_times, escape_rates, event_rate, exponential_test, switching_events
from spinspice.errors import ResultError

RATES = (2e6, 5e6)


def telegraph(n: int, seed: int) -> np.ndarray:
    """Times of n events of a telegraph signal that starts in state 0, escape rates RATES."""
    unit = np.random.default_rng(seed).exponential(size=n)
    return np.cumsum(unit / np.where(np.arange(n) % 2 == 0, *RATES))


def test_rates_within_their_counting_error():
    events = telegraph(10_000, seed=1)
    for rate, exact in zip(escape_rates(events, 0.0, events[-1]), RATES, strict=True):
        assert rate.events == 5000
        assert rate.stderr == pytest.approx(rate.value / np.sqrt(5000), rel=1e-12)
        assert abs(rate.value - exact) < 4 * rate.stderr


def test_short_runs_have_no_bias_from_cut_stays():
    # Runs of three mean dwell times: throwing the cut dwell times away would make the rate 50 % too high.
    exits = spent = 0.0
    for seed in range(400):
        events = telegraph(50, seed)
        stop = 1.5e-6
        rate = escape_rates(events[events < stop], 0.0, stop)[0]
        exits, spent = exits + rate.events, spent + rate.time
    assert abs(exits / spent - RATES[0]) < 4 * np.sqrt(exits) / spent


def test_event_rate_counts():
    rate = event_rate(np.arange(100) * 1e-6, 1e-4)
    assert (rate.value, rate.stderr, rate.events) == pytest.approx((1e6, 1e5, 100))
    assert event_rate([], 1.0).stderr == 1.0


def test_dwell_times_are_sorted_by_state_and_complete():
    zero, one = dwell_times([1.0, 3.0, 4.0, 8.0], state0=0)
    assert (zero.tolist(), one.tolist()) == ([1.0], [2.0, 4.0])
    zero, one = dwell_times([1.0, 3.0, 4.0, 8.0], state0=1)
    assert (zero.tolist(), one.tolist()) == ([2.0, 4.0], [1.0])


def test_events_of_a_noisy_binary_output():
    events = telegraph(400, seed=2)
    grid = np.arange(0.0, events[-1] + 1e-6, 2e-9)
    clean = np.searchsorted(events, grid) % 2
    noisy = clean + 0.05 * np.random.default_rng(3).standard_normal(grid.size)
    found, states = switching_events(grid, noisy, low=0.3, high=0.7)
    assert states[0] == 0 and (np.diff(states) != 0).all()
    # A stay shorter than a sample is not seen; all others are, to within a sample.
    kept = np.searchsorted(grid, events)
    seen = [i for i in range(events.size) if np.sum(kept == kept[i]) % 2 == 1]
    assert found.size == len({kept[i] for i in seen})
    assert np.abs(np.sort(found) - np.array(sorted({grid[kept[i]] for i in seen}))).max() < 2.1e-9


def test_exponential_stays_pass_and_others_fail():
    stays = np.random.default_rng(4).exponential(scale=3e-7, size=1000)
    assert exponential_test(stays).p_value > 1e-4
    assert exponential_test(stays, mean=3e-7).p_value > 1e-4
    assert exponential_test(np.sqrt(stays)).p_value < 1e-3
    assert exponential_test(stays, mean=4e-7).p_value < 1e-4


def test_p_value_with_a_fitted_mean_is_uniform():
    generator = np.random.default_rng(5)
    values = [exponential_test(generator.exponential(size=40), repeats=400).p_value for _ in range(200)]
    assert abs(np.mean(values) - 0.5) < 4 * np.sqrt(1 / 12 / 200)


@pytest.mark.parametrize(
    ("call", "match"),
    [
        (lambda: dwell_times([2.0, 1.0]), "not in order"),
        (lambda: escape_rates([2.0, 1.0], 0.0, 3.0), "not in order"),
        (lambda: event_rate([1.0], 0.0), "not positive"),
        (lambda: exponential_test([1.0, 2.0]), "too few"),
        (lambda: switching_events([0, 1], [0.5, 0.5], low=0.3, high=0.7), "never leaves the band"),
        (lambda: switching_events([0, 1], [0.5, 0.5], low=0.7, high=0.3), "no band"),
    ],
)
def test_unusable_signals_are_refused(call, match):
    with pytest.raises(ResultError, match=match):
        call()


def test_a_state_never_visited_has_no_rate():
    zero, one = escape_rates([], 0.0, 3.0)
    assert (zero.events, zero.time, zero.value) == (0, 3.0, 0.0)
    assert np.isnan(one.value) and one.time == 0.0
