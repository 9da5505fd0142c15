"""Numbers at the door: SPICE suffixes in, SI out, and text that survives a round trip into a deck."""

from __future__ import annotations

import dataclasses
import math
import re
from typing import Literal, SupportsIndex

from spinspice.errors import ParameterError, shown

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
_NUMBER = re.compile(
    r"^([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)\s*(meg|[tgkmuµnpfa]?)(ohm|s|v|a|hz|w|j|f|ω)?$", re.ASCII
)

#: SI prefixes by exponent of ten.
_PREFIXES = {-24: "y", -21: "z", -18: "a", -15: "f", -12: "p", -9: "n", -6: "µ", -3: "m"}
_PREFIXES |= {0: "", 3: "k", 6: "M", 9: "G", 12: "T", 15: "P"}

#: Units that take a prefix; one that has a prefix already takes no second.
_WITH_PREFIX = frozenset(("V", "A", "s", "Hz", "W", "J", "F", "Ohm", "T", "H", "C"))
#: Units before which no prefix can be read: per cent, and those that have one.
_WITHOUT_PREFIX = re.compile(r"%|[yzafpnuµmckMGTP](?:V|A|s|Hz|W|J|F|Ohm|Ω|T|H|C|S|m|eV|rad|bit)(?![A-Za-z])")

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
        try:
            return float(text)
        except OverflowError:
            raise ParameterError(f"{name} = {shown(text)} is too large for a number.") from None
    match = _NUMBER.match(str(text).strip().lower())
    if not match:
        raise ParameterError(
            f"{name} = {shown(text)} is not a number. Write it as 5e-12, 5p, 200n or 1meg (m is milli)."
        )
    mantissa, suffix, _unit = match.groups()
    # Built as decimal text first: 5 * 1e-12 would differ from 5e-12 in the last bit.
    exponent = round(math.log10(_SUFFIXES[suffix]))
    number = float(f"{mantissa}e{exponent}") if "e" not in mantissa else float(mantissa) * _SUFFIXES[suffix]
    if math.isinf(number):
        raise ParameterError(f"{name} = {shown(text)} is too large for a number.")
    return number


def number(value: object, name: str) -> float:
    """Return a number given as one (also numpy's), or as SPICE text; nothing else is taken, booleans included.

    Raises
    ------
    ParameterError
    """
    if isinstance(value, str):
        return parse_number(value, name)
    if isinstance(value, bool) or not hasattr(value, "__float__") or getattr(value, "ndim", 0) != 0:
        raise ParameterError(f"{name} = {value!r} is not a number. Write it as 5e-12, or as text with a suffix: '5p'.")
    try:
        return float(value)
    except OverflowError:
        raise ParameterError(f"{name} = {shown(str(value))} is too large for a number.") from None


def whole_number(value: object, name: str, low: int, high: int, where: str = "") -> int:
    """Return a whole number in [low, high]: an int (also numpy's), or a float without a fraction.

    Raises
    ------
    ParameterError
    """
    text = isinstance(value, str)
    if isinstance(value, bool) or not (text or isinstance(value, SupportsIndex) or hasattr(value, "__float__")):
        raise ParameterError(f"{name} = {value!r} is not a whole number{f' ({where})' if where else ''}.")
    exact = int(value) if isinstance(value, SupportsIndex) else number(value, name)
    if exact != exact or (abs(exact) != float("inf") and exact != int(exact)):
        raise ParameterError(f"{name} = {value!r} is not a whole number{f' ({where})' if where else ''}.")
    if not low <= exact <= high:
        raise ParameterError(f"{name} = {exact} is outside [{low}, {high}]{f' ({where})' if where else ''}.")
    return int(exact)


def format_number(value: float) -> str:
    """Return the shortest text that reads back as the same double: what decks are written with.

    >>> format_number(5e-12)
    '5e-12'
    """
    return repr(float(value))


def engineering(value: float, unit: str = "", digits: int = 4) -> str:
    """Return a number for people, with an SI prefix where the unit takes one.

    >>> engineering(1.239e6, "Hz"), engineering(0.3, "nJ"), engineering(0.71, "%")
    ('1.239 MHz', '0.3 nJ', '0.71 %')
    """
    if _WITHOUT_PREFIX.match(unit):
        return f"{value + 0.0:.{max(digits, 4)}g} {unit}"
    if value == 0 or not math.isfinite(value):
        return f"{value + 0.0:g} {unit}".strip()  # -0.0 is 0
    rounded = float(f"{value:.{digits}g}")  # 999.97 m with three digits is 1
    exponent = _exponent(rounded)
    mantissa = float(f"{rounded / 10.0**exponent:.{digits}g}")
    return f"{mantissa:.{max(digits, 4)}g} {_PREFIXES[exponent]}{unit}".strip()


