"""Bistable in-plane junction of the reconfigurable classifier (Lopez et al.)."""

from __future__ import annotations

import math

from spinspice.constants import k_B
from spinspice.devices.macrospin import Macrospin
from spinspice.presets.base import IN_PLANE_GEOMETRY, MACROSPIN_NUMERICS, NO_EXTRAS, Preset

DIAMETER = 150e-9
AREA = math.pi * DIAMETER**2 / 4.0
THICKNESS = 1.4e-9
MS = 1.1e6
TMR = 1.2
DELTA = 60.0

LOPEZ2024 = Preset(
    name="lopez2024",
    title="bistable in-plane junction of the reconfigurable classifier, 150 nm",
    device=Macrospin(
        R_P=1100.0,
        TMR=TMR,
        Ms=MS,
        area=AREA,
        t_free=THICKNESS,
        alpha=0.01,
        B_k=2.0 * DELTA * k_B * 300.0 / (MS * AREA * THICKNESS),
        Bx=-6e-3,
        pol=math.sqrt(TMR / (TMR + 2.0)),
        Nz=0.9,
        phi0=math.pi,
    ),
    source="A. Lopez et al., 'Reconfigurable classifier based on spin-torque-driven magnetization switching in "
    "electrically connected magnetic tunnel junctions', Phys. Rev. Applied 22, 014082 (2024), arXiv:2407.06768",
    published={
        "R_P": "close to 1100 Ohm (Sec. II)",
        "TMR": "about 120 % at room temperature (Sec. II)",
        "area": "circular, diameter 150 nm (Sec. II)",
        "t_free": "free layer of 1.4 nm CoFe40B20 (Sec. II, the stack)",
        "Bx": "6 mT along the easy axis, 'to facilitate switching between P and AP' (Sec. II)",
        "By": "the field lies along the easy axis",
        "Bz": "the field lies along the easy axis",
        "T": "room temperature",
    },
    chosen={
        "Ms": "1.1e6 A/m, usual for thin CoFeB: not given",
        "alpha": "0.01: not given",
        "B_k": "in-plane anisotropy field for a barrier of 60 kT without field: bistable, as the network needs",
        "Nz": "0.9: thin disk, a little reduced by interface anisotropy; the critical current scales with it",
        "Nx": "thin disk: the in-plane anisotropy is all in B_k",
        "Ny": "thin disk: the in-plane anisotropy is all in B_k",
        "pol": "sqrt(TMR / (TMR + 2)) = 0.612, from the TMR by Julliere's model",
        "V_half": "0.5 V, usual for MgO barriers: not given",
        **IN_PLANE_GEOMETRY,
        **NO_EXTRAS,
        **MACROSPIN_NUMERICS,
        "phi0": "starts antiparallel",
    },
    cell={"vdd": 1.2},
    notes=(
        "The paper gives magnitude and axis of the 6 mT field; its sign is taken to favour the antiparallel state.",
        "Switching thresholds follow from the chosen alpha, Nz and barrier; the paper gives its own three devices.",
    ),
)

PRESETS = (LOPEZ2024,)
