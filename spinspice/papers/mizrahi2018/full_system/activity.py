"""The digital part as gates, in operation: area, energy of each phase, and what it asks of the memory.

The Verilog core is synthesised and runs whole operations of the gripper task, with samples of fluctuating junctions at
its inputs and learnt weights in its memory. Every operation is compared with the integer model, bit for bit.
"""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spinspice.devices.noise import instance_seed
from spinspice.devices.reference.chain import simulate_chain
from spinspice.digital import PHASES, BackEnd, IntegerGripper
from spinspice.digital.gates import (
    Activity,
    CellLibrary,
    GateNetlist,
    gate_energy,
    simulate,
    sky130_library,
    synthesise,
)
from spinspice.errors import ResultError, check_range
from spinspice.papers.mizrahi2018.populations import scaled
from spinspice.paths import data_dir

#: Phases of the paper's Fig. 5c, by phases of the sequencer.
GROUPS = {"observe": ("arm", "observe"), "compute": ("compute", "drain", "decode", "ready"), "learn": ("learn",)}
#: Verilog of the core, without the memory.
SOURCES = (
    "clog2.vh", "population_core.v", "sequencer.v", "edge_detector.v", "switch_counter.v", "multiply_accumulate.v",
    "decoder.v", "learning_rule.v",
)  # fmt: skip
#: Clock of the comparators [s] and range of the stimulus [V] of the scaled junctions (paper, Methods).
PERIOD, LOW, HIGH = 183e-9, -0.1, 0.1
#: Samples before an observation in which the junctions come to their equilibrium: ten and more mean dwell times.
BURN_IN = 60
RESET = 2


@dataclasses.dataclass(frozen=True, kw_only=True)
class DigitalFigures:
    """Figures of the digital part, means over operations that learn; by phase where dictionaries.

    Parameters
    ----------
    inputs, outputs, steps : int
        Sizes.
    cells : dict of str to int
        Number of cells by name.
    area : float
        Sum of their areas [m^2].
    energy, energy_stderr : dict of float
        Energy of a phase and its standard error over operations [J].
    clock : dict of float
        The part of it that the clock takes [J].
    cycles : dict of float
        Clock cycles.
    words_read, words_written, bits_written : dict of float
        Words of the memory that were read and written, and bits that a write changed.
    operations, lessons, seed : int
        Operations that were run gate by gate, after so many lessons of the integer model.
    library, vdd, node : str, float, float
        Standard cells, their supply [V] and feature size [m].
    source : str
        How the figures were made.
    """

    inputs: int
    outputs: int
    steps: int
    cells: dict[str, int]
    area: float
    energy: dict[str, float]
    energy_stderr: dict[str, float]
    clock: dict[str, float]
    cycles: dict[str, float]
    words_read: dict[str, float]
    words_written: dict[str, float]
    bits_written: dict[str, float]
    operations: int
    lessons: int
    seed: int
    library: str
    vdd: float
    node: float
    source: str

    @property
    def size(self) -> int:
        """Number of cells."""
        return sum(self.cells.values())

    def to_dict(self) -> dict[str, Any]:
        """Return plain data for JSON."""
        return dataclasses.asdict(self)


def core(backend: BackEnd, library: CellLibrary | None = None) -> GateNetlist:
    """Synthesise the Verilog core of these sizes.

    Raises
    ------
    EngineNotFound
        If Yosys is not installed.
    """
    block = backend.block()
    bits = {"IN_BITS": backend.inputs, "OUT_BITS": backend.outputs, "ADDRESS_BITS": backend.inputs * backend.outputs}
    parameters = {**block.parameters, **{name: max((n - 1).bit_length(), 1) for name, n in bits.items()}}
    sources = {name: (data_dir("rtl") / name).read_text() for name in SOURCES}
    return synthesise(sources, "population_core", parameters, library or sky130_library())


def sampled_lines(backend: BackEnd, stimulus: float, seed: int) -> NDArray[np.int8]:
    """Return comparator outputs of an observation, shape (samples, inputs): scaled junctions, exact between samples."""
    population = scaled(backend.inputs, LOW, HIGH)
    seeds = population.seeds(seed)
    lines = [
        simulate_chain(
            population.device(i), PERIOD, BURN_IN + backend.samples - 1, int(seeds[i]),
            voltage=stimulus - population.centres[i],
        )[BURN_IN:]
        for i in range(backend.inputs)
    ]  # fmt: skip
    return np.stack(lines, axis=1)


