"""Mean failure over devices that differ: importance sampling against quadrature."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.interpolate import CubicSpline

from spinspice.devices.laws.fokker_planck import not_switched
from spinspice.devices.laws.spread import array_errors, mean_failure
from spinspice.errors import ParameterError


@pytest.fixture(scope="module")
def failure():
    """Write errors at i = 2 (1 + 0.06 z) and 10 tau_D of a 60 kT magnet, interpolated in log."""
    grid = np.linspace(-8.5, 8.5, 35)
    logs = [np.log(float(not_switched([10.0], 60.0, 2.0 * (1.0 + 0.06 * z))[0])) for z in grid]
    return lambda z: float(np.exp(np.interp(z[0], grid, logs)))


def quadrature(failure):
    z = np.linspace(-8.4, 8.4, 4001)
    values = np.array([failure(np.array([x])) for x in z]) * np.exp(-0.5 * z * z) / np.sqrt(2.0 * np.pi)
    return float(np.trapezoid(values, z))


def test_the_worst_devices_carry_the_mean(failure):
    exact, nominal = quadrature(failure), failure(np.zeros(1))
    found = mean_failure(failure, 1, devices=300, seed=4)
    assert exact > 3 * nominal  # a memory is as bad as its worst bits
    assert found.centre[0] < -0.5
    assert abs(found.probability - exact) < 4 * found.stderr
    assert found.stderr < 0.15 * exact
    plain = mean_failure(failure, 1, devices=300, seed=4, centre=np.zeros(1))
    assert plain.stderr > 2 * found.stderr


def test_an_array_of_different_critical_currents():
    """Against quadrature; the worst junctions carry the more, the rarer the error."""
    times, spread = np.array([8.8, 12.2]), 0.05
    found = array_errors(times, 60.0, 2.0, spread, devices=200, seed=3)
    z = np.linspace(-8.0, 6.0, 22)
    rates = np.array([not_switched(times, 60.0, 2.0 * np.exp(-spread * one)) for one in z])
    fine = np.linspace(z[0], z[-1], 2001)
    exact = np.trapezoid(
        np.exp(CubicSpline(z, np.log(rates))(fine)) * np.exp(-0.5 * fine**2)[:, None] / np.sqrt(2 * np.pi), fine, axis=0
    )
    for one, mean in zip(found, exact, strict=True):
        assert abs(one.probability - mean) < 4 * one.stderr + 0.005 * mean  # of both splines
        assert one.stderr < 0.2 * mean
    ratios = exact / not_switched(times, 60.0, 2.0)
    assert ratios[1] > ratios[0] > 2.0
    with pytest.raises(ParameterError, match="spread"):
        array_errors(times, 60.0, 2.0, 0.0)


def test_several_quantities():
    """exp(-a (4 + z1 + z2)) has a mean in closed form."""
    a = 3.0
    found = mean_failure(lambda z: float(np.exp(-a * (4.0 + z[0] + z[1]))), 2, devices=400, seed=1)
    assert abs(found.probability - np.exp(-4.0 * a + a * a)) < 4 * max(found.stderr, 1e-3 * found.probability)
    assert found.centre == pytest.approx([-a, -a], abs=0.3)


def test_too_few_devices_are_refused():
    with pytest.raises(ParameterError, match="devices"):
        mean_failure(lambda z: 0.5, 1, devices=2)
