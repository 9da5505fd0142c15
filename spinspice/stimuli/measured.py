"""A waveform from a file of measured values: two columns of a table of numbers, read as data and nothing else."""

from __future__ import annotations

import csv
import dataclasses
import math
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Self

from spinspice.errors import ParameterError, ResultError, UsageError, did_you_mean
from spinspice.stimuli.waves import Lines, Pwl

#: Most rows that are read: every one is a corner, and an engine takes some five time points for each.
MAX_ROWS = 200_000
_DELIMITERS = ",;\t"


@dataclasses.dataclass(frozen=True)
class Measured(Lines):
    """Measured points with straight lines between; ``source`` says where they are from.

    Raises
    ------
    ParameterError
        As :class:`spinspice.stimuli.Pwl`.
    """

    times: Sequence[float]
    levels: Sequence[float]
    source: str = ""

    def __post_init__(self) -> None:
        line = Pwl(self.times, self.levels)
        object.__setattr__(self, "times", line.times)
        object.__setattr__(self, "levels", line.levels)

    @classmethod
    def from_csv(
        cls,
        path: str | os.PathLike[str],
        *,
        time: str | int = 0,
        level: str | int = 1,
        time_scale: float = 1.0,
        scale: float = 1.0,
        shift: bool = False,
        skip: int = 0,
    ) -> Self:
        """Read two columns of a file of numbers.

        Parameters
        ----------
        path : path
            Text in UTF-8: columns between commas, semicolons or tabs; lines that begin with # are passed over; the
            first line may name the columns, if it holds no number.
        time, level : str or int
            The columns, by name or by number from 0.
        time_scale, scale : float
            What the numbers are multiplied with, to seconds and to volts or amperes.
        skip : int
            Lines at the start that are passed over: the preamble of an instrument.
        shift : bool
            Let the first row be time 0: for records with a trigger, whose times begin below it.

        Raises
        ------
        ResultError
            If the file cannot be read as text.
        ParameterError
            Naming the line of the first value that is no finite number, or of a time that does not rise.
        UsageError
            For a column that it does not have.
        """
        path = Path(path)
        rows = _rows(path, skip)
        names: list[str] = []
        if all(_number(cell) is None for cell in rows[0][1]):
            names = [cell.strip() for cell in rows.pop(0)[1]]
        if not rows:
            raise ParameterError(f"{path} holds no rows of numbers below the names of its columns.")
        columns = [_column(path, names, rows, wanted) for wanted in (time, level)]
        points = [_point(path, number, cells, columns) for number, cells in rows]
        start = points[0][0] if shift else 0.0
        if points[0][0] < start or (points[0][0] < 0.0 and not shift):
            raise ParameterError(f"{path} begins at {points[0][0]:g}, before time 0. Pass shift=True to begin there.")
        for (number, _), before, after in zip(rows[1:], points, points[1:], strict=False):
            if not after[0] > before[0]:
                raise ParameterError(f"line {number} of {path}: time {after[0]:g} follows {before[0]:g}; it must rise.")
        times = [time_scale * (point[0] - start) for point in points]
        return cls(times, [scale * point[1] for point in points], str(path))

    @property
    def lines(self) -> Pwl:
        return Pwl(self.times, self.levels)


def _rows(path: Path, skip: int) -> list[tuple[int, list[str]]]:
    """Return line numbers and cells of the lines that hold data or names."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as reason:
        raise ResultError(f"cannot read {path} as text: {reason}.") from reason
    lines = [(number, line) for number, line in enumerate(text.splitlines(), start=1) if number > skip]
    lines = [(number, line) for number, line in lines if line.strip() and not line.lstrip().startswith("#")]
    if not lines:
        raise ParameterError(f"{path} holds no rows; two columns of numbers are needed.")
    if len(lines) > MAX_ROWS:
        raise ParameterError(f"{path} holds {len(lines)} rows; up to {MAX_ROWS} are read. Thin it out.")
    delimiter = max(_DELIMITERS, key=lines[0][1].count)
    if delimiter not in lines[0][1]:
        return [(number, line.split()) for number, line in lines]
    return [(number, next(csv.reader([line], delimiter=delimiter))) for number, line in lines]


def _number(cell: str) -> float | None:
    try:
        return float(cell)
    except ValueError:
        return None


def _column(path: Path, names: list[str], rows: list[tuple[int, list[str]]], wanted: str | int) -> int:
    if isinstance(wanted, int):
        width = len(rows[0][1])
        if not 0 <= wanted < width:
            raise UsageError(f"{path} has no column {wanted}: it has {width}, counted from 0.")
        return wanted
    if wanted not in names:
        what = did_you_mean(wanted, names) if names else "Its first line names none: give a number from 0."
        raise UsageError(f"{path} has no column {wanted!r}. {what}")
    return names.index(wanted)


def _point(path: Path, number: int, cells: list[str], columns: list[int]) -> tuple[float, float]:
    values = []
    for column in columns:
        value = _number(cells[column]) if column < len(cells) else None
        if value is None or not math.isfinite(value):
            got = repr(cells[column]) if column < len(cells) else "nothing"
            raise ParameterError(
                f"line {number} of {path}: {got} in column {column} is no finite number. Numbers have a decimal point."
            )
        values.append(value)
    return values[0], values[1]
