r"""Means and their standard errors when samples are correlated.

A stochastic run gives many samples and few independent ones. With the normalised autocorrelation :math:`\rho_k`, the
variance of a mean of ``n`` samples is :math:`\sigma^2 \tau / n` with the integrated autocorrelation
:math:`\tau = 1 + 2 \sum_k \rho_k`, so ``n / tau`` samples count. The sum is cut by Sokal's automatic window (A. Sokal,
in *Functional Integration*, NATO ASI B 361 (1997), Sec. 3): the smallest K with K >= c tau(K), c = 3. Correlations are
taken about the mean of the same samples, which makes tau too small by (2 K + 1) / n of itself; that is put right to
first order (U. Wolff, Comput. Phys. Commun. 156, 143 (2004), eq. 49).

A standard error from few independent samples is a guess, and one from a junction that never switched is wrong by any
factor. Below ten (our choice; docs/theory.md shows what it gives) the standard error is NaN: unknown.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spinspice.errors import ResultError

#: Width of the window in units of the integrated autocorrelation tau. Sokal recommends 4 to 10 of his tau, half of
#: ours; of an exponential decay the cut drops exp(-6).
WINDOW = 3.0
#: Below this number of independent samples a standard error is itself a guess, and is called unknown.
FEW_SAMPLES = 10.0
#: A two-level signal has switched when it went from below the one to above the other of these parts of its range, or
#: back: far enough apart for the noise within a state, near enough for a magnet without barrier.
SCHMITT = (0.35, 0.65)
#: Parts of a run in which switches are counted, to see whether they come in bursts.
PARTS = 10
#: Confidence of the intervals of a yield.
CONFIDENCE = 0.95
#: Standard normal quantile of that confidence, two-sided.
Z = 1.959963984540054


@dataclasses.dataclass(frozen=True)
class Estimate:
    """A value with its standard error, how many independent samples are behind it, and the spread of single samples.

    ``stderr`` is NaN, unknown, where fewer than :data:`FEW_SAMPLES` independent samples are behind it.
    """

    value: float
    stderr: float
    effective_size: float
    std: float

    @property
    def reliable(self) -> bool:
        """Whether the standard error rests on enough independent samples (10) to be known."""
        return self.effective_size >= FEW_SAMPLES


def as_trials(series: ArrayLike | Sequence[ArrayLike]) -> list[NDArray[np.float64]]:
    """Return one series, or several trials of it, as a list of finite 1-D arrays.

    Raises
    ------
    ResultError
        If there is none, one is empty, or holds a value that is not finite.
    """
    if isinstance(series, np.ndarray) and series.ndim == 1:
        trials = [np.asarray(series, dtype=float)]
    else:
        listed: list[Any] = list(series)  # type: ignore[arg-type]
        if listed and np.ndim(listed[0]) == 0:
            listed = [listed]
        trials = [np.asarray(one, dtype=float) for one in listed]
    if not trials or any(trial.ndim != 1 or trial.size < 2 for trial in trials):
        raise ResultError("a series needs at least two samples in one dimension; the run is too short to say anything.")
    if not all(np.isfinite(trial).all() for trial in trials):
        raise ResultError("a series holds values that are not finite.")
    return trials


def autocovariance(trial: NDArray[np.float64], mean: float, lags: int) -> NDArray[np.float64]:
    """Sums of ``(x_i - mean)(x_{i+k} - mean)`` for k = 0 ... lags - 1 (by FFT, zero-padded), not normalised."""
    deviation = trial - mean
    length = 1 << int(np.ceil(np.log2(trial.size + lags)))
    spectrum = np.fft.rfft(deviation, length)
    return np.fft.irfft(np.abs(spectrum) ** 2, length)[:lags]


def pooled_autocovariance(trials: list[NDArray[np.float64]], lags: int) -> NDArray[np.float64]:
    """Autocovariance [unit squared] for k = 0 ... lags - 1, about the mean of all trials, averaged over trials."""
    mean = float(np.concatenate(trials).mean())
    products = np.zeros(lags)
    counts = np.zeros(lags)
    for trial in trials:
        n = min(lags, trial.size)
        products[:n] += autocovariance(trial, mean, n)
        counts[:n] += trial.size - np.arange(n)
    return products / counts


def integrated_autocorrelation(series: ArrayLike | Sequence[ArrayLike]) -> float:
    """Integrated autocorrelation 1 + 2 sum rho_k [samples] of a series or of several trials, by Sokal's window.

    A constant series has no correlation to speak of: 1.
    """
    trials = as_trials(series)
    lags = max(min(trial.size for trial in trials) // 2, 1)
    covariance = pooled_autocovariance(trials, lags)
    scale = max(float(np.abs(np.concatenate(trials)).max()), 1e-300)
    if covariance[0] <= (1e-14 * scale) ** 2:
        return 1.0
    tau = 2.0 * np.cumsum(covariance / covariance[0]) - 1.0
    enough = np.arange(lags) >= WINDOW * tau
    window = int(np.argmax(enough)) if enough.any() else lags - 1
    size = sum(trial.size for trial in trials)
    return float(max(tau[window], 1.0 / (2 * lags)) * (1.0 + (2 * window + 1) / size))


def mean_with_error(series: ArrayLike | Sequence[ArrayLike], independent: float = math.inf) -> Estimate:
    """Mean of evenly spaced, correlated samples, or of several independent trials of them, with its standard error.

    Parameters
    ----------
    series : array, shape (n,), or sequence of such arrays
        One run, or several runs of the same kind. Trials are pooled, each sample with the same weight.
    independent : float
        Most independent samples that the runs can hold, where another signal tells: those of the junction
        (:func:`independent_samples`), for an output that fluctuates within one state of a junction that did not switch
        looks like many.

    Returns
    -------
    Estimate
        The correlation is estimated about the mean of all trials, so that slow fluctuations between them count. With
        fewer than :data:`FEW_SAMPLES` independent samples, and for a series that never moves and no junction to tell
        why, the standard error is NaN: unknown.
    """
    trials = as_trials(series)
    samples = np.concatenate(trials)
    if np.ptp(samples) == 0.0:
        size = independent if math.isfinite(independent) else 1.0
        return Estimate(float(samples[0]), 0.0 if size >= FEW_SAMPLES else math.nan, float(size), 0.0)
    std = float(samples.std())
    size = samples.size / integrated_autocorrelation(trials)
    known = min(size, independent)
    if known < FEW_SAMPLES:
        return Estimate(float(samples.mean()), math.nan, float(known), std)
    return Estimate(float(samples.mean()), widened(size) * std / math.sqrt(size), float(known), std)


def widened(size: float) -> float:
    """Factor by which a standard error from ``size`` independent samples is widened: it is itself uncertain.

    Student's t with size / 4 degrees of freedom in place of the normal law, at two standard errors (95.45 %): 1.06 for
    100 samples, 1.9 for 10. That an estimated autocorrelation leaves so many is our choice, between the size / 6 of its
    variance (N. Madras and A. Sokal, J. Stat. Phys. 50, 109 (1988)) and what coverage asks for (docs/theory.md).
    """
    from scipy.special import ndtr, stdtrit

    return float(stdtrit(max(float(size) / 4.0, 1.0), float(ndtr(2.0))) / 2.0)


def switches(state: ArrayLike, low: float, high: float) -> NDArray[np.intp]:
    """Places at which a signal has gone from below ``low`` to above ``high``, or back (Schmitt trigger)."""
    x = np.asarray(state, dtype=float)
    decided = np.where(x >= high, 1, np.where(x <= low, 0, -1))
    places = np.flatnonzero(decided >= 0)
    return places[1:][np.diff(decided[places]) != 0]


def independent_samples(states: Sequence[ArrayLike], limits: tuple[float, float]) -> float:
    r"""Number of independent samples that runs hold of a junction with two states.

    The smallest of three counts: samples over the integrated autocorrelation of the state; switches; and
    :math:`2 (\sum d)^2 / \sum d^2` of the dwell times d, which is small where a few long ones fill the run. For a
    symmetric two-state process with escape rate :math:`\lambda` all are :math:`\lambda T` on average; a junction that
    stays in one state has none, however lively it is within. A magnet of low damping switches in bursts, many times
    while its energy is above the barrier, then long not at all. The count is therefore divided by the index of
    dispersion of the switches in tenths of the runs (variance over mean, at least 1; of a Poisson process it is 1).
    The rule is our choice; docs/theory.md shows what it gives.

    Parameters
    ----------
    states : sequence of arrays
        State of the junction in each run.
    limits : (float, float)
        The two states: 0 and 1 of a telegraph junction, -1 and 1 of m . p.
    """
    trials = as_trials(states)
    bottom, top = limits
    low, high = (bottom + part * (top - bottom) for part in SCHMITT)
    places = [switches(trial, low, high) for trial in trials]
    count = sum(at.size for at in places)
    if count == 0:
        return 0.0
    total = sum(trial.size for trial in trials)
    ends = [np.concatenate([[0], at, [trial.size]]) for at, trial in zip(places, trials, strict=True)]
    squares = sum(float(np.sum(np.diff(at).astype(float) ** 2)) for at in ends)
    smallest = min(count, 2.0 * total**2 / squares, total / integrated_autocorrelation(trials))
    bins = [np.histogram(at, PARTS, (0, trial.size))[0] for at, trial in zip(places, trials, strict=True)]
    dispersion = float(np.var(bins, ddof=1) / np.mean(bins))
    return float(smallest / max(dispersion, 1.0))


def most_of(count: int, confidence: float = CONFIDENCE) -> float:
    """Return the upper limit of a Poisson mean of which ``count`` events were seen; of none: 3.0, the rule of three.

    The one-sided limit of F. Garwood, Biometrika 28, 437 (1936), half the chi-squared quantile with 2 (n + 1) degrees
    of freedom.

    >>> round(most_of(0), 3)
    2.996
    """
    from scipy.stats import chi2

    return float(0.5 * chi2.ppf(confidence, 2 * (count + 1)))


def part_at_most(count: int, total: int, confidence: float = CONFIDENCE) -> float:
    """Return the upper limit of a part of which ``count`` in ``total`` were seen; of none in n about 3/n.

    The one-sided limit of C. Clopper and E. Pearson, Biometrika 26, 404 (1934).

    >>> round(part_at_most(0, 300), 5)
    0.00994
    """
    from scipy.stats import beta

    return 1.0 if count >= total else float(beta.ppf(confidence, count + 1, total - count))


def wrong_of(count: int, total: int) -> str:
    """Return a count of errors for people, with the limit of their part.

    >>> wrong_of(0, 300)
    '0 of 300 (at most 0.99 %)'
    """
    return f"{count} of {total}" + (f" (at most {100 * part_at_most(count, total):.2g} %)" if total else "")


def weighted_mean(values: ArrayLike, stderrs: ArrayLike) -> tuple[float, float]:
    """Mean of independent values with weights 1 / stderr^2, and its standard error.

    Raises
    ------
    ResultError
        If shapes differ or a standard error is not positive.
    """
    x, s = np.asarray(values, dtype=float), np.asarray(stderrs, dtype=float)
    if x.shape != s.shape or x.size == 0 or not (s > 0).all():
        raise ResultError("a weighted mean needs as many positive standard errors as values.")
    weights = 1.0 / s**2
    return float(np.sum(weights * x) / weights.sum()), float(1.0 / np.sqrt(weights.sum()))


def jackknife(statistic: Callable[[list[Any]], float], parts: Sequence[Any]) -> tuple[float, float]:
    """Value of a statistic of all parts, and its standard error from leaving out one part at a time.

    Parts are independent pieces of data, such as trials or blocks much longer than the correlation time
    (M. Quenouille and J. Tukey; here for statistics, like a correlation time, that have no error formula).
    """
    parts = list(parts)
    n = len(parts)
    if n < 2:
        raise ResultError("a jackknife needs at least two parts; use more trials or a longer run.")
    value = statistic(parts)
    left_out = np.array([statistic(parts[:i] + parts[i + 1 :]) for i in range(n)])
    finite = left_out[np.isfinite(left_out)]
    if finite.size < n:
        return value, float("nan")
    return value, float(np.sqrt((n - 1) / n * np.sum((left_out - left_out.mean()) ** 2)))


def bootstrap(
    statistic: Callable[[NDArray[np.float64]], float], samples: ArrayLike, *, repeats: int = 1000, seed: int = 0
) -> tuple[float, float]:
    """Value of a statistic of independent samples, and its standard error from resampling them with replacement."""
    x = np.asarray(samples, dtype=float)
    if x.ndim != 1 or x.size < 2:
        raise ResultError("a bootstrap needs at least two samples in one dimension.")
    generator = np.random.default_rng(seed)
    draws = [statistic(x[generator.integers(0, x.size, x.size)]) for _ in range(repeats)]
    return float(statistic(x)), float(np.std(draws, ddof=1))


def blocks(series: ArrayLike | Sequence[ArrayLike], count: int) -> list[NDArray[np.float64]]:
    """Cut trials into about ``count`` blocks of equal length in total; ends that do not fill a block are dropped."""
    trials = as_trials(series)
    per_trial = max(1, round(count / len(trials)))
    length = max(2, min(trial.size for trial in trials) // per_trial)
    return [trial[i * length : (i + 1) * length] for trial in trials for i in range(trial.size // length)]


@dataclasses.dataclass(frozen=True)
class Yield:
    """Part of the instances within the limits, with its interval of 95 % confidence.

    ``failed`` instances gave no result: ``count`` holds them, as outside the limits, or leaves them out.
    """

    passed: int
    count: int
    fraction: float
    low: float
    high: float
    failed: int = 0


def wilson(passed: int, count: int) -> Yield:
    """Return a yield with Wilson's score interval (E. B. Wilson, J. Am. Stat. Assoc. 22, 209 (1927)).

    It stays inside 0 to 1 and means something when all or none pass.

    >>> found = wilson(10, 10)
    >>> round(found.low, 4), found.high
    (0.7225, 1.0)
    """
    if count == 0:
        return Yield(0, 0, math.nan, 0.0, 1.0)
    p, z2 = passed / count, Z * Z
    middle = (p + z2 / (2 * count)) / (1 + z2 / count)
    half = Z / (1 + z2 / count) * math.sqrt(p * (1 - p) / count + z2 / (4 * count * count))
    low = 0.0 if passed == 0 else middle - half
    high = 1.0 if passed == count else middle + half
    return Yield(passed, count, p, low, high)
