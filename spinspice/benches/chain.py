"""What the sources of a chain play: a train of input pulses with resets between, or one slow ramp.

Both leave the control currents ``c1`` ... ``cN`` and the inputs as parameters of the testbench, so that a loaded
circuit takes new ones without being parsed again.
"""

from __future__ import annotations

import dataclasses
import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spinspice.devices.laws.thresholds import AP, P, Threshold, activation, pulse_threshold, ramp_threshold
from spinspice.devices.telegraph import Telegraph
from spinspice.errors import check_range
from spinspice.stimuli import spice
from spinspice.stimuli.dialects import corners
from spinspice.units import format_number


@dataclasses.dataclass(frozen=True, kw_only=True)
class PulseTrain:
    """Inputs one after the other: each begins with a reset at the control currents alone.

    The paper applies dc currents of unpublished duration; times and edges are our choice.

    Parameters
    ----------
    slots : int
        Inputs in a train.
    idle : float
        Reset at zero input before each input [s].
    edge : float
        Rise and fall of an input [s].
    hold : float
        Duration of an input [s].
    read, read_edge : float
        Pause without any current after each input, in which the junctions are read [s], and the edges around it: all
        currents, the control currents too, fall to zero there. No pause (0) by default: an input ends with an
        ``edge`` to the control currents.
    """

    slots: int = 1
    idle: float = 5e-3
    edge: float = 10e-6
    hold: float = 5e-3
    read: float = 0.0
    read_edge: float = 1e-9

    def __post_init__(self) -> None:
        check_range("slots", self.slots, 1, 1000, where="inputs in a train")
        check_range("read", self.read, 0.0, 1e3, unit="s", where="PulseTrain.read")
        for name in ("idle", "edge", "hold", "read_edge"):
            check_range(name, getattr(self, name), 0.0, 1e3, unit="s", open_low=True, where=f"PulseTrain.{name}")

    @property
    def fall(self) -> float:
        """Fall of an input [s]."""
        return self.read_edge if self.read else self.edge

    @property
    def period(self) -> float:
        """Time from one input to the next [s]."""
        return self.reading + (self.read + self.read_edge if self.read else 0.0)

    @property
    def reading(self) -> float:
        """From the start of a slot to the end of the fall of its input [s], where the pause for reading begins."""
        return self.idle + self.edge + self.hold + self.fall

    @property
    def duration(self) -> float:
        """Length of the train [s]."""
        return self.slots * self.period

    @property
    def inputs(self) -> tuple[str, ...]:
        """Parameters that hold the inputs."""
        return tuple(f"in{k}" for k in range(1, self.slots + 1))

    def waveform(self, control: str, carries_input: bool) -> str:
        """Return the current of a source as a SPICE waveform.

        Parameters
        ----------
        control : str
            Expression of its share of the control currents, such as ``c2-c1``.
        carries_input : bool
            Whether the inputs are added to it.
        """
        if not carries_input and not self.read:
            return f"dc {{{control}}}"
        points: list[float | str] = [0.0, f"{{{control}}}"]
        for k, name in enumerate(self.inputs):
            high = f"{{{control}+{name}}}" if carries_input else f"{{{control}}}"
            values = [f"{{{control}}}", high, high, "0" if self.read else f"{{{control}}}"]
            if self.read:
                values += ["0", f"{{{control}}}"]
            times = k * self.period + self._corners
            points += corners(times, values)
        return spice("pwl", points)

    def current(self, time: ArrayLike, inputs: ArrayLike) -> NDArray[np.float64]:
        """Input current [A] at ``time`` [s] of a train of ``inputs`` [A] (missing ones are 0)."""
        values = np.zeros(self.slots)
        values[: np.size(inputs)] = inputs
        return self._interpolated(time, values[:, None] * [0.0, 1.0, 1.0, 0.0])

    def gate(self, time: ArrayLike) -> NDArray[np.float64]:
        """Part of the control currents that flows at ``time`` [s]: 0 in a pause for reading, else 1."""
        if not self.read:
            return np.ones_like(np.asarray(time, dtype=float))
        return self._interpolated(time, np.tile([1.0, 1.0, 1.0, 0.0, 0.0, 1.0], (self.slots, 1)))

    @property
    def _corners(self) -> NDArray[np.float64]:
        """Times in a slot at which a source has a corner [s]."""
        steps = [self.idle, self.edge, self.hold, self.fall]
        return np.cumsum([*steps, self.read, self.read_edge] if self.read else steps)

    def _interpolated(self, time: ArrayLike, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return at ``time`` what has these values at the first corners of each slot, shape (slots, corners)."""
        times = self.period * np.arange(self.slots)[:, None] + self._corners[: values.shape[1]]
        return np.interp(np.asarray(time, dtype=float), times.ravel(), values.ravel())

    def threshold(self, device: Telegraph, swing: float = 1e-3) -> Threshold:
        """Law of the total current out of AP; the edges, of ``swing`` [A], add less than a thousandth of the hold."""
        return pulse_threshold(device, self.hold, rise=swing / self.edge, fall=swing / self.fall, state=AP)

    def reset_failure(self, device: Telegraph, control: float) -> float:
        """Probability [1] that a parallel junction is still parallel after a reset at the current ``control`` [A]."""
        log_rate, width, sign = activation(device, P)
        return math.exp(-self.idle * math.exp(min(log_rate + sign * control / width, 300.0)))

    def highest_control(self, device: Telegraph, failure: float) -> float:
        """Least negative control current [A] that resets but for a probability ``failure``."""
        return float(pulse_threshold(device, self.idle, state=P).quantile(1.0 - failure))


@dataclasses.dataclass(frozen=True, kw_only=True)
class Ramp:
    """One input that rises evenly from ``start`` to ``stop`` [A] in ``duration`` [s]."""

    start: float = 0.0
    stop: float = 1e-3
    duration: float = 1.0

    def __post_init__(self) -> None:
        check_range("stop", self.stop, self.start, 1.0, unit="A", open_low=True, where="Ramp.stop, above its start")
        check_range("duration", self.duration, 0.0, 1e6, unit="s", open_low=True, where="Ramp.duration")

    @property
    def rate(self) -> float:
        """Rate [A/s]."""
        return (self.stop - self.start) / self.duration

    @property
    def inputs(self) -> tuple[str, ...]:
        """A ramp has no inputs to choose."""
        return ()

    def waveform(self, control: str, carries_input: bool) -> str:
        """The current of a source as a SPICE waveform; arguments as for :meth:`PulseTrain.waveform`."""
        if not carries_input:
            return f"dc {{{control}}}"
        start, stop = format_number(self.start), format_number(self.stop)
        return spice("pwl", [0.0, f"{{{control}+({start})}}", self.duration, f"{{{control}+({stop})}}"])

    def threshold(self, device: Telegraph) -> Threshold:
        """Law of the total current out of AP."""
        return ramp_threshold(device, self.rate, AP)
