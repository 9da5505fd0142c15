"""From what users have of a two-state junction (RA, dwell times, a critical voltage) to its parameters."""

from __future__ import annotations

import dataclasses
import math
from typing import Any

from spinspice.errors import ParameterError, check_range, did_you_mean
from spinspice.units import number

_DERIVED = ("RA", "diameter", "dwell", "tau_P", "tau_AP")
#: Temperature to which ``Telegraph.delta`` refers [K].
_REFERENCE = 300.0


def two_state(cls: Any, given: dict[str, Any]) -> dict[str, float]:
    """Return the parameters of a telegraph junction; arguments and errors as ``Telegraph.measured``."""
    who = f"{cls.__name__}.measured"
    fields = [field.name for field in dataclasses.fields(cls)]
    for name in given:
        if name not in (*fields, *_DERIVED):
            raise ParameterError(f"{who} takes no {name!r}. {did_you_mean(name, [*fields, *_DERIVED])}")
    values = {name: number(value, name) for name, value in given.items() if value is not None}
    if "TMR" not in values:
        raise ParameterError(f"{who} needs TMR, a ratio: 1.2 for 120 %.")
    _one_of(who, values, (("R_P",), ("RA", "diameter")))
    _one_of(who, values, (("V_c",), ("I_c",)))
    _one_of(who, values, (("delta",), ("dwell",), ("tau_P", "tau_AP")))
    if "RA" in values:
        diameter = check_range(
            "diameter", values.pop("diameter"), 0.0, 1e-5, unit="m", where=who, hint="Metres: 30 nm are 30e-9",
            open_low=True,
        )  # fmt: skip
        values["R_P"] = float(values.pop("RA")) / (math.pi * diameter**2 / 4.0)
    drive = 1.0 if "I_c" in values else 0.0
    if values.setdefault("drive", drive) != drive:
        raise ParameterError(
            f"{who}: drive = {values['drive']:g} contradicts {'I_c' if drive else 'V_c'}. Leave it out."
        )
    if "delta" not in values:
        values |= _barrier(who, values, cls)
        for name in ("dwell", "tau_P", "tau_AP"):
            values.pop(name, None)
    return values


def _barrier(who: str, values: dict[str, Any], cls: Any) -> dict[str, float]:
    """Return delta, and the field of two different dwell times."""
    phi0, T = (float(values.get(name, getattr(cls, name))) for name in ("phi0", "T"))
    names = ("dwell", "dwell") if "dwell" in values else ("tau_P", "tau_AP")
    hint = f"A dwell time is longer than that of no barrier, 1 / phi0 = {1 / phi0:g} s"
    roots = []
    for name in names:
        check_range(name, values[name], 1.0 / phi0, 1e30, unit="s", where=who, hint=hint)
        roots.append(math.sqrt(math.log(phi0 * values[name])))
    if "field" in values and names[0] == "tau_P":
        raise ParameterError(f"{who}: the field follows from tau_P and tau_AP. Leave it out.")
    if names[0] == "dwell" and values.get("field", 0.0) != 0.0:
        raise ParameterError(f"{who}: with a field each state has a dwell time of its own. Give tau_P and tau_AP.")
    total = roots[0] + roots[1]
    made = {"delta": (total / 2.0) ** 2 * T / _REFERENCE}
    return made if names[0] == "dwell" else made | {"field": (roots[0] - roots[1]) / total if total else 0.0}


def _one_of(who: str, values: dict[str, Any], choices: tuple[tuple[str, ...], ...]) -> None:
    """Check that exactly one of several groups of parameters is given, and that one whole."""
    said = ", or ".join(" and ".join(group) for group in choices)
    begun = [group for group in choices if any(name in values for name in group)]
    if len(begun) > 1:
        raise ParameterError(f"{who} got more than one of {said}. Give one.")
    if not begun or any(name not in values for name in begun[0]):
        raise ParameterError(f"{who} needs {said}.")
