"""A read-out cell whose bits are balanced by a loop of transistors, and the law of what the loop leaves."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from spinspice.benches.readout import OPTIONS, add_rails, freeze, resolvable
from spinspice.cells.bench import LOAD
from spinspice.cells.bias_loop import BiasLoop
from spinspice.cells.read_timing import ReadTiming
from spinspice.cells.readout import ReadOut
from spinspice.devices.laws.random_bits import ReadJunction
from spinspice.errors import CircuitError
from spinspice.pyspice import Circuit
from spinspice.testbench import Testbench
from spinspice.waveforms import Waveforms

#: Periods of a silent run; the last whole one before the last bit is taken.
SILENT = 3


@dataclasses.dataclass(frozen=True)
class Held:
    """What silent runs tell with the integral held at a voltage.

    Parameters
    ----------
    law : ReadJunction
        Of the bits.
    charge : (float, float)
        What the loop brings to the integral in a period while the bit is 0, and 1 [C].
    """

    law: ReadJunction
    charge: tuple[float, float]

    @property
    def mean(self) -> float:
        """Mean charge of a period [C]: the loop rests where it is zero."""
        return (1.0 - self.law.ones) * self.charge[0] + self.law.ones * self.charge[1]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Balanced:
    """A read-out cell with its loop.

    Parameters
    ----------
    cell : ReadOut
        Of a junction driven by voltage, its read current gated.
    period : float
        Clock period [s].
    loop : BiasLoop
    """

    cell: ReadOut
    period: float
    loop: BiasLoop

    def __post_init__(self) -> None:
        if self.cell.device.drive or not self.cell.gated:
            raise CircuitError("a bias loop is for a junction driven by voltage whose read current is gated.")

    @classmethod
    def of(cls, cell: ReadOut, period: float) -> Balanced:
        """Return the cell with a loop of the default sizes."""
        return cls(cell=cell, period=period, loop=BiasLoop(cell.read_current, cell.technology, vdd=cell.vdd))

    @property
    def timing(self) -> ReadTiming:
        return self.cell.timing(self.period)

    def testbench(self, bits: int, seed: int, held: float | None = None, start: float = 0.0) -> Testbench:
        """Return a run of so many bits from ``start`` [V] on the integral; ``held`` keeps it there: an open loop."""
        timing = self.timing
        stop = timing.stop(bits)
        cell = resolvable(self.cell, stop)
        circuit = Circuit("a read-out cell with a bias loop")
        for part in (cell, self.loop):
            circuit.subcircuit(part)
        add_rails(circuit, cell, timing)
        circuit.V("bias", "bias", circuit.gnd, 0.0)
        circuit.X("1", cell.name, *cell.ports, seed=seed)
        circuit.X("2", self.loop.name, *({"mid": "bias"}.get(port, port) for port in self.loop.ports))
        circuit.C("load", "out", circuit.gnd, LOAD)
        if held is not None:
            circuit.V("held", "integral", circuit.gnd, held)
        else:
            circuit.raw_spice += f".ic v(integral)={start!r}\n"
        return Testbench.from_pyspice(
            circuit,
            stop=stop,
            step=timing.settle / 4,
            max_step=self.period / 4,
            save=("v(out)", "v(state)", "v(count)", "v(x1.nj)", "v(bias)", "v(integral)", "v(stim)", "i(vdd)", "i(vss)",
                  *(["i(vheld)"] if held is not None else [])),
            options=OPTIONS,
            title="a read-out cell with a bias loop",
        )  # fmt: skip

    def silent(self, held: float) -> list[Testbench]:
        """Return the runs with the junction held in P and in AP and the integral at ``held`` [V]."""
        frozen = [dataclasses.replace(self, cell=freeze(self.cell, state)) for state in (0, 1)]
        return [bench.testbench(SILENT, 1, held).replace(max_step=self.period / 100.0) for bench in frozen]

    def held(self, runs: Sequence[Waveforms]) -> Held:
        """Return what the runs of :meth:`silent` tell."""
        end = self.timing.edges(SILENT)[-1]
        inside = [run.time[(run.time > end - self.period) & (run.time < end)] for run in runs]
        time = np.unique(np.concatenate([[end - self.period, end], *inside]))
        device = self.cell.device
        rates = [
            device.escape_rates(np.interp(time, run.time, run["v(x1.nj)"] - run["v(bias)"]) / device.V_c)[state]
            for state, run in enumerate(runs)
        ]
        # What the circuit brings flows into the source that holds the node.
        brought = [float(np.trapezoid(np.interp(time, run.time, run["i(vheld)"]), time)) for run in runs]
        return Held(ReadJunction.of_rates(time, *rates), (brought[0], brought[1]))

    def energies(self, waves: Waveforms, bits: int, block: int = 50) -> NDArray[np.float64]:
        """Return the energy of a bit from the supplies, in blocks of bits [J]."""
        power = 0.5 * self.cell.vdd * (waves["i(vss)"] - waves["i(vdd)"])
        done = np.concatenate([[0.0], np.cumsum(0.5 * (power[1:] + power[:-1]) * np.diff(waves.time))])
        edges = self.period * np.arange(0, bits + 1, block)
        return np.diff(np.interp(edges, waves.time, done)) / block
