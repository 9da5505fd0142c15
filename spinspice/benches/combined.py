"""Bench of read-outs whose bits gates combine: junctions that fluctuate, comparators, a chain of exclusive or."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from spinspice.benches.readout import OPTIONS, add_rails, first_step, resolvable
from spinspice.cells.bench import LOAD
from spinspice.cells.dice import ExclusiveOr
from spinspice.cells.read_timing import ReadTiming
from spinspice.cells.readout import ReadOut
from spinspice.errors import CircuitError
from spinspice.pyspice import Circuit
from spinspice.testbench import Testbench


@dataclasses.dataclass(frozen=True, kw_only=True)
class Combined:
    """Equal read-outs that share rails, gate line and stimulus, and the exclusive or of all their bits.

    Parameters
    ----------
    cell : ReadOut
        Of one junction, driven by voltage.
    timing : ReadTiming
    stim : float
        Voltage across the junctions between reads [V].
    """

    cell: ReadOut
    timing: ReadTiming
    stim: float

    def __post_init__(self) -> None:
        if self.cell.device.drive:
            raise CircuitError("read-outs that gates combine are driven by voltage (drive = 0).")

    def testbench(self, bits: int, seeds: Sequence[int]) -> Testbench:
        """Return a run of so many bits of as many junctions as there are seeds, two or more."""
        if len(seeds) < 2:
            raise CircuitError(f"gates combine two junctions or more, got {len(seeds)}.")
        stop = self.timing.stop(bits)
        cell = resolvable(self.cell, stop)
        circuit = Circuit(f"{len(seeds)} read-outs and their exclusive or")
        gate = ExclusiveOr(cell.technology, vdd=cell.vdd)
        for part in (cell, gate):
            circuit.subcircuit(part)
        add_rails(circuit, cell, self.timing)
        circuit.V("stim", "stim", circuit.gnd, self.stim)
        circuit.V("bias", "bias", circuit.gnd, 0)
        last = "out1"
        for k, seed in enumerate(seeds, 1):
            own = {name: f"{name}{k}" for name in ("out", "state", "count")}
            circuit.X(f"{k}", cell.name, *(own.get(port, port) for port in cell.ports), seed=seed)
            if k > 1:
                circuit.X(f"x{k}", gate.name, last, f"out{k}", f"xor{k}", "vdd", "vss")
                last = f"xor{k}"
        circuit.C("load", last, circuit.gnd, LOAD)
        signals = [f"v({name}{k})" for name in ("out", "state", "count") for k in range(1, len(seeds) + 1)]
        return Testbench.from_pyspice(
            circuit,
            stop=stop,
            step=min(first_step(cell.device, [self.stim / cell.device.V_c]), self.timing.settle / 4),
            max_step=self.timing.period / 4,
            save=(*signals, self.output(len(seeds)), "i(vdd)", "i(vss)"),
            options=OPTIONS,
            title="read-outs and their exclusive or",
        )

    @staticmethod
    def output(junctions: int) -> str:
        """Signal of the combined bit."""
        return f"v(xor{junctions})"
