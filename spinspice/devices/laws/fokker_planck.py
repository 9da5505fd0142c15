r"""Switching of a uniaxial magnet by spin torque: the Fokker-Planck equation of mz, solved numerically.

A layer whose anisotropy, reference direction and demagnetisation share one axis depends on mz = x alone. In units of
:math:`\tau_D = (1 + \alpha^2) / (\alpha \gamma B_k)` (W. F. Brown, Phys. Rev. 130, 1677 (1963), with the spin torque of
J. Z. Sun, Phys. Rev. B 62, 570 (2000))

.. math::
    \partial_\tau p = -\partial_x \left[ (1 - x^2) \left( (x - i) p - \frac{1}{2 \Delta} \partial_x p \right) \right],
    \qquad i = I / I_{c0},

for any damping. The magnet starts at x = +1 and a positive ``i`` drives it out. ``i`` may depend on x: a junction
behind a transistor takes a current that follows its own resistance. Not modelled: fields off the axis, which couple
x to the azimuth, and modes inside the layer.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spinspice.constants import gamma
from spinspice.errors import check_range

#: Drive i = I / I_c0 [1]: a number, or a function of mz.
Drive = float | Callable[[NDArray[np.float64]], ArrayLike]
#: Finite volumes in mz, and time step [tau_D]: probabilities are then right to 2e-3 (against 3 to 12 thousand cells).
CELLS = 2000
STEP = 0.005
#: Points of the integrals of the escape rate.
_POINTS = 20001
#: Time after a waveform in which a magnet between the wells decides for one [tau_D].
_RELAXATION = 3.0


def time_unit(device: Any) -> float:
    """Return tau_D [s] of a :class:`~spinspice.devices.Macrospin`: the relaxation time of its easy axis, with B_eff."""
    return float((1.0 + device.alpha**2) / (device.alpha * gamma * device.B_eff))


def not_switched(times: ArrayLike, delta: float, drive: Drive) -> NDArray[np.float64]:
    """Return the probability that mz > 0 after a pulse, for a magnet in equilibrium in the well mz > 0 before it.

    Parameters
    ----------
    times : array, shape (n,)
        Lengths of the pulse [tau_D], not negative.
    delta : float
        Barrier over k_B T [1].
    drive : float or callable
        i = I / I_c0 [1], positive out of the well, or a function of mz.

    Returns
    -------
    array, shape (n,)

    Raises
    ------
    ParameterError
        For a barrier that is not positive or too high for the grid, or a time out of range.
    """
    from scipy.linalg import solve_banded

    check_range("delta", delta, 0.0, 200.0, open_low=True, where="not_switched: barrier / (k_B T)")
    times = np.atleast_1d(np.asarray(times, dtype=float))
    for time in times:
        check_range("times", float(time), 0.0, 1e4, unit="tau_D", where="not_switched: length of the pulse")
    edges = np.linspace(-1.0, 1.0, CELLS + 1)
    density = _in_the_well(edges, delta)
    generator = banded_generator(edges, delta, drive)
    count = max(1, int(np.ceil(times.max() / STEP)))
    step = times.max() / count
    implicit, explicit = -0.5 * step * generator, 0.5 * step * generator
    implicit[1] += 1.0
    survived = np.empty(count + 1)
    survived[0] = 1.0
    for k in range(count):
        density = solve_banded((1, 1), implicit, density + _product(explicit, density), check_finite=False)
        survived[k + 1] = density[CELLS // 2 :].sum()
    return np.exp(np.interp(times, step * np.arange(count + 1), np.log(np.maximum(survived, 1e-300))))


def switching_probability(times: ArrayLike, overdrive: ArrayLike, delta: float) -> float:
    """Return the probability that a current waveform moves a magnet from its well into the other, however rare that is.

    The density is followed through the waveform and for some relaxation times after it, by an implicit scheme that
    keeps it positive: probabilities far below the rounding error of 1 come out right (within 2 %, measured against
    :func:`escape_rate`). Nothing is taken as quasi-static: a peak shorter than tau_D does what it can do in its time.

    Parameters
    ----------
    times : array, shape (n,)
        Rising times [tau_D].
    overdrive : array, shape (n,)
        I / I_c0 against the state at these times, linear in between.
    delta : float
        Barrier over k_B T [1].
    """
    from scipy.linalg import solve_banded

    check_range("delta", delta, 0.0, 200.0, open_low=True, where="switching_probability: barrier / (k_B T)")
    times, overdrive = np.asarray(times, dtype=float), np.asarray(overdrive, dtype=float)
    edges = np.linspace(-1.0, 1.0, CELLS + 1)
    density = _in_the_well(edges, delta)
    count = max(1, int(np.ceil((times[-1] - times[0]) / STEP)))
    grid = np.linspace(times[0], times[-1], count + 1)
    charge = np.concatenate([[0.0], np.cumsum(0.5 * np.diff(times) * (overdrive[1:] + overdrive[:-1]))])
    step = grid[1] - grid[0]
    means = np.diff(np.interp(grid, times, charge)) / step
    for drive in np.concatenate([means, np.zeros(int(_RELAXATION / step))]):
        implicit = -step * banded_generator(edges, delta, float(drive))
        implicit[1] += 1.0
        density = solve_banded((1, 1), implicit, density, check_finite=False)
    return float(density[: CELLS // 2].sum())


def occupation(
    times: ArrayLike, delta: float, drive: Callable[[float], Drive], *, step: float = 0.02
) -> NDArray[np.float64]:
    """Return the probability that mz > 0 under a drive that varies in time, from equilibrium in that well.

    Parameters
    ----------
    times : array, shape (n,)
        Rising times [tau_D], the first not negative.
    delta : float
        Barrier over k_B T [1].
    drive : callable
        Time [tau_D] -> i = I / I_c0, a number or a function of mz; a field -b along the axis counts as b / B_eff.
    step : float
        Of the scheme (that of :func:`not_switched`) [tau_D], which must be short against the drive's own time.
    """
    from scipy.linalg import solve_banded

    check_range("delta", delta, 0.0, 200.0, open_low=True, where="occupation: barrier / (k_B T)")
    times = np.atleast_1d(np.asarray(times, dtype=float))
    check_range("times", float(times[-1]), 0.0, 1e5, unit="tau_D", where="occupation: end of the drive")
    edges = np.linspace(-1.0, 1.0, CELLS // 4 + 1)
    density = _in_the_well(edges, delta)
    count = max(1, int(np.ceil(times[-1] / step)))
    h = float(times[-1]) / count
    found = np.ones(count + 1)
    for k in range(count):
        half = 0.5 * h * banded_generator(edges, delta, drive((k + 0.5) * h))
        implicit = -half
        implicit[1] += 1.0
        density = solve_banded((1, 1), implicit, density + _product(half, density), check_finite=False)
        found[k + 1] = density[density.size // 2 :].sum()
    # a chance but for rounding, and for the ringing of a scheme of second order
    return np.clip(np.interp(times, h * np.arange(count + 1), found), 0.0, 1.0)


def escape_rate(delta: float, drive: Drive = 0.0) -> float:
    r"""Return the rate [1/tau_D] at which a magnet leaves the well at mz = +1 below the critical drive.

    The inverse of the mean first-passage time from the bottom of the well to a point beyond the top of the barrier

    .. math:: T = 2\Delta \int_a^1 \frac{e^{-F(y)}}{1 - y^2} \int_y^1 e^{F(z)}\,dz\,dy, \quad F' = 2\Delta (x - i)

    exact up to a relative error of order exp(-barrier). ``a`` lies four fifths of the way from the top to mz = -1, from
    where hardly any return.
    """
    check_range("delta", delta, 1.0, 200.0, where="escape_rate: barrier / (k_B T)")
    x = np.linspace(-1.0, 1.0, _POINTS)
    force = x - _drive_at(drive, x)
    outward = np.flatnonzero(force < 0.0)
    top = x[outward[-1]] if outward.size else -1.0
    check_range("drive", top, -1.0, 0.98, where="escape_rate: mz at the top of the barrier, i < 1")
    start = max(1, int(np.searchsorted(x, 0.2 * top - 0.8)))
    x, force = x[start:], force[start:]
    h = x[1] - x[0]
    log_density = 2.0 * delta * np.concatenate([[0.0], np.cumsum(0.5 * h * (force[1:] + force[:-1]))])
    log_density -= log_density.max()
    density = np.exp(log_density)
    inner = np.cumsum((0.5 * h * (density[1:] + density[:-1]))[::-1])[::-1]
    outer = np.exp(-log_density[:-1] - np.log(1.0 - x[:-1] ** 2)) * inner
    return float(1.0 / (2.0 * delta * np.trapezoid(outer, x[:-1])))


def boltzmann_angles(delta: float, count: int, seed: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Draw polar angle and azimuth [rad] of a magnet in equilibrium in the well mz > 0, p(mz) ~ exp(delta mz^2).

    Two arrays of shape (count,). mz is drawn by inverting its distribution on a fine grid.
    """
    check_range("delta", delta, 0.0, 200.0, where="boltzmann_angles: barrier / (k_B T)")
    generator = np.random.default_rng(seed)
    mz = 1.0 - np.linspace(0.0, 1.0, 20001) ** 2  # dense where the density is
    weight = np.exp(delta * (mz**2 - 1.0))
    total = np.concatenate([[0.0], np.cumsum(-0.5 * (weight[1:] + weight[:-1]) * np.diff(mz))])
    drawn = np.interp(generator.random(count), total / total[-1], mz)
    return np.arccos(drawn), 2.0 * np.pi * generator.random(count)


