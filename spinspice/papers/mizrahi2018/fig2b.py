"""Mizrahi et al. 2018, Fig. 2b: the barometric function as a weighted sum of nine tuning curves.

Weights by square inversion at nine currents, the centres of the curves (Methods, 'Finding the weights'); then the sums
are made of freshly counted rates, and the function is also looked at between the nine currents.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from spinspice.devices.noise import instance_seed
from spinspice.networks.population import Basis, barometric, counted_responses
from spinspice.papers.mizrahi2018.populations import published
from spinspice.papers.mizrahi2018.rows import SOURCE
from spinspice.reproduce.base import Curve, Panel, Reproduction, Request, Row

FIGURE = "mizrahi-fig2b"
SUMMARY = "barometric function as a sum of the nine tuning curves"
TITLE = "Mizrahi 2018, Fig. 2b: barometric function from nine junctions"
#: Full cycles counted at the peak of each junction, and repetitions of the whole reading, full and short.
FULL, SHORT = (10_000, 40), (10_000, 10)
#: Part of the range that the centres of the dense variant take.
SQUEEZE = 1.0 / 3.0


def run(request: Request) -> Reproduction:
    """Make the function; arguments and errors as :func:`spinspice.reproduce.run`, no engine needed."""
    cycles, repeats = SHORT if request.short else FULL
    tiled, dense = _sum(None), _sum(SQUEEZE)
    noise, error, expected = _counting(tiled, cycles, repeats, request.seed)
    return Reproduction(
        name="mizrahi-fig2b",
        title=TITLE,
        source=SOURCE,
        rows=_rows(tiled, noise, error, expected, cycles),
        panels=(
            _panel(tiled, "Tiled centres (lines and points as on the right)", cycles, request.seed, labelled=False),
            _panel(dense, "Dense overlap (ours)", cycles, request.seed, labelled=True),
        ),
        remarks=(
            f"Condition number {tiled.condition:.2f} with tiled centres, {dense.condition:.1f} with dense ones.",
            (
                f"Dense variant (ours): evenly spaced centres over a third of the range, error between the currents "
                f"{_between(dense):.2f} % of the value; without squeezing nothing smooth can be drawn."
            ),
            (
                f"Over the nine currents the function spans {100 * _span(tiled):.1f} % of its value: counting errs "
                f"by {noise / _span(tiled):.0f} % of that span."
            ),
            "Data of the experiment are not published: rates here are counted from the fitted parameters.",
        ),
        provenance={"seed": request.seed, "cycles": cycles, "repeats": repeats, "condition": tiled.condition},
    )


def _sum(squeeze: float | None) -> Basis:
    population = published(squeeze=squeeze)
    return Basis(population, population.centres)


def _span(basis: Basis) -> float:
    """Span of the function over the currents, relative to its value there."""
    values = barometric(basis.stimuli)
    return float(np.ptp(values) / values.mean())


def _deviation(sums: NDArray[np.float64], targets: NDArray[np.float64]) -> float:
    """Root mean square error in per cent of the value."""
    return 100.0 * float(np.sqrt(np.mean((sums / targets - 1.0) ** 2)))


def _between(basis: Basis) -> float:
    fine = np.linspace(basis.stimuli[0], basis.stimuli[-1], 601)
    weights = basis.weights(barometric(basis.stimuli))
    return _deviation(basis.responses(fine) @ weights, barometric(fine))


def _counting(basis: Basis, cycles: int, repeats: int, seed: int) -> tuple[float, float, float]:
    """Root mean square error [%] of counted sums with its standard error, and what the counting law predicts."""
    targets = barometric(basis.stimuli)
    weights = basis.weights(targets)
    squares = []
    for repeat in range(repeats):
        responses, errors = counted_responses(
            basis.population, basis.stimuli, cycles, instance_seed(seed, f"fig2b-{repeat}")
        )
        squares.append(_deviation(responses @ weights, targets) ** 2)
    expected = 100.0 * float(np.sqrt(np.mean((errors**2 @ weights**2) / targets**2)))
    value = float(np.sqrt(np.mean(squares)))
    return value, float(np.std(squares, ddof=1) / np.sqrt(repeats)) / (2.0 * value), expected


def _rows(basis: Basis, noise: float, error: float, expected: float, cycles: int) -> tuple[Row, ...]:
    targets = barometric(basis.stimuli)
    inversion = float(np.max(np.abs(basis.matrix @ basis.weights(targets) - targets)))
    return (
        Row(
            quantity="largest error at the nine currents, mean rates",
            paper=0.0,
            here=inversion,
            tolerance=1e-10,
            source="symbols on the curve; w = H R^-1 is exact there, Methods",
        ),
        Row(
            quantity=f"counting error at {cycles} cycles, rms of the value",
            unit="%",
            paper=expected,
            here=noise,
            stderr=error,
            source="derived: the weights times the counting error of a two-state process; not in the paper",
        ),
        Row(
            quantity="error between the nine currents, rms of the value",
            unit="%",
            paper=0.0,
            here=_between(basis),
            source="'reproduces the desired function', Results; the figure shows symbols at measured currents",
            note="nine curves that touch at half height cannot interpolate: the sum is scalloped between the currents",
        ),
    )


def _panel(basis: Basis, title: str, cycles: int, seed: int, *, labelled: bool) -> Panel:
    labels = ("barometric function", "sum of mean rates", f"sum of counted rates, {cycles} cycles")
    target, mean, counted = labels if labelled else ("", "", "")
    fine = np.linspace(basis.stimuli[0], basis.stimuli[-1], 601)
    weights = basis.weights(barometric(basis.stimuli))
    responses, errors = counted_responses(basis.population, basis.stimuli, cycles, seed)
    return Panel(
        title=title,
        xlabel="current [µA]",
        ylabel="function",
        curves=(
            Curve(x=fine * 1e6, y=barometric(fine), label=target, color=1),
            Curve(x=fine * 1e6, y=basis.responses(fine) @ weights, kind="dashed", label=mean, color=5),
            Curve(
                x=basis.stimuli * 1e6,
                y=responses @ weights,
                yerr=np.sqrt(errors**2 @ weights**2),
                kind="points",
                label=counted,
            ),
        ),
    )
