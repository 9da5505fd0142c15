"""Devices of the reviews of Grollier et al. (2016, 2020): what they print, and what was chosen to complete them."""

from __future__ import annotations

from collections.abc import Mapping

from spinspice.constants import k_B
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

_LEVELS = DomainWall(
    length=1.2e-6,
    l_c=1e-6,
    R_P=5e6,
    share=0.0,
    theta_SH=0.2,
    B_D=50e-3,
    alpha=0.3,
    V_0=20.0 * k_B * 300.0,
    d_pin=62.5e-9,
    q0=-0.5e-6,
    dt=5e-12,
    max_step=5e-12,
)
_LEVELS_PUBLISHED = {"d_pin": "more than 15 states under a contact (Grollier 2016, II-C): 16 sites a um"}
LEVELS = Preset(
    name="dw-levels",
    title="domain wall that spin-orbit torque moves over sixteen pinning sites",
    device=_LEVELS,
    source="S. Lequeux et al., Sci. Rep. 6, 31510 (2016), as in Grollier 2016, II-C, and 2020, II-c",
    published=_LEVELS_PUBLISHED,
    chosen=_chosen(
        _LEVELS,
        _LEVELS_PUBLISHED,
        {
            "T": "room temperature",
            "V_0": "20 k T, for a demonstration: a memory of ten years needs more than twice that: our choice",
            "B_D": "keeps the angle, so that the wall stops where a pulse ends: our choice",
        },
        "usual for CoFeB/MgO stripes: our choice (docs/domain_wall.md)",
    ),
)

_NEURON = DomainWall(
    width=100e-9,
    length=0.6e-6,
    l_c=60e-9,
    q_c=0.25e-6,
    q0=-0.28e-6,
    R_track=100.0,
    R_P=2e5,
    TMR=2.0,
    V_half=1.0,
    alpha=0.1,
    beta=0.2,
    B_K=150e-3,
    dt=2e-11,
    max_step=1e-11,
)
_NEURON_PUBLISHED = {"q_c": "the contact stands where the wall ends (Grollier 2016, Fig. 8)"}
NEURON = Preset(
    name="dw-neuron",
    title="domain wall that a current moves to a contact at the end of its track",
    device=_NEURON,
    source="J. Grollier, D. Querlioz, M. D. Stiles, Proc. IEEE 104, 2024 (2016), II-C, Fig. 8",
    published=_NEURON_PUBLISHED,
    chosen=_chosen(
        _NEURON,
        _NEURON_PUBLISHED,
        {
            "T": "room temperature",
            "beta": "2 alpha, so that the wall moves at any current: our choice",
            "alpha": "a free wall diffuses as 1 / alpha: at 0.1 by a sixth of its way: our choice",
            "B_K": "barrier of the angle of 17 k T, so that it hardly ever turns: our choice",
            "R_P": "current of the contact a fortieth of that of the track: our choice",
        },
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

_RUNNER = Skyrmion(
    R_P=2e5,
    dG=0.5,
    x_c=0.35e-6,
    l_c=50e-9,
    R_track=200.0,
    width=60e-9,
    alpha=0.3,
    theta_SH=-0.1,
    k_edge=2e-4,
    x0=-0.4e-6,
    y0=30e-9,
    dt=2.5e-11,
    max_step=1.25e-11,
)
_RUNNER_PUBLISHED = {"x_c": "the skyrmion is detected where it arrives (Grollier 2020, III-c; Li 2017)"}
RUNNER = Preset(
    name="skyrmion-neuron",
    title="skyrmion that a current moves along the edge of its track to a small contact",
    device=_RUNNER,
    source="J. Grollier et al., Nature Electronics 3, 360 (2020), III-c; S. Li et al., Nanotechnology 28, 31LT01",
    published=_RUNNER_PUBLISHED,
    chosen=_chosen(
        _RUNNER,
        _RUNNER_PUBLISHED,
        {
            "T": "room temperature",
            "dG": "half of a contact of 50 nm under a skyrmion of 40 nm, TMR 100 %: our choice",
            "width": "hardly wider than the skyrmion, which after a reset goes to the other side first: our choice",
            "y0": "starts at the side that a current pushes it to",
            "alpha": "0.3, for a skyrmion that diffuses less: our choice",
            "theta_SH": "negative, so that the reset's current is positive: our choice",
        },
        "usual for Co/Pt films: our choice (docs/skyrmion.md)",
    ),
)

PRESETS = (VORTEX, WALL, LEVELS, NEURON, SKYRMION, RUNNER)
