"""From a study of a neuron cell to jobs: every point of the grid with every sample, its junction and sizes resolved."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import NDArray

from spinspice.cells import NeuronCell, Sizing, cell_kind
from spinspice.cells.choose import choose_preset, choose_vdd, is_cell_file
from spinspice.cells.parameters import parameter_names, parameter_value
from spinspice.cells.plausible import input_doubts
from spinspice.cmos import get_technology
from spinspice.devices import Device
from spinspice.errors import UsageError, did_you_mean
from spinspice.studies import get_study
from spinspice.studies.inputs import AutoVin, GridVin, ListVin, parse_vin
from spinspice.studies.neuron_settings import make_settings
from spinspice.sweep.any_study import StudyPlan
from spinspice.sweep.distributions import draw
from spinspice.sweep.names import of_a_neuron
from spinspice.sweep.numbering import Numbered, part, technology_name
from spinspice.sweep.study import CURVES, Study

if TYPE_CHECKING:
    from spinspice.cells.cell_file import CellFile

technology = functools.lru_cache(maxsize=64)(get_technology)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Setup:
    """What all jobs share: inputs [V], or how many each finds for itself, and times [s], of the nominal junction."""

    inputs: tuple[float, ...]
    points: int
    duration: float
    warm_up: float
    step: float


class Plan(Numbered):
    """The jobs of a study of a neuron cell."""

    def __init__(self, study: Study) -> None:
        super().__init__(study)
        self._kind = cell_kind(study.cell)
        self._preset = choose_preset(self._kind, study.preset)
        self.preset = self._preset.name if self._preset else "netlist"
        if is_cell_file(self._kind):
            _check_netlist(study, self._kind)
            self._kind = self._kind.with_parameters(study.parameters)
        elif study.parameters or any(name.startswith("parameters.") for name in (*study.grid, *study.distributions)):
            raise UsageError(
                f"{self._kind.kind} is no netlist of your own and has no parameters.NAME. Use sizing.NAME."
            )
        else:
            _check_sizes(study, cast(type[NeuronCell], self._kind))
        fixed: dict[str, float] = dict(study.device)
        if study.temperature is not None:
            fixed["T"] = study.temperature
        own = self._preset.device if self._preset else _own_device(self._kind)
        self.device = changed_device(own, fixed, "[device]")
        nominal = self._values({})
        self.draws: dict[str, NDArray[np.float64]] = draw(
            study.distributions,
            {name: self._nominal(name, nominal) for name in study.distributions},
            study.seed,
            study.samples,
            study.correlated,
            study.correlation,
            study.sampling,
        )
        self.setup = self._setup(nominal)
        if get_study(study.measure.kind).curve:
            self.curve_inputs, self.curve_points = self.setup.inputs, len(self.setup.inputs) or self.setup.points
        self.window = self.setup.duration - self.setup.warm_up

    def values(self, title: str, grid: dict[str, Any], drawn: dict[str, float], sample: int) -> dict[str, Any]:
        """Return the parameters of the study for a job."""
        values = self._values(grid | drawn)
        device = changed_device(self.device, part(grid | drawn, "device"), title)
        if "temperature" in grid or "temperature" in drawn:
            device = device.replace(T=values["temperature"])
        sizing = self._sizing(grid, values)
        changes = part(grid | drawn, "sizing")
        if changes and sizing:
            sizing = dataclasses.replace(sizing, **changes)
        if self.study.measure.kind != "output":
            values["vin"] = self.study.measure.values.get("vin", values["vin"] if "vin" in grid else None)
        inputs = self.setup.inputs or ((values["vin"],) if isinstance(values["vin"], float) else ())
        input_doubts(self._rails(values["vdd"]), inputs, warn=True)
        made = {
            "cell": self._kind if is_cell_file(self._kind) else self._kind.kind,
            "preset": device,
            "technology": technology_name(values["cmos"], values["corner"]) if values["cmos"] else None,
            "vdd": values["vdd"],
            "temperature": values["temperature"],
            "vin": values["vin"],
            "sizing": sizing,
            "parameters": part(grid | drawn, "parameters"),
            "mismatch": self.mismatch(sample),
            "duration": self.setup.duration,
            "repeats": self.study.measure.repeats,
            "sample_step": self.setup.step,
            "accuracy": self.study.measure.values.get("accuracy"),
            "seed": self.study.seed,
        }
        known = get_study(self.study.measure.kind).all_parameters()
        return {name: value for name, value in made.items() if name in known}

    def _rails(self, vdd: float) -> tuple[float, float]:
        """Voltages of vss and vdd [V]."""
        single = is_cell_file(self._kind) and self._kind.design.single_ended
        return (0.0, vdd) if single else (-vdd / 2, vdd / 2)

    def _values(self, changed: Mapping[str, Any]) -> dict[str, Any]:
        """Return the parameters of the run itself: nominal, except for those that are changed."""
        study = self.study
        cmos = changed.get("cmos", self._cmos)
        vdd = changed.get("vdd", self._vdd(cmos))
        values: dict[str, Any] = {
            "cmos": cmos,
            "corner": changed.get("corner", self._corner),
            "vin": changed.get("vin", self._middle(vdd) if study.vin is None else study.vin),
            "temperature": changed.get("temperature", self.device.parameters()["T"]),
            "vdd": vdd,
        }
        return values

    @property
    def _cmos(self) -> str:
        """Technology of the study; empty where the netlist of a cell file has its own models."""
        return self.study.cmos or (self._kind.cmos if is_cell_file(self._kind) else "generic")

    @property
    def _corner(self) -> str:
        """Corner of the study, else that which the cell file or its netlist names."""
        named = ""
        if is_cell_file(self._kind) and not self.study.cmos:
            named = self._kind.corner or ("" if ".toml" in self._cmos.lower() else self._cmos.partition(":")[2])
        return self.study.corner or named or "tt"

    def _middle(self, vdd: float) -> float:
        """Middle of the supply [V]."""
        return vdd / 2 if is_cell_file(self._kind) and self._kind.design.single_ended else 0.0

    def _vdd(self, cmos: str) -> float:
        """The study's supply, else that of ``characterize`` [V]."""
        if self.study.vdd is not None:
            return self.study.vdd
        made = technology(cmos, self._corner) if cmos else None
        found = choose_vdd(self._kind, self._preset, made) or (made.vdd if made else None)
        if found is None:
            raise UsageError(f"{self._kind.kind} has no supply voltage. Write vdd = 0.8 into its file or the study.")
        return found

    def _sizing(self, grid: Mapping[str, Any], values: Mapping[str, Any]) -> Sizing | None:
        """Sizes for the nominal junction and supply; with resize = "grid", for those of the grid point."""
        if is_cell_file(self._kind):
            return None
        device, vdd = self.device, self._values({"cmos": values["cmos"]})["vdd"]
        if self.study.resize == "grid":
            device = changed_device(device, part(grid, "device"), "grid")
            vdd = grid.get("vdd", vdd)
        sizes: Any = cast(type[NeuronCell], self._kind).sizes
        sizing = _sized(sizes, device, values["cmos"], self._corner, vdd)
        return dataclasses.replace(sizing, **self.study.sizing) if self.study.sizing else sizing

    def _nominal(self, name: str, values: Mapping[str, Any]) -> float | None:
        """Return the nominal value of a parameter, or None if this junction does not have it."""
        prefix, _, field = name.partition(".")
        if prefix == "sizing":
            return float(getattr(self._sizing({}, values), field))
        if prefix == "parameters":
            assert is_cell_file(self._kind)
            return parameter_value(self._kind.design, field)
        if prefix == "device":
            if field not in self.device.settable():
                raise UsageError(f"[montecarlo]: the junction {self.preset} has no parameter {field!r}.")
            return self.device.value_of(field)
        return float(values[name])

    def _setup(self, values: Mapping[str, Any]) -> Setup:
        """Return what all jobs share; duration and samples are those of the nominal junction."""
        study, measure = self.study, self.study.measure
        sizing = self._sizing({}, values)
        made: Any = technology(values["cmos"], values["corner"]) if values["cmos"] else None
        more: dict[str, Any] = {} if is_cell_file(self._kind) else {"sizing": sizing}
        cell: Any = self._kind(self.device, made, vdd=values["vdd"], **more)
        settings = make_settings(
            cell,
            self.preset,
            cmos=None,
            vdd=None,
            vin="auto",
            duration=measure.values.get("duration"),
            trials=measure.repeats,
            seed=study.seed,
        )
        given = measure.values.get("vin")
        swept = parse_vin("auto:17" if given is None else given) if measure.kind in CURVES else None
        return Setup(
            inputs=tuple(swept.values.tolist()) if isinstance(swept, GridVin | ListVin) else (),
            points=swept.points if isinstance(swept, AutoVin) else 0,
            duration=settings.duration,
            warm_up=settings.warm_up,
            step=settings.sample_step,
        )


