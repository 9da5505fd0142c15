r"""What a run must get right: the path of a junction, or its statistics. A choice of the time step.

``"path"`` is the step of the junction itself: by default a quarter of a noise step, with which the direction of a 22 nm
disk stays within :math:`10^{-2}` of the reference for 1 ns. What a single path decides (a switching time, a stay, a
waveform to be compared) asks for it.

``"statistics"`` is the longest step at which nothing that is averaged over a path changes beyond 0.1 %. The
trapezoidal rule of the engines turns a precession of frequency :math:`\omega` too slowly by :math:`(\omega h)^2 / 12`
and leaves its amplitude as it is, so the distribution stays and widths of correlations grow by that part. With the
mean square of the frequency in the deepest well, :math:`\gamma^2 (h_1 h_2 + h_2 h_T)`
(:mod:`spinspice.devices.noise_step`),

.. math::
    \frac{\gamma^2 (h_1 h_2 + h_2 h_T)\, h^2}{12} \le 0.0006, \qquad h \le dt / 2

The second bound keeps two steps in a straight piece of the noise. Both limits are our choice; docs/performance.md has
what was measured.
"""

from __future__ import annotations

import math
from typing import Any, Literal

from spinspice.constants import gamma, k_B
from spinspice.devices.landscape import landscape
from spinspice.errors import UsageError, did_you_mean

#: What a run must get right.
Accuracy = Literal["path", "statistics"]
ACCURACIES: tuple[Accuracy, ...] = ("path", "statistics")
#: Largest part by which the solver may slow a precession down [1].
LARGEST_DELAY = 0.0006
#: Fewest steps of the solver in a step of the noise.
FEWEST_STEPS = 2


def check_accuracy(accuracy: str) -> str:
    """Return an accuracy that is known.

    Raises
    ------
    UsageError
        For another, with the closest one.
    """
    if accuracy not in ACCURACIES:
        raise UsageError(f"accuracy = {accuracy!r} is unknown. {did_you_mean(str(accuracy), ACCURACIES)}")
    return accuracy


def precession_delay(device: Any, step: float) -> float:
    """Return the part by which a trapezoidal step [s] slows the precession of a macrospin [1]."""
    minima = landscape(device).minima
    low, high = (max(value, 0.0) for value in (minima[0].curvatures if minima else (0.0, 0.0)))
    thermal = k_B * device.T / (device.Ms * device.area * device.t_free)
    return gamma**2 * high * (low + thermal) * step**2 / 12.0


def statistics_step(device: Any) -> float:
    """Return the longest step [s] for the statistics of a macrospin: a whole part of ``dt``, never below its own."""
    if device.T == 0.0:  # nothing to average over
        return float(device.max_step)
    delay = precession_delay(device, device.dt)
    steps = math.ceil(math.sqrt(delay / LARGEST_DELAY) * (1.0 - 1e-9))
    return max(float(device.max_step), device.dt / max(steps, FEWEST_STEPS))
