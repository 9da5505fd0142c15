"""Exact results that the junction models are held against, each computed here from its law, never read from a table.

Symbols: m = Ms V the moment [A m^2], tau_N = m (1 + alpha^2) / (2 alpha gamma k T) the free-diffusion time, tau_D =
(1 + alpha^2) / (alpha gamma B_k), delta = m B_k / (2 k T), xi = m B_z / (k T) plus the bias of :func:`stt_bias`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from spinspice.constants import e, gamma, hbar, k_B, mu_0

#: Number of standard errors a statistical test allows: about one seed in 16,000 would fail.
SIGMAS = 4.0
#: The same probability for tests that give a p-value (two-sided normal tail beyond 4 sigma).
P_VALUE = 6.3e-5


def mean_and_error(members: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return mean and standard error over the first axis, whose entries must be independent."""
    members = np.asarray(members, dtype=float)
    return members.mean(axis=0), members.std(axis=0, ddof=1) / np.sqrt(members.shape[0])


def moment(device: Any) -> float:
    """Magnetic moment of the free layer [A m^2]."""
    return device.Ms * device.area * device.t_free


def diffusion_time(device: Any) -> float:
    """Free-diffusion time tau_N [s]; <m> of an isotropic magnet decays as exp(-t / tau_N) (Brown 1963)."""
    return moment(device) * (1.0 + device.alpha**2) / (2.0 * device.alpha * gamma * k_B * device.T)


def boltzmann_moments(delta: float, xi: float = 0.0) -> tuple[float, float]:
    """Return <mz>, <mz^2> of the density exp(delta mz^2 + xi mz) on the sphere (Gauss-Legendre, 400 nodes)."""
    z, w = np.polynomial.legendre.leggauss(400)
    exponent = delta * z * z + xi * z
    weight = w * np.exp(exponent - exponent.max())
    weight /= weight.sum()
    return float(weight @ z), float(weight @ (z * z))


def boltzmann_samples(delta: float, xi: float, n: int, seed: int) -> NDArray[np.float64]:
    """Return n unit vectors of the density exp(delta mz^2 + xi mz), by inversion of its tabulated distribution."""
    rng = np.random.default_rng(seed)
    z = np.linspace(-1.0, 1.0, 20001)
    exponent = delta * z * z + xi * z
    density = np.exp(exponent - exponent.max())
    cumulative = np.concatenate([[0.0], np.cumsum(0.5 * (density[1:] + density[:-1]))])
    mz = np.interp(rng.random(n), cumulative / cumulative[-1], z)
    azimuth = 2.0 * np.pi * rng.random(n)
    r = np.sqrt(1.0 - mz * mz)
    return np.column_stack([r * np.cos(azimuth), r * np.sin(azimuth), mz])


def easy_plane_delta(device: Any) -> float:
    """Coefficient of mz^2 in the exponent for a layer with Nx = Ny and demagnetising energy only (negative) [1]."""
    return -moment(device) * mu_0 * device.Ms * (device.Nz - device.Nx) / (2.0 * k_B * device.T)


def langevin(x: ArrayLike) -> NDArray[np.float64]:
    """coth x - 1/x: <mz> of an isotropic magnet with bias x."""
    x = np.asarray(x, dtype=float)
    return 1.0 / np.tanh(x) - 1.0 / x


def stt_bias(device: Any, current: float) -> float:
    """Bias x = hbar pol I / (2 e alpha k T) of a collinear spin current: the exponent of the density gains x mz [1].

    Collinear damping-like torque a_j acts on mz as a field a_j / alpha does (same drift, same diffusion).
    """
    return hbar * device.pol * current / (2.0 * e * device.alpha * k_B * device.T)


def _backward_operator(sigma: float, xi: float, size: int) -> NDArray[np.float64]:
    """Axial Fokker-Planck operator, backward form, on Legendre coefficients, in units of 1 / tau_N.

    (1/2) [(1 - z^2) d2/dz2 - 2 z d/dz + (1 - z^2)(2 sigma z + xi) d/dz], with (1 - z^2) P_l' = l (l + 1) (P_{l-1} -
    P_{l+1}) / (2 l + 1) and the recurrence of z P_l (Brown 1963; Risken, The Fokker-Planck Equation, ch. 4).
    """
    order = np.arange(size + 2)
    derivative, position = np.zeros((size + 2, size)), np.zeros((size + 2, size + 2))
    for n in order[:size]:
        c = n * (n + 1) / (2 * n + 1)
        derivative[n + 1, n] = -c
        derivative[max(n - 1, 0), n] += c
    for n in order[1:]:
        position[n, n - 1], position[n - 1, n] = n / (2 * n - 1), n / (2 * n + 1)
    operator = (2.0 * sigma * (position @ derivative) + xi * derivative)[:size]
    operator[order[:size], order[:size]] -= order[:size] * (order[:size] + 1.0)
    return 0.5 * operator


def relaxation_rate(sigma: float, xi: float = 0.0, size: int = 120) -> float:
    """Return lambda_1 tau_N, the slowest relaxation rate of an axial magnet (any damping)."""
    return float(np.sort(-np.linalg.eigvals(_backward_operator(sigma, xi, size)).real)[1])


