"""Mizrahi et al. 2018, Fig. 2c: six cursive letters drawn by nine junctions.

x and y of a letter are two functions of the current, each a weighted sum of the nine tuning curves. As in Fig. 2b the
weights are right at nine currents, so a letter has nine points; a denser variant draws it as a line.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from spinspice.networks.population import Basis, counted_responses
from spinspice.papers.mizrahi2018.letters import SIX, letter
from spinspice.papers.mizrahi2018.populations import published
from spinspice.papers.mizrahi2018.rows import SOURCE
from spinspice.reproduce.base import Curve, Panel, Reproduction, Request, Row

FIGURE = "mizrahi-fig2c"
SUMMARY = "cursive letters as sums of the nine tuning curves"
TITLE = "Mizrahi 2018, Fig. 2c: six letters from nine junctions"
#: Full cycles counted at the peak of each junction, full and short.
CYCLES, CYCLES_SHORT = 10_000, 1000
#: Part of the range that the centres of the dense variant take.
SQUEEZE = 1.0 / 3.0


def run(request: Request) -> Reproduction:
    """Draw the letters; arguments and errors as :func:`spinspice.reproduce.run`, no engine needed."""
    cycles = CYCLES_SHORT if request.short else CYCLES
    tiled, dense = (_basis(squeeze) for squeeze in (None, SQUEEZE))
    responses, errors = counted_responses(tiled.population, tiled.stimuli, cycles, request.seed)
    targets = _shapes(tiled.stimuli, tiled)
    weights = tiled.weights(targets)
    return Reproduction(
        name="mizrahi-fig2c",
        title=TITLE,
        source=SOURCE,
        rows=_rows(tiled, targets, responses, errors, cycles),
        panels=(
            _letters("Nine points a letter, counted", tiled, responses @ weights, np.sqrt(errors**2 @ weights**2)),
            _letters("Dense overlap (ours), mean rates", dense),
        ),
        remarks=(
            "The shapes of the paper's letters are not published: these are a b c e l o of the Hershey face 'scripts'.",
            f"Length along the stroke runs with the current; {cycles} full cycles at the peak of each junction.",
            (
                f"Dense variant (ours), {SQUEEZE:.2f} of the range: condition number {dense.condition:.0f} for "
                f"{tiled.condition:.2f}, error along the stroke {_between(dense):.1f} % of the size."
            ),
        ),
        provenance={"seed": request.seed, "cycles": cycles, "letters": list(SIX)},
    )


def _basis(squeeze: float | None) -> Basis:
    population = published(squeeze=squeeze)
    return Basis(population, population.centres)


def _shapes(currents: NDArray[np.float64], basis: Basis) -> NDArray[np.float64]:
    """Points (x, y) of the six letters at currents, shape (m, 12); strokes run from the first centre to the last."""
    first, last = basis.stimuli[[0, -1]]
    return np.hstack([letter(name, (currents - first) / (last - first)) for name in SIX])


def _between(basis: Basis) -> float:
    """Root mean square distance from the letters along the stroke, in per cent of their size."""
    fine = np.linspace(basis.stimuli[0], basis.stimuli[-1], 301)
    drawn = basis.responses(fine) @ basis.weights(_shapes(basis.stimuli, basis))
    return 100.0 * _distance(drawn - _shapes(fine, basis))


def _distance(misses: NDArray[np.float64]) -> float:
    """Root mean square distance of points (x, y), shape (..., 12)."""
    return float(np.sqrt(2.0 * np.mean(misses**2)))


def _rows(
    basis: Basis, targets: NDArray[np.float64], responses: NDArray[np.float64], errors: NDArray[np.float64], cycles: int
) -> tuple[Row, ...]:
    weights = basis.weights(targets)
    variances = errors**2 @ weights**2
    found = 100.0 * _distance(responses @ weights - targets)
    expected = 100.0 * float(np.sqrt(2.0 * np.mean(variances)))
    # spread of a mean of squares: the 9 readings are independent, the 12 values of one reading are not
    readings = 2.0 * np.mean((responses @ weights - targets) ** 2, axis=1)
    return (
        Row(
            quantity="largest error at the nine points, mean rates",
            paper=0.0,
            here=float(np.max(np.abs(basis.matrix @ weights - targets))),
            tolerance=1e-10,
            source="symbols of the letters; w = H R^-1 is exact there, Methods",
        ),
        Row(
            quantity=f"counting error at {cycles} cycles, rms of the size",
            unit="%",
            paper=expected,
            here=found,
            stderr=1e4 * float(np.std(readings, ddof=1)) / np.sqrt(readings.size) / (2.0 * found),
            source="derived: the weights times the counting error of a two-state process; not in the paper",
        ),
        Row(
            quantity="error between the nine points, rms of the size",
            unit="%",
            paper=0.0,
            here=_between(basis),
            source="'successfully output six letters', Results",
            note="nine curves that touch at half height cannot interpolate: a letter is its nine points, not a line",
        ),
    )


def _letters(
    title: str, basis: Basis, points: NDArray[np.float64] | None = None, errors: NDArray[np.float64] | None = None
) -> Panel:
    """Three letters in each of two lines: their strokes, and counted points, or the line that mean rates draw."""
    fine = np.linspace(basis.stimuli[0], basis.stimuli[-1], 301)
    strokes = _shapes(fine, basis)
    sums = basis.responses(fine) @ basis.weights(_shapes(basis.stimuli, basis))
    curves = []
    for index in range(len(SIX)):
        x, y, first = 1.3 * (index % 3), -1.4 * (index // 3), index == 0
        pair = (2 * index, 2 * index + 1)
        curves.append(
            Curve(x=strokes[:, pair[0]] + x, y=strokes[:, pair[1]] + y, color=4, label="letter" if first else "")
        )
        if points is not None and errors is not None:
            label = "sums of counted rates" if first else ""
            curves.append(
                Curve(
                    x=points[:, pair[0]] + x,
                    y=points[:, pair[1]] + y,
                    yerr=errors[:, pair[1]],
                    kind="points",
                    label=label,
                )
            )
        else:
            label = "sums of mean rates" if first else ""
            curves.append(Curve(x=sums[:, pair[0]] + x, y=sums[:, pair[1]] + y, kind="dashed", label=label))
    return Panel(title=title, xlabel="x", ylabel="y", curves=tuple(curves), equal=True)
