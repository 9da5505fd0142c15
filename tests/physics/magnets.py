"""Magnets of the physics tests: the same for the reference and for every engine.

All are the 22 nm x 2 nm disk of Faria et al. 2021 in size and magnetisation (m = 8.36e-19 A m^2), with the energy terms
that a test wants and no others. Damping is raised where only statics matter, to shorten the relaxation.
"""

from __future__ import annotations

from typing import Any

from spinspice.constants import k_B
from spinspice.devices.macrospin import Macrospin

#: Unit vectors by name.
AXES = {"x": (1.0, 0.0, 0.0), "y": (0.0, 1.0, 0.0), "z": (0.0, 0.0, 1.0)}


def uniaxial(delta: float, xi: float = 0.0, axis: str = "z", **parameters: Any) -> Macrospin:
    """Return a magnet with the density exp(delta u^2 + xi u), u = m . axis, at its temperature; no current torque.

    The reference layer points along the same axis.
    """
    direction = dict(zip(("kx", "ky", "kz"), AXES[axis], strict=True))
    direction |= dict(zip(("px", "py", "pz"), AXES[axis], strict=True))
    settings: dict[str, Any] = {"Nz": 0.0, "pol": 0.0, "alpha": 0.3, **direction, **parameters}
    magnet = Macrospin(**settings)
    unit = k_B * magnet.T / magnet.moment
    return magnet.replace(**{"B_k": 2.0 * delta * unit, f"B{axis}": xi * unit})


def disk(**parameters: Any) -> Macrospin:
    """Return the low-barrier easy-plane disk, without current torque unless ``pol`` is given."""
    return Macrospin(**{"pol": 0.0, **parameters})
