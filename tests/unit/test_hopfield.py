"""Associative memory: the exact recall table, devices with spread, corrections, and the columns in SPICE."""

from __future__ import annotations

import numpy as np
import pytest

from spinspice.engines import get_engine
from spinspice.errors import ParameterError, UsageError
from spinspice.networks.hopfield import Devices, corrected, hebbian, one_bit_errors, recall, recalled
from spinspice.networks.hopfield.circuit import ColumnCircuit
from spinspice.networks.hopfield.memory import PATTERNS, energy, stable
from spinspice.networks.hopfield.neuron import MemoryCircuit


def test_the_table_of_the_ideal_matrix():
    weights = hebbian(PATTERNS)
    assert (PATTERNS @ PATTERNS.T)[np.triu_indices(3, 1)].tolist() == [-3, 5, 1]
    assert stable(weights, PATTERNS)
    assert [energy(weights, x) for x in PATTERNS] == pytest.approx([-4.8889, -3.5556, -4.4444], abs=5e-5)
    assert recalled(weights, PATTERNS).sum() == 23  # one-bit recall is not perfect, even here


@pytest.mark.parametrize(("third", "count"), [("CTX", 24), ("LXT", 25)])
def test_other_letters_have_other_tables(third, count):
    letters = {"C": "111100111", "T": "111010010", "L": "100100111", "X": "101010101"}
    rows = np.array([[1 if c == "1" else -1 for c in letters[k]] for k in third])
    assert recalled(hebbian(rows), rows).sum() == count


def test_energy_never_rises_one_neuron_at_a_time():
    draw = np.random.default_rng(2)
    for _ in range(20):
        weights = draw.normal(size=(12, 12))
        weights = weights + weights.T
        np.fill_diagonal(weights, 0.0)
        start = draw.choice([-1, 1], 12)
        end = recall(weights, start)
        assert energy(weights, end) <= energy(weights, start) + 1e-12
        assert np.array_equal(recall(weights, end), end)


def test_spread_spoils_the_memory_and_corrections_bring_it_back():
    count = 100
    at_once, iterations = [], []
    for spread in (0.1, 0.4, 0.6):
        found = [corrected(Devices.drawn(9, spread, seed), PATTERNS)[1] for seed in range(count)]
        at_once.append(sum(k == 0 for k in found))
        iterations.append([99 if k is None else k for k in found])
    assert at_once[0] > at_once[1] > at_once[2]
    assert at_once[0] > 90 and at_once[2] < 60
    assert np.median(iterations[2]) <= 5
    assert sum(k == 99 for k in iterations[2]) <= 8  # hardly any array cannot be mended


def test_devices_are_symmetric_and_saturate():
    devices = Devices.drawn(9, 0.5, 1)
    held = devices(10.0 * hebbian(PATTERNS))
    assert np.array_equal(held, held.T) and np.all(np.diag(held) == 0.0)
    assert np.abs(held).max() <= devices.limit


@pytest.mark.parametrize(
    "engine", [pytest.param(name, marks=pytest.mark.engine(name)) for name in ("ngspice", "vacask")]
)
def test_columns_in_the_circuit_have_the_sums_of_the_matrix(engine):
    weights = hebbian(PATTERNS)
    starts = np.array([start for _, _, start in one_bit_errors(PATTERNS)])
    sums = ColumnCircuit(weights).sums(starts, get_engine(engine))
    assert sums == pytest.approx(starts @ weights.T, abs=2e-3)


@pytest.mark.engine("ngspice")
def test_recall_in_the_circuit_is_that_of_the_law():
    weights = hebbian(PATTERNS)
    chosen = one_bit_errors(PATTERNS)[4]
    found, runs = ColumnCircuit(weights).recall(chosen[2], get_engine("ngspice"))
    assert np.array_equal(found, recall(weights, chosen[2])) and runs >= 9


def test_what_does_not_fit_is_refused():
    with pytest.raises(UsageError, match="-1 and 1"):
        hebbian([[0, 1, 1]])
    with pytest.raises(UsageError, match="square"):
        ColumnCircuit(np.ones((2, 3)))
    with pytest.raises(ParameterError, match="conductance"):
        ColumnCircuit(np.full((2, 2), 3.0))


@pytest.mark.engine("ngspice")
def test_a_memory_with_neurons_of_transistors_recalls_as_the_law_does():
    """Four neurons, two patterns, three starts in one run: comparators, latches, drivers, feedback."""
    patterns = np.array([[1, 1, -1, -1], [1, -1, 1, -1]])
    weights = hebbian(patterns)
    starts = np.array([start for _, _, start in one_bit_errors(patterns)])[[0, 3, 5]]
    memory = MemoryCircuit(weights)
    waves = get_engine("ngspice").run(memory.testbench(starts, 2))
    assert np.array_equal(memory.ends(waves, 3, 2), [recall(weights, start) for start in starts])
    assert 1e-14 < memory.energy(waves, 3) < 1e-10


@pytest.mark.timeout(3700)
@pytest.mark.slow
@pytest.mark.engine("ngspice")
def test_all_one_bit_errors_through_transistors():
    """27 recalls of nine neurons and 81 pairs of conductances: those of the law, 23 of them right."""
    weights = hebbian(PATTERNS)
    errors = one_bit_errors(PATTERNS)
    memory = MemoryCircuit(weights)
    starts = np.array([start for _, _, start in errors])
    waves = get_engine("ngspice").run(memory.testbench(starts, 3), timeout=3600)
    ends = memory.ends(waves, 27, 3)
    assert np.array_equal(ends, [recall(weights, start) for start in starts])
    assert sum(np.array_equal(end, PATTERNS[index]) for end, (index, _, _) in zip(ends, errors, strict=True)) == 23


def test_a_memory_of_transistors_says_what_it_takes():
    with pytest.raises(UsageError, match="zero diagonal"):
        MemoryCircuit(np.eye(3))
    with pytest.raises(UsageError, match="rows of -1 and 1"):
        MemoryCircuit(hebbian(PATTERNS)).testbench(np.zeros((1, 9)))
    with pytest.raises(ParameterError, match="sweeps"):
        MemoryCircuit(hebbian(PATTERNS)).testbench(PATTERNS, 0)
