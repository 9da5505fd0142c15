"""``spinspice reproduce``: published figures, simulated again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from spinspice.cli.options import ENGINE_OPTIONS, FORCE, JSON, SEED, WORKERS, YES, check_output, emit, limit
from spinspice.cli.progress import Progress


def _engine_options(function: Any) -> Any:
    for option in reversed(ENGINE_OPTIONS):
        function = option(function)
    return function


@click.command()
@click.argument("figure", required=False)
@click.option("--list", "listing", is_flag=True, help="List the figures.")
@click.option("--short", is_flag=True, help="Fewer points and trials: seconds, with wider error bars.")
@click.option("--out", metavar="DIR", type=click.Path(path_type=Path), help="Write FIGURE.png and FIGURE.json there.")
@click.option(
    "--vowels", metavar="FILE[:GROUP]", help="vowdata.dat of Hillenbrand et al., for figures that learn vowels."
)
@SEED
@WORKERS
@_engine_options
@YES
@FORCE
@JSON
def reproduce(
    figure: str | None, listing: bool, out: Path | None, as_json: bool, model: str | None, yes: bool, **options: Any
) -> None:
    """Simulate a published FIGURE again: per quantity the paper, here with standard error, ratio and verdict."""
    from spinspice.errors import UsageError
    from spinspice.replay import shown
    from spinspice.reproduce import FIGURES, run

    if listing:
        from spinspice.reproduce.times import read_times

        times = read_times()
        if as_json:
            emit({"figures": FIGURES, "seconds": dict(times.seconds), "machine": times.machine})
            return
        width = max(map(len, FIGURES))
        for name, title in FIGURES.items():
            click.echo(f"{name:<{width}} {times.text(name):>7}  {title}")
        if times.seconds:
            click.echo(f"Times: --short, processor time of one core, {times.machine}, {times.date}; - not measured.")
        return
    if figure is None:
        raise UsageError(f"no figure was named. Known: {', '.join(FIGURES)}.")
    if out is not None:
        check_output(out / f"{figure}.png", out / f"{figure}.json")
    with Progress(figure) as progress:
        if model is not None:
            options["model"] = model
        result = run(figure, progress=progress, max_wall=limit(yes), **options)
    try:
        if as_json:
            emit(result.to_dict())
        else:
            click.echo(result.table())
            click.echo(shown(result.provenance.get("call")))
    finally:  # a terminal or pipe that has gone must not cost the files
        if out is not None:
            _store(result, out)


def _store(result: Any, folder: Path) -> None:
    """Write the picture and the numbers."""
    import json

    from spinspice.files import complete_file, mark
    from spinspice.plotting import plot_reproduction

    picture = plot_reproduction(result, folder / f"{result.name}.png")
    numbers = folder / f"{result.name}.json"
    with complete_file(numbers) as partial:
        partial.write_text(json.dumps({"written_by": mark(), **result.to_dict()}, indent=1), encoding="utf-8")
    click.echo(f"wrote {picture}\nwrote {numbers}", err=True)
