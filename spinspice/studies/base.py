"""What a study is: parameters, the runs that it asks for, and what it makes of them.

A study names its parameters and writes its runs as a generator, :meth:`Study.steps`: it yields batches of testbenches,
is sent what came of each run, and returns the result. It runs nothing itself, so that one call (:func:`run`), a sweep
over any of its parameters, and another machine run the same study.
"""

from __future__ import annotations

import abc
import dataclasses
from collections.abc import Callable, Generator, Mapping, Sequence
from typing import Any, ClassVar

from spinspice.devices.noise import SEED_LIMIT, instance_seed
from spinspice.engines import Engine
from spinspice.errors import UsageError, did_you_mean
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
    """

    stage: str
    testbenches: Sequence[Testbench]
    reduce: Callable[[Waveforms], Any] | None = None


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
    """

    values: Mapping[str, Any]
    engine: Engine

    def __getitem__(self, name: str) -> Any:
        return self.values[name]

    @property
    def seed(self) -> int:
        """Seed of all noise."""
        return int(self.values["seed"])

    def stream(self, name: str) -> int:
        """Return the seed of one run or instance, independent of every other name."""
        return instance_seed(self.seed, name)


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
    """

    name: ClassVar[str] = ""
    title: ClassVar[str] = ""
    parameters: ClassVar[tuple[Parameter, ...]] = ()
    quantities: ClassVar[Mapping[str, str]] = {}
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

    @classmethod
    def all_parameters(cls) -> dict[str, Parameter]:
        """Return the parameters by name, the seed last."""
        return {parameter.name: parameter for parameter in (*cls.parameters, SEED)}

    def point(self, given: Mapping[str, Any], engine: Engine) -> Point:
        """Check values and fill in defaults.

        Raises
        ------
        UsageError
            For a name that is no parameter, one that is given twice, or a value that is not allowed.
        """
        known = self.all_parameters()
        names = {name: p.name for p in known.values() for name in (p.name, *p.aliases)}
        values: dict[str, Any] = {}
        for name, value in given.items():
            if name not in names:
                raise UsageError(f"{self.name} has no parameter {name!r}. {did_you_mean(name, known)}")
            if names[name] in values and value is not None:
                raise UsageError(f"{self.name}: {name} and {names[name]} are one parameter. Give it once.")
            values[names[name]] = value
        return Point({name: p.value(values.get(name), self.name) for name, p in known.items()}, engine)


def list_studies() -> dict[str, type[Study]]:
    """Return all studies by name."""
    return dict(sorted(Study._known.items()))


def get_study(name: str) -> Study:
    """Return a study by name.

    Raises
    ------
    UsageError
        For an unknown one, with the closest known name.
    """
    known = list_studies()
    if name not in known:
        raise UsageError(f"unknown study {name!r}. {did_you_mean(name, known)}")
    return known[name]()
