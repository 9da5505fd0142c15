"""First passage of a skyrmion in the plane: the backward equation against the reference solver and the edge's law."""

from __future__ import annotations

import numpy as np
import pytest

from spinspice.constants import k_B
from spinspice.devices.laws.passage import mean_passage_time
from spinspice.devices.laws.skyrmion import mean_passage, spike_times
from spinspice.devices.reference.skyrmion import simulate_skyrmion
from spinspice.errors import ParameterError
from spinspice.presets import load_preset

NEURON = load_preset("skyrmion-neuron").device
#: Speeds along the edge by drive and reset [m/s], line that is passed [m].
SPEED, BACK, END = 55.0, 74.0, 330e-9
FORCE = SPEED * NEURON.drag


def test_first_and_later_spikes_against_the_reference():
    """From (x0, y0), and after 25 ns against the end: mean times within four standard errors."""
    device = NEURON.replace(dt=2.5e-11, max_step=1.25e-11)
    per_speed = device.drag / device.spin_hall_force(1.0)
    first, later = spike_times(NEURON, FORCE, END, BACK * NEURON.drag)
    hold = 2.5e-8
    times = np.array([0.0, hold, hold + 1e-12, 1e-6])
    for exact, start, currents in (
        (first, 0.0, [SPEED, SPEED, SPEED, SPEED]),
        (later, hold, [-BACK, -BACK, SPEED, SPEED]),
    ):
        drive = times, per_speed * np.array(currents)
        run = simulate_skyrmion(device, start + 2.6e-8, np.arange(500), current=drive, decimate=2)
        late = run.time > start
        passed = np.argmax((run.x >= END) & late, axis=1)
        assert passed.min() > 0
        found = np.array([
            np.interp(END, x[i - 1 : i + 1], run.time[i - 1 : i + 1]) for x, i in zip(run.x, passed, strict=True)
        ]) - start  # fmt: skip
        assert abs(found.mean() - exact) < 4.0 * found.std(ddof=1) / np.sqrt(found.size)


def test_the_plane_agrees_with_the_law_along_the_edge():
    """Far from the end the particle runs along its edge: the one-dimensional law within a per cent."""
    side = 0.5 * NEURON.width + abs(NEURON.gyrovector) * SPEED / NEURON.k_edge
    along = mean_passage_time(SPEED, k_B * NEURON.T / NEURON.drag, NEURON.x0, END, -0.5 * NEURON.length)
    law = along + abs(NEURON.gyrovector) * (side - NEURON.y0) / FORCE
    assert spike_times(NEURON, FORCE, END, FORCE)[0] == pytest.approx(law, rel=0.01)


def test_what_has_no_such_law_is_refused():
    with pytest.raises(ParameterError, match="mean_passage"):
        mean_passage(NEURON.replace(T=0.0), FORCE, END, 3e-9)
    with pytest.raises(ParameterError, match="k_edge"):
        mean_passage(NEURON.replace(k_edge=0.0), FORCE, END, 3e-9)
    with pytest.raises(ParameterError, match="end"):
        mean_passage(NEURON, FORCE, 1e-6, 3e-9)
    with pytest.raises(ParameterError, match="cells of .* allowed up to"):
        spike_times(NEURON.replace(T=20.0), FORCE, END, FORCE)
