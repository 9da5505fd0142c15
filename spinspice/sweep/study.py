"""A study: a cell, a grid, distributions for Monte Carlo, what to measure and the limits; read from TOML as plain data.

Nothing of a study is ever evaluated: numbers are numbers or text with a SPICE suffix, names are looked up in lists.
"""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Self

from spinspice.devices.noise import SEED_LIMIT
from spinspice.errors import UsageError, check_is, check_range, did_you_mean, shown
from spinspice.studies import get_study
from spinspice.studies.base import is_study, list_studies
from spinspice.sweep.distributions import SAMPLINGS, Distribution, check_correlation
from spinspice.sweep.names import check_keys, check_parameter, flatten, is_text, number, of_a_neuron, words
from spinspice.toml import read_toml
from spinspice.units import parse_number

if TYPE_CHECKING:
    from spinspice.cells.cell_file import CellFile

#: What a job that failed is to a yield: outside the limits, which is the default, for what cannot be measured cannot be
#: sold either; or none of the instances.
FAILED = ("fail", "leave_out")
TOP = (
    "name", "cell", "preset", "cmos", "corner", "vdd", "temperature", "vin", "seed", "resize", "engine", "model",
    "device", "sizing", "parameters", "grid", "montecarlo", "measure", "limits",
)  # fmt: skip
#: Studies of a neuron cell that sweep the input themselves.
CURVES = ("transfer", "decision", "neuron")
#: Keys that are parameters of the study that is measured, where it has them.
FIXED = ("cell", "preset", "cmos", "corner", "vdd", "temperature", "vin")
#: Tables of such parameters.
TABLES = ("device", "parameters")
#: Keys of [montecarlo] that are no parameters.
OTHERS = ("samples", "mismatch", "correlation", "sampling")
#: Most jobs that one study may have: a slip of a zero in a grid should not fill a disk.
MOST_JOBS = 10_000_000


@dataclasses.dataclass(frozen=True, kw_only=True)
class Measure:
    """What one job measures.

    Parameters
    ----------
    kind : str
        Name of a study: ``output`` (mean and noise at one input), ``transfer`` (a tanh through the means at several),
        or any other (``spinspice list studies``).
    values : mapping
        Parameters of the study, by their own names.
    """

    kind: str = "output"
    values: Mapping[str, Any] = dataclasses.field(default_factory=dict)

    @property
    def repeats(self) -> int:
        """Runs with fresh noise."""
        return int(self.values.get("repeats") or 1)

    @property
    def trials(self) -> int:
        """The same."""
        return self.repeats


