"""Dwell times and rates of a two-state signal.

Sources of the events: the node ``count`` of a telegraph junction (``Waveforms.events``), its node ``state``, or a
binary output, whose noise is kept out by two thresholds.
"""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spinspice.errors import ResultError


@dataclasses.dataclass(frozen=True)
class Rate:
    """Events per time with the counting error sqrt(n) / T."""

    value: float
    stderr: float
    events: int
    time: float


def switching_events(
    time: ArrayLike, signal: ArrayLike, *, low: float, high: float
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Times at which a noisy two-level signal changes its state, with two thresholds (Schmitt trigger).

    Parameters
    ----------
    time, signal : array, shape (n,)
        Time [s] and signal [V].
    low, high : float
        A state 1 begins when the signal rises through ``high``, a state 0 when it falls through ``low`` [V].

    Returns
    -------
    times : array, shape (number of events,)
        Linear between the points [s].
    states : array, shape (number of events + 1,)
        State before the first event, then after each event.
    """
    t, x = np.asarray(time, dtype=float), np.asarray(signal, dtype=float)
    if not low < high:
        raise ResultError(f"thresholds low = {low:g} and high = {high:g} leave no band between them.")
    decided = np.where(x >= high, 1, np.where(x <= low, 0, -1))
    known = np.flatnonzero(decided >= 0)
    if known.size == 0:
        raise ResultError(f"the signal never leaves the band between {low:g} and {high:g}: no state to read.")
    last = np.maximum.accumulate(np.where(decided >= 0, np.arange(x.size), known[0]))
    state = decided[last]
    after = np.flatnonzero(np.diff(state)) + 1
    level = np.where(state[after] == 1, high, low)
    x0, x1 = x[after - 1], x[after]
    part = np.clip((level - x0) / np.where(x1 == x0, 1.0, x1 - x0), 0.0, 1.0)
    times = t[after - 1] + part * (t[after] - t[after - 1])
    return times, np.concatenate([state[:1], state[after]])


def dwell_times(events: ArrayLike, state0: int = 0) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Complete dwell times in state 0 and in state 1 [s]; the first and the last, cut by the run, are left out.

    Parameters
    ----------
    events : array, shape (n,)
        Times of the changes of state [s], increasing.
    state0 : int
        State before the first event.
    """
    dwells = np.diff(np.asarray(events, dtype=float))
    if (dwells < 0).any():
        raise ResultError("events are not in order of time.")
    first = 1 - state0  # state of the first complete dwell time
    return (dwells[::2], dwells[1::2]) if first == 0 else (dwells[1::2], dwells[::2])


def event_rate(events: ArrayLike, duration: float) -> Rate:
    """Events per second in a run of ``duration`` [s], with counting error sqrt(max(n, 1)) / T.

    The rate of full cycles is half of it.
    """
    if not duration > 0:
        raise ResultError(f"duration = {duration:g} s is not positive.")
    n = int(np.size(events))
    return Rate(n / duration, float(np.sqrt(max(n, 1))) / duration, n, duration)


def escape_rates(events: ArrayLike, start: float, stop: float, state0: int = 0) -> tuple[Rate, Rate]:
    """Escape rates [1/s] out of state 0 and out of state 1 in a run from ``start`` to ``stop`` [s].

    Exits over time spent: the maximum-likelihood estimate for exponential dwell times, which counts the two that were
    cut too.

    A state that was never visited has the rate NaN.
    """
    times = np.asarray(events, dtype=float)
    edges = np.concatenate([[start], times, [stop]])
    if (np.diff(edges) < 0).any():
        raise ResultError("events are not in order of time, or outside the run.")
    dwells = np.diff(edges)
    states = (state0 + np.arange(dwells.size)) % 2
    rates = []
    for state in (0, 1):
        spent = float(dwells[states == state].sum())
        exits = int(np.sum(states[:-1] == state))
        if spent > 0.0:
            rates.append(Rate(exits / spent, float(np.sqrt(max(exits, 1))) / spent, exits, spent))
        else:
            rates.append(Rate(float("nan"), float("nan"), 0, 0.0))
    return rates[0], rates[1]


@dataclasses.dataclass(frozen=True)
class ExponentialTest:
    """Kolmogorov-Smirnov test of exponential dwell times: distance, distance times sqrt(n), and p-value."""

    distance: float
    scaled: float
    p_value: float


def exponential_test(dwells: ArrayLike, mean: float | None = None, *, repeats: int = 2000) -> ExponentialTest:
    """Test whether dwell times are exponential (Kolmogorov-Smirnov).

    Parameters
    ----------
    dwells : array, shape (n,)
        Dwell times [s], at least 5.
    mean : float, optional
        Mean dwell time [s] if it is known beforehand. Otherwise it is taken from ``dwells``, which makes the plain
        p-value far too large (Lilliefors 1969); the p-value then comes from ``repeats`` simulated samples of the same
        size.
    """
    from scipy.stats import kstwo

    x = np.sort(np.asarray(dwells, dtype=float))
    if x.size < 5:
        raise ResultError(f"{x.size} dwell times are too few for a test of their distribution; lengthen the run.")
    distance = _distance(x / (x.mean() if mean is None else mean))
    scaled = float(distance * np.sqrt(x.size))
    if mean is not None:
        return ExponentialTest(distance, scaled, float(kstwo.sf(distance, x.size)))
    generator = np.random.default_rng(x.size)  # fixed, so that the same dwell times give the same p-value
    null = np.array([_distance(y / y.mean()) for y in np.sort(generator.exponential(size=(repeats, x.size)), axis=1)])
    return ExponentialTest(distance, scaled, float((1 + np.sum(null >= distance)) / (repeats + 1)))


def _distance(unit: NDArray[np.float64]) -> float:
    """Largest distance between the empirical distribution of sorted values and that of a unit exponential."""
    n = unit.size
    law = -np.expm1(-unit)
    steps = np.arange(n + 1) / n
    return float(max(np.max(steps[1:] - law), np.max(law - steps[:-1])))
