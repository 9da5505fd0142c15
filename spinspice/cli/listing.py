"""``spinspice list``: what there is, by name: cells, studies, junctions, technologies, engines, figures."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from spinspice.cli.options import JSON, emit

#: Rows of a table: name, and what it is.
Rows = list[tuple[str, str]]


def _cells() -> Rows:
    from spinspice.cells.choose import cells

    return [(name, _first_line(kind)) for name, kind in cells().items()]


def _studies() -> Rows:
    from spinspice.studies import list_studies

    return [(name, kind.title) for name, kind in list_studies().items()]


def _presets() -> Rows:
    from spinspice.presets import list_presets

    return [(preset.name, preset.title) for preset in list_presets()]


def _technologies() -> Rows:
    from spinspice.cmos import technologies
    from spinspice.errors import SpinspiceError

    rows = []
    for name, make in technologies().items():
        try:
            rows.append((name, f"supply {make('tt').vdd:g} V"))
        except SpinspiceError as reason:
            rows.append((name, str(reason).partition(". ")[0]))
    return rows


def _engines() -> Rows:
    from spinspice.engines import engine_class, engine_names, find_engine

    rows = []
    for name in engine_names():
        if name == "auto":
            continue
        found = find_engine(name)
        state = f"version {found.version}, {' and '.join(found.models)}" if found else "not installed"
        rows.append((name, f"{_first_line(engine_class(name))} ({state})"))
    return rows


def _figures() -> Rows:
    from spinspice.reproduce import figures

    return [(name, figure.summary) for name, figure in figures().items()]


#: What can be listed, and how.
KINDS: dict[str, Callable[[], Rows]] = {
    "cells": _cells,
    "studies": _studies,
    "presets": _presets,
    "technologies": _technologies,
    "engines": _engines,
    "figures": _figures,
}


def _first_line(kind: type) -> str:
    return (kind.__doc__ or "").strip().partition("\n")[0]


@click.command("list")
@click.argument("kind", metavar="[cells|studies|presets|technologies|engines|figures]", required=False)
@JSON
def listing(kind: str | None, as_json: bool) -> None:
    """Show what there is, installed packages included: all of it, or one KIND."""
    from spinspice.cli.tables import show
    from spinspice.errors import UsageError, did_you_mean

    if kind is not None and kind not in KINDS:
        raise UsageError(f"there are no {kind!r} to list. {did_you_mean(kind, KINDS)}")
    found: dict[str, Any] = {name: KINDS[name]() for name in KINDS if kind in (None, name)}
    if as_json:
        emit({name: [{"name": row[0], "what": row[1]} for row in rows] for name, rows in found.items()})
        return
    for name, rows in found.items():
        show(name.capitalize(), ("name", "what"), rows, left=2)
