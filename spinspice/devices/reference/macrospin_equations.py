r"""The equations of the macrospin junction as compiled scalar functions: resistance, torque, one step.

.. math::
    \dot m = \frac{T + \alpha\, m \times T}{1 + \alpha^2}, \qquad
    T / \gamma = -m \times B + A - (m \cdot A)\, m

with the effective field B (applied, uniaxial, demagnetising, VCMA, field-like torque, thermal) and the torque vector
:math:`A = a_j p + a_{hm} s` in tesla; :math:`A - (m \cdot A) m = m \times (A \times m)` is the damping-like torque of
Slonczewski (J. Magn. Magn. Mater. 159, L1 (1996)). Term by term the same as `verilog_a/macrospin_dynamics.inc`.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from spinspice.constants import e, gamma, hbar, k_B, mu_0
from spinspice.devices.reference.compiling import compiled, inlined


class Coefficients(NamedTuple):
    """Parameters of a junction in the form the equations use."""

    g_P: float  # parallel conductance [S]
    TMR: float
    V_half: float  # [V]
    gamma_eff: float  # gamma / (1 + alpha^2) [rad/(s T)]
    alpha: float
    B_k: float  # [T]
    kx: float
    ky: float
    kz: float
    B_dx: float  # mu0 Ms Nx [T]
    B_dy: float
    B_dz: float
    Bx: float  # applied field [T]
    By: float
    Bz: float
    px: float
    py: float
    pz: float
    stt: float  # spin-transfer torque of the junction current [T/A]
    field_like: float
    vcma: float  # [T/V]
    sot_x: float  # spin-Hall torque of the line current [T/A]
    sot_y: float
    sot_z: float
    sigma: float  # standard deviation of a noise sample [T]


def coefficients(device: Any) -> Coefficients:
    """Return the coefficients of any object with the parameters of `mtj_macrospin` (or `mtj_macrospin_sot`)."""
    d = device
    moment = d.Ms * d.area * d.t_free
    sot = (0.0, 0.0, 0.0)
    if hasattr(d, "theta_SH"):
        per_ampere = hbar * d.theta_SH * (d.area / d.area_hm) / (2.0 * e * moment)
        sot = (per_ampere * d.sx_hm, per_ampere * d.sy_hm, per_ampere * d.sz_hm)
    values = (
        *(1.0 / d.R_P, d.TMR, d.V_half, gamma / (1.0 + d.alpha**2), d.alpha),
        *(d.B_k, d.kx, d.ky, d.kz),
        *(mu_0 * d.Ms * d.Nx, mu_0 * d.Ms * d.Ny, mu_0 * d.Ms * d.Nz),
        *(d.Bx, d.By, d.Bz, d.px, d.py, d.pz),
        *(hbar * d.pol / (2.0 * e * moment), d.field_like, d.vcma),
        *sot,
        # fluctuation-dissipation (Brown, Phys. Rev. 130, 1677 (1963)): variance 2 alpha k T / (gamma m dt) a sample
        np.sqrt(2.0 * d.alpha * k_B * d.T / (gamma * moment * d.dt)),
    )
    return Coefficients(*(float(value) for value in values))


@inlined
def junction_conductance(g_P, TMR, V_half, voltage, cosine):
    """Conductance [S] at ``voltage`` [V]; the law of `spinspice.devices.laws.resistance`."""
    g_AP = g_P / (1.0 + TMR / (1.0 + (voltage / V_half) ** 2))
    return 0.5 * (g_P + g_AP) + 0.5 * (g_P - g_AP) * cosine


@compiled
def junction_voltage(g_P, TMR, V_half, current, cosine):
    """Voltage [V] at which the junction carries ``current`` [A].

    Newton's method in w = |V| / V_half. The current rises faster than linearly where TMR falls with bias, so the start
    at the zero-bias conductance lies above the solution and the iteration comes down to it, except where the curve
    bends back; the bracket [w of P, w of AP] keeps it in then.
    """
    if current == 0.0:
        return 0.0
    low = abs(current) / (g_P * V_half)
    high = low * (1.0 + TMR)
    target = low
    half_P, half_AP = 0.5 * (1.0 + cosine), 0.5 * (1.0 - cosine)
    w = low / (half_P + half_AP / (1.0 + TMR))
    for _ in range(60):
        bottom = 1.0 + TMR + w * w
        excess = w * (half_P + half_AP * (1.0 + w * w) / bottom) - target
        if excess > 0.0:
            high = w
        else:
            low = w
        slope = half_P + half_AP * ((1.0 + w * w) / bottom + 2.0 * w * w * TMR / (bottom * bottom))
        change = excess / slope
        next_w = w - change
        if not low <= next_w <= high:
            next_w = 0.5 * (low + high)
        if abs(next_w - w) <= 4e-16 * w:
            break
        w = next_w
    return np.copysign(w * V_half, current)


@compiled
def slope(q, by_current, drive, line, x, y, z, nx, ny, nz):
    """Return dm/dt [1/s] at m = (x, y, z), noise field (nx, ny, nz) [T], drive [V or A] and line current [A]."""
    cosine = x * q.px + y * q.py + z * q.pz
    if by_current:
        current = drive
        voltage = 0.0
        if q.vcma != 0.0:
            voltage = junction_voltage(q.g_P, q.TMR, q.V_half, current, cosine)
    else:
        voltage = drive
        current = voltage * junction_conductance(q.g_P, q.TMR, q.V_half, voltage, cosine)
    return driven_slope(q, current, voltage, line, x, y, z, nx, ny, nz)


@inlined
def driven_slope(q, current, voltage, line, x, y, z, nx, ny, nz):
    """Return dm/dt [1/s] where current [A] and voltage [V] of the junction are known; no branches."""
    a_j = q.stt * current
    b_j = q.field_like * a_j
    h_u = q.B_k * (x * q.kx + y * q.ky + z * q.kz)
    bx = q.Bx + h_u * q.kx - q.B_dx * x + b_j * q.px + nx
    by = q.By + h_u * q.ky - q.B_dy * y + b_j * q.py + ny
    bz = q.Bz + h_u * q.kz - q.B_dz * z + b_j * q.pz + nz - q.vcma * voltage * z
    ax = a_j * q.px + q.sot_x * line
    ay = a_j * q.py + q.sot_y * line
    az = a_j * q.pz + q.sot_z * line
    along = x * ax + y * ay + z * az
    tx = z * by - y * bz + ax - along * x
    ty = x * bz - z * bx + ay - along * y
    tz = y * bx - x * by + az - along * z
    g, a = q.gamma_eff, q.alpha
    return g * (tx + a * (y * tz - z * ty)), g * (ty + a * (z * tx - x * tz)), g * (tz + a * (x * ty - y * tx))


@inlined
def normalised(x, y, z):
    """Return (x, y, z) / |(x, y, z)|: the exact flow keeps the length, so this removes only truncation error."""
    r = 1.0 / np.sqrt(x * x + y * y + z * z)
    return x * r, y * r, z * r


@compiled
def heun_step(q, by_current, h, d0, d1, line0, line1, m, n0, n1):
    """One step of Heun's method: order 2 on a given path, and the Stratonovich rule for white noise."""
    ux, uy, uz = slope(q, by_current, d0, line0, m[0], m[1], m[2], n0[0], n0[1], n0[2])
    x, y, z = m[0] + h * ux, m[1] + h * uy, m[2] + h * uz
    vx, vy, vz = slope(q, by_current, d1, line1, x, y, z, n1[0], n1[1], n1[2])
    half = 0.5 * h
    return normalised(m[0] + half * (ux + vx), m[1] + half * (uy + vy), m[2] + half * (uz + vz))


