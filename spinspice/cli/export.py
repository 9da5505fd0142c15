"""``spinspice export``: a cell as a folder that a simulator runs by itself."""

from __future__ import annotations

from pathlib import Path

import click

from spinspice.cli.options import CMOS, FORCE, MISMATCH, PARAM, SEED, TRUST, check_folder_output, volts


@click.command()
@click.argument("cell", metavar="CELL")
@click.option(
    "--dialect",
    metavar="D",
    default="ngspice",
    show_default=True,
    help="ngspice, vacask, hspice, spectre, xyce or ltspice.",
)
@click.option("--out", metavar="DIR", required=True, type=click.Path(path_type=Path), help="Folder to write.")
@click.option("--preset", metavar="P", help="Junction. Default: the one that characterize takes for this cell.")
@CMOS
@MISMATCH
@click.option("--vdd", metavar="V", help="Supply. Default: the preset's.")
@click.option("--vin", metavar="V", help="Constant input. Default: the middle of the supply.")
@click.option("--duration", metavar="T", default="20n", show_default=True, help="Length of the run.")
@SEED
@TRUST
@PARAM
@FORCE
def export(
    cell: str,
    dialect: str,
    out: Path,
    preset: str | None,
    cmos: str | None,
    mismatch: int | None,
    vdd: str | None,
    vin: str | None,
    duration: str,
    seed: int,
    trust: bool,
    parameters: dict[str, str],
) -> None:
    """Write CELL with its models to a folder that needs no Python: the same waveform for the same seed."""
    from spinspice.export import export_cell
    from spinspice.units import parse_number

    check_folder_output(out, ["README.md"])
    written = export_cell(
        cell,
        preset,
        cmos,
        dialect=dialect,
        out=out,
        seed=seed,
        vin=vin,
        duration=parse_number(duration, "duration"),
        vdd=volts(vdd, "vdd"),
        mismatch=mismatch,
        trust=trust,
        parameters=parameters,
    )
    click.echo(written.summary())
