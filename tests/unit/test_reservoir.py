"""Reservoirs without a simulator: topologies, map to components, ideal network, readout, segments."""

from __future__ import annotations

import math

import numpy as np
import pytest
import scipy.linalg
from surrogates import made_up

from spinspice.cells.asn_paired import PairedASN
from spinspice.errors import CircuitError, ParameterError, ResultError
from spinspice.networks.reservoir import esn
from spinspice.networks.reservoir.averaged import LEAST_STEP, POINTS, ideal_flow
from spinspice.networks.reservoir.calibration import Calibration, Output
from spinspice.networks.reservoir.choice import design_topology, input_voltage, make_task
from spinspice.networks.reservoir.circuit import ReservoirCircuit
from spinspice.networks.reservoir.column import column
from spinspice.networks.reservoir.least import Power, shortest_symbol
from spinspice.networks.reservoir.magnets import barrier, noise_of, with_magnet
from spinspice.networks.reservoir.map import components
from spinspice.networks.reservoir.readout import Readout, Split, fit_ridge
from spinspice.networks.reservoir.segments import segments
from spinspice.networks.reservoir.topology import Topology
from spinspice.presets import load_preset

OUT = Output(A=0.34, V0=0.075, v0=-4.5e-3, level=8e-3, r_out=3.9e3)
BACK = Output(A=0.337, V0=0.071, v0=-3.5e-3, level=-5e-3, r_out=7.8e3)


def calibration(rising=BACK):
    return Calibration(
        falling=OUT, rising=rising, vdd=0.8, C_in=1e-15, v=np.zeros(2), mean=np.zeros(2), deviation=np.ones(2)
    )


@pytest.fixture(scope="module")
def cell():
    return PairedASN(load_preset("ganguly2018").device, "generic", vdd=0.8, shared=True)


# Topology


@pytest.mark.parametrize("nodes", [2, 3, 20, 100])
@pytest.mark.parametrize("radius", [0.1, 0.99])
def test_a_random_reservoir_has_the_radius_and_degree_asked_for(nodes, radius):
    made = Topology.random(nodes, degree=min(4, nodes - 1), radius=radius, seed=nodes)
    assert made.radius == pytest.approx(radius, rel=1e-9)
    assert (np.count_nonzero(made.W, axis=1) == min(4, nodes - 1)).all()
    assert (np.diag(made.W) == 0.0).all()


def test_the_same_seed_gives_the_same_reservoir_and_parts_have_streams_of_their_own():
    a, b = Topology.random(10, seed=3), Topology.random(10, seed=3, degree=2, radius=0.3)
    np.testing.assert_array_equal(a.W, Topology.random(10, seed=3).W)
    np.testing.assert_array_equal(a.W_in, b.W_in)
    np.testing.assert_array_equal(a.bias, b.bias)
    assert not np.array_equal(a.W_in, Topology.random(10, seed=4).W_in)


def test_inhibiting_links_are_all_negative():
    assert (Topology.random(12, signs="inhibit").W <= 0.0).all()


@pytest.mark.parametrize("nodes, degree", [(1, 1), (5, 5), (0, 1), (5, 0)])
def test_sizes_that_cannot_be_are_refused(nodes, degree):
    with pytest.raises(ParameterError):
        Topology.random(nodes, degree=degree)


def test_unstable_disconnected_or_unfinished_reservoirs_are_refused():
    W = np.array([[0.0, 1.2], [1.0, 0.0]])
    one = {"W_in": np.ones((2, 1)), "bias": np.zeros(2)}
    with pytest.raises(ParameterError, match="spectral radius 1.1"):
        Topology(W=W, **one)
    assert Topology(W=W, allow_unstable=True, **one).radius > 1.0
    with pytest.raises(ParameterError, match="not connected: nodes 1"):
        Topology(W=np.diag([0.5, 0.2]), **one)
    with pytest.raises(ParameterError, match="not finite"):
        Topology(W=np.array([[0.0, np.nan], [0.1, 0.0]]), **one)
    with pytest.raises(ParameterError, match=r"W \(2, 3\)"):
        Topology(W=np.zeros((2, 3)), **one)


def test_inputs_of_another_shape_or_not_finite_are_refused():
    made = Topology.random(5, degree=2, inputs=2)
    with pytest.raises(ParameterError, match=r"takes \(t, 2\)"):
        made.drive(np.zeros(7))
    with pytest.raises(ParameterError, match="not finite"):
        made.drive(np.full((7, 2), np.inf))


