r"""Exact laws of p-bits whose state is the sign of an isotropic magnet in a field along one axis.

A magnet without anisotropy in a field :math:`h = x k_B T / m_s` (or under a collinear spin torque that acts as one) has
the component m along it with the density :math:`\propto e^{x m}` on [-1, 1], and the diffusion

.. math::
    \partial_t p = D\, \partial_m (1 - m^2) (\partial_m - x)\, p

(W. F. Brown, Phys. Rev. 130, 1677 (1963)). Two of them, each in the field of the other's sign, have no energy: the
force on one jumps where the other's sign does, and no force answers that. So they do not follow Boltzmann's law,
however fast the circuit; their stationary law is that of the diffusion in the square, solved here by finite volumes.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spinspice.errors import check_range

Array = NDArray[np.float64]
#: Finite volumes along each side of the square, an even number: P(equal) is right to 1e-4.
CELLS = 80


def up(x: ArrayLike, threshold: float = 0.0) -> Array:
    """Return the probability that m exceeds a threshold [1] in a field x [1]; (1 + tanh(x/2))/2 at threshold 0.

    >>> round(float(2 * up(1.0) - 1), 9)
    0.462117157
    """
    check_range("threshold", threshold, -1.0, 1.0, where="isotropic magnet")
    x = np.asarray(x, dtype=float)
    small = np.abs(x) < 1e-8
    safe = np.where(small, 1.0, x)
    found = np.expm1(safe * (threshold - 1.0)) / np.expm1(-2.0 * safe)
    return np.asarray(np.where(small, 0.5 * (1.0 - threshold), found))


def pair(x: float, cells: int = CELLS) -> Array:
    """Return P(- -), P(- +), P(+ -), P(+ +) of two magnets, each in the field x times the sign of the other."""
    from scipy import sparse
    from scipy.sparse.linalg import spsolve

    check_range("cells", cells, 4, 400, where="pair of magnets")
    count = 2 * (int(cells) // 2)
    edges = np.linspace(-1.0, 1.0, count + 1)
    inner, width = edges[1:-1], 2.0 / count
    sign = np.where(np.arange(count) < count // 2, -1.0, 1.0)

    def along(field: float) -> tuple[Array, Array]:
        """Rates to the next and to the last volume that keep e^{field m} exactly (Scharfetter and Gummel)."""
        half = 0.5 * field * width
        rate = (1.0 - inner**2) / width**2
        return rate * np.exp(half), rate * np.exp(-half)

    index = np.arange(count * count).reshape(count, count)
    rows, columns, values = [], [], []
    for axis in (0, 1):
        for other in range(count):
            forth, back = along(x * sign[other])
            line = index[:, other] if axis == 0 else index[other, :]
            for source, target, rate in ((line[:-1], line[1:], forth), (line[1:], line[:-1], back)):
                rows += [target, source]
                columns += [source, source]
                values += [rate, -rate]
    matrix = sparse.coo_matrix(
        (np.concatenate(values), (np.concatenate(rows), np.concatenate(columns))), shape=(count**2, count**2)
    ).tolil()
    matrix[0, :] = 1.0  # in place of one equation: the sum
    right = np.zeros(count**2)
    right[0] = 1.0
    law = spsolve(matrix.tocsc(), right).reshape(2, count // 2, 2, count // 2)
    return np.asarray(law.sum(axis=(1, 3)).ravel())
