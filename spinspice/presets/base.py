"""What a preset is: a published junction with its source, and what was chosen because the source leaves it open."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from spinspice.devices.base import Device
from spinspice.results import Grid, Summarised

#: Why the settings of the numerics are what they are; part of ``Preset.chosen`` of every macrospin junction.
MACROSPIN_NUMERICS: Mapping[str, str] = {
    "dt": "noise step 5 ps: the thermal variance is within 1 % of Boltzmann's, 2 % for a stable perpendicular layer "
    "(docs/theory.md, 3.2)",
    "max_step": "a quarter of a noise step: the path m(t) is then followed to 1e-2 for 1 ns",
    "theta0": "starts in the plane; a warm-up is discarded, so it does not enter results",
    "phi0": "starts between P and AP; a warm-up is discarded",
}
#: Conventions shared by in-plane junctions whose source draws the reference layer along one axis.
IN_PLANE_GEOMETRY: Mapping[str, str] = {
    "px": "reference layer along x: our naming of the axes",
    "py": "reference layer along x",
    "pz": "reference layer along x, in the plane",
    "kx": "in-plane axis along the reference layer: our naming of the axes",
    "ky": "in-plane axis along x",
    "kz": "in-plane axis along x",
}
#: Effects that are left out because the source gives no value for them.
NO_EXTRAS: Mapping[str, str] = {
    "field_like": "no field-like torque: not given",
    "vcma": "no voltage-controlled anisotropy: not given",
}
NO_FIELD: Mapping[str, str] = {
    "Bx": "no applied field: not given, or stray field cancelled",
    "By": "no applied field",
    "Bz": "no applied field",
}


@dataclasses.dataclass(frozen=True, kw_only=True)
class Preset(Summarised):
    """A published junction.

    Parameters
    ----------
    name : str
        Name by which it is loaded: source and, where a source has several, which one.
    title : str
        One line for tables.
    device : Device
        The compact model with all its parameters, SI.
    source : str
        Citation.
    published : mapping of str to str
        Parameter -> what the source states and how it becomes the SI value.
    chosen : mapping of str to str
        Parameter -> why it has this value although the source leaves it open.
    cell : mapping of str to float
        Defaults of a cell built around it: ``vdd``, the supply [V].
    notes : tuple of str
        Ambiguities of the source and how they are read here.
    """

    name: str
    title: str
    device: Device
    source: str
    published: Mapping[str, str]
    chosen: Mapping[str, str]
    cell: Mapping[str, float] = dataclasses.field(default_factory=lambda: {"vdd": 0.8})
    notes: tuple[str, ...] = ()

    def _summary(self) -> str:
        return f"{self.name}: {self.title}; {type(self.device).__name__}"

    def _grids(self) -> tuple[Grid, ...]:
        rows = [
            (name, f"{value:.6g}", self.published.get(name) or f"chosen: {self.chosen.get(name, '')}")
            for name, value in self.device.parameters().items()
        ]
        return (Grid(self.source, ("parameter", "value", "source"), rows),)

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain data, ready for JSON."""
        return {
            "name": self.name,
            "title": self.title,
            "model": self.device.model,
            "parameters": self.device.parameters(),
            "source": self.source,
            "published": dict(self.published),
            "chosen": dict(self.chosen),
            "cell": dict(self.cell),
            "notes": list(self.notes),
            "validity": list(self.device.validity),
        }
