"""The shortest symbol that keeps a recovery rate behind channels, for two kinds of weights and any magnet.

*Averaging*: weights that leave neurons in the middle of their transition, whose noise a symbol must average out.
*Driven*: weights that take neurons to their rails, where they pass bits on with hardly any noise. Which seeds: those of
the designs for channels (:mod:`~.choice`), found with other channels than those that are scored.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from spinspice.cells.asn_paired import PairedASN
from spinspice.errors import ResultError
from spinspice.networks.reservoir.averaged import LEAST_STEPS, SlowReservoir
from spinspice.networks.reservoir.calibration import Calibration
from spinspice.networks.reservoir.choice import DESIGNS, design_topology, input_voltage
from spinspice.networks.reservoir.circuit import ReservoirCircuit
from spinspice.networks.reservoir.least import shortest_symbol
from spinspice.networks.reservoir.magnets import STEP, barrier, noise_of, with_magnet
from spinspice.networks.reservoir.tasks import Task, score_features
from spinspice.networks.reservoir.topology import Topology
from spinspice.networks.reservoir.twin import twin_states
from spinspice.surrogate import Surrogate

Array = NDArray[np.float64]
#: Seeds of the weights, and time constant of the interconnect over the symbol where noise is averaged: our choice.
AVERAGING_SEED, AVERAGING_RATIO, DRIVEN_SEED = 7, 0.2, 3063
#: Symbols that are tried with driven weights, shortest time constant of a node, longest symbol that averages [s]: our
#: choice.
FAST = (0.3e-9, 0.4e-9, 0.5e-9, 0.7e-9, 1e-9, 2e-9, 4e-9)
LEAST_TAU, LONGEST = 60e-12, 1e-4


@dataclasses.dataclass(frozen=True, kw_only=True, eq=False)
class Price:
    """Tasks, and the neurons that shall do them.

    Parameters
    ----------
    cell : PairedASN
    calibration : Calibration
        Of that cell.
    tasks : sequence of Task
        Channels, whose mean recovery rate counts.
    nodes : int
    wanted : float
        Recovery rate [1].
    """

    cell: PairedASN
    calibration: Calibration
    tasks: Sequence[Task]
    nodes: int = 20
    wanted: float = 0.94

    def rates(
        self, weights: Topology, symbol: float, ratio: float, states: Callable[[ReservoirCircuit, Task], tuple]
    ) -> Array:
        """Return the recovery rate of each task for features that ``states`` makes of its circuit."""
        found = []
        for task in self.tasks:
            circuit = ReservoirCircuit(
                topology=weights, cell=self.cell, calibration=self.calibration, symbol=symbol,
                tau=max(ratio * symbol, LEAST_TAU), v_in=input_voltage("channel", task, self.cell.vdd),
            )  # fmt: skip
            found.append(score_features(task, np.column_stack([*states(circuit, task), task.u])).srr)
        return np.array(found)

    def averaged(self, surrogate: Surrogate, delta: float = 0.0) -> float:
        """Return the shortest symbol of averaging weights [s], NaN where none up to 100 us does."""
        slow = noise_of(surrogate, delta)
        weights = design_topology("channel", self.nodes, seed=AVERAGING_SEED, ideal=True)

        def score(symbol: float) -> float:
            steps = int(min(20, max(LEAST_STEPS, symbol // slow.least)))

            def states(circuit: ReservoirCircuit, task: Task) -> tuple[Array, Array]:
                made = SlowReservoir(circuit=circuit, surrogate=surrogate, slow=slow, steps=steps)
                return made.states(task.u, seed=3)

            return float(self.rates(weights, symbol, AVERAGING_RATIO, states).mean())

        try:
            return shortest_symbol(score, self.wanted, low=LEAST_STEPS * slow.least, high=LONGEST, tolerance=0.1).symbol
        except ResultError:
            return math.nan

    def driven_rates(self, surrogate: Surrogate, symbol: float, delta: float = 0.0) -> Array:
        """Return the recovery rate of each task for driven weights; every step of the magnets is taken."""
        own = with_magnet(surrogate, barrier(surrogate.device, delta)) if delta else surrogate
        weights = design_topology("channel", self.nodes, seed=DRIVEN_SEED)

        def states(circuit: ReservoirCircuit, task: Task) -> tuple[Array, Array]:
            return twin_states(
                circuit, own, task.u, seed=3, dt=STEP, magnet="reference" if delta else "rotor"
            )  # fmt: skip

        return self.rates(weights, symbol, DESIGNS["channel"]["ratio"], states)

    def driven(self, surrogate: Surrogate, delta: float = 0.0) -> float:
        """Return the shortest of ``FAST`` that does with driven weights [s], NaN where none does."""
        reached = (symbol for symbol in FAST if self.driven_rates(surrogate, symbol, delta).mean() >= self.wanted)
        return next(reached, math.nan)
