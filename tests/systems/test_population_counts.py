"""What a population counts, against the reference solver flip by flip, and against exact moments of the counts."""

from __future__ import annotations

import numpy as np
import pytest

from spinspice.analysis.counting import READINGS
from spinspice.devices.reference.chain import simulate_chain
from spinspice.devices.reference.telegraph import switching_times
from spinspice.errors import ParameterError, UsageError
from spinspice.networks.population import Observer, count_moments, counted_responses
from spinspice.papers.mizrahi2018.populations import drawn, published
from spinspice.reproduce.base import SIGMAS

DT = 439e-6


def test_events_are_those_of_the_reference_under_the_same_stimuli():
    """Same device parameters, same seeds, a stimulus that steps: the same counts to the flip, seen and unseen."""
    population, stimuli, steps = drawn(12, 3), [0.02, -0.08, 0.1, 0.0, -0.03], 40
    observer = Observer(population, 7, dt=DT, reading="events")
    counts = [observer.observe(stimulus, steps) for stimulus in stimuli]
    edges = np.arange(len(stimuli) + 1) * steps * DT
    times = np.repeat(edges, 2)[1:-1]
    for index in range(population.size):
        device = population.device(index)
        drive = np.repeat((np.array(stimuli) - population.centres[index]) / population.critical[index], 2) * device.V_c
        total = int(sum(count.events[index] for count in counts))
        flips = switching_times(device, total + 1, int(population.seeds(7)[index]), voltage=(times, drive))
        assert flips[total] > edges[-1]
        expected = np.histogram(flips[:total], edges)[0]
        assert [count.events[index] for count in counts] == expected.tolist()
        states = np.searchsorted(flips, np.arange(len(stimuli) * steps + 1) * DT, side="right") % 2
        seen = np.abs(np.diff(states)).reshape(len(stimuli), steps).sum(axis=1)
        assert [count.switches[index] for count in counts] == seen.tolist()


@pytest.mark.parametrize("reading", READINGS)
def test_mean_and_variance_of_counts(reading):
    """Against count_moments, junction by junction, over three decades of rates; sampled counts against ``clock``."""
    population, steps, repeats = drawn(10, 4, -0.02, 0.02), 50, 3000
    observer = Observer(population, 5, dt=DT, reading=reading)
    observer.observe(0.0, 10_000)
    counts = [observer.observe(0.0, steps) for _ in range(repeats)]
    escape = population.escape_rates(population.drives(0.0))
    kinds = {"events": ("events", "clock"), "clock": ("clock",), "steps": ("steps",)}[reading]
    for kind in kinds:
        found = np.array([count.events if kind == "events" else count.switches for count in counts])
        mean, variance = count_moments(escape, observer.dt, steps, kind)
        blocks = found.reshape(30, 100, -1)  # successive counts are correlated: errors from blocks
        assert_within(found.mean(0), mean, blocks.mean(1).std(0, ddof=1) / 30**0.5)
        squares = (found - mean) ** 2
        assert_within(squares.mean(0), variance, squares.reshape(30, 100, -1).mean(1).std(0, ddof=1) / 30**0.5)


def assert_within(found, expected, stderr):
    """30 blocks leave the standard error itself uncertain: 4 of it become 4.8 (Student's t)."""
    assert np.all(np.abs(found - expected) < 1.2 * SIGMAS * stderr), (found, expected, stderr)


def test_clocked_counts_are_those_of_the_sampled_chain():
    """Another implementation of the same law: the chain of the B-source library, junction by junction."""
    population, steps = drawn(6, 8, -0.01, 0.01), 20_000
    observer = Observer(population, 2, dt=DT, reading="clock")
    counts = observer.observe(0.0, steps).switches
    escape = population.escape_rates(population.drives(0.0))
    variance = count_moments(escape, DT, steps, "clock")[1]
    for index in range(population.size):
        device = population.device(index)
        volts = population.drives(0.0)[index] * device.V_c
        states = simulate_chain(device, DT, steps, seed=99, voltage=volts)
        other = np.abs(np.diff(states)).sum()
        assert abs(counts[index] - other) < SIGMAS * np.sqrt(2 * variance[index]) + 1  # both may start off equilibrium


def test_moments_in_limits():
    """Equal slow rates: Poisson. One rate far above the other: pairs, twice the variance. Far too fast: a fair coin."""
    equal = np.array([[100.0], [100.0]])
    np.testing.assert_allclose(count_moments(equal, 1e-5, 1000, "events"), 1.0)
    np.testing.assert_allclose(count_moments(equal, 1e-5, 1000, "clock"), 1.0, rtol=2e-3)
    mean, variance = count_moments(np.array([[1e6], [1.0]]), 0.1, 1000, "events")
    assert variance / mean == pytest.approx(2.0, rel=1e-4)
    mean, variance = count_moments(np.array([[1e9], [1e9]]), 1e-3, 100, "clock")
    assert (mean, variance) == (pytest.approx(50.0), pytest.approx(25.0))


def test_counted_responses_follow_eq_1():
    nine = published()
    found, errors = counted_responses(nine, nine.centres[::2], 400, seed=3)
    expected = nine.rates(nine.centres[::2]) / nine.natural_rates
    many = expected > 0.02
    assert np.all(np.abs(found - expected)[many] < SIGMAS * errors[many])


def test_a_seed_gives_the_same_counts_and_junctions_are_independent():
    population = drawn(8, 1)
    first, second = (Observer(population, 3, dt=DT).observe(0.0, 1000).switches for _ in range(2))
    assert np.array_equal(first, second)
    fewer = population.replace(
        **{name: getattr(population, name)[:4] for name in ("delta", "critical", "centres", "dead")}
    )
    assert np.array_equal(Observer(fewer, 3, dt=DT).observe(0.0, 1000).switches, first[:4])
    assert not np.array_equal(Observer(population, 4, dt=DT).observe(0.0, 1000).switches, first)


def test_dead_junctions_never_switch():
    population = drawn(6, 1).replace(dead=np.arange(6) % 2 == 0)
    for reading in READINGS:
        counts = Observer(population, 3, dt=DT, reading=reading).observe(0.05, 200).switches
        assert np.all(counts[::2] == 0.0) and counts.sum() > 0.0


@pytest.mark.parametrize(
    ("call", "error", "match"),
    [
        (lambda: Observer(drawn(3, 1), 1, dt=0.0), ParameterError, "dt = 0.0 s is not positive"),
        (lambda: Observer(drawn(3, 1), 1, dt=DT, reading="step"), UsageError, "Did you mean steps"),
        (lambda: Observer(drawn(3, 1), 1, dt=DT).observe(0.0, 0), ParameterError, "steps = 0 is outside"),
        (lambda: Observer(drawn(3, 1), 1, dt=DT).observe(2.0, 10), ParameterError, "breaks down"),
    ],
)
def test_unusable_observations_are_refused(call, error, match):
    with pytest.raises(error, match=match):
        call()