def _exponent(value: float) -> int:
    """Return the exponent of ten of the SI prefix that a number is written with."""
    return min(max(3 * math.floor(math.log10(abs(value)) / 3), min(_PREFIXES)), max(_PREFIXES))


#: Standard error of a number that no noise enters: the same for every seed.
DETERMINISTIC = 0.0
#: A standard error below this part of the number is what rounding leaves of none (our choice).
ROUNDING = 1e-10
#: What stands in place of a standard error that is unknown: of a run with too few independent samples.
UNKNOWN = "± unknown"


def with_error(value: float | None, stderr: float | None, unit: str = "", *, prefix: bool = True) -> str:
    """Return value and standard error, the error to two digits, the value to the same place, with one SI prefix.

    This is how every number of every table, picture and report is written.

    Parameters
    ----------
    value : float or None
        None or not finite: there is no such number, ``-``.
    stderr : float or None
        None or NaN: unknown. :data:`DETERMINISTIC`: no noise enters the number.
    unit : str
    prefix : bool
        Without, the number stands in the unit itself; so it does in per cent and in units that have a prefix.

    >>> with_error(0.0503, 4e-4, "V"), with_error(0.0503, None, "V"), with_error(5e-12, 0.0, "s")
    ('50.30 ± 0.40 mV', '50.3 mV ± unknown', '5 ps (deterministic)')
    >>> with_error(1130.17, 8.4, prefix=False)
    '1130.2 ± 8.4'
    """
    if value is None or not math.isfinite(value):
        return "-"
    prefix = prefix and not _WITHOUT_PREFIX.match(unit)
    alone = engineering(value, unit) if prefix else f"{value:.4g} {unit}".strip()
    if stderr is None or not math.isfinite(stderr):
        return f"{alone} {UNKNOWN}"
    if stderr == DETERMINISTIC or stderr < ROUNDING * abs(value):
        return f"{alone} (deterministic)"
    largest = max(abs(value), stderr)
    exponent = _exponent(largest) if prefix else 0
    scale = 10.0**exponent
    decimals = 1 - math.floor(math.log10(stderr / scale))
    if not -4 <= decimals <= 8:
        text = f"{value / scale:.4g} ± {stderr / scale:.2g}"
    else:
        decimals = max(decimals, 0)
        text = f"{value / scale:.{decimals}f} ± {stderr / scale:.{decimals}f}"
    return f"{text} {_PREFIXES[exponent]}{unit}".strip()


@dataclasses.dataclass(frozen=True)
class Estimate:
    """A number that noise enters, with what is known of its error: ``str`` is for people, ``float`` the value.

    Parameters
    ----------
    value : float or None
        In ``unit``. None: there is no such number.
    stderr : float or None
        Standard error in ``unit``; None or NaN: unknown; :data:`DETERMINISTIC`: no noise enters.
    unit : str
        SI unit.
    note : str
        What the reader must know.
    bound : {"", "at most", "at least"}
        Where only a bound is known, which ``value`` then is.
    """

    value: float | None
    stderr: float | None = None
    unit: str = ""
    note: str = ""
    bound: Literal["", "at most", "at least"] = ""

    def __str__(self) -> str:
        prefix = self.unit in _WITH_PREFIX
        if not self.bound:
            return with_error(self.value, self.stderr, self.unit, prefix=prefix)
        if self.value is None or not math.isfinite(self.value):
            return "no bound"
        number = engineering(self.value, self.unit) if prefix else f"{self.value:.4g} {self.unit}".strip()
        return f"{self.bound} {number}"

    def __float__(self) -> float:
        return math.nan if self.value is None else float(self.value)

    @property
    def known(self) -> bool:
        """Whether value and standard error are both known."""
        numbers = (self.value, self.stderr)
        return not self.bound and all(number is not None and math.isfinite(number) for number in numbers)

    def differs(self, other: Estimate | float) -> float:
        """Return the distance to another number in combined standard errors, NaN where an error is unknown.

        ``inf`` for two exact numbers that are not the same.
        """
        there = other if isinstance(other, Estimate) else Estimate(float(other), DETERMINISTIC)
        if not (self.known and there.known):
            return math.nan
        apart, error = abs(float(self) - float(there)), math.hypot(self.stderr or 0.0, there.stderr or 0.0)
        return apart / error if error else (0.0 if apart == 0.0 else math.inf)
