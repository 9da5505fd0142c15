"""A mesh of pinned skyrmions after Prychynenko et al. 2018: nonlinear current, fading memory, patterns told apart."""

from __future__ import annotations

import itertools

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares

from spinspice.benches.skyrmion_mesh import Mesh, branch, static_current
from spinspice.devices.noise import instance_seed
from spinspice.engines import get_engine
from spinspice.jobs import run_jobs
from spinspice.reproduce.base import Curve, Panel, Reproduction, Request, Row
from spinspice.units import with_error
from spinspice.waveforms import Waveforms

FIGURE = "prychynenko2018-mesh"
SUMMARY = "mesh of pinned skyrmions (a surrogate): nonlinear current, fading memory, patterns of pulses told apart"
TITLE = "After Prychynenko 2018: a mesh of resistors with pinned skyrmions"
#: Voltages of the single branch and of the pulses of the mesh [V], length of a pulse [s]: our choice, by hand, after
#: runs at 0.1 to 0.3 V and 8 to 20 ns with seeds that the figure does not use.
VOLTS, PULSE, PERIOD = (-0.03, -0.01, 0.01, 0.03), 0.15, 8e-9
#: Pulses of a pattern; runs of each pattern that train and that test, full and short.
BITS, RUNS, RUNS_SHORT = 3, 12, 3


def device(**changes: float):
    """Return the particle of a branch: a spin-Hall angle of 0.3, our choice."""
    return branch(theta_SH=0.3, **changes)


def run(request: Request) -> Reproduction:
    """Measure one branch and the mesh; arguments and errors as :func:`spinspice.reproduce.run`."""
    engine = get_engine(request.engine, request.model)
    one = Mesh(size=2, device=device(T=0.0), spread=0.0)
    currents = np.array([-float(engine.run(one.testbench(np.array([v]), 3e-7))["i(vin)"][-1]) / 2.0 for v in VOLTS])
    law = np.array([static_current(one.device, v) for v in VOLTS])
    rows = [
        Row(
            quantity=f"current of one branch at {1e3 * v:g} mV, T = 0",
            paper=1e6 * exact,
            here=1e6 * found,
            unit="uA",
            tolerance=2e-3 * abs(1e6 * exact),
            source="particle at rest where trap and spin-Hall force balance (ours)",
        )
        for v, exact, found in zip(VOLTS, law, currents, strict=True)
    ]
    fade = _fading(engine)
    rows.append(
        Row(
            quantity="time in which the memory of a pulse fades",
            paper=1e9 * one.decay(),
            here=1e9 * fade[2],
            unit="ns",
            tolerance=0.01e9 * one.decay(),
            source="(G^2 + (alpha D)^2) / (k alpha D): a particle that turns in its trap (ours)",
        )
    )
    right, error, runs = _told_apart(request, engine)
    even = 0.5 * (law + law[::-1])[2:]
    grid = np.linspace(-0.05, 0.05, 101)
    panels = (
        Panel(
            title="one branch, T = 0",
            xlabel="voltage [mV]",
            ylabel="current [uA]",
            curves=(
                Curve(x=1e3 * grid, y=[1e6 * static_current(one.device, v) for v in grid], label="law"),
                Curve(x=1e3 * np.array(VOLTS), y=1e6 * currents, kind="points", label="circuit", color=1),
            ),
        ),
        Panel(
            title="after a pulse, T = 0",
            xlabel="time [ns]",
            ylabel="displacement [nm]",
            curves=(Curve(x=1e9 * fade[0], y=1e9 * fade[1], label="one particle of the mesh"),),
        ),
    )
    return Reproduction(
        name=FIGURE,
        title=TITLE,
        source="D. Prychynenko et al., Phys. Rev. Applied 9, 014034 (2018): its mechanism, not its device or numbers",
        rows=tuple(rows),
        panels=panels,
        remarks=(
            "a surrogate: resistors with pinned particles; the paper solves magnetisation and current of a film",
            (
                f"even part of the current at 10 and 30 mV: {1e6 * even[0]:.3g} and {1e6 * even[1]:.3g} uA of "
                f"{1e6 * law[2]:.3g} and {1e6 * law[3]:.3g} uA"
            ),
            (
                f"patterns of {BITS} pulses told apart at 300 K by the nearest mean of the displacements in the last: "
                f"{with_error(right, error, prefix=False)} of {runs} runs (by chance {0.5**BITS:.3g})"
            ),
        ),
    )


def _fading(engine) -> tuple[NDArray[np.float64], NDArray[np.float64], float]:
    """Return time after the pulse, displacement of one particle, and its decay time, fitted."""
    mesh = Mesh(device=device(T=0.0))
    waves = engine.run(mesh.testbench(np.array([PULSE, *[0.0] * 12]), PERIOD))
    late = waves.time > 1.1 * PERIOD
    t, x = waves.time[late] - 1.1 * PERIOD, 1e-6 * waves["v(x0)"][late]
    turn = 2.0 * np.pi * mesh.device.trap_frequency

    def miss(p: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.exp(-t / (1e-9 * p[0])) * (p[1] * np.cos(turn * t) + p[2] * np.sin(turn * t)) - 1e9 * x

    fit = least_squares(miss, [20.0, 1e9 * x[0], 0.0])
    return t, x, 1e-9 * float(fit.x[0])


def _told_apart(request: Request, engine) -> tuple[float, float, int]:
    """Return the part of runs at 300 K whose pattern has the nearest mean displacements, and its error."""
    runs = RUNS_SHORT if request.short else RUNS
    mesh = Mesh(device=device())
    patterns = list(itertools.product((-PULSE, PULSE), repeat=BITS))
    jobs = [
        mesh.testbench(np.array(pattern), PERIOD, instance_seed(request.seed, f"pattern {k} trial {r}"))
        for k, pattern in enumerate(patterns)
        for r in range(2 * runs)
    ]
    names = [f"v(x{i})" for i in range(len(mesh.branches))]
    ends = PERIOD * (BITS - np.array([2.0, 1.0, 0.0]) / 3.0)

    def state(waves: Waveforms) -> list[float]:
        return [float(x) for name in names for x in np.interp(ends, waves.time, waves[name])]

    states = run_jobs(jobs, engine=engine, workers=request.workers, reduce=state)
    x = np.array(states).reshape(len(patterns), 2 * runs, -1)
    centres = x[:, ::2].mean(axis=1)
    away = ((x[:, 1::2, None, :] - centres[None, None]) ** 2).sum(axis=3)
    right = away.argmin(axis=2) == np.arange(len(patterns))[:, None]
    part = (right.sum() + 1.0) / (right.size + 2.0)
    return float(right.mean()), float(np.sqrt(part * (1.0 - part) / right.size)), int(right.size)
