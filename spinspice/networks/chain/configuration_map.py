"""Map of the switching configurations of a chain over its two inputs, applied one after the other."""

from __future__ import annotations

import dataclasses
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spinspice.devices.laws.thresholds import Threshold
from spinspice.errors import check_range


class Applies(Protocol):
    """A chain that inputs can be applied to: a circuit or its twin."""

    def switched(self, inputs: NDArray[np.float64], controls: NDArray[np.float64], seed: int) -> NDArray[np.bool_]:
        """Which junctions each input switches, shape (n, N)."""


@dataclasses.dataclass(frozen=True)
class SwitchingMap:
    """Which junctions switched at each pair of inputs.

    Parameters
    ----------
    inputs : array, shape (m,)
        Values of both inputs [A], evenly spaced, rising.
    switched : array of bool, shape (m, m, 2, N)
        By input A, input B, which of the two was applied, junction.
    """

    inputs: NDArray[np.float64]
    switched: NDArray[np.bool_]

    @property
    def counts(self) -> NDArray[np.int_]:
        """Number of junctions that inputs A and B switched, shape (m, m, 2)."""
        return np.asarray(self.switched.sum(axis=-1))

    @property
    def configuration(self) -> NDArray[np.int_]:
        """Number of the configuration, (N + 1) n_A + n_B, shape (m, m)."""
        counts = self.counts
        return np.asarray((self.switched.shape[-1] + 1) * counts[..., 0] + counts[..., 1])

    def by_input(self) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
        """All applications as one list: inputs [A], shape (2 m^2,), and what switched, shape (2 m^2, N)."""
        m = len(self.inputs)
        pairs = np.stack(np.broadcast_arrays(self.inputs[:, None], self.inputs[None, :]), axis=-1)
        return pairs.ravel(), self.switched.reshape(2 * m * m, -1)

    def thresholds(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Mean input thresholds [A] and their standard errors, shape (N,) each, without a law assumed.

        By the method of Spearman and Karber: the mean of the distribution whose steps are the fractions of applications
        that switched at each value; the values must span all thresholds.
        """
        applied, switched = self.by_input()
        fractions = np.array([switched[applied == value].mean(axis=0) for value in self.inputs])
        each = len(applied) // len(self.inputs)
        step = float(self.inputs[1] - self.inputs[0])
        mean = self.inputs[-1] + 0.5 * step - step * fractions.sum(axis=0)
        return mean, step * np.sqrt((fractions * (1.0 - fractions)).sum(axis=0) / (each - 1))

    def off_the_law(self, thresholds: list[Threshold], controls: ArrayLike, sigmas: float = 3.0) -> tuple[int, int]:
        """Compare with a law where no threshold is near.

        Returns
        -------
        off, away : int
            Pairs of inputs that are ``sigmas`` standard deviations or more away from every threshold, and how many of
            them show a configuration other than that of the mean thresholds.
        """
        mean = np.array([t.mean for t in thresholds]) - np.asarray(controls)
        sd = np.array([t.sd for t in thresholds])
        distance = self.inputs[:, None] - mean
        far = (np.abs(distance) > sigmas * sd).all(axis=1)
        expected = (distance > 0).sum(axis=1)
        away = far[:, None] & far[None, :]
        wrong = (self.counts[..., 0] != expected[:, None]) | (self.counts[..., 1] != expected[None, :])
        return int((wrong & away).sum()), int(away.sum())

    def reversals(self, apart: float = 0.0) -> int:
        """Pairs of inputs, ``apart`` [A] or more, of which the higher one switched fewer junctions: 0 if monotone.

        Compared along each row and column of the map. With a scatter, pairs closer together than it may be reversed.
        """
        steps = max(1, int(np.ceil(apart / (self.inputs[1] - self.inputs[0]) * (1.0 - 1e-9))))
        found = 0
        for lag in range(steps, len(self.inputs)):
            for which in (0, 1):
                counts = np.moveaxis(self.counts[..., which], which, 0)
                found += int((counts[lag:] < counts[:-lag]).sum())
        return found


def switching_map(chain: Applies, inputs: ArrayLike, controls: ArrayLike, seed: int = 1) -> SwitchingMap:
    """Apply every pair of ``inputs`` (first A, reset, then B) to a chain, with the same controls for both.

    Parameters
    ----------
    chain : object with ``switched``
    inputs : array, shape (m,)
        Values of each input [A], rising, evenly spaced.
    controls : array, shape (N,)
        Control currents [A].
    seed : int
        Seed of the thermal noise.
    """
    inputs, controls = np.asarray(inputs, dtype=float), np.asarray(controls, dtype=float)
    check_range("len(inputs)", inputs.size, 2, 1e4, where="values of each input of a map")
    pairs = np.stack(np.broadcast_arrays(inputs[:, None], inputs[None, :]), axis=-1)
    switched = chain.switched(pairs.ravel(), controls, seed)
    return SwitchingMap(inputs, switched.reshape(*pairs.shape, -1))
