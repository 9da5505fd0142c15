"""The skyrmion against Thiele's equation: velocity, Hall angle, diffusion, motion in a trap, on the reference and on
every engine."""

from __future__ import annotations

import numpy as np
import pytest

from spinspice.constants import k_B
from spinspice.devices import Skyrmion
from spinspice.devices.reference.skyrmion import simulate_skyrmion
from spinspice.errors import ParameterError
from spinspice.testbench import Testbench

#: A plane without edges.
FREE = Skyrmion(k_edge=0.0)


def card(device, seed: int) -> str:
    return " ".join(f"{name}={value}" for name, value in device.instance_parameters(seed).items())


def run(engine, device, stop: float, *, current: float = 0.0, read: str = "0", seed: int = 3):
    circuit = f"i1 0 l {current!r}\nr1 r 0 1m\nvr m 0 {read}\nxj l m r x y skyrmion {card(device, seed)}\n"
    return engine.run(
        Testbench(circuit=circuit, stop=stop, step=device.max_step, save=("v(x)", "v(y)", "v(l)", "i(vr)"))
    )


def test_coefficients():
    assert FREE.gyrovector == pytest.approx(-3.3113e-14, rel=1e-4)
    assert FREE.drag == pytest.approx(4.139e-15, rel=1e-4)
    assert FREE.hall_angle == pytest.approx(82.875, abs=1e-3)
    assert FREE.diffusion == pytest.approx(1.5395e-8, rel=1e-4)
    trap = FREE.replace(k_trap=1e-5)
    assert trap.trap_frequency == pytest.approx(47.324e6, rel=1e-4)
    assert 1.0 / trap.trap_rate == pytest.approx(26.905e-9, rel=1e-4)


def test_velocity_under_a_force(engine):
    device = FREE.replace(T=0.0, F_x=1e-13, R_P=1e12)
    waves = run(engine, device, 2e-8)
    for node, speed in (("v(x)", 0.37168), ("v(y)", 2.97347)):
        found = 1e-6 * (waves[node][-1] - np.interp(1e-8, waves.time, waves[node])) / 1e-8
        assert found == pytest.approx(speed, rel=1e-4)


def test_current_is_a_force(engine):
    device = FREE.replace(T=0.0, R_P=1e12)
    waves = run(engine, device, 2e-8, current=1e-4)
    found = 1e-6 * (waves["v(y)"][-1] - np.interp(1e-8, waves.time, waves["v(y)"])) / 1e-8
    assert found == pytest.approx(device.velocity(device.spin_hall_force(1e-4))[1], rel=1e-4)


def test_path_follows_the_reference(engine):
    """Same seed, same path over pinning and against edges at 300 K for 50 ns and 0.9 um: 0.01 nm at steps of 2.5 ps.

    Higher pinning has saddles at which paths part: with 2 kT by 30 nm after the same time.
    """
    device = Skyrmion(V_0=0.5 * k_B * 300.0, R_P=1e12, length=2e-6, width=60e-9, max_step=2.5e-12)
    waves = run(engine, device, 5e-8, current=5e-6)
    exact = simulate_skyrmion(device, 5e-8, 3, current=5e-6)
    for node, values in (("v(x)", exact.x), ("v(y)", exact.y)):
        assert np.max(np.abs(1e-6 * np.interp(exact.time, waves.time, waves[node]) - values)) < 1e-11


def estimate(values: np.ndarray) -> tuple[float, float]:
    return float(values.mean()), float(values.std(ddof=1) / np.sqrt(values.size))


def test_free_diffusion():
    run = simulate_skyrmion(FREE, 2e-7, np.arange(1000), decimate=100)
    for values in (run.x, run.y):
        mean, error = estimate(values[:, -1] ** 2 / (2.0 * run.time[-1]))
        assert abs(mean - 1.5395e-8) < 4.0 * error


