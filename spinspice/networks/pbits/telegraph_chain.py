r"""Telegraph p-bits as the continuous-time chain that they are: exact laws over time, for annealing above all.

A junction in the field :math:`h = -I/2\Delta` leaves its state at the rates :math:`\phi_0 e^{-\Delta(1 \pm h)^2}` of
:class:`~spinspice.devices.TelegraphField`; where circuit and synapses are fast beside that, a network of n of them is a
Markov chain of :math:`2^n` states with one flip at a time. At a constant I0 its law tends to Boltzmann's; along a ramp
it lags, and that is what annealing is about:

.. math::
    \dot p = p\, Q(I_0(t))

solved here with I0 constant over short pieces and no other error. Up to inputs of 2 delta detailed balance holds with
Boltzmann's law; beyond, one of the barriers is gone (|h| > 1) and the chain is what the device does all the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spinspice.errors import check_range
from spinspice.networks.pbits.exact import states
from spinspice.networks.pbits.ising import Ising
from spinspice.networks.pbits.ramp import Ramp

if TYPE_CHECKING:
    from spinspice.devices.field import TelegraphField

Array = NDArray[np.float64]
#: Most p-bits: 65,536 states.
MAX_CHAIN = 16
#: Pieces of a rise in each of which I0 is constant: 200 change the laws of the tests by less than 1e-4.
PIECES = 200


def generator(ising: Ising, device: TelegraphField, I0: float) -> Any:
    """Return Q [1/s], rates from each state to each, rows of sum 0: a sparse matrix, shape (2**n, 2**n).

    Parameters
    ----------
    ising : Ising
        Up to :data:`MAX_CHAIN` p-bits.
    device : TelegraphField
        Its antiparallel state is m = +1, as in :class:`spinspice.cells.TelegraphPBit`.
    I0 : float
    """
    from scipy import sparse

    n = len(ising)
    check_range("p-bits", n, 1, MAX_CHAIN, where="chain of telegraph p-bits")
    m = states(n).astype(float)
    inputs = I0 * ising.inputs(m)
    up, down = device.rates_in_field(-device.B_k * inputs / (2.0 * device.barrier))  # out of P (m = -1), out of AP
    leave = np.where(m < 0, up, down)
    here = np.arange(2**n)
    rows, columns = np.repeat(here, n), (here[:, None] ^ (1 << np.arange(n - 1, -1, -1))).ravel()
    jumps = sparse.csr_matrix((leave.ravel(), (rows, columns)), shape=(2**n, 2**n))
    return jumps - sparse.diags(leave.sum(axis=1))


def evolve(ising: Ising, device: TelegraphField, law: ArrayLike, I0: ArrayLike, times: ArrayLike) -> Array:
    """Return the law after pieces of some lengths [s] with I0 constant in each; ``law`` is that before, (2**n,)."""
    from scipy.sparse.linalg import expm_multiply

    p = np.asarray(law, dtype=float)
    for value, time in zip(np.atleast_1d(I0), np.atleast_1d(times), strict=True):
        matrix = (generator(ising, device, float(value)) * float(time)).T.tocsr()
        p = expm_multiply(matrix, p, traceA=float(matrix.diagonal().sum()))
    return np.asarray(p)


def after_ramp(ising: Ising, device: TelegraphField, I0: float, ramp: Ramp, pieces: int = PIECES) -> Array:
    """Return the law of the states at the end of an anneal, in the steady state of anneals one after the other.

    Parameters
    ----------
    ising, device
        As for :func:`generator`.
    I0 : float
        That at the full amplitude of the drivers.
    ramp : Ramp
    pieces : int
        Parts of the rise in each of which I0 is that of its middle.
    """
    edges = np.linspace(ramp.rest, ramp.rest + ramp.rise, pieces + 1)
    middles = 0.5 * (edges[1:] + edges[:-1])
    values = I0 * np.concatenate([[ramp.low], ramp.factor(middles), [ramp.high]])
    lengths = np.concatenate([[ramp.rest], np.diff(edges), [ramp.hold]])
    kept = lengths > 0.0
    law = np.full(2 ** len(ising), 0.5 ** len(ising))
    for _ in range(2):  # the second starts from what the first left: what rest does not forget
        law = evolve(ising, device, law, values[kept], lengths[kept])
    return law
