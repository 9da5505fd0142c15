"""``spinspice sweep``: a study over a grid and over instances."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from spinspice.cli.options import FORCE, JSON, TRUST, WORKERS, YES, check_folder_output, emit, limit
from spinspice.cli.progress import Progress

if TYPE_CHECKING:
    from spinspice.sweep import Sweep

#: Rows of a table on the screen; the file holds all.
MOST_ROWS = 40
#: Failures that are printed.
MOST_FAILURES = 10


@click.command()
@click.argument("study", metavar="STUDY.toml", type=click.Path(path_type=Path))
@click.option("--out", metavar="DIR", required=True, type=click.Path(path_type=Path), help="Folder of the results.")
@WORKERS
@click.option("--scheduler", metavar="ADDRESS", help="Dask scheduler whose workers run the jobs: tcp://host:8786.")
@click.option("--resume", is_flag=True, help="Keep what the folder holds; run what is missing or failed.")
@TRUST
@YES
@FORCE
@JSON
def sweep(
    study: Path,
    out: Path,
    workers: int | None,
    scheduler: str | None,
    resume: bool,
    trust: bool,
    yes: bool,
    as_json: bool,
) -> int:
    """Run STUDY.toml: a cell over a grid and over Monte Carlo instances (docs/studies.md).

    Each result is stored as it comes; results.nc under --out holds all of them, labelled. The same numbers to the
    last bit for any number of workers, on this machine or a cluster. Ctrl-C keeps what is done.
    """
    from spinspice.replay import shown
    from spinspice.sweep import Study, SweepInterrupted, run_study

    read = Study.load(study, trust)
    check_folder_output(out, ["study.json", "results.nc"])
    interrupted = False
    try:
        with Progress(read.name) as progress:
            how: dict[str, Any] = {"workers": workers, "scheduler": scheduler, "resume": resume}
            found = run_study(read, out, progress=progress, max_wall=limit(yes), **how)
    except SweepInterrupted as stopped:
        found, interrupted = stopped.sweep, True
    if as_json:
        emit({**found.to_dict(), "command": found.command})
    else:
        _show(found)
        click.echo(shown(found.call))
    click.echo(f"wrote {out / 'results.nc'}", err=True)
    for failure in found.failures[:MOST_FAILURES]:
        click.echo(str(failure), err=True)
    if found.failures:
        click.echo(f"{len(found.failures)} jobs failed: error and deck of each are in {out / 'failed'}.", err=True)
    if interrupted:
        click.echo(f"Interrupted with {found.missing} jobs to go. Complete it with --resume.", err=True)
    return 1 if interrupted or found.missing else 0


def _show(found: Sweep) -> None:
    """Print statistics, yield and what matters most."""
    from spinspice.cli.tables import show

    if found.missing == found.study.jobs:
        return
    rows: list[tuple[str, ...]] = []
    units = {name: found.dataset[name].attrs["units"].replace("1", "") for name in found.quantities}
    for (values, each), least in zip(found.summary(), found.fewest(), strict=True):
        for name, s in each.items():
            alone = name in found.exact and s.count == 1  # a single R^2 has no error
            ends = [with_unit(value, units[name]) for value in (s.low, s.high)]
            rows.append(
                (
                    _point(values),
                    name,
                    str(s.count),
                    with_unit(s.mean, units[name]) if alone else _number(s.mean, s.mean_stderr, units[name]),
                    _number(s.std, s.std_stderr, units[name]),
                    " … ".join(ends) if s.count else "-",
                    f"{least:.0f}" if math.isfinite(least) else "-",
                )
            )
    head = ("point", "quantity", "n", "mean", "spread", "5 % … 95 %", "samples")
    show(f"{found.study.name}: {found.study.jobs} jobs, {found.missing} missing", head, _cut(rows), left=2)
    for note in found.notes:
        click.echo(f"Note: {note}", err=True)
    if found.study.limits:
        rule = "count as outside" if found.study.failed == "fail" else "are left out"
        rows = [
            (
                _point(values),
                f"{y.passed} of {y.count}",
                str(y.failed),
                f"{100 * y.fraction:.1f} %" if y.count else "-",
                f"{100 * y.low:.1f} … {100 * y.high:.1f} %" if y.count else "-",
            )
            for values, y in found.yields()
        ]
        columns = ("point", "passed", "failed", "yield", "95 % interval")
        show(f"Yield within the limits; failed jobs {rule}", columns, _cut(rows))
    _show_ranking(found, units)


def _show_ranking(found: Sweep, units: Mapping[str, str]) -> None:
    """Print which parameters matter most, all quantities in one table."""
    from spinspice.cli.tables import show
    from spinspice.errors import ResultError

    rows: list[tuple[str, ...]] = []
    for name in found.quantities:
        try:
            rank = found.sensitivity(name)
        except ResultError:
            continue
        rows += [
            (name, e.parameter, _number(e.change, e.stderr, units[name]), f"{100 * rank.explained:.0f} %")
            for e in rank.effects
        ]
    if rows:
        head = ("quantity", "parameter", "change", "explained by all")
        show("Change for one standard deviation, or for another choice (linear)", head, rows, left=2)


def _number(value: float, stderr: float | None, unit: str) -> str:
    """Return a number with its standard error; one without unit has no prefix either."""
    from spinspice.units import with_error

    return with_error(value, stderr, unit, prefix=bool(unit))


def with_unit(value: float, unit: str) -> str:
    """Return a number alone, in engineering notation if it has a unit."""
    from spinspice.units import engineering

    return engineering(value, unit) if unit else f"{value:.4g}"


def _point(values: Mapping[str, Any]) -> str:
    return ", ".join(
        f"{name}={value:g}" if isinstance(value, float) else f"{name}={value}" for name, value in values.items()
    )


def _cut(rows: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Return as many rows as a screen can use."""
    if len(rows) <= MOST_ROWS:
        return rows
    return [*rows[:MOST_ROWS], (f"... {len(rows) - MOST_ROWS} more", *[""] * (len(rows[0]) - 1))]
