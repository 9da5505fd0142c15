"""Comparators of transistors on the chain: they see what the voltages show, disturb nothing; their energy closes."""

from __future__ import annotations

import numpy as np
import pytest

from spinspice.benches.chain import PulseTrain
from spinspice.benches.chain_sensing import Sensing
from spinspice.networks.chain.behavioural import BehaviouralChain
from spinspice.networks.chain.spice import SpiceChain
from spinspice.papers.lopez2024.budget import READ_LOW
from spinspice.papers.lopez2024.stt_chain import chain_of_small
from spinspice.presets import load_preset
from spinspice.presets.lopez2024 import JUNCTIONS

CONTROLS = np.full(3, -500e-6)
ONE = PulseTrain(slots=2, idle=40e-6, edge=100e-9, hold=40e-6)


@pytest.mark.parametrize(
    "engine",
    [
        pytest.param("ngspice", marks=pytest.mark.engine("ngspice", model="verilog-a")),
        pytest.param("vacask", marks=pytest.mark.engine("vacask")),
    ],
)
def test_comparators_see_what_the_voltages_show(engine):
    """Every count of switched junctions, and toss-ups of each junction: decisions are those of the sense voltages."""
    with SpiceChain(readout="comparator", engine=engine) as chain:
        laws = [chain.pulses.threshold(device) for device in JUNCTIONS]
        middles = [float(law.quantile(0.5)) - control for law, control in zip(laws, CONTROLS, strict=True)]
        waves = chain.run([300e-6, 620e-6, 735e-6, 950e-6, *middles], CONTROLS, seed=3)
        decided = chain.read(waves)
        assert np.array_equal(decided, chain.read_voltages(waves))
        assert decided[:4].sum(axis=1).tolist() == [0, 1, 2, 3]
        # The state at the decision is also that at the end of the hold: the read changed none.
        ends = chain.pulses.period * np.arange(7) + chain.pulses.reading - chain.pulses.fall
        for i in range(3):
            drop = waves[f"v(n{i + 1})"] - (waves[f"v(n{i + 2})"] if i < 2 else 0.0)
            current = np.interp(ends, waves.time, waves[f"i(v.x1.vm{i + 1})"])
            known = np.abs(current) > 30e-6
            resistance = np.interp(ends, waves.time, drop)[known] / current[known]
            assert np.array_equal(resistance < 1.3 * JUNCTIONS[i].R_P, decided[known, i])


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.engine("ngspice", model="verilog-a")
def test_comparators_and_twin_agree_on_500_inputs():
    """(I_A, I_B, I_C) at random: I_A and I_B on the same control currents, I_C shifts them; 3 sd from thresholds."""
    generator = np.random.default_rng(7)
    agree = away = differs = 0
    with SpiceChain(readout="comparator") as chain:
        twin = BehaviouralChain.from_devices(pulses=chain.pulses)
        sd = np.array([law.sd for law in twin.thresholds])
        for number in range(72):
            inputs = generator.uniform(300e-6, 950e-6, 7)
            controls = CONTROLS - generator.uniform(0.0, 100e-6, 3)
            waves = chain.run(inputs, controls, seed=number)
            found = chain.read(waves)
            differs += int(np.sum(found != chain.read_voltages(waves)))
            distance = inputs[:, None] + controls - twin.means
            far = (np.abs(distance) > 3 * sd).all(axis=1)
            agree += int(((found == (distance > 0)).all(axis=1) & far).sum())
            away += int(far.sum())
    print(f"comparators: {agree} of {away} as the law says, {differs} of 1,512 decisions off the voltages")
    assert differs == 0
    assert away > 300
    assert agree >= 0.99 * away


@pytest.mark.engine("ngspice", model="verilog-a")
@pytest.mark.parametrize(("current", "switched"), [(300e-6, 0), (950e-6, 3)])
def test_energy_of_a_read_closes(current, switched):
    with SpiceChain(readout="comparator", pulses=ONE, probes="elements", engine="ngspice") as chain:
        waves = chain.run([current, current], CONTROLS, seed=1)
        comparators = chain.comparators
    assert comparators.decisions(waves)[-1].sum() == switched
    found, energies = comparators.audit(waves), comparators.energies(waves)
    assert abs(found.closure) < 5e-3
    assert sum(found.delivered.values()) == pytest.approx(sum(energies.values()))
    assert set(energies) == {"supply", "isolation", "clock", "read", "replica"}
    # What the read current spends in a junction: I V over its slot, whose edges are ramps.
    slot, reading = chain.sensing, comparators.currents[0]
    volts = JUNCTIONS[0].R_P * reading + (0.0 if switched else slot.window)
    assert found.blocks["junctions"] == pytest.approx(3 * volts * reading * (slot.slot - 3 * slot.rise), rel=0.1)
    assert found.blocks["reference"] == pytest.approx(energies["replica"], rel=0.05)
    assert sum(energies.values()) / 3 < READ_LOW


@pytest.mark.engine("ngspice", model="verilog-a")
@pytest.mark.parametrize("size", [1, 5])
def test_chains_of_any_length_are_read(size):
    """Small junctions under pulses of 10 ns: those with 20 uA stay antiparallel, those with 40 uA are parallel."""
    found = chain_of_small(size)
    controls = np.where(np.arange(size) % 2, found.controls, found.controls - 20e-6)
    with SpiceChain(found.devices, found.pulses, readout="comparator", sensing=found.sensing) as chain:
        waves = chain.run([found.current] * found.pulses.slots, controls, seed=1)
        decided = chain.read(waves)
    assert np.array_equal(decided, np.tile(np.arange(size) % 2 == 1, (found.pulses.slots, 1)))


def test_presets_of_small_chains():
    assert chain_of_small(3).devices[0].R_P == load_preset("sttmram").device.R_P
    assert isinstance(chain_of_small(3).sensing, Sensing)
