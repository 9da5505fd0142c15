"""Tables of measured values: text as instruments and spreadsheets write it, read as data and nothing else."""

from __future__ import annotations

import dataclasses
import math
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spinspice.errors import ResultError, UsageError, did_you_mean, shown
from spinspice.fitting.units import split_unit, to_si

#: Largest file [bytes].
MOST_BYTES = 500_000_000
_COMMENTS = ("#", "%", "//", "*")
_EMPTY = ("nan", "na", "n/a", "null", "none", "-", "--", "")
_ENOUGH = 5


@dataclasses.dataclass(frozen=True)
class Column:
    """What a kind of data is measured over: quantity (for its unit), other names for it, whether it may be missing."""

    quantity: str
    names: tuple[str, ...]
    meaning: str
    required: bool = True


@dataclasses.dataclass(frozen=True)
class Table:
    """Columns of numbers by name, each with its unit as written (None: SI), and where they are from."""

    columns: Mapping[str, NDArray[np.float64]]
    units: Mapping[str, str | None]
    source: str
    #: Line in the file of each row.
    lines: NDArray[np.int64]
    named: bool = True

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, ArrayLike], source: str = "arrays") -> Table:
        """Return a table of arrays in SI units; keys may carry a unit, as headers do.

        Raises
        ------
        UsageError
            For arrays of unlike lengths, or numbers that are not finite.
        """
        columns, units = {}, {}
        for header, values in arrays.items():
            name, unit = split_unit(header)
            try:
                columns[name] = np.atleast_1d(np.asarray(values, dtype=float))
            except (TypeError, ValueError):
                raise UsageError(f"{source}: {header} is no array of numbers.") from None
            units[name] = unit
        lengths = {name: values.size for name, values in columns.items()}
        if len(set(lengths.values())) != 1 or any(values.ndim != 1 for values in columns.values()):
            raise UsageError(f"{source}: arrays must be of one length; got {lengths}.")
        for name, values in columns.items():
            bad = np.flatnonzero(~np.isfinite(values))
            if bad.size:
                raise UsageError(f"{source}: {name}[{bad[0]}] = {values[bad[0]]} is no finite number. Leave it out.")
        return cls(columns, units, source, np.arange(next(iter(lengths.values()))))

    def take(self, wanted: Mapping[str, Column], given: Mapping[str, str]) -> dict[str, NDArray[np.float64]]:
        """Return the columns of a kind of data by role, in SI units.

        Parameters
        ----------
        wanted : mapping of role to Column
        given : mapping of role to column
            Columns that the user named: name, or number from 0; a unit may follow: ``bias:mV``.

        Raises
        ------
        UsageError
            For a column that is not there, taken twice, or whose unit is of another quantity.
        """
        found: dict[str, tuple[str, str | None]] = {}
        for role, text in given.items():
            if role not in wanted:
                raise UsageError(f"these data have no {shown(role)}. {did_you_mean(role, wanted)}")
            found[role] = self._given(role, str(text))
        taken = {name for name, _ in found.values()}
        folded = {_fold(name): name for name in self.columns}
        if not self.named:
            found |= self._by_place(wanted, found)
        for role, column in wanted.items():
            if role in found or not self.named:
                continue
            for name in (role, *column.names):
                own = folded.get(_fold(name))
                if own is not None and own not in taken:
                    found[role] = (own, self.units[own])
                    taken.add(own)
                    break
        missing = [role for role, column in wanted.items() if column.required and role not in found]
        if missing:
            role = missing[0]
            raise UsageError(
                f"{self.source}: no column {role} ({wanted[role].meaning}) among {', '.join(self.columns)}. Name it: "
                f"--column {role}=NAME, or NAME:UNIT (columns={{...}} in Python); or head it "
                f"{' or '.join((role, *wanted[role].names)[:4])}."
            )
        out = {}
        for role, (name, unit) in found.items():
            factor, offset = to_si(unit, wanted[role].quantity, f"{self.source}: column {name} ({role})")
            out[role] = self.columns[name] * factor + offset
        return out

    def _given(self, role: str, text: str) -> tuple[str, str | None]:
        name, _, unit = text.partition(":")
        folded = {_fold(own): own for own in self.columns}
        if name in self.columns:
            own = name
        elif _fold(split_unit(name)[0]) in folded:
            own = folded[_fold(split_unit(name)[0])]
        elif name.isdecimal() and int(name) < len(self.columns):
            own = list(self.columns)[int(name)]
        else:
            raise UsageError(f"{self.source}: column {shown(name)} for {role}: {did_you_mean(name, self.columns)}")
        return own, unit or self.units[own]

    def _by_place(self, wanted: Mapping[str, Column], found: Mapping[str, Any]) -> dict[str, tuple[str, str | None]]:
        """Without headers: the required columns in their order, if there are as many columns."""
        needed = [role for role, column in wanted.items() if column.required and role not in found]
        free = [name for name in self.columns if name not in {own for own, _ in found.values()}]
        if len(free) != len(needed):
            raise UsageError(
                f"{self.source} has {len(self.columns)} columns without names. Name those that are meant, by number "
                f"from 0 and unit: --column {next(iter(wanted))}=0:UNIT, ... of: {', '.join(wanted)}."
            )
        return {role: (name, None) for role, name in zip(needed, free, strict=True)}


