"""``spinspice waveforms``: look at a file of waveforms, or turn it into another."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from spinspice.cli.options import FORCE, JSON, check_output, emit


@click.command()
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--to", metavar="OUT", type=click.Path(path_type=Path), help="Write them: .csv, .raw, .vcd or .nc.")
@click.option("--signals", metavar="NAMES", help="Only these, with commas: v(out),i(vdd). Default: all.")
@click.option(
    "--plot-number", "number", metavar="N", type=click.IntRange(0), default=0, help="Which plot of a .raw file."
)
@click.option("--plot", metavar="OUT", type=click.Path(path_type=Path), help="Draw them: .png, .svg or .pdf.")
@JSON
@FORCE
def waveforms(file: Path, to: Path | None, signals: str | None, number: int, plot: Path | None, as_json: bool) -> None:
    """Show what FILE holds: .raw of ngspice, LTspice or Xyce (binary or text), .csv, .vcd, or .nc of spinspice."""
    from spinspice.exchange import read_waveforms, write_waveforms
    from spinspice.files import complete_file, mark
    from spinspice.units import engineering

    check_output(to, suffixes=(".csv", ".raw", ".vcd", ".nc"))
    check_output(plot, suffixes=(".png", ".svg", ".pdf"))
    held = read_waveforms(file, plot=number)
    names = [name.strip() for name in signals.split(",") if name.strip()] if signals else list(held)
    chosen = {name: held[name] for name in names}
    if to:
        write_waveforms(held, to, names=names)
    if plot:
        key = {".png": "Software", ".pdf": "Creator", ".svg": "Creator"}[plot.suffix.lower()]
        with complete_file(plot) as place:
            held.plot(*names).figure.savefig(place, format=plot.suffix.lower()[1:], metadata={key: mark()})
    rows: list[dict[str, Any]] = [
        {
            "signal": name,
            "unit": held.units.get(name.lower(), ""),
            "min": float(v.min()),
            "mean": held.mean(name),
            "max": float(v.max()),
        }
        for name, v in chosen.items()
    ]
    span = {"points": int(held.time.size), "start": float(held.time[0]), "stop": float(held.time[-1])}
    if as_json:
        emit({"file": str(file), **span, "signals": rows})
        return
    from spinspice.cli.tables import show

    title = f"{file}: {span['points']} points, {engineering(span['start'], 's')} to {engineering(span['stop'], 's')}"
    table = [(r["signal"], *(engineering(r[key], r["unit"]) for key in ("min", "mean", "max"))) for r in rows]
    show(title, ("signal", "least", "mean in time", "largest"), table)
    if to:
        click.echo(f"Wrote {to}.")
