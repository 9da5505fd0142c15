r"""Mean time of first passage of a particle that drifts and diffuses along a line.

Drift :math:`v(q) = v_0 - v_b - r (q - q_0)`, diffusion D, reflected at a to the left of the start :math:`q_0`, gone
at b: :math:`\int_{q_0}^{b} dy \int_a^y dz\, e^{\Phi(z) - \Phi(y)} / D` with :math:`\Phi' = v / D` (C. W. Gardiner,
Handbook of Stochastic Methods, 5.2.7). Without noise the closed forms.
"""

from __future__ import annotations

import math

import numpy as np

from spinspice.errors import check_range


def mean_passage_time(
    speed: float, diffusion: float, start: float, end: float, left: float, *, back: float = 0.0, rate: float = 0.0
) -> float:
    """Return the mean time from ``start`` to ``end`` [s]; infinite without noise where the drift ends before it.

    Parameters
    ----------
    speed, back : float
        Drive and constant leak [m/s].
    rate : float
        Leak that grows with the distance from the start [1/s].
    diffusion : float
        [m^2/s].
    start, end, left : float
        Positions [m]; ``left`` reflects, and lies at or left of the start.

    Raises
    ------
    ParameterError
        For an end that is not right of the start.
    """
    check_range("end", end, start, 1e3, unit="m", where="mean_passage_time", open_low=True)
    length, drift = end - start, speed - back
    if diffusion == 0.0:
        if rate == 0.0:
            return length / drift if drift > 0.0 else math.inf
        rest = 1.0 - rate * length / drift if drift > 0.0 else 0.0
        return -math.log(rest) / rate if rest > 0.0 else math.inf
    q = np.linspace(min(left, start), end, 20001)
    step = q[1] - q[0]
    phi = (drift * (q - start) - 0.5 * rate * (q - start) ** 2) / diffusion
    # int_a^y exp(phi(z) - phi(y)) dz, step by step: no overflow
    factor = np.exp(np.minimum(phi[:-1] - phi[1:], 700.0))
    inner = np.zeros_like(q)
    for i in range(1, q.size):
        inner[i] = inner[i - 1] * factor[i - 1] + 0.5 * step * (1.0 + factor[i - 1])
    return float(np.trapezoid(np.where(q >= start - 0.5 * step, inner, 0.0), q) / diffusion)
