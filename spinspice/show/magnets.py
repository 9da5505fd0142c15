"""Dipole-coupled magnets in tables and pictures."""

from __future__ import annotations

import numpy as np

from spinspice.panels import Curve, Panel, Table
from spinspice.studies.magnets import MagnetsResult
from spinspice.units import DETERMINISTIC, with_error


def tables(result: MagnetsResult) -> tuple[Table, ...]:
    rows = []
    for name, (value, error, law) in (
        ("correlation of neighbours", result.neighbour),
        ("part of the time in a ground state", result.ground),
    ):
        rows.append((name, with_error(value, error, prefix=False), with_error(law, DETERMINISTIC, prefix=False)))
    return (Table("Dipole-coupled magnets", ("quantity", "circuit", "Boltzmann"), tuple(rows)),)


def panels(result: MagnetsResult) -> tuple[Panel, ...]:
    x = np.arange(len(result.states))
    error = result.seen.std(axis=0, ddof=1) / np.sqrt(len(result.seen))
    named = len(result.states) <= 16
    return (
        Panel(
            title=f"States of the {result.settings['shape']}",
            xlabel="state" if named else "number of the state",
            ylabel="part of the time",
            curves=(
                Curve(x=x - 0.15, y=result.law, kind="points", label="Boltzmann", color=1),
                Curve(x=x + 0.15, y=result.seen.mean(axis=0), yerr=error, kind="points", label="circuit"),
            ),
            ticks=result.states if named else (),
        ),
    )
