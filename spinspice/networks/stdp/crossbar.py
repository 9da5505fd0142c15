r"""The circuit of stochastic synapses: a 1T-1MTJ crossbar with its lines driven by transistors, event after event.

Synapse (i, j): a junction from input line i (free layer) to the access transistor of neuron j, whose gate is word line
j and whose other end is neuron line j. A learning event of neuron j has two phases while its word line is high:

1. set: the lines of the inputs that fired are high, neuron line j is low: current from free to ref, towards parallel;
2. reset: neuron line j is high and so are the lines of the inputs that fired; the others are low: towards antiparallel.

A line of an input that fired overlaps both (pre) pulses of the neuron line (post). The lengths of the phases set the
probabilities. Word lines are raised above the supply, so that the access transistor passes the reset too (our choice).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Self

import numpy as np
from numpy.typing import NDArray

from spinspice.cmos import Technology, get_technology
from spinspice.cmos.bins import Size
from spinspice.devices import Telegraph
from spinspice.engines import Engine
from spinspice.errors import CircuitError, check_range
from spinspice.networks.stdp.law import PulseLaw, SynapseStates
from spinspice.pyspice import Circuit
from spinspice.stimuli import Pwl
from spinspice.testbench import Testbench
from spinspice.waveforms import Waveforms

#: A stable junction of the resistance of Mizrahi et al. 2018's and a barrier of 40 kT; critical voltage our choice.
JUNCTION = Telegraph(R_P=424e3, TMR=1.0, V_half=0.5, delta=40.0, V_c=1.0, phi0=1e9, t_sw=1e-10)
#: Supply of the drivers and level of a raised word line [V]; widths of access transistor, input and neuron driver [m].
VDD, WORD, ACCESS, INPUT, LINE = 0.9, 1.5, 1e-6, 4e-6, 200e-6
#: Edges and gaps of the control signals [s].
EDGE, GAP = 0.5e-9, 5e-9
#: By this an input line is high before and after the neuron line in a reset [s]: our choice, four edges.
LONGER = 2e-9


@dataclasses.dataclass(frozen=True)
class Event:
    """A learning event: which neuron fires, and which inputs had fired."""

    neuron: int
    fired: tuple[int, ...]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Crossbar:
    """Inputs by neurons synapses and their drivers.

    Parameters
    ----------
    inputs, neurons : int
    set_width, reset_width : float
        Lengths of the two phases [s].
    device : Telegraph
        Stable junction, driven by voltage.
    technology : Technology or str
    """

    inputs: int
    neurons: int
    set_width: float = 300e-9
    reset_width: float = 300e-9
    device: Telegraph = JUNCTION
    technology: Technology | str = "generic"

    def __post_init__(self) -> None:
        check_range("inputs", self.inputs, 1, 256, where="Crossbar")
        check_range("neurons", self.neurons, 1, 64, where="Crossbar")
        for name in ("set_width", "reset_width"):
            check_range(name, getattr(self, name), 1e-9, 1e-3, unit="s", where=f"Crossbar.{name}")
        if self.device.drive:
            raise CircuitError("a stochastic synapse of this crossbar is driven by voltage (drive = 0).")

    @property
    def period(self) -> float:
        """Time of an event [s]."""
        return self.lead + self.set_width + self.reset_width + 4.0 * GAP

    @property
    def lead(self) -> float:
        """Time before the phases of an event [s]: here none, the neuron is told."""
        return 0.0

    def testbench(self, events: Sequence[Event], states: SynapseStates) -> Testbench:
        """Return a run of events on junctions with the states and seeds given."""
        technology = self.transistors
        stop = self.period * len(events) + GAP
        circuit = Circuit("crossbar of stochastic synapses")
        circuit.V("dd", "vdd", circuit.gnd, VDD)
        controls = self._controls(events)
        sizes = self.place_inputs(circuit, controls)
        for j in range(self.neurons):
            for kind in ("cn", "word"):
                circuit.V(f"{kind}{j}", f"{kind}{j}", circuit.gnd, controls[f"{kind}{j}"].text())
            sizes |= self.place_driver(circuit, f"dn{j}", f"line{j}", f"cn{j}", LINE)
        sizes |= self.place_synapses(circuit, states, stop)
        circuit.raw_spice += technology.cards_for(sorted(sizes))
        save = (
            *(f"v(state{tag})" for tag in self.tags),
            *(f"v(m{tag})" for tag in self.tags),
            *(f"v(in{i})" for i in range(self.inputs)),
            "v(vdd)",
            "i(vdd)",
        )
        return self.finished(circuit, stop, save, technology, "crossbar of stochastic synapses")

    def finished(
        self, circuit: Circuit, stop: float, save: tuple[str, ...], technology: Technology, title: str
    ) -> Testbench:
        """Return the testbench of a whole circuit: time points that see its edges and pulses."""
        return Testbench.from_pyspice(
            circuit,
            stop=stop,
            step=EDGE,
            max_step=0.1 * min(self.set_width, self.reset_width),
            save=save,
            options={"reltol": 1e-6},
            title=title,
            verilog_a=technology.verilog_a,
        )

    @property
    def transistors(self) -> Technology:
        """The technology itself."""
        return get_technology(self.technology) if isinstance(self.technology, str) else self.technology

    @property
    def tags(self) -> list[str]:
        """Names of the synapses in a circuit, input by input."""
        return [f"{i}_{j}" for i in range(self.inputs) for j in range(self.neurons)]

    def place_driver(self, circuit: Circuit, name: str, line: str, control: str, width: float) -> set[Size]:
        """Place an inverter, its p three times as wide; return its sizes."""
        length, technology = self.transistors.l_min, self.transistors
        technology.pmos(circuit, f"{name}p", line, control, "vdd", "vdd", w=3.0 * width, l=length)
        technology.nmos(circuit, f"{name}n", line, control, "0", "0", w=width, l=length)
        return {("p", 3.0 * width, length), ("n", width, length)}

    def place_inputs(self, circuit: Circuit, controls: Mapping[str, Pwl]) -> set[Size]:
        """Place the controls and drivers of the input lines; return their sizes."""
        sizes: set[Size] = set()
        for i in range(self.inputs):
            circuit.V(f"ci{i}", f"ci{i}", circuit.gnd, controls[f"ci{i}"].text())
            sizes |= self.place_driver(circuit, f"di{i}", f"in{i}", f"ci{i}", INPUT)
        return sizes

    def place_synapses(self, circuit: Circuit, states: SynapseStates, stop: float) -> set[Size]:
        """Place junctions and access transistors between lines ``in``, ``word`` and ``line``; return their sizes."""
        technology, device = self.transistors, self.device.resolvable(stop)
        for i in range(self.inputs):
            for j in range(self.neurons):
                tag = f"{i}_{j}"
                own = device.replace(state0=float(1 - states.weights[i, j]))
                own.add_to(circuit, f"s{tag}", f"in{i}", f"m{tag}", f"state{tag}", f"count{tag}",
                           seed=int(states.seeds[i, j]))  # fmt: skip
                ends = (f"m{tag}", f"word{j}", f"line{j}", "0")
                technology.nmos(circuit, f"a{tag}", *ends, w=ACCESS, l=technology.l_min)
        return {("n", ACCESS, technology.l_min)}

    def weights(self, waveforms: Waveforms, event: int) -> NDArray[np.int8]:
        """Return the weights after an event, inputs by neurons."""
        at = self.period * (event + 1) - 0.5 * GAP
        state = [
            [np.interp(at, waveforms.time, waveforms[f"v(state{i}_{j})"]) for j in range(self.neurons)]
            for i in range(self.inputs)
        ]
        return (np.array(state) < 0.5).astype(np.int8)

    def power(self, waveforms: Waveforms) -> NDArray[np.float64]:
        """Power from the drivers' supply at each time point [W]."""
        return np.asarray(-waveforms["v(vdd)"] * waveforms["i(vdd)"])

    def energy(self, waveforms: Waveforms) -> float:
        """Energy from the supplies in the whole run [J]."""
        return float(np.trapezoid(self.power(waveforms), waveforms.time))

    def energies(self, waveforms: Waveforms, count: int) -> NDArray[np.float64]:
        """Energy from the supplies in each of the first events [J]; their scatter gives the standard error."""
        time, power = waveforms.time, self.power(waveforms)
        done = np.concatenate([[0.0], np.cumsum(0.5 * (power[1:] + power[:-1]) * np.diff(time))])
        return np.diff(np.interp(self.period * np.arange(count + 1), time, done))

    def calibrate(self, engine: Engine) -> tuple[PulseLaw, tuple[float, float]]:
        """Measure the hazards of both phases through drivers and transistors, half of the inputs firing.

        One event on junctions that cannot switch, antiparallel where the set acts and parallel where the reset does.
        Returns the law, and the mean voltages of the junctions in the two phases [V].
        """
        frozen = dataclasses.replace(self, device=self.device.replace(delta=200.0, V_c=1e6))
        fired = tuple(range(0, self.inputs, 2))
        weights = np.zeros((self.inputs, self.neurons), dtype=np.int8)
        weights[1::2] = 1
        states = SynapseStates(self.inputs, self.neurons, 1, weights)
        waves = engine.run(frozen.testbench([Event(0, fired)], states))
        found, volts = [], []
        for index, state, sign in ((fired[0], 1, 1.0), (1 if self.inputs > 1 else 0, 0, -1.0)):
            voltage = waves[f"v(in{index})"] - waves[f"v(m{index}_0)"]
            rate = self.device.escape_rates(voltage / self.device.V_c)[state]
            middle = self.lead + 1.5 * GAP + 0.5 * self.set_width
            if sign < 0:
                middle = self.period - 1.5 * GAP - 0.5 * self.reset_width
            found.append(float(np.trapezoid(rate, waves.time)))
            volts.append(float(np.interp(middle, waves.time, voltage)))
        return PulseLaw(found[0], found[1]), (volts[0], volts[1])

    def with_probabilities(self, plus: float, minus: float, engine: Engine) -> Self:
        """Return the crossbar whose phases are as long as these switching probabilities take.

        Twice, since the edges add a part that does not grow with the length of a phase.
        """
        wanted, found = PulseLaw.of_probabilities(plus, minus), self
        for _ in range(2):
            law, _ = found.calibrate(engine)
            found = dataclasses.replace(
                found,
                set_width=found.set_width * float(wanted.set) / float(law.set),
                reset_width=found.reset_width * float(wanted.reset) / float(law.reset),
            )
        return found

    def _controls(self, events: Sequence[Event]) -> dict[str, Pwl]:
        """Waveforms of all control signals; those of the inverting drivers are low where their line is high."""
        high: dict[str, list[tuple[float, float]]] = {}
        for k, event in enumerate(events):
            if not 0 <= event.neuron < self.neurons or any(not 0 <= i < self.inputs for i in event.fired):
                raise CircuitError(f"{event} names a neuron or an input that the crossbar does not have.")
            start = k * self.period + self.lead
            one = (start + 1.5 * GAP, start + 1.5 * GAP + self.set_width)
            two = (one[1] + GAP, one[1] + GAP + self.reset_width)
            high.setdefault(f"word{event.neuron}", []).append((start + GAP, two[1] + GAP))
            high.setdefault(f"cn{event.neuron}", []).append(two)
            for i in event.fired:
                # High a little before and after the neuron line: between their edges a parallel junction would see all
                # of the supply the wrong way round.
                high.setdefault(f"ci{i}", []).extend([one, (two[0] - LONGER, two[1] + LONGER)])
        names = [*(f"ci{i}" for i in range(self.inputs))]
        names += [f"{kind}{j}" for kind in ("cn", "word") for j in range(self.neurons)]
        levels = {"ci": (VDD, 0.0), "cn": (VDD, 0.0), "word": (0.0, WORD)}
        return {name: pulses(high.get(name, []), *levels[name.rstrip("0123456789")]) for name in names}


def pulses(spans: Sequence[tuple[float, float]], rest: float, active: float) -> Pwl:
    """Return a waveform at ``active`` within spans of time [s], at ``rest`` between them [V]."""
    times, levels = [0.0], [rest]
    for begin, end in spans:
        times += [begin - 0.5 * EDGE, begin + 0.5 * EDGE, end - 0.5 * EDGE, end + 0.5 * EDGE]
        levels += [rest, active, active, rest]
    return Pwl(times, levels)
