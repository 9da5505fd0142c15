"""An independent judge: the reference macrospin against cmtj (Mojsiejuk et al., GPL-2.0-only, in the test extra).

cmtj has its own constants (its gyromagnetic ratio is 0.18 % lower), so ours are set for the time of a test. It logs the
magnetisation one step after the time it names. It writes the spin torque straight into the Landau-Lifshitz form, where
the Gilbert form (ours) has a further term alpha m x p; its parameter beta supplies that with beta = alpha.
"""

from __future__ import annotations

import numpy as np
import pytest
from physics import oracles
from physics.cmtj_units import constants_of_spinspice
from physics.magnets import disk, uniaxial

from spinspice.constants import mu_0
from spinspice.devices.macrospin import Macrospin
from spinspice.devices.reference.macrospin import simulate_macrospin

cmtj = pytest.importorskip("cmtj", reason="cmtj, the independent macrospin solver of the test extra, is not installed")


@pytest.fixture(autouse=True)
def our_constants():
    """The constants of spinspice inside cmtj for every test."""
    with constants_of_spinspice():
        yield


def run_cmtj(device: Macrospin, duration, dt, m0, *, current=0.0, seed=None, every=1, solver="RK4"):
    """Return (time, m) of the same magnet in cmtj; with a seed, at its temperature."""
    vector = cmtj.CVector
    settings = (
        *("free", vector(*m0), vector(device.kx, device.ky, device.kz)),
        *(mu_0 * device.Ms, device.t_free, device.area),
        [vector(device.Nx, 0, 0), vector(0, device.Ny, 0), vector(0, 0, device.Nz)],
    )
    if current:
        layer = cmtj.Layer.createSTTLayer(*settings, device.alpha, 1.0, device.alpha, device.pol)
        layer.setReferenceLayer(vector(device.px, device.py, device.pz))
    else:
        layer = cmtj.Layer(*settings, damping=device.alpha)
    junction = cmtj.Junction([layer])
    field = [component / mu_0 for component in (device.Bx, device.By, device.Bz)]
    junction.setLayerExternalFieldDriver("free", cmtj.AxialDriver(*field))
    junction.setLayerAnisotropyDriver("free", cmtj.constantDriver(device.B_k * device.Ms / 2.0))
    if current:
        junction.setLayerCurrentDriver("free", cmtj.constantDriver(current / device.area))
    if seed is not None:
        junction.setLayerTemperatureDriver("free", cmtj.constantDriver(device.T))
        junction.setLayerSeed("free", seed)
    junction.runSimulation(duration, dt, every * dt, False, False, getattr(cmtj.SolverMode, solver))
    log = junction.getLog()
    return np.array(log["time"]) + dt, np.column_stack([log[f"free_m{axis}"] for axis in "xyz"])


@pytest.mark.parametrize("current", [0.0, 2e-5, -6e-5])
def test_trajectory_at_zero_temperature(current):
    """Tilted field, tilted axis, demagnetisation along all axes, damping and spin torque for 1 ns: both RK4 at 0.1 ps.

    The phases agree to the last figures of the constants; the budget is that of RK4 at omega h = 0.02, 1e-7, tenfold.
    """
    axis = np.array([0.6, 0.0, 0.8])
    device = Macrospin(
        T=0.0,
        alpha=0.03,
        B_k=0.15,
        kx=axis[0],
        kz=axis[2],
        Nx=0.05,
        Ny=0.15,
        Nz=0.8,
        Bx=0.05,
        By=-0.08,
        Bz=0.1,
        px=0.0,
        py=0.6,
        pz=0.8,
        dt=1e-12,
    )
    m0 = np.array([0.48, 0.6, 0.64])
    time, m = run_cmtj(device, 1e-9, 1e-13, m0, current=current)
    run = simulate_macrospin(device, 1e-9, m0=m0, current=current, scheme="rk4", substeps=10)
    keep = np.isclose(np.round(time / 1e-12) * 1e-12, time, atol=1e-15)
    ours = run.m[np.round(time[keep] / 1e-12).astype(int)]
    assert keep.sum() > 900
    assert np.max(np.abs(m[keep] - ours)) < 1e-6


def two_sample(a, b):
    """Return the difference of the means of independent members in standard errors, componentwise."""
    (mean_a, error_a), (mean_b, error_b) = oracles.mean_and_error(a), oracles.mean_and_error(b)
    return np.abs(mean_a - mean_b) / np.hypot(error_a, error_b)


def disk_statistics(m, lags):
    """Return <mz^2>, <mx^2> and the in-plane autocorrelation at the lags, per member."""
    plane = m[:, :, :2]
    origins = m.shape[1] - max(lags)
    curves = [(plane[:, :origins] * plane[:, lag : lag + origins]).sum(axis=2).mean(axis=1) for lag in lags]
    return np.column_stack([(m[:, :, 2] ** 2).mean(axis=1), (m[:, :, 0] ** 2).mean(axis=1), *curves])


def test_statistics_of_the_disk_at_300_kelvin():
    """The low-barrier disk at alpha = 0.05: variance of mz, isotropy in the plane, correlation after 50 to 200 ps."""
    device = disk(alpha=0.05, dt=1e-12)
    m0 = oracles.boltzmann_samples(oracles.easy_plane_delta(device), 0.0, 48, 3)
    theirs = np.array(
        [run_cmtj(device, 12e-9, 1e-12, start, seed=n + 1, every=10, solver="Heun")[1] for n, start in enumerate(m0)]
    )
    m0 = oracles.boltzmann_samples(oracles.easy_plane_delta(device), 0.0, 200, 4)
    ours = simulate_macrospin(device, 12e-9, np.arange(200), m0=m0, substeps=1, decimate=10).m
    lags = [5, 10, 15, 20]
    assert np.all(two_sample(disk_statistics(theirs, lags), disk_statistics(ours, lags)) < oracles.SIGMAS)


def test_statistics_of_a_uniaxial_magnet_at_300_kelvin():
    """<mz^2> of a magnet of 2 kT after relaxation from the pole, and its decay on the way."""
    device = uniaxial(2.0, dt=2e-12)
    start = np.array([0.0, 0.0, 1.0])
    theirs = np.array(
        [run_cmtj(device, 15e-9, 2e-12, start, seed=n + 1, every=100, solver="Heun")[1] for n in range(150)]
    )
    ours = simulate_macrospin(device, 15e-9, np.arange(600), m0=start, substeps=1, decimate=100).m
    early, late = slice(5, 15), slice(40, 74)
    for part in (early, late):
        for power in (1, 2):
            a = (theirs[:, part, 2] ** power).mean(axis=1)
            b = (ours[:, part, 2] ** power).mean(axis=1)
            assert two_sample(a[:, None], b[:, None]) < oracles.SIGMAS
