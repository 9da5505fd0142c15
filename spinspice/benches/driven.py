"""A two-state junction behind a resistor, under a square drive with electrical noise: stochastic resonance, locking."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np

from spinspice.devices import Telegraph
from spinspice.devices.laws.resistance import conductance
from spinspice.devices.noise import normal
from spinspice.errors import CircuitError, check_range
from spinspice.pyspice import Circuit
from spinspice.stimuli import Pulse, Staircase, Waveform
from spinspice.testbench import Testbench

#: Edge of the drive in units of the half period.
EDGE = 1e-4
#: Channel of the hash that the electrical noise is taken from; the junction's own streams are others.
CHANNEL = 7


@dataclasses.dataclass(frozen=True, kw_only=True)
class Driven:
    """A drive and the divider that it goes through.

    Parameters
    ----------
    device : Telegraph
        Driven by voltage.
    volts : float
        Amplitude of the square source [V].
    half_period : float
        [s].
    series : float
        Resistor between source and junction [Ohm]; 0 for none.
    noise : float
        Standard deviation of the noise that the source adds [V], held over ``half_period / samples``.
    samples : int
        Of noise in a half period: enough that no junction sees less than one a stay.
    """

    device: Telegraph
    volts: float
    half_period: float
    series: float = 0.0
    noise: float = 0.0
    samples: int = 200

    def __post_init__(self) -> None:
        where = "driven junction"
        if self.device.drive:
            raise CircuitError("a driven junction of this bench is driven by voltage (drive = 0).")
        check_range("volts", self.volts, 0.0, 100.0, unit="V", where=where)
        check_range("half_period", self.half_period, 0.0, 1e3, unit="s", open_low=True, where=where)
        check_range("series", self.series, 0.0, 1e12, unit="Ohm", where=where)
        check_range("noise", self.noise, 0.0, 10.0, unit="V", where=where)
        check_range("samples", self.samples, 4, 10**6, where=f"{where}: noise samples of a half period")

    def source(self, halves: int, seed: int) -> Waveform:
        """Return what the source plays: high in the first half period, which favours P."""
        edge = EDGE * self.half_period
        if not self.noise:
            return Pulse(
                low=-self.volts,
                high=self.volts,
                rise=edge,
                fall=edge,
                width=self.half_period - edge,
                period=2.0 * self.half_period,
            )
        count = halves * self.samples
        square = self.volts * np.where(np.arange(count) // self.samples % 2, -1.0, 1.0)
        levels = square + self.noise * normal(seed, CHANNEL, np.arange(count))
        every = self.half_period / self.samples
        return Staircase.even(levels, every, min(edge, 0.01 * every))

    def voltage(self, source: float, state: int) -> float:
        """Voltage across the junction [V] in state 0 (P) or 1 (AP), at a source voltage."""
        cosine = 1.0 - 2.0 * state
        low, high = sorted((0.0, source))
        for _ in range(80):
            middle = 0.5 * (low + high)
            if middle + self.series * middle * float(conductance(self.device, middle, cosine)) < source:
                low = middle
            else:
                high = middle
        return 0.5 * (low + high)

    def rates(self, source: float) -> tuple[float, float]:
        """Escape rates [1/s] out of P and AP at a source voltage, through the divider."""
        return tuple(  # type: ignore[return-value]
            float(self.device.escape_rates(self.voltage(source, state) / self.device.V_c)[state]) for state in (0, 1)
        )

    def noisy_rates(self, source: float) -> tuple[float, float]:
        """Mean escape rates [1/s] under the held noise, by Gauss-Hermite quadrature."""
        if not self.noise:
            return self.rates(source)
        nodes, weights = np.polynomial.hermite_e.hermegauss(30)
        found = np.array([self.rates(source + self.noise * float(node)) for node in nodes])
        mean = weights @ found / weights.sum()
        return float(mean[0]), float(mean[1])

    def testbench(self, halves: int, seed: int) -> Testbench:
        """Return a run of so many half periods."""
        stop = halves * self.half_period
        device = self.device.resolvable(stop)
        circuit = Circuit("driven two-state junction")
        circuit.V("drive", "drive", circuit.gnd, self.source(halves, seed).text())
        if self.series:
            circuit.R("s", "drive", "free", self.series)
        device.add_to(circuit, "j", "free" if self.series else "drive", circuit.gnd, "state", "count", seed="{seed}")
        return Testbench.from_pyspice(
            circuit,
            stop=stop,
            step=EDGE * self.half_period,
            max_step=self.half_period / 4.0,
            save=("v(drive)", "i(vdrive)", "v(state)", "v(count)"),
            parameters={"seed": seed},
            title="driven two-state junction",
        )


def energy_of(waveforms: Any) -> float:
    """Energy that the source gave [J]."""
    power = -waveforms["v(drive)"] * waveforms["i(vdrive)"]
    return float(np.trapezoid(power, waveforms.time))
