"""Grollier 2016, Fig. 8: integration and firing by a domain wall that reaches the contact at the end of its track."""

from __future__ import annotations

import numpy as np

from spinspice.cmos import get_technology
from spinspice.devices.reference.wall import simulate_wall
from spinspice.engines import get_engine
from spinspice.errors import ResultError
from spinspice.papers.grollier2016.wall import TRACK, displacement_per_charge, neuron, pulses
from spinspice.reproduce.base import Curve, Panel, Reproduction, Request, Row

FIGURE = "grollier2016-fig8"
SUMMARY = "domain-wall neuron: fires at the charge that takes the wall to its contact"
TITLE = "Grollier 2016, Fig. 8: integrate-and-fire by a domain wall"
#: Contact of 60 nm at the end, and the wall's start [m]. A damping of 0.1: a free wall diffuses as 1/alpha, at 0.02
#: by half a micrometre in 100 ns.
DEVICE = TRACK.replace(alpha=0.1, beta=0.2, dt=5e-12, max_step=5e-12, l_c=60e-9, q_c=0.3e-6, q0=-0.2e-6)
#: Input: pulses of a current [A], widths and pauses [s], and how many.
CURRENT, WIDTH, PAUSE, COUNT = -40e-6, 1e-9, 1e-9, 30
#: Walls of the ensemble at 300 K, full and short.
MEMBERS, MEMBERS_SHORT = 200, 40


def passed(drive: np.ndarray, time: float) -> float:
    """Return the charge that has passed at a time [C]."""
    grid = np.unique(np.concatenate([drive[0][drive[0] < time], [time]]))
    return float(np.trapezoid(np.interp(grid, *drive), grid))


def first(time: np.ndarray, values: np.ndarray, level: float) -> float:
    """Return when values first reach a level [s].

    Raises
    ------
    ResultError
        If they never do.
    """
    above = np.flatnonzero(values >= level)
    if not len(above) or above[0] == 0:
        raise ResultError(f"the neuron of {FIGURE} does not fire: {values.max():.3g} of {level:.3g}. Try another seed.")
    i = above[0]
    return float(np.interp(level, values[i - 1 : i + 1], time[i - 1 : i + 1]))


def run(request: Request) -> Reproduction:
    """Run the neuron; arguments and errors as :func:`spinspice.reproduce.run`."""
    drive = pulses(CURRENT, WIDTH, COUNT, PAUSE)
    stop = 1e-9 + COUNT * (WIDTH + PAUSE)
    engine = get_engine(request.engine, request.model)
    device = DEVICE.replace(T=0.0)
    waves = engine.run(neuron(device, drive, stop, request.seed))
    spike = first(waves.time, waves["v(out)"], 0.5 * get_technology("generic").vdd)
    under = first(waves.time, 1e-6 * waves["v(q)"], device.q_c)
    law = (device.q_c - device.q0) / displacement_per_charge(device)
    until = waves.time <= spike
    current = np.interp(waves.time, *drive)
    drawn = float(np.trapezoid((current * waves["v(left)"])[until], waves.time[until]))
    supply = float(np.trapezoid(-waves["i(vdd)"][until], waves.time[until])) * get_technology("generic").vdd
    members = MEMBERS_SHORT if request.short else MEMBERS
    hot = simulate_wall(DEVICE, stop, np.arange(members) + 1000 * request.seed, current=(drive[0], drive[1]))
    there = hot.q >= DEVICE.q_c
    fired = np.array([hot.time[row.argmax()] if row.any() else np.nan for row in there])
    charges = np.array([passed(drive, t) for t in fired[np.isfinite(fired)]])
    mean, error = float(charges.mean()), float(charges.std(ddof=1) / np.sqrt(len(charges)))
    scatter = 1e15 * float(charges.std(ddof=1))
    rows = (
        Row(
            quantity="charge at the spike",
            paper=law * 1e12,
            here=passed(drive, spike) * 1e12,
            unit="pC",
            tolerance=1.5 * abs(CURRENT) * WIDTH * 1e12,
            source="distance to the contact over (beta / alpha) u / I; the inverter follows one pulse later",
        ),
        Row(
            quantity="charge at which the wall is under the contact",
            paper=law * 1e12,
            here=passed(drive, under) * 1e12,
            unit="pC",
            tolerance=0.5 * abs(CURRENT) * WIDTH * 1e12,
            source="as above; known to half a pulse, during which the wall lags",
        ),
        Row(
            quantity="the same at 300 K, mean of the walls",
            paper=law * 1e12,
            here=mean * 1e12,
            stderr=error * 1e12,
            unit="pC",
            tolerance=0.5 * abs(CURRENT) * WIDTH * 1e12,
            source="as above",
            note="each time noise takes the angle over its barrier, which the current lowers, the wall loses some "
            "displacement: at 300 K it needs more charge",
        ),
    )
    panels = (
        Panel(
            title="integration",
            xlabel="time [ns]",
            ylabel="position [nm]",
            curves=(
                Curve(x=1e9 * waves.time, y=1e3 * waves["v(q)"], label="circuit, T = 0"),
                Curve(x=1e9 * hot.time, y=1e9 * hot.q[0], label="300 K", color=1),
                Curve(x=[0, 1e9 * stop], y=[1e9 * device.q_c] * 2, kind="dashed", color=2, label="contact"),
            ),
        ),
        Panel(
            title="firing",
            xlabel="time [ns]",
            ylabel="voltage [V]",
            curves=(
                Curve(x=1e9 * waves.time, y=waves["v(out)"], label="output of the inverter"),
                Curve(x=1e9 * waves.time, y=waves["v(top)"], label="contact", color=1),
            ),
        ),
    )
    return Reproduction(
        name=FIGURE,
        title=TITLE,
        source="Grollier, Querlioz and Stiles 2016, II-C, Fig. 8",
        rows=rows,
        panels=panels,
        remarks=(
            f"{len(charges)} of {members} walls arrive at 300 K; charge scatters by {scatter:.3g} fC",
            f"energy until the spike: {1e15 * drawn:.3g} fJ of the input, {1e15 * supply:.3g} fJ of the supply",
            "the reset by a current of the other sign is not in this run",
        ),
    )
