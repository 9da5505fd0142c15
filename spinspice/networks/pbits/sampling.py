"""Compiled sampling of Ising energies: exact updates, thresholds with memory, annealing; all noise from a seed.

A state goes out as the number whose highest bit is the first p-bit, as in :mod:`spinspice.networks.pbits.exact`.
Random numbers are those of a counter (SplitMix64 of seed and number: Steele, Lea and Flood, OOPSLA 2014): a run repeats
to the last bit, whatever ran before it.
"""

from __future__ import annotations

import dataclasses
import math

import numpy as np
from numba import njit
from numpy.typing import ArrayLike, NDArray

from spinspice.devices.noise import instance_seed
from spinspice.errors import check_range
from spinspice.networks.pbits.ising import Ising

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_M1, _M2 = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
#: Most p-bits whose state is counted as a number.
MAX_COUNTED = 24


@njit(cache=True, inline="always")
def mixed(counter):
    """Return 64 random bits from a 64-bit counter."""
    z = counter * _GOLDEN
    z = (z ^ (z >> np.uint64(30))) * _M1
    z = (z ^ (z >> np.uint64(27))) * _M2
    return z ^ (z >> np.uint64(31))


@njit(cache=True, inline="always")
def uniform_of(counter):
    """Return a number in (0, 1) from a 64-bit counter."""
    return (np.float64(mixed(counter) >> np.uint64(11)) + 0.5) * (1.0 / 9007199254740992.0)


@dataclasses.dataclass(frozen=True)
class Sparse:
    """Couplings row by row: of p-bit i those from ``start[i]`` to ``start[i + 1]``."""

    start: NDArray[np.int64]
    other: NDArray[np.int64]
    weight: NDArray[np.float64]
    field: NDArray[np.float64]

    @classmethod
    def of(cls, ising: Ising) -> Sparse:
        """Return the couplings of an energy."""
        rows, columns = np.nonzero(ising.J)
        start = np.searchsorted(rows, np.arange(len(ising) + 1))
        return cls(start.astype(np.int64), columns.astype(np.int64), ising.J[rows, columns].copy(), ising.h.copy())


@njit(cache=True)
def _local_fields(start, other, weight, field, m):
    """Return what acts on each p-bit, h + J m."""
    local = field.copy()
    for i in range(m.size):
        for k in range(start[i], start[i + 1]):
            local[i] += weight[k] * m[other[k]]
    return local


@njit(cache=True)
def _row(m):
    """Return the state as a number, the first p-bit its highest bit."""
    row = 0
    for i in range(m.size):
        row = 2 * row + (1 if m[i] > 0.0 else 0)
    return row


@njit(cache=True)
def _sweeps(start, other, weight, field, m, schedule, order, counter, best):
    """Gibbs sweeps over p-bits in order; returns the energies after each and leaves the best state in ``best``."""
    n = m.size
    local = _local_fields(start, other, weight, field, m)
    energy = 0.0
    for i in range(n):
        energy -= 0.5 * m[i] * (local[i] + field[i])
    lowest = energy
    best[:] = m
    energies = np.empty(schedule.size)
    for s in range(schedule.size):
        for p in range(order.size):
            i = order[p]
            counter += np.uint64(1)
            new = 1.0 if 2.0 * uniform_of(counter) - 1.0 < math.tanh(schedule[s] * local[i]) else -1.0
            if new != m[i]:
                energy += 2.0 * m[i] * local[i]
                m[i] = new
                for k in range(start[i], start[i + 1]):
                    local[other[k]] += 2.0 * new * weight[k]
                if energy < lowest - 1e-9:
                    lowest = energy
                    best[:] = m
        energies[s] = energy
    return energies


@njit(cache=True)
def _gibbs_histogram(start, other, weight, field, m, I0, warm, sweeps, counter, counts):
    """Gibbs sweeps in order; counts the state after every sweep."""
    n = m.size
    local = _local_fields(start, other, weight, field, m)
    for s in range(warm + sweeps):
        for i in range(n):
            counter += np.uint64(1)
            new = 1.0 if 2.0 * uniform_of(counter) - 1.0 < math.tanh(I0 * local[i]) else -1.0
            if new != m[i]:
                m[i] = new
                for k in range(start[i], start[i + 1]):
                    local[other[k]] += 2.0 * new * weight[k]
        if s >= warm:
            counts[_row(m)] += 1


