"""Waveforms that simulators have themselves: constant, pulse, sine, piecewise linear; a ramp is one of the last."""

from __future__ import annotations

import abc
import dataclasses
import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spinspice.errors import ParameterError, check_range
from spinspice.stimuli.base import MAX_TIME, Waveform, check_time, checked, inside, take_points
from spinspice.stimuli.dialects import corners

#: Sums of times are rounded: what a period must exceed its parts by, as a part of them.
_ROUNDING = 1e-12


@dataclasses.dataclass(frozen=True)
class Constant(Waveform):
    """The same ``level`` [V or A] always."""

    level: float = 0.0

    def __post_init__(self) -> None:
        checked("Constant", level=self.level)

    def value(self, time: ArrayLike) -> NDArray[np.float64]:
        return np.full(np.shape(time), float(self.level))

    def breakpoints(self, stop: float) -> NDArray[np.float64]:
        return np.zeros(0)

    def arguments(self) -> tuple[str, tuple[float, ...]]:
        return "dc", (float(self.level),)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Pulse(Waveform):
    """``low``, then a pulse to ``high`` every ``period``: SPICE's PULSE with all arguments given.

    What SPICE lets be left out or 0 differs between simulators (an edge of 0 is the suggested step in one, a
    millionth of the run in another; without period a pulse repeats at once or never), so nothing is left out here and
    no edge is 0.

    Parameters
    ----------
    low, high : float
        Levels [V or A].
    delay : float
        Where the first rise begins [s].
    rise, fall : float
        Lengths of the edges [s], positive.
    width : float
        Time at ``high`` between the edges [s], positive.
    period : float
        From one rise to the next [s], longer than rise, width and fall together; infinite (the default) for a single
        pulse, which is written as its four corners.

    Raises
    ------
    ParameterError
        For an edge or width that is not positive, or a period into which rise, width and fall do not fit.
    """

    low: float = 0.0
    high: float
    delay: float = 0.0
    rise: float
    fall: float
    width: float
    period: float = math.inf

    def __post_init__(self) -> None:
        checked("Pulse", low=self.low, high=self.high)
        check_time("Pulse", delay=self.delay)
        check_time("Pulse", positive=True, rise=self.rise, fall=self.fall, width=self.width)
        if not self.period > (1.0 + _ROUNDING) * self._length:
            raise ParameterError(
                f"Pulse: period = {self.period:g} s is no longer than rise, width and fall together, "
                f"{self._length:g} s. Simulators want the pulse over before the next begins: shorten the width."
            )

    @property
    def _length(self) -> float:
        return self.rise + self.width + self.fall

    @property
    def _corners(self) -> NDArray[np.float64]:
        return np.array([0.0, self.rise, self.rise + self.width, self._length])

    @property
    def _single(self) -> Pwl:
        return Pwl(tuple(self.delay + self._corners), (self.low, self.high, self.high, self.low))

    def value(self, time: ArrayLike) -> NDArray[np.float64]:
        since = np.asarray(time, dtype=float) - self.delay
        if math.isfinite(self.period):
            since = np.where(since > self.period, since - self.period * np.floor(since / self.period), since)
        return np.interp(since, self._corners, [self.low, self.high, self.high, self.low])

    def breakpoints(self, stop: float) -> NDArray[np.float64]:
        if not math.isfinite(self.period):
            return inside(self.delay + self._corners, stop)
        count = max(0, math.floor((stop - self.delay) / self.period) + 1)
        return inside(self.delay + self.period * np.arange(count)[:, None] + self._corners, stop)

    def arguments(self) -> tuple[str, tuple[float, ...]]:
        if not math.isfinite(self.period):
            return self._single.arguments()
        values = (self.low, self.high, self.delay, self.rise, self.fall, self.width, self.period)
        return "pulse", tuple(float(value) for value in values)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Sine(Waveform):
    r"""``offset`` + ``amplitude`` sin(2 pi ``frequency`` (t - ``delay``) + ``phase``) exp(-``damping`` (t - delay)).

    Before ``delay`` [s] it stands at its value there. ``frequency`` [Hz], positive; ``damping`` [1/s]; ``phase``
    [degrees], as SPICE has it.
    """

    offset: float = 0.0
    amplitude: float
    frequency: float
    delay: float = 0.0
    damping: float = 0.0
    phase: float = 0.0

    def __post_init__(self) -> None:
        checked("Sine", offset=self.offset, amplitude=self.amplitude, phase=self.phase)
        check_time("Sine", delay=self.delay)
        check_range("frequency", self.frequency, 0.0, 1e15, unit="Hz", open_low=True, where="Sine.frequency")
        check_range("damping", self.damping, 0.0, 1e15, unit="1/s", where="Sine.damping")

    def value(self, time: ArrayLike) -> NDArray[np.float64]:
        since = np.maximum(np.asarray(time, dtype=float) - self.delay, 0.0)
        angle = 2.0 * math.pi * self.frequency * since + math.radians(self.phase)
        return np.asarray(self.offset + self.amplitude * np.sin(angle) * np.exp(-self.damping * since))

    def breakpoints(self, stop: float) -> NDArray[np.float64]:
        return inside([self.delay], stop) if self.delay else np.zeros(0)

    def arguments(self) -> tuple[str, tuple[float, ...]]:
        values = (self.offset, self.amplitude, self.frequency, self.delay, self.damping, self.phase)
        return "sin", tuple(float(value) for value in values)


