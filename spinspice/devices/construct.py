"""From what users have of a junction (RA, diameter, Hk, delta) to the parameters of a macrospin."""

from __future__ import annotations

import dataclasses
import math
from typing import Any

from spinspice.constants import k_B, mu_0
from spinspice.devices.demagnetisation import elliptic_disk
from spinspice.devices.landscape import landscape
from spinspice.devices.noise_step import longest_noise_step, rounded_down
from spinspice.errors import ParameterError, check_range, did_you_mean
from spinspice.units import number

_IN_PLANE = ("B_k", "Hk", "delta")
_PERPENDICULAR = (*_IN_PLANE, "B_eff", "Hk_eff")
_RESISTANCE = ("R_P", "RA")
#: What makes up a junction, beside its size, resistance and anisotropy.
_NO_DEFAULTS = ("t_free", "Ms", "alpha", "TMR")
_DEMAGNETISING = ("Nx", "Ny", "Nz")
#: Strongest anisotropy that is looked for [T]: the range of the model.
_STRONGEST = 100.0
_BISECTIONS = 200


def in_plane(cls: Any, shape: str, given: dict[str, Any]) -> dict[str, float]:
    """Return the parameters of an in-plane junction; arguments as ``Macrospin.disk`` or ``Macrospin.ellipse``."""
    who = f"{cls.__name__}.{shape}"
    axes = ("diameter", "diameter") if shape == "disk" else ("length", "width")
    values = _prepared(cls, who, axes, given, _IN_PLANE)
    field = _chosen(values, _IN_PLANE, who, optional=True)
    start = {"kx": 1.0, "ky": 0.0, "kz": 0.0, "px": 1.0, "py": 0.0, "pz": 0.0}
    return _finished(cls, start | values, field)


def out_of_plane(cls: Any, given: dict[str, Any]) -> dict[str, float]:
    """Return the parameters of a perpendicular junction; arguments as ``Macrospin.perpendicular``."""
    who = f"{cls.__name__}.perpendicular"
    values = _prepared(cls, who, ("diameter", "diameter"), given, _PERPENDICULAR, needed=True)
    field = _chosen(values, _PERPENDICULAR, who)
    assert field is not None
    name, value = field
    against = mu_0 * values["Ms"] * (values["Nz"] - max(values["Nx"], values["Ny"]))
    if name in ("B_eff", "Hk_eff"):
        net = value if name == "B_eff" else mu_0 * value
        field = ("B_k", against + net)
    start = {"kx": 0.0, "ky": 0.0, "kz": 1.0, "px": 0.0, "py": 0.0, "pz": 1.0, "phi0": 0.0, "theta0": 0.0}
    made = _finished(cls, start | values, field)
    # Net field without what is applied: a field along z tips the balance of the two states, not the axis.
    net = made["B_k"] - against
    if not net > 0.0:
        raise ParameterError(
            f"{who}: B_k = {made['B_k']:.4g} T does not overcome the demagnetising field, mu_0 Ms (Nz - Nx) = "
            f"{against:.4g} T: this layer lies in the plane. If it is the net field, call it B_eff [T] or Hk_eff [A/m]."
        )
    if "theta0" not in values:
        moment = values["Ms"] * values["area"] * values["t_free"]
        thermal = k_B * float(values.get("T", cls.T)) / (moment * net)
        made["theta0"] = min(math.sqrt(thermal), 1.0) if thermal else 0.1
    return made


def _prepared(
    cls: Any, who: str, axes: tuple[str, str], given: dict[str, Any], anisotropy: tuple[str, ...], needed: bool = False
) -> dict[str, Any]:
    """Return checked numbers, with area, R_P and demagnetising factors in place of what they follow from."""
    known = [field.name for field in dataclasses.fields(cls)]
    extra = {*axes, *_RESISTANCE, *anisotropy}
    for name in given:
        if name == "area":
            raise ParameterError(f"{who} gets the area from its {' and '.join(dict.fromkeys(axes))}. Leave area out.")
        if name not in (*known, *extra):
            raise ParameterError(f"{who} takes no {name!r}. {did_you_mean(name, {*known, *extra})}")
    values = {name: number(value, name) for name, value in given.items() if value is not None}
    missing = [name for name in dict.fromkeys((*axes, *_NO_DEFAULTS)) if name not in values]
    missing += [" or ".join(group) for group in (_RESISTANCE, *([anisotropy] if needed else []))
                if not any(name in values for name in group)]  # fmt: skip
    if missing:
        raise ParameterError(f"{who} lacks {', '.join(missing)}: what makes up a junction has no silent default.")
    for name in dict.fromkeys(axes):
        check_range(name, values[name], 0.0, 1e-5, unit="m", where=who, hint="Metres: 30 nm are 30e-9", open_low=True)
    length, width = (values[name] for name in axes)
    for name in set(axes):
        del values[name]
    if width > length:
        raise ParameterError(f"width = {width:g} m is more than length = {length:g} m, which lies along x ({who}).")
    for name in ("Ms", "alpha"):
        check_range(name, values[name], 0.0, 1e300, where=who, open_low=True)
    check_range("t_free", values["t_free"], 0.0, 1e-6, unit="m", where=who, hint="Metres: 2 nm are 2e-9", open_low=True)
    values["area"] = math.pi * length * width / 4.0
    name, resistance = _chosen(values, _RESISTANCE, who)  # type: ignore[misc]
    values["R_P"] = resistance / values["area"] if name == "RA" else resistance
    factors = [name for name in _DEMAGNETISING if name in values]
    if factors and len(factors) < 3:
        raise ParameterError(
            f"{who} got {', '.join(factors)} only. Give Nx, Ny and Nz, or none for those of the shape."
        )
    if not factors:
        values |= dict(zip(_DEMAGNETISING, elliptic_disk(length, width, values["t_free"]), strict=True))
    return values


