r"""Summing amplifiers as synapses: resistors into a node that an amplifier of transistors holds.

.. math::
    v_i = -R_f \sum_k \frac{V_k}{R_{ik}} + v_{ref} \Big(1 + \sum_k \frac{R_f}{R_{ik}}\Big)

so a coupling J > 0 hangs on the falling output. The sum does not share the conductance of a passive node: what bounds
it is how far the amplifier's output goes. A gain A that is not large (10 with generic transistors and this resistor)
leaves :math:`1 / (1 + (1 + \sum R_f / R_{ik}) / A)` of it; where A is known, resistors are made smaller by that, and
the offset of the pair goes into the reference. :func:`measured` takes both from a run of
:mod:`spinspice.networks.pbits.weights`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from spinspice.cells.summing import SummingAmplifier, least_bias
from spinspice.errors import CircuitError, ResultError
from spinspice.networks.couplings import Coupling, Resistor
from spinspice.networks.network import Placed
from spinspice.networks.pbits.asked import Amplifier, Asked, Synapse

Array = NDArray[np.float64]
#: Resistor from output to sum [Ohm], bias [A]: our choice. The amplifier must drive it with its bias.
R_F, BIAS = 200e3, 10e-6
#: Furthest that the output of the amplifier goes, over VDD/2 [1]: its pair and mirror need the rest. Our choice.
SWING = 0.4


def amplifiers(asked: Asked) -> Synapse:
    """Return resistors and an amplifier for each p-bit.

    Raises
    ------
    CircuitError
        For a sum beyond the swing of an amplifier: which p-bit, and the largest I0.
    """
    ising, vdd = asked.ising, asked.cell.vdd
    limit = SWING * vdd / 2
    technology = asked.cell.technology
    amplifier = SummingAmplifier(technology, bias=max(BIAS, least_bias(technology, vdd)), vdd=vdd)
    couplings: dict[str, Coupling] = {}
    inputs: dict[str, float] = {}
    cells = {}
    known = asked.amplifier or Amplifier()
    for i, name in enumerate(ising.names):
        middle = asked.v0.get(name, 0.0)
        furthest = abs(middle) + asked.unit * float(ising.reach[i])
        if furthest > limit:
            most = asked.I0 * (limit - abs(middle)) / (asked.unit * float(ising.reach[i]))
            raise CircuitError(
                f"the sum at p-bit {name} reaches {furthest:.3g} V at I0 = {asked.I0:g}; its amplifier goes to "
                f"{limit:.3g} V. Take I0 up to {most:.3g}, or a p-bit with a smaller V0."
            )
        weights = {f"{name}_{other}": (other, float(ising.J[i, j])) for j, other in enumerate(ising.names)}
        shares = [abs(w) * asked.unit / (vdd / 2) for _, w in weights.values()]
        shares.append(abs(float(ising.h[i])) * asked.unit / (vdd / 2))
        total = float(np.sum(shares))
        boost = (1.0 + 1.0 / known.gain) / (1.0 - total / known.gain)
        lost = 1.0 + (1.0 + boost * total) / known.gain
        node = f"sum_{name}"
        for key, (other, weight) in weights.items():
            if weight:
                share = boost * abs(weight) * asked.unit / (vdd / 2)
                couplings[key] = Resistor(f"{asked.outputs[weight > 0]}_{other}", node, R_F / share)
        if ising.h[i]:
            couplings[f"{name}_h"] = Resistor(asked.rails[int(ising.h[i] > 0)], node, R_F / (boost * shares[-1]))
        couplings[f"{name}_back"] = Resistor(node, f"vin_{name}", R_F)
        inputs[f"trim_{name}"] = middle * lost / (1.0 + boost * total) - known.offset
        ports = {"inp": f"trim_{name}", "inn": node, "out": f"vin_{name}"}
        cells[f"amp_{name}"] = Placed(amplifier, ports)
    return Synapse(couplings, inputs, cells)


def measured(asked: Asked, J: Array, h: Array) -> Amplifier:
    """Return the amplifier that weights say which were made without knowing it, shapes (n, n) and (n,), in units.

    Raises
    ------
    ResultError
        For weights that no gain explains.
    """
    wanted = np.asarray(asked.ising.J)
    ratio = (wanted * J).sum(axis=1) / (wanted**2).sum(axis=1)  # 1/D, D = 1 + (1 + total)/A
    total = asked.ising.reach * asked.unit / (asked.cell.vdd / 2)
    if not np.all((ratio > 0.3) & (ratio < 1.0)):
        raise ResultError(f"weights of {np.round(ratio, 3)} of those asked for are no finite gain of an amplifier.")
    middle = np.array([asked.v0.get(name, 0.0) for name in asked.ising.names])
    excess = asked.unit * (h - ratio * asked.ising.h) + middle * (1.0 - ratio)
    return Amplifier(
        gain=float(np.mean((1.0 + total) * ratio / (1.0 - ratio))),
        offset=float(np.mean(excess / ratio / (1.0 + total))),
    )