def read_table(path: str | os.PathLike[str], *, skip: int = 0) -> Table:
    """Read a table of measured numbers.

    Text in UTF-8, UTF-16 or Latin-1; columns between tabs, semicolons, commas or blanks; decimal points, or decimal
    commas where columns are parted by something else; headers with units (``bias (mV)``, ``time_us``) or none, and a
    line of units below them; lines that begin with #, %, // or * are passed over.

    Parameters
    ----------
    path : path
    skip : int
        Lines at the start that are passed over: the preamble of an instrument.

    Raises
    ------
    ResultError
        If it cannot be read as text.
    UsageError
        Naming the line of the first value that is no number, NaN or missing.
    """
    path = Path(path)
    lines = _lines(path, skip)
    part, comma = _separator([text for _, text in lines], path)
    rows = [(number, [cell.strip().strip('"').strip() for cell in _split(text, part)]) for number, text in lines]
    heads: list[list[str]] = []
    while rows and all(_number(cell, comma) is None for cell in rows[0][1]) and len(heads) < 2:
        heads.append(rows.pop(0)[1])
    if not rows:
        raise UsageError(f"{path} holds no row of numbers.")
    width = len(rows[0][1])
    if rows and heads and len(heads[0]) > width and not heads[0][-1]:
        heads[0] = heads[0][:width]
    values = np.empty((len(rows), width))
    for k, (number, cells) in enumerate(rows):
        if len(cells) != width:
            raise UsageError(
                f"{path}:{number}: {len(cells)} columns where line {rows[0][0]} has {width}: {shown(' '.join(cells))}. "
                "A preamble can be passed over with --skip LINES."
            )
        for c, cell in enumerate(cells):
            values[k, c] = _finite(cell, comma, f"{path}:{number}", c)
    names, units = _headers(heads, width, path)
    columns = {name: values[:, c].copy() for c, name in enumerate(names)}
    return Table(columns, units, str(path), np.array([number for number, _ in rows]), bool(heads))


def _lines(path: Path, skip: int) -> list[tuple[int, str]]:
    try:
        if path.exists() and not path.is_file():
            raise ResultError(f"cannot read {path}: it is no file.")
        data = path.read_bytes() if path.stat().st_size <= MOST_BYTES else b""
    except (OSError, ValueError) as reason:
        raise ResultError(f"cannot read {path}: {getattr(reason, 'strerror', None) or reason}.") from None
    if not data.strip():
        raise UsageError(f"{path} is empty, or larger than {MOST_BYTES} bytes.")
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        text = data.decode("utf-16", errors="replace")
    elif b"\0" in data[:4096]:
        raise UsageError(f"{path} is no text. Save the data as CSV; waveforms of simulators: `spinspice waveforms`.")
    else:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = data.decode("latin-1")
    numbered = enumerate(text.splitlines(), start=1)
    kept = [(n, line) for n, line in numbered if n > skip and line.strip() and not line.lstrip().startswith(_COMMENTS)]
    if not kept:
        raise UsageError(f"{path} holds comments only.")
    return kept


