"""The chain of the classifier in a SPICE engine: which junctions an input switches, read off the voltages across them.

The circuit is loaded once; every call changes control currents, inputs and seeds and runs it again. A train of inputs
is one transient, so a learning step needs one run for each of its two input currents.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spinspice.benches.chain import PulseTrain, Ramp
from spinspice.benches.chain_sensing import SenseBench, Sensing
from spinspice.cells.cell import Probes
from spinspice.cells.chain import JunctionChain, check_breakdown
from spinspice.devices import is_two_state
from spinspice.devices.laws.resistance import conductance, state_voltage
from spinspice.devices.macrospin import Macrospin
from spinspice.devices.noise import instance_seed
from spinspice.devices.telegraph import Telegraph
from spinspice.engines import Engine, Session, get_engine
from spinspice.engines.base import Closing
from spinspice.errors import CircuitError, ParameterError, ResultError, UsageError, did_you_mean
from spinspice.networks.network import Drive, Network, Placed
from spinspice.presets.lopez2024 import BREAKDOWN_VOLTAGE, JUNCTIONS
from spinspice.testbench import Testbench, signals
from spinspice.waveforms import Waveforms

#: How a chain is read.
Readout = Literal["voltage", "comparator"]
READOUTS: tuple[Readout, ...] = ("voltage", "comparator")
#: A junction counts as one that cannot be reset when a reset leaves it parallel more often than this.
RESET_FAILURE = 1e-6
#: Current at which states are read [A]: some 0.1 V between P and AP, no threshold is near.
READ_CURRENT = 100e-6
#: Longest time step in units of the time in which a ramp moves an escape rate by e: off by 1/200 of a hazard then.
STEP_OF_A_WIDTH = 0.25
#: Shortest switching time in units of the run: an event of 1e-7 of it costs ngspice twice as many points (measured).
MIN_SWITCHING = 1e-6
#: Truncation control of ngspice; junctions bound the step themselves, and its default of 7 halves it for nothing.
TRTOL = 100.0
#: Accuracy with comparators: with 1e-4 some decide on the solver's error, against 25 mV (measured).
COMPARATOR_OPTIONS = {"reltol": 1e-5}
#: How an input is presented to a chain by default: with dc currents as in the paper, and with comparators on it.
PULSES = PulseTrain(slots=7)
SHORT_PULSES = PulseTrain(slots=7, idle=40e-6, edge=100e-9, hold=40e-6)


def chain_testbench(
    devices: Sequence[Telegraph | Macrospin],
    stimulus: PulseTrain | Ramp,
    controls: ArrayLike,
    seed: int = 1,
    *,
    sense: SenseBench | None = None,
) -> Testbench:
    """Return the testbench of a chain under a stimulus; inputs are 0 until a run changes them.

    Two-state junctions take the longest step and the switching time that the stimulus asks for; macrospins (pulses of
    nanoseconds, no ramps) keep their own. With ``sense`` there are comparators on the chain.
    """
    controls = np.asarray(controls, dtype=float)
    if isinstance(stimulus, Ramp):
        widths = [stimulus.threshold(device).width for device in devices if is_two_state(device)]
        longest = STEP_OF_A_WIDTH * min(widths, default=stimulus.stop - stimulus.start) / stimulus.rate
    else:
        longest = stimulus.period / 50.0
    cell = JunctionChain([_resolving(device, longest, stimulus.duration) for device in devices])
    numbers = {f"c{i}": float(c) for i, c in enumerate(controls, start=1)} | dict.fromkeys(stimulus.inputs, 0.0)
    circuit = chain_network(cell, stimulus).circuit()
    if sense is not None:
        sense.add_to(circuit)
    return Testbench.from_pyspice(
        circuit,
        stop=stimulus.duration,
        step=longest,
        save=signals([*cell.tap_signals(), *cell.current_signals(), *(sense.signals() if sense else ())]),
        parameters=numbers | seeds(seed, cell.size),
        options=COMPARATOR_OPTIONS if sense else {"trtol": TRTOL},
        title=f"Chain of {cell.size} switching junctions",
    )


def chain_network(cell: JunctionChain, stimulus: PulseTrain | Ramp) -> Network:
    """Return a chain with its sources: ``c1`` ... ``cN``, inputs and seeds left as parameters of the testbench."""
    controls = [f"c{i}-c{i - 1}" if i > 1 else "c1" for i in range(1, cell.size + 1)]
    inputs = {
        tap: Drive(stimulus.waveform(control, carries_input=i == 1), f"dc{i}", current=True)
        for i, (tap, control) in enumerate(zip(cell.taps, controls, strict=True), start=1)
    }
    nodes = {**{tap: tap for tap in cell.taps}, "common": "0"}
    own = {f"seed{i}": f"{{seed{i}}}" for i in range(1, cell.size + 1)}
    placed = {"1": Placed(cell, nodes, parameters=own)}
    return Network(cells=placed, inputs=inputs, probes=None, title=f"chain of {cell.size} junctions")


def _resolving(device: Telegraph | Macrospin, longest: float, duration: float) -> Telegraph | Macrospin:
    """Return a two-state junction with this longest step, also the grid of a B-source, and a switching time to suit."""
    if not is_two_state(device):
        return device
    return device.replace(max_step=longest).resolvable(duration, MIN_SWITCHING)


def seeds(seed: int, count: int) -> dict[str, float]:
    """Parameters ``seed1`` ... of the junctions of a run with ``seed``."""
    return {f"seed{i}": float(instance_seed(seed, f"mtj{i}")) for i in range(1, count + 1)}


def junction_voltages(waves: Waveforms, size: int) -> NDArray[np.float64]:
    """Voltages across the junctions [V], shape (N, n): differences between neighbouring taps."""
    taps = np.array([waves[f"v(n{i})"] for i in range(1, size + 1)])
    return taps - np.vstack([taps[1:], np.zeros_like(taps[:1])])


def junction_currents(waves: Waveforms, size: int) -> NDArray[np.float64]:
    """Currents through the junctions [A], shape (N, n), by the ammeters."""
    return np.array([waves[f"i(v.x1.vm{i})"] for i in range(1, size + 1)])


def antiparallel(
    devices: Sequence[Telegraph | Macrospin], voltages: NDArray[np.float64], currents: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Whether each junction conducts less than half way between its two states, shape of ``voltages`` (N, n)."""
    halfway = np.array([conductance(d, v, 0.0) for d, v in zip(devices, voltages, strict=True)])
    return np.asarray(np.abs(currents) < halfway * np.abs(voltages))


