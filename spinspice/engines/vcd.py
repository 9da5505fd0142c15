"""Reads the waveforms of digital blocks (value change dumps)."""

from __future__ import annotations

import io
from collections.abc import Container, Mapping
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
    widths: dict[str, int] = {}
    scopes: list[str] = []
    unit = 1e-15
    token: Any  # what its data are depends on its kind
    try:
        head, end, body = Path(path).read_bytes().partition(b"$enddefinitions")
        if not end:
            raise ValueError("it ends before its signals are declared")
        for token in tokenize(io.BytesIO(head + b"$enddefinitions $end")):
            if token.kind is TokenKind.SCOPE:
                scopes.append(token.scope.ident)
            elif token.kind is TokenKind.UPSCOPE:
                scopes.pop()
            elif token.kind is TokenKind.TIMESCALE:
                unit = int(token.timescale.magnitude) * _UNITS[token.timescale.unit.value]
            elif token.kind is TokenKind.VAR:
                code = token.var.id_code
                widths[code] = token.var.size
                if len(scopes) > 1 and token.var.size <= WIDEST:
                    names.setdefault(code, []).append(".".join([block, *scopes[2:], token.var.reference]))
        changes = _changes(body.decode("ascii"), names, widths)
    except (OSError, ValueError, VCDParseError) as reason:
        raise EngineError(f"cannot read the waveforms {path} of the digital block {block}: {reason}.") from reason
    found = {
        code: DigitalSignal(np.array(times) * unit, np.array(values, np.int64))
        for code, (times, values) in changes.items()
        if times
    }
    return {name: found[code] for code, all_names in names.items() if code in found for name in all_names}


def _changes(body: str, wanted: Container[str], widths: Mapping[str, int]) -> dict[str, tuple[list[int], list[int]]]:
    """Return times and values of the wanted signals, by their codes, from what follows the definitions.

    Word by word and not by the reader of the package, which goes letter by letter and would take a third of a run.

    Raises
    ------
    ValueError
        For a word that does not belong there, or a value that is no number (unknown bits: Verilator knows none).
    """
    changes: dict[str, tuple[list[int], list[int]]] = {}
    now = 0
    words = iter(body.split())
    for word in words:
        kind = word[0]
        if kind == "#":
            now = int(word[1:])
        elif kind in "01xXzZ":
            _add(changes, wanted, widths, word[1:], now, kind)
        elif kind in "bB":
            _add(changes, wanted, widths, next(words, ""), now, word[1:])
        elif kind in "rRsS":
            next(words, "")  # real numbers and texts are not read
        elif word == "$comment":
            while next(words, "$end") != "$end":
                pass
        elif word not in _SECTIONS:
            raise ValueError(f"the word {word[:40]!r} is no change of a signal")
    return changes


#: Words around lists of values, and the end of the definitions.
_SECTIONS = ("$end", "$dumpvars", "$dumpall", "$dumpon", "$dumpoff")


def _add(
    changes: dict[str, tuple[list[int], list[int]]],
    wanted: Container[str],
    widths: Mapping[str, int],
    code: str,
    now: int,
    bits: str,
) -> None:
    if code in wanted:
        times, values = changes.setdefault(code, ([], []))
        times.append(now)
        values.append(int(bits, 2))
    elif code not in widths:
        raise ValueError(f"the code {code[:40]!r} stands for no signal")
