"""Chain of junctions without a simulator: netlist, sources, limits, calibration, maps."""

from __future__ import annotations

import numpy as np
import pytest

from spinspice.benches.chain import PulseTrain, Ramp
from spinspice.cells.chain import JunctionChain, check_breakdown, source_currents
from spinspice.devices import Macrospin, MacrospinSOT, Telegraph
from spinspice.devices.laws.calibration import as_macrospin, calibrated
from spinspice.devices.laws.resistance import state_voltage
from spinspice.devices.laws.thresholds import AP, P, ramp_threshold
from spinspice.errors import CircuitError, ParameterError, ResultError, UsageError
from spinspice.networks.chain.configuration_map import switching_map
from spinspice.networks.chain.spice import RESET_FAILURE, SpiceChain, chain_testbench
from spinspice.networks.chain.thresholds import ramp_chain, switching_inputs
from spinspice.plotting import plot_reproduction
from spinspice.presets.lopez2024 import (
    BREAKDOWN_VOLTAGE,
    DELTA,
    JUNCTIONS,
    LOPEZ2024,
    RAMP_RATE,
    RESET_CURRENT,
    SWITCHING_CURRENTS,
)
from spinspice.reproduce.base import Curve, Panel, Reproduction
from spinspice.waveforms import Waveforms

CONTROLS = (-500e-6, -500e-6, -500e-6)


@pytest.mark.parametrize("size", [1, 3, 16])
def test_every_junction_hangs_between_its_tap_and_the_next(size):
    text = str(JunctionChain([JUNCTIONS[0]] * size))
    ends = [f"n{i}" for i in range(1, size + 1)] + ["common"]
    for i in range(1, size + 1):
        assert f"Vm{i} {ends[i - 1]} f{i} 0" in text
        assert f"Xmtj{i} f{i} {ends[i]} state{i} count{i} mtj_telegraph" in text
        assert f"seed={{seed{i}}}" in text


def test_sources_add_up_to_the_controls_and_the_input():
    controls = np.array([-460e-6, -380e-6, -560e-6])
    feeds = source_currents(controls, 3e-4)
    assert np.cumsum(feeds) == pytest.approx(controls + 3e-4)
    text = chain_testbench(JUNCTIONS, PulseTrain(slots=2), controls).circuit
    assert "Idc2 0 n2 dc {c2-c1}" in text and "Idc3 0 n3 dc {c3-c2}" in text and "{c1+in2}" in text


def test_bad_chains():
    with pytest.raises(CircuitError, match="a chain of 0 junctions; it has 1 to 64"):
        JunctionChain([])
    with pytest.raises(CircuitError, match="a chain of 65 junctions"):
        JunctionChain([JUNCTIONS[0]] * 65)
    with pytest.raises(CircuitError, match="two-terminal junction"):
        JunctionChain([MacrospinSOT()])


def test_breakdown_says_which_junction_and_what_it_bears():
    volts = check_breakdown(JUNCTIONS, [-500e-6, 300e-6, 100e-6], BREAKDOWN_VOLTAGE)
    assert volts[0] == pytest.approx(float(state_voltage(JUNCTIONS[0], 500e-6, False)))
    with pytest.raises(
        ParameterError, match=r"across junction 2 at -1300 uA .* breakdown voltage of 1.5 V.* below 1(\d+)"
    ):
        check_breakdown(JUNCTIONS, [-500e-6, -1300e-6, 0.0], BREAKDOWN_VOLTAGE)
    with SpiceChain() as chain, pytest.raises(ParameterError, match="across junction 3 at 1500 uA"):
        chain.switched([2e-3], (-600e-6, -600e-6, -500e-6))
    with pytest.raises(ParameterError, match="breakdown voltage of 0.6 V"):
        ramp_chain(CONTROLS, breakdown=0.6)


def test_a_junction_that_cannot_be_reset():
    with SpiceChain() as chain:
        with pytest.raises(CircuitError, match=r"junction 2 cannot be reset: at its control current of -280 uA"):
            chain.switched([5e-4], (-500e-6, -280e-6, -500e-6))
        with pytest.raises(CircuitError, match="junction 1 cannot be reset.*-3[0-9][0-9] uA or less"):
            chain.switched([5e-4], (0.0, -500e-6, -500e-6))
        for device in JUNCTIONS:
            limit = chain.pulses.highest_control(device, RESET_FAILURE)
            assert chain.pulses.reset_failure(device, limit) == pytest.approx(RESET_FAILURE, rel=1e-6)
            assert limit > -380e-6  # the least negative control current of the paper resets


def test_bad_requests():
    with SpiceChain() as chain:
        with pytest.raises(UsageError, match="a chain of 3 junctions takes 3"):
            chain.switched([5e-4], (-500e-6, -500e-6))
        with pytest.raises(UsageError, match="up to 7 finite currents"):
            chain.run([np.nan], CONTROLS)
    with pytest.raises(ParameterError, match="idle = 0 s is outside"):
        PulseTrain(idle=0.0)
    with pytest.raises(ParameterError, match="Ramp.stop, above its start"):
        Ramp(start=1e-3, stop=0.0)
    with pytest.raises(ParameterError, match="ramps of a chain"):
        ramp_chain(CONTROLS, runs=1)