def relaxation_eigenfunction(sigma: float, mz: ArrayLike, xi: float = 0.0, size: int = 120) -> NDArray[np.float64]:
    """Slowest eigenfunction at ``mz``, scaled to 1 at mz = 1: its ensemble average decays as exp(-lambda_1 t)."""
    values, vectors = np.linalg.eig(_backward_operator(sigma, xi, size))
    coefficients = vectors[:, np.argsort(-values.real)[1]].real
    legendre = np.polynomial.legendre.Legendre(coefficients)
    return legendre(np.asarray(mz, dtype=float)) / legendre(1.0)


def kubo_correlation(device: Any, time: ArrayLike) -> NDArray[np.float64]:
    """Autocorrelation of m_x of a circular easy-plane disk, normalised to 1 at time 0.

    The azimuth precesses in the demagnetising field of m_z, an Ornstein-Uhlenbeck process (Kubo's oscillator), and
    diffuses: C = exp(-(omega tau)^2 (t / tau - 1 + e^(-t / tau)) - D t), omega = gamma mu0 Ms sqrt(<mz^2>), tau =
    (1 + alpha^2) / (alpha gamma mu0 Ms), D = alpha gamma k T / (m (1 + alpha^2)). Valid for <mz^2> << 1.
    """
    t = np.abs(np.asarray(time, dtype=float))
    m, B_D = moment(device), mu_0 * device.Ms * (device.Nz - device.Nx)
    precession = gamma * np.sqrt(B_D * k_B * device.T / m) / (1.0 + device.alpha**2)
    tau = (1.0 + device.alpha**2) / (device.alpha * gamma * B_D)
    diffusion = device.alpha * gamma * k_B * device.T / (m * (1.0 + device.alpha**2))
    return np.exp(-((precession * tau) ** 2) * (t / tau - 1.0 + np.exp(-t / tau)) - diffusion * t)


def damped_precession(
    B: float, alpha: float, theta0: float, phi0: float, time: ArrayLike, a_j: float = 0.0
) -> NDArray[np.float64]:
    """Return m(t), shape (t, 3), at T = 0 in a field B and a torque a_j [T] along z: exact.

    tan(theta / 2) = tan(theta0 / 2) exp(-gamma' (alpha B + a_j) t), phi = phi0 + gamma' (B - alpha a_j) t, gamma' =
    gamma / (1 + alpha^2).
    """
    x = gamma / (1.0 + alpha**2) * np.asarray(time, dtype=float)
    theta = 2.0 * np.arctan(np.tan(theta0 / 2.0) * np.exp(-(alpha * B + a_j) * x))
    phi = phi0 + (B - alpha * a_j) * x
    return np.stack([np.sin(theta) * np.cos(phi), np.sin(theta) * np.sin(phi), np.cos(theta)], axis=-1)


def kittel(device: Any, B: float) -> tuple[float, float]:
    """Small-angle frequency [rad/s] and decay rate [1/s] of an easy-plane disk (Nz = 1) in a field B along x.

    Linearised Gilbert equation: s^2 (1 + alpha^2) + alpha gamma (2 B + B_D) s + gamma^2 B (B + B_D) = 0.
    """
    a, B_D = device.alpha, mu_0 * device.Ms * (device.Nz - device.Nx)
    decay = a * gamma * (2.0 * B + B_D) / (2.0 * (1.0 + a * a))
    return float(np.sqrt(gamma**2 * B * (B + B_D) / (1.0 + a * a) - decay**2)), decay


def torque_field(device: Any, current: float) -> float:
    """Amplitude a_j = hbar pol I / (2 e m) of the damping-like torque [T]."""
    return hbar * device.pol * current / (2.0 * e * moment(device))


def critical_current(device: Any) -> float:
    """Critical current at T = 0, anisotropy axis along the spin polarisation: 2 e m alpha B_k / (hbar pol) [A].

    There the torque a_j balances the damping alpha B_k (Sun, Phys. Rev. B 62, 570 (2000)).
    """
    return 2.0 * e * moment(device) * device.alpha * device.B_k / (hbar * device.pol)


def switching_time(i: float, theta0: float) -> float:
    """Time from theta0 to pi/2 at T = 0 and current i I_c, in units of tau_D.

    d theta / dt = (i - cos theta) sin theta / tau_D, integrated by partial fractions in c = cos theta.
    """
    c = np.cos(theta0)
    return float(
        -np.log1p(-c) / (2.0 * (i - 1.0)) + np.log1p(c) / (2.0 * (i + 1.0)) + np.log((i - c) / i) / (i * i - 1.0)
    )


def sinusoidal_hazard(log_rate: float, amplitude: float, period: float, time: ArrayLike) -> NDArray[np.float64]:
    """Integral from 0 to t of exp(log_rate + amplitude sin(2 pi t / period)), by the Jacobi-Anger series.

    e^(a sin x) = I_0 + 2 sum (-1)^k [I_(2k+1) sin((2k+1) x) + I_(2k+2) (-1) cos((2k+2) x)], k = 0, 1, ...
    """
    w = 2.0 * np.pi / period
    x = w * np.asarray(time, dtype=float)
    total = special.iv(0, amplitude) * x
    for k in range(40):
        odd, even, sign = 2 * k + 1, 2 * k + 2, (-1.0) ** k
        total = total + 2.0 * sign * special.iv(odd, amplitude) * (1.0 - np.cos(odd * x)) / odd
        total = total - 2.0 * sign * special.iv(even, amplitude) * np.sin(even * x) / even
    return np.exp(log_rate) * total / w


def two_state_occupation(rate_P: float, rate_AP: float) -> float:
    """Stationary probability of AP, given the escape rates out of P and out of AP."""
    return rate_P / (rate_P + rate_AP)
