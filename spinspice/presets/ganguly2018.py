"""Circular low-barrier junction of the analog stochastic neuron (Ganguly, Camsari and Ghosh)."""

from __future__ import annotations

import math

from spinspice.devices.macrospin import Macrospin
from spinspice.presets.base import IN_PLANE_GEOMETRY, MACROSPIN_NUMERICS, NO_EXTRAS, NO_FIELD, Preset
from spinspice.units import EMU_PER_CC, OHM_UM2

RADIUS = 50e-9
AREA = math.pi * RADIUS**2
TMR = 1.0

GANGULY2018 = Preset(
    name="ganguly2018",
    title="circular low-barrier junction of the analog stochastic neuron",
    device=Macrospin(
        R_P=100.0 * OHM_UM2 / AREA,
        TMR=TMR,
        Ms=1100.0 * EMU_PER_CC,
        area=AREA,
        t_free=1e-9,
        alpha=0.01,
        pol=math.sqrt(TMR / (TMR + 2.0)),
    ),
    source="S. Ganguly, K. Y. Camsari, A. W. Ghosh, 'Analog signal processing using stochastic magnets', "
    "arXiv:1812.08273 (2018)",
    published={
        "R_P": "RA = 100 Ohm um^2 over pi (50 nm)^2 = 12.73 kOhm (Sec. II A; rounded to 12 kOhm there)",
        "TMR": "100 % (Sec. II A)",
        "area": "pi x 50 x 50 nm^2 (Sec. II A)",
        "B_k": "circular magnet (Fig. 1a): no in-plane easy axis",
    },
    chosen={
        "Ms": "1100 emu/cm^3, as in Faria et al. 2021 of the same group: not given",
        "t_free": "1 nm, usual for CoFeB; it sets the correlation time (about 0.6 ns FWHM): not given",
        "alpha": "0.01, as in Faria et al. 2021: not given",
        "pol": "sqrt(TMR / (TMR + 2)) = 0.577, from the TMR by Julliere's model: not given",
        "V_half": "0.5 V, usual for MgO barriers: not given",
        "T": "300 K: not given",
        "Nx": "thin disk, Hd = 4 pi Ms as in Faria et al. 2021",
        "Ny": "thin disk",
        "Nz": "thin disk, Hd = 4 pi Ms as in Faria et al. 2021",
        **IN_PLANE_GEOMETRY,
        **NO_EXTRAS,
        **NO_FIELD,
        **MACROSPIN_NUMERICS,
    },
    cell={"vdd": 0.8},
    notes=("'R = 12 kOhm' for transistor and junction is read as the parallel resistance RA / area = 12.73 kOhm.",),
)

PRESETS = (GANGULY2018,)
