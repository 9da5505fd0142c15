"""The linear readout: ridge regression whose penalty is chosen on symbols that neither train nor test it."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spinspice.errors import ParameterError, check_range

Array = NDArray[np.float64]
#: Penalties that are tried, times the number of rows, on features of unit variance [1]. Our choice.
RIDGES = tuple(float(10.0**k) for k in range(-10, 1))


@dataclasses.dataclass(frozen=True, kw_only=True)
class Split:
    """Rows of a run: the first ``washout`` are dropped, then come those that train, validate and test.

    Raises
    ------
    ParameterError
        For a part without rows.
    """

    washout: int
    train: int
    validate: int
    test: int

    def __post_init__(self) -> None:
        check_range("washout", self.washout, 0, 10**9, where="Split")
        for name in ("train", "validate", "test"):
            check_range(name, getattr(self, name), 1, 10**9, where=f"Split: rows that {name}")

    @classmethod
    def of(cls, rows: int, *, washout: int = 50, train: float = 0.5, validate: float = 0.2) -> Split:
        """Return the split of so many rows, by fractions of what the washout leaves; the rest tests."""
        left = rows - washout
        first, second = int(train * left), int(validate * left)
        if left < 10:
            raise ParameterError(f"{rows} rows with a washout of {washout} leave {left}: at least 10. Run longer.")
        return cls(washout=washout, train=first, validate=second, test=left - first - second)

    @property
    def rows(self) -> int:
        """All rows."""
        return self.washout + self.train + self.validate + self.test

    @property
    def parts(self) -> tuple[slice, slice, slice]:
        """Rows that train, validate and test."""
        edges = np.cumsum([self.washout, self.train, self.validate, self.test])
        return tuple(slice(int(a), int(b)) for a, b in itertools.pairwise(edges))  # type: ignore[return-value]


@dataclasses.dataclass(frozen=True, eq=False)
class Readout:
    """Weights of features, shape (f,) or (f, targets), offset, and the penalty that was chosen."""

    weights: Array
    offset: Array
    ridge: float

    def __call__(self, features: ArrayLike) -> Array:
        """Return the outputs for features of shape (t, f)."""
        return np.asarray(features, dtype=float) @ self.weights + self.offset


def fit_ridge(features: ArrayLike, targets: ArrayLike, split: Split, ridges: Sequence[float] = RIDGES) -> Readout:
    """Fit a readout: each penalty on the training rows, the best on the validating ones, refitted on both.

    Parameters
    ----------
    features : array, shape (t, f)
    targets : array, shape (t,) or (t, targets)
        With several, each is fitted; the penalty is the one that is best over all.
    split : Split
        Test rows are not looked at.
    ridges : sequence of float

    Raises
    ------
    ParameterError
        For fewer training rows than weights, shapes that do not fit, or numbers that are not finite.
    """
    x, d = np.asarray(features, dtype=float), np.asarray(targets, dtype=float)
    if x.ndim != 2 or len(x) != len(d) or len(x) < split.rows:
        raise ParameterError(
            f"features {x.shape} and targets {d.shape} for {split.rows} rows: give (rows, f) and (rows,)."
        )
    if split.train <= x.shape[1] + 1:
        raise ParameterError(
            f"{split.train} training rows for {x.shape[1] + 1} weights: such a readout learns its rows by heart. "
            f"Train on {3 * (x.shape[1] + 1)} rows or more, or take fewer features."
        )
    train, validate, _ = split.parts
    both = slice(train.start, validate.stop)
    if not (np.isfinite(x[both]).all() and np.isfinite(d[both]).all()):
        raise ParameterError("features or targets hold numbers that are not finite: did the reservoir diverge?")
    errors = []
    for weights, offset in _solutions(x[train], d[train], ridges):
        errors.append(float(np.mean((x[validate] @ weights + offset - d[validate]) ** 2)))
    ridge = float(ridges[int(np.argmin(errors))])
    ((weights, offset),) = _solutions(x[both], d[both], (ridge,))
    return Readout(weights, offset, ridge)


def _solutions(x: Array, d: Array, ridges: Sequence[float]) -> list[tuple[Array, Array]]:
    """Return weights and offset for each penalty; features are centred and scaled, so that the offset is free.

    By the eigenvalues of the covariance, a tenth of the work of singular values: they are known to 1e-16 of the number
    of features, far below the smallest penalty.
    """
    mean, scale = x.mean(axis=0), x.std(axis=0)
    scale = np.where(scale > 1e-12 * (np.abs(mean) + 1e-300), scale, 1.0)
    level = d.mean(axis=0)
    z = (x - mean) / scale
    size, vectors = np.linalg.eigh(z.T @ z / len(x))
    size = np.maximum(size, 0.0)
    projected = vectors.T @ (z.T @ (d - level) / len(x))
    found = []
    for ridge in ridges:
        shrunk = 1.0 / (size + ridge)
        weights = vectors @ (projected * (shrunk if d.ndim == 1 else shrunk[:, None]))
        weights = (weights.T / scale).T
        found.append((weights, np.asarray(level - mean @ weights)))
    return found
