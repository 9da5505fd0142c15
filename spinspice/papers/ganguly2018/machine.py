"""The reservoir of Ganguly et al. 2018 for Figs. 3 and 4: neuron, calibration and surrogate from the circuit, designs.

The paper gives neither weights, leak, noise nor the time of a symbol. Ours: both signs of synapses, and symbols so long
that the noise of a neuron, 14 % of its half-swing, averages out as far as the task needs; binary symbols, which
neurons near their rails pass on with hardly any noise, take nanoseconds.
"""

from __future__ import annotations

import dataclasses
import functools

import numpy as np
from numpy.typing import NDArray

from spinspice.cells.asn_paired import PairedASN
from spinspice.engines import get_engine
from spinspice.networks.reservoir.averaged import Slow, SlowReservoir
from spinspice.networks.reservoir.calibration import Calibration, calibrate, calibration_testbenches
from spinspice.networks.reservoir.choice import DESIGNS, design_topology, input_voltage
from spinspice.networks.reservoir.circuit import ReservoirCircuit
from spinspice.networks.reservoir.tasks import Task
from spinspice.networks.reservoir.twin import twin_states
from spinspice.presets import load_preset
from spinspice.reproduce.base import Request
from spinspice.surrogate import Surrogate, extract

Array = NDArray[np.float64]
VDD = 0.8


@dataclasses.dataclass(frozen=True, kw_only=True, eq=False)
class Machine:
    """A neuron as measured in the circuit."""

    cell: PairedASN
    calibration: Calibration
    surrogate: Surrogate
    slow: Slow

    @classmethod
    def of(cls, request: Request) -> Machine:
        """Measure it with the engine of a request; once for the same engine, model and seed."""
        return cls._of(request.engine, request.model, request.seed)

    @classmethod
    @functools.cache
    def _of(cls, engine_name: str, model: str | None, seed: int) -> Machine:
        engine = get_engine(engine_name, model)
        device = load_preset("ganguly2018").device
        cell = PairedASN(device, "generic", vdd=VDD, shared=True)
        calibration = calibrate(cell, *[engine.run(bench) for bench in calibration_testbenches(cell)])
        surrogate = extract(PairedASN(device, "generic", vdd=VDD), engine=engine)
        slow = Slow.of(surrogate, seed=seed)
        return cls(cell=cell, calibration=calibration, surrogate=surrogate, slow=slow)

    def circuit(self, task: Task, design: str, nodes: int, symbol: float, draw: int) -> ReservoirCircuit:
        """Return the circuit of so many neurons for a task."""
        return ReservoirCircuit(
            topology=design_topology(design, nodes, seed=draw), cell=self.cell, calibration=self.calibration,
            symbol=symbol, tau=DESIGNS[design]["ratio"] * symbol, v_in=input_voltage(design, task, self.cell.vdd),
        )  # fmt: skip

    def reservoir(
        self, task: Task, design: str, *, nodes: int, symbol: float, draw: int, quiet: bool = False
    ) -> SlowReservoir:
        """Return its surrogate for slow symbols."""
        circuit = self.circuit(task, design, nodes, symbol, draw)
        return SlowReservoir(circuit=circuit, surrogate=self.surrogate, slow=self.slow, quiet=quiet)


def seen_fast(machine: Machine, circuit: ReservoirCircuit, task: Task, seed: int) -> Array:
    """Return the same features for symbols of nanoseconds, every step of the magnets taken."""
    return np.column_stack([*twin_states(circuit, machine.surrogate, task.u, seed=seed), task.u])


def seen(reservoir: SlowReservoir, task: Task, seed: int) -> Array:
    """Return the features of a task: averaged outputs, node voltages, input."""
    return np.column_stack([*reservoir.states(task.u, seed=seed), task.u])
