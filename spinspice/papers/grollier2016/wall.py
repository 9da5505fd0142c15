"""The domain-wall memristor and neuron of the review as circuits: a track, its contact, an inverter."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from spinspice.cmos import get_technology
from spinspice.devices import DomainWall
from spinspice.pyspice import Circuit
from spinspice.stimuli import Pwl
from spinspice.testbench import Testbench

#: Track of 1 um with the wall parameters of the docs, but 100 nm wide and B_K 50 mT, so that 300 K rarely turn the
#: angle (barrier 5.8 kT); beta = 2 alpha, so that the wall moves at any current. Our choice, and so is the high
#: resistance of the contact: its own current moves the wall.
TRACK = DomainWall(
    width=100e-9, B_K=50e-3, beta=0.04, R_track=100.0, R_P=5e6, TMR=2.0, V_half=1.0, dt=2e-11, max_step=1e-11
)
#: Rise and fall of current pulses [s].
EDGE = 1e-10


def pulses(current: float, width: float, count: int, pause: float, start: float = 1e-9) -> NDArray[np.float64]:
    """Return pulses of a current [A] as corners (2, n): times [s] and values."""
    corners = [(0.0, 0.0)]
    for number in range(count):
        t = start + number * (width + pause)
        corners += [(t, 0.0), (t + EDGE, current), (t + width, current), (t + width + EDGE, 0.0)]
    return np.array(corners).T


def displacement_per_charge(device: DomainWall) -> float:
    """Return beta u / alpha of one ampere [m/C]: what a charge moves the wall by, below Walker's limit."""
    return device.beta / device.alpha * device.spin_drift(1.0)


def memristor(device: DomainWall, drive: NDArray[np.float64], stop: float, seed: int = 1) -> Testbench:
    """Return a track under pulses, read at 50 mV through its contact in the last 2 ns."""
    circuit = Circuit("domain-wall memristor")
    circuit.I("write", circuit.gnd, "left", _pwl(drive))
    circuit.V("read", "top", circuit.gnd, Pwl([0.0, stop - 2e-9, stop - 1.9e-9], [0.0, 0.0, 0.05]).text())
    device.add_to(circuit, "w", "left", "top", circuit.gnd, circuit.gnd, "q", "phi", seed=seed)
    return Testbench.from_pyspice(circuit, stop=stop, step=device.max_step, save=("v(q)", "v(phi)", "i(vread)"))


def neuron(device: DomainWall, drive: NDArray[np.float64], stop: float, seed: int = 1) -> Testbench:
    """Return a track whose contact, under a resistor at the supply, drives an inverter: its output is the spike."""
    technology = get_technology("generic")
    circuit = Circuit("domain-wall neuron")
    circuit.I("in", circuit.gnd, "left", _pwl(drive))
    circuit.V("dd", "vdd", circuit.gnd, technology.vdd)
    # The middle between the contact's two resistances, where the inverter turns
    circuit.R("ref", "vdd", "top", device.R_P * (1.0 + device.TMR) ** 0.5)
    device.add_to(circuit, "w", "left", "top", circuit.gnd, circuit.gnd, "q", "phi", seed=seed)
    w, length = 2.0 * technology.w_min, technology.l_inverter or technology.l_min
    technology.pmos(circuit, "p", "out", "top", "vdd", "vdd", w=2.0 * w, l=length)
    technology.nmos(circuit, "n", "out", "top", circuit.gnd, circuit.gnd, w=w, l=length)
    circuit.C("load", "out", circuit.gnd, 1e-16)
    circuit.raw_spice += technology.cards_for([("n", w, length), ("p", 2.0 * w, length)])
    save = ("v(q)", "v(out)", "v(top)", "v(left)", "i(vdd)")
    return Testbench.from_pyspice(circuit, stop=stop, step=device.max_step, save=save)


def _pwl(drive: NDArray[Any]) -> str:
    return Pwl(*drive.tolist()).text()
