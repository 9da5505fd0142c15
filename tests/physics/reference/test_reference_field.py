"""The reference in fields that vary: the astroid, an independent solver with temperature, rates of two states."""

from __future__ import annotations

import numpy as np
import pytest
from physics import astroid, oracles
from physics.magnets import uniaxial

from spinspice.constants import mu_0
from spinspice.devices import Macrospin, MacrospinField, Telegraph, TelegraphField
from spinspice.devices.noise import thresholds
from spinspice.devices.reference.drive import on_common_times
from spinspice.devices.reference.macrospin import simulate_macrospin
from spinspice.devices.reference.telegraph import simulate_telegraph, switching_times
from spinspice.errors import UsageError


def test_no_field_is_the_plain_magnet_to_the_last_bit():
    plain = simulate_macrospin(Macrospin(), 2e-9, [1, 2], voltage=0.1)
    for field in (np.zeros(3), np.zeros((2, 3)), (np.array([0.0, 1e-9]), np.zeros((3, 2)))):
        assert np.array_equal(simulate_macrospin(MacrospinField(), 2e-9, [1, 2], voltage=0.1, field=field).m, plain.m)


def test_a_constant_field_is_that_of_the_parameters():
    plain = simulate_macrospin(Macrospin(Bx=0.01, By=-0.02, Bz=0.03), 1e-9, 4)
    driven = simulate_macrospin(MacrospinField(), 1e-9, 4, field=(0.01, -0.02, 0.03))
    assert np.max(np.abs(plain.m - driven.m)) < 1e-9  # rounding, which the dynamics makes grow


def test_each_member_has_its_own_field():
    fields = np.array([[0.1, 0.0, 0.0], [0.0, 0.2, 0.0]])
    together = simulate_macrospin(MacrospinField(), 0.2e-9, [3, 4], field=fields).m
    alone = [simulate_macrospin(MacrospinField(), 0.2e-9, seed, field=fields[i]).m for i, seed in enumerate((3, 4))]
    assert np.array_equal(together, np.stack(alone))


@pytest.mark.parametrize("field", [np.zeros(2), np.zeros((3, 3)), (np.array([0.0, 1.0]), np.zeros((2, 2)))])
def test_a_field_of_the_wrong_shape_is_refused(field):
    with pytest.raises(UsageError, match="x, y, z in tesla"):
        simulate_macrospin(MacrospinField(), 1e-10, [1, 2], field=field)


@pytest.mark.parametrize("geometry", ["perpendicular", "in-plane"])
def test_switching_field_against_stoner_and_wohlfarth(geometry):
    """From 0 to 80 degrees at T = 0, extrapolated to a ramp without end: 0.4 %."""
    device, axes = astroid.magnet(geometry, step=2e-11 if geometry == "perpendicular" else 5e-12)
    easy, hard = ("xyz".index(axis) for axis in axes)
    angles = [0.01, 1.0, 5.0, 10.0, 20.0, 30.0, 45.0, 60.0, 70.0, 80.0]
    top, found = astroid.TOP * device.B_k, []
    for ramp in (4e-4, 1e-4):
        half = 2 * astroid.TOP / astroid.rate(device, ramp)
        values = np.zeros((len(angles), 3, 2))
        for row, angle in zip(values, np.radians(angles), strict=True):
            row[easy], row[hard] = np.cos(angle) * top * np.array([1, -1]), np.sin(angle) * top * np.array([1, -1])
        run = simulate_macrospin(device, half, np.ones(len(angles)), field=(np.array([0.0, half]), values), decimate=4)
        turns = np.argmax(run.m[:, :, easy] < 0.0, axis=1)
        found.append(-astroid.TOP * (1.0 - 2.0 * run.time[turns] / half))
    exact = np.array([astroid.switching_field(angle) for angle in angles])
    assert np.max(np.abs(astroid.extrapolated(*found, 4.0) / exact - 1.0)) < 0.004


