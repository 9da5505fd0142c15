"""Waveforms as value change dumps: signals of circuits as real variables."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import numpy as np

from spinspice.errors import EngineNotFound, ResultError
from spinspice.files import complete_file, mark
from spinspice.waveforms import Waveforms

_UNITS = {"s": 1.0, "ms": 1e-3, "us": 1e-6, "ns": 1e-9, "ps": 1e-12, "fs": 1e-15}
#: Resolution that is written [s]: the finest of the format.
STEP = 1e-15


def read_vcd_file(path: str | os.PathLike[str]) -> Waveforms:
    """Read a dump: each variable, digital or real, as a signal that stays between its changes.

    Undefined bits count as 0. A change shows as two points, before and after, at its time and one resolution earlier.

    Raises
    ------
    ResultError
        If the file is missing, damaged or holds no variable.
    EngineNotFound
        If the package pyvcd is not installed.
    """
    try:
        from vcd.reader import TokenKind, VCDParseError, tokenize
    except ImportError:
        raise EngineNotFound("value change dumps need the package pyvcd. Run: pip install pyvcd") from None
    names: dict[str, str] = {}
    changes: dict[str, list[tuple[int, float]]] = {}
    scopes: list[str] = []
    unit, now = 1e-15, 0
    token: Any
    try:
        with open(path, "rb") as stream:
            for token in tokenize(stream):
                if token.kind is TokenKind.TIMESCALE:
                    unit = int(token.timescale.magnitude) * _UNITS[token.timescale.unit.value]
                elif token.kind is TokenKind.SCOPE:
                    scopes.append(token.scope.ident)
                elif token.kind is TokenKind.UPSCOPE:
                    scopes.pop()
                elif token.kind is TokenKind.VAR:
                    names.setdefault(token.var.id_code, ".".join([*scopes, token.var.reference]).lower())
                    changes.setdefault(token.var.id_code, [])
                elif token.kind is TokenKind.CHANGE_TIME:
                    now = token.time_change
                elif token.kind in (TokenKind.CHANGE_SCALAR, TokenKind.CHANGE_VECTOR, TokenKind.CHANGE_REAL):
                    value = token.data.value
                    text = re.sub("[xXzZuU-]", "0", value) if isinstance(value, str) else value
                    level = float(int(text, 2)) if isinstance(text, str) else float(text)
                    changes[token.data.id_code].append((now, level))
    except (OSError, ValueError, KeyError, VCDParseError) as reason:
        raise ResultError(f"cannot read {path} as a value change dump: {reason}.") from None
    if not any(changes.values()):
        raise ResultError(f"{path} holds no change of a variable.")
    at = sorted({time for pairs in changes.values() for time, _ in pairs} | {now})
    ticks = np.unique([tick for time in at for tick in (max(time - 1, at[0]), time)])
    signals = {}
    for code, pairs in changes.items():
        if pairs:
            times, levels = (np.array(column) for column in zip(*pairs, strict=True))
            signals[names[code]] = levels[np.maximum(np.searchsorted(times, ticks, side="right") - 1, 0)].astype(float)
    return Waveforms(ticks * unit, signals, provenance={"file": str(path)})


def write_vcd(waves: Waveforms, path: str | os.PathLike[str]) -> Path:
    """Write signals as real variables and digital ones as bits, at a resolution of 1 fs.

    Raises
    ------
    ResultError
        For a run of more than 1e18 resolutions.
    EngineNotFound
        If the package pyvcd is not installed.
    """
    try:
        from vcd import VCDWriter
    except ImportError:
        raise EngineNotFound("value change dumps need the package pyvcd. Run: pip install pyvcd") from None
    path = Path(path)
    if waves.time[-1] / STEP > 1e18:
        raise ResultError(f"a run of {waves.time[-1]:g} s is too long for a dump at 1 fs; write .raw or .csv.")
    start = float(waves.time[0])
    with complete_file(path) as place, place.open("w", encoding="utf-8") as file:
        writer = VCDWriter(file, timescale="1 fs", date="none", comment=mark())
        entries: list[tuple[int, int, Any, Any]] = []
        for order, (name, values) in enumerate(waves.items()):
            variable = writer.register_var("spice", _identifier(name), "real", init=float(values[0]))
            ticks = np.rint((waves.time - start) / STEP).astype(np.int64)
            moved = np.append(True, np.diff(values) != 0.0)
            entries += [(int(t), order, variable, float(v)) for t, v in zip(ticks[moved], values[moved], strict=True)]
        for order, (name, signal) in enumerate(waves.digital.items(), start=len(waves)):
            width = max(int(np.max(signal.values, initial=1)).bit_length(), 1)
            variable = writer.register_var("digital", _identifier(name), "wire", size=width, init=int(signal.values[0]))
            ticks = np.maximum(np.rint((signal.time - start) / STEP), 0).astype(np.int64)
            entries += [(int(t), order, variable, int(v)) for t, v in zip(ticks, signal.values, strict=True)]
        for tick, _, variable, value in sorted(entries, key=lambda entry: entry[:2]):
            writer.change(variable, tick, value)
        writer.close()
    return path


def _identifier(name: str) -> str:
    return re.sub(r"\s+", "_", name)
