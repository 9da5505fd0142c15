"""Skyrmions in circuits: a neuron that a current moves to a contact, a synapse that counts, a mesh that pins them.

* Neuron (S. Li et al., Nanotechnology 28, 31LT01 (2017); X. Chen et al., Nanoscale 10, 6139 (2018)): the spin-Hall
  force of the track's current pushes the particle, which the Magnus force holds at the edge of the track; there it
  runs at F / (alpha D). A graded anisotropy is a constant force back: the leak.
* Synapse (Y. Huang et al., Nanotechnology 28, 08LT02 (2017)): n particles, each on a lane of its own, under one
  contact: its conductance is G + n g. Lanes do not push one another.
* Mesh, after Prychynenko et al. 2018: :mod:`spinspice.benches.skyrmion_mesh`.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spinspice.benches.firing import Firing
from spinspice.cmos import Technology
from spinspice.devices import Skyrmion
from spinspice.devices.noise import instance_seed
from spinspice.errors import CircuitError, check_range
from spinspice.pyspice import Circuit
from spinspice.stimuli import Pwl
from spinspice.testbench import Testbench


@dataclasses.dataclass(frozen=True, kw_only=True)
class SkyrmionNeuron:
    """A skyrmion, its divider, its spike and its reset.

    Parameters
    ----------
    device : Skyrmion
        With its contact near the right end; the particle starts left of it.
    technology : Technology
    back : float
        Speed at which a graded anisotropy takes the particle back along the edge [m/s].
    reset : float
        Time that the reset lasts [s]; 0 for none.
    reset_width : float
        Channel of its pMOS [m].

    Raises
    ------
    CircuitError
        For a particle that starts under the contact, or a contact that it hardly changes.
    """

    device: Skyrmion
    technology: Technology
    back: float = 0.0
    reset: float = 40e-9
    reset_width: float = 0.16e-6

    def __post_init__(self) -> None:
        where = "skyrmion neuron"
        check_range("back", self.back, 0.0, 1e4, unit="m/s", where=where)
        if self.device.x0 > self.device.x_c - 0.5 * self.device.l_c:
            raise CircuitError(
                f"the particle starts at {self.device.x0:g} m, under its contact from "
                f"{self.device.x_c - 0.5 * self.device.l_c:g} m on ({where}). Move x0 to the left."
            )
        if self.device.dG < 0.2:
            raise CircuitError(
                f"dG = {self.device.dG:g}: a skyrmion that changes its contact by less than 0.2 turns no inverter "
                f"({where}). Make the contact smaller, or read it by a comparator (spinspice.benches.readout)."
            )

    @property
    def leaking(self) -> Skyrmion:
        """The particle with its leak as a force."""
        return self.device.replace(F_x=self.device.F_x - self.back * self.device.drag)

    @property
    def firing(self) -> Firing:
        """Divider, spike and reset: the reference is the geometric mean of the contact's two resistances."""
        reference = self.device.R_P / math.sqrt(1.0 + self.device.dG)
        return Firing(technology=self.technology, reference=reference, reset=self.reset, reset_width=self.reset_width)

    def testbench(self, drive: NDArray[Any], stop: float, seed: int = 1) -> Testbench:
        """Return a run under a current into the left end: times [s] and values [A], shape (2, n)."""
        circuit = Circuit("skyrmion neuron")
        circuit.I("in", circuit.gnd, "left", Pwl(*np.asarray(drive).tolist()).text())
        self.leaking.add_to(circuit, "s", "left", "top", circuit.gnd, "x", "y", seed=seed)
        self.firing.place(circuit)
        circuit.V("dd", "vdd", circuit.gnd, self.technology.vdd)
        save = ("v(x)", "v(y)", *self.firing.signals)
        return Testbench.from_pyspice(circuit, stop=stop, step=self.device.max_step, save=save)


def counting_synapse(
    device: Skyrmion, starts: Sequence[float], drive: NDArray[Any], stop: float, seed: int = 1, *, read: float = 0.01
) -> Testbench:
    """Return skyrmions on lanes of their own under one contact, which is read at a voltage all along.

    Each of n lanes has its n-th part of the contact: a device of n times the resistance. The current of ``drive`` (2,
    n) is that of every lane, ``starts`` are where the particles start [m]. Kept: positions ``v(x<i>)``, and
    ``i(vread)``.

    Raises
    ------
    CircuitError
        For no skyrmion.
    """
    count = len(starts)
    if not count:
        raise CircuitError("a counting synapse needs a skyrmion at least: give starts.")
    circuit = Circuit("synapse that counts skyrmions")
    circuit.V("read", "top", circuit.gnd, read)
    wave = Pwl(*np.asarray(drive).tolist()).text()
    for i, start in enumerate(starts):
        lane = device.replace(R_P=device.R_P * count, x0=start)
        circuit.I(f"drive{i}", circuit.gnd, f"l{i}", wave)
        lane.add_to(circuit, f"s{i}", f"l{i}", "top", circuit.gnd, f"x{i}", f"y{i}", seed=instance_seed(seed, f"s{i}"))
    save = (*(f"v(x{i})" for i in range(count)), "i(vread)")
    return Testbench.from_pyspice(circuit, stop=stop, step=device.max_step, save=save)
