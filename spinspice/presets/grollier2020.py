"""Devices of the reviews of Grollier et al. (2016, 2020): what they print, and what was chosen to complete them."""

from __future__ import annotations

from collections.abc import Mapping

from spinspice.devices import DomainWall, Skyrmion, SpinTorqueOscillator
from spinspice.devices.base import Device
from spinspice.presets.base import Preset


def _chosen(device: Device, published: Mapping[str, str], known: Mapping[str, str], reason: str) -> dict[str, str]:
    """Return a reason for every parameter that is not published."""
    return {name: known.get(name, reason) for name in device.parameters() if name not in published}


_VORTEX = SpinTorqueOscillator.vortex(
    diameter=375e-9, t_free=6e-9, Ms=1.27e6, A_ex=15e-12, alpha=0.01, pol=0.6, p_z=0.3, RA=3.6e-12, TMR=1.0
)
_VORTEX_PUBLISHED = {"carrier": "microwave oscillations at the terminals (Grollier 2020, III-a)"}
_DERIVED = (
    "of a rigid vortex in a disk of 375 x 6 nm^2, Ms 1.27e6 A/m, A 15 pJ/m, alpha 0.01, P 0.6, p_z 0.3 (vortex.py)"
)
VORTEX = Preset(
    name="vortex375",
    title="vortex oscillator in a 375 nm disk, coefficients from its geometry",
    device=_VORTEX,
    source="J. Grollier et al., 'Neuromorphic spintronics', Nature Electronics 3, 360 (2020), III-a and IV; disk of "
    "M. Romera et al., Nature 563, 230 (2018)",
    published=_VORTEX_PUBLISHED,
    chosen=_chosen(
        _VORTEX,
        _VORTEX_PUBLISHED,
        {
            "R_P": "RA 3.6 Ohm um^2 over the area",
            "TMR": "100 %: our choice",
            "V_half": "0.5 V, usual for MgO barriers",
            "N": "0.2 of the angular frequency: our choice",
            "k_I": "field-like torque 0.4 of the damping-like one: our choice",
            "T": "room temperature",
            "x0": "starts near the centre",
            "y0": "starts near the centre",
            "dt": "a fifth of a period a step: slow against max_step, fast against the relaxation",
            "max_step": "20 points a period",
            "f_ref": "frequency at 1.5 times the threshold, where the frame stands still",
            "tau_I": "5 ns: longer than a period, shorter than the relaxation",
        },
        _DERIVED,
    ),
    notes=("Diameter and material of the disk are those of Romera et al.; thickness, damping and torques are not.",),
)

_WALL = DomainWall()
_WALL_PUBLISHED = {"k_edge": "the wall stays on its stripe (Grollier 2016, Fig. 7)"}
WALL = Preset(
    name="dw-memristor",
    title="domain wall on a perpendicular stripe under a junction",
    device=_WALL,
    source="J. Grollier, D. Querlioz, M. D. Stiles, Proc. IEEE 104, 2024 (2016), II-C, Fig. 6 and 7",
    published=_WALL_PUBLISHED,
    chosen=_chosen(
        _WALL,
        _WALL_PUBLISHED,
        {"T": "room temperature"},
        "usual for CoFeB/MgO stripes: our choice (docs/domain_wall.md)",
    ),
)

_SKYRMION = Skyrmion()
_SKYRMION_PUBLISHED = {"Qt": "a skyrmion of one turn (Grollier 2016, Fig. 9)"}
SKYRMION = Preset(
    name="skyrmion-track",
    title="skyrmion on a heavy-metal track under a contact",
    device=_SKYRMION,
    source="J. Grollier, D. Querlioz, M. D. Stiles, Proc. IEEE 104, 2024 (2016), II-C, Fig. 9",
    published=_SKYRMION_PUBLISHED,
    chosen=_chosen(
        _SKYRMION,
        _SKYRMION_PUBLISHED,
        {"T": "room temperature"},
        "usual for Co/Pt films: our choice (docs/skyrmion.md)",
    ),
)

PRESETS = (VORTEX, WALL, SKYRMION)
