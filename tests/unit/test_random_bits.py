"""Random bits of junctions against their exact laws, and through the battery of tests."""

from __future__ import annotations

import math

import numpy as np
import pytest

from spinspice.analysis.randomness import battery
from spinspice.devices import Telegraph
from spinspice.devices.laws.random_bits import (
    ReadJunction,
    SampledJunction,
    exclusive_or,
    mean_switches,
    measure,
    piled_up,
    sampled_bits,
    spin_dice_slope,
)
from spinspice.devices.noise import instance_seed
from spinspice.errors import UsageError

JUNCTION = Telegraph(delta=6.0, V_c=0.1)
RATE = float(JUNCTION.escape_rates(0.0)[0])


def period(x: float) -> float:
    return x / (2.0 * RATE)


@pytest.mark.parametrize(("x", "expected"), [(1, 0.36788), (2, 0.13534), (4, 0.01832), (8, 3.35e-4)])
def test_the_correlation_of_a_sampled_junction(x, expected):
    law = SampledJunction.of(JUNCTION, period(x))
    assert law.correlation() == pytest.approx(expected, rel=2e-3)
    found = measure(sampled_bits(JUNCTION, 40_000, period(x), seed=3))
    assert abs(found.correlation - law.correlation()) < 4 * found.correlation_stderr
    assert abs(found.bias) < 4 * found.bias_stderr
    assert found.correlation_stderr < 0.01


def test_xor_across_junctions_whitens_and_along_time_does_not():
    x, count = 1.0, 40_000
    rows = [sampled_bits(JUNCTION, count, period(x), instance_seed(2, f"junction {k}")) for k in range(4)]
    law = SampledJunction.of(JUNCTION, period(x))
    two = measure(exclusive_or(rows[:2]))
    assert abs(two.correlation - math.exp(-2.0)) < 4 * two.correlation_stderr
    for length in (2, 4):
        along = measure(exclusive_or(rows[0].reshape(-1, length).T))
        sign = -1.0 if length % 2 else 1.0
        assert abs(abs(along.bias) - law.successive_bias(length)) < 4 * along.bias_stderr, sign
    assert law.successive_bias(4) == pytest.approx(math.exp(-2.0))


def test_bias_piles_up():
    assert piled_up(0.05, 2) == pytest.approx(5e-3)
    assert piled_up(0.05, 4) == pytest.approx(5e-5)
    assert piled_up(0.05, 8) == pytest.approx(5e-9)
    volts = 0.05 * JUNCTION.V_c
    law = SampledJunction.of(JUNCTION, period(4.0), 0.05)
    rows = [sampled_bits(JUNCTION, 30_000, period(4.0), instance_seed(5, f"{k}"), voltage=volts) for k in range(2)]
    one, both = measure(rows[0]), measure(exclusive_or(rows))
    assert abs(one.bias - law.bias) < 4 * one.bias_stderr
    assert abs(both.bias + law.bias**2) < 4 * both.bias_stderr  # XOR of ones is a zero
    assert abs(both.correlation - law.correlation(junctions=2)) < 4 * both.correlation_stderr


def test_a_dice_is_steep():
    assert 0.01 * spin_dice_slope(40.0) == pytest.approx(0.1386, abs=1e-4)


def test_bits_of_the_reference_pass_and_a_biased_junction_is_caught():
    good = sampled_bits(JUNCTION, 150_000, period(12.0), seed=1)
    assert battery(good, 50).failures == ()
    skewed = sampled_bits(JUNCTION, 150_000, period(12.0), seed=1, voltage=0.01 * JUNCTION.V_c)
    assert "monobit" in battery(skewed, 50).failures
    fast = sampled_bits(JUNCTION, 150_000, period(2.5), seed=1)
    assert "runs" in battery(fast, 50).failures


@pytest.mark.slow
def test_a_million_bits_pass():
    bits = sampled_bits(JUNCTION, 1_000_000, period(12.0), seed=7)
    assert battery(bits, 100).failures == ()
    raw = [sampled_bits(JUNCTION, 1_000_000, period(6.0), instance_seed(7, f"junction {k}")) for k in range(4)]
    assert battery(exclusive_or(raw), 100).failures == ()


def test_what_tells_nothing_is_refused():
    with pytest.raises(UsageError, match="even number"):
        SampledJunction(1.0, 1.0, 1.0).successive_bias(3)
    with pytest.raises(UsageError, match="hundred"):
        measure(np.ones(50))


