"""A mesh of resistors, each with a skyrmion that is pinned beside its contact: a surrogate after Prychynenko et al.
2018.

The paper solves magnetisation and current path of a film together; no compact law of a skyrmion fabric is known. Here
every branch is one Thiele particle in a harmonic trap, whose contact carries the branch's current: the current pushes
the particle, which moves out of (or into) the contact and changes the branch's resistance, and Kirchhoff's law
redistributes the currents, the mechanism of the paper. What it shows is a current that depends on the voltage
nonlinearly, odd and even, memory that fades at the rate of the trap, and states that tell patterns of pulses
apart. Its numbers are not those of the paper.
"""

from __future__ import annotations

import dataclasses
import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spinspice.constants import k_B
from spinspice.devices import Skyrmion
from spinspice.devices.noise import instance_seed
from spinspice.errors import CircuitError
from spinspice.pyspice import Circuit
from spinspice.stimuli import Pwl
from spinspice.testbench import Testbench


def branch(**changes: Any) -> Skyrmion:
    """Return the particle of a branch: a film without edges, a trap of 1e-5 N/m, a contact beside it (our choice)."""
    given: dict[str, Any] = {
        "R_P": 1e3, "dG": 0.5, "R_track": 1.0, "k_edge": 0.0, "k_trap": 1e-5, "l_c": 40e-9, "x_c": 20e-9,
    }  # fmt: skip
    return Skyrmion(**(given | changes))


@dataclasses.dataclass(frozen=True, kw_only=True)
class Mesh:
    """A square mesh between two columns of terminals.

    Parameters
    ----------
    size : int
        Nodes of a side; the left column is the input, the right one ground.
    device : Skyrmion
        Of every branch, its contact moved at random by ``spread`` [m].
    spread : float
        Standard deviation of where contacts stand beside their traps [m].
    layout : int
        Names the places: a mesh is always the same.

    Raises
    ------
    CircuitError
        For fewer than two nodes a side, or a particle without a trap.
    """

    size: int = 4
    device: Skyrmion = dataclasses.field(default_factory=branch)
    spread: float = 15e-9
    layout: int = 1

    def __post_init__(self) -> None:
        if self.size < 2:
            raise CircuitError(f"size = {self.size}, allowed from 2 nodes a side on (skyrmion mesh).")
        if not self.device.k_trap > 0.0:
            raise CircuitError("the particles of a mesh are pinned: give k_trap above 0 (skyrmion mesh).")

    @property
    def branches(self) -> list[tuple[str, str]]:
        """Ends of each branch, columns from left to right."""
        n = self.size

        def node(row: int, column: int) -> str:
            return "feed" if column == 0 else "0" if column == n - 1 else f"n{row}_{column}"

        along = [(node(r, c), node(r, c + 1)) for r in range(n) for c in range(n - 1)]
        across = [(node(r, c), node(r + 1, c)) for r in range(n - 1) for c in range(1, n - 1)]
        return along + across

    def testbench(self, levels: NDArray[Any], period: float, seed: int = 1, *, step: float | None = None) -> Testbench:
        """Return a run under voltage levels [V], one a period [s]; it keeps the currents of the branches' particles.

        Kept: ``v(x<i>)``, displacement of each particle, and ``i(vin)``.
        """
        rng = np.random.default_rng([self.layout, self.size])
        starts = period * np.arange(len(levels))
        times = np.column_stack([starts + 0.02 * period, starts + period]).ravel()
        circuit = Circuit("mesh of pinned skyrmions")
        circuit.V("in", "feed", circuit.gnd, Pwl([0.0, *times.tolist()], [0.0, *np.repeat(levels, 2).tolist()]).text())
        for i, (a, b) in enumerate(self.branches):
            place = self.device.x_c + self.spread * rng.standard_normal()
            name = f"s{i}"
            self.device.replace(x_c=place).add_to(
                circuit, name, a, b, f"e{i}", f"x{i}", f"y{i}", seed=instance_seed(seed, name)
            )
        save = (*(f"v(x{i})" for i in range(len(self.branches))), "i(vin)")
        return Testbench.from_pyspice(circuit, stop=period * len(levels), step=step or self.device.max_step, save=save)

    def decay(self) -> float:
        """Return the time in which a displacement fades, that of a particle in its trap [s]."""
        return 1.0 / self.device.trap_rate

    def thermal_displacement(self) -> float:
        """Return the standard deviation of a displacement [m]."""
        return math.sqrt(k_B * self.device.T / self.device.k_trap)


def static_current(device: Skyrmion, voltage: float) -> float:
    """Return the current of one branch at a voltage at T = 0 [A]: its particle stands where trap and force balance.

    Half of the track carries it, so the force is that of half the current. Solved by bisection; the particle's
    displacement along the track is F / k, whatever the Magnus force, which rest does not know.
    """

    def excess(current: float) -> float:
        x = device.x_trap + device.spin_hall_force(0.5 * current) / device.k_trap
        return voltage * 1.0 / (0.5 * device.R_track + 1.0 / device.contact_conductance(x)) - current

    bound = abs(voltage) / device.R_P * (1.0 + abs(device.dG)) * 1.1 + 1e-15
    low, high = -bound, bound
    for _ in range(200):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if excess(middle) > 0.0 else (low, middle)
    return 0.5 * (low + high)
