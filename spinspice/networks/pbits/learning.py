r"""Learning J and h from samples: the rule of a Boltzmann machine without hidden p-bits.

.. math::
    \Delta J_{ij} = \eta (\langle m_i m_j\rangle_{data} - \langle m_i m_j\rangle_{net}), \qquad
    \Delta h_i = \eta (\langle m_i\rangle_{data} - \langle m_i\rangle_{net})

(Ackley, Hinton and Sejnowski, Cogn. Sci. 9, 147 (1985)). Who samples is the caller's choice: compiled Gibbs sampling,
extracted p-bits or a circuit; what a network samples in place of Boltzmann's law is then learned around.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spinspice.errors import ParameterError, check_range
from spinspice.networks.pbits.exact import states
from spinspice.networks.pbits.ising import Ising

Array = NDArray[np.float64]
#: Returns the probabilities of the states of an energy, as sampled at the I0 that the caller runs at.
Sampler = Callable[[Ising, int], Array]


def learn(
    names: list[str],
    wanted: ArrayLike,
    sampler: Sampler,
    *,
    steps: int = 60,
    rate: float = 0.3,
    start: Ising | None = None,
    average: int = 1,
) -> Ising:
    """Return the energy whose samples have the means and products of a wanted distribution.

    Parameters
    ----------
    names : list of str
    wanted : array, shape (2**n,)
        Probabilities of the states, the first p-bit the highest bit.
    sampler : callable
        ``sampler(ising, step)`` -> probabilities, shape (2**n,).
    steps : int
    rate : float
        eta; falls as 1/(1 + step/20), our choice.
    start : Ising, optional
        Default all zero.
    average : int
        Steps at the end whose energies are averaged: samples are few in a circuit, and the noise of single steps
        averages out (Polyak and Juditsky, SIAM J. Control Optim. 30, 838 (1992)).
    """
    n = len(names)
    target = np.asarray(wanted, dtype=float)
    if target.shape != (2**n,) or abs(target.sum() - 1.0) > 1e-6 or np.any(target < 0):
        raise ParameterError(f"wanted holds no probabilities of the 2**{n} states of {n} p-bits: their sum must be 1.")
    check_range("average", average, 1, steps, where="learning of a Boltzmann machine")
    check_range("rate", rate, 0.0, 10.0, where="learning of a Boltzmann machine", open_low=True)
    m = states(n).astype(float)

    def moments(p: Array) -> tuple[Array, Array]:
        products = (m * p[:, None]).T @ m
        np.fill_diagonal(products, 0.0)
        return products, p @ m

    products, means = moments(target)
    ising = start or Ising(names, np.zeros((n, n)))
    last: list[Ising] = []
    for step in range(steps):
        found, found_means = moments(sampler(ising, step))
        eta = rate / (1.0 + step / 20.0)
        ising = Ising(names, ising.J + eta * (products - found), ising.h + eta * (means - found_means))
        last = [*last, ising][-int(average) :]
    return Ising(names, np.mean([each.J for each in last], axis=0), np.mean([each.h for each in last], axis=0))
