"""Published figures, simulated again: what the paper has, what comes out here, whether they agree, and if not why.

A figure is a module in :mod:`spinspice.papers` that declares ``FIGURE`` (its name) and ``SUMMARY`` (one line), and has
``run(request) -> Reproduction``. A new figure is that one file.
"""

from __future__ import annotations

import ast
import dataclasses
import functools
import importlib
import os
from pathlib import Path

from spinspice.errors import UsageError, did_you_mean, shown
from spinspice.jobs import Progress
from spinspice.replay import replayable
from spinspice.reproduce.base import Curve, Panel, Reproduction, Request, Row

__all__ = ["FIGURES", "Curve", "Figure", "Panel", "Reproduction", "Request", "Row", "figures", "run"]

#: Package with a folder for each paper. It is above this one, so it is found by name.
PAPERS = "spinspice.papers"


@dataclasses.dataclass(frozen=True)
class Figure:
    """A figure: the module that draws it again, and one line on it."""

    module: str
    summary: str


@functools.cache
def figures() -> dict[str, Figure]:
    """Return the figures of all papers by name, read from their sources: nothing is imported for a list of them."""
    folders = map(Path, importlib.import_module(PAPERS).__path__)
    found: dict[str, Figure] = {}
    for path in sorted(path for folder in folders for path in folder.glob("*/*.py")):
        declared = _declared(path.read_text(encoding="utf-8"))
        if "FIGURE" in declared:
            module = f"{PAPERS}.{path.parent.name}.{path.stem}"
            found[declared["FIGURE"]] = Figure(module, declared.get("SUMMARY", ""))
    return dict(sorted(found.items()))


def _declared(source: str) -> dict[str, str]:
    """Return the texts that a module gives to names at its top, if it declares a figure."""
    names: dict[str, str] = {}
    for statement in ast.parse(source).body if "FIGURE = " in source else []:
        if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Constant):
            value = statement.value.value
            if isinstance(value, str):
                names |= {target.id: value for target in statement.targets if isinstance(target, ast.Name)}
    return names


def __getattr__(name: str) -> dict[str, str]:
    """``FIGURES``: names and one-line summaries of the figures that can be reproduced."""
    if name == "FIGURES":
        return {figure: found.summary for figure, found in figures().items()}
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


@replayable("reproduce")
def run(
    name: str,
    *,
    short: bool = False,
    seed: int = 1,
    workers: int | None = None,
    engine: str = "auto",
    model: str | None = None,
    progress: Progress | None = None,
    vowels: str | os.PathLike[str] | None = None,
) -> Reproduction:
    """Simulate a published figure again.

    Parameters
    ----------
    name : str
        One of :data:`FIGURES`.
    short : bool
        Fewer points and trials: seconds in place of minutes, with wider error bars.
    seed : int
        Seed of all noise.
    workers : int, optional
        Processes; default the number of cores.
    engine, model : str
        As for :func:`spinspice.engines.get_engine`.
    progress : callable, optional
        As for :func:`spinspice.jobs.run_jobs`.
    vowels : str or path, optional
        ``FILE`` or ``FILE:GROUP``, for figures that learn spoken vowels:
        :func:`spinspice.papers.lopez2024.vowels.load_vowels`.

    Raises
    ------
    UsageError
        For an unknown figure, or vowels for a figure that takes none.
    EngineError
        If a simulation fails.
    """
    if not isinstance(name, str) or name not in figures():
        raise UsageError(f"no figure {shown(name)} to reproduce. {did_you_mean(name, figures())}")
    module = importlib.import_module(figures()[name].module)
    if vowels is not None and not getattr(module, "TAKES_VOWELS", False):
        raise UsageError(f"{name} learns no vowels, so it takes none. Leave --vowels out.")
    request = Request(
        short=short, seed=seed, workers=workers, engine=engine, model=model, progress=progress, vowels=vowels
    )
    result = module.run(request)
    assert isinstance(result, Reproduction)
    return result
