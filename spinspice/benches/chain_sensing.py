"""Comparators on a chain: when they read, what drives them, and the circuit with them.

A read follows each input, in a pause in which neither input nor control currents flow. It has a slot for each junction:
its comparator is connected, the read current comes on, the voltages settle, the clock rises; before the end of the slot
all go back. What was decided stays at ``out1`` ... until the next read.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from spinspice.analysis.energy import Capacitor, EnergyAudit, Source, Terminal, audit, delivered
from spinspice.benches.chain import PulseTrain
from spinspice.cells.bench import LOAD
from spinspice.cells.cell import Probes
from spinspice.cells.chain import JunctionChain
from spinspice.cells.comparator import Topology
from spinspice.cells.metering import GROUND
from spinspice.cells.sense import WINDOW, JunctionSense, read_current, sense_cells
from spinspice.errors import EngineError, ParameterError, check_range
from spinspice.presets.lopez2024 import BREAKDOWN_VOLTAGE
from spinspice.pyspice import Circuit
from spinspice.stimuli import Pulse
from spinspice.waveforms import Waveforms

#: Shortest edge over the period of an input: ngspice merges corners of waveforms that are nearer to each other than
#: 1e-6 of a period (5e-5 of its longest step, a fiftieth of a period).
MIN_EDGE = 2e-6
#: Time constants that a tap is given to settle: 1 % of the voltage is then left.
SETTLED = 5.0


@dataclasses.dataclass(frozen=True, kw_only=True)
class Sensing:
    """Comparators of a chain, and the timing of a read.

    Parameters
    ----------
    window : float
        Voltage between P and AP under the read current [V]; the reference is in its middle.
    technology, topology, vdd
        As for :class:`spinspice.cells.sense.JunctionSense`.
    settle, high : float
        From the read current to the clock edge, and time that the clock is high [s].
    rise : float
        Rise and fall of all signals of a read [s].
    gate : float
        Voltage on the gates of the isolating transistors while the chain is read [V]: above the supply of the
        comparators, since their bulk lies below the lowest tap.
    bearable : float
        Voltage that a junction has at most while its current is negative [V]; N times that below the common node are
        gates and bulk of the isolating transistors.
    """

    window: float = WINDOW
    technology: str = "generic"
    topology: Topology = "strongarm"
    vdd: float | None = 1.2
    settle: float = 1e-9
    high: float = 1e-9
    rise: float = 0.2e-9
    gate: float = 2.5
    bearable: float = BREAKDOWN_VOLTAGE

    def __post_init__(self) -> None:
        for name in ("settle", "high", "rise", "gate", "bearable"):
            check_range(name, getattr(self, name), 0.0, 10.0, open_low=True, where=f"Sensing.{name}, in SI units")

    @classmethod
    def for_chain(cls, devices: Sequence[Any], **settings: Any) -> Self:
        """Return the default with time to settle: :data:`SETTLED` time constants of the uppermost tap, at least 1 ns.

        Through all junctions below, antiparallel, that tap charges a comparator's hold capacitor.
        """
        cell = JunctionSense(
            devices[0].R_P, settings.get("technology", cls.technology), vdd=settings.get("vdd", cls.vdd)
        )
        settle = SETTLED * sum(device.R_AP for device in devices) * cell.C_hold
        return cls(**{"settle": max(cls.settle, settle)} | settings)

    @property
    def slot(self) -> float:
        """Time for a junction [s]."""
        return self.settle + self.high + 6.0 * self.rise

    def duration(self, size: int) -> float:
        """Pause that a chain of ``size`` junctions asks for [s]: a slot each, and half of one before and after."""
        return (size + 1) * self.slot

    def pulses(self, pulses: PulseTrain, size: int) -> PulseTrain:
        """Return a train of inputs with pauses for reading a chain of ``size`` junctions.

        Raises
        ------
        ParameterError
            If inputs are so long that an engine could not follow the edges of the read.
        """
        train = dataclasses.replace(pulses, read=self.duration(size), read_edge=self.rise)
        if self.rise < MIN_EDGE * train.period:
            raise ParameterError(
                f"edges of {self.rise:g} s in a read after inputs of {train.period:g} s: an engine resolves "
                f"{MIN_EDGE * train.period:.2g} s and more. Make the inputs shorter (PulseTrain.hold, idle), or "
                "the read slower (Sensing.rise, settle, high)."
            )
        return train

    def begins(self, pulses: PulseTrain, junction: int) -> float:
        """Return when the slot of a junction (from 0) begins in the first input [s]."""
        return pulses.reading + (junction + 0.5) * self.slot

    def edge(self, pulses: PulseTrain, junction: int) -> float:
        """Return when the comparator of a junction (from 0) decides on the first input [s]."""
        return self.begins(pulses, junction) + 2.0 * self.rise + self.settle

    def samples(self, pulses: PulseTrain) -> NDArray[np.float64]:
        """Return when the decisions on each input are taken [s]: at the end of its pause, shape (slots,)."""
        return np.asarray(pulses.period * np.arange(pulses.slots) + pulses.reading + pulses.read, dtype=float)


@dataclasses.dataclass(frozen=True)
class SenseBench:
    """Comparators of all junctions of a chain with their sources.

    Nodes: vdd, vss, low; iso1 ..., hold1 ..., clk1 ..., ref1 ..., out1 ...; cells Xs1 ... .

    Parameters
    ----------
    devices : sequence of Telegraph
        Junctions from the top.
    pulses : PulseTrain
        With the pause of :meth:`Sensing.pulses`.
    sensing : Sensing
    probes : {"blocks", "elements"}
        See :class:`spinspice.cells.base.TransistorCell`.
    """

    devices: Sequence[Any]
    pulses: PulseTrain
    sensing: Sensing
    probes: Probes = "blocks"

    @property
    def low(self) -> float:
        """Voltage below any tap of the chain [V]."""
        return -self.sensing.bearable * len(self.devices)

    @property
    def currents(self) -> tuple[float, ...]:
        """Read currents of the junctions [A]."""
        return tuple(read_current(device, self.sensing.window) for device in self.devices)

    def cells(self) -> tuple[JunctionSense, ...]:
        """Return the comparators."""
        s = self.sensing
        settings = {"technology": s.technology, "topology": s.topology, "vdd": s.vdd, "probes": self.probes}
        return sense_cells(self.devices, self.currents, **settings)

    @property
    def outputs(self) -> tuple[str, ...]:
        """Signals of the decisions."""
        return tuple(f"v(out{i})" for i in range(1, len(self.devices) + 1))

    def add_to(self, circuit: Circuit) -> None:
        """Add comparators, supply, clocks and read currents to a chain's circuit with taps n1 ... ."""
        cells = self.cells()
        half = cells[0].vdd / 2
        circuit.V("dd", "vdd", circuit.gnd, half)
        circuit.V("ss", "vss", circuit.gnd, -half)
        circuit.V("low", "low", circuit.gnd, self.low)
        for i, (cell, current) in enumerate(zip(cells, self.currents, strict=True), start=1):
            circuit.subcircuit(cell)
            nodes = self._nodes(i)
            circuit.X(f"s{i}", cell.name, *(nodes.get(port, port) for port in cell.ports))
            self._add_read(circuit, i, current)
            for name, wave in self._controls(i, half).items():
                circuit.V(f"{name}{i}", f"{name}{i}", circuit.gnd, wave)
            circuit.C(f"load{i}", f"out{i}", circuit.gnd, LOAD)

    @staticmethod
    def _nodes(i: int) -> dict[str, str]:
        """Nodes of the circuit at the ports of comparator i that are its own."""
        return {"tap": f"n{i}", "common": "0"} | {name: f"{name}{i}" for name in ("ref", "iso", "hold", "clk", "out")}

    def _controls(self, i: int, half: float) -> dict[str, str]:
        """Return the sources of hold, iso and clk of comparator i, for a supply of -+``half`` [V].

        In its slot the comparator's gates are let go, then connected, then the clock rises; and back in that order.
        """
        s, start = self.sensing, self.sensing.begins(self.pulses, i - 1)
        return {
            "hold": self._pulse(half, -half, start, s.slot),
            "iso": self._pulse(self.low, s.gate, start + s.rise, s.slot - 2.0 * s.rise),
            "clk": self._pulse(-half, half, s.edge(self.pulses, i - 1), s.high + 2.0 * s.rise),
        }

    def _add_read(self, circuit: Circuit, i: int, current: float) -> None:
        """Add the read current of junction i, up through it, and its replica, each with an ammeter at every end."""
        rise = self.sensing.rise
        start = self.sensing.begins(self.pulses, i - 1) + rise
        wave = self._pulse(0.0, current, start, self.sensing.slot - 2.0 * rise)
        circuit.V(f"top{i}", f"n{i}", f"top{i}", 0)
        lower: Any = f"bottom{i}"
        if i < len(self.devices):
            circuit.V(f"bottom{i}", f"n{i + 1}", lower, 0)
        else:
            lower = circuit.gnd
        circuit.I(f"read{i}", f"top{i}", lower, wave)
        circuit.V(f"replica{i}", f"ref{i}", f"replica{i}", 0)
        circuit.I(f"replica{i}", f"replica{i}", circuit.gnd, wave)

    def _pulse(self, rest: float, active: float, start: float, length: float) -> str:
        """Return a source that leaves ``rest`` once in every input: edges included, it lasts ``length`` [s]."""
        rise = self.sensing.rise
        wave = Pulse(
            low=rest,
            high=active,
            delay=start,
            rise=rise,
            fall=rise,
            width=length - 2 * rise,
            period=self.pulses.period,
        )
        return wave.text()

    def decisions(self, waves: Waveforms) -> NDArray[np.bool_]:
        """Return which junctions the comparators found parallel after each input, shape (slots, N).

        Raises
        ------
        EngineError
            If an output is no digital signal when it is taken.
        """
        at = self.sensing.samples(self.pulses)
        levels = np.array([np.interp(at, waves.time, waves[name]) for name in self.outputs]).T
        half = (self.sensing.vdd or self.cells()[0].vdd) / 2
        if np.min(np.abs(levels)) < 0.8 * half:
            slot, junction = np.argwhere(np.abs(levels) < 0.8 * half)[0]
            raise EngineError(
                f"the comparator of junction {junction + 1} is at {levels[slot, junction]:.3g} V after input "
                f"{slot + 1}, between its levels of -+{half:g} V. Give it more time (Sensing.high), or a larger window."
            )
        return levels > 0.0

    def sources(self) -> tuple[Source, ...]:
        """Sources of the read: supply, isolation, clocks, read currents and their replicas, each with a number."""
        found = [Source(kind, f"v({node})", f"i({branch})") for kind, node, branch in _RAILS]
        for i in range(1, len(self.devices) + 1):
            found += [Source(kind, f"v({node}{i})", f"i(v{node}{i})") for kind, node in _CONTROLS]
            found.append(Source("read", f"v(n{i})", f"i(vtop{i})"))
            if i < len(self.devices):
                found.append(Source("read", f"v(n{i + 1})", f"i(vbottom{i})"))
            found.append(Source("replica", f"v(ref{i})", f"i(vreplica{i})"))
        return tuple(dataclasses.replace(one, name=f"{one.name}{k}") for k, one in enumerate(found))

    def terminals(self) -> tuple[Terminal, ...]:
        """Pins of junctions, comparators and reference resistors, for an energy audit with ``probes="elements"``."""
        found: list[Terminal] = []
        junctions = JunctionChain(self.devices).pin_signals(ports={"common": GROUND})
        for i, cell in enumerate(self.cells(), start=1):
            found += [pin for pin in junctions if pin.element == f"mtj{i}"]
            pins = cell.pin_signals(f"xs{i}", self._nodes(i))
            found += [pin._replace(element=f"{pin.element}{i}") for pin in pins]
        return tuple(pin for pin in found if pin.voltage != "v(0)")  # no power enters at 0 V

    def capacitors(self) -> tuple[Capacitor, ...]:
        """Loads of the outputs."""
        return tuple(Capacitor(name[2:-1], name, LOAD) for name in self.outputs)

    def signals(self) -> tuple[str, ...]:
        """Decisions, and what an audit needs: of the sources always, of every pin with ``probes="elements"``."""
        pins = self.terminals() if self.probes == "elements" else ()
        probed: list[Source | Terminal] = [*self.sources(), *pins]
        names = [name for one in probed for name in (one.voltage, one.current)]
        return tuple(dict.fromkeys([*self.outputs, *names]))

    def energies(self, waves: Waveforms) -> dict[str, float]:
        """Energies [J] that the read after the last input took from each kind of source: supply, isolation, clock,
        read, replica. (In the first read of a run the gates start from the voltages of the operating point.)"""
        window = self._pause(waves)
        total: dict[str, float] = {}
        for one in self.sources():
            kind = one.name.rstrip("0123456789")
            total[kind] = total.get(kind, 0.0) + delivered(window, one)
        return total

    def audit(self, waves: Waveforms) -> EnergyAudit:
        """Account for the energy of the read after the last input; needs ``probes="elements"``."""
        return audit(self._pause(waves), self.terminals(), self.sources(), self.capacitors())

    def _pause(self, waves: Waveforms) -> Waveforms:
        """Return the pause after the last input: the control currents are off in it."""
        stop = float(self.sensing.samples(self.pulses)[-1])
        return waves.window(stop - self.pulses.read, stop)


#: Voltage sources of a read: kind, node, name.
_RAILS = (
    ("supply", "vdd", "vdd"),
    ("supply", "vss", "vss"),
    ("isolation", "low", "vlow"),
)
#: Sources of each comparator: kind, node.
_CONTROLS = (("isolation", "iso"), ("isolation", "hold"), ("clock", "clk"))
