"""Loops of junctions in tables and pictures."""

from __future__ import annotations

import numpy as np

from spinspice.panels import Curve, Panel, Table
from spinspice.studies.loop import LoopResult
from spinspice.units import DETERMINISTIC, with_error


def tables(result: LoopResult) -> tuple[Table, ...]:
    unit = "T" if result.settings["swept"] == "field" else "V"
    rows = []
    for name, to_AP in (("half have switched to AP", True), ("half have switched back to P", False)):
        here, law = (result.threshold(curve, to_AP) for curve in (result.parallel, result.law))
        # the law's slope turns the scatter of a share of one half into that of the threshold
        slope = np.abs(np.gradient(result.law, result.value))
        at = int(np.argmin(np.abs(result.value - law) + 1e9 * (np.abs(result.law - 0.5) > 0.45)))
        error = 0.5 / np.sqrt(result.samples) / slope[at] if slope[at] > 0.0 else np.nan
        rows.append((name, with_error(here, error, unit), with_error(law, DETERMINISTIC, unit)))
    told = np.abs(result.deviations)
    worst = f"{np.nanmax(told):.2f}" if np.isfinite(told).any() else "unknown"
    rows.append(("largest deviation of the share in P, standard errors", worst, ""))
    return (Table(f"{result.samples} junctions in a loop of {result.settings['swept']}", ("where", "circuit", "law"),
                  tuple(rows)),)  # fmt: skip


def panels(result: LoopResult) -> tuple[Panel, ...]:
    field = result.settings["swept"] == "field"
    x, label = (1e3 * result.value, f"{'field [mT]' if field else 'voltage [mV]'}")
    told = np.isfinite(result.resistance)
    return (
        Panel(title="Resistance", xlabel=label, ylabel="resistance [kOhm]",
              curves=(Curve(x=x[told], y=1e-3 * result.resistance[told], label="mean of the junctions"),)),
        Panel(title="Share of junctions in P", xlabel=label, ylabel="share [1]",
              curves=(Curve(x=x, y=result.parallel, kind="points", label="circuit"),
                      Curve(x=x, y=result.law, label="exact", color=1))),
    )  # fmt: skip
