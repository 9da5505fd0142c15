r"""Fokker-Planck equation of a magnet of any anisotropy on the whole sphere, in spherical harmonics.

For a magnet whose field is :math:`B_j = b_j - K_j m_j` and whose torque vector is A (both in tesla), the mean of a
function of its direction obeys the backward equation with the generator

.. math::
    G = \gamma' \left[ B \cdot (R + \alpha \nabla) + A \cdot (\nabla - \alpha R) \right] + D \nabla^2, \qquad
    R = m \times \nabla, \quad D = \frac{\gamma' \alpha k_B T}{m_s}\,, \quad
    \gamma' = \frac{\gamma}{1 + \alpha^2}

(W. F. Brown, Phys. Rev. 130, 1677 (1963); the torque of J. C. Slonczewski, J. Magn. Magn. Mater. 159, L1 (1996)).
In spherical harmonics R = i L, multiplication by a component of m couples neighbouring degrees, and the tangential
gradient is :math:`\nabla_j = \frac12 [\nabla^2, m_j] + m_j`: everything is sparse. Precession is in it, so that an
elliptical junction, for whose rates no closed form is right, has exact ones.

Its first eigenvalue :math:`\lambda_1` is the sum of both escape rates: equal wells have the mean dwell time
:math:`2 / \lambda_1`. A small damping with a large demagnetisation needs many degrees: :func:`relaxation_rate` doubles
them until the eigenvalue stands.
"""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spinspice.constants import gamma, k_B, mu_0
from spinspice.errors import ParameterError, check_range

#: Degrees that :func:`relaxation_rate` starts from and stops at, and the change that it allows [1].
FIRST, LAST, ACCURACY = 16, 96, 1e-5


@dataclasses.dataclass(frozen=True, kw_only=True)
class Landscape:
    """What acts on the magnet.

    Parameters
    ----------
    stiffness : tuple of float
        K_x, K_y, K_z [T]: demagnetisation positive, an easy axis negative.
    field : tuple of float
        Constant field b [T], field-like torque included.
    torque : tuple of float
        A [T]: a_j p.
    alpha : float
        Damping.
    thermal : float
        k_B T / (magnetic moment) [T].
    """

    stiffness: tuple[float, float, float]
    field: tuple[float, float, float] = (0.0, 0.0, 0.0)
    torque: tuple[float, float, float] = (0.0, 0.0, 0.0)
    alpha: float = 0.01
    thermal: float = 1e-3

    @classmethod
    def of(cls, device: Any, current: float = 0.0) -> Landscape:
        """Return that of a :class:`~spinspice.devices.Macrospin` with its easy axis along x, y or z, at a current [A].

        Raises
        ------
        ParameterError
            For an easy axis between the axes, or a junction whose anisotropy depends on voltage.
        """
        easy = (device.kx, device.ky, device.kz)
        if max(abs(k) for k in easy) < 1.0 - 1e-9 or device.vcma:
            raise ParameterError(
                f"easy axis {easy}, vcma = {device.vcma:g}: the equation on the sphere takes an axis along x, y or z "
                "and no voltage control (Landscape.of)."
            )
        from spinspice.devices.reference.macrospin_equations import coefficients

        q = coefficients(device)
        a_j = q.stt * current
        moment = device.Ms * device.area * device.t_free
        demagnetising = (device.Nx, device.Ny, device.Nz)
        return cls(
            stiffness=tuple(
                float(mu_0 * device.Ms * n - device.B_k * k * k) for n, k in zip(demagnetising, easy, strict=True)
            ),  # type: ignore[arg-type]
            field=tuple(
                float(b + q.field_like * a_j * p) for b, p in zip((q.Bx, q.By, q.Bz), (q.px, q.py, q.pz), strict=True)
            ),  # type: ignore[arg-type]
            torque=(a_j * q.px, a_j * q.py, a_j * q.pz),
            alpha=device.alpha,
            thermal=k_B * device.T / moment,
        )


