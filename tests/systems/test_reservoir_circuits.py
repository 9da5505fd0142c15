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
def test_fifty_neurons_that_hear_mackey_glass_are_their_surrogate(cell, calibration, surrogate, engine):
    """Spot check in the circuit of what the figures take from surrogates."""
    u = mackey_glass_task(Split(washout=1, train=20, validate=1, test=10), seed=3).u
    made = Topology.random(50, radius=0.9, bias_scale=0.5, seed=3)
    circuit = ReservoirCircuit(
        topology=made, cell=cell, calibration=calibration, symbol=4e-9, tau=12e-9, v_in=0.39 / np.abs(u).max()
    )
    x, _ = circuit.averages(engine.run(circuit.testbench(u, 9)), u.size)
    twins = [twin_states(circuit, surrogate, u, seed=seed)[0] for seed in range(6)]

    def alike(a, b):
        return np.mean([np.corrcoef(a[2:, i], b[2:, i])[0, 1] for i in range(50)])

    among = np.array([alike(twins[i], twins[j]) for i in range(6) for j in range(i)])
    mine = np.mean([alike(x, twin) for twin in twins])
    print("correlation with surrogates", mine, "of surrogates", among.mean(), among.std())
    assert mine > among.mean() - 4 * among.std()
