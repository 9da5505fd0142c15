"""Mizrahi et al. 2018, Fig. 4b: error of the gripper against the spread of the junctions; and with dead junctions."""

from __future__ import annotations

from collections.abc import Sequence

from spinspice.devices.noise import instance_seed
from spinspice.networks.population import LearningCurve, Reading, train
from spinspice.papers.mizrahi2018.gripper import ANGLES, identity, kill, train_gripper
from spinspice.papers.mizrahi2018.rows import (
    BOUND,
    SEEDS_REMARK,
    SILENCE,
    SOURCE,
    bound_row,
    mean_percent,
    percent,
    seeds_of,
)
from spinspice.reproduce.base import Curve, Panel, Reproduction, Request, Row

FIGURE = "mizrahi-fig4b"
SUMMARY = "gripper: error against the spread of the junctions, and with dead ones"
TITLE = "Mizrahi 2018, Fig. 4b: error of the gripper against the spread of its junctions"
#: Half spans of the barriers over their mean, spreads of the critical voltage, parts of junctions that die, seeds.
FULL = ((0.0, 0.1, 0.2, 0.3, 0.35, 0.4, 0.5, 0.6), (0.0, 0.13, 0.26, 0.39, 0.52), (0.0, 0.1, 0.2, 0.3, 0.4, 0.5), 10)
SHORT = ((0.0, 0.35, 0.6), (0.0, 0.52), (0.0, 0.5), 3)
#: Learning steps after junctions died.
AGAIN = 1000
EXPERIMENT = 0.35
#: The paper taken at its word: every output junction is counted, also those whose weighted sum is not positive.
LITERAL = Reading(gated=False)
Errors = dict[float, tuple[float, float]]


def run(request: Request) -> Reproduction:
    """Train grippers of several spreads; arguments and errors as :func:`spinspice.reproduce.run`, no engine needed."""
    barriers, criticals, parts, count = SHORT if request.short else FULL
    seeds = seeds_of("fig4b", request.seed, count)
    delta: Errors = {x: mean_percent(train_gripper, seeds, delta_spread=x) for x in barriers}
    critical: Errors = {x: mean_percent(train_gripper, seeds, critical_spread=x) for x in criticals}
    literal: Errors = {x: mean_percent(train_gripper, seeds, delta_spread=x, reading=LITERAL) for x in barriers}
    curves = {part: [_after_deaths(own, part) for own in seeds] for part in parts}
    dead, again = ({part: percent([one.error[at] for one in ones]) for part, ones in curves.items()} for at in (0, -1))
    return Reproduction(
        name="mizrahi-fig4b",
        title=TITLE,
        source=SOURCE,
        rows=_rows(delta, literal, critical, dead, again),
        panels=(
            _panel(
                "Spread of the junctions (dashed: 2.5 %)",
                "spread over the mean, %",
                {"barrier": delta, "critical voltage": critical, "barrier, all counted": literal},
            ),
            _panel(
                "Dead junctions (ours; dashed: 2.5 %)",
                "dead junctions, %",
                {"as they are": dead, f"{AGAIN} steps later": again},
            ),
        ),
        remarks=(
            SEEDS_REMARK.format(count),
            SILENCE,
            (
                "Spread: half the span of the uniform barriers (experiment: 35 %; printed as 0.35 %), standard "
                "deviation of the normal critical voltages (experiment: 26 %)."
            ),
            (
                "Dead junctions are in a supplementary figure, not at hand; here that part of both populations, drawn "
                "by chance after 3000 steps, stops switching."
            ),
        ),
        provenance={"seed": request.seed, "seeds": seeds},
    )


def _after_deaths(seed: int, part: float) -> LearningCurve:
    """Error of a gripper of which a part of all junctions died, at once and after more lessons."""
    learner = train_gripper(seed).learner
    kill(learner, part, seed)
    own, width = instance_seed(seed, "after"), [ANGLES[1] - ANGLES[0]]
    return train(learner, identity, [ANGLES], width, seed=own, steps=AGAIN, checks=(0,))


def _rows(delta: Errors, literal: Errors, critical: Errors, dead: Errors, again: Errors) -> tuple[Row, ...]:
    (few, few_error), (many, many_error) = critical[0.0], critical[max(critical)]
    most = max(dead)
    return (
        bound_row("error at the experiment's spread, 35 %", delta[EXPERIMENT], "Fig. 3b: below 2.5 %"),
        Row(
            quantity=f"change of the error, critical voltages spread by 0 to {100 * max(critical):.0f} %",
            unit="%",
            paper=0.0,
            here=many - few,
            stderr=(few_error**2 + many_error**2) ** 0.5,
            tolerance=0.25,
            source="'barely affects the system', Results; read here as a quarter of a per cent of the range",
            note="narrow tuning curves leave gaps",
        ),
        bound_row(
            f"error with barriers spread by {100 * max(delta):.0f} %",
            delta[max(delta)],
            "'even larger levels of variability can be tolerated', Results",
            "junctions of 5.5 kT switch at every time step of 439 us, whatever the stimulus",
        ),
        bound_row(
            "the same, silent junctions counted too",
            literal[max(literal)],
            "the same, read literally",
            "the fast junctions of a wide spread fill the sums of all outputs, and what should be silent is not",
        ),
        bound_row(
            f"error with {100 * most:.0f} % dead, after {AGAIN} more steps",
            again[most],
            "'resilience to failure of the devices', Results; bound of Fig. 3b",
            f"half of the junctions are left; before learning again it was {dead[most][0]:.1f} %",
        ),
    )


def _panel(title: str, xlabel: str, series: dict[str, Errors]) -> Panel:
    ends: Sequence[float] = sorted(100.0 * x for errors in series.values() for x in errors)
    curves = [Curve(x=[ends[0], ends[-1]], y=[BOUND, BOUND], kind="dashed", color=6)]
    for index, (label, errors) in enumerate(series.items()):
        curves.append(
            Curve(
                x=[100.0 * x for x in errors],
                y=[value for value, _ in errors.values()],
                yerr=[stderr for _, stderr in errors.values()],
                kind="points",
                color=index,
                label=label,
            )
        )
    return Panel(
        title=title,
        xlabel=xlabel,
        ylabel="distance, % of the range",
        curves=tuple(curves),
    )
