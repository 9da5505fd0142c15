"""Reads the waveforms of digital blocks (value change dumps)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from spinspice.errors import EngineError, EngineNotFound
from spinspice.verilog import DigitalSignal

#: Widest signal that is read [bits]; wider buses appear in their parts.
WIDEST = 63
_UNITS = {"s": 1.0, "ms": 1e-3, "us": 1e-6, "ns": 1e-9, "ps": 1e-12, "fs": 1e-15}


def read_vcd(path: Path, block: str) -> dict[str, DigitalSignal]:
    """Return the signals of a block, named ``block.signal`` with dots for the hierarchy below its top module.

    Parameters
    ----------
    path : Path
        The dump, as Verilator writes it: a scope TOP, in it the top module. Constants of the module are signals too.
    block : str
        Name of the block.

    Raises
    ------
    EngineError
        If the file is missing or damaged.
    EngineNotFound
        If the package that reads it is not installed.
    """
    try:
        from vcd.reader import TokenKind, VCDParseError, tokenize
    except ImportError:
        raise EngineNotFound("waveforms of digital blocks need the package pyvcd. Run: pip install pyvcd") from None
    names: dict[str, list[str]] = {}
    changes: dict[str, tuple[list[int], list[int]]] = {}
    scopes: list[str] = []
    unit, now = 1e-15, 0
    token: Any  # what its data are depends on its kind
    try:
        with open(path, "rb") as stream:
            for token in tokenize(stream):
                if token.kind in (TokenKind.CHANGE_SCALAR, TokenKind.CHANGE_VECTOR):
                    if token.data.id_code in changes:
                        changes[token.data.id_code][0].append(now)
                        changes[token.data.id_code][1].append(int(token.data.value))
                elif token.kind is TokenKind.CHANGE_TIME:
                    now = token.time_change
                elif token.kind is TokenKind.SCOPE:
                    scopes.append(token.scope.ident)
                elif token.kind is TokenKind.UPSCOPE:
                    scopes.pop()
                elif token.kind is TokenKind.TIMESCALE:
                    unit = int(token.timescale.magnitude) * _UNITS[token.timescale.unit.value]
                elif token.kind is TokenKind.VAR and len(scopes) > 1 and token.var.size <= WIDEST:
                    names.setdefault(token.var.id_code, []).append(".".join([block, *scopes[2:], token.var.reference]))
                    changes.setdefault(token.var.id_code, ([], []))
    except (OSError, ValueError, VCDParseError) as reason:
        raise EngineError(f"cannot read the waveforms {path} of the digital block {block}: {reason}.") from reason
    found = {
        code: DigitalSignal(np.array(times) * unit, np.array(values, np.int64))
        for code, (times, values) in changes.items()
        if times
    }
    return {name: found[code] for code, all_names in names.items() if code in found for name in all_names}
