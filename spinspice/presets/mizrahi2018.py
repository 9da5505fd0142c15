"""Superparamagnetic junctions of population coding (Mizrahi et al.): two states, thermally activated."""

from __future__ import annotations

from spinspice.devices.telegraph import Telegraph
from spinspice.presets.base import Preset

SOURCE = (
    "A. Mizrahi et al., 'Neural-like computing with populations of superparamagnetic basis functions', "
    "Nat. Commun. 9, 1533 (2018)"
)
#: Barrier [k_B T] and critical current [A] of the nine junctions of Fig. 2, left to right (Methods, 'Analytical fits').
DELTA = (16.5, 8.87, 18.58, 17.92, 12.95, 18.675, 11.75, 18.35, 12.14)
I_C = (5e-4, 8.5e-5, 5.5e-4, 3.8e-4, 2.96e-4, 5.35e-4, 3e-4, 3.6e-4, 4.1e-4)

_PHI0 = "attempt frequency 1 GHz (below eq. 1)"
_FACTOR = (
    "The natural rate counts full cycles, r0 = (phi0 / 2) exp(-Delta): the text of eq. 1 leaves out the 1/2, "
    "the published 518 Hz (13.78 kT) and 1.23 MHz (6 kT) contain it."
)
_SIGN = (
    "In the experiment a positive current stabilises AP; here, as in the paper's eq. 6, it stabilises P. "
    "The tuning curve is even, so it does not see the difference."
)
_PEAK = (
    "A peak 'of the order of a few thousand Hertz' fits phi0 exp(-13) = 2.26 kHz, i.e. eq. 1 as printed; with the "
    "factor 1/2 the same barrier gives 1.13 kHz. 'About 13' covers both: 12.3 kT gives 2.3 kHz with the factor."
)
#: Neither state is favoured: the laws of the paper are even in the drive.
SYMMETRIC = {
    "field": "no net field: eqs. 1 and 6 treat both states alike",
    "asymmetry": "one critical drive for both states, as in eqs. 1 and 6",
}
_CHOSEN_FIGURES = {
    "R_P": "500 Ohm: resistances are in Fig. 1g-i only; the rates depend on the current alone",
    "TMR": "60 %: not given as a number; it does not enter the rates",
    "V_half": "0.5 V, usual for MgO barriers: not given",
    "V_c": "not used: the junction is driven by current",
    **SYMMETRIC,
    "T": "300 K: the barrier is given in k_B T",
    "state0": "starts parallel",
    "t_sw": "1 ns, about what a junction really takes to switch; far below every mean stay",
    "max_step": "no limit beyond what the model asks for",
}
_PUBLISHED_FIGURES = {
    "phi0": _PHI0,
    "drive": "driven by current (Results, 'Tuning curve')",
}


def _fig1() -> Preset:
    return Preset(
        name="mizrahi2018-fig1",
        title="superparamagnetic junction of Fig. 1, current-driven, 13 kT, 300 uA",
        device=Telegraph(R_P=500.0, TMR=0.6, delta=13.0, phi0=1e9, drive=1.0, I_c=300e-6),
        source=SOURCE,
        published={
            **_PUBLISHED_FIGURES,
            "delta": "Delta E / kT about 13 (below eq. 1)",
            "I_c": "critical current 300 uA (below eq. 1)",
        },
        chosen=_CHOSEN_FIGURES,
        cell={"vdd": 0.8},
        notes=(
            _FACTOR,
            _SIGN,
            _PEAK,
        ),
    )


def _fig2(number: int, delta: float, current: float) -> Preset:
    return Preset(
        name=f"mizrahi2018-{number}",
        title=f"superparamagnetic junction {number} of Fig. 2, current-driven, {delta:g} kT, {current * 1e6:g} uA",
        device=Telegraph(R_P=500.0, TMR=0.6, delta=delta, phi0=1e9, drive=1.0, I_c=current),
        source=SOURCE,
        published={
            **_PUBLISHED_FIGURES,
            "delta": f"Delta E / kT = {delta:g}, junction {number} from the left (Methods, 'Analytical fits')",
            "I_c": f"{current:g} A, junction {number} from the left (Methods, 'Analytical fits')",
        },
        chosen=_CHOSEN_FIGURES,
        cell={"vdd": 0.8},
        notes=(_FACTOR, _SIGN, "The shifts of the nine tuning curves are bias currents, not published."),
    )


def _scaled() -> Preset:
    return Preset(
        name="mizrahi2018-scaled",
        title="scaled superparamagnetic junction, voltage-driven, 6 kT, 0.1 V, 7.7 nm",
        device=Telegraph(R_P=424e3, TMR=1.0, delta=6.0, phi0=1e9, drive=0.0, V_c=0.1, t_sw=5e-11),
        source=SOURCE,
        published={
            "phi0": _PHI0,
            "drive": "controlled by voltage (Methods, 'Simulations of a population of junctions')",
            "R_P": "424 kOhm (Methods, 'Energy consumption of a population')",
            "delta": "6 kT (Methods, 'Energy consumption of a population')",
            "V_c": "0.1 V (Methods, 'Energy consumption of a population')",
        },
        chosen={
            "TMR": "100 %: not given; the paper's power uses one resistance",
            "V_half": "0.5 V, usual for MgO barriers: not given",
            "I_c": "not used: the junction is driven by voltage",
            **SYMMETRIC,
            "T": "300 K: the barrier is given in k_B T",
            "state0": "starts parallel",
            "t_sw": "50 ps: mean stays right to 0.03 % up to half the critical voltage, where the shorter is 20 ns",
            "max_step": "no limit beyond what the model asks for",
        },
        cell={"vdd": 0.8},
        notes=(
            _FACTOR,
            "RA is printed as 20 uOhm cm^2, a slip for 20 Ohm um^2: at 7.7 nm that is 429 kOhm, printed as 424 kOhm.",
        ),
    )


PRESETS = (
    _fig1(),
    *(_fig2(number, delta, current) for number, (delta, current) in enumerate(zip(DELTA, I_C, strict=True), start=1)),
    _scaled(),
)
