r"""Power that a voltage-driven population takes from its stimulus and its shifts (Mizrahi 2018, eq. 10).

One resistance stands for both states, as in the paper. Junction i sees :math:`V - c_i`; with centres symmetric about
zero the cross term :math:`-2 V \sum c_i / R` vanishes, and shift and stimulus add up to what the population takes.
`mean_currents` is the same for junctions whose resistance depends on their state.
"""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

from spinspice.devices.laws.resistance import conductance
from spinspice.errors import ParameterError, check_range
from spinspice.networks.population.population import Population


@dataclasses.dataclass(frozen=True)
class Power:
    """Power of the shifts and largest power of the stimulus [W]."""

    shift: float
    stimulus: float

    @property
    def total(self) -> float:
        """Both [W]."""
        return self.shift + self.stimulus

    def energy(self, duration: float) -> float:
        """Energy of one observation of ``duration`` [s], in J."""
        return self.total * duration


def junction_resistance(RA: float, diameter: float) -> float:
    """Resistance [Ohm] of a round junction with resistance-area product ``RA`` [Ohm m^2] and ``diameter`` [m].

    The paper prints 20 uOhm cm^2, a slip for 20 Ohm um^2: that gives 429 kOhm at 7.7 nm, printed as 424 kOhm.

    >>> f"{junction_resistance(20e-12, 7.7e-9) / 1e3:.1f} kOhm"
    '429.5 kOhm'
    """
    check_range("RA", RA, 0.0, 1.0, unit="Ohm m^2", where="resistance-area product", open_low=True)
    check_range("diameter", diameter, 0.0, 1.0, unit="m", where="diameter of a junction", open_low=True)
    return RA / (0.25 * np.pi * diameter**2)


def population_power(population: Population, R: float, stimulus: float) -> Power:
    """Return the power with junctions of resistance ``R`` [Ohm], and a stimulus of at most ``stimulus`` [V].

    Raises
    ------
    ParameterError
        For a population driven by current.
    """
    if population.nominal.drive:
        raise ParameterError("eq. 10 gives the power of junctions under a voltage; this population takes a current.")
    check_range("R", R, 0.0, np.inf, unit="Ohm", where="resistance of a junction", open_low=True)
    population.drives(np.array([-stimulus, stimulus]))  # within breakdown
    return Power(float(np.sum(population.centres**2)) / R, population.size * stimulus**2 / R)


def mean_currents(
    population: Population, stimulus: float, duration: float = np.inf
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    r"""Mean current [A] from the stimulus [V] through each junction in equilibrium, and its spread, shapes (n,).

    The current is :math:`(V - c_i) [G_P + (G_{AP} - G_P) s(t)]`, with :math:`s` the two-state process; the second
    value is the standard deviation of its mean over ``duration`` [s],

    .. math::
        \mathrm{var}\,\bar s = \frac{2 p (1 - p)}{\lambda T} \left[1 - \frac{1 - e^{-\lambda T}}{\lambda T}\right],
        \quad p = \lambda_P / \lambda, \quad \lambda = \lambda_P + \lambda_{AP},

    from the exponential autocovariance of the process.
    """
    rates = population.escape_rates(population.drives(stimulus))
    total = rates.sum(axis=0)
    part = rates[0] / total
    volts = stimulus - population.centres
    parallel, antiparallel = (conductance(population.nominal, volts, cosine) for cosine in (1.0, -1.0))
    spread = np.zeros_like(part)
    if np.isfinite(duration):
        lags = total * duration
        spread = np.sqrt(2.0 * part * (1.0 - part) / lags * (1.0 + np.expm1(-lags) / lags))
    return volts * (parallel + (antiparallel - parallel) * part), np.abs(volts * (antiparallel - parallel)) * spread
