"""Phase locking of a junction to a weak square drive, induced and then lost by electrical noise: circuit and exact law.

Noise of standard deviation s in the exponent multiplies both escape rates by exp(s^2 / 2). Too little, and the junction
is too slow for the drive; too much, and it switches by itself: in between it switches once a half period.
"""

from __future__ import annotations

import numpy as np

from spinspice.devices.laws.driven import Locking, locking
from spinspice.reproduce.base import Curve, Panel, Reproduction, Request, Row
from spinspice.studies import run as run_study
from spinspice.studies.locking import BLOCK, LockingResult

FIGURE = "mizrahi2016-window"
SUMMARY = "window of noise-induced phase locking: circuit, exact law, energy of a locked period"
SOURCE = "Mizrahi et al., Sci. Rep. 6, 30535 (2016); the numbers are those of a two-state junction, not of its Figures"
#: Escape rate times half period without noise, drives in the exponent.
X, DRIVES = 0.01, (2.0, 3.0, 4.0)
#: Locked: the mean within this of 1, and the Fano factor below this.
MEAN, FANO = 0.1, 0.1
#: Points of the circuit without noise source (escape rate times half period), and half periods; full and short.
POINTS, HALVES = (0.03, 0.1, 0.3, 1.0, 3.0), (1004, 124)
#: Noise in the exponent of the point whose noise is a source in the circuit, and its rate at rest.
NOISE, SLOW = 1.5, 0.1


def run(request: Request) -> Reproduction:
    """Draw the window; arguments and errors as :func:`spinspice.reproduce.run`."""
    halves = HALVES[1 if request.short else 0]
    common = {"engine": request.engine, "model": request.model, "workers": request.workers, "seed": request.seed}
    grid_of_runs = {
        (eta, x): run_study("locking", x=x, eta=eta, halves=halves, repeats=1, **common)
        for eta in DRIVES
        for x in POINTS
    }
    found = [grid_of_runs[3.0, x] for x in POINTS]
    noisy = (
        () if request.short else (run_study("locking", x=SLOW, eta=3.0, noise=NOISE, halves=304, repeats=1, **common),)
    )
    rows = [
        Row(
            quantity=f"switches a half period, r H = {x:g}, drive 3",
            paper=result.law.switches,
            here=result.switches,
            stderr=result.switches_stderr,
            source="exact law of the two-state junction",
        )
        for x, result in zip(POINTS, found, strict=True)
    ]
    rows.extend(
        Row(
            quantity=f"the same, r H = {SLOW:g} and noise {NOISE:g} from a source",
            paper=locking(1.0, 3.0, SLOW * float(np.exp(0.5 * NOISE**2))).switches,
            here=one.switches,
            stderr=one.switches_stderr,
            source="exact law, rates multiplied by exp(s^2 / 2)",
        )
        for one in noisy
    )
    locked = found[POINTS.index(0.3)]
    rows.append(
        Row(
            quantity="energy of a locked period, from the source",
            unit="J",
            paper=1e-13,
            here=locked.energy,
            at_most=True,
            source="'below 1e-13 J' for a locking event, abstract; here 424 kOhm and 6 kT",
        )
    )
    clear = [one for one in grid_of_runs.values() if _is_clear(one)]
    rows.append(
        Row(
            quantity="circuit points off the border that are locked, or not, as the law says",
            paper=float(len(clear)),
            here=float(sum(_seen(one) == _locked(one.law) for one in clear)),
            source=f"exact law; of {len(grid_of_runs)} points those whose law is four standard errors off the border",
        )
    )
    noise = np.linspace(0.0, 4.2, 85)
    law = {eta: [locking(1.0, eta, X * float(np.exp(0.5 * s * s))) for s in noise] for eta in DRIVES}
    grid = np.linspace(0.5, 6.0, 45)
    window = np.array(
        [[_locked(locking(1.0, float(eta), X * float(np.exp(0.5 * s * s)))) for eta in grid] for s in noise]
    )
    equivalent = np.sqrt(2.0 * np.log(np.array(POINTS) / X))
    at = {point: float(np.sqrt(2.0 * np.log(point[1] / X))) for point in grid_of_runs}
    return Reproduction(
        name=FIGURE,
        title="Mizrahi 2016: noise-induced phase locking of a two-state junction",
        source=SOURCE,
        rows=tuple(rows),
        panels=(
            Panel(
                title="Switches a half period",
                xlabel="noise in the exponent [1]",
                ylabel="switches [1]",
                yscale="log",
                curves=(
                    *(
                        Curve(x=noise, y=[point.switches for point in law[eta]], label=f"exact, drive {eta:g}", color=k)
                        for k, eta in enumerate(DRIVES)
                    ),
                    *(
                        Curve(
                            x=equivalent,
                            y=[grid_of_runs[eta, x].switches for x in POINTS],
                            yerr=[grid_of_runs[eta, x].switches_stderr for x in POINTS],
                            kind="points",
                            label=f"circuit, drive {eta:g}",
                            color=k,
                        )
                        for k, eta in enumerate(DRIVES)
                    ),
                    *(
                        Curve(
                            x=[float(np.sqrt(2.0 * np.log(SLOW / X) + NOISE**2))],
                            y=[one.switches],
                            yerr=[one.switches_stderr],
                            kind="points",
                            label="circuit, noise from a source",
                            color=3,
                        )
                        for one in noisy
                    ),
                ),
            ),
            Panel(
                title="Locked: mean 1 ± 0.1, Fano factor below 0.1",
                xlabel="noise in the exponent [1]",
                ylabel="drive in the exponent [1]",
                curves=(
                    Curve(x=noise, y=grid, z=window, kind="map", names=("not locked", "locked")),
                    *(
                        Curve(
                            x=[at[point] for point in points],
                            y=[point[0] for point in points],
                            kind="points",
                            label=f"circuit: {name}",
                            color=color,
                        )
                        for name, color, points in (
                            ("locked", 2, [p for p, one in grid_of_runs.items() if _seen(one)]),
                            ("not locked", 1, [p for p, one in grid_of_runs.items() if not _seen(one)]),
                        )
                    ),
                ),
            ),
        ),
        remarks=(
            "Areas and lines are the exact law.",
            "Circuit points without a noise source stand at the noise that gives the same rates.",
            f"Half periods of a run: {halves}.",
        ),
        provenance={"seed": request.seed, "halves": halves, "engine": found[0].engine},
    )


def _locked(point: Locking, slack: float = 0.0, spread: float = 0.0) -> int:
    """Whether the law is inside the window, drawn in by ``slack`` of the mean and ``spread`` of the Fano factor."""
    return int(abs(point.switches - 1.0) < MEAN - slack and point.fano * (1.0 + spread) < FANO)


def _seen(result: LockingResult) -> int:
    """Whether the counts of a circuit are: their mean, and their variance over it."""
    mean = float(result.counts.mean())
    return int(abs(mean / BLOCK - 1.0) < MEAN and float(result.counts.var(ddof=1)) < FANO * mean)


def _is_clear(result: LockingResult) -> bool:
    """Whether four standard errors of mean and variance leave the law on its side of the border."""
    slack, spread = 4.0 * result.switches_stderr, 4.0 * float(np.sqrt(2.0 / (result.counts.size - 1)))
    return _locked(result.law, slack, spread) == _locked(result.law, -slack, -min(spread, 0.99))