def _separator(lines: Sequence[str], path: Path) -> tuple[str | None, bool]:
    """Return what parts the columns (None: blanks) and whether decimals are commas."""
    body = lines[min(2, len(lines) - 1) : 60]
    for mark in ("\t", ";"):
        if all(mark in line for line in body):
            return mark, any("," in line for line in body)
    if not all("," in line for line in body):
        return None, False
    if any(re.search(r"\d,\d+\s+[-+]?\d+,\d", line) for line in body):
        return None, True  # 1,5 2,5: blanks part, commas are decimal
    if not any("." in line for line in body) and len({line.count(",") for line in body}) == 1:
        counts = body[0].count(",") + 1
        heads = [line for line in lines[:2] if not re.search(r"\d,\d", line)]
        if heads and counts == 2 * (heads[0].count(",") + 1):
            raise UsageError(
                f"{path}: {counts} numbers a line under {counts // 2} headers: commas part the columns and the "
                "decimals. Save it with semicolons or tabs between the columns."
            )
    return ",", False


def _split(text: str, part: str | None) -> list[str]:
    cells = text.split() if part is None else text.split(part)
    return cells[:-1] if part is not None and len(cells) > 1 and not cells[-1].strip() else cells


def _number(cell: str, comma: bool) -> float | None:
    try:
        return float(cell.replace(",", ".") if comma else cell) if "_" not in cell else None
    except ValueError:
        return None


def _finite(cell: str, comma: bool, where: str, column: int) -> float:
    value = _number(cell, comma)
    if value is not None and math.isfinite(value):
        return value
    if cell.lower() in _EMPTY or (value is not None and math.isnan(value)):
        raise UsageError(f"{where}: column {column} holds no value ({shown(cell)}). Take such rows out of the file.")
    hint = " It has a decimal comma." if re.fullmatch(r"[-+]?\d+,\d+(e[-+]?\d+)?", cell, re.I) else ""
    raise UsageError(f"{where}: column {column} is {shown(cell)}, no finite number.{hint}")


def _headers(heads: Sequence[Sequence[str]], width: int, path: Path) -> tuple[list[str], dict[str, str | None]]:
    if not heads:
        return [str(c) for c in range(width)], {str(c): None for c in range(width)}
    first = list(heads[0])
    if len(first) != width:
        raise UsageError(f"{path}: {len(first)} headers over {width} columns: {', '.join(first)[:200]}.")
    below = list(heads[1]) if len(heads) > 1 and len(heads[1]) == width else [""] * width
    split = [split_unit(header) for header in first]
    names = [name for name, _ in split]
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise UsageError(f"{path}: two columns are named {sorted(twice)[0]!r}. Give each a name of its own.")
    units = {name: unit or (under.strip("[]() ") or None) for (name, unit), under in zip(split, below, strict=True)}
    return names, units


def _fold(name: str) -> str:
    """Return a name as it is compared: lower case, without blanks and underscores.

    ``T`` and ``t`` differ in physics: single letters keep their case.
    """
    name = name.strip()
    return name if len(name) == 1 else re.sub(r"[\s_\-.]+", "", name).lower()


def rising(times: NDArray[np.float64], table_lines: Iterable[int], source: str) -> None:
    """Refuse times that do not rise.

    Raises
    ------
    UsageError
        Naming the line.
    """
    back = np.flatnonzero(np.diff(times) <= 0.0)
    if back.size:
        line = list(table_lines)[int(back[0]) + 1]
        many = " Are time and signal swapped?" if back.size > times.size // _ENOUGH else " Sort the rows by time."
        raise UsageError(
            f"{source}: the time does not rise at line {line}: "
            f"{times[back[0]]:g} s, then {times[back[0] + 1]:g} s.{many}"
        )
