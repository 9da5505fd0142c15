"""One job: its runs, what is measured in them, and the key under which its result is stored."""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import json
import math
import re
from collections.abc import Callable, Mapping
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

import spinspice
from spinspice.analysis.statistics import blocks, jackknife, mean_with_error
from spinspice.analysis.transfer import fit_tanh
from spinspice.cells import CellFile, Sizing, get_cell
from spinspice.characterize import bench
from spinspice.characterize.stages import transfer_curve
from spinspice.cmos import get_technology
from spinspice.devices import Device, Telegraph
from spinspice.devices.noise import instance_seed
from spinspice.engines import Engine
from spinspice.engines.deck import make_deck
from spinspice.errors import ResultError, SpinspiceError
from spinspice.paths import FOLDERS, data_dir
from spinspice.testbench import Testbench
from spinspice.waveforms import Waveforms

#: Changes when the meaning of a stored result does.
FORMAT = 1
SAVE = ("i(vdd)", "i(vss)")
#: Blocks from which the standard error of a noise amplitude is estimated, as in ``characterize``.
BLOCKS = 20
#: Width V0 below which a transition hides between two inputs, in units of their distance: with the middle half way, the
#: output is then within 1.4 % of either rail at both, tanh(2.5) = 0.986, as near as a tanh is trusted.
NARROWEST = 0.2


@dataclasses.dataclass(frozen=True, kw_only=True)
class Setup:
    """What all jobs of a study share: cell, kind of measurement, inputs [V], times [s], trials and seed."""

    cell: str | CellFile
    kind: str
    inputs: tuple[float, ...]
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

    def benches(self) -> list[Testbench]:
        """Return the runs: all inputs of the first trial, then of the next."""
        base = self._base()
        inputs = self.setup.inputs or (self.vin,)
        return [
            base.replace(
                parameters={
                    "seed": instance_seed(self.setup.seed, f"{self.label}/{number}/{trial}"),
                    "vin": value,
                },
                title=f"{self.title}, input {number}, trial {trial}",
            )
            for trial in range(self.setup.trials)
            for number, value in enumerate(inputs)
        ]

    def _base(self) -> Testbench:
        device, stop = self.device, self.setup.duration
        if isinstance(device, Telegraph):  # as characterize: what the engine can resolve in a run of this length
            device = device.replace(t_sw=max(device.t_sw, bench.T_SW_PER_RUN * stop))
        if isinstance(self.setup.cell, CellFile):
            made = get_technology(self.cmos, self.corner) if self.cmos else None
            built = self.setup.cell(device, made, vdd=self.vdd)
            cell = built.with_junctions(lambda junction: junction.replace(T=self.temperature))
            base = bench.cell_testbench(bench.resolvable(cell, stop)[0], stop=stop, save=SAVE)
            return base.replace(temperature=self.temperature, title=self.title)
        assert self.sizing is not None
        frame = _frame(
            self.setup.cell, self.cmos, self.corner, self.mismatch, self.vdd, self.sizing, cast(Any, type(device))
        )
        return frame.base.replace(
            circuit=frame.circuit(device),
            stop=stop,
            step=getattr(device, "dt", stop / 5000.0),
            temperature=self.temperature,
            title=self.title,
        )

    @property
    def rails(self) -> tuple[float, float]:
        """Voltages of vss and vdd [V]."""
        single = isinstance(self.setup.cell, CellFile) and self.setup.cell.design.single_ended
        return (0.0, self.vdd) if single else (-self.vdd / 2, self.vdd / 2)

    def key(self, engine: Mapping[str, str]) -> str:
        """Return a hash of everything that determines the result: every run, how it is measured, and what runs it."""
        # The circuit of a cell file is part of its runs, wherever the file was.
        cell = self.setup.cell if isinstance(self.setup.cell, str) else self.setup.cell.kind
        setup = dataclasses.asdict(dataclasses.replace(self.setup, cell=cell))
        everything = {
            "format": FORMAT,
            "spinspice": spinspice.__version__,
            "models": library_digest(),
            "engine": dict(engine),
            "setup": setup,
            "runs": [run.digest() for run in self.benches()],
        }
        return hashlib.sha256(json.dumps(everything, sort_keys=True).encode()).hexdigest()

    def measure(self, run: Callable[[Testbench], Waveforms]) -> dict[str, float]:
        """Run everything and return what was measured, each with its standard error."""
        setup = self.setup
        outputs, powers = [], []
        for testbench in self.benches():
            waveforms = run(testbench)
            outputs.append(bench.sampled(waveforms, "v(out)", setup.times))
            powers.append(_power(waveforms, self.rails, setup))
        power = {
            "power": float(np.mean([mean for mean, _ in powers])),
            "power_stderr": float(mean_with_error([series for _, series in powers]).stderr),
        }
        if setup.kind == "output":
            return _output(outputs) | power
        return _transfer(np.array(setup.inputs), outputs) | power


