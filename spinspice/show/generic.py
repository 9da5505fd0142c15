"""The numbers of any study in a table, where it has no module of its own here."""

from __future__ import annotations

import math

from spinspice.panels import Curve, Panel, Table
from spinspice.studies.base import Study, get_study
from spinspice.studies.result import StudyResult
from spinspice.units import DETERMINISTIC, with_error


def tables(result: StudyResult) -> tuple[Table, ...]:
    """Return the quantities of the study, each with its standard error."""
    study = _study(result)
    rows = []
    for name, (value, stderr) in study.numbers(result).items():
        error = DETERMINISTIC if name in study.exact else stderr
        text = f"{value:.4g}" if name in study.counts else with_error(value, error, study.quantities[name])
        rows.append((name.replace("_", " "), text))
    return (Table("Numbers", ("quantity", "value"), tuple(rows)),)


def panels(result: StudyResult) -> tuple[Panel, ...]:
    """Return each curve of the result over the numbers of its points; without curves, its quantities."""
    made = []
    for name, (dimension, values, unit) in result.arrays().items():
        curve = Curve(x=list(range(len(values))), y=values, kind="points")
        made.append(Panel(title=name, xlabel=dimension, ylabel=f"{name} [{unit}]", curves=(curve,)))
    return tuple(made) or _quantities(result)


def _quantities(result: StudyResult) -> tuple[Panel, ...]:
    """Return a picture of each quantity that is known, with its standard error where that is."""
    study, made = _study(result), []
    for name, (value, stderr) in study.numbers(result).items():
        if name in study.quantities and value is not None and math.isfinite(value):
            error = stderr if stderr is not None and math.isfinite(stderr) else 0.0
            point = Curve(x=[0.0], y=[value], yerr=[error], kind="points")
            ylabel = f"{name} [{study.quantities[name]}]"
            made.append(Panel(title=name, xlabel="", ylabel=ylabel, ticks=(result.cell,), curves=(point,)))
    return tuple(made)


def _study(result: StudyResult) -> Study:
    """Return the study that a result is of."""
    return get_study(result.provenance["call"]["name"] if "call" in result.provenance else result.cell)
