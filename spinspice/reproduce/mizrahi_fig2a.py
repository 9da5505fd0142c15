"""Mizrahi et al. 2018, Fig. 2a: tuning curves of nine junctions, shifted so that together they cover 600 uA.

Each junction is the telegraph process with its published barrier and critical current, followed event by event. The
shifts are unpublished; here the curves stand side by side (tiled).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from spinspice.reproduce.base import Curve, Panel, Reproduction, Row
from spinspice.reproduce.mizrahi_learning import SOURCE
from spinspice.systems.population import Population, counted_responses, published

TITLE = "Mizrahi 2018, Fig. 2a: tuning curves of nine junctions"
#: Currents counted at, and full cycles at the peak, full and short.
FULL, SHORT = (61, 1000), (21, 200)
FULL_RANGE = (-300e-6, 300e-6)


def run(*, short: bool = False, seed: int = 1, **_options: Any) -> Reproduction:
    """Count all tuning curves; arguments and errors as :func:`spinspice.reproduce.run`, no engine needed."""
    points, cycles = SHORT if short else FULL
    population = published(*FULL_RANGE)
    currents = np.linspace(*FULL_RANGE, points)
    responses, errors = counted_responses(population, currents, cycles, seed)
    return Reproduction(
        name="mizrahi-fig2a",
        title=TITLE,
        source=SOURCE,
        rows=(*_peak_rows(population, 4 * cycles, seed), *_law_rows(population, currents, responses, errors)),
        panels=(_panel(population, currents, responses, errors),),
        remarks=(
            "The shifts are unpublished: here the curves are tiled, each as wide as its full width at half maximum.",
            f"Each junction is watched for {cycles} full cycles of its own peak rate, from 14 ms to 4 min.",
        ),
        provenance={"seed": seed, "cycles": cycles, "centres": population.centres.tolist()},
    )


def _peak_rows(population: Population, cycles: int, seed: int) -> tuple[Row, ...]:
    """The two natural rates that the text names, each at its junction's own centre."""
    rows = []
    for index, paper, tolerance, source in (
        (1, 70e3, 0.5e3, "natural rates 'from a few Hertz to 70 kHz', Results"),
        (5, 3.9, 0.05, "'a few Hertz': (phi0 / 2) exp(-18.675), Methods"),
    ):
        responses, errors = counted_responses(population, population.centres[index], cycles, seed)
        rate = population.natural_rates[index]
        rows.append(
            Row(
                quantity=f"rate of junction {index + 1} at its centre",
                unit="Hz",
                paper=paper,
                here=float(rate * responses[0, index]),
                stderr=float(rate * errors[0, index]),
                tolerance=tolerance,
                source=source,
            )
        )
    return tuple(rows)


def _law_rows(
    population: Population, currents: NDArray[np.float64], responses: NDArray[np.float64], errors: NDArray[np.float64]
) -> tuple[Row, ...]:
    law = population.rates(currents) / population.natural_rates
    counted = law > 0.01  # where there are counts enough for a normal error
    squares = ((responses - law) / errors)[counted] ** 2
    return (
        Row(
            quantity="sum of the full widths at half maximum",
            unit="uA",
            paper=600.0,
            here=float(population.widths.sum()) * 1e6,
            tolerance=20.0,
            source="the nine curves cover -300 to 300 uA, Results; widths from eq. 1 and the fitted parameters",
        ),
        Row(
            quantity="mean squared deviation from eq. 1 over its variance",
            paper=1.0,
            here=float(squares.mean()),
            stderr=float(squares.std(ddof=1) / np.sqrt(squares.size)),
            source="1 if eq. 1 holds for every junction at every current",
        ),
    )


def _panel(
    population: Population, currents: NDArray[np.float64], responses: NDArray[np.float64], errors: NDArray[np.float64]
) -> Panel:
    fine = np.linspace(*FULL_RANGE, 601)
    law = population.rates(fine) / population.natural_rates
    curves = [Curve(x=fine * 1e6, y=law[:, index], color=index) for index in range(population.size)]
    curves += [
        Curve(x=currents * 1e6, y=responses[:, index], yerr=errors[:, index], kind="points", color=index)
        for index in range(population.size)
    ]
    return Panel(
        title="Counted (points) and eq. 1 (lines)",
        xlabel="current [µA]",
        ylabel="rate over natural rate",
        curves=tuple(curves),
    )
