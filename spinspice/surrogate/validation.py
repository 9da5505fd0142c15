"""A surrogate beside its circuit at inputs that were not used to extract it, with standard errors.

Runs at constant inputs, several of each, whose seeds the surrogate takes as well. Its magnet is put where the circuit's
is every :data:`WINDOW` correlation times of the magnet: by then it has long forgotten where it was put, as far as means
go, but chaos has not yet parted the two paths, so that the noise of both is one and cancels. What is compared are
differences on one path and not of two samples. Beside that the electrical part alone: the surrogate with the circuit's
own magnet all the time. Standard errors come from the spread of these differences over parts of the runs.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spinspice.analysis.statistics import jackknife
from spinspice.benches.cell import cell_testbench
from spinspice.cells.cell import Cell
from spinspice.devices.noise import instance_seed
from spinspice.engines.base import Engine
from spinspice.errors import UsageError, check_range, check_whole
from spinspice.jobs import delivered, run_jobs
from spinspice.results import Grid
from spinspice.surrogate.extraction import samples
from spinspice.surrogate.moments import lagged, width
from spinspice.surrogate.surrogate import Surrogate
from spinspice.units import with_error
from spinspice.waveforms import Waveforms

Array = NDArray[np.float64]
#: Agreement that is asked for: mean over the swing, standard deviation and correlation time relative to the circuit's.
LIMITS = {"mean": 0.02, "sigma": 0.05, "fwhm": 0.10}
#: Where the mean output is, over its half-swing, at the default inputs; start of a run that is left out [s].
LEVELS, WARM = (-0.6, -0.25, 0.05, 0.35, 0.7), 3e-9
#: An output that fluctuates by less than this part of its swing has no correlation time worth comparing.
STILL = 0.005
#: Correlation times (FWHM) of the magnet after which it is put where the circuit's is, and parts of a run that standard
#: errors come from: our choice.
WINDOW, PARTS = 8.0, 4


@dataclasses.dataclass(frozen=True)
class Row:
    """One input [V]: circuit and surrogate, value and standard error of each; the difference with its own.

    ``mean`` and ``sigma`` [V], ``fwhm`` [s] are (circuit, its error, surrogate, its error, difference, its error), the
    difference over the swing for the mean and over the circuit's value for the others. ``electrical`` has the same
    differences of the surrogate with the circuit's own magnet, and their errors.
    """

    vin: float
    mean: tuple[float, ...]
    sigma: tuple[float, ...]
    fwhm: tuple[float, ...]
    electrical: Mapping[str, tuple[float, float]]

    def agrees(self, name: str, errors: float = 4.0) -> bool:
        """Whether a difference is inside its limit, or not to be told from that: by so many standard errors."""
        difference, stderr = getattr(self, name)[4:]
        return not abs(difference) > LIMITS[name] + errors * (stderr if math.isfinite(stderr) else 0.0)

    def within(self, name: str) -> bool:
        """Whether a difference itself is inside its limit; what cannot be measured is not outside."""
        difference = getattr(self, name)[4]
        return not abs(difference) > LIMITS[name]


@dataclasses.dataclass(frozen=True)
class Validation:
    """Rows of :func:`validate`, and the electrical part alone: distance from the circuit with its own magnet."""

    surrogate: Surrogate
    rows: tuple[Row, ...]
    miss: float
    runs: int
    duration: float

    @property
    def passed(self) -> bool:
        """Whether every difference is inside its limit."""
        return all(row.within(name) for row in self.rows for name in LIMITS)

    @property
    def agrees(self) -> bool:
        """Whether no difference is outside its limit by more than four standard errors."""
        return all(row.agrees(name) for row in self.rows for name in LIMITS)

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data; what is unknown is None."""
        names = ("circuit", "circuit_stderr", "surrogate", "surrogate_stderr", "difference", "difference_stderr")
        return {
            "passed": self.passed,
            "agrees": self.agrees,
            "miss": self.miss,
            "runs": self.runs,
            "duration": self.duration,
            "inputs": [
                {"vin": row.vin}
                | {name: dict(zip(names, map(_known, getattr(row, name)), strict=True)) for name in LIMITS}
                | {"electrical": {name: list(map(_known, pair)) for name, pair in row.electrical.items()}}
                for row in self.rows
            ],
        }

    def table(self) -> Grid:
        """Return it as text."""
        head = ("input", "mean: circuit", "surrogate", "difference", "sigma: circuit", "surrogate", "ratio - 1",
                "FWHM: circuit", "surrogate", "ratio - 1")  # fmt: skip
        lines = []
        for row in self.rows:
            line = [f"{row.vin * 1e3:.4g} mV"]
            for name, unit in (("mean", "V"), ("sigma", "V"), ("fwhm", "s")):
                a, da, b, db, d, dd = getattr(row, name)
                mark = "" if row.within(name) else " !"
                line += [
                    with_error(a, da, unit),
                    with_error(b, db, unit),
                    with_error(100 * d, 100 * dd, "%", prefix=False) + mark,
                ]
            lines.append(line)
        s = self.surrogate
        return Grid(
            f"{s.cell} on {s.technology}: {self.runs} runs of {self.duration * 1e9:g} ns at each input", head, lines
        )

    def electrical_table(self) -> Grid:
        """Return the differences of the electrical part alone as text."""
        lines = [
            [f"{row.vin * 1e3:.4g} mV",
             *(with_error(100 * row.electrical[name][0], 100 * row.electrical[name][1], "%", prefix=False)
               for name in LIMITS)]
            for row in self.rows
        ]  # fmt: skip
        return Grid("with the circuit's own magnet", ("input", "mean over the swing", "sigma", "FWHM"), lines)


