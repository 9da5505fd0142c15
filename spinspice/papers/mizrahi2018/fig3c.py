"""Mizrahi et al. 2018, Fig. 3c: error of the gripper against the number of junctions."""

from __future__ import annotations

from spinspice.papers.mizrahi2018.gripper import train_gripper
from spinspice.papers.mizrahi2018.rows import SEEDS_REMARK, SILENCE, SOURCE, mean_percent, seeds_of
from spinspice.reproduce.base import Curve, Panel, Reproduction, Request, Row

FIGURE = "mizrahi-fig3c"
SUMMARY = "gripper: error against the sizes of its populations"
TITLE = "Mizrahi 2018, Fig. 3c: error of the gripper against the sizes of its populations"
#: Input sizes, output sizes, seeds; full and short.
FULL = ((10, 20, 50, 100, 200), (20, 100), 10)
SHORT = ((10, 30, 100), (20, 100), 3)


def run(request: Request) -> Reproduction:
    """Train grippers of several sizes; arguments and errors as :func:`spinspice.reproduce.run`, no engine needed."""
    inputs, outputs, count = SHORT if request.short else FULL
    seeds = seeds_of("fig3c", request.seed, count)
    errors = {
        (size, motors): mean_percent(train_gripper, seeds, inputs=size, outputs=motors)
        for motors in outputs
        for size in inputs
    }
    return Reproduction(
        name="mizrahi-fig3c",
        title=TITLE,
        source=SOURCE,
        rows=tuple(
            _falls(errors[before, motors], errors[after, motors], before, after, motors)
            for motors in outputs
            for before, after in ((inputs[0], inputs[1]), (inputs[0], inputs[-1]))
        ),
        panels=(
            Panel(
                title="After 3000 learning steps",
                xlabel="junctions in the input population",
                ylabel="distance, % of the range",
                xscale="log",
                yscale="log",
                curves=tuple(
                    Curve(
                        x=inputs,
                        y=[errors[size, motors][0] for size in inputs],
                        yerr=[errors[size, motors][1] for size in inputs],
                        kind="points",
                        color=index,
                        label=f"{motors} output junctions",
                    )
                    for index, motors in enumerate(outputs)
                ),
            ),
        ),
        remarks=(
            SEEDS_REMARK.format(count),
            SILENCE,
            "The text gives the direction only: the error falls as the input population grows.",
        ),
        provenance={"seed": request.seed, "seeds": seeds},
    )


def _falls(few: tuple[float, float], many: tuple[float, float], before: int, after: int, motors: int) -> Row:
    """Row of the difference, which must be negative by more than its error."""
    return Row(
        quantity=f"change of the error from {before} to {after} inputs, {motors} outputs",
        unit="%",
        paper=0.0,
        here=many[0] - few[0],
        stderr=(few[1] ** 2 + many[1] ** 2) ** 0.5,
        at_most=True,
        source="'decreases as the number of junctions in the input population increases', Results",
        note="within the error bars of these few seeds",
    )
