"""The read-out cell on SKY130 as a drawing: its Python cell, and the bench around it as cards."""

from __future__ import annotations

from typing import Any

from spinspice.pyspice import Circuit

#: Junction that is read, and clock period [s]: one decision, our choice.
PRESET, PERIOD = "mizrahi2018-scaled", 200e-9
#: File with the rest of the bench.
BENCH = "readout_bench.lib"


def readout_cell() -> Any:
    """Return the read-out of the scaled junction of Mizrahi et al. 2018 on SKY130."""
    from spinspice.cells.readout import ReadOut
    from spinspice.cmos import get_technology
    from spinspice.devices import as_two_state
    from spinspice.presets import load_preset

    return ReadOut(as_two_state(load_preset(PRESET).device, "a read-out reads two states"), get_technology("sky130"))


def bench_cards(cell: Any) -> str:
    """Return the bench without the cell: its subcircuits, and its cards with stimulus and bias at 0 V."""
    from spinspice.benches.readout import readout_circuit

    circuit: Circuit = readout_circuit(cell, cell.timing(PERIOD))
    others = [str(made) for made in circuit.subcircuits if made.name != cell.name]
    cards = [" ".join(str(element).split()) for element in circuit.elements if str(element).split()[0] != "X1"]
    text = "\n".join(cards).replace("{stim}", "0").replace("{bias}", "0")
    return "\n".join([*others, text]) + "\n"
