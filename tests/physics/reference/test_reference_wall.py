"""The domain wall against its exact laws: Walker, spin torques, thermal motion with the angle held or free, pinning."""

from __future__ import annotations

import numpy as np
import pytest

from spinspice.constants import gamma, k_B
from spinspice.devices import DomainWall
from spinspice.devices.laws import wall as laws
from spinspice.devices.reference.wall import simulate_wall
from spinspice.errors import ParameterError

#: A track without ends, at T = 0.
FREE = DomainWall(T=0.0, k_edge=0.0, dt=2e-11, max_step=1e-11)
U_C = gamma * 20e-3 * 6e-9 / 2.0


def velocity(device, duration: float, **drive) -> float:
    """Mean velocity over whole turns of the angle, after a tenth of the run (slower than a turn: over the rest)."""
    run = simulate_wall(device, duration, **drive)
    first = run.time.size // 10
    turns = np.floor(np.abs(run.phi - run.phi[first]) / np.pi)
    last = int(np.argmax(turns == turns[-1])) if turns[-1] >= 3 else run.time.size - 1
    return float((run.q[last] - run.q[first]) / (run.time[last] - run.time[first]))


@pytest.mark.parametrize(
    ("field", "exact"),
    [(0.1e-3, 5.28258), (0.2e-3, 10.5652), (0.25e-3, 5.28575), (0.4e-3, 2.83824), (1e-3, 1.08799), (10e-3, 0.31684)],
)
def test_velocity_in_a_field(field, exact):
    assert laws.field_velocity(FREE, field) == pytest.approx(exact, rel=1e-5)
    if field == 0.2e-3:
        return  # at Walker's field the angle takes for ever
    assert velocity(FREE, 1e-6, field=field) == pytest.approx(exact, rel=5e-3)


def test_walker_field_and_mobility():
    assert FREE.walker_field == pytest.approx(0.2e-3)
    assert laws.field_velocity(FREE, 1e-4) / 1e-4 * 1e-3 == pytest.approx(52.826, rel=1e-5)


@pytest.mark.parametrize(("ratio", "exact"), [(0.9, 0.0), (1.1, 4.8396), (1.5, 11.8075), (2.0, 18.2921)])
def test_velocity_by_current(ratio, exact):
    """beta = 0; the critical current density 2.434e11 A/m^2; electrons take the wall along."""
    current = -ratio * U_C / FREE.spin_drift(1.0)
    assert current > 0.0  # from free to right: the wall goes left
    assert current / ratio / FREE.area == pytest.approx(2.434e11, rel=2e-3)
    assert laws.current_velocity(FREE, ratio * U_C) == pytest.approx(exact, rel=1e-5)
    assert -velocity(FREE, 1e-6, current=current) == pytest.approx(exact, rel=5e-3, abs=0.01)


def test_velocity_by_the_non_adiabatic_torque():
    """Below Walker beta u / alpha."""
    device = FREE.replace(beta=0.04)
    current = 0.5 * U_C / device.spin_drift(1.0)
    assert abs(velocity(device, 1e-6, current=current)) == pytest.approx(10.5652, rel=1e-4)


@pytest.mark.parametrize(("field", "exact"), [(0.1e-3, 8.25667), (1e-3, 58.6747), (5e-3, 81.3672)])
def test_velocity_by_spin_orbit_torque(field, exact):
    device = FREE.replace(B_K=0.0, B_D=50e-3, share=0.0, theta_SH=0.2)
    current = field / device.spin_hall_field(1.0)
    assert laws.spin_orbit_velocity(device, field) == pytest.approx(exact, rel=1e-5)
    assert laws.spin_orbit_velocity(device, 1e3) == pytest.approx(82.9786, rel=1e-5)
    assert abs(velocity(device, 2e-7, current=current)) == pytest.approx(exact, rel=1e-3)


def within(values: np.ndarray, exact: float) -> bool:
    return bool(abs(values.mean() - exact) < 4.0 * values.std(ddof=1) / np.sqrt(values.size))


def test_equilibrium_in_a_trap():
    """<q^2> = kT / k, and <sin^2 phi> less what the noise step costs (7/15 of alpha gamma B_K dt of T)."""
    device = FREE.replace(T=300.0, k_trap=1e-5, alpha=0.3, dt=5e-12, max_step=5e-12)
    assert np.sqrt(k_B * 300.0 / 1e-5) == pytest.approx(20.352e-9, rel=1e-4)
    assert laws.angle_mean_square(device) == pytest.approx(0.360898, rel=1e-5)
    run = simulate_wall(device, 4e-7, np.arange(96), decimate=20)
    late = run.time > 5e-8
    assert within((run.q[:, late] ** 2).mean(axis=1), k_B * 300.0 / 1e-5)
    assert within((np.sin(run.phi[:, late]) ** 2).mean(axis=1), 0.360898 - 0.0015 * 0.25)


