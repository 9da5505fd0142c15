"""Statistics of the counter-based noise, and its exactness. Tolerances: 4 standard errors of the count.

Where many bins or lags are tested at once, the bound is the one that a maximum of that many normal numbers exceeds with
the probability that one exceeds 4 (6.3e-5).
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from spinspice.devices import noise
from spinspice.devices.reference import noise as compiled

#: Probability that a normal number lies outside 4 standard deviations.
P_4_SIGMA = 2.0 * stats.norm.sf(4.0)
SEEDS = [0, 1, 5, 65535, 65536, 2**31 - 1]
#: Starts of stretches of samples, up to the last of a stream.
STARTS = [0, 1_000_003, 2**27, 2**28 - 2**18]


def largest_expected(count: int) -> float:
    """Return the bound that the largest of ``count`` normal numbers exceeds with probability P_4_SIGMA."""
    return float(stats.norm.isf(P_4_SIGMA / (2.0 * count)))


def correlation(a, b):
    """Return the correlation coefficient in units of its standard error 1 / sqrt(n)."""
    return float(np.corrcoef(a, b)[0, 1]) * math.sqrt(len(a))


# -- exactness ---------------------------------------------------------------------------------------------------------


def integer_key(seed: int, word: int, j: int) -> int:
    """The key in Python's integers of any size."""
    hi, lo = divmod(seed, 65536)
    p = (40503 * lo + 1640531 * word + 9349 * j + 271828) % 67108837
    q = (28657 * hi + 514229 * word + 75025 * j + 314159) % 57999941
    t = p * q % 48999989
    t = (t * t + word + 1) % 41499973
    return (t * t + j + 1) % 48999989


def integer_uniform(seed: int, word: int, k: int) -> float:
    """The hash in Python's integers; the one rounding is that of the division at the end."""
    a, b, c = (integer_key(seed, word, j) for j in range(3))
    x = ((27392041 * k + a) % 67108837 * ((27672019 * k + b) % 57999941) + c) % 48999989
    x = (x * x + 1299709 * k + c) % 41499973
    return (x + 0.5) / 41499973


@pytest.mark.parametrize("seed", SEEDS)
def test_every_operation_is_exact(seed):
    """Equal to integer arithmetic bit for bit, so any IEEE-754 evaluation gives these numbers, fused or not."""
    for word in (0, 1, 5, 64, 1000):
        for k in (0, 1, 2, 1023, 99_999_999, 2**28 - 2, 2**28 - 1):
            assert noise.uniform(seed, word, k) == integer_uniform(seed, word, k)


def test_every_intermediate_is_below_two_to_the_53():
    """The largest product, sum and square that the formula can meet."""
    k, word = 2**28 - 1, 1000
    assert 27392041 * k + 48999988 < 2**53
    assert 27672019 * k + 48999988 < 2**53
    assert 67108836 * 57999940 + 48999988 < 2**53
    assert 48999988**2 + 1299709 * k + 48999988 < 2**53
    assert 41499972**2 + word + 1 < 2**53
    assert 40503 * 65535 + 1640531 * word + 9349 * 2 + 271828 < 2**53


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("start", STARTS)
def test_compiled_uniforms_are_those_of_numpy(seed, start):
    k = np.arange(start, start + 4096)
    for word in (0, 3, 64):
        assert np.array_equal(compiled.uniforms(seed, word, 4096, start), noise.uniform(seed, word, k))


def test_compiled_normals_and_thresholds_agree_to_the_last_bits():
    k = np.arange(20_000)
    assert compiled.normals(7, 2, 20_000) == pytest.approx(noise.normal(7, 2, k), rel=1e-14, abs=1e-14)
    assert np.array_equal(compiled.thresholds(7, 20_000), noise.thresholds(7, k))


def test_samples_do_not_depend_on_order_or_grouping():
    k = np.random.default_rng(1).permutation(5000)
    at_once = noise.normal(3, 1, np.arange(5000))
    assert np.array_equal(noise.normal(3, 1, k), at_once[k])
    assert all(noise.normal(3, 1, int(n)) == pytest.approx(at_once[n], rel=1e-14, abs=1e-14) for n in k[:50])
    assert np.array_equal(compiled.normals(3, 1, 40, 4000), compiled.normals(3, 1, 5000)[4000:4040])


