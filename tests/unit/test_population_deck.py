"""The deck of a population as data: circuit, stimulus, what is read from waveforms, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

from spinspice.cells.readout import ReadOut
from spinspice.cmos import get_technology
from spinspice.errors import ParameterError, UsageError
from spinspice.networks.population import (
    CoverageWarning,
    DeckPower,
    Population,
    PopulationDeck,
    Power,
    deck_power,
    mean_currents,
)
from spinspice.papers.mizrahi2018.populations import drawn, published, scaled
from spinspice.waveforms import Waveforms

DT = 183e-9


def deck(population=None, stimuli=(0.0, 0.05), **settings) -> PopulationDeck:
    return PopulationDeck(
        **({"population": population or scaled(5), "stimuli": stimuli, "dt": DT, "steps": 4} | settings)
    )


def test_every_junction_has_its_shift_seed_and_barrier():
    population = drawn(3, 2, -0.01, 0.01).replace(dead=np.array([False, True, False]))
    circuit = deck(population, stimuli=(0.0,), dt=1e-5).testbench().circuit
    for index, seed in enumerate(population.seeds(1)):
        card = next(line for line in circuit.splitlines() if line.startswith(f"Xmtj{index + 1} "))
        assert f"stim bias{index + 1} state{index + 1} count{index + 1} mtj_telegraph" in card
        assert f"seed={seed}" in card
        assert ("delta=200" in card) == (index == 1)
        assert f"Vbias{index + 1} bias{index + 1} 0 {population.centres[index]}" in circuit


def test_stimuli_follow_each_other():
    assert deck(stimuli=(0.03,)).stimulus() == "0.03"
    values = deck(stimuli=(0.0, 0.05, -0.02)).stimulus().removeprefix("PWL(").removesuffix(")").split()
    times, volts = np.array(values[::2], float), np.array(values[1::2], float)
    at = DT * np.array([1.0, 3.99, 4.01, 7.99, 8.01, 11.0])
    np.testing.assert_allclose(np.interp(at, times, volts), [0.0, 0.0, 0.05, 0.05, -0.02, -0.02], atol=1e-12)


def test_equal_junctions_share_a_subcircuit_and_others_do_not():
    cell = ReadOut(scaled(1).nominal)
    assert len({read.name for read in deck(scaled(5), readout=cell).cells()}) == 1
    odd = scaled(5).replace(delta=np.array([6.0, 6.0, 6.2, 6.0, 6.2]))
    cells = deck(odd, readout=cell).cells()
    assert [read.device.delta for read in cells] == odd.delta.tolist()
    assert len({read.name for read in cells}) == 2
    unequal = ReadOut(scaled(1).nominal, get_technology("generic").with_mismatch(1), name="one")
    cells = deck(scaled(3, -0.05, 0.05), readout=unequal).cells()
    assert len({read.name for read in cells}) == 3
    assert len({read.raw_spice + str(read) for read in cells}) == 3


def test_counts_are_read_from_waveforms():
    """Switches at 0.5, 4.5, 4.6 and 5.5 clock periods: the pair between edges 4 and 5 is not seen."""
    flips = DT * np.array([0.5, 4.5, 4.6, 5.5])
    time = np.concatenate([[0.0], flips, [8 * DT]])
    counts = deck(scaled(1, 0.0, 0.0), stimuli=(0.0, 0.01)).read(
        Waveforms(time, {"v(count1)": np.array([0.0, 1.0, 2.0, 3.0, 4.0, 4.5])})
    )
    assert counts.states[0].tolist() == [0, 1, 1, 1, 1, 1, 0, 0, 0]
    assert counts.events.tolist() == [[1], [3]]
    assert counts.switches.tolist() == [[1], [1]]
    assert counts.wrong == 0


def test_mean_currents_in_limits():
    population = scaled(9)
    volts = 0.03 - population.centres
    mean, spread = mean_currents(population.replace(nominal=population.nominal.replace(TMR=0.0)), 0.03, 1e-6)
    np.testing.assert_allclose(mean, volts / population.nominal.R_P)
    assert np.all(spread == 0.0)
    one = population.replace(centres=np.full(9, 0.03 - 1e-9))  # at the peak: half of the time in either state
    mean, spread = mean_currents(one, 0.03, 1e-3)
    np.testing.assert_allclose(mean, 0.75e-9 / one.nominal.R_P, rtol=1e-6)
    rates = 4 * one.natural_rates
    np.testing.assert_allclose(spread, 0.5e-9 / one.nominal.R_P * np.sqrt(0.5 / (rates * 1e-3)), rtol=1e-3)
    assert np.all(mean_currents(one, 0.03)[1] == 0.0)


def measured(population: Population) -> DeckPower:
    currents = (0.1 - population.centres) / 1e5
    return DeckPower(population, 0.1, currents, Power(0.0, 0.0), 0.0, {}, 0.0)


def test_currents_extrapolate_to_more_junctions_on_the_same_range():
    power = measured(scaled(16)).extrapolated(scaled(100))
    centres = scaled(100).centres
    assert power.shift == pytest.approx(float(centres @ centres) / 1e5)
    assert power.stimulus == pytest.approx(100 * 0.1**2 / 1e5)


def test_a_slow_clock_is_warned_of_with_what_it_misses():
    with pytest.warns(UserWarning, match=r"slow for the junction .* 80% of the switches fall between two edges"):
        deck(dt=1e-6)


def test_gaps_are_warned_of():
    with pytest.warns(CoverageWarning, match="take no junction above 25% of its peak"):
        deck(scaled(2, -0.1, 0.1), stimuli=(-0.1, 0.1))


@pytest.mark.parametrize(
    ("call", "match"),
    [
        (lambda: deck(published()), "this population takes a current"),
        (lambda: deck(stimuli=()), "needs one stimulus at least, got none"),
        (lambda: deck(stimuli=(0.0, 0.95)), r"stimulus 0.95 V puts 1.05 V across junction 1, .* breaks down at 1 V"),
        (lambda: deck(stimuli=(-0.2, 0.2)), "stimuli from -0.2 to 0.2 V are not covered: the 5 living junctions"),
        (lambda: deck(stimuli=(0.2,)), "stimuli from 0.2 to 0.2 V are not covered"),
        (lambda: deck(dt=0.0), "dt = 0 s is outside"),
        (lambda: deck(steps=0), "steps = 0 is outside"),
        (lambda: scaled(5).replace(centres=np.zeros(4)), "unequal sizes: delta 5, critical 5, centres 4"),
        (lambda: deck(readout=ReadOut(scaled(1).nominal), dt=1e-8).testbench(), "does not fit a clock period"),
        (lambda: measured(scaled(4)).extrapolated(scaled(9, -0.2, 0.1)), "centres from -0.2 to 0.1 V go beyond"),
        (lambda: measured(scaled(4)).extrapolated(drawn(9, 1)), "of the same, equal junctions only"),
    ],
)
def test_what_cannot_be_is_refused(call, match):
    with pytest.raises(ParameterError, match=match):
        call()


@pytest.mark.parametrize(
    ("settings", "where", "match"),
    [
        ({}, {}, "keeps no currents. Make it with probes=True"),
        ({"probes": True}, {"stimulus": 2}, "stimulus 2 after 0 cycles: the deck has 2 stimuli of 4 cycles each"),
        ({"probes": True}, {"warm_up": 4}, "stimulus 0 after 4 cycles"),
    ],
)
def test_power_of_what_was_not_run_is_refused(settings, where, match):
    with pytest.raises(UsageError, match=match):
        deck_power(deck(**settings), Waveforms(np.arange(2.0), {}), **where)
