"""Networks as data: names, nodes, seeds, subcircuits, and what is refused."""

from __future__ import annotations

import pytest
from PySpice.Spice.Netlist import Circuit

from spinspice.benches.chain import PulseTrain
from spinspice.cells import ASN, BSN, ComparatorSizing, ReadOut
from spinspice.cells.chain import JunctionChain
from spinspice.cmos import get_technology
from spinspice.devices import Macrospin, Telegraph
from spinspice.devices.noise import instance_seed
from spinspice.errors import CircuitError, ParameterError
from spinspice.networks import Capacitor, Drive, Gain, Junction, Network, Placed, Resistor, Transistor, WeightedSum
from spinspice.networks.chain.spice import chain_network
from spinspice.networks.metering import sources
from spinspice.presets.lopez2024 import JUNCTIONS
from spinspice.stimuli import Ramp


@pytest.fixture(scope="module")
def cell() -> BSN:
    return BSN(Macrospin())


def pair(cell, **more):
    couplings = {"ab": Resistor("out_a", "vin_b", 91e3), "leak": Resistor("vin_b", "0", 2e3)}
    return Network(**{"cells": {"a": cell, "b": cell}, "couplings": couplings, "inputs": {"vin_a": 0.0}} | more)


def test_ports_go_to_the_rails_and_to_nodes_of_their_cell(cell):
    network = pair(cell, cells={"a": cell, "b": Placed(cell, {"out": "result"})})
    assert network.ports("a") == {p: p if p in ("vdd", "vss") else f"{p}_a" for p in cell.ports}
    assert network.output("b") == "result"
    assert network.observed == ("out_a", "result")


def test_cells_that_are_alike_share_a_subcircuit(cell):
    text = str(pair(cell, cells={"a": cell, "b": BSN(Macrospin())}).circuit())
    assert text.lower().count(".subckt bsn ") == 1


def test_cells_that_differ_have_subcircuits_of_their_own(cell):
    text = str(pair(cell, cells={"a": cell, "b": BSN(Macrospin(R_P=15e3))}).circuit()).lower()
    assert ".subckt bsn " in text and ".subckt bsn_b " in text
    assert "xb vin_b out_b vdd vss mid_b bsn_b seed={seed_b}" in text


def test_every_junction_has_the_stream_of_its_name(cell):
    network = pair(cell, couplings={**pair(cell).couplings, "j": Junction(Macrospin(), "vin_b", "vdd")})
    seeds = network.seeds(7)
    assert seeds == {f"seed_{name}": instance_seed(7, name) for name in ("a", "b", "j")}
    more = network.replace(cells={**network.cells, "c": cell}, inputs={"vin_a": 0.0, "vin_c": 0.0})
    assert {name: more.seeds(7)[name] for name in seeds} == seeds
    streams = [value for seed in range(1, 6) for value in network.seeds(seed).values()]
    assert len(set(streams)) == len(streams)


def test_without_probes_there_is_no_ammeter(cell):
    assert "vm_" not in str(pair(cell).circuit()).lower()
    assert "vm_ab_a out_a ab.a 0" in str(pair(cell, probes="blocks").circuit()).lower()


def test_inputs_may_be_numbers_parameters_and_waveforms(cell):
    class Wave:
        def text(self):
            return "PWL(0 0 1e-9 1)"

    for value, written in ((0.1, "0.1"), ("{vin}", "{vin}"), (Wave(), "pwl(0 0 1e-9 1)")):
        assert f"vin_vin_a vin_a 0 {written}" in str(pair(cell, inputs={"vin_a": value}).circuit()).lower()


def test_a_testbench_keeps_what_is_observed_and_what_is_asked_for(cell):
    bench = pair(cell, outputs=("out_b",)).testbench(stop=1e-9, save=["v(xa.mx)"], parameters={"x": 1.0})
    assert bench.save == ("v(out_b)", "v(xa.mx)")
    assert bench.parameters["x"] == 1.0 and bench.step == cell.device.dt


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"cells": {}, "couplings": {}}, "without cells and couplings"),
        ({"inputs": {}}, "nothing drives the input of cell a, node vin_a"),
        ({"outputs": ("out_c",)}, "no node 'out_c' to keep. Did you mean out_"),
        ({"inputs": {"vin_a": 0.0, "vdd": 1.0}}, "vdd is a rail"),
        ({"load": -1.0}, "load = -1 F is outside"),
    ],
)
def test_what_cannot_be_meant_is_named(cell, change, message):
    with pytest.raises((CircuitError, ParameterError), match=message):
        pair(cell, **change)


