r"""Chains of quantum spins by replicas of p-bits: a transverse-field Ising chain as d + 1 dimensions of p-bits.

.. math::
    H = -J \sum_i \sigma^z_i \sigma^z_{i+1} - \Gamma \sum_i \sigma^x_i

at the inverse temperature :math:`\beta` becomes, by Suzuki and Trotter (M. Suzuki, Prog. Theor. Phys. 56, 1454 (1976)),
P replicas coupled to the next, the last to the first:

.. math::
    -E = \sum_{i,k} \frac{\beta J}{P} m_{i,k} m_{i+1,k} + J_\perp m_{i,k} m_{i,k+1}, \qquad
    J_\perp = -\tfrac12 \ln \tanh\frac{\beta \Gamma}{P}

with an error of the order of :math:`(\beta/P)^2 J \Gamma`. There is no sign problem: replicas couple positively.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from spinspice.errors import UsageError, check_range
from spinspice.networks.pbits.ising import Ising

#: Most spins of which the Hamiltonian is diagonalised: 2**10 states are 8 MB.
MAX_SPINS = 10


def replicas(spins: int, J: float, field: float, beta: float, count: int) -> Ising:
    """Return the p-bits ``m<spin>_<replica>`` of a periodic chain, to be sampled at I0 = 1.

    Parameters
    ----------
    spins : int
        Length of the chain, 3 or more.
    J, field : float
        Coupling and transverse field [1]; field positive.
    beta : float
        Inverse temperature [1].
    count : int
        Replicas, 3 or more.
    """
    spins = int(check_range("spins", spins, 3, 4096, where="chain of quantum spins"))
    count = int(check_range("count", count, 3, 4096, where="replicas of a chain"))
    check_range("field", field, 0.0, 1e6, where="transverse field of a chain", open_low=True)
    check_range("beta", beta, 0.0, 1e6, where="inverse temperature of a chain", open_low=True)
    across = -0.5 * math.log(math.tanh(beta * field / count))
    couplings = {}
    for k in range(count):
        for i in range(spins):
            couplings[f"m{i}_{k}", f"m{(i + 1) % spins}_{k}"] = beta * J / count
            couplings[f"m{i}_{k}", f"m{i}_{(k + 1) % count}"] = across
    return Ising.of(couplings)


def exact_correlations(spins: int, J: float, field: float, beta: float) -> NDArray[np.float64]:
    """Return the thermal averages of sigma_z(0) sigma_z(r), r = 0 ... spins - 1, of the chain by diagonalisation.

    Raises
    ------
    UsageError
        For more than 10 spins.
    """
    if spins > MAX_SPINS:
        raise UsageError(f"{spins} spins have a Hamiltonian of 2**{spins} states; up to {MAX_SPINS} are diagonalised.")
    size = 2**spins
    rows = np.arange(size)
    z = 2.0 * ((rows[:, None] >> np.arange(spins)) & 1) - 1.0
    H = np.diag(-J * (z * np.roll(z, -1, axis=1)).sum(axis=1))
    for i in range(spins):
        H[rows, rows ^ (1 << i)] -= field
    energy, states = np.linalg.eigh(H)
    weight = np.exp(-beta * (energy - energy[0]))
    weight /= weight.sum()
    occupied = (states**2) @ weight
    return np.array([(occupied * z[:, 0] * z[:, r]).sum() for r in range(spins)])


def correlations(m: NDArray[np.float64], spins: int, count: int) -> NDArray[np.float64]:
    """Return the mean of m(i) m(i + r) over spins and replicas for states of shape (samples, spins x count).

    The order of p-bits is that of names ``m<spin>_<replica>`` sorted by replica, then spin, as :func:`ordered` gives.
    """
    grid = m.reshape(-1, count, spins)
    return np.array([(grid * np.roll(grid, -r, axis=2)).mean() for r in range(spins)])


def ordered(ising: Ising, spins: int, count: int) -> list[int]:
    """Return the places of the p-bits by replica, then spin."""
    return [ising.place(f"m{i}_{k}") for k in range(count) for i in range(spins)]
