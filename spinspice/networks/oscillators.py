r"""Oscillators in series in one radio-frequency loop, under one strip line; as a circuit, and averaged over a carrier.

Every oscillator has a direct current of its own; the alternating part of all their voltages drives one current through
all of them and the load. Kirchhoff's law is the whole coupling: the circuit holds nothing else. Averaged over a period
of the carrier it is the matrix of :meth:`OscillatorArray.coupling`, equal for all pairs:

.. math:: \Omega e^{i\beta} = -\frac{k_I e^{i\psi}}{2 \bar Z(\omega)} \frac{dV}{d\,\mathrm{Re}\,a}
          \left(1 - \frac{1}{1 - i\omega\tau_I}\right)

with Z of the load, its capacitor and all junctions in series (the bar: amplitudes here turn as exp(-i omega t)).
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spinspice.devices import SpinTorqueOscillator
from spinspice.devices.noise import instance_seed
from spinspice.devices.reference.macrospin_equations import junction_voltage
from spinspice.devices.reference.oscillator import OscillatorRun, check_inside, simulate_oscillator
from spinspice.errors import CircuitError, check_range
from spinspice.pyspice import Circuit
from spinspice.stimuli import Sine
from spinspice.testbench import Testbench


@dataclasses.dataclass(frozen=True)
class Tone:
    """A sine of the strip line's field: amplitude [T], frequency [Hz], phase [rad]."""

    field: float
    frequency: float
    phase: float = 0.0


