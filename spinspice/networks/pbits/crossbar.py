r"""From J and h to resistors: the passive crossbar of a network of p-bits.

At the gate of p-bit i, a passive node of total conductance 1/R_node,

.. math::
    v_i = R_{node} \sum_k G_{ik} V_k

with V_k at one rail or the other, +-VDD/2 about the middle. Input I_i of a p-bit of width V_0 and middle v_0 asks for
v_i = v_0 + V_0 I_0 (sum_j J_ij m_j + h_i), hence

.. math::
    G_{ij} = \frac{|J_{ij}| I_0 V_0}{R_{node}\, V_{DD}/2}, \qquad \sum_k G_{ik} = 1/R_{node}

to ``outb`` of j for J > 0 and to ``out`` for J < 0, |h_i| likewise to a rail. What is left of the conductance goes to a
voltage that trims v_0. The map is exact for a passive node; it is bounded by I_0 (sum |J| + |h|) V_0 < VDD/2.

An output of resistance r_out that drives the conductance S falls to VDD/2 / (1 + r_out S). If its couplings ask for s
in all, they are made larger by 1/(1 - r_out s), and the sums are what they should be.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from spinspice.errors import CircuitError, check_range
from spinspice.networks.couplings import Coupling, Resistor
from spinspice.networks.pbits.ising import Ising

#: Part of the conductance of a node that must be left for its trim [1]: our choice.
LEAST_LEFT = 0.02
#: Most by which couplings may pull an output down [1]: our choice; an output is a resistance near its rail only.
MOST_SAG = 0.3


def crossbar(
    ising: Ising,
    *,
    I0: float,
    V0: float,
    v0: Mapping[str, float],
    vdd: float,
    R_node: float = 20e3,
    r_out: float = 0.0,
    outputs: tuple[str, str] = ("outb", "out"),
    rails: tuple[str, str] = ("vdd", "vss"),
    R_in: float = math.inf,
) -> tuple[dict[str, Coupling], dict[str, float]]:
    """Return the resistors of a network, and the voltages [V] of its trim nodes ``trim_<p-bit>``.

    Parameters
    ----------
    ising : Ising
    I0 : float
    V0 : float
        Width of the p-bit's tanh [V].
    v0 : mapping
        Middle of each p-bit's transition [V], about the middle of the supply.
    vdd : float
        Supply [V].
    R_node : float
        Resistance of a gate's node [Ohm]; with the gate it makes the delay of the synapse.
    r_out : float
        Resistance of the outputs [Ohm].
    outputs, rails : pair of str
        Ports of a p-bit that rise and fall with its state, and the nodes of the levels that they reach: what drives
        the couplings and the fields.
    R_in : float
        Resistance of the p-bit's input to the middle of the supply [Ohm]: part of the node's conductance.

    Raises
    ------
    CircuitError
        For weights that the supply cannot make: which p-bit, how much, and the largest I0 that it can have.
    """
    check_range("I0", I0, 0.0, 1e3, where="crossbar")
    for name, value in (("V0", V0), ("vdd", vdd), ("R_node", R_node)):
        check_range(name, value, 0.0, 1e12, open_low=True, where="crossbar")
    if R_node > R_in * (1.0 - LEAST_LEFT):
        raise CircuitError(
            f"R_node = {R_node:g} Ohm at inputs of {R_in:g} Ohm: nothing is left for couplings. Take R_node = "
            f"{R_in / 2:.3g} Ohm."
        )
    unit = V0 * I0 / (R_node * vdd / 2)
    boost = _boosts(ising, unit, r_out, R_node)
    couplings: dict[str, Coupling] = {}
    trims: dict[str, float] = {}
    for i, name in enumerate(ising.names):
        gate = f"vin_{name}"
        used = 0.0 if math.isinf(R_in) else 1.0 / R_in
        for j, other in enumerate(ising.names):
            weight = float(ising.J[i, j])
            if weight:
                source = f"{outputs[weight < 0]}_{other}"
                conductance = abs(weight) * unit * boost[int(weight < 0)][j]
                if conductance:
                    couplings[f"{name}_{other}"] = Resistor(source, gate, 1.0 / conductance)
                used += conductance
        field = float(ising.h[i])
        if field and unit:
            couplings[f"{name}_h"] = Resistor(rails[field < 0], gate, 1.0 / (abs(field) * unit))
            used += abs(field) * unit
        left = 1.0 / R_node - used
        if left < LEAST_LEFT / R_node:
            weights = used - 1.0 / R_in
            most = I0 * ((1.0 - LEAST_LEFT) / R_node - 1.0 / R_in) / weights
            raise CircuitError(
                f"the resistors of p-bit {name} reach {used * R_node:.3g} of its node's conductance: its couplings and "
                f"field add up to {weights / unit:.3g}, at I0 = {I0:g} more than a supply of {vdd:g} V makes with V0 = "
                f"{V0:g} V. Take I0 up to {most:.3g}, or a p-bit with a smaller V0."
            )
        couplings[f"{name}_trim"] = Resistor(f"trim_{name}", gate, 1.0 / left)
        trims[f"trim_{name}"] = v0.get(name, 0.0) / (left * R_node)
    return couplings, trims


def _boosts(ising: Ising, unit: float, r_out: float, R_node: float) -> NDArray[np.float64]:
    """Return the factors on the couplings from the rising and from the falling output of each p-bit, shape (2, n)."""
    wanted = unit * np.array([np.clip(sign * ising.J, 0.0, None).sum(axis=0) for sign in (1.0, -1.0)])
    sag = r_out * wanted
    if sag.max() > MOST_SAG:
        name = ising.names[int(sag.max(axis=0).argmax())]
        raise CircuitError(
            f"the couplings of p-bit {name} would pull its output of {r_out:.3g} Ohm down by {100 * sag.max():.3g} %. "
            f"Take R_node = {R_node * sag.max() / MOST_SAG * 1.1:.2g} Ohm or more, or a smaller I0."
        )
    return np.asarray(1.0 / (1.0 - sag))
