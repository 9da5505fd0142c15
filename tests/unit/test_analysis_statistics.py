"""Means of correlated samples: exact answers for first-order autoregressive series."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.signal import lfilter
from scipy.stats import poisson

from spinspice.analysis.statistics import (
    blocks,
    bootstrap,
    independent_samples,
    integrated_autocorrelation,
    jackknife,
    mean_with_error,
    most_of,
    switches,
    weighted_mean,
    widened,
)
from spinspice.errors import ResultError


def autoregressive(n: int, a: float, seed: int, trials: int = 1) -> np.ndarray:
    """Stationary series x[k+1] = a x[k] + noise of unit variance: rho_k = a^k, tau = (1 + a)/(1 - a)."""
    generator = np.random.default_rng(seed)
    noise = np.sqrt(1 - a * a) * generator.standard_normal((trials, n))
    start = generator.standard_normal((trials, 1))
    return lfilter([1.0], [1.0, -a], noise, axis=1, zi=a * start)[0]


@pytest.mark.parametrize("a", [0.0, 0.5, 0.9, 0.98])
def test_integrated_autocorrelation_of_an_autoregressive_series(a):
    n = 200_000
    tau = (1 + a) / (1 - a)
    # Relative variance 2 (2 W + 1) / n with the window W = 3 tau (Madras and Sokal 1988); the cut drops exp(-6).
    error = tau * np.sqrt(2 * (6 * tau + 1) / n)
    assert abs(integrated_autocorrelation(autoregressive(n, a, seed=1)[0]) - tau) < 4 * error + 3e-3 * tau


def test_standard_error_is_the_scatter_of_means():
    means = [mean_with_error(one) for one in autoregressive(4000, 0.95, seed=2, trials=200)]
    scatter = np.std([m.value for m in means], ddof=1)
    stated = np.sqrt(np.mean([m.stderr**2 for m in means]))
    exact = np.sqrt(39.0 / 4000)
    stated /= widened(4000 / 39.0)
    assert abs(scatter - exact) < 4 * exact / np.sqrt(2 * 199)
    # One stated error scatters by sqrt(2 (6 tau + 1) / n) / 2, 0.17; 200 of them were averaged.
    assert abs(stated - exact) < 4 * 0.17 * exact / np.sqrt(200)


def test_pooled_trials_count_fluctuations_slower_than_a_trial():
    # Each trial lasts two correlation times only: within one of them the mean looks far better known than it is.
    trials = autoregressive(200, 0.98, seed=3, trials=400)
    pooled = mean_with_error(list(trials))
    exact = trials.mean(axis=1).std(ddof=1) / np.sqrt(400)
    # Half the length of a trial is all the lags there are, so the window cuts part of the sum: 15 % is the budget.
    assert abs(pooled.stderr / exact - 1.0) < 0.15
    assert abs(pooled.value) < 4 * pooled.stderr


def test_a_constant_series_is_as_sure_as_what_moves_behind_it():
    """An output at a rail: known if the junction switched, unknown if it did not or nobody can tell."""
    estimate = mean_with_error(np.full(50, 0.4), independent=12.0)
    assert (estimate.value, estimate.stderr, estimate.reliable) == (0.4, 0.0, True)
    for frozen in (mean_with_error(np.full(50, 0.4), independent=0.0), mean_with_error(np.full(50, 0.4))):
        assert frozen.value == 0.4 and np.isnan(frozen.stderr) and not frozen.reliable


def test_few_independent_samples_leave_the_standard_error_unknown():
    ramp = mean_with_error(np.linspace(0.0, 1.0, 500))
    assert np.isnan(ramp.stderr) and not ramp.reliable
    lively = np.random.default_rng(1).standard_normal(5000)  # within one state of a junction that switched thrice
    assert np.isnan(mean_with_error(lively, independent=3.0).stderr)
    assert mean_with_error(lively).stderr == pytest.approx(1 / np.sqrt(5000), rel=4 * np.sqrt(2 * 7 / 5000) / 2)


def test_switches_have_two_thresholds():
    assert switches([0.0, 0.5, 0.0, 0.9, 0.5, 0.7, 0.1], 0.35, 0.65).tolist() == [3, 6]
    assert independent_samples([np.zeros(100), np.ones(100)], (0.0, 1.0)) == 0.0  # two runs, none of which switched


def test_no_event_bounds_a_rate_by_the_rule_of_three():
    assert most_of(0) == pytest.approx(-np.log(0.05), rel=1e-12)
    assert poisson.cdf(4, most_of(4)) == pytest.approx(0.05, rel=1e-9)


def test_weighted_mean_is_exact():
    value, stderr = weighted_mean([1.0, 2.0], [1.0, 2.0])
    assert value == pytest.approx(1.2, rel=1e-15)
    assert stderr == pytest.approx(np.sqrt(0.8), rel=1e-15)


def test_jackknife_of_a_mean_is_the_usual_standard_error():
    parts = list(np.random.default_rng(4).normal(size=30))
    value, stderr = jackknife(lambda chosen: float(np.mean(chosen)), parts)
    assert value == pytest.approx(np.mean(parts), rel=1e-12)
    assert stderr == pytest.approx(np.std(parts, ddof=1) / np.sqrt(30), rel=1e-9)


def test_bootstrap_of_a_mean_and_its_repeatability():
    samples = np.random.default_rng(5).exponential(size=400)
    value, stderr = bootstrap(np.mean, samples, repeats=2000, seed=6)
    exact = samples.std() / np.sqrt(400)
    assert value == samples.mean()
    assert abs(stderr - exact) < 4 * exact / np.sqrt(2 * 2000)
    assert bootstrap(np.mean, samples, repeats=50, seed=6) == bootstrap(np.mean, samples, repeats=50, seed=6)


def test_blocks_are_equal_and_of_the_right_number():
    cut = blocks([np.arange(100.0), np.arange(100.0)], 10)
    assert [part.size for part in cut] == [20] * 10


@pytest.mark.parametrize(
    ("series", "match"),
    [([], "at least two samples"), ([[1.0]], "too short"), ([[1.0, np.nan]], "not finite")],
)
def test_unusable_series_are_refused(series, match):
    with pytest.raises(ResultError, match=match):
        mean_with_error(series)


def test_weighted_mean_needs_errors():
    with pytest.raises(ResultError, match="positive standard errors"):
        weighted_mean([1.0, 2.0], [0.0, 1.0])
    with pytest.raises(ResultError, match="at least two parts"):
        jackknife(lambda chosen: 0.0, [1.0])
    with pytest.raises(ResultError, match="at least two samples"):
        bootstrap(np.mean, [1.0])
