"""Synapses of p-bits in the circuit: weights achieved against asked, what is out of reach, and what networks sample."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from spinspice.cells import ClockedPBit, PBit
from spinspice.cells.summing import SummingAmplifier
from spinspice.devices import TelegraphField
from spinspice.engines import get_engine
from spinspice.errors import CircuitError, ParameterError, ResultError
from spinspice.networks.pbits import exact, gates
from spinspice.networks.pbits.circuit import PBitNetwork
from spinspice.networks.pbits.ising import Ising
from spinspice.networks.pbits.sequencer import Sequencer
from spinspice.networks.pbits.synapse_amplifiers import measured
from spinspice.networks.pbits.synapse_transistors import programme_testbench, programmed
from spinspice.networks.pbits.weights import achieved, weights_testbench
from spinspice.presets import load_preset
from spinspice.studies import run
from spinspice.studies.pbits import TELEGRAPH

pytestmark = pytest.mark.engine("ngspice")

TECHNOLOGIES = ("generic", "sky130")
DEVICE = TelegraphField(**TELEGRAPH)


def bsn(technology):
    """A p-bit whose input is the gate of a transistor."""
    return PBit(load_preset("faria2021").device.replace(max_step=5e-12), technology)


def of(ising, cell, synapse, I0=1.0, **more):
    return PBitNetwork(ising=ising, cell=cell, V0=10e-3, v0=1e-3, I0=I0, synapse=synapse, **more)


def weights(network):
    return achieved(network, get_engine("ngspice").run(weights_testbench(network)))


def known(network):
    """The network with what its synapses must know of themselves."""
    if network.synapse == "transistors":
        waves = get_engine("ngspice").run(programme_testbench(network.cell))
        return dataclasses.replace(network, programme=programmed(waves))
    if network.synapse == "amplifiers":
        found = weights(network)
        return dataclasses.replace(network, amplifier=measured(network.asked, found.J, found.h))
    return network


@pytest.mark.parametrize("technology", TECHNOLOGIES)
@pytest.mark.parametrize(
    ("synapse", "weight", "field", "bend"),
    [
        ("sum", 1e-4, 1e-4, 1e-4),
        ("resistors", 5e-3, 5e-3, 1e-3),  # drivers of some resistance
        ("capacitors", 0.02, 0.03, 0.02),  # the gate's own capacitance
        ("amplifiers", 0.01, 0.05, 0.01),  # a gain of 6 to 10, known; one offset for all nodes
        ("transistors", 0.05, 0.1, 0.07),  # a current falls as its node does
    ],
)
def test_weights_achieved_of_an_and_gate(technology, synapse, weight, field, bend):
    """J within ``weight`` of the largest, h within ``field``, the plane within ``bend`` of an input of 1."""
    ising = gates.and_gate()
    found = weights(known(of(ising, bsn(technology), synapse)))
    off = [np.abs(found.J - ising.J).max() / 2, np.abs(found.h - ising.h).max(), found.bend.max()]
    print(f"\n{technology} {synapse}: J {off[0]:.2g} of the largest, h {off[1]:.2g}, bend {off[2]:.2g}", flush=True)
    assert off[0] < weight and off[1] < field and off[2] < bend


def test_an_amplifier_that_is_not_known_loses_what_its_gain_says():
    network = of(gates.and_gate(), bsn("generic"), "amplifiers")
    found = weights(network)
    amplifier = measured(network.asked, found.J, found.h)
    assert 5 < amplifier.gain < 20 and abs(amplifier.offset) < 3e-3
    assert np.all(np.abs(found.J[network.ising.J != 0]) < 0.95 * np.abs(network.ising.J[network.ising.J != 0]))
    with pytest.raises(ResultError, match="no finite gain"):
        measured(network.asked, 2 * np.asarray(network.ising.J), np.asarray(network.ising.h))


def test_programmable_weights_change_between_runs_of_one_circuit():
    """Twice the current, twice the coupling: the voltage of a weight is an input like any other."""
    network = known(of(gates.copy(), bsn("generic"), "transistors", I0=0.5))
    at = []
    for factor in (1.0, 2.0):
        scaled = dataclasses.replace(network, ising=network.ising.scaled(factor))
        inputs = scaled.network().inputs
        assert set(inputs) == set(network.network().inputs)
        at.append(weights(scaled).J[0, 1])
    assert at[1] / at[0] == pytest.approx(2.0, rel=0.05)


@pytest.mark.parametrize("synapse", ["capacitors", "amplifiers", "transistors"])
def test_clocked_cells_take_any_synapse(synapse):
    device = load_preset("faria2021").device.replace(max_step=5e-12)
    cell = ClockedPBit(device, junctions=2)
    network = known(of(gates.copy(), cell, synapse, sequencer=Sequencer(clock=1e-9)))
    assert weights(network).J[0, 1] == pytest.approx(1.0, rel=0.06)
    waves = get_engine("ngspice").run(network.network().testbench(stop=3e-9, step=5e-12))
    assert network.rows(waves).size == 1


@pytest.mark.parametrize(
    ("synapse", "I0", "message"),
    [
        ("capacitors", 0.02, "coupling a_b asks for 0.025 fF .* less than the 0.1 fF .*Take I0 = 0.08 or more"),
        ("capacitors", 30.0, "Take I0 up to"),
        ("amplifiers", 4.0, "sum at p-bit a reaches 0.161 V .* goes to 0.16 V. Take I0 up to 3.98"),
        ("transistors", 1e-5, "coupling a_b of -1 is out of reach .* they make 1e.02"),
        ("transistors", 9.0, "node of p-bit c must hang on .* Take I0 up to"),
        ("transistor", 1.0, "unknown synapse 'transistor'"),
    ],
)
def test_weights_out_of_reach(synapse, I0, message):
    cell = bsn("generic")
    ising = gates.and_gate()
    if synapse == "transistors" and I0 > 1:
        ising = Ising(ising.names, ising.J, -ising.h)
    network = of(ising, cell, synapse, I0=I0)
    with pytest.raises(CircuitError, match=message):
        known(network).network()


def test_programmable_synapses_without_their_currents():
    with pytest.raises(CircuitError, match="run programme_testbench"):
        of(gates.copy(), bsn("generic"), "transistors").network()


def test_a_branch_too_weak_says_what_it_makes():
    network = known(of(gates.copy(), bsn("generic"), "transistors"))
    strong = dataclasses.replace(network, R_node=100.0)
    with pytest.raises(CircuitError, match="coupling a_b of 1 is out of reach of its transistors"):
        strong.network()


def test_bias_of_an_amplifier():
    with pytest.raises(CircuitError, match="Take 1.*e-05 A or more"):
        SummingAmplifier("sky130", bias=1e-7)
    with pytest.raises(ParameterError, match="bias"):
        SummingAmplifier("generic", bias=0.0)
    small = SummingAmplifier("generic", bias=5e-6).rebuilt(probes="none")
    assert small.bias_current == 5e-6 and small.probes == "none"


def test_study_takes_the_synapse():
    """A short run of each: the key is accepted, what is missing is found, power has a block for what is new."""
    for synapse, block in (("capacitors", "synapses"), ("amplifiers", "amplifier"), ("transistors", "synapses")):
        found = run("pbits", gate="copy", update="telegraph", synapse=synapse, duration=200e-9, runs=1, seed=3)
        assert found.synapse == synapse and found.power[block][0] > -1e-6


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("synapse", ["capacitors", "amplifiers", "transistors"])
@pytest.mark.parametrize("I0", [0.3, 0.5, 1.0])
def test_and_gates_sample_boltzmann(synapse, I0):
    """Telegraph p-bits, 6 us: within 4 standard deviations of what sampling alone gives."""
    result = run(
        "pbits", gate="and", update="telegraph", synapse=synapse, I0=I0, duration=3e-6, runs=2, seed=4, unmetered=True
    )
    found, (right, error) = result.to_boltzmann, result.right
    law = exact.boltzmann(gates.and_gate(), I0)
    wanted = law[law > law.max() * (1 - 1e-9)].sum()
    print(f"\n{synapse} I0 = {I0}: {found}, excess {found.excess:.2f}, right {right:.3f} +- {error:.3f} ({wanted:.3f})")
    assert found.excess < 4, str(found)
    assert abs(right - wanted) < 4 * error
