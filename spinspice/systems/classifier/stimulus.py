"""What the sources of a chain play: a train of input pulses with resets between, or one slow ramp.

Both leave the control currents ``c1`` ... ``cN`` and the inputs as parameters of the testbench, so that a loaded
circuit takes new ones without being parsed again.
"""

from __future__ import annotations

import dataclasses
import math

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PySpice.Spice.Netlist import Circuit

from spinspice.cells.chain import JunctionChain
from spinspice.devices.switching import AP, P, Threshold, activation, pulse_threshold, ramp_threshold
from spinspice.devices.telegraph import Telegraph
from spinspice.errors import check_range
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
    """

    slots: int = 1
    idle: float = 5e-3
    edge: float = 10e-6
    hold: float = 5e-3

    def __post_init__(self) -> None:
        check_range("slots", self.slots, 1, 1000, where="inputs in a train")
        for name in ("idle", "edge", "hold"):
            check_range(name, getattr(self, name), 0.0, 1e3, unit="s", open_low=True, where=f"PulseTrain.{name}")

    @property
    def period(self) -> float:
        """Time from one input to the next [s]."""
        return self.idle + 2.0 * self.edge + self.hold

    @property
    def duration(self) -> float:
        """Length of the train [s]."""
        return self.slots * self.period

    @property
    def inputs(self) -> tuple[str, ...]:
        """Parameters that hold the inputs."""
        return tuple(f"in{k}" for k in range(1, self.slots + 1))

    def waveform(self) -> str:
        """The current of source 1 as a SPICE waveform."""
        points = ["0 {c1}"]
        for k, name in enumerate(self.inputs):
            start = k * self.period + self.idle
            times = np.cumsum([start, self.edge, self.hold, self.edge])
            values = ("{c1}", f"{{c1+{name}}}", f"{{c1+{name}}}", "{c1}")
            points += [f"{format_number(t)} {value}" for t, value in zip(times, values, strict=True)]
        return f"pwl({' '.join(points)})"

    def current(self, time: ArrayLike, inputs: ArrayLike) -> NDArray[np.float64]:
        """Input current [A] at ``time`` [s] of a train of ``inputs`` [A] (missing ones are 0)."""
        values = np.zeros(self.slots)
        values[: np.size(inputs)] = inputs
        starts = self.period * np.arange(self.slots)[:, None] + self.idle
        times = starts + np.cumsum([0.0, self.edge, self.hold, self.edge])
        return np.interp(np.asarray(time, dtype=float), times.ravel(), (values[:, None] * [0.0, 1.0, 1.0, 0.0]).ravel())

    def threshold(self, device: Telegraph, swing: float = 1e-3) -> Threshold:
        """Law of the total current out of AP; the edges, of ``swing`` [A], add less than a thousandth of the hold."""
        return pulse_threshold(device, self.hold, rise=swing / self.edge, fall=swing / self.edge, state=AP)

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

    def waveform(self) -> str:
        """The current of source 1 as a SPICE waveform."""
        start, stop = format_number(self.start), format_number(self.stop)
        return f"pwl(0 {{c1+({start})}} {format_number(self.duration)} {{c1+({stop})}})"

    def threshold(self, device: Telegraph) -> Threshold:
        """Law of the total current out of AP."""
        return ramp_threshold(device, self.rate, AP)


def chain_circuit(cell: JunctionChain, stimulus: PulseTrain | Ramp) -> Circuit:
    """Return a chain with its sources: ``c1`` ... ``cN``, inputs and seeds left as parameters of the testbench."""
    circuit = Circuit(f"chain of {cell.size} junctions")
    circuit.subcircuit(cell)
    seeds = {f"seed{i}": f"{{seed{i}}}" for i in range(1, cell.size + 1)}
    circuit.X("1", cell.name, *cell.taps, circuit.gnd, **seeds)
    circuit.I("dc1", circuit.gnd, cell.taps[0], stimulus.waveform())
    for i, tap in enumerate(cell.taps[1:], start=2):
        circuit.I(f"dc{i}", circuit.gnd, tap, f"dc {{c{i}-c{i - 1}}}")
    return circuit
