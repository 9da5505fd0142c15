r"""From weights to resistors, capacitors and rails: one passive node of conductance 1/R_node at every gate.

With node voltages :math:`v_i = v_0 + V_0 z_i` and outputs :math:`V_j = l_j \mp A_j x_j`, the conductance from the
output of j to the gate of i is

.. math:: G_{ij} = \frac{|W_{ij}|}{R_{node}} \frac{V_0}{A_j}

to ``outb`` (which rises with the input) for W > 0, to ``out`` for W < 0. A_j is the swing under the load of all
that j drives, A = A_0 / (1 + r_out G_load). Inputs come from sources at plus and minus ``v_in`` u. What levels, middle
and bias ask for goes to a rail, what is left of the conductance to the middle of the supply. A capacitor makes tau
together with the gate.
"""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

from spinspice.errors import ParameterError, check_range
from spinspice.networks.reservoir.calibration import Calibration, Output
from spinspice.networks.reservoir.topology import Topology

Array = NDArray[np.float64]
#: Part of the conductance of a node that must be left [1]; largest resistance that is drawn [Ohm]; least swing under
#: load over that without. Our choices: below a swing of 0.8 the output is no longer an ohmic source.
LEAST_LEFT, LARGEST, LEAST_SWING = 0.01, 1e12, 0.8


@dataclasses.dataclass(frozen=True, kw_only=True, eq=False)
class Components:
    """Conductances [S] of a reservoir's nodes.

    Parameters
    ----------
    falling, rising : array, shape (n, n)
        From ``out`` and ``outb`` of column j to the gate of row i.
    plus, minus : array, shape (n, k)
        From the input nodes, and from those with the opposite sign.
    high, low, ground : array, shape (n,)
        To vdd, vss and the middle.
    R_node, C_node : float
        Resistance [Ohm] of every gate's node, and capacitance beside that of the gate [F].
    v_in : float
        Voltage of an input node for u = 1 [V].
    swing : array, shape (n,)
        A of each neuron's ``out`` under its load [V].
    """

    falling: Array
    rising: Array
    plus: Array
    minus: Array
    high: Array
    low: Array
    ground: Array
    R_node: float
    C_node: float
    v_in: float
    swing: Array

    @property
    def used(self) -> Array:
        """Part of each node's conductance that carries weights, inputs and bias, shape (n,) [1]."""
        return 1.0 - self.ground * self.R_node


def components(
    topology: Topology,
    calibration: Calibration,
    *,
    R_node: float = 50e3,
    tau: float = 2.4e-9,
    v_in: float | None = None,
) -> Components:
    """Return the components that a topology asks for.

    Parameters
    ----------
    topology : Topology
    calibration : Calibration
        Of the neuron that every node is.
    R_node : float
        Resistance of a gate's node [Ohm].
    tau : float
        Time constant of a gate's node [s]; 0 for what the gate makes by itself.
    v_in : float, optional
        Voltage of the input nodes for u = 1 [V]; default a quarter of the supply.

    Raises
    ------
    ParameterError
        For a positive weight without an ``outb``, weights that the node's conductance does not hold, that load an
        output too much, or that ask for a resistor larger than can be drawn: which node, and what to change.
    """
    check_range("R_node", R_node, 100.0, 1e9, unit="Ohm", where="reservoir")
    check_range("tau", tau, 0.0, 1.0, unit="s", where="reservoir")
    v_in = calibration.vdd / 4.0 if v_in is None else v_in
    check_range("v_in", v_in, 0.0, calibration.vdd, unit="V", open_low=True, where="reservoir")
    if calibration.rising is None and (topology.W > 0.0).any():
        raise ParameterError(
            "this neuron has no complementary output, and its output falls: it makes negative weights only. Take "
            "PairedASN(complement=True), or Topology.random(signs='inhibit')."
        )
    V0, v0 = calibration.falling.V0, calibration.falling.v0
    falling, swing = _synapses(np.maximum(-topology.W, 0.0), calibration.falling, V0, R_node)
    rising = np.zeros_like(falling)
    shift = falling.sum(axis=1) * calibration.falling.level
    if calibration.rising is not None:
        rising, _ = _synapses(np.maximum(topology.W, 0.0), calibration.rising, V0, R_node)
        shift = shift + rising.sum(axis=1) * calibration.rising.level
    scale = V0 / (v_in * R_node)
    plus, minus = np.maximum(topology.W_in, 0.0) * scale, np.maximum(-topology.W_in, 0.0) * scale
    needed = (v0 + V0 * topology.bias) / R_node - shift
    rail = calibration.vdd / 2.0
    high, low = np.maximum(needed, 0.0) / rail, np.maximum(-needed, 0.0) / rail
    used = sum(part.sum(axis=1) for part in (falling, rising, plus, minus)) + high + low
    _check_room(used * R_node, calibration)
    made = Components(
        falling=falling, rising=rising, plus=plus, minus=minus, high=high, low=low, ground=1.0 / R_node - used,
        R_node=R_node, C_node=_capacitor(tau, R_node, calibration), v_in=v_in, swing=swing,
    )  # fmt: skip
    _check_drawn(made)
    return made


