r"""Resistance of a junction: conductance linear in the cosine of the angle, TMR that falls with bias.

.. math::
    G(V, \cos\theta) = \frac{G_P + G_{AP}}{2} + \frac{G_P - G_{AP}}{2} \cos\theta, \qquad
    G_{AP} = \frac{G_P}{1 + \mathrm{TMR} / (1 + (V / V_{half})^2)}

The angular law is Julliere's model with Slonczewski's (Phys. Rev. B 39, 6995 (1989)) cosine dependence of the
conductance; the bias law is the usual compact-model form in which the TMR halves at V_half. R_P does not depend on
bias.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray


def conductance(device: Any, voltage: Any, cosine: Any) -> Any:
    """Conductance [S] of a junction at ``voltage`` [V] and ``cosine`` of the angle (+1 parallel, -1 antiparallel).

    ``device`` has R_P [Ohm], TMR [1] and V_half [V]; arguments broadcast.
    """
    g_P = 1.0 / device.R_P
    g_AP = g_P / (1.0 + device.TMR / (1.0 + np.square(np.asarray(voltage) / device.V_half)))
    return 0.5 * (g_P + g_AP) + 0.5 * (g_P - g_AP) * np.asarray(cosine)


def state_voltage(device: Any, current: ArrayLike, parallel: bool) -> NDArray[np.float64]:
    """Voltage of one state [V] at ``current`` [A], which rises with the voltage: by bisection.

    60 halvings of the bracket [|I| R_P, |I| R_AP] reach rounding error.
    """
    current = np.asarray(current, dtype=float)
    if parallel:
        return np.asarray(current * device.R_P)
    low, high = np.abs(current) * device.R_P, np.abs(current) * device.R_P * (1.0 + device.TMR)
    for _ in range(60):
        middle = 0.5 * (low + high)
        above = middle * conductance(device, middle, -1.0) > np.abs(current)
        low, high = np.where(above, low, middle), np.where(above, middle, high)
    return np.asarray(np.copysign(0.5 * (low + high), current))
