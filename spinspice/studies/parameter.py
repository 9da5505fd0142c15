"""A parameter of a study: name, meaning, unit and range, from which arguments, options and sweeps follow."""

from __future__ import annotations

import dataclasses
import math
import os
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal

from spinspice.errors import ParameterError, UsageError, check_range, did_you_mean
from spinspice.units import engineering, number, whole_number

#: What the values of a parameter are; a ``"table"`` maps names to numbers; an ``"object"`` is taken as it is.
Kind = Literal["number", "whole", "text", "flag", "table", "object"]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Parameter:
    """A parameter of a study.

    Parameters
    ----------
    name : str
        Argument in Python, option on the command line (:attr:`flags`), and name in a sweep.
    meaning : str
        What it is, for people: the help of the command line.
    default : object
        Its value where none is given; None for one that the study chooses, as ``chosen`` says.
    chosen : str
        What is taken where there is no default, for people.
    kind : {"number", "whole", "text", "flag", "table", "object"}
    unit : str
        SI unit of a number.
    low, high : float
        Allowed range of a number, ends included.
    choices : tuple of str
        Allowed texts; empty for any.
    known : callable, optional
        Returns names that it may be, beside others; looked up when help is shown.
    form : str
        How a value is written on the command line, such as ``START:STOP:N``; default by kind and unit.
    aliases : tuple of str
        Other names that it is called by.
    read : callable, optional
        Turns what was given into the value that the study sees, in place of the check by ``kind``.
    varied : bool
        Whether a sweep may vary it.
    hidden : bool
        Whether the command line leaves it out.
    """

    name: str
    meaning: str
    default: Any = None
    chosen: str = ""
    kind: Kind = "number"
    unit: str = ""
    low: float = -math.inf
    high: float = math.inf
    choices: tuple[str, ...] = ()
    known: Callable[[], Iterable[str]] | None = None
    form: str = ""
    aliases: tuple[str, ...] = ()
    read: Callable[[Any], Any] | None = None
    varied: bool = True
    hidden: bool = False

    @property
    def flags(self) -> tuple[str, ...]:
        """Its options on the command line, the first its own."""
        return tuple("--" + name.replace("_", "-").lower() for name in (self.name, *self.aliases))

    @property
    def help(self) -> str:
        """Meaning, unit, range and default, on one line."""
        unit = f" [{self.unit}]" if self.unit and self.unit != "1" else ""
        told = [self.meaning + unit]
        if self.known is not None:
            told.append(", ".join(self.known()))
        if self.choices:
            told.append(" or ".join(self.choices))
        elif self.kind in ("number", "whole") and (math.isfinite(self.low) or math.isfinite(self.high)):
            told.append(self._range())
        if self.default is not None and self.kind != "flag":
            told.append(f"default {self._plain(self.default)}")
        elif self.chosen:
            told.append(f"default: {self.chosen}")
        return "; ".join(told) + "."

    def _range(self) -> str:
        low, high = (self._plain(end) if math.isfinite(end) else "" for end in (self.low, self.high))
        return f"{low} to {high}" if low and high else f"at least {low}" if low else f"at most {high}"

    def _plain(self, value: Any) -> str:
        if self.kind == "number" and isinstance(value, int | float):
            return engineering(value, self.unit) if self.unit and self.unit != "1" and value else f"{value:g}"
        return str(value)

    def value(self, given: Any, where: str, name: str = "") -> Any:
        """Return a value as the study sees it.

        Parameters
        ----------
        given : object
            Number, text with a SPICE suffix, and so on; None for the default.
        where : str
            Study, for messages.
        name : str
            As the user called it, for messages.

        Raises
        ------
        UsageError
            For a value of another kind, or outside the range.
        """
        if given is None:
            given = self.default
        if given is None:
            return None
        if self.read is not None:
            return self.read(given)
        called = dataclasses.replace(self, name=name) if name not in ("", self.name) else self
        checks = {
            "number": called._number,
            "whole": called._whole,
            "flag": called._flag,
            "text": called._text,
            "table": called._table,
        }
        return checks[self.kind](given, where) if self.kind in checks else given

    def _where(self, where: str) -> str:
        return f"{where}: {self.meaning}"

    def _number(self, given: Any, where: str) -> float:
        try:
            value = number(given, self.name)
        except ParameterError as reason:
            raise ParameterError(f"{reason} ({self._where(where)})") from None
        return check_range(self.name, value, self.low, self.high, unit=self.unit, where=self._where(where))

    def _whole(self, given: Any, where: str) -> int:
        low, high = (
            int(end) if math.isfinite(end) else round(math.copysign(2**63, end)) for end in (self.low, self.high)
        )
        if isinstance(given, str):
            if not given.strip().lstrip("+-").isdecimal():
                raise UsageError(f"{self.name} = {given!r} is not a number ({self._where(where)}).")
            given = int(given)
        return whole_number(given, self.name, low, high, self._where(where))

    def _flag(self, given: Any, where: str) -> bool:
        if not isinstance(given, bool):
            raise UsageError(f"{self.name} = {given!r} is neither true nor false ({self._where(where)}).")
        return given

    def _text(self, given: Any, where: str) -> str:
        if isinstance(given, os.PathLike):
            given = os.fspath(given)
        if not isinstance(given, str) or not given.strip():
            kind = type(given).__name__
            raise UsageError(f"{self.name} = {given!r} is a {kind}, not a text ({self._where(where)}).")
        if self.choices and given not in self.choices:
            raise UsageError(f"{where}: {self.name} = {given!r}. {did_you_mean(given, self.choices)}")
        return given

    def _table(self, given: Any, where: str) -> dict[str, float]:
        if not isinstance(given, Mapping):
            raise UsageError(f"{self.name} = {given!r} is not a table of names and numbers ({self._where(where)}).")
        return {str(key): number(value, f"{self.name}.{key}") for key, value in given.items()}
