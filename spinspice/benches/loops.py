"""Many junctions through one loop of voltage or field, and the exact mean of their states."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySpice.Spice.Netlist import Circuit

from spinspice.devices import MacrospinField, TelegraphField
from spinspice.devices.kinds import is_two_state
from spinspice.devices.laws.fokker_planck import boltzmann_angles, occupation, time_unit
from spinspice.devices.laws.resistance import conductance
from spinspice.devices.noise import instance_seed
from spinspice.errors import UsageError, check_range
from spinspice.stimuli import Pwl
from spinspice.testbench import Testbench
from spinspice.waveforms import Waveforms

#: What is swept.
SWEPT = ("voltage", "field")
#: Points of the law's integration of a two-state junction.
STEPS = 20_000


@dataclasses.dataclass(frozen=True, kw_only=True)
class LoopBench:
    """0 to -high to +high to 0, on ``samples`` junctions that start parallel.

    Parameters
    ----------
    device : Telegraph or Macrospin
        A macrospin must have its easy axis and reference layer along z.
    swept : {"voltage", "field"}
        Across the junction [V]; or along the easy axis [T], with ``read`` across it. Positive favours P.
    high : float
        [V] or [T].
    length : float
        Of the loop [s].
    read : float
        Voltage across the junction while the field is swept [V].
    samples, seed : int
    """

    device: Any
    swept: str
    high: float
    length: float
    samples: int
    seed: int
    read: float = 0.01

    def __post_init__(self) -> None:
        if self.swept not in SWEPT:
            raise UsageError(f"swept = {self.swept!r} of a loop: {' or '.join(SWEPT)}.")
        check_range("high", self.high, 0.0, 100.0, open_low=True, where="loop of a junction")
        check_range("samples", self.samples, 2, 10_000, where="junctions of a loop")

    @property
    def two_state(self) -> bool:
        return is_two_state(self.device)

    @property
    def by_field(self) -> bool:
        return self.swept == "field"

    def value(self, time: Any) -> NDArray[np.float64]:
        """Return the swept quantity at ``time`` [s]."""
        corners = np.array([0.0, 0.25, 0.75, 1.0]) * self.length
        return np.interp(time, corners, np.array([0.0, -self.high, self.high, 0.0]))

    def testbench(self) -> Testbench:
        """Return the run."""
        wave = Pwl((0.0, 0.25 * self.length, 0.75 * self.length, self.length), (0.0, -self.high, self.high, 0.0)).text()
        circuit = Circuit(f"loop of {self.swept}")
        circuit.V("swept", "swept", circuit.gnd, wave)
        circuit.V("free", "free", circuit.gnd, self.read if self.by_field else "0")
        across = "free" if self.by_field else "swept"
        save = ["v(swept)"]
        for k, device in enumerate(self._devices()):
            circuit.V(f"m{k}", across, f"f{k}", 0)
            states = [f"{port}{k}" for port in device.ports if port not in ("free", "ref", "b", "bx", "by", "bz")]
            fields = {"b": "swept", "bx": circuit.gnd, "by": circuit.gnd, "bz": "swept"}
            ports = [fields[port] for port in device.terminals if port in fields]
            own = instance_seed(self.seed, f"noise {k}")
            device.add_to(circuit, f"j{k}", f"f{k}", circuit.gnd, *ports, *states, seed=own)
            save += [f"v({port}{k})" for port in device.state_weights] + [f"i(vm{k})"]
        step = self.length / 2000.0 if self.two_state else self.device.max_step
        return Testbench.from_pyspice(
            circuit, stop=self.length, step=step, max_step=step, save=tuple(save), title=f"loop of {self.swept}"
        )

    def _devices(self) -> list[Any]:
        device = self._with_field()
        if self.two_state:
            return [device.resolvable(self.length).replace(state0=0.0)] * self.samples
        theta, phi = boltzmann_angles(device.delta, self.samples, instance_seed(self.seed, "initial angle"))
        return [device.replace(theta0=float(t), phi0=float(p)) for t, p in zip(theta, phi, strict=True)]

    def _with_field(self) -> Any:
        """Return the junction, with field ports where the field is swept."""
        if not self.by_field or "b" in self.device.ports or "bx" in self.device.ports:
            return self.device
        kind: Any = TelegraphField if self.two_state else MacrospinField
        return kind(**self.device.parameters())

    def parallel(self, waves: Waveforms, times: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Return whether each junction is on the parallel side at ``times``, shape (samples, times)."""
        rows = []
        for k in range(self.samples):
            signal = sum(weight * waves[f"v({port}{k})"] for port, weight in self.device.state_weights.items())
            row = np.interp(times, waves.time, signal)
            rows.append(row < 0.5 if self.two_state else row > 0.0)
        return np.array(rows)

    def resistance(self, waves: Waveforms, times: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the mean resistance of the junctions [Ohm]; NaN where hardly any voltage is across them."""
        volts = np.full(times.size, self.read) if self.by_field else self.value(times)
        # A source's current as signals have it flows through the ammeter into the junction.
        amperes = np.mean([np.interp(times, waves.time, waves[f"i(vm{k})"]) for k in range(self.samples)], axis=0)
        told = np.abs(volts) > 0.02 * np.abs(volts).max()
        return np.where(told, volts / np.where(told, amperes, 1.0), np.nan)

    def law(self, times: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the exact chance of the parallel side at ``times`` [s]."""
        device = self._with_field()
        if self.two_state:
            grid = np.linspace(0.0, self.length, STEPS + 1)
            value = self.value(0.5 * (grid[1:] + grid[:-1]))
            if self.by_field:
                out, back = device.rates_in_field(value, self.read / device.V_c)
            else:
                out, back = device.escape_rates(value / device.V_c)
            total, step = out + back, grid[1]
            keep, rest = np.exp(-total * step), back / total
            p = np.ones(STEPS + 1)
            for k in range(STEPS):
                p[k + 1] = rest[k] + (p[k] - rest[k]) * keep[k]
            return np.interp(times, grid, p)

        def drive(time: float) -> Any:
            value = float(self.value(time * time_unit(device)))
            volts = self.read if self.by_field else value
            field = value / device.B_eff if self.by_field else 0.0
            return lambda mz: -volts * conductance(device, volts, mz) / device.I_c0 - field

        return occupation(times / time_unit(device), device.delta, drive)
