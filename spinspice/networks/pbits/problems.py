"""Problems as Ising energies: largest cut of a graph, shortest tour, factors of a number."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike

from spinspice.errors import ParameterError, check_range
from spinspice.networks.pbits.gates import multiplier
from spinspice.networks.pbits.ising import Ising


def max_cut(edges: Mapping[tuple[str, str], float]) -> Ising:
    """Return the energy whose ground state cuts the most: J = -weight, cut = (sum of weights - E)/2 (cut_of)."""
    return Ising.of({pair: -float(weight) for pair, weight in edges.items()})


def cut_of(ising: Ising, m: ArrayLike) -> np.ndarray:
    """Return the weight of the cut [1] of states of shape (..., n), for an energy of :func:`max_cut`."""
    m = np.asarray(m, dtype=float)
    total = -np.triu(ising.J).sum()
    return np.asarray((total - ising.energy(m)) / 2)


def travelling_salesman(distances: ArrayLike, penalty: float | None = None) -> Ising:
    """Return the energy whose ground states are the shortest closed tours, the first city at the first stop.

    p-bits ``c<city>_<stop>``, both from 1: (n - 1)**2 (Lucas, Front. Phys. 2, 5 (2014), section 7.2). A bit is 1
    where the city is at the stop. Squares with the weight ``penalty`` keep one city a stop and one stop a city.

    Parameters
    ----------
    distances : array, shape (n, n)
        Symmetric, zero on the diagonal.
    penalty : float, optional
        Default 1.5 times the largest distance, our choice: above that distance no broken rule pays.
    """
    d = np.array(distances, dtype=float)
    n = d.shape[0]
    if d.shape != (n, n) or n < 3 or not np.isfinite(d).all() or not np.allclose(d, d.T) or np.any(np.diag(d)):
        raise ParameterError(
            "distances must be a symmetric square of finite numbers, zero on the diagonal, 3 cities on."
        )
    weight = check_range(
        "penalty", 1.5 * d.max() if penalty is None else penalty, 0.0, 1e9, open_low=True, where="travelling_salesman"
    )
    inner = range(1, n)
    rules = [{f"c{i}_{t}": 1.0 for t in inner} | {"1": -1.0} for i in inner]
    rules += [{f"c{i}_{t}": 1.0 for i in inner} | {"1": -1.0} for t in inner]
    energy = Ising.from_constraints(rules).scaled(weight)
    lengths: dict[tuple[str, str], float] = {}
    for i, j in itertools.permutations(inner, 2):
        for t in range(1, n - 1):
            lengths[f"c{i}_{t}", f"c{j}_{t + 1}"] = d[i, j]
    ends = {f"c{i}_{t}": d[0, i] for i in inner for t in (1, n - 1)}
    return energy + quadratic(lengths, ends)


def quadratic(pairs: Mapping[tuple[str, str], float], single: Mapping[str, float] | None = None) -> Ising:
    r"""Return :math:`\sum q_{ij} x_i x_j + \sum q_i x_i` over bits (a QUBO) as an Ising energy, up to a constant.

    With x = (1 + m)/2: J_ij = -q_ij/4, h_i = -q_i/2 - sum_j q_ij/4.
    """
    couplings: dict[tuple[str, str], float] = {}
    fields = {name: -value / 2 for name, value in (single or {}).items()}
    for (a, b), value in pairs.items():
        if a == b:
            fields[a] = fields.get(a, 0.0) - value / 2
            continue
        key = (b, a) if (b, a) in couplings else (a, b)
        couplings[key] = couplings.get(key, 0.0) - value / 4
        for name in (a, b):
            fields[name] = fields.get(name, 0.0) - value / 4
    return Ising.of(couplings, fields)


def factoriser(number: int, first: int, second: int) -> Ising:
    """Return a multiplier of some bits whose product is held at a number: its ground states are the factors.

    Raises
    ------
    ParameterError
        For a number that the product cannot hold.
    """
    whole = multiplier(first, second)
    product = sorted((name for name in whole.names if name[0] == "p"), key=lambda name: int(name[1:]))
    if not 0 <= number < 2 ** len(product):
        raise ParameterError(f"{number} does not fit into a product of {first} and {second} bits, {len(product)} bits.")
    return whole.clamped({name: number >> k & 1 for k, name in enumerate(product)})


def value_of(names: Sequence[str], m: ArrayLike, letter: str) -> np.ndarray:
    """Return the number whose bits are the p-bits ``<letter>0``, ``<letter>1``, ... of states of shape (..., n)."""
    m = np.asarray(m)
    places = {name: i for i, name in enumerate(names)}
    total = np.zeros(m.shape[:-1], dtype=np.int64)
    k = 0
    while f"{letter}{k}" in places:
        total += (m[..., places[f"{letter}{k}"]] > 0).astype(np.int64) << k
        k += 1
    if not k:
        raise ParameterError(f"no p-bits {letter}0, {letter}1, ... among {', '.join(names)}.")
    return total
