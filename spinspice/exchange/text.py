"""Waveforms as tables of text."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np

from spinspice.errors import ResultError
from spinspice.files import complete_file, mark
from spinspice.fitting.table import Table, read_table, rising
from spinspice.fitting.units import to_si
from spinspice.waveforms import Waveforms


def read_csv(path: str | os.PathLike[str]) -> Waveforms:
    """Read a table whose first column is the time; units in its headers are heeded.

    Raises
    ------
    ResultError, UsageError
        As :func:`spinspice.fitting.read_table`, and for times that do not rise.
    """
    table: Table = read_table(path)
    first, *others = table.columns
    if not others:
        raise ResultError(f"{path} has one column only; waveforms need the time and a signal.")
    factor, _ = to_si(table.units[first], "time", f"{path}: column {first}")
    time = table.columns[first] * factor
    rising(time, table.lines, str(path))
    signals = {}
    for name in others:
        scale, _ = to_si(table.units[name], "signal", f"{path}: column {name}")
        signals[name.lower()] = table.columns[name] * scale
    return Waveforms(time, signals, provenance={"file": str(path)})


def write_csv(waves: Waveforms, path: str | os.PathLike[str]) -> Path:
    """Write a table with commas: time [s], then each signal with its unit; every number reads back as the same double.

    Raises
    ------
    ResultError
    """
    path = Path(path)
    heads = ["time [s]", *(f"{name} [{waves.units[name]}]" for name in waves)]
    rows = np.column_stack([waves.time, *waves.values()])
    with complete_file(path) as place, place.open("w", encoding="utf-8", newline="\n") as file:
        file.write(f"# {mark()}\n{','.join(heads)}\n")
        file.writelines(",".join(map(repr, row)) + "\n" for row in rows.tolist())
    return path
