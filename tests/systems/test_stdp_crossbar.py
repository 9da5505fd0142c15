"""Learning events in the circuit flip the junctions that the law flips, at equal seeds."""

from __future__ import annotations

import numpy as np
import pytest

from spinspice.engines import get_engine
from spinspice.errors import CircuitError
from spinspice.networks.stdp import Layer, PulseLaw, SynapseStates, learn
from spinspice.networks.stdp.crossbar import Crossbar, Event
from spinspice.networks.stdp.deciding import DecidingCrossbar, excited_most


class Compared:
    """Law beside circuit, event by event: synapses whose draw is nearer than the tolerance may go either way.

    Where the circuit then differs it is followed: the synapse is excluded from there on, and counted.
    """

    def __init__(self, inputs: int, neurons: int, seed: int, law: PulseLaw, tolerance: float) -> None:
        self.states = SynapseStates(inputs, neurons, seed)
        self.law, self.tolerance = law, tolerance
        self.marginal = self.flips = self.wrong = 0
        self.excluded = np.zeros((inputs, neurons), dtype=bool)

    def event(self, neuron: int, fired: np.ndarray, circuit: np.ndarray) -> None:
        near = np.zeros_like(self.excluded)
        near[:, neuron] = self.states.margin(neuron, fired, self.law) < self.tolerance
        self.marginal += int(near.sum())
        self.flips += self.states.event(neuron, fired, self.law).size
        differs = (self.states.weights != circuit) & ~self.excluded
        self.wrong += int((differs & ~near).sum())
        self.excluded |= differs & near


def replay(engine, inputs, neurons, count, seed, chance=0.1):
    """Learn ``count`` random samples with the calibrated law, and replay the events in the circuit."""
    crossbar = Crossbar(inputs=inputs, neurons=neurons).with_probabilities(chance, chance, engine)
    law, volts = crossbar.calibrate(engine)
    layer = Layer.fresh(inputs, neurons, law, seed)
    compared = Compared(inputs, neurons, seed, law, crossbar.tolerance(engine, law, count))
    assert np.array_equal(compared.states.weights, layer.synapses.weights)
    done = learn(layer, np.random.default_rng(seed).random((count, inputs)), seed=seed)
    events = [Event(int(j), tuple(np.flatnonzero(f).tolist())) for j, f in zip(done.winners, done.fired, strict=True)]
    waves = engine.run(crossbar.testbench(events, SynapseStates(inputs, neurons, seed)))
    for k, event in enumerate(events):
        compared.event(event.neuron, done.fired[k], crossbar.weights(waves, k))
    assert compared.flips == int(done.flips.sum())
    return volts, compared, crossbar.energy(waves) / count


@pytest.mark.parametrize(
    "engine", [pytest.param(name, marks=pytest.mark.engine(name)) for name in ("ngspice", "vacask")]
)
def test_events_in_the_circuit_are_those_of_the_law(engine):
    volts, compared, energy = replay(get_engine(engine), 6, 2, 6, 3, 0.4)
    hazard = -np.log(0.6)
    assert (compared.law.set, compared.law.reset) == (pytest.approx(hazard, rel=2e-3), pytest.approx(hazard, rel=2e-3))
    assert volts[0] > 0.85 and volts[1] < -0.85
    assert compared.flips >= 2 and compared.wrong == 0 and compared.marginal == 0 and compared.tolerance < 0.02
    assert 1e-14 < energy < 1e-11


@pytest.mark.slow
@pytest.mark.engine("ngspice")
@pytest.mark.parametrize("seed", [1, 2])
def test_twenty_events_of_sixteen_inputs(seed):
    _, compared, _ = replay(get_engine("ngspice"), 16, 2, 20, seed)
    assert compared.flips >= 5 and compared.wrong == 0 and compared.tolerance < 0.02 and compared.marginal < 3


