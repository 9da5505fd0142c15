"""Mizrahi et al. 2018, Fig. 2a: tuning curves of nine junctions, shifted so that together they cover 600 uA.

Each junction is the telegraph process with its published barrier and critical current, followed event by event. The
shifts are unpublished; here the curves stand side by side (tiled). At three currents, the peak and half a half width to
either side, each junction is run in a SPICE engine besides, in a readout cell of transistors, and the rate is what
the bits of its comparator tell, corrected for the switches that its clock misses.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from spinspice.analysis.counting import CountedRates
from spinspice.cells.readout import ReadOut
from spinspice.devices.noise import instance_seed
from spinspice.engines import get_engine
from spinspice.errors import UsageError
from spinspice.networks.population import Population, counted_responses
from spinspice.papers.mizrahi2018.populations import published
from spinspice.papers.mizrahi2018.rows import SOURCE
from spinspice.readout.runs import tuning_curve
from spinspice.reproduce.base import Curve, Panel, Reproduction, Request, Row

FIGURE = "mizrahi-fig2a"
SUMMARY = "tuning curves of the nine junctions, shifted side by side"
TITLE = "Mizrahi 2018, Fig. 2a: tuning curves of nine junctions"
#: Currents counted at, and full cycles at the peak, full and short.
FULL, SHORT = (61, 1000), (21, 200)
FULL_RANGE = (-300e-6, 300e-6)
#: Through the comparator: junctions (from 0), currents less centre in half widths at half maximum, and bits of each
#: run. Farther out the short dwell times cost hundreds of clock edges a cycle.
READ, READ_SHORT = (tuple(range(9)), (-0.5, 0.0, 0.5), 400), ((1, 5), (0.0,), 60)
#: Part of the switches that the comparator's clock misses; corrected for.
MISSED = 0.3


def run(request: Request) -> Reproduction:
    """Count all tuning curves; arguments and errors as :func:`spinspice.reproduce.run`."""
    points, cycles = SHORT if request.short else FULL
    population = published(*FULL_RANGE)
    currents = np.linspace(*FULL_RANGE, points)
    solver = get_engine(request.engine, request.model)
    if solver.model == "b-source":
        raise UsageError(
            "mizrahi-fig2a counts switches in SPICE, and the B-source junction misses pairs of them within one step "
            "(docs/theory.md, 4.4). Run it with model='verilog-a'; `spinspice doctor` says what is missing."
        )
    junctions, places, bits = READ_SHORT if request.short else READ
    read = {
        index: tuning_curve(
            ReadOut(population.device(index)),
            _offsets(population, index, places),
            bits=bits,
            missed=MISSED,
            seed=instance_seed(request.seed, f"comparator/{index}"),
            engine=solver,
            workers=request.workers,
            progress=request.progress,
        )
        for index in junctions
    }
    responses, errors = counted_responses(population, currents, cycles, request.seed)
    return Reproduction(
        name="mizrahi-fig2a",
        title=TITLE,
        source=SOURCE,
        rows=(
            *_peak_rows(population, 4 * cycles, request.seed),
            *_law_rows(population, currents, responses, errors),
            *_read_rows(population, places, read),
        ),
        panels=(_panel(population, currents, responses, errors), _read_panel(population, places, read)),
        remarks=(
            "The shifts are unpublished: here the curves are tiled, each as wide as its full width at half maximum.",
            f"Each junction is watched for {cycles} full cycles of its own peak rate, from 14 ms to 4 min.",
            f"SPICE: {bits} bits a current from comparators, {MISSED:.0%} of the switches missed and corrected for.",
        ),
        provenance={"seed": request.seed, "cycles": cycles, "bits": bits, "centres": population.centres.tolist()},
    )


def _offsets(population: Population, index: int, places: Sequence[float]) -> list[float]:
    """Return currents less centre [A] from places in half widths at half maximum."""
    return [0.5 * place * float(population.widths[index]) for place in places]


def natural_rate(
    population: Population, index: int, places: Sequence[float], counted: Sequence[CountedRates]
) -> tuple[float, float]:
    """Return r0 [1/s] and its standard error from counts beside the peak too, each referred to it by eq. 1.

    The plain mean: with weights from the counts themselves low ones would weigh more, and the mean come out low.
    """
    offsets = np.array(_offsets(population, index, places))
    peak = np.cosh(population.device(index).barrier * offsets / population.critical[index])
    error = np.sqrt(np.sum((peak * [c.rate_stderr for c in counted]) ** 2)) / len(counted)
    return float(np.mean(peak * [c.rate for c in counted])), float(error)


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


def _read_rows(population: Population, places: Sequence[float], read: dict[int, list[CountedRates]]) -> tuple[Row, ...]:
    rows = []
    for index, counted in read.items():
        rate, error = natural_rate(population, index, places, counted)
        rows.append(
            Row(
                quantity=f"r0 of junction {index + 1}, SPICE, through the comparator",
                unit="Hz",
                paper=float(population.natural_rates[index]),
                here=rate,
                stderr=error,
                source="(phi0 / 2) exp(-Delta), barriers of the Methods, 'Analytical fits'",
            )
        )
    return tuple(rows)


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


def _read_panel(population: Population, places: Sequence[float], read: dict[int, list[CountedRates]]) -> Panel:
    """Counts through the comparator over the natural rate, with the curves of the junctions that were read."""
    fine = np.linspace(*FULL_RANGE, 601)
    law = population.rates(fine) / population.natural_rates
    curves = [Curve(x=fine * 1e6, y=law[:, index], color=index) for index in read]
    for index, counted in read.items():
        at = population.centres[index] + _offsets(population, index, places)
        rates = np.array([[c.rate, c.rate_stderr] for c in counted]) / population.natural_rates[index]
        curves.append(Curve(x=at * 1e6, y=rates[:, 0], yerr=rates[:, 1], kind="points", color=index))
    return Panel(
        title="SPICE, through the comparator (points)",
        xlabel="current [µA]",
        ylabel="rate over natural rate",
        curves=tuple(curves),
    )
