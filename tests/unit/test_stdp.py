"""Stochastic synapses: the law of their flips, and a layer that learns digits with them."""

from __future__ import annotations

import numpy as np
import pytest

from spinspice.errors import ParameterError, UsageError
from spinspice.networks.stdp import Layer, PulseLaw, SynapseStates, learn
from spinspice.networks.stdp.learning import accuracy, labels_of


def digits():
    datasets = pytest.importorskip("sklearn.datasets")
    selection = pytest.importorskip("sklearn.model_selection")
    images, labels = datasets.load_digits(return_X_y=True)
    return selection.train_test_split(images / 16.0, labels, test_size=0.3, random_state=0, stratify=labels)


def test_a_pulse_switches_with_its_probability():
    law = PulseLaw.of_probabilities(0.1, 0.03)
    states = SynapseStates(4000, 2, 3, 0)
    ones = np.ones(4000, dtype=np.int8)
    flipped = states.event(0, ones, law).size
    assert abs(flipped - 400) < 4 * np.sqrt(4000 * 0.1 * 0.9)
    assert states.weights[:, 1].sum() == 0  # the other neuron keeps out of it
    before = int(states.weights[:, 0].sum())
    down = states.event(0, 0 * ones, law).size
    assert abs(down - 0.03 * before) < 4 * np.sqrt(before * 0.03 * 0.97)


def test_memory_fades_as_one_minus_p_to_the_n():
    law = PulseLaw.of_probabilities(0.05, 0.05)
    states = SynapseStates(5000, 1, 1, 1)
    for _ in range(20):
        states.event(0, np.zeros(5000), law)
    expected = 0.95**20
    assert abs(states.weights.mean() - expected) < 4 * np.sqrt(expected * (1 - expected) / 5000)


def test_pulses_towards_the_state_that_is_there_do_nothing():
    states = SynapseStates(100, 1, 1, 1)
    for _ in range(50):
        assert states.event(0, np.ones(100), PulseLaw.of_probabilities(0.5, 0.5)).size == 0
    assert states.account.max() == 0.0


def test_a_stream_of_events_is_the_same_one_by_one_and_in_the_loop():
    layer, other = (Layer.fresh(30, 5, PulseLaw.of_probabilities(0.2, 0.1), 4) for _ in range(2))
    activity = np.random.default_rng(1).random((60, 30))
    done = learn(layer, activity, seed=2, epochs=2)
    flips = [other.synapses.event(int(j), f, other.law).size for j, f in zip(done.winners, done.fired, strict=True)]
    assert flips == done.flips.tolist()
    assert np.array_equal(layer.synapses.weights, other.synapses.weights)


def test_the_margin_tells_which_draws_are_near_their_threshold():
    """A hazard more by a part flips another synapse only where the margin is below that part."""
    fired, near = np.ones(4000, dtype=np.int8), 0.02
    seen = 0
    for seed in range(3):
        one, other = (SynapseStates(4000, 1, seed, 0) for _ in range(2))
        margin = one.margin(0, fired, PulseLaw(0.1, 0.1))
        one.event(0, fired, PulseLaw(0.1, 0.1))
        other.event(0, fired, PulseLaw(0.1 * (1.0 + near), 0.1))
        differs = one.weights != other.weights
        assert np.all(margin[differs[:, 0]] <= near)
        seen += int(differs.sum())
        assert np.isinf(one.margin(0, fired, PulseLaw(0.1, 0.1))[one.weights[:, 0] == 1]).all()
    expected = 3 * 4000 * np.exp(-0.1) * 0.1 * near
    assert abs(seen - expected) < 4 * np.sqrt(expected)


def test_digits_are_learnt_without_a_teacher_and_mismatch_costs_little():
    train, test, labels, truth = digits()
    found = []
    for sigma in (0.0, 0.5):
        law = PulseLaw.of_probabilities(0.1, 0.05).spread((64, 50), sigma, 1)
        layer = Layer.fresh(64, 50, law, 1)
        learn(layer, train, seed=1, epochs=5)
        found.append(accuracy(layer, labels_of(layer, train, labels, 10), test, truth))
    assert min(found) > 0.6
    assert abs(found[0] - found[1]) < 4 * np.sqrt(2 * 0.25 / truth.size) + 0.05
    untaught = Layer.fresh(64, 50, PulseLaw(0.0, 0.0), 1)
    assert accuracy(untaught, labels_of(untaught, train, labels, 10), test, truth) < 0.6


def test_a_teacher_lets_neurons_of_the_class_win_and_helps():
    train, test, labels, truth = digits()
    layer, owners = Layer.fresh(64, 100, PulseLaw.of_probabilities(0.1, 0.1), 1), np.arange(100) % 10
    done = learn(layer, train, seed=1, epochs=10, labels=labels, owners=owners)
    # the order of the samples is that of the seed
    shown = Layer.fresh(64, 100, PulseLaw.of_probabilities(0.1, 0.1), 1)
    alone = learn(shown, train, seed=1, epochs=10)
    assert np.array_equal(done.fired, alone.fired)
    counts = np.bincount(owners[done.winners], minlength=10)
    assert np.array_equal(counts, 10 * np.bincount(labels, minlength=10))
    layer.thresholds[:] = 0.0
    taught = accuracy(layer, owners, test, truth)
    assert taught > 0.81 - 4 * np.sqrt(0.81 * 0.19 / truth.size)
    with pytest.raises(UsageError, match="both labels"):
        learn(layer, train, seed=1, labels=labels)
    with pytest.raises(UsageError, match="a neuron for every class"):
        learn(layer, train, seed=1, labels=labels, owners=np.zeros(100))


def test_what_does_not_fit_is_refused():
    layer = Layer.fresh(8, 2, PulseLaw.of_probabilities(0.1, 0.1), 1)
    with pytest.raises(UsageError, match="for 8 inputs"):
        learn(layer, np.zeros((3, 9)), seed=1)
    with pytest.raises(UsageError, match="from 0 to 1"):
        learn(layer, np.full((3, 8), 1.5), seed=1)
    with pytest.raises(ParameterError, match="probability"):
        PulseLaw.of_probabilities(1.0, 0.5)
