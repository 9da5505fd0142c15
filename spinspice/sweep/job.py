"""One job: its runs, what is measured in them, and the key under which its result is stored."""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

import spinspice
from spinspice.analysis.junctions import Probe, independent_of, probe
from spinspice.analysis.transfer import FEWEST_POINTS
from spinspice.benches import cell as bench
from spinspice.cells import Cell, CellFile, Sizing
from spinspice.cmos import get_technology
from spinspice.devices import Device, models
from spinspice.devices.noise import instance_seed
from spinspice.engines import Engine
from spinspice.engines.deck import make_deck
from spinspice.errors import SpinspiceError
from spinspice.paths import FOLDERS, data_dir
from spinspice.studies.neuron_stages import Found, Point, covering_inputs, find_transition
from spinspice.sweep.frame import SAVE, Frame, frame_of, ramped
from spinspice.sweep.measure import (
    Values,
    closer_inputs,
    mean_power,
    output_of,
    supply_power,
    transfer_of,
)
from spinspice.testbench import Testbench
from spinspice.waveforms import Waveforms

#: Changes when the meaning of a stored result does.
FORMAT = 3
#: Most slow sweeps that look for a transition. Runs of a study are short: the first ones blur it, and in later ones a
#: junction makes so few turns that noise passes for a transition. What is left to find, means at inputs show.
SWEEPS = 3


@dataclasses.dataclass(frozen=True, kw_only=True)
class Setup:
    """What all jobs of a study share: cell, kind of measurement, inputs [V], times [s], trials and seed.

    With ``points``, each job looks for its own transition and puts that many inputs across it; ``inputs`` is empty.
    """

    cell: str | CellFile
    kind: str
    inputs: tuple[float, ...]
    points: int
    duration: float
    warm_up: float
    step: float
    trials: int
    seed: int

    @property
    def times(self) -> NDArray[np.float64]:
        """Times at which outputs are analysed [s]."""
        count = int((self.duration - self.warm_up) / self.step * (1 + 1e-9))
        return self.warm_up + self.step * np.arange(1, count + 1, dtype=float)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Job:
    """One point of the grid with one sample: plain data that any process can run."""

    index: int
    title: str
    setup: Setup
    cmos: str
    corner: str
    vdd: float
    temperature: float
    vin: float
    device: Device
    sizing: Sizing | None
    label: str
    mismatch: int | None = None
    parameters: Mapping[str, float] = dataclasses.field(default_factory=dict)

    @property
    def runs(self) -> int:
        """Number of runs, at most."""
        setup = self.setup
        inputs = setup.points or len(setup.inputs) or 1
        return inputs * setup.trials + (2 * SWEEPS if setup.points else 0)

    def benches(self, inputs: Sequence[float] = (), first: int = 0) -> list[Testbench]:
        """Return the runs at inputs [V] numbered from ``first``: all of the first trial, then of the next.

        By default the inputs of the study.
        """
        base = self._base()
        inputs = inputs or self.setup.inputs or (self.vin,)
        return [
            base.replace(
                parameters={"seed": self._seed(f"{number}/{trial}"), "vin": float(value)},
                title=f"{self.title}, input {number}, trial {trial}",
            )
            for trial in range(self.setup.trials)
            for number, value in enumerate(inputs, first)
        ]

    def sweeps(self, number: int, ramps: Sequence[tuple[float, float]]) -> list[Testbench]:
        """Return the runs of a slow sweep that looks for the transition, one for each ramp of the input [V]."""
        base = self._base()
        return [
            base.replace(
                circuit=ramped(base.circuit, ends, base.stop),
                parameters={"seed": self._seed(f"find/{number}/{i}")},
                title=f"{self.title}, sweep {number}, ramp {i}",
            )
            for i, ends in enumerate(ramps)
        ]

    def _seed(self, run: str) -> int:
        return instance_seed(self.setup.seed, f"{self.label}/{run}")

    def _device(self) -> Device:
        """Return the junction as an engine can follow it in a run of this length, as ``characterize`` does."""
        return self.device.resolvable(self.setup.duration)

    def _own_cell(self) -> Cell:
        """Return the cell of a cell file with its junctions at the temperature of the job."""
        assert isinstance(self.setup.cell, CellFile)
        made = get_technology(self.cmos, self.corner) if self.cmos else None
        if made is not None and self.mismatch is not None:
            made = made.with_mismatch(self.mismatch)
        built = self.setup.cell.with_parameters(self.parameters)(self._device(), made, vdd=self.vdd)
        cell = built.with_junctions(lambda junction: junction.replace(T=self.temperature))
        return bench.resolvable(cell, self.setup.duration)[0]

    def _frame(self) -> Frame:
        """Return the bench of a cell of spinspice with a gap for its junction."""
        assert self.sizing is not None and isinstance(self.setup.cell, str)
        kind = cast(Any, type(self.device))
        return frame_of(self.setup.cell, self.cmos, self.corner, self.mismatch, self.vdd, self.sizing, kind)

    def _probes(self) -> tuple[Probe, ...]:
        """Return the junctions with the signals that their states need."""
        if isinstance(self.setup.cell, CellFile):
            return bench.probes(self._own_cell())
        return (probe(self.device, self._frame().states),)

    def _base(self) -> Testbench:
        stop = self.setup.duration
        states = tuple(name for _, names in self._probes() for name in names)
        if isinstance(self.setup.cell, CellFile):
            base = bench.cell_testbench(self._own_cell(), stop=stop, save=(*SAVE, *states))
            return base.replace(temperature=self.temperature, title=self.title)
        device, frame = self._device(), self._frame()
        return frame.base.replace(
            save=tuple(dict.fromkeys((*frame.base.save, *states))),
            circuit=frame.circuit(device),
            stop=stop,
            step=device.time_step(stop),
            temperature=self.temperature,
            title=self.title,
        )

    @property
    def rails(self) -> tuple[float, float]:
        """Voltages of vss and vdd [V]."""
        single = isinstance(self.setup.cell, CellFile) and self.setup.cell.design.single_ended
        return (0.0, self.vdd) if single else (-self.vdd / 2, self.vdd / 2)

    def key(self, engine: Mapping[str, str]) -> str:
        """Return a hash of everything that determines the result: every run, how it is measured, and what runs it.

        Inputs that a job finds by itself follow from circuit, label (of which all seeds are made) and supply. The
        circuit of a cell file is part of its runs, wherever the file was.
        """
        cell = self.setup.cell if isinstance(self.setup.cell, str) else self.setup.cell.kind
        setup = dataclasses.asdict(dataclasses.replace(self.setup, cell=cell))
        runs = [self._base()] if self.setup.points else self.benches()
        everything = {
            "format": FORMAT,
            "spinspice": spinspice.__version__,
            "models": library_digest(),
            "engine": dict(engine),
            "setup": setup,
            "runs": [run.digest() for run in runs],
        }
        if self.setup.points:
            everything["finding"] = [self.label, self.vdd]
        return hashlib.sha256(json.dumps(everything, sort_keys=True).encode()).hexdigest()

    def measure(self, run: Callable[[Testbench], Waveforms]) -> Values:
        """Run everything and return what was measured, each with its standard error."""
        setup, points = self.setup, self.setup.points
        inputs: list[float] = []
        outputs: list[list[Point]] = []
        powers: list[list[tuple[float, NDArray[np.float64]]]] = []
        junctions = self._probes()

        def take(chosen: Sequence[float]) -> None:
            first = len(inputs)
            inputs.extend(chosen)
            outputs.extend([] for _ in chosen)
            powers.extend([] for _ in chosen)
            for i, testbench in enumerate(self.benches(chosen, first)):
                waveforms = run(testbench)
                place = first + i % len(chosen)
                independent = independent_of(junctions, waveforms, setup.times)
                outputs[place].append(Point(bench.sampled(waveforms, "v(out)", setup.times), independent))
                powers[place].append(supply_power(waveforms, self.rails, setup.warm_up, setup.times))

        if points:
            take(self._found(run, FEWEST_POINTS))
            while len(inputs) < points:
                take(closer_inputs(inputs, outputs, points - len(inputs)))
        else:
            take(setup.inputs or (self.vin,))
        if setup.kind == "output":
            return output_of(outputs[0]) | mean_power(powers, outputs)
        return transfer_of(inputs, outputs, self.rails) | mean_power(powers, outputs)

    def _found(self, run: Callable[[Testbench], Waveforms], points: int) -> list[float]:
        """Look for the transition of this instance and return inputs across it [V]."""
        setup = self.setup

        def sweep(number: int, ramps: Sequence[tuple[float, float]]) -> Found:
            traces = [bench.sampled(run(one), "v(out)", setup.times) for one in self.sweeps(number, ramps)]
            return find_transition(ramps, setup.times / setup.duration, traces)

        return [float(value) for value in covering_inputs(points, sum(self.rails) / 2, self.vdd / 2, sweep, SWEEPS)]


