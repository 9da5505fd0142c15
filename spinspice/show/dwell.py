"""Stays of a junction in tables and pictures."""

from __future__ import annotations

import numpy as np

from spinspice.panels import Curve, Panel, Table
from spinspice.studies.dwell import DwellResult
from spinspice.units import DETERMINISTIC, with_error


def tables(result: DwellResult) -> tuple[Table, ...]:
    rows = tuple(
        (
            name,
            str(stays.size),
            with_error(stays.mean(), stays.std(ddof=1) / np.sqrt(stays.size), "s"),
            with_error(mean, DETERMINISTIC, "s"),
            f"{p:.3f}",
        )
        for name, stays, mean, p in zip(("P", "AP"), result.stays, result.exact, result.p_values, strict=True)
    )
    return (Table("Stays", ("state", "stays", "mean", "by the law", "p of an exponential"), rows),)


def panels(result: DwellResult) -> tuple[Panel, ...]:
    curves = []
    for k, (name, stays, mean) in enumerate(zip(("P", "AP"), result.stays, result.exact, strict=True)):
        edges = np.linspace(0.0, 5.0 * mean, 16)
        counts, _ = np.histogram(stays, edges)
        centres = 0.5 * (edges[1:] + edges[:-1])
        law = stays.size * -np.diff(np.exp(-edges / mean))
        curves.append(Curve(x=1e9 * centres, y=counts, yerr=np.sqrt(np.maximum(law, 1.0)), kind="points", label=name,
                            color=k))  # fmt: skip
        curves.append(Curve(x=1e9 * centres, y=law, color=k))
    rate = float((1.0 / result.exact).sum())
    frequencies = np.geomspace(0.01 * rate, 3.0 * rate, 400)
    density = result.spectrum(frequencies).reshape(20, 20).mean(axis=1)
    middle = frequencies.reshape(20, 20).mean(axis=1)
    return (
        Panel(title="Stays", xlabel="stay [ns]", ylabel="count", curves=tuple(curves)),
        Panel(
            title="Spectrum of the state", xlabel="frequency [MHz]", ylabel="density [1/MHz]", xscale="log",
            yscale="log",
            curves=(
                Curve(x=1e-6 * middle, y=1e6 * density, kind="points", label="one run, averaged"),
                Curve(x=1e-6 * frequencies, y=1e6 * result.lorentzian(frequencies), label="Lorentzian of both rates",
                      color=1),
            ),
        ),
    )  # fmt: skip
