r"""Demagnetising factors of disks and elliptic disks that are uniformly magnetised.

Of a circular cylinder of thickness t and diameter d, with :math:`\tau = t / d` (volume average; Chen, Brug and
Goldfarb, IEEE Trans. Magn. 27, 3601 (1991), in the form of Beleggia et al., J. Phys. D 38, 3333 (2005)):

.. math::
    N_z(\tau) = 1 + \frac{4}{3 \pi \tau} - {}_2F_1(-\tfrac12, \tfrac12; 2; -\tau^{-2}), \qquad N_x = N_y = (1 - N_z)/2

An elliptic one is the mean over directions of circular ones: with :math:`r(\varphi)^{-2} = \cos^2\varphi / a^2 +
\sin^2\varphi / b^2`, from the same paper's integral over wave vectors,

.. math::
    N_z = \frac{1}{2\pi} \oint N_z^\circ\, d\varphi, \qquad
    N_x = \frac{1}{2\pi} \oint \frac{r^2 \cos^2\varphi}{a^2}\, (1 - N_z^\circ)\, d\varphi, \qquad
    N_z^\circ = N_z\!\left(\frac{t}{2 r(\varphi)}\right)
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spinspice.errors import check_range

#: Directions of the mean over an ellipse: the sum converges exponentially; 1e-12 at an axis ratio of 5, 2e-11 at 10.
_DIRECTIONS = 512


def cylinder_nz(ratio: ArrayLike) -> NDArray[np.float64]:
    """Return N_z [1] of cylinders of ``ratio`` thickness over diameter [1].

    >>> f"{float(cylinder_nz(1.0)):.4f}"
    '0.3116'
    """
    from scipy.special import hyp2f1

    ratio = np.asarray(ratio, dtype=float)
    return np.asarray(1.0 + 4.0 / (3.0 * np.pi * ratio) - hyp2f1(-0.5, 0.5, 2.0, -(ratio**-2.0)))


def elliptic_disk(length: float, width: float, thickness: float) -> tuple[float, float, float]:
    """Return (N_x, N_y, N_z) [1] of a disk of axes ``length`` along x and ``width`` along y, and ``thickness`` [m].

    Raises
    ------
    ParameterError
        For a size that is not positive.

    Examples
    --------
    >>> x, y, z = elliptic_disk(100e-9, 50e-9, 2e-9)
    >>> f"{x:.4f} {y:.4f} {z:.4f}"
    '0.0235 0.0617 0.9148'
    """
    for name, value in (("length", length), ("width", width), ("thickness", thickness)):
        check_range(name, value, 0.0, 1.0, unit="m", where="demagnetising factors of a disk", open_low=True)
    if length == width:
        out = float(cylinder_nz(thickness / length))
        return (1.0 - out) / 2.0, (1.0 - out) / 2.0, out
    angle = 2.0 * np.pi * np.arange(_DIRECTIONS) / _DIRECTIONS
    x, y = (np.cos(angle) / (length / 2.0)) ** 2, (np.sin(angle) / (width / 2.0)) ** 2
    out_of_plane = cylinder_nz(thickness * np.sqrt(x + y) / 2.0)
    along_x, along_y = ((part / (x + y) * (1.0 - out_of_plane)).mean() for part in (x, y))
    return float(along_x), float(along_y), float(out_of_plane.mean())
