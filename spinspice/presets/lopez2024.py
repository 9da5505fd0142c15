"""Bistable in-plane junctions of the reconfigurable classifier (Lopez et al.): one macrospin, and the three of the
chain.

The three are thermally activated two-state junctions of one barrier and one asymmetry. What tells them apart, the net
field h (the applied 6 mT and what each reference layer adds to it) and the critical current I_c, is the solution of two
equations a junction: mean threshold out of AP as published, mean threshold out of P as chosen, both on a ramp of
:data:`RAMP_RATE` (`spinspice.devices.laws.calibration.calibrated` solves them; a test repeats it).
"""

from __future__ import annotations

import math

from spinspice.constants import k_B
from spinspice.devices.macrospin import Macrospin
from spinspice.devices.telegraph import Telegraph
from spinspice.presets.base import IN_PLANE_GEOMETRY, MACROSPIN_NUMERICS, NO_EXTRAS, Preset

DIAMETER = 150e-9
AREA = math.pi * DIAMETER**2 / 4.0
THICKNESS = 1.4e-9
MS = 1.1e6
TMR = 1.2
DELTA = 60.0

#: Total currents out of AP [A]: input threshold plus the control current of -500 uA (Sec. II, Fig. 1b).
SWITCHING_CURRENTS = (224e-6, -66e-6, 196e-6)
#: Mean total current out of P [A]: unpublished, our choice. At an input of zero the control currents alone reset, and
#: the least negative one that the paper shows is -380 uA.
RESET_CURRENT = -300e-6
#: Rate of the ramps of Fig. 1b [A/s]: unpublished, our choice.
RAMP_RATE = 1e-3
#: Highest voltage across a junction for long pulses [V]: unpublished, our choice, usual for MgO of RA 19 Ohm um^2.
BREAKDOWN_VOLTAGE = 1.5
#: Critical current out of P over that out of AP is (1 + a) / (1 - a), a = P^2: the torque of a current falls with the
#: angle as P / (1 + P^2 cos theta) (Slonczewski, J. Magn. Magn. Mater. 159, L1 (1996), in the form for junctions); P^2
#: by Julliere's model.
ASYMMETRY = TMR / (TMR + 2.0)
#: Net field over anisotropy field, and critical current [A], of the three junctions.
FIELD = (-0.23745981166533547, 0.5560567875865134, -0.18932859432496507)
I_C = (430.95349168182855e-6, 243.73042733153798e-6, 383.2858238619227e-6)
#: Equipment of the chain: the three junctions, from first to last.
JUNCTIONS = tuple(
    Telegraph(
        R_P=1100.0,
        TMR=TMR,
        delta=DELTA,
        field=field,
        asymmetry=ASYMMETRY,
        phi0=1e9,
        drive=1.0,
        I_c=critical,
        state0=1.0,
    )
    for field, critical in zip(FIELD, I_C, strict=True)
)

SOURCE = (
    "A. Lopez et al., 'Reconfigurable classifier based on spin-torque-driven magnetization switching in "
    "electrically connected magnetic tunnel junctions', Phys. Rev. Applied 22, 014082 (2024), arXiv:2407.06768"
)

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
    source=SOURCE,
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


def _junction(number: int, device: Telegraph, total: float) -> Preset:
    return Preset(
        name=f"lopez2024-{number}",
        title=f"junction {number} of the classifier's chain, two-state, switches at {total * 1e6:+.0f} uA",
        device=device,
        source=SOURCE,
        published={
            "R_P": "close to 1100 Ohm (Sec. II)",
            "TMR": "about 120 % at room temperature (Sec. II)",
            "drive": "driven by current (Sec. II)",
            "state0": "antiparallel before an input (Sec. II)",
            "I_c": f"with field: switches out of AP at {total * 1e6:+.0f} uA (Fig. 1b: input threshold - 500 uA)",
        },
        chosen={
            "delta": f"{DELTA:g} k_B T: bistable, as the network needs; the scatter of the thresholds follows from it",
            "field": f"with I_c: leaves P at {RESET_CURRENT * 1e6:.0f} uA, both on ramps of {RAMP_RATE * 1e3:g} mA/s",
            "asymmetry": "TMR / (TMR + 2) = 0.375: Slonczewski's angular dependence of the torque of a current",
            "phi0": "1 GHz, the usual attempt frequency: not given",
            "V_half": "0.5 V, usual for MgO barriers: not given",
            "V_c": "not used: the junction is driven by current",
            "T": "300 K: room temperature",
            "t_sw": "1 ns, about what a junction really takes to switch",
            "max_step": "no limit beyond what the model asks for; a test bench sets its own",
        },
        cell={"vdd": 1.2},
        notes=(
            "That the three differ in net field and critical current is our reading of 'device-to-device variability'.",
            "A threshold out of P is not published; it must lie above -380 uA, which resets in the paper.",
        ),
    )


PRESETS = (
    LOPEZ2024,
    *(
        _junction(number, device, total)
        for number, (device, total) in enumerate(zip(JUNCTIONS, SWITCHING_CURRENTS, strict=True), start=1)
    ),
)