# Ideal network


def test_the_ideal_network_is_its_equation():
    made = Topology.random(6, degree=3, seed=2)
    u = np.random.default_rng(1).uniform(-1, 1, 30)
    x, leak = np.zeros(6), 0.4
    for value, got in zip(u, esn.states(made, u, leak=leak), strict=True):
        x = (1 - leak) * x + leak * np.tanh(made.W @ x + made.W_in[:, 0] * value + made.bias)
        np.testing.assert_allclose(got, x, atol=1e-14)


def test_noise_has_the_size_asked_for_and_comes_from_the_seed():
    made = Topology(W=np.array([[0.0, 1e-9], [1e-9, 0.0]]), W_in=np.zeros((2, 1)), bias=np.zeros(2))
    x = esn.states(made, np.zeros(20000), noise=0.1, seed=5)
    assert x.std() == pytest.approx(0.1, rel=4 / np.sqrt(2 * x.size))
    np.testing.assert_array_equal(x, esn.states(made, np.zeros(20000), noise=0.1, seed=5))
    assert not np.array_equal(x, esn.states(made, np.zeros(20000), noise=0.1, seed=6))


def test_the_ideal_network_is_that_of_reservoirpy():
    import reservoirpy
    from reservoirpy.nodes import Reservoir

    reservoirpy.set_seed(1)
    made = Topology.random(30, radius=0.9, seed=2)
    u = np.random.default_rng(1).uniform(-1, 1, 200)
    other = Reservoir(
        units=30, lr=0.3, W=np.array(made.W), Win=np.array(made.W_in), bias=np.array(made.bias), input_dim=1
    )
    np.testing.assert_allclose(other.run(u[:, None]), esn.states(made, u, leak=0.3), atol=1e-12)


# Map


def test_node_voltages_of_the_components_are_the_weighted_sums():
    made = Topology.random(8, degree=3, radius=0.8, input_scale=1.0, bias_scale=0.5, seed=4)
    c = components(made, calibration(), tau=2.4e-9)
    x, u = np.random.default_rng(2).uniform(-1, 1, 8), 0.3
    fallen = 1.0 / (1.0 + OUT.r_out * c.falling.sum(axis=0))
    low = OUT.level - OUT.A * fallen * x
    high = BACK.level + BACK.A / (1.0 + BACK.r_out * c.rising.sum(axis=0)) * x
    current = c.falling @ low + c.rising @ high + (c.plus - c.minus)[:, 0] * c.v_in * u + (c.high - c.low) * 0.4
    total = c.falling.sum(1) + c.rising.sum(1) + c.plus.sum(1) + c.minus.sum(1) + c.high + c.low + c.ground
    np.testing.assert_allclose(total, 1.0 / c.R_node, rtol=1e-12)
    z = made.W @ x + made.W_in[:, 0] * u + made.bias
    np.testing.assert_allclose(current / total, OUT.v0 + OUT.V0 * z, atol=1e-12)
    assert c.C_node + 1e-15 == pytest.approx(2.4e-9 / c.R_node)


def test_weights_out_of_reach_say_which_node_and_what_to_do():
    big = Topology.random(8, degree=7, radius=3.0, allow_unstable=True, seed=1)
    with pytest.raises(ParameterError, match=r"of its node's conductance.*Scale the weights by 0\.\d\d"):
        components(big, calibration())
    with pytest.raises(ParameterError, match=r"Take R_node of"):
        components(Topology.random(8, seed=1), calibration(), R_node=500.0, tau=0.0)
    tiny = Topology(W=np.array([[0.0, 1e-9], [0.1, 0.0]]), W_in=np.ones((2, 1)), bias=np.zeros(2))
    with pytest.raises(ParameterError, match="node 0 from 1 asks for"):
        components(tiny, calibration())
    with pytest.raises(ParameterError, match="negative weights only"):
        components(Topology.random(8, seed=1), calibration(rising=None))
    with pytest.raises(ParameterError, match="the gate alone"):
        components(Topology.random(8, seed=1), calibration(), tau=1e-12)


def test_plain_resistors_make_an_inhibiting_network():
    c = components(Topology.random(8, signs="inhibit", seed=1), calibration(rising=None))
    assert not c.rising.any() and np.count_nonzero(c.falling) == 32


