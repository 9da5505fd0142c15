"""Torrejon et al. 2017: sine or square, sample by sample, by one oscillator; and by the pre-processing alone."""

from __future__ import annotations

import dataclasses

import numpy as np

from spinspice.engines import get_engine
from spinspice.papers.torrejon2017.reservoir import NOISE, Reservoir, over_alone, read_out, sine_or_square
from spinspice.reproduce.base import Curve, Panel, Reproduction, Request, Row
from spinspice.units import with_error

FIGURE = "torrejon2017-sine-square"
SUMMARY = "one oscillator as a reservoir: sine against square, and the same pre-processing without it"
TITLE = "Torrejon 2017: sine or square by one spin-torque oscillator multiplexed in time, at T = 0 and 300 K"
#: Periods for training and test, runs of other seeds, inputs checked on an engine; full and short.
PERIODS, PERIODS_SHORT = 150, 50
RUNS, RUNS_SHORT = 5, 2
CHECKED = 2


def run(request: Request) -> Reproduction:
    """Train and test the reservoir; arguments and errors as :func:`spinspice.reproduce.run`."""
    periods, runs = (PERIODS_SHORT, RUNS_SHORT) if request.short else (PERIODS, RUNS)
    reservoir = Reservoir()
    cold = dataclasses.replace(reservoir, device=reservoir.device.replace(T=0.0))
    scores: dict[str, list[float]] = {
        "oscillator at 300 K": [],
        "oscillator at T = 0": [],
        "pre-processing alone": [],
        "without memory": [],
    }
    for number in range(runs):
        seed = request.seed + number
        inputs, targets = sine_or_square(2 * periods, seed)
        states = reservoir.states(inputs, seed)
        half = len(inputs) // 2
        masked = reservoir.masked(inputs, seed)
        # the best that an instantaneous law can do: every value of the input has its own answer
        table = np.array([np.round(inputs, 6) == value for value in np.unique(np.round(inputs, 6))], float).T
        for name, x in zip(scores, (states, cold.states(inputs, seed), masked, table), strict=True):
            right = read_out((x[8:half], targets[8:half]), (x[half:], targets[half:]))
            scores[name].append(float(np.mean(right)))
    mean = {name: float(np.mean(values)) for name, values in scores.items()}
    error = {name: float(np.std(values, ddof=1) / np.sqrt(runs)) for name, values in scores.items()}
    inputs, targets = sine_or_square(2 * periods, request.seed)
    few = inputs[:CHECKED]
    waves = get_engine(request.engine, request.model).run(reservoir.testbench(few, request.seed))
    ends = reservoir.theta * np.arange(1, CHECKED * reservoir.nodes + 1)
    circuit = np.hypot(*(np.interp(ends, waves.time, waves[name]) for name in ("v(x)", "v(y)")))
    states = reservoir.states(few, request.seed).ravel()
    away = float(np.max(np.abs(circuit - states)))
    wrong = {name: 1.0 - value for name, value in mean.items()}
    rows = (
        Row(
            quantity="wrong samples at 300 K over those by the pre-processing alone (our bound)",
            paper=0.5,
            here=wrong["oscillator at 300 K"] / wrong["pre-processing alone"],
            stderr=error["oscillator at 300 K"] / wrong["pre-processing alone"],
            at_most=True,
            source="our bound for what Grollier 2020, IV-a, says: the oscillator does the work (by its memory and "
            "nonlinearity)",
        ),
        over_alone(
            "wrong samples at T = 0 over those of the best law without memory",
            np.array(scores["oscillator at T = 0"]),
            np.array(scores["without memory"]),
        ),
        over_alone(
            "the same at 300 K", np.array(scores["oscillator at 300 K"]), np.array(scores["without memory"]), NOISE
        ),
    )
    panels = (
        Panel(
            title="virtual neurons",
            xlabel="time [us]",
            ylabel="amplitude",
            curves=(
                Curve(x=1e6 * ends, y=states, label="reference"),
                Curve(x=1e6 * ends, y=circuit, label="circuit", kind="points", color=1),
            ),
        ),
        Panel(
            title="right samples",
            xlabel="",
            ylabel="part",
            curves=(
                Curve(
                    x=np.arange(len(mean)),
                    y=np.array(list(mean.values())),
                    yerr=np.array(list(error.values())),
                    kind="points",
                    label=f"mean of {runs} runs",
                ),
            ),
            ticks=tuple(name.replace(" ", "\n", 1) for name in mean),
        ),
    )
    return Reproduction(
        name=FIGURE,
        title=TITLE,
        source="Torrejon et al., Nature 547, 428 (2017), as in Grollier et al. 2020, III-a, IV-a and Fig. 3b",
        rows=rows,
        panels=panels,
        remarks=(
            *(f"{name}: {with_error(mean[name], error[name], prefix=False)} of the samples right" for name in mean),
            f"24 virtual neurons of 100 ns; circuit and reference, same seed: amplitudes within {away:.1e}",
            "thermal noise of the amplitude, about a tenth of its swing, costs what the memory gives",
            "'without memory' is the best law of the present input alone: a sine at its top is a square's value",
        ),
    )
