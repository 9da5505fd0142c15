"""``spinspice network``: a user's network of p-bits, run as a circuit or written for a simulator."""

from __future__ import annotations

from pathlib import Path

import click

from spinspice.cli.options import ENGINE_OPTIONS, WORKERS
from spinspice.cli.progress import Progress


def _engine_options(function):
    for option in reversed(ENGINE_OPTIONS):
        function = option(function)
    return function


@click.command()
@click.argument("file", metavar="FILE.toml", type=click.Path(path_type=Path))
@click.option("--seed", metavar="N", type=int, help="Seed of all noise. Default: that of the file, else 1.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--plot", metavar="PNG", type=click.Path(path_type=Path), help="Histogram beside the laws.")
@click.option("--export", "dialect", metavar="D", help="Write the netlist in this dialect, and run nothing.")
@click.option("--out", metavar="DIR", type=click.Path(path_type=Path), help="Folder for --export.")
@WORKERS
@_engine_options
def network(
    file: Path,
    seed: int | None,
    as_json: bool,
    plot: Path | None,
    dialect: str | None,
    out: Path | None,
    workers: int | None,
    engine: str,
    model: str | None,
) -> None:
    """Run a network of p-bits: what it samples, how fast, at what energy.

    FILE.toml names a gate, a graph or a number to factorise, and how the p-bits are updated (docs/pbits.md). The
    histogram of the circuit stands beside Boltzmann's law, the law with memory and the extracted p-bit, each total
    variation beside what sampling alone gives.
    """
    from spinspice.errors import UsageError
    from spinspice.studies import run
    from spinspice.studies.pbit_file import read_network

    arguments = read_network(file)
    if seed is not None:
        arguments["seed"] = seed
    if (dialect is None) != (out is None):
        raise UsageError("--export D and --out DIR belong together. Give both.")
    if dialect is not None and out is not None:
        from spinspice.export.network import export_network

        click.echo(export_network(arguments, dialect=dialect, out=out).summary())
        return
    if plot is not None:
        from spinspice.cli.options import check_output

        check_output(plot)
    with Progress(file.name) as progress:
        result = run("pbits", engine=engine, model=model, workers=workers, progress=progress, **arguments)
    import json

    click.echo(json.dumps(result.to_dict(), default=float) if as_json else result.summary())
    if plot is not None:
        from spinspice.plotting import plot_panels
        from spinspice.studies.pbit_panels import histogram_panel

        plot_panels([histogram_panel(result)], file.name, plot)