def test_path_joins_the_samples():
    samples = noise.normal(3, 1, np.arange(4))
    assert np.array_equal(noise.path(3, 1, np.arange(4.0)), samples)
    assert noise.path(3, 1, 2.25) == pytest.approx(0.75 * samples[2] + 0.25 * samples[3], rel=1e-14)


@pytest.mark.parametrize(("seed", "n", "start"), [(-1, 4, 0), (2**31, 4, 0), (1, 4, 2**28 - 3), (float("nan"), 4, 0)])
def test_range_of_the_hash_is_checked(seed, n, start):
    with pytest.raises(ValueError, match="is outside"):
        compiled.uniforms(seed, 0, n, start)


# -- distribution ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("start", STARTS)
def test_uniform(seed, start):
    """Chi-square over 1024 bins, and the extremes stay inside the open interval."""
    u = compiled.uniforms(seed, 1, 2**17, start)
    counts = np.bincount((u * 1024).astype(int), minlength=1024)
    assert stats.chisquare(counts).pvalue > P_4_SIGMA
    assert stats.chisquare(counts).pvalue < 1.0 - P_4_SIGMA  # not too even either
    assert 0.0 < u.min() < u.max() < 1.0


@pytest.mark.parametrize("k_step", [1, 2, 3, 4, 8, 64])
def test_pairs_fill_the_square(k_step):
    """Chi-square of (u_k, u_{k + step}) over 64 x 64 cells."""
    u = np.concatenate([compiled.uniforms(seed, 0, 2**17) for seed in (3, 4, 5, 6)]).reshape(4, -1)
    a, b = (u[:, :-k_step] * 64).astype(int).ravel(), (u[:, k_step:] * 64).astype(int).ravel()
    assert stats.chisquare(np.bincount(64 * a + b, minlength=4096)).pvalue > P_4_SIGMA


def test_triples_fill_the_cube():
    u = compiled.uniforms(3, 0, 3 * 2**18)
    a, b, c = (u.reshape(-1, 3) * 16).astype(int).T
    assert stats.chisquare(np.bincount((a * 16 + b) * 16 + c, minlength=4096)).pvalue > P_4_SIGMA


def normal_samples(n=2**18):
    """Return samples of nine streams: three seeds, three channels."""
    return np.concatenate([compiled.normals(seed, channel, n) for seed in (1, 2, 77) for channel in range(3)])


def test_normal_moments_and_tails():
    """Mean, variance, skewness, kurtosis; counts beyond 1, 2, 3 and 4 sigma on either side with binomial errors."""
    x = normal_samples()
    n = len(x)
    assert abs(x.mean()) < 4.0 / math.sqrt(n)
    assert abs(x.var() - 1.0) < 4.0 * math.sqrt(2.0 / n)
    assert abs((x**3).mean()) < 4.0 * math.sqrt(15.0 / n)
    assert abs((x**4).mean() - 3.0) < 4.0 * math.sqrt(96.0 / n)
    for sigma in (1.0, 2.0, 3.0, 4.0):
        p = stats.norm.sf(sigma)
        for side in (1.0, -1.0):
            assert abs((side * x > sigma).sum() - n * p) < 4.0 * math.sqrt(n * p * (1.0 - p))
    assert np.abs(x).max() < 6.1


def test_normal_distribution():
    x = normal_samples(2**15)
    assert stats.kstest(x, "norm").pvalue > P_4_SIGMA


def test_thresholds_are_unit_exponential():
    e = np.concatenate([compiled.thresholds(seed, 2**15) for seed in range(8)])
    assert stats.kstest(e, "expon").pvalue > P_4_SIGMA
    assert abs(e.mean() - 1.0) < 4.0 / math.sqrt(len(e))


# -- correlation -------------------------------------------------------------------------------------------------------


def lag_correlations(a, b):
    """Return cross-correlations at all circular lags in units of their standard error, by FFT."""
    spectrum = np.fft.rfft(a - a.mean()) * np.conj(np.fft.rfft(b - b.mean()))
    return np.fft.irfft(spectrum, len(a)) / (math.sqrt(len(a)) * a.std() * b.std())


@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize("seed", [0, 1, 123_456_789])
def test_no_serial_correlation_at_any_lag(seed, start):
    """Of the samples, and of their squares (which would show a correlation of the amplitudes)."""
    x = compiled.normals(seed, 0, 2**17, start)
    for signal in (x, x * x):
        scaled = lag_correlations(signal, signal)[1 : 2**16]
        assert np.abs(scaled).max() < largest_expected(len(scaled))
        assert abs((scaled**2).mean() - 1.0) < 4.0 * math.sqrt(2.0 / len(scaled))


