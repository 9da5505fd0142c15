"""What ``spinspice characterize`` can study, and which options each study takes."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import click

from spinspice.cli.options import limit

if TYPE_CHECKING:
    from spinspice.studies.result import StudyResult

#: Options that every study takes, those that are numbers with a suffix, and what is no option of a study.
COMMON = frozenset({"cmos", "vdd", "engine", "model", "seed", "workers", "trials"})
NUMBERS = frozenset({"vdd", "R_ref", "margin", "clock", "stim"})
#: Options whose argument of the function has another name: the command itself has an argument cell.
ARGUMENTS = {"own": "cell"}
_PLACE = COMMON | {"cell", "out", "plot", "report", "as_json", "yes"}


@dataclasses.dataclass(frozen=True)
class Study:
    """A study: where its function is, and the options that it takes beside those of all."""

    module: str
    function: str
    options: frozenset[str]
    takes_cell: bool = False

    def run(self, name: str, **options: Any) -> StudyResult:
        """Run it; a study of neuron cells is told which."""
        import importlib

        cells = (name,) if self.takes_cell else ()
        result: StudyResult = getattr(importlib.import_module(self.module), self.function)(*cells, **options)
        return result


#: Studies by the name of the cell; every other cell is a neuron cell.
STUDIES = {
    "mram": Study("spinspice.studies.mram", "study_memory", frozenset({"preset"})),
    "comparator": Study(
        "spinspice.studies.comparator",
        "study_comparator",
        frozenset({"own", "topology", "noise", "clock", "trust"}),
    ),
    "readout": Study(
        "spinspice.studies.readout",
        "study_readout",
        frozenset({"own", "preset", "topology", "R_ref", "margin", "clock", "bits", "stim", "direct", "trust"}),
    ),
    "readout-yield": Study(
        "spinspice.studies.readout_yield",
        "study_yield",
        frozenset({"preset", "topology", "R_ref", "margin", "clock", "bits"}),
    ),
}
#: Study of every other cell, which is a neuron.
NEURON = Study(
    "spinspice.characterize",
    "characterize",
    frozenset({"preset", "vin", "duration", "mismatch", "temperature", "trust", "parameters"}),
    takes_cell=True,
)


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


def chosen_options(context: click.Context, study: Study) -> dict[str, Any]:
    """Return the options of the command line as arguments of a study: those given; the others have their defaults."""
    from spinspice.units import parse_number

    values, given = context.params, given_options(context)
    options = {name: values[name] for name in (study.options | COMMON) & given}
    numbers = {name: parse_number(options[name], name) for name in NUMBERS & options.keys()}
    named = {ARGUMENTS.get(name, name): value for name, value in {**options, **numbers}.items()}
    return {**named, "max_wall": limit(values["yes"])}