def test_a_circuit_has_a_resistor_for_each_weight_and_inputs_stay_between_the_rails(cell):
    made = Topology.random(5, degree=2, seed=1)
    circuit = ReservoirCircuit(topology=made, cell=cell, calibration=calibration(), symbol=4e-9)
    network = circuit.network([1.0, -1.0, 0.5])
    synapses = [name for name in network.couplings if name.startswith("w_")]
    assert len(synapses) == np.count_nonzero(made.W)
    assert len(network.cells) == 6 and network.ports("n3")["nb"] == "nb" == network.ports("wilson")["nb"]
    with pytest.raises(CircuitError, match="beyond the rails"):
        circuit.network([3.0, 0.0])
    with pytest.raises(CircuitError, match="PairedASN"):
        ReservoirCircuit(topology=made, cell=load_preset("ganguly2018"), calibration=calibration())


# Readout


def test_the_readout_finds_the_weights_and_does_not_look_at_test_rows():
    rng = np.random.default_rng(3)
    x = rng.standard_normal((400, 5)) * [1, 10, 0.1, 1, 1] + 3.0
    d = x @ [1.0, -0.2, 5.0, 0.0, 2.0] + 0.7
    split = Split(washout=10, train=200, validate=90, test=100)
    found = fit_ridge(x, d, split)
    np.testing.assert_allclose(found(x), d, atol=1e-6)
    spoilt = d.copy()
    spoilt[split.parts[2]] = 1e6
    np.testing.assert_array_equal(fit_ridge(x, spoilt, split).weights, found.weights)
    both = fit_ridge(x, np.column_stack([d, 2 * d]), split)
    np.testing.assert_allclose(both.weights[:, 1], 2 * both.weights[:, 0], rtol=1e-6, atol=1e-9)


def test_the_penalty_grows_with_the_noise():
    rng = np.random.default_rng(4)
    x = rng.standard_normal((300, 40))
    d = x[:, 0] + 3.0 * rng.standard_normal(300)
    split = Split(washout=0, train=60, validate=140, test=100)
    assert fit_ridge(x, d, split).ridge > fit_ridge(x, x[:, 0], split).ridge


def test_too_little_or_broken_training_data_is_refused():
    x, d = np.random.default_rng(5).standard_normal((100, 30)), np.zeros(100)
    with pytest.raises(ParameterError, match="25 training rows for 31 weights"):
        fit_ridge(x, d, Split(washout=5, train=25, validate=20, test=50))
    x[50] = np.nan
    with pytest.raises(ParameterError, match="not finite"):
        fit_ridge(x, d, Split(washout=5, train=60, validate=20, test=15))
    with pytest.raises(ParameterError, match="for 200 rows"):
        fit_ridge(x, d, Split(washout=0, train=100, validate=50, test=50))
    with pytest.raises(ParameterError, match="leave 5"):
        Split.of(55)
    with pytest.raises(ParameterError):
        Split(washout=0, train=10, validate=0, test=10)


@pytest.mark.parametrize("rows, runs, warm", [(100, 1, 10), (100, 7, 10), (103, 4, 0), (5, 5, 50)])
def test_segments_keep_every_row_once_and_hear_what_went_before(rows, runs, warm):
    cuts = segments(rows, runs, warm)
    assert [k for cut in cuts for k in range(cut.kept, cut.stop)] == list(range(rows))
    assert all(cut.heard == max(0, cut.kept - warm) for cut in cuts)
    with pytest.raises(ParameterError):
        segments(rows, rows + 1, warm)


# Free runs, energy


def test_a_free_run_of_the_ideal_network_follows_a_sine_and_one_that_diverges_says_so():
    made = Topology.random(50, radius=0.8, seed=1)
    u = 0.5 * np.sin(0.2 * np.arange(801))
    features = np.column_stack([esn.states(made, u[:-1]), u[:-1]])
    found = fit_ridge(features, u[1:], Split(washout=100, train=500, validate=100, test=100))
    free = esn.free_run(made, found, u[:700], 100)
    np.testing.assert_allclose(free, u[700:800], atol=0.02)
    wild = type(found)(found.weights * 3.0, found.offset, found.ridge)
    with pytest.raises(ResultError, match=r"the free run diverges: its answer \d+ is"):
        esn.free_run(made, wild, u[:700], 500)
    with pytest.raises(ParameterError, match="2 inputs"):
        esn.free_run(Topology.random(5, degree=2, inputs=2), found, u[:9], 3)