@dataclasses.dataclass(frozen=True, kw_only=True)
class OscillatorArray:
    """Oscillators in one loop.

    Parameters
    ----------
    devices : sequence of SpinTorqueOscillator
        One each; they share ``f_ref``, ``dt`` and ``tau_I``.
    currents : sequence of float
        Direct current of each [A].
    load : float
        Resistance of the loop [Ohm]; our choice 50. Infinite for no loop.
    capacitance : float
        That keeps direct current out of the load [F]; our choice 2 nF.
    tones : sequence of Tone
        Field of the strip line above all of them.

    Raises
    ------
    CircuitError
        For numbers that do not fit, or devices with frames of their own.
    """

    devices: Sequence[SpinTorqueOscillator]
    currents: Sequence[float]
    load: float = 50.0
    capacitance: float = 2e-9
    tones: Sequence[Tone] = ()

    def __post_init__(self) -> None:
        if len(self.devices) != len(self.currents) or not self.devices:
            raise CircuitError(
                f"{len(self.devices)} oscillators and {len(self.currents)} currents: give one current each, and one "
                "oscillator at least."
            )
        if len({(each.f_ref, each.dt, each.tau_I) for each in self.devices}) > 1:
            raise CircuitError("oscillators of one loop share f_ref, dt and tau_I. Use replace(f_ref=...) on each.")
        check_range("load", self.load, 0.0, math.inf, unit="Ohm", where="OscillatorArray", open_low=True)
        check_range("capacitance", self.capacitance, 0.0, 1.0, unit="F", where="OscillatorArray", open_low=True)

    def seeds(self, seed: int) -> list[int]:
        """Return the seed of each, by its name ``o0``, ``o1``, ..."""
        return [instance_seed(seed, f"o{index}") for index in range(len(self.devices))]

    def circuit(self, seed: int = 1) -> Circuit:
        """Return the circuit: oscillator i between nodes n<i> and n<i+1>, the last one at ground."""
        circuit = Circuit("oscillators in one loop")
        count = len(self.devices)
        node = [*(f"n{i}" for i in range(count)), circuit.gnd]
        names = self.seeds(seed)
        inner = "strip"
        for i, tone in enumerate(self.tones):
            # a cosine: a sine a quarter of a turn ahead
            wave = Sine(amplitude=tone.field, frequency=tone.frequency, phase=math.degrees(tone.phase) + 90.0).text()
            other = circuit.gnd if i == len(self.tones) - 1 else f"strip{i}"
            circuit.V(f"tone{i}", inner, other, wave)
            inner = f"strip{i}"
        field = "strip" if self.tones else circuit.gnd
        for i, (device, current) in enumerate(zip(self.devices, self.currents, strict=True)):
            circuit.I(f"dc{i}", node[i + 1], node[i], current)
            device.add_to(circuit, f"o{i}", node[i], node[i + 1], field, f"x{i}", f"y{i}", f"z{i}", seed=names[i])
        if math.isfinite(self.load):
            circuit.C("loop", "n0", "rf", self.capacitance)
            circuit.R("loop", "rf", circuit.gnd, self.load)
        return circuit

    def testbench(self, stop: float, seed: int = 1, **settings: Any) -> Testbench:
        """Return a run that keeps the amplitudes ``v(x<i>)``, ``v(y<i>)``."""
        save = tuple(f"v({axis}{i})" for i in range(len(self.devices)) for axis in "xy")
        step = min(device.max_step for device in self.devices)
        return Testbench.from_pyspice(self.circuit(seed), stop=stop, step=step, save=save, **settings)

    # Averaged over the carrier

    def slopes(self) -> NDArray[np.float64]:
        """Return dV/d(Re a) of each at its direct current [V], shape (n,)."""
        out = []
        for device, current in zip(self.devices, self.currents, strict=True):
            step = 1e-3
            high, low = (
                junction_voltage(1.0 / device.R_P, device.TMR, device.V_half, current, sign * step) for sign in (1, -1)
            )
            out.append((high - low) / (2.0 * step) * device.read * device.carrier)
        return np.array(out)

    def impedance(self) -> complex:
        """Return that of the loop at the frequency of the frame, all junctions in series [Ohm]."""
        omega = 2.0 * math.pi * self.devices[0].f_ref
        total = complex(self.load, -1.0 / (omega * self.capacitance))
        for device, current in zip(self.devices, self.currents, strict=True):
            step = 1e-3 * current
            high, low = (
                junction_voltage(1.0 / device.R_P, device.TMR, device.V_half, current + sign * step, 0.0)
                for sign in (1, -1)
            )
            total += (high - low) / (2.0 * step)
        return total

    def coupling(self) -> NDArray[np.complex128]:
        """Return the averaged force on oscillator i per amplitude of j [1/s], shape (n, n), itself included."""
        if not math.isfinite(self.load):
            return np.zeros((len(self.devices),) * 2, complex)
        omega = 2.0 * math.pi * self.devices[0].f_ref
        passed = 1.0 - 1.0 / (1.0 - 1j * omega * self.devices[0].tau_I)
        force = np.array([device.k_I * np.exp(1j * device.phase_I) for device in self.devices])
        current = -self.slopes() / np.conj(self.impedance())
        return np.asarray(0.5 * passed * np.outer(force, current))

    def averaged_tones(self) -> NDArray[np.float64]:
        """Return the tones as forces in the frame, rows of amplitude [1/s], frequency [Hz], phase [rad]."""
        device = self.devices[0]
        # a field cos(w t + p) acts as exp(i phase_B); its part that turns with a is exp(-i (w t + p - phase_B)) / 2
        rows = [[0.5 * device.k_B * t.field, t.frequency, t.phase - device.phase_B] for t in self.tones]
        return np.array(rows).reshape(-1, 3)

    def simulate(self, duration: float, seed: int = 1, **settings: Any) -> OscillatorRun:
        """Integrate the averaged equations; amplitudes of shape (n, r)."""
        return simulate_oscillator(
            list(self.devices),
            duration,
            self.seeds(seed),
            current=np.array(self.currents),
            tones=self.averaged_tones(),
            coupling=self.coupling(),
            **settings,
        )


def mean_frequencies(device: SpinTorqueOscillator, time: NDArray[Any], a: NDArray[Any], after: float) -> Any:
    """Return the mean frequency of each amplitude (..., r) from ``after`` [s] on, by its turns [Hz]."""
    check_inside(time, a)
    late = np.flatnonzero(time >= after)
    turned = -np.unwrap(np.angle(a[..., late]), axis=-1)
    span = time[late[-1]] - time[late[0]]
    return device.f_ref + (turned[..., -1] - turned[..., 0]) / (2.0 * math.pi * span)
