"""Mizrahi et al. 2018, Fig. 3b: the distance between object and gripper falls as the gripper learns."""

from __future__ import annotations

import numpy as np

from spinspice.networks.population import Reading, Rule
from spinspice.papers.mizrahi2018.gripper import train_gripper
from spinspice.papers.mizrahi2018.populations import drawn
from spinspice.papers.mizrahi2018.rows import BOUND, SEEDS_REMARK, SILENCE, SOURCE, bound_row, mean_percent, seeds_of
from spinspice.reproduce.base import Curve, Panel, Reproduction, Request, Row

FIGURE = "mizrahi-fig3b"
SUMMARY = "gripper: error against learning steps"
TITLE = "Mizrahi 2018, Fig. 3b: error of the gripper against learning steps"
#: Learning steps of the paper, and those at which the error is taken.
STEPS, CHECKS = 3000, (0, 30, 100, 200, 300, 500, 700, 1000, 1500, 2000, 2500)
#: Seeds of the curve and of each variant, full and short.
SEEDS, SEEDS_SHORT = (10, 10), (3, 2)
FRESH = Reading(restart=True, gated=False)
OTHERS: dict[str, tuple[Rule, Reading, str]] = {
    "states drawn anew, all counted": (
        Rule(),
        FRESH,
        "half of the output junctions that should be silent take one switch to get to rest, which counts as 11 Hz",
    ),
    "states drawn anew, each junction's own r0": (
        Rule(own_r0=True),
        FRESH,
        "half a cycle of a 4 Hz junction reads as three times its natural rate: this reading of eqs. 8 and 9 fails",
    ),
    "each junction's own r0": (Rule(own_r0=True), Reading(), "slow junctions count too much, see the variant above"),
    "clocked readout every 439 us": (
        Rule(),
        Reading(reading="clock"),
        "junctions faster than the clock read as 570 Hz at most, far below the rates of eq. 1 by which they are driven",
    ),
    "every event counted": (
        Rule(),
        Reading(reading="events"),
        "rates up to 64 kHz in place of at most 1.1 kHz: the fastest junctions outweigh all others in eqs. 4 and 5",
    ),
}


def run(request: Request) -> Reproduction:
    """Train grippers; arguments and errors as :func:`spinspice.reproduce.run`, no engine needed."""
    count, few = SEEDS_SHORT if request.short else SEEDS
    seeds = seeds_of("fig3b", request.seed, count)
    curves = [train_gripper(own, steps=STEPS, checks=CHECKS).curve for own in seeds]
    errors = 100.0 * np.array([curve.error for curve in curves])
    mean, stderr = errors.mean(axis=0), errors.std(axis=0, ddof=1) / np.sqrt(count)
    others = {
        name: mean_percent(train_gripper, seeds[:few], rule=rule, reading=reading)
        for name, (rule, reading, _why) in OTHERS.items()
    }
    middle = drawn(1, request.seed, delta_spread=0.0)
    return Reproduction(
        name="mizrahi-fig3b",
        title=TITLE,
        source=SOURCE,
        rows=(
            Row(
                quantity="natural rate at the mean barrier, 13.78 kT",
                unit="Hz",
                paper=518.0,
                here=float(middle.natural_rates[0]),
                tolerance=0.5,
                source="Methods, 'Choice of the parameters'",
            ),
            bound_row(f"error after {STEPS} steps", (float(mean[-1]), float(stderr[-1])), "Results, below Fig. 3"),
            *(
                bound_row(name, value, "the same bound, other readings", OTHERS[name][2])
                for name, value in others.items()
            ),
        ),
        panels=(
            Panel(
                title="Two populations of 100 junctions",
                xlabel="learning steps",
                ylabel="distance, % of the range",
                yscale="log",
                curves=(
                    Curve(x=[0, STEPS], y=[BOUND, BOUND], kind="dashed", color=1, label="paper: below 2.5 % at 3000"),
                    Curve(
                        x=curves[0].steps,
                        y=errors.min(axis=0),
                        y_high=errors.max(axis=0),
                        kind="band",
                        color=5,
                        label="range over seeds",
                    ),
                    Curve(x=curves[0].steps, y=mean, yerr=stderr, kind="points", label=f"mean of {count} seeds"),
                ),
            ),
        ),
        remarks=(
            SEEDS_REMARK.format(f"{count} (other readings: {few})"),
            SILENCE,
            "Sizes are not published: 100 x 100.",
        ),
        provenance={"seed": request.seed, "seeds": seeds, "steps": STEPS},
    )