@dataclasses.dataclass(frozen=True, kw_only=True)
class Limit:
    """Bounds of a measured quantity, either may be left out."""

    low: float = float("-inf")
    high: float = float("inf")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Study:
    """A study; make one with :meth:`load` or :meth:`from_dict`, which check it. The keys are in ``docs/studies.md``."""

    name: str
    cell: str | CellFile | None
    preset: str | None
    cmos: str
    corner: str | None
    vdd: float | None
    temperature: float | None
    vin: float | None
    seed: int
    resize: Literal["never", "grid"]
    engine: str
    model: str | None
    device: Mapping[str, float]
    sizing: Mapping[str, float]
    parameters: Mapping[str, float]
    grid: Mapping[str, tuple[Any, ...]]
    samples: int
    mismatch: int | None
    distributions: Mapping[str, Distribution]
    correlated: tuple[str, ...]
    correlation: tuple[tuple[float, ...], ...]
    measure: Measure
    limits: Mapping[str, Limit]
    failed: Literal["fail", "leave_out"] = "fail"
    #: How the samples are drawn (:data:`spinspice.sweep.distributions.SAMPLINGS`).
    sampling: str = "random"
    #: Where it is from: ``path`` of its file and ``trust``, or ``data`` and ``folder`` of a mapping.
    origin: Mapping[str, Any] = dataclasses.field(default_factory=dict, compare=False)

    @property
    def path(self) -> str:
        """Its file, in full; empty for one that was made of a mapping."""
        return str(self.origin.get("path", ""))

    @classmethod
    def load(cls, path: str | os.PathLike[str], trust: bool = False) -> Self:
        """Read a study from a TOML file; ``trust`` as for :meth:`spinspice.cells.CellFile.load`.

        Raises
        ------
        UsageError
            If the file cannot be read, is no TOML, or not a study: which key, what was got, what is allowed.
        """
        path = Path(path)
        data = read_toml(path, "study", "docs/studies.md")
        made = cls.from_dict(data, where=str(path), folder=path.parent, trust=trust)
        return dataclasses.replace(made, origin={"path": str(path.absolute()), "trust": trust})

    @classmethod
    def from_dict(
        cls, data: Mapping[str, Any], where: str = "study", *, folder: str | Path = ".", trust: bool = False
    ) -> Self:
        """Make a study of nested mappings with the keys of the TOML file; errors as for :meth:`load`.

        ``folder`` is where a cell file is looked for.
        """
        check_is(data, Mapping, where, "the keys of a study as a mapping, {'cell': 'bsn'}")
        check_keys(data, TOP, where)
        measure = _measure(_table(data, "measure", where), where)
        neuron = of_a_neuron(measure.kind)
        if "cell" not in data and neuron:
            raise UsageError(f'{where} names no cell. Write cell = "bsn".')
        if not neuron:
            _check_applies(data, measure.kind, where)
        grid = _grid(_table(data, "grid", where), measure.kind, where)
        chance = _table(data, "montecarlo", where)
        samples, distributions, correlated, correlation = _montecarlo(chance, measure.kind, where)
        limits = dict(_table(data, "limits", where))
        failed = limits.pop("failed", FAILED[0])
        if failed not in FAILED:
            raise UsageError(
                f"{where}, [limits] failed = {failed!r} is neither {FAILED[0]!r} (a failed job is outside the limits) "
                f"nor {FAILED[1]!r} (it does not count). {did_you_mean(str(failed), FAILED)}"
            )
        twice = sorted(set(grid) & set(distributions))
        if twice:
            raise UsageError(f"{where}: {', '.join(twice)} stands both in [grid] and in [montecarlo]. Choose one.")
        if "vin" in data and ("vin" in grid or measure.kind in CURVES):
            raise UsageError(f"{where}: vin is given, and swept by the grid or the transfer too. Leave one out.")
        check_keys({str(data.get("resize", "never")): 0}, ("never", "grid"), f"{where}, resize")
        check_range("seed", number(data.get("seed", 1), f"{where}, seed"), 0, SEED_LIMIT - 1, where=where)
        seed = _whole(data.get("seed", 1), f"{where}, seed")
        if "temperature" in data:
            kelvin = number(data["temperature"], f"{where}, temperature")
            check_range("temperature", kelvin, 1.0, 1000.0, unit="K", where=where, hint="Write kelvin, such as 300")
        if "vin" in data:
            check_range("vin", number(data["vin"], f"{where}, vin"), -100.0, 100.0, unit="V", where=where)
        study = cls(
            name=words(data.get("name", "study"), f"{where}, name"),
            cell=_cell(words(data["cell"], f"{where}, cell"), folder, trust) if "cell" in data else None,
            preset=words(data["preset"], f"{where}, preset") if "preset" in data else None,
            cmos=words(data["cmos"], f"{where}, cmos") if "cmos" in data else "",
            corner=words(data["corner"], f"{where}, corner") if "corner" in data else None,
            vdd=number(data["vdd"], f"{where}, vdd") if "vdd" in data else None,
            temperature=number(data["temperature"], f"{where}, temperature") if "temperature" in data else None,
            vin=number(data["vin"], f"{where}, vin") if "vin" in data else None,
            seed=seed,
            resize=data.get("resize", "never"),
            engine=words(data.get("engine", "auto"), f"{where}, engine"),
            model=words(data["model"], f"{where}, model") if "model" in data else None,
            device=_fixed(_table(data, "device", where), "device", where),
            sizing=_fixed(_table(data, "sizing", where), "sizing", where),
            parameters=_fixed(_table(data, "parameters", where), "parameters", where),
            grid=grid,
            samples=samples,
            mismatch=_mismatch(chance.get("mismatch", False), seed, f"{where}, [montecarlo]"),
            distributions=distributions,
            correlated=correlated,
            correlation=correlation,
            measure=measure,
            limits=_limits(limits, measure.kind, where),
            failed=failed,
            sampling=_sampling(chance, where),
            origin={"data": data, "folder": str(Path(folder).absolute()), "trust": trust},
        )
        if study.jobs > MOST_JOBS:
            raise UsageError(f"{where} has {study.jobs} jobs, more than {MOST_JOBS}. Thin out the grid or the samples.")
        return study

    @property
    def fixed(self) -> dict[str, Any]:
        """Parameters of the study that is measured that stand beside its own table."""
        values = {name: getattr(self, name) for name in FIXED}
        known = {"trust": self.origin.get("trust")} if self.cell is not None else {}
        return {name: value for name, value in {**values, **known}.items() if value not in (None, "")}

    @property
    def jobs(self) -> int:
        """Number of jobs: points of the grid times samples."""
        count = self.samples
        for values in self.grid.values():
            count *= len(values)
        return count


