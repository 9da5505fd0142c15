r"""Series that are predicted or computed: Mackey-Glass and NARMA-10.

Mackey-Glass (eq. 7 of Ganguly et al. 2018): :math:`\dot x = \beta x(t-\tau)/(1 + x(t-\tau)^n) - \gamma x`, by
default beta 0.2, gamma 0.1, n 10, tau 17, x = 1.2 before the start, a value every 1.0 (Jaeger and Haas, Science 304,
78 (2004)). The paper does not give its numbers. NARMA-10 (Atiya and Parlos, IEEE Trans. Neural Netw. 11, 697 (2000)):
:math:`y_{t+1} = 0.3 y_t + 0.05 y_t \sum_{i=0}^9 y_{t-i} + 1.5 u_{t-9} u_t + 0.1`, u uniform in (0, 0.5).
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from spinspice.devices.noise import instance_seed
from spinspice.errors import ResultError, check_range
from spinspice.networks.reservoir.readout import Split
from spinspice.networks.reservoir.tasks.base import Task

Array = NDArray[np.float64]
#: Step of the integration over the time between values: 0.1, the usual choice.
SUBSTEPS = 10


@njit(cache=True)
def _integrate(steps, lag, h, beta, gamma, power, x0, kick):
    """Fourth-order Runge-Kutta; the delayed value in the middle of a step by the cubic through values and slopes."""
    x = np.empty(steps + lag + 1)
    slope = np.empty(steps + lag + 1)
    for k in range(lag + 1):
        x[k] = x0 + kick[k]
        slope[k] = 0.0
    for t in range(lag, lag + steps):
        a, b = x[t - lag], x[t - lag + 1]
        m = (a + b) / 2.0
        if t >= 2 * lag:  # before the start it is constant, and the slope jumps there
            m += h * (slope[t - lag] - slope[t - lag + 1]) / 8.0
        fa, fm, fb = a / (1.0 + a**power), m / (1.0 + m**power), b / (1.0 + b**power)
        now = x[t]
        k1 = beta * fa - gamma * now
        k2 = beta * fm - gamma * (now + h * k1 / 2.0)
        k3 = beta * fm - gamma * (now + h * k2 / 2.0)
        k4 = beta * fb - gamma * (now + h * k3)
        slope[t] = k1
        x[t + 1] = now + h * (k1 + 2.0 * k2 + 2.0 * k3 + k4) / 6.0
        slope[t + 1] = beta * fb - gamma * x[t + 1]
    return x[lag:]


def mackey_glass(
    values: int,
    *,
    tau: float = 17.0,
    beta: float = 0.2,
    gamma: float = 0.1,
    power: float = 10.0,
    x0: float = 1.2,
    seed: int | None = None,
    discard: int = 1000,
    substeps: int = SUBSTEPS,
) -> Array:
    """Return values of the series, one every 1.0, after ``discard`` of them.

    Parameters
    ----------
    seed : int, optional
        Of a past that differs by up to 0.1 from ``x0`` (one number, the same at all times); None for the past x0.
    """
    check_range("values", values, 1, 10**8, where="mackey_glass")
    check_range("tau", tau, 1.0, 1000.0, where="mackey_glass")
    lag = round(tau * substeps)
    kick = np.zeros(lag + 1)
    if seed is not None:
        kick += np.random.default_rng(instance_seed(seed, "mackey-glass")).uniform(-0.1, 0.1)
    fine = _integrate((values + discard) * substeps, lag, 1.0 / substeps, beta, gamma, power, x0, kick)
    return np.ascontiguousarray(fine[substeps * discard :: substeps][:values])


def mackey_glass_task(split: Split, *, ahead: int = 1, seed: int = 1, tau: float = 17.0) -> Task:
    """Return the task of saying the value so many steps ahead; u is tanh(x - 1), as Jaeger maps it."""
    x = np.tanh(mackey_glass(split.rows + ahead, seed=seed, tau=tau) - 1.0)
    return Task(name=f"Mackey-Glass, {ahead} ahead", u=x[: split.rows], d=x[ahead:], split=split)


def narma10(u: Array) -> Array:
    """Return NARMA-10 of an input, y[t] before u[t] enters.

    Raises
    ------
    ResultError
        If the series diverges, which some inputs make it do.
    """
    y = np.zeros(len(u))
    for t in range(9, len(u) - 1):
        y[t + 1] = 0.3 * y[t] + 0.05 * y[t] * y[t - 9 : t + 1].sum() + 1.5 * u[t - 9] * u[t] + 0.1
        if not abs(y[t + 1]) < 10.0:
            raise ResultError(f"NARMA-10 diverges at step {t + 1} of this input. Take another seed.")
    return y


def narma_task(split: Split, *, seed: int = 1) -> Task:
    """Return the task of computing NARMA-10 of a random input, which the reservoir hears as 4 u - 1."""
    u = np.random.default_rng(instance_seed(seed, "narma")).uniform(0.0, 0.5, split.rows + 1)
    return Task(name="NARMA-10", u=4.0 * u[:-1] - 1.0, d=narma10(u)[1:], split=split)
