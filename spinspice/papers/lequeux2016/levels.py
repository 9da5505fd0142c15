"""Lequeux et al. 2016: levels of a domain-wall memristor, one for each pinning site under its contact.

Spin-orbit torque on a wall with Dzyaloshinskii-Moriya field, whose angle keeps; sixteen sites of 20 kT, 62.5 nm apart.
Geometry, pinning and pulses are our choice: the methods of the paper were not to be had.
"""

from __future__ import annotations

import numpy as np

from spinspice.constants import k_B
from spinspice.devices import DomainWall
from spinspice.devices.reference.wall import simulate_wall
from spinspice.engines import get_engine
from spinspice.papers.grollier2016.wall import memristor, pulses
from spinspice.reproduce.base import Curve, Panel, Reproduction, Request, Row
from spinspice.units import with_error

FIGURE = "lequeux2016-levels"
SUMMARY = "levels of a domain-wall memristor with pinning, one pulse a level"
TITLE = "Lequeux 2016: levels of a spin-torque memristor"
SITES = 16
SPACING = 1e-6 / SITES
DEVICE = DomainWall(
    length=1.2e-6,
    l_c=1e-6,
    R_P=5e6,
    share=0.0,
    theta_SH=0.2,
    B_D=50e-3,
    alpha=0.3,
    V_0=20.0 * k_B * 300.0,
    d_pin=SPACING,
    q0=-8.0 * SPACING,
    dt=5e-12,
    max_step=5e-12,
)
#: Pulses: current in the heavy metal [A] (6.7e11 A/m^2), width and pause [s].
CURRENT, WIDTH, PAUSE = 1e-4, 0.85e-9, 3e-9
#: Walls at 300 K, full and short.
MEMBERS, MEMBERS_SHORT = 400, 40


def run(request: Request) -> Reproduction:
    """Step a wall through its sites; arguments and errors as :func:`spinspice.reproduce.run`."""
    drive = pulses(CURRENT, WIDTH, SITES, PAUSE)
    stop = 1e-9 + SITES * (WIDTH + PAUSE)
    rests = 1e-9 + np.arange(SITES) * (WIDTH + PAUSE)
    engine = get_engine(request.engine, request.model)
    waves = engine.run(memristor(DEVICE.replace(T=0.0), drive, stop + 2e-9, request.seed))
    rest = np.append(1e-6 * np.interp(rests, waves.time, waves["v(q)"]), 1e-6 * waves["v(q)"][-1])
    levels = np.unique(np.round(rest / SPACING)).size
    members = MEMBERS_SHORT if request.short else MEMBERS
    hot = simulate_wall(DEVICE, stop, np.arange(members) + 10000 * request.seed, current=(drive[0], drive[1]))
    at = np.array([np.interp(np.append(rests, stop), hot.time, row) for row in hot.q]) / SPACING
    moves = np.diff(np.round(at), axis=1)[:, : SITES - 1]
    one = (moves == 1.0).mean(axis=1)
    mean, error = float(one.mean()), float(one.std(ddof=1) / np.sqrt(members))
    rows = (
        Row(
            quantity="part of the contact between two levels",
            paper=1.0 / 15.0,
            here=1.0 / (levels - 1),
            at_most=True,
            source="Grollier 2016, II-C: more than 15 states; here at T = 0",
        ),
    )
    panels = (
        Panel(
            title="steps of the wall",
            xlabel="time [ns]",
            ylabel="position [nm]",
            curves=(
                Curve(x=1e9 * waves.time, y=1e3 * waves["v(q)"], label="circuit, T = 0"),
                *(Curve(x=1e9 * hot.time[::20], y=1e9 * hot.q[i, ::20], color=1 + i, label="300 K") for i in range(2)),
            ),
        ),
        Panel(
            title="levels at 300 K",
            xlabel="pulses",
            ylabel="site, mean and spread",
            curves=(
                Curve(x=np.arange(at.shape[1]), y=at.mean(axis=0), yerr=at.std(axis=0), kind="points", label="walls"),
            ),
        ),
    )
    return Reproduction(
        name=FIGURE,
        title=TITLE,
        source="Lequeux et al., Sci. Rep. 6, 31510 (2016), as in Grollier et al. 2016, II-C, and 2020, II-c",
        rows=rows,
        panels=panels,
        remarks=(
            f"{levels} levels at T = 0 by {SITES} pulses of {WIDTH * 1e9:g} ns",
            f"{with_error(mean, error, prefix=False)} of {members} walls at 300 K move by one site a pulse",
            "retention is that of a barrier of 20 kT, a second at most: a demonstration, no memory",
        ),
    )
