"""Populations: published numbers, laws, what is refused. No counting here."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

from spinspice.errors import ParameterError, UsageError
from spinspice.networks.population import (
    Basis,
    CoverageWarning,
    barometric,
    junction_resistance,
    population_power,
    tiled_centres,
)
from spinspice.papers.mizrahi2018.letters import SIX, letter
from spinspice.papers.mizrahi2018.populations import (
    DELTA_MEAN,
    DELTA_SPAN,
    V_C_DEVIATION,
    V_C_MEAN,
    drawn,
    published,
    scaled,
)


def test_published_natural_rates():
    """518 Hz and 1.23 MHz (Methods), 70 kHz and 'a few Hertz' (Results): the factor 1/2 belongs to the rate."""
    nine = published()
    np.testing.assert_allclose(nine.natural_rates[[1, 5]], [70.3e3, 3.9], rtol=0.01)
    assert drawn(1, 1, delta_spread=0.0).natural_rates[0] == pytest.approx(518.0, rel=0.01)
    assert scaled(1).natural_rates[0] == pytest.approx(1.239e6, rel=0.01)


def test_rates_are_those_of_the_junctions():
    """Eq. 1 of the population is that of its devices, and agrees with the escape rates of eq. 6: r = ab / (a + b)."""
    population = published()
    for stimulus in (-2e-4, 0.0, 1.3e-4):
        drives = population.drives(stimulus)
        devices = [population.device(index) for index in range(population.size)]
        expected = [float(device.rate(x)) for device, x in zip(devices, drives, strict=True)]
        np.testing.assert_allclose(population.rates(stimulus), expected, rtol=1e-12)
        a, b = population.escape_rates(drives)
        np.testing.assert_allclose(a * b / (a + b), expected, rtol=1e-12)
        np.testing.assert_allclose(
            [device.escape_rates(x) for device, x in zip(devices, drives, strict=True)], np.stack([a, b], 1)
        )


def test_drives_for_inverts_the_tuning_curve():
    population = drawn(20, 3)
    rates = population.natural_rates * np.linspace(0.01, 1.0, 20)
    np.testing.assert_allclose(
        population.natural_rates / np.cosh(population.delta * population.drives_for(rates)), rates, rtol=1e-9
    )
    assert np.isinf(population.drives_for(np.zeros(20))).all() and np.isinf(population.drives_for(-rates)).all()
    assert np.all(population.drives_for(2 * population.natural_rates) == 0.0)
    assert np.all(population.escape_rates(np.full(20, np.inf)) == 0.0)


def test_tiles_touch_at_half_height():
    widths = np.array([2.0, 1.0, 3.0])
    centres = tiled_centres(widths, -3.0, 3.0)
    np.testing.assert_allclose(centres[1:] - centres[:-1], [1.5, 2.0])
    np.testing.assert_allclose([centres[0] - 1.0, centres[-1] + 1.5], [-3.0, 3.0])
    nine = published()
    np.testing.assert_allclose(
        nine.centres * 1e6, [-258.9, -204.8, -151.6, -82.7, -22.9, 47, 120.5, 181.7, 254.2], atol=0.1
    )
    nine.check_coverage(-300e-6, 300e-6)


def test_drawn_populations_have_the_published_spread():
    many = drawn(40_000, 5)
    assert DELTA_MEAN - DELTA_SPAN / 2 < many.delta.min() and many.delta.max() < DELTA_MEAN + DELTA_SPAN / 2
    assert abs(many.delta.mean() - DELTA_MEAN) < 4 * DELTA_SPAN / np.sqrt(12 * many.size)
    assert abs(many.critical.mean() - V_C_MEAN) < 4 * V_C_DEVIATION / np.sqrt(many.size)
    assert abs(many.critical.std() - V_C_DEVIATION) < 4 * V_C_DEVIATION / np.sqrt(2 * many.size)
    assert many.critical.min() >= 0.03
    assert np.array_equal(drawn(9, 5).delta, drawn(9, 5).delta) and not np.array_equal(
        drawn(9, 5).delta, drawn(9, 6).delta
    )
    assert np.unique(many.seeds(1)[:1000]).size == 1000


def test_power_of_the_scaled_population():
    """0.78 uW (integral over the centres; 100 give 1 % more), 2.33 uW and 57 pJ an observation of 100 x 183 ns."""
    power = population_power(scaled(), junction_resistance(20e-12, 7.7e-9), 0.1)
    assert power.shift == pytest.approx(0.78e-6, rel=0.05)
    assert power.stimulus == pytest.approx(2.33e-6, rel=0.05)
    assert power.energy(100 * 183e-9) == pytest.approx(57e-12, rel=0.05)
    # with centres symmetric about zero, shift and stimulus are what (V - c)^2 / R adds up to
    assert power.total == pytest.approx(
        float(np.sum((0.1 - scaled().centres) ** 2)) / junction_resistance(20e-12, 7.7e-9)
    )


def test_square_inversion_is_exact_and_well_conditioned():
    basis = Basis(published(), published().centres)
    targets = np.hstack([letter(name, np.linspace(0, 1, 9)) for name in SIX])
    both = np.column_stack([barometric(basis.stimuli), targets])
    assert np.max(np.abs(basis.matrix @ basis.weights(both) - both)) < 1e-10
    assert basis.condition < 3.0
    dense = published(squeeze=1 / 3)
    assert Basis(dense, dense.centres).condition > 10.0


def test_least_squares_is_no_worse_anywhere_than_inversion_on_its_points():
    population = published()
    fine = np.linspace(-260e-6, 260e-6, 61)
    fit = Basis(population, fine)
    nine = Basis(population, population.centres)
    errors = [fit.matrix @ basis.weights(barometric(basis.stimuli)) - barometric(fine) for basis in (fit, nine)]
    assert 0.01 < np.linalg.norm(errors[0]) / 61**0.5 < np.linalg.norm(errors[1]) / 61**0.5


def test_letters_are_strokes_in_a_unit_square():
    for name in SIX:
        points = letter(name, np.linspace(0.0, 1.0, 200))
        assert points.min() >= 0.0 and points.max() == pytest.approx(1.0, abs=0.02)
        steps = np.linalg.norm(np.diff(points, axis=0), axis=1)
        assert steps.max() < 1.001 * steps.mean() + 1e-3  # by length; corners are cut a little


def test_gaps_warn_with_numbers():
    with pytest.warns(
        CoverageWarning, match=r"of the stimuli from -0\.15 to 0\.15 V take no junction above 25% of its peak"
    ):
        drawn(4, 1).check_coverage(-0.15, 0.15)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        drawn(100, 1).check_coverage(-0.15, 0.15)


def changed(**fields):
    return lambda: drawn(5, 1).replace(**fields)


@pytest.mark.parametrize(
    ("call", "match"),
    [
        (changed(delta=np.ones(4)), "unequal sizes: delta 4, critical 5, centres 5"),
        (changed(dead=np.zeros(3, bool)), "unequal sizes: .*dead 3"),
        (changed(delta=np.zeros(5)), "delta = 0 of junction 1 is not finite and positive"),
        (changed(critical=np.array([0.1, 0.1, -0.1, 0.1, 0.1])), "critical = -0.1 of junction 3"),
        (changed(centres=np.full(5, np.nan)), "centres = nan of junction 1 is not finite"),
        (lambda: drawn(5, 1).check_coverage(-0.4, 0.4), "stimuli from -0.4 to 0.4 V are not covered: the 5 living"),
        (lambda: drawn(5, 1, -0.1, 0.1).check_coverage(0.2, 0.3), "Spread the centres"),
        (lambda: drawn(5, 1).replace(dead=True).check_coverage(0, 0.1), "all 5 junctions of the population are dead"),
        (lambda: drawn(5, 1).rates(0.9), r"stimulus 0.9 V puts 1.05 V across junction 1, .* breaks down at 1 V"),
        (lambda: published().rates([0.0, 2e-3]), r"stimulus 0.002 A puts .* junction 1"),
        (lambda: drawn(0, 1), r"size = 0 is outside \[1"),
        (lambda: drawn(5, 1, delta_spread=1.0), "delta_spread = 1 is outside"),
        (lambda: published(squeeze=0.0), "squeeze = 0 is outside"),
        (lambda: Basis(published(), np.linspace(0, 1e-4, 8)), "8 stimuli do not determine 9 weights"),
        (lambda: Basis(published(), published().centres).weights(np.ones(8)), "give 9 values, one a stimulus"),
        (lambda: population_power(published(), 1e5, 0.1), "this population takes a current"),
        (lambda: population_power(scaled(), 0.0, 0.1), "R = 0 Ohm is outside"),
        (lambda: junction_resistance(20e-12, 0.0), "diameter = 0 m is outside"),
    ],
)
def test_what_cannot_be_is_refused(call, match):
    with pytest.raises(ParameterError, match=match):
        call()


def test_unknown_letters_and_a_missing_package(monkeypatch):
    with pytest.raises(UsageError, match="the letter 'm' is not one stroke"):
        letter("m", [0.0])
    import sys

    from spinspice.papers.mizrahi2018 import letters

    letters._stroke.cache_clear()
    monkeypatch.setitem(sys.modules, "HersheyFonts", None)
    with pytest.raises(UsageError, match=r"pip install 'spinspice\[fonts\]'"):
        letter("a", [0.0])
