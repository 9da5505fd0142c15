"""Tasks of reservoirs: their data against their definitions, their scores against exact values."""

from __future__ import annotations

import numpy as np
import pytest

from spinspice.errors import ParameterError, ResultError
from spinspice.networks.reservoir import esn
from spinspice.networks.reservoir.averaged import ideal_flow
from spinspice.networks.reservoir.choice import DESIGNS, design_topology
from spinspice.networks.reservoir.readout import Split
from spinspice.networks.reservoir.tasks import (
    Channel,
    Task,
    capacities,
    channel_task,
    delay_line,
    jaeger_task,
    mackey_glass,
    mackey_glass_task,
    memory_capacity,
    narma10,
    narma_task,
    parity_task,
    score_features,
)  # fmt: skip
from spinspice.networks.reservoir.topology import Topology

SPLIT = Split(washout=20, train=300, validate=100, test=400)


def test_mackey_glass_does_not_depend_on_the_step():
    fine, coarse = (mackey_glass(300, substeps=n, discard=0) for n in (40, 20))
    rough = mackey_glass(300, substeps=10, discard=0)
    assert np.abs(coarse - fine).max() < np.abs(rough - fine).max() / 8.0  # third order or better
    assert np.abs(rough - fine).max() < 1e-3


def test_mackey_glass_rests_where_its_equation_does():
    # beta x / (1 + x^n) = gamma x at x = (beta / gamma - 1)^(1/n) = 1
    np.testing.assert_allclose(mackey_glass(50, x0=1.0, discard=10), 1.0, atol=1e-12)
    assert 0.2 < mackey_glass(2000).std() < 0.25


def test_mackey_glass_task_is_the_series_ahead():
    task = mackey_glass_task(SPLIT, ahead=3, seed=4)
    np.testing.assert_array_equal(task.u[3:], task.d[:-3])
    assert not np.allclose(task.u, mackey_glass_task(SPLIT, ahead=3, seed=5).u)


def test_narma_follows_its_equation():
    task = narma_task(SPLIT, seed=2)
    u, y = (task.u + 1.0) / 4.0, task.d
    for t in range(100, 130):  # d[t] is y[t + 1]
        past = y[t - 10 : t]
        assert y[t] == pytest.approx(0.3 * y[t - 1] + 0.05 * y[t - 1] * past.sum() + 1.5 * u[t - 9] * u[t] + 0.1)
    with pytest.raises(ResultError, match="diverges at step"):
        narma10(np.full(500, 2.0))


def test_jaeger_channel_against_its_formula():
    task = jaeger_task(SPLIT, snr=100.0, seed=3)
    d, u = task.d, task.raw
    # d[n] of the task is d(n-2)
    for n in range(20, 40):
        at = lambda k, n=n: d[n + 2 + k]  # noqa: E731
        q = (
            0.08 * at(2) - 0.12 * at(1) + at(0) + 0.18 * at(-1) - 0.1 * at(-2) + 0.091 * at(-3) - 0.05 * at(-4)
            + 0.04 * at(-5) + 0.03 * at(-6) + 0.01 * at(-7)
        )  # fmt: skip
        assert u[n] == pytest.approx(q + 0.036 * q**2 - 0.011 * q**3, abs=1e-3)


def test_jaeger_noise_is_by_the_variance_of_the_signal():
    quiet, loud = (
        jaeger_task(Split(washout=1, train=5000, validate=1, test=1), snr=s, seed=1).raw for s in (100.0, 10.0)
    )
    assert (loud - quiet).std() / quiet.std() == pytest.approx(10**-0.5, rel=4 / np.sqrt(2 * len(loud)))


@pytest.mark.parametrize("delay", [0, 1, 5])
def test_channel_of_eq_8_against_its_formula(delay):
    channel = Channel(A=(2.0, 0.3), B=(1.0, 0.5, -0.25), C=0.0)
    task = channel_task(SPLIT, channel, seed=6, delay=delay)
    d, spread = task.d, task.raw
    for n in range(10, 30):
        mixed = d[n] + 0.5 * d[n - 1] - 0.25 * d[n - 2]
        assert spread[n] == pytest.approx(2.0 * mixed + 0.3 * mixed**2)
    # what the reservoir hears at n is what was sent at n, and the answer to it is due `delay` later
    scaled = (task.u[:100] - task.u[:100].mean()) / task.u[:100].std()
    heard = spread[delay : 100 + delay]
    np.testing.assert_allclose(scaled, (heard - heard.mean()) / heard.std(), atol=1e-9)


def test_random_channels_differ_and_are_of_the_family():
    made = [Channel.random(seed) for seed in range(50)]
    assert len({c.A for c in made}) == 50
    assert all(1.5 <= c.A[0] <= 3.0 and 3 <= len(c.B) <= 7 and 0.05 <= c.C <= 0.3 for c in made)


