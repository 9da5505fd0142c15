"""A map of switching probabilities in tables and pictures."""

from __future__ import annotations

import numpy as np

from spinspice.benches.pulses import DIRECTIONS
from spinspice.panels import Curve, Panel, Table
from spinspice.studies.switching import SwitchingResult
from spinspice.units import engineering, with_error


def tables(result: SwitchingResult) -> tuple[Table, ...]:
    rows = []
    lines = [result.critical_line(d) for d in (0, 1)]
    for k, volts in enumerate(result.amplitudes):
        cells = []
        for d in (0, 1):
            p, error = result.probability[d, k, -1], result.stderr[d, k, -1]
            half = lines[d][k]
            cells += [with_error(p, error), engineering(half, "s", 3) if np.isfinite(half) else "outside"]
        rows.append((engineering(float(volts), "V", 3), *cells))
    head = ("amplitude", *(f"{what} {name}" for name in DIRECTIONS for what in ("longest pulse", "half switch")))
    title = f"Switched of {result.samples} junctions, and width that switches half by the law"
    return (Table(title, head, tuple(rows)),)


def panels(result: SwitchingResult) -> tuple[Panel, ...]:
    made = []
    for d, name in enumerate(DIRECTIONS):
        curves = []
        for k, volts in enumerate(result.amplitudes):
            label = engineering(float(volts), "V", 3)
            curves.append(Curve(x=1e9 * result.widths, y=result.probability[d, k], yerr=result.stderr[d, k],
                                kind="points", label=label, color=k))  # fmt: skip
            curves.append(Curve(x=1e9 * result.widths, y=result.theory[d, k], color=k))
        made.append(Panel(title=f"Switching {name}: samples and law", xlabel="pulse width [ns]",
                          ylabel="probability [1]", curves=tuple(curves)))  # fmt: skip
    return tuple(made)
