r"""Exact results of the auto-oscillator with noise of constant intensity D a quadrature, z = I / I_th constant.

* power: :math:`P(p) \propto \exp\{-[\Gamma (1 - z) p + \Gamma (Q + z) p^2 / 2] / D\}`, p >= 0: a normal law, cut at 0;
* spectrum: the slowest decay of :math:`\langle a^*(0) a(t) \rangle` is an eigenvalue of the generator on functions
  :math:`h(r) e^{-i\phi}`, found here on finite volumes in r; :func:`correlation` propagates the whole of it;
* low noise: :math:`\mathrm{FWHM} = D (1 + \nu^2) / (2 \pi p_0)` (Slavin and Tiberkevich 2009), and the variance of the
  phase :func:`phase_variance`;
* locking to a force F in the frame over the half range :math:`F \sqrt{1 + \nu^2} / (2 \pi \sqrt{p_0})` (Adler's);
  of two oscillators coupled by :math:`\Omega e^{i \beta}` for a difference of frequencies below
  :math:`\Omega |\cos\beta + \nu \sin\beta| / \pi`.

Derived from the equation in :mod:`spinspice.devices.oscillator`; all but the first two hold at low noise and weak
forces.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.linalg import eig, eigvals
from scipy.stats import truncnorm

from spinspice.errors import ParameterError


def power_moments(device: Any, current: float) -> tuple[float, float]:
    """Return mean and variance of the power at a current [A] and the device's temperature."""
    z, noise = current / device.I_th, device.noise()
    if noise == 0.0:
        return device.power(current), 0.0
    slope = device.Gamma * (device.Q + z)
    centre, width = device.Gamma * (z - 1.0) / slope, math.sqrt(noise / slope)
    law = truncnorm(-centre / width, math.inf, loc=centre, scale=width)
    return float(law.mean()), float(law.var())


def slowest_decay(device: Any, current: float, cells: int = 600) -> complex:
    """Return the slowest eigenvalue of the generator in the sector of the amplitude [1/s].

    Minus its real part over pi is the full width at half maximum [Hz] of the line where this mode dominates; minus its
    imaginary part is the angular frequency in the frame of ``f_ref``.

    Raises
    ------
    ParameterError
        Without noise.
    """
    found = eigvals(_generator(device, current, cells)[0])
    return complex(found[np.argmax(found.real)])


def correlation(device: Any, current: float, lag: ArrayLike, cells: int = 300) -> NDArray[np.complex128]:
    r"""Return :math:`\langle a^*(0) a(t) \rangle` at lags [s], from a stationary start and at any noise.

    The generator propagates the amplitude; where no mode dominates (near the threshold, at strong noise) this is the
    law of the line, and its eigenvalue and the formula at low noise are not.

    Raises
    ------
    ParameterError
        Without noise.
    """
    matrix, state = _generator(device, current, cells)
    values, vectors = eig(matrix)
    # Symmetric, not Hermitian: left vectors are the right ones, transposed
    parts = (state @ vectors) * np.linalg.solve(vectors, state.astype(complex))
    return np.asarray(np.exp(np.multiply.outer(np.asarray(lag, dtype=float), values)) @ parts)


def _generator(device: Any, current: float, cells: int) -> tuple[NDArray[np.complex128], NDArray[np.float64]]:
    """Return the generator on h(r) exp(-i phi), symmetric by the stationary law, and the amplitude r in that basis."""
    z, noise = current / device.I_th, device.noise()
    if noise == 0.0:
        raise ParameterError("the line has no width without noise (laws of the oscillator). Give T and D above 0.")
    mean, variance = power_moments(device, current)
    top = math.sqrt(mean + 8.0 * math.sqrt(variance))
    bottom = math.sqrt(max(0.0, mean - 8.0 * math.sqrt(variance)))
    edges = np.linspace(bottom, top, cells + 1)
    r = 0.5 * (edges[1:] + edges[:-1])
    step = edges[1] - edges[0]

    def weight(x: NDArray[np.float64]) -> NDArray[np.float64]:
        p = x**2
        energy = device.Gamma * ((1.0 - z) * p + 0.5 * (device.Q + z) * p**2) / noise
        return x * np.exp(-energy)

    scale = np.max(weight(r))
    inner = weight(edges[1:-1]) / scale
    own = weight(r) / scale
    rate = 0.5 * noise / step**2
    up, down = rate * inner / own[:-1], rate * inner / own[1:]
    diagonal = -0.5 * noise / r**2 - 1j * (2.0 * math.pi * (device.f0 - device.f_ref) + device.N * r**2)
    diagonal[:-1] -= up
    diagonal[1:] -= down
    # Symmetric by the weight: same eigenvalues, better conditioned.
    beside = np.sqrt(up * down)
    matrix = np.diag(diagonal) + np.diag(beside, 1) + np.diag(beside, -1)
    return matrix, r * np.sqrt(own / own.sum())


def linewidth(device: Any, current: float) -> float:
    """Return the full width at half maximum of the line at low noise [Hz], above the threshold."""
    p0 = _power(device, current)
    return device.noise() * (1.0 + device.coupling(current) ** 2) / (2.0 * math.pi * p0)


def phase_variance(device: Any, current: float, time: ArrayLike) -> NDArray[np.float64]:
    """Return the variance of the phase after ``time`` [s] at low noise [rad^2], from a stationary start."""
    nu, rate, t = device.coupling(current), device.amplitude_rate(current), np.asarray(time, dtype=float)
    memory = (1.0 - np.exp(-2.0 * rate * t)) / (2.0 * rate)
    return device.noise() / _power(device, current) * ((1.0 + nu**2) * t - nu**2 * memory)


def locking_half_range(device: Any, current: float, force: float) -> float:
    """Return the half range of locking to a force [1/s] in the frame, by Adler's equation [Hz]."""
    nu = device.coupling(current)
    return force * math.sqrt(1.0 + nu**2) / (2.0 * math.pi * math.sqrt(_power(device, current)))


def mutual_range(device: Any, current: float, strength: float, phase: float) -> float:
    """Return the largest difference of frequencies [Hz] at which two oscillators coupled by ``strength`` [1/s] and
    ``phase`` [rad] lock."""
    nu = device.coupling(current)
    return strength * abs(math.cos(phase) + nu * math.sin(phase)) / math.pi


def _power(device: Any, current: float) -> float:
    p0 = device.power(current)
    if not p0 > 0.0:
        raise ParameterError(
            f"current = {current:g} A is below the threshold {device.I_th:g} A: nothing oscillates. Raise it."
        )
    return float(p0)
