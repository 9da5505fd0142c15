"""Deterministic and pathwise dynamics of the macrospin on every engine."""

from __future__ import annotations

import numpy as np
import pytest
from ensemble import macrospin_bench, run_macrospins
from physics import oracles

from spinspice.constants import gamma
from spinspice.devices import Macrospin
from spinspice.devices.noise import instance_seed
from spinspice.testbench import Testbench

STABLE = Macrospin(
    T=0.0, Nz=0.0, B_k=0.2, kz=1.0, kx=0.0, pz=1.0, px=0.0, alpha=0.02, theta0=np.pi - 0.1, dt=2e-12, max_step=1e-12
)


def test_precession_and_damping(engine):
    """In a field along z: phase gamma B t / (1 + alpha^2), tan(theta/2) falls as exp(-alpha times the phase)."""
    magnet = STABLE.replace(B_k=0.0, Bz=0.1, alpha=0.05, theta0=1.0, phi0=0.0)
    time, m = run_macrospins(engine, magnet, members=2, seed=1, duration=1e-9)
    phase = np.unwrap(np.arctan2(m[0, :, 1], m[0, :, 0]))
    theta = np.arccos(m[0, :, 2] / np.linalg.norm(m[0], axis=1))
    expected = gamma * magnet.Bz * time / (1 + magnet.alpha**2)
    assert np.max(np.abs(phase - expected)) < 1e-3 * expected[-1]
    damped = np.tan(0.5) * np.exp(-magnet.alpha * expected)
    assert np.max(np.abs(np.tan(theta / 2) - damped)) < 1e-3


@pytest.mark.parametrize("i", [1.2, 2.0])
def test_switching_time(engine, i):
    """Time from 0.1 rad to the equator at I = i I_c0 and zero temperature."""
    tau = (1 + STABLE.alpha**2) / (STABLE.alpha * gamma * STABLE.B_k)
    exact = oracles.switching_time(i, 0.1) * tau
    time, m = run_macrospins(engine, STABLE, members=2, seed=1, duration=1.3 * exact, current=i * STABLE.I_c0)
    mz = m[0, :, 2]
    crossing = np.interp(0.0, mz[: int(np.argmax(mz > 0.5))], time[: int(np.argmax(mz > 0.5))])
    assert crossing == pytest.approx(exact, rel=2e-3)


def test_critical_current(engine):
    """Just below I_c0 the tilt dies out, just above it grows: exponent (i - 1) / tau_D to first order in the tilt."""
    tau = (1 + STABLE.alpha**2) / (STABLE.alpha * gamma * STABLE.B_k)
    for i in (0.95, 1.05):
        magnet = STABLE.replace(theta0=np.pi - 0.02)
        time, m = run_macrospins(engine, magnet, members=1, seed=1, duration=2 * tau, current=i * STABLE.I_c0)
        tilt = np.hypot(m[0, :, 0], m[0, :, 1])
        slope = np.polyfit(time, np.log(tilt), 1)[0] * tau
        assert slope == pytest.approx(i - 1.0, abs=5e-3)


def test_sign_of_current(engine):
    """Current from free to ref drives a stable junction into the parallel state, and the reverse out of it."""
    start = {+1: np.pi - 0.1, -1: 0.1}
    for sign, theta0 in start.items():
        _, m = run_macrospins(
            engine, STABLE.replace(theta0=theta0), members=1, seed=1, duration=6e-9, current=sign * 3 * STABLE.I_c0
        )
        assert sign * m[0, -1, 2] > 0.9


def test_path_follows_the_reference(engine):
    """At default settings m(t) of the low-barrier disk stays within 1e-2 of the reference for 1 ns."""
    from spinspice.devices.reference.macrospin import simulate_macrospin

    disk = Macrospin()
    time, m = run_macrospins(engine, disk, members=3, seed=11, duration=1.2e-9)
    for member in range(3):
        exact = simulate_macrospin(
            disk, 1.2e-9, seed=instance_seed(11, f"j{member}"), current=0.0, scheme="rk4", substeps=16
        )
        reference = np.stack([np.interp(time, exact.time, exact.m[:, axis]) for axis in range(3)], axis=-1)
        gap = np.max(np.abs(m[member] - reference), axis=-1)
        assert np.max(gap[time <= 1.0e-9]) < 1e-2


def test_path_is_followed_for_longer_with_smaller_steps(osdi_engine):
    """Refining the solver's step lengthens the time for which m(t) stays within 1e-2 of the reference."""
    from spinspice.devices.reference.macrospin import simulate_macrospin

    disk = Macrospin()
    exact = simulate_macrospin(disk, 4e-9, seed=instance_seed(13, "j0"), current=0.0, scheme="rk4", substeps=32)
    horizons = []
    for divide in (1, 4, 16):
        fine = disk.replace(max_step=disk.dt / divide)
        bench = macrospin_bench(fine, [0], 13, 4e-9).replace(options={"reltol": 1e-6, "vntol": 1e-9, "abstol": 1e-15})
        waves = osdi_engine.run(bench)
        gap = np.max(
            [
                np.abs(np.interp(exact.time, waves.time, waves[f"v(m{a}0)"]) - exact.m[:, k])
                for k, a in enumerate("xyz")
            ],
            axis=0,
        )
        horizons.append(exact.time[np.argmax(gap > 1e-2)] if np.any(gap > 1e-2) else exact.time[-1])
    assert horizons[0] < horizons[1] < horizons[2]
    assert horizons[2] > 2e-9


def test_another_junction_leaves_the_noise_alone(engine):
    """A second junction in the deck does not change the path of the first beyond the solver's tolerance."""
    disk = Macrospin()
    _, alone = run_macrospins(engine, disk, members=1, seed=5, duration=1e-9)
    _, both = run_macrospins(engine, disk, members=2, seed=5, duration=1e-9)
    assert np.max(np.abs(alone[0] - both[0])) < 1e-2
    assert np.max(np.abs(both[1] - both[0])) > 0.1


def test_magnetisation_keeps_its_length(engine):
    """|m| = 1 within 1 % over 20 ns of full thermal noise."""
    _, m = run_macrospins(engine, Macrospin(), members=2, seed=6, duration=20e-9)
    assert np.max(np.abs(np.linalg.norm(m, axis=-1) - 1.0)) < 1e-2


def test_terminals_see_the_conductance_of_the_angle(engine):
    """Current through a junction at fixed angles and biases: Julliere's cosine law with a TMR that falls with bias."""
    from spinspice.devices.laws.resistance import conductance

    for theta, voltage in ((0.0, 0.1), (np.pi, 0.1), (np.pi, -0.4), (np.pi / 3, 0.3)):
        # Without field, torque or temperature it keeps its direction.
        frozen = STABLE.replace(theta0=theta, B_k=0.0, pol=0.0)
        card = " ".join(f"{name}={value}" for name, value in frozen.instance_parameters(1).items())
        bench = Testbench(
            circuit=f"xj a 0 mx my mz {frozen.model} {card}\nva a 0 {voltage}\n",
            stop=10e-12,
            step=1e-12,
            save=("v(a)", "i(va)"),
        )
        waves = engine.run(bench)
        expected = float(conductance(frozen, voltage, np.cos(theta))) * voltage
        assert -waves["i(va)"][-1] == pytest.approx(expected, rel=1e-4)