def test_copies_cost_what_time_costs_but_for_the_bias():
    power = Power(neuron=50e-6, bias=40e-6)
    one = power.energy(20, 4e-9, copies=4)
    assert power.energy(20, 16e-9) - one == pytest.approx(12e-9 * 40e-6)
    assert power.energy(20, 4e-9, shared=False) == pytest.approx(4e-9 * 20 * 90e-6)


def test_the_shortest_symbol_is_found_and_what_cannot_be_says_so():
    least = shortest_symbol(lambda time: 1.0 - math.sqrt(1e-9 / time), 0.9, low=1e-9, high=1e-6, tolerance=1e-3)
    assert least.symbol == pytest.approx(1e-7, rel=2e-3) and least.score >= 0.9
    with pytest.raises(ResultError, match=r"reach 0\.9684, 0\.99 is wanted"):
        shortest_symbol(lambda time: 1.0 - math.sqrt(1e-9 / time), 0.99, low=1e-9, high=1e-6)
    with pytest.raises(ParameterError, match="more than good enough"):
        shortest_symbol(lambda time: 1.0, 0.9, low=1e-9, high=1e-6)


def test_a_column_of_resistors_is_the_readout():
    rng = np.random.default_rng(1)
    found = Readout(rng.uniform(-2, 2, 9), np.asarray(0.3), 0.0)
    made = column(found, calibration(), tau=1e-8)
    x = rng.uniform(-1, 1, (7, 9))
    pull = (OUT.level - OUT.A * x) @ made.falling + (BACK.level + BACK.A * x) @ made.rising
    voltage = pull / (made.falling.sum() + made.rising.sum())
    np.testing.assert_allclose(made.answer(voltage), found(x), atol=1e-12)
    assert made.falling.sum() + made.rising.sum() == pytest.approx(1e-6) and made.capacitance == pytest.approx(1e-14)
    assert len(made.couplings()) == 10
    with pytest.raises(ParameterError, match="complementary"):
        column(found, calibration(rising=None), tau=1e-8)
    with pytest.raises(ParameterError, match="not zero"):
        column(Readout(np.zeros(9), np.asarray(0.3), 0.0), calibration(), tau=1e-8)


# Rotating weights


@pytest.mark.parametrize("nodes, degree", [(2, 2), (3, 4), (20, 2), (50, 4), (100, 6)])
@pytest.mark.parametrize("keep", [-0.5, 0.5])
def test_rotating_weights_have_one_real_part_and_turn_as_asked_for(nodes, degree, keep):
    made = Topology.rotating(nodes, degree=degree, keep=keep, turn=1.6, seed=nodes)
    found = np.linalg.eigvals(made.W)
    np.testing.assert_allclose(found.real, keep, atol=1e-7)
    assert found.imag.max() == pytest.approx(1.6, rel=1e-9) and made.growth == pytest.approx(keep)
    assert (np.count_nonzero(made.W, axis=1) <= degree + 1).all()
    np.testing.assert_allclose(made.W - keep * np.eye(nodes), -(made.W - keep * np.eye(nodes)).T, atol=1e-15)
    again = Topology.rotating(nodes, degree=degree, keep=keep, turn=1.6, seed=nodes)
    np.testing.assert_array_equal(made.W, again.W)
    np.testing.assert_array_equal(made.W_in * 2, Topology.random(nodes, degree=1, seed=nodes, input_scale=0.6).W_in)


@pytest.mark.parametrize(
    "wrong, said",
    [
        ({"degree": 3}, "even number"),
        ({"degree": 0}, "degree = 0"),
        ({"degree": 40}, "degree = 40"),
        ({"keep": 1.0}, "largest real part 1; below 1 the past fades"),
        ({"keep": 2.0}, "keep = 2"),
        ({"turn": 0.0}, "turn = 0"),
        ({"nodes": 1}, "nodes = 1"),
        ({"input_scale": -1.0}, "input_scale = -1"),
    ],
)
def test_rotating_weights_that_cannot_be_are_refused(wrong, said):
    with pytest.raises(ParameterError, match=said):
        Topology.rotating(**{"nodes": 20, **wrong})


