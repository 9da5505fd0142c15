"""Learning events in the circuit flip the junctions that the law flips, at equal seeds."""

from __future__ import annotations

import numpy as np
import pytest

from spinspice.engines import get_engine
from spinspice.errors import CircuitError
from spinspice.networks.stdp import Layer, PulseLaw, SynapseStates, learn
from spinspice.networks.stdp.crossbar import Crossbar, Event
from spinspice.networks.stdp.deciding import DecidingCrossbar, excited_most


def replay(engine, inputs, neurons, count, seed, chance=0.1):
    """Learn ``count`` random samples with the calibrated law, and replay the events in the circuit."""
    crossbar = Crossbar(inputs=inputs, neurons=neurons).with_probabilities(chance, chance, engine)
    law, volts = crossbar.calibrate(engine)
    layer = Layer.fresh(inputs, neurons, law, seed)
    start = SynapseStates(inputs, neurons, seed)
    assert np.array_equal(start.weights, layer.synapses.weights)
    done = learn(layer, np.random.default_rng(seed).random((count, inputs)), seed=seed)
    events = [Event(int(j), tuple(np.flatnonzero(f).tolist())) for j, f in zip(done.winners, done.fired, strict=True)]
    waves = engine.run(crossbar.testbench(events, start))
    wrong = 0
    for k, event in enumerate(events):
        start.event(event.neuron, done.fired[k], law)
        wrong += int((start.weights != crossbar.weights(waves, k)).sum())
    return law, volts, int(done.flips.sum()), wrong, crossbar.energy(waves) / count


@pytest.mark.parametrize(
    "engine", [pytest.param(name, marks=pytest.mark.engine(name)) for name in ("ngspice", "vacask")]
)
def test_events_in_the_circuit_are_those_of_the_law(engine):
    law, volts, flips, wrong, energy = replay(get_engine(engine), 6, 2, 6, 3, 0.4)
    assert (law.set, law.reset) == (pytest.approx(-np.log(0.6), rel=0.1), pytest.approx(-np.log(0.6), rel=0.1))
    assert volts[0] > 0.85 and volts[1] < -0.85
    assert flips >= 2 and wrong == 0
    assert 1e-14 < energy < 1e-11


@pytest.mark.slow
@pytest.mark.engine("ngspice")
@pytest.mark.parametrize("seed", [1, 2])
def test_twenty_events_of_sixteen_inputs(seed):
    _, _, flips, wrong, _ = replay(get_engine("ngspice"), 16, 2, 20, seed)
    assert flips >= 5 and wrong == 0


def decide(engine, inputs, count, seed, chance):
    """Show random spikes to two neurons that decide themselves; return wrong winners and weights, flips, energies."""
    crossbar = DecidingCrossbar(inputs=inputs).with_probabilities(chance, chance, engine)
    law, _ = crossbar.calibrate(engine)
    start, states = SynapseStates(inputs, 2, seed), SynapseStates(inputs, 2, seed)
    fired = np.random.default_rng(seed).integers(0, 2, (count, inputs))
    events = [Event(0, tuple(np.flatnonzero(row).tolist())) for row in fired]
    waves = engine.run(crossbar.testbench(events, start))
    winners = crossbar.winners(waves, count)
    wrong = mistaken = flips = 0
    for k in range(count):
        neuron = excited_most(states.weights, fired[k])
        mistaken += int(neuron != winners[k])
        flips += states.event(neuron, fired[k], law).size
        wrong += int((states.weights != crossbar.weights(waves, k)).sum())
    return mistaken, wrong, flips, crossbar.energies(waves, count)


@pytest.mark.engine("ngspice")
def test_the_neuron_circuit_finds_the_winner_and_pulses_it_alone():
    mistaken, wrong, flips, energies = decide(get_engine("ngspice"), 4, 5, 3, 0.4)
    assert mistaken == 0 and wrong == 0 and flips >= 2
    assert 1e-13 < energies.mean() < 1e-11


@pytest.mark.slow
@pytest.mark.parametrize(
    ("engine", "inputs"),
    [
        pytest.param("ngspice", 16, marks=pytest.mark.engine("ngspice")),
        pytest.param("vacask", 8, marks=pytest.mark.engine("vacask")),
    ],
)
def test_twenty_events_that_the_circuit_decided(engine, inputs):
    mistaken, wrong, flips, energies = decide(get_engine(engine), inputs, 20, 2, 0.1 if inputs == 16 else 0.2)
    assert mistaken == 0 and wrong == 0 and flips >= 5
    assert energies.std(ddof=1) / np.sqrt(20) < 0.1 * energies.mean()


def test_a_neuron_circuit_is_for_two():
    with pytest.raises(CircuitError, match="between two"):
        DecidingCrossbar(inputs=4, neurons=3)


def test_events_that_do_not_fit_are_refused():
    crossbar = Crossbar(inputs=3, neurons=1)
    with pytest.raises(CircuitError, match="does not have"):
        crossbar.testbench([Event(1, ())], SynapseStates(3, 1, 1))
    assert isinstance(PulseLaw(0.1, 0.1).set, float)
