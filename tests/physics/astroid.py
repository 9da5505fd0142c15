"""The law of Stoner and Wohlfarth (Phil. Trans. R. Soc. A 240, 599 (1948)) and magnets to measure it on."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from spinspice.constants import gamma
from spinspice.devices import MacrospinField

#: Largest field of a loop over the anisotropy field.
TOP = 1.3


def switching_field(angle: float) -> float:
    """Field over B_k at which the magnetisation jumps at T = 0, at ``angle`` [degrees] to the easy axis."""
    turn = math.radians(angle)
    return float((math.cos(turn) ** (2 / 3) + math.sin(turn) ** (2 / 3)) ** -1.5)


def magnet(geometry: str, step: float) -> tuple[MacrospinField, str]:
    """Return an overdamped magnet at T = 0 that starts along its easy axis, and the names of easy and hard axis."""
    common: dict[str, Any] = {"B_k": 0.1, "T": 0.0, "alpha": 1.0, "dt": step, "max_step": step}
    if geometry == "perpendicular":
        return MacrospinField(kx=0.0, kz=1.0, Nz=0.0, px=0.0, pz=1.0, theta0=0.02, phi0=0.0, **common), "zx"
    return MacrospinField(Nz=1.0, theta0=math.pi / 2, phi0=0.02, **common), "xy"


def rate(device: MacrospinField, ramp: float) -> float:
    """Rate of the field [B_k/s] that is ``ramp`` times the rate at which the magnetisation relaxes in B_k."""
    return ramp * device.alpha / (1.0 + device.alpha**2) * gamma * device.B_k


def extrapolated(fast: np.ndarray, slow: np.ndarray, ratio: float) -> np.ndarray:
    """Switching fields for a ramp without end, from two whose rates have this ratio.

    Near the jump the energy is that of a saddle and a node that meet, so the delay goes with the power 2/3 of the rate
    (Kurkijarvi, Phys. Rev. B 6, 832 (1972), without noise).
    """
    part = ratio ** (2 / 3)
    return (part * slow - fast) / (part - 1.0)
