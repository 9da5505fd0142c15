"""An oscillator behind a bias tee, its amplitude read by a diode: what a time-multiplexed reservoir is measured with.

The slow current comes through an inductor from a source of finite resistance; the alternating voltage goes through a
capacitor to a Schottky diode into a resistor and a capacitor. At some tens of millivolts the diode is a square-law
detector: its output is proportional to the square of the voltage, V^2 / (4 n V_T), less what its load takes.
"""

from __future__ import annotations

import dataclasses
import math
from typing import Any

from spinspice.devices import SpinTorqueOscillator
from spinspice.errors import check_range
from spinspice.pyspice import Circuit
from spinspice.testbench import Testbench


@dataclasses.dataclass(frozen=True, kw_only=True)
class Detector:
    """Bias tee, diode and filter: values are our choice.

    Parameters
    ----------
    source : float
        Resistance beside the source of current [Ohm].
    inductance, coupling : float
        Of the tee [H], [F].
    load : float
        Return of the diode's alternating current [Ohm].
    saturation, ideality : float
        Of the diode: current [A], and n.
    resistance, capacitance : float
        Filter behind it [Ohm], [F].
    """

    source: float = 2e3
    inductance: float = 100e-9
    coupling: float = 10e-12
    load: float = 200.0
    saturation: float = 1e-6
    ideality: float = 1.05
    resistance: float = 100e3
    capacitance: float = 0.1e-12

    def __post_init__(self) -> None:
        for field in dataclasses.fields(self):
            check_range(field.name, getattr(self, field.name), 0.0, 1e12, where="detector", open_low=True)

    @property
    def filter_time(self) -> float:
        """Time constant of the output: filter and resistance of the diode at rest [s]."""
        diode = self.ideality * 0.02585 / self.saturation
        return self.capacitance / (1.0 / self.resistance + 1.0 / diode)

    def testbench(self, device: SpinTorqueOscillator, wave: Any, stop: float, seed: int = 1) -> Testbench:
        """Return the oscillator under a current waveform; kept: ``v(x)``, ``v(y)``, ``v(rf)``, ``v(det)``."""
        circuit = Circuit("oscillator and detector")
        circuit.I("in", circuit.gnd, "src", wave.text())
        circuit.R("src", "src", circuit.gnd, self.source)
        circuit.L("tee", "src", "rf", self.inductance)
        device.add_to(circuit, "o", "rf", circuit.gnd, circuit.gnd, "x", "y", "z", seed=seed)
        circuit.C("tee", "rf", "ac", self.coupling)
        circuit.R("ac", "ac", circuit.gnd, self.load)
        circuit.model("schottky", "D", IS=self.saturation, N=self.ideality)
        circuit.D("det", "ac", "det", model="schottky")
        circuit.R("det", "det", circuit.gnd, self.resistance)
        circuit.C("det", "det", circuit.gnd, self.capacitance)
        save = ("v(x)", "v(y)", "v(rf)", "v(det)")
        return Testbench.from_pyspice(circuit, stop=stop, step=device.max_step, save=save)

    def square_law(self, amplitude: float) -> float:
        """Return the output of a small alternating voltage [V], its amplitude at the diode [V]."""
        rest = self.ideality * 0.02585 / self.saturation  # resistance of the diode at rest
        open_circuit = amplitude**2 / (4.0 * self.ideality * 0.02585)
        return open_circuit * self.resistance / (self.resistance + rest)

    def passed(self, frequency: float) -> float:
        """Return the part of the alternating voltage that the capacitor lets through to the diode."""
        reactance = 1.0 / (2.0 * math.pi * frequency * self.coupling)
        return self.load / math.hypot(self.load, reactance)
