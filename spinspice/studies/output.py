"""Studies of a neuron cell that are short enough for the jobs of a sweep: the output at one input, a transfer curve.

Beside :mod:`spinspice.studies.neuron`, which takes its time: no noise and energy at the middle, no curves kept.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from spinspice.analysis.junctions import independent_of
from spinspice.analysis.transfer import FEWEST_POINTS
from spinspice.benches import cell as bench
from spinspice.cells import Cell, choose_cell
from spinspice.jobs import delivered
from spinspice.studies.base import Batch, Point, Steps, Study
from spinspice.studies.common import other, repeats
from spinspice.studies.inputs import AutoVin, one_input, parse_vin
from spinspice.studies.neuron import CIRCUIT, DURATION
from spinspice.studies.neuron_settings import TEMPERATURE, WARM_UP, check_duration
from spinspice.studies.neuron_stages import PointRuns, covering_inputs, find_transition
from spinspice.studies.output_numbers import (
    SAMPLES,
    Values,
    closer_inputs,
    mean_power,
    output_of,
    supply_power,
    transfer_of,
)
from spinspice.studies.parameter import Parameter
from spinspice.studies.result import StudyResult
from spinspice.testbench import Testbench
from spinspice.waveforms import Waveforms

#: Supply currents, from which the power follows.
SAVE = ("i(vdd)", "i(vss)")
#: Most slow sweeps that look for a transition. Runs here are short: the first ones blur it, and in later ones a
#: junction makes so few turns that noise passes for a transition. What is left to find, means at inputs show.
SWEEPS = 3
STEP = Parameter(
    name="sample_step",
    meaning="step of the grid on which the output is analysed",
    chosen="that of the junction",
    unit="s",
    low=0.0,
    varied=False,
)


@dataclasses.dataclass(frozen=True, kw_only=True)
class OutputStudy(StudyResult):
    """What an output or a transfer curve gave.

    Parameters
    ----------
    values : mapping
        Numbers by name, each with its standard error (``..._stderr``).
    curve : mapping
        Of a transfer: input, mean output and its standard error at each input [V].
    """

    values: dict[str, float]
    curve: dict[str, list[float]]

    def arrays(self) -> dict[str, tuple[str, Any, str]]:
        return {name: ("point", values, "V") for name, values in self.curve.items()}


@dataclasses.dataclass(frozen=True)
class _Circuit:
    """A cell as its runs need it."""

    cell: Cell
    runnable: Cell
    duration: float
    temperature: float
    accuracy: str

    @functools.cached_property
    def base(self) -> Testbench:
        """A run at a constant input."""
        return self.testbench(0.0)

    def testbench(self, vin: float | tuple[float, float]) -> Testbench:
        """Return a run at an input, or along a ramp of it [V]."""
        save = (*SAVE, *bench.junction_signals(self.cell))
        made = bench.cell_testbench(self.runnable, stop=self.duration, vin=vin, save=save)
        return made.replace(temperature=self.temperature)


def _circuit(point: Point) -> _Circuit:
    """Return the circuit of a point, made once for the key and the runs of a job."""
    names = (
        "cell",
        "preset",
        "technology",
        "vdd",
        "mismatch",
        "trust",
        "sizing",
        "temperature",
        "duration",
        "accuracy",
    )
    values = tuple(point[name] for name in names)
    parameters = tuple(point["parameters"].items())
    try:
        hash(values)
    except TypeError:
        return _made.__wrapped__(*values, parameters)
    return _made(*values, parameters)


@functools.lru_cache(maxsize=256)
def _made(
    cell: Any,
    preset: Any,
    technology: str | None,
    vdd: float | None,
    mismatch: int | None,
    trust: bool,
    sizing: Any,
    temperature: float | None,
    duration: float | None,
    accuracy: str,
    parameters: tuple[tuple[str, float], ...],
) -> _Circuit:
    made, _, _ = choose_cell(
        cell, preset, technology, vdd, mismatch=mismatch, trust=trust, parameters=dict(parameters), sizing=sizing
    )
    if temperature is not None and any(device.parameters().get("T") != temperature for device in made.devices.values()):
        made = made.with_junctions(lambda device: device.replace(T=temperature))
    if any(device.at_accuracy(accuracy) != device for device in made.devices.values()):
        made = made.with_junctions(lambda device: device.at_accuracy(accuracy))
    length = check_duration(duration, list(made.devices.values())) if duration is None else duration
    kelvin = TEMPERATURE if temperature is None else temperature
    return _Circuit(made, bench.resolvable(made, length)[0], length, kelvin, accuracy)


class _Sampled(Study):
    """What the two studies share: how a point is run, and what is kept of a run."""

    def _result(self, point: Point, circuit: _Circuit, values: Values, notes: tuple[str, ...] = ()) -> OutputStudy:
        cell = circuit.cell
        return OutputStudy(
            cell=cell.kind,
            engine=point.engine.name,
            seed=point.seed,
            settings={
                "study": self.name,
                "cmos": cell.technology.name,
                "corner": cell.technology.corner,
                "vdd": cell.vdd,
                "temperature": circuit.temperature,
                "model": point.engine.model,
                "duration": circuit.duration,
                "trials": point["repeats"],
                "accuracy": circuit.accuracy,
            },
            notes=(*cell.notes, *notes),
            values={name: value for name, value in values.items() if not isinstance(value, list)},
            curve={name: value for name, value in values.items() if isinstance(value, list)},
        )

    def numbers(self, result: OutputStudy) -> Mapping[str, tuple[float | None, float | None]]:
        return {
            name: (result.values[name], result.values.get(f"{name}_stderr"))
            for name in (*self.quantities, *self.counts)
        }

    def curves(self, result: OutputStudy) -> Mapping[str, Sequence[float]]:
        return result.curve


class _Measuring:
    """Runs at inputs, and their outputs and powers so far."""

    def __init__(self, point: Point, circuit: _Circuit) -> None:
        self.point, self.circuit = point, circuit
        step = point["sample_step"] or min(d.sample_step(circuit.duration) for d in circuit.cell.devices.values())
        self.warm_up = WARM_UP * circuit.duration
        count = int((circuit.duration - self.warm_up) / step * (1 + 1e-9))
        self.times: NDArray[np.float64] = self.warm_up + step * np.arange(1, count + 1, dtype=float)
        self.inputs: list[float] = []
        self.outputs: list[list[PointRuns]] = []
        self.powers: list[list[tuple[float, NDArray[np.float64]]]] = []

    def take(self, chosen: Sequence[float]) -> Steps:
        """Run further inputs [V]: all of the first repeat, then of the next."""
        first, point = len(self.inputs), self.point
        self.inputs.extend(chosen)
        self.outputs.extend([] for _ in chosen)
        self.powers.extend([] for _ in chosen)
        base = self.circuit.base
        jobs = [
            base.replace(
                parameters={"seed": point.stream(f"{number}/{trial}"), "vin": float(value)},
                title=f"input {number}, repeat {trial}",
            )
            for trial in range(point["repeats"])
            for number, value in enumerate(chosen, first)
        ]
        for i, (output, power) in enumerate(delivered((yield Batch("runs", jobs, self._reduce)))):
            self.outputs[first + i % len(chosen)].append(output)
            self.powers[first + i % len(chosen)].append(power)

    def _reduce(self, waveforms: Waveforms) -> tuple[PointRuns, tuple[float, NDArray[np.float64]]]:
        cell = self.circuit.cell
        independent = independent_of(bench.probes(cell), waveforms, self.times)
        output = PointRuns(bench.sampled(waveforms, "v(out)", self.times), independent)
        return output, supply_power(waveforms, cell.rails, self.warm_up, self.times)

    def found(self, points: int) -> Steps:
        """Look for the transition and return inputs across it [V]."""
        circuit, cell = self.circuit, self.circuit.cell
        search = covering_inputs(points, sum(cell.rails) / 2, cell.vdd / 2, SWEEPS)
        number, ramps = 0, next(search)
        while True:
            jobs = [
                circuit.testbench(ends).replace(
                    parameters={"seed": self.point.stream(f"find/{number}/{i}")},
                    title=f"sweep {number}, ramp {i}",
                )
                for i, ends in enumerate(ramps)
            ]
            traces = delivered((yield Batch("find", jobs, lambda waves: bench.sampled(waves, "v(out)", self.times))))
            try:
                ramps = search.send(find_transition(ramps, self.times / circuit.duration, traces))
            except StopIteration as ended:
                return [float(value) for value in ended.value]
            number += 1


COMMON = (*(other(p, varied=True) if p.name == "preset" else p for p in CIRCUIT), DURATION, STEP)


class Output(_Sampled):
    """Mean and noise of the output at one input."""

    name = "output"
    title = "mean and noise of the output of a neuron cell at one input, and its power"
    parameters = (
        *COMMON,
        Parameter(name="vin", meaning="input", chosen="the middle of the supply", unit="V", read=one_input),
        repeats("runs, each with its own noise", 1, 1, 100_000),
    )
    short: ClassVar = {"cell": "bsn", "duration": 2e-9}
    quantities: ClassVar = {"mean": "V", "noise": "V", "power": "W"}
    counts = (SAMPLES,)

    def steps(self, point: Point) -> Steps:
        circuit = _circuit(point)
        measuring = _Measuring(point, circuit)
        vin = circuit.cell.middle if point["vin"] is None else point["vin"]
        yield from measuring.take([vin])
        values = output_of(measuring.outputs[0]) | mean_power(measuring.powers, measuring.outputs)
        return self._result(point, circuit, values)


class TransferCurve(_Sampled):
    """A tanh through the means at several inputs."""

    name = "transfer"
    title = "tanh through the mean outputs of a neuron cell at several inputs, and its power"
    parameters = (
        *COMMON,
        Parameter(
            name="vin",
            meaning="inputs, or how many across the transition, which each run then looks for",
            default="auto:17",
            unit="V",
            kind="object",
            form="auto:N|START:STOP:N",
            read=parse_vin,
            varied=False,
        ),
        repeats("runs at each input, each with its own noise", 1, 1, 100_000),
    )
    short: ClassVar = {"cell": "bsn", "preset": "ganguly2018", "vin": "-0.04:0.04:9", "duration": 40e-9}
    quantities: ClassVar = {
        "v0": "V",
        "offset": "V",
        "amplitude": "V",
        "level": "V",
        "gain": "1",
        "r2": "1",
        "power": "W",
    }
    exact = ("r2",)
    counts = (SAMPLES,)
    curve = ("vin", "mean", "mean_stderr")

    def runs(self, point: Point) -> int:
        return int(point["vin"].points * point["repeats"]) + 2 * SWEEPS

    def steps(self, point: Point) -> Steps:
        circuit = _circuit(point)
        _, values = yield from self._curve(point, circuit)
        return self._result(point, circuit, values)

    def _curve(self, point: Point, circuit: _Circuit) -> Steps:
        """Run the inputs; return what measured them, and the numbers of the tanh."""
        measuring = _Measuring(point, circuit)
        vin = point["vin"]
        if isinstance(vin, AutoVin):
            yield from measuring.take((yield from measuring.found(FEWEST_POINTS)))
            while len(measuring.inputs) < vin.points:
                left = vin.points - len(measuring.inputs)
                yield from measuring.take(closer_inputs(measuring.inputs, measuring.outputs, left))
        else:
            yield from measuring.take(vin.values.tolist())
        values = transfer_of(measuring.inputs, measuring.outputs, circuit.cell.rails)
        return measuring, values | mean_power(measuring.powers, measuring.outputs)