def _in_the_well(edges: NDArray[np.float64], delta: float) -> NDArray[np.float64]:
    """Return the probabilities of the finite volumes for a magnet in equilibrium in the well mz > 0."""
    x = 0.5 * (edges[1:] + edges[:-1])
    density = np.where(x > 0.0, np.exp(delta * (x**2 - 1.0)), 0.0)
    return density / density.sum()


def _drive_at(drive: Drive, x: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.broadcast_to(np.asarray(drive(x) if callable(drive) else drive, dtype=float), x.shape)


def banded_generator(edges: NDArray[np.float64], delta: float, drive: Drive) -> NDArray[np.float64]:
    """Return the tridiagonal generator in LAPACK's banded form, with exponentially fitted fluxes (no negative p)."""
    h = edges[1] - edges[0]
    face = edges[1:-1]
    diffusion = (1.0 - face**2) / (2.0 * delta)
    peclet = 2.0 * delta * h * (face - _drive_at(drive, face))
    rightward = diffusion / h**2 * _bernoulli(-peclet)  # rate from the left cell of a face to the right one
    leftward = diffusion / h**2 * _bernoulli(peclet)
    bands = np.zeros((3, edges.size - 1))
    bands[0, 1:], bands[2, :-1] = leftward, rightward
    bands[1, :-1] -= rightward
    bands[1, 1:] -= leftward
    return bands


def _bernoulli(w: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return w / (exp(w) - 1)."""
    small = np.abs(w) < 1e-9
    return np.where(small, 1.0 - 0.5 * w, w / np.expm1(np.where(small, 1.0, w)))


def _product(bands: NDArray[np.float64], vector: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return a banded matrix times a vector."""
    out = bands[1] * vector
    out[:-1] += bands[0, 1:] * vector[1:]
    out[1:] += bands[2, :-1] * vector[:-1]
    return out
