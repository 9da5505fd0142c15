"""Reservoirs in engines: the cell and its complement, node voltages, energy, agreement of circuit and surrogate."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest

from spinspice.analysis.energy import EnergyAudit
from spinspice.cells import ASN
from spinspice.cells.asn_paired import PairedASN
from spinspice.cmos import get_technology
from spinspice.engines import get_engine
from spinspice.errors import ParameterError
from spinspice.networks.metering import audit_network, energy_signals
from spinspice.networks.reservoir.averaged import Slow, SlowReservoir
from spinspice.networks.reservoir.calibration import calibrate, calibration_testbenches
from spinspice.networks.reservoir.circuit import ReservoirCircuit
from spinspice.networks.reservoir.readout import Split
from spinspice.networks.reservoir.synapses import (
    DiodeSynapse,
    JunctionSynapse,
    TransistorSynapse,
    measured,
    programmed,
    synapse_testbench,
    tabulated,
)
from spinspice.networks.reservoir.tasks import mackey_glass_task
from spinspice.networks.reservoir.topology import Topology
from spinspice.networks.reservoir.twin import twin_states
from spinspice.presets import load_preset
from spinspice.studies import run
from spinspice.surrogate import extract

pytestmark = pytest.mark.engine("ngspice")
DEVICE = load_preset("ganguly2018").device


@pytest.fixture(scope="module")
def engine():
    return get_engine("ngspice")


def calibrated(cell, engine):
    return calibrate(cell, *[engine.run(bench) for bench in calibration_testbenches(cell)])


@pytest.fixture(scope="module")
def cell():
    return PairedASN(DEVICE, "generic", vdd=0.8, shared=True)


@pytest.fixture(scope="module")
def calibration(cell, engine):
    return calibrated(cell, engine)


@pytest.fixture(scope="module")
def surrogate(engine):
    return extract(PairedASN(DEVICE, "generic", vdd=0.8), engine=engine)


@pytest.fixture(scope="module")
def circuit(cell, calibration):
    made = Topology.random(6, degree=2, radius=0.8, input_scale=1.5, bias_scale=0.8, seed=3)
    return ReservoirCircuit(topology=made, cell=cell, calibration=calibration, symbol=2e-9, tau=0.6e-9, v_in=0.3)


def test_without_complement_and_shared_bias_it_is_the_published_cell():
    plain = str(PairedASN(DEVICE, "generic", complement=False, name="asn"))
    assert plain == str(ASN(DEVICE, "generic", name="asn"))


@pytest.mark.parametrize("cmos", ["generic", "sky130"])
def test_the_complement_mirrors_the_output(cmos, engine, calibration, cell):
    found = calibration
    if cmos != "generic":
        found = calibrated(PairedASN(DEVICE, get_technology(cmos), shared=True), engine)
    assert found.rising.A == pytest.approx(found.falling.A, rel=0.15)
    assert abs(found.rising.level) < 0.1 * found.falling.A and abs(found.falling.level) < 0.1 * found.falling.A
    assert found.gain > 2.0 and 0.05 < found.noise < 0.3


def test_node_voltages_are_what_the_map_says(circuit, engine):
    """Kirchhoff's law from the outputs as they are: no noise enters."""
    made = circuit.components
    waves = engine.run(circuit.testbench([0.5, -0.5, 1.0], 5, save=[f"v(outb_n{i})" for i in range(6)]))
    grid = np.linspace(0, 6e-9, 6001)
    at = lambda name: np.array([np.interp(grid, waves.time, waves[f"v({name}_n{i})"]) for i in range(6)])  # noqa: E731
    corners = np.array([(0, 0.5), (2e-9, 0.5), (2.04e-9, -0.5), (4e-9, -0.5), (4.04e-9, 1), (6e-9, 1)])
    u = 0.3 * np.interp(grid, *corners.T)
    pull = made.falling @ at("out") + made.rising @ at("outb") + np.outer((made.plus - made.minus)[:, 0], u)
    pull = (pull + 0.4 * (made.high - made.low)[:, None]) * made.R_node
    v = at("vin")
    kept = np.empty_like(v)
    kept[:, 0] = v[:, 0]
    keep = np.exp(-(grid[1] - grid[0]) / circuit.tau)
    for k in range(1, grid.size):
        kept[:, k] = keep * kept[:, k - 1] + (1 - keep) * pull[:, k]
    # the gate's capacitance, 9 % of the node's, changes with its voltage: 1 % of the swing of the nodes
    assert np.sqrt(np.mean((kept - v) ** 2)) < 0.01 * (v.max() - v.min())


