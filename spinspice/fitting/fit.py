"""Fits a junction to one measured set."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from spinspice.devices.base import Device
from spinspice.devices.kinds import is_macrospin, is_two_state
from spinspice.devices.laws.temperature import TemperatureLaw
from spinspice.devices.telegraph import Telegraph
from spinspice.errors import ResultError, UsageError, did_you_mean
from spinspice.fitting.base import Data
from spinspice.fitting.estimate import Estimate, Scale, estimate
from spinspice.fitting.kinds import find_kind
from spinspice.fitting.law import CONDITIONS, SCALES, Conditions
from spinspice.fitting.result import Check, FitResult
from spinspice.fitting.table import Table, read_table
from spinspice.presets import load_preset
from spinspice.units import number

#: Simulated sets of the check; its p-value is known to 1 / (SIMULATED + 1).
SIMULATED = 99
#: Kinds whose law is of resistances alone: a macrospin serves as well as two states.
_EITHER = ("rv", "rh")


def fit_file(
    paths: str | os.PathLike[str] | Sequence[str | os.PathLike[str]],
    kind: str,
    base: Device | str | None = None,
    *,
    columns: Mapping[str, str] | None = None,
    skip: int = 0,
    **settings: Any,
) -> FitResult:
    """Fit a junction to a file of measured values, or to several with the same columns.

    Parameters
    ----------
    paths : path or several
    kind : str
        Kind of data, of :data:`spinspice.fitting.KINDS`.
    base : Device or str, optional
        Junction, or name or file of a preset, from which all that is not fitted is taken. Default: ``Telegraph()``.
    columns : mapping of role to column, optional
        Columns by name or number from 0, with a unit if the header has none: ``{"bias": "ch1:mV"}``.
    skip : int
        Lines at the start of each file that are passed over.
    **settings
        As :func:`fit_data`.
    """
    several = [paths] if isinstance(paths, str | os.PathLike) else list(paths)
    if not several:
        raise UsageError("no file is given. Give the path of a table of measured values.")
    tables = [read_table(path, skip=skip) for path in several]
    first = tables[0]
    for table in tables[1:]:
        if list(table.columns) != list(first.columns) or table.units != first.units:
            raise UsageError(f"{table.source} has other columns than {first.source}; fit them one by one.")
    joined = {name: np.concatenate([table.columns[name] for table in tables]) for name in first.columns}
    lines = np.concatenate([table.lines for table in tables])
    source = ", ".join(table.source for table in tables)
    return fit_data(Table(joined, first.units, source, lines, first.named), kind, base, columns=columns, **settings)


def fit_data(
    data: Mapping[str, ArrayLike] | Table,
    kind: str,
    base: Device | str | None = None,
    *,
    free: Sequence[str] = (),
    fix: Mapping[str, float] | None = None,
    columns: Mapping[str, str] | None = None,
    law: TemperatureLaw | None = None,
    seed: int = 1,
    check: bool = True,
    intervals: bool = True,
    **options: Any,
) -> FitResult:
    """Fit a junction to measured values by maximum likelihood.

    Parameters
    ----------
    data : mapping of str to array, or Table
        Columns, in SI units or with the unit in the key: ``{"bias (mV)": [...], "tau_P": [...]}``.
    kind, base, columns
        As :func:`fit_file`.
    free : sequence of str, optional
        Parameters that are fitted; default: those that such data tell.
    fix : mapping of str to float, optional
        Parameters that are held, at these values [SI].
    law : TemperatureLaw, optional
        Fall of the anisotropy with temperature; default: a barrier that does not change.
    seed : int
        Of the simulated sets of the check.
    check : bool
        Compare the data with :data:`SIMULATED` sets drawn from the fitted law.
    **options
        Of the kind of data: ``dead_time=1e-6``.

    Raises
    ------
    UsageError
        For columns, options and parameters that cannot be meant.
    ResultError
        If the data do not tell a parameter: the message names it.
    """
    kind_of_data = find_kind(kind)
    kind_of_data.check_options(options)
    device = _base(base, kind)
    table = data if isinstance(data, Table) else Table.from_arrays(data)
    taken = table.take({**kind_of_data.columns, **CONDITIONS}, columns or {})
    measured = kind_of_data.read(table, taken, Conditions.of(taken, law), options)
    values = _values(device, measured, {name: number(value, f"fix: {name}") for name, value in (fix or {}).items()})
    names = _free(measured, device, tuple(free), tuple(fix or ()))
    rows = measured.scattered
    if rows and rows <= len(names):
        raise ResultError(
            f"{rows} rows cannot tell {len(names)} parameters ({', '.join(names)}). Hold some, or add rows."
        )
    guess = measured.start(device, dict(values))
    begin = {name: guess.get(name, values.get(name, 0.0)) for name in names}
    scales = {name: _within(SCALES[name], begin[name]) for name in names}
    begin = {name: min(max(value, scales[name].low), scales[name].high) for name, value in begin.items()}
    found = estimate(
        lambda trial: measured.nll({**values, **trial}),
        begin,
        scales,
        threshold=_threshold(rows, len(names)),
        scatter=rows / (rows - len(names)) if rows else 1.0,
        intervals=intervals,
    )
    values.update(found.values)
    checked = _check(measured, values, found, scales, seed) if check else None
    return FitResult(
        kind=kind, source=table.source, base=device, data=measured, estimate=found, values=values, check=checked,
        law=law,
        fixed=tuple(sorted(fix or ())),
    )  # fmt: skip


def _base(base: Device | str | None, kind: str) -> Device:
    device = Telegraph() if base is None else base if isinstance(base, Device) else load_preset(base).device
    if is_two_state(device) or (is_macrospin(device) and kind in _EITHER):
        return device
    raise UsageError(
        f"{kind} data are of a junction with two states, not of a {type(device).__name__}. "
        "Give base=Telegraph(...), or the preset of one."
    )


def _values(device: Device, data: Data, fix: Mapping[str, float]) -> dict[str, float]:
    """Return all values that the law takes: parameters of the junction, and B_k, B_0 where a field is applied."""
    values = dict(device.parameters())
    if is_macrospin(device):
        values["B_eff"] = device.B_eff
    values.setdefault("B_k", 0.1)
    values.setdefault("B_0", 0.0)
    known = [name for name in values if name != "B_eff"]
    for name, value in fix.items():
        if name not in known:
            raise UsageError(f"fix: {name} is no parameter of {type(device).__name__}. {did_you_mean(name, known)}")
        values[name] = value
    return values


def _free(data: Data, device: Device, asked: tuple[str, ...], held: tuple[str, ...]) -> tuple[str, ...]:
    default = data.free(device)
    known = [name for name in SCALES if name in device.parameters() or name in default]
    for name in asked:
        if name not in known:
            raise UsageError(f"free: {name} cannot be fitted. {did_you_mean(name, known)}")
    both = sorted(set(asked) & set(held))
    if both:
        raise UsageError(f"{both[0]} is to be fitted and held; choose one.")
    names = tuple(name for name in (asked or default) if name not in held)
    if not names:
        raise UsageError("every parameter is held: nothing is left to fit.")
    return names


def _within(scale: Scale, start: float) -> Scale:
    return scale if scale.logarithmic else dataclasses.replace(scale, unit=max(scale.unit, 0.1 * abs(start)))


def _threshold(rows: int, parameters: int) -> float:
    """Rise of -ln L at the ends of a 95 % interval: of chi-squared, or of Student's t for an unknown scatter."""
    from scipy.stats import chi2, t

    if not rows:
        return float(chi2.ppf(0.95, 1)) / 2.0
    free = rows - parameters
    return 0.5 * rows * float(np.log1p(float(t.ppf(0.975, free)) ** 2 / free))


def _check(data: Data, values: Mapping[str, float], found: Estimate, scales: Mapping[str, Scale], seed: int) -> Check:
    """Compare the distance of the data from the law with that of sets drawn from the posterior (its normal form)."""
    rng = np.random.default_rng(seed)
    slopes = np.array([scales[name].slope(found.values[name]) for name in found.names])
    root = np.linalg.cholesky(found.covariance / np.outer(slopes, slopes))
    centre = np.array([scales[name].to(found.values[name]) for name in found.names])
    own, simulated = [], []
    for _ in range(SIMULATED):
        z = centre + root @ rng.standard_normal(centre.size)
        drawn = {
            n: min(max(scales[n].back(x), scales[n].low), scales[n].high) for n, x in zip(found.names, z, strict=True)
        }
        trial = {**values, **drawn}
        own.append(data.discrepancy(trial))
        simulated.append(data.drawn(trial, rng).discrepancy(trial))
    further = int(np.sum(np.array(simulated) >= np.array(own)))
    return Check((further + 1) / (SIMULATED + 1), float(np.mean(own)), float(np.mean(simulated)))
