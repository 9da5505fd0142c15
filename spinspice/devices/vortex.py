r"""Coefficients of a vortex oscillator from its geometry.

The gyration of a vortex core in a thin disk (radius R, thickness L), amplitude a = core position over R:

* gyrovector :math:`G_g = 2\pi M_s L / \gamma`;
* frequency :math:`\omega_0 = (5/9\pi)\,\gamma\mu_0 M_s L / R` (thin disk);
* damping :math:`\Gamma = \alpha \eta \omega_0`, :math:`\eta = \tfrac12 \ln(R / 2 l_{ex}) + 3/8`,
  :math:`l_{ex} = \sqrt{2 A / \mu_0 M_s^2}`;
* energy at a = 1 :math:`E_1 = \omega_0 G_g R^2 / 2`, hence noise :math:`D = \Gamma k T / E_1`;
* torque of the perpendicular part of the reference layer :math:`\sigma = \gamma (a_J / I) p_z / 2` with
  :math:`a_J / I = \hbar P / (2 e M_s V)`; threshold :math:`I_{th} = \Gamma / \sigma`;
* in-plane field B: force :math:`\gamma B / 3`; a field-like torque is the field :math:`\beta a_J` along p, and as the
  gradient of an energy it pushes the gyrating core at right angles to the force: the phase of pi/2;
* :math:`m \cdot p = \tfrac23 \sqrt{1 - p_z^2}\, \mathrm{Re}\, a`.

Derived for a rigid profile. The nonlinear frequency N = b omega_0 and Q = 1 are our choice, and so are b = 0.2 and
beta = 0.4.
"""

from __future__ import annotations

import math

from spinspice.constants import e, gamma, hbar, k_B, mu_0
from spinspice.errors import ParameterError, check_range


def vortex_coefficients(
    *,
    diameter: float,
    t_free: float,
    Ms: float,
    A_ex: float,
    alpha: float,
    pol: float,
    p_z: float,
    RA: float,
    TMR: float,
    blueshift: float = 0.2,
    field_like: float = 0.4,
) -> dict[str, float]:
    """Return parameters of a :class:`~spinspice.devices.oscillator.SpinTorqueOscillator` for a vortex (module text).

    Raises
    ------
    ParameterError
        For a value out of range, or a disk too small for a vortex (R below 2 l_ex).
    """
    where = "SpinTorqueOscillator.vortex"
    for name, value, high in (
        ("diameter", diameter, 1e-4),
        ("t_free", t_free, 1e-6),
        ("Ms", Ms, 1e7),
        ("A_ex", A_ex, 1e-9),
        ("alpha", alpha, 10.0),
        ("pol", pol, 1.0),
        ("p_z", p_z, 1.0),
        ("RA", RA, 1.0),
    ):
        check_range(name, value, 0.0, high, where=where, open_low=True)
    radius, area = 0.5 * diameter, math.pi * diameter**2 / 4.0
    length = math.sqrt(2.0 * A_ex / (mu_0 * Ms**2))
    if radius < 2.0 * length:
        raise ParameterError(
            f"diameter = {diameter:g} m holds no vortex: its radius is below two exchange lengths of {length:.2g} m "
            f"({where}). Take a larger disk, or a Macrospin."
        )
    omega = 5.0 / (9.0 * math.pi) * gamma * mu_0 * Ms * t_free / radius
    rate = alpha * omega * (0.5 * math.log(radius / (2.0 * length)) + 0.375)
    energy = omega * (2.0 * math.pi * Ms * t_free / gamma) * radius**2 / 2.0
    torque = hbar * pol / (2.0 * e * Ms * area * t_free)
    return {
        "R_P": RA / area,
        "TMR": TMR,
        "read": 2.0 / 3.0 * math.sqrt(1.0 - p_z**2),
        "f0": omega / (2.0 * math.pi),
        "N": blueshift * omega,
        "Gamma": rate,
        "Q": 1.0,
        "I_th": rate / (gamma * torque * p_z / 2.0),
        "D": rate * k_B * 300.0 / energy,
        "k_B": gamma / 3.0,
        "k_I": gamma / 3.0 * field_like * torque,
    }
