"""A parameter of a study: name, meaning, unit and range, from which arguments, options and sweeps follow."""

from __future__ import annotations

import dataclasses
import math
import operator
from collections.abc import Callable
from typing import Any, Literal

from spinspice.errors import UsageError, check_range, did_you_mean
from spinspice.units import parse_number

#: What the values of a parameter are; ``"object"`` is taken as it is and cannot be written on a command line.
Kind = Literal["number", "whole", "text", "flag", "object"]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Parameter:
    """A parameter of a study.

    Parameters
    ----------
    name : str
        Argument in Python, and name in a sweep.
    meaning : str
        What it is, for people: the help of the command line.
    default : object
        Its value where none is given; None for one that the study chooses.
    kind : {"number", "whole", "text", "flag", "object"}
    unit : str
        SI unit of a number.
    low, high : float
        Allowed range of a number, ends included.
    choices : tuple of str
        Allowed texts; empty for any.
    option : str
        Its option on the command line; default ``--name``.
    aliases : tuple of str
        Other names that it is called by.
    read : callable, optional
        Turns what was given into the value that the study sees, in place of the check by ``kind``.
    varied : bool
        Whether a sweep may vary it.
    """

    name: str
    meaning: str
    default: Any = None
    kind: Kind = "number"
    unit: str = ""
    low: float = -math.inf
    high: float = math.inf
    choices: tuple[str, ...] = ()
    option: str = ""
    aliases: tuple[str, ...] = ()
    read: Callable[[Any], Any] | None = None
    varied: bool = True

    @property
    def flag(self) -> str:
        """Its option on the command line."""
        return self.option or "--" + self.name.replace("_", "-").lower()

    def value(self, given: Any, where: str) -> Any:
        """Return a value as the study sees it.

        Parameters
        ----------
        given : object
            Number, text with a SPICE suffix, and so on; None for the default.
        where : str
            Study, for messages.

        Raises
        ------
        UsageError
            For a value of another kind, or outside the range.
        """
        if given is None:
            return self.default
        if self.read is not None:
            return self.read(given)
        if self.kind == "number":
            return self._number(given, where)
        if self.kind == "whole":
            return int(check_range(self.name, self._whole(given, where), self.low, self.high, where=self._where(where)))
        if self.kind == "flag":
            return self._flag(given, where)
        return self._text(given, where) if self.kind == "text" else given

    def _where(self, where: str) -> str:
        return f"{where}: {self.meaning}"

    def _number(self, given: Any, where: str) -> float:
        if isinstance(given, bool):
            raise UsageError(f"{self.name} = {given!r} is not a number ({self._where(where)}).")
        number = parse_number(given, self.name) if isinstance(given, str) else given
        return check_range(self.name, number, self.low, self.high, unit=self.unit, where=self._where(where))

    def _whole(self, given: Any, where: str) -> int:
        if isinstance(given, str) and given.strip().lstrip("+-").isdecimal():
            given = int(given)
        try:
            if isinstance(given, bool):
                raise TypeError
            return operator.index(given)
        except TypeError:
            raise UsageError(f"{self.name} = {given!r} is not a whole number ({self._where(where)}).") from None

    def _flag(self, given: Any, where: str) -> bool:
        if not isinstance(given, bool):
            raise UsageError(f"{self.name} = {given!r} is neither true nor false ({self._where(where)}).")
        return given

    def _text(self, given: Any, where: str) -> str:
        if not isinstance(given, str) or not given.strip():
            raise UsageError(f"{self.name} = {given!r} is not a text ({self._where(where)}).")
        if self.choices and given not in self.choices:
            raise UsageError(f"{where}: {self.name} = {given!r}. {did_you_mean(given, self.choices)}")
        return given