def test_no_periodic_line_in_the_spectrum():
    """The largest of 2^17 exponential bins of the periodogram."""
    x = np.concatenate([compiled.normals(9, 0, 2**18)])
    power = np.abs(np.fft.rfft(x)[1:-1]) ** 2 / len(x)
    assert power.max() < -math.log(P_4_SIGMA / len(power))


@pytest.mark.parametrize("pair", [(0, 1), (0, 2), (1, 2)])
def test_channels_are_independent_at_every_lag(pair):
    a, b = (compiled.normals(4, channel, 2**17) for channel in pair)
    scaled = lag_correlations(a, b)
    assert np.abs(scaled).max() < largest_expected(len(scaled))
    assert abs(correlation(a * a, b * b)) < 4.0


@pytest.mark.parametrize(
    ("first", "second"),
    [(0, 1), (1, 2), (2, 3), (65535, 65536), (5, 5 + 65536), (7, 8), (1000, 2000), (2**31 - 2, 2**31 - 1)],
)
def test_seeds_are_independent_at_every_lag(first, second):
    """Neighbouring seeds, seeds that share their low or high half; no stream is another one shifted."""
    for channel in (0, 2):
        scaled = lag_correlations(compiled.normals(first, channel, 2**16), compiled.normals(second, channel, 2**16))
        assert np.abs(scaled).max() < largest_expected(len(scaled))


def test_a_thousand_neighbouring_seeds_at_the_same_sample():
    """Across seeds at fixed k: uniform, and uncorrelated from seed to seed."""
    seeds = np.arange(200_000)
    for k in (0, 1, 2**20):
        u = noise.uniform(seeds, 0, k)
        assert stats.chisquare(np.bincount((u * 256).astype(int), minlength=256)).pvalue > P_4_SIGMA
        assert abs(correlation(u[1:], u[:-1])) < 4.0
        assert abs(correlation(u, noise.uniform(seeds, 0, k + 1))) < 4.0


@pytest.mark.parametrize("step", range(2, 17))
def test_subsequences(step):
    """Every other sample, every third, ...: adjacent ones uncorrelated, and finite differences up to the sixth normal.

    Differences would betray the polynomial in k that the hash is made of.
    """
    u = compiled.uniforms(12, 0, 2**18)
    bound = largest_expected(15 * 2 * 7)
    for offset in (0, 1):
        part = u[offset::step]
        assert abs(correlation(part[1:], part[:-1])) < bound
        for order in range(1, 7):
            difference = np.diff(part, order)[:: order + 1]
            weights = np.array([math.comb(order, n) for n in range(order + 1)], dtype=float)
            variance = (weights**2).sum() / 12.0
            excess = -1.2 * (weights**4).sum() / (weights**2).sum() ** 2  # kurtosis of a sum of uniform numbers
            error = variance * math.sqrt((2.0 + excess) / len(difference))
            assert abs(difference.var() - variance) < bound * error
            assert stats.kstest(np.mod(difference, 1.0), "uniform").pvalue > P_4_SIGMA / 180


def test_even_and_odd_samples_are_independent():
    x = compiled.normals(21, 0, 2**18)
    scaled = lag_correlations(x[::2], x[1::2])
    assert np.abs(scaled).max() < largest_expected(len(scaled))


def test_sums_over_blocks_have_the_white_variance():
    """Sums of 2^4 ... 2^12 samples: no drift, no memory at any scale (the Allan variance of white noise)."""
    x = normal_samples(2**18)
    for size in 2 ** np.arange(4, 13):
        blocks = x.reshape(-1, size).sum(axis=1)
        assert abs(blocks.var() / size - 1.0) < 4.0 * math.sqrt(2.0 / len(blocks))


def test_instance_seeds():
    """Derived seeds lie in the range of the hash, differ by name and by run, and stay as they are."""
    seeds = {noise.instance_seed(run, f"x{n}.mtj") for run in range(20) for n in range(500)}
    assert len(seeds) > 10_000 - 4
    assert all(0 <= seed < noise.SEED_LIMIT for seed in seeds)
    assert noise.instance_seed(7, "x1.mtj") == noise.instance_seed(7, "x1.mtj")
