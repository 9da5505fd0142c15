"""Names and numbers of a study file: what may be varied, and how a slip is answered."""

from __future__ import annotations

import dataclasses
import functools
import math
from collections.abc import Iterable, Mapping
from typing import Any

from spinspice.errors import UsageError, did_you_mean, shown
from spinspice.studies.parameter import Parameter
from spinspice.units import parse_number

#: Parameters that are names, not numbers.
TEXTS = ("cmos", "corner")
#: Parameters of the run that are numbers: input [V], supply [V], temperature [K].
NUMBERS = ("vin", "vdd", "temperature")
#: Units by name, where no device says them.
UNITS = {"vin": "V", "vdd": "V", "temperature": "K"}


def of_a_neuron(kind: str) -> bool:
    """Whether a study is of a neuron cell, whose junction and sizes a sweep keeps apart."""
    from spinspice.studies import get_study

    return get_study(kind).parameter_of("sizing") is not None


def known_parameters(kind: str = "output") -> tuple[str, ...]:
    """Return all parameters of a study that a grid or a distribution may name; sizes are those of all cells."""
    from spinspice.cells import cells

    if not of_a_neuron(kind):
        return tuple(_own_parameters(kind))
    device = [f"device.{name}" for name in _device_units()]
    sizing = [f"sizing.{name}" for cell in cells().values() for name in cell.sizes.names()]
    return (*NUMBERS, *TEXTS, *device, *dict.fromkeys(sizing))


def _own_parameters(kind: str) -> dict[str, Parameter | None]:
    """Return what a study lets a sweep vary: its parameters under all their names, and entries of its tables."""
    from spinspice.studies import get_study

    found: dict[str, Parameter | None] = {}
    for parameter in get_study(kind).all_parameters().values():
        if parameter.name == "device":
            found |= {f"device.{field}": None for field in _device_units()}
        elif parameter.varied and parameter.kind in ("number", "whole", "text"):
            found |= dict.fromkeys((parameter.name, *parameter.aliases), parameter)
        if parameter.name == "technology":
            found["corner"] = dataclasses.replace(parameter, name="corner")
    return found


def is_text(name: str, kind: str = "output") -> bool:
    """Whether the values of a parameter are names."""
    if name in TEXTS or of_a_neuron(kind):
        return name in TEXTS
    parameter = _own_parameters(kind).get(name)
    return parameter is not None and parameter.kind == "text"


def unit(name: str, kind: str = "output") -> str:
    """Return the SI unit of a parameter, or an empty string where it has none or is a name."""
    parameter = None if of_a_neuron(kind) else _own_parameters(kind).get(name)
    if parameter is not None:
        return parameter.unit
    prefix, _, field = name.partition(".")
    if prefix == "device":
        return _device_unit(field) or ""
    if prefix == "sizing":
        return {"ratio": "1", "R_ref": "Ohm"}.get(field, "m")
    return UNITS.get(name, "")


def _device_units() -> dict[str, str]:
    """Units of all parameters, derived ones too, of the junctions that cells take; of the first that has a name."""
    from spinspice.devices import two_terminal_models

    units: dict[str, str] = {}
    for kind in two_terminal_models().values():
        units = kind.settable() | units
    return units


@functools.cache
def _device_unit(name: str) -> str | None:
    """Unit of a parameter of junctions, as :func:`_device_units` has it; loads no more of them than it must."""
    from spinspice.devices.own import MODULES
    from spinspice.devices.registry import find_model

    for model in MODULES:
        kind = find_model(model)
        if kind.terminals == ("free", "ref") and name in (known := kind.settable()):
            return known[name]
    return _device_units().get(name)


def check_keys(table: Mapping[str, Any], allowed: Iterable[str], where: str) -> None:
    """Raise UsageError for a key that is not allowed, with the closest one that is."""
    allowed = tuple(allowed)
    for key in table:
        if key not in allowed:
            raise UsageError(f"{where}: {key!r} is not known. {did_you_mean(str(key), allowed)}")


def check_parameter(name: str, where: str, also: Iterable[str] = (), kind: str = "output") -> None:
    """Raise UsageError unless ``name`` is a parameter that can be varied."""
    prefix, _, field = name.partition(".")
    if prefix == "parameters" and field.isidentifier():
        return  # of a netlist: whether it has this one is asked where the netlist is known
    if of_a_neuron(kind) and (name in (*NUMBERS, *TEXTS) or (prefix == "device" and _device_unit(field) is not None)):
        return
    known = known_parameters(kind)
    if name not in known:
        raise UsageError(f"{where}: no parameter {name!r}. {did_you_mean(name, (*known, *also))}")


def number(value: Any, what: str) -> float:
    """Return a finite number given as such or as text with a SPICE suffix; nothing else is taken.

    Raises
    ------
    UsageError
        For anything else, booleans, infinities and expressions included.
    """
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise UsageError(f'{what} = {shown(value)} is not a number. Write 0.8, 5e-12 or "5p".')
    read = parse_number(value, what)
    if not math.isfinite(read):
        raise UsageError(f"{what} = {shown(value)} is not finite.")
    return read


def words(value: Any, what: str) -> str:
    """Return a name, if it is one."""
    if not isinstance(value, str) or not value.strip() or not value.isprintable():
        raise UsageError(f"{what} = {shown(value)} is not a name. Write it in quotes.")
    return value


def flatten(table: Mapping[str, Any], where: str, leaf: str = "") -> dict[str, Any]:
    """Return dotted names for the nested tables that TOML makes of ``device.R_P = ...``.

    A table with the key ``leaf`` is a value, not a nesting.
    """
    flat: dict[str, Any] = {}
    for name, value in table.items():
        nested = isinstance(value, Mapping) and not (leaf and leaf in value)
        inner = {f"{name}.{key}": entry for key, entry in value.items()} if nested else {name: value}
        if nested and name not in ("device", "sizing", "parameters"):
            raise UsageError(
                f"{where}: {name} = {dict(value)!r} cannot be read"
                + (f"; a distribution is a table with the key {leaf!r}." if leaf else "; give a list of values.")
            )
        for key, entry in inner.items():
            if key in flat:
                raise UsageError(f"{where}: {key} is given twice.")
            flat[key] = entry
    return flat