@njit(cache=True)
def _memory_histogram(start, other, weight, field, m, I0, warm, sweeps, counter, counts):
    """Thresholds with memory: one at a time is drawn anew, then the network settles before the next.

    The rest is settled one p-bit at a time in order, until no p-bit wants to move.
    """
    n = m.size
    threshold = np.empty(n)
    for i in range(n):
        counter += np.uint64(1)
        threshold[i] = 2.0 * uniform_of(counter) - 1.0
    local = _local_fields(start, other, weight, field, m)
    for s in range(warm + sweeps):
        for j in range(n):
            counter += np.uint64(1)
            threshold[j] = 2.0 * uniform_of(counter) - 1.0
            moved = True
            tries = 0
            while moved and tries < 64:
                moved = False
                tries += 1
                for q in range(n):
                    i = (j + q) % n
                    new = 1.0 if threshold[i] < math.tanh(I0 * local[i]) else -1.0
                    if new != m[i]:
                        m[i] = new
                        moved = True
                        for k in range(start[i], start[i + 1]):
                            local[other[k]] += 2.0 * new * weight[k]
        if s >= warm:
            counts[_row(m)] += 1


@dataclasses.dataclass(frozen=True)
class Annealed:
    """What an annealing run met: the best state and its energy, the last state, and the energy after each sweep [1]."""

    best: NDArray[np.float64]
    best_energy: float
    last: NDArray[np.float64]
    energies: NDArray[np.float64]


def anneal(ising: Ising, schedule: ArrayLike, seed: int = 1) -> Annealed:
    """Sweep through all p-bits once for every value of I0 in a schedule.

    Parameters
    ----------
    ising : Ising
    schedule : array
        I0 of each sweep [1].
    seed : int
        Seed of start and noise.
    """
    steps = np.ascontiguousarray(schedule, dtype=float)
    couplings, m = Sparse.of(ising), _start(len(ising), seed)
    best = np.empty_like(m)
    energies = _sweeps(
        couplings.start, couplings.other, couplings.weight, couplings.field, m, steps, np.arange(len(ising)),
        stream(seed, "anneal"), best,
    )  # fmt: skip
    return Annealed(best, float(ising.energy(best)), m, energies)


def sample(ising: Ising, I0: float, sweeps: int, seed: int = 1, *, law: str = "boltzmann", warm: int = 1000) -> NDArray:
    """Return how often each state was met after a sweep, shape (2**n,).

    Parameters
    ----------
    ising : Ising
        Up to :data:`MAX_COUNTED` p-bits.
    I0 : float
    sweeps : int
        Sweeps that are counted, after ``warm`` that are not. In a sweep every p-bit is updated once.
    law : {"boltzmann", "memory"}
        Fresh noise at each update, or thresholds that stay while the others move
        (:mod:`spinspice.networks.pbits.laws`).
    """
    check_range("p-bits", len(ising), 1, MAX_COUNTED, where="histogram of states")
    check_range("I0", I0, 0.0, 1e6, where="sample")
    kernel = {"boltzmann": _gibbs_histogram, "memory": _memory_histogram}[law]
    couplings, m = Sparse.of(ising), _start(len(ising), seed)
    counts = np.zeros(2 ** len(ising), dtype=np.int64)
    kernel(
        couplings.start, couplings.other, couplings.weight, couplings.field, m, float(I0), int(warm), int(sweeps),
        stream(seed, law), counts,
    )  # fmt: skip
    return counts


def stream(seed: int, name: str) -> np.uint64:
    """Return where a stream begins: 2**40 numbers apart from any other in all likelihood."""
    return np.uint64(instance_seed(seed, name)) << np.uint64(32)


def _start(n: int, seed: int) -> NDArray[np.float64]:
    return np.random.default_rng([seed, 0x5B17]).choice([-1.0, 1.0], n)