def test_a_continuous_network_is_its_differential_equation_and_forgets():
    made = Topology.rotating(8, keep=0.4, turn=1.5, input_scale=1e-3, bias_scale=0.0, seed=2)
    u, ratio = np.random.default_rng(1).uniform(-1, 1, 60), 0.5
    _, z = ideal_flow(made, u, ratio=ratio, steps=2000)
    A = (made.W - np.eye(8)) / ratio  # so small that tanh is a line
    grow, exact = scipy.linalg.expm(A), np.zeros(8)
    for value, got in zip(u, z, strict=True):
        pull = made.W_in[:, 0] * value / ratio
        exact = grow @ exact + np.linalg.solve(A, (grow - np.eye(8)) @ pull)
        np.testing.assert_allclose(got, exact, atol=2e-3 * 1e-3)
    loud = Topology.rotating(20, input_scale=1.0, seed=2)
    past = u.copy()
    past[:10] *= -1.0
    a, b = (ideal_flow(loud, series, ratio=ratio)[1] for series in (u, past))
    assert np.abs(a[9] - b[9]).max() > 0.1 and np.abs(a[-1] - b[-1]).max() < 1e-9
    with pytest.raises(ParameterError, match="move all the time"):
        esn.states(made, u)
    with pytest.raises(ParameterError, match="ratio"):
        ideal_flow(made, u, ratio=0.0)


@pytest.mark.parametrize("nodes", [20, 50, 100, 200])
def test_rotating_weights_of_the_design_can_be_built(nodes):
    v_in = input_voltage("jaeger", make_task("jaeger", Split(washout=20, train=100, validate=50, test=50), seed=3), 0.8)
    for seed in range(10):
        made = components(design_topology("jaeger", nodes, seed=seed), calibration(), v_in=v_in)
        assert made.used.max() < 0.99


def test_a_design_that_rotates_gives_way_where_it_does_not_fit():
    assert design_topology("jaeger", 20, seed=1).continuous
    assert not design_topology("jaeger", 20, seed=1, ideal=True).continuous
    assert not design_topology("jaeger", 20, seed=1, degree=3).continuous
    assert (design_topology("jaeger", 20, seed=1, signs="inhibit").W <= 0.0).all()
    assert design_topology("jaeger", 20, seed=1, radius=0.7).radius == pytest.approx(0.7)
    assert np.abs(design_topology("jaeger", 20, seed=1, input_scale=3.0, radius=None).W_in).max() > 2.0


# Magnets


def test_another_magnet_keeps_the_tables_and_another_resistance_is_refused():
    known = made_up()
    device = known.device
    found = with_magnet(known, device.replace(area=4.0 * device.area))
    assert found.tables is known.tables and found.device.area == 4.0 * device.area
    for name in ("R_P", "TMR", "pol"):
        with pytest.raises(ParameterError, match=f"{name} = "):
            with_magnet(known, device.replace(**{name: 0.9 * getattr(device, name)}))
    with pytest.raises(ParameterError, match=r"R_P = None|R_P = "):
        with_magnet(known, load_preset("mizrahi2018-1").device)
    with pytest.raises(ParameterError, match="delta = 13"):
        barrier(device, 13.0)
    assert barrier(device, 3.0).delta == pytest.approx(3.0)


def test_a_barrier_of_nothing_is_no_barrier_and_a_larger_magnet_is_slower():
    known = made_up()
    free, walled = noise_of(known, blocks=400), noise_of(known, 1e-3, blocks=400)
    middle = slice(POINTS // 4, -POINTS // 4)
    # each density is known to sqrt(2 / blocks), both follow the same input: the mean over the middle by as many less
    error = math.sqrt(2.0 * 2.0 / 400 / len(free.v[middle]))
    ratio = walled.density[middle] / free.density[middle]
    assert abs(np.log(ratio).mean()) < 4 * error
    # turning about the hard axis, the correlation time goes with sqrt(volume): docs/theory.md
    device = known.device.replace(area=known.device.area / 4.0, dt=2e-12, max_step=5e-13)
    fast = noise_of(with_magnet(known, device), blocks=400)
    assert free.density.max() > 1.5 * fast.density.max()
    high = noise_of(known, 1.5, blocks=100)
    assert high.density.max() > 2.0 * free.density.max() and high.least == LEAST_STEP * math.exp(1.5)
