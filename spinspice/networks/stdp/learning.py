"""A layer of neurons that learns, with a teacher or without: the winner is pulsed, and winners get harder to excite.

Abstracted stochastic STDP after Vincent et al. (IEEE Trans. Biomed. Circuits Syst. 9, 166 (2015)): binary synapses,
one winner an event, homeostasis of the thresholds. The form of the homeostasis and its numbers are our choice.
"""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spinspice.devices.noise import instance_seed
from spinspice.devices.reference.compiling import compiled
from spinspice.errors import UsageError, check_range
from spinspice.networks.stdp.law import PulseLaw, SynapseStates, pulses

#: Rise of the winner's threshold, in weights, relative to the inputs; all fall by as much together. Our choice.
HOMEOSTASIS = 0.003


@dataclasses.dataclass
class Layer:
    """Neurons, their synapses and thresholds.

    Parameters
    ----------
    synapses : SynapseStates
    law : PulseLaw
    thresholds : array, shape (neurons,)
        In units of one weight.
    """

    synapses: SynapseStates
    law: PulseLaw
    thresholds: NDArray[np.float64]

    @classmethod
    def fresh(cls, inputs: int, neurons: int, law: PulseLaw, seed: int) -> Layer:
        """Return one that has learnt nothing."""
        return cls(SynapseStates(inputs, neurons, seed), law, np.zeros(neurons))

    def excitation(self, activity: ArrayLike) -> NDArray[np.float64]:
        """Return the excitation of each neuron, shape (samples, neurons), in weights.

        An input that fires counts +1 where the weight is 1, one that does not counts -1 there: the read voltage of a
        silent input is opposite to that of an active one. Less the threshold.
        """
        activity = np.atleast_2d(np.asarray(activity, dtype=float))
        return (2.0 * activity - 1.0) @ self.synapses.weights - self.thresholds

    def winners(self, activity: ArrayLike) -> NDArray[np.int64]:
        """Return the neuron that each sample excites most."""
        return self.excitation(activity).argmax(axis=1)


@dataclasses.dataclass(frozen=True)
class Learned:
    """What a run of learning did.

    Parameters
    ----------
    winners : array, shape (events,)
        Neuron that fired at each event.
    flips : array, shape (events,)
        Synapses that it flipped.
    fired : array, shape (events, inputs)
        Inputs that had fired.
    """

    winners: NDArray[np.int64]
    flips: NDArray[np.int64]
    fired: NDArray[np.int8]


def learn(
    layer: Layer, activity: ArrayLike, *, seed: int, epochs: int = 1, homeostasis: float = HOMEOSTASIS,
    labels: ArrayLike | None = None, owners: ArrayLike | None = None,
) -> Learned:  # fmt: skip
    """Show samples in an order and with spikes of the seed; the layer changes in place.

    Parameters
    ----------
    layer : Layer
    activity : array, shape (samples, inputs)
        Chance that an input fires within the window of a pulse, 0 to 1. A neuron integrates many such windows before
        it fires; the last of them says which synapses get which pulse.
    seed : int
        Of order and spikes.
    epochs : int
        Times that all samples are shown.
    homeostasis : float
        See :data:`HOMEOSTASIS`; 0 for none.
    labels, owners : array, shape (samples,) and (neurons,), optional
        A teacher: class of each sample, and the class that each neuron stands for. Only neurons of the class of a
        sample may then win, and thresholds move among them.

    Raises
    ------
    UsageError
        For another number of inputs than the layer has, chances outside 0 to 1, or a class that no neuron stands for.
    """
    activity = np.asarray(activity, dtype=float)
    inputs, neurons = layer.synapses.weights.shape
    if activity.ndim != 2 or activity.shape[1] != inputs or not ((activity >= 0.0) & (activity <= 1.0)).all():
        raise UsageError(
            f"activity of shape {activity.shape} for {inputs} inputs: samples x inputs, chances from 0 to 1 (learn)."
        )
    check_range("epochs", epochs, 1, 10_000, where="learn")
    draw = np.random.default_rng(instance_seed(seed, "order and spikes"))
    order = np.concatenate([draw.permutation(len(activity)) for _ in range(epochs)])
    fired = (draw.random((order.size, inputs)) < activity[order]).astype(np.int8)
    up, down = (
        np.array(np.broadcast_to(np.asarray(h, dtype=float), (inputs, neurons)), order="F")
        for h in (layer.law.set, layer.law.reset)
    )
    states = layer.synapses
    labels, owners = _teacher(labels, owners, len(activity), neurons)
    winners, flips = np.empty(order.size, dtype=np.int64), np.empty(order.size, dtype=np.int64)
    _learn(
        activity, order, states.weights, states.flips, states.account, states.seeds, layer.thresholds, fired,
        np.ascontiguousarray(up.T), np.ascontiguousarray(down.T), homeostasis * inputs, labels, owners, winners, flips,
    )  # fmt: skip
    return Learned(winners, flips, fired)


def _teacher(labels: ArrayLike | None, owners: ArrayLike | None, samples: int, neurons: int) -> Any:
    """Return classes of samples and neurons; without a teacher all are of one."""
    if labels is None and owners is None:
        return np.zeros(samples, dtype=np.int64), np.zeros(neurons, dtype=np.int64)
    if labels is None or owners is None:
        raise UsageError("a teacher needs both labels of the samples and owners, the classes of the neurons (learn).")
    labels, owners = np.asarray(labels, dtype=np.int64), np.asarray(owners, dtype=np.int64)
    if labels.shape != (samples,) or owners.shape != (neurons,) or not np.isin(labels, owners).all():
        raise UsageError(
            f"labels of shape {labels.shape} and owners of shape {owners.shape}: one for each of the {samples} samples "
            f"and {neurons} neurons, and a neuron for every class (learn)."
        )
    return labels, owners


@compiled
def _learn(
    activity, order, weights, flips, account, seeds, thresholds, fired, up, down, step, labels, owners, winners, counts
):
    inputs, neurons = weights.shape
    for event in range(fired.shape[0]):
        label = labels[order[event]]
        best, highest, rivals = 0, -1e300, 0
        for j in range(neurons):
            if owners[j] != label:
                continue
            rivals += 1
            total = -thresholds[j]
            for i in range(inputs):
                if weights[i, j] == 1:
                    total += 2.0 * activity[order[event], i] - 1.0
            if total > highest:
                best, highest = j, total
        winners[event] = best
        counts[event] = pulses(weights, flips, account, seeds, best, fired[event], up[best], down[best])
        thresholds[best] += step
        for j in range(neurons):
            if owners[j] == label:
                thresholds[j] -= step / rivals


def labels_of(layer: Layer, activity: ArrayLike, labels: ArrayLike, classes: int) -> NDArray[np.int64]:
    """Return the class of each neuron: the commonest among the samples that it wins; -1 for one that wins none."""
    winners, labels = layer.winners(activity), np.asarray(labels)
    named = np.full(layer.thresholds.size, -1)
    for j in range(named.size):
        won = labels[winners == j]
        if won.size:
            named[j] = np.bincount(won, minlength=classes).argmax()
    return named


def accuracy(layer: Layer, named: NDArray[np.int64], activity: ArrayLike, labels: ArrayLike) -> float:
    """Return the part of the samples whose winner has their class."""
    return float((named[layer.winners(activity)] == np.asarray(labels)).mean())