@dataclasses.dataclass
class SpiceChain(Closing):
    """A chain of junctions in a SPICE engine, with the interface that the learner asks of a chain. Use it with
    ``with``.

    Parameters
    ----------
    devices : sequence of Telegraph
        Junctions from the top; default the three of the paper.
    pulses : PulseTrain, optional
        How an input is presented; its ``slots`` are the inputs of one transient. Default :data:`PULSES`, with
        comparators :data:`SHORT_PULSES`, to which the pause for reading is added.
    readout : {"voltage", "comparator"}
        Which junctions are parallel is told by the voltages across them on the falling edge of an input, or by clocked
        comparators of transistors in a pause after it.
    sensing : Sensing, optional
        The comparators and their timing; default :meth:`Sensing.for_chain`.
    probes : {"blocks", "elements"}
        Ammeters in the comparators; ``elements`` for an energy audit.
    engine, model : str
        As for :func:`spinspice.engines.get_engine`.
    breakdown : float
        Breakdown voltage of the barriers [V].

    Raises
    ------
    CircuitError
        For controls that leave a junction parallel at zero input.
    ParameterError
        For currents beyond breakdown.
    """

    devices: Sequence[Telegraph] = JUNCTIONS
    pulses: PulseTrain = None  # type: ignore[assignment]  # __post_init__ sets it
    engine: str | Engine = "auto"
    model: str | None = None
    breakdown: float = BREAKDOWN_VOLTAGE
    readout: Readout = "voltage"
    sensing: Sensing = None  # type: ignore[assignment]  # __post_init__ sets it
    probes: Probes = "blocks"
    _session: Session | None = dataclasses.field(default=None, init=False, repr=False)

    def __post_init__(self) -> None:
        if self.readout not in READOUTS:
            raise UsageError(f"readout = {self.readout!r} of a chain. {did_you_mean(str(self.readout), READOUTS)}")
        if self.pulses is None:
            self.pulses = PULSES if self.readout == "voltage" else SHORT_PULSES
        if self.readout == "comparator":
            self.sensing = self.sensing or Sensing.for_chain(self.devices)
            self.pulses = self.sensing.pulses(self.pulses, self.size)

    @property
    def size(self) -> int:
        """Number of junctions N."""
        return len(self.devices)

    @property
    def comparators(self) -> SenseBench | None:
        """The comparators, or None where the voltages are read."""
        if self.readout == "voltage":
            return None
        return SenseBench(self.devices, self.pulses, self.sensing, self.probes)

    def close(self) -> None:
        """Release the engine."""
        if self._session is not None:
            self._session.close()
            self._session = None

    def switched(self, inputs: ArrayLike, controls: ArrayLike, seed: int = 1) -> NDArray[np.bool_]:
        """Apply inputs one after the other, each after a reset; return which junctions switched.

        Parameters
        ----------
        inputs : array, shape (n,)
            Input currents [A]. They share transients in groups of ``pulses.slots``.
        controls : array, shape (N,)
            Control currents [A].
        seed : int
            Seed of the thermal noise of all of them.

        Returns
        -------
        array of bool, shape (n, N)
        """
        inputs = np.atleast_1d(np.asarray(inputs, dtype=float))
        slots = self.pulses.slots
        runs = [
            self.read(self.run(inputs[first : first + slots], controls, instance_seed(seed, f"train{first // slots}")))
            for first in range(0, inputs.size, slots)
        ]
        return np.concatenate(runs)[: inputs.size] if runs else np.zeros((0, self.size), dtype=bool)

    def run(self, inputs: ArrayLike, controls: ArrayLike, seed: int = 1) -> Waveforms:
        """Return the waveforms of one train of up to ``pulses.slots`` inputs (missing ones are 0)."""
        inputs, controls = np.atleast_1d(np.asarray(inputs, dtype=float)), np.asarray(controls, dtype=float)
        self._check(inputs, controls)
        numbers = {f"c{i}": float(c) for i, c in enumerate(controls, start=1)}
        numbers |= dict.fromkeys(self.pulses.inputs, 0.0)
        numbers |= {name: float(value) for name, value in zip(self.pulses.inputs, inputs, strict=False)}
        if self._session is None:
            bench = chain_testbench(self.devices, self.pulses, controls, sense=self.comparators)
            self._session = get_engine(self.engine, self.model).load(bench)
        return self._session.run(**numbers, **seeds(seed, self.size))

    def read(self, waves: Waveforms) -> NDArray[np.bool_]:
        """Return which junctions are parallel after each input of a train, by the read-out, shape (slots, N).

        Raises
        ------
        ResultError
            If a junction did not start an input antiparallel.
        EngineError
            If a comparator has not decided.
        """
        comparators = self.comparators
        return self.read_voltages(waves) if comparators is None else comparators.decisions(waves)

    def read_voltages(self, waves: Waveforms) -> NDArray[np.bool_]:
        """As :meth:`read`, but by the voltages across the junctions, whatever the read-out.

        Read on the falling edge, where the current through the junction is :data:`READ_CURRENT` in magnitude or more:
        at no current there is no voltage to tell the states apart. With comparators, at their clock edges.
        """
        voltages, currents = junction_voltages(waves, self.size), junction_currents(waves, self.size)
        self._check_resets(waves.time, voltages, currents)
        parallel = ~antiparallel(self.devices, voltages, currents)
        readable = np.abs(currents) >= (READ_CURRENT if self.readout == "voltage" else 0.0)
        rows = range(self.size)
        return np.array(
            [
                [
                    parallel[i, at + readable[i, at:].argmax()]
                    for i, at in zip(rows, np.searchsorted(waves.time, t), strict=True)
                ]
                for t in self._looks()
            ]
        )

    def _looks(self) -> NDArray[np.float64]:
        """When each junction is looked at after each input, at the earliest [s], shape (slots, N)."""
        starts = self.pulses.period * np.arange(self.pulses.slots)[:, None]
        if self.readout == "voltage":
            return np.tile(starts + self.pulses.reading - self.pulses.fall, self.size)
        return starts + [self.sensing.edge(self.pulses, i) for i in range(self.size)]

    def _check_resets(
        self, time: NDArray[np.float64], voltages: NDArray[np.float64], currents: NDArray[np.float64]
    ) -> None:
        """Refuse a run in which a junction did not start an input antiparallel."""
        for slot in range(self.pulses.slots):
            rise = slot * self.pulses.period + self.pulses.idle
            before = np.array([[np.interp(rise, time, row) for row in table] for table in (voltages, currents)])
            stuck = np.flatnonzero(~antiparallel(self.devices, *before))
            if stuck.size:
                raise ResultError(
                    f"junction {stuck[0] + 1} was still parallel when input {slot + 1} began: its control current of "
                    f"{before[1][stuck[0]] * 1e6:.4g} uA did not reset it within {self.pulses.idle:g} s."
                )

    def _check(self, inputs: NDArray[np.float64], controls: NDArray[np.float64]) -> None:
        """Refuse what the chain cannot do, before it runs."""
        if controls.shape != (self.size,) or not np.all(np.isfinite(controls)):
            raise UsageError(f"controls of shape {controls.shape}: a chain of {self.size} junctions takes {self.size}.")
        if inputs.ndim != 1 or inputs.size > self.pulses.slots or not np.all(np.isfinite(inputs)):
            raise UsageError(
                f"inputs of shape {inputs.shape}: a train takes up to {self.pulses.slots} finite currents [A]."
            )
        for number, (device, control) in enumerate(zip(self.devices, controls, strict=True), start=1):
            failure = self.pulses.reset_failure(device, control)
            if not failure <= RESET_FAILURE:
                limit = self.pulses.highest_control(device, RESET_FAILURE)
                raise CircuitError(
                    f"junction {number} cannot be reset: at its control current of {control * 1e6:.4g} uA it stays "
                    f"parallel with probability {failure:.2g} in {self.pulses.idle:g} s. Make the control current "
                    f"{math.floor(limit * 1e6):g} uA or less, or the pause between inputs longer."
                )
        extremes = controls + np.array([[0.0], [inputs.min(initial=0.0)], [inputs.max(initial=0.0)]])
        worst = extremes[np.abs(extremes).argmax(axis=0), np.arange(self.size)]
        check_breakdown(self.devices, worst, self.breakdown)
        if self.readout == "comparator":
            self._check_isolation(extremes.min(axis=0))

    def _check_isolation(self, lowest: NDArray[np.float64]) -> None:
        """Refuse currents [A] at which a tap goes below the bulk of the isolating transistors."""
        drops = [float(state_voltage(d, min(i, 0.0), False)) for d, i in zip(self.devices, lowest, strict=True)]
        top, allowed = sum(drops), -self.sensing.bearable * self.size
        if top < allowed:
            raise ParameterError(
                f"the top of the chain goes to {top:.3g} V at these currents, below the {allowed:.3g} V of the bulk of "
                f"the isolating transistors. Raise Sensing.bearable, now {self.sensing.bearable:.3g} V a junction, to "
                f"{-top / self.size:.3g} V or more."
            )