def _synapses(weights: Array, output: Output, V0: float, R_node: float) -> tuple[Array, Array]:
    """Return conductances (n, n) of weights of one sign, and the swing of each source under their load."""
    unloaded = weights * V0 / (output.A * R_node)
    total = unloaded.sum(axis=0)  # of each source, before its swing falls
    fallen = 1.0 - output.r_out * total
    worst = int(np.argmin(fallen))
    if fallen[worst] < LEAST_SWING:
        raise ParameterError(
            f"node {worst} drives synapses of {1.0 / total[worst]:.3g} Ohm in all: its swing would fall to "
            f"{max(fallen[worst], 0.0):.2f} of itself, {LEAST_SWING:g} is the least. Take R_node of "
            f"{R_node * (1.0 - fallen[worst]) / (1.0 - LEAST_SWING):.3g} Ohm or more, or fewer synapses."
        )
    return unloaded / fallen, output.A * fallen


def _capacitor(tau: float, R_node: float, calibration: Calibration) -> float:
    """Return what a node needs beside its gate [F]."""
    missing = tau / R_node - calibration.C_in
    if tau and missing < 0.0:
        raise ParameterError(
            f"tau = {tau:.3g} s at R_node = {R_node:g} Ohm is {tau / R_node:.3g} F, and the gate alone has "
            f"{calibration.C_in:.3g} F (reservoir). Take tau of {R_node * calibration.C_in:.3g} s or more, 0 for "
            "that of the gate alone, or a smaller R_node."
        )
    return missing if tau else 0.0


def _check_room(used: Array, calibration: Calibration) -> None:
    worst = int(np.argmax(used))
    if used[worst] > 1.0 - LEAST_LEFT:
        raise ParameterError(
            f"weights, inputs and bias of node {worst} take {used[worst]:.3g} of its node's conductance, "
            f"{1.0 - LEAST_LEFT:g} is the most: a passive node divides, and the gain is {calibration.gain:.3g}. "
            f"Scale the weights by {int(100.0 * (1.0 - LEAST_LEFT) / used[worst]) / 100.0:.2f}, "
            "take fewer synapses, or a larger v_in."
        )


def _check_drawn(made: Components) -> None:
    for name in ("falling", "rising", "plus", "minus"):
        part = getattr(made, name)
        small = (part > 0.0) & (part < 1.0 / LARGEST)
        if small.any():
            i, j = (int(k[0]) for k in np.nonzero(small))
            raise ParameterError(
                f"the weight of node {i} from {j} asks for {1.0 / part[i, j]:.3g} Ohm, {LARGEST:g} is the most "
                f"(reservoir). Leave it out, or take a smaller R_node than {made.R_node:g} Ohm."
            )