def test_energy_of_all_blocks_is_that_of_the_sources(circuit, engine):
    network = circuit.network([1.0, -1.0], probes="blocks")
    waves = engine.run(circuit.testbench([1.0, -1.0], 4, probes="blocks", save=energy_signals(network)))
    audit: EnergyAudit = audit_network(network, waves)
    assert abs(audit.closure) < 1e-7
    assert audit.power["n0.inverter"] > 0.0 and audit.power["wilson.bias"] > 0.0


def test_averaged_outputs_of_circuit_and_surrogate_cannot_be_told_apart(circuit, engine):
    surrogate = extract(PairedASN(DEVICE, "generic", vdd=0.8), engine=engine, duration=40e-9, complement=True)
    u = np.random.default_rng(2).choice([-1.0, 1.0], 60)
    x, z = circuit.averages(engine.run(circuit.testbench(u, 9)), u.size)
    twins = [twin_states(circuit, surrogate, u, seed=seed) for seed in range(8)]

    def distance(a, b):
        return float(np.mean((a[10:] - b[10:]) ** 2))

    def farther(k):
        among = [distance(twins[i][k], twins[j][k]) for i in range(8) for j in range(i)]
        return np.mean([distance((x, z)[k], twin[k]) for twin in twins]) / np.mean(among)

    print("excess", farther(0), "of nodes at the end of symbols", farther(1))
    # 50 symbols of 6 neurons know the noise of averages to 8 %.
    assert farther(0) < 1.0 + 4 * 0.08 and farther(1) < 1.0 + 4 * 0.08


def test_the_study_says_what_it_found(engine):
    settings = {"nodes": 3, "degree": 2, "train": 60, "test": 20, "runs": 2, "warm": 4, "symbol": 5e-10}
    found = run("reservoir", engine="ngspice", seed=4, **settings)
    assert set(found.answers) == {"circuit", "surrogate", "ideal", "linear"}
    assert 1e-14 < found.energy[0] < 1e-12
    assert sum(watts for watts, _ in found.power.values()) == pytest.approx(found.supply, rel=0.05)
    assert found.tables() and found.panels()


def test_slow_symbols_have_the_noise_of_the_surrogate(cell, calibration, surrogate):
    made = Topology.random(8, degree=3, radius=0.8, bias_scale=0.5, seed=3)
    circuit = ReservoirCircuit(topology=made, cell=cell, calibration=calibration, symbol=64e-9, tau=16e-9, v_in=0.3)
    u = np.random.default_rng(5).uniform(-1, 1, 40)
    slow = SlowReservoir(circuit=circuit, surrogate=surrogate, slow=Slow.of(surrogate))
    fast = [twin_states(circuit, surrogate, u, seed=k, dt=40e-12)[0] for k in range(2)]
    own = [slow.states(u, seed=k)[0] for k in range(2)]
    a, b = ((pair[0] - pair[1]).std() for pair in (fast, own))
    # 320 numbers each; the table of the noise is known to 5 %, its variance
    assert b == pytest.approx(a, rel=4 * math.hypot(math.sqrt(2) / math.sqrt(2 * 320), 0.025))
    # inputs of the surrogate change at once, of slow symbols in steps of 3 ns
    assert np.abs(fast[0] - own[0]).mean() < 0.03
    np.testing.assert_array_equal(slow.states(u, seed=1)[0], own[1])
    more = SlowReservoir(circuit=circuit, surrogate=surrogate, slow=slow.slow, copies=4)
    ratio = (more.states(u, seed=0)[0] - more.states(u, seed=1)[0]).std() / b
    assert ratio == pytest.approx(0.5, rel=4 * math.sqrt(2) / math.sqrt(2 * 320))
    with pytest.raises(ParameterError, match="magnets forget"):
        SlowReservoir(circuit=dataclasses.replace(circuit, symbol=4e-9), surrogate=surrogate, slow=slow.slow)


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_fifty_neurons_that_hear_mackey_glass_are_their_surrogate(cell, calibration, engine):
    """Spot check in the circuit of what the figures take from surrogates, neuron by neuron."""
    u = mackey_glass_task(Split(washout=1, train=100, validate=1, test=18), seed=5).u
    made = Topology.random(50, radius=0.9, bias_scale=0.5, seed=5)
    own = PairedASN(DEVICE, "generic", vdd=0.8)
    surrogate = extract(own, engine=engine, duration=40e-9, complement=True)
    circuit = ReservoirCircuit(
        topology=made, cell=cell, calibration=calibration, symbol=4e-9, tau=12e-9, v_in=min(0.39 / np.abs(u).max(), 0.8)
    )
    x, z = circuit.averages(engine.run(circuit.testbench(u, 21), timeout=3600), u.size)
    twins = [twin_states(circuit, surrogate, u, seed=seed) for seed in range(6)]

    def alike(a, b):
        # circuits start at their operating point, surrogates in the middle; the slowest mode forgets in 15 symbols
        return np.array([np.corrcoef(a[45:, i], b[45:, i])[0, 1] for i in range(50)])

    for name, own, others in (("outputs", x, [t[0] for t in twins]), ("nodes", z, [t[1] for t in twins])):
        among = np.array([alike(others[i], others[j]) for i in range(6) for j in range(i)])  # (15, neurons)
        mine = np.mean([alike(own, twin) for twin in others], axis=0)
        low = (mine - among.mean(axis=0)) / among.std(axis=0)
        print(name, "correlation with surrogates", mine.mean(), "of surrogates", among.mean(), among.mean(axis=1).std(),
              "lowest neuron, in standard deviations", low.min())  # fmt: skip
        assert mine.mean() > among.mean() - 4 * among.mean(axis=1).std()
        assert (low > -5).all()


