"""Readouts with mismatch in a table and a picture."""

from __future__ import annotations

import numpy as np

from spinspice.analysis.statistics import wrong_of
from spinspice.panels import Curve, Panel, Table
from spinspice.studies.readout_yield import ReadOutYield
from spinspice.units import DETERMINISTIC, with_error


def tables(result: ReadOutYield) -> tuple[Table, ...]:
    count = len(result.codes)
    rows = (
        (f"instances of {count} without a wrong bit", *(f"{y.passed} ({y.fraction:.0%})" for y in result.reads)),
        ("95 % confidence (Wilson)", *(f"{y.low:.0%} to {y.high:.0%}" for y in result.reads)),
        (
            "wrong among the settled bits",
            *(wrong_of(sum(w), n) for w, n in zip(result.wrong, result.settled, strict=True)),
        ),
        ("energy per read", *(with_error(value, DETERMINISTIC, "J") for value in result.energy)),
        ("channels of the input pairs", *(f"{value * 1e12:.3g} um2" for value in result.area)),
        *(
            (f"escape out of {state} changed by reading", *(f"{part[k]:+.1%}" for part in result.disturb))
            for k, state in enumerate(("P", "AP"))
        ),
    )
    return (Table("Read-outs of unequal transistors", ("", "without trim", "with trim"), rows),)


def panels(result: ReadOutYield) -> tuple[Panel, ...]:
    order = np.argsort(result.codes, kind="stable")
    x = np.arange(len(order))
    low, high, codes = (np.asarray(values)[order] for values in (result.low, result.high, result.codes))
    curves = (
        Curve(x=x, y=low - 0.5, y_high=high - 0.5, kind="band", label="both states read right", color=2),
        Curve(x=x, y=codes, kind="points", label="code taken", color=0),
        Curve(x=x[[0, -1]], y=[0.0, 0.0], kind="dashed", label="without trim", color=6),
    )
    return (Panel(title="Trim", xlabel="instance, sorted", ylabel="trim code", curves=curves),)
