"""Inputs of a characterisation: found by itself, a grid, or as they are given."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spinspice.analysis.transfer import FEWEST_POINTS
from spinspice.errors import UsageError, check_range
from spinspice.units import number, parse_number

MOST_POINTS = 10_001
_HOW = "Write auto:17, -100m:100m:21 in volts, or numbers: -0.1,0,0.1."


@dataclasses.dataclass(frozen=True)
class AutoVin:
    """Find the transition, then take this many points across it."""

    points: int

    @property
    def vin_text(self) -> str:
        """As the command line takes it."""
        return f"auto:{self.points}"


@dataclasses.dataclass(frozen=True)
class GridVin:
    """Inputs from ``start`` to ``stop`` [V], ends included."""

    start: float
    stop: float
    points: int

    @property
    def values(self) -> NDArray[np.float64]:
        """The inputs [V], shape (points,)."""
        return np.linspace(self.start, self.stop, self.points, dtype=float)

    @property
    def vin_text(self) -> str:
        """As the command line takes it."""
        return f"{self.start!r}:{self.stop!r}:{self.points}"


@dataclasses.dataclass(frozen=True)
class ListVin:
    """Inputs as they were given [V], rising."""

    inputs: tuple[float, ...]

    @property
    def points(self) -> int:
        """Number of inputs."""
        return len(self.inputs)

    @property
    def values(self) -> NDArray[np.float64]:
        """The inputs [V], shape (points,)."""
        return np.array(self.inputs)

    @property
    def vin_text(self) -> str:
        """As the command line takes it."""
        return ",".join(repr(value) for value in self.inputs)


#: What an argument ``vin`` may be.
Vin = str | float | Sequence[float] | ArrayLike | AutoVin | GridVin | ListVin


def parse_vin(given: Vin) -> AutoVin | GridVin | ListVin:
    """Read ``auto:N``, ``START:STOP:N``, or numbers: one, a sequence, an array, or text with commas.

    Five inputs or more make a fit; fewer, given as numbers, make a transfer without one.

    >>> parse_vin("auto:17"), parse_vin("-100m:0.1:21"), parse_vin([0.1, 0.0]), parse_vin(0)
    (AutoVin(points=17), GridVin(start=-0.1, stop=0.1, points=21), ListVin(inputs=(0.0, 0.1)), ListVin(inputs=(0.0,)))

    Raises
    ------
    UsageError
        If it is none of these, START is not below STOP, N is too small for a fit, or an input is given twice.
    """
    if isinstance(given, str):
        vin = _from_text(given.strip())
    elif isinstance(given, AutoVin | GridVin | ListVin):
        vin = given
    else:
        vin = ListVin(tuple(sorted(_numbers(given))))
    if isinstance(vin, GridVin):
        for name in ("start", "stop"):
            check_range(f"vin {name}", getattr(vin, name), -100.0, 100.0, unit="V", where="input of the cell")
        if not vin.start < vin.stop:
            raise UsageError(f"vin from {vin.start:g} to {vin.stop:g} V does not rise. Give START below STOP.")
    if isinstance(vin, ListVin):
        for value in vin.inputs:
            check_range("vin", value, -100.0, 100.0, unit="V", where="input of the cell")
        if not vin.inputs or len(set(vin.inputs)) < vin.points or vin.points > MOST_POINTS:
            raise UsageError(f"vin = {given!r} is empty, holds an input twice, or more than {MOST_POINTS}. {_HOW}")
    else:
        _points(str(vin.points))
    return vin


def one_input(given: Any, name: str = "vin") -> float:
    """Return the one input [V] of a run at a constant input: a number, text, or a sequence that holds one.

    Raises
    ------
    UsageError
        For several, or what is no number.
    """
    if isinstance(given, str):
        return parse_number(given, name)
    values = _numbers(given)
    if len(values) != 1:
        raise UsageError(
            f"{name} = {given!r} holds {len(values)} inputs; this run has one. characterize() takes several."
        )
    return check_range(name, values[0], -100.0, 100.0, unit="V", where="input of the cell")


def check_temperature(temperature: float | str) -> float:
    """Return a temperature of transistors and junctions [K].

    Raises
    ------
    ParameterError
        Outside what the models take.
    """
    hint = "Kelvin: 27 C are 300 K"
    where = "transistors and junctions"
    return check_range("temperature", number(temperature, "temperature"), 1.0, 1000.0, unit="K", where=where, hint=hint)


def _from_text(text: str) -> AutoVin | GridVin | ListVin:
    if match := re.fullmatch(r"auto(?::(.*))?", text):
        return AutoVin(_points(match[1] if match[1] is not None else "17"))
    if ":" not in text:
        if not re.search(r"\d", text):
            raise UsageError(f"vin = {text!r} is neither auto:N nor START:STOP:N nor numbers. {_HOW}")
        return ListVin(tuple(sorted(parse_number(part, "vin") for part in text.split(",") if part.strip())))
    parts = text.split(":")
    if len(parts) != 3:
        raise UsageError(f"vin = {text!r} is neither auto:N nor START:STOP:N. {_HOW}")
    start, stop = (parse_number(part, "vin") for part in parts[:2])
    return GridVin(start, stop, _points(parts[2]))


def _numbers(given: Any) -> list[float]:
    """Return numbers given as one, or as a sequence or array of any one dimension.

    Raises
    ------
    UsageError
    """
    if isinstance(given, dict | set) or given is None:
        raise UsageError(f"vin = {given!r} is not inputs. {_HOW}")
    entries = list(np.asarray(given, dtype=object).ravel()) if np.ndim(given) <= 1 else None
    if entries is None:
        raise UsageError(f"vin has {np.ndim(given)} dimensions; inputs are a number or a row of them. {_HOW}")
    return [number(entry, "vin") for entry in entries]


def _points(text: str) -> int:
    try:
        points = int(text)
    except ValueError:
        raise UsageError(f"vin: the number of inputs, {text!r}, is not a whole number. Write auto:17.") from None
    if not FEWEST_POINTS <= points <= MOST_POINTS:
        raise UsageError(
            f"vin: {points} inputs are outside {FEWEST_POINTS} to {MOST_POINTS}: a tanh has four parameters. "
            "Write auto:17."
        )
    return points
