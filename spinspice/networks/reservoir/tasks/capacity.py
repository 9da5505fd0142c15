r"""Memory and information processing capacity, corrected for the length of the run.

Dambre et al., Sci. Rep. 2, 514 (2012): for inputs uniform in (-1, 1) and targets that are products of Legendre
polynomials of past inputs, the capacity of a target is the part of its variance that a linear readout of the states
explains, and all of them add up to the number of independent states at most. With N states and T rows a target of which
they know nothing is explained to N / T by chance; the part explained is then distributed as Beta(N/2, (T-N-1)/2), and

.. math:: C = 1 - (1 - R^2) \frac{T - 1}{T - N - 1}

is free of that bias. A target counts where R^2 passes the quantile of that distribution at which, over all targets, one
in a hundred runs shows a false one (our choice).
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterator

import numpy as np
from numpy.polynomial import legendre
from numpy.typing import ArrayLike, NDArray
from scipy.stats import beta

from spinspice.errors import ParameterError, check_range

Array = NDArray[np.float64]
#: Runs in which a target of which nothing is known passes for one.
FALSE = 0.01


@dataclasses.dataclass(frozen=True, kw_only=True)
class Capacities:
    """Capacity by target, largest first.

    Parameters
    ----------
    targets : tuple
        (((delay, degree), ...), C) of every target that counts.
    tried : int
        Targets.
    rows, states : int
        T and the independent states N.
    least : float
        R^2 that a target must pass.
    """

    targets: tuple[tuple[tuple[tuple[int, int], ...], float], ...]
    tried: int
    rows: int
    states: int
    least: float

    @property
    def total(self) -> float:
        """Sum of all."""
        return sum(c for _, c in self.targets)

    def by_degree(self) -> dict[int, float]:
        """Return the sum over targets of each degree."""
        found: dict[int, float] = {}
        for target, c in self.targets:
            degree = sum(power for _, power in target)
            found[degree] = found.get(degree, 0.0) + c
        return dict(sorted(found.items()))


def targets_of(degree: int, delays: int) -> Iterator[tuple[tuple[int, int], ...]]:
    """Yield the products of one total degree of inputs up to ``delays`` - 1 steps ago, as ((delay, power), ...)."""
    for chosen in itertools.combinations_with_replacement(range(delays), degree):
        yield tuple((delay, len(list(same))) for delay, same in itertools.groupby(chosen))


def capacities(u: ArrayLike, states: ArrayLike, *, delays: dict[int, int], washout: int = 100) -> Capacities:
    """Return the capacities of states (t, n) that heard inputs u, uniform in (-1, 1).

    Parameters
    ----------
    delays : dict
        Degree -> number of past inputs that targets of that degree are made of.
    washout : int
        Rows that are left out; at least the largest of ``delays``.

    Raises
    ------
    ParameterError
        For inputs that are not uniform in (-1, 1), or fewer rows than ten times the states.
    """
    u, x = np.asarray(u, dtype=float), np.asarray(states, dtype=float)
    check_range("washout", washout, max(delays.values()), len(u), where="capacities", hint="It covers all delays")
    x = x[washout:] - x[washout:].mean(axis=0)
    rows = len(x)
    if np.abs(u).max() > 1.0 or abs(float(np.mean(u**2)) - 1.0 / 3.0) > 5.0 / np.sqrt(len(u)):
        raise ParameterError("capacities are defined for inputs uniform in (-1, 1): then the targets are orthogonal.")
    left, size, _ = np.linalg.svd(x, full_matrices=False)
    left = left[:, size > 1e-10 * size[0]]
    count = left.shape[1]
    if rows < 10 * count:
        raise ParameterError(f"{rows} rows for {count} states: the correction needs ten times as many. Run longer.")
    polynomial = {k: legendre.legval(u, np.eye(k + 1)[k]) for k in range(1, max(delays) + 1)}
    every = [target for degree, past in delays.items() for target in targets_of(degree, past)]
    least = float(beta.ppf(1.0 - FALSE / len(every), count / 2.0, (rows - count - 1) / 2.0))
    found = []
    for target in every:
        d = np.ones(rows)
        for delay, power in target:
            d = d * polynomial[power][washout - delay : len(u) - delay]
        d = d - d.mean()
        explained = float(np.sum((left.T @ d) ** 2) / np.sum(d**2))
        if explained > least:
            found.append((target, 1.0 - (1.0 - explained) * (rows - 1) / (rows - count - 1)))
    found.sort(key=lambda entry: -entry[1])
    return Capacities(targets=tuple(found), tried=len(every), rows=rows, states=count, least=least)


def memory_capacity(u: ArrayLike, states: ArrayLike, *, delays: int = 60, washout: int = 100) -> Capacities:
    """Return the capacities of the inputs themselves, now and before (Jaeger, GMD report 152 (2001), corrected)."""
    return capacities(u, states, delays={1: delays}, washout=washout)
