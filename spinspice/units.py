"""Numbers at the door: SPICE suffixes in, SI out, and text that survives a round trip into a deck."""

from __future__ import annotations

import math
import re

from spinspice.errors import ParameterError

_SUFFIXES = {
    "t": 1e12,
    "g": 1e9,
    "meg": 1e6,
    "k": 1e3,
    "": 1.0,
    "m": 1e-3,
    "u": 1e-6,
    "µ": 1e-6,
    "n": 1e-9,
    "p": 1e-12,
    "f": 1e-15,
    "a": 1e-18,
}
_NUMBER = re.compile(r"^([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)\s*(meg|[tgkmuµnpfa]?)(ohm|s|v|a|hz|w|j|f|ω)?$")

#: One oersted in tesla.
OERSTED = 1e-4
#: One emu/cm^3 in A/m.
EMU_PER_CC = 1e3
#: One Ohm um^2 in Ohm m^2.
OHM_UM2 = 1e-12


def parse_number(text: str | float, name: str = "value") -> float:
    """Return a number given as a float or as SPICE text, whose suffixes ignore case (``m`` is milli, ``meg`` mega).

    >>> parse_number("5p"), parse_number("1.2meg"), parse_number("200ns")
    (5e-12, 1200000.0, 2e-07)

    Raises
    ------
    ParameterError
        If the text is no number.
    """
    if isinstance(text, int | float):
        return float(text)
    match = _NUMBER.match(str(text).strip().lower())
    if not match:
        raise ParameterError(f"{name} = {text!r} is not a number. Write it as 5e-12, 5p, 200n or 1meg (m is milli).")
    mantissa, suffix, _unit = match.groups()
    # Built as decimal text first: 5 * 1e-12 would differ from 5e-12 in the last bit.
    exponent = round(math.log10(_SUFFIXES[suffix]))
    return float(f"{mantissa}e{exponent}") if "e" not in mantissa else float(mantissa) * _SUFFIXES[suffix]


def format_number(value: float) -> str:
    """Return the shortest text that reads back as the same double: what decks are written with.

    >>> format_number(5e-12)
    '5e-12'
    """
    return repr(float(value))


def engineering(value: float, unit: str = "", digits: int = 4) -> str:
    """Return a number for people, with an SI prefix.

    >>> engineering(1.239e6, "Hz")
    '1.239 MHz'
    """
    if value == 0 or not math.isfinite(value):
        return f"{value:g} {unit}".strip()
    exponent = min(max(3 * math.floor(math.log10(abs(value)) / 3), -18), 12)
    prefix = {-18: "a", -15: "f", -12: "p", -9: "n", -6: "µ", -3: "m", 0: "", 3: "k", 6: "M", 9: "G", 12: "T"}[exponent]
    return f"{value / 10.0**exponent:.{digits}g} {prefix}{unit}".strip()


def with_error(value: float | None, stderr: float | None, unit: str) -> str:
    """Return value and standard error with one SI prefix: ``50.3 ± 0.4 mV``.

    >>> with_error(0.0503, 4e-4, "V")
    '50.3 ± 0.4 mV'
    """
    if value is None or not math.isfinite(value):
        return "-"
    text = engineering(value, unit)
    if not stderr or not math.isfinite(stderr):
        return text
    exponent = min(max(3 * math.floor(math.log10(max(abs(value), stderr)) / 3), -18), 12)
    scale = 10.0**exponent
    digits = max(0, -math.floor(math.log10(stderr / scale)))
    prefix = engineering(scale, unit).split(" ", 1)[1]
    return f"{value / scale:.{digits}f} ± {stderr / scale:.{digits}f} {prefix}"