def operate_gates(
    netlist: GateNetlist, backend: BackEnd, weights: NDArray[np.int64], lines: NDArray[np.int8], stimulus: float
) -> tuple[Activity, NDArray[np.int64]]:
    """Run one operation that learns, gate by gate; return what happened and the weights after it.

    Raises
    ------
    ResultError
        If position, memory or its accesses differ from the integer model.
    """
    counts, overflow = backend.count(lines)
    position, _ = backend.decode(backend.sums(weights, counts))
    verdict = int(np.sign(LOW + (HIGH - LOW) * position / backend.highest_position - stimulus))
    expected, after = backend.operate(weights, counts, overflow, verdict)
    ready = RESET + backend.cycles()
    total = RESET + backend.cycles(learning=True)
    stimuli: dict[str, NDArray[Any]] = {
        name: np.zeros(total, np.int64) for name in ("reset", "start", "learn", "too_high", "too_low")
    }
    stimuli["reset"][:RESET] = 1
    stimuli["start"][RESET] = 1
    stimuli["learn"][ready] = 1
    stimuli["too_high"][ready], stimuli["too_low"][ready] = verdict > 0, verdict < 0
    stimuli["lines"] = lines[np.clip(np.arange(total) - RESET - 1, 0, len(lines) - 1)]
    mask = 2**backend.weight_bits - 1
    activity = simulate(netlist, stimuli, weights.ravel() & mask)
    found = (activity.outputs["position"][ready], activity.words_read.sum(), activity.words_written.sum())
    wanted = (expected.position, expected.words_read, expected.words_written)
    if found != wanted or not np.array_equal(activity.words, after.ravel() & mask):
        raise ResultError(f"the gates gave (position, words read, written) {found}, the integer model {wanted}.")
    return activity, after


def measure_digital(
    inputs: int = 128, outputs: int = 128, *, operations: int = 8, lessons: int = 1000, seed: int = 1
) -> DigitalFigures:
    """Synthesise the digital part and measure whole operations of it, gate by gate.

    Parameters
    ----------
    inputs, outputs : int
    operations : int
        Operations, each with an object of its own, at least 2.
    lessons : int
        Lessons of the integer model before them.
    seed : int

    Raises
    ------
    EngineNotFound
        If Yosys is not installed.
    """
    check_range("operations", operations, 2, 10_000, where="measure_digital: standard errors come from them")
    backend = BackEnd(inputs=inputs, outputs=outputs)
    gripper = IntegerGripper(backend, scaled(inputs, LOW, HIGH), seed, LOW, HIGH, PERIOD)
    for stimulus in gripper.stimuli("lessons", lessons):
        gripper.operate(float(stimulus), learning=True)
    netlist, weights = core(backend), gripper.weights
    energies, clocks, accesses = [], [], []
    for k, stimulus in enumerate(gripper.stimuli("operations", operations)):
        lines = sampled_lines(backend, float(stimulus), instance_seed(seed, f"operation {k}"))
        activity, weights = operate_gates(netlist, backend, weights, lines, float(stimulus))
        energy = gate_energy(netlist, activity)
        energies.append(_grouped(energy.total))
        clocks.append(_grouped(energy.clock))
        accesses.append(
            [_grouped(n) for n in (activity.cycles, activity.words_read, activity.words_written, activity.bits_written)]
        )
    mean = np.mean(accesses, axis=0)
    names, library = tuple(GROUPS), netlist.library
    stderr = np.std(energies, axis=0, ddof=1) / np.sqrt(operations)

    def named(values: NDArray[np.float64]) -> dict[str, float]:
        return dict(zip(names, (float(value) for value in values), strict=True))

    return DigitalFigures(
        inputs=inputs, outputs=outputs, steps=backend.steps, cells=netlist.counts, area=netlist.area,
        energy=named(np.mean(energies, axis=0)), energy_stderr=named(stderr), clock=named(np.mean(clocks, axis=0)),
        cycles=named(mean[0]), words_read=named(mean[1]), words_written=named(mean[2]), bits_written=named(mean[3]),
        operations=operations, lessons=lessons, seed=seed, library=library.name, vdd=library.vdd, node=library.node,
        source=f"Yosys netlist of rtl/population_core.v, {operations} operations gate by gate (measure_digital)",
    )  # fmt: skip


def _grouped(by_state: NDArray[Any]) -> NDArray[np.float64]:
    """Return the sums over the phases of the sequencer that make up each of :data:`GROUPS`."""
    return np.array([sum(by_state[PHASES.index(name)] for name in names) for names in GROUPS.values()], float)
