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


def conductance(device: Any, voltage: Any, cosine: Any) -> Any:
    """Conductance [S] of a junction at ``voltage`` [V] and ``cosine`` of the angle (+1 parallel, -1 antiparallel).

    ``device`` has R_P [Ohm], TMR [1] and V_half [V]; arguments broadcast.
    """
    g_P = 1.0 / device.R_P
    g_AP = g_P / (1.0 + device.TMR / (1.0 + np.square(np.asarray(voltage) / device.V_half)))
    return 0.5 * (g_P + g_AP) + 0.5 * (g_P - g_AP) * np.asarray(cosine)
