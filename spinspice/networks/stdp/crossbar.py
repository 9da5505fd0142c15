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
from typing import Any, Self

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
#: Longest switching event in units of the shorter phase: our choice. A dwell time in the pulses that come after the
#: event that began it is short by some of these (:meth:`spinspice.devices.Telegraph.event_share`).
EVENT = 1e-4
#: Hazards that :meth:`Crossbar.with_probabilities` comes to: within this part of those asked for, in so many rounds.
FOUND, ROUNDS = 2e-3, 8
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
    def junction(self) -> Telegraph:
        """The device with events as short as its pulses want."""
        longest = EVENT * min(self.set_width, self.reset_width)
        return self.device if self.device.t_sw <= longest else self.device.replace(t_sw=longest)

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
        technology, device = self.transistors, self.junction.resolvable(stop)
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

    def calibrate(self, engine: Engine, fired: Sequence[int] | None = None) -> tuple[PulseLaw, tuple[float, float]]:
        """Measure the hazards of both phases through drivers and transistors, by default half of the inputs firing.

        One event on junctions that cannot switch, antiparallel where the set acts and parallel where the reset does.
        Returns the law, and the mean voltages of the junctions in the two phases [V]. Where all inputs have fired the
        reset has nothing to act on, and none the set: the hazard is then zero.
        """
        law, volts, _ = self._silent(engine, fired)
        return law, volts

    def tolerance(self, engine: Engine, law: PulseLaw, events: int) -> float:
        """Return by which part the accounts of a run of events may differ from those of the calibrated law.

        The sum of three: how far the hazards move if one input has fired, or all but one; what synapses that are not
        pulsed gather in all events, over one hazard; and what the events of the junctions' model take of a dwell time
        (:meth:`spinspice.devices.Telegraph.event_share`).
        """
        moved = idle = 0.0
        for fired in ((0,), tuple(range(max(self.inputs - 1, 1)))):
            other, _, rest = self._silent(engine, fired)
            moved = max(moved, *(abs(float(getattr(other, k) / getattr(law, k)) - 1.0) for k in ("set", "reset")))
            idle = max(idle, rest)
        # Either way goes only a threshold near the account at the end of a pulse: it is as long as a phase or longer.
        share = self.junction.event_share([self.set_width, self.reset_width])
        return moved + events * idle / float(min(law.set, law.reset)) + float(share.max())

    def _silent(self, engine: Engine, fired: Sequence[int] | None) -> tuple[PulseLaw, tuple[float, float], float]:
        """Return law and voltages of :meth:`calibrate`, and the largest hazard of a synapse that is not pulsed."""
        frozen = dataclasses.replace(self, device=self.device.replace(delta=200.0, V_c=1e6))
        fired = tuple(range(0, self.inputs, 2)) if fired is None else tuple(fired)
        silent = tuple(i for i in range(self.inputs) if i not in fired)
        weights = np.zeros((self.inputs, self.neurons), dtype=np.int8)
        weights[list(silent)] = 1
        states = SynapseStates(self.inputs, self.neurons, 1, weights)
        waves = engine.run(frozen.testbench([Event(0, fired)], states))

        def seen(i: int, j: int, state: int) -> tuple[float, NDArray[np.float64]]:
            voltage = np.asarray(waves[f"v(in{i})"] - waves[f"v(m{i}_{j})"])
            rate = self.device.escape_rates(voltage / self.device.V_c)[state]
            return float(np.trapezoid(rate, waves.time)), voltage

        found, volts = [], []
        middles = (self.lead + 1.5 * GAP + 0.5 * self.set_width, self.period - 1.5 * GAP - 0.5 * self.reset_width)
        for indices, state, middle in ((fired, 1, middles[0]), (silent, 0, middles[1])):
            hazard, voltage = seen((*indices, 0)[0], 0, state)
            found.append(hazard if indices else 0.0)
            volts.append(float(np.interp(middle, waves.time, voltage)))
        # Which neuron decides does not matter: those that are not pulsed have the hazards of the least likely one.
        rest = [
            min(seen(i, j, int(i in fired))[0] for j in range(self.neurons)) for i in range(self.inputs)
        ] if self.neurons > 1 else [0.0]  # fmt: skip
        return PulseLaw(found[0], found[1]), (volts[0], volts[1]), max(rest)

    def with_probabilities(self, plus: float, minus: float, engine: Engine) -> Self:
        """Return the crossbar whose phases are as long as these switching probabilities take, to :data:`FOUND`.

        A secant each, since edges add a part that does not grow with the length of a phase.

        Raises
        ------
        CircuitError
            If no length gives the probability: the edges alone switch more often.
        """
        wanted, drive = PulseLaw.of_probabilities(plus, minus), VDD / self.device.V_c
        names = {"set": "set_width", "reset": "reset_width"}
        # Where the whole supply would take them.
        rates = {"set": self.device.escape_rates(drive)[1], "reset": self.device.escape_rates(-drive)[0]}
        begin: dict[str, Any] = {
            w: min(max(float(getattr(wanted, n) / rates[n]), 2e-9), 1e-3) for n, w in names.items()
        }
        found = dataclasses.replace(self, **begin)
        before: dict[str, tuple[float, float]] = dict.fromkeys(names, (0.0, 0.0))
        for _ in range(ROUNDS):
            law, _ = found.calibrate(engine)
            asked: dict[str, Any] = {}
            changed = False
            for name, width in names.items():
                w, h, aim = getattr(found, width), float(getattr(law, name)), float(getattr(wanted, name))
                changed |= abs(h - aim) > FOUND * aim
                slope = (h - before[name][1]) / (w - before[name][0]) if w != before[name][0] else h / w
                before[name], asked[width] = (w, h), w + (aim - h) / slope
            if not changed:
                return found
            if min(asked.values()) < 1e-9:
                break
            found = dataclasses.replace(found, **asked)
        raise CircuitError(
            f"no length of the phases gives the probabilities {plus:g} and {minus:g}: shorter than 1 ns, or not found "
            f"in {ROUNDS} rounds. Raise the critical voltage of the junction, {self.device.V_c:g} V, or ask for more."
        )

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
