"""Spin-torque switching of a stable magnet in the reference solver against the Fokker-Planck equation."""

from __future__ import annotations

import numpy as np
import pytest

from spinspice.devices.laws.fokker_planck import time_unit
from spinspice.memory import bare_write_errors
from spinspice.presets import load_preset

#: The law in units of tau_D and I_c0 holds for any damping; ten times the preset's makes a pulse ten times shorter.
#: Noise step: its smoothing takes 0.4 % of the thermal power at the precession frequency, 0.3 s.e. of what follows.
FAST = load_preset("sttmram").device.replace(alpha=0.1, dt=2.5e-12)


def with_barrier(delta: float):
    return FAST.replace(B_k=FAST.B_k * delta / FAST.delta)


@pytest.mark.parametrize(("delta", "overdrive", "times"), [(60, 2.0, (2, 3, 4, 5)), (40, 1.5, (3, 5, 7))])
def test_write_errors_fall_as_the_fokker_planck_equation_says(delta, overdrive, times):
    device = with_barrier(delta)
    found = bare_write_errors(device, np.array(times) * time_unit(device), overdrive, samples=8_000, seed=8)
    assert np.isfinite(found.deviations).sum() == len(times)
    assert np.nanmax(np.abs(found.deviations)) < 4.0


@pytest.mark.slow
@pytest.mark.parametrize(
    ("delta", "overdrive", "times"),
    [(40, 2.0, (2, 3, 4, 5, 6)), (60, 2.0, (2, 3, 4, 5, 6)), (40, 1.5, (3, 5, 7, 9)), (60, 1.5, (3, 5, 7, 9))],
)
def test_write_errors_down_to_the_resolution_of_200_000_samples(delta, overdrive, times):
    device = with_barrier(delta)
    found = bare_write_errors(device, np.array(times) * time_unit(device), overdrive, samples=200_000, seed=5)
    assert found.theory.min() < 1.5e-3
    assert np.nanmax(np.abs(found.deviations)) < 4.0


def test_the_preset_itself_follows_the_same_law():
    device = load_preset("sttmram").device
    found = bare_write_errors(device, np.array([2.0, 3.0]) * time_unit(device), 2.0, samples=2000, seed=2)
    assert np.isfinite(found.deviations).all()
    assert np.abs(found.deviations).max() < 4.0


def test_seeds_decide_all():
    widths = [3e-10, 4e-10, 5e-10]
    first, again, other = (bare_write_errors(FAST, widths, 2.0, samples=200, seed=seed).error for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()