def _chosen(
    values: dict[str, Any], names: tuple[str, ...], who: str, optional: bool = False
) -> tuple[str, float] | None:
    """Take out the one of several parameters that says the same thing in different ways.

    Raises
    ------
    ParameterError
        If it is missing or given twice.
    """
    given = [name for name in names if values.get(name) is not None]
    if len(given) > 1:
        raise ParameterError(f"{who} got {' and '.join(given)}, which say the same thing. Give one of them.")
    if not given and not optional:
        raise ParameterError(f"{who} needs one of {', '.join(names)}.")
    taken = {name: values.pop(name, None) for name in names}
    return (given[0], float(taken[given[0]])) if given else None


def _finished(cls: Any, values: dict[str, Any], field: tuple[str, float] | None) -> dict[str, float]:
    """Return the parameters with the anisotropy field in place."""
    name, value = field or ("B_k", 0.0)
    if name == "Hk":
        value = mu_0 * value
    if name == "delta":
        known = {entry.name: entry.default for entry in dataclasses.fields(cls)} | values
        value = field_for_barrier(_Parameters(known), value)
    made = values | {"B_k": value}
    if "dt" not in values:
        # Half of what the magnet bears costs a few per cent of its variance; the default where that is longer.
        known = {entry.name: entry.default for entry in dataclasses.fields(cls)} | made
        bearable = longest_noise_step(_Parameters(known)) / 2.0 if float(known["T"]) > 0.0 else math.inf
        if bearable < float(cls.dt):
            made["dt"] = rounded_down(bearable)
            made.setdefault("max_step", made["dt"] / 4.0)
    return made


class _Parameters:
    """Parameters of a macrospin that is not made yet."""

    def __init__(self, values: dict[str, Any]) -> None:
        self.__dict__.update(values)


def barrier_of(device: Any) -> float:
    """Return the lower of the two barriers over k_B T [1]."""
    land = landscape(device)
    barrier = min((land.barrier(state) for state in land.minima), default=0.0)
    return barrier * device.Ms * device.area * device.t_free / (k_B * device.T)


def field_for_barrier(device: Any, delta: float) -> float:
    """Return the B_k [T] that gives a macrospin the barrier ``delta`` [k_B T], whatever else acts on it.

    By bisection; without applied field the barrier is linear in B_k once its axis is the easy one.

    Raises
    ------
    ParameterError
        If the barrier is higher without any B_k, or not reached.
    """
    check_range("delta", delta, 0.0, 1000.0, where="barrier of a macrospin over k_B T")
    check_range("T", device.T, 0.0, 2000.0, unit="K", open_low=True, where="temperature that delta refers to")
    values = {field: getattr(device, field) for field in _NEEDED}

    def barrier(field: float) -> float:
        return barrier_of(_Parameters(values | {"B_k": field}))

    k = (device.kx, device.ky, device.kz)
    factors = (device.Nx, device.Ny, device.Nz)
    # B_k from which on the axis is the easy one: it has to undo the demagnetisation along it.
    along = sum(n * c * c for n, c in zip(factors, k, strict=True))
    start = max(0.0, mu_0 * device.Ms * (along - min(factors)))
    if barrier(start) > delta * (1.0 + 1e-9) + 1e-9:
        raise ParameterError(
            f"delta = {delta:g} is less than the barrier of the shape alone, {barrier(start):.4g} k_B T. Make it "
            "rounder, thinner or smaller."
        )
    if barrier(_STRONGEST) < delta:
        raise ParameterError(f"delta = {delta:g} is not reached with any B_k up to {_STRONGEST:g} T. Lower the field.")
    moment = device.Ms * device.area * device.t_free
    direct = start + 2.0 * k_B * device.T * (delta - barrier(start)) / moment
    if direct <= _STRONGEST and abs(barrier(direct) - delta) <= 1e-12 * max(delta, 1e-300):
        return direct
    low, high = start, _STRONGEST
    for _ in range(_BISECTIONS):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if barrier(middle) < delta else (low, middle)
    return 0.5 * (low + high)


_NEEDED = ("Ms", "area", "t_free", "T", *_DEMAGNETISING, "kx", "ky", "kz", "Bx", "By", "Bz")