def test_names_that_a_simulator_would_take_for_something_else_are_refused(cell):
    for name in ("A", "a b", "a.b", "", "-a", "a*"):
        with pytest.raises(CircuitError, match="is no name of a cell"):
            Network(cells={name: cell}, inputs={f"vin_{name}": 0.0})
    with pytest.raises(CircuitError, match="a is the name of a cell and of a coupling"):
        pair(cell, couplings={"a": Resistor("out_a", "vin_b", 1e3)})
    with pytest.raises(CircuitError, match=r"cell b has no port 'voutt'. Did you mean out"):
        pair(cell, cells={"a": cell, "b": Placed(cell, {"voutt": "x"})})


def test_cells_of_two_supplies_are_refused(cell):
    with pytest.raises(CircuitError, match="cells a and b have the rails"):
        pair(cell, cells={"a": cell, "b": ASN(Macrospin(), vdd=1.0)})


@pytest.mark.parametrize(
    "make",
    [
        lambda: Resistor("a", "b", 0.0),
        lambda: Resistor("a", "b", float("inf")),
        lambda: Capacitor("a", "b", -1e-15),
        lambda: Gain("a", "b", float("nan")),
        lambda: WeightedSum("a", {"a": 1.0}),
        lambda: WeightedSum("a", {"b": 1.0}, tau=-1.0),
    ],
)
def test_couplings_that_cannot_be_built_are_refused(make):
    with pytest.raises((CircuitError, ParameterError)):
        make()


def test_a_transistor_as_a_synapse_brings_its_model_card(cell):
    synapse = Transistor(get_technology("generic"), "n", "out_b", "vin_a", "vss", 2e-7, 6e-8)
    text = str(pair(cell, couplings={**pair(cell).couplings, "t": synapse}).circuit()).lower()
    assert "mt out_b vin_a vss vss gen_nmos" in text
    assert text.count(".model gen_nmos") == 2  # in the cell, and at the top


def test_inputs_with_names_of_their_own_and_currents(cell):
    wave = Ramp(start=0.0, end=1.0, duration=1e-9)
    network = pair(cell, inputs={"vin_a": Drive(wave, "clk"), "out_b": Drive("{i}", current=True)})
    text = str(network.circuit())
    assert f"Vclk vin_a 0 {wave.text()}" in text and "Iin_out_b 0 out_b {i}" in text
    with pytest.raises(CircuitError, match="the input out_b is a current, which no source tells"):
        sources(network)


def test_cells_with_seeds_and_parameters_of_their_own():
    read = ReadOut(Telegraph(R_P=424e3), sizing=ComparatorSizing.for_technology(get_technology("generic"), trim=True))
    nodes = {port: port for port in read.ports}
    network = Network(cells={"1": Placed(read, nodes, 77, {"trim": -3})}, inputs={"stim": 0.0}, probes=None)
    assert network.seeds(1) == {}
    (card,) = [line for line in str(network.circuit()).splitlines() if line.startswith("X1 ")]
    assert card.endswith("readout seed=77 trim=-3")
    assert network._subcircuits(Circuit("c"))["1"] is read  # with probes=None a cell keeps its ammeters and its name


def test_junctions_alone_are_a_network_without_rails():
    couplings = {"j": Junction(Telegraph(), "stim", "low", ("s", "c")), "k": Junction(Telegraph(), "stim", "0", seed=5)}
    network = Network(couplings=couplings, inputs={"stim": 0.1, "low": Drive(0.02, "low")})
    lines = str(network.circuit()).splitlines()
    assert "Vlow low 0 0.02" in lines and not [line for line in lines if "vdd" in line]
    assert [line for line in lines if line.startswith("Xj stim low s c mtj_telegraph ") and "seed={seed_j}" in line]
    assert network.seeds(3) == {"seed_j": instance_seed(3, "j")}
    assert [source.current for source in sources(network)] == ["i(vin_stim)", "i(vlow)"]
    with pytest.raises(CircuitError, match="a network without cells and couplings"):
        Network()


def test_a_chain_of_junctions_is_a_network_on_currents():
    network = chain_network(JunctionChain(JUNCTIONS), PulseTrain(slots=2))
    lines = str(network.circuit()).splitlines()
    assert "X1 n1 n2 n3 0 chain seed1={seed1} seed2={seed2} seed3={seed3}" in lines
    assert "Idc2 0 n2 dc {c2-c1}" in lines and not [line for line in lines if line.startswith("Vdd")]
    with pytest.raises(CircuitError, match="no cell of this network has a port vdd or vss: it has no supply"):
        _ = network.rails
