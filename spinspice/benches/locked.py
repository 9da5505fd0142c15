"""A junction that a weak square drive locks, with transistors throughout: line driver, sensing, comparator, latch.

Two transmission gates switch the line of a read-out cell between +volts and -volts; the comparator looks at the
junction at the end of each half period.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySpice.Spice.Netlist import Circuit

from spinspice.benches.readout import OPTIONS, add_rails, freeze, resolvable
from spinspice.cells.dice import DiceDriver
from spinspice.cells.read_timing import ReadTiming
from spinspice.cells.readout import ReadOut
from spinspice.devices.laws.random_bits import ReadJunction, mean_switches
from spinspice.errors import CircuitError, check_range
from spinspice.stimuli import Pulse
from spinspice.testbench import Testbench
from spinspice.waveforms import Waveforms

#: Edges of the drive's clock [s].
EDGE = 1e-9
#: Half periods of a silent run; the last two before the last bit are taken.
SILENT = 4


@dataclasses.dataclass(frozen=True, kw_only=True)
class Locked:
    """A read-out cell whose line a driver switches.

    Parameters
    ----------
    cell : ReadOut
        Of a junction driven by voltage.
    volts : float
        Amplitude of the drive [V].
    half_period : float
        [s]; a read at the end of each.
    """

    cell: ReadOut
    volts: float
    half_period: float

    def __post_init__(self) -> None:
        if self.cell.device.drive:
            raise CircuitError("a locked junction of this bench is driven by voltage (drive = 0).")
        check_range("volts", self.volts, 0.0, self.cell.vdd / 2, unit="V", where="drive of a locked junction")

    @property
    def timing(self) -> ReadTiming:
        return self.cell.timing(self.half_period)

    def testbench(self, halves: int, seed: int) -> Testbench:
        """Return a run of so many half periods; the first favours P."""
        timing = self.timing
        stop = timing.stop(halves)
        cell = resolvable(self.cell, stop)
        circuit = Circuit("a locked junction, driver and comparator")
        driver = DiceDriver(cell.device.R_P, cell.technology, vdd=cell.vdd)
        for part in (cell, driver):
            circuit.subcircuit(part)
        add_rails(circuit, cell, timing)
        half = cell.vdd / 2
        clock = Pulse(low=-half, high=half, rise=EDGE, fall=EDGE, width=self.half_period - EDGE,
                      period=2.0 * self.half_period)  # fmt: skip
        circuit.V("phase", "phase", circuit.gnd, clock.text())
        for name, level in (("high", self.volts), ("low", -self.volts), ("bias", 0.0)):
            circuit.V(name, name, circuit.gnd, level)
        # The driver's gate to vdd stays shut; of the other two one is closed in each half period.
        circuit.X("d", driver.name, "vss", "phase", "stim", "high", "low", "vdd", "vss")
        circuit.X("1", cell.name, *cell.ports, seed=seed)
        return Testbench.from_pyspice(
            circuit,
            stop=stop,
            step=timing.settle / 4,
            max_step=self.half_period / 20.0,
            save=("v(out)", "v(state)", "v(count)", "v(x1.nj)", "i(vdd)", "i(vss)", "i(vhigh)", "i(vlow)"),
            options=OPTIONS,
            title="a locked junction, driver and comparator",
        )

    def silent(self) -> list[Testbench]:
        """Return the runs with the junction held in P and in AP, from which :meth:`law` follows."""
        held = [dataclasses.replace(self, cell=freeze(self.cell, state)) for state in (0, 1)]
        return [bench.testbench(SILENT, 1).replace(max_step=self.half_period / 100.0) for bench in held]

    def law(self, runs: Sequence[Waveforms]) -> tuple[ReadJunction, float]:
        """Return the law of the bits that end a half period of the low line, and the mean switches a half period."""
        end = self.timing.edges(SILENT)[-1]
        inside = [run.time[(run.time > end - 2.0 * self.half_period) & (run.time < end)] for run in runs]
        time = np.unique(np.concatenate([[end - 2.0 * self.half_period, end], *inside]))
        volts = [np.interp(time, run.time, run["v(x1.nj)"]) for run in runs]
        device = self.cell.device
        rates = [device.escape_rates(v / device.V_c)[state] for state, v in enumerate(volts)]
        return ReadJunction.of_rates(time, *rates), 0.5 * mean_switches(time, *rates)

    def energies(self, waves: Waveforms, halves: int, block: int = 10) -> NDArray[np.float64]:
        """Return the energy of a whole period from supplies and lines in blocks of half periods [J]."""
        half = self.cell.vdd / 2
        power = half * (waves["i(vss)"] - waves["i(vdd)"]) + self.volts * (waves["i(vlow)"] - waves["i(vhigh)"])
        step = 0.5 * (power[1:] + power[:-1]) * np.diff(waves.time)
        done = np.concatenate([[0.0], np.cumsum(step)])
        edges = self.half_period * np.arange(0, halves + 1, block)
        return np.diff(np.interp(edges, waves.time, done)) * 2.0 / block
