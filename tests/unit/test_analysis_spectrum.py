"""Autocorrelation, correlation time and spectrum of an Ornstein-Uhlenbeck process, whose laws are exact."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.signal import lfilter

from spinspice.analysis.spectrum import autocorrelation, correlation_time, power_spectrum
from spinspice.errors import ResultError

STEP = 1e-11
DECAY = 2e-10
A = math.exp(-STEP / DECAY)


def process(n: int, seed: int, trials: int = 1) -> list[np.ndarray]:
    """Ornstein-Uhlenbeck process of unit variance and time constant DECAY, exact at the samples."""
    generator = np.random.default_rng(seed)
    noise = math.sqrt(1 - A * A) * generator.standard_normal((trials, n))
    start = generator.standard_normal((trials, 1))
    return list(lfilter([1.0], [1.0, -A], noise, axis=1, zi=A * start)[0])


def test_autocorrelation_lies_on_the_law_within_its_errors():
    acf = autocorrelation(process(100_000, seed=1), STEP, max_lag=4 * DECAY)
    law = np.exp(-acf.lag / DECAY)
    assert acf.value[0] == 1.0 and acf.stderr[0] < 1e-6
    assert (np.abs(acf.value - law)[1:] < 4 * acf.stderr[1:]).all()


def test_error_bars_are_the_scatter():
    runs = [autocorrelation(trial, STEP, max_lag=2 * DECAY) for trial in process(8000, seed=2, trials=200)]
    at = 20  # one time constant
    scatter = np.std([run.value[at] for run in runs], ddof=1)
    stated = np.mean([run.stderr[at] for run in runs])
    # 200 runs give the scatter to 5 %; the sums of an error bar, cut at two time constants, miss exp(-4) of it.
    assert abs(stated / scatter - 1.0) < 4 * 0.05 + 0.05


def test_both_definitions_of_the_correlation_time():
    tau = correlation_time(process(50_000, seed=3, trials=4), STEP)
    # Linear between samples of an exponential: at most (step / DECAY)^2 / 8 of it, 0.03 %.
    assert abs(tau.decay - DECAY) < 4 * tau.decay_stderr + 3e-4 * DECAY
    assert abs(tau.fwhm - 2 * math.log(2) * DECAY) < 4 * tau.fwhm_stderr + 3e-4 * DECAY
    assert tau.decay_stderr < 0.05 * DECAY


def test_stated_error_of_the_correlation_time_is_the_scatter():
    runs = [correlation_time(trial, STEP) for trial in process(20_000, seed=4, trials=100)]
    scatter = np.std([run.decay for run in runs], ddof=1)
    stated = math.sqrt(np.mean([run.decay_stderr**2 for run in runs]))
    # 100 runs: 7 %; each stated variance from 20 pieces: 16 % in the error, averaged over 100.
    assert abs(stated / scatter - 1.0) < 4 * 0.075


def test_spectrum_is_the_lorentzian():
    spectrum = power_spectrum(process(200_000, seed=5), STEP, segment=2000)
    inside = (spectrum.frequency > 0) & (spectrum.frequency < 0.4 / STEP)
    f = spectrum.frequency[inside]
    # One-sided density of the sampled process, aliases included.
    law = 2 * STEP * (1 - A * A) / (1 - 2 * A * np.cos(2 * np.pi * f * STEP) + A * A)
    pulls = (spectrum.density[inside] - law) / (law * spectrum.stderr[inside] / spectrum.density[inside])
    assert abs(pulls.mean()) < 4 / math.sqrt(pulls.size / 1.5)  # neighbours share a window
    assert np.abs(pulls).max() < 6.0  # about 700 points of a chi-squared distribution with 370 degrees of freedom


def test_integral_of_the_spectrum_is_the_variance():
    series = process(100_000, seed=6)
    spectrum = power_spectrum(series, STEP)
    total = np.trapezoid(spectrum.density, spectrum.frequency)
    error = np.sqrt(2 * 2 * DECAY / STEP / 100_000 / 2)
    assert abs(total - 1.0) < 4 * error + 0.01


def test_trials_are_pooled():
    whole = autocorrelation(process(2000, seed=7, trials=8), STEP, max_lag=DECAY)
    assert whole.lag[-1] == pytest.approx(DECAY, rel=1e-9)
    assert np.median(whole.stderr[1:]) < np.median(
        autocorrelation(process(2000, seed=7)[0], STEP, max_lag=DECAY).stderr[1:]
    )


@pytest.mark.parametrize(
    ("call", "match"),
    [
        (lambda: autocorrelation(np.ones(100), STEP), "constant"),
        (lambda: correlation_time(np.ones(100), STEP), "constant"),
        (lambda: correlation_time(np.arange(100.0), STEP), "does not fall to 1/e"),
        (lambda: power_spectrum(np.ones(100), STEP, segment=200), "does not fit"),
    ],
)
def test_unusable_signals_are_refused(call, match):
    with pytest.raises(ResultError, match=match):
        call()
