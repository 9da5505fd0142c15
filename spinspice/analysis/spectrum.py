r"""Autocorrelation, correlation time and power spectral density of evenly sampled signals, with error bars.

Two correlation times are in use, so both are given: the full width at half maximum of the autocorrelation
(Faria et al., Front. Comput. Neurosci. 15, 584797 (2021)) and the lag at which it has fallen to 1/e. For an exponential
decay of time constant T they are 2 ln 2 T = 1.386 T and T; for a Gaussian exp(-w^2 t^2 / 2) 2.355 / w and 1.414 / w.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spinspice.analysis.statistics import as_trials, blocks, jackknife, pooled_autocovariance
from spinspice.errors import ResultError
from spinspice.units import Estimate

#: Pieces into which the data are cut for the standard error of a correlation time.
PIECES = 20


@dataclasses.dataclass(frozen=True)
class Autocorrelation:
    """Normalised autocorrelation: ``lag`` [s], ``value`` [1] and its standard error, shapes (k,)."""

    lag: NDArray[np.float64]
    value: NDArray[np.float64]
    stderr: NDArray[np.float64]


@dataclasses.dataclass(frozen=True)
class CorrelationTime:
    """Correlation time [s] by both definitions, with standard errors."""

    fwhm: float
    fwhm_stderr: float
    decay: float
    decay_stderr: float

    def estimates(self) -> dict[str, Estimate]:
        """Return both with their errors [s]."""
        return {
            "fwhm": Estimate(self.fwhm, self.fwhm_stderr, "s"),
            "decay": Estimate(self.decay, self.decay_stderr, "s"),
        }


def autocorrelation(
    series: ArrayLike | Sequence[ArrayLike], step: float, max_lag: float | None = None
) -> Autocorrelation:
    """Normalised autocorrelation of a series or of several trials.

    Parameters
    ----------
    series : array, shape (n,), or sequence of such arrays
        Samples every ``step`` [s].
    max_lag : float, optional
        Longest lag [s]; default a quarter of the shortest trial.

    Returns
    -------
    Autocorrelation
        Standard errors after Bartlett (M. S. Bartlett, J. R. Stat. Soc. Suppl. 8, 27 (1946)), with the sums cut at the
        lags given.

    Raises
    ------
    ResultError
        For a constant series.
    """
    trials = as_trials(series)
    shortest = min(trial.size for trial in trials)
    lags = shortest // 4 if max_lag is None else min(math.ceil(max_lag / step * (1 - 1e-12)) + 1, shortest)
    rho = _normalised(trials, max(lags, 2))
    total = sum(trial.size for trial in trials)
    return Autocorrelation(step * np.arange(rho.size, dtype=float), rho, _bartlett(rho, total))


def _normalised(trials: list[NDArray[np.float64]], lags: int) -> NDArray[np.float64]:
    """Normalised autocorrelation for k = 0 ... lags - 1; refuses a constant signal."""
    covariance = pooled_autocovariance(trials, lags)
    scale = max(float(np.abs(np.concatenate(trials)).max()), 1e-300)
    if covariance[0] <= (1e-12 * scale) ** 2:
        raise ResultError("the signal is constant: it has no autocorrelation.")
    return covariance / covariance[0]


def _bartlett(rho: NDArray[np.float64], total: int) -> NDArray[np.float64]:
    """Standard errors of the normalised autocorrelation at every lag."""
    k = rho.size
    even = np.concatenate([rho[:0:-1], rho])  # lags -(k-1) ... k-1
    padded = np.pad(even, k)  # zero beyond
    variance = np.empty(k)
    centre = padded.size // 2
    reach = np.arange(-(k - 1), k)
    near = padded[centre + reach]
    stride = max(1, k // 512)  # the error bar is smooth in the lag
    chosen = np.arange(0, k, stride)
    values = np.empty(chosen.size)
    for i, lag in enumerate(chosen):
        plus, minus = padded[centre + np.clip(reach + lag, -centre, centre)], padded[centre + reach - lag]
        terms = near**2 + plus * minus - 4 * rho[lag] * near * plus + 2 * rho[lag] ** 2 * near**2
        values[i] = terms.sum() / total
    variance = np.interp(np.arange(k), chosen, values)
    return np.sqrt(np.maximum(variance, 0.0))


def correlation_time(series: ArrayLike | Sequence[ArrayLike], step: float, *, pieces: int = PIECES) -> CorrelationTime:
    """Correlation time of a series or of several trials, with standard errors from a jackknife over ``pieces``.

    Raises
    ------
    ResultError
        For a constant series, or one that is too short: its autocorrelation never falls to 1/e, or within one sample.
    """
    trials = as_trials(series)
    rho = _normalised(trials, max(min(trial.size for trial in trials) // 4, 2))
    lag = step * np.arange(rho.size, dtype=float)
    below = np.flatnonzero(rho <= math.exp(-1.0))
    if below.size == 0:
        raise ResultError(
            f"the autocorrelation does not fall to 1/e within {lag[-1]:g} s, a quarter of the run. Lengthen the run."
        )
    reach = int(below[0]) + 1
    parts = [part for part in blocks(trials, pieces) if part.size > 2 * reach]
    if len(parts) < 2:
        parts = trials if len(trials) > 1 else blocks(trials, 4)
    mean = float(np.concatenate(trials).mean())
    # A little further than the whole needs, for without one piece the autocorrelation falls later.
    lags = min(2 * reach + 2, *(part.size for part in parts))
    sums = [_products(part, mean, lags) for part in parts]

    def fall(level: float) -> tuple[float, float]:
        def statistic(chosen: list[NDArray[np.float64]]) -> float:
            products = np.sum(chosen, axis=0)
            ratio = products[0] / products[1]
            return _first_fall(step * np.arange(ratio.size, dtype=float), ratio / ratio[0], level)

        _, stderr = jackknife(statistic, sums)
        return _first_fall(lag, rho, level), stderr

    half, half_stderr = fall(0.5)
    decay, decay_stderr = fall(math.exp(-1.0))
    return CorrelationTime(2.0 * half, 2.0 * half_stderr, decay, decay_stderr)


def _products(part: NDArray[np.float64], mean: float, lags: int) -> NDArray[np.float64]:
    """Sums of lagged products of one part and how many there are, shape (2, lags)."""
    x = part - mean
    lags = min(lags, part.size)
    sums = np.array([x[: x.size - k] @ x[k:] for k in range(lags)])
    return np.vstack([sums, x.size - np.arange(lags)])


def _first_fall(lag: NDArray[np.float64], value: NDArray[np.float64], level: float) -> float:
    """First lag at which ``value`` falls to ``level``, linear between the points; NaN if it never does."""
    below = np.flatnonzero(value <= level)
    if below.size == 0:
        return float("nan")
    i = int(below[0])
    if i == 0:
        return 0.0
    return float(lag[i - 1] + (lag[i] - lag[i - 1]) * (value[i - 1] - level) / (value[i - 1] - value[i]))


@dataclasses.dataclass(frozen=True)
class Spectrum:
    """One-sided power spectral density: ``frequency`` [Hz], ``density`` [unit^2/Hz] and its standard error."""

    frequency: NDArray[np.float64]
    density: NDArray[np.float64]
    stderr: NDArray[np.float64]


def power_spectrum(series: ArrayLike | Sequence[ArrayLike], step: float, *, segment: int | None = None) -> Spectrum:
    """One-sided power spectral density by Welch's method (Hann window, half overlap), averaged over trials.

    Parameters
    ----------
    series : array, shape (n,), or sequence of such arrays
        Samples every ``step`` [s].
    segment : int, optional
        Samples in a segment; default an eighth of the shortest trial.

    Returns
    -------
    Spectrum
        Relative standard error sqrt(19 / (18 K)) for K half-overlapping segments (P. D. Welch, IEEE Trans. Audio
        Electroacoust. 15, 70 (1967)).
    """
    from scipy.signal import welch

    trials = as_trials(series)
    shortest = min(trial.size for trial in trials)
    length = max(8, shortest // 8) if segment is None else segment
    if not 8 <= length <= shortest:
        raise ResultError(f"a segment of {length} samples does not fit into a trial of {shortest}; 8 at least.")
    mean = float(np.concatenate(trials).mean())
    weights, densities, segments = [], [], 0
    for trial in trials:
        frequency, density = welch(trial - mean, fs=1.0 / step, nperseg=length, detrend=False)
        count = (trial.size - length) // (length - length // 2) + 1
        weights.append(count)
        densities.append(density)
        segments += count
    average = np.average(densities, axis=0, weights=weights)
    return Spectrum(frequency, average, average * math.sqrt(19.0 / (18.0 * segments)))
