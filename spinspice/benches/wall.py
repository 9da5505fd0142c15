"""A domain wall in a circuit: a memristor under current pulses, and a neuron that fires and resets itself.

The neuron (Grollier et al. 2016, Fig. 8): a current moves the wall towards a contact at the end of its track, which
makes a spike and takes the wall back (:mod:`spinspice.benches.firing`).
"""

from __future__ import annotations

import dataclasses
import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spinspice.benches.firing import Firing
from spinspice.cmos import Technology
from spinspice.devices import DomainWall
from spinspice.errors import CircuitError, check_range
from spinspice.pyspice import Circuit
from spinspice.stimuli import Pwl
from spinspice.testbench import Testbench

#: Rise and fall of current pulses [s].
EDGE = 1e-10
#: What drives the wall back while no input comes (Hassan 2018, Brigner 2019 and 2019): nothing; a field; an energy that
#: rises along the track linearly, as a graded anisotropy gives it (the same equation of motion as a field); one that
#: rises quadratically, as a width that grows so gives it. Field and anisotropy take the wall back at a constant speed,
#: the width takes it back exponentially.
LEAKS = ("none", "field", "anisotropy", "width")


def pulses(current: float, width: float, count: int, pause: float, start: float = 1e-9) -> NDArray[np.float64]:
    """Return pulses of a current [A] as corners (2, n): times [s] and values."""
    corners = [(0.0, 0.0)]
    for number in range(count):
        t = start + number * (width + pause)
        corners += [(t, 0.0), (t + EDGE, current), (t + width, current), (t + width + EDGE, 0.0)]
    return np.array(corners).T


def memristor(device: DomainWall, drive: NDArray[np.float64], stop: float, seed: int = 1) -> Testbench:
    """Return a track under pulses, read at 50 mV through its contact in the last 2 ns."""
    circuit = Circuit("domain-wall memristor")
    circuit.I("write", circuit.gnd, "left", Pwl(*drive.tolist()).text())
    circuit.V("read", "top", circuit.gnd, Pwl([0.0, stop - 2e-9, stop - 1.9e-9], [0.0, 0.0, 0.05]).text())
    device.add_to(circuit, "w", "left", "top", circuit.gnd, circuit.gnd, "q", "phi", seed=seed)
    return Testbench.from_pyspice(circuit, stop=stop, step=device.max_step, save=("v(q)", "v(phi)", "i(vread)"))


@dataclasses.dataclass(frozen=True, kw_only=True)
class WallNeuron:
    """A wall, its divider, its spike and its reset.

    Parameters
    ----------
    device : DomainWall
        With its contact near the right end; the wall starts left of it.
    technology : Technology
    leak : str
        One of :data:`LEAKS`.
    back : float
        Speed of a constant leak [m/s], or its time constant [s] for ``"width"``.
    reset : float
        Time that the reset lasts [s]; 0 for a neuron that does not reset itself.
    reset_width : float
        Channel of its pMOS [m]: about 0.5 mA a um in the generic technology.

    Raises
    ------
    CircuitError
        For an unknown leak, a leak against which no track holds, or a wall that starts under its contact.
    """

    device: DomainWall
    technology: Technology
    leak: str = "none"
    back: float = 0.0
    reset: float = 25e-9
    reset_width: float = 0.24e-6

    def __post_init__(self) -> None:
        where = "domain-wall neuron"
        if self.leak not in LEAKS:
            raise CircuitError(f"leak = {self.leak!r}, allowed {', '.join(LEAKS)} ({where}).")
        check_range("back", self.back, 0.0, 1e4, where=where, open_low=self.leak != "none")
        check_range("reset", self.reset, 0.0, 1e-3, unit="s", where=where)
        if self.device.q0 > self.device.q_c - 0.5 * self.device.l_c:
            raise CircuitError(
                f"the wall starts at {self.device.q0:g} m, under its contact from "
                f"{self.device.q_c - 0.5 * self.device.l_c:g} m on ({where}): it would fire at once. Move q0 left."
            )

    @property
    def leaking(self) -> DomainWall:
        """The wall with its leak as a field or as a force of its own."""
        device = self.device
        per_field = device.mobility
        if self.leak in ("field", "anisotropy"):  # a constant force F is the field F / (2 Ms A)
            return device.replace(Bz=device.Bz - self.back / per_field)
        if self.leak == "width":
            return device.replace(k_trap=2.0 * device.Ms * device.area / (per_field * self.back), q_trap=device.q0)
        return device

    @property
    def reference(self) -> float:
        """Resistor between supply and contact [Ohm]: the geometric mean of the contact's two resistances."""
        return self.device.R_P * math.sqrt(1.0 + self.device.TMR)

    def circuit(self, drive: NDArray[Any], seed: int = 1) -> Circuit:
        """Return the neuron under a current into its left end: times [s] and values [A], shape (2, n)."""
        technology = self.technology
        circuit = Circuit("domain-wall neuron")
        circuit.I("in", circuit.gnd, "left", Pwl(*np.asarray(drive).tolist()).text())
        self.place(circuit, seed)
        circuit.V("dd", "vdd", circuit.gnd, technology.vdd)
        return circuit

    @property
    def firing(self) -> Firing:
        """Divider, spike and reset."""
        return Firing(
            technology=self.technology, reference=self.reference, reset=self.reset, reset_width=self.reset_width
        )

    def place(self, circuit: Circuit, seed: int | str, prefix: str = "") -> None:
        """Add everything between the nodes ``left`` and ``vdd`` to a circuit, all names but vdd with a prefix."""
        gnd = circuit.gnd
        left, top, q, phi = (f"{prefix}{node}" for node in ("left", "top", "q", "phi"))
        self.leaking.add_to(circuit, f"{prefix}w", left, top, gnd, gnd, q, phi, seed=seed)
        self.firing.place(circuit, prefix)

    def testbench(self, drive: NDArray[Any], stop: float, seed: int = 1) -> Testbench:
        """Return a run under a current."""
        save = ("v(q)", "v(phi)", *self.firing.signals)
        return Testbench.from_pyspice(self.circuit(drive, seed), stop=stop, step=self.device.max_step, save=save)
