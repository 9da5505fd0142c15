"""All results of a study in one labelled dataset, and what they say: statistics, yield, what matters most."""

from __future__ import annotations

import dataclasses
import json
import math
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from spinspice.analysis.statistics import FEW_SAMPLES, Yield, wilson
from spinspice.errors import ResultError
from spinspice.files import mark, write_netcdf
from spinspice.panels import Curve, Panel
from spinspice.replay import render
from spinspice.results import Grid, Result, to_plain
from spinspice.studies import Study as Measured
from spinspice.studies import get_study
from spinspice.studies.output_numbers import SAMPLES
from spinspice.sweep.job import Failure, Values
from spinspice.sweep.names import is_text, unit
from spinspice.sweep.numbering import Numbered
from spinspice.sweep.statistics import Ranking, Spread, ranking, spread
from spinspice.sweep.study import Limit, Study
from spinspice.units import engineering, with_error

if TYPE_CHECKING:
    import xarray

SAMPLE = "sample"
#: Dimension of the inputs of a transfer.
POINT = "point"


@dataclasses.dataclass(frozen=True)
class Sweep(Result):
    """What came of a study.

    Parameters
    ----------
    study : Study
    dataset : xarray.Dataset
        Dimensions: the axes of the grid and ``sample``; of a transfer also ``point``, its inputs. Variables: what was
        measured and its standard error (``..._stderr``), NaN where a job is missing. Coordinates over ``sample``: the
        values that were drawn. The curve of a transfer: ``mean`` and ``mean_stderr`` over ``point`` too, with the
        coordinate ``vin`` [V], which every job has for itself where it finds its own inputs.
    failures : list of Failure
        Jobs of this sitting that failed.
    call : mapping
        How it was made (:mod:`spinspice.replay`).
    """

    study: Study
    dataset: xarray.Dataset
    failures: Sequence[Failure] = ()
    call: Mapping[str, Any] = dataclasses.field(default_factory=dict)

    @property
    def command(self) -> str:
        """Command line, or Python, that gives this again, in another folder."""
        return render(self.call)

    def _summary(self) -> str:
        what = ", ".join(self.quantities)
        return f"{self.study.name}: {self.study.jobs} jobs, {self.missing} missing; {what}"

    def _grids(self) -> tuple[Grid, ...]:
        rows = [
            (", ".join(f"{key} = {value}" for key, value in values.items()), name, str(s.count), self.text(name, s))
            for values, each in self.summary()
            for name, s in each.items()
        ]
        return (Grid(self.study.name, ("point", "quantity", "n", "mean"), rows),)

    def text(self, quantity: str, of: Spread) -> str:
        """Return the mean of a quantity with its standard error, for people; a single exact one stands alone."""
        unit = str(self.dataset[quantity].attrs["units"]).replace("1", "")
        if quantity in self.exact and of.count == 1:
            return engineering(of.mean, unit) if unit else f"{of.mean:.4g}"
        return with_error(of.mean, of.mean_stderr, unit, prefix=bool(unit))

    @property
    def title(self) -> str:
        """One line that says what this is."""
        attributes = self.dataset.attrs
        return f"{self.study.name}: {attributes['cell']}, {attributes['engine']}, seed {attributes['seed']}"

    def panels(self) -> tuple[Panel, ...]:
        """Return a figure of each quantity over the first axis of numbers: mean with standard error at each point.

        A sweep without such an axis is drawn over its samples.
        """
        axis = next((name for name in self.axes if not is_text(name, self.study.measure.kind)), None)
        return tuple(self._panel(name, axis) for name in self.quantities)

    def _panel(self, quantity: str, axis: str | None) -> Panel:
        label = f"{quantity} [{self.dataset[quantity].attrs['units']}]"
        groups: dict[str, list[tuple[float, float, float]]] = {}
        if axis is None:
            for values, data in self.points():
                name = ", ".join(str(value) for value in values.values())
                errors = data.get(f"{quantity}_stderr", np.full(data[quantity].shape, np.nan))
                groups[name] = [(float(i), *pair) for i, pair in enumerate(zip(data[quantity], errors, strict=True))]
            xlabel = "sample"
        else:
            for values, each in self.summary():
                name = ", ".join(f"{key} = {value}" for key, value in values.items() if key != axis)
                s = each[quantity]
                groups.setdefault(name, []).append((float(values[axis]), s.mean, s.mean_stderr or math.nan))
            symbol = unit(axis, self.study.measure.kind)
            xlabel = f"{axis} [{symbol}]" if symbol else axis
        curves = []
        for number, (name, points) in enumerate(groups.items()):
            x, y, yerr = np.array(points, dtype=float).reshape(-1, 3).T
            curves.append(Curve(x=x, y=y, yerr=np.nan_to_num(yerr), kind="points", label=name, color=number))
        return Panel(title=quantity, xlabel=xlabel, ylabel=label, curves=tuple(curves))

    def records(self) -> tuple[dict[str, Any], dict[str, str]]:
        """Return a row for each job: its place in the grid, what was drawn, what was measured, standard errors."""
        flat = self.dataset.drop_dims(POINT, errors="ignore").stack(job=self.dataset[self.quantities[0]].dims)
        columns = {
            str(name): flat[name].values for name in (*self.dataset[self.quantities[0]].dims, *self._drawn, *flat)
        }
        units = {str(name): values.attrs.get("units", "") for name, values in flat.variables.items()}
        return columns, {name: text for name, text in units.items() if text and name in columns}

    @property
    def _drawn(self) -> tuple[str, ...]:
        return tuple(self.study.distributions)

    def to_xarray(self) -> xarray.Dataset:
        """Return the dataset."""
        return self.dataset

    @property
    def axes(self) -> tuple[str, ...]:
        """Names of the grid's axes."""
        return tuple(self.study.grid)

    @property
    def quantities(self) -> tuple[str, ...]:
        """Names of what was measured."""
        return tuple(self._measured.quantities)

    @property
    def exact(self) -> tuple[str, ...]:
        """Names of quantities without a standard error."""
        return self._measured.exact

    @property
    def _measured(self) -> Measured:
        return get_study(self.study.measure.kind)

    @property
    def missing(self) -> int:
        """Number of jobs without a result."""
        return int((~_there(self.dataset, self.quantities)).sum())

    def points(self) -> list[tuple[dict[str, Any], dict[str, NDArray[np.float64]]]]:
        """Return for each grid point its values, and all samples of every quantity and standard error."""
        shape = [self.dataset.sizes[name] for name in self.axes]
        found = []
        for place in np.ndindex(*shape):
            here = self.dataset.isel(dict(zip(self.axes, place, strict=True)))
            values = {name: self.study.grid[name][i] for name, i in zip(self.axes, place, strict=True)}
            found.append((values, {name: np.atleast_1d(here[name].values) for name in self._measured.variables()}))
        return found

    def summary(self) -> list[tuple[dict[str, Any], dict[str, Spread]]]:
        """Return for each grid point the statistics of every quantity over the samples."""
        return [
            (
                values,
                {
                    name: spread(data[name], None if name in self.exact else data[f"{name}_stderr"])
                    for name in self.quantities
                },
            )
            for values, data in self.points()
        ]

    def fewest(self) -> list[float]:
        """Return for each grid point the fewest independent samples behind the numbers of a job; NaN without any."""
        found = [data.get(SAMPLES, np.array([math.nan])) for _, data in self.points()]
        return [float(np.nanmin(each)) if np.isfinite(each).any() else math.nan for each in found]

    def yields(self) -> list[tuple[dict[str, Any], Yield]]:
        """Return for each grid point the part of the samples inside all limits.

        Failed jobs are outside them, or do not count, as ``[limits] failed`` of the study says. Jobs that were not run
        yet do not count.
        """
        samples = self.study.samples
        failed = np.bincount([failure.index // samples for failure in self.failures], minlength=self.study.jobs)
        found = []
        for point, (values, data) in enumerate(self.points()):
            inside = np.ones(samples, dtype=bool)
            there = _there(data, self.quantities)
            for name, limit in self.study.limits.items():
                inside &= (data[name] >= limit.low) & (data[name] <= limit.high)
            lost = int(failed[point])
            count = int(there.sum()) + (lost if self.study.failed == "fail" else 0)
            found.append((values, dataclasses.replace(wilson(int((inside & there).sum()), count), failed=lost)))
        return found

    @property
    def notes(self) -> tuple[str, ...]:
        """What the reader must know of the numbers."""
        if SAMPLES not in self.dataset:
            return ()
        samples = self.dataset[SAMPLES].values
        few = int(np.sum(samples < FEW_SAMPLES))  # a missing job compares as false
        if not few:
            return ()
        still = int(np.sum(samples == 0.0))
        length = engineering(self.dataset.attrs["window"], "s")
        note = (
            f"{few} of {samples.size} jobs hold fewer than {FEW_SAMPLES:g} independent samples of their junction in "
            f"{self.study.measure.repeats} x {length}; in {still} of them it did not switch at all. Their standard "
            "errors are unknown, and their means are those of the state that the junction was in. Lengthen the runs."
        )
        return (note,)

    def sensitivity(self, quantity: str) -> Ranking:
        """Rank the varied numbers by how much a quantity changes for one standard deviation of each.

        Raises
        ------
        ResultError
            If nothing was varied, or there are too few results.
        """
        if quantity not in self.quantities:
            raise ResultError(f"no quantity {quantity!r} was measured. Known: {', '.join(self.quantities)}.")
        full = self.dataset[quantity]
        columns, choices = {}, {}
        for name in (*self.axes, *self.study.distributions):
            values = self.dataset[name].broadcast_like(full).transpose(*full.dims).values.ravel()
            if is_text(name, self.study.measure.kind):
                choices[name] = values.astype(str)
            else:
                columns[name] = values.astype(float)
        return ranking(columns, np.asarray(full.values, dtype=float).ravel(), quantity, choices)

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Store the dataset as NetCDF; ``xarray.open_dataset(path)`` reads it piece by piece."""
        return write_netcdf(self.dataset, path)

    def _row(self, point: dict[str, Any], each: dict[str, Spread], least: float) -> dict[str, Any]:
        """Return the statistics of one grid point as plain data."""
        counted = {SAMPLES: least} if SAMPLES in self.dataset else {}
        return {"point": point, **counted, **{name: dataclasses.asdict(found) for name, found in each.items()}}

    def to_dict(self) -> dict[str, Any]:
        """Return statistics, yield, ranking and failures as plain data for JSON."""
        ranks: dict[str, Any] = {}
        for name in self.quantities:
            try:
                ranks[name] = self.sensitivity(name).to_dict()
            except ResultError as reason:
                ranks[name] = {"none": str(reason)}
        data = {
            "study": self.study.name,
            "jobs": self.study.jobs,
            "missing": self.missing,
            "provenance": dict(self.dataset.attrs),
            "summary": [
                self._row(values, each, least)
                for (values, each), least in zip(self.summary(), self.fewest(), strict=True)
            ],
            "yield": [{"point": values, **dataclasses.asdict(found)} for values, found in self.yields()]
            if self.study.limits
            else [],
            "sensitivity": ranks,
            "failed_jobs_are": "outside the limits" if self.study.failed == "fail" else "left out",
            "notes": list(self.notes),
            "failures": [str(failure) for failure in self.failures],
        }
        cleaned: dict[str, Any] = to_plain(data)
        return cleaned


def _there(data: Any, quantities: Sequence[str]) -> NDArray[np.bool_]:
    """Return for each job whether it has a result: any number at all."""
    found: NDArray[np.bool_] = np.any([np.isfinite(np.asarray(data[name])) for name in quantities], axis=0)
    return found


def collect(
    plan: Numbered, results: Iterable[Values | None], failures: Sequence[Failure], who: Mapping[str, str]
) -> Sweep:
    """Put results, in the order of the jobs, into one dataset."""
    import xarray

    study, measured = plan.study, get_study(plan.study.measure.kind)
    kind, names, curve_names = measured.name, measured.variables(), measured.curve
    table = np.full((len(plan), len(names)), np.nan)
    curves = np.full((len(curve_names), len(plan), plan.curve_points), np.nan)
    for index, values in enumerate(results):
        if values is not None:
            table[index] = [values[name] for name in names]
            for column, name in enumerate(curve_names):
                curves[column, index] = values[name]
    dims = (*plan.axes, SAMPLE)
    shape = (*plan.shape, study.samples)
    coords: dict[str, Any] = {name: (name, plan.axis_values(name), _units(unit(name, kind))) for name in plan.axes}
    coords[SAMPLE] = (SAMPLE, np.arange(study.samples))
    for name, drawn in plan.draws.items():
        coords[name] = (SAMPLE, drawn, {"units": unit(name, kind)})
    units = {**dict.fromkeys(measured.counts, "1"), **measured.quantities}
    data: dict[str, Any] = {
        name: (dims, table[:, column].reshape(shape), {"units": units[name if name in units else name[:-7]]})
        for column, name in enumerate(names)
    }
    if curve_names:
        curve = {
            name: ((*dims, POINT), values.reshape(*shape, -1), {"units": "V"})
            for name, values in zip(curve_names, curves, strict=True)
        }
        own, shared = curve.pop("vin"), (POINT, np.array(plan.curve_inputs), {"units": "V"})
        coords["vin"] = shared if plan.curve_inputs else own
        data |= curve
    attributes = {
        "study": study.name,
        "cell": getattr(study.cell, "kind", study.cell) or kind,
        "preset": plan.preset,
        "seed": study.seed,
        "engine": f"{who['name']} {who['version']} ({who['model']})",
        "limits": json.dumps({name: _bounds(limit) for name, limit in study.limits.items()}),
        "history": mark(),
    } | ({"window": plan.window} if plan.window is not None else {})
    return Sweep(study, xarray.Dataset(data, coords=coords, attrs=attributes), tuple(failures))


def _units(unit: str) -> dict[str, str]:
    return {"units": unit} if unit else {}


def _bounds(limit: Limit) -> list[float | None]:
    return [bound if math.isfinite(bound) else None for bound in (limit.low, limit.high)]
