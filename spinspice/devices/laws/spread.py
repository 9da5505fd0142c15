r"""Rare failures of an array: the mean over devices that differ, carried by the few that are worst.

Device quantities are independent normal numbers z (in standard deviations). The mean of a failure rate p(z) is
dominated by devices some deviations out, which plain sampling of an array misses. Importance sampling draws z about a
centre c in place of 0 and weights by :math:`e^{-c \cdot z + c^2 / 2}`: unbiased for every c. The centre is where p(z)
times the density is largest, found by a search that costs some evaluations.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spinspice.devices.laws.fokker_planck import not_switched
from spinspice.errors import check_range

#: Critical currents at which :func:`array_errors` solves the Fokker-Planck equation.
NODES = 25
#: Failure rate of a device: deviations, shape (k,) -> chance.
Failure = Callable[[NDArray[np.float64]], float]


@dataclasses.dataclass(frozen=True)
class SpreadRate:
    """Mean failure rate over devices, its standard error, and the deviations about which devices were drawn."""

    probability: float
    stderr: float
    centre: NDArray[np.float64]
    devices: int


def worst_point(failure: Failure, count: int, reach: float = 8.0) -> NDArray[np.float64]:
    """Return the deviations at which failure rate times density is largest (Nelder and Mead, from several starts)."""
    from scipy.optimize import minimize

    def cost(z: NDArray[np.float64]) -> float:
        if np.abs(z).max() > reach:
            return 1e6
        return float(0.5 * z @ z - math.log(max(failure(z), 1e-300)))

    starts = [np.zeros(count), *(sign * row for row in 2.0 * np.eye(count) for sign in (1.0, -1.0))]
    first = min(starts, key=cost)
    simplex = np.vstack([first, first - np.eye(count)])  # steps of a standard deviation, also from zero
    options = {"maxfev": 80 * count, "xatol": 0.05, "fatol": 0.01, "initial_simplex": simplex}
    found = minimize(cost, first, method="Nelder-Mead", options=options)
    return np.asarray(found.x)


def mean_failure(
    failure: Failure, count: int, *, devices: int = 200, seed: int = 1, centre: NDArray[np.float64] | None = None
) -> SpreadRate:
    """Estimate the mean of a failure rate over devices with ``count`` independent deviations.

    Parameters
    ----------
    failure : callable
    count : int
        Quantities that differ.
    devices : int
        Devices drawn.
    seed : int
    centre : array, shape (count,), optional
        About which they are drawn; by default :func:`worst_point`. Zeros make it plain sampling.
    """
    check_range("count", count, 1, 50, where="quantities of a device that differ")
    check_range("devices", devices, 10, 10**7, where="devices drawn")
    middle = worst_point(failure, count) if centre is None else np.asarray(centre, dtype=float)
    z = middle + np.random.default_rng(seed).standard_normal((devices, count))
    weights = np.exp(-z @ middle + 0.5 * middle @ middle)
    values = weights * np.array([failure(row) for row in z])
    return SpreadRate(float(values.mean()), float(values.std(ddof=1) / math.sqrt(devices)), middle, devices)


def array_errors(
    times: ArrayLike, delta: float, drive: float, spread: float, *, devices: int = 300, seed: int = 1
) -> list[SpreadRate]:
    """Estimate the mean write error rates of an array whose critical currents differ, one for each pulse.

    Parameters
    ----------
    times : array
        Lengths of the pulse [tau_D].
    delta, drive : float
        Barrier [kT] and current over the median critical one [1].
    spread : float
        Standard deviation of the logarithm of the critical current.
    devices, seed : int
        As for :func:`mean_failure`.
    """
    from scipy.interpolate import CubicSpline

    check_range("spread", spread, 0.0, 1.0, where="spread of critical currents", open_low=True)
    times = np.atleast_1d(np.asarray(times, dtype=float))
    grid = np.linspace(-8.5, 8.5, NODES)
    rows = [not_switched(times, delta, drive * math.exp(-spread * z)) for z in grid]
    curves = CubicSpline(grid, np.log(np.maximum(np.array(rows), 1e-300)))  # smooth in z

    def failure(k: int) -> Failure:
        return lambda z: float(np.exp(min(curves(np.clip(z[0], grid[0], grid[-1]))[k], 0.0)))

    return [mean_failure(failure(k), 1, devices=devices, seed=seed) for k in range(times.size)]