@pytest.mark.parametrize("bits, delay", [(2, 0), (3, 2), (5, 1)])
def test_parity_is_the_product(bits, delay):
    task = parity_task(SPLIT, bits=bits, delay=delay, seed=1)
    for n in range(20, 60):
        assert task.d[n] == np.prod(task.u[n - delay - bits + 1 : n - delay + 1])


def test_no_linear_filter_does_parity_and_a_reservoir_does():
    task = parity_task(SPLIT, seed=1)
    linear = score_features(task, delay_line(task.u, 20))
    low, high = linear.ser_interval
    assert low < 0.5 < high
    made = Topology.random(20, radius=0.8, input_scale=1.5, bias_scale=0.8, seed=3)
    assert score_features(task, esn.states(made, task.u)).wrong == 0


def test_rotating_nodes_undo_the_channel_of_jaeger_and_haas_better_than_a_linear_filter():
    split = Split(washout=50, train=3000, validate=1000, test=4000)
    task = jaeger_task(split, snr=24.0, seed=7)
    linear = score_features(task, delay_line(task.u, 50))
    design = DESIGNS["jaeger"]
    x, z = ideal_flow(design_topology("jaeger", 50, seed=7), task.u, ratio=design["ratio"])
    turning = score_features(task, np.column_stack([x, z, task.u]))
    assert linear.ser_interval[0] > 4 * turning.ser_interval[0] and linear.ser_interval[0] > turning.ser_interval[1]


def test_scores_of_known_answers():
    d = np.tile([1.0, -1.0], 410)
    task = Task(name="known", u=d, d=d, split=SPLIT, levels=(-1.0, 1.0), raw=3.0 * d)
    found = score_features(task, d[:, None] * 2.0)
    assert found.srr == pytest.approx(1.0) and found.wrong == 0 and found.weights == 2
    constant = score_features(task, np.random.default_rng(1).standard_normal((820, 1)))
    assert constant.srr == pytest.approx(0.5, abs=0.02)  # y = 0: 1 - 1/2
    assert constant.nrmse == pytest.approx(1.0, abs=0.02)
    with pytest.raises(ParameterError, match="the same in all"):
        score_features(Task(name="flat", u=d, d=np.ones(820), split=SPLIT), d[:, None])
    with pytest.raises(ParameterError, match="rows of the split"):
        Task(name="short", u=d[1:], d=d, split=SPLIT)


def test_delay_line():
    np.testing.assert_array_equal(delay_line([1.0, 2.0, 3.0], 2), [[1, 0], [2, 1], [3, 2]])


def test_capacity_of_a_delay_line_is_its_length_and_that_of_noise_none():
    rng = np.random.default_rng(0)
    u = rng.uniform(-1, 1, 4000)
    assert memory_capacity(u, delay_line(u, 12)).total == pytest.approx(12.0, abs=1e-9)
    nothing = capacities(u, rng.standard_normal((4000, 12)), delays={1: 40, 2: 12, 3: 6})
    assert nothing.total == 0.0 and nothing.tried == 40 + 78 + 56


def test_capacity_is_free_of_the_bias_of_short_runs():
    # half of the variance of a state is the input of one step ago, half is noise: C = 1/2, whatever T and other states
    totals = []
    for seed in range(40):
        rng = np.random.default_rng(seed)
        u = rng.uniform(-1, 1, 500)
        x = np.column_stack([np.roll(u, 1) + rng.uniform(-1, 1, 500), rng.standard_normal((500, 30))])
        totals.append(memory_capacity(u, x, delays=5, washout=10).total)
    totals = np.array(totals)
    assert abs(totals.mean() - 0.5) < 4 * totals.std() / np.sqrt(40)
    assert totals.std() / np.sqrt(40) < 0.01  # sharp enough to see the bias of N/T = .06


def test_capacity_of_a_square_is_of_second_degree():
    u = np.random.default_rng(1).uniform(-1, 1, 3000)
    found = capacities(u, (u**2)[:, None], delays={1: 5, 2: 5})
    assert found.by_degree() == {2: pytest.approx(1.0)} and found.targets[0][0] == ((0, 2),)


def test_capacity_says_what_it_needs():
    u = np.random.default_rng(1).uniform(-1, 1, 300)
    with pytest.raises(ParameterError, match="uniform"):
        memory_capacity(np.clip(u, -0.1, 0.1), delay_line(u, 3))
    with pytest.raises(ParameterError, match="ten times"):
        memory_capacity(u, np.random.default_rng(2).standard_normal((300, 40)))
    with pytest.raises(ParameterError, match="washout"):
        memory_capacity(u, delay_line(u, 3), delays=60, washout=10)
