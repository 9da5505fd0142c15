"""Synapses of p-bits: what makes the sum of J m + h at each gate, of resistors, or ideal."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

from spinspice.networks.couplings import Coupling, WeightedSum
from spinspice.networks.pbits.crossbar import crossbar
from spinspice.networks.pbits.ising import Ising


@dataclasses.dataclass(frozen=True)
class Synapse:
    """Couplings of a network, and what its inputs are held at [V]."""

    couplings: Mapping[str, Coupling]
    inputs: Mapping[str, Any]


def resistors(
    ising: Ising, *, I0: float, V0: float, v0: Mapping[str, float], vdd: float, R_node: float, r_out: float = 0.0
) -> Synapse:
    """Return the passive crossbar of :mod:`spinspice.networks.pbits.crossbar`."""
    return Synapse(*crossbar(ising, I0=I0, V0=V0, v0=v0, vdd=vdd, R_node=R_node, r_out=r_out))


def ideal_sum(
    ising: Ising, *, I0: float, V0: float, v0: Mapping[str, float], vdd: float, R_node: float, r_out: float = 0.0
) -> Synapse:
    """Return ideal sums without delay: v = v0 + V0 I0 (sum J m + h)."""
    unit = V0 * I0 / (vdd / 2)
    made: dict[str, Coupling] = {}
    for i, name in enumerate(ising.names):
        weights = {f"outb_{other}": float(ising.J[i, j]) * unit for j, other in enumerate(ising.names) if ising.J[i, j]}
        offset = v0.get(name, 0.0) + V0 * I0 * float(ising.h[i])
        made[f"{name}_sum"] = WeightedSum(f"vin_{name}", weights, offset=offset, resistance=R_node)
    return Synapse(made, {})


#: Synapses by name.
SYNAPSES: dict[str, Callable[..., Synapse]] = {"resistors": resistors, "sum": ideal_sum}
