"""Grollier 2016, Fig. 9: skyrmions driven along a track; a neuron that one makes fire, a synapse that counts them."""

from __future__ import annotations

from typing import Any

import numpy as np

from spinspice.benches.firing import drive_of
from spinspice.benches.skyrmion import counting_synapse
from spinspice.benches.wall import pulses
from spinspice.devices import Skyrmion, as_kind
from spinspice.engines import get_engine
from spinspice.papers.grollier2016.fig8 import first_spikes
from spinspice.presets import load_preset
from spinspice.reproduce.base import Curve, Panel, Reproduction, Request, Row
from spinspice.studies import run as run_study
from spinspice.units import with_error

FIGURE = "grollier2016-fig9"
SUMMARY = "skyrmions on a track: velocity and Hall angle, a neuron, a synapse that counts them"
TITLE = "Grollier 2016, Fig. 9: skyrmions on a track"
#: Current of the free particle and of the one at the edge [A]; pulses of the synapse: current [A], width and pause [s].
CURRENT, SYNAPSE = 2e-5, (20e-6, 1e-9, 6e-9)
#: Skyrmions of the synapse; runs of the neuron, full and short.
COUNT, RUNS, RUNS_SHORT = 6, 40, 4


def run(request: Request) -> Reproduction:
    """Run them; arguments and errors as :func:`spinspice.reproduce.run`."""
    engine = get_engine(request.engine, request.model)
    rows = [*_velocity(engine)]
    row, staircase = _synapse(engine)
    common: dict[str, Any] = {
        "engine": request.engine, "model": request.model, "workers": request.workers, "seed": request.seed,
    }  # fmt: skip
    cold = run_study("skyrmion-neuron", device={"T": 0.0}, spikes=1, repeats=1, **common)
    neuron = run_study("skyrmion-neuron", repeats=RUNS_SHORT if request.short else RUNS, **common)
    energies = neuron.energies
    law = "drift and diffusion along the edge, F / (alpha D)"
    rows += [row, first_spikes("charge at the neuron's first spike, 300 K", cold, neuron, law)]
    if neuron.exact_later is not None:
        lag = float(cold.first[0]) - cold.exact
        rows.append(
            Row(quantity="charge at its later spikes, from the end of the reset",
                paper=1e15 * (neuron.exact_later + lag), here=1e15 * float(neuron.later.mean()),
                stderr=1e15 * float(neuron.later.std(ddof=1) / np.sqrt(neuron.later.size)), unit="fC",
                source="first passage in the plane, from Boltzmann's law against the end of the track (ours), and lag")
        )  # fmt: skip
    energy = with_error(
        1e15 * float(energies.mean()), 1e15 * float(energies.std(ddof=1) / np.sqrt(energies.size)), prefix=False
    )
    return Reproduction(
        name=FIGURE,
        title=TITLE,
        source="Grollier, Querlioz and Stiles 2016, II-C, Fig. 9 (a principle, drawn without numbers)",
        rows=tuple(rows),
        panels=(*neuron.panels()[:2], staircase),
        remarks=(
            f"energy of a spike of the neuron, reset included: {energy} fJ",
            "one rigid particle each, on lanes of their own: no creation, no annihilation, no repulsion",
        ),
        provenance={"study": neuron.command},
    )


def _neuron() -> Skyrmion:
    """The skyrmion of the preset."""
    return as_kind(load_preset("skyrmion-neuron").device, Skyrmion, "this figure needs a skyrmion, got a {kind}.")


def _velocity(engine) -> list[Row]:
    """Velocity on a plane and along an edge, from the circuit, against Thiele's equation."""
    plane = Skyrmion(T=0.0, k_edge=0.0, R_P=1e12)
    edge = _neuron().replace(T=0.0, R_P=1e12, theta_SH=0.1, y0=-30e-9)
    rows = []
    for device, name in ((plane, "plane"), (edge, "edge")):
        bench = counting_synapse(device, [device.x0], drive_of(CURRENT, 1e-9, 0.0, 1e-8), 1e-8)
        waves = engine.run(bench.replace(save=("v(x0)", "v(y0)")))
        vx, vy = (
            1e-6 * (waves[n][-1] - np.interp(5e-9, waves.time, waves[n])) / (waves.time[-1] - 5e-9)
            for n in ("v(x0)", "v(y0)")
        )
        if name == "plane":
            exact = device.velocity(device.spin_hall_force(CURRENT))
            rows.append(
                Row(quantity="Hall angle on a plane", paper=device.hall_angle,
                    here=float(np.degrees(np.arctan2(abs(vy), abs(vx)))), unit="deg", tolerance=0.01,
                    source="arctan G / (alpha D)")
            )  # fmt: skip
            rows.append(
                Row(quantity="speed on a plane", paper=float(np.hypot(*exact)), here=float(np.hypot(vx, vy)),
                    unit="m/s", tolerance=1e-3 * float(np.hypot(*exact)), source="Thiele's equation")
            )  # fmt: skip
        else:
            law = device.spin_hall_force(CURRENT) / device.drag
            rows.append(
                Row(quantity="speed along an edge", paper=law, here=float(vx), unit="m/s", tolerance=5e-3 * law,
                    source="F / (alpha D): the edge takes the Magnus force")
            )  # fmt: skip
    return rows


def _synapse(engine) -> tuple[Row, Panel]:
    """Conductance of the synapse as pulses bring one skyrmion after the other under its contact, at T = 0."""
    current, width, pause = SYNAPSE
    device = _neuron().replace(T=0.0, R_P=1e5, x_c=0.1e-6, l_c=0.5e-6)
    step = device.spin_hall_force(-current) / device.drag * width
    starts = [device.x_c - 0.5 * device.l_c - (i + 0.5) * step for i in range(COUNT)]
    drive = pulses(-current, width, COUNT, pause)
    stop = float(drive[0, -1] + pause)
    waves = engine.run(counting_synapse(device, starts, drive, stop))
    conductance = -waves["i(vread)"] / 0.01
    rests = 0.9e-9 + np.arange(COUNT + 1) * (width + pause)
    at = np.interp(rests, waves.time, conductance)
    inside = np.array([
        sum(device.contact_part(1e-6 * float(np.interp(t, waves.time, waves[f"v(x{i})"]))) for i in range(COUNT))
        for t in rests
    ])  # fmt: skip
    law = 1.0 / device.R_P * (1.0 + device.dG / COUNT * inside)
    row = Row(
        quantity="conductance a skyrmion adds to the synapse",
        paper=1e9 * device.dG / device.R_P / COUNT,
        here=1e9 * float(np.polyfit(inside, at, 1)[0]),
        unit="nS",
        tolerance=0.02e9 * device.dG / device.R_P / COUNT,
        source="G + n g (ours)",
    )
    panel = Panel(
        title="synapse that counts", xlabel="pulses", ylabel="conductance [uS]",
        curves=(
            Curve(x=np.arange(COUNT + 1), y=1e6 * at, kind="points", label="circuit"),
            Curve(x=np.arange(COUNT + 1), y=1e6 * law, kind="dashed", label="G + n g", color=1),
        ),
    )  # fmt: skip
    return row, panel
