"""Maximum likelihood: the best values, their covariance from the curvature, and intervals from the profile.

Works in coordinates in which parameters have like sizes (logarithms of those that are positive), whitened by the
curvature, so that strongly correlated parameters (barrier and critical drive) cost no more than others.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spinspice.errors import ResultError

#: Standard error in a coordinate (an e-fold, or a tenth for a signed parameter) beyond which data tell nothing.
UNTOLD = 3.0
#: Widest interval looked at, in standard errors.
WIDEST = 40.0

Vector = NDArray[np.float64]


@dataclasses.dataclass(frozen=True)
class Scale:
    """How a parameter becomes a coordinate: its logarithm if positive, else in units of ``unit``; and its limits."""

    low: float
    high: float
    logarithmic: bool
    unit: float = 0.1

    def to(self, value: float) -> float:
        """Return the coordinate of a value."""
        return float(np.log(value)) if self.logarithmic else value / self.unit

    def back(self, coordinate: float) -> float:
        """Return the value of a coordinate."""
        return float(np.exp(min(coordinate, 700.0))) if self.logarithmic else float(coordinate) * self.unit

    def slope(self, value: float) -> float:
        """Derivative of the value by the coordinate."""
        return value if self.logarithmic else self.unit


@dataclasses.dataclass(frozen=True)
class Estimate:
    """Best values, standard errors, 95 % profile intervals, covariance (rows as ``names``), and -ln L."""

    names: tuple[str, ...]
    values: Mapping[str, float]
    stderr: Mapping[str, float]
    intervals: Mapping[str, tuple[float, float]]
    covariance: Vector
    nll: float

    @property
    def correlation(self) -> Vector:
        """Correlations of the estimates, shape (n, n) [1]."""
        sigma = np.sqrt(np.diag(self.covariance))
        return np.asarray(self.covariance / np.outer(sigma, sigma))


class _Objective:
    """-ln L over coordinates, with a wall at the limits."""

    def __init__(self, nll: Callable[[dict[str, float]], float], scales: Mapping[str, Scale]) -> None:
        self.nll, self.scales, self.names = nll, dict(scales), tuple(scales)

    def values(self, z: Vector) -> dict[str, float]:
        return {name: self.scales[name].back(x) for name, x in zip(self.names, z, strict=True)}

    def __call__(self, z: Vector) -> float:
        values = self.values(z)
        for name, value in values.items():
            if not self.scales[name].low <= value <= self.scales[name].high:
                return 1e30
        with np.errstate(all="ignore"):
            found = self.nll(values)
        return float(found) if np.isfinite(found) else 1e30


def gradient(function: Callable[[Vector], float], z: Vector, step: float) -> Vector:
    """Central differences, shape of ``z``."""
    out = np.empty(z.size)
    for i in range(z.size):
        shift = np.zeros(z.size)
        shift[i] = step
        out[i] = (function(z + shift) - function(z - shift)) / (2.0 * step)
    return out


def hessian(function: Callable[[Vector], float], z: Vector, steps: Vector) -> Vector:
    """Second derivatives by central differences with a step for each coordinate."""
    n, centre = z.size, function(z)
    out = np.empty((n, n))
    units = np.diag(steps)
    for i in range(n):
        out[i, i] = (function(z + units[i]) - 2.0 * centre + function(z - units[i])) / steps[i] ** 2
        for j in range(i):
            mixed = function(z + units[i] + units[j]) - function(z + units[i] - units[j])
            mixed += function(z - units[i] - units[j]) - function(z - units[i] + units[j])
            out[i, j] = out[j, i] = mixed / (4.0 * steps[i] * steps[j])
    return out


def _curvature(function: _Objective, z: Vector) -> Vector:
    """Second derivatives with steps over which -ln L rises by about a half: what noise of rounding does not reach."""
    centre, steps = function(z), np.full(z.size, 1e-2)
    for i in range(z.size):
        for _ in range(40):
            shift = np.zeros(z.size)
            shift[i] = steps[i]
            rise = 0.5 * (function(z + shift) + function(z - shift)) - centre
            if rise > 1.0:
                steps[i] /= 2.5
            elif rise < 0.05 and steps[i] < 2.0:
                steps[i] *= 2.0
            else:
                break
    return hessian(function, z, steps / 2.0)


def _check_told(names: tuple[str, ...], curvature: Vector, hint: str) -> None:
    """Refuse to give numbers for what the data do not tell."""
    size, vectors = np.linalg.eigh(curvature)
    if size[0] > 0.0 and 1.0 / np.sqrt(size[0]) < UNTOLD:
        return
    mixed = [name for name, part in zip(names, vectors[:, 0], strict=True) if abs(part) > 0.15]
    what = f"tell {' and '.join(mixed)} apart" if len(mixed) > 1 else f"tell {mixed[0]}"
    raise ResultError(
        f"the data do not {what}: values far from each other fit as well. Hold one that is known "
        f"(--fix {mixed[-1]}=VALUE, fix={{...}}), or give data that tell it. {hint}".strip()
    )


def estimate(
    nll: Callable[[dict[str, float]], float],
    start: Mapping[str, float],
    scales: Mapping[str, Scale],
    *,
    threshold: float = 1.920729,
    scatter: float = 1.0,
    hint: str = "",
    intervals: bool = True,
) -> Estimate:
    """Return the maximum-likelihood estimate.

    Parameters
    ----------
    nll : callable
        -ln L of values by name.
    start, scales : mapping
        First guess and coordinate of every parameter.
    threshold : float
        Rise of -ln L at the ends of the interval: 1.92 for 95 % (chi-squared of one degree of freedom, over 2).
    scatter : float
        Factor on the covariance: n / (n - p) where an unknown scatter was profiled out.
    hint : str
        Ends the message where the data do not tell a parameter.
    intervals : bool
        Without: standard errors only, much faster.

    Raises
    ------
    ResultError
        If the data do not tell a parameter, or no maximum is found.
    """
    from scipy import optimize

    minimize: Any = optimize.minimize
    objective = _Objective(nll, scales)
    z = np.array([scales[name].to(start[name]) for name in objective.names])
    for _ in range(3):
        before = objective(z)
        found = minimize(objective, z, method="Nelder-Mead", options={"xatol": 1e-4, "fatol": 1e-4, "maxiter": 4000})
        z = np.asarray(found.x)
        if before - found.fun < 1e-2:
            break
    if found.fun >= 1e29:
        raise ResultError("no parameters within their limits fit the data at all. Look at units and columns. " + hint)
    curvature = _curvature(objective, z)
    _check_told(objective.names, curvature, hint)
    root = np.linalg.cholesky(np.linalg.inv(curvature))

    def white(u: Vector) -> float:
        return objective(z0 + root @ u)

    z0 = z
    polished = minimize(white, np.zeros(z.size), jac=lambda u: gradient(white, u, 1e-3), method="BFGS")
    if polished.fun < found.fun:
        z = z0 + root @ polished.x
        curvature = _curvature(objective, z)
        _check_told(objective.names, curvature, hint)
    best = objective(z)
    inner = np.linalg.inv(curvature) * scatter
    values = objective.values(z)
    slopes = np.array([scales[name].slope(values[name]) for name in objective.names])
    covariance = inner * np.outer(slopes, slopes)
    sigma = np.sqrt(np.diag(inner))
    ends = {}
    for i, name in enumerate(objective.names) if intervals else ():
        ends[name] = _interval(objective, z, best, curvature, i, sigma[i], threshold)
    stderr = dict(zip(objective.names, np.sqrt(np.diag(covariance)).tolist(), strict=True))
    return Estimate(objective.names, values, stderr, ends, np.asarray(covariance, dtype=float), best)


def _interval(
    objective: _Objective, z: Vector, best: float, curvature: Vector, i: int, sigma: float, threshold: float
) -> tuple[float, float]:
    """Where the profile of -ln L over coordinate i has risen by the threshold, as values."""
    scale, wanted = objective.scales[objective.names[i]], float(np.sqrt(2.0 * threshold))
    ends = []
    for sign in (-1.0, 1.0):
        limit = scale.low if sign < 0 else scale.high
        edge = scale.to(limit) if not scale.logarithmic or limit > 0.0 else -np.inf
        tried: list[tuple[float, float]] = [(0.0, 0.0)]
        step, guess = sigma * wanted, z
        for _ in range(12):
            at = z[i] + sign * step
            if (at - edge) * sign >= 0.0:
                at = edge
            step = abs(at - z[i])
            value, guess = _profile(objective, guess, z, curvature, i, at)
            risen = float(np.sqrt(max(2.0 * (value - best), 0.0)))
            if abs(risen - wanted) < 1e-3 * wanted or (at == edge and risen < wanted):
                break
            if step > WIDEST * sigma:
                step = np.inf
                break
            tried.append((step, risen))
            below = max((pair for pair in tried if pair[1] < wanted), key=lambda pair: pair[0])
            above = min((pair for pair in tried if pair[1] >= wanted), key=lambda pair: pair[0], default=None)
            if above is None:
                step = step * 1.5 if risen < 1e-9 else min(step * wanted / risen, 3.0 * step)
            else:
                part = (wanted - below[1]) / (above[1] - below[1])
                step = below[0] + min(max(part, 0.05), 0.95) * (above[0] - below[0])
        ends.append(limit if not np.isfinite(step) else scale.back(z[i] + sign * step))
    return ends[0], ends[1]


def _profile(
    objective: _Objective, guess: Vector, z: Vector, curvature: Vector, i: int, at: float
) -> tuple[float, Vector]:
    """Return the least -ln L with coordinate i held, and where it is."""
    from scipy import optimize

    minimize: Any = optimize.minimize
    others = [k for k in range(z.size) if k != i]
    point = z.copy()
    point[i] = at
    if not others:
        return objective(point), point
    block = curvature[np.ix_(others, others)]
    centre = z[others] - np.linalg.solve(block, curvature[others, i]) * (at - z[i])
    root = np.linalg.cholesky(np.linalg.inv(block))

    def inner(u: Vector) -> float:
        point[others] = centre + root @ u
        return objective(point)

    zero = np.zeros(len(others))
    start = zero if inner(zero) < 1e29 else np.linalg.solve(root, guess[others] - centre)
    found: Any = minimize(
        inner, start, jac=lambda u: gradient(inner, u, 1e-3), method="BFGS", options={"gtol": 1e-4, "maxiter": 60}
    )
    point[others] = centre + root @ found.x
    return float(found.fun), point