def test_mean_switching_field_with_temperature_against_cmtj():
    """A ramp of the field along the axis of a magnet of 20 kT at 300 K: mean and spread of the switching field."""
    from physics.cmtj_units import cmtj, constants_of_spinspice

    device = uniaxial(20.0, alpha=0.1, dt=2e-12)
    top, duration, members = 1.2 * device.B_k, 12e-9, 240
    ramp = (np.array([0.0, duration]), np.array([[0.0, 0.0], [0.0, 0.0], [0.0, -top]]))
    ours = simulate_macrospin(device, duration, np.arange(400), m0=(0.0, 0.0, 1.0), field=ramp, substeps=1).m[:, :, 2]
    fields_ours = top * np.argmax(ours < 0.0, axis=1) * device.dt / duration
    fields_theirs = []
    with constants_of_spinspice():
        for seed in range(1, members + 1):
            vector = cmtj.CVector
            layer = cmtj.Layer(
                *("free", vector(0, 0, 1), vector(0, 0, 1), mu_0 * device.Ms, device.t_free, device.area),
                [vector(0, 0, 0)] * 3,
                damping=device.alpha,
            )
            junction = cmtj.Junction([layer])
            # A trapezoid that rises all the time: constant, amplitude, start, edge, top.
            driver = cmtj.ScalarDriver.getTrapezoidDriver(0.0, -top / mu_0, 0.0, duration, duration)
            junction.setLayerExternalFieldDriver("free", cmtj.AxialDriver(cmtj.NullDriver(), cmtj.NullDriver(), driver))
            junction.setLayerAnisotropyDriver("free", cmtj.constantDriver(device.B_k * device.Ms / 2.0))
            junction.setLayerTemperatureDriver("free", cmtj.constantDriver(device.T))
            junction.setLayerSeed("free", seed)
            junction.runSimulation(duration, device.dt, device.dt, False, False, cmtj.SolverMode.Heun)
            log = junction.getLog()
            mz = np.array(log["free_mz"])
            fields_theirs.append(top * (log["time"][int(np.argmax(mz < 0.0))] + device.dt) / duration)
    (mean, error), (other, other_error) = (
        oracles.mean_and_error(x[:, None]) for x in (fields_ours, np.array(fields_theirs))
    )
    assert error + other_error < 0.02 * top
    assert abs(mean - other) < oracles.SIGMAS * np.hypot(error, other_error)
    assert mean + oracles.SIGMAS * error < device.B_k  # thermally assisted: below the law at T = 0


def test_two_states_in_a_constant_field():
    """The same events as with the field as a parameter; a field without a port is refused."""
    plain = switching_times(Telegraph(field=0.3), 200, [1, 2], voltage=0.01)
    driven = switching_times(TelegraphField(field=0.1, B_k=0.5), 200, [1, 2], voltage=0.01, field=0.1)
    assert np.allclose(plain, driven, rtol=1e-12)
    with pytest.raises(UsageError, match="no port for a field"):
        simulate_telegraph(Telegraph(), 1e-6, field=0.1)


def test_hazard_between_events_is_the_threshold_in_a_ramp_of_the_field():
    """The integral of the rate over each stay, by the trapezium rule on a fine grid, is its drawn threshold."""
    device = TelegraphField(delta=8.0, B_k=0.1, field=0.05, asymmetry=0.2)
    period = 20e-6
    times, field = np.array([0.0, 0.4, 0.4, 1.0]) * period, np.array([-0.01, 0.03, -0.02, -0.01])
    flips = switching_times(
        device, 40, 6, voltage=(np.array([0.0, period]), [0.0, 0.02]), field=(times, field), period=period
    )
    now, state = 0.0, 0
    for flip, exact in zip(flips, thresholds(6, np.arange(40)), strict=True):
        grid = np.linspace(now, flip, 40_001)
        phase = np.mod(0.5 * (grid[1:] + grid[:-1]), period)
        h = np.where(
            phase < 0.4 * period, np.interp(phase, times[:2], field[:2]), np.interp(phase, times[2:], field[2:])
        )
        rate = device.rates_in_field(h, phase / period * 0.02 / device.V_c)[state]
        assert np.sum(rate) * (grid[1] - grid[0]) == pytest.approx(exact, rel=2e-3)
        now, state = flip, 1 - state


def test_tables_with_vertical_steps_meet_on_common_times():
    one = (np.array([0.0, 1.0, 1.0, 2.0]), np.array([0.0, 1.0, 5.0, 6.0]))
    other = (np.array([0.5, 3.0]), np.array([2.0, 7.0]))
    times, first, second = on_common_times(one, other)
    assert times.tolist() == [0.0, 0.5, 1.0, 1.0, 2.0, 3.0]
    assert first.tolist() == [0.0, 0.5, 1.0, 5.0, 6.0, 6.0]
    assert second.tolist() == [2.0, 2.0, 3.0, 3.0, 5.0, 7.0]
