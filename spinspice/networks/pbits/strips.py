"""Strips of p-bits by transfer matrix: partition function and ground energy exactly, whatever the length."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spinspice.errors import ParameterError, UsageError, check_range
from spinspice.networks.pbits.exact import states
from spinspice.networks.pbits.ising import Ising

Array = NDArray[np.float64]
#: Widest strip: a transfer matrix of 2**12 by 2**12 states is 128 MB, and is never made whole here.
MAX_WIDTH = 12


@dataclasses.dataclass(frozen=True)
class Strip:
    """A strip of ``length`` columns of ``width`` p-bits: couplings within and between columns.

    Parameters
    ----------
    across : array, shape (length, width)
        Coupling of p-bit (c, r) to (c, r + 1) of its column, the last to the first (periodic).
    along : array, shape (length - 1, width)
        Coupling of (c, r) to (c + 1, r).
    """

    across: Array
    along: Array

    def __init__(self, across: ArrayLike, along: ArrayLike) -> None:
        vertical, horizontal = np.array(across, dtype=float), np.array(along, dtype=float)
        if vertical.ndim != 2 or horizontal.shape != (vertical.shape[0] - 1, vertical.shape[1]):
            raise ParameterError(
                f"across has the shape {vertical.shape}, along {horizontal.shape}; needed: (length, width) and "
                "(length - 1, width)."
            )
        if not 3 <= vertical.shape[1] <= MAX_WIDTH:
            raise UsageError(f"a strip {vertical.shape[1]} wide; 3 to {MAX_WIDTH} are taken.")
        object.__setattr__(self, "across", vertical)
        object.__setattr__(self, "along", horizontal)

    @classmethod
    def spin_glass(cls, length: int, width: int, seed: int) -> Strip:
        """Return a strip of couplings -1 or +1 drawn from a seed."""
        draw = np.random.default_rng(seed)
        return cls(draw.choice([-1.0, 1.0], (length, width)), draw.choice([-1.0, 1.0], (length - 1, width)))

    @property
    def shape(self) -> tuple[int, int]:
        """Columns, and p-bits of a column."""
        return self.across.shape[0], self.across.shape[1]

    def ising(self) -> Ising:
        """Return the energy with p-bits ``m<column>_<row>``."""
        length, width = self.shape
        couplings = {}
        for c in range(length):
            for r in range(width):
                couplings[f"m{c}_{r}", f"m{c}_{(r + 1) % width}"] = self.across[c, r]
                if c + 1 < length:
                    couplings[f"m{c}_{r}", f"m{c + 1}_{r}"] = self.along[c, r]
        return Ising.of(couplings)

    def log_partition(self, I0: float) -> float:
        """Return ln Z at an inverse temperature I0."""
        check_range("I0", I0, 0.0, 1e3, where="strip")
        return self._swept(_log_sum, I0)

    def ground_energy(self) -> float:
        """Return the least energy [1], by the same sweep with the largest term in place of the sum."""
        return -self._swept(lambda terms: terms.max(axis=0), 1.0)

    def _swept(self, fold: Callable[[Array], Array], I0: float) -> float:
        """Go from column to column, p-bit by p-bit; ``fold`` joins the terms of the two states that are left behind."""
        length, width = self.shape
        m = states(width).astype(float)
        inside = I0 * self.across @ (m * np.roll(m, -1, axis=1)).T
        front = inside[0]
        for c in range(1, length):
            cube = front.reshape((2,) * width)
            for r in range(width):
                down, up = np.take(cube, 0, axis=r), np.take(cube, 1, axis=r)
                pull = I0 * self.along[c - 1, r]
                new = [fold(np.stack([down - sign * pull, up + sign * pull])) for sign in (-1.0, 1.0)]
                cube = np.stack(new, axis=r)
            front = cube.ravel() + inside[c]
        return float(fold(front[:, None])[0])


def _log_sum(terms: Array) -> Array:
    top = terms.max(axis=0)
    return np.asarray(top + np.log(np.exp(terms - top).sum(axis=0)))
