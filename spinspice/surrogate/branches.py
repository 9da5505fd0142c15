"""Currents and capacitances between the nodes of a cell, as tables of two voltages each."""

from __future__ import annotations

import dataclasses
import functools
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
#: How much finer than its table a pair is in the kernel (bicubic between), along the input and along a node: our
#: choice.
FINER_INPUT, FINER = 8, 1


@dataclasses.dataclass(frozen=True, kw_only=True)
class Pair:
    """What two voltages do together, on even grids of them.

    Attributes
    ----------
    a, b : int
        Places: 0 is the input, 1 the first node.
    x, y : arrays, shapes (p,), (q,)
        Their voltages [V].
    current : array, shape (nodes, p, q)
        Into each node [A].
    charge : array, shape (nodes, 2, p, q)
        What it takes to change them: capacitance of each node to a and to b [F].
    """

    a: int
    b: int
    x: Array
    y: Array
    current: Array
    charge: Array


@dataclasses.dataclass(frozen=True, kw_only=True)
class Branches:
    """The electrical part of a cell but for its junction.

    Parameters
    ----------
    nodes : tuple of str
        Nodes with a state, that of the junction first, the output last, or its complement ``outb``.
    pairs : tuple of Pair
        Their sum is the current into a node and its capacitance to another; no current of the junction in it.
    rest : array, shape (nodes, inputs, cosines)
        Voltages at rest [V], at the inputs and cosines of the ramps.
    fixed : float
        Voltage of the other side of the junction [V].
    sign : float
        1 if its free layer is at the first node, else -1.
    miss : float
        Rms distance of the output from a run with random levels, over the swing [1].
    """

    nodes: tuple[str, ...]
    pairs: tuple[Pair, ...]
    rest: Array
    fixed: float
    sign: float
    miss: float = float("nan")

    @functools.cached_property
    def law(self) -> tuple[Any, ...]:
        """Tables as the kernel takes them, without the numbers of the junction.

        (pairs, 8) whole numbers: a, b, sizes of both grids, first entry, currents, entries in all, first target;
        (pairs, 4) starts and inverse steps of both grids; entries; (entries of a place, 2) targets: node, and place by
        which it is charged.
        """
        whole, real, data = [], [], []
        targets: list[tuple[int, int]] = []
        start = first = 0
        for pair in self.pairs:
            x, y = _grids(pair)
            tables, here = [], []
            for i, table in enumerate(pair.current):
                if table.any():
                    tables.append(_dense(pair, table, x, y, 3))
                    here.append((i, 0))
            currents = len(here)
            for i in range(len(self.nodes)):
                for side, by in enumerate((pair.a, pair.b)):
                    if pair.charge[i, side].any():
                        tables.append(_dense(pair, pair.charge[i, side], x, y, 1))
                        here.append((i, by))
            block = np.ascontiguousarray(np.moveaxis(np.array(tables), 0, -1))
            whole.append((pair.a, pair.b, x.size, y.size, start, currents, len(here), first))
            real.append(_places(x, y))
            data.append(block.ravel())
            targets += here
            start, first = start + block.size, first + len(here)
        return np.array(whole), np.array(real), np.concatenate(data), np.array(targets)

    @functools.cached_property
    def four(self) -> tuple[Any, ...]:
        """Tables of up to four nodes of one grid in rows of twelve: currents, and what charges the nodes by a and by b.

        (pairs, 8) whole numbers: a, b, sizes of both grids, first row, nodes, whether a and b charge any; (pairs, 4) as
        in :attr:`law`; rows.
        """
        whole, real, rows, start, n = [], [], [], 0, len(self.nodes)
        for pair in self.pairs:
            x, y = _grids(pair)
            block = np.zeros((x.size, y.size, 12))
            for i in range(n):
                for q, table in ((0, pair.current[i]), (4, pair.charge[i, 0]), (8, pair.charge[i, 1])):
                    if table.any():
                        block[:, :, q + i] = _dense(pair, table, x, y, 1 if q else 3)
            charged = (int(pair.charge[:, side].any()) for side in (0, 1))
            whole.append((pair.a, pair.b, x.size, y.size, start, n, *charged))
            real.append(_places(x, y))
            rows.append(block.reshape(-1, 12))
            start += x.size * y.size
        return np.array(whole), np.array(real), np.concatenate(rows)

    @property
    def output(self) -> int:
        """Which of the nodes is the output."""
        return self.nodes.index("out") if "out" in self.nodes else len(self.nodes) - 1

    @property
    def complement(self) -> bool:
        """Whether the last node is the complement of the output."""
        return self.output < len(self.nodes) - 1

    @property
    def one_grid(self) -> bool:
        """Whether all nodes have the same places in all tables."""
        first = self.pairs[0].y
        grids = [grid for pair in self.pairs for grid, place in ((pair.x, pair.a), (pair.y, pair.b)) if place]
        return all(np.array_equal(grid, first) for grid in grids)

    @property
    def span(self) -> tuple[float, float]:
        """Lowest and highest voltage of a node [V]."""
        return float(self.pairs[-1].y[0]), float(self.pairs[-1].y[-1])


def _grids(pair: Pair) -> tuple[Array, Array]:
    """Return the finer grids of both voltages."""
    x, y = (
        np.linspace(grid[0], grid[-1], (FINER if place else FINER_INPUT) * (grid.size - 1) + 1)
        for grid, place in ((pair.x, pair.a), (pair.y, pair.b))
    )
    return x, y


def _places(x: Array, y: Array) -> tuple[float, float, float, float]:
    """Return starts and inverse steps of two even grids."""
    return float(x[0]), float(1.0 / (x[1] - x[0])), float(y[0]), float(1.0 / (y[1] - y[0]))


def _dense(pair: Pair, table: Array, x: Array, y: Array, order: int) -> Array:
    from scipy.interpolate import RectBivariateSpline

    return np.asarray(RectBivariateSpline(pair.x, pair.y, table, kx=order, ky=order)(x, y))
