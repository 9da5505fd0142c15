"""From a study to jobs: every point of the grid with every sample, resolved to one circuit and its numbers.

A job is made from its number when it is wanted, so a study of a million jobs takes no more memory than its axes. The
noise of a job is a function of the study's seed, the values of its grid point and the number of its sample; widening an
axis or drawing more samples leaves all other jobs as they were.
"""

from __future__ import annotations

import dataclasses
import functools
import json
import math
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spinspice.cells import Sizing, get_cell, size_for
from spinspice.characterize.settings import DEFAULT_PRESETS, AutoVin, GridVin, make_settings, parse_vin
from spinspice.cmos import Technology, get_technology
from spinspice.constants import k_B
from spinspice.devices import Device, Macrospin
from spinspice.devices.noise import instance_seed
from spinspice.errors import ParameterError, UsageError
from spinspice.presets import load_preset
from spinspice.sweep.distributions import draw
from spinspice.sweep.job import Job, Setup
from spinspice.sweep.names import DERIVED, FOLLOWERS, is_text
from spinspice.sweep.study import Study

technology = functools.lru_cache(maxsize=64)(get_technology)


class Plan:
    """The jobs of a study, in the order of its axes with the samples fastest."""

    def __init__(self, study: Study) -> None:
        self.study = study
        self.axes: dict[str, tuple[Any, ...]] = dict(study.grid)
        self.shape = tuple(len(values) for values in self.axes.values())
        self._kind = get_cell(study.cell)
        preset = load_preset(study.preset or DEFAULT_PRESETS[self._kind.kind])
        self.preset = preset.name
        fixed: dict[str, float] = dict(study.device)
        if study.temperature is not None:
            fixed["T"] = study.temperature
        self.device = changed_device(preset.device, fixed, "[device]")
        self._preset_vdd = preset.cell["vdd"]
        nominal = self._values({})
        self.draws: dict[str, NDArray[np.float64]] = draw(
            study.distributions,
            {name: self._nominal(name, nominal) for name in study.distributions},
            study.seed,
            study.samples,
            study.correlated,
            study.correlation,
        )
        self.setup = self._setup(nominal)

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
            return self._job(index, title, grid, drawn, sample)
        except ParameterError as reason:
            hint = " A lognormal distribution never turns negative." if drawn else ""
            raise UsageError(f"job {index} ({title}): {reason}{hint}") from reason

    def _job(self, index: int, title: str, grid: dict[str, Any], drawn: dict[str, float], sample: int) -> Job:
        values = self._values(grid | drawn)
        device = changed_device(self.device, _part(grid | drawn, "device"), title)
        if "temperature" in grid or "temperature" in drawn:
            device = device.replace(T=values["temperature"])
        sizing = self._sizing(grid, values)
        changes = _part(grid | drawn, "sizing")
        seed = self.study.mismatch
        return Job(
            index=index,
            title=title,
            setup=self.setup,
            cmos=values["cmos"],
            corner=values["corner"],
            vdd=values["vdd"],
            temperature=values["temperature"],
            vin=values["vin"],
            device=device,
            sizing=dataclasses.replace(sizing, **changes) if changes else sizing,
            label=json.dumps([sorted(grid.items()), sample]),
            mismatch=None if seed is None else instance_seed(seed, f"mismatch/{sample}"),
        )

    def _values(self, changed: Mapping[str, Any]) -> dict[str, Any]:
        """Return the parameters of the run itself: nominal, except for those that are changed."""
        study = self.study
        cmos = changed.get("cmos", study.cmos)
        values: dict[str, Any] = {
            "cmos": cmos,
            "corner": changed.get("corner", study.corner),
            "vin": changed.get("vin", study.vin),
            "temperature": changed.get("temperature", self.device.parameters()["T"]),
            "vdd": changed.get("vdd", self._vdd(technology(cmos, study.corner))),
        }
        return values

    def _vdd(self, made: Technology) -> float:
        """The study's supply; else the preset's, if the technology is meant for it; else the technology's own [V]."""
        if self.study.vdd is not None:
            return self.study.vdd
        return made.supply(self._preset_vdd)

    def _sizing(self, grid: Mapping[str, Any], values: Mapping[str, Any]) -> Sizing:
        """Sizes for the nominal junction and supply; with resize = "grid", for those of the grid point."""
        device, vdd = self.device, self._values({"cmos": values["cmos"]})["vdd"]
        if self.study.resize == "grid":
            device = changed_device(device, _part(grid, "device"), "grid")
            vdd = grid.get("vdd", vdd)
        sizing = _sized(device, values["cmos"], self.study.corner, vdd)
        return dataclasses.replace(sizing, **self.study.sizing) if self.study.sizing else sizing

    def _nominal(self, name: str, values: Mapping[str, Any]) -> float | None:
        """Return the nominal value of a parameter, or None if this junction does not have it."""
        prefix, _, field = name.partition(".")
        if prefix == "sizing":
            return float(getattr(self._sizing({}, values), field))
        if prefix == "device":
            parameters = self.device.parameters() | derived(self.device)
            if field not in parameters:
                raise UsageError(f"[montecarlo]: the junction {self.preset} has no parameter {field!r}.")
            return parameters[field]
        return float(values[name])

    def _setup(self, values: Mapping[str, Any]) -> Setup:
        """Return what all jobs share; duration and samples are those of the nominal junction."""
        study, measure = self.study, self.study.measure
        sizing = self._sizing({}, values)
        cell = self._kind(self.device, technology(values["cmos"], values["corner"]), vdd=values["vdd"], sizing=sizing)
        settings = make_settings(
            cell,
            self.preset,
            cmos=values["cmos"],
            vdd=None,
            vin="auto",
            duration=measure.duration,
            trials=measure.trials,
            seed=study.seed,
        )
        swept = parse_vin(measure.vin) if measure.kind == "transfer" else None
        return Setup(
            cell=self._kind.kind,
            kind=measure.kind,
            inputs=tuple(swept.values.tolist()) if isinstance(swept, GridVin) else (),
            points=swept.points if isinstance(swept, AutoVin) else 0,
            duration=settings.duration,
            warm_up=settings.warm_up,
            step=settings.sample_step,
            trials=measure.trials,
            seed=study.seed,
        )

    def axis_values(self, name: str) -> Any:
        """Return the values of an axis as a coordinate."""
        values = self.axes[name]
        return list(values) if is_text(name) else np.array(values, dtype=float)


