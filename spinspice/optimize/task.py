"""What is to be found: variables with bounds, objectives, and the study that measures them."""

from __future__ import annotations

import copy
import dataclasses
import math
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np

from spinspice.errors import UsageError, check_whole, did_you_mean, shown
from spinspice.sweep.plan import Plan
from spinspice.sweep.study import Study
from spinspice.toml import read_toml
from spinspice.units import number

_KEYS = ("minimize", "maximize", "variables", "trials", "start", "confirm", "finalists", "batch", "sampler", "yield")
SAMPLERS = ("tpe", "sobol")
_SEE = "docs/optimize.md"


@dataclasses.dataclass(frozen=True)
class Variable:
    """One variable: a key of the study such as ``sizing.w_inverter`` or ``vdd``, within bounds [SI]."""

    name: str
    low: float
    high: float
    logarithmic: bool = False

    def at(self, part: float) -> float:
        """Return the value a ``part`` of the way from low to high."""
        if self.logarithmic:
            return float(self.low * (self.high / self.low) ** part)
        return float(self.low + (self.high - self.low) * part)


@dataclasses.dataclass(frozen=True)
class Trial:
    """What came of one set of values: mean and standard error of each quantity, by how much limits are broken."""

    values: Mapping[str, float]
    seed: int
    numbers: Mapping[str, tuple[float, float]]
    #: Sum over limits of the excess over the bound, relative to its size; 0 inside all; infinite where the runs failed.
    broken: float
    part_inside: float = math.nan

    @property
    def feasible(self) -> bool:
        """Whether all limits hold."""
        return self.broken <= 0.0

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return dataclasses.asdict(self)


