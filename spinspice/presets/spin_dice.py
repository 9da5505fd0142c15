"""A stable two-state junction that a pulse switches at random: spin dice and stochastic synapses."""

from __future__ import annotations

from spinspice.devices import Telegraph
from spinspice.presets.base import Preset

_DEVICE = Telegraph(R_P=50e3, TMR=1.0, V_half=0.5, delta=40.0, V_c=0.4, phi0=1e9, t_sw=1e-10)

SPIN_DICE = Preset(
    name="spin-dice",
    title="stable two-state junction, 40 kT, critical voltage 0.4 V",
    device=_DEVICE,
    source="our own; that a dice is a stable perpendicular junction written at P = 1/2 is Fukushima et al., "
    "Appl. Phys. Express 7, 083001 (2014)",
    published={},
    chosen=dict.fromkeys(_DEVICE.parameters(), "our choice")
    | {
        "delta": "40 kT: years of retention, usual for memories",
        "V_c": "0.4 V: half of the supply of small transistors is just below it, where the thermal law holds",
        "R_P": "50 kOhm: drivers of a few um",
        "phi0": "1e9 / s, the usual attempt frequency",
    },
)

PRESETS = (SPIN_DICE,)
