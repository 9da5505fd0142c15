"""Yoon et al. 2026: output over input of a junction on SKY130 transistors, by width of the divider."""

from __future__ import annotations

import numpy as np

from spinspice.analysis.statistics import mean_with_error
from spinspice.engines import get_engine
from spinspice.papers.yoon2026.cell import JUNCTION, VDD, WIDTHS, Sweep, fluctuating, sweeps
from spinspice.reproduce.base import Curve, Panel, Reproduction, Request, Row
from spinspice.units import with_error

FIGURE = "yoon2026-sigmoid"
SUMMARY = "mean output over input of a measured p-bit on SKY130, by width of the divider's transistor"
TITLE = "A p-bit of a superparamagnetic junction on SkyWater 130: output over input"
#: Width whose figures stand beside the published ones [m], and lengths of the runs of the junction [s].
WIDTH, FULL, SHORT = 27e-6, 0.6, 0.1
#: Points of a run's output that are averaged.
SAMPLES = 20_000
_SUMMARY = "public summaries of the paper"
_STEPS = (
    "two steps, where the output of P and that of AP fall, and a level between: rounder inverters, or a torque that "
    "moves the stays over the range, would widen it; neither is known"
)


def run(request: Request) -> Reproduction:
    """Sweep all widths with the junction held, and run it free at one input; arguments as :func:`reproduce.run`."""
    engine = get_engine(request.engine, request.model)
    found = sweeps(engine)
    mine = found[WIDTH]
    low, high = mine.edges
    middle = (low + high) / 2
    duration = SHORT if request.short else FULL
    time, mid, out = fluctuating(engine, WIDTH, middle, duration, request.seed)
    even = np.linspace(0.02 * duration, duration, SAMPLES)
    estimate = mean_with_error(np.interp(even, time, out))
    law = float(np.interp(middle, mine.inputs, mine.mean))
    others = ", ".join(f"{w * 1e6:g} um {np.mean(found[w].edges):.2f} V" for w in WIDTHS)
    return Reproduction(
        name=FIGURE,
        title=TITLE,
        source="J.-Y. Yoon et al., IEEE Electron Device Lett. (2026), arXiv 2604.14446; abstract and public summaries",
        rows=_rows(mine),
        panels=(_outputs(found), _dividers(found), _trace(time, mid, out, middle)),
        remarks=(
            f"middle of the transition by width: {others}; no published number for it was found",
            (
                f"free junction at {middle:.3f} V for {duration:g} s: mean output "
                f"{with_error(estimate.value, estimate.stderr, prefix=False)} V, by its rates {law:.3f} V"
            ),
            (
                "the paper itself could not be opened: numbers beside ours are from summaries by others; widths, stays "
                "of a millisecond, torque (V_c = 20 V), bias dependence (V_half = 0.5 V), both inverters: our choice"
            ),
        ),
        provenance={"seed": request.seed, "engine": request.engine, "duration": duration, "width": WIDTH},
    )


def _rows(mine: Sweep) -> tuple[Row, ...]:
    low, high = mine.edges
    middle = (low + high) / 2
    return (
        Row(
            quantity="middle of the transition, 27 um", paper=0.65, tolerance=0.15, here=middle, unit="V",
            source=f"{_SUMMARY}: a sigmoid over 0.5 to 0.8 V; without chance",
        ),
        Row(
            quantity="swing of the divider there", paper=0.1, tolerance=0.05,
            here=float(np.interp(middle, mine.inputs, mine.swing)), unit="V",
            source=f"{_SUMMARY}: 100 mV tuned by the gate, without saying of which node; without chance",
        ),
        Row(
            quantity="highest mean output", paper=VDD, tolerance=0.05, here=float(mine.mean.max()), unit="V",
            source=_SUMMARY,
        ),
        Row(
            quantity="lowest mean output", paper=0.45, tolerance=0.05, here=float(mine.mean.min()), unit="V",
            source=_SUMMARY,
            note="the published inverter is said not to be ideal; ours, in the foundry's models, reach their rails",
        ),
        Row(
            quantity="width of the transition, 5 to 95 %", paper=0.3, tolerance=0.1, here=mine.at(0.95) - mine.at(0.05),
            unit="V", source=f"{_SUMMARY}: 0.5 to 0.8 V",
            note=_STEPS,
        ),
    )  # fmt: skip


def _outputs(found: dict[float, Sweep]) -> Panel:
    curves = [
        Curve(x=sweep.inputs, y=sweep.mean, label=f"{width * 1e6:g} um", color=k)
        for k, (width, sweep) in enumerate(found.items())
    ]
    told = Curve(x=[0.5, 0.5, 0.8, 0.8], y=[1.8, 1.8, 0.45, 0.45], label="told: 0.5 to 0.8 V", kind="dashed", color=5)
    return Panel(title="Mean output", xlabel="input (V)", ylabel="output (V)", curves=(*curves, told))


def _dividers(found: dict[float, Sweep]) -> Panel:
    curves = tuple(
        Curve(x=sweep.inputs, y=1e3 * sweep.swing, label=f"{width * 1e6:g} um", color=k)
        for k, (width, sweep) in enumerate(found.items())
    )
    return Panel(title="Swing of the divider", xlabel="input (V)", ylabel="P less AP (mV)", curves=curves)


def _trace(time: np.ndarray, mid: np.ndarray, out: np.ndarray, middle: float) -> Panel:
    shown = time < 40.0 / float(JUNCTION.escape_rates(0.0)[0])
    curves = (
        Curve(x=1e3 * time[shown], y=out[shown], label="output", color=0),
        Curve(x=1e3 * time[shown], y=mid[shown], label="divider", color=1),
    )
    return Panel(title=f"27 um at {middle:.2f} V", xlabel="time (ms)", ylabel="voltage (V)", curves=curves)
