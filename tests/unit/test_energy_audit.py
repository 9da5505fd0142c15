"""Energy audit on waveforms whose energies are known in closed form."""

from __future__ import annotations

import numpy as np
import pytest

from spinspice.analysis.energy import Capacitor, QuasiStatic, Source, Terminal, audit
from spinspice.analysis.spectrum import CorrelationTime
from spinspice.errors import ParameterError, ResultError, SignalError
from spinspice.waveforms import Waveforms

R, C, V = 1e3, 1e-12, 0.8
TAU = R * C


@pytest.fixture
def charging():
    """A source charges C through R for ten time constants: it gives C V^2, half is stored and half is lost."""
    t = np.linspace(0.0, 10 * TAU, 4001)
    vc = V * -np.expm1(-t / TAU)
    i = (V - vc) / R
    return Waveforms(t, {"v(in)": np.full_like(t, V), "v(c)": vc, "i(vin)": -i, "i(vm)": i})


SOURCES = [Source("vin", "v(in)", "i(vin)")]
RESISTOR = [Terminal("load", "r", "v(in)", "i(vm)"), Terminal("load", "r", "v(c)", "i(vm)", -1.0)]


def test_half_of_what_charges_a_capacitor_is_lost(charging):
    result = audit(charging, RESISTOR, SOURCES, [Capacitor("c", "v(c)", C)], ohmic=["load"])
    # Trapezoid of an exponential at 400 points a time constant: relative error (1/400)^2 / 12 = 5e-7; tails exp(-10).
    assert result.delivered["vin"] == pytest.approx(C * V**2, rel=1e-4)
    assert result.stored["c"] == pytest.approx(C * V**2 / 2, rel=1e-4)
    assert result.blocks == {"load": pytest.approx(C * V**2 / 2, rel=1e-4)}
    assert abs(result.closure) < 1e-6
    assert result.power["load"] == pytest.approx(C * V**2 / 2 / (10 * TAU), rel=1e-4)
    assert result.switching_power == {"load": 0.0}


def test_a_forgotten_pin_or_element_shows(charging):
    assert audit(charging, RESISTOR, SOURCES).closure == pytest.approx(0.5, abs=1e-4)
    assert abs(audit(charging, RESISTOR[:1], SOURCES, [Capacitor("c", "v(c)", C)]).closure) > 0.4


def test_static_is_what_flows_when_nothing_moves():
    t = np.linspace(0.0, 1e-9, 1001)
    v = 0.5 + 0.3 * np.sin(2e10 * np.pi * t)
    displacement = 1e-15 * np.gradient(v, t)
    i = 1e-4 * v + displacement + 2e-6
    waves = Waveforms(t, {"v(a)": v, "i(vm)": i, "v(s)": v, "i(vs)": -i})
    still = QuasiStatic("v(a)", np.linspace(0, 1, 101), {"x": 1e-4 * np.linspace(0, 1, 101) ** 2})
    result = audit(waves, [Terminal("x", "x", "v(a)", "i(vm)")], [Source("s", "v(s)", "i(vs)")], quasi_static=still)
    assert result.static_power["x"] == pytest.approx(1e-4 * (0.25 + 0.045), rel=1e-3)
    assert result.switching_power["x"] == pytest.approx(2e-6 * 0.5, rel=2e-2)  # the displacement comes back


def test_a_decision_costs_the_whole_power_for_one_correlation_time(charging):
    result = audit(charging, RESISTOR, SOURCES, [Capacitor("c", "v(c)", C)])
    assert result.per_decision(150e-12) == pytest.approx(result.total_power * 150e-12)
    data = result.to_dict(CorrelationTime(150e-12, 9e-12, 100e-12, 6e-12))
    values = {"power", "total_power", "static", "switching", "per_decision", "decision_time"}
    assert set(data) == {*values, *(f"{name}_stderr" for name in values), "closure"}
    # Nothing fluctuates here, so nothing tells how sure the power is.
    assert data["decision_time_stderr"] == 9e-12 and np.isnan(data["per_decision_stderr"])
    assert "per_decision" not in result.to_dict()
    with pytest.raises(ParameterError, match="tau = 0"):
        result.per_decision(0.0)


def test_audits_that_cannot_be_made_say_why(charging):
    with pytest.raises(SignalError, match="no signal 'i\\(vx\\)'"):
        audit(charging, RESISTOR, [Source("vx", "v(in)", "i(vx)")])
    with pytest.raises(ResultError, match="deliver no energy"):
        audit(charging, RESISTOR, [])
    point = Waveforms(np.zeros(1), {name: values[:1] for name, values in charging.items()})
    with pytest.raises(ResultError, match="needs a stretch of time, got 1 point"):
        audit(point, RESISTOR, SOURCES)
