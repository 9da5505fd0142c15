r"""A two-state junction under a weak periodic drive: stochastic resonance and noise-induced phase locking, exactly.

Escape rates :math:`r e^{\pm h(t)}` out of the two states, with h the drive in the exponent (barrier times drive over
critical drive, :meth:`spinspice.devices.Telegraph.escape_rates`), so that the mean of the state m = +-1 obeys

.. math:: \dot m = 2 r \sinh h - 2 r \cosh(h)\, m .

All of it follows from that equation and from the counting process of its switches; rates and frequencies in 1/s, h and
eta dimensionless. Attempt rate and barrier appear as :math:`r = \phi_0 e^{-U / D}`, :math:`\eta = A / D`.
"""

from __future__ import annotations

import dataclasses

import numpy as np

from spinspice.errors import check_range

#: Intervals of a period in which the rates of a smooth drive are taken from their middle.
STEPS = 4000


@dataclasses.dataclass(frozen=True)
class Response:
    """First harmonic of the mean state: m_1(t) = amplitude cos(w t - lag)."""

    amplitude: float
    lag: float


def linear_response(rate: float, eta: float, omega: float) -> Response:
    """Return the response to h = eta cos(omega t) at small eta: 2 r eta / sqrt(4 r^2 + w^2), lag atan(w / 2r)."""
    _positive(rate=rate, omega=omega)
    return Response(
        float(2.0 * rate * eta / np.hypot(2.0 * rate, omega)), float(np.degrees(np.arctan2(omega, 2.0 * rate)))
    )


def periodic_response(rate: float, eta: float, omega: float) -> Response:
    """Return the response to h = eta cos(omega t) of any strength: the periodic solution, lag in degrees."""
    _positive(rate=rate, omega=omega)
    time = (np.arange(STEPS) + 0.5) * (2.0 * np.pi / omega / STEPS)
    h = eta * np.cos(omega * time)
    step = time[1] - time[0]
    rest, keep = np.tanh(h), np.exp(-2.0 * rate * np.cosh(h) * step)
    # m at the end of a period is a + b m at its start; the periodic solution starts at a / (1 - b)
    a = 0.0
    for m, k in zip(rest, keep, strict=True):
        a = m + (a - m) * k
    state = a / (1.0 - float(np.exp(np.log(keep).sum())))
    middle = np.empty(STEPS)
    for n in range(STEPS):
        middle[n] = rest[n] + (state - rest[n]) * np.sqrt(keep[n])
        state = rest[n] + (state - rest[n]) * keep[n]
    harmonic = 2.0 * np.mean(middle * np.exp(1j * omega * time))
    return Response(float(abs(harmonic)), float(np.degrees(np.angle(harmonic))))


def signal_to_noise(rate: float, eta: float) -> float:
    """Return signal power over one-sided noise density [Hz] for h = eta cos(w t), small eta: r eta^2 / 4 at any w.

    The same as pi r eta^2 / 2 per rad/s (B. McNamara and K. Wiesenfeld, Phys. Rev. A 39, 4854 (1989)).
    """
    _positive(rate=rate)
    return 0.25 * rate * eta**2


def best_noise(barrier: float) -> float:
    """Return the noise D at which :func:`signal_to_noise` of r = phi0 exp(-U/D), eta = A/D is largest: U / 2."""
    return 0.5 * barrier


def best_response_noise(barrier: float, omega_over_phi0: float) -> float:
    """Return the noise D at which the response amplitude is largest: the root of 4 r^2 = w^2 (U / D - 1)."""
    from scipy.optimize import brentq

    check_range("omega", omega_over_phi0, 0.0, 1.0, open_low=True, where="drive over attempt frequency")

    def excess(d: float) -> float:
        return float(np.log(2.0 / omega_over_phi0) - 1.0 / d - 0.5 * np.log(1.0 / d - 1.0))

    return barrier * float(brentq(excess, 1e-3, 1.0 - 1e-12))


