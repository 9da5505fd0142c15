"""A surrogate beside its circuit at inputs that were not used to extract it, with standard errors.

Runs at constant inputs, several of each, whose seeds the surrogate takes as well: as long as two magnets remember the
same noise they go the same way, and what is compared are differences of one path and not of two samples. Standard
errors come from the spread of these differences over the runs, whatever they share.
"""

from __future__ import annotations

import dataclasses
import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spinspice.analysis.spectrum import correlation_time
from spinspice.analysis.statistics import jackknife
from spinspice.benches.cell import cell_testbench
from spinspice.cells.cell import Cell
from spinspice.devices.noise import instance_seed
from spinspice.engines.base import Engine
from spinspice.errors import ResultError, UsageError, check_range, check_whole
from spinspice.jobs import JobFailure, run_jobs
from spinspice.results import Grid
from spinspice.surrogate.extraction import samples
from spinspice.surrogate.surrogate import Surrogate
from spinspice.units import with_error

Array = NDArray[np.float64]
#: Agreement that is asked for: mean over the swing, standard deviation and correlation time relative to the circuit's.
LIMITS = {"mean": 0.02, "sigma": 0.05, "fwhm": 0.10}
#: Where the mean output is, over its half-swing, at the default inputs; start of a run that is left out [s].
LEVELS, WARM = (-0.6, -0.25, 0.05, 0.35, 0.7), 3e-9
#: An output that fluctuates by less than this part of its swing has no correlation time worth comparing.
STILL = 0.005


@dataclasses.dataclass(frozen=True)
class Row:
    """One input [V]: circuit and surrogate, value and standard error of each; the difference with its own.

    ``mean`` and ``sigma`` [V], ``fwhm`` [s] are (circuit, its error, surrogate, its error, difference, its error), the
    difference over the swing for the mean and over the circuit's value for the others.
    """

    vin: float
    mean: tuple[float, ...]
    sigma: tuple[float, ...]
    fwhm: tuple[float, ...]

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
    states = tuple(name for names in made.state_signals().values() for name in names)
    seeds = [instance_seed(seed, f"validation/{k}") for k in range(runs * vins.size)]
    benches = [
        cell_testbench(made, stop=duration, vin=float(vins[k // runs]), seed=one, save=("v(vin)", *states)).replace(
            step=step, temperature=temperature
        )
        for k, one in enumerate(seeds)
    ]
    found = run_jobs(
        benches, engine=engine, model=model, workers=workers, progress=progress,
        reduce=lambda waves: samples(made, waves),
    )  # fmt: skip
    for one in found:
        if isinstance(one, JobFailure):
            raise ResultError(f"a run of the validation failed: {one.error}") from one.error
    own = [surrogate(v, seed=one) for (v, _, _), one in zip(found, seeds, strict=True)]
    first = round(WARM / surrogate.device.dt)
    misses = [np.mean((surrogate.follow(v, c)[first:] - z[first:]) ** 2) for v, c, z in found]
    circuit = [z[first:] for _, _, z in found]
    own = [z[first:] for z in own]
    rows = [
        _row(float(vin), circuit[k * runs : (k + 1) * runs], own[k * runs : (k + 1) * runs], surrogate)
        for k, vin in enumerate(vins)
    ]
    return Validation(surrogate, tuple(rows), math.sqrt(float(np.mean(misses))) / surrogate.swing, runs, duration)


def _row(vin: float, circuit: list[Array], own: list[Array], surrogate: Surrogate) -> Row:
    """Compare the runs at one input."""
    pairs = list(zip(circuit, own, strict=True))
    size = min(z.size for z in circuit)
    pairs = [(a[:size], b[:size]) for a, b in pairs]
    swing, dt = surrogate.swing, surrogate.device.dt
    still = min(np.std(np.concatenate(part)) for part in zip(*pairs, strict=True)) < STILL * swing

    def mean(part: list[Array]) -> float:
        return float(np.mean([z.mean() for z in part]))

    def sigma(part: list[Array]) -> float:
        return math.sqrt(float(np.mean([np.mean(z * z) for z in part])) - mean(part) ** 2)

    def fwhm(part: list[Array]) -> float:
        try:
            return correlation_time(part, dt).fwhm
        except ResultError:
            return math.nan

    def compare(value: Any, relative: bool) -> tuple[float, ...]:
        def one(k: int) -> Any:
            return lambda chosen: value([pair[k] for pair in chosen])

        ends = [jackknife(one(k), pairs) for k in (0, 1)]

        def difference(chosen: list[tuple[Array, Array]]) -> float:
            a, b = (value([pair[k] for pair in chosen]) for k in (0, 1))
            return b / a - 1.0 if relative else (b - a) / swing

        return (*ends[0], *ends[1], *jackknife(difference, pairs))

    unknown = (math.nan,) * 6
    return Row(
        vin, compare(mean, False), unknown if still else compare(sigma, True), unknown if still else compare(fwhm, True)
    )
