r"""Energy landscape of a macrospin: its stable states, the barriers between them, and the currents that undo them.

.. math::
    \frac{E(\mathbf{m})}{m_0} = -\mathbf{m} \cdot \mathbf{B} + \tfrac12\, \mathbf{m}^T Q\, \mathbf{m}, \qquad
    Q = \mu_0 M_s\, \mathrm{diag}(N_x, N_y, N_z) - B_k\, \mathbf{k} \mathbf{k}^T

with the moment :math:`m_0`, the applied field B, uniaxial anisotropy along k and the demagnetising factors N: the
energy whose field :math:`-\nabla E / m_0` the models integrate (docs/theory.md, 3.1). All energies here are over the
moment, in tesla. A quadratic form on a sphere has at most two minima.

Without a field the minima are the two directions of the lowest eigenvalue of Q and the saddles those of the second, so
that the barrier is :math:`m_0 (q_2 - q_1) / 2`. With one, :math:`(Q - \lambda) \mathbf{m} = \mathbf{B}`,
:math:`|\mathbf{m}| = 1` gives the stationary points; the lowest of them that is no minimum is the pass between the two.
"""

from __future__ import annotations

import dataclasses
import functools
import itertools
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spinspice.constants import mu_0

Vector = NDArray[np.float64]
#: Components of a field below this part of the largest field are none, and so are differences of energies.
NOTHING = 1e-9
_HALVINGS = 200


@dataclasses.dataclass(frozen=True)
class Point:
    """A stationary point: direction, energy over moment [T], curvatures in the tangent plane, rising [T]."""

    m: Vector
    energy: float
    curvatures: tuple[float, float]


@dataclasses.dataclass(frozen=True)
class Landscape:
    """Minima, lowest first, and the energy of the pass between them; None where there is one well only, or no wall."""

    minima: tuple[Point, ...]
    saddle: float | None

    def barrier(self, state: Point) -> float:
        """Barrier out of a minimum over the moment [T]; 0 where nothing keeps the magnet in one state."""
        return 0.0 if self.saddle is None else max(0.0, self.saddle - state.energy)


def quadratic_form(device: Any) -> NDArray[np.float64]:
    """Return Q [T], shape (3, 3)."""
    k = np.array([device.kx, device.ky, device.kz])
    demagnetising = mu_0 * device.Ms * np.diag([device.Nx, device.Ny, device.Nz])
    return np.asarray(demagnetising - device.B_k * np.outer(k, k))


def landscape(device: Any) -> Landscape:
    """Return the landscape of a :class:`~spinspice.devices.Macrospin`."""
    form = quadratic_form(device)
    return _landscape(tuple(form.ravel().tolist()), (device.Bx, device.By, device.Bz))


@functools.lru_cache(maxsize=1024)
def _landscape(form: tuple[float, ...], field: tuple[float, float, float]) -> Landscape:
    Q, B = np.array(form).reshape(3, 3), np.array(field)
    q, axes = np.linalg.eigh(Q)
    b = axes.T @ B
    scale = max(float(np.ptp(q)), float(np.abs(b).max()))
    if scale == 0.0:
        return Landscape((), None)
    points = [_point(Q, B, axes @ m) for m in _stationary(q, np.where(np.abs(b) > NOTHING * scale, b, 0.0))]
    minima = sorted((p for p in points if p.curvatures[0] > NOTHING * scale), key=lambda p: p.energy)
    if len(minima) < 2:
        # A soft direction (a circular disk in its plane) has no wall; its lowest points serve as its states.
        lowest = min(points, key=lambda p: p.energy)
        return Landscape(tuple(minima) or (lowest,), None)
    passes = [p.energy for p in points if p.curvatures[0] <= NOTHING * scale]
    return Landscape(tuple(minima[:2]), min(passes))


def _point(Q: NDArray[np.float64], B: Vector, m: Vector) -> Point:
    m = m / np.linalg.norm(m)
    multiplier = float(m @ Q @ m - m @ B)
    # An orthonormal basis of the tangent plane: the last two columns of a complete QR decomposition.
    tangent = np.linalg.qr(np.column_stack([m, np.eye(3)[:, np.argsort(np.abs(m))[:2]]]))[0][:, 1:]
    low, high = np.linalg.eigvalsh(tangent.T @ Q @ tangent - multiplier * np.eye(2))
    return Point(m, float(0.5 * m @ Q @ m - m @ B), (float(low), float(high)))


def _stationary(q: Vector, b: Vector) -> list[Vector]:
    """Return the stationary points in the basis of the axes.

    (q_i - L) m_i = b_i with |m| = 1: where b_i is not 0, L solves sum b_i^2 / (q_i - L)^2 = 1, which is convex between
    two poles and has at most two solutions there; where b_i is 0, L = q_i leaves m_i free to fill up the length.
    """
    found: list[Vector] = []
    driven = b != 0.0
    if driven.any():
        poles = sorted(set(q[driven].tolist()))  # np.unique would load the whole of numpy.ma
        reach = float(np.linalg.norm(b))
        ends = [poles[0] - 2.0 * reach, *poles, poles[-1] + 2.0 * reach]
        for left, right in itertools.pairwise(ends):
            for multiplier in _roots(q[driven], b[driven], left, right, left in poles, right in poles):
                m = np.zeros(3)
                m[driven] = b[driven] / (q[driven] - multiplier)
                found.append(m)
    for i in np.flatnonzero(~driven):
        gap = np.where(q == q[i], np.inf, q - q[i])
        m = np.where(driven, b / gap, 0.0)
        if (driven & (q == q[i])).any() or (rest := 1.0 - float(m @ m)) < 0.0:
            continue
        for sign in (1.0, -1.0):
            found.append(m + sign * np.sqrt(rest) * np.eye(3)[i])
    return found


def _roots(q: Vector, b: Vector, left: float, right: float, pole_left: bool, pole_right: bool) -> list[float]:
    """Solve sum b^2 / (q - L)^2 = 1 for L between two ends, some of them poles."""

    def excess(L: float) -> float:
        with np.errstate(divide="ignore", over="ignore"):
            return float(np.sum((b / (q - L)) ** 2)) - 1.0

    def bisect(positive: float, negative: float) -> float:
        for _ in range(_HALVINGS):
            middle = 0.5 * (positive + negative)
            before = positive, negative
            if excess(middle) > 0.0:
                positive = middle
            else:
                negative = middle
            if (positive, negative) == before:  # neighbouring numbers: nothing changes any more
                break
        return 0.5 * (positive + negative)

    if not pole_left:
        return [bisect(right, left)]
    if not pole_right:
        return [bisect(left, right)]
    low, high = left, right
    for _ in range(_HALVINGS):  # bottom of the convex function: where its slope changes sign
        middle = 0.5 * (low + high)
        with np.errstate(divide="ignore", over="ignore"):
            slope = float(np.sum(b**2 / (q - middle) ** 3))
        before = low, high
        low, high = (middle, high) if slope < 0.0 else (low, middle)
        if (low, high) == before:
            break
    bottom = 0.5 * (low + high)
    if excess(bottom) >= 0.0:
        return []
    return [bisect(left, bottom), bisect(right, bottom)]
