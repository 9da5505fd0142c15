"""What every waveform answers."""

from __future__ import annotations

import abc
import math
from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spinspice.errors import ParameterError, check_range
from spinspice.stimuli.dialects import words

#: Longest time and largest value that a waveform takes.
MAX_TIME, MAX_VALUE = 1e9, 1e12


class Waveform(abc.ABC):
    """A voltage [V] or current [A] over time [s]; its records are frozen, so that they compare and hash."""

    @abc.abstractmethod
    def value(self, time: ArrayLike) -> NDArray[np.float64]:
        """Return the waveform at ``time`` [s], of the shape of ``time``; before 0 what it is at 0."""

    @abc.abstractmethod
    def breakpoints(self, stop: float) -> NDArray[np.float64]:
        """Return the times of its corners [s] from 0 to ``stop``, rising."""

    @abc.abstractmethod
    def arguments(self) -> tuple[str, tuple[float, ...]]:
        """Return SPICE's name of it (dc, pulse, sin, pwl) and its arguments in SPICE's order, none left out."""

    def text(self, dialect: str = "ngspice") -> str:
        """Return what stands behind the nodes of a V or I in a dialect of :data:`spinspice.stimuli.DIALECTS`."""
        return " ".join(words(dialect, *self.arguments()))

    def __str__(self) -> str:
        return self.text()


def checked(where: str, **values: float) -> None:
    """Check that levels are finite numbers.

    Raises
    ------
    ParameterError
    """
    for name, value in values.items():
        check_range(name, value, -MAX_VALUE, MAX_VALUE, where=where)


def check_time(where: str, *, positive: bool = False, **values: float) -> None:
    """Check that times [s] are not negative, or positive.

    Raises
    ------
    ParameterError
    """
    for name, value in values.items():
        hint = ""
        if positive:
            hint = "An edge or width of 0 means something else in every simulator: give it a length"
        check_range(name, value, 0.0, MAX_TIME, unit="s", open_low=positive, where=where, hint=hint)


def numbers(where: str, name: str, values: Iterable[float]) -> tuple[float, ...]:
    """Return finite floats as a tuple.

    Raises
    ------
    ParameterError
        Naming the first that is none.
    """
    try:
        out = tuple(float(value) for value in values)
    except (TypeError, ValueError):
        raise ParameterError(f"{where}: {name} = {values!r} is no row of numbers.") from None
    for place, value in enumerate(out):
        if not math.isfinite(value) or abs(value) > MAX_VALUE:
            raise ParameterError(f"{where}: {name}[{place}] = {value:g} is not a number up to {MAX_VALUE:g}.")
    return out


def take_points(
    wave: Any, times: Iterable[float], levels: Iterable[float]
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Put times [s] and levels into a frozen record as tuples of floats, and return them.

    Raises
    ------
    ParameterError
        For numbers that are not finite, rows of unlike lengths, or no point at all.
    """
    where = type(wave).__name__
    taken = numbers(where, "times", times), numbers(where, "levels", levels)
    if len(taken[0]) != len(taken[1]) or not taken[0]:
        counts = f"{len(taken[0])} times and {len(taken[1])} levels"
        raise ParameterError(f"{where}: {counts} are given; one level a time, and one of them at least.")
    object.__setattr__(wave, "times", taken[0])
    object.__setattr__(wave, "levels", taken[1])
    return taken


def inside(times: ArrayLike, stop: float) -> NDArray[np.float64]:
    """Return the times [s] from 0 to ``stop``, rising, each once."""
    array = np.unique(np.asarray(times, dtype=float))
    return array[(array >= 0.0) & (array <= stop)]