@dataclasses.dataclass(frozen=True)
class Done:
    """A job that delivered."""

    index: int
    key: str
    values: dict[str, float]


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


def _power(waveforms: Waveforms, rails: tuple[float, float], setup: Setup) -> tuple[float, NDArray[np.float64]]:
    """Mean power that the supplies deliver [W], and its series on the grid of samples (for the standard error)."""

    def delivered(waves: Waveforms) -> NDArray[np.float64]:
        low, high = rails
        power: NDArray[np.float64] = -(high * waves["i(vdd)"] + low * waves["i(vss)"])
        return power

    late = waveforms.window(setup.warm_up)
    span = float(late.time[-1] - late.time[0])
    mean = float(np.trapezoid(delivered(late), late.time)) / span
    return mean, np.interp(setup.times, waveforms.time, delivered(waveforms))


def _output(outputs: list[NDArray[np.float64]]) -> dict[str, float]:
    estimate = mean_with_error(outputs)
    pieces = [float(np.mean((piece - estimate.value) ** 2)) for piece in blocks(outputs, BLOCKS)]
    noise, stderr = jackknife(lambda chosen: float(np.sqrt(np.mean(chosen))), pieces)
    return {
        "mean": estimate.value,
        "mean_stderr": estimate.stderr,
        "noise": noise,
        "noise_stderr": stderr,
    }


def _transfer(inputs: NDArray[np.float64], outputs: list[NDArray[np.float64]]) -> dict[str, float]:
    curve = transfer_curve(inputs, [outputs[i :: inputs.size] for i in range(inputs.size)])
    fit = fit_tanh(curve.vin, curve.mean, curve.stderr)
    if not fit.v0_stderr < fit.v0 or fit.v0 < NARROWEST * float(np.diff(inputs).min()):
        raise ResultError(
            f"the width of the transition is not resolved: V0 = {fit.v0:.3g} +- {fit.v0_stderr:.2g} V, with inputs "
            f"{float(np.diff(inputs).min()):.3g} V apart. Take more inputs across it, or longer runs."
        )
    values = {
        name: float(getattr(fit, name))
        for quantity in ("v0", "offset", "amplitude", "level")
        for name in (quantity, f"{quantity}_stderr")
    }
    gain = fit.amplitude / fit.v0
    relative = math.hypot(fit.amplitude_stderr / fit.amplitude, fit.v0_stderr / fit.v0)
    return values | {"gain": gain, "gain_stderr": abs(gain) * relative, "r2": fit.r2}


@functools.cache
def library_digest() -> str:
    """Hash of the compact models in all realisations."""
    digest = hashlib.sha256()
    for folder in FOLDERS:
        for file in sorted(data_dir(folder).rglob("*")):
            if file.suffix in (".va", ".inc", ".lib"):
                digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


@dataclasses.dataclass(frozen=True)
class _Frame:
    """The bench of a cell whose junction is to be put in: text before it, its element with its nodes, text after it.

    Building a cell anew takes milliseconds, and the samples of a Monte Carlo differ in this one card only.
    """

    base: Testbench
    head: str
    element: str
    tail: str

    def circuit(self, device: Device) -> str:
        """Return the cards with this junction."""
        values = sorted(device.instance_parameters("{seed}").items())
        card = " ".join([self.element + device.model, *(f"{name}={value}" for name, value in values)])
        return f"{self.head}{card}{self.tail}"


@functools.lru_cache(maxsize=256)
def _frame(
    cell: str, cmos: str, corner: str, mismatch: int | None, vdd: float, sizing: Sizing, kind: type[Device]
) -> _Frame:
    """Return the bench of a cell, but for its junction."""
    technology = get_technology(cmos, corner)
    if mismatch is not None:
        technology = technology.with_mismatch(mismatch)
    built: Any = get_cell(cell)(kind(), technology, vdd=vdd, sizing=sizing)
    base = bench.cell_testbench(built, stop=1e-9, save=SAVE)
    match = re.search(rf"^(Xmtj .* ){kind.model} .*$", base.circuit, re.MULTILINE)
    if match is None:
        raise ResultError(f"the cell {cell} has no junction named mtj to vary. Use a cell of spinspice.")
    return _Frame(base, base.circuit[: match.start()], match[1], base.circuit[match.end() :])