@compiled
def rk4_step(q, by_current, h, d0, d1, line0, line1, m, n0, n1):
    """One step of the classical Runge-Kutta method, drive and noise linear within the step: order 4."""
    d, line = 0.5 * (d0 + d1), 0.5 * (line0 + line1)
    nx, ny, nz = 0.5 * (n0[0] + n1[0]), 0.5 * (n0[1] + n1[1]), 0.5 * (n0[2] + n1[2])
    x, y, z = m
    half = 0.5 * h
    ax, ay, az = slope(q, by_current, d0, line0, x, y, z, n0[0], n0[1], n0[2])
    bx, by, bz = slope(q, by_current, d, line, x + half * ax, y + half * ay, z + half * az, nx, ny, nz)
    cx, cy, cz = slope(q, by_current, d, line, x + half * bx, y + half * by, z + half * bz, nx, ny, nz)
    dx, dy, dz = slope(q, by_current, d1, line1, x + h * cx, y + h * cy, z + h * cz, n1[0], n1[1], n1[2])
    sixth = h / 6.0
    return normalised(
        x + sixth * (ax + 2.0 * (bx + cx) + dx),
        y + sixth * (ay + 2.0 * (by + cy) + dy),
        z + sixth * (az + 2.0 * (bz + cz) + dz),
    )
