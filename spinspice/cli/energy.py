"""``spinspice energy``: where the energy of a cell goes."""

from __future__ import annotations

from typing import Any

import click

from spinspice.cli.characterize import complain, deliver
from spinspice.cli.options import Whole
from spinspice.cli.studies import StudyCommand, run_study, running


class _Energy(StudyCommand):
    """One study, whatever its cell is."""

    def study_of(self, arguments: Any) -> tuple[Any, str]:
        from spinspice.studies import get_study

        name = super().study_of(arguments)[1]
        return (type(get_study("energy")), name) if name else (None, "")


@click.command(cls=_Energy)
@click.argument("cell", metavar="CELL")
@click.option("--inputs", metavar="N", type=Whole(), default=128, show_default=True, help="system: junctions.")
@click.option("--outputs", metavar="M", type=Whole(), default=128, show_default=True, help="system: outputs.")
@click.option("--unscaled", is_flag=True, help="system: as measured, in place of CMOS scaled to 28 nm.")
@running
@click.pass_context
def energy(
    context: click.Context, cell: str, inputs: int, outputs: int, unscaled: bool, as_json: bool, **_: Any
) -> int:
    """Audit the energy of CELL at one input: delivered by every source, dissipated in every element, stored.

    The power is split by block and into static and switching; the energy of a decision is the total power times the
    correlation time of the output.

    CELL may be `system`: energy and area of a population-coding system of --inputs junctions and --outputs outputs by
    phase and technology (Mizrahi 2018, Fig. 5), from measured figures.
    """
    from spinspice.cli.system import check_system_options, run_system

    if check_system_options(context):
        run_system(inputs, outputs, context.params.get("technology"), unscaled, as_json)
        return 0
    result = run_study(context, cell, None)
    complain(result)
    deliver(result, as_json)
    return 0
