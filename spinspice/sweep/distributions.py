r"""Distributions of parameters over instances, and their correlation.

Every draw is a function of (seed, parameter, sample): a sample keeps its numbers whatever else is in the study and in
whatever order jobs run. Standard normal numbers come from numpy's Generator seeded with these three. Correlated
parameters mix theirs with the Cholesky factor of the correlation matrix (a Gaussian copula: for normal parameters the
matrix is their correlation; for others that of the normal numbers behind them).
"""

from __future__ import annotations

import dataclasses
import hashlib
import math
from collections.abc import Mapping, Sequence
from typing import Any, Literal, Self

import numpy as np
from numpy.typing import NDArray

from spinspice.errors import UsageError
from spinspice.sweep.names import check_keys, number

#: How samples are drawn: independently, or so that they fill their space evenly.
SAMPLINGS = ("random", "sobol", "latin")
Kind = Literal["normal", "lognormal", "uniform"]
#: Keys by distribution: those that place it, then those of its width, of which exactly one set is given.
KEYS: dict[str, tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]] = {
    "normal": (("mean",), (("sigma",), ("relative",))),
    "lognormal": (("median",), (("relative",),)),
    "uniform": ((), (("low", "high"), ("relative",))),
}


@dataclasses.dataclass(frozen=True, kw_only=True)
class Distribution:
    """Distribution of one parameter.

    Parameters
    ----------
    kind : {"normal", "lognormal", "uniform"}
    centre : float, optional
        Mean of a normal, median of a lognormal distribution; default the nominal value of the parameter.
    sigma : float, optional
        Standard deviation of a normal distribution, in the unit of the parameter.
    relative : float, optional
        In units of the centre: standard deviation of a normal, half-width of a uniform distribution; of a lognormal
        one the standard deviation of the natural logarithm.
    low, high : float, optional
        Ends of a uniform distribution.
    """

    kind: Kind
    centre: float | None = None
    sigma: float | None = None
    relative: float | None = None
    low: float | None = None
    high: float | None = None

    @classmethod
    def read(cls, entry: Any, where: str) -> Self:
        """Read ``{ distribution = "normal", relative = 0.05 }``; UsageError for anything else."""
        if not isinstance(entry, Mapping) or "distribution" not in entry:
            raise UsageError(f'{where} = {entry!r} is not {{ distribution = "normal", relative = 0.05 }}.')
        kind = entry["distribution"]
        check_keys({str(kind): 0}, KEYS, f"{where}, distribution")
        places, widths = KEYS[kind]
        check_keys(entry, ("distribution", *places, *(key for width in widths for key in width)), where)
        given = {key for key in entry if key != "distribution" and key not in places}
        if given not in [set(width) for width in widths]:
            choices = " or ".join(" and ".join(width) for width in widths)
            raise UsageError(f"{where}: a {kind} distribution is given {choices}; got {', '.join(given) or 'neither'}.")
        read = {key: number(value, f"{where}, {key}") for key, value in entry.items() if key != "distribution"}
        for key in ("sigma", "relative"):
            if read.get(key, 1.0) <= 0.0:
                raise UsageError(f"{where}: {key} = {read[key]:g} is not greater than zero.")
        if "low" in read and not read["low"] < read["high"]:
            raise UsageError(f"{where}: low = {read['low']:g} is not below high = {read['high']:g}.")
        centre = read.pop("mean", read.pop("median", None))
        return cls(kind=kind, centre=centre, **read)

    def transform(self, z: NDArray[np.float64], nominal: float | None, where: str) -> NDArray[np.float64]:
        """Turn standard normal numbers into values.

        Raises
        ------
        UsageError
            If a centre is needed and there is no nominal value, or a lognormal one is not positive.
        """
        if self.kind == "uniform" and self.low is not None and self.high is not None:
            return self.low + (self.high - self.low) * _uniform(z)
        centre = nominal if self.centre is None else self.centre
        if centre is None:
            raise UsageError(f"{where} has no nominal value here. Give the {KEYS[self.kind][0] or ('low, high',)}.")
        width = self.sigma if self.sigma is not None else (self.relative or 0.0) * abs(centre)
        if not width:
            raise UsageError(f"{where} is nominally 0, so a relative spread is none. Give it absolutely.")
        if self.kind == "uniform":
            return centre + width * (2.0 * _uniform(z) - 1.0)
        if self.kind == "normal":
            return centre + width * z
        if centre <= 0:
            raise UsageError(f"{where}: a lognormal distribution needs a positive median, got {centre:g}.")
        return centre * np.array([math.exp((self.relative or 0.0) * x) for x in z])


def _uniform(z: NDArray[np.float64]) -> NDArray[np.float64]:
    """Standard normal numbers to numbers in (0, 1), by the normal distribution function."""
    return np.array([0.5 * math.erfc(-x / math.sqrt(2.0)) for x in z])