@dataclasses.dataclass(frozen=True)
class Done:
    """A job that delivered."""

    index: int
    key: str
    values: Values


@dataclasses.dataclass(frozen=True)
class Failure:
    """A job that did not: why, and the deck of the run that failed."""

    index: int
    key: str
    title: str
    message: str
    deck: str = ""
    folder: str = ""

    def __str__(self) -> str:
        return f"job {self.index} ({self.title}): {self.message}" + (f" Deck: {self.folder}" if self.folder else "")


def identity(engine: Engine) -> dict[str, str]:
    """Return what about an engine determines numbers: name, version, realisation of the compact models."""
    return {"name": engine.name, "version": engine.require().version, "model": engine.model}


def run_job(job: Job, engine: Engine, key: str, timeout: float) -> Done | Failure:
    """Run a job; a failed run makes it a :class:`Failure`."""
    current: list[Testbench] = []

    def run(testbench: Testbench) -> Waveforms:
        current[:] = [testbench]
        return engine.run(testbench, timeout=timeout)

    try:
        return Done(job.index, key, job.measure(run))
    except SpinspiceError as reason:
        deck = make_deck(current[0], engine.model).text if current else ""
        return Failure(job.index, key, job.title, str(reason), deck)


@functools.cache
def library_digest() -> str:
    """Hash of the compact models in all realisations."""
    digest = hashlib.sha256()
    for folder in FOLDERS:
        for file in sorted(data_dir(folder).rglob("*")):
            if file.suffix in (".va", ".inc", ".lib"):
                digest.update(file.name.encode() + b"\0" + file.read_bytes())
    for kind in models().values():  # those of other packages
        for file in sorted(kind.folder.iterdir()) if kind.folder else ():
            if file.suffix in (".va", ".inc", ".lib"):
                digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()
