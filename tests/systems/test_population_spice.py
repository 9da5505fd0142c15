"""A population in a SPICE engine: same devices, seeds and stimuli, same switches as in the behavioural one; power."""

from __future__ import annotations

import numpy as np
import pytest

from spinspice.analysis.counting import chain_moments, count_rates, step_probabilities
from spinspice.cells.readout import ReadOut
from spinspice.engines import get_engine
from spinspice.networks.population import (
    Observer,
    Population,
    PopulationDeck,
    deck_power,
    junction_resistance,
    mean_currents,
    population_power,
    read_probabilities,
)
from spinspice.papers.mizrahi2018.populations import drawn, scaled
from spinspice.reproduce.base import SIGMAS

DT, SEED = 183e-9, 11
R = junction_resistance(20e-12, 7.7e-9)


def run(deck):
    return get_engine("auto", model="verilog-a").run(deck.testbench(), timeout=1800.0)


def followed(deck: PopulationDeck) -> tuple[np.ndarray, np.ndarray]:
    """Events and switches of the behavioural engine, each of shape (stimuli, n)."""
    observer = Observer(deck.population, deck.seed, dt=deck.dt, reading="events")
    counts = [observer.observe(stimulus, deck.steps) for stimulus in deck.stimuli]
    return np.array([count.events for count in counts]), np.array([count.switches for count in counts])


@pytest.mark.engine("auto", model="verilog-a")
@pytest.mark.parametrize(
    ("population", "dt", "stimuli", "steps", "flips"),
    [
        (scaled(16), DT, (0.02, -0.05, 0.1), 40, 150),
        (scaled(64), DT, (0.05, -0.02), 15, 200),
        (drawn(8, 3, -0.03, 0.03), 5e-6, (0.01, -0.01), 200, 30),
    ],
    ids=["16 scaled", "64 scaled", "8 of the experiment's spread"],
)
@pytest.mark.filterwarnings("ignore:gaps:spinspice.networks.population.CoverageWarning")
def test_switches_of_a_spice_population_are_those_of_the_engine(population, dt, stimuli, steps, flips):
    """To the flip, under a stimulus that steps; a switch less than the solver's error from an edge may go either way.

    That error is below 1e-4 of a dwell time (docs/theory.md), so of some hundred switches none or one is that near.
    """
    deck = PopulationDeck(population=population, stimuli=stimuli, dt=dt, steps=steps, seed=SEED)
    counts = deck.read(run(deck))
    events, switches = followed(deck)
    assert counts.events.tolist() == events.tolist()
    assert events.sum() > flips
    assert np.abs(counts.switches - switches).sum() <= 2
    assert np.count_nonzero(counts.switches != switches) <= 2


def paper(size: int, TMR: float = 0.0) -> Population:
    """The population of the paper's estimate: one resistance for both states unless told otherwise."""
    population = scaled(size)
    return population.replace(nominal=population.nominal.replace(R_P=R, TMR=TMR))


@pytest.mark.engine("auto", model="verilog-a")
def test_power_of_a_hundred_junctions_from_the_currents_of_sixteen():
    deck = PopulationDeck(population=paper(16), stimuli=(0.1,), dt=DT, steps=100, seed=SEED, probes=True)
    measured = deck_power(deck, run(deck))
    assert abs(measured.closure) < 1e-6
    power, law = measured.extrapolated(paper(100)), population_power(paper(100), R, 0.1)
    assert power.shift == pytest.approx(law.shift, rel=1e-5)
    assert power.stimulus == pytest.approx(law.stimulus, rel=1e-5)
    # The published figures, and what they come to for an observation
    for found in (power, law):
        assert found.shift == pytest.approx(0.78e-6, rel=0.05)
        assert found.stimulus == pytest.approx(2.33e-6, rel=0.05)
        assert found.energy(100 * DT) == pytest.approx(57e-12, rel=0.05)


