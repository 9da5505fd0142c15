"""The numbers of any study in a table, where it has no module of its own here."""

from __future__ import annotations

from spinspice.panels import Curve, Panel, Table
from spinspice.studies.base import get_study
from spinspice.studies.result import StudyResult
from spinspice.units import DETERMINISTIC, with_error


def tables(result: StudyResult) -> tuple[Table, ...]:
    """Return the quantities of the study, each with its standard error."""
    study = get_study(result.provenance["call"]["name"] if "call" in result.provenance else result.cell)
    rows = tuple(
        (
            name.replace("_", " "),
            with_error(value, DETERMINISTIC if name in study.exact else error, study.quantities[name]),
        )
        for name, (value, error) in study.numbers(result).items()
    )
    return (Table("Numbers", ("quantity", "value"), rows),)


def panels(result: StudyResult) -> tuple[Panel, ...]:
    """Return each curve of the result over the numbers of its points."""
    made = []
    for name, (dimension, values, unit) in result.arrays().items():
        curve = Curve(x=list(range(len(values))), y=values, kind="points")
        made.append(Panel(title=name, xlabel=dimension, ylabel=f"{name} [{unit}]", curves=(curve,)))
    return tuple(made)