def _known(value: float) -> float | None:
    return value if math.isfinite(value) else None


def inputs_for(surrogate: Surrogate, levels: tuple[float, ...] = LEVELS) -> Array:
    """Return inputs [V] at which the mean output stands at these parts of its half-swing."""
    v = surrogate.tables.v
    grid = np.linspace(v[0], v[-1], 50 * v.size)
    mean = surrogate.mean(grid)
    half, middle = 0.5 * surrogate.swing, 0.5 * (surrogate.tables.output.min() + surrogate.tables.output.max())
    return np.array([grid[int(np.argmin(np.abs(mean - middle - level * half)))] for level in levels])


def validate(
    surrogate: Surrogate,
    cell: Cell,
    engine: str | Engine = "auto",
    *,
    inputs: Any = None,
    duration: float = 150e-9,
    runs: int = 4,
    seed: int = 2,
    max_step: float | None = None,
    model: str | None = None,
    workers: int | None = None,
    temperature: float = 300.0,
    progress: Any = None,
) -> Validation:
    """Run the circuit at constant inputs and set the surrogate beside it.

    Parameters
    ----------
    surrogate : Surrogate
    cell : Cell
        What it was extracted of.
    engine, model, workers, progress
        As for :func:`spinspice.jobs.run_jobs`.
    inputs : array, optional
        Inputs [V]; default five across the transition.
    duration : float
        Of each run [s].
    runs : int
        At each input, of different seeds.
    seed : int
        Of all of them; another one than that of the extraction.
    max_step : float, optional
        Longest step of the circuit [s]; default that of the junction's noise.

    Raises
    ------
    UsageError
        For the seed of the extraction, or fewer than two runs.
    """
    if seed == surrogate.provenance.get("seed"):
        raise UsageError(f"seed = {seed} is that of the extraction. Give another one to validate with.")
    check_whole("runs", runs, 2, 10_000, where="validation of a surrogate")
    check_range("duration", duration, 4 * WARM, 1e-3, unit="s", where="validation of a surrogate")
    vins = inputs_for(surrogate) if inputs is None else np.atleast_1d(np.asarray(inputs, dtype=float))
    step = surrogate.device.dt if max_step is None else max_step
    made = cell.rebuilt(probes="none").with_junctions(lambda d: d.replace(max_step=step))
    (states,) = made.state_signals().values()
    seeds = [instance_seed(seed, f"validation/{k}") for k in range(runs * vins.size)]
    benches = [
        cell_testbench(made, stop=duration, vin=float(vins[k // runs]), seed=one, save=("v(vin)", *states)).replace(
            step=step, temperature=temperature
        )
        for k, one in enumerate(seeds)
    ]
    found = run_jobs(
        benches, engine=engine, model=model, workers=workers, progress=progress,
        reduce=lambda waves: (*samples(made, waves), _magnet(made, waves, states)),
    )  # fmt: skip
    delivered(found, "a run of the validation")
    dt = surrogate.device.dt
    every = max(round(WINDOW * width(lagged([c for _, c, _, _ in found], dt), dt) / dt), 1)
    first = round(WARM / dt)
    triples = [
        tuple(part[first:] for part in (z, surrogate.beside(v, m, one, every), surrogate.follow(v, c)))
        for (v, c, z, m), one in zip(found, seeds, strict=True)
    ]
    rows = [_row(float(vin), triples[k * runs : (k + 1) * runs], surrogate) for k, vin in enumerate(vins)]
    miss = math.sqrt(float(np.mean([np.mean((last - z) ** 2) for z, _, last in triples]))) / surrogate.swing
    return Validation(surrogate, tuple(rows), miss, runs, duration)


def _magnet(cell: Cell, waves: Waveforms, states: tuple[str, ...]) -> Array:
    """Return the magnetisation of a run at the samples of its noise, (time, 3)."""
    even = waves.resample(cell.device.dt)  # type: ignore[attr-defined]
    m = np.array([even[name] for name in states]).T
    return np.asarray(m / np.linalg.norm(m, axis=1, keepdims=True))


def _row(vin: float, runs: list[Any], surrogate: Surrogate) -> Row:
    """Compare the runs at one input: of the circuit, of the surrogate, of its electrical part."""
    size = min(z.size for z, _, _ in runs) // PARTS
    parts = [tuple(z[k * size : (k + 1) * size] for z in run) for run in runs for k in range(PARTS)]
    columns = [list(column) for column in zip(*parts, strict=True)]
    swing, dt = surrogate.swing, surrogate.device.dt
    still = min(np.std(np.concatenate(column)) for column in columns[:2]) < STILL * swing
    sums = [[(z.mean(), np.mean(z * z)) for z in column] for column in columns]
    values: dict[str, tuple[list[list[Any]], Callable[[list[Any]], float]]] = {
        "mean": (sums, _mean), "sigma": (sums, _sigma),
        "fwhm": ([lagged(column, dt) for column in columns], lambda chosen: width(chosen, dt)),
    }  # fmt: skip
    found: dict[str, tuple[float, ...]] = {}
    electrical: dict[str, tuple[float, float]] = {}
    for name, (data, value) in values.items():
        if still and name != "mean":
            found[name], electrical[name] = (math.nan,) * 6, (math.nan,) * 2
            continue
        ends = [jackknife(value, column) for column in data[:2]]
        own, electrical[name] = (_difference(data[0], column, value, swing if name == "mean" else None)
                                 for column in data[1:])  # fmt: skip
        found[name] = (*ends[0], *ends[1], *own)
    return Row(vin, found["mean"], found["sigma"], found["fwhm"], electrical)


def _mean(parts: list[Any]) -> float:
    return float(np.mean([mean for mean, _ in parts]))


def _sigma(parts: list[Any]) -> float:
    return math.sqrt(max(float(np.mean([square for _, square in parts])) - _mean(parts) ** 2, 0.0))


def _difference(
    circuit: list[Any], other: list[Any], value: Callable[[list[Any]], float], over: float | None
) -> tuple[float, float]:
    """Return the difference of two series of parts, over a number or relative, and its standard error."""

    def difference(chosen: list[tuple[Any, Any]]) -> float:
        a, b = (value([pair[k] for pair in chosen]) for k in (0, 1))
        return b / a - 1.0 if over is None else (b - a) / over

    return jackknife(difference, list(zip(circuit, other, strict=True)))
