"""Write errors in a table and a picture."""

from __future__ import annotations

import math

import numpy as np

from spinspice.analysis.statistics import wrong_of
from spinspice.panels import Curve, Panel, Table
from spinspice.studies.write_errors import WriteErrorStudy
from spinspice.units import engineering, with_error


def tables(result: WriteErrorStudy) -> tuple[Table, ...]:
    """Return the errors at each pulse width, and the current of the column."""
    e, path = result.errors, result.path
    rows = tuple(
        (engineering(width, "s"), wrong_of(round(error * e.samples), e.samples), f"{theory:.3g}")
        for width, error, theory in zip(e.width, e.error, e.theory, strict=True)
    )
    numbers = (
        ("current over the critical one, before the switch", with_error(path.start, math.nan, "")),
        ("after it", with_error(path.end, math.nan, "")),
        ("above critical all the way", "yes" if path.sufficient else "no"),
    )
    return (
        Table("Numbers", ("quantity", "value"), numbers),
        Table("Write errors", ("pulse", "not switched", "Fokker-Planck"), rows),
    )


def panels(result: WriteErrorStudy) -> tuple[Panel, ...]:
    """Return the errors over the pulse width."""
    e, width = result.errors, 1e9 * np.asarray(result.errors.width)
    curves = (
        Curve(x=width, y=e.theory, label="Fokker-Planck", color=6),
        Curve(x=width, y=e.error, yerr=e.stderr, kind="points", label=f"{e.samples} bits"),
    )
    return (Panel(title="Write errors", xlabel="pulse [ns]", ylabel="not switched [1]", curves=curves),)
