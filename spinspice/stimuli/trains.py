"""Waveforms made of lines: pulses at given times, bits at a clock, steps of levels. Simulators see their corners."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterable, Sequence

from spinspice.errors import ParameterError, check_range
from spinspice.stimuli.base import MAX_TIME, check_time, checked, numbers, take_points
from spinspice.stimuli.waves import Lines, Pwl, check_rising


@dataclasses.dataclass(frozen=True, kw_only=True)
class PulseTrain(Lines):
    """One pulse at each of ``times``, as spikes before and behind a synapse are.

    Parameters
    ----------
    times : iterable of float
        Where the rises begin [s].
    low : float
        Level between pulses [V or A].
    high : float or iterable of float
        Level of all pulses, or of each.
    rise, width, fall : float
        Of every pulse [s], positive; they must be over before the next begins.
    """

    times: Sequence[float]
    low: float = 0.0
    high: float | Sequence[float]
    rise: float
    width: float
    fall: float

    def __post_init__(self) -> None:
        checked("PulseTrain", low=self.low)
        check_time("PulseTrain", positive=True, rise=self.rise, width=self.width, fall=self.fall)
        times = numbers("PulseTrain", "times", self.times)
        given = self.high
        high = numbers("PulseTrain", "high", given if isinstance(given, Iterable) else [given] * len(times))
        object.__setattr__(self, "times", times)
        object.__setattr__(self, "high", high)
        if len(high) != len(times):
            raise ParameterError(f"PulseTrain: {len(high)} levels high for {len(times)} pulses; one for each, or one.")
        for place, time in enumerate(times):
            check_range(f"times[{place}]", time, 0.0, MAX_TIME, unit="s", where="PulseTrain")
        length = self.rise + self.width + self.fall
        for before, after in itertools.pairwise(times):
            if not after > before + length:
                raise ParameterError(
                    f"PulseTrain: the pulse at {after:g} s begins before that at {before:g} s ends, {length:g} s later."
                )

    @property
    def lines(self) -> Pwl:
        times, levels = [], []
        for time, high in zip(tuple(self.times), tuple(self.high), strict=True):  # type: ignore[arg-type]
            top = time + self.rise
            times += [time, top, top + self.width, top + self.width + self.fall]
            levels += [self.low, high, high, self.low]
        return Pwl(times, levels) if times else Pwl([0.0], [self.low])


@dataclasses.dataclass(frozen=True, kw_only=True)
class Staircase(Lines):
    """One level after another, with edges between.

    Parameters
    ----------
    times : iterable of float
        When each level begins [s]; the first is 0.
    levels : iterable of float
        [V or A].
    edge : float
        Length of the edges [s], positive: an edge begins at its time, or ends there if ``early``.
    early : bool
    """

    times: Sequence[float]
    levels: Sequence[float]
    edge: float
    early: bool = False

    def __post_init__(self) -> None:
        times, _ = take_points(self, self.times, self.levels)
        check_time("Staircase", positive=True, edge=self.edge)
        if times[0] != 0.0:
            raise ParameterError(f"Staircase: times[0] = {times[0]:g} s; the first level begins at 0.")
        check_rising("Staircase", times)
        for before, after in itertools.pairwise(times):
            if not after - before > self.edge:
                raise ParameterError(
                    f"Staircase: edge = {self.edge:g} s does not fit between {before:g} and {after:g} s. Shorten it."
                )

    @classmethod
    def even(cls, levels: Iterable[float], every: float, edge: float, *, early: bool = False) -> Staircase:
        """Return a staircase whose steps are all ``every`` [s] long."""
        levels = tuple(levels)
        return cls(times=tuple(k * every for k in range(len(levels))), levels=levels, edge=edge, early=early)

    @property
    def lines(self) -> Pwl:
        times, levels = tuple(self.times), tuple(self.levels)
        at, values = [0.0], [levels[0]]
        for k in range(1, len(times)):
            begin, end = (times[k] - self.edge, times[k]) if self.early else (times[k], times[k] + self.edge)
            at += [begin, end]
            values += [levels[k - 1], levels[k]]
        return Pwl(at, values)


@dataclasses.dataclass(frozen=True, kw_only=True)
class BitStream(Lines):
    """Bits at a clock: bit k from ``delay`` + k ``period`` on, an ``edge`` [s] only where the bit changes.

    ``bits`` is a row of 0 and 1, or text such as ``"0110"``. The first bit also stands before ``delay``, the last
    stays.
    """

    bits: Sequence[int | str]
    period: float
    edge: float
    low: float = 0.0
    high: float = 1.0
    delay: float = 0.0

    def __post_init__(self) -> None:
        bits = tuple(self.bits)
        if not bits or any(str(bit) not in ("0", "1") and bit not in (0, 1) for bit in bits):
            raise ParameterError(f"BitStream.bits = {self.bits!r}: a row of 0 and 1, one at least.")
        object.__setattr__(self, "bits", tuple(int(bit) for bit in bits))
        checked("BitStream", low=self.low, high=self.high)
        check_time("BitStream", delay=self.delay)
        check_time("BitStream", positive=True, period=self.period, edge=self.edge)
        if not self.edge < self.period:
            raise ParameterError(f"BitStream: edge = {self.edge:g} s does not fit into a period of {self.period:g} s.")

    @property
    def lines(self) -> Pwl:
        bits = tuple(int(bit) for bit in self.bits)
        level = {bit: self.high if bit else self.low for bit in (0, 1)}
        times, levels = [0.0], [level[bits[0]]]
        for k in range(1, len(bits)):
            if bits[k] != bits[k - 1]:
                start = self.delay + k * self.period
                times += [start, start + self.edge]
                levels += [level[bits[k - 1]], level[bits[k]]]
        return Pwl(times, levels)
