"""Counting sampled bits: exact laws of a two-state process that is looked at once a clock cycle."""

import numpy as np
import pytest

from spinspice.analysis.counting import (
    chain_moments,
    clock_for,
    count_rates,
    missed_fraction,
    sample_bits,
    seen_rate,
    warn_if_slow,
)
from spinspice.errors import ParameterError, ResultError


def telegraph_bits(escape0, escape1, period, count, seed):
    """Bits of a two-state process at every period, from exponential dwell times: no use of the law under test."""
    generator = np.random.default_rng(seed)
    stays = np.ravel(
        np.column_stack([generator.exponential(1 / escape0, count), generator.exponential(1 / escape1, count)])
    )
    flips = np.cumsum(stays)
    times = period * np.arange(1, int(flips[-1] / period))
    return np.searchsorted(flips, times) % 2, flips.size / flips[-1]


@pytest.mark.parametrize("period", [0.05, 0.4, 1.5])
def test_seen_and_corrected_rates_are_those_of_the_process(period):
    bits, _ = telegraph_bits(1.0, 0.5, period, 40_000, seed=3)
    counted = count_rates(bits, period)
    true = 1.0 * 0.5 / 1.5
    assert abs(counted.seen - seen_rate(1.0, 0.5, period)) < 4 * counted.seen_stderr
    assert abs(counted.rate - true) < 4 * counted.rate_stderr
    assert abs(counted.escape[0] - 1.0) < 4 * counted.escape_stderr[0]
    assert abs(counted.escape[1] - 0.5) < 4 * counted.escape_stderr[1]
    assert counted.missed == pytest.approx(missed_fraction(1.0, 0.5, period), abs=0.05)


def test_standard_errors_are_the_spread_of_repeated_counts():
    runs = [count_rates(telegraph_bits(1.0, 0.7, 0.6, 400, seed)[0], 0.6) for seed in range(300)]
    for name in ("seen", "rate"):
        spread = np.std([getattr(run, name) for run in runs], ddof=1)
        stated = np.mean([getattr(run, f"{name}_stderr") for run in runs])
        assert abs(spread / stated - 1.0) < 4.0 / np.sqrt(2 * 299) + 0.05  # and the bias of an error from 400 cycles


def test_missed_fraction_and_clock_are_inverse():
    assert missed_fraction(3.0, 5.0, clock_for(3.0, 5.0, 0.2)) == pytest.approx(0.2, rel=1e-9)
    assert missed_fraction(1.0, 1.0, 1e-6) == pytest.approx(1e-6, rel=1e-3)
    assert seen_rate(2.0, 3.0, 1e-6) == pytest.approx(6.0 / 5.0, rel=1e-5)


@pytest.mark.parametrize("p", [(0.3, 0.2), (0.9, 0.8), (0.5, 0.5), (1e-9, 3e-9), (0.0, 0.0), (0.0, 0.4), (1.0, 1.0)])
def test_moments_of_a_chain_by_its_transfer_matrix(p):
    """The law of the count, step by step over all its values, in exact fractions."""
    from fractions import Fraction

    steps, (a, b) = 6, (Fraction(value) for value in p)
    total = a + b
    start = [b / total, a / total] if total else [Fraction(1), Fraction(0)]
    chances = {(state, 0): weight for state, weight in enumerate(start)}
    for _ in range(steps):
        after = {}
        for (state, count), weight in chances.items():
            leave = (a, b)[state]
            for key, part in (((1 - state, count + 1), leave), ((state, count), 1 - leave)):
                after[key] = after.get(key, 0) + weight * part
        chances = after
    mean = sum(count * weight for (_, count), weight in chances.items())
    variance = sum(count**2 * weight for (_, count), weight in chances.items()) - mean**2
    assert chain_moments(np.array(p), steps) == pytest.approx((float(mean), float(variance)), rel=1e-7, abs=1e-15)


def test_runs_are_joined_without_a_step_between_them():
    first, second = [0, 0, 1, 1, 0, 0, 0], [1, 1, 1, 0, 0, 0, 0]
    joined = count_rates([first, second], 1.0)
    assert joined.edges == 3  # 0 -> 1 from one run to the other is none
    assert joined.bits == 14


def test_bits_are_taken_at_their_times():
    time = np.linspace(0.0, 1.0, 101)
    assert sample_bits(time, np.sin(2 * np.pi * time), [0.25, 0.75]).tolist() == [1, 0]
    with pytest.raises(ResultError, match="samples must lie between 0 and 1 s"):
        sample_bits(time, time, [1.5])


def test_a_slow_clock_is_warned_of_with_what_it_misses():
    with pytest.warns(UserWarning, match=r"slow for the junction .* 57% of the switches"):
        warn_if_slow(1.0, 1.0, 1.0, limit=0.5)
    assert warn_if_slow(1.0, 1.0, 0.01) < 0.02


@pytest.mark.parametrize(
    ("bits", "message"),
    [([0] * 50, "too few for rates"), ([0, 1] * 50, "the clock .* is slower than the junction")],
)
def test_bits_that_say_nothing_are_refused(bits, message):
    with pytest.raises(ResultError, match=message):
        count_rates(bits, 1.0)


def test_part_that_is_missed_lies_between_0_and_1():
    with pytest.raises(ParameterError, match="missed = 1.5 is outside"):
        clock_for(1.0, 1.0, 1.5)
