"""What a study is: parameters, the runs that it asks for, and what it makes of them.

A study names its parameters and writes its runs as a generator, :meth:`Study.steps`: it yields batches of testbenches,
is sent what came of each run, and returns the result. It runs nothing itself, so that one call (:func:`run`), a sweep
over any of its parameters, and another machine run the same study.
"""

from __future__ import annotations

import abc
import dataclasses
import functools
import importlib
import math
import pkgutil
from collections.abc import Callable, Generator, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from spinspice.devices.noise import SEED_LIMIT, instance_seed
from spinspice.engines import Engine
from spinspice.errors import UsageError, did_you_mean
from spinspice.lazy import load_own
from spinspice.plugins import load_plugins
from spinspice.presets import load_preset
from spinspice.studies.parameter import Parameter
from spinspice.testbench import Testbench
from spinspice.waveforms import Waveforms

#: Seed of all noise: a parameter of every study.
SEED = Parameter(
    name="seed", meaning="seed of all noise", default=1, kind="whole", low=0, high=SEED_LIMIT - 1, varied=False
)


@dataclasses.dataclass(frozen=True)
class Batch:
    """Runs that do not depend on one another.

    Parameters
    ----------
    stage : str
        What they are for, a word for the display of progress.
    testbenches : sequence of Testbench
    reduce : callable, optional
        Turns the waveforms of each run, where it ends, into what is kept of them.
    engine : Engine, optional
        In place of that of the point, for runs that only this one can do.
    """

    stage: str
    testbenches: Sequence[Testbench]
    reduce: Callable[[Waveforms], Any] | None = None
    engine: Engine | None = None


#: What :meth:`Study.steps` returns: it is sent, for each run of a batch, what was kept or a ``JobFailure``.
Steps = Generator[Batch, list[Any], Any]


@dataclasses.dataclass(frozen=True)
class Point:
    """One set of values of a study's parameters, with the engine that will run it.

    Parameters
    ----------
    values : mapping
        A value for every parameter.
    engine : Engine
        For what depends on its abilities; the runs are the caller's.
    label : str
        Of a job of a sweep, which has noise of its own: part of the name of every stream.
    """

    values: Mapping[str, Any]
    engine: Engine
    label: str = ""

    def __getitem__(self, name: str) -> Any:
        return self.values[name]

    @property
    def seed(self) -> int:
        """Seed of all noise."""
        return int(self.values["seed"])

    def stream(self, name: str) -> int:
        """Return the seed of one run or instance, independent of every other name."""
        return instance_seed(self.seed, f"{self.label}/{name}" if self.label else name)