@pytest.mark.engine("auto", model="verilog-a")
def test_currents_of_junctions_with_two_resistances():
    """Each mean current against the stationary law, with the spread that the telegraph process leaves it."""
    deck = PopulationDeck(population=paper(16, TMR=1.0), stimuli=(0.0, -0.1), dt=DT, steps=100, seed=3, probes=True)
    waves = run(deck)
    for index, stimulus in enumerate(deck.stimuli):
        measured = deck_power(deck, waves, stimulus=index, warm_up=10)
        mean, spread = mean_currents(deck.population, stimulus, 90 * DT)
        assert np.all(np.abs(measured.currents - mean) <= SIGMAS * spread + 1e-4 * np.abs(mean))
        assert abs(measured.closure) < 1e-6
    # At the lowest stimulus all are antiparallel: near half the paper's power, which takes R_P for both states
    half = measured.extrapolated(paper(100, TMR=1.0))
    assert 0.5 < half.total / population_power(paper(100), R, 0.1).total < 0.56


@pytest.mark.engine("ngspice", model="verilog-a")
def test_a_reference_beside_every_junction_takes_its_share():
    deck = PopulationDeck(population=paper(4), stimuli=(0.05,), dt=DT, steps=10, R_ref=2 * R, probes=True)
    measured = deck_power(deck, run(deck))
    assert measured.blocks["reference"] == pytest.approx(measured.blocks["mtj"] / 2, rel=1e-6)
    assert abs(measured.closure) < 1e-6


@pytest.mark.engine("ngspice", model="verilog-a")
def test_transistors_read_the_states_and_their_energy_is_accounted_for():
    population = scaled(4, -0.05, 0.05)
    deck = PopulationDeck(
        population=population, stimuli=(0.01,), dt=DT, steps=12, readout=ReadOut(population.nominal), probes=True
    )
    waves = run(deck)
    counts, measured = deck.read(waves), deck_power(deck, waves, warm_up=2)
    assert counts.wrong <= 2 and counts.switches.sum() >= 8  # a switch just before the edge has not settled
    assert abs(measured.closure) < 1e-3
    # A read: 3 to 4 fJ on a 43 ns clock, of which the read currents, always on, grow with the period
    assert 3e-15 < measured.read * DT / population.size < 10e-15
    assert set(measured.blocks) == {*deck.readout.blocks, "diode"}


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.engine("ngspice", model="verilog-a")
def test_sixteen_junctions_through_comparators():
    """One observation of the paper, 100 cycles of 183 ns. Each junction's count against the clocked law with the
    read disturb, which for junctions far from their peaks is most of what they count."""
    population, warm_up = scaled(16), 5
    deck = PopulationDeck(
        population=population, stimuli=(0.02,), dt=DT, steps=100, seed=SEED, readout=ReadOut(population.nominal)
    )
    counts = deck.read(run(deck))
    assert counts.wrong <= 8  # of 1,600: a switch in the last ns before the edge
    p = read_probabilities(deck)
    found = np.abs(np.diff(counts.bits[:, warm_up:], axis=1)).sum(axis=1)
    mean, variance = chain_moments(p, deck.steps - warm_up)
    assert np.all(np.abs(found - mean) < SIGMAS * np.sqrt(variance))
    for index in np.flatnonzero(mean > 15):
        counted = count_rates(counts.bits[index, warm_up:], DT)  # corrected for missed switches
        both = p[:, index].sum()
        expected = -np.log1p(-both) / DT * p[0, index] * p[1, index] / both**2
        assert abs(counted.rate - expected) < SIGMAS * counted.rate_stderr
        # near the peak the disturb is within counting error, so that the undisturbed law holds as well
        assert abs(counted.rate - population.rates(0.02)[index]) < SIGMAS * counted.rate_stderr
    undisturbed = step_probabilities(population.escape_rates(population.drives(0.02)), DT)
    assert found[:4].sum() > chain_moments(undisturbed, deck.steps)[0][:4].sum() + 1  # the floor that reading makes
