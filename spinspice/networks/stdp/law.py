r"""What a learning event does to binary synapses, flip by flip.

A junction is a synapse of weight 1 (parallel) or 0 (antiparallel). When an output neuron fires, each of its synapses
gets a pulse: towards parallel if its input has just fired, towards antiparallel if not. Each pulse adds a hazard h to
the account of a junction in the state that it can leave; the n-th flip of a junction comes when the account since the
last one reaches the unit-exponential threshold :math:`E_n = -\ln u(seed, n)`, so that one pulse switches with
:math:`P = 1 - e^{-h}`. Seeds and thresholds are those of `mtj_telegraph`: a circuit with the same seeds flips the same
junctions at the same events (:mod:`spinspice.networks.stdp.crossbar`).

The law holds below the critical current. Above it the probability rises after a dead time, and the Fokker-Planck
equation takes its place (:mod:`spinspice.devices.laws.fokker_planck`).
"""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spinspice.devices.noise import THRESHOLD_WORD, instance_seed
from spinspice.devices.reference.compiling import compiled
from spinspice.devices.reference.noise import key, uniform_from_keys
from spinspice.errors import check_range


@dataclasses.dataclass(frozen=True)
class PulseLaw:
    """Hazards of the two pulses of a learning event [1], each for a junction in the state that it can leave.

    Parameters
    ----------
    set, reset : float or array
        Towards parallel and towards antiparallel; an array has one a synapse: mismatch.
    """

    set: float | NDArray[np.float64]
    reset: float | NDArray[np.float64]

    @classmethod
    def of_probabilities(cls, plus: float, minus: float) -> PulseLaw:
        """Return the law of given switching probabilities, below 1."""
        for name, value in (("plus", plus), ("minus", minus)):
            check_range(name, value, 0.0, 1.0 - 1e-12, where="probability of a learning pulse")
        return cls(float(-np.log1p(-plus)), float(-np.log1p(-minus)))

    def spread(self, shape: tuple[int, int], sigma: float, seed: int) -> PulseLaw:
        """Return a law with a lognormal hazard for every synapse: median kept, ``sigma`` of the logarithm."""
        check_range("sigma", sigma, 0.0, 10.0, where="spread of the hazards of synapses")
        draw = np.random.default_rng(instance_seed(seed, "mismatch of synapses"))
        factors = np.exp(sigma * draw.standard_normal((2, *shape)))
        return PulseLaw(self.set * factors[0], self.reset * factors[1])


class SynapseStates:
    """States of all synapses, inputs by neurons, with what their noise needs.

    Parameters
    ----------
    inputs, neurons : int
    seed : int
        Of all; the synapse of input i and neuron j has the seed of its name ``synapse i j``.
    weights : array, shape (inputs, neurons), optional
        Initial states, 1 parallel; by default half of them, drawn.
    """

    def __init__(self, inputs: int, neurons: int, seed: int, weights: ArrayLike | None = None) -> None:
        check_range("inputs", inputs, 1, 100_000, where="synapses")
        check_range("neurons", neurons, 1, 100_000, where="synapses")
        if weights is None:
            draw = np.random.default_rng(instance_seed(seed, "initial weights"))
            weights = draw.integers(0, 2, (inputs, neurons))
        self.weights = np.array(np.broadcast_to(np.asarray(weights), (inputs, neurons)), dtype=np.int8)
        self.seeds = np.array(
            [[instance_seed(seed, f"synapse {i} {j}") for j in range(neurons)] for i in range(inputs)], dtype=float
        )
        self.flips = np.zeros((inputs, neurons), dtype=np.int64)
        self.account = np.zeros((inputs, neurons))

    def event(self, neuron: int, fired: ArrayLike, law: PulseLaw) -> NDArray[np.int64]:
        """Apply the pulses of one learning event; return the inputs whose synapse flipped."""
        shape = self.weights.shape
        before = self.weights[:, neuron].copy()
        up, down = (np.broadcast_to(np.asarray(h, dtype=float), shape) for h in (law.set, law.reset))
        pulses(
            self.weights, self.flips, self.account, self.seeds, neuron, np.asarray(fired, dtype=np.int8),
            np.ascontiguousarray(up[:, neuron]), np.ascontiguousarray(down[:, neuron]),
        )  # fmt: skip
        return np.flatnonzero(before != self.weights[:, neuron])

    def margin(self, neuron: int, fired: ArrayLike, law: PulseLaw) -> NDArray[np.float64]:
        """How near to its threshold the pulse of an event brings each synapse of a neuron: call it before ``event``.

        Distance of the account after the pulse from the threshold, over that account; inf where no pulse acts. A
        circuit whose hazards are right to a part may flip a synapse at another event only where this is below it.
        """
        fired = np.asarray(fired)
        up, down = (np.broadcast_to(np.asarray(h, dtype=float), self.weights.shape) for h in (law.set, law.reset))
        acted = np.flatnonzero((fired == 1) != (self.weights[:, neuron] == 1))
        found = np.full(fired.size, np.inf)
        for i in acted:
            after = self.account[i, neuron] + (up if fired[i] == 1 else down)[i, neuron]
            keys = (key(self.seeds[i, neuron], THRESHOLD_WORD, float(word)) for word in range(3))
            threshold = -np.log(uniform_from_keys(*keys, float(self.flips[i, neuron])))
            found[i] = abs(threshold - after) / after if after > 0.0 else np.inf
        return found


@compiled
def pulses(weights, flips, account, seeds, neuron, fired, up, down):
    """One learning event, in place; how many synapses flipped."""
    count = 0
    for i in range(fired.size):
        # A pulse towards the state that the junction is in already does nothing.
        if (fired[i] == 1) == (weights[i, neuron] == 1):
            continue
        account[i, neuron] += up[i] if fired[i] == 1 else down[i]
        seed = seeds[i, neuron]
        a, b, c = key(seed, THRESHOLD_WORD, 0.0), key(seed, THRESHOLD_WORD, 1.0), key(seed, THRESHOLD_WORD, 2.0)
        if account[i, neuron] >= -np.log(uniform_from_keys(a, b, c, float(flips[i, neuron]))):
            weights[i, neuron] = 1 - weights[i, neuron]
            flips[i, neuron] += 1
            account[i, neuron] = 0.0
            count += 1
    return count
