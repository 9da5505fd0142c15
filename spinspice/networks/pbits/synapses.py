"""Synapses of p-bits: what makes the sum of J m + h at each gate. Resistors and ideal sums here, others by name."""

from __future__ import annotations

import dataclasses
import importlib
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from spinspice.cells.pbit import PBit
from spinspice.networks.couplings import Coupling, WeightedSum
from spinspice.networks.pbits.crossbar import crossbar
from spinspice.networks.pbits.ising import Ising

if TYPE_CHECKING:
    from spinspice.networks.pbits.synapse_amplifiers import Amplifier
    from spinspice.networks.pbits.synapse_transistors import Programme


@dataclasses.dataclass(frozen=True, kw_only=True)
class Asked:
    """What a synapse is to make: v = v0 + V0 I0 (sum J m + h) at the gate of every p-bit.

    Parameters
    ----------
    ising : Ising
    I0 : float
    V0 : float
        Width of a p-bit's transition [V].
    v0 : mapping
        Middle of each p-bit's transition [V].
    cell : PBit
        Its supply, and the transistors that a synapse is made of.
    R_node : float
        Resistance of a gate's node [Ohm].
    r_out : float
        Resistance of the outputs [Ohm].
    outputs, rails : pair of str
        As for :func:`spinspice.networks.pbits.crossbar.crossbar`.
    programme : Programme, optional
        Currents of programmable transistors (:mod:`spinspice.networks.pbits.synapse_transistors`).
    amplifier : Amplifier, optional
        What is known of summing amplifiers (:mod:`spinspice.networks.pbits.synapse_amplifiers`).
    """

    ising: Ising
    I0: float
    V0: float
    v0: Mapping[str, float]
    cell: PBit
    R_node: float = 20e3
    r_out: float = 0.0
    outputs: tuple[str, str] = ("outb", "out")
    rails: tuple[str, str] = ("vdd", "vss")
    programme: Programme | None = None
    amplifier: Amplifier | None = None

    @property
    def unit(self) -> float:
        """Voltage at a gate for an input of I0 [V]."""
        return self.V0 * self.I0


@dataclasses.dataclass(frozen=True)
class Synapse:
    """Couplings of a network, what its inputs are held at [V], and cells that the synapses need."""

    couplings: Mapping[str, Coupling]
    inputs: Mapping[str, Any]
    cells: Mapping[str, Any] = dataclasses.field(default_factory=dict)


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


def _elsewhere(kind: str) -> Callable[[Asked], Synapse]:
    """Return the maker of a synapse that has a module of its own, which loads when it is asked for."""

    def make(asked: Asked) -> Synapse:
        module = importlib.import_module(f"spinspice.networks.pbits.synapse_{kind}")
        made: Synapse = module.__dict__[kind](asked)
        return made

    return make


#: Synapses by name.
SYNAPSES: dict[str, Callable[[Asked], Synapse]] = {"resistors": resistors, "sum": ideal_sum} | {
    kind: _elsewhere(kind) for kind in ("capacitors", "amplifiers", "transistors")
}
