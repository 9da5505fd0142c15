"""Digital parts as gates: a characterised standard-cell library, synthesis, and what every gate does in operation.

`library` (cells with area and energies), `characterise` (those energies from transients of the foundry's netlists),
`synthesis` (Verilog to cells, with Yosys), `netlist` (cells as arrays), `simulate` (every net in every clock cycle).
"""

from __future__ import annotations

from spinspice.digital.gates.characterise import measure_cell, measure_library
from spinspice.digital.gates.library import CellLibrary, StandardCell, sky130_library
from spinspice.digital.gates.netlist import GateNetlist
from spinspice.digital.gates.simulate import Activity, GateEnergy, MemoryPorts, gate_energy, simulate
from spinspice.digital.gates.synthesis import synthesise

__all__ = [
    "Activity",
    "CellLibrary",
    "GateEnergy",
    "GateNetlist",
    "MemoryPorts",
    "StandardCell",
    "gate_energy",
    "measure_cell",
    "measure_library",
    "simulate",
    "sky130_library",
    "synthesise",
]
