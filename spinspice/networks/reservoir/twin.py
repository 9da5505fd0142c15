r"""The surrogate of a reservoir's circuit: the same nodes, weights, loads and time constants, cells as tables.

A conductance G from an output to a gate is the weight G R_node. A surrogate that was extracted with the complement of
its output has nodes for it. Without, the complement is taken as linear in the output and as fast,
:math:`V_b = l_b - (A_b / A)(V - l)`, so that a synapse from ``outb`` is a negative weight and a bias.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spinspice.errors import check_range
from spinspice.networks.reservoir.circuit import ReservoirCircuit
from spinspice.surrogate import Surrogate
from spinspice.surrogate.network import SurrogateNetwork

Array = NDArray[np.float64]


def twin(circuit: ReservoirCircuit, surrogate: Surrogate, linear: bool = False) -> SurrogateNetwork:
    """Return the network of surrogates of a circuit; seeds are by the same names, n0, n1, ...

    ``linear`` takes complements as linear in the output even where the surrogate has nodes for them.
    """
    made, R = circuit.components, circuit.R_node
    weights = made.falling * R
    rail = circuit.calibration.vdd / 2.0
    bias = (made.high - made.low) * R * rail
    more = {}
    if surrogate.branches.complement and not linear:
        more = {"complement": made.rising * R, "complement_load": made.rising.sum(axis=0)}
    elif circuit.calibration.rising is not None:
        out, back = circuit.calibration.falling, circuit.calibration.rising
        slope = (back.A / out.A) / (1.0 + back.r_out * made.rising.sum(axis=0))  # of outb over out, under its load
        weights = weights - made.rising * R * slope
        bias = bias + R * (made.rising @ (back.level + slope * out.level))
    assert circuit.tau is not None
    return surrogate.network(
        weights, bias, R * (made.plus - made.minus), tau=circuit.tau, load=made.falling.sum(axis=0),
        names=[f"n{i}" for i in range(len(weights))], **more,
    )  # fmt: skip


def twin_states(
    circuit: ReservoirCircuit,
    surrogate: Surrogate,
    inputs: ArrayLike,
    *,
    seed: int = 1,
    dt: float = 20e-12,
    magnet: str = "rotor",
) -> tuple[Array, Array]:
    """Return x averaged over every symbol and z at its end, shapes (t, n), as the circuit's ``averages``.

    Parameters
    ----------
    inputs : array, shape (t,) or (t, k)
    dt : float
        Step [s]; a symbol is a whole number of them.
    magnet : {"rotor", "reference", "mean"}
        As of :meth:`spinspice.surrogate.network.SurrogateNetwork.run`.
    """
    check_range("dt", dt, 0.0, circuit.symbol, unit="s", open_low=True, where="twin_states")
    steps = round(circuit.symbol / dt)
    u = np.asarray(inputs, dtype=float)
    u = u[:, None] if u.ndim == 1 else u
    circuit.topology.drive(u)  # checks them
    network = twin(circuit, surrogate)
    volts = circuit.components.v_in * u.T
    run = network.run(volts, seed, dt=circuit.symbol / steps, steps=steps, magnet=magnet)  # type: ignore[arg-type]
    out = circuit.calibration.falling
    return ((out.level - run.mean) / out.A).T, ((run.node - out.v0) / out.V0).T
