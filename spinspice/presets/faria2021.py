"""Low-barrier in-plane magnet of the autonomous Bayesian network (Faria, Kaiser, Camsari and Datta)."""

from __future__ import annotations

import math

from spinspice.devices.macrospin import Macrospin
from spinspice.presets.base import IN_PLANE_GEOMETRY, MACROSPIN_NUMERICS, NO_EXTRAS, NO_FIELD, Preset
from spinspice.units import EMU_PER_CC, OERSTED

DIAMETER = 22e-9
TMR = 1.0

FARIA2021 = Preset(
    name="faria2021",
    title="circular in-plane low-barrier magnet, 22 nm x 2 nm",
    device=Macrospin.disk(
        diameter=DIAMETER,
        t_free=2e-9,
        R_P=12.7e3,
        TMR=TMR,
        Ms=1100.0 * EMU_PER_CC,
        alpha=0.01,
        B_k=1.0 * OERSTED,
        Nx=0.0,
        Ny=0.0,
        Nz=1.0,
        pol=math.sqrt(TMR / (TMR + 2.0)),
    ),
    source=(
        "R. Faria, J. Kaiser, K. Y. Camsari, S. Datta, 'Hardware design for autonomous Bayesian networks', "
        "Front. Comput. Neurosci. 15, 584797 (2021)"
    ),
    published={
        "area": "diameter 22 nm",
        "t_free": "2 nm",
        "Ms": "1100 emu/cm^3",
        "alpha": "0.01",
        "B_k": "Hk = 1 Oe",
        "Nz": "Hd = 4 pi Ms, i.e. thin-film limit",
        "Nx": "Hd = 4 pi Ms, i.e. thin-film limit",
        "Ny": "Hd = 4 pi Ms, i.e. thin-film limit",
    },
    chosen={
        "R_P": "12.7 kOhm, as in Ganguly et al. (RA = 4.8 Ohm um^2 at this area); the transistor is sized to match",
        "TMR": "100 %, as in Ganguly et al.",
        "pol": "sqrt(TMR / (TMR + 2)) = 0.577, from the TMR by Julliere's model",
        "V_half": "0.5 V, usual for MgO barriers",
        "T": "300 K",
        **IN_PLANE_GEOMETRY,
        **NO_EXTRAS,
        **NO_FIELD,
        **MACROSPIN_NUMERICS,
    },
    cell={"vdd": 0.8},
    notes=(
        "Published for the cell, 14 nm FinFETs at +-0.4 V: tanh width V0 = 50 mV (40 to 60), correlation time 150 ps.",
        "The published correlation time is the full width at half maximum of the autocorrelation.",
        "On the generic process at 0.8 V V0 is 8 to 11 mV: the TMR falls with bias, and in weak inversion",
        "the current of the input transistor follows its gate twice as steeply as above threshold (14 nm FinFETs).",
        "Measured: without fall of the TMR (V_half large) 15 mV; at 1.2 V 26 mV; with both 52 +- 5 mV and 157 +- 8 ps.",
    ),
)

PRESETS = (FARIA2021,)
