"""Reads the binary raw files of ngspice (real data, one plot)."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from spinspice.errors import EngineError


def read_raw(path: str | os.PathLike[str]) -> dict[str, NDArray[np.float64]]:
    """Return the vectors of a raw file by name, in lower case, each an array of its own.

    Raises
    ------
    EngineError
        If the file is missing, damaged, or shorter than its header says (as on a full disk).
    """
    path = Path(path)
    try:
        data = path.read_bytes()
    except OSError as reason:
        raise EngineError(f"the simulator left no waveforms: cannot read {path}: {reason.strerror}.") from reason
    head, marker, body = data.partition(b"Binary:\n")
    if not marker:
        raise EngineError(f"{path} is not a complete binary raw file ({len(data)} bytes).")
    fields: dict[str, str] = {}
    names: list[str] = []
    for line in head.decode(errors="replace").splitlines():
        if line.startswith("\t"):
            names.append(line.split("\t")[2].lower())
        else:
            key, _, value = line.partition(":")
            fields[key] = value.strip()
    try:
        columns, rows = int(fields["No. Variables"]), int(fields["No. Points"])
    except (KeyError, ValueError):
        raise EngineError(f"the header of {path} names no number of points: the run did not end.") from None
    if fields.get("Flags", "real").split()[0] != "real" or columns != len(names):
        raise EngineError(f"{path} holds no real-valued transient ({fields.get('Flags')}, {columns} variables).")
    if len(body) < 8 * rows * columns:
        raise EngineError(
            f"{path} holds {len(body)} bytes of data where {8 * rows * columns} belong: the disk was full, or the "
            "simulator was stopped while it wrote."
        )
    table = np.frombuffer(body, dtype=np.float64, count=rows * columns).reshape(rows, columns)
    return {name: np.ascontiguousarray(table[:, column]) for column, name in enumerate(names)}
