"""``spinspice fit``: measured data to a junction."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from spinspice.cli.options import FORCE, JSON, SEED, check_output, emit


def _pairs(_context: click.Context, option: click.Parameter, words: tuple[str, ...]) -> dict[str, str]:
    out = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals or not name.strip() or not value.strip():
            raise click.UsageError(f"{option.opts[0]} takes NAME=VALUE, not {word!r}.")
        if name.strip() in out:
            raise click.UsageError(f"{option.opts[0]} gives {name.strip()} twice.")
        out[name.strip()] = value.strip()
    return out


@click.command()
@click.argument("kind", metavar="KIND")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--base", metavar="P", help="Preset that gives all that is not fitted. Default: the telegraph junction's."
)
@click.option(
    "--column",
    "columns",
    metavar="ROLE=NAME",
    multiple=True,
    callback=_pairs,
    help="Column of a role, NAME or NAME:UNIT.",
)
@click.option(
    "--fix", metavar="NAME=VALUE", multiple=True, callback=_pairs, help="Parameter that is known, and its value."
)
@click.option("--free", metavar="NAMES", help="Parameters to fit, with commas. Default: those that such data tell.")
@click.option(
    "--set", "settings", metavar="NAME=VALUE", multiple=True, callback=_pairs, help="Option of the kind of data."
)
@click.option("--bloch", metavar="K[:N]", help="Anisotropy falls by Bloch's law with T*, to the power N (3).")
@click.option("--skip", metavar="LINES", type=click.IntRange(0), default=0, help="Lines at the start to pass over.")
@click.option(
    "--out", metavar="FILE.toml", type=click.Path(path_type=Path), help="Write the junction as a preset file."
)
@click.option("--plot", metavar="FILE", type=click.Path(path_type=Path), help="Draw data and law: .png, .svg or .pdf.")
@SEED
@JSON
@FORCE
def fit(kind: str, files: tuple[Path, ...], out: Path | None, plot: Path | None, as_json: bool, **given: Any) -> None:
    """Fit a junction to measured data of a KIND.

    \b
    trace      signal over time          --set bandwidth=1meg
    dwells     stays, state (0 P, 1 AP)  --set dead_time=2u
    rates      tau_P and tau_AP, or rate_P and rate_AP; n_P, n_AP or err_P, err_AP
    rate       full cycles a second; rate_err
    mean       share of the time in AP; mean_err
    switching  bias, width, trials, switched
    rv         bias, resistance; state
    rh         flux, resistance          --set axis=easy|hard|sensor

    All but the last two may be measured over bias (or current), flux and temperature.
    """
    from spinspice.fitting import fit_file
    from spinspice.fitting.kinds import find_kind

    find_kind(kind).check_options(given["settings"])
    check_output(out, suffixes=(".toml",))
    check_output(plot, suffixes=(".png", ".svg", ".pdf"))
    result = fit_file(
        files,
        kind,
        given["base"],
        columns=given["columns"],
        skip=given["skip"],
        fix=given["fix"],
        free=[name.strip() for name in given["free"].split(",") if name.strip()] if given["free"] else (),
        law=_law(given["bloch"]),
        seed=given["seed"],
        **given["settings"],
    )
    if out:
        result.write(out)
    if plot:
        _draw(result, plot)
    if as_json:
        emit(result.to_dict())
        return
    from spinspice.cli.tables import show

    title = f"{result.data.title}: {result.data.size} observations of {result.source}"
    show(title, ("parameter", "value", "95 % interval"), result.rows())
    if result.check is not None:
        click.echo(f"Check by simulation: p = {result.check.p_value:.2g} (share of simulated sets that fit worse)")
    for note in result.notes():
        click.echo(f"Note: {note}")
    if out:
        click.echo(f"Junction: {out}. Next: spinspice presets {out}; any command takes --preset {out}.")


def _law(text: str | None) -> Any:
    from spinspice.devices.laws.temperature import TemperatureLaw
    from spinspice.units import parse_number

    if text is None:
        return None
    star, _, exponent = text.partition(":")
    return TemperatureLaw(parse_number(star, "--bloch"), parse_number(exponent or "3", "--bloch, exponent"))


def _draw(result: Any, path: Path) -> None:
    from spinspice.files import complete_file, mark

    figure = result.plot().figure
    key = {".png": "Software", ".pdf": "Creator", ".svg": "Creator"}[path.suffix.lower()]
    with complete_file(path) as place:
        figure.savefig(place, dpi=150, format=path.suffix.lower()[1:], metadata={key: mark()})
