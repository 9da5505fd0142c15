"""``spinspice energy system``: energy and area of a whole population-coding system."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from spinspice.cli.options import emit
from spinspice.cli.studies import given_options

if TYPE_CHECKING:
    from spinspice.papers.mizrahi2018.full_system import FullSystem

#: Options that the system takes, and those of them that cells do not.
OPTIONS = {"cell", "inputs", "outputs", "technology", "unscaled", "as_json"}
OWN = {"inputs", "outputs", "unscaled"}


def check_system_options(context: click.Context) -> bool:
    """Return whether the command is about the system, after refusing options that do not apply.

    Raises
    ------
    UsageError
        Naming the option.
    """
    from spinspice.errors import UsageError

    system = context.params["cell"] == "system"
    given = given_options(context)
    wrong = sorted(given - OPTIONS if system else given & OWN)
    if wrong:
        names = {parameter.name: parameter.opts[0] for parameter in context.command.params}
        takes = (
            "which takes --inputs, --outputs, --technology, --unscaled and --json"
            if system
            else "only to `energy system`"
        )
        raise UsageError(f"{names[wrong[0]]} does not apply to {context.params['cell']}, {takes}.")
    return system


def run_system(inputs: int, outputs: int, technology: str | None, unscaled: bool, as_json: bool) -> None:
    """Print the tables of a system."""
    from spinspice.papers.mizrahi2018.full_system import full_system

    system = full_system(inputs, outputs, technology or "generic", to_scale=not unscaled)
    if as_json:
        emit(system.to_dict())
    else:
        show_system(system)


def show_system(system: FullSystem) -> None:
    """Print energy by phase and technology, area, gates, and where each number is from."""
    from spinspice.cli.tables import show
    from spinspice.papers.mizrahi2018.full_system import scaling
    from spinspice.papers.mizrahi2018.full_system.contributions import PHASES, TECHNOLOGY
    from spinspice.units import engineering, with_error

    where = f"CMOS scaled to {engineering(scaling.NODE, 'm')}, {scaling.VDD:g} V" if system.to_scale else "as measured"
    title = f"{system.inputs} x {system.outputs} system, readout and memory on {system.technology}, {where}"
    rows = []
    for phase in (*PHASES, None):
        cells = [
            with_error(system.energy(phase, name), system.stderr(phase, name), "J") for name in (*TECHNOLOGY, None)
        ]
        rows.append((phase or "all", *cells))
    cells = [
        with_error(
            system.energy(technology=name, learning=False), system.stderr(technology=name, learning=False), "J"
        ) for name in (*TECHNOLOGY, None)
    ]  # fmt: skip
    rows.append(("without learning", *cells))
    show(f"{title}\nEnergy of an operation", ("phase", *TECHNOLOGY, "all"), rows)
    areas = [(f"{a.technology}: {a.part}", f"{a.area * 1e12:.5g}") for a in system.areas()]
    show("Area", ("part", "um^2"), [*areas, ("all", f"{system.area() * 1e12:.5g}")])
    counts = sorted(system.digital.cells.items(), key=lambda item: -item[1])
    show(f"Cells of the digital part ({system.digital.library})", ("cell", "number"), [(n, f"{k}") for n, k in counts])
    click.echo("Where the energies are from:")
    for c in system.contributions():
        click.echo(f"  {c.phase}, {c.technology}, {c.part}: {engineering(c.energy, 'J')} = {c.source}")
