"""Raw files of ngspice, LTspice and Xyce: binary or text, real or complex, double or single, one plot or several."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spinspice.errors import ResultError
from spinspice.files import complete_file, mark
from spinspice.waveforms import Waveforms

Columns = dict[str, NDArray[Any]]


def read_raw_plots(path: str | os.PathLike[str]) -> list[tuple[str, Columns]]:
    """Return the plots of a raw file: name, and vectors by name in their order (real, or complex for AC).

    ngspice and Xyce write headers in ASCII and all numbers as doubles; LTspice writes headers in UTF-16 and, unless
    told otherwise, singles but for the first variable, whose sign of a transient is a mark of its compression.

    Raises
    ------
    ResultError
        If the file is missing, damaged, or shorter than its header says.
    """
    path = Path(path)
    try:
        data = path.read_bytes()
    except OSError as reason:
        raise ResultError(f"cannot read {path}: {reason.strerror}.") from None
    wide = data[:12].startswith("Title".encode("utf-16-le")) or data[:14].startswith("\ufeffTitle".encode("utf-16-le"))
    plots, place = [], 0
    while place < len(data) and data[place:].strip():
        plot, place = _plot(data, place, "utf-16-le" if wide else "utf-8", path)
        plots.append(plot)
    if not plots:
        raise ResultError(f"{path} is no raw file: it holds no plot.")
    return plots


def _plot(data: bytes, place: int, encoding: str, path: Path) -> tuple[tuple[str, Columns], int]:
    marks = {kind: f"{kind}:\n".encode(encoding) for kind in ("Binary", "Values")}
    found = {kind: data.find(text, place) for kind, text in marks.items()}
    found |= {kind: data.find(f"{kind}:\r\n".encode(encoding), place) for kind, at in found.items() if at < 0}
    there = {kind: at for kind, at in found.items() if at >= 0}
    if not there:
        raise ResultError(f"{path} is no complete raw file: no 'Binary:' or 'Values:' after its header.")
    kind = min(there, key=lambda name: there[name])
    head = data[place : there[kind]].decode(encoding, errors="replace").lstrip("\ufeff")
    end = data.index("\n".encode(encoding), there[kind]) + len("\n".encode(encoding))
    fields, names = _header(head)
    try:
        columns, rows = int(fields["no. variables"]), int(fields["no. points"].split()[0])
    except (KeyError, ValueError, IndexError):
        raise ResultError(f"the header of {path} names no number of variables or points.") from None
    if columns != len(names) or columns < 1 or rows < 1:
        raise ResultError(f"the header of {path} promises {columns} variables of {rows} points and names {len(names)}.")
    flags = fields.get("flags", "real").lower().split()
    cells = "complex" in flags
    if kind == "Values":
        table, stop = _text_values(data, end, encoding, rows, columns, cells, path)
    else:
        table, stop = _binary(data, end, rows, columns, cells, "double" not in flags and encoding != "utf-8", path)
    if "utf" in encoding and encoding != "utf-8" and not cells and names[0].lower() == "time":
        table[0] = np.abs(table[0])
    return (fields.get("plotname", ""), dict(zip(names, table, strict=True))), stop


def _header(head: str) -> tuple[dict[str, str], list[str]]:
    fields: dict[str, str] = {}
    names: list[str] = []
    for line in head.splitlines():
        words = line.split()
        if line[:1] in ("\t", " ") and len(words) >= 2 and words[0].isdecimal():
            names.append(words[1])
        elif ":" in line:
            key, _, value = line.partition(":")
            fields[key.strip().lower()] = value.strip()
            rest = value.split()
            if key.strip().lower() == "variables" and len(rest) >= 2 and rest[0].isdecimal():
                names.append(rest[1])  # Spice3 writes the first variable behind the keyword
    return fields, names


def _binary(
    data: bytes, place: int, rows: int, columns: int, cells: bool, single: bool, path: Path
) -> tuple[list[NDArray[Any]], int]:
    if cells:
        row = np.dtype([(str(c), "<c16") for c in range(columns)])
    elif single:
        row = np.dtype([("0", "<f8"), *((str(c), "<f4") for c in range(1, columns))])
    else:
        row = np.dtype([(str(c), "<f8") for c in range(columns)])
    if len(data) - place < rows * row.itemsize:
        raise ResultError(
            f"{path} holds {len(data) - place} bytes of data where {rows * row.itemsize} belong: the disk was full, or "
            "the simulator was stopped while it wrote."
        )
    table = np.frombuffer(data, dtype=row, count=rows, offset=place)
    wide = complex if cells else float
    return [np.ascontiguousarray(table[str(c)], dtype=wide) for c in range(columns)], place + rows * row.itemsize


def _text_values(
    data: bytes, place: int, encoding: str, rows: int, columns: int, cells: bool, path: Path
) -> tuple[list[NDArray[Any]], int]:
    following = data.find("Title:".encode(encoding), place)
    stop = following if following >= 0 else len(data)
    words = data[place:stop].decode(encoding, errors="replace").split()
    if len(words) < rows * (columns + 1):
        raise ResultError(f"{path} holds {len(words)} numbers where {rows * (columns + 1)} belong: it was cut short.")
    try:
        values = [
            complex(*map(float, word.split(","))) if cells else float(word) for word in words[: rows * (columns + 1)]
        ]
    except (ValueError, TypeError):
        raise ResultError(f"{path} holds text among its values.") from None
    table = np.array(values).reshape(rows, columns + 1)[:, 1:]
    return [np.ascontiguousarray(table[:, c]) for c in range(columns)], stop


def write_raw(waves: Waveforms, path: str | os.PathLike[str]) -> Path:
    """Write a binary raw file as ngspice does: ngspice, gaw and other viewers open it.

    Raises
    ------
    ResultError
    """
    path = Path(path)
    units = {"A": "current", "V": "voltage"}
    head = [
        f"Title: {mark()}", "Date: none", "Plotname: Transient Analysis", "Flags: real",
        f"No. Variables: {len(waves) + 1}", f"No. Points: {waves.time.size}", "Variables:", "\t0\ttime\ttime",
        *(f"\t{k}\t{name}\t{units.get(waves.units[name], 'voltage')}" for k, name in enumerate(waves, start=1)),
        "Binary:",
    ]  # fmt: skip
    table = np.column_stack([waves.time, *waves.values()])
    with complete_file(path) as place:
        place.write_bytes("\n".join(head).encode() + b"\n" + table.astype("<f8").tobytes())
    return path
