"""A population in one SPICE run: junctions with their shifts on a common stimulus, looked at once a clock cycle.

With ``readout`` every junction sits in a read-out cell of transistors (:class:`spinspice.cells.readout.ReadOut`), whose
comparator's bits are counted. Without, the read-out is ideal: the deck holds junctions and sources only, and the state
of each junction at the clock edges is the bit; this costs some hundred times less. Either way junction i is
:meth:`Population.device`, with the seed of :meth:`Population.seeds`, so that the switches of an ideal deck are those
that an :class:`spinspice.networks.population.Observer` follows.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from spinspice.analysis.counting import sample_bits, warn_if_slow
from spinspice.analysis.energy import Source, Terminal
from spinspice.benches.readout import FROZEN, OPTIONS, read_bias
from spinspice.cells.read_timing import ReadTiming
from spinspice.cells.readout import ReadOut
from spinspice.devices import Telegraph
from spinspice.devices.telegraph import MIN_SWITCHING
from spinspice.engines import Engine
from spinspice.errors import ParameterError, check_range
from spinspice.jobs import run_job
from spinspice.networks.network import Network
from spinspice.networks.population.population import Population
from spinspice.networks.readouts import ideal_network, readout_network
from spinspice.splitting import Split
from spinspice.stimuli import Staircase
from spinspice.testbench import Testbench
from spinspice.waveforms import Waveforms, crossings

#: Time in which the stimulus goes from one value to the next, over the clock period: our choice, far below any stay.
STEP_TIME = 1e-5
#: First step of the solver over the shortest mean stay, and over the time of a switch if that is longer.
FIRST_STEP = 0.1

#: Pins of what hangs between the stimulus and a shift.
_PINS = {"mtj": ("free", "ref"), "ref": ("a", "b")}
#: Sources that all read-outs share: name -> node, and current as it is saved.
_SHARED = {"vdd": "i(vdd)", "vss": "i(vss)", "clk": "i(vclk)", "isolate": "i(visolate)", "read": "i(vread)"}


@dataclasses.dataclass(frozen=True, kw_only=True)
class PopulationDeck:
    """N junctions, their shifts and their read-outs on one stimulus, as one run of an engine.

    Parameters
    ----------
    population : Population
        Driven by voltage: the stimulus is common to all junctions, the other end of each is at its shift (its centre).
    stimuli : sequence of float
        Values of the stimulus [V], one after the other.
    dt : float
        Period of the clock [s].
    steps : int
        Clock cycles for which each stimulus is held.
    seed : int
        Seed of the run.
    readout : ReadOut, optional
        Read-out cell; every junction gets one like it, with itself inside.
    R_ref : float, optional
        For an ideal read-out: reference resistor beside every junction [Ohm], as the paper's circuit has one.
    probes : bool
        Keep what :mod:`spinspice.networks.population.deck_power` needs: an ammeter at every pin, and all voltages.

    Raises
    ------
    ParameterError
        For a population driven by current, a range that it does not cover, or a stimulus that breaks a junction down.

    Warns
    -----
    UserWarning
        If the clock misses more than half of the switches of the fastest junction at its peak.
    CoverageWarning
        If between the stimuli no junction responds with a quarter of its peak.
    """

    population: Population
    stimuli: Sequence[float]
    dt: float
    steps: int
    seed: int = 1
    readout: ReadOut | None = None
    R_ref: float | None = None
    probes: bool = False

    def __post_init__(self) -> None:
        population = self.population
        if population.nominal.drive:
            raise ParameterError(
                "a population deck has one voltage common to all junctions, and this population takes a current; a "
                "current is not common to junctions side by side. Set drive=0 and critical voltages."
            )
        if not len(self.stimuli):
            raise ParameterError("a population deck needs one stimulus at least, got none.")
        check_range("dt", self.dt, 0.0, 1e6, unit="s", open_low=True, where="clock period of a population deck")
        check_range("steps", self.steps, 1, 2**28, where="clock cycles of a stimulus")
        population.drives(np.asarray(self.stimuli))  # within breakdown
        population.check_coverage(min(self.stimuli), max(self.stimuli))
        fastest = 2.0 * float(population.natural_rates[~population.dead].max())
        warn_if_slow(fastest, fastest, self.dt)

    @property
    def stop(self) -> float:
        """Duration of the run [s]."""
        whole = len(self.stimuli) * self.steps
        return self.dt * whole if self.readout is None else self.timing.stop(whole)

    @property
    def timing(self) -> ReadTiming:
        """Timing of the reads of transistors."""
        assert self.readout is not None
        return self.readout.timing(self.dt)

    def device(self, index: int) -> Telegraph:
        """Return junction ``index`` as it stands in the deck: dead ones have a barrier that is never crossed."""
        device = self.population.device(index)
        device = device.replace(delta=FROZEN) if self.population.dead[index] else device
        return device.resolvable(self.stop, MIN_SWITCHING)

    def cells(self) -> list[ReadOut]:
        """Return the read-out cells; equal junctions share a subcircuit where equal transistors are equal too."""
        assert self.readout is not None
        probes = "elements" if self.probes else "blocks"
        devices = [self.device(index) for index in range(self.population.size)]
        alone = self.readout.technology.mismatch is not None
        first = {device: index for index, device in reversed(list(enumerate(devices)))}
        owners = [index if alone else first[device] for index, device in enumerate(devices)]
        made = {
            index: self.readout.rebuilt(device=devices[index], name=f"{self.readout.kind}{index + 1}", probes=probes)
            for index in sorted(set(owners))
        }
        return [made[owner] for owner in owners]

    def stimulus(self) -> str:
        """Return the waveform of the common source."""
        values = [float(value) for value in self.stimuli]
        if len(values) == 1:
            return repr(values[0])
        times = [number * self.steps * self.dt for number in range(len(values))]
        return Staircase(times=times, levels=values, edge=STEP_TIME * self.dt).text()

    def network(self) -> Network:
        """Return the circuit: junction i with nodes state<i>, count<i>, bias<i> (and out<i>), i from 1."""
        seeds = [int(seed) for seed in self.population.seeds(self.seed)]
        shifts = [float(centre) for centre in self.population.centres]
        if self.readout is not None:
            return readout_network(self.cells(), self.timing, seeds=seeds, biases=shifts, stimulus=self.stimulus())
        devices = [self.device(index) for index in range(self.population.size)]
        plain = ideal_network(devices, seeds=seeds, biases=shifts, stimulus=self.stimulus(), R_ref=self.R_ref)
        return plain.replace(probes="blocks" if self.probes else "none")

    def testbench(self) -> Testbench:
        """Return the run."""
        numbers = range(1, self.population.size + 1)
        save = [f"v(count{number})" for number in numbers]
        if self.readout is not None:
            save += [f"v(out{number})" for number in numbers]
        if self.probes:
            save += power_signals(self)
        step = FIRST_STEP * self._shortest_stay()
        longest = self.dt if self.readout is None else self.dt / 4
        return Testbench.from_pyspice(
            self.network().circuit(),
            stop=self.stop,
            step=min(step, longest if self.readout is None else self.timing.settle / 4),
            max_step=longest,
            save=tuple(dict.fromkeys(save)),
            options={} if self.readout is None else OPTIONS,
            title=f"population of {self.population.size} junctions",
        )

    def run(
        self,
        *,
        engine: str | Engine = "auto",
        model: str | None = None,
        workers: int | None = None,
        split: Split = None,
    ) -> DeckCounts:
        """Run the deck and return its bits and switches.

        Junctions with ideal read-outs do not act on one another: more than ``split`` of them (default 64) run as
        several decks, on all processors (:mod:`spinspice.splitting`). Read-outs of transistors share the line of their
        read currents and stay in one deck.
        """
        return self.read(run_job(self.testbench(), engine=engine, model=model, workers=workers, split=split))

    def _shortest_stay(self) -> float:
        """Mean stay of the fastest junction, or the time in which it switches [s]."""
        rates = self.population.escape_rates(self.population.drives(np.asarray(self.stimuli)))
        return max(1.0 / float(rates.max()), self.population.nominal.t_sw)

    def read(self, waveforms: Waveforms) -> DeckCounts:
        """Return the bits and switches of a run."""
        whole = len(self.stimuli) * self.steps
        edges = self.dt * np.arange(1, whole + 1) if self.readout is None else self.timing.edges(whole)
        ends = self.dt * self.steps * np.arange(len(self.stimuli) + 1)
        states, bits, events = [], [], []
        for number in range(1, self.population.size + 1):
            times = crossings(waveforms.time, waveforms[f"v(count{number})"])
            start = int(self.population.nominal.state0)
            states.append(np.concatenate([[start], (start + np.searchsorted(times, edges, side="right")) % 2]))
            events.append(np.histogram(times, ends)[0])
            if self.readout is not None:
                seen = sample_bits(waveforms.time, waveforms[f"v(out{number})"], self.timing.samples(whole))
                bits.append(np.concatenate([[start], seen]))
        shaped = np.array(states)
        return DeckCounts(shaped, np.array(bits) if bits else shaped, np.array(events).T, self.steps, self.dt)


@dataclasses.dataclass(frozen=True)
class DeckCounts:
    """What a run of a deck gave.

    Parameters
    ----------
    states : array, shape (n, m + 1)
        States of the junctions at the start and at the m clock edges.
    bits : array, shape (n, m + 1)
        What the read-outs said; the first is the state at the start.
    events : array, shape (stimuli, n)
        Switches of the junctions, seen or not.
    steps : int
        Clock edges of each stimulus.
    dt : float
        Clock period [s].
    """

    states: NDArray[np.int64]
    bits: NDArray[np.int64]
    events: NDArray[np.int64]
    steps: int
    dt: float

    @property
    def switches(self) -> NDArray[np.int64]:
        """Switches that the read-outs count at each stimulus, shape (stimuli, n)."""
        changes = np.abs(np.diff(self.bits, axis=1))
        return np.asarray(changes.reshape(changes.shape[0], -1, self.steps).sum(axis=2).T)

    @property
    def wrong(self) -> int:
        """Bits that differ from the state of the junction at the clock edge."""
        return int(np.sum(self.bits != self.states))


def sources(deck: PopulationDeck) -> list[Source]:
    """Return every source of the deck: the stimulus, the shifts, and what the read-outs need."""
    made = [Source("stim", "v(stim)", "i(vstim)")]
    made += [
        Source(f"bias{number}", f"v(bias{number})", f"i(vbias{number})")
        for number in range(1, deck.population.size + 1)
    ]
    if deck.readout is not None:
        made += [Source(name, f"v({name})", current) for name, current in _SHARED.items()]
    return made


def terminals(deck: PopulationDeck) -> Iterator[Terminal]:
    """Yield every pin of the deck with its own ammeter."""
    if deck.readout is not None:
        cells = deck.cells()
        for number, cell in enumerate(cells, start=1):
            ports = {port: f"{port}{number}" for port in ("bias", "out", "state", "count")}
            for pin in cell.pin_signals(f"x{number}", ports):
                yield pin._replace(element=f"{pin.element}{number}")
        yield from read_bias(cells[0]).pin_signals("xbias")
        return
    for number in range(1, deck.population.size + 1):
        for block, node in (("mtj", "mtj"), ("reference", "ref")):
            if block == "mtj" or deck.R_ref is not None:
                for end, outer in zip(_PINS[node], ("stim", f"bias{number}"), strict=True):
                    yield Terminal(block, f"{node}{number}", f"v({outer})", f"i(vm_{node}{number}_{end})")


def power_signals(deck: PopulationDeck) -> list[str]:
    """Return the signals that :func:`deck_power` needs."""
    probes = [(source.voltage, source.current) for source in sources(deck)]
    probes += [(pin.voltage, pin.current) for pin in terminals(deck)]
    return [signal for pair in probes for signal in pair]