def make_plan(study: Study) -> Numbered:
    """Return the jobs of a study."""
    return Plan(study) if of_a_neuron(study.measure.kind) else StudyPlan(study)


_sized = functools.lru_cache(maxsize=4096)(
    lambda sizes, device, cmos, corner, vdd: sizes.for_junction(device, technology(cmos, corner), vdd)
)


def _check_sizes(study: Study, kind: type[NeuronCell]) -> None:
    """Refuse sizes that another cell has, but not this one.

    Raises
    ------
    UsageError
    """
    names = kind.sizes.names()
    varied = (name.partition(".")[2] for name in (*study.grid, *study.distributions) if name.startswith("sizing."))
    for name in (*varied, *study.sizing):
        if name not in names:
            raise UsageError(
                f"sizing.{name}: the cell {kind.kind} has no such size. {did_you_mean(name, names)} "
                f"Its sizes: {', '.join(names)}."
            )


def _check_netlist(study: Study, kind: CellFile) -> None:
    """Refuse what a study cannot vary in a circuit that it did not draw.

    Raises
    ------
    UsageError
    """
    varied = {*study.grid, *study.distributions, *(f"device.{name}" for name in study.device)}
    sizes = [name for name in varied if name.startswith("sizing.")] + [f"sizing.{name}" for name in study.sizing]
    if sizes or study.resize != "never":
        what = sizes[0] if sizes else "resize"
        raise UsageError(
            f"{what}: the transistors of {kind.kind} are as its netlist has them. Vary parameters of the netlist, "
            "parameters.NAME."
        )
    known = parameter_names(kind.design)
    for name in (*(n for n in varied if n.startswith("parameters.")), *(f"parameters.{n}" for n in study.parameters)):
        if name.partition(".")[2].lower() not in known:
            hint = did_you_mean(name.partition(".")[2].lower(), known)
            raise UsageError(f"{name}: {kind.kind} has no such parameter. {hint}")
    if not kind.needs_junction and any(name.startswith("device.") for name in varied):
        raise UsageError(f"every junction of {kind.kind} has parameters of its own; a study cannot vary device.NAME.")
    named = study.cmos or kind.cmos or "cmos" in study.grid
    if not named and study.mismatch is not None:
        raise UsageError(
            f"mismatch: the models of {kind.kind} stand in its netlist, which says nothing of mismatch. Name a "
            "technology (cmos), or leave it out."
        )
    if not named and (study.corner or "corner" in study.grid):
        raise UsageError(f"the models of {kind.kind} stand in its netlist and have no corners. Leave corner out.")


def _own_device(kind: Any) -> Device:
    """Return the first junction of a netlist that has parameters of its own."""
    device: Device = kind.design.junctions[0].device
    return device


def changed_device(device: Device, values: Mapping[str, float], where: str) -> Device:
    """Return a junction with other parameters, derived ones included (:meth:`spinspice.devices.Device.changed`)."""
    return device.changed(values, where)
