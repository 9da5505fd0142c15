"""The bench of a cell: one cell between its rails, with a load."""

from __future__ import annotations

from spinspice.cells.cell import Cell
from spinspice.pyspice import Circuit

#: Load of the output [F]: the gates of a few neurons, our choice.
LOAD = 1e-15


def bench_circuit(cell: Cell, load: float = LOAD) -> Circuit:
    """Return a PySpice circuit of one cell between its rails, input and seed left as {vin} and {seed}.

    Nodes carry the names of the cell's ports; the cell is X1, the rails are ``vdd`` and ``vss``, the input source is
    ``vin``, a further port ``vb`` is held by the source ``bias_vb``, one with a waveform is driven by ``drive_vb``, and
    ``load`` [F] hangs on ``out``, and on ``outb`` where there is one.
    """
    circuit = Circuit(f"{cell.name} on {cell.technology.name}")
    circuit.subcircuit(cell)
    circuit.X("1", cell.name, *cell.ports, seed="{seed}")
    low, high = cell.rails
    circuit.V("dd", "vdd", circuit.gnd, high)
    circuit.V("ss", "vss", circuit.gnd, low)
    circuit.V("in", "vin", circuit.gnd, "{vin}")
    for port, voltage in cell.bias.items():
        circuit.V(f"bias_{port}", port, circuit.gnd, voltage)
    for port, waveform in cell.sources.items():
        circuit.V(f"drive_{port}", port, circuit.gnd, waveform.text())
    add_loads(circuit, cell, load)
    return circuit


def add_loads(circuit: Circuit, cell: Cell, load: float = LOAD) -> None:
    """Hang ``load`` [F] on every output: the capacitor ``load`` on ``out``, ``load_outb`` on ``outb``."""
    for port in cell.outputs:
        circuit.C("load" if port == "out" else f"load_{port}", port, circuit.gnd, load)
