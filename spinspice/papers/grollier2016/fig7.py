"""Grollier 2016, Fig. 7: the spintronic memristor. A pulse moves the wall by a distance proportional to its charge."""

from __future__ import annotations

import numpy as np

from spinspice.benches.wall import memristor, pulses
from spinspice.devices import DomainWall
from spinspice.engines import get_engine
from spinspice.reproduce.base import Curve, Panel, Reproduction, Request, Row

FIGURE = "grollier2016-fig7"
SUMMARY = "domain-wall memristor: displacement and conductance against charge"
TITLE = "Grollier 2016, Fig. 7: domain-wall memristor"
#: Track of 1 um with the wall parameters of the docs, but 100 nm wide and B_K 50 mT; beta = 2 alpha, so that the wall
#: moves at any current. Our choice, and so is the high resistance of the contact: its own current moves the wall.
TRACK = DomainWall(
    width=100e-9, B_K=50e-3, beta=0.04, R_track=100.0, R_P=5e6, TMR=2.0, V_half=1.0, dt=2e-11, max_step=1e-11
)
#: Currents [A] and widths [s] of the pulses: products of 0.02 to 0.3 pC, below Walker's limit.
CURRENTS = (-4e-6, -8e-6, -16e-6, 8e-6, 16e-6)
WIDTHS, WIDTHS_SHORT = (5e-9, 10e-9, 20e-9), (10e-9,)
#: Time for the wall to settle after a pulse: some relaxation times of its angle (6 ns) [s].
SETTLE = 80e-9


def run(request: Request) -> Reproduction:
    """Run a pulse each from the middle of the track; arguments and errors as :func:`spinspice.reproduce.run`."""
    engine = get_engine(request.engine, request.model)
    device = TRACK.replace(T=0.0)
    charges, moved, conductance = [], [], []
    for current in CURRENTS:
        for width in WIDTHS_SHORT if request.short else WIDTHS:
            waves = engine.run(memristor(device, pulses(current, width, 1, 0.0), width + SETTLE))
            charges.append(current * width)
            moved.append(1e-6 * float(waves["v(q)"][-1]))
            conductance.append(-float(waves["i(vread)"][-1]) / 0.05)
    q, x, g = np.array(charges), np.array(moved), np.array(conductance)
    law = device.beta / device.alpha * device.spin_drift(1.0)  # below Walker's limit [m/C]
    ratio = x / q / law
    slope, offset = np.polyfit(x, g, 1)
    middle = 0.5 * (1.0 + 1.0 / (1.0 + device.TMR)) / device.R_P
    rows = (
        Row(
            quantity="displacement over what the charge says, least of all pulses",
            paper=1.0,
            here=float(ratio.min()),
            tolerance=0.03,
            source="Fig. 7: proportional to the charge; the constant is (beta / alpha) u / I",
        ),
        Row(
            quantity="the same, largest of all pulses",
            paper=1.0,
            here=float(ratio.max()),
            tolerance=0.03,
            source="as above; either sign",
        ),
        Row(
            quantity="conductance at the start",
            paper=middle * 1e6,
            here=float(offset) * 1e6,
            unit="uS",
            tolerance=0.01 * middle * 1e6,
            source="half of the contact parallel: the resistance follows the charge that went before",
        ),
    )
    panels = (
        Panel(
            title="displacement of the wall",
            xlabel="charge [pC]",
            ylabel="displacement [nm]",
            curves=(
                Curve(x=1e12 * q, y=1e9 * x, kind="points", label="circuit"),
                Curve(x=1e12 * np.sort(q), y=1e9 * law * np.sort(q), kind="dashed", label="law"),
            ),
        ),
        Panel(
            title="memristor",
            xlabel="charge [pC]",
            ylabel="conductance [uS]",
            curves=(Curve(x=1e12 * q, y=1e6 * g, kind="points", label="circuit"),),
        ),
    )
    return Reproduction(
        name=FIGURE,
        title=TITLE,
        source="Grollier, Querlioz and Stiles 2016, II-C, Fig. 7",
        rows=rows,
        panels=panels,
        remarks=(
            f"conductance rises by {1e-9 * float(slope) * 1e6 * 1e3:.3g} nS a nm; T = 0, no pinning, beta = 2 alpha",
            "while a pulse lasts the wall lags, afterwards its angle carries it on by the same distance (automotion)",
        ),
    )
