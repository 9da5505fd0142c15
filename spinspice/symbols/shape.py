"""What a symbol is before an editor is chosen: name, pins with sides, parameters with defaults."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import cast

from spinspice.devices import models
from spinspice.devices.base import Device
from spinspice.units import format_number

#: Ports of cells that stand above and below; the others stand left (in) and right (out).
_ABOVE, _BELOW = ("vdd",), ("vss",)
_OUTPUTS = ("out", "outb", "mid", "state", "count", "nq", "q", "qb")


@dataclasses.dataclass(frozen=True)
class Pin:
    """A pin at (x, y), in steps of ten units, y downwards; ``side`` is left, right, top or bottom."""

    name: str
    x: int
    y: int
    side: str


@dataclasses.dataclass(frozen=True)
class Shape:
    """A symbol: subcircuit, pins in the order of its ports, parameters with default texts, and one line on it."""

    name: str
    pins: tuple[Pin, ...]
    parameters: Mapping[str, str]
    about: str
    junction: bool = False

    @property
    def half_height(self) -> int:
        """Half the height of the body."""
        sides = [abs(pin.y) for pin in self.pins if pin.side in ("left", "right")]
        return max([2, *(y + 1 for y in sides)])


def model_shape(kind: type[Device]) -> Shape:
    """Return the symbol of a compact model: a junction from ``free`` down to ``ref``, other ports to the right.

    Parameters have the defaults of the model; ``seed`` is 1.
    """
    others = [port for port in kind.ports if port not in ("free", "ref")]
    inputs = [port for port in others if port in kind.terminals]
    outputs = [port for port in others if port not in kind.terminals]
    places = {"free": ("top", 0, -4), "ref": ("bottom", 0, 4)}
    places |= {name: ("left", -4, 2 * k - len(inputs) + 1) for k, name in enumerate(inputs)}
    places |= {name: ("right", 4, 2 * k - len(outputs) + 1) for k, name in enumerate(outputs)}
    pins = tuple(Pin(port, places[port][1], places[port][2], places[port][0]) for port in kind.ports)
    parameters = {field.name: format_number(cast(float, field.default)) for field in dataclasses.fields(kind)}
    about = (kind.__doc__ or kind.model).strip().splitlines()[0].split(". Ports")[0].rstrip(".")
    return Shape(kind.model, pins, {**parameters, "seed": "1"}, about, junction=True)


def model_shapes() -> list[Shape]:
    """Return the symbols of all compact models that are known, those of installed packages included."""
    return [model_shape(kind) for kind in models().values()]


def cell_shape(name: str, ports: tuple[str, ...], about: str, parameters: Mapping[str, str] | None = None) -> Shape:
    """Return the symbol of a cell: supplies above and below, outputs right, all else left."""
    sides: dict[str, list[str]] = {"left": [], "right": [], "top": [], "bottom": []}
    for port in ports:
        side = "top" if port in _ABOVE else "bottom" if port in _BELOW else "right" if port in _OUTPUTS else "left"
        sides[side].append(port)
    tall = 2 * max(len(sides["left"]), len(sides["right"]), 2)
    places: dict[str, tuple[int, int]] = {}
    for side, x in (("left", -8), ("right", 8)):
        places |= {port: (x, 4 * k - 2 * (len(sides[side]) - 1)) for k, port in enumerate(sides[side])}
    for side, y in (("top", -tall - 2), ("bottom", tall + 2)):
        places |= {port: (4 * k - 2 * (len(sides[side]) - 1), y) for k, port in enumerate(sides[side])}
    where = {port: side for side, names in sides.items() for port in names}
    pins = tuple(Pin(port, *places[port], where[port]) for port in ports)
    return Shape(name, pins, {"seed": "1", **(parameters or {})}, about)
