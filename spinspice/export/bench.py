"""The test bench of an exported cell: split supply, constant input, one transient run."""

from __future__ import annotations

from typing import Any

from spinspice.cells import NeuronCell, get_cell
from spinspice.devices import Device
from spinspice.errors import check_range
from spinspice.testbench import Testbench

#: Longest suggested time step [s]: half the step of the noise of a macrospin, or fine enough for a telegraph junction.
STEP = 5e-12


def cell_testbench(
    cell: str | type[NeuronCell],
    device: Device,
    cmos: str = "generic",
    *,
    vin: float = 0.0,
    duration: float = 20e-9,
    seed: int = 1,
    vdd: float | None = None,
) -> tuple[Testbench, NeuronCell]:
    """Return the test bench of a cell at a constant input, and the cell; arguments as for ``export_cell``.

    Parameters of the test bench: ``vin`` [V], ``seed``, ``vdd`` [V].
    """
    from PySpice.Spice.Netlist import Circuit

    check_range("vin", vin, -10.0, 10.0, unit="V", where="input voltage of the cell")
    check_range("seed", seed, 0, 2**31 - 1, where="seed of the junction")
    kind: Any = get_cell(cell) if isinstance(cell, str) else cell
    neuron: NeuronCell = kind(device, cmos, vdd=vdd)
    circuit = Circuit(f"{neuron.name} test bench")
    circuit.subcircuit(neuron)
    circuit.V("dd", "vdd", circuit.gnd, "dc {vdd/2}")
    circuit.V("ss", "vss", circuit.gnd, "dc {-vdd/2}")
    circuit.V("in", "vin", circuit.gnd, "dc {vin}")
    circuit.X("1", neuron.name, *neuron.ports, seed="{seed}")
    step = min(STEP, getattr(device, "dt", STEP))
    bench = Testbench.from_pyspice(
        circuit,
        stop=duration,
        step=step,
        save=("v(out)", "v(mid)", *(neuron.node_signal(node) for node in neuron.state_nodes), "i(vdd)"),
        parameters={"vdd": neuron.vdd, "vin": float(vin), "seed": float(seed)},
        title=f"{neuron.name.upper()} at a constant input",
    )
    return bench, neuron
