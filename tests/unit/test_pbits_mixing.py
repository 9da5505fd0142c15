"""The chain of a sweep, enumerated: what it tends to, how fast, and what a run misses."""

from __future__ import annotations

import math

import numpy as np
import pytest

from spinspice.errors import ParameterError
from spinspice.networks.pbits import exact, gates, sampling
from spinspice.networks.pbits.ising import Ising
from spinspice.networks.pbits.mixing import mean_of, never_met, relaxation, stationary, sweep_matrix
from spinspice.networks.pbits.surrogate import Transfer


@pytest.mark.parametrize("name", ["copy", "not", "and", "or", "xor", "full-adder"])
@pytest.mark.parametrize("I0", [0.0, 0.3, 1.0])
def test_a_sweep_keeps_boltzmanns_law(name, I0):
    ising = gates.gate(name)
    matrix, law = sweep_matrix(ising, I0), exact.boltzmann(ising, I0)
    np.testing.assert_allclose(matrix.sum(axis=1), 1.0, atol=1e-12)
    np.testing.assert_allclose(law @ matrix, law, atol=1e-12)
    np.testing.assert_allclose(stationary(matrix), law, atol=1e-9)
    assert (matrix >= 0.0).all()


@pytest.mark.parametrize("I0", [0.1, 0.5, 1.0, 2.0])
def test_copy_relaxes_as_the_square_of_tanh(I0):
    """a from b, then b from a: <b> falls by tanh(I0)**2 a sweep."""
    assert relaxation(sweep_matrix(gates.copy(), I0)) == pytest.approx(-1.0 / (2.0 * math.log(math.tanh(I0))))


def test_pbits_without_couplings_forget_in_one_sweep():
    free = Ising(["a", "b"], np.zeros((2, 2)), [0.3, -0.2])
    assert relaxation(sweep_matrix(free, 1.0)) < 0.05  # 0 but for rounding


def test_order_of_turns_changes_the_matrix_and_not_the_law():
    ising = gates.and_gate()
    one, two = sweep_matrix(ising, 0.5), sweep_matrix(ising, 0.5, order=["c", "a", "b"])
    assert np.abs(one - two).max() > 0.01
    np.testing.assert_allclose(stationary(one), stationary(two), atol=1e-9)


def test_a_cell_that_never_defies_its_input_freezes():
    """The cosine of one junction ends at 1.7 V0: at I0 = 1 an AND gate in a row stays there; at 0.5 it does not."""
    inputs = np.linspace(-28e-3, 28e-3, 401)
    mean = 2.0 / math.pi * np.arcsin(np.clip(inputs / 14e-3, -1.0, 1.0))
    law = mean_of(Transfer(inputs, mean))
    assert relaxation(sweep_matrix(gates.and_gate(), 1.0, law)) == math.inf
    assert relaxation(sweep_matrix(gates.and_gate(), 0.5, law)) < 10


def test_runs_miss_a_state_as_often_as_the_matrix_says():
    """The state 111 of an AND gate at I0 = 1, a quarter of the time, in runs of 60 sweeps: 400 of them."""
    ising, sweeps, runs = gates.and_gate(), 60, 400
    wanted = never_met(sweep_matrix(ising, 1.0), 7, sweeps)
    missed = sum(sampling.sample(ising, 1.0, sweeps, seed, warm=0)[7] == 0 for seed in range(runs))
    assert 0.1 < wanted < 0.5
    assert abs(missed / runs - wanted) < 4 * math.sqrt(wanted * (1 - wanted) / runs)
    assert never_met(sweep_matrix(ising, 1.0), 7, 1) == pytest.approx(1 - sweep_matrix(ising, 1.0)[:, 7].mean())


def test_limits():
    with pytest.raises(ParameterError, match="matrix of a sweep"):
        sweep_matrix(Ising([f"m{i}" for i in range(11)], np.zeros((11, 11))), 1.0)
    with pytest.raises(ParameterError, match="sweeps"):
        never_met(sweep_matrix(gates.copy(), 1.0), 0, 0)
