"""How many sweeps a run of clocked p-bits needs: the chain that a sequencer makes, enumerated.

A gate whose rows are far apart is left rarely, so that a short run that stayed on one side may be slow mixing or
freezing. The matrix of a sweep tells the two apart, and gives the length of a run in advance.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from spinspice.errors import check_range
from spinspice.networks.pbits import exact
from spinspice.networks.pbits.ising import Ising
from spinspice.networks.pbits.surrogate import Transfer

Array = NDArray[np.float64]
#: Most p-bits: a matrix of 1024 x 1024.
MAX_MATRIX = 10


def sweep_matrix(ising: Ising, I0: float, mean: Callable[[Array], Array] = np.tanh, order: Sequence[str] = ()) -> Array:
    """Return the probabilities from each state to each after a sweep, shape (2**n, 2**n), rows of sum 1.

    Parameters
    ----------
    ising : Ising
        Up to :data:`MAX_MATRIX` p-bits.
    I0 : float
    mean : callable
        Mean output [1] of a p-bit over its input I0 (sum J m + h); tanh gives Boltzmann's law, :func:`mean_of` what a
        cell does. With it a p-bit is set to +1 with probability (1 + mean) / 2.
    order : sequence of names
        In which p-bits have their turns; default that of the energy. p-bits that are not coupled may go at once.
    """
    n = len(ising)
    check_range("p-bits", n, 1, MAX_MATRIX, where="matrix of a sweep")
    check_range("I0", I0, 0.0, 1e6, where="matrix of a sweep")
    states = exact.states(n).astype(float)
    matrix = np.eye(2**n)
    for name in order or ising.names:
        i = ising.place(name)
        up = 0.5 * (1.0 + np.asarray(mean(I0 * (states @ ising.J[i] + ising.h[i]))))
        high = states[:, i] > 0.0  # of each pair of states that differ in this p-bit
        both = matrix[:, high] + matrix[:, ~high]
        matrix[:, high], matrix[:, ~high] = both * up[high], both * (1.0 - up[high])
    return matrix


def mean_of(curve: Transfer) -> Callable[[Array], Array]:
    """Return the mean output of a cell over the input that its own calibration makes of a voltage."""
    fit = curve.calibration()
    return lambda inputs: np.interp(fit.v0 + fit.V0 * inputs, curve.inputs, np.clip(curve.mean, -1.0, 1.0))


def stationary(matrix: Array) -> Array:
    """Return the law that the chain tends to, shape (2**n,); one of them, if it never leaves a part of its states."""
    size = len(matrix)
    equations = np.vstack([matrix.T - np.eye(size), np.ones(size)])
    law = np.linalg.lstsq(equations, np.append(np.zeros(size), 1.0), rcond=None)[0]
    return np.asarray(np.clip(law, 0.0, None) / np.clip(law, 0.0, None).sum())


def relaxation(matrix: Array) -> float:
    """Return the sweeps in which what is left of a start falls by e; infinite for a chain that is frozen.

    -1 / ln of the second largest eigenvalue; of COPY this is tanh(I0)**2.
    """
    second = float(np.sort(np.abs(np.linalg.eigvals(matrix)))[-2])
    if second > 1.0 - 1e-12:
        return math.inf
    return -1.0 / math.log(second) if second > 0.0 else 0.0


def never_met(matrix: Array, state: int, sweeps: int) -> float:
    """Return the probability that a run of so many sweeps, begun at random among all states, meets a state in none."""
    check_range("sweeps", sweeps, 1, 1e9, where="states that a run meets")
    left = np.delete(np.full(len(matrix), 1.0 / len(matrix)) @ matrix, state)
    without = np.delete(np.delete(matrix, state, 0), state, 1)
    return float(left @ np.linalg.matrix_power(without, int(sweeps) - 1).sum(axis=1))
