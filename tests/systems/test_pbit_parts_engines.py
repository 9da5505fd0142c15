"""New p-bits, synapses and ramps are the same in every realisation: both engines, both kinds of model."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from spinspice.cells import ModularPBit, PBit, SOTPBit
from spinspice.devices import Macrospin, MacrospinSOT
from spinspice.engines import get_engine
from spinspice.networks.pbits import gates
from spinspice.networks.pbits.circuit import PBitNetwork
from spinspice.networks.pbits.ramp import Ramp
from spinspice.networks.pbits.synapse_transistors import programme_testbench, programmed
from spinspice.networks.pbits.weights import achieved, weights_testbench
from spinspice.presets import load_preset
from spinspice.studies.pbits import MODULAR, SOT

pytestmark = [pytest.mark.engine("ngspice"), pytest.mark.engine("vacask")]


@pytest.mark.parametrize("synapse", ["resistors", "capacitors", "amplifiers", "transistors"])
def test_weights_are_those_of_both_engines(synapse):
    """J and h within 1e-4 of an input of 1, programmed anew on each."""
    device = load_preset("faria2021").device.replace(max_step=5e-12)
    network = PBitNetwork(ising=gates.copy(), cell=PBit(device), V0=10e-3, v0=1e-3, synapse=synapse)
    found = []
    for name in ("ngspice", "vacask"):
        engine, own = get_engine(name), network
        if synapse == "transistors":
            own = dataclasses.replace(network, programme=programmed(engine.run(programme_testbench(network.cell))))
        found.append(achieved(own, engine.run(weights_testbench(own))))
    assert np.abs(found[0].J - found[1].J).max() < 1e-4 and np.abs(found[0].h - found[1].h).max() < 1e-4


@pytest.mark.parametrize(
    "cell", [SOTPBit(MacrospinSOT(**SOT)), ModularPBit(Macrospin(**MODULAR))], ids=["sot", "modular"]
)
def test_magnets_of_new_cells_move_alike(cell):
    """The same seeds: components within 2e-3 after 2.5 ns, outputs within 1 mV, couplings on a ramp."""
    network = PBitNetwork(ising=gates.copy(), cell=cell, V0=10e-3, ramp=Ramp(rest=1e-9, rise=2e-9))
    magnets = [f"v(x{name}.{ports[1]})" for name in "ab" for ports in cell.states.values()]
    outputs = ["v(outb_a)", "v(outb_b)", "v(vin_a)"]
    found = []
    for name, model in (("ngspice", "verilog-a"), ("ngspice", "b-source"), ("vacask", None)):
        bench = network.network().testbench(stop=3e-9, seed=5, step=4e-12, max_step=4e-12, save=[*magnets, *outputs])
        waves = get_engine(name, model).run(bench)
        found.append([float(np.interp(2.5e-9, waves.time, waves[signal])) for signal in (*magnets, *outputs)])
    for other in found[1:]:
        np.testing.assert_allclose(other[: len(magnets)], found[0][: len(magnets)], atol=2e-3)
        np.testing.assert_allclose(other[len(magnets) :], found[0][len(magnets) :], atol=1e-3)
