r"""Exact results of the domain wall of one position and one angle.

* field alone: :math:`v = \gamma W B / \alpha` up to Walker's field :math:`B_W = \alpha B_K / 2`, above it
  :math:`(\gamma W / \alpha) [B - \sqrt{B^2 - B_W^2} / (1 + \alpha^2)]`;
* current alone, beta = 0: at rest below :math:`u_c = \gamma B_K W / 2`, above it
  :math:`\sqrt{u^2 - u_c^2} / (1 + \alpha^2)`;
* spin-orbit torque and Dzyaloshinskii-Moriya field, B_K = 0:
  :math:`\gamma W (\pi/2) B_D / \sqrt{1 + (\alpha B_D / B_{SH})^2}`;
* thermal: :math:`\langle q^2 \rangle = kT / k` in a trap, :math:`\langle \sin^2 \phi \rangle` of the energy
  :math:`\tfrac12 M_s V_w B_K \sin^2\phi`; free diffusion with the angle held, and free;
* first passage of an overdamped wall under a drift, against a constant or a linear leak (:func:`passage_time`), and the
  time between two hops over periodic pinning (:func:`hopping_time`);
* pinned by :math:`V_0 \sin^2(\pi q / d)` with the angle held: Stratonovich's double integral for the mean velocity.

Derived from the equations in :mod:`spinspice.devices.wall`.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ive

from spinspice.constants import gamma, k_B
from spinspice.devices.laws.passage import mean_passage_time
from spinspice.errors import check_range


def field_velocity(device: Any, field: ArrayLike) -> NDArray[np.float64]:
    """Return the mean velocity in a field along z [T] at T = 0 without pinning [m/s]."""
    B = np.asarray(field, dtype=float)
    turning = np.sqrt(np.maximum(B**2 - device.walker_field**2, 0.0)) / (1.0 + device.alpha**2)
    return gamma * device.W / device.alpha * (B - np.sign(B) * turning)


def current_velocity(device: Any, u: ArrayLike) -> NDArray[np.float64]:
    """Return the mean velocity for a spin drift u [m/s] without field and beta [m/s]."""
    drift, critical = np.asarray(u, dtype=float), gamma * abs(device.B_K) * device.W / 2.0
    return np.sign(drift) * np.sqrt(np.maximum(drift**2 - critical**2, 0.0)) / (1.0 + device.alpha**2)


def spin_orbit_velocity(device: Any, spin_hall_field: ArrayLike) -> NDArray[np.float64]:
    """Return the speed by spin-orbit torque of a field B_SH [T] with B_D of the device, B_K = 0 [m/s]."""
    ratio = device.alpha * device.B_D / np.asarray(spin_hall_field, dtype=float)
    return gamma * device.W * math.pi / 2.0 * device.B_D / np.sqrt(1.0 + ratio**2)


def angle_mean_square(device: Any) -> float:
    """Return the thermal mean of sin^2 phi [1]."""
    x = device.Ms * device.volume * device.B_K / (4.0 * k_B * device.T)
    return 0.5 * (1.0 - float(ive(1, x) / ive(0, x)))


def diffusion(device: Any, *, angle_held: bool) -> float:
    """Return the diffusion constant of a wall on a free track [m^2/s], its angle held by B_K or free (B_K = 0)."""
    held = device.W**2 * gamma * k_B * device.T / (device.alpha * device.Ms * device.volume)
    return float(held if angle_held else held * device.alpha**2 / (1.0 + device.alpha**2))


def pinned_velocity(device: Any, field: float, points: int = 400) -> float:
    """Return the mean velocity over periodic pinning in a field [T], angle held [m/s].

    Raises
    ------
    ParameterError
        Below 1 K, where the integrals overflow.
    """
    check_range("T", device.T, 1.0, 1e4, unit="K", where="pinned_velocity")
    kT, d = k_B * device.T, device.d_pin
    tilt = 2.0 * device.Ms * device.area * field / kT
    x, weight = np.polynomial.legendre.leggauss(points)
    x, weight = 0.5 * d * (x + 1.0), 0.5 * d * weight

    def energy(q: NDArray[np.float64]) -> NDArray[np.float64]:
        return device.V_0 / kT * np.sin(math.pi * q / d) ** 2 - tilt * q

    # v = D d (1 - e^{-tilt d}) / int_0^d dx int_x^{x+d} dy e^{-E(x) + E(y)}: the inner one over y = x + s
    inner = (weight[None, :] * np.exp(energy(x[:, None] + x[None, :]) - energy(x)[:, None])).sum(axis=1)
    total = float((weight * inner).sum())
    return diffusion(device, angle_held=True) * d * (1.0 - math.exp(-tilt * d)) / total


def hopping_time(device: Any) -> float:
    r"""Return the mean time between two hops over the periodic pinning, angle held [s]: the retention of a level.

    From the diffusion constant over :math:`V_0 \sin^2(\pi q / d)`, D / I_0(V_0 / 2 kT)^2 (Lifson and Jackson,
    J. Chem. Phys. 36, 2410 (1962)), as a walk of steps d: d^2 / 2 D_eff. Exact as a diffusion; as a time between
    hops it holds for V_0 of several kT.
    """
    check_range("T", device.T, 1.0, 1e4, unit="K", where="hopping_time")
    x = device.V_0 / (2.0 * k_B * device.T)
    return float(device.d_pin**2 / (2.0 * diffusion(device, angle_held=True)) * (ive(0, x) * math.exp(x)) ** 2)


def passage_time(device: Any, speed: float, end: float, *, back: float = 0.0, rate: float = 0.0) -> float:
    """Return the mean time in which a wall gets from its start to ``end`` [m], angle held or below Walker's limit [s].

    :func:`~spinspice.devices.laws.passage.mean_passage_time` with the diffusion of the held angle, reflected at the
    left end of the track.
    """
    noise = diffusion(device, angle_held=True) if device.T else 0.0
    return mean_passage_time(speed, noise, device.q0, end, -0.5 * device.length, back=back, rate=rate)
