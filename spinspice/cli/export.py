"""``spinspice export``: a cell as a folder that a simulator runs by itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

import spinspice
from spinspice.cli.options import CMOS, FORCE, MISMATCH, PARAM, SEED, TRUST, check_folder_output, volts

#: The modules of spinspice.export.dialects, found without loading them.
_FOLDER = Path(spinspice.__file__).parent / "export" / "dialects"
_NAMES = " or ".join(", ".join(sorted(path.stem for path in _FOLDER.glob("[!_]*.py"))).rsplit(", ", 1))


@click.command()
@click.argument("cell", metavar="CELL")
@click.option(
    "--dialect",
    metavar="D",
    default="ngspice",
    show_default=True,
    help=f"{_NAMES}.",
)
@click.option("--out", metavar="DIR", required=True, type=click.Path(path_type=Path), help="Folder to write.")
@click.option("--preset", metavar="P", help="Junction. Default: the one that characterize takes for this cell.")
@CMOS
@MISMATCH
@click.option("--vdd", metavar="V", help="Supply. Default: the preset's.")
@click.option("--vin", metavar="V", help="Constant input. Default: the middle of the supply.")
@click.option(
    "--stimulus",
    metavar="W",
    help="Input over time: pulse:high=1,rise=10p,fall=10p,width=2n, ramp:start=0,end=1,duration=20n, or a CSV file.",
)
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
    stimulus: str | None,
    duration: str,
    seed: int,
    trust: bool,
    parameters: dict[str, str],
) -> None:
    """Write CELL with its models to a folder that needs no Python: the same waveform for the same seed."""
    from spinspice.export import export_cell
    from spinspice.units import parse_number

    if vin is not None and stimulus is not None:
        raise click.UsageError("--vin and --stimulus exclude each other.")
    check_folder_output(out, ["README.md"])
    written = export_cell(
        cell,
        preset,
        cmos,
        dialect=dialect,
        out=out,
        seed=seed,
        vin=vin if stimulus is None else _waveform(stimulus),
        duration=parse_number(duration, "duration"),
        vdd=volts(vdd, "vdd"),
        mismatch=mismatch,
        trust=trust,
        parameters=parameters,
    )
    click.echo(written.summary())


def _waveform(text: str) -> Any:
    """Return the waveform that an option describes: KIND:KEY=VALUE,... or the path of a table of times and levels."""
    from spinspice.errors import UsageError
    from spinspice.stimuli import KINDS, Measured, from_table

    kind, colon, rest = text.partition(":")
    if kind not in KINDS or not colon:
        if Path(text).suffix.lower() in (".csv", ".txt", ".tsv", ".dat"):
            return Measured.from_csv(text, shift=True)
        raise UsageError(
            f"--stimulus {text!r} is neither a file (.csv, .txt) nor one of {', '.join(KINDS)} with its values: "
            "pulse:high=1,rise=10p,fall=10p,width=2n."
        )
    pairs = [word.partition("=") for word in rest.split(",") if word.strip()]
    return from_table({"kind": kind, **{key.strip(): value.strip() for key, _, value in pairs}}, "--stimulus")
