"""The domain wall on every engine: Walker, spin torques, equilibrium, the path of the reference, the junction above."""

from __future__ import annotations

import numpy as np
import pytest

from spinspice.constants import gamma, k_B
from spinspice.devices import DomainWall
from spinspice.devices.laws import wall as laws
from spinspice.devices.reference.wall import simulate_wall
from spinspice.testbench import Testbench

FREE = DomainWall(R_P=1e12, T=0.0, k_edge=0.0, dt=2e-11, max_step=1e-11)


def card(device, seed: int) -> str:
    return " ".join(f"{name}={value}" for name, value in device.instance_parameters(seed).items())


def run(engine, device, stop: float, *, current: float = 0.0, field: str = "0", seed: int = 3, read: str = "0"):
    """A wall under a current from left to right and a field; the contact at ``read`` volts against the middle."""
    sources = f"i1 0 l {current!r}\nr1 r 0 1m\nvb b 0 {field}\nvr m 0 {read}\n"
    circuit = f"{sources}xj l m r b q phi dw_track {card(device, seed)}\n"
    save = ("v(q)", "v(phi)", "v(l)", "i(vr)")
    return engine.run(Testbench(circuit=circuit, stop=stop, step=device.max_step, save=save))


def velocity(waves, after: float) -> float:
    """Mean velocity over whole half turns of the angle [m/s], or over all of it where the angle stands still."""
    late = waves.time > after
    t, q, phi = waves.time[late], 1e-6 * waves["v(q)"][late], waves["v(phi)"][late]
    count = int(abs(phi[-1] - phi[0]) / np.pi)
    if count < 2:
        return float((q[-1] - q[0]) / (t[-1] - t[0]))
    turned = np.abs(phi - phi[0])
    end = float(np.interp(count * np.pi, np.maximum.accumulate(turned), t))
    return float((np.interp(end, t, q) - q[0]) / (end - t[0]))


@pytest.mark.parametrize(("field", "exact"), [(0.1e-3, 5.28258), (1e-3, 1.08799)])
def test_velocity_in_a_field(engine, field, exact):
    """Below Walker's field and above it: half a per cent."""
    device = FREE if field > 2e-4 else FREE.replace(phi0=-np.pi / 12)
    waves = run(engine, device, 2.5e-7, field=repr(field))
    assert velocity(waves, 1.2e-7 if field < 2e-4 else 2e-8) == pytest.approx(exact, rel=5e-3)


def test_velocity_by_current(engine):
    """1.5 times the critical drift without beta: 11.8075 m/s to the left, for electrons take the wall along."""
    drift = 1.5 * gamma * FREE.B_K * FREE.W / 2.0
    waves = run(engine, FREE, 1e-7, current=-drift / FREE.spin_drift(1.0), read="0")
    assert velocity(waves, 2e-8) == pytest.approx(-11.8075, rel=5e-3)


def test_velocity_by_spin_orbit_torque(engine):
    device = FREE.replace(B_K=0.0, B_D=50e-3, share=0.0, theta_SH=0.2)
    waves = run(engine, device, 5e-8, current=1e-3 / device.spin_hall_field(1.0))
    assert abs(velocity(waves, 2e-8)) == pytest.approx(58.6747, rel=2e-3)


def test_path_follows_the_reference(engine):
    """Same seed, same path at 300 K over pinning for 5 ns: 0.02 nm and 5 mrad."""
    device = DomainWall(
        R_P=1e12, alpha=0.1, V_0=5 * k_B * 300.0, B_D=5e-3, share=0.5, theta_SH=0.1, beta=0.05, max_step=2e-12
    )
    waves = run(engine, device, 5e-9, current=5e-6, field="sin(0 2m 1g)")
    times = np.linspace(0.0, 5e-9, 5001)
    field = (times, 2e-3 * np.sin(2e9 * np.pi * times))
    exact = simulate_wall(device, 5e-9, 3, current=5e-6, field=field, substeps=20)
    assert np.max(np.abs(1e-6 * np.interp(exact.time, waves.time, waves["v(q)"]) - exact.q)) < 2e-11
    assert np.max(np.abs(np.interp(exact.time, waves.time, waves["v(phi)"]) - exact.phi)) < 5e-3