def generator(landscape: Landscape, degree: int) -> Any:
    """Return G [1/s] in spherical harmonics up to ``degree``: a sparse complex matrix, (degree + 1)^2 square."""
    check_range("degree", degree, 2, 400, where="sphere.generator: highest spherical harmonic")
    from scipy import sparse

    m, L = _components(degree), _rotations(degree)
    degrees = _degrees(degree)
    laplace = sparse.diags(-(degrees * (degrees + 1.0)).astype(complex), format="csr")
    gradient = [0.5 * (laplace @ x - x @ laplace) + x for x in m]
    total = landscape.thermal * landscape.alpha * laplace
    for j in range(3):
        rotation = 1j * L[j]
        drift = rotation + landscape.alpha * gradient[j]
        total = total + landscape.field[j] * drift - landscape.stiffness[j] * (m[j] @ drift)
        total = total + landscape.torque[j] * (gradient[j] - landscape.alpha * rotation)
    return (gamma / (1.0 + landscape.alpha**2)) * total


def relaxation_rate(landscape: Landscape, degree: int | None = None) -> float:
    """Return the slowest relaxation rate [1/s], the sum of the escape rates of two wells.

    Parameters
    ----------
    landscape : Landscape
    degree : int, optional
        Highest harmonic; by default doubled by half from 16 until the rate changes by less than 1e-5 of itself.

    Raises
    ------
    ParameterError
        If it does not stand by degree 96: the barrier is too high or the damping too small for harmonics.
    """
    if degree is not None:
        return _slowest(landscape, degree)
    previous, degree = np.inf, FIRST
    while degree <= LAST:
        rate = _slowest(landscape, degree)
        if abs(rate - previous) <= ACCURACY * abs(rate):
            return rate
        previous, degree = rate, int(1.5 * degree)
    raise ParameterError(
        f"the rate still changes at degree {LAST} (last value {previous:g} 1/s): the barrier is too high, or the "
        "damping too small for the demagnetisation. Use splitting or a simulation (sphere.relaxation_rate)."
    )


def not_switched(
    landscape: Landscape,
    times: ArrayLike,
    side: tuple[float, float, float] = (0.0, 0.0, 1.0),
    *,
    rest: Landscape | None = None,
    degree: int = 40,
) -> NDArray[np.float64]:
    """Return the chance that m . side > 0 at rising times [s], for a magnet that starts in equilibrium there.

    Parameters
    ----------
    landscape : Landscape
        With the torque of the pulse.
    times : array, shape (n,)
    side : tuple of float
        Direction of the well that it starts in.
    rest : Landscape, optional
        What the equilibrium before the pulse belongs to; default ``landscape`` without its torque.
    degree : int
        Highest harmonic. Right to about 1e-8 at best: rarer events are for splitting.
    """
    from scipy.sparse.linalg import expm_multiply

    check_range("degree", degree, 4, 120, where="sphere.not_switched: highest spherical harmonic")
    times = np.atleast_1d(np.asarray(times, dtype=float))
    matrix = generator(landscape, degree).tocsc()
    function, start = _projections(rest or landscape, np.asarray(side, dtype=float), degree)
    found, now = [], 0.0
    for time in times:
        function = expm_multiply(matrix * (time - now), function) if time > now else function
        now = float(time)
        found.append(float((start @ function).real))
    return np.array(found)


def _projections(
    rest: Landscape, side: NDArray[np.float64], degree: int
) -> tuple[NDArray[np.complex128], NDArray[np.complex128]]:
    """Return the coefficients of [m . side > 0], and the row that averages harmonics over the well of ``rest``."""
    from scipy.special import sph_harm_y

    axis = int(np.argmax(np.abs(side)))
    nodes, weights = np.polynomial.legendre.leggauss(4 * degree)
    along = np.concatenate([0.5 * (nodes - 1.0), 0.5 * (nodes + 1.0)])  # each half sphere by itself
    weights = 0.5 * np.concatenate([weights, weights])
    angles = np.arange(4 * degree) * (2.0 * np.pi / (4 * degree))
    ell, m = _degrees(degree), _orders(degree)
    function, row, norm = np.zeros(ell.size, dtype=complex), np.zeros(ell.size, dtype=complex), 0.0
    for position, weight in zip(along, weights, strict=True):
        across = np.sqrt(1.0 - position**2)
        point = np.empty((3, angles.size))
        point[axis], point[(axis + 1) % 3], point[(axis + 2) % 3] = (
            position,
            across * np.cos(angles),
            across * np.sin(angles),
        )
        inside = position * side[axis] > 0.0
        if not inside:
            continue
        theta, phi = np.arccos(np.clip(point[2], -1.0, 1.0)), np.arctan2(point[1], point[0])
        area = weight * (angles[1] - angles[0])
        harmonics = sph_harm_y(ell[:, None], m[:, None], theta, phi)
        energy = (0.5 * np.array(rest.stiffness)[:, None] * point**2 - np.array(rest.field)[:, None] * point).sum(
            axis=0
        )
        density = np.exp(-(energy - _lowest(rest)) / rest.thermal)
        function += area * harmonics.conj().sum(axis=1)
        row += area * (harmonics @ density)
        norm += area * density.sum()
    return function, np.asarray(row / norm, dtype=complex)


