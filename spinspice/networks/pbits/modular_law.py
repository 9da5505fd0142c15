r"""Exact law of a p-bit that compares its input with a divider of two stochastic junctions.

Each magnet without anisotropy has the component m along its reference with the density :math:`\propto e^{-x m}` on
[-1, 1], uniform but for the torque x of the current that flows; junctions are independent. The bias of each junction
decides its TMR, so the midpoint is the root of the currents' balance.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spinspice.devices.laws.resistance import conductance
from spinspice.networks.pbits.surrogate import Transfer

if TYPE_CHECKING:
    from spinspice.cells.pbit_modular import ModularPBit

Array = NDArray[np.float64]
#: Points of the quadrature in each component, and steps to the balance: right to 1e-4.
POINTS, STEPS = 200, 40


def midpoints(cell: ModularPBit, points: int = POINTS) -> tuple[Array, Array]:
    """Return the midpoint [V] for a grid of both components, and the probability of each [1], sorted by voltage."""
    edges = np.linspace(-1.0, 1.0, points + 1)
    m = 0.5 * (edges[1:] + edges[:-1])
    weight = np.exp(-cell.torque * m)
    weight /= weight.sum()
    upper, lower = (each.ravel() for each in np.meshgrid(m, m, indexing="ij"))
    half = cell.vdd / 2
    low, high = np.full(upper.size, -half), np.full(upper.size, half)
    for _ in range(STEPS):  # bisection: the balance rises with the midpoint
        v = 0.5 * (low + high)
        down = (v + half) * conductance(cell.device, v + half, lower)
        up = (half - v) * conductance(cell.device, half - v, upper)
        above = down > up
        high, low = np.where(above, v, high), np.where(above, low, v)
    v = 0.5 * (low + high)
    order = np.argsort(v)
    return np.asarray(v[order]), np.asarray(np.outer(weight, weight).ravel()[order])


def mean(cell: ModularPBit, inputs: ArrayLike, offset: float = 0.0) -> Array:
    """Return the mean state [1] over the input [V]; ``offset`` [V] is that of the comparison."""
    v, p = midpoints(cell)
    return np.asarray(2.0 * np.interp(np.asarray(inputs, dtype=float) - offset, v, np.cumsum(p)) - 1.0)


def transfer(cell: ModularPBit, offset: float = 0.0) -> Transfer:
    """Return the mean state over the whole range, whose calibration is V0 and v0 of a network."""
    v, _ = midpoints(cell)
    reach = 1.2 * float(np.abs(v).max())
    inputs = offset + np.linspace(-reach, reach, 33)
    return Transfer(inputs, mean(cell, inputs, offset))
