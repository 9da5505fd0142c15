"""What every net of a gate netlist does in each clock cycle, and the energy of it.

Two-valued and without delays: a net settles once a cycle, so glitches on the way are not seen. The memory is a plain
array beside the gates, one word a cycle, read data in the cycle after.
"""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spinspice.digital.gates.library import CLOCK_GATE, FLIP_FLOP
from spinspice.digital.gates.netlist import GateNetlist
from spinspice.errors import ParameterError


@dataclasses.dataclass(frozen=True)
class MemoryPorts:
    """Names of the ports between gates and memory; ``state`` is the port whose value sorts cycles into phases."""

    read: str = "read"
    write: str = "write"
    address: str = "address"
    data: str = "new_weight"
    q: str = "weight"
    state: str = "phase"


@dataclasses.dataclass(frozen=True)
class Activity:
    """What happened, by phase (the value of the state port).

    Parameters
    ----------
    cycles : array of int, shape (phases,)
        Clock cycles.
    toggles : array of int, shape (phases, nets)
        Changes of every net.
    clocked : array of int, shape (phases, clock gates)
        Cycles in which a clock gate let the clock through.
    words_read, words_written, bits_written : array of int, shape (phases,)
        Memory accesses, and bits that a write changed.
    outputs : dict of array
        Output ports of at most 62 bits in every cycle.
    words : array of int
        The memory at the end.
    """

    cycles: NDArray[np.int64]
    toggles: NDArray[np.int64]
    clocked: NDArray[np.int64]
    words_read: NDArray[np.int64]
    words_written: NDArray[np.int64]
    bits_written: NDArray[np.int64]
    outputs: dict[str, NDArray[np.int64]]
    words: NDArray[np.int64]


@dataclasses.dataclass(frozen=True)
class GateEnergy:
    """Energy by phase [J], shape (phases,): gates and flip-flops that switch, and the clock."""

    switching: NDArray[np.float64]
    clock: NDArray[np.float64]

    @property
    def total(self) -> NDArray[np.float64]:
        """Both [J]."""
        return self.switching + self.clock


def simulate(
    netlist: GateNetlist, stimuli: dict[str, NDArray[Any]], words: NDArray[np.int64], ports: MemoryPorts | None = None
) -> Activity:
    """Run a netlist through clock cycles; flip-flops and nets begin low.

    Parameters
    ----------
    netlist : GateNetlist
    stimuli : dict of array
        Input port -> value in every cycle, shape (cycles,), or its bits, shape (cycles, width). Others are low.
    words : array of int
        The memory at the start, unsigned words.
    ports : MemoryPorts

    Raises
    ------
    ParameterError
        For stimuli of unequal length.
    """
    ports = ports or MemoryPorts()
    lengths = {len(values) for values in stimuli.values()}
    if len(lengths) != 1:
        raise ParameterError(f"stimuli of {sorted(lengths)} cycles: give every input the same number.")
    bits, nets = _bits(netlist, stimuli)
    outputs = [n for n, net in netlist.ports.items() if n not in netlist.inputs and net.size <= 62]
    watched = np.concatenate([netlist.port(name) for name in outputs])
    memory = np.array(words, np.int64)
    phases = 2 ** netlist.port(ports.state).size
    truth = np.array([netlist.library.cell(kind).truth() for kind in netlist.cells], np.int64)
    from spinspice.digital.gates.kernel import run  # numba: only where gates run

    counted = run(
        truth, netlist.gates, netlist.flops, netlist.clock_gates, netlist.nets, nets, bits, watched, memory, phases,
        *(netlist.port(name) for name in (ports.read, ports.write, ports.address, ports.data, ports.q, ports.state)),
    )  # fmt: skip
    cycles, toggles, clocked, access, seen = counted
    values, start = {}, 0
    for name in outputs:
        width = netlist.ports[name].size
        values[name] = seen[:, start : start + width].astype(np.int64) @ (1 << np.arange(width))
        start += width
    return Activity(cycles, toggles, clocked, access[:, 0], access[:, 1], access[:, 2], values, memory)


def _bits(netlist: GateNetlist, stimuli: dict[str, NDArray[Any]]) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Return the bits of all stimuli, shape (cycles, bits), and their nets."""
    columns, nets = [], []
    for name, values in stimuli.items():
        net = netlist.port(name)
        array = np.asarray(values)
        columns.append(array if array.ndim == 2 else (array[:, np.newaxis].astype(np.int64) >> np.arange(net.size)) & 1)
        nets.append(net)
    return np.concatenate(columns, axis=1).astype(np.uint8), np.concatenate(nets)


def gate_energy(netlist: GateNetlist, activity: Activity) -> GateEnergy:
    r"""Return the energy of what happened, by phase.

    A transition of a net costs what its cell takes without load, and :math:`\tfrac12 C V^2` for what it drives; an
    input that moves while the output stays costs the ``silent`` energy (inputs that move together count one by one). A
    clock pin costs :math:`C V^2` and the cell's own clock energy in every cycle in which its clock runs.
    """
    library = netlist.library
    square = library.vdd**2
    per_net = 0.5 * square * netlist.loads()
    for cell, net in netlist.drivers():
        per_net[net] += cell.toggle
    switching = activity.toggles @ per_net
    silent = np.array([library.cell(kind).silent for kind in netlist.cells])
    moved = activity.toggles[:, netlist.gates[:, :-1]].sum(axis=2) - activity.toggles[:, netlist.gates[:, -1]]
    switching = switching + np.maximum(moved, 0) @ silent
    return GateEnergy(switching, _clock_energy(netlist, activity))


def _clock_energy(netlist: GateNetlist, activity: Activity) -> NDArray[np.float64]:
    library, square = netlist.library, netlist.library.vdd**2
    flop = library.cell(FLIP_FLOP).clock + square * netlist.clock_load(FLIP_FLOP)
    free = np.count_nonzero(netlist.flops[:, 2] < 0)
    energy = activity.cycles * (free * flop)
    if netlist.clock_gates.size:
        gate = library.cell(CLOCK_GATE)
        behind = np.bincount(netlist.flops[netlist.flops[:, 2] >= 0, 2], minlength=netlist.clock_gates.size)
        idle = gate.clock + square * netlist.clock_load(CLOCK_GATE)
        energy = energy + activity.cycles * (netlist.clock_gates.size * idle)
        energy = energy + activity.clocked @ (behind * flop + 2.0 * gate.toggle)
    return np.asarray(energy, dtype=float)
