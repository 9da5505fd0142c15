"""Stochastic resonance of a macrospin: response and noise against exact limits and the full equation of motion."""

from __future__ import annotations

import numpy as np
import pytest

from spinspice.devices.laws.driven import linear_response
from spinspice.devices.laws.fokker_planck import escape_rate, time_unit
from spinspice.devices.laws.macrospin_resonance import resonance
from spinspice.devices.reference.macrospin import simulate_macrospin
from spinspice.errors import ParameterError
from spinspice.presets import load_preset


@pytest.mark.parametrize("delta", [0.5, 2.0, 4.0, 8.0])
def test_a_slow_drive_sees_the_boltzmann_law(delta):
    """d<x>/di = -2 Delta <x^2> for p ~ exp(Delta x^2 - 2 Delta i x)."""
    x = np.linspace(-1.0, 1.0, 20001)
    weight = np.exp(delta * (x**2 - 1.0))
    moment = float((x**2 * weight).sum() / weight.sum())
    assert resonance(delta, 1e-5).susceptibility.real == pytest.approx(-2.0 * delta * moment, rel=5e-4)


@pytest.mark.parametrize("delta", [1.0, 4.0, 12.0])
@pytest.mark.parametrize("omega", [1e-3, 0.05, 0.5, 3.0])
def test_response_and_noise_obey_the_fluctuation_dissipation_theorem(delta, omega):
    found = resonance(delta, omega)
    assert found.noise == pytest.approx(2.0 * abs(found.susceptibility.imag) / (delta * omega), rel=1e-4)
    assert 0.0 < found.lag < 180.0


def test_a_high_barrier_is_a_two_state_junction():
    """Rates of both wells r e^(-+2 Delta i x), eta = 2 Delta x_well: amplitude and lag of the telegraph law."""
    delta = 14.0
    rate = escape_rate(delta)
    for ratio in (0.5, 2.0):
        found, law = resonance(delta, ratio * rate), linear_response(rate, 1.0, ratio * rate)
        well = float(np.sqrt(-resonance(delta, 1e-9).susceptibility.real / (2.0 * delta)))
        assert abs(found.susceptibility) == pytest.approx(2.0 * delta * well**2 * law.amplitude, rel=0.01)
        assert found.lag == pytest.approx(law.lag, abs=0.5)


def test_noise_helps_up_to_a_point():
    """Barrier and drive fixed, temperature varied: response and signal-to-noise ratio have a largest value within."""
    heat = np.linspace(0.08, 2.0, 60)  # k_B T over the barrier
    found = [resonance(1.0 / t, 0.01) for t in heat]
    response, ratio = [abs(f.susceptibility) for f in found], [f.signal_to_noise(0.1) for f in found]
    assert 0.1 < heat[np.argmax(response)] < 0.3
    assert heat[np.argmax(ratio)] == pytest.approx(0.393, abs=0.04)  # not the half of the two-state junction
    assert response[-1] < 0.5 * max(response)


@pytest.mark.parametrize(("delta", "omega"), [(2.0, 0.5), (4.0, 0.05)])
def test_the_full_equation_of_motion_responds_as_much(delta, omega):
    """64 magnets under i = 0.1 cos(w t): both quadratures of mz within four standard errors."""
    device = load_preset("sttmram").device.replace(alpha=0.2).with_delta(delta)
    unit = time_unit(device)
    device = device.replace(dt=0.02 * unit, max_step=0.01 * unit)
    period = 2.0 * np.pi / omega * unit
    periods = max(8, round(400.0 / (2.0 * np.pi / omega)))
    # the first period is left out; a positive current, free to ref, favours P, mz = +1
    time = np.linspace(0.0, (periods + 1) * period, 60 * (periods + 1) + 1)
    current = -0.1 * device.I_c0 * np.cos(2.0 * np.pi * time / period)
    run = simulate_macrospin(device, time[-1], np.arange(1, 65), current=(time, current), decimate=10)
    late = run.time >= period
    phase = np.exp(2j * np.pi * run.time[late] / period)
    found = 2.0 * (run.m[:, late, 2] * phase).mean(axis=1)
    error = [part.std(ddof=1) / 8.0 for part in (found.real, found.imag)]
    expected = 0.1 * resonance(delta, omega).susceptibility
    assert abs(found.real.mean() - expected.real) < 4 * error[0]
    assert abs(found.imag.mean() - expected.imag) < 4 * error[1]
    assert max(error) < 0.15 * abs(expected)


def test_frequencies_and_barriers_out_of_range_are_refused():
    with pytest.raises(ParameterError, match="omega"):
        resonance(4.0, 0.0)
    with pytest.raises(ParameterError, match="delta"):
        resonance(200.0, 1.0)
