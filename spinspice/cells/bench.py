"""The bench of a cell: one cell between split rails, with a load."""

from __future__ import annotations

from PySpice.Spice.Netlist import Circuit

from spinspice.cells.base import NeuronCell

#: Load of the output [F]: the gates of a few neurons, our choice.
LOAD = 1e-15


def bench_circuit(cell: NeuronCell, load: float = LOAD) -> Circuit:
    """Return a PySpice circuit of one cell between split rails, input and seed left as {vin} and {seed}.

    Nodes carry the names of the cell's ports; the cell is X1, the rails are ``vdd`` and ``vss``, the input source is
    ``vin``, and ``load`` [F] hangs on ``out``.
    """
    circuit = Circuit(f"{cell.name} on {cell.technology.name}")
    circuit.subcircuit(cell)
    circuit.X("1", cell.name, *cell.ports, seed="{seed}")
    circuit.V("dd", "vdd", circuit.gnd, cell.vdd / 2)
    circuit.V("ss", "vss", circuit.gnd, -cell.vdd / 2)
    circuit.V("in", "vin", circuit.gnd, "{vin}")
    circuit.C("load", "out", circuit.gnd, load)
    return circuit
