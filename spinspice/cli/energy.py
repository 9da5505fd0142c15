"""``spinspice energy``: where the energy of a cell goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from spinspice.cli.options import JSON, SEED, Whole, emit, limit, selection

if TYPE_CHECKING:
    from spinspice.energy import CellEnergy


@click.command()
@selection
@click.option("--vin", metavar="V", help="Input. Default: the middle of the supply.")
@click.option("--duration", metavar="T", help="Length of the run. Default: that of characterize.")
@click.option("--inputs", metavar="N", type=Whole(), default=128, show_default=True, help="system: junctions.")
@click.option("--outputs", metavar="M", type=Whole(), default=128, show_default=True, help="system: outputs.")
@click.option("--unscaled", is_flag=True, help="system: as measured, in place of CMOS scaled to 28 nm.")
@SEED
@JSON
@click.pass_context
def energy(
    context: click.Context,
    cell: str,
    preset: str | None,
    cmos: str | None,
    mismatch: int | None,
    vdd: str | None,
    engine: str,
    model: str | None,
    vin: str | None,
    duration: str | None,
    inputs: int,
    outputs: int,
    unscaled: bool,
    temperature: str | None,
    trust: bool,
    parameters: dict[str, str],
    yes: bool,
    seed: int,
    as_json: bool,
) -> None:
    """Audit the energy of CELL at one input: delivered by every source, dissipated in every element, stored.

    The power is split by block and into static and switching; the energy of a decision is the total power times the
    correlation time of the output.

    CELL may be `system`: energy and area of a population-coding system of --inputs junctions and --outputs outputs by
    phase and technology (Mizrahi 2018, Fig. 5), from measured figures.
    """
    from spinspice.cli.system import check_system_options, run_system

    if check_system_options(context):
        run_system(inputs, outputs, cmos, unscaled, as_json)
        return
    from spinspice.characterize.cell_energy import study_energy
    from spinspice.replay import shown

    study = study_energy(
        cell,
        preset,
        cmos=cmos,
        mismatch=mismatch,
        vdd=vdd,
        vin=vin,
        duration=duration,
        seed=seed,
        temperature=temperature,
        parameters=parameters,
        engine=engine,
        model=model,
        trust=trust,
        max_wall=limit(yes),
    )
    for note in study.notes:
        click.echo(f"Note: {note}", err=True)
    if as_json:
        emit(study.to_dict())
    else:
        click.echo(f"{study.cell.upper()}, junction {study.preset}, Vin = {study.account.vin:g} V, seed {seed}")
        show_account(study.account)
        click.echo(shown(study.provenance["call"]))


def show_account(account: CellEnergy) -> None:
    """Print power by block and by element, and the energy of a decision."""
    from spinspice.cli.tables import show, show_power
    from spinspice.units import with_error

    audit = account.audit
    errors = audit.errors
    show_power(audit.power, audit.closure, audit.to_dict())
    rows = [
        (f"{block}: {element}", with_error(joules / audit.duration, errors.elements[block, element], "W"))
        for (block, element), joules in audit.elements.items()
    ]
    rows += [
        (f"source {name}", with_error(-joules / audit.duration, errors.delivered[name], "W"))
        for name, joules in audit.delivered.items()
    ]
    show("Mean power by element (sources negative: they deliver)", ("element", "power"), rows)
    click.echo(f"independent samples of the junction: {account.independent:.0f}")
    if account.tau is not None:
        click.echo(f"autocorrelation time (FWHM): {with_error(account.tau.fwhm, account.tau.fwhm_stderr, 's')}")
        click.echo(f"energy per decision: {with_error(account.per_decision, account.per_decision_stderr, 'J')}")
