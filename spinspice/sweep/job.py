"""One job: a study at one point, what is kept of its result, and the key under which that is stored."""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import json
from collections.abc import Mapping
from typing import Any

import spinspice
from spinspice.cells import Cell
from spinspice.cells.choose import is_cell_file
from spinspice.devices.registry import foreign_models
from spinspice.engines import Engine
from spinspice.engines.deck import make_deck
from spinspice.errors import SpinspiceError
from spinspice.paths import FOLDERS, data_dir
from spinspice.studies import Batch, Point, get_study
from spinspice.studies.run import run_one_by_one
from spinspice.testbench import Testbench
from spinspice.waveforms import Waveforms

#: Changes when the meaning of a stored result does.
FORMAT = 4
#: What is kept of a job: numbers by name, and lists over the points of a curve.
Values = dict[str, float | list[float]]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Job:
    """One point of the grid with one sample: plain data that any process can run.

    Parameters
    ----------
    index : int
    title : str
    kind : str
        Name of the study.
    values : mapping
        Its parameters.
    label : str
        Part of the name of every stream of noise: the grid point and the sample.
    """

    index: int
    title: str
    kind: str
    values: Mapping[str, Any]
    label: str

    def point(self, engine: Engine | None = None) -> Point:
        """Return the point that is run."""
        return get_study(self.kind).point(self.values, engine, self.label)  # type: ignore[arg-type]

    def benches(self, engine: Engine | None = None) -> list[Testbench]:
        """Return the testbenches of the first runs, which all others follow from."""
        return self._first(self.point(engine))

    def _first(self, point: Point) -> list[Testbench]:
        batch: Batch = next(get_study(self.kind).steps(point))
        return list(batch.testbenches)

    def key(self, identity: Mapping[str, str], engine: Engine | None = None) -> str:
        """Return a hash of everything that determines the result: the first runs, how it is measured, what runs it.

        Later runs follow from these, from the parameters and from the label, of which all seeds are made. The circuit
        of a cell file is part of its runs, wherever the file was.
        """
        point = self.point(engine)
        everything = {
            "format": FORMAT,
            "spinspice": spinspice.__version__,
            "models": library_digest(),
            "engine": dict(identity),
            "study": self.kind,
            "values": {name: _plain(value) for name, value in sorted(point.values.items())},
            "label": self.label,
            "runs": [run.digest() for run in self._first(point)],
        }
        return hashlib.sha256(json.dumps(everything, sort_keys=True).encode()).hexdigest()


def _plain(value: Any) -> Any:
    """Return a value of a parameter as text for the key."""
    if isinstance(value, Cell) or is_cell_file(value):
        return value.kind
    return {str(k): _plain(v) for k, v in value.items()} if isinstance(value, Mapping) else repr(value)


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
    """Run a job; a study that cannot do without a run that failed makes it a :class:`Failure`."""
    last: list[Testbench] = []
    failed: list[Testbench] = []

    def run(testbench: Testbench) -> Waveforms:
        named = testbench.replace(title=f"{job.title}, {testbench.title}")
        last[:] = [named]
        try:
            return engine.run(named, timeout=timeout)
        except SpinspiceError:
            failed.append(named)
            raise

    study = get_study(job.kind)
    try:
        result = run_one_by_one(study.steps(job.point(engine)), run)
        return Done(job.index, key, study.kept(result))
    except SpinspiceError as reason:
        shown = [*failed, *last]
        deck = make_deck(shown[0], engine.model).text if shown else ""
        return Failure(job.index, key, job.title, str(reason), deck)


@functools.cache
def library_digest() -> str:
    """Hash of the compact models in all realisations."""
    digest = hashlib.sha256()
    for folder in FOLDERS:
        for file in sorted(data_dir(folder).rglob("*")):
            if file.suffix in (".va", ".inc", ".lib"):
                digest.update(file.name.encode() + b"\0" + file.read_bytes())
    for kind in foreign_models().values():
        for file in sorted(kind.folder.iterdir()) if kind.folder else ():
            if file.suffix in (".va", ".inc", ".lib"):
                digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()
