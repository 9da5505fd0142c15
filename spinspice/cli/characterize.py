"""``spinspice characterize``: transfer curve, noise, correlation time and energy of a cell."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from spinspice.cli.options import FORCE, JSON, SEED, WORKERS, Whole, check_output, emit, selection
from spinspice.cli.progress import Progress
from spinspice.cli.studies import NEURON, STUDIES, check_options, chosen_options

if TYPE_CHECKING:
    from spinspice.characterize.study import StudyResult


@click.command()
@selection
@click.option("--vin", metavar="auto:N|START:STOP:N|V,V,...", default="auto:17", show_default=True, help="Inputs [V].")
@click.option(
    "--duration", metavar="T", help="Length of a run. Default: 50n, or 300 mean stays of a telegraph junction."
)
@click.option("--trials", metavar="N", type=Whole(), default=4, show_default=True, help="Runs at each input.")
@SEED
@WORKERS
@click.option("--out", metavar="FILE.nc", type=click.Path(path_type=Path), help="Write everything as NetCDF.")
@click.option("--plot", metavar="FILE.png", type=click.Path(path_type=Path), help="Draw it (png, svg or pdf).")
@click.option("--report", metavar="FILE.html", type=click.Path(path_type=Path), help="Write one self-contained page.")
@click.option(
    "--topology", type=click.Choice(["strongarm", "double-tail"]), default="strongarm", help="Circuit of a comparator."
)
@click.option(
    "--cell", "own", metavar="FILE.toml", help="Comparator of your own, alone or in a read-out, in place of --topology."
)
@click.option(
    "--clock",
    metavar="T",
    help="Clock period of a read-out or comparator [s]. Default: misses a tenth of the switches; 20 ns.",
)
@click.option("--bits", metavar="N", type=Whole(), help="Bits of each run of a read-out. Default: 300.")
@click.option("--margin", metavar="V", help="Voltage between junction and reference in a read. Default: 4m.")
@click.option("--r-ref", "R_ref", metavar="R", help="Reference resistor. Default: the middle of R_P and R_AP.")
@click.option("--stim", metavar="X", help="Stimulus of a read-out [V, or A for a junction driven by current].")
@click.option("--noise", metavar="N", type=Whole(), help="Decisions of a comparator at each of 4 inputs, with noise.")
@click.option("--direct", is_flag=True, help="Read disturb from events too: same seeds with comparator and read off.")
@FORCE
@JSON
@click.pass_context
def characterize(
    context: click.Context, cell: str, out: Path | None, plot: Path | None, report: Path | None, as_json: bool, **_: Any
) -> int:
    """Characterise CELL on a junction.

    asn, bsn, or a cell file NAME.toml: transfer curve, fitted width V0, noise, autocorrelation, energy. comparator:
    offset over mismatch, noise, decision time, energy a decision. readout: bits, counted rates, read disturb, energy a
    read. readout-yield: how many read-outs of unequal transistors read their junction, without trim and with it.
    mram: energy and delay of a bit. --cell FILE.toml puts your own comparator (a cell file whose ports have the roles
    inp, inn, clk) in the place of the built-in one.

    The first tenth of each run is warm-up and discarded. The same seed gives the same numbers to the last bit, with any
    number of workers. Ctrl-C keeps what is done.
    """
    from spinspice.characterize import CharacterizationInterrupted
    from spinspice.plotting import SUFFIXES

    study = STUDIES.get(cell, NEURON)
    check_options(context, cell, study.options)
    options = chosen_options(context, study)
    check_output(out, plot, report)
    check_output(plot, suffixes=SUFFIXES)
    interrupted = False
    result: StudyResult
    try:
        with Progress(Path(cell).stem) as progress:
            result = study.run(cell, progress=progress, **options)
    except CharacterizationInterrupted as stopped:
        if stopped.result is None:
            raise
        result, interrupted = stopped.result, True
    try:
        deliver(result, as_json)
    finally:  # a terminal or pipe that has gone must not cost the files
        store(result, out, plot, report)
    complain(result)
    if interrupted:
        click.echo(
            "Interrupted: what was done is above" + (" and in the files." if out or plot or report else "."), err=True
        )
    return 1 if interrupted or result.failures else 0


def deliver(result: StudyResult, as_json: bool) -> None:
    """Print a result."""
    if as_json:
        emit(result.to_dict())
    else:
        from spinspice.cli.tables import show_tables
        from spinspice.replay import shown

        show_tables(result)
        click.echo(shown(result.provenance.get("call")))


def store(result: StudyResult, out: Path | None, plot: Path | None, report: Path | None) -> None:
    """Write the files that were asked for; if one cannot be written, keep the numbers elsewhere and say where."""
    from spinspice.errors import ResultError
    from spinspice.plotting import plot_result
    from spinspice.report import write_report

    writers: list[tuple[Path | None, Callable[[Path], Any]]] = [
        (out, result.save),
        (plot, lambda path: plot_result(result, path)),
        (report, lambda path: write_report([result], path)),
    ]
    for path, write in writers:
        if path is None:
            continue
        try:
            write(path)
        except ResultError as reason:
            try:
                spare = Path(tempfile.mkdtemp(prefix="spinspice-")) / f"{result.cell}.nc"
                result.save(spare)
            except OSError:
                raise reason from None
            except ResultError:
                spare.parent.rmdir()
                raise reason from None
            raise ResultError(f"{reason} The numbers are kept in {spare}.") from reason
        click.echo(f"wrote {path}", err=True)


def complain(result: StudyResult) -> None:
    """Say on standard error what did not go as asked."""
    for note in result.notes:
        click.echo(f"Note: {note}", err=True)
    if result.failures:
        click.echo(f"{len(result.failures)} runs failed; their trials are missing. The first:", err=True)
        click.echo(result.failures[0], err=True)
