"""Fokker-Planck equation on the sphere: published eigenvalues, the uniaxial law, and the reference simulation."""

from __future__ import annotations

import numpy as np
import pytest

from spinspice.constants import gamma, k_B, mu_0
from spinspice.devices import Macrospin
from spinspice.devices.laws import fokker_planck
from spinspice.devices.laws.sphere import Landscape, not_switched, relaxation_rate
from spinspice.devices.reference.macrospin import simulate_macrospin
from spinspice.errors import ParameterError


def in_plane(delta: float, h: float, alpha: float) -> Landscape:
    """B = (mx, 0, -h mz) T, with an in-plane barrier of ``delta``."""
    return Landscape(stiffness=(-1.0, 0.0, h), alpha=alpha, thermal=0.5 / delta)


@pytest.mark.parametrize(("delta", "rate"), [(2.0, 0.403841), (3.0, 0.235701), (5.0, 0.0677032)])
def test_a_uniaxial_magnet_has_browns_eigenvalue(delta, rate):
    """In units of D = gamma' alpha k T / m_s."""
    found = relaxation_rate(Landscape(stiffness=(0.0, 0.0, -1.0), alpha=0.1, thermal=0.5 / delta))
    assert found / (gamma / 1.01 * 0.1 * 0.5 / delta) / 2.0 == pytest.approx(rate, rel=3e-6)


@pytest.mark.parametrize(
    ("delta", "h", "alpha", "rate"),
    [(3, 5, 0.1, 3.99259e-2), (3, 5, 1.0, 5.50163e-2), (5, 5, 0.1, 6.61515e-3), (3, 20, 0.1, 9.4037e-2)],
)
def test_an_elliptical_magnet_has_its_precession_in_the_rate(delta, h, alpha, rate):
    found = relaxation_rate(in_plane(delta, h, alpha))
    assert found / (gamma / (1.0 + alpha**2)) == pytest.approx(rate, rel=2e-5)


def test_small_damping_needs_more_degrees_and_says_so():
    found = relaxation_rate(in_plane(3, 5, 0.02), 64)
    assert found / (gamma / 1.0004) == pytest.approx(1.271e-2, rel=5e-4)
    with pytest.raises(ParameterError, match="degree 96"):
        relaxation_rate(in_plane(30, 40, 0.005))


def test_axes_are_alike():
    rates = [relaxation_rate(Landscape(stiffness=s, alpha=0.3, thermal=0.2)) for s in
             ((-1.0, 0.0, 3.0), (0.0, 3.0, -1.0), (3.0, -1.0, 0.0), (0.0, -1.0, 3.0))]  # fmt: skip
    assert rates == pytest.approx([rates[0]] * 4, rel=1e-6)


def test_write_errors_of_a_uniaxial_magnet_are_those_of_one_dimension():
    delta, drive, alpha = 5.0, 2.0, 0.1
    unit = (1.0 + alpha**2) / (alpha * gamma)
    pulse = Landscape(stiffness=(0, 0, -1.0), torque=(0, 0, -drive * alpha), alpha=alpha, thermal=0.5 / delta)
    times = np.array([0.5, 1.0, 2.0])
    found = not_switched(pulse, times * unit, rest=Landscape(**{**pulse.__dict__, "torque": (0, 0, 0)}), degree=22)
    assert found == pytest.approx(fokker_planck.not_switched(times, delta, drive), rel=5e-4)


def elliptical(delta: float, h: float, alpha: float) -> Macrospin:
    """An in-plane junction, B_k 0.1 T along x and h B_k of demagnetisation along z."""
    Ms, thick = 1e6, 1e-9
    area = 2.0 * delta * k_B * 300.0 / (Ms * thick * 0.1)
    n = (1.0 - h * 0.1 / (mu_0 * Ms)) / 3.0
    return Macrospin(Ms=Ms, t_free=thick, area=area, B_k=0.1, alpha=alpha, kx=1, ky=0, kz=0, px=1, py=0, pz=0,
                     Nx=n, Ny=n, Nz=1.0 - 2.0 * n, T=300, dt=4e-12,
                     max_step=4e-12, theta0=np.pi / 2, phi0=0)  # fmt: skip


def test_the_reference_simulation_has_the_rate_of_an_elliptical_junction():
    """Autocorrelation of the sign of m_x at two lags, 40 magnets of 200 ns, 4 standard errors."""
    device = elliptical(3.0, 5.0, 0.1)
    rate = relaxation_rate(Landscape.of(device))
    assert rate / (gamma / 1.01 * 0.1) == pytest.approx(3.99259e-2, rel=2e-5)
    run = simulate_macrospin(device, 200e-9, np.arange(1, 41), decimate=25, scheme="rk4", substeps=1)
    # the odd eigenfunction is nearly sign(m_x): between two lags its correlation falls as exp(-lambda t), but for
    # parts of it that are gone within the first nanosecond
    x = np.sign(run.m[:, :, 0])
    first, second = 20, 40  # times 50 ps

    def correlation(lag):
        return (x[:, :-lag] * x[:, lag:]).mean(axis=1)

    one, two = correlation(first), correlation(second)
    found = float(np.log(one.mean() / two.mean())) / ((second - first) * run.time[1])
    leave_out = [np.log(np.delete(one, k).mean() / np.delete(two, k).mean()) for k in range(40)]
    error = float(np.sqrt(39.0 / 40.0 * np.sum((leave_out - np.mean(leave_out)) ** 2))) / (20 * run.time[1])
    assert error < 0.15 * rate
    assert abs(found - rate) < 4 * error
