"""``spinspice optimize``: the best sizes, supply and junction within bounds."""

from __future__ import annotations

from pathlib import Path

import click

from spinspice.cli.options import FORCE, JSON, TRUST, WORKERS, YES, check_output, emit, limit


@click.command()
@click.argument("study", metavar="STUDY.toml", type=click.Path(path_type=Path))
@click.option("--out", metavar="DIR", required=True, type=click.Path(path_type=Path), help="Folder of the search.")
@click.option("--resume", is_flag=True, help="Go on with the search in DIR.")
@click.option("--plot", metavar="FILE", type=click.Path(path_type=Path), help="Draw the trials: .png, .svg or .pdf.")
@WORKERS
@TRUST
@YES
@JSON
@FORCE
def optimize(
    study: Path, out: Path, resume: bool, plot: Path | None, workers: int | None, trust: bool, yes: bool, as_json: bool
) -> None:
    """Search STUDY.toml, which has a table [optimize], for the best values inside its [limits]."""
    from spinspice.files import complete_file, mark
    from spinspice.optimize import optimize as search
    from spinspice.units import with_error

    check_output(plot, suffixes=(".png", ".svg", ".pdf"))
    result = search(
        study, out, workers=workers, resume=resume, trust=trust, max_wall=limit(yes),
        progress=lambda stage, done, total: click.echo(f"{stage}: {done} of {total}", err=True),
    )  # fmt: skip
    if plot:
        key = {".png": "Software", ".pdf": "Creator", ".svg": "Creator"}[plot.suffix.lower()]
        with complete_file(plot) as place:
            figure = result.plot().figure
            figure.savefig(place, dpi=150, format=plot.suffix.lower()[1:], metadata={key: mark()})
    if as_json:
        emit(result.to_dict())
        return
    from spinspice.cli.tables import show

    best, default = result.best, result.default
    show("Best, and the study as it stands", ("variable", "best"), [(k, f"{v:.5g}") for k, v in best.values.items()])
    rows = [
        (name, with_error(*best.numbers[name], prefix=False), with_error(*default.numbers[name], prefix=False))
        for name in best.numbers
    ]
    show(f"On {len(best.seeds)} fresh seeds (SI units)", ("quantity", "best", "as it stands"), rows)
    for name, (ratio, error) in result.gains().items():
        click.echo(f"{name}: {with_error(ratio, error, prefix=False)} times that of the study as it stands")
    if result.failed:
        click.echo(
            f"Note: {result.failed} of {len(result.trials)} trials gave no number; "
            f"`spinspice sweep` of one says why ({out}/studies). Longer runs or closer bounds help."
        )
    for one, what in ((best, "the best values"), (default, "the study as it stands")):
        if one.broken > 0.0:
            click.echo(f"Note: on fresh seeds {what} break the limits (by {one.broken:.2g}, relative).")
