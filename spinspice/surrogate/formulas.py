r"""The differentiable neuron: one core of formulas for numpy, jax and torch.

On an even grid of inputs lie the static output at each node of the junction's density and the mean of runs, joined by
cubic pieces with the slopes of the nodes (Catmull and Rom 1974), so that values and gradients are continuous. A sample
is

.. math::
    z = \bar z(v) + \frac{\sigma(v)}{\sigma_0(v)} \left( F(v, c(\xi)) - \bar F(v) \right)

with one uniform number :math:`\xi` that chooses the junction's angle (the noise is reparametrised: gradients pass
through F, not through the choice): mean and standard deviation are those of runs, the shape that of the static curve. A
mean over n independent looks takes the mean over n numbers. Correlation in time is not in it; for that there is the
kernel.
"""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spinspice.errors import check_whole
from spinspice.surrogate.surrogate import Surrogate

Array = NDArray[np.float64]
#: Points of the grid across the transition, and nodes of the junction's density: our choice.
POINTS, NODES = 401, 32


@dataclasses.dataclass(frozen=True)
class Core:
    """Tables over the inputs ``start + step * k``: mean (points,), and deviations from it (points, nodes) [V]."""

    start: float
    step: float
    mean: Array
    deviation: Array

    @classmethod
    def of(cls, surrogate: Surrogate, points: int = POINTS) -> Core:
        """Return the tables of a surrogate, across its transition; at its ends the neuron is taken as saturated."""
        check_whole("points", points, 8, 100_000, where="differentiable surrogate")
        v = np.linspace(*surrogate.transition(beyond=0.5), points)
        t = surrogate.tables
        nodes = np.cos(np.pi * (np.arange(NODES) + 0.5) / NODES)
        quantiles = np.quantile(surrogate.density.nodes, 0.5 * (1.0 - nodes))  # nodes where density is thin as well
        if _is_arcsine(surrogate):
            quantiles = nodes
        static = np.array([np.interp(quantiles, t.c, row) for row in _rows(t.v, surrogate.surface, v)])
        deviation = static - static.mean(axis=1, keepdims=True)
        spread = deviation.std(axis=1)
        wanted = surrogate.sigma(v)
        scale = np.where(spread > 1e-9, wanted / np.where(spread > 1e-9, spread, 1.0), 0.0)
        return cls(float(v[0]), float(v[1] - v[0]), surrogate.mean(v), deviation * scale[:, None])


def _is_arcsine(surrogate: Surrogate) -> bool:
    nodes = surrogate.density.nodes
    return bool(np.allclose(nodes, np.cos(np.pi * (np.arange(nodes.size) + 0.5) / nodes.size)))


def _rows(x: Array, table: Array, at: Array) -> Array:
    return np.array([np.interp(at, x, column) for column in table.T]).T


def weights(xp: Any, part: Any) -> tuple[Any, Any, Any, Any]:
    """Return the weights of four neighbours for a place between the middle two, 0 to 1."""
    p2, p3 = part * part, part * part * part
    return (
        0.5 * (2.0 * p2 - part - p3), 0.5 * (2.0 - 5.0 * p2 + 3.0 * p3), 0.5 * (part + 4.0 * p2 - 3.0 * p3),
        0.5 * (p3 - p2),
    )  # fmt: skip


def place(xp: Any, core: Any, v: Any, floor: Any, whole: Any) -> tuple[Any, Any]:
    """Return the entry below each input, with one neighbour below and two above it, and the part beyond it.

    Beyond the grid the output stands still: the part is held, and with it the gradient is zero.
    """
    x = (v - core.start) / core.step
    size = core.mean.shape[0]
    x = xp.clip(x, 1.0, size - 2.000001)
    below = floor(x)
    return whole(below), x - below


def mean_of(xp: Any, core: Any, v: Any, floor: Any, whole: Any) -> Any:
    """Return the mean output at inputs of any shape."""
    i, part = place(xp, core, v, floor, whole)
    total = 0.0
    for k, weight in enumerate(weights(xp, part)):
        total = total + weight * core.mean[i + (k - 1)]
    return total


def sample_of(xp: Any, core: Any, v: Any, xi: Any, floor: Any, whole: Any) -> Any:
    """Return outputs for uniform numbers ``xi`` that broadcast with the inputs: linear between the nodes."""
    i, part = place(xp, core, v, floor, whole)
    nodes = core.deviation.shape[1]
    at = xp.clip(xi * nodes - 0.5, 0.0, nodes - 1.000001)
    j = floor(at)
    b, j = at - j, whole(j)
    total = 0.0
    for k, weight in enumerate(weights(xp, part)):
        low, high = core.deviation[i + (k - 1), j], core.deviation[i + (k - 1), j + 1]
        total = total + weight * (core.mean[i + (k - 1)] + low + b * (high - low))
    return total


class Layer:
    """The neuron in numpy: what the layers of jax and torch compute, for tests and small nets.

    Parameters
    ----------
    surrogate : Surrogate
    points : int
        Of the grid across the transition.
    """

    def __init__(self, surrogate: Surrogate, points: int = POINTS) -> None:
        self.core = Core.of(surrogate, points)

    def mean(self, v: Any) -> Array:
        """Return the mean output [V] at inputs [V]."""
        return np.asarray(mean_of(np, self.core, np.asarray(v, dtype=float), np.floor, _whole))

    def sample(self, v: Any, xi: Any) -> Array:
        """Return outputs [V] at inputs [V] for uniform numbers in (0, 1) that broadcast with them."""
        x, numbers = np.broadcast_arrays(np.asarray(v, dtype=float), np.asarray(xi, dtype=float))
        return np.asarray(sample_of(np, self.core, x, numbers, np.floor, _whole))

    def slope(self, v: Any) -> Array:
        """Return the derivative of :meth:`mean` [1]."""
        x = np.asarray(v, dtype=float)
        h = 1e-3 * self.core.step
        return (self.mean(x + h) - self.mean(x - h)) / (2.0 * h)


def _whole(x: Any) -> Any:
    return x.astype(np.int64)
