"""Synapses of p-bits: what makes the sum of J m + h at each gate. All kinds, by name."""

from __future__ import annotations

from collections.abc import Callable

from spinspice.networks.couplings import Coupling, WeightedSum
from spinspice.networks.pbits.asked import Asked, Synapse
from spinspice.networks.pbits.crossbar import crossbar
from spinspice.networks.pbits.synapse_amplifiers import amplifiers
from spinspice.networks.pbits.synapse_capacitors import capacitors
from spinspice.networks.pbits.synapse_transistors import transistors


def resistors(asked: Asked) -> Synapse:
    """Return the passive crossbar of :mod:`spinspice.networks.pbits.crossbar`."""
    return Synapse(
        *crossbar(
            asked.ising, I0=asked.I0, V0=asked.V0, v0=asked.v0, vdd=asked.cell.vdd, R_node=asked.R_node,
            r_out=asked.r_out, outputs=asked.outputs, rails=asked.rails, R_in=asked.cell.input_resistance,
        )
    )  # fmt: skip


def ideal_sum(asked: Asked) -> Synapse:
    """Return ideal sums without delay: v = v0 + V0 I0 (sum J m + h)."""
    ising, unit = asked.ising, asked.unit / (asked.cell.vdd / 2)
    made: dict[str, Coupling] = {}
    high, rail = asked.outputs[0], asked.rails[0]
    for i, name in enumerate(ising.names):
        weights = {
            f"{high}_{other}": float(ising.J[i, j]) * unit for j, other in enumerate(ising.names) if ising.J[i, j]
        }
        field, offset = float(ising.h[i]) * unit, asked.v0.get(name, 0.0)
        if field:
            weights[rail] = field
        made[f"{name}_sum"] = WeightedSum(f"vin_{name}", weights, offset=offset, resistance=asked.R_node)
    return Synapse(made, {})


#: Synapses by name.
SYNAPSES: dict[str, Callable[[Asked], Synapse]] = {
    "resistors": resistors, "sum": ideal_sum, "capacitors": capacitors, "amplifiers": amplifiers,
    "transistors": transistors,
}  # fmt: skip
