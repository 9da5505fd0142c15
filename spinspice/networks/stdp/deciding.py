r"""Two neurons that decide for themselves which of them fires: the crossbar with its neuron circuit.

Before the two phases of an event all synapses are read: the lines of the inputs that fired are at the supply, those of
the others at ground, and both neuron lines hang on half of the supply by a resistor. Line j rises by its resistor times
:math:`\frac12 V \sum_i (2 f_i - 1) G_{ij}`, the excitation of the law (:class:`spinspice.networks.stdp.Layer`, without
thresholds). A clocked comparator takes the larger one, its latch holds the decision, and gates pass the pulses of both
phases to word line and neuron line of that neuron alone. A tie goes to neuron 0: a resistor gives it half of a synapse.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spinspice.cells.cell import Probes
from spinspice.cells.comparator import Comparator, ComparatorSizing, Deciding
from spinspice.cmos import Technology
from spinspice.devices.laws.resistance import conductance
from spinspice.errors import CircuitError
from spinspice.networks.stdp.crossbar import EDGE, GAP, LINE, VDD, WORD, Crossbar, Event, pulses
from spinspice.networks.stdp.law import SynapseStates
from spinspice.pyspice import Circuit
from spinspice.testbench import Testbench
from spinspice.waveforms import Waveforms

#: Length of a read, and from its start to the clock edge [s]; resistor of a neuron line [Ohm]: our choice.
READ, DECIDE, SENSE = 120e-9, 112e-9, 20e3
#: Span of a read in which the inputs are high [s]: the lines have come to half of the supply before (or a junction
#: would see all of it for a nanosecond, which sets one in seventy), and leave it behind.
INPUTS = (45e-9, 117e-9)
#: Widths of the read switches, and of the buffers between gates and line drivers [m].
SWITCH, BUFFERS = 8e-6, (2e-6, 20e-6)


class LearningGates(Deciding):
    """From a decision to word lines and drivers of two neurons.

    word<j> = read or (learn and neuron j), at the level of ``vword``; cn<j>, for an inverting line driver, is low where
    neuron j is pulsed: post and neuron j. Ports: out (1: neuron 0), read, learn, post, word0, word1, cn0, cn1, read_b,
    vword, vdd, vss.
    """

    kind = "learninggates"
    blocks = ("logic", "buffer", "level")
    ports = ("out", "read", "learn", "post", "word0", "word1", "cn0", "cn1", "read_b", "vword", "vdd", "vss")

    def __init__(
        self, technology: Technology | str = "generic", *, vdd: float | None = None, probes: Probes = "none",
        name: str | None = None,
    ) -> None:  # fmt: skip
        super().__init__(technology, vdd=vdd, probes=probes, name=name)
        self.comparator_sizing = ComparatorSizing.for_technology(self.technology)
        self._inverter("logic", "r", "read", "read_i")
        self._wide("r", "read_i", "read_n", BUFFERS[0])
        self._wide("o", "read_n", "read_b", BUFFERS[1])
        self._inverter("logic", "s", "out", "sel1")
        self._inverter("logic", "t", "sel1", "sel0")
        for j in (0, 1):
            self._nand("logic", f"a{j}", "learn", f"sel{j}", f"la{j}")
            self._nand("logic", f"b{j}", "read_i", f"la{j}", f"en{j}")
            self._inverter("logic", f"c{j}", f"en{j}", f"en_b{j}")
            self._level(j)
            self._nand("logic", f"d{j}", "post", f"sel{j}", f"po{j}")
            self._wide(f"d{j}", f"po{j}", f"pb{j}", BUFFERS[0])
            self._wide(f"e{j}", f"pb{j}", f"cn{j}", BUFFERS[1])
        self._finish()

    def arguments(self) -> dict[str, Any]:
        return {"technology": self.technology, "vdd": self.vdd, "probes": self.probes, "name": self.name}

    def _wide(self, name: str, source: str, target: str, width: float, rail: str = "vdd") -> None:
        """Place an inverter of a width, its p twice as wide, between vss and ``rail``."""
        length = self.technology.l_min
        self.technology.pmos(self, f"w{name}p", target, source, rail, rail, w=2.0 * width, l=length)
        self.technology.nmos(self, f"w{name}n", target, source, "vss", "vss", w=width, l=length)
        self._sizes += [("p", 2.0 * width, length), ("n", width, length)]

    def _level(self, j: int) -> None:
        """Place a level shifter: two n channels that pull, two crossed p channels on the raised supply."""
        length, wide, narrow = self.technology.l_min, BUFFERS[0], 0.1 * BUFFERS[0]
        for side, gate, other in (("x", f"en_b{j}", "y"), ("y", f"en{j}", "x")):
            node = f"{side}{j}"
            self.technology.nmos(self, f"n{node}", node, gate, "vss", "vss", w=wide, l=length)
            self.technology.pmos(self, f"p{node}", node, f"{other}{j}", "vword", "vword", w=narrow, l=length)
        self._sizes += [("n", wide, length), ("p", narrow, length)]
        self._wide(f"l{j}", f"y{j}", f"word{j}", BUFFERS[0], "vword")


@dataclasses.dataclass(frozen=True, kw_only=True)
class DecidingCrossbar(Crossbar):
    """Crossbar of two neurons with its neuron circuit; parameters as for the crossbar."""

    neurons: int = 2

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.neurons != 2:
            raise CircuitError(f"neurons = {self.neurons}: the neuron circuit decides between two.")

    @property
    def lead(self) -> float:
        """A read comes before the phases [s]."""
        return READ + GAP

    @property
    def tie(self) -> float:
        """Resistor that settles ties [Ohm]: half of the difference of a synapse at half of the supply."""
        g = [float(conductance(self.device, VDD / 2, cosine)) for cosine in (1.0, -1.0)]
        return 2.0 / (g[0] - g[1])

    def testbench(self, events: Sequence[Event], states: SynapseStates) -> Testbench:
        """Return a run of events, of which only the inputs that fired enter: the circuit finds the neuron."""
        technology = self.transistors
        length, stop = technology.l_min, self.period * len(events) + GAP
        circuit = Circuit("crossbar of stochastic synapses with neurons")
        circuit.V("dd", "vdd", circuit.gnd, VDD)
        circuit.V("word", "vword", circuit.gnd, WORD)
        circuit.V("mid", "vmid", circuit.gnd, VDD / 2)
        sizes = self.place_inputs(circuit, self._controls(events))
        sizes |= self.place_synapses(circuit, states, stop)
        gates, comparator = LearningGates(technology, vdd=VDD), Comparator(technology, vdd=VDD, probes="none")
        for part in (gates, comparator):
            circuit.subcircuit(part)
        for name, spans in self._phases(len(events)).items():
            circuit.V(name, name, circuit.gnd, pulses(spans, 0.0, VDD).text())
        circuit.X("c", comparator.name, "s0", "s1", "clk", "out", "vdd", circuit.gnd)
        nodes = [{"vss": "0"}.get(port, port) for port in gates.ports]
        circuit.X("g", gates.name, *nodes)
        circuit.R("tie", "vdd", "s0", self.tie)
        for j in (0, 1):
            sizes |= self.place_driver(circuit, f"dn{j}", f"drive{j}", f"cn{j}", LINE)
            # The driver lets go of its line during a read, and the resistor takes it.
            for name, one, two, on, off, w in (
                ("d", f"drive{j}", f"line{j}", "read_b", "read", LINE), ("s", f"line{j}", f"s{j}", "read", "read_b",
                 SWITCH),
            ):  # fmt: skip
                technology.nmos(circuit, f"{name}w{j}n", one, on, two, "0", w=w, l=length)
                technology.pmos(circuit, f"{name}w{j}p", one, off, two, "vdd", w=w, l=length)
                sizes |= {("n", w, length), ("p", w, length)}
            circuit.R(f"s{j}", f"s{j}", "vmid", SENSE)
        circuit.raw_spice += technology.cards_for(sorted(sizes))
        states_saved = (f"v({kind}{tag})" for tag in self.tags for kind in ("state", "m"))
        save = (
            *states_saved, *(f"v(in{i})" for i in range(self.inputs)), "v(out)", "v(s0)", "v(s1)", "v(word0)",
            "v(word1)", "v(line0)", "v(line1)", "v(vdd)", "i(vdd)", "i(vword)", "i(vmid)",
        )  # fmt: skip
        return self.finished(circuit, stop, save, technology, "crossbar of stochastic synapses with neurons")

    def _phases(self, count: int) -> dict[str, list[tuple[float, float]]]:
        """Spans of the signals that all events share."""
        made: dict[str, list[tuple[float, float]]] = {name: [] for name in ("read", "clk", "learn", "post")}
        for k in range(count):
            start = k * self.period
            phases = start + self.lead
            reset = phases + 2.5 * GAP + self.set_width
            made["read"].append((start + GAP, start + READ))
            made["clk"].append((start + DECIDE, start + self.period - 0.5 * GAP))
            made["learn"].append((phases + GAP, reset + self.reset_width + GAP))
            made["post"].append((reset, reset + self.reset_width))
        return made

    def _controls(self, events: Sequence[Event]) -> dict[str, Any]:
        """Those of the inputs, which are high within the read as well."""
        made = super()._controls([Event(0, event.fired) for event in events])
        reads = [tuple(k * self.period + t for t in INPUTS) for k in range(len(events))]
        for i in range(self.inputs):
            wave, times, levels = made[f"ci{i}"], [0.0], [VDD]
            spans = [span for span, event in zip(reads, events, strict=True) if i in event.fired]
            spans += list(zip(wave.times[2::4], wave.times[3::4], strict=True))
            for begin, end in sorted(spans):
                times += [begin - 0.5 * EDGE, begin + 0.5 * EDGE, end - 0.5 * EDGE, end + 0.5 * EDGE]
                levels += [VDD, 0.0, 0.0, VDD]
            made[f"ci{i}"] = type(wave)(times, levels)
        return made

    def winners(self, waveforms: Waveforms, count: int) -> NDArray[np.int64]:
        """Return the neuron that fired at each event."""
        at = self.period * np.arange(count) + READ
        return (np.interp(at, waveforms.time, waveforms["v(out)"]) < VDD / 2).astype(np.int64)

    def power(self, waveforms: Waveforms) -> NDArray[np.float64]:
        """Power from both supplies and the read voltage at each time point [W]."""
        w = waveforms
        return np.asarray(-(VDD * w["i(vdd)"] + WORD * w["i(vword)"] + 0.5 * VDD * w["i(vmid)"]))


def excited_most(weights: NDArray[np.int8], fired: ArrayLike) -> int:
    """Return the neuron that spikes excite most, 0 for a tie: the law of the neuron circuit."""
    return int(((2.0 * np.asarray(fired, dtype=float) - 1.0) @ weights).argmax())
