"""A stable perpendicular junction for STT-MRAM: barrier 60 kT, critical current 25.17 uA."""

from __future__ import annotations

import math

from spinspice.constants import k_B
from spinspice.devices.macrospin import Macrospin
from spinspice.presets.base import MACROSPIN_NUMERICS, NO_EXTRAS, NO_FIELD, Preset
from spinspice.units import OHM_UM2

DIAMETER = 40e-9
AREA = math.pi * DIAMETER**2 / 4.0
THICKNESS = 1.2e-9
MS = 1.0e6
DELTA = 60.0

STTMRAM = Preset(
    name="sttmram",
    title="stable perpendicular junction for STT-MRAM, 60 kT",
    device=Macrospin(
        R_P=8.0 * OHM_UM2 / AREA,
        TMR=1.2,
        Ms=MS,
        area=AREA,
        t_free=THICKNESS,
        alpha=0.01,
        pol=0.6,
        B_k=2.0 * DELTA * k_B * 300.0 / (MS * AREA * THICKNESS),
        kx=0.0,
        ky=0.0,
        kz=1.0,
        px=0.0,
        py=0.0,
        pz=1.0,
        Nx=0.0,
        Ny=0.0,
        Nz=0.0,
        theta0=0.1,
        phi0=0.0,
    ),
    source="our own, typical of perpendicular STT-MRAM; critical current (4 e / hbar)(alpha / P) E_b after "
    "J. Z. Sun, Phys. Rev. B 62, 570 (2000)",
    published={},
    chosen={
        "alpha": "0.01, with the barrier of 60 kT and pol 0.6: critical current 25.17 uA",
        "pol": "0.6, usual for MgO junctions",
        "B_k": "net perpendicular anisotropy field for a barrier of 60 kT at 300 K, ten years of retention with margin",
        "area": "diameter 40 nm: below the size where reversal stops being coherent",
        "t_free": "1.2 nm, usual for perpendicular CoFeB",
        "Ms": "1.0e6 A/m, usual for thin CoFeB",
        "R_P": "RA = 8 Ohm um^2, usual for STT-MRAM: 6.4 kOhm",
        "TMR": "120 %, usual for STT-MRAM arrays",
        "V_half": "0.5 V, usual for MgO barriers",
        "T": "300 K",
        "kx": "perpendicular easy axis",
        "ky": "perpendicular easy axis",
        "kz": "perpendicular easy axis",
        "px": "perpendicular reference layer",
        "py": "perpendicular reference layer",
        "pz": "perpendicular reference layer",
        "Nx": "demagnetisation is contained in the net anisotropy field",
        "Ny": "demagnetisation is contained in the net anisotropy field",
        "Nz": "demagnetisation is contained in the net anisotropy field",
        **NO_EXTRAS,
        **NO_FIELD,
        **MACROSPIN_NUMERICS,
        "theta0": "starts parallel, at about the thermal angle 1 / sqrt(2 Delta)",
        "phi0": "starts parallel",
    },
    cell={"vdd": 1.2},
)

PRESETS = (STTMRAM,)