class Study(abc.ABC):
    """A study. A subclass with a :attr:`name` is known to :func:`get_study`, to the command line and to sweeps.

    Attributes
    ----------
    name : str
        As it is called.
    title : str
        What it finds out, one line.
    parameters : tuple of Parameter
        Beside the seed, which every study has.
    quantities : mapping
        Numbers that a sweep keeps of it, and their SI units.
    exact : tuple of str
        Of these, the ones without a standard error: no noise enters them.
    counts : tuple of str
        Numbers that say how well the others are known, without a standard error.
    curve : tuple of str
        Names of lists of numbers [V] that a sweep keeps (:meth:`curves`).
    short : mapping
        Values that make a run of seconds, for tests and first trials.
    words : tuple of str
        Command that runs it, beside its options; default ``characterize NAME``.
    placed : tuple of str
        Parameters that stand in that command without an option.
    automatic : tuple of str
        Engines that ``"auto"`` tries first for it: shown as exact as others on its circuits, and faster.
    """

    name: ClassVar[str] = ""
    title: ClassVar[str] = ""
    parameters: ClassVar[tuple[Parameter, ...]] = ()
    quantities: ClassVar[Mapping[str, str]] = {}
    exact: ClassVar[tuple[str, ...]] = ()
    counts: ClassVar[tuple[str, ...]] = ()
    curve: ClassVar[tuple[str, ...]] = ()
    short: ClassVar[Mapping[str, Any]] = {}
    words: ClassVar[tuple[str, ...]] = ()
    placed: ClassVar[tuple[str, ...]] = ()
    automatic: ClassVar[tuple[str, ...]] = ()
    _known: ClassVar[dict[str, type[Study]]] = {}

    def __init_subclass__(cls, **more: Any) -> None:
        super().__init_subclass__(**more)
        if cls.name:
            Study._known[cls.name] = cls

    @abc.abstractmethod
    def steps(self, point: Point) -> Steps:
        """Yield batches, be sent what came of their runs, and return the result."""

    @abc.abstractmethod
    def numbers(self, result: Any) -> Mapping[str, tuple[float | None, float | None]]:
        """Return value and standard error of each of :attr:`quantities`; None for what is not known."""

    def curves(self, result: Any) -> Mapping[str, Sequence[float]]:
        """Return the lists of :attr:`curve`, all of one length."""
        return {}

    def runs(self, point: Point) -> int:
        """Return about how many runs there are in all; 0 where the first batch is most of them."""
        return 0

    @classmethod
    def variables(cls) -> list[str]:
        """Return the names of all numbers that a sweep keeps: quantities and their standard errors, and counts."""
        named = [name for q in cls.quantities for name in ((q,) if q in cls.exact else (q, f"{q}_stderr"))]
        return [*named, *cls.counts]

    def kept(self, result: Any) -> dict[str, float | list[float]]:
        """Return what a sweep keeps of a result: :meth:`variables` (NaN: not known), and the curves."""
        found, values = self.numbers(result), {}
        for name in self.variables():
            own = name in found
            value = found[name][0] if own else found[name.removesuffix("_stderr")][1]
            values[name] = math.nan if value is None else float(value)
        return values | {name: [float(v) for v in curve] for name, curve in self.curves(result).items()}

    def nominal(self, point: Point, name: str) -> float | None:
        """Return the nominal value of a parameter, about which a sweep may draw; None if only the runs know it.

        ``name`` is one of :attr:`parameters`, or that of an entry of a table, such as ``device.R_P``.

        Raises
        ------
        UsageError
            If an entry is none of its table.
        """
        table, _, entry = name.partition(".")
        if table == "device" and isinstance(point.values.get("preset"), str):
            device = load_preset(point["preset"]).device.changed(point["device"], "[device]")
            if entry not in device.settable():
                raise UsageError(f"the junction {point['preset']} has no parameter {entry!r}.")
            return device.value_of(entry)
        value = point.values.get(name) if table == name else point[table].get(entry)
        return None if value is None or isinstance(value, str) else float(value)

    @classmethod
    def all_parameters(cls) -> dict[str, Parameter]:
        """Return the parameters by name, the seed last."""
        return {parameter.name: parameter for parameter in (*cls.parameters, SEED)}

    @classmethod
    def parameter_of(cls, name: str) -> Parameter | None:
        """Return the parameter that a name or an alias means, or None."""
        found = (p for p in cls.all_parameters().values() if name in (p.name, *p.aliases))
        return next(found, None)

    def point(self, given: Mapping[str, Any], engine: Engine, label: str = "") -> Point:
        """Check values and fill in defaults.

        Raises
        ------
        UsageError
            For a name that is no parameter, one that is given twice, or a value that is not allowed.
        """
        known = self.all_parameters()
        values: dict[str, tuple[str, Any]] = {}
        for name, value in given.items():
            parameter = self.parameter_of(name)
            if parameter is None:
                raise UsageError(f"{self.name} has no parameter {name!r}. {did_you_mean(name, known)}")
            if value is None:
                continue
            if parameter.name in values:
                other = values[parameter.name][0]
                raise UsageError(f"{self.name}: {name} and {other} are one parameter. Give it once.")
            values[parameter.name] = (name, value)
        checked = {}
        for name, parameter in known.items():
            called, value = values.get(name, (name, None))
            checked[name] = parameter.value(value, self.name, called)
        return Point(checked, engine, label)


@functools.cache
def _load() -> None:
    """Import the modules of this package, which register their studies, and what installed packages add."""
    for module in pkgutil.iter_modules([str(Path(__file__).parent)]):
        importlib.import_module(f"{__package__}.{module.name}")
    load_plugins("spinspice.studies")


def list_studies() -> dict[str, type[Study]]:
    """Return all studies by name: ours, those of installed packages, and those whose class the program has made."""
    _load()
    return dict(sorted(Study._known.items()))


def get_study(name: str) -> Study:
    """Return a study by name.

    Raises
    ------
    UsageError
        For an unknown one, with the closest known name.
    """
    if not is_study(name):
        raise UsageError(f"unknown study {name!r}. {did_you_mean(name, list_studies())}")
    return Study._known[name]()


def is_study(name: object) -> bool:
    """Whether there is a study of this name; the module called like one loads alone."""
    if isinstance(name, str) and name not in Study._known:
        load_own(str(__package__), name)
        return name in Study._known or name in list_studies()
    return isinstance(name, str)
