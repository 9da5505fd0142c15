r"""Backward Fokker-Planck equation: the chance that a magnet at mz = x has not switched when the pulse ends.

In the units of :mod:`spinspice.devices.laws.fokker_planck`, with s the time left,

.. math:: \partial_s h = (1 - x^2)\left[-(i - x)\,\partial_x h\right]
          + \partial_x\left[\frac{1 - x^2}{2\Delta}\,\partial_x h\right], \qquad h(x, 0) = [x > 0],

the transposed generator of the forward equation, so that the mean of h over the initial density is the write error
rate of :func:`~spinspice.devices.laws.fokker_planck.not_switched` to the accuracy of the time steps. As a function of
where the magnet is now, h is the best importance a rare-event simulation can have
(:mod:`spinspice.devices.reference.splitting`).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from spinspice.devices.laws.fokker_planck import Drive, banded_generator
from spinspice.errors import check_range

#: Finite volumes in mz and longest implicit step [tau_D]: log h is right to some per cent at 1e-12, enough to steer by.
CELLS, STEP = 2000, 0.004


def survival(delta: float, drive: Drive, step: float, count: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the chance to survive the rest of a pulse, against mz and the time left.

    Parameters
    ----------
    delta : float
        Barrier over k_B T [1].
    drive : float or callable
        I / I_c0 [1], positive out of the well, or a function of mz.
    step : float
        Spacing of the times left [tau_D].
    count : int
        Number of them beside zero.

    Returns
    -------
    x : array, shape (n,)
        Centres of the finite volumes in mz, rising.
    h : array, shape (count + 1, n)
        Chance that mz > 0 after ``k step``.
    """
    from scipy.linalg import solve_banded

    check_range("delta", delta, 0.0, 200.0, open_low=True, where="survival: barrier / (k_B T)")
    check_range("step", step, 0.0, 1e4, unit="tau_D", open_low=True, where="survival: spacing of the times left")
    check_range("count", count, 1, 10**6, where="survival: number of times left")
    edges = np.linspace(-1.0, 1.0, CELLS + 1)
    inner = max(1, int(np.ceil(step / STEP)))
    bands = banded_generator(edges, delta, drive)
    implicit = np.zeros_like(bands)
    implicit[0, 1:], implicit[2, :-1] = bands[2, :-1], bands[0, 1:]  # transposed
    implicit[1] = bands[1]
    implicit *= -step / inner
    implicit[1] += 1.0
    x = 0.5 * (edges[1:] + edges[:-1])
    table = np.empty((count + 1, CELLS))
    table[0] = x > 0.0
    for k in range(count):
        row = table[k]
        for _ in range(inner):
            row = solve_banded((1, 1), implicit, row, check_finite=False)
        table[k + 1] = row
    return x, np.maximum(table, 1e-300)
