"""Shapes, drives and records of the reference solvers."""

from __future__ import annotations

import numpy as np
import pytest

from spinspice.devices.macrospin import Macrospin
from spinspice.devices.reference.chain import simulate_chain
from spinspice.devices.reference.drive import as_table, sample_table
from spinspice.devices.reference.macrospin import simulate_macrospin
from spinspice.devices.reference.telegraph import switching_times
from spinspice.devices.telegraph import Telegraph

NS = 1e-9


def test_tables_are_linear_with_vertical_steps_and_constant_outside():
    times, values = as_table(([1.0, 2.0, 2.0, 4.0], [0.0, 1.0, 5.0, 3.0]), 1, "voltage")
    at = np.array([0.0, 1.0, 1.5, 2.0, 3.0, 4.0, 9.0])
    assert sample_table(times, values, at).tolist() == [[0.0, 0.0, 0.5, 5.0, 4.0, 3.0, 3.0]]
    times, values = as_table(([0.0, 0.0, 1.0], [7.0, 1.0, 2.0]), 1, "a step at the start")
    assert sample_table(times, values, np.array([0.0, 0.5])).tolist() == [[1.0, 1.5]]
    times, values = as_table([3.0, 4.0], 2, "one a member")
    assert sample_table(times, values, np.array([0.0, 0.5])).tolist() == [[3.0, 3.0], [4.0, 4.0]]


def test_shapes_follow_the_seed():
    one = simulate_macrospin(Macrospin(), NS, 3, decimate=10)
    many = simulate_macrospin(Macrospin(), NS, [3, 4], voltage=[0.1, 0.2], decimate=10)
    assert one.time.shape == (21,) and one.time[-1] == pytest.approx(NS)
    assert one.m.shape == (21, 3) and many.m.shape == (2, 21, 3)
    for run in (one, many):
        shape = run.m.shape[:-1]
        assert run.voltage.shape == run.conductance.shape == run.current.shape == shape
        assert np.linalg.norm(run.m, axis=-1) == pytest.approx(1.0, abs=1e-12)
        assert np.all(run.conductance <= 1.0 / 12.7e3 * (1 + 1e-12))
    assert many.voltage[1] == pytest.approx(0.2)
    assert switching_times(Telegraph(), 5, 1).shape == (5,)
    assert switching_times(Telegraph(), 5, [1, 2]).shape == (2, 5)
    assert simulate_chain(Telegraph(), NS, 5, [1, 2]).shape == (2, 6)


def test_read_only_and_strided_input():
    """Results of other libraries may be read-only views."""
    times, values = np.linspace(0.0, NS, 21)[::2], np.linspace(0.0, 0.2, 11)
    values.setflags(write=False)
    run = simulate_macrospin(Macrospin(), NS, np.arange(6)[::3], voltage=(times, values), m0=values[3:6])
    assert run.voltage[0, -1] == pytest.approx(0.2)