def _cell(name: str, folder: str | Path, trust: bool) -> str | CellFile:
    """Return the name of a built-in cell, or the cell that a file describes, read here and now."""
    if not name.lower().endswith(".toml"):
        return name
    from spinspice.cells.cell_file import CellFile  # reads netlists, which a built-in cell does not need

    return CellFile.load(Path(folder) / name, trust)


def _table(data: Mapping[str, Any], key: str, where: str) -> Mapping[str, Any]:
    table = data.get(key, {})
    if not isinstance(table, Mapping):
        raise UsageError(f"{where}: {key} = {shown(table)} is not a table. Write a section [{key}].")
    return table


def _whole(value: Any, what: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise UsageError(f"{what} = {shown(value)} is not a whole number.")
    return value


def _fixed(table: Mapping[str, Any], prefix: str, where: str) -> dict[str, float]:
    for name in table:
        check_parameter(f"{prefix}.{name}", f"{where}, [{prefix}]")
    return {name: number(value, f"{where}, {prefix}.{name}") for name, value in table.items()}


def _grid(table: Mapping[str, Any], kind: str, where: str) -> dict[str, tuple[Any, ...]]:
    """Read the axes: lists of values, or START:STOP:N."""
    grid: dict[str, tuple[Any, ...]] = {}
    for name, values in flatten(table, f"{where}, [grid]").items():
        what = f"{where}, [grid] {name}"
        check_parameter(name, f"{where}, [grid]", kind=kind)
        if name == "vin" and kind in CURVES:
            raise UsageError(f"{what}: a {kind} sweeps vin itself. Write it in [measure].")
        text = is_text(name, kind)
        if isinstance(values, str) and not text:
            values = linear(values, what)
        if not isinstance(values, list) or not values:
            raise UsageError(f'{what} = {shown(values)} is not a list of values, nor "START:STOP:N".')
        read = [words(value, what) if text else number(value, what) for value in values]
        if name == "vin":
            for value in read:
                check_range("vin", value, -100.0, 100.0, unit="V", where=what)  # type: ignore[arg-type]
        if len(set(read)) < len(read):
            raise UsageError(f"{what} holds a value twice. Repeated runs are what [measure] trials are for.")
        grid[name] = tuple(read)
    return grid


def linear(text: str, what: str) -> list[float]:
    """Read ``START:STOP:N``, ends included.

    >>> linear("0:1:5", "vin")
    [0.0, 0.25, 0.5, 0.75, 1.0]
    """
    parts = text.split(":")
    if len(parts) != 3 or not parts[2].strip().isdecimal() or not 2 <= int(parts[2]) <= MOST_JOBS:
        raise UsageError(f'{what} = {text!r} is not START:STOP:N with N of 2 or more, such as "-50m:50m:11".')
    start, stop = (parse_number(part, what) for part in parts[:2])
    last = int(parts[2]) - 1
    return [start + (stop - start) * i / last for i in range(last)] + [stop]


def _montecarlo(
    table: Mapping[str, Any], kind: str, where: str
) -> tuple[int, dict[str, Distribution], tuple[str, ...], Any]:
    """Read the number of samples, the distributions, and how they are correlated."""
    where = f"{where}, [montecarlo]"
    samples = _whole(table.get("samples", 1), f"{where} samples")
    check_range("samples", samples, 1, MOST_JOBS, where=where)
    rest = {name: value for name, value in table.items() if name not in OTHERS}
    entries = flatten(rest, where, leaf="distribution")
    for name in entries:
        check_parameter(name, where, also=OTHERS, kind=kind)
        if is_text(name, kind):
            raise UsageError(f"{where}: {name} is a name, not a number; it belongs in [grid].")
    read = {name: Distribution.read(entry, f"{where} {name}") for name, entry in entries.items()}
    names, matrix = check_correlation(table.get("correlation"), read, where)
    return samples, read, names, matrix


def _sampling(table: Mapping[str, Any], where: str) -> str:
    """Read how samples are drawn."""
    name = str(table.get("sampling", SAMPLINGS[0]))
    check_keys({name: 0}, SAMPLINGS, f"{where}, [montecarlo] sampling,")
    return name


def _mismatch(value: Any, seed: int, where: str) -> int | None:
    """Return the seed of the transistors: a whole number, or that of the study for ``true``; None for ``false``."""
    if isinstance(value, bool):
        return seed if value else None
    if not isinstance(value, int):
        raise UsageError(f"{where}: mismatch = {shown(value)} is neither true nor false, nor a seed.")
    return int(check_range("mismatch", value, 0, SEED_LIMIT - 1, where=where))


def _check_applies(data: Mapping[str, Any], kind: str, where: str) -> None:
    """Refuse keys that a study has no parameter for."""
    study = get_study(kind)
    known = study.all_parameters()
    for key in (*FIXED, *TABLES, "sizing", "resize"):
        there = "technology" in known if key == "corner" else study.parameter_of(key) is not None
        if key in data and not there:
            raise UsageError(f"{where}: {key} is no parameter of {kind}, which has {', '.join(known)}. Leave it out.")


def _measure(table: Mapping[str, Any], where: str) -> Measure:
    where = f"{where}, [measure]"
    kind = table.get("kind", "output")
    if not is_study(kind):
        check_keys({str(kind): 0}, list_studies(), f"{where} kind")
    study = get_study(kind)
    rest = {name: value for name, value in table.items() if name != "kind"}
    hidden = {p.name for p in study.all_parameters().values() if p.hidden} | {"seed"}
    elsewhere = set(FIXED) - {"vin"} if of_a_neuron(kind) else set(TABLES)
    if kind == "output":
        elsewhere.add("vin")
    taken = [p for p in study.all_parameters().values() if p.name not in hidden | elsewhere]
    check_keys(rest, ("kind", *(name for p in taken for name in (p.name, *p.aliases))), where)
    if kind in ("transfer", "decision") and not rest.get("vin"):
        raise UsageError(
            f'{where}: a {kind} needs vin = "auto:N" or "START:STOP:N"; an output takes it from elsewhere.'
        )
    values = {}
    for name, value in rest.items():
        parameter = study.parameter_of(name)
        assert parameter is not None
        if parameter.name in values:
            raise UsageError(f"{where}: {name} and {parameter.name} are one parameter. Give it once.")
        if parameter.kind == "whole":
            _whole(value, f"{where} {name}")
        checked = parameter.value(
            number(value, f"{where} {name}") if parameter.kind == "number" else value, where, name
        )
        values[parameter.name] = value if parameter.read else checked
    return Measure(kind=kind, values=values)


def _limits(table: Mapping[str, Any], kind: str, where: str) -> dict[str, Limit]:
    limits = {}
    for name, bounds in table.items():
        what = f"{where}, [limits] {name}"
        check_keys({name: 0}, get_study(kind).quantities, f"{where}, [limits]")
        if not isinstance(bounds, Mapping) or not bounds:
            raise UsageError(f"{what} = {shown(bounds)} is not a table such as {{ min = 0.3, max = 0.5 }}.")
        check_keys(bounds, ("min", "max"), what)
        read = {side: number(value, f"{what} {side}") for side, value in bounds.items()}
        limits[name] = Limit(low=read.get("min", float("-inf")), high=read.get("max", float("inf")))
        if not limits[name].low <= limits[name].high:
            raise UsageError(f"{what}: min lies above max; nothing can pass.")
    return limits
