"""Jobs by number: every point of the grid with every sample, made when they are wanted.

A job is made from its number, so a study of a million jobs takes no more memory than its axes. The noise of a job is a
function of the study's seed, the values of its grid point and the number of its sample; widening an axis or drawing
more samples leaves all other jobs as they were.
"""

from __future__ import annotations

import abc
import json
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spinspice.devices.noise import instance_seed
from spinspice.errors import ParameterError, UsageError
from spinspice.sweep.job import Job
from spinspice.sweep.names import is_text
from spinspice.sweep.study import Study


class Numbered(abc.ABC):
    """The jobs of a study, in the order of its axes with the samples fastest.

    Attributes
    ----------
    draws : mapping
        Values of every varied number, one for each sample.
    preset : str
        Name of the junction; empty where there is none.
    curve_inputs : tuple of float
        Inputs that the curves of all jobs share [V]; empty where each has its own, or there are none.
    curve_points : int
        Points of each curve.
    window : float or None
        Part of each run that is looked at [s].
    """

    draws: Mapping[str, NDArray[np.float64]]
    preset: str = ""
    curve_inputs: tuple[float, ...] = ()
    curve_points: int = 0
    window: float | None = None

    def __init__(self, study: Study) -> None:
        self.study = study
        self.axes: dict[str, tuple[Any, ...]] = dict(study.grid)
        self.shape = tuple(len(values) for values in self.axes.values())

    def __len__(self) -> int:
        return self.study.jobs

    def __iter__(self) -> Iterator[Job]:
        return (self.job(index) for index in range(len(self)))

    def place(self, index: int) -> tuple[tuple[int, ...], int]:
        """Return position on each axis, and sample, of a job."""
        point, sample = divmod(index, self.study.samples)
        return tuple(int(i) for i in np.unravel_index(point, self.shape)) if self.shape else (), sample

    def job(self, index: int) -> Job:
        """Return a job by its number.

        Raises
        ------
        UsageError
            If its values lie outside what a device or technology allows; names the job.
        """
        place, sample = self.place(index)
        grid = {name: values[i] for (name, values), i in zip(self.axes.items(), place, strict=True)}
        drawn = {name: float(values[sample]) for name, values in self.draws.items()}
        title = " ".join([self.study.name, *(f"{name}={value}" for name, value in grid.items()), f"sample {sample}"])
        try:
            values = self.values(title, grid, drawn, sample)
        except ParameterError as reason:
            hint = " A lognormal distribution never turns negative." if drawn else ""
            raise UsageError(f"job {index} ({title}): {reason}{hint}") from reason
        label = json.dumps([sorted(grid.items()), sample])
        return Job(index=index, title=title, kind=self.study.measure.kind, values=values, label=label)

    @abc.abstractmethod
    def values(self, title: str, grid: dict[str, Any], drawn: dict[str, float], sample: int) -> dict[str, Any]:
        """Return the parameters of the study for a job."""

    def mismatch(self, sample: int) -> int | None:
        """Return the seed of the transistors of a sample, or None."""
        seed = self.study.mismatch
        return None if seed is None else instance_seed(seed, f"mismatch/{sample}")

    def axis_values(self, name: str) -> Any:
        """Return the values of an axis as a coordinate."""
        values = self.axes[name]
        return list(values) if is_text(name, self.study.measure.kind) else np.array(values, dtype=float)


def technology_name(name: str, corner: str | None) -> str | None:
    """Return the text of a technology and its corner, which the name may hold already; None for no name."""
    plain = ":" not in name or name.lower().endswith(".toml")
    return (f"{name}:{corner}" if plain and corner else name) or None


def part(values: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    """Return the values whose name starts with ``prefix.``, without it."""
    return {name.partition(".")[2]: value for name, value in values.items() if name.startswith(f"{prefix}.")}
