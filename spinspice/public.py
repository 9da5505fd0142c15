"""Public functions that have no home of their own: what there is to choose from, and a sweep from its file."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from spinspice.cells import cells
from spinspice.cmos import technologies
from spinspice.devices.registry import models
from spinspice.engines import engine_names
from spinspice.reproduce import figures
from spinspice.studies import list_studies as studies
from spinspice.sweep import Study, Sweep, run_study

__all__ = ["list_cells", "list_devices", "list_engines", "list_figures", "list_studies", "list_technologies", "sweep"]


def list_cells() -> tuple[str, ...]:
    """Return the names of the neuron cells, those of installed packages included."""
    return tuple(cells())


def list_devices() -> tuple[str, ...]:
    """Return the names of the compact models, those of installed packages included."""
    return tuple(models())


def list_engines() -> tuple[str, ...]:
    """Return the names of the simulators; ``spinspice doctor`` says which of them are installed."""
    return engine_names()


def list_technologies() -> tuple[str, ...]:
    """Return the names of the transistor technologies, those of installed packages included."""
    return tuple(technologies())


def list_studies() -> tuple[str, ...]:
    """Return the names of the studies that :func:`spinspice.run` knows."""
    return tuple(studies())


def list_figures() -> dict[str, str]:
    """Return the figures that :func:`spinspice.reproduce` simulates again: name -> one line."""
    return {name: figure.summary for name, figure in figures().items()}


def sweep(
    study: Study | Mapping[str, Any] | str | os.PathLike[str],
    out: str | os.PathLike[str],
    *,
    trust: bool = False,
    **options: Any,
) -> Sweep:
    """Run a cell over a grid and over instances.

    Parameters
    ----------
    study : path, mapping or Study
        TOML file of the study (docs/studies.md), what such a file holds, or what was made of it.
    out : path
        Folder of the results.
    trust : bool
        Whether files that the study names may run code (an own netlist's Verilog-A and libraries).
    **options
        As for :func:`spinspice.sweep.run_study`: ``workers``, ``resume``, ``engine``, ``progress``, ``max_wall``, ...

    Raises
    ------
    UsageError
        For a study that cannot be meant, or a folder that holds results without ``resume=True``.
    """
    if isinstance(study, Mapping):
        study = Study.from_dict(study)
    elif not isinstance(study, Study):
        study = Study.load(study, trust)
    return run_study(study, out, **options)
