"""Many junctions under one pulse, bare or each behind an access transistor: how many have switched at which time."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spinspice.cmos import Technology
from spinspice.devices.kinds import is_two_state
from spinspice.devices.laws.fokker_planck import boltzmann_angles
from spinspice.devices.noise import instance_seed
from spinspice.errors import UsageError, check_range
from spinspice.pyspice import Circuit
from spinspice.stimuli import Pwl
from spinspice.testbench import Testbench
from spinspice.waveforms import Waveforms

#: Directions: towards antiparallel from parallel, and back.
DIRECTIONS = ("to AP", "to P")
#: Edge of the pulse as a part of its length.
EDGE = 1e-3


@dataclasses.dataclass(frozen=True, kw_only=True)
class PulseBench:
    """A pulse on ``samples`` junctions with noise and, for a macrospin, initial angles of their own.

    Parameters
    ----------
    device : Telegraph or Macrospin
        A macrospin must have its reference layer along z.
    direction : {"to AP", "to P"}
    volts : float
        Amplitude across the junction, or across junction and transistor [V], positive.
    length : float
        Of the pulse [s]: the state at time t is what a pulse of width t leaves.
    samples, seed : int
    technology : Technology, optional
        With it every junction has an access transistor at its reference layer, its gate at ``gate`` [V].
    width, gate : float
        Of the access transistor [m], [V].
    """

    device: Any
    direction: str
    volts: float
    length: float
    samples: int
    seed: int
    technology: Technology | None = None
    width: float = 1e-6
    gate: float = 1.0

    def __post_init__(self) -> None:
        if self.direction not in DIRECTIONS:
            raise UsageError(f"direction = {self.direction!r} of a pulse: {' or '.join(DIRECTIONS)}.")
        check_range("volts", self.volts, 0.0, 100.0, unit="V", open_low=True, where="pulse on a junction")
        check_range("samples", self.samples, 2, 10_000, where="junctions under one pulse")

    @property
    def state0(self) -> int:
        """State before the pulse, 0 = P."""
        return DIRECTIONS.index(self.direction)

    @property
    def two_state(self) -> bool:
        return is_two_state(self.device)

    def testbench(self) -> Testbench:
        """Return the run."""
        edge = EDGE * self.length
        pulse = Pwl((0.0, edge), (0.0, self.volts)).text()
        circuit = Circuit(f"pulse {self.direction}")
        # Positive across the junction, free to ref, favours P.
        circuit.V("bl", "bl", circuit.gnd, pulse if self.state0 else 0)
        circuit.V("sl", "sl", circuit.gnd, 0 if self.state0 else pulse)
        circuit.V("wl", "wl", circuit.gnd, self.gate)
        save = []
        for k, device in enumerate(self._devices()):
            ref = "sl" if self.technology is None else f"r{k}"
            circuit.V(f"m{k}", "bl", f"f{k}", 0)
            own = instance_seed(self.seed, f"noise {k}")
            states = [f"{port}{k}" for port in device.ports[2:]]
            device.add_to(circuit, f"j{k}", f"f{k}", ref, *states, seed=own)
            save += [f"v({port}{k})" for port in device.state_weights] + [f"i(vm{k})"]
            if self.technology is not None:
                self.technology.nmos(circuit, f"a{k}", ref, "wl", "sl", "0", w=self.width, l=self.technology.l_min)
        save += [f"v(f{0})", "v(r0)" if self.technology is not None else "v(sl)"]
        if self.technology is not None:
            circuit.raw_spice += self.technology.cards_for([("n", self.width, self.technology.l_min)])
        step = self.length / 400.0 if self.two_state else self.device.max_step
        return Testbench.from_pyspice(
            circuit,
            stop=self.length,
            step=step,
            max_step=step,
            save=tuple(save),
            verilog_a=() if self.technology is None else self.technology.verilog_a,
            title=f"pulse {self.direction} of {self.volts:g} V",
        )

    def _devices(self) -> list[Any]:
        if is_two_state(self.device):
            return [self.device.resolvable(self.length).replace(state0=float(self.state0))] * self.samples
        theta, phi = boltzmann_angles(self.device.delta, self.samples, instance_seed(self.seed, "initial angle"))
        theta = np.pi - theta if self.state0 else theta
        return [self.device.replace(theta0=float(t), phi0=float(p)) for t, p in zip(theta, phi, strict=True)]

    def cosines(self, waveforms: Waveforms, times: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return +1 parallel to -1 antiparallel at ``times`` [s], shape (samples, times)."""
        rows = []
        for k in range(self.samples):
            signal = sum(weight * waveforms[f"v({port}{k})"] for port, weight in self.device.state_weights.items())
            row = np.interp(times, waveforms.time, signal)
            rows.append(1.0 - 2.0 * row if self.two_state else row)
        return np.array(rows)

    def currents(self, waveforms: Waveforms, times: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the current of each junction out of its first state [A], shape (samples, times)."""
        sign = 1.0 if self.state0 else -1.0
        return np.array([sign * np.interp(times, waveforms.time, waveforms[f"i(vm{k})"]) for k in range(self.samples)])

    def voltage(self, waveforms: Waveforms) -> float:
        """Return the voltage across the first junction before it switches, free to ref [V]."""
        at = 5.0 * EDGE * self.length
        ref = "v(r0)" if self.technology is not None else "v(sl)"
        return float(np.interp(at, waveforms.time, waveforms["v(f0)"] - waveforms[ref]))
