"""Statistics over independent instances: spread with error bars, yield with its interval, ranking of parameters."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spinspice.errors import ResultError

Array = NDArray[np.float64]


@dataclasses.dataclass(frozen=True)
class Spread:
    """Statistics of a quantity over instances.

    Parameters
    ----------
    count : int
        Instances with a result.
    mean, mean_stderr : float
        Mean over instances; NaN where there are too few. The standard error is NaN, unknown, if that of more than half
        of the instances is: junctions that hardly switch stay in the state in which they all started.
    std, std_stderr : float
        Standard deviation between instances as measured; its error from the fourth moment.
    intrinsic : float
        The same without what the noise of each measurement adds: sqrt(std^2 - <stderr^2>), 0 if that is negative.
    low, median, high : float
        5 %, 50 % and 95 % quantile.
    """

    count: int
    mean: float
    mean_stderr: float
    std: float
    std_stderr: float
    intrinsic: float
    low: float
    median: float
    high: float


def spread(values: Array, stderr: Array | None = None) -> Spread:
    """Return the statistics of values; NaN is a missing one.

    With a single instance, the standard error of the mean is that of its measurement.
    """
    there = np.isfinite(values)
    x = values[there]
    noise = stderr[there] if stderr is not None else np.full(x.size, np.nan)
    if x.size == 0:
        return Spread(0, *([math.nan] * 8))
    mean = float(x.mean())
    quantiles = [float(q) for q in np.quantile(x, (0.05, 0.5, 0.95))]
    if x.size == 1:
        return Spread(1, mean, float(noise[0]), math.nan, math.nan, math.nan, *quantiles)
    variance = float(x.var(ddof=1))
    std = math.sqrt(variance)
    fourth = float(np.mean((x - mean) ** 4))
    # Variance of the sample variance, mu4/n - sigma^4 (n - 3)/(n (n - 1)) (M. Kendall and A. Stuart, vol. 1, ch. 12).
    scatter = max(0.0, fourth / x.size - variance**2 * (x.size - 3) / (x.size * (x.size - 1)))
    std_error = math.sqrt(scatter) / (2.0 * std) if std > 0 else 0.0
    if stderr is not None and np.mean(np.isnan(noise)) > 0.5:
        return Spread(int(x.size), mean, math.nan, std, math.nan, math.nan, *quantiles)
    own = float(np.mean(noise**2))
    intrinsic = math.sqrt(max(0.0, variance - own)) if math.isfinite(own) else math.nan
    return Spread(int(x.size), mean, std / math.sqrt(x.size), std, std_error, intrinsic, *quantiles)


@dataclasses.dataclass(frozen=True)
class Effect:
    """Change of a quantity for one standard deviation of a parameter, or for another choice of it, with its error."""

    parameter: str
    change: float
    stderr: float


@dataclasses.dataclass(frozen=True)
class Ranking:
    """Parameters by the size of their effect, and the part of the variance that all of them explain together."""

    quantity: str
    effects: tuple[Effect, ...]
    explained: float

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {"explained": self.explained, "effects": [dataclasses.asdict(effect) for effect in self.effects]}


def ranking(
    columns: Mapping[str, Array], values: Array, quantity: str, choices: Mapping[str, NDArray[np.str_]] | None = None
) -> Ranking:
    """Rank parameters by linear regression on all of them at once.

    Each is first scaled to mean 0 and standard deviation 1, so an effect is the change of the quantity for one
    standard deviation. The law is a straight one: ``explained`` near 1 says that it holds, near 0 that it does not (a
    parameter that matters symmetrically about its mean shows no effect). Of ``choices``, such as the corner, the effect
    of each is the change against the first.

    Raises
    ------
    ResultError
        If nothing varies, or there are fewer results than three more than there are parameters.
    """
    there = np.isfinite(values)
    varied = {}
    for name, column in columns.items():
        x = column[there]
        if x.size and np.ptp(x) > 0:
            varied[name] = (x - x.mean()) / x.std()
    for name, chosen in (choices or {}).items():
        first, *others = dict.fromkeys(chosen[there].tolist()) or [""]
        for other in others:
            varied[f"{name} {other}, not {first}"] = (chosen[there] == other).astype(float)
    n = int(there.sum())
    if not varied or n < len(varied) + 3:
        raise ResultError(
            f"no ranking for {quantity}: {len(varied)} parameters vary in {n} results. Vary more, or draw more samples."
        )
    y = values[there]
    matrix = np.column_stack([np.ones(n), *varied.values()])
    best, _, rank, _ = np.linalg.lstsq(matrix, y, rcond=None)
    if rank < matrix.shape[1]:
        raise ResultError(f"no ranking for {quantity}: some parameters vary in step. Draw them independently.")
    residual = y - matrix @ best
    total = float(np.sum((y - y.mean()) ** 2))
    variance = float(residual @ residual) / (n - matrix.shape[1])
    errors = np.sqrt(np.diag(np.linalg.inv(matrix.T @ matrix)) * variance)
    effects = [Effect(name, float(b), float(s)) for name, b, s in zip(varied, best[1:], errors[1:], strict=True)]
    effects.sort(key=lambda effect: -abs(effect.change))
    explained = 1.0 - float(residual @ residual) / total if total > 0 else 0.0
    return Ranking(quantity, tuple(effects), explained)
