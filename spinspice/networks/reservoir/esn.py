r"""The ideal echo state network: eq. 6 of Ganguly et al. 2018 with tanh, and with noise where it is asked for.

.. math:: x[t+1] = (1 - \eta) x[t] + \eta \tanh(W x[t] + W^{in} u[t+1] + b) + \nu g[t]

with g standard normal. kappa' = eta' (our choice: a constant input then has the fixed point tanh z).
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import ArrayLike, NDArray

from spinspice.devices.noise import instance_seed
from spinspice.errors import ParameterError, ResultError, check_range
from spinspice.networks.reservoir.readout import Readout
from spinspice.networks.reservoir.topology import Topology

Array = NDArray[np.float64]
#: Largest answer over the largest input before a free run counts as diverged. Our choice.
DIVERGED = 10.0


@njit(cache=True)
def _walk(row, column, weight, drive, leak, noise, x, out):
    """Step through the drive; W in compressed rows."""
    n = x.size
    new = np.empty(n)
    for t in range(drive.shape[0]):
        for i in range(n):
            z = drive[t, i]
            for k in range(row[i], row[i + 1]):
                z += weight[k] * x[column[k]]
            new[i] = (1.0 - leak) * x[i] + leak * math.tanh(z) + noise[t % noise.shape[0], i]
        x[:] = new
        out[t] = x


def states(
    topology: Topology,
    inputs: ArrayLike,
    *,
    leak: float = 1.0,
    noise: float = 0.0,
    seed: int = 1,
    start: ArrayLike | None = None,
) -> Array:
    """Return the states, shape (t, n): row t has heard the input up to and with t.

    Parameters
    ----------
    topology : Topology
    inputs : array, shape (t,) or (t, k)
    leak : float
        eta, of (0, 1] [1].
    noise : float
        nu [1].
    seed : int
    start : array, optional
        State before; 0 by default.
    """
    check_range("leak", leak, 0.0, 1.0, open_low=True, where="echo state network")
    check_range("noise", noise, 0.0, 10.0, where="echo state network")
    if topology.continuous:
        raise ParameterError(
            "these weights are of nodes that move all the time; the echo state network moves in steps. Take "
            "averaged.ideal_flow, or Topology.random."
        )
    drive = topology.drive(inputs)
    draws = np.zeros((1, topology.nodes))
    if noise:
        draws = noise * np.random.default_rng(instance_seed(seed, "esn")).standard_normal(drive.shape)
    x = np.zeros(topology.nodes) if start is None else np.array(start, dtype=float)
    out = np.empty_like(drive)
    _walk(*compressed(topology.W), drive, leak, draws, x, out)
    return out


def compressed(W: Array) -> tuple[NDArray[np.int64], NDArray[np.int64], Array]:
    """Return the rows of a matrix without its zeros: where each begins, columns, values."""
    filled = W != 0.0
    row = np.concatenate([[0], np.cumsum(filled.sum(axis=1))]).astype(np.int64)
    return row, np.nonzero(filled)[1].astype(np.int64), np.ascontiguousarray(W[filled])


def free_run(
    topology: Topology,
    readout: Readout,
    warm: ArrayLike,
    steps: int,
    *,
    leak: float = 1.0,
    noise: float = 0.0,
    seed: int = 1,
) -> Array:
    """Return what the network makes of itself: after the inputs ``warm`` each output is its next input.

    Raises
    ------
    ParameterError
        For a reservoir of several inputs.
    ResultError
        If it diverges: an answer beyond ten times the inputs that it was warmed with.
    """
    if topology.inputs != 1:
        raise ParameterError(f"a free run feeds one output back; this reservoir has {topology.inputs} inputs.")
    warm = np.asarray(warm, dtype=float)
    heard = states(topology, warm, leak=leak, noise=noise, seed=seed)
    x, u = heard[-1], warm[-1]
    rng = np.random.default_rng(instance_seed(seed, "free"))
    made, most = np.empty(steps), DIVERGED * float(np.abs(warm).max())
    for t in range(steps):
        u = float(readout(np.concatenate([x, [u]])[None, :])[0])
        if not abs(u) < most:
            raise ResultError(
                f"the free run diverges: its answer {t} is {u:.3g}, more than {DIVERGED:g} times what it was warmed "
                "with. Train on more symbols, or take a larger penalty."
            )
        made[t] = u
        z = topology.W @ x + topology.W_in[:, 0] * u + topology.bias
        x = (1.0 - leak) * x + leak * np.tanh(z) + noise * rng.standard_normal(x.size)
    return made
