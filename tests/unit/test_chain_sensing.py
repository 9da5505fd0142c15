"""Reading a chain with comparators: currents, references, timing, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

from spinspice.benches.chain import PulseTrain
from spinspice.benches.chain_sensing import SETTLED, SenseBench, Sensing
from spinspice.cells.chain import WARNING_LEVEL, check_breakdown
from spinspice.cells.comparator import ComparatorSizing
from spinspice.cells.sense import PAIR, JunctionSense, read_current, reference_resistor, sense_cells, wide_pair
from spinspice.cmos import get_technology
from spinspice.devices.laws.resistance import conductance, state_voltage
from spinspice.errors import CircuitError, EngineError, ParameterError, UsageError
from spinspice.networks.chain.spice import SpiceChain
from spinspice.papers.lopez2024.stt_chain import CURRENT, chain_of_small
from spinspice.presets.lopez2024 import BREAKDOWN_VOLTAGE, JUNCTIONS
from spinspice.waveforms import Waveforms

CONTROLS = np.full(3, -500e-6)
TRAIN = PulseTrain(slots=2, idle=40e-6, edge=100e-9, hold=40e-6)


@pytest.mark.parametrize("window", [20e-3, 50e-3, 150e-3])
def test_read_current_makes_the_window_and_the_reference_halves_it(window):
    device = JUNCTIONS[0]
    current = read_current(device, window)
    low, high = (float(state_voltage(device, current, parallel)) for parallel in (True, False))
    assert high - low == pytest.approx(window, rel=1e-4)
    assert current * reference_resistor(device, current) == pytest.approx(low + window / 2, rel=1e-3)


def test_no_current_makes_a_window_that_the_bias_closes():
    with pytest.raises(ParameterError, match="no read current makes 600 mV .* mV at most. Lower the window"):
        read_current(JUNCTIONS[0], 0.6)
    with pytest.raises(ParameterError, match="no read current makes 50 mV .* TMR = 0"):
        read_current(JUNCTIONS[0].replace(TMR=0.0))
    with pytest.raises(ParameterError, match="window = 0"):
        read_current(JUNCTIONS[0], 0.0)


def test_comparators_have_a_wide_pair_and_names_of_their_own():
    technology = get_technology("generic")
    assert wide_pair(technology).w_pair == PAIR * ComparatorSizing.for_technology(technology).w_pair
    cells = sense_cells(JUNCTIONS, [40e-6] * 3, vdd=1.2)
    assert [cell.name for cell in cells] == ["sense1", "sense2", "sense3"]
    assert {pin.block for pin in cells[0].rebuilt(probes="elements").pins} == set(JunctionSense.blocks)
    with pytest.raises(ParameterError, match="R_ref = 0 Ohm"):
        JunctionSense(0.0)
    with pytest.raises(CircuitError, match="strongarm"):
        JunctionSense(1e3, topology="strong")


def test_slots_of_a_read_follow_each_other_within_the_pause():
    sensing = Sensing.for_chain(JUNCTIONS)
    train = sensing.pulses(TRAIN, 3)
    begins = [sensing.begins(train, i) for i in range(3)]
    assert np.diff(begins) == pytest.approx(sensing.slot)
    assert begins[0] > train.reading and begins[-1] + sensing.slot < train.reading + train.read
    assert sensing.samples(train)[1] - sensing.samples(train)[0] == pytest.approx(train.period)
    assert train.period == pytest.approx(80.1e-6 + train.read + 2 * sensing.rise)


def test_longer_chains_are_given_time_to_settle():
    small = chain_of_small(16)
    cell = sense_cells(small.devices[:1], [1e-6], vdd=1.2)[0]
    assert small.sensing.settle == pytest.approx(SETTLED * 16 * small.devices[0].R_AP * cell.C_hold)
    assert Sensing.for_chain(JUNCTIONS).settle == Sensing.settle
    assert small.controls + small.current == pytest.approx(np.full(16, CURRENT))


def test_control_currents_are_off_while_the_chain_is_read():
    train = Sensing().pulses(TRAIN, 3)
    middle = train.reading + train.read / 2
    times = np.array([0.0, 20e-6, 60e-6, middle, train.period, train.period + middle])
    assert train.gate(times) == pytest.approx([1, 1, 1, 0, 1, 0])
    assert train.current(times, [5e-4, 6e-4]) == pytest.approx([0, 0, 5e-4, 0, 0, 0])
    assert TRAIN.gate(times).tolist() == [1.0] * 6
    assert TRAIN.waveform("c2-c1", carries_input=False) == "dc {c2-c1}"
    assert train.waveform("c2-c1", carries_input=False).count("{c2-c1}") == 1 + 2 * 4


def test_what_a_read_refuses():
    with pytest.raises(ParameterError, match=r"edges of 2e-10 s in a read after inputs of 0.01.* shorter"):
        Sensing().pulses(PulseTrain(), 3)
    with pytest.raises(ParameterError, match=r"Sensing.high"):
        Sensing(high=0.0)
    with pytest.raises(UsageError, match=r"readout = 'comparators' of a chain. Did you mean comparator"):
        SpiceChain(readout="comparators")
    chain = SpiceChain(readout="comparator", sensing=Sensing(bearable=0.3))
    with pytest.raises(
        ParameterError, match=r"top of the chain goes to -2.\d+ V .* below the -0.9 V .* 0.7\d+ V or more"
    ):
        chain.run([5e-4], CONTROLS)


def test_an_output_between_its_levels_is_no_decision():
    bench = SenseBench(JUNCTIONS, Sensing().pulses(TRAIN, 3), Sensing())
    time = np.linspace(0.0, bench.pulses.duration, 5)
    waves = Waveforms(time, {f"v(out{i})": np.full(5, 0.6 if i < 3 else 0.1) for i in (1, 2, 3)})
    with pytest.raises(EngineError, match=r"comparator of junction 3 is at 0.1 V after input 1"):
        bench.decisions(waves)


def test_near_breakdown_there_is_a_warning():
    limit = BREAKDOWN_VOLTAGE
    current = 0.95 * limit * float(conductance(JUNCTIONS[0], 0.95 * limit, -1.0))
    with pytest.warns(UserWarning, match=r"1.4\d V across junction 1 .* within 10 % of its breakdown voltage of 1.5 V"):
        check_breakdown(JUNCTIONS, [current, 0.0, 0.0], limit)
    below = WARNING_LEVEL * limit * float(conductance(JUNCTIONS[0], WARNING_LEVEL * limit, -1.0)) * 0.999
    check_breakdown(JUNCTIONS, [below, 0.0, 0.0], limit)  # no warning: it would be an error here