def decide(engine, crossbar, law, tolerance, count, seed):
    """Show random spikes to two neurons that decide themselves; return wrong winners, the comparison, energies."""
    inputs = crossbar.inputs
    compared = Compared(inputs, 2, seed, law, tolerance)
    fired = np.random.default_rng(seed).integers(0, 2, (count, inputs))
    events = [Event(0, tuple(np.flatnonzero(row).tolist())) for row in fired]
    waves = engine.run(crossbar.testbench(events, SynapseStates(inputs, 2, seed)))
    winners, mistaken, before = crossbar.winners(waves, count), 0, compared.states.weights.copy()
    for k in range(count):
        # The neuron that the weights of the circuit excite most.
        mistaken += int(excited_most(before, fired[k]) != winners[k])
        before = crossbar.weights(waves, k)
        compared.event(int(winners[k]), fired[k], before)
    return mistaken, compared, crossbar.energies(waves, count)


def deciding(engine, inputs, chance, count):
    """A crossbar that decides, its law, and by how much the accounts of a run may differ from it."""
    crossbar = DecidingCrossbar(inputs=inputs).with_probabilities(chance, chance, engine)
    law, _ = crossbar.calibrate(engine)
    return crossbar, law, crossbar.tolerance(engine, law, count)


@pytest.mark.engine("ngspice")
def test_the_neuron_circuit_finds_the_winner_and_pulses_it_alone():
    engine = get_engine("ngspice")
    mistaken, compared, energies = decide(engine, *deciding(engine, 4, 0.4, 5), 5, 3)
    assert mistaken == 0 and compared.wrong == 0 and compared.marginal == 0 and compared.flips >= 2
    assert 1e-13 < energies.mean() < 1e-11


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize(
    ("engine", "inputs", "seeds"),
    [
        pytest.param("ngspice", 16, (2, 11, 12, 31, 32, 33, 34), marks=pytest.mark.engine("ngspice")),
        pytest.param("vacask", 8, (2, 11, 12, 41, 42, 43, 44), marks=pytest.mark.engine("vacask")),
    ],
)
def test_twenty_events_that_the_circuit_decided(engine, inputs, seeds):
    """Every winner, and every weight whose draw is further from its threshold than the hazards may be off."""
    engine = get_engine(engine)
    crossbar, law, tolerance = deciding(engine, inputs, 0.1 if inputs == 16 else 0.2, 20)
    assert tolerance < 0.02
    marginal, means = 0, []
    for seed in seeds:
        mistaken, compared, energies = decide(engine, crossbar, law, tolerance, 20, seed)
        print(f"seed {seed}: {mistaken} winners, {compared.wrong} weights wrong, {compared.flips} flips, "
              f"{compared.marginal} marginal, {compared.excluded.sum()} excluded, {energies.mean():.4g} J")  # fmt: skip
        assert mistaken == 0 and compared.wrong == 0 and compared.flips >= 5
        marginal += compared.marginal
        means.append(energies.mean())
    error = np.std(means, ddof=1) / np.sqrt(len(means))
    print(f"tolerance {tolerance:.3g}, {marginal} marginal draws; {np.mean(means):.4g} +- {error:.2g} J an event")
    assert marginal <= 2 * len(seeds)
    assert error < 0.05 * np.mean(means)


def test_a_neuron_circuit_is_for_two():
    with pytest.raises(CircuitError, match="between two"):
        DecidingCrossbar(inputs=4, neurons=3)


@pytest.mark.engine("vacask")
def test_probabilities_below_what_edges_do_are_refused():
    with pytest.raises(CircuitError, match="Raise the critical voltage"):
        DecidingCrossbar(inputs=2).with_probabilities(0.02, 0.02, get_engine("vacask"))


def test_events_that_do_not_fit_are_refused():
    crossbar = Crossbar(inputs=3, neurons=1)
    with pytest.raises(CircuitError, match="does not have"):
        crossbar.testbench([Event(1, ())], SynapseStates(3, 1, 1))
    assert isinstance(PulseLaw(0.1, 0.1).set, float)
