r"""Thresholds of a thermally activated junction: where a ramp or a pulse of current switches it, and how widely that
scatters.

The escape rate of :class:`~spinspice.devices.telegraph.Telegraph` out of one state is exponential in the current,
:math:`\lambda(I) = \lambda_0 e^{s I / w}`, with :math:`s = +1` out of AP and -1 out of P, and widths

.. math::
    w_{AP} = \frac{I_c (1 - a)}{\Delta (1 - h)^2}, \qquad w_P = \frac{I_c (1 + a)}{\Delta (1 + h)^2}

A pulse that rises from far below at the rate :math:`r_1`, holds its amplitude I for a time :math:`t_h` and goes back at
:math:`r_2` has the hazard integral :math:`\lambda(I)\, t_e`, :math:`t_e = t_h + w / r_1 + w / r_2`; a ramp that is cut
off at I has :math:`t_e = w / r`. Either way

.. math::
    P(\mathrm{switched}) = 1 - e^{-\lambda(I)\, t_e}

so that the threshold is Gumbel-distributed: mean :math:`-s w (\ln \lambda_0 t_e + \gamma)` and standard deviation
:math:`\pi w / \sqrt 6`, with Euler's constant :math:`\gamma`. For a ramp the mean grows by w for every factor e of the
rate and the scatter does not depend on it: the law of Kurkijarvi, Phys. Rev. B 6, 832 (1972), in the form of Garg,
Phys. Rev. B 51, 15592 (1995), for a barrier linear in the drive.
"""

from __future__ import annotations

import dataclasses
import math
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spinspice.devices.telegraph import Telegraph
from spinspice.errors import UsageError, check_range

#: State that is left: 0 = P, 1 = AP.
P, AP = 0, 1
#: Standard deviation of a Gumbel distribution of unit scale [1].
GUMBEL_SD = math.pi / math.sqrt(6.0)


@dataclasses.dataclass(frozen=True)
class Threshold:
    """Distribution of a switching current [A]: smallest-value Gumbel in ``sign`` times the current.

    Parameters
    ----------
    location : float
        Current at which the junction has switched with probability 1 - 1/e [A].
    width : float
        Current over which the escape rate grows by e [A].
    sign : {1, -1}
        +1: switches above (out of AP), -1: below (out of P).
    """

    location: float
    width: float
    sign: Literal[1, -1] = 1

    @property
    def mean(self) -> float:
        """Mean threshold [A]."""
        return self.location - self.sign * np.euler_gamma * self.width

    @property
    def sd(self) -> float:
        """Standard deviation from cycle to cycle [A]."""
        return GUMBEL_SD * self.width

    def probability(self, current: ArrayLike) -> NDArray[np.float64]:
        """Probability [1] to have switched at ``current`` [A]."""
        return -np.expm1(-np.exp(np.clip(self.sign * (np.asarray(current) - self.location) / self.width, -700, 700)))

    def quantile(self, probability: ArrayLike) -> NDArray[np.float64]:
        """Current [A] at which the junction has switched with ``probability`` [1]: inverse of :meth:`probability`.

        With uniform numbers in place of ``probability`` it draws thresholds.
        """
        return self.location + self.sign * self.width * np.log(-np.log1p(-np.asarray(probability)))


def activation(device: Telegraph, state: int) -> tuple[float, float, Literal[1, -1]]:
    """Return ln of the escape rate without current [ln 1/s], width w [A] and sign s of ln rate = ln rate_0 + s I / w.

    Raises
    ------
    UsageError
        For a junction that is driven by voltage: its current at a given voltage depends on its resistance.
    """
    if device.drive != 1.0:
        raise UsageError("thresholds in current need a junction driven by current: Telegraph(drive=1, I_c=...).")
    sign: Literal[1, -1] = 1 if state == AP else -1
    barrier = device.barriers[state]
    return math.log(device.phi0) - barrier, device.I_c * (1.0 - sign * device.asymmetry) / barrier, sign


def ramp_threshold(device: Telegraph, rate: float, state: int = AP) -> Threshold:
    """Return the distribution of the current at which a ramp of ``rate`` [A/s] (its magnitude) ends a dwell in
    ``state``.

    Examples
    --------
    >>> device = Telegraph(delta=60.0, drive=1.0, I_c=400e-6)
    >>> slow, fast = ramp_threshold(device, 1e-3), ramp_threshold(device, 1.0)
    >>> f"{slow.mean * 1e6:.1f} {fast.mean * 1e6:.1f} {slow.sd * 1e6:.2f} uA"
    '291.4 337.5 8.55 uA'
    """
    check_range("rate", rate, 0.0, math.inf, unit="A/s", where="rate of a current ramp", open_low=True)
    return pulse_threshold(device, hold=0.0, rise=rate, fall=math.inf, state=state)


def pulse_threshold(
    device: Telegraph, hold: float, *, rise: float = math.inf, fall: float = math.inf, state: int = AP
) -> Threshold:
    """Return the distribution of the amplitude at which a pulse of current ends a dwell in ``state``.

    Parameters
    ----------
    hold : float
        Time at the amplitude [s].
    rise, fall : float
        Rates of the edges [A/s], from and to currents far (many widths) before the threshold.
    state : int
        State at its beginning, 0 = P, 1 = AP.
    """
    log_rate, width, sign = activation(device, state)
    effective = hold + width / rise + width / fall
    check_range("hold", effective, 0.0, math.inf, unit="s", where="effective duration of a pulse", open_low=True)
    return Threshold(-sign * width * (log_rate + math.log(effective)), width, sign)