_sized = functools.lru_cache(maxsize=4096)(
    lambda device, cmos, corner, vdd: size_for(device, technology(cmos, corner), vdd)
)


def _part(values: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    """Return the values whose name starts with ``prefix.``, without it."""
    return {name.partition(".")[2]: value for name, value in values.items() if name.startswith(f"{prefix}.")}


def derived(device: Device) -> dict[str, float]:
    """Return diameter [m], resistance-area product [Ohm m^2] and barrier [k_B T] of a macrospin junction."""
    if not isinstance(device, Macrospin):
        return {}
    return {
        "diameter": 2.0 * math.sqrt(device.area / math.pi),
        "RA": device.R_P * device.area,
        "delta": device.delta,
    }


def changed_device(device: Device, values: Mapping[str, float], where: str) -> Device:
    """Return a junction with other parameters; of a macrospin, diameter, RA and delta set area, R_P and B_k.

    A change of the diameter alone keeps RA, which is what the tunnel barrier fixes: R_P = RA / area. The energy barrier
    is that of the uniaxial anisotropy at the temperature of ``device``: B_k = 2 k_B T delta / m, with the moment m of
    the changed junction.

    Raises
    ------
    UsageError
        For a parameter that this junction does not have, or one beside that which it follows from.
    """
    values = dict(values)
    now = derived(device)
    given = [name for name in DERIVED if name in values and (now or name != "delta")]
    if not given:
        return device.replace(**values)
    if not now:
        raise UsageError(f"{where}: {type(device).__name__} has no area, so neither diameter nor RA.")
    clash = sorted({follower for name in given for follower in FOLLOWERS[name]} & set(values))
    if clash:
        raise UsageError(f"{where}: {clash[0]} follows from {', '.join(given)}; vary it or them, not both.")
    delta = values.pop("delta", None)
    diameter, product = (values.pop(name, now[name]) for name in ("diameter", "RA"))
    if set(given) & {"diameter", "RA"}:
        area = math.pi * diameter**2 / 4.0
        if not area > 0.0:
            raise ParameterError(f"{where}: diameter = {diameter:g} m leaves no area.")
        values |= {"area": area, "R_P": product / area}
    changed: Any = device.replace(**values)
    return (
        changed if delta is None else changed.replace(B_k=2.0 * k_B * device.parameters()["T"] * delta / changed.moment)
    )