def test_a_hundred_instances_with_offsets_and_their_exclusive_or():
    """Offsets of 2 % of the critical voltage: mean |bias| by the law, of single junctions and of pairs."""
    offsets = np.random.default_rng(3).normal(0.0, 0.02, 100)
    laws = np.array([SampledJunction.of(JUNCTION, period(12.0), d).bias for d in offsets])
    rows = [
        sampled_bits(JUNCTION, 4000, period(12.0), instance_seed(1, f"instance {k}"), voltage=d * JUNCTION.V_c)
        for k, d in enumerate(offsets)
    ]
    found = np.array([2.0 * row.mean() - 1.0 for row in rows])
    z = (found - laws) / np.sqrt((1.0 - laws**2) / 4000)
    assert np.abs(z).max() < 4.5 and abs((z**2).mean() - 1.0) < 4 * np.sqrt(2.0 / 100)
    pairs = np.array([2.0 * exclusive_or(rows[2 * k : 2 * k + 2]).mean() - 1.0 for k in range(50)])
    expected = -laws[::2] * laws[1::2]
    assert np.abs((pairs - expected) * np.sqrt(4000)).max() < 4
    assert np.abs(laws).mean() > 5 * np.abs(expected).mean()


def test_a_junction_that_is_read_has_the_law_of_its_rates():
    """Constant rates give the law of one left alone; rates that vary, that of an integration in fine steps."""
    a, b, period = 3.0, 5.0, 0.7
    plain = SampledJunction(a, b, period)
    law = ReadJunction.of_rates(np.linspace(0.0, period, 5), np.full(5, a), np.full(5, b))
    assert (law.bias, law.correlation()) == (pytest.approx(plain.bias), pytest.approx(plain.correlation()))
    balance = 2.0 * a * b / (a + b)
    assert mean_switches(np.linspace(0.0, period, 5), np.full(5, a), np.full(5, b)) == pytest.approx(balance * period)
    assert law.correlation(3) == pytest.approx(plain.correlation(3))
    time = np.linspace(0.0, period, 4001)
    up, down = 3.0 + 2.0 * np.sin(7.0 * time), 1.0 + np.exp(3.0 * time)
    law = ReadJunction.of_rates(time, up, down)
    p = 0.3
    for _ in range(12):
        for k in range(4000):
            mean = 0.5 * (up[k] + up[k + 1] + down[k] + down[k + 1])
            p += (0.5 * (up[k] + up[k + 1]) - mean * p) * (time[k + 1] - time[k])
    assert law.ones == pytest.approx(p, abs=1e-3)
    with pytest.raises(UsageError, match="times that rise"):
        ReadJunction.of_rates([0.0, 1.0, 0.5], [1.0] * 3, [1.0] * 3)
    with pytest.raises(UsageError, match="positive rates"):
        ReadJunction.of_rates([0.0, 1.0], [0.0, 0.0], [0.0, 0.0])


def test_a_short_push_before_the_bit_makes_a_bias_that_a_small_shift_undoes():
    """Rates of 6 kT under 12 mV for the last thirtieth of the relaxation time; a constant shift balances the bits."""
    time = np.concatenate([np.linspace(0.0, 0.9944, 50), np.linspace(0.9945, 1.0, 10)]) * period(6.0)
    push = np.where(time > 0.99445 * period(6.0), 0.12, 0.0)

    def law(shift):
        return ReadJunction.of_rates(time, *JUNCTION.escape_rates(push + shift))

    assert law(0.0).bias < -0.01
    shifts = np.linspace(-0.01, 0.0, 21)
    biases = [law(s).bias for s in shifts]
    assert np.all(np.diff(biases) < 0.0) and biases[0] > 0.0 > biases[-1]


def test_the_sign_of_an_exclusive_or_is_the_product_of_signs():
    ones = (0.3, 0.55, 0.9)
    exact = sum(
        (a * x + (1 - a) * (1 - x)) * (b * y + (1 - b) * (1 - y)) * (c * z + (1 - c) * (1 - z)) * (x ^ y ^ z)
        for a, b, c in (ones,) for x in (0, 1) for y in (0, 1) for z in (0, 1)
    )  # fmt: skip
    signs = [2 * p - 1 for p in ones]
    assert 2 * exact - 1 == pytest.approx(-math.prod(-s for s in signs))


def test_the_mean_number_of_switches_of_varying_rates_is_that_of_the_square_drive():
    from spinspice.devices.laws.driven import locking

    fast, slow, half = np.exp(3.0), np.exp(-3.0), 0.3
    time = np.array([0.0, half, half + 1e-9, 2.0 * half])
    up, down = np.array([slow, slow, fast, fast]), np.array([fast, fast, slow, slow])
    grid = np.unique(np.concatenate([time, np.linspace(0.0, 2.0 * half, 2001)]))
    rates = [np.interp(grid, time, r) for r in (up, down)]
    assert 0.5 * mean_switches(grid, *rates) == pytest.approx(locking(1.0, 3.0, half).switches, rel=1e-5)
