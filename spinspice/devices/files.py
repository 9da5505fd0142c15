"""Small records with which a device answers: durations, derived parameters, where its realisations stand."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

from spinspice.paths import data_dir

#: Libraries of subcircuits by realisation, for the models of spinspice.
LIBRARIES = {"verilog-a": "spinspice_osdi.lib", "b-source": "spinspice_bsource.lib", "abm": "spinspice_abm.lib"}


@dataclasses.dataclass(frozen=True)
class Durations:
    """How long a run is: default and shortest [s], and what the shortest is, in words."""

    default: float
    shortest: float
    why: str


@dataclasses.dataclass(frozen=True)
class Derived:
    """A parameter that follows from others: unit [SI], meaning, its value for a device, and what it sets in turn."""

    unit: str
    meaning: str
    value: Callable[[Any], float]
    sets: tuple[str, ...]


@dataclasses.dataclass(frozen=True)
class Trial:
    """A short run that shows that a model works: bias [V] of the junction, duration [s], state node that must move."""

    bias: float
    duration: float
    moves: str


@dataclasses.dataclass(frozen=True)
class ModelFiles:
    """Files of a compact model.

    Parameters
    ----------
    model : str
        Name of the model.
    folder : Path or None
        Folder of a model of another package, with ``MODEL.va``, ``MODEL.lib`` (B-sources) and ``MODEL_abm.lib``
        (behavioural sources of PSpice's kind), as many of them as it has. None for a model of spinspice.
    """

    model: str
    folder: Path | None = None

    @property
    def verilog_a(self) -> Path:
        """Verilog-A source."""
        return (data_dir("verilog_a") if self.folder is None else self.folder) / f"{self.model}.va"

    def library(self, realisation: str) -> Path | None:
        """Library with the subcircuit in a realisation; None for Verilog-A of another package (a card is made)."""
        if self.folder is None:
            return data_dir("netlists") / LIBRARIES[realisation]
        if realisation == "verilog-a":
            return None
        return self.folder / f"{self.model}{'_abm' if realisation == 'abm' else ''}.lib"
