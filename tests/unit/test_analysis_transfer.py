"""The tanh fit: exact curves come back, noisy ones within their standard errors."""

from __future__ import annotations

import numpy as np
import pytest

from spinspice.analysis.transfer import fit_tanh, least_squares, tanh_law
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
    assert least_squares(VIN[order], mean[order]).offset == pytest.approx(0.0, abs=1e-3)
    assert not fit_tanh(VIN[order], mean[order]).resolved


@pytest.mark.parametrize(
    ("vin", "mean", "match"),
    [
        (VIN[:4], VIN[:4], "at least 5 points"),
        (VIN, np.full(21, np.nan), "not finite"),
        (VIN, VIN[:5], "must be equal"),
    ],
)
def test_unusable_curves_are_refused(vin, mean, match):
    with pytest.raises(ResultError, match=match):
        fit_tanh(vin, mean)


def test_noise_alone_is_no_transition():
    noise = 0.01 * np.random.default_rng(9).standard_normal(21)
    for curve, errors in ((noise, np.full(21, 0.02)), (np.zeros(21), None)):
        with pytest.raises(ResultError, match="no transition to fit"):
            least_squares(VIN, curve, errors)
        fit = fit_tanh(VIN, curve, errors)
        assert not fit.resolved and np.isnan(fit.v0_max) and "no transition to fit" in fit.reason
        assert repr(fit).startswith("TanhFit(not resolved: no bound on V0; ")


def test_a_step_between_two_inputs_has_a_middle_but_no_width():
    fit = least_squares(VIN, np.where(VIN < 0.033, 0.4, -0.4))
    assert 0.02 < fit.offset < 0.04
    assert fit.r2 > 0.999
    assert fit.v0 < 0.02


@pytest.mark.parametrize("points", [9, 17, 101])
@pytest.mark.parametrize("reach", [2.0, 4.0])
@pytest.mark.parametrize("shift", [-0.05, 0.0, 0.05])
def test_the_law_of_a_free_rotor_and_a_sharp_threshold_is_nearly_a_tanh(points, reach, shift):
    # A magnet that points everywhere in the plane equally often, and an output that flips at a threshold: arcsine.
    vin = reach * (np.linspace(-1.0, 1.0, points) + shift)
    fit = least_squares(vin, 2 / np.pi * np.arcsin(np.clip(vin, -1.0, 1.0)))
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


@pytest.mark.parametrize(
    ("points", "reach", "v0", "offset", "why"),
    [
        (9, 0.4, 0.01, 0.02, "gives V0 = "),  # a step between two inputs
        (9, 0.4, 0.01, 0.05, "gives V0 = "),  # half way between two
        (5, 60.0, 0.01, 0.0, "gives V0 = "),  # inputs of 60 V on a cell of 0.8 V
        (5, 60.0, 20.0, 0.0, "outside the supply"),
        (101, 60.0, 1.2, 0.0, "outside the supply"),
        (101, 60.0, 0.7, 0.1, "inputs lie within 2.5 fitted widths"),  # those far outside the rails do not count
        (9, 0.4, 0.05, 0.03, "inputs lie within 2.5 fitted widths"),
        (21, 0.2, 0.05, 0.5, ""),  # the middle lies outside the inputs
    ],
)
def test_curves_that_do_not_resolve_their_transition_give_a_bound(points, reach, v0, offset, why):
    """Nothing but a bound comes out, R^2 of 1 or not; the bound holds."""
    vin = np.linspace(-reach, reach, points)
    errors = np.full(points, 1e-4)
    fit = fit_tanh(vin, tanh_law(vin, v0, offset, 0.4, 0.0), errors, supply=(-0.4, 0.4))
    assert not fit.resolved and why in fit.reason
    numbers = (fit.v0, fit.v0_stderr, fit.offset, fit.amplitude, fit.level, fit.r2, fit.chi2)
    assert np.isnan(numbers).all() and np.isnan(fit([0.0])).all()
    assert np.isnan(fit.v0_max) or fit.v0_max > v0
    assert vin.min() <= fit.middle <= vin.max()
    assert "not resolved" in repr(fit)


def test_the_bound_on_a_width_holds_as_often_as_it_says():
    """A step between inputs one spacing apart, noise of 2 % of the span: 95 % one-sided, 400 curves, 4 binomial s.e."""
    generator = np.random.default_rng(11)
    vin, kept, count = np.linspace(-0.4, 0.4, 9), 0, 0
    for _ in range(400):
        offset, v0 = generator.uniform(-0.1, 0.1), generator.uniform(0.002, 0.03)
        mean = tanh_law(vin, v0, offset, 0.4, 0.0) + 0.016 * generator.standard_normal(9)
        fit = fit_tanh(vin, mean, np.full(9, 0.016))
        if not fit.resolved:
            count += 1
            kept += fit.v0_max >= v0
    assert count > 300
    assert kept / count > 0.95 - 4 * np.sqrt(0.95 * 0.05 / count)


def test_outputs_of_unknown_error_do_not_settle_a_width():
    """Seven inputs in the transition at which the junction never switched say nothing of its width."""
    mean = tanh_law(VIN, 0.05, 0.0, 0.4, 0.0)
    errors = np.where(np.abs(VIN) < 0.15, np.nan, 1e-3)
    fit = fit_tanh(VIN, mean, errors)
    assert not fit.resolved and "standard error of the output is known at" in fit.reason
    assert fit_tanh(VIN, mean, np.where(np.abs(VIN) > 0.1, np.nan, 1e-3)).resolved
