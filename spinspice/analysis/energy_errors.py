"""Standard errors of an energy audit: of every power by source, element and block, of its static part, of the total.

Each power is a mean over the run of a power that fluctuates with the junction. Its series (the energy of equal pieces
of time, exact as the audit) goes through :func:`spinspice.analysis.statistics.mean_with_error` with the number of
independent samples that the junction allows. Sums are errors of the summed series, for what one element takes another
may save.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from spinspice.analysis.statistics import mean_with_error

Array = NDArray[np.float64]
#: Most pieces of time of a series.
MAX_PIECES = 50_000


@dataclasses.dataclass(frozen=True)
class PowerErrors:
    """Standard errors of mean powers [W], keys as in :class:`spinspice.analysis.energy.EnergyAudit`; NaN is unknown."""

    power: Mapping[str, float]
    static: Mapping[str, float]
    switching: Mapping[str, float]
    delivered: Mapping[str, float]
    elements: Mapping[tuple[str, str], float]
    total: float


class Series:
    """Mean powers over equal pieces of a run."""

    def __init__(self, time: Array, independent: float) -> None:
        self.time, self.independent = time, independent
        self.pieces = int(min(max(time.size - 1, 2), MAX_PIECES))
        self.grid = np.linspace(time[0], time[-1], self.pieces + 1)

    def of(self, energies: Array) -> Array:
        """Return the power [W] in each piece, shape (pieces,), from the energies [J] between time points."""
        reached = np.concatenate([[0.0], np.cumsum(energies)])
        power: Array = np.diff(np.interp(self.grid, self.time, reached)) / (self.grid[1] - self.grid[0])
        return power

    def error(self, power: Array) -> float:
        """Return the standard error of the mean of a series [W]; a power that never moves is as sure as the rest."""
        return mean_with_error(power, self.independent).stderr


def power_errors(
    series: Series,
    delivered: Mapping[str, Array],
    elements: Mapping[tuple[str, str], Array],
    static: Mapping[str, Array],
) -> PowerErrors:
    """Return the standard errors from the powers in each piece of time [W], arrays of shape (pieces,).

    The static series of a block that stores nothing is that of the block.
    """
    blocks: dict[str, Array] = {}
    for (block, _), power in elements.items():
        blocks[block] = blocks.get(block, np.zeros(series.pieces)) + power
    return PowerErrors(
        power={name: series.error(power) for name, power in blocks.items()},
        static={name: series.error(power) for name, power in static.items()},
        switching={name: series.error(blocks[name] - power) for name, power in static.items()},
        delivered={name: series.error(power) for name, power in delivered.items()},
        elements={key: series.error(power) for key, power in elements.items()},
        total=series.error(np.sum(list(delivered.values()), axis=0)),
    )


def product_error(first: float, first_error: float, second: float, second_error: float) -> float:
    """Return the standard error of a product: relative errors in quadrature, NaN if one is unknown.

    The two are taken as independent. For power times correlation time that is our choice: the correlation time carries
    nearly all of the error.
    """
    if not first or not second:
        return math.nan
    return abs(first * second) * math.hypot(first_error / first, second_error / second)
