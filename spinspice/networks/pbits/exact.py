"""What an Ising energy says exactly: probabilities of all states, of groups of bits, of strips of any length."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from spinspice.errors import UsageError, check_range
from spinspice.networks.pbits.ising import Ising

Array = NDArray[np.float64]
#: Most p-bits whose states are enumerated: 2**24 energies are 128 MB.
MAX_ENUMERATED = 24


def states(n: int) -> NDArray[np.int8]:
    """Return all states m = -1 or +1, shape (2**n, n); the first p-bit is the highest bit of the row's number.

    Raises
    ------
    UsageError
        For more than :data:`MAX_ENUMERATED`.
    """
    if n > MAX_ENUMERATED:
        raise UsageError(_too_many(n))
    rows = np.arange(2**n, dtype=np.int64)
    bits = (rows[:, None] >> np.arange(n - 1, -1, -1)) & 1
    return np.asarray(2 * bits - 1, dtype=np.int8)


def _too_many(n: int) -> str:
    return f"{n} p-bits have 2**{n} states; up to {MAX_ENUMERATED} p-bits are enumerated. Clamp some, or sample."


def energies(ising: Ising) -> Array:
    """Return the energies of all states [1], shape (2**n,), in the order of :func:`states`.

    Built up bit by bit: beside the energies only the field of one bit over all states before it is held.
    """
    n = len(ising)
    if n > MAX_ENUMERATED:
        raise UsageError(_too_many(n))
    energy = np.zeros(1)
    for i in range(n):
        field = np.full(1, ising.h[i])
        for coupling in ising.J[i, :i]:
            field = np.stack([field - coupling, field + coupling], axis=1).ravel()
        energy = np.stack([energy + field, energy - field], axis=1).ravel()
    return energy


def boltzmann(ising: Ising, I0: float = 1.0) -> Array:
    """Return the probability of every state, exp(-I0 E)/Z, shape (2**n,)."""
    check_range("I0", I0, 0.0, 1e6, where="inverse temperature of a p-bit network")
    weights = -I0 * energies(ising)
    weights = np.exp(weights - weights.max())
    return np.asarray(weights / weights.sum())


def ground_states(ising: Ising) -> NDArray[np.int8]:
    """Return the states of least energy, shape (count, n)."""
    energy = energies(ising)
    low = energy.min()
    rows = np.flatnonzero(energy <= low + 1e-9 * max(1.0, abs(low)))
    bits = (rows[:, None] >> np.arange(len(ising) - 1, -1, -1)) & 1
    return np.asarray(2 * bits - 1, dtype=np.int8)


def marginal(probabilities: Array, names: Sequence[str], kept: Sequence[str]) -> Array:
    """Return the probabilities of some bits, shape (2**k,), the first named the highest."""
    n = len(names)
    cube = probabilities.reshape((2,) * n)
    places = [list(names).index(name) for name in kept]
    others = tuple(i for i in range(n) if i not in places)
    left = sorted(places)
    return np.asarray(np.transpose(cube.sum(axis=others), [left.index(p) for p in places]).ravel())


def total_variation(p: Array, q: Array) -> float:
    """Return the total variation between two distributions, half the sum of |p - q| [1]."""
    return float(0.5 * np.abs(np.asarray(p) - np.asarray(q)).sum())


def expected_total_variation(p: Array, samples: float) -> float:
    r"""Return the total variation that ``samples`` independent samples of p are from p on the average [1].

    :math:`\tfrac12 \sum_s \sqrt{2 p_s (1 - p_s) / (\pi n)}`, from the mean of |x| of a normal x; valid where n p is
    some units or more, an upper bound of what rarer states give is :math:`p` itself, which is taken there.
    """
    check_range("samples", samples, 0.0, np.inf, open_low=True, where="expected total variation")
    p = np.asarray(p)
    return float(0.5 * np.minimum(np.sqrt(2.0 * p * (1.0 - p) / (np.pi * samples)), 2.0 * p).sum())