@dataclasses.dataclass(frozen=True)
class Pwl(Waveform):
    """Straight lines between points; the first value before them, the last behind.

    Parameters
    ----------
    times : iterable of float
        [s], not negative, each later than the one before.
    levels : iterable of float
        Values there [V or A].

    Raises
    ------
    ParameterError
        For rows of unlike lengths, no point at all, or times that do not rise.
    """

    times: Sequence[float]
    levels: Sequence[float]

    def __post_init__(self) -> None:
        times, _ = take_points(self, self.times, self.levels)
        check_range("times[0]", times[0], 0.0, MAX_TIME, unit="s", where="Pwl")
        check_rising("Pwl", times)

    @property
    def points(self) -> tuple[tuple[float, ...], tuple[float, ...]]:
        """Times [s] and levels as they are written: from time 0 on."""
        times, levels = tuple(self.times), tuple(self.levels)
        return (times, levels) if times[0] == 0.0 else ((0.0, *times), (levels[0], *levels))

    def value(self, time: ArrayLike) -> NDArray[np.float64]:
        return np.asarray(np.interp(np.asarray(time, dtype=float), *self.points))

    def breakpoints(self, stop: float) -> NDArray[np.float64]:
        times = self.points[0]
        return inside(times if len(times) > 1 else [], stop)

    def arguments(self) -> tuple[str, tuple[float, ...]]:
        times, levels = self.points
        if len(times) == 1:  # a constant: dialects differ in whether one point is a waveform
            return "dc", levels
        return "pwl", tuple(float(number) for number in corners(times, levels))


class Lines(Waveform):
    """A waveform that is written as straight lines between points."""

    @property
    @abc.abstractmethod
    def lines(self) -> Pwl:
        """The points."""

    def value(self, time: ArrayLike) -> NDArray[np.float64]:
        return self.lines.value(time)

    def breakpoints(self, stop: float) -> NDArray[np.float64]:
        return self.lines.breakpoints(stop)

    def arguments(self) -> tuple[str, tuple[float, ...]]:
        return self.lines.arguments()


@dataclasses.dataclass(frozen=True, kw_only=True)
class Ramp(Lines):
    """Evenly from ``start`` to ``end`` [V or A] within ``duration`` [s], beginning at ``delay`` [s]; then ``end``."""

    start: float = 0.0
    end: float
    duration: float
    delay: float = 0.0

    def __post_init__(self) -> None:
        checked("Ramp", start=self.start, end=self.end)
        check_time("Ramp", delay=self.delay)
        check_time("Ramp", positive=True, duration=self.duration)

    @property
    def lines(self) -> Pwl:
        return Pwl((self.delay, self.delay + self.duration), (self.start, self.end))


def check_rising(where: str, times: tuple[float, ...]) -> None:
    """Refuse times that do not rise, naming the first.

    Raises
    ------
    ParameterError
    """
    for place in range(1, len(times)):
        if not times[place] > times[place - 1]:
            raise ParameterError(
                f"{where}: times[{place}] = {times[place]:g} s follows {times[place - 1]:g} s; times must rise. "
                "A jump is an edge with a length."
            )
