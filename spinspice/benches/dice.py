"""Bench of a spin dice: junctions that are reset, written at P = 1/2 and read, and the exclusive or of their bits."""

from __future__ import annotations

import dataclasses

import numpy as np

from spinspice.benches.readout import OPTIONS, add_rails, resolvable
from spinspice.cells.dice import DiceDriver, ExclusiveOr
from spinspice.cells.read_timing import ReadTiming
from spinspice.cells.readout import ReadOut
from spinspice.devices.noise import instance_seed
from spinspice.errors import CircuitError, check_range
from spinspice.pyspice import Circuit
from spinspice.stimuli import Pulse
from spinspice.testbench import Testbench
from spinspice.waveforms import Waveforms

#: Between pulses [s] and of their edges: our choice, several time constants of a line of some fF and kOhm.
GAP, EDGE = 4e-9, 0.5e-9
#: Load on the last output [F].
LOAD = 1e-15


@dataclasses.dataclass(frozen=True, kw_only=True)
class Dice:
    """Junctions, each with driver and read-out of its own, and how long they are pulsed.

    A period: reset pulse (towards P), write pulse of ``volts`` (towards AP), rest, read.

    Parameters
    ----------
    cell : ReadOut
        Of one junction, driven by voltage.
    junctions : int
        Whose bits are combined.
    volts : float
        Voltage of the write line [V], positive; the line lies below ground by it.
    reset, write : float
        Lengths of the pulses [s].
    """

    cell: ReadOut
    junctions: int
    volts: float
    reset: float = 100e-9
    write: float = 100e-9

    def __post_init__(self) -> None:
        if self.cell.device.drive:
            raise CircuitError("a spin dice here writes by voltage (drive = 0).")
        where = "spin dice"
        check_range("junctions", self.junctions, 1, 64, where=where)
        check_range("volts", self.volts, 0.0, self.cell.vdd / 2, unit="V", open_low=True, where=f"{where}: write line")
        for name in ("reset", "write"):
            check_range(name, getattr(self, name), 10 * EDGE, 1e-3, unit="s", where=f"{where}.{name}")

    @property
    def timing(self) -> ReadTiming:
        """The read, at the end of the period."""
        pulses = self.reset + self.write + 4 * GAP
        read = self.cell.timing(1.0)
        tail = read.length + read.high + (read.lead or 0.0) + GAP
        return self.cell.timing(max(pulses + tail, 1.4 * tail))

    def testbench(self, bits: int, seed: int) -> Testbench:
        """Return a run of so many periods; junction k has the seed of its name."""
        timing = self.timing
        stop = timing.stop(bits)
        cell = resolvable(self.cell, stop)
        circuit = Circuit(f"spin dice of {self.junctions} junctions")
        driver = DiceDriver(cell.device.R_P, cell.technology, vdd=cell.vdd)
        gate = ExclusiveOr(cell.technology, vdd=cell.vdd)
        for part in (cell, driver, *([gate] if self.junctions > 1 else [])):
            circuit.subcircuit(part)
        add_rails(circuit, cell, timing)
        circuit.V("bias", "bias", circuit.gnd, 0)
        circuit.V("vw", "vw", circuit.gnd, -self.volts)
        low, high = -cell.vdd / 2, cell.vdd / 2
        starts = {"reset": (GAP, self.reset), "write": (2 * GAP + self.reset, self.write)}
        for name, (delay, width) in starts.items():
            wave = Pulse(low=low, high=high, delay=delay, rise=EDGE, fall=EDGE, width=width - EDGE,
                         period=timing.period)  # fmt: skip
            circuit.V(name, name, circuit.gnd, wave.text())
        last = ""
        for k in range(1, self.junctions + 1):
            circuit.X(f"d{k}", driver.name, "reset", "write", f"stim{k}", "vw", circuit.gnd, "vdd", "vss")
            own = {"stim": f"stim{k}", "out": f"out{k}", "state": f"state{k}", "count": f"count{k}"}
            nodes = [own.get(port, port) for port in cell.ports]
            circuit.X(f"{k}", cell.name, *nodes, seed=instance_seed(seed, f"dice {k}"))
            if k > 1:
                circuit.X(f"x{k}", gate.name, last, f"out{k}", f"xor{k}", "vdd", "vss")
            last = f"xor{k}" if k > 1 else "out1"
        circuit.C("load", last, circuit.gnd, LOAD)
        signals = [f"v({name}{k})" for name in ("out", "state", "count") for k in range(1, self.junctions + 1)]
        return Testbench.from_pyspice(
            circuit,
            stop=stop,
            step=EDGE,
            max_step=timing.period / 20.0,
            save=(*signals, f"v({last})", "v(x1.nj)", "v(bias)", "i(vdd)", "i(vss)", "i(vvw)"),
            options=OPTIONS,
            title="spin dice",
        )

    @property
    def last(self) -> str:
        """Signal of the combined bit."""
        return f"v(xor{self.junctions})" if self.junctions > 1 else "v(out1)"

    def energy(self, waveforms: Waveforms, bits: int) -> float:
        """Energy from supply and write line of a combined bit [J]."""
        half = self.cell.vdd / 2
        power = half * waveforms["i(vss)"] - half * waveforms["i(vdd)"] + self.volts * waveforms["i(vvw)"]
        return float(np.trapezoid(power, waveforms.time)) / bits
