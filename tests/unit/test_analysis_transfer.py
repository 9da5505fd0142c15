"""The tanh fit: exact curves come back, noisy ones within their standard errors."""

from __future__ import annotations

import numpy as np
import pytest

from spinspice.analysis.transfer import fit_tanh, tanh_law
from spinspice.errors import ResultError

VIN = np.linspace(-0.2, 0.2, 21)


@pytest.mark.parametrize("amplitude", [0.4, -0.35])
def test_an_exact_tanh_comes_back(amplitude):
    fit = fit_tanh(VIN, tanh_law(VIN, 0.05, 0.012, amplitude, 0.02))
    assert (fit.v0, fit.offset, fit.amplitude, fit.level) == pytest.approx((0.05, 0.012, amplitude, 0.02), rel=1e-6)
    assert fit.r2 == pytest.approx(1.0, abs=1e-12)
    assert fit.beta == pytest.approx(20.0, rel=1e-6)
    assert fit(VIN) == pytest.approx(tanh_law(VIN, 0.05, 0.012, amplitude, 0.02), abs=1e-8)


def test_errors_of_the_fit_are_the_scatter_of_fits():
    generator = np.random.default_rng(7)
    exact = tanh_law(VIN, 0.05, 0.0, 0.4, 0.0)
    noise = 0.05
    fits = [
        fit_tanh(VIN, exact + noise * generator.standard_normal(VIN.size), np.full(VIN.size, noise)) for _ in range(200)
    ]
    widths = np.array([fit.v0 for fit in fits])
    scatter = widths.std(ddof=1)
    assert (
        abs(widths.mean() - 0.05) < 4 * scatter / np.sqrt(200) + 0.01 * 0.05
    )  # the estimate of a width is biased upwards
    # Stated errors contain the 2 % of the span and the widening for chi2 > 1: at most 15 % larger on average.
    stated = np.mean([fit.v0_stderr for fit in fits])
    assert scatter * (1 - 4 / np.sqrt(400)) < stated < 1.15 * scatter * (1 + 4 / np.sqrt(400))
    pulls = np.array([fit.offset / fit.offset_stderr for fit in fits])
    assert abs(pulls.mean()) < 4 / np.sqrt(200)
    assert pulls.std() < 1 + 4 / np.sqrt(400)


def test_a_binary_curve_is_fitted_from_few_points_at_any_order():
    order = np.random.default_rng(8).permutation(VIN.size)
    mean = np.tanh(VIN / 0.003)
    assert fit_tanh(VIN[order], mean[order]).offset == pytest.approx(0.0, abs=1e-3)


@pytest.mark.parametrize(
    ("vin", "mean", "match"),
    [
        (VIN[:4], VIN[:4], "at least 5 points"),
        (VIN, np.zeros(21), "no transition to fit"),
        (VIN, np.full(21, np.nan), "not finite"),
        (VIN, VIN[:5], "must be equal"),
    ],
)
def test_unusable_curves_are_refused(vin, mean, match):
    with pytest.raises(ResultError, match=match):
        fit_tanh(vin, mean)


def test_noise_alone_is_no_transition():
    noise = 0.01 * np.random.default_rng(9).standard_normal(21)
    with pytest.raises(ResultError, match="no transition"):
        fit_tanh(VIN, noise, np.full(21, 0.02))


def test_a_step_between_two_inputs_has_a_middle_but_no_width():
    fit = fit_tanh(VIN, np.where(VIN < 0.033, 0.4, -0.4))
    assert 0.02 < fit.offset < 0.04
    assert fit.r2 > 0.999
    assert fit.v0 < 0.02


@pytest.mark.parametrize("points", [9, 17, 101])
@pytest.mark.parametrize("reach", [2.0, 4.0])
@pytest.mark.parametrize("shift", [-0.05, 0.0, 0.05])
def test_the_law_of_a_free_rotor_and_a_sharp_threshold_is_nearly_a_tanh(points, reach, shift):
    # A magnet that points everywhere in the plane equally often, and an output that flips at a threshold: arcsine.
    vin = reach * (np.linspace(-1.0, 1.0, points) + shift)
    fit = fit_tanh(vin, 2 / np.pi * np.arcsin(np.clip(vin, -1.0, 1.0)))
    assert fit.r2 > 0.97
    assert abs(fit.offset) < 0.2


def test_two_close_inputs_with_noise_are_no_step():
    """The steepest slope is that of noise between inputs 0.1 mV apart; the width is that of the whole curve."""
    from spinspice.analysis.transfer import _fit_from, _start

    x = 1e-3 * np.array([-60.0, -30.0, -9.0, -6.0, -3.0, 0.95, 1.05, 3.0, 6.0, 9.0, 30.0, 60.0])
    y = -0.9 * np.tanh(x / 6e-3)
    y[5], y[6] = 0.3, -0.5
    errors = np.where(np.abs(x) < 0.02, 0.2, 1e-3)
    stuck, _ = _fit_from(_start(x, y), x, y, np.hypot(errors, 0.036))
    assert stuck[0] < 1e-3
    fit = fit_tanh(x, y, errors)
    assert abs(fit.v0 - 6e-3) < 2 * fit.v0_stderr < 6e-3
    assert abs(fit.offset) < 2 * fit.offset_stderr
