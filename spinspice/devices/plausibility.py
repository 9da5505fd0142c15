"""Values that no junction has: slips of units and of zeros, which a run would turn into numbers all the same.

Ranges of parameters are limits of the models and are errors; these here are warnings. Each bound is our choice, wide
around what has been published, and says what was probably meant.
"""

from __future__ import annotations

import math
from typing import Any

#: Exchange stiffness taken for the width of a domain wall [J/m]: our choice, of the order of that of CoFeB films.
EXCHANGE = 15e-12
#: Ohm um^2 in Ohm m^2.
_OHM_UM2 = 1e-12
#: How far the sum of the demagnetising factors may be from 1 [1].
_SUM = 0.02
#: Smallest N_z of a film whose interface anisotropy has been taken off its demagnetising field [1].
_FILM = 0.8


def _outside(name: str, value: float, low: float, high: float, unit: str, hint: str) -> list[str]:
    if low <= value <= high:
        return []
    side = "below" if value < low else "above"
    return [f"{name} = {value:g} {unit}".rstrip() + f" is {side} what junctions have, {low:g} to {high:g}. {hint}"]


def macrospin_doubts(device: Any) -> tuple[str, ...]:
    """Return what is implausible about the parameters of a macrospin, one sentence each."""
    diameter = 2.0 * math.sqrt(device.area / math.pi)
    product = device.R_P * device.area / _OHM_UM2
    doubts = [
        *_temperature(device.T),
        *_outside("Ms", device.Ms, 5e4, 2.5e6, "A/m", "1100 emu/cm^3 are 1.1e6 A/m."),
        *_outside("t_free", device.t_free, 2e-10, 5e-8, "m", "2 nm are 2e-9 m."),
        *_outside("diameter", diameter, 2e-9, 2e-6, "m", "It is that of the area [m^2]; 30 nm are 30e-9 m."),
        *_outside("alpha", device.alpha, 1e-4, 1.0, "", "It is a ratio, about 0.01."),
        *_outside("TMR", device.TMR, 0.0, 7.0, "", "It is a ratio: 1.2 for 120 %."),
        *_outside("V_half", device.V_half, 0.05, math.inf, "V", "500 mV are 0.5 V."),
        *_outside("B_k", device.B_k, -5.0, 5.0, "T", "1 Oe is 1e-4 T; Hk in A/m times mu_0 is B_k."),
        *_outside("field", math.hypot(device.Bx, device.By, device.Bz), 0.0, 20.0, "T", "1 Oe is 1e-4 T."),
        *_outside("pol", abs(device.pol), 0.0, 1.0, "", "It is a ratio."),
        *_outside(
            f"R_P = {device.R_P:g} Ohm on {device.area:g} m^2: RA", product, 0.2, 1e6, "Ohm um^2",
            "12.7 kOhm are 12.7e3 Ohm.",
        ),
    ]  # fmt: skip
    return (*doubts, *_shape(device), *_wall(device, diameter))


def telegraph_doubts(device: Any) -> tuple[str, ...]:
    """Return what is implausible about the parameters of a two-state junction, one sentence each."""
    frozen = device.barrier >= 100.0  # a stand-in that is to stay where it is
    critical = (
        _outside("I_c", device.I_c, 1e-8, 10.0, "A", "300 uA are 300e-6 A.")
        if device.drive
        else _outside("V_c", device.V_c, 1e-3, 100.0, "V", "100 mV are 0.1 V.")
    )
    return (
        *_temperature(device.T),
        *_outside("R_P", device.R_P, 50.0, 1e9, "Ohm", "12.7 kOhm are 12.7e3 Ohm."),
        *_outside("TMR", device.TMR, 0.0, 7.0, "", "It is a ratio: 1.2 for 120 %."),
        *_outside("V_half", device.V_half, 0.05, math.inf, "V", "500 mV are 0.5 V."),
        *_outside("phi0", device.phi0, 1e6, 1e13, "1/s", "1 GHz is 1e9 1/s."),
        *([] if frozen else critical),
    )


def _temperature(T: float) -> list[str]:
    # 0 K is the limit without noise, which is meant.
    return [] if T == 0.0 else _outside("T", T, 130.0, 600.0, "K", "Kelvin: 27 C are 300 K.")


def _shape(device: Any) -> list[str]:
    """Demagnetising factors add to 1 for every body; all 0, or those of a film alone, stand for a net anisotropy."""
    x, y, z = device.Nx, device.Ny, device.Nz
    total = x + y + z
    film = x == y == 0.0 and _FILM <= z <= 1.0
    if abs(total - 1.0) <= _SUM or total == 0.0 or film:
        return []
    doubt = (
        f"Nx + Ny + Nz = {x:g} + {y:g} + {z:g} = {total:g} is not 1, the sum for every shape. Let Macrospin.disk(), "
        ".ellipse() or .perpendicular() compute them; or take all 0 if B_k is the net field."
    )
    return [doubt]


def widest(device: Any) -> float:
    r"""Return the diameter [m] beyond which a wall reverses a disk at less cost than turning as a whole.

    A wall across the disk costs :math:`4 \sqrt{A K}\, d\, t`, coherent rotation :math:`K \pi d^2 t / 4`, with the
    density K of the barrier without field and the exchange stiffness A: equal at :math:`d = (16/\pi) \sqrt{A / K}`
    (Chaves-O'Flynn, Vanden-Eijnden, Stein and Kent, J. Appl. Phys. 113, 023912 (2013)). Infinite without a barrier.
    """
    density = device.Ms * device.B_eff / 2.0
    return math.inf if density <= 0.0 else 16.0 / math.pi * math.sqrt(EXCHANGE / density)


def _wall(device: Any, diameter: float) -> list[str]:
    limit = widest(device)
    if diameter <= limit:
        return []
    doubt = (
        f"a disk of {diameter:.3g} m is wider than {limit:.3g} m, where a domain wall reverses it before it turns as "
        f"one macrospin (16/pi sqrt(A / K), A = {EXCHANGE:g} J/m): the true barrier is lower than "
        f"{device.delta:.3g} k_B T, the switching faster."
    )
    return [doubt]
