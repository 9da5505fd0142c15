"""Units of measured columns: what stands behind a name, as a factor (and an offset) to SI."""

from __future__ import annotations

import re

from spinspice.constants import mu_0
from spinspice.errors import UsageError
from spinspice.units import OERSTED

_PREFIXES = {"": 1.0, "T": 1e12, "G": 1e9, "M": 1e6, "k": 1e3, "m": 1e-3, "u": 1e-6, "µ": 1e-6, "μ": 1e-6}
_PREFIXES |= {"n": 1e-9, "p": 1e-12, "f": 1e-15}
#: Quantity -> spelling -> factor to SI. A field in A/m or oersted becomes the flux density that it has in vacuum.
_UNITS: dict[str, dict[str, float]] = {
    "time": {"s": 1.0, "sec": 1.0},
    "voltage": {"V": 1.0},
    "current": {"A": 1.0},
    "field": {"T": 1.0, "Oe": OERSTED, "G": OERSTED, "A/m": mu_0},
    "temperature": {"K": 1.0},
    "resistance": {"Ohm": 1.0, "ohm": 1.0, "\u03a9": 1.0, "\u2126": 1.0, "ohms": 1.0, "Ohms": 1.0},
    "rate": {"Hz": 1.0, "1/s": 1.0, "s-1": 1.0, "s^-1": 1.0},
    "share": {"1": 1.0, "%": 0.01, "": 1.0},
    "count": {"1": 1.0, "": 1.0},
    "signal": {"V": 1.0, "A": 1.0, "Ohm": 1.0, "ohm": 1.0, "Ω": 1.0, "1": 1.0, "": 1.0, "a.u.": 1.0},
}
_BRACKETS = re.compile(r"^(?P<name>.*?)\s*[\[(](?P<unit>[^\])]*)[\])]\s*$")
_TAIL = re.compile(r"^(?P<name>.+?)(?:\s+in\s+|\s*/\s*|_|\s+)(?P<unit>[^\s_]+)$")
#: What SPICE calls a voltage or a current is no name with a unit.
_SIGNAL = re.compile(r"[vi]\([^()]*\)", re.IGNORECASE)
_CELSIUS = ("C", "°C", "degC", "deg C", "celsius")


def split_unit(header: str) -> tuple[str, str | None]:
    """Return name and unit of a header such as ``bias (mV)``, ``time [us]``, ``T/K`` or ``R_kOhm``; None: no unit.

    >>> split_unit("bias (mV)"), split_unit("time_us"), split_unit("tau_P"), split_unit("R / kOhm")
    (('bias', 'mV'), ('time', 'us'), ('tau_P', None), ('R', 'kOhm'))
    >>> split_unit("v(out)")
    ('v(out)', None)
    """
    text = header.strip()
    if _SIGNAL.fullmatch(text):
        return text, None
    inside = _BRACKETS.match(text)
    if inside:
        return inside["name"].strip(), inside["unit"].strip()
    tail = _TAIL.match(text)
    # A name may end like a unit (the P of tau_P): only what is a unit and no state counts as one.
    if tail and tail["unit"] not in ("P", "AP", "A", "T", "G", "1") and _known(tail["unit"]):
        return tail["name"].strip(" ,;:"), tail["unit"]
    return text, None


def to_si(unit: str | None, quantity: str, where: str) -> tuple[float, float]:
    """Return factor and offset from a unit to SI; without a unit: SI already.

    Raises
    ------
    UsageError
        For a unit of something else, or none.
    """
    if unit is None or unit == "SI":
        return 1.0, 0.0
    if quantity == "temperature" and unit in _CELSIUS:
        return 1.0, 273.15
    factor = _factor(unit, quantity)
    if factor is None:
        others = [name for name in _UNITS if _factor(unit, name) is not None and name != quantity]
        why = f" It is one of {others[0]}: are two columns swapped?" if others else ""
        raise UsageError(
            f"{where}: the unit {unit!r} is none of {quantity}.{why} "
            f"Known: {', '.join(filter(None, _UNITS[quantity]))}, "
            "with a prefix from f to T" + (", and °C." if quantity == "temperature" else ".")
        )
    return factor, 0.0


def _known(unit: str) -> bool:
    return unit in _CELSIUS[1:] or any(_factor(unit, quantity) is not None for quantity in _UNITS if unit)


def _factor(unit: str, quantity: str) -> float | None:
    table = _UNITS[quantity]
    if unit in table:
        return table[unit]
    if quantity in ("share", "count", "temperature"):
        return None
    for prefix, value in _PREFIXES.items():
        if prefix and unit.startswith(prefix) and unit[len(prefix) :] in table:
            return value * table[unit[len(prefix) :]]
    return None
