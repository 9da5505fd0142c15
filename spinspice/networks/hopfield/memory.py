r"""Hopfield memory with imperfect devices, as laws.

Weights :math:`W = \sum x x^T / n` with zero diagonal, energy :math:`E = -x^T W x / 2`; a neuron takes the sign
of its column's sum and keeps its state at zero. One neuron at a time, in a fixed order, the energy never rises.

An array of devices holds a distorted matrix: gain, offset and saturation differ from device to device. Corrections
after Hebb (only rows of neurons that come out wrong for a stored pattern are written) bring the patterns back: Borders
et al. (Appl. Phys. Express 10, 013007 (2016)) needed at most 20 of them. Which three patterns they stored, we do not
know; :data:`PATTERNS` is our choice.
"""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spinspice.devices.noise import instance_seed
from spinspice.errors import UsageError, check_range

Patterns = NDArray[np.int64]
#: I, C and T on 3 x 3 pixels (our choice).
PATTERNS: Patterns = np.array(
    [[1 if c == "1" else -1 for c in text] for text in ("010010010", "111100111", "111010010")]
)
#: Sweeps over all neurons after which a recall that still moves is given up.
SWEEPS = 50


def checked(patterns: ArrayLike) -> Patterns:
    """Return patterns as rows of +-1.

    Raises
    ------
    UsageError
    """
    array = np.atleast_2d(np.asarray(patterns))
    if array.ndim != 2 or not np.isin(array, (-1, 1)).all():
        raise UsageError(f"patterns are rows of -1 and 1, got shape {array.shape}.")
    return array.astype(np.int64)


def hebbian(patterns: ArrayLike) -> NDArray[np.float64]:
    """Return sum x x^T / n with zero diagonal, shape (n, n)."""
    rows = checked(patterns).astype(float)
    weights = rows.T @ rows / rows.shape[1]
    np.fill_diagonal(weights, 0.0)
    return weights


def energy(weights: NDArray[np.float64], state: ArrayLike) -> float:
    """Return -x W x / 2."""
    x = np.asarray(state, dtype=float)
    return float(-0.5 * x @ weights @ x)


def recall(weights: NDArray[np.float64], start: ArrayLike, order: ArrayLike | None = None) -> NDArray[np.int64]:
    """Return where one neuron at a time leads, in ``order`` (default 0, 1, ...), until nothing moves."""
    x = np.array(start, dtype=np.int64)
    sequence = np.arange(x.size) if order is None else np.asarray(order)
    for _ in range(SWEEPS):
        moved = False
        for i in sequence:
            total = float(weights[i] @ x)
            # Sums of exact weights that are zero come out as rounding errors.
            wanted = x[i] if abs(total) < 1e-9 else int(np.sign(total))
            moved |= wanted != x[i]
            x[i] = wanted
        if not moved:
            break
    return x


def one_bit_errors(patterns: ArrayLike) -> list[tuple[int, int, NDArray[np.int64]]]:
    """Return (pattern, pixel, start) for every pattern with every pixel turned."""
    rows = checked(patterns)
    made = []
    for index, row in enumerate(rows):
        for pixel in range(row.size):
            start = row.copy()
            start[pixel] *= -1
            made.append((index, pixel, start))
    return made


def recalled(weights: NDArray[np.float64], patterns: ArrayLike) -> NDArray[np.bool_]:
    """Return whether each pattern comes back from each one-bit error, shape (patterns, pixels)."""
    rows = checked(patterns)
    found = [np.array_equal(recall(weights, start), rows[index]) for index, _, start in one_bit_errors(rows)]
    return np.array(found).reshape(rows.shape)


def stable(weights: NDArray[np.float64], patterns: ArrayLike) -> bool:
    """Whether every pattern stays as it is."""
    return all(np.array_equal(recall(weights, row), row) for row in checked(patterns))


@dataclasses.dataclass(frozen=True)
class Devices:
    """Devices that hold a symmetric matrix: each pair of neurons has one, with errors of its own.

    Parameters
    ----------
    gain, offset : array, shape (n, n)
        Symmetric; what a written weight is multiplied by, and what is added.
    limit : float
        Largest weight: a device gives limit tanh(w / limit).
    """

    gain: NDArray[np.float64]
    offset: NDArray[np.float64]
    limit: float

    @classmethod
    def drawn(cls, count: int, spread: float, seed: int, *, limit: float = 0.6) -> Devices:
        """Return an array with lognormal gains and normal offsets of a fifth of the spread (our choice)."""
        check_range("spread", spread, 0.0, 5.0, where="spread of the devices of a memory")
        draw = np.random.default_rng(instance_seed(seed, "devices"))
        gain = np.exp(spread * _symmetric(draw, count))
        return cls(gain, 0.2 * spread * _symmetric(draw, count), limit)

    def __call__(self, written: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the weights that the array has when ``written`` was asked for."""
        held = self.limit * np.tanh((self.gain * written + self.offset) / self.limit)
        np.fill_diagonal(held, 0.0)
        return np.asarray(held)


def corrected(
    devices: Devices, patterns: ArrayLike, *, rate: float = 0.1, most: int = 20
) -> tuple[NDArray[np.float64], int | None]:
    """Write the ideal matrix, then correct it until all patterns are stable.

    Each iteration adds ``rate x_i x_j / 2`` to what was written in the rows of the neurons that would leave a pattern,
    on both sides: the devices are symmetric.

    Returns
    -------
    written : array
    iterations : int or None
        Corrections that it took; None if ``most`` did not do.
    """
    rows = checked(patterns)
    written = hebbian(rows)
    for iteration in range(most + 1):
        held = devices(written)
        if stable(held, rows):
            return written, iteration
        change = np.zeros_like(written)
        for x in rows:
            wrong = (held @ x) * x <= 0.0
            change += np.outer(np.where(wrong, x, 0), x)
        written = written + rate * 0.5 * (change + change.T)
        np.fill_diagonal(written, 0.0)
    return written, None


def _symmetric(draw: np.random.Generator, count: int) -> NDArray[np.float64]:
    upper = np.triu(draw.standard_normal((count, count)), 1)
    return upper + upper.T
