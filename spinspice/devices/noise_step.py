r"""How long a step of the noise path a magnet bears.

The path is linear between samples, so its density is that of white noise times :math:`\mathrm{sinc}^4(f\,dt)`: short by
:math:`\tfrac23 (\pi f\,dt)^2` at the frequency f (docs/theory.md, 3.2). What a magnet makes of it, with the curvatures
:math:`h_1 \le h_2` of its deepest well [T] and the thermal field :math:`h_T = k_B T / m_0`:

* in a well it answers at the frequency of precession, :math:`\gamma \sqrt{h_1 h_2} / 2\pi`;
* in a plane the moment turns at :math:`\gamma h_2 m_z`. Where it turns fast it is stirred less, so the distribution
  of :math:`m_z` narrows; to first order its variance loses three times what the mean square of that frequency says,
  :math:`(\gamma / 2\pi)^2 h_2 h_T`;
* a coordinate that relaxes at the rate :math:`\lambda = \alpha \gamma (h_2 + 2 h_T)` loses
  :math:`\tfrac7{15} \lambda\, dt`.

.. math::
    \epsilon = \tfrac23 (\pi\,dt)^2 (\gamma / 2\pi)^2 (h_1 h_2 + 3 h_2 h_T) + \tfrac7{15} \lambda\, dt

is thus the part by which the variance of the magnet falls short of Boltzmann's. Measured with the reference solver
(600 magnets of 40 ns), against this estimate in brackets: 22 nm disk, alpha 0.01, at 5, 10, 20, 50 ps 0.8, 1.9, 7.0,
24 % (0.8, 2.2, 6.6, 32 %); perpendicular magnet of 0.33 T at 5, 10, 15 ps 1.2, 5.2, 12 % (1.6, 6.4, 14 %). That 10 %
is the limit is our choice.
"""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

from spinspice.constants import gamma, k_B
from spinspice.devices.landscape import landscape
from spinspice.errors import ParameterError

#: Largest part of the variance that the noise step may cost [1]: our choice.
LARGEST_LOSS = 0.1


def _coefficients(device: Any) -> tuple[float, float]:
    """Return a and b of the loss a dt + b dt^2 [1/s, 1/s^2]."""
    minima = landscape(device).minima
    low, high = (max(value, 0.0) for value in (minima[0].curvatures if minima else (0.0, 0.0)))
    thermal = k_B * device.T / (device.Ms * device.area * device.t_free)
    linear = 7.0 / 15.0 * device.alpha * gamma * (high + 2.0 * thermal)
    return linear, gamma**2 / 6.0 * (low * high + 3.0 * high * thermal)


def noise_loss(device: Any) -> float:
    """Return the estimate of the part of the thermal variance that the step ``dt`` of a macrospin costs [1]."""
    linear, square = _coefficients(device)
    return linear * device.dt + square * device.dt**2


def longest_noise_step(device: Any) -> float:
    """Return the step of the noise path [s] at which a macrospin loses :data:`LARGEST_LOSS` of its variance."""
    linear, square = _coefficients(device)
    if square == 0.0:
        return LARGEST_LOSS / linear if linear else math.inf
    return (math.sqrt(linear**2 + 4.0 * square * LARGEST_LOSS) - linear) / (2.0 * square)


def with_bearable_step(device: Any, changes: dict[str, float]) -> dict[str, float]:
    """Return changes of a macrospin with a shorter step of its noise where it does not bear its own with them.

    Half of the longest step, as the constructors take it; for changes that follow from a barrier, where nobody chose
    the step for the field that comes out.
    """
    known = SimpleNamespace(**(device.parameters() | changes))
    longest = longest_noise_step(known) if known.T > 0.0 else math.inf
    if known.dt <= longest:
        return changes
    step = rounded_down(longest / 2.0)
    return changes | {"dt": step, "max_step": step / 4.0}


def check_noise_step(device: Any) -> None:
    """Refuse a noise step that is too long for a macrospin; without temperature there is no noise and no limit.

    Raises
    ------
    ParameterError
        With the loss, and the longest step.
    """
    if device.T == 0.0 or (loss := noise_loss(device)) <= LARGEST_LOSS:
        return
    raise ParameterError(
        f"dt = {device.dt:g} s is too long a noise step for this magnet: its thermal fluctuations would fall short of "
        f"Boltzmann's by {min(loss, 1.0):.0%}, at most {LARGEST_LOSS:.0%} is allowed ({type(device).__name__}.dt: "
        f"docs/theory.md, 3.2). Take dt = {rounded_down(longest_noise_step(device)):g} s or less, and max_step a "
        "quarter of it."
    )


def rounded_down(value: float) -> float:
    """Return a number rounded down to two digits."""
    unit = 10.0 ** (math.floor(math.log10(value)) - 1)
    return math.floor(value / unit) * unit
