r"""The two-state junction sampled on a grid of time: the process that the B-source library computes.

At each grid time t_k = k dt, k = 1, 2, ..., with the state s and the escape rates at the voltage of that time, the
state flips if and only if u(seed, 64, k) < p_s, where p is the exact propagator of the two-state process over one step,

.. math::
    p_P = \frac{\lambda_P}{\lambda_P + \lambda_{AP}} \left(1 - e^{-(\lambda_P + \lambda_{AP}) dt}\right), \qquad
    p_{AP} = \frac{\lambda_{AP}}{\lambda_P + \lambda_{AP}} \left(1 - e^{-(\lambda_P + \lambda_{AP}) dt}\right)

so that for constant drive the samples have exactly the law of the continuous process, at any dt; two events within a
step are seen as none. With a drive that varies within a step the rates at its end stand for the whole step.
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
from numpy.typing import ArrayLike, NDArray

from spinspice.devices.noise import SAMPLE_LIMIT, THRESHOLD_WORD
from spinspice.devices.reference.compiling import compiled_parallel
from spinspice.devices.reference.drive import checked_seeds, choose_drive
from spinspice.devices.reference.hazard import log_rates
from spinspice.devices.reference.noise import key, uniform_from_keys
from spinspice.errors import UsageError, check_range


def flip_probabilities(
    device: Any, dt: float, drive: ArrayLike = 0.0, *, by_current: bool = False
) -> NDArray[np.float64]:
    """Return the probabilities to be found in the other state after ``dt`` [s], from P and from AP, shape (2, ...).

    ``drive`` is the voltage [V], or with ``by_current`` the current [A], of the junction from free to ref.
    """
    logs = log_rates(device, np.asarray(drive, dtype=float), by_current)
    total = np.logaddexp(logs[0], logs[1])
    return np.exp(logs - total) * -np.expm1(-np.exp(total) * dt)


def simulate_chain(
    device: Any,
    dt: float,
    steps: int,
    seed: ArrayLike = 1,
    *,
    voltage: ArrayLike | None = None,
    current: ArrayLike | None = None,
) -> NDArray[np.int8]:
    """Return the states (0 = P, 1 = AP) at the grid times 0, dt, ..., steps dt.

    Parameters
    ----------
    device : Telegraph, or any object with its fields
    dt : float
        Step of the grid [s].
    steps : int
        Number of steps.
    seed : int or array of shape (n,)
        Seeds of the junctions.
    voltage, current : float, or array of shape (steps + 1,)
        Drive at the grid times [V] or [A]; at most one of the two (neither: 0 V).

    Returns
    -------
    int8 array, shape (steps + 1,) for one seed, (n, steps + 1) for n seeds
    """
    check_range("steps", steps, 1, SAMPLE_LIMIT - 1, where="steps of a sampled chain")
    check_range("dt", dt, 0.0, np.finfo(float).max, unit="s", where="step of a sampled chain", open_low=True)
    seeds = checked_seeds(seed)
    by_current, given = choose_drive(voltage, current)
    drive = np.atleast_1d(np.asarray(given, dtype=float))
    if drive.shape not in ((1,), (steps + 1,)):
        raise UsageError(
            f"The drive of a sampled chain has shape {drive.shape}; give a number or ({steps + 1},) values."
        )
    out = np.empty((seeds.size, int(steps) + 1), dtype=np.int8)
    _chains(seeds, int(device.state0), flip_probabilities(device, dt, drive, by_current=by_current), out)
    return out[0] if np.ndim(seed) == 0 else out


@compiled_parallel
def _chains(seeds, state0, probabilities, out):
    """Fill ``out`` (members, steps + 1) with states."""
    for i in numba.prange(seeds.size):
        seed = seeds[i]
        a, b, c = key(seed, THRESHOLD_WORD, 0.0), key(seed, THRESHOLD_WORD, 1.0), key(seed, THRESHOLD_WORD, 2.0)
        state = state0
        out[i, 0] = state
        for k in range(1, out.shape[1]):
            if uniform_from_keys(a, b, c, float(k)) < probabilities[state, k % probabilities.shape[1]]:
                state = 1 - state
            out[i, k] = state