def test_motion_in_a_trap():
    """Equilibrium kT / k, and the turning correlations after 10 ns: -0.680 and -0.115 of it."""
    device = FREE.replace(k_trap=1e-5)
    unit = k_B * 300.0 / 1e-5
    run = simulate_skyrmion(device, 2e-6, np.arange(128), decimate=10)
    x, y = run.x[:, 200:], run.y[:, 200:]
    turn, decay = 2.0 * np.pi * device.trap_frequency * 1e-8, np.exp(-device.trap_rate * 1e-8)
    assert (decay * np.cos(turn), -decay * np.sin(turn)) == pytest.approx((-0.680, -0.115), abs=2e-3)
    for values, exact in (
        (x**2, 1.0),
        (y**2, 1.0),
        (x[:, :-10] * x[:, 10:], -0.680),
        (x[:, :-10] * y[:, 10:], -0.115),
    ):
        mean, error = estimate(values.mean(axis=1) / unit)
        assert abs(mean - exact) < 4.0 * error + 5e-4


def ensemble(engine, device, stop: float, step: float) -> tuple[np.ndarray, np.ndarray]:
    """Positions of particles [m] on a grid, shape (n, r): twelve, or two as B-sources."""
    count = 2 if engine.model == "b-source" else 12
    lines = [f"xj{i} 0 0 0 x{i} y{i} skyrmion {card(device, 60 + i)}\n" for i in range(count)]
    save = tuple(f"v({axis}{i})" for axis in "xy" for i in range(count))
    waves = engine.run(Testbench(circuit="".join(lines), stop=stop, step=1e-10, save=save))
    grid = np.arange(0.0, stop * (1 + 1e-9), step)
    x, y = (np.array([1e-6 * np.interp(grid, waves.time, waves[f"v({a}{i})"]) for i in range(count)]) for a in "xy")
    return x, y


def test_motion_in_a_trap_on_engines(engine):
    """Equilibrium and the correlations after 10 ns, from blocks of 0.2 us (it settles in 27 ns)."""
    x, y = ensemble(engine, FREE.replace(k_trap=1e-5), 1e-6, 1e-9)
    x, y, unit = x[:, 200:], y[:, 200:], k_B * 300.0 / 1e-5
    products = ((x**2, 1.0), (y**2, 1.0), (x[:, :-10] * x[:, 10:], -0.680), (x[:, :-10] * y[:, 10:], -0.115))
    for values, exact in products:
        mean, error = estimate(values[:, :780].reshape(-1, 195).mean(axis=1) / unit)
        assert abs(mean - exact) < 4.0 * error + 5e-4


def test_free_diffusion_on_engines(engine):
    x, y = ensemble(engine, FREE, 2e-7, 2e-9)
    for values in (x, y):
        mean, error = estimate((np.diff(values[:, 1:], axis=1) ** 2 / 4e-9).ravel())
        assert abs(mean - 1.5395e-8) < 4.0 * error


def test_contact_and_edge(engine):
    """The contact's conductance follows the particle; pushed at the edge it stays within 10 nm of it."""
    device = Skyrmion(T=0.0, x0=0.0, F_x=2e-13, alpha=1.0, width=80e-9)
    waves = run(engine, device, 1e-9, read="0.1")
    assert -waves["i(vr)"][-1] == pytest.approx(0.1 / (10e3 / (1.0 + 0.05 * np.tanh(50 / 20)) + 500.0), rel=1e-3)
    late = run(engine, device, 1e-7)
    assert 40e-9 < 1e-6 * abs(late["v(y)"][-1]) < 50e-9


@pytest.mark.parametrize(
    ("given", "message"),
    [({"x0": 1e-6}, "is off the track"), ({"k_trap": 1e-2}, "too long a noise step"), ({"radius": 0.0}, "radius")],
)
def test_what_cannot_be_is_refused(given, message):
    with pytest.raises(ParameterError, match=message):
        Skyrmion(**given)