KINDS = [TransistorSynapse(), JunctionSynapse(), DiodeSynapse()]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: type(kind).__name__)
def test_a_programmable_synapse_conducts_what_it_was_programmed_to(kind, cell, calibration, engine):
    swing = calibration.falling.A
    table = tabulated(kind, engine.run(synapse_testbench(kind, cell, swing)))
    low, high = table.conductance[[0, -1]]
    wanted = np.geomspace(low * 1.05, high / 1.05, 7)
    settings = [table.setting(g) for g in wanted]
    again, _ = measured(engine.run(synapse_testbench(kind, cell, swing, settings)), 7)
    # a table of 23 and of 13 points read between them; junctions come in steps of a ninth of their range
    step = (high - low) / (2 * kind.count) / wanted if isinstance(kind, JunctionSynapse) else 0.02
    assert (np.abs(again / wanted - 1.0) < step).all()
    for beyond in (low / 2.0, 2.0 * high):
        with pytest.raises(ParameterError, match=r"w_1_2 from out_n2 to vin_n1: .* S is out of reach: a \w+ makes"):
            programmed({"w_1_2": ("out_n2", "vin_n1", beyond)}, table)


def test_junctions_are_linear_to_their_bias_transistors_are_not_and_a_diode_passes_one_way(cell, calibration, engine):
    bent = {}
    for kind in KINDS:
        waves = engine.run(synapse_testbench(kind, cell, calibration.falling.A))
        bent[type(kind).__name__] = measured(waves, len(kind.settings))[1]
    junction, transistor, diode = (bent[type(kind).__name__] for kind in (KINDS[1], KINDS[0], KINDS[2]))
    # parallel junctions are ohmic, antiparallel ones lose TMR with bias
    assert junction[-1] < 1e-3 and 0.02 < junction[0] < 0.1
    assert 0.1 < transistor[-1] < 0.3 and (np.diff(transistor) < 0.0).all()
    # one half of a ramp has half its slope and a remainder of sqrt(1/2); what the diode takes to open comes on top
    assert math.sqrt(0.5) < diode[-1] < 1.0


@pytest.mark.parametrize("kind", [TransistorSynapse(), JunctionSynapse()], ids=lambda kind: type(kind).__name__)
def test_a_reservoir_of_programmed_synapses_runs_and_its_weights_are_audited(kind, cell, calibration, engine):
    table = tabulated(kind, engine.run(synapse_testbench(kind, cell, calibration.falling.A)))
    W = np.zeros((3, 3))
    W[1, 0], W[2, 1], W[0, 2] = 1.2, -1.4, 1.0
    made = Topology(W=W * 0.8, W_in=np.ones((3, 1)) * 0.5, bias=np.zeros(3), continuous=True)
    circuit = ReservoirCircuit(
        topology=made, cell=cell, calibration=calibration, symbol=2e-9, tau=0.6e-9, v_in=0.3, synapses=table
    )
    asked = circuit.conductances()
    assert set(asked) == {"w_1_0", "w_2_1", "w_0_2"}
    low, high = table.conductance[[0, -1]]
    step = (high - low) / 16 if isinstance(kind, JunctionSynapse) else 1e-9 * low  # half of one of eight
    assert all(abs(own - wanted) <= 1.001 * step for wanted, own in asked.values())
    network = circuit.network([1.0, -1.0], probes="blocks")
    waves = engine.run(circuit.testbench([1.0, -1.0], 4, probes="blocks", save=energy_signals(network)))
    assert abs(audit_network(network, waves).closure) < 1e-6
    small = dataclasses.replace(circuit, topology=Topology(W=W * 0.02, W_in=made.W_in, bias=made.bias))
    with pytest.raises(ParameterError, match="out of reach"):
        small.network([1.0])