@dataclasses.dataclass(frozen=True)
class Locking:
    """Switching under a square drive +-h that turns every half period, in its periodic state.

    Parameters
    ----------
    switches : float
        Mean number a half period; 1 is frequency locking.
    variance : float
        Growth of the variance of the number a half period.
    mistaken : float
        Chance to be in the state that the drive favours less, at the end of a half period.
    """

    switches: float
    variance: float
    mistaken: float

    @property
    def fano(self) -> float:
        """Variance over mean: 1 for a junction that does not see the drive, 0 for a perfect follower."""
        return self.variance / self.switches

    def phase_diffusion(self, half_period: float) -> float:
        """Return the diffusion of the phase pi x switches against the drive [rad^2/s], pi^2 variance / (2 H)."""
        return float(np.pi**2 * self.variance / (2.0 * half_period))


def locking(rate: float, eta: float, half_period: float) -> Locking:
    """Return how a junction with the rates r e^(+-eta) follows a square drive.

    Parameters
    ----------
    rate : float
        r [1/s], or any unit inverse to that of ``half_period``.
    eta : float
        Drive in the exponent.
    half_period : float
        H.
    """
    fast, slow = rate * np.exp(eta), rate * np.exp(-eta)
    return locking_of_rates((fast, slow), (slow, fast), half_period)


def locking_of_rates(first: tuple[float, float], second: tuple[float, float], half_period: float) -> Locking:
    """Return the same for any rates: a junction in a circuit sees another voltage in each of its states.

    Parameters
    ----------
    first, second : tuple of float
        Escape rates out of state 0 and out of state 1, in each half period; the first favours state 1.
    half_period : float
        H. Switches and variance are the mean of both halves, ``mistaken`` is that of the first.
    """
    from scipy.linalg import expm

    _positive(half_period=half_period, rate=min(*first, *second))

    def tilted(z: float) -> float:
        """Logarithm of the largest eigenvalue of the propagator of a whole period, each switch counted as e^z."""
        whole, jump = np.eye(2), np.exp(z)
        for up, down in (first, second):
            whole = expm(half_period * np.array([[-up, down * jump], [up * jump, -down]])) @ whole
        return float(np.log(np.max(np.linalg.eigvals(whole).real)))

    step = 1e-3
    low, middle, high = (tilted(z) for z in (-step, 0.0, step))
    wide_low, wide_high = tilted(-2.0 * step), tilted(2.0 * step)
    slope = (8.0 * (high - low) - (wide_high - wide_low)) / (12.0 * step)
    bend = (16.0 * (high + low) - (wide_high + wide_low) - 30.0 * middle) / (12.0 * step**2)
    decays = [np.exp(-sum(rates) * half_period) for rates in (first, second)]
    rests = [down / (up + down) for up, down in (first, second)]  # chance of state 0
    start = (rests[1] * (1.0 - decays[1]) + rests[0] * (1.0 - decays[0]) * decays[1]) / (1.0 - decays[0] * decays[1])
    return Locking(0.5 * slope, 0.5 * bend, float(rests[0] + (start - rests[0]) * decays[0]))


def switches_per_half_period(rate: float, eta: float, half_period: float) -> float:
    """Return the mean number of switches a half period in closed form; :func:`locking` has the variance too."""
    _positive(rate=rate, half_period=half_period)
    fast, slow = rate * np.exp(eta), rate * np.exp(-eta)
    total = fast + slow
    rest, decay = slow / total, np.exp(-total * half_period)
    start = (1.0 - rest + rest * decay) / (1.0 + decay)
    return float(slow * half_period + (fast - slow) * (rest * half_period + (start - rest) * (1.0 - decay) / total))


def noisy_rate(rate: float, sigma: float, *, linear: bool = False) -> float:
    r"""Return the mean rate under electrical noise of standard deviation ``sigma`` in the exponent, fast against it.

    Held samples multiply both rates by :math:`e^{\sigma^2 / 2}`; noise that runs straight between its samples has
    :math:`\int_0^1 e^{\sigma^2 [(1-u)^2 + u^2] / 2} du` in its place.
    """
    check_range("sigma", sigma, 0.0, 20.0, where="noise in the exponent")
    if not linear:
        return rate * float(np.exp(0.5 * sigma**2))
    nodes, weights = np.polynomial.legendre.leggauss(40)
    u = 0.5 * (nodes + 1.0)
    return rate * float(0.5 * weights @ np.exp(0.5 * sigma**2 * ((1.0 - u) ** 2 + u**2)))


def _positive(**values: float) -> None:
    for name, value in values.items():
        check_range(name, value, 0.0, 1e300, open_low=True, where="driven two-state junction")
