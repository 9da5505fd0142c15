"""Options that several commands share, and where results go."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])


class Whole(click.ParamType):
    """A whole number, in plain digits: no underscores, which Python would take."""

    name = "integer"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        if isinstance(value, str) and not (value.isascii() and value.strip().lstrip("+-").isdigit()):
            self.fail(f"{value!r} is no whole number. Write it in digits, such as 1000.", param, ctx)
        return int(value)


class _Listing(click.Option):
    """An option whose help names what there is, installed packages included; looked up when help is shown."""

    def __init__(self, *declarations: Any, names: Callable[[], str], **settings: Any) -> None:
        super().__init__(*declarations, **settings)
        self.names = names

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        text = self.help or ""
        self.help = text.replace("NAMES", self.names())
        try:
            return super().get_help_record(ctx)
        finally:
            self.help = text


def _technologies() -> str:
    from spinspice.cmos import technologies

    first, *others = technologies()
    return ", ".join([f"{first} (default)", *others])


def _engines() -> str:
    from spinspice.engines import engine_names

    *first, last = engine_names()
    return f"{', '.join(first)} or {last}"


CMOS = click.option(
    "--cmos",
    "--cmos-file",
    "cmos",
    cls=_Listing,
    names=_technologies,
    metavar="T[:CORNER]",
    help="Transistor technology: NAMES, or a TOML file of your own.",
)
MISMATCH = click.option(
    "--mismatch", metavar="SEED", type=Whole(), help="Transistors that differ, drawn from SEED. Default: alike."
)
PARAM = click.option(
    "--param",
    "parameters",
    metavar="NAME=VALUE",
    multiple=True,
    callback=lambda _context, _option, words: _parameters(words),
    help="Set a parameter of the netlist of a cell file, such as a size; may be given several times.",
)
YES = click.option("--yes", is_flag=True, help="Go on where the runs are expected to take more than an hour.")
TRUST = click.option(
    "--trust",
    is_flag=True,
    help="Of the netlist of a cell file: read includes outside its folder, leave out control blocks and commands.",
)
ENGINE_OPTIONS: list[Callable[[Any], Any]] = [
    click.option(
        "--engine", cls=_Listing, names=_engines, metavar="E", default="auto", show_default=True, help="NAMES."
    ),
    click.option("--model", metavar="M", help="verilog-a or b-source. Default: what the engine runs best."),
]
SEED = click.option(
    "--seed",
    metavar="S",
    type=Whole(),
    default=1,
    show_default=True,
    help="Seed of all noise.",
    callback=lambda _context, _option, given: _seed(given),
)
WORKERS = click.option("--workers", metavar="N", type=Whole(), help="Simulators at a time. Default: one a processor.")
FORCE = click.option(
    "--force",
    is_flag=True,
    expose_value=False,
    is_eager=True,
    callback=lambda context, _option, given: _allow_overwriting(context) if given else None,
    help="Overwrite files that spinspice did not write.",
)
JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON object on standard output.")


def limit(yes: bool) -> float | None:
    """Longest time that runs may be expected to take [s]: none if the user agreed to all."""
    return float("inf") if yes else None


def _parameters(words: tuple[str, ...]) -> dict[str, str]:
    from spinspice.cells.parameters import read_parameters

    return read_parameters(words) if words else {}


def _seed(given: int) -> int:
    from spinspice.devices.noise import check_seed

    return check_seed(given)


def _allow_overwriting(context: click.Context) -> None:
    from spinspice.files import overwriting

    context.with_resource(overwriting(True))


def volts(text: str | None, name: str) -> float | None:
    """Read a number of an option that may be left out."""
    from spinspice.units import parse_number

    return None if text is None else parse_number(text, name)


def check_output(*paths: Path | None, suffixes: tuple[str, ...] = ()) -> None:
    """Refuse, before anything runs, output that could not be written at its end.

    Raises
    ------
    UsageError
        For a suffix that is not one of ``suffixes``.
    ResultError
        If the folder cannot be written.
    """
    from spinspice.errors import ResultError, UsageError
    from spinspice.files import check_distinct, check_place

    check_distinct(*paths)
    for path in paths:
        if path is None:
            continue
        if suffixes and path.suffix.lower() not in suffixes:
            raise UsageError(f"cannot write {path}: its suffix is {path.suffix!r}; use one of {', '.join(suffixes)}.")
        check_place(path)
        made = _missing_folders(path.parent)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            import tempfile

            with tempfile.TemporaryFile(dir=path.parent):
                pass
            if path.exists() and not os.access(path, os.W_OK):
                raise PermissionError("it is read-only")
        except (OSError, ValueError) as reason:
            raise ResultError(f"cannot write {path}: {reason}. Choose another place.") from reason
        finally:
            _remove(made)


def check_folder_output(folder: Path, own: Sequence[str]) -> None:
    """Refuse, before anything runs, a folder that could not be written or holds what is not spinspice's.

    Raises
    ------
    ResultError
    """
    from spinspice.files import check_folder

    check_folder(folder, own)
    check_output(folder / "spinspice.tmp")


def _missing_folders(folder: Path) -> list[Path]:
    """Return a folder and those above it that are not there yet, the innermost first."""
    return [place for place in (folder, *folder.parents) if not os.path.lexists(place)]


def _remove(folders: Sequence[Path]) -> None:
    """Remove empty folders that were made for a test."""
    for folder in folders:
        with contextlib.suppress(OSError):
            folder.rmdir()


def emit(data: Any) -> None:
    """Print one JSON object on standard output."""
    import json

    click.echo(json.dumps(data, allow_nan=False))
