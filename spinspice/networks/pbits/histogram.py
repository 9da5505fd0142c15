"""Histogram of the states of a network beside a law, with what sampling alone makes of the difference."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spinspice.analysis.statistics import WINDOW, autocovariance
from spinspice.errors import ResultError, UsageError, check_range
from spinspice.networks.pbits.exact import total_variation
from spinspice.units import with_error

Array = NDArray[np.float64]
#: States whose correlation is followed, the most frequent first, and repetitions of what sampling alone gives.
FOLLOWED, REPEATED = 64, 400


@dataclasses.dataclass(frozen=True)
class Comparison:
    """Total variation between a histogram and a law [1].

    Attributes
    ----------
    tv : float
        What was found.
    expected, spread : float
        Mean and standard deviation of what as many independent samples of the law itself give.
    independent : float
        That many.
    """

    tv: float
    expected: float
    spread: float
    independent: float

    @property
    def excess(self) -> float:
        """By how many of its standard deviations the total variation exceeds what sampling alone gives [1]."""
        return (self.tv - self.expected) / self.spread

    def __str__(self) -> str:
        return (
            f"{self.tv:.4f} (sampling alone {with_error(self.expected, self.spread, prefix=False)}, "
            f"{self.independent:.0f} independent samples)"
        )


@dataclasses.dataclass(frozen=True)
class Histogram:
    """How often each state was met, and how many independent samples that is.

    Attributes
    ----------
    counts : array, shape (2**n,)
    step : float
        Time between samples [s].
    correlation : float
        Integrated correlation time of the state [s]: of the indicators of all states, weighed by their variance.
    """

    counts: NDArray[np.int64]
    step: float
    correlation: float

    @classmethod
    def of(cls, rows: ArrayLike | Sequence[ArrayLike], bits: int, step: float) -> Histogram:
        """Make one of the numbers of states at even times, one run or several.

        Raises
        ------
        ResultError
            For a run of fewer than 20 samples.
        UsageError
            For more than 24 p-bits.
        """
        if bits > 24:
            raise UsageError(f"{bits} p-bits have 2**{bits} states: no histogram of more than 24. Keep some of them.")
        whole = isinstance(rows, np.ndarray) and rows.ndim == 1
        runs = [np.asarray(run) for run in ([rows] if whole else rows)]  # type: ignore[union-attr]
        if min((run.size for run in runs), default=0) < 20:
            raise ResultError("a run of fewer than 20 states says nothing of their frequency. Run it for longer.")
        counts = sum(np.bincount(run, minlength=2**bits) for run in runs)
        return cls(np.asarray(counts), step, step * _correlation(runs, np.asarray(counts)))

    @property
    def probabilities(self) -> Array:
        """Frequencies [1]."""
        return np.asarray(self.counts / self.counts.sum())

    @property
    def independent(self) -> float:
        """Independent samples that the run is worth."""
        return float(self.counts.sum() * self.step / self.correlation)

    def of_states(self, chosen: ArrayLike) -> tuple[float, float]:
        """Return the probability of a set of states (numbers or a mask) and its standard error."""
        p = float(self.probabilities[np.asarray(chosen)].sum())
        n = self.independent
        floor = (p * n + 1.0) / (n + 2.0)  # Laplace: no certainty from none met
        return p, math.sqrt(floor * (1.0 - floor) / n)

    def compare(self, law: ArrayLike, seed: int = 1, alone: tuple[float, float] | None = None) -> Comparison:
        """Compare with a law, shape (2**n,).

        ``alone`` is mean and standard deviation of what sampling alone gives, where runs of the law itself say it
        (:mod:`spinspice.networks.pbits.judge`).

        What sampling alone gives is the total variation of multinomial draws of the law, as many as the run holds
        independent samples: raw counts would make it too small by the root of the correlation time.
        """
        wanted = np.asarray(law, dtype=float)
        if wanted.shape != self.counts.shape:
            raise UsageError(f"a law of shape {wanted.shape} beside a histogram of shape {self.counts.shape}.")
        check_range("sum of the law", wanted.sum(), 1 - 1e-6, 1 + 1e-6, where="law of a p-bit network")
        if alone is not None:
            return Comparison(total_variation(self.probabilities, wanted), *alone, self.independent)
        n = max(1, round(self.independent))
        drawn = np.random.default_rng([seed, 0x7A]).multinomial(n, wanted / wanted.sum(), size=REPEATED) / n
        all_tv = 0.5 * np.abs(drawn - wanted).sum(axis=1)
        return Comparison(
            total_variation(self.probabilities, wanted), float(all_tv.mean()), float(all_tv.std()), self.independent
        )


def between(one: Histogram, other: Histogram, seed: int = 1) -> Comparison:
    """Compare two histograms with each other: sampling alone is that of both, about their common mean."""
    n = [max(1, round(h.independent)) for h in (one, other)]
    common = (n[0] * one.probabilities + n[1] * other.probabilities) / sum(n)
    draw = np.random.default_rng([seed, 0x7B])
    first, second = (draw.multinomial(k, common / common.sum(), size=REPEATED) / k for k in n)
    all_tv = 0.5 * np.abs(first - second).sum(axis=1)
    tv = total_variation(one.probabilities, other.probabilities)
    return Comparison(tv, float(all_tv.mean()), float(all_tv.std()), float(min(n)))


def _correlation(runs: Sequence[Any], counts: NDArray[np.int64]) -> float:
    """Integrated correlation 1 + 2 sum rho [samples] of the indicators of states, by Sokal's window."""
    p = counts / counts.sum()
    states = np.argsort(-counts, kind="stable")[: min(FOLLOWED, np.count_nonzero(counts))]
    lags = max(min(run.size for run in runs) // 2, 1)
    total, size = np.zeros(lags), np.zeros(lags)
    for run in runs:
        size += run.size - np.arange(lags)
        for state in states:
            total += autocovariance((run == state).astype(float), p[state], lags)
    covariance = total / size
    if covariance[0] <= 0.0:
        return float(sum(run.size for run in runs))  # one state all the time: a single sample
    tau = 2.0 * np.cumsum(covariance / covariance[0]) - 1.0
    enough = np.arange(lags) >= WINDOW * tau
    return float(max(tau[int(np.argmax(enough)) if enough.any() else lags - 1], 1.0))