def check_correlation(
    table: Any, known: Mapping[str, Distribution], where: str
) -> tuple[tuple[str, ...], tuple[tuple[float, ...], ...]]:
    """Read ``parameters`` and ``matrix``; return the names and the lower Cholesky factor.

    Raises
    ------
    UsageError
        If the matrix is no correlation matrix of parameters that have a distribution.
    """
    if table is None:
        return (), ()
    where = f"{where}, correlation"
    if not isinstance(table, Mapping) or set(table) != {"parameters", "matrix"}:
        raise UsageError(f"{where}: give parameters = [names] and matrix = [[1, 0.5], [0.5, 1]].")
    names = [str(name) for name in table["parameters"]] if isinstance(table["parameters"], list) else []
    check_keys(dict.fromkeys(names), known, where)
    n = len(names)
    rows = table["matrix"] if isinstance(table["matrix"], list) else []
    if n < 2 or len(set(names)) < n or len(rows) != n or any(not isinstance(r, list) or len(r) != n for r in rows):
        raise UsageError(f"{where}: {n} names and a matrix of {len(rows)} rows do not fit, or a name stands twice.")
    matrix = [[number(value, f"{where}, matrix") for value in row] for row in rows]
    if any(matrix[i][i] != 1.0 or matrix[i][j] != matrix[j][i] for i in range(n) for j in range(n)):
        raise UsageError(f"{where}: the matrix must be symmetric with 1 on its diagonal.")
    return tuple(names), _cholesky(matrix, where)


def _cholesky(matrix: Sequence[Sequence[float]], where: str) -> tuple[tuple[float, ...], ...]:
    """Lower Cholesky factor in plain arithmetic: a library's order of sums differs from machine to machine."""
    n = len(matrix)
    factor = [[0.0] * n for _ in range(n)]
    for i in range(n):
        for j in range(i + 1):
            rest = matrix[i][j] - sum(factor[i][k] * factor[j][k] for k in range(j))
            if i == j:
                if rest <= 0.0:
                    raise UsageError(f"{where}: the matrix is not positive definite; no numbers correlate like that.")
                factor[i][i] = math.sqrt(rest)
            else:
                factor[i][j] = rest / factor[j][j]
    return tuple(tuple(row) for row in factor)


def normals(seed: int, name: str, samples: int) -> NDArray[np.float64]:
    """Standard normal number of each sample of a parameter, shape (samples,)."""
    label = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big")
    return np.array(
        [
            np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, label, sample]))).standard_normal()
            for sample in range(samples)
        ]
    )


def even_normals(seed: int, names: Sequence[str], samples: int, sampling: str) -> dict[str, NDArray[np.float64]]:
    """Standard normal numbers that fill their space evenly, shape (samples,) for each name.

    ``sobol``: a scrambled Sobol' sequence, a longer study begins with the samples of a shorter one; powers of two fill
    best. ``latin``: a Latin hypercube, which every other number of samples draws anew. A parameter more or less changes
    the others. Means of smooth responses converge faster than 1 / sqrt(samples); standard errors, which take
    samples for independent, are then upper bounds.
    """
    from scipy.stats import norm, qmc

    ordered = sorted(names)
    if sampling == "sobol":
        power = max(math.ceil(math.log2(max(samples, 2))), 1)
        parts = qmc.Sobol(len(ordered), scramble=True, rng=seed).random_base2(power)[:samples]
    else:
        parts = qmc.LatinHypercube(len(ordered), rng=seed).random(samples)
    z = norm.ppf(np.clip(parts, 1e-12, 1.0 - 1e-12))
    return {name: np.ascontiguousarray(z[:, column]) for column, name in enumerate(ordered)}


def draw(
    distributions: Mapping[str, Distribution],
    nominal: Mapping[str, float | None],
    seed: int,
    samples: int,
    correlated: Sequence[str] = (),
    factor: Sequence[Sequence[float]] = (),
    sampling: str = "random",
) -> dict[str, NDArray[np.float64]]:
    """Return the value of each parameter in each sample, shape (samples,); ``sampling`` is one of :data:`SAMPLINGS`."""
    if sampling == "random" or not distributions:
        z = {name: normals(seed, name, samples) for name in distributions}
    else:
        z = even_normals(seed, list(distributions), samples, sampling)
    own = {name: z[name] for name in correlated}
    for name, row in zip(correlated, factor, strict=True):
        z[name] = sum((weight * own[other] for weight, other in zip(row, correlated, strict=True)), np.zeros(samples))
    return {
        name: distribution.transform(z[name], nominal[name], f"[montecarlo] {name}")
        for name, distribution in distributions.items()
    }
