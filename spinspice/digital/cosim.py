"""Junctions, comparators and the digital part in one mixed-signal run: from a stimulus to a decoded, learnt position.

The loop is closed inside the run: the decoded position becomes the voltage ``gripper``, comparators of the environment
say whether it is above or below the target, and the digital part learns from that. The task is the paper's gripper: the
target is the stimulus. Two read-outs: ideal comparators, or transistor ones around each junction
(:func:`spinspice.networks.readouts.readout_network`).

Every edge of a source makes a breakpoint, at which the simulator restarts its step: with ideal comparators the clock is
a ring of gates, therefore, events without analog time points. The position comes as currents into one node, which need
no nodes and branches of their own.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spinspice.benches.readout import OPTIONS, resolvable
from spinspice.cells.readout import ReadOut
from spinspice.devices import Telegraph
from spinspice.devices.noise import instance_seed
from spinspice.digital.backend import PHASES, BackEnd, Operation
from spinspice.errors import ParameterError, ResultError, check_range
from spinspice.networks.readouts import ideal_network, readout_network
from spinspice.stimuli import Pulse, Pwl
from spinspice.testbench import Testbench, signals
from spinspice.units import format_number
from spinspice.waveforms import Waveforms

#: Clock edges before the first operation, the reset among them, and between the position and the learning.
LEAD, SETTLE = 4, 2
#: Rise time of clock and bridges, as a part of the clock period: short, so that the sampling instant is sharp.
EDGE = 1e-4
#: Distance of position and target that counts as none, in units of the lowest bit of the position.
CATCH = 0.25
#: First time step as a part of the shortest mean stay of a junction, and longest as a part of the clock period.
FIRST_STEP, LONGEST_STEP = 0.01, 0.5


@dataclasses.dataclass(frozen=True, kw_only=True)
class MixedSignal:
    """A mixed-signal run of several operations.

    Parameters
    ----------
    backend : BackEnd
    weights : array of int, shape (outputs, inputs)
        Contents of the memory at the start.
    junction : Telegraph or ReadOut
        The junctions, driven by voltage: with ideal comparators on their states, or each in a read-out of transistors.
    centres : sequence of float
        Stimuli to which they are tuned [V], one for each input.
    stimuli : sequence of float
        Stimulus of each operation [V].
    period : float
        Clock period [s].
    low, high : float
        Stimuli that the first and the last output stand for [V].
    learning : bool
        Whether each operation ends with learning.
    seed : int

    Raises
    ------
    ParameterError
        For numbers that do not fit together.
    """

    backend: BackEnd
    weights: ArrayLike
    junction: Telegraph | ReadOut
    centres: Sequence[float]
    stimuli: Sequence[float]
    period: float = 183e-9
    low: float = -0.1
    high: float = 0.1
    learning: bool = True
    seed: int = 1

    def __post_init__(self) -> None:
        self.backend.check_weights(self.weights)
        check_range("period", self.period, 0.0, 1.0, unit="s", open_low=True, where="MixedSignal.period: clock")
        if len(self.centres) != self.backend.inputs:
            raise ParameterError(f"{len(self.centres)} centres for {self.backend.inputs} inputs; give one each.")
        if not self.stimuli:
            raise ParameterError("MixedSignal.stimuli is empty: give the stimulus of at least one operation [V].")
        if not self.low < self.high:
            raise ParameterError(f"low = {self.low:g} V and high = {self.high:g} V are no range.")
        if self.device.drive:
            raise ParameterError("the junctions of a mixed-signal run are driven by voltage (Telegraph.drive = 0).")

    @property
    def device(self) -> Telegraph:
        """The junction by itself."""
        return self.junction.device if isinstance(self.junction, ReadOut) else self.junction

    @property
    def lag(self) -> int:
        """Clock periods between a decision of the comparators and its sampling.

        Transistors decide on the edge on which the digital part still samples what they decided before.
        """
        return int(isinstance(self.junction, ReadOut))

    @property
    def cycles(self) -> int:
        """Clock cycles from the start of an operation to that of the next."""
        return self.backend.cycles(learning=self.learning) + SETTLE + 2

    @property
    def stop(self) -> float:
        """Duration of the run [s]."""
        return self.period * (LEAD + self.cycles * len(self.stimuli) + 1)

    def seeds(self) -> list[int]:
        """Return the seed of each junction."""
        return [instance_seed(self.seed, f"junction{number + 1}") for number in range(self.backend.inputs)]

    def shown(self, position: int) -> float:
        """Return the voltage that a position stands for [V]."""
        return self.low + (self.high - self.low) * position / self.backend.highest_position

    def verdict(self, position: int, stimulus: float) -> int:
        """Return what the environment says of a position: 1 too high, -1 too low, 0 if they are as good as equal."""
        miss = self.shown(position) - stimulus
        return int(np.sign(miss)) if abs(miss) > self._catch else 0

    @property
    def _catch(self) -> float:
        """Distance of position and target below which neither comparator of the environment speaks [V]."""
        return CATCH * (self.high - self.low) / self.backend.highest_position

    def testbench(self) -> Testbench:
        """Return the run: circuit, digital block, what to save."""
        fastest = float(max(self.device.escape_rates(max(abs(s - c) for s in self.stimuli for c in self.centres))))
        save = [f"v({name}{n})" for n in range(1, self.backend.inputs + 1) for name in self._nodes]
        analog = self._transistors(self.junction) if isinstance(self.junction, ReadOut) else self._ideal()
        return dataclasses.replace(
            analog,
            circuit=analog.circuit + "\n".join([*self._digital_part(), *self._environment()]) + "\n",
            step=min(FIRST_STEP / fastest, LONGEST_STEP * self.period),
            max_step=LONGEST_STEP * self.period,
            save=signals(["v(stim)", "v(gripper)", *(["v(clk)"] if self.lag else []), *save]),
            digital=(self.backend.block(np.asarray(self.weights), top="population_chip"),),
            parameters={"seed": float(self.seed)},
            title=f"{self.backend.inputs} x {self.backend.outputs} population, mixed signal",
        )

    @property
    def _nodes(self) -> tuple[str, ...]:
        """Nodes of each junction that are saved."""
        return ("state", "count", "out") if self.lag else ("state", "count")

    def _ideal(self) -> Testbench:
        """Junctions between the stimulus and their biases; comparators see the states."""
        network = ideal_network(
            [self.device] * self.backend.inputs,
            seeds=self.seeds(),
            biases=[float(centre) for centre in self.centres],
            stimulus=self._stimulus(),
        )
        return Testbench.from_pyspice(network.circuit(), stop=self.stop, step=self.stop, save=("v(stim)",))

    def _transistors(self, cell: ReadOut) -> Testbench:
        """Read-out cells around the junctions, their clock and their rails."""
        cell = resolvable(cell, self.stop)
        network = readout_network(
            [cell] * self.backend.inputs,
            cell.timing(self.period),
            seeds=self.seeds(),
            biases=list(self.centres),
            stimulus=self._stimulus(),
        )
        return Testbench.from_pyspice(
            network.circuit(),
            stop=self.stop,
            step=self.stop,
            save=("v(stim)",),
            options=OPTIONS,
            temperature=cell.device.T,
        )

    def _digital_part(self) -> list[str]:
        """The Verilog, bridges from comparators and clock, and the pulses for reset, start and learning."""
        backend, length = self.backend, self.cycles
        lines = [f"line{n}" for n in range(backend.inputs, 0, -1)]
        seen = [f"{'out' if self.lag else 'state'}{n}" for n in range(backend.inputs, 0, -1)]
        position = [f"d{bit}" for bit in reversed(range(backend.position_bits))]
        inputs = ["dclk", "dreset", "dstart", "dlearn", "dhigh", "dlow", *lines]
        block = backend.block(top="population_chip")
        learn = self._pulses(LEAD + backend.cycles() + SETTLE, 1, length) if self.learning else "0"
        return [
            block.card(inputs, ["dready", "dsilent", "doverflow", *position]),
            f"Vreset reset 0 {self._reset()}",
            f"Vstart start 0 {self._pulses(LEAD, 1, length)}",
            f"Vlearn learn 0 {learn}",
            f"alines [{' '.join(seen)}] [{' '.join(lines)}] comparator",
            *self._clock(),
            self._bridge("comparator", 0.0 if self.lag else 0.5),  # rails of transistors lie around ground
            "acontrol [reset start learn] [dreset dstart dlearn] logic",
            self._bridge("logic", 0.5),
        ]

    def _clock(self) -> list[str]:
        """The clock as an event ``dclk``, which rises first after one period.

        From the source of the comparators, where these are transistors; else a gate that holds itself up: inverted
        after a quarter period, back after another, let go by ``run`` half a period before the first edge.
        """
        if self.lag:
            return ["aclock [clk] [dclk] comparator"]
        edge, quarter = EDGE * self.period, format_number(0.25 * self.period)
        run = Pulse(low=0.0, high=1.0, delay=0.5 * self.period, rise=edge, fall=edge, width=1.0, period=2.0)
        delays = f"(rise_delay={quarter} fall_delay={quarter})"
        return [
            f"Vrun run 0 {run.text()}",
            "arun [run] [drun] logic",
            "aring [drun dback] dring gate",
            "aback dring dback back",
            "aclock dring dclk clock",
            f".model gate d_nand{delays}",
            f".model back d_buffer{delays}",
            f".model clock d_inverter{delays}",
        ]

    def _environment(self) -> list[str]:
        """The position as a voltage: currents of its bits into 1 ohm; and the verdict on it."""
        scale = (self.high - self.low) / self.backend.highest_position
        lines = [f"Igripper 0 gripper {format_number(self.low)}", "Rgripper gripper 0 1"]
        for bit in range(self.backend.position_bits):
            # A bridge's current flows out of the node.
            level = format_number(-scale * 2**bit)
            lines += [
                f"aposition{bit} [d{bit}] [%i(gripper)] bit{bit}",
                f".model bit{bit} dac_bridge(out_low=0 out_high={level} t_rise={self._edge} t_fall={self._edge})",
            ]
        return [
            *lines,
            "averdict [%vd(gripper stim) %vd(stim gripper)] [dhigh dlow] verdict",
            self._bridge("verdict", self._catch),
        ]

    def _stimulus(self) -> str:
        """The stimulus of each operation, from the clock period before its start on."""
        starts = (LEAD - 1 + self.cycles * np.arange(len(self.stimuli))) * self.period
        starts[0] = 0.0
        times = np.stack([starts, np.append(starts[1:] - EDGE * self.period, self.stop)], axis=1).ravel()
        return Pwl(times.tolist(), np.repeat(self.stimuli, 2).tolist()).text()

    @property
    def _edge(self) -> str:
        return format_number(EDGE * self.period)

    def _time(self, cycle: float) -> float:
        """Time [s] of a quarter period after a rising edge of the clock: when control signals change."""
        return float((cycle + 0.25) * self.period)

    def _reset(self) -> str:
        """High from the start, until a cycle before the first operation; a second is longer than any run."""
        edge = EDGE * self.period
        wave = Pulse(low=1.0, high=0.0, delay=self._time(LEAD - 1), rise=edge, fall=edge, width=1.0, period=2.0)
        return wave.text()

    def _pulses(self, first: float, width: float, every: float) -> str:
        """Pulses that begin ``first`` cycles after the run does (the clock), or a quarter later (all others)."""
        edge = EDGE * self.period
        return Pulse(
            low=0.0,
            high=1.0,
            delay=self.period if width < 1 else self._time(first),
            rise=edge,
            fall=edge,
            width=(width - EDGE) * self.period,
            period=every * self.period,
        ).text()

    def _bridge(self, name: str, threshold: float) -> str:
        delay = format_number(EDGE * EDGE * self.period)
        level = format_number(threshold)
        return f".model {name} adc_bridge(in_low={level} in_high={level} rise_delay={delay} fall_delay={delay})"


def operations(waves: Waveforms, backend: BackEnd) -> list[Operation]:
    """Return what the digital part did in each operation of a mixed-signal run.

    Raises
    ------
    ResultError
        If no operation got to its end.
    """
    digital = waves.digital
    ready = digital["population.ready"].rises()
    if not ready.size:
        raise ResultError(f"no operation was completed in {waves.time[-1]:g} s; lengthen the run.")
    starts = np.append(arm_times(waves), np.inf)
    ends = starts[np.searchsorted(starts, ready)]
    counters = [digital[f"population.system.core.junction[{i}].counter.count"] for i in range(backend.inputs)]
    done, before = [], (0, 0)
    for time, end in zip(ready, ends, strict=True):
        read, written = (
            int(digital[f"population.system.words_{what}"].at(min(end, waves.time[-1]))) for what in ("read", "written")
        )
        done.append(
            Operation(
                np.array([int(counter.at(time)) for counter in counters]),
                bool(digital["population.overflow"].at(time)),
                int(digital["population.position"].at(time)),
                bool(digital["population.silent"].at(time)),
                read - before[0],
                written - before[1],
            )
        )
        before = (read, written)
    return done


def arm_times(waves: Waveforms) -> NDArray[np.float64]:
    """Return the times [s] at which operations began."""
    phase = waves.digital["population.system.phase"]
    return phase.time[phase.values == PHASES.index("arm")]


def sample_times(waves: Waveforms, backend: BackEnd, lag: int = 0) -> NDArray[np.float64]:
    """Return when the digital part sampled the comparators, shape (operations, samples) [s].

    ``lag``: clock periods between a decision of the comparators and its sampling.
    """
    rises = waves.digital["population.clk"].rises()
    count = len(waves.digital["population.ready"].rises())
    first = np.searchsorted(rises, arm_times(waves)[:count] - 0.5 * np.diff(rises).min()) + 1 - lag
    return rises[first[:, np.newaxis] + np.arange(backend.samples)]


def sampled_states(waves: Waveforms, times: NDArray[np.float64], inputs: int) -> NDArray[np.bool_]:
    """Return the states of the junctions in the circuit at some times, shape (*times.shape, inputs): True is AP."""
    states = [np.interp(times, waves.time, waves[f"v(state{n})"]) > 0.5 for n in range(1, inputs + 1)]
    return np.stack(states, axis=-1)
