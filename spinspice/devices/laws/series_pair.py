r"""Two two-state junctions in series under a square drive, exactly: four states, counted by a tilted generator.

One current flows through both, so that each one's voltage, and with it its rates, depends on the state of the other:
they are coupled. Turned the same way they are driven towards the same state, turned against each other towards opposite
ones. State k of the pair is (first, second), k = 2 first + second, each 0 = P, 1 = AP.
"""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spinspice.devices.laws.resistance import conductance
from spinspice.errors import UsageError, check_range

#: Points of a half period over which the mean product of the states is integrated.
POINTS = 200


@dataclasses.dataclass(frozen=True)
class PairLocking:
    """Switching of the pair in its periodic state.

    Parameters
    ----------
    switches : tuple of float
        Mean number a half period, of each.
    variance : tuple of float
        Growth of its variance a half period, of each.
    product : float
        Mean over time of the product of both states (+1 P, -1 AP): 1 in phase, -1 in antiphase.
    """

    switches: tuple[float, float]
    variance: tuple[float, float]
    product: float


def divided(device: Any, volts: float) -> NDArray[np.float64]:
    """Return the voltages across both junctions [V], shape (4, 2), for each state of the pair at a source voltage."""
    found = np.zeros((4, 2))
    for k in range(4):
        cosines = (1.0 - 2.0 * (k // 2), 1.0 - 2.0 * (k % 2))
        low, high = sorted((0.0, volts))
        for _ in range(80):
            middle = 0.5 * (low + high)
            rest = volts - middle
            excess = middle * float(conductance(device, middle, cosines[0])) - rest * float(
                conductance(device, rest, cosines[1])
            )
            low, high = (middle, high) if excess < 0.0 else (low, middle)
        found[k] = 0.5 * (low + high), volts - 0.5 * (low + high)
    return found


def pair_rates(device: Any, volts: float, *, opposed: bool = False) -> NDArray[np.float64]:
    """Return the escape rates [1/s] of both junctions, shape (4, 2), for each state of the pair.

    ``opposed``: the second lies the other way round, so that the current that favours P of one favours AP of the other.
    """
    across = divided(device, volts)
    if opposed:
        across[:, 1] *= -1.0
    rates = np.zeros((4, 2))
    for k in range(4):
        for j, state in enumerate((k // 2, k % 2)):
            rates[k, j] = float(device.escape_rates(across[k, j] / device.V_c)[state])
    return rates


def pair_locking(first: NDArray[np.float64], second: NDArray[np.float64], half_period: float) -> PairLocking:
    """Return how a pair with these rates (:func:`pair_rates`) in the two half periods switches.

    Parameters
    ----------
    first, second : array, shape (4, 2)
    half_period : float
        [s].

    Raises
    ------
    UsageError
        For other shapes or rates that are not positive.
    """
    from scipy.linalg import expm

    check_range("half_period", half_period, 0.0, 1e300, open_low=True, where="two junctions in series")
    if any(np.shape(rates) != (4, 2) or not np.all(np.asarray(rates) > 0.0) for rates in (first, second)):
        raise UsageError("rates of two junctions in series: shape (4, 2), positive (pair_rates).")

    def generator(rates: NDArray[np.float64], weights: tuple[float, float]) -> NDArray[np.float64]:
        """Columns are where the pair comes from; a switch of junction j counts as weights[j]."""
        q = np.zeros((4, 4))
        for k in range(4):
            for j, flip in enumerate((2, 1)):
                q[k ^ flip, k] += weights[j] * rates[k, j]
                q[k, k] -= rates[k, j]
        return q

    def cumulant(z: tuple[float, float]) -> float:
        weights = (float(np.exp(z[0])), float(np.exp(z[1])))
        whole = expm(half_period * generator(second, weights)) @ expm(half_period * generator(first, weights))
        return float(np.log(np.max(np.linalg.eigvals(whole).real)))

    step = 1e-3
    means, variances = [], []
    for j in (0, 1):
        at = [cumulant((m * step, 0.0) if j == 0 else (0.0, m * step)) for m in (-2, -1, 0, 1, 2)]
        means.append(0.5 * (8.0 * (at[3] - at[1]) - (at[4] - at[0])) / (12.0 * step))
        variances.append(0.5 * (16.0 * (at[3] + at[1]) - at[4] - at[0] - 30.0 * at[2]) / (12.0 * step**2))
    one, two = (generator(rates, (1.0, 1.0)) for rates in (first, second))
    values, vectors = np.linalg.eig(expm(half_period * two) @ expm(half_period * one))
    start = vectors[:, int(np.argmax(values.real))].real
    start = start / start.sum()
    sign = np.array([1.0, -1.0, -1.0, 1.0])
    product, p = 0.0, start
    for q in (one, two):
        move = expm(half_period / POINTS * q)
        values_in = [p]
        for _ in range(POINTS):
            values_in.append(move @ values_in[-1])
        product += 0.5 * float(np.trapezoid([sign @ v for v in values_in], dx=1.0 / POINTS))
        p = values_in[-1]
    return PairLocking((means[0], means[1]), (variances[0], variances[1]), product)