def _lowest(rest: Landscape) -> float:
    """An energy [T] that no direction is far below: keeps the exponentials in range."""
    return 0.5 * min(rest.stiffness) - float(np.linalg.norm(rest.field))


def _slowest(landscape: Landscape, degree: int) -> float:
    """Return minus the eigenvalue next to zero; the harmonic of degree 0 (constants) is taken out."""
    from scipy.sparse.linalg import eigs

    matrix = generator(landscape, degree)[1:, 1:].tocsc()
    scale = gamma * landscape.thermal * landscape.alpha
    start = np.ones(matrix.shape[0], dtype=complex)  # the same numbers every time
    values = eigs(matrix, k=2, sigma=1e-6 * scale, v0=start, return_eigenvectors=False)
    return float(-max(values.real))


def _degrees(degree: int) -> NDArray[np.int64]:
    return np.repeat(np.arange(degree + 1), 2 * np.arange(degree + 1) + 1)


def _orders(degree: int) -> NDArray[np.int64]:
    return np.concatenate([np.arange(-ell, ell + 1) for ell in range(degree + 1)])


def _rotations(degree: int) -> tuple[Any, Any, Any]:
    """Matrices of L_x, L_y, L_z on the coefficients of Y_lm, index l^2 + l + m."""
    from scipy import sparse

    ell, m = _degrees(degree), _orders(degree)
    size = ell.size
    up = np.flatnonzero(m < ell)
    raised = sparse.csr_matrix(
        (np.sqrt(ell[up] * (ell[up] + 1.0) - m[up] * (m[up] + 1.0)), (up + 1, up)), shape=(size, size), dtype=complex
    )
    lowered = raised.conj().T.tocsr()
    return 0.5 * (raised + lowered), -0.5j * (raised - lowered), sparse.diags(m.astype(complex), format="csr")


def _components(degree: int) -> tuple[Any, Any, Any]:
    """Matrices of the multiplication by m_x, m_y, m_z (Condon-Shortley phase)."""
    from scipy import sparse

    ell, m = _degrees(degree).astype(float), _orders(degree).astype(float)
    size = ell.size
    index = {(int(a), int(b)): k for k, (a, b) in enumerate(zip(ell, m, strict=True))}

    def couple(terms: Any) -> Any:
        rows, columns, values = [], [], []
        for k in range(size):
            for step, order, value in terms(ell[k], m[k]):
                row = index.get((int(ell[k]) + step, int(m[k]) + order))
                if row is not None and value != 0.0:
                    rows.append(row)
                    columns.append(k)
                    values.append(value)
        return sparse.csr_matrix((values, (rows, columns)), shape=(size, size), dtype=complex)

    z = couple(
        lambda a, b: (
            (1, 0, np.sqrt(((a + 1) ** 2 - b * b) / ((2 * a + 1) * (2 * a + 3)))),
            (-1, 0, np.sqrt(max(a * a - b * b, 0.0) / ((2 * a - 1) * (2 * a + 1))) if a else 0.0),
        )
    )
    plus = couple(  # m_x + i m_y
        lambda a, b: (
            (1, 1, -np.sqrt((a + b + 1) * (a + b + 2) / ((2 * a + 1) * (2 * a + 3)))),
            (-1, 1, np.sqrt(max((a - b) * (a - b - 1), 0.0) / ((2 * a - 1) * (2 * a + 1))) if a else 0.0),
        )
    )
    minus = plus.conj().T.tocsr()
    return 0.5 * (plus + minus), -0.5j * (plus - minus), z
