"""Fokker-Planck equation of spin-torque switching: tabulated probabilities, eigenvalues, exact limits."""

from __future__ import annotations

import numpy as np
import pytest

from spinspice.constants import gamma
from spinspice.devices.laws.fokker_planck import (
    boltzmann_angles,
    escape_rate,
    not_switched,
    occupation,
    switching_probability,
    time_unit,
)
from spinspice.errors import ParameterError
from spinspice.presets import load_preset

#: P(not switched): an independent finite-volume solution, the same to four digits on three grids up to 12,000 cells.
TABLE = {
    (40, 2.0): {2: 0.4505, 3: 0.07376, 4: 0.01002, 5: 1.328e-3, 6: 1.757e-4, 7: 2.323e-5},
    (60, 2.0): {2: 0.5949, 3: 0.1098, 4: 0.01527, 5: 2.045e-3, 6: 2.726e-4, 7: 3.631e-5},
    (40, 1.5): {3: 0.5160, 5: 0.07544, 7: 9.159e-3, 9: 1.095e-3, 11: 1.307e-4},
}
#: Numerical budget of the grid, which is coarser than the table's [1].
BUDGET = 2e-3
#: Relaxation eigenvalues lambda_1 tau_N of an axial magnet (Legendre expansion), by barrier; tau_N = delta tau_D.
EIGENVALUES = {10: 1.44108e-3, 12: 2.62178e-4, 15: 1.86324e-5}


@pytest.mark.parametrize("case", TABLE)
def test_probabilities_are_those_of_the_table(case):
    times = list(TABLE[case])
    np.testing.assert_allclose(not_switched(times, *case), list(TABLE[case].values()), rtol=BUDGET)


def test_a_drive_that_depends_on_mz_and_is_constant_is_that_constant():
    varying = not_switched([2.0, 4.0], 40.0, lambda mz: 2.0 + 0.0 * mz)
    np.testing.assert_allclose(varying, not_switched([2.0, 4.0], 40.0, 2.0), rtol=1e-12)


def test_more_current_at_the_start_or_at_the_end_switches_sooner():
    constant = not_switched([3.0], 60.0, 2.0)
    assert not_switched([3.0], 60.0, lambda mz: 2.0 + 0.3 * mz) < constant
    assert not_switched([3.0], 60.0, lambda mz: 2.0 - 0.3 * mz) > constant


@pytest.mark.parametrize("delta", EIGENVALUES)
def test_escape_without_current_is_half_the_eigenvalue(delta):
    # First-passage time against eigenvalue: they differ by the order of exp(-delta); the grid adds some 1e-4.
    assert escape_rate(delta) * delta == pytest.approx(EIGENVALUES[delta] / 2.0, rel=1e-3)


def test_escape_below_critical_is_that_of_the_table():
    assert escape_rate(20.0, 0.3) == pytest.approx(8.03e-5, rel=5e-3)
    assert escape_rate(20.0, 0.5) == pytest.approx(5.14e-3, rel=0.05)  # a barrier of 5: exp(-5) is 0.7 %, times a few


def test_escape_at_high_barriers_is_browns_with_its_corrections():
    """sqrt(delta / pi) exp(-delta), with Brown's time times 1 + 1 / delta + 7 / (4 delta^2)."""
    delta = 60.0
    brown = np.sqrt(delta / np.pi) * np.exp(-delta)
    assert escape_rate(delta) == pytest.approx(brown / (1.0 + 1.0 / delta + 1.75 / delta**2), rel=1e-3, abs=0.0)


def test_rare_switching_grows_at_the_escape_rate():
    delta, drive = 20.0, 0.3
    earlier, later = (switching_probability([0.0, t], [drive, drive], delta) for t in (12.0, 14.0))
    assert (later - earlier) / 2.0 == pytest.approx(escape_rate(delta, drive), rel=0.02)


def test_a_short_peak_does_less_than_its_escape_rate_says():
    time, peak = np.array([0.0, 0.01, 0.02]), np.array([0.0, 0.7, 0.0])
    assert 0.0 < switching_probability(time, peak, 60.0) < 1e-3 * 0.02 * escape_rate(60.0, 0.7)


def test_frequent_switching_is_the_complement_of_what_is_left():
    # Those near the top at the end of the pulse fall to either side afterwards.
    assert switching_probability([0.0, 5.0], [2.0, 2.0], 60.0) == pytest.approx(1.0 - 2.045e-3, abs=1e-3)


def test_angles_are_those_of_boltzmann():
    """<mz^2> at delta 10 is 0.892728, exact."""
    count = 40_000
    theta, phi = boltzmann_angles(10.0, count, seed=4)
    square = np.cos(theta) ** 2
    assert abs(square.mean() - 0.892728) < 4.0 * square.std() / np.sqrt(count)
    assert abs(np.cos(phi).mean()) < 4.0 / np.sqrt(2.0 * count)
    assert (theta < np.pi / 2).all()
    np.testing.assert_array_equal(theta, boltzmann_angles(10.0, count, seed=4)[0])


def test_unit_of_time():
    device = load_preset("sttmram").device
    assert time_unit(device) == pytest.approx(1.0001 / (0.01 * gamma * device.B_k))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: not_switched([1.0], 0.0, 2.0), "delta = 0.*not_switched"),
        (lambda: not_switched([-1.0], 40.0, 2.0), "times = -1.*length of the pulse"),
        (lambda: escape_rate(60.0, 1.2), "drive.*top of the barrier"),
        (lambda: boltzmann_angles(-1.0, 3, 1), "delta = -1.*boltzmann_angles"),
        (lambda: switching_probability([0.0, 1.0], [0.0, 0.0], float("nan")), "delta = nan"),
    ],
)
def test_what_is_out_of_range_is_refused(call, message):
    with pytest.raises(ParameterError, match=message):
        call()


def test_a_drive_that_varies_and_is_constant_is_that_constant():
    times = np.array([1.0, 2.0, 3.0])
    found = occupation(times, 20.0, lambda _: 2.0)
    np.testing.assert_allclose(found, not_switched(times, 20.0, 2.0), rtol=0.02)


def test_a_drive_forth_and_back_brings_the_magnet_back():
    found = occupation([5.0, 20.0], 20.0, lambda t: 3.0 if t < 5.0 else -3.0)
    assert found[0] < 1e-3 and found[1] > 1.0 - 1e-3
