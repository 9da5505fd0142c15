"""Torques of the reference macrospin: spin-transfer, spin-Hall, field-like, voltage-controlled anisotropy.

Without noise everything is deterministic, and the tolerance is the truncation error of the Runge-Kutta steps.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from physics import oracles
from physics.magnets import disk, uniaxial

from spinspice.constants import gamma
from spinspice.devices.macrospin import Macrospin, MacrospinSOT
from spinspice.devices.reference.macrospin import simulate_macrospin

#: Error budget of m(t) with RK4 at the steps used here, 1 ns long; measured 1e-10 to 1e-8.
RK4_BUDGET = 1e-7


@pytest.mark.parametrize("x", [-1.0, 1.0, 3.0])
def test_collinear_torque_on_an_isotropic_magnet(x):
    """<mz> = coth x - 1/x. Also the sign: a positive current aligns the free layer with the reference layer.

    Bias of the noise step at 5 ps, dt / (2 tau): at most 0.5 % of the variance, a tenth of a standard error of <mz>.
    """
    magnet = uniaxial(0.0, pol=0.6)
    current = x / oracles.stt_bias(magnet, 1.0)
    tau, members = oracles.diffusion_time(magnet), 2000
    m0 = oracles.boltzmann_samples(0.0, x, members, 1)
    run = simulate_macrospin(magnet, 8 * tau, np.arange(members), current=current, m0=m0, substeps=1, decimate=40)
    mean, error = oracles.mean_and_error(run.m[:, len(run.time) // 2 :, 2].mean(axis=1))
    exact = math.copysign(oracles.langevin(abs(x)), x)
    assert abs(mean - exact) < oracles.SIGMAS * error, f"{mean:.4f} +- {error:.4f}, exact {exact:.4f}"


def test_collinear_torque_tilts_a_uniaxial_magnet():
    """The exponent becomes delta mz^2 + x mz, so the torque works like a field (2 kT, x = 1)."""
    magnet = uniaxial(2.0, pol=0.6)
    current = 1.0 / oracles.stt_bias(magnet, 1.0)
    members, tau = 2000, oracles.diffusion_time(magnet)
    m0 = oracles.boltzmann_samples(2.0, 1.0, members, 2)
    run = simulate_macrospin(magnet, 8 * tau, np.arange(members), current=current, m0=m0, substeps=1, decimate=40)
    late = run.m[:, len(run.time) // 2 :, 2]
    for power, exact in zip((1, 2), oracles.boltzmann_moments(2.0, 1.0), strict=True):
        mean, error = oracles.mean_and_error((late**power).mean(axis=1))
        assert abs(mean - exact) < oracles.SIGMAS * error


@pytest.mark.parametrize(("scheme", "budget"), [("rk4", RK4_BUDGET), ("heun", 7e-3)])
@pytest.mark.parametrize("alpha", [0.01, 0.5])
def test_damped_precession_at_zero_temperature(alpha, scheme, budget):
    """Frequency, sense of rotation and damping against the exact trajectory in a field along z.

    Heun's phase error is (omega h)^2 / 6 of the 88 rad turned, with omega h = 0.022: 7e-3 at most.
    """
    theta, phi = 0.7, 0.3
    magnet = uniaxial(0.0, alpha=alpha, T=0.0, Bz=0.0).replace(theta0=theta, phi0=phi, Bz=0.5)
    run = simulate_macrospin(magnet, 1e-9, scheme=scheme, substeps=20)
    exact = oracles.damped_precession(0.5, alpha, theta, phi, run.time)
    assert np.max(np.abs(run.m - exact)) < budget


@pytest.mark.parametrize("B", [0.02, 0.2])
def test_kittel_frequency_and_damping(B):
    """Small oscillations of the disk in a field along x; the amplitude of 1e-4 keeps non-linearity below 1e-7."""
    magnet = disk(alpha=0.02, T=0.0, Bx=B, theta0=math.pi / 2, phi0=1e-4)
    omega, decay = oracles.kittel(magnet, B)
    run = simulate_macrospin(magnet, 2e-9, scheme="rk4", substeps=10)
    # my and mz follow exp(-decay t) times a sine and a cosine: project my on the two and look at what is left
    basis = np.exp(-decay * run.time)[:, None] * np.column_stack([np.cos(omega * run.time), np.sin(omega * run.time)])
    my = run.m[:, 1] / 1e-4
    coefficients = np.linalg.lstsq(basis, my, rcond=None)[0]
    assert coefficients[0] == pytest.approx(1.0, abs=1e-4)
    assert np.max(np.abs(basis @ coefficients - my)) < 1e-5


def test_critical_current():
    """A small angle grows at (i - 1) / tau_D; the current of no growth is I_c, from runs at 0.5 I_c and 1.5 I_c."""
    magnet = uniaxial(40.0, pol=0.6, alpha=0.02).replace(T=0.0, theta0=math.pi - 1e-4)
    tau = (1.0 + magnet.alpha**2) / (magnet.alpha * gamma * magnet.B_k)
    growth = []
    for i in (0.5, 1.5):
        current = i * oracles.critical_current(magnet)
        run = simulate_macrospin(magnet, tau, current=current, scheme="rk4", substeps=10)
        angle = np.hypot(run.m[:, 0], run.m[:, 1])
        growth.append(np.log(angle[-1] / angle[0]) / run.time[-1] * tau)
    assert growth == pytest.approx([-0.5, 0.5], abs=1e-5)


@pytest.mark.parametrize("i", [1.2, 2.0, 5.0])
def test_switching_time_at_zero_temperature(i):
    """From 0.1 rad beside antiparallel to the equator, against the exact integral; positive makes parallel."""
    magnet = uniaxial(40.0, pol=0.6, alpha=0.05).replace(T=0.0, theta0=math.pi - 0.1)
    tau = (1.0 + magnet.alpha**2) / (magnet.alpha * gamma * magnet.B_k)
    expected = oracles.switching_time(i, 0.1) * tau
    current = i * oracles.critical_current(magnet)
    run = simulate_macrospin(magnet, 1.3 * expected, current=current, scheme="rk4", substeps=4)
    after = int(np.argmax(run.m[:, 2] > 0.0))
    z0, z1 = run.m[after - 1 : after + 1, 2]
    crossing = run.time[after - 1] - z0 / (z1 - z0) * magnet.dt
    assert crossing == pytest.approx(expected, rel=1e-4)  # the chord between two records 5 ps apart
    assert run.m[-1, 2] > 0.0


def test_below_the_critical_current_nothing_switches():
    magnet = uniaxial(40.0, pol=0.6, alpha=0.05).replace(T=0.0, theta0=math.pi - 0.1)
    run = simulate_macrospin(magnet, 20e-9, current=0.98 * oracles.critical_current(magnet))
    assert run.m[-1, 2] < run.m[0, 2]


def test_voltage_drive_pushes_the_current_of_the_resistance():
    """The same trajectory when the junction is driven by the current that flows at that voltage."""
    magnet = disk(pol=0.6, TMR=1.2, V_half=0.3, dt=1e-12)
    by_voltage = simulate_macrospin(magnet, 1e-9, 5, voltage=0.2, scheme="rk4", substeps=4)
    # a current that follows the conductance, sampled once a noise step: the error is that of the sampling
    by_current = simulate_macrospin(
        magnet, 1e-9, 5, current=(by_voltage.time, by_voltage.current), scheme="rk4", substeps=4
    )
    assert np.max(np.abs(by_current.m - by_voltage.m)) < 1e-4
    assert by_current.voltage == pytest.approx(0.2, rel=1e-4)
    assert by_voltage.conductance.max() > 1.2 * by_voltage.conductance.min()


@pytest.mark.parametrize("cosine", [-1.0, -0.3, 0.0, 0.9, 1.0])
@pytest.mark.parametrize("current", [-3e-4, 1e-9, 2e-5, 1e-3])
def test_voltage_of_a_current_inverts_the_conductance(cosine, current):
    magnet = disk(pol=0.0, TMR=2.0, V_half=0.2, T=0.0, theta0=math.acos(cosine), phi0=0.0, px=0.0, pz=1.0, Nz=0.0)
    run = simulate_macrospin(magnet, 1e-11, current=current)
    assert run.voltage * run.conductance == pytest.approx(current, rel=1e-13)
    assert np.all(np.sign(run.voltage) == np.sign(current))


@pytest.mark.parametrize("ratio", [0.0, -0.4, 50.0])
@pytest.mark.parametrize("current", [-1e-4, 1e-5])
def test_damping_like_and_field_like_torque(ratio, current):
    """Exact trajectory of a magnet without energy under a_j and b_j = ratio a_j along z, in size and sense."""
    magnet = uniaxial(0.0, pol=0.6, alpha=0.1).replace(T=0.0, theta0=1.0, phi0=0.2, field_like=ratio)
    a_j = oracles.torque_field(magnet, current)
    run = simulate_macrospin(magnet, 1e-9, current=current, scheme="rk4", substeps=40)
    exact = oracles.damped_precession(ratio * a_j, magnet.alpha, 1.0, 0.2, run.time, a_j)
    assert np.max(np.abs(run.m - exact)) < RK4_BUDGET


def test_voltage_controlled_anisotropy_is_an_anisotropy():
    """B_z = -vcma V m_z is a uniaxial field of -vcma V along z: the same noise gives the same trajectory."""
    with_voltage = disk(vcma=0.3)
    with_field = disk(B_k=-0.3 * 0.4, kx=0.0, kz=1.0)
    runs = [
        simulate_macrospin(with_voltage, 1e-9, 3, voltage=0.4),
        simulate_macrospin(with_field, 1e-9, 3, voltage=0.4),
        simulate_macrospin(with_voltage, 1e-9, 3, current=(np.array([0.0]), np.array([0.0]))),
    ]
    assert np.max(np.abs(runs[0].m - runs[1].m)) < 1e-9
    assert np.max(np.abs(runs[0].m - runs[2].m)) > 1e-2


@pytest.mark.filterwarnings("ignore::spinspice.errors.PlausibilityWarning")
def test_spin_hall_torque_is_a_spin_transfer_torque_along_its_polarisation():
    """A line current with theta_SH A_j / A_hm = pol drives like a junction current with p along the polarisation."""
    common, seed = {"Nz": 0.2, "B_k": 0.05}, 3
    line = MacrospinSOT(pol=0.0, theta_SH=0.6 * 1e-16 / Macrospin().area, area_hm=1e-16, **common)
    junction = Macrospin(pol=0.6, px=0.0, py=1.0, **common)
    times = (np.array([0.0, 0.4e-9, 0.4e-9]), np.array([0.0, 5e-5, -3e-5]))
    a = simulate_macrospin(line, 1e-9, seed, line_current=times)
    b = simulate_macrospin(junction, 1e-9, seed, current=times)
    c = simulate_macrospin(junction, 1e-9, seed)
    assert np.max(np.abs(a.m - b.m)) < 1e-9
    assert np.max(np.abs(a.m - c.m)) > 1e-2
