"""A reservoir of analog stochastic neurons in a task: the circuit, its surrogate, an ideal network, a linear filter."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from spinspice.analysis.statistics import wilson
from spinspice.cells.asn_paired import PairedASN
from spinspice.cmos import get_technology
from spinspice.jobs import delivered
from spinspice.networks.metering import audit_network, energy_signals, sources
from spinspice.networks.network import Network
from spinspice.networks.reservoir import esn
from spinspice.networks.reservoir.averaged import ideal_flow
from spinspice.networks.reservoir.calibration import Calibration, calibrate, calibration_testbenches
from spinspice.networks.reservoir.choice import DESIGNS, TASKS, design_topology, input_voltage, make_task
from spinspice.networks.reservoir.circuit import STEP, ReservoirCircuit
from spinspice.networks.reservoir.readout import Split, fit_ridge
from spinspice.networks.reservoir.segments import Segment, segments
from spinspice.networks.reservoir.tasks import Answer, Task, delay_line
from spinspice.networks.reservoir.tasks.base import score
from spinspice.networks.reservoir.twin import twin_states
from spinspice.presets import load_preset
from spinspice.studies.base import Batch, Point, Steps, Study
from spinspice.studies.common import TECHNOLOGY, VDD, other
from spinspice.studies.parameter import Parameter
from spinspice.studies.reservoir_result import ReservoirResult
from spinspice.surrogate import Surrogate, extract
from spinspice.waveforms import Waveforms

Array = NDArray[np.float64]
#: Symbols and runs of the energy account by block. Our choice.
METERED, METERED_RUNS = 12, 3


def _count(name: str, meaning: str, default: int, low: int, high: int, varied: bool = True) -> Parameter:
    return Parameter(name=name, meaning=meaning, default=default, kind="whole", low=low, high=high, varied=varied)


def _scale(name: str, meaning: str) -> Parameter:
    return Parameter(name=name, meaning=meaning, chosen="that of the task's design", unit="1", low=0.0, high=1e3)


class Reservoir(Study):
    """A reservoir's circuit in a task."""

    name = "reservoir"
    title = "reservoir of analog stochastic neurons in a task, beside its surrogate, an ideal network, a linear filter"
    parameters = (
        Parameter(name="task", meaning="what it shall do", default="parity", kind="text", choices=tuple(TASKS)),
        _count("bits", "bits of parity", 2, 2, 10),
        _count("channel", "which random channel of eq. 8", 1, 0, 10**6),
        Parameter(name="snr", meaning="signal to noise of the Jaeger-Haas channel [dB]", default=28.0, low=-20.0,
                  high=100.0),
        _count("ahead", "steps that Mackey-Glass is predicted ahead", 1, 1, 1000),
        _count("nodes", "neurons", 20, 2, 200),
        Parameter(name="degree", meaning="synapses of a neuron", chosen="that of the task's design", kind="whole",
                  low=1, high=100),
        _scale("radius", "spectral radius of the weights"),
        _scale("input_scale", "input weights are within plus and minus this"),
        _scale("bias_scale", "biases are within plus and minus this"),
        Parameter(name="signs", meaning="weights of both signs, or of plain resistors between inverting cells",
                  default="both", kind="text", choices=("both", "inhibit")),
        Parameter(name="shared", meaning="one bias for all neurons", default=True, kind="flag"),
        _count("draw", "seed of the weights", 1, 0, 10**6),
        Parameter(name="symbol", meaning="time of a symbol", default=2e-9, unit="s", low=1e-10, high=1e-6),
        _scale("ratio", "time constant of the interconnect over the symbol"),
        Parameter(name="R_node", meaning="resistance of a gate's node", default=50e3, unit="Ohm", low=1e3, high=1e8),
        _count("train", "symbols that train", 600, 20, 10**6, False),
        _count("test", "symbols that test", 400, 20, 10**6, False),
        _count("runs", "runs into which the symbols are cut", 4, 1, 1000, False),
        _count("warm", "symbols that each run hears before its own", 20, 0, 1000, False),
        Parameter(name="step", meaning="time step, and step of the noise", default=STEP, unit="s", low=1e-13,
                  high=1e-9),
        Parameter(name="preset", meaning="junction", default="ganguly2018", kind="text"),
        other(TECHNOLOGY, default="generic", chosen=""),
        VDD,
    )  # fmt: skip
    quantities: ClassVar = {
        "error": "1", "nrmse": "1", "srr": "1", "ser": "1", "surrogate_error": "1", "ideal_error": "1",
        "linear_error": "1", "energy": "J",
    }  # fmt: skip
    exact = ("nrmse", "srr", "surrogate_error", "ideal_error", "linear_error")
    short: ClassVar = {"nodes": 4, "degree": 2, "train": 40, "test": 20, "runs": 1, "warm": 5, "symbol": 1e-9}

    def steps(self, point: Point) -> Steps:
        """Calibrate the cell, run the symbols and the account of energy, extract the surrogate, score."""
        cell = cell_of(point)
        calibration = calibrate(cell, *_good((yield Batch("calibrate", calibration_testbenches(cell)))))
        train = point["train"]
        split = Split(washout=point["warm"], train=train - train // 4, validate=train // 4, test=point["test"])
        names = ("bits", "channel", "snr", "ahead")
        task = make_task(point["task"], split, seed=point.stream("task"), settings={n: point[n] for n in names})
        circuit = circuit_of(point, cell, calibration, task)
        cuts = segments(split.rows, point["runs"], point["warm"])
        network = circuit.network(task.u)
        save = tuple(s for source in sources(network) for s in (source.voltage, source.current))
        seeds = [point.stream(f"run/{k}") for k in range(len(cuts))]
        benches = [
            circuit.testbench(task.u[cut.heard : cut.stop], seed, step=point["step"], save=save)
            for cut, seed in zip(cuts, seeds, strict=True)
        ]
        runs = _good((yield Batch("symbols", benches, keeper(circuit, network))))
        metered = circuit.network(task.u[:METERED], probes="blocks")
        several = [
            circuit.testbench(
                task.u[:METERED], point.stream(f"energy/{k}"), step=point["step"], probes="blocks",
                save=energy_signals(metered),
            )
            for k in range(METERED_RUNS)
        ]  # fmt: skip
        accounts = _good((yield Batch("energy", several, lambda waves: account(metered, waves))))
        surrogate = extract(PairedASN(cell.device, cell.technology, vdd=cell.vdd), engine=point.engine, complement=True)
        others = [point.stream(f"other/{k}") for k in range(len(cuts))]
        twins = [twins_of(circuit, surrogate, task, cuts, given) for given in (seeds, others)]
        return result_of(point, circuit, task, cuts, runs, accounts, twins)

    def numbers(self, result: ReservoirResult) -> Mapping[str, tuple[float | None, float | None]]:
        found = result.answers["circuit"]
        ser: tuple[float | None, float | None] = (None, None)
        if result.levels:
            spread = wilson(found.wrong, found.rows)
            ser = (found.ser, (spread.high - spread.low) / 3.92)
        return {
            "error": result.error(), "nrmse": (found.nrmse, None), "ser": ser, "energy": result.energy,
            "srr": (found.srr if math.isfinite(found.srr) else None, None),
            **{f"{name}_error": (result.answers[name].error, None) for name in ("surrogate", "ideal", "linear")},
        }  # fmt: skip


def cell_of(point: Point) -> PairedASN:
    """Return the neuron that a point asks for."""
    preset = load_preset(point["preset"])
    technology = get_technology(point["technology"])
    vdd = point["vdd"]
    if (
        vdd is None
        and preset.cell.get("vdd")
        and technology.vdd_range[0] <= preset.cell["vdd"] <= technology.vdd_range[1]
    ):
        vdd = preset.cell["vdd"]
    return PairedASN(
        preset.device, technology, vdd=vdd, complement=point["signs"] == "both", shared=point["shared"], probes="none"
    )


def circuit_of(point: Point, cell: PairedASN, calibration: Calibration, task: Task) -> ReservoirCircuit:
    """Return the circuit that a point asks for; what it leaves open is the task's design."""
    ratio = DESIGNS[point["task"]]["ratio"] if point["ratio"] is None else point["ratio"]
    scales = {name: point[name] for name in ("radius", "input_scale", "bias_scale")}
    topology = design_topology(
        point["task"], point["nodes"], degree=point["degree"], signs=point["signs"], seed=point["draw"], **scales
    )
    return ReservoirCircuit(
        topology=topology, cell=cell, calibration=calibration, symbol=point["symbol"], R_node=point["R_node"],
        tau=ratio * point["symbol"], v_in=input_voltage(point["task"], task, cell.vdd),
    )  # fmt: skip


def keeper(circuit: ReservoirCircuit, network: Network) -> Callable[[Waveforms], dict[str, Any]]:
    """Return what is kept of a run: states, and the power of all sources [W]."""
    given = sources(network)

    def keep(waves: Waveforms) -> dict[str, Any]:
        symbols = round(float(waves.time[-1]) / circuit.symbol)
        x, z = circuit.averages(waves, symbols)
        energy = sum(float(np.trapezoid(-waves[s.voltage] * waves[s.current], waves.time)) for s in given)
        return {"x": x, "z": z, "power": energy / float(waves.time[-1])}

    return keep


def account(network: Network, waves: Waveforms) -> dict[str, float]:
    """Return mean power by kind of block [W]: those of cells, synapses, inputs, biases, capacitors, loads."""
    kinds = {"w": "synapses", "in": "inputs", "b": "resistors of bias", "c": "interconnect", "load": "loads"}
    power: dict[str, float] = {}
    for block, watts in audit_network(network, waves).power.items():
        name, _, part = block.partition(".")
        kind = part or kinds[name.split("_")[0]]
        power[kind] = power.get(kind, 0.0) + watts
    return power


def joined(cuts: list[Segment], states: list[tuple[Array, Array]]) -> tuple[Array, Array]:
    """Return the rows that segments keep, one after the other: x and z."""
    kept = [(x[cut.warm :], z[cut.warm :]) for cut, (x, z) in zip(cuts, states, strict=True)]
    return np.concatenate([x for x, _ in kept]), np.concatenate([z for _, z in kept])


def twins_of(
    circuit: ReservoirCircuit, surrogate: Surrogate, task: Task, cuts: list[Segment], seeds: list[int]
) -> tuple[Array, Array]:
    """Return the states of the surrogate in the same segments."""
    heard = [task.u[cut.heard : cut.stop] for cut in cuts]
    return joined(cuts, [twin_states(circuit, surrogate, u, seed=s) for u, s in zip(heard, seeds, strict=True)])


def machines(task: Task, circuit: ReservoirCircuit, twins: tuple[Array, Array]) -> dict[str, Answer]:
    """Return the scores of surrogate, ideal network and linear filter; each also sees the input of the moment."""
    nodes = circuit.topology.nodes
    features = {
        "surrogate": np.column_stack([*twins, task.u]),
        "ideal": np.column_stack([ideal_states(circuit, task.u), task.u]),
        "linear": delay_line(task.u, nodes),
    }
    return {name: answer(task, x)[0] for name, x in features.items()}


def ideal_states(circuit: ReservoirCircuit, u: Array) -> Array:
    """Return the states of the ideal network with the same weights: in steps, or continuous ones as the circuit's."""
    if not circuit.topology.continuous:
        return esn.states(circuit.topology, u)
    assert circuit.tau is not None
    return ideal_flow(circuit.topology, u, ratio=circuit.tau / circuit.symbol)[0]


def answer(task: Task, features: Array) -> tuple[Answer, Array]:
    """Return scores and outputs on the test rows."""
    readout = fit_ridge(features, task.d, task.split)
    y = readout(features[task.split.parts[2]])
    return score(task, y, readout), y


def result_of(
    point: Point,
    circuit: ReservoirCircuit,
    task: Task,
    cuts: list[Segment],
    runs: list[dict[str, Any]],
    accounts: list[dict[str, float]],
    twins: list[tuple[Array, Array]],
) -> ReservoirResult:
    """Score what was run."""
    x, z = joined(cuts, [(run["x"], run["z"]) for run in runs])
    scores, y = answer(task, np.column_stack([x, z, task.u]))
    power = np.array([run["power"] for run in runs])
    kinds = {kind: np.array([each[kind] for each in accounts]) for kind in accounts[0]}

    def alike(a: Array, b: Array) -> float:
        rows = slice(task.split.washout, None)
        return float(np.mean([np.corrcoef(a[rows, i], b[rows, i])[0, 1] for i in range(a.shape[1])]))

    cell = circuit.cell
    names = [p.name for p in Reservoir.parameters if p.name not in ("vdd", "technology")]
    return ReservoirResult(
        cell="reservoir",
        engine=point.engine.name,
        seed=point.seed,
        settings={n: point[n] for n in names}
        | {"cmos": cell.technology.name, "vdd": cell.vdd, "model": point.engine.model},
        answers={"circuit": scores, **machines(task, circuit, twins[0])},
        task=task.name,
        levels=bool(task.levels),
        y=y,
        d=task.d[task.split.parts[2]],
        power={kind: (float(v.mean()), float(v.std(ddof=1) / math.sqrt(v.size))) for kind, v in kinds.items()},
        supply=float(power.mean()),
        supply_stderr=float(power.std(ddof=1) / math.sqrt(power.size)) if power.size > 1 else math.nan,
        symbol=circuit.symbol,
        agreement=(alike(x, twins[0][0]), alike(twins[0][0], twins[1][0])),
    )


def _good(results: list[Any]) -> list[Any]:
    return delivered(results, "a run of the reservoir")
