"""``spinspice energy``: where the energy of a cell goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from spinspice.cli.options import JSON, SEED, emit, selection, volts

if TYPE_CHECKING:
    from spinspice.energy import CellEnergy


@click.command()
@selection
@click.option("--vin", metavar="V", help="Input. Default: the middle of the supply.")
@click.option("--duration", metavar="T", help="Length of the run. Default: that of characterize.")
@click.option("--inputs", metavar="N", type=int, default=128, show_default=True, help="system: junctions.")
@click.option("--outputs", metavar="M", type=int, default=128, show_default=True, help="system: outputs.")
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
    trust: bool,
    parameters: dict[str, str],
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
    from spinspice.characterize.settings import make_settings
    from spinspice.characterize.study import to_plain
    from spinspice.energy import audit_cell
    from spinspice.units import parse_number

    settings = make_settings(
        cell,
        preset,
        cmos=cmos,
        mismatch=mismatch,
        vdd=volts(vdd, "vdd"),
        vin="auto",
        duration=duration,
        trials=1,
        seed=seed,
        trust=trust,
        parameters=parameters,
    )
    account = audit_cell(
        settings.cell,
        vin=settings.cell.middle if vin is None else parse_number(vin, "vin"),
        duration=settings.duration,
        seed=settings.seed,
        warm_up=settings.warm_up,
        engine=engine,
        model=model,
    )
    for note in (*settings.cell.notes, *account.notes):
        click.echo(f"Note: {note}", err=True)
    identity = {"cell": settings.cell.kind, "preset": settings.preset, "engine": account.provenance.get("engine")}
    if as_json:
        emit(to_plain({**identity, "seed": seed, **account.to_dict()}))
    else:
        click.echo(f"{settings.cell.kind.upper()}, junction {settings.preset}, Vin = {account.vin:g} V, seed {seed}")
        show_account(account)


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
