"""``spinspice characterize``: run a study by name, or that of a neuron cell."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from spinspice.cli.options import FORCE, check_output, emit
from spinspice.cli.progress import Progress
from spinspice.cli.studies import StudyCommand, run_study, running

if TYPE_CHECKING:
    from spinspice.studies.result import StudyResult


@click.command(cls=StudyCommand)
@click.argument("name", metavar="CELL")
@click.option("--out", metavar="FILE.nc", type=click.Path(path_type=Path), help="Write everything as NetCDF.")
@click.option("--plot", metavar="FILE.png", type=click.Path(path_type=Path), help="Draw it (png, svg or pdf).")
@click.option("--report", metavar="FILE.html", type=click.Path(path_type=Path), help="Write one self-contained page.")
@click.option("--interactive", is_flag=True, help="In the report also curves to zoom (5 MB more; needs plotly).")
@FORCE
@running
@click.pass_context
def characterize(
    context: click.Context,
    name: str,
    out: Path | None,
    plot: Path | None,
    report: Path | None,
    interactive: bool,
    as_json: bool,
    **_: Any,
) -> int:
    """Characterise CELL: a neuron cell (asn, bsn, or a cell file NAME.toml), or a study by its name.

    The same seed gives the same numbers to the last bit, with any number of workers. Ctrl-C keeps what is done.
    """
    from spinspice.characterize import CharacterizationInterrupted
    from spinspice.plotting import SUFFIXES

    check_output(out, plot, report)
    if interactive:
        if report is None:
            raise click.UsageError("--interactive is of a report: give --report FILE.html too.")
        from spinspice.interactive import require

        require()
    check_output(plot, suffixes=SUFFIXES)
    interrupted = False
    result: StudyResult
    try:
        with Progress(Path(name).stem) as progress:
            result = run_study(context, name, progress)
    except CharacterizationInterrupted as stopped:
        if stopped.result is None:
            raise
        result, interrupted = stopped.result, True
    try:
        deliver(result, as_json)
    finally:  # a terminal or pipe that has gone must not cost the files
        store(result, out, plot, report, interactive)
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


def store(
    result: StudyResult, out: Path | None, plot: Path | None, report: Path | None, interactive: bool = False
) -> None:
    """Write the files that were asked for; if one cannot be written, keep the numbers elsewhere and say where."""
    from spinspice.errors import ResultError

    def draw(path: Path) -> None:
        from spinspice.plotting import plot_result

        plot_result(result, path)

    def tell(path: Path) -> None:
        from spinspice.report import write_report

        write_report([result], path, interactive=interactive)

    writers: list[tuple[Path | None, Callable[[Path], Any]]] = [(out, result.save), (plot, draw), (report, tell)]
    for path, write in writers:
        if path is None:
            continue
        try:
            write(path)
        except ResultError as reason:
            try:
                import tempfile

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