def ensemble(engine, device, stop: float, step: float, *, field: str = "0", seed: int = 40):
    """Positions [m] and angles of free-standing walls on a grid, shapes (n, r): eight, or two as B-sources."""
    count = 2 if engine.model == "b-source" else 8
    lines = [f"vb b 0 {field}\n"]
    lines += [f"xj{i} 0 0 0 b q{i} p{i} dw_track {card(device, seed + i)}\n" for i in range(count)]
    save = tuple(f"v({x}{i})" for i in range(count) for x in "qp")
    waves = engine.run(Testbench(circuit="".join(lines), stop=stop, step=device.max_step, save=save))
    grid = np.arange(0.0, stop * (1 + 1e-9), step)
    q = np.array([1e-6 * np.interp(grid, waves.time, waves[f"v(q{i})"]) for i in range(count)])
    return q, np.array([np.interp(grid, waves.time, waves[f"v(p{i})"]) for i in range(count)])


def within(values: np.ndarray, exact: float) -> bool:
    """Whether the mean of independent values is the exact one within four standard errors."""
    return bool(abs(values.mean() - exact) < 4.0 * values.std(ddof=1) / np.sqrt(values.size))


def test_equilibrium_in_a_trap(engine):
    """<q^2> = kT / k and <sin^2 phi>, from walls of 0.25 us in blocks of 50 ns (they settle in 2.3 ns)."""
    device = FREE.replace(T=300.0, k_trap=1e-5, alpha=0.3, dt=2e-11)
    q, phi = (x[:, 2500:12500] for x in ensemble(engine, device, 2.5e-7, 2e-11))
    lost = 7.0 / 15.0 * device.angle_rate * device.dt  # of the temperature of the angle, by the noise step
    exact = laws.angle_mean_square(device.replace(T=300.0 * (1.0 - lost)))
    for values, law in ((q**2, k_B * 300.0 / 1e-5), (np.sin(phi) ** 2, exact)):
        assert within(values.reshape(-1, 2500).mean(axis=1), law)


@pytest.mark.parametrize("held", [False, True])
def test_free_diffusion(engine, held):
    """Increments of the position over times that are long against the angle's: its angle free, and held by B_K."""
    if held:
        device, stop, lag = FREE.replace(T=300.0, alpha=0.5, B_K=1.0, dt=2e-12, max_step=2e-12), 8e-9, 5e-10
    else:
        device, stop, lag = FREE.replace(T=300.0, B_K=0.0, max_step=2e-11), 1e-7, 1e-9
    q, _ = ensemble(engine, device, stop, lag)
    assert within((np.diff(q[:, 1:], axis=1) ** 2 / (2.0 * lag)).ravel(), laws.diffusion(device, angle_held=held))


@pytest.mark.parametrize(("ratio", "moves"), [(0.98, False), (1.02, True)])
def test_depinning(engine, ratio, moves):
    """An overdamped wall at T = 0 leaves its site above pi V_0 / (2 d Ms A), and not below."""
    device = FREE.replace(V_0=10.0 * k_B * 300.0, alpha=1.0, B_K=5.0, max_step=2e-12)
    waves = run(engine, device, 2e-8, field=repr(ratio * device.depinning_field))
    assert (1e-6 * waves["v(q)"][-1] > device.d_pin) is np.bool_(moves)


@pytest.mark.slow
def test_thermal_mobility_over_pinning(osdi_engine):
    """At the depinning field and 300 K, where the overdamped law holds: four standard errors."""
    device = FREE.replace(T=300.0, V_0=10.0 * k_B * 300.0, d_pin=200e-9, alpha=0.5, B_K=1.0, dt=2e-12, max_step=2e-12)
    field = device.depinning_field
    q, _ = ensemble(osdi_engine, device, 3e-7, 5e-8, field=repr(field))
    assert within((np.diff(q[:, 1:], axis=1) / 5e-8).ravel(), laws.pinned_velocity(device, field))


@pytest.mark.parametrize("q0", [-3e-7, 0.0, 2e-7])
def test_resistance_of_the_contact(engine, q0):
    """Linear in the part behind the wall, by the middle of the track; the TMR falls with the bias."""
    device = FREE.replace(R_P=10e3, pol=0.0, q0=q0, l_c=6e-7, q_c=1e-7, R_track=10.0)
    waves = run(engine, device, 1e-9, read="0.1")
    part = (q0 - (1e-7 - 3e-7)) / 6e-7 if q0 > -2e-7 else 0.0
    low = 1.0 / (device.R_P * (1.0 + device.TMR / (1.0 + 0.2**2)))
    expected = 0.1 * (low + (1.0 / device.R_P - low) * part)
    assert -waves["i(vr)"][-1] == pytest.approx(expected, rel=1e-3)


def test_the_end_of_the_track_stops_the_wall(engine):
    """Pushed off the track at 10 mT it stays within a few wall widths of the end."""
    device = FREE.replace(k_edge=1e-4, q0=4.8e-7, alpha=0.5)
    waves = run(engine, device, 1e-8, field="0.01")
    assert 5e-7 < 1e-6 * waves["v(q)"][-1] < 5.2e-7