def test_a_junction_that_did_not_switch_or_reset_is_named():
    """From made-up waveforms: junction 2 at its antiparallel resistance throughout, or parallel at the start."""
    time = np.array([0.0, 4.9e-3, 5.0e-3, 5.01e-3, 10.01e-3, 10.02e-3])
    current = np.array([-5e-4, -5e-4, -5e-4, 5e-4, 5e-4, -5e-4])
    antiparallel = np.array([float(state_voltage(JUNCTIONS[0], i, False)) for i in current])
    parallel = current * JUNCTIONS[0].R_P
    signals = {"v(n1)": parallel + antiparallel, "v(n2)": antiparallel}
    signals |= {"i(v.x1.vm1)": current, "i(v.x1.vm2)": current}
    waves = Waveforms(time, signals)
    with pytest.raises(ResultError, match="junction 2 did not switch on a ramp of the input up to 1000 uA"):
        switching_inputs(waves, JUNCTIONS[:2], Ramp())
    with pytest.raises(ResultError, match="junction 1 was still parallel when input 1 began"):
        SpiceChain(JUNCTIONS[:2], PulseTrain(slots=1)).read(waves)


@pytest.mark.parametrize("number", [0, 1, 2])
def test_the_junctions_of_the_preset_are_calibrated(number):
    device, out_of_AP = JUNCTIONS[number], SWITCHING_CURRENTS[number]
    assert ramp_threshold(device, RAMP_RATE, AP).mean == pytest.approx(out_of_AP, rel=1e-9)
    assert ramp_threshold(device, RAMP_RATE, P).mean == pytest.approx(RESET_CURRENT, rel=1e-9)
    again = calibrated(device.replace(field=0.0, I_c=3e-4), out_of_AP, RESET_CURRENT, RAMP_RATE)
    assert (again.I_c, again.field) == pytest.approx((device.I_c, device.field), rel=1e-9)


def test_what_cannot_be_calibrated():
    with pytest.raises(ParameterError, match="leave no range in which both states are stable"):
        calibrated(JUNCTIONS[0], -300e-6, 224e-6, RAMP_RATE)
    with pytest.raises(ParameterError, match="no junction of 5 k_B T"):
        calibrated(JUNCTIONS[0].replace(delta=5.0), 224e-6, -300e-6, RAMP_RATE)


def test_macrospins_have_the_barrier_and_the_field_of_the_junctions():
    for device in JUNCTIONS:
        body = as_macrospin(device, LOPEZ2024.device)
        assert isinstance(body, Macrospin)
        assert body.replace(Bx=0.0).delta == pytest.approx(DELTA)
        assert body.Bx / body.B_k == pytest.approx(device.field)
        assert body.alpha / as_macrospin(device.replace(I_c=2 * device.I_c), body).alpha == pytest.approx(0.5)


class Ideal:
    """A chain with sharp thresholds."""

    def switched(self, inputs, controls, seed):
        return inputs[:, None] + controls > np.array(SWITCHING_CURRENTS)


def test_maps_find_thresholds_and_configurations():
    inputs = np.arange(350e-6, 801e-6, 10e-6)
    made = switching_map(Ideal(), inputs, CONTROLS)
    assert len(np.unique(made.configuration)) == 16
    assert made.configuration[-1, 0] == 12  # 3A 0B
    assert made.reversals() == 0
    mean, error = made.thresholds()
    assert mean == pytest.approx(np.array([725e-6, 435e-6, 695e-6]), abs=1e-12)
    assert np.all(error == 0.0)
    law = [PulseTrain().threshold(device) for device in JUNCTIONS]
    off, away = made.off_the_law(law, CONTROLS)
    assert off == 0 < away < made.configuration.size
    worse = made.switched.copy()
    worse[0, 0, 0] = True
    flawed = type(made)(inputs, worse)
    assert flawed.off_the_law(law, CONTROLS)[0] == 1
    assert flawed.reversals() > 0


def test_a_map_can_be_drawn_and_stored(tmp_path):
    made = switching_map(Ideal(), np.linspace(350e-6, 800e-6, 12), CONTROLS)
    curve = Curve(x=made.inputs, y=made.inputs, z=made.configuration, names=("0A 0B",), kind="map")
    panel = Panel(title="map", xlabel="A", ylabel="B", curves=(curve,))
    figure = Reproduction(name="map", title="map", source="made up", rows=(), panels=(panel,))
    assert plot_reproduction(figure, tmp_path / "map.png").stat().st_size > 1000
    assert np.array_equal(figure.to_dict()["panels"][0]["curves"][0]["z"], made.configuration)


def test_a_pulse_train_knows_its_input_current():
    pulses = PulseTrain(slots=3)
    middle = pulses.period * np.arange(3) + pulses.idle + pulses.edge + 0.5 * pulses.hold
    assert pulses.current(middle, [1e-4, 2e-4]) == pytest.approx([1e-4, 2e-4, 0.0])
    assert pulses.current(pulses.period * np.arange(3) + 0.5 * pulses.idle, [1e-4, 2e-4]) == pytest.approx([0, 0, 0])


def test_the_short_pulses_of_a_voltage_driven_junction_have_no_threshold_in_current():
    with pytest.raises(UsageError, match="driven by current"):
        PulseTrain().threshold(Telegraph(delta=60.0))