@dataclasses.dataclass(frozen=True)
class Task:
    """An optimisation, read from a study with a table ``[optimize]``."""

    data: Mapping[str, Any]
    folder: Path
    where: str
    variables: tuple[Variable, ...]
    objectives: tuple[tuple[str, float], ...]
    trials: int
    start: int
    confirm: int
    finalists: int
    batch: int
    sampler: str
    least_yield: float | None
    trust: bool = False

    @classmethod
    def load(cls, path: str | os.PathLike[str], *, trust: bool = False) -> Self:
        """Read a task from a TOML file.

        Raises
        ------
        UsageError
            For a file that is none, unknown keys, bounds that do not stand in order, or a study that cannot be meant.
        """
        path = Path(path)
        return cls.from_dict(read_toml(path, "study", _SEE), where=str(path), folder=path.parent, trust=trust)

    @classmethod
    def from_dict(
        cls, data: Mapping[str, Any], where: str = "study", *, folder: str | Path = ".", trust: bool = False
    ) -> Self:
        """Make a task of nested mappings; errors as for :meth:`load`."""
        study = copy.deepcopy(dict(data))
        table = study.pop("optimize", None)
        where = f"{where}, [optimize]"
        if not isinstance(table, Mapping):
            raise UsageError(f"{where} is missing: it names what to minimize and the variables. See {_SEE}.")
        for key in table:
            if key not in _KEYS:
                raise UsageError(f"{where}: {key!r} is not known. {did_you_mean(str(key), _KEYS)}")
        if study.get("grid"):
            raise UsageError(f"{where}: a study with a [grid] has many points, not one. Leave it out.")
        objectives = [
            (name, sign) for key, sign in (("minimize", 1.0), ("maximize", -1.0)) for name in _names(table, key, where)
        ]
        if not 1 <= len(objectives) <= 3:
            raise UsageError(f'{where}: give one to three quantities, minimize = "power". Got {len(objectives)}.')
        variables = tuple(_variables(table.get("variables", {}), "", f"{where} variables"))
        if not variables:
            raise UsageError(f"{where}: no variables. Write variables.vdd = {{ low = 0.7, high = 1.8 }}. See {_SEE}.")
        sampler = table.get("sampler", SAMPLERS[0])
        if sampler not in SAMPLERS:
            raise UsageError(f"{where}: sampler = {shown(sampler)} is none of {', '.join(SAMPLERS)}.")
        trials = check_whole("trials", table.get("trials", 40), 2, 100_000, where=where)
        least = table.get("yield")
        task = cls(
            data=study,
            folder=Path(folder),
            where=where,
            variables=variables,
            objectives=tuple(objectives),
            trials=trials,
            start=check_whole("start", table.get("start", min(trials, 4 * len(variables))), 1, trials, where=where),
            confirm=check_whole("confirm", table.get("confirm", 4), 1, 1000, where=where),
            # Best trials that are run again on fresh seeds: the first of a noisy list is not the best.
            finalists=check_whole("finalists", table.get("finalists", 3), 1, 100, where=where),
            # Trials of a round: proposed together, run side by side. A number of the task, not of the machine, so that
            # the result is the same on every machine; 4 is our choice.
            batch=check_whole("batch", table.get("batch", 4), 1, 1000, where=where),
            sampler=sampler,
            least_yield=None if least is None else number(least, f"{where}, yield"),
            trust=trust,
        )
        task.study({})
        for part in (0.0, 1.0):
            # A supply that the transistors do not bear is said now, not at some trial.
            Plan(task.study({v.name: v.at(part) for v in variables}))
        return task

    @property
    def seed(self) -> int:
        """Seed of the study: that of the search."""
        return int(number(self.data.get("seed", 1), "seed"))

    def study(self, values: Mapping[str, float], seed: int | None = None) -> Study:
        """Return the study at a set of values; without any, as it stands in the file.

        Raises
        ------
        UsageError
            For a variable that the study does not have.
        """
        data = copy.deepcopy(dict(self.data))
        if seed is not None:
            data["seed"] = seed
        for name, value in values.items():
            table, *path = name.split(".")
            if path:
                place = data.setdefault(table, {})
                for key in path[:-1]:
                    place = place.setdefault(key, {})
                place[path[-1]] = value
            else:
                data[table] = value
        return Study.from_dict(data, self.where, folder=self.folder, trust=self.trust)

    def judged(self, values: Mapping[str, float], seed: int, sweep: Any) -> Trial:
        """Return the trial that a finished study is."""
        _, data = sweep.points()[0]
        numbers: dict[str, tuple[float, float]] = {}
        for name in sweep.quantities:
            column = np.asarray(data[name], dtype=float)
            good = column[np.isfinite(column)]
            own = np.asarray(data.get(f"{name}_stderr", np.full(column.size, np.nan)), dtype=float)
            if good.size > 1:
                error = float(good.std(ddof=1) / math.sqrt(good.size))
            else:
                error = float(own[np.isfinite(column)][0]) if good.size else math.nan
            numbers[name] = (float(good.mean()) if good.size else math.nan, error)
        unknown = [name for name, _ in self.objectives if name not in numbers]
        if unknown:
            raise UsageError(f"{self.where}: {unknown[0]} is not measured. {did_you_mean(unknown[0], numbers)}")
        inside = math.nan
        if sweep.study.limits and sweep.study.samples > 1:
            inside = float(sweep.yields()[0][1].fraction)
        return Trial(dict(values), seed, numbers, self._broken(numbers, sweep.study, inside), inside)

    def _broken(self, numbers: Mapping[str, tuple[float, float]], study: Study, inside: float) -> float:
        if any(not math.isfinite(numbers[name][0]) for name, _ in self.objectives):
            return math.inf
        if self.least_yield is not None:
            return max(self.least_yield - inside, 0.0) if math.isfinite(inside) else math.inf
        total = 0.0
        for name, limit in study.limits.items():
            value = numbers[name][0]
            if not math.isfinite(value):
                return math.inf
            for bound, over in ((limit.low, limit.low - value), (limit.high, value - limit.high)):
                if math.isfinite(bound) and over > 0.0:
                    total += over / (abs(bound) or 1.0)
        return total


def _names(table: Mapping[str, Any], key: str, where: str) -> Sequence[str]:
    value = table.get(key, [])
    names = [value] if isinstance(value, str) else value
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise UsageError(f"{where}: {key} = {shown(value)} is no name of a quantity, nor a list of them.")
    return names


def _variables(table: Any, prefix: str, where: str) -> list[Variable]:
    if not isinstance(table, Mapping):
        raise UsageError(f"{where} = {shown(table)} is no table of bounds.")
    found: list[Variable] = []
    for key, entry in table.items():
        name = f"{prefix}{key}"
        if not isinstance(entry, Mapping):
            raise UsageError(f"{where}: {name} = {shown(entry)} is not {{ low = ..., high = ... }}.")
        if not set(entry) & {"low", "high"}:
            found += _variables(entry, f"{name}.", where)
            continue
        for word in entry:
            if word not in ("low", "high", "log"):
                raise UsageError(
                    f"{where}: {name}: {word!r} is not known. {did_you_mean(word, ('low', 'high', 'log'))}"
                )
        if not {"low", "high"} <= set(entry) or not isinstance(entry.get("log", False), bool):
            raise UsageError(f"{where}: {name} needs low and high, and may have log = true.")
        low, high = (number(entry[word], f"{where}: {name}, {word}") for word in ("low", "high"))
        if not low < high or not math.isfinite(high - low) or (entry.get("log") and low <= 0.0):
            raise UsageError(f"{where}: {name} from {low:g} to {high:g}: low must be below high, and above 0 for log.")
        found.append(Variable(name, low, high, bool(entry.get("log", False))))
    return found