def test_diffusion_with_the_angle_free_and_held():
    """Free: kT alpha / (1 + alpha^2), held by a large B_K: 1 + 1/alpha^2 times as much."""
    free = FREE.replace(B_K=0.0, T=300.0, dt=2e-11, max_step=2e-11)
    assert laws.diffusion(free, angle_held=True) == pytest.approx(2.7350e-6, rel=1e-4)
    assert laws.diffusion(free, angle_held=False) == pytest.approx(1.0936e-9, rel=1e-3)
    for device, held, duration in (
        (free, False, 2e-8),
        (free.replace(alpha=0.5, B_K=1.0, dt=2e-12, max_step=2e-12), True, 4e-9),
    ):
        run = simulate_wall(device.replace(max_step=device.dt), duration, np.arange(1024), decimate=100)
        moved = (run.q[:, -1] - run.q[:, run.time.size // 2]) ** 2 / (run.time[-1] - run.time[run.time.size // 2])
        assert within(moved / 2.0, laws.diffusion(device, angle_held=held))


PINNED = FREE.replace(V_0=10.0 * k_B * 300.0)


def test_depinning_field_and_velocity_over_pinning():
    """Law against the numbers of Stratonovich's integral, for the rigid angle."""
    assert PINNED.depinning_field == pytest.approx(32.53e-3, rel=1e-3)
    hot = PINNED.replace(T=300.0)
    for ratio, exact in ((0.25, 2.6114), (0.5, 42.676), (0.75, 280.93), (1.0, 797.87), (1.5, 1957.3), (2.0, 2985.2)):
        assert laws.pinned_velocity(hot, ratio * hot.depinning_field) == pytest.approx(exact, rel=1e-3)


def test_depinning_at_zero_temperature():
    """An overdamped wall stays below the depinning field and leaves above it."""
    device = PINNED.replace(alpha=1.0, B_K=5.0, max_step=1e-12)
    runs = [simulate_wall(device, 1e-7, field=ratio * device.depinning_field) for ratio in (0.98, 1.02)]
    assert abs(runs[0].q[-1]) < 0.5 * device.d_pin and runs[1].q[-1] > 5.0 * device.d_pin


@pytest.mark.slow
@pytest.mark.parametrize("ratio", [0.25, 0.5, 0.75, 1.0, 1.5, 2.0])
def test_thermal_mobility_over_pinning(ratio):
    """Where the law holds (d 200 nm, alpha 0.5, B_K 1 T): four standard errors."""
    device = PINNED.replace(T=300.0, d_pin=200e-9, alpha=0.5, B_K=1.0, dt=2e-12, max_step=2e-12)
    exact = laws.pinned_velocity(device, ratio * device.depinning_field)
    run = simulate_wall(device, 4e-7, np.arange(96), field=ratio * device.depinning_field, decimate=2000)
    assert within((run.q[:, -1] - run.q[:, 10]) / (run.time[-1] - run.time[10]), exact)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"q0": 6e-7}, "is off the track"),
        ({"q_c": 4e-7}, "the contact reaches"),
        ({"alpha": 0.5, "B_K": 1.0, "dt": 1e-10}, "too long a noise step"),
        ({"width": 0.0}, "width"),
    ],
)
def test_what_cannot_be_is_refused(given, message):
    with pytest.raises(ParameterError, match=message):
        DomainWall(**given)


def test_hops_over_pinning():
    """Diffusion over 4 kT of pinning, by walks of an overdamped wall: Lifson and Jackson's law."""
    device = PINNED.replace(T=300.0, V_0=4.0 * k_B * 300.0, alpha=0.5, B_K=1.0, dt=2e-12, max_step=2e-12)
    rate = 1.0 / laws.hopping_time(device)
    run = simulate_wall(device, 6e-8, np.arange(96), decimate=3000)
    square = (run.q[:, -1] - run.q[:, 2]) ** 2 / device.d_pin**2 / (run.time[-1] - run.time[2])
    assert within(square, rate)


@pytest.mark.parametrize(("back", "rate"), [(0.0, 0.0), (15.0, 0.0), (0.0, 3e7)])
def test_first_passage_against_a_leak(back, rate):
    """A drift by current against no leak, a constant and a linear one: mean time at 300 K, and at T = 0."""
    device = DomainWall(
        width=100e-9, B_K=0.4, alpha=0.3, beta=0.6, length=0.6e-6, q0=-0.2e-6, l_c=60e-9, q_c=0.25e-6, dt=1e-11,
        max_step=5e-12,
    )  # fmt: skip
    speed, end = 34.0, 0.2e-6
    current = speed * device.alpha / device.beta / device.spin_drift(1.0)
    leaking = device.replace(
        Bz=-back / device.mobility, k_trap=2.0 * device.Ms * device.area * rate / device.mobility, q_trap=device.q0
    )
    cold = simulate_wall(leaking.replace(T=0.0), 5e-8, current=current)
    exact = laws.passage_time(device.replace(T=0.0), speed, end, back=back, rate=rate)
    assert np.interp(end, cold.q, cold.time) == pytest.approx(exact, rel=0.01)
    run = simulate_wall(leaking, 1e-7, np.arange(96), current=current)
    reached = run.q >= end
    assert reached.any(axis=1).all()
    times = run.time[reached.argmax(axis=1)]
    exact = laws.passage_time(device, speed, end, back=back, rate=rate)
    assert abs(times.mean() - exact) < 4.0 * times.std(ddof=1) / np.sqrt(times.size)


def test_part_of_the_contact_behind_the_wall():
    device = DomainWall(l_c=6e-8, q_c=0.2e-6)
    assert device.contact_part(0.2e-6) == pytest.approx(0.5)
    assert device.contact_part(-0.4e-6) == pytest.approx(0.0, abs=1e-9)
    assert device.contact_part(0.21e-6) == pytest.approx(0.5 + 1.0 / 6.0, abs=1e-3)
