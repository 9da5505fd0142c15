"""Mizrahi et al. 2018, Fig. 4a: transformations that populations learn."""

from __future__ import annotations

import numpy as np

from spinspice.papers.mizrahi2018.rows import SEEDS_REMARK, SILENCE, SOURCE, bound_row, mean_percent, seeds_of
from spinspice.papers.mizrahi2018.transformations import TASKS, train_polar, train_series, train_task
from spinspice.reproduce.base import Curve, Panel, Reproduction, Request

FIGURE = "mizrahi-fig4a"
SUMMARY = "transformations that populations learn, in series and of two inputs too"
TITLE = "Mizrahi 2018, Fig. 4a: transformations learnt by populations of 100 junctions"
SEEDS, SEEDS_SHORT = 10, 2
_SIMILAR = "'each can be learned with excellent precision, similar to the identity' (below 2.5 %), Results"
_WHY = {
    "square": "per cent of 0.15 V, half the range of the stimulus: the same error in volts counts twice",
    "sine": "the mean slope of this sine is 2, so an error of the stimulus counts twice",
    "series": "errors of the sine go through the square, and the second stage meets rates that it was not taught with",
    "2 inputs": "a sum of functions of R and of phi alone cannot make their product; eq. 5 helps by its division only",
}
_OURS_WHY = {
    "series": "errors of the sine go through the square, where they weigh up to four times per cent of 0.15 V",
    "2 inputs": "a distance in two dimensions: 200 sensors have to cover a plane, not a line",
}


def run(request: Request) -> Reproduction:
    """Teach all transformations; arguments and errors as :func:`spinspice.reproduce.run`, no engine needed."""
    count = SEEDS_SHORT if request.short else SEEDS
    seeds = seeds_of("fig4a", request.seed, count)
    as_published = {name: mean_percent(train_task, seeds, name=name) for name in TASKS}
    as_published |= {"series": mean_percent(train_series, seeds), "2 inputs": mean_percent(train_polar, seeds)}
    improved = {
        "series": mean_percent(train_series, seeds, in_place=True),
        "2 inputs": mean_percent(train_polar, seeds, mixed=True),
    }
    rows = [bound_row(name, value, _SIMILAR, _WHY.get(name, "")) for name, value in as_published.items()]
    rows += [bound_row(f"{name}, ours", value, _SIMILAR, _OURS_WHY.get(name, "")) for name, value in improved.items()]
    return Reproduction(
        name="mizrahi-fig4a",
        title=TITLE,
        source=SOURCE,
        rows=tuple(rows),
        panels=(_learnt(seeds[0]), _errors(as_published, improved)),
        remarks=(
            SEEDS_REMARK.format(count),
            SILENCE,
            "'Inverse' has no formula in the paper: negation. Sine: 0.15 V sin(pi Z / 0.15), printed with a division.",
            "Double is the identity with output centres twice as far apart: junctions and counts are the same.",
            "Ours: second stage of the series taught by rates of the first, half of the sensors on R + phi, R - phi.",
        ),
        provenance={"seed": request.seed, "seeds": seeds},
    )


def _learnt(seed: int) -> Panel:
    """What one trained system shows against the stimulus."""
    stimuli = np.linspace(-0.15, 0.15, 31)
    curves = []
    for index, (name, task) in enumerate(TASKS.items()):
        learner = train_task(seed, name).learner
        curves.append(Curve(x=1e3 * stimuli, y=1e3 * task.function(stimuli), color=index))
        shown = [float(learner.values(z)[0]) for z in stimuli]
        curves.append(Curve(x=1e3 * stimuli, y=1e3 * np.array(shown), kind="points", color=index, label=name))
    return Panel(
        title="Wanted (lines) and shown once (points)",
        xlabel="stimulus [mV]",
        ylabel="value [mV]",
        curves=tuple(curves),
    )


def _errors(as_published: dict[str, tuple[float, float]], improved: dict[str, tuple[float, float]]) -> Panel:
    names = tuple(as_published)

    def points(values: dict[str, tuple[float, float]], label: str, color: int, shift: float) -> Curve:
        return Curve(
            x=[names.index(name) + shift for name in values],
            y=[value for value, _ in values.values()],
            yerr=[stderr for _, stderr in values.values()],
            kind="points",
            color=color,
            label=label,
        )

    return Panel(
        title="Error after 3000 steps",
        xlabel="",
        ylabel="distance, % of the range of values",
        curves=(points(as_published, "as published", 0, -0.05), points(improved, "ours", 1, 0.05)),
        ticks=names,
    )
