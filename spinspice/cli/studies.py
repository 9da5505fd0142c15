"""``spinspice characterize comparator`` and ``readout``: which options each study takes, and its output."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from spinspice.cli.options import check_output, emit, volts
from spinspice.cli.progress import Progress

if TYPE_CHECKING:
    from spinspice.characterize.study import StudyResult

#: Options of ``characterize`` that only some cells take; the rest apply to all.
_PLACE = {"cell", "cmos", "vdd", "engine", "model", "seed", "workers", "out", "plot", "as_json", "trials"}


@dataclasses.dataclass(frozen=True)
class Study:
    """A study: where its function is, and the options that it takes beside those of all."""

    module: str
    function: str
    options: frozenset[str]

    def run(self, **options: Any) -> StudyResult:
        """Run it."""
        import importlib

        result: StudyResult = getattr(importlib.import_module(self.module), self.function)(**options)
        return result


#: Studies by the name of the cell; every other cell is a neuron cell.
STUDIES = {
    "comparator": Study("spinspice.characterize.comparator", "study_comparator", frozenset({"topology"})),
    "readout": Study(
        "spinspice.characterize.readout",
        "study_readout",
        frozenset({"preset", "topology", "R_ref", "margin", "clock", "bits", "stim"}),
    ),
}
#: Options that neuron cells take beside those of all.
NEURON_OPTIONS = frozenset({"preset", "vin", "duration", "report"})
#: Options that only studies take.
STUDY_OPTIONS = frozenset().union(*(study.options for study in STUDIES.values())) - NEURON_OPTIONS


def given_options(context: click.Context) -> set[str]:
    """Return the names of the options that the user gave."""
    source = click.core.ParameterSource.DEFAULT
    return {name for name in context.params if context.get_parameter_source(name) not in (source, None)}


def check_options(context: click.Context, cell: str, allowed: frozenset[str]) -> None:
    """Refuse options that do not apply to a cell.

    Raises
    ------
    UsageError
        Naming the option, the cell, and what the cell takes.
    """
    from spinspice.errors import UsageError

    names = {parameter.name: parameter.opts[0] for parameter in context.command.params}
    for name in sorted(given_options(context) - _PLACE - allowed):
        takes = ", ".join(sorted(names[option] for option in allowed))
        raise UsageError(f"{names[name]} does not apply to {cell}, which takes {takes} and the options of all cells.")


def run_study(context: click.Context, cell: str) -> int:
    """Run a study with the options that were given, print it and write its files."""
    from spinspice.plotting import SUFFIXES, plot_panels
    from spinspice.units import parse_number

    study, values = STUDIES[cell], context.params
    check_options(context, cell, study.options)
    check_output(values["out"])
    check_output(values["plot"], suffixes=SUFFIXES)
    given = given_options(context)
    options = {name: values[name] for name in ("engine", "model", "seed", "workers")}
    options |= {name: values[name] for name in (study.options | {"trials", "cmos"}) & given}
    for name in ("R_ref", "margin", "clock", "stim"):
        if name in options:
            options[name] = parse_number(options[name], name)
    with Progress(cell) as progress:
        result = study.run(vdd=volts(values["vdd"], "vdd"), progress=progress, **options)
    if values["as_json"]:
        emit(result.to_dict())
    else:
        show_tables(result)
    writers: Mapping[str, Callable[[Path], Any]] = {
        "out": result.save,
        "plot": lambda path: plot_panels(result.panels(), result.title, path),
    }
    for name, write in writers.items():
        if values[name] is not None:
            write(values[name])
            click.echo(f"wrote {values[name]}", err=True)
    for note in result.notes:
        click.echo(f"Note: {note}", err=True)
    for failure in result.failures:
        click.echo(failure, err=True)
    return 1 if result.failures else 0


def show_tables(result: StudyResult) -> None:
    """Print the tables of a study."""
    from spinspice.cli.tables import show

    title = f"{result.title}\n"
    for table in result.tables():
        show(f"{title}{table.title}", table.head, table.rows)
        title = ""
