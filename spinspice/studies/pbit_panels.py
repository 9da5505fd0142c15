"""Pictures of a network of p-bits: the histogram of its states beside the laws."""

from __future__ import annotations

import numpy as np

from spinspice.panels import Curve, Panel
from spinspice.studies.pbit_result import PBitResult

#: Most states that are shown, the likeliest first.
SHOWN = 12


def histogram_panel(result: PBitResult, title: str = "") -> Panel:
    """Return the frequencies of the likeliest states, with standard errors, beside Boltzmann, memory and extracted."""
    names = result.names
    n, law = len(names), result.boltzmann
    shown = np.sort(np.argsort(-law, kind="stable")[: min(SHOWN, law.size)])
    x = np.arange(shown.size, dtype=float)
    p = result.histogram.probabilities[shown]
    error = np.sqrt((p * (1 - p) + 1 / result.histogram.independent) / result.histogram.independent)
    curves = [Curve(x=x, y=p, yerr=error, label="circuit", kind="points", color=3)]
    laws = [("Boltzmann", law), ("memory", result.memory)]
    laws.append(("extracted p-bit", None if result.extracted is None else result.extracted.probabilities))
    for color, (label, values) in enumerate(laws):
        if values is not None:
            curves.append(
                Curve(x=x, y=values[shown], label=label, kind="line" if color == 0 else "dashed", color=color)
            )
    return Panel(
        title=title or f"{result.update}, I0 = {result.I0:g}",
        xlabel="state " + " ".join(names),
        ylabel="probability",
        curves=tuple(curves),
        ticks=tuple(format(int(row), f"0{n}b") for row in shown),
    )
