r"""Counting the switches of a junction that is looked at once a clock cycle.

A two-state process with escape rates l0 and l1, s = l0 + l1, looked at every T, is a Markov chain with

.. math::
    p_{01} = \frac{l_0}{s} (1 - e^{-sT}), \qquad p_{10} = \frac{l_1}{s} (1 - e^{-sT}),

so edges are seen at the rate 2 (l0 l1 / s^2) (1 - e^{-sT}) / T instead of 2 l0 l1 / s: a pair of switches between two
looks is missed. The law is exact at any T and can be inverted,

.. math::
    s = -\ln(1 - p_{01} - p_{10}) / T, \qquad l_0 = \frac{s\,p_{01}}{p_{01} + p_{10}},

as long as p01 + p10 < 1. Derivation and limits: docs/readout.md.

Escape rates are arrays of shape (2, ...): out of 0 and out of 1, of one junction or of a whole population.
"""

from __future__ import annotations

import dataclasses
import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spinspice.errors import ResultError, check_range

#: What is counted: every switch; changes between edges of a clock; the changes of a chain with one chance a time step
#: (the simulation of Mizrahi et al. 2018, eq. 7).
READINGS = ("events", "clock", "steps")


@dataclasses.dataclass(frozen=True)
class CountedRates:
    """What sampled bits tell of a two-state process.

    Parameters
    ----------
    seen, seen_stderr : float
        Rate of full cycles as counted, edges / 2 / time [1/s].
    rate, rate_stderr : float
        Rate of full cycles corrected for missed pairs of switches [1/s].
    escape, escape_stderr : (float, float)
        Escape rates out of 0 and out of 1 [1/s].
    missed, missed_stderr : float
        Part of the switches that was missed, estimated from the bits [1].
    edges, bits : int
        Edges seen, and bits.
    """

    seen: float
    seen_stderr: float
    rate: float
    rate_stderr: float
    escape: tuple[float, float]
    escape_stderr: tuple[float, float]
    missed: float
    missed_stderr: float
    edges: int
    bits: int


def sample_bits(time: ArrayLike, signal: ArrayLike, samples: ArrayLike, threshold: float = 0.0) -> NDArray[np.int64]:
    """Return 1 where a signal is above ``threshold`` at the times ``samples`` [s], else 0.

    Raises
    ------
    ResultError
        If a sample lies outside the signal.
    """
    t, at = np.asarray(time, dtype=float), np.asarray(samples, dtype=float)
    if at.size == 0 or at.min() < t[0] or at.max() > t[-1]:
        raise ResultError(f"samples must lie between {t[0]:g} and {t[-1]:g} s; lengthen the run, or take fewer.")
    return (np.interp(at, t, np.asarray(signal, dtype=float)) > threshold).astype(np.int64)


def missed_fraction(escape0: float, escape1: float, period: float) -> float:
    """Part of the switches that a clock of ``period`` [s] misses, 1 - (1 - exp(-x)) / x with x = (l0 + l1) T.

    >>> f"{missed_fraction(1e3, 1e3, 1e-5):.4f}"
    '0.0099'
    """
    x = (escape0 + escape1) * period
    return float(1.0 + np.expm1(-x) / x) if x > 0 else 0.0


def missed_slope(x: float) -> float:
    """Derivative of the part of :func:`missed_fraction` by x = (l0 + l1) T, (1 - exp(-x) (1 + x)) / x^2.

    >>> round(missed_slope(0.5), 4)
    0.3608
    """
    return float((-np.expm1(-x) - x * np.exp(-x)) / x**2)


def clock_for(escape0: float, escape1: float, missed: float = 0.05) -> float:
    """Longest clock period [s] that misses no more than this part of the switches.

    Raises
    ------
    ParameterError
        If ``missed`` is not between 0 and 1.
    """
    from scipy.optimize import brentq

    check_range("missed", missed, 1e-6, 0.99, where="part of the switches that may be missed")
    x = float(brentq(lambda x: 1.0 + np.expm1(-x) / x - missed, 1e-9, 2.0 / (1.0 - missed) + 100.0))
    return x / (escape0 + escape1)


def seen_rate(escape0: float, escape1: float, period: float) -> float:
    """Rate of full cycles [1/s] that sampled bits show, (l0 l1 / s^2) (1 - exp(-s T)) / T."""
    p = step_probabilities(np.array([escape0, escape1]), period)
    return float(0.5 * chain_moments(p, 1)[0] / period)


def step_probabilities(escape: NDArray[np.float64], dt: ArrayLike, reading: str = "clock") -> NDArray[np.float64]:
    """Return the probabilities to be found in the other state after one time step, shape of ``escape`` (2, ...).

    ``clock``: the exact propagator of the two-state process. ``steps``: 1 - exp(-dt lambda), one chance a step.
    """
    if reading == "steps":
        return -np.expm1(-escape * np.asarray(dt))
    total = escape.sum(axis=0)
    return escape / np.where(total > 0.0, total, 1.0) * -np.expm1(-total * np.asarray(dt))


