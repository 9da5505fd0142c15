"""``spinspice demo``: the main job on published devices, with tables, files and a report."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Any

import click

from spinspice.cli.options import ENGINE_OPTIONS, FORCE, SEED, WORKERS, check_output
from spinspice.cli.progress import Progress

#: Cells and the junctions they were published with.
CELLS = (("bsn", "faria2021"), ("asn", "ganguly2018"))
#: Inputs, trials and length of a run: some 80 s of processor time (measured).
SIZE: dict[str, Any] = {"vin": "auto:17", "trials": 2, "duration": 50e-9}
SHORT: dict[str, Any] = {"vin": "auto:7", "trials": 1, "duration": 5e-9}


def _engine_options(function: Any) -> Any:
    for option in reversed(ENGINE_OPTIONS):
        function = option(function)
    return function


@click.command()
@click.option("--out", metavar="DIR", type=click.Path(path_type=Path), default="out", show_default=True)
@click.option("--short", is_flag=True, help="A few points and short runs: a check that everything works.")
@SEED
@WORKERS
@FORCE
@_engine_options
def demo(out: Path, short: bool, **options: Any) -> int:
    """Characterise the binary and the analog stochastic neuron on published junctions.

    Prints their tables and writes, under --out, a NetCDF file and a picture of each cell and one page with everything.
    """
    from spinspice.characterize import characterize
    from spinspice.cli.characterize import complain, deliver, store
    from spinspice.report import write_report

    report = out / "report.html"
    check_output(report, *(out / f"{cell}{suffix}" for cell, _ in CELLS for suffix in (".nc", ".png")))
    results = []
    for cell, preset in CELLS:
        with Progress(cell) as progress:
            result = characterize(cell, preset, progress=progress, **(SHORT if short else SIZE), **options)
        try:
            deliver(result, as_json=False)
        finally:  # a terminal or pipe that has gone must not cost the files
            store(result, out / f"{cell}.nc", out / f"{cell}.png", None)
        complain(result)
        results.append(result)
    write_report(results, report)
    click.echo(f"wrote {report}: open it in a browser", err=True)
    click.echo(how_to_go_on(), err=True, nl=False)
    return 1 if any(result.failures for result in results) else 0


def how_to_go_on() -> str:
    """Return how to get the command, where a shell does not find it yet: after ``make demo``; else nothing."""
    import shlex

    if shutil.which("spinspice") is not None:
        return ""
    folder = Path(sys.executable).parent
    return f"To go on: . {shlex.quote(str(folder / 'activate'))}; the command is then spinspice (--help says more).\n"
