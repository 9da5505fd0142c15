"""Neuron-steps a second: surrogate networks with noise, the ideal network, and reservoirpy on the same noiseless task.

Mackey-Glass, 100 neurons, 4 synapses each; one core, processor time of each in one run. A step of the surrogate is
20 ps of its circuit; one of the ideal networks is a symbol. The errors say that the ideal networks do the same.

Run: python -m benchmarks reservoir
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.report import Table
from spinspice.cells.asn_paired import PairedASN
from spinspice.networks.reservoir import esn
from spinspice.networks.reservoir.readout import Split
from spinspice.networks.reservoir.tasks import mackey_glass_task, score_features
from spinspice.networks.reservoir.topology import Topology
from spinspice.presets import load_preset
from spinspice.surrogate import extract

NODES, STEPS = 100, 5000
SPLIT = Split(washout=200, train=2800, validate=1000, test=1000)


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Return processor time [s] of the second call, and its result: the first compiles."""
    work()
    start = time.process_time()
    result = work()
    return time.process_time() - start, result


def main() -> None:
    """Measure and print."""
    import reservoirpy
    from reservoirpy.nodes import Reservoir

    reservoirpy.set_seed(1)
    task = mackey_glass_task(SPLIT, seed=1)
    weights = Topology.random(NODES, radius=0.9, seed=1)
    peer = Reservoir(
        units=NODES, lr=0.3, W=np.array(weights.W), Win=np.array(weights.W_in), bias=np.array(weights.bias), input_dim=1
    )
    cell = PairedASN(load_preset("ganguly2018").device, "generic", vdd=0.8)
    network = extract(cell).network(0.2 * weights.W, 0.05 * weights.bias, 0.05 * weights.W_in, tau=2e-9)
    volts = task.u[None, :]
    table = Table("reservoir of 100 neurons, Mackey-Glass, one core", packages=("numba", "reservoirpy"))
    first = 0.0
    for name, work in {
        "surrogate, noise": lambda: network.run(volts, 1, dt=20e-12, steps=1),
        "surrogate, mean": lambda: network.run(volts, 1, dt=20e-12, steps=1, magnet="mean"),
        "ideal, spinspice": lambda: esn.states(weights, task.u, leak=0.3),
        "ideal, reservoirpy": lambda: peer.run(task.u[:, None]),
    }.items():
        seconds, states = timed(work)
        rate = NODES * len(task.u) / seconds
        first = first or rate
        table.row(name, rate, "neuron-steps/s", rate / first)
        if name.startswith("ideal"):
            table.row(f"{name}: error one step ahead", score_features(task, states).nrmse, "of the spread")
    table.print("to the surrogate with noise")