def chain_moments(p: NDArray[np.float64], steps: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    r"""Mean and variance of the changes of a stationary two-state chain in ``steps`` steps, each of shape (...).

    With probabilities p, q to change in a step (``p``, shape (2, ...)), :math:`m = 2pq/(p+q)` and
    :math:`\rho = 1 - p - q`, the mean is :math:`n m` and the variance
    :math:`n m (1 - m) + m (p + q - 2m) \sum_{k=1}^{n-1} (n - k) \rho^{k-1}`. Derived here.
    """
    both = p.sum(axis=0)
    safe = np.where(both > 0.0, both, 1.0)
    mean = 2.0 * p[0] * p[1] / safe
    small = np.minimum(safe, 0.5)  # keeps the digits of 1 - rho^n for slow junctions
    forgotten = np.where(safe > 0.5, 1.0 - (1.0 - safe) ** steps, -np.expm1(steps * np.log1p(-small)))
    together = (steps - forgotten / safe) / safe
    return steps * mean, steps * mean * (1.0 - mean) + mean * (both - 2.0 * mean) * together


def count_moments(
    escape: NDArray[np.float64], dt: ArrayLike, steps: int, reading: str
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    r"""Mean and variance of the counts of a stationary junction over ``steps`` time steps, each of shape (...).

    ``clock`` and ``steps`` are :func:`chain_moments`; ``events`` is the limit of short steps,
    :math:`m T + m (s - 2m) [T/s - (1 - e^{-sT})/s^2]` with rates in place of probabilities and
    :math:`s = \lambda_0 + \lambda_1`. Equal rates give a Poisson law.
    """
    if reading != "events":
        return chain_moments(step_probabilities(escape, dt, reading), steps)
    time, total = steps * np.asarray(dt), escape.sum(axis=0)
    safe = np.where(total > 0.0, total, 1.0)
    mean = 2.0 * escape[0] * escape[1] / safe
    tail = time / safe + np.expm1(-total * time) / safe**2
    return mean * time, mean * time + mean * (total - 2.0 * mean) * tail


def warn_if_slow(escape0: float, escape1: float, period: float, limit: float = 0.5) -> float:
    """Return the part of the switches that a clock misses, and warn if it is more than ``limit``."""
    missed = missed_fraction(escape0, escape1, period)
    if missed > limit:
        warnings.warn(
            f"the clock ({period:.3g} s) is slow for the junction (mean dwell times {1 / escape0:.3g} and "
            f"{1 / escape1:.3g} s): {missed:.0%} of the switches fall between two edges. A period of "
            f"{clock_for(escape0, escape1, 0.05):.3g} s misses 5 %.",
            stacklevel=2,
        )
    return missed


def count_rates(bits: ArrayLike | Sequence[ArrayLike], period: float) -> CountedRates:
    """Return rates from bits sampled every ``period`` [s], as counted and corrected for missed switches.

    ``bits`` is one run, shape (n,), or several runs of the same process. Standard errors follow from the binomial
    errors of the two transition probabilities (maximum likelihood of a two-state Markov chain) by propagation.

    Raises
    ------
    ResultError
        If the bits hold no edge in either direction, or change so often that nothing can be said of what happens
        between them (p01 + p10 >= 1: the clock is slower than the junction).
    """
    listed: list[Any] = list(bits)  # type: ignore[arg-type]
    runs = [np.asarray(run, dtype=np.int64) for run in (listed if np.ndim(listed[0]) else [listed])]
    before = np.concatenate([run[:-1] for run in runs])
    after = np.concatenate([run[1:] for run in runs])
    n = np.array([np.sum(before == 0), np.sum(before == 1)], dtype=float)
    exits = np.array([np.sum((before == 0) & (after == 1)), np.sum((before == 1) & (after == 0))], dtype=float)
    if exits.min() == 0:
        raise ResultError(
            f"{int(exits[0])} rising and {int(exits[1])} falling edges among {before.size} steps: too few for rates. "
            "Lengthen the run, or look whether the comparator sees the junction at all."
        )
    p = exits / n
    if p.sum() >= 1.0:
        raise ResultError(
            f"the bits change as often as independent ones (p01 + p10 = {p.sum():.3g}): the clock ({period:g} s) is "
            "slower than the junction, and no correction can tell how much was missed. Use a faster clock."
        )
    variance = p * (1.0 - p) / n
    total = p.sum()
    s = -np.log1p(-total) / period
    escape = s * p / total
    # d l_i / d p_j = (s' p_i / total) + s (delta_ij / total - p_i / total^2), s' = 1 / (T (1 - total))
    slope = 1.0 / (period * (1.0 - total))
    jacobian = np.outer(p, [1.0, 1.0]) * (slope / total - s / total**2) + np.eye(2) * s / total
    covariance = jacobian @ np.diag(variance) @ jacobian.T
    rate = float(escape.prod() / escape.sum())
    gradient = (escape[::-1] / escape.sum()) ** 2
    edges, span = int(exits.sum()), before.size * period
    seen = 0.5 * edges / span
    return CountedRates(
        seen=seen,
        seen_stderr=0.5 * float(np.sqrt(chain_moments(p, before.size)[1])) / span,
        rate=rate,
        rate_stderr=float(np.sqrt(gradient @ covariance @ gradient)),
        escape=(float(escape[0]), float(escape[1])),
        escape_stderr=(float(np.sqrt(covariance[0, 0])), float(np.sqrt(covariance[1, 1]))),
        missed=missed_fraction(float(escape[0]), float(escape[1]), period),
        missed_stderr=missed_slope(float(s) * period) * period * float(np.sqrt(covariance.sum())),
        edges=edges,
        bits=int(sum(run.size for run in runs)),
    )
