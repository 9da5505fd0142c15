"""The exceptions of spinspice: every message says what, got, allowed, where, and what to try."""

from __future__ import annotations

from collections.abc import Iterable


class SpinspiceError(Exception):
    """Base of all errors that spinspice raises on purpose."""


class UsageError(SpinspiceError, ValueError):
    """A request that cannot be meant: an unknown name or option, or options that contradict each other."""


class ParameterError(UsageError):
    """A parameter outside its range."""


class PlausibilityWarning(UserWarning):
    """A value that the models take but that no junction or circuit has: probably a slip of units."""


class CircuitError(SpinspiceError, ValueError):
    """A circuit, cell or testbench that is not well formed."""


class NetlistError(CircuitError, UsageError):
    """A netlist of the user's own that is refused, with its line."""


class SignalError(SpinspiceError, LookupError):
    """A signal that a result does not hold."""


class ResultError(SpinspiceError):
    """A result that cannot be stored, read or analysed."""


class EngineError(SpinspiceError):
    """A simulator that did not deliver what was asked; quotes its log and names the folder where deck and log are."""


class EngineNotFound(EngineError):
    """A simulator or compiler that is not installed."""


class EngineTimeout(EngineError):
    """A simulator that was stopped at its wall-clock limit."""


class ConvergenceError(EngineError):
    """A simulator that found no operating point or whose time step became too small."""


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return a hint with the closest known name, and the list of all of them.

    >>> did_you_mean("bns", ["asn", "bsn"])
    'Did you mean bsn? Known: asn, bsn.'
    """
    name = name[:200] if isinstance(name, str) else shown(name)
    known = sorted(known)
    folded = {word.lower(): word for word in known}
    import difflib  # only where something went wrong

    close = difflib.get_close_matches(name.lower(), folded, n=1, cutoff=0.5)
    hint = f"Did you mean {folded[close[0]]}? " if close else ""
    return f"{hint}Known: {', '.join(known)}."


def check_whole(name: str, value: object, low: int, high: int, *, where: str = "", hint: str = "") -> int:
    """Return ``value`` as an int if it is a whole number in [low, high]; a bool or a float is none.

    Raises
    ------
    ParameterError
        As :func:`check_range`.
    """
    if isinstance(value, bool) or not hasattr(value, "__index__"):
        raise ParameterError(f"{name} = {shown(value)} is not a whole number{_suffix(where, hint)}")
    return int(check_range(name, value, low, high, where=where, hint=hint))  # type: ignore[arg-type]


def check_is(value: object, kinds: type | tuple[type, ...], what: str, example: str) -> None:
    """Raise unless a value is of some kind: for arguments that are easily swapped.

    Raises
    ------
    UsageError
        Naming what is wanted, what was got, and an example.
    """
    if not isinstance(value, kinds):
        raise UsageError(f"{what} is {shown(value)}, of type {type(value).__name__}. Give {example}.")


def shown(value: object) -> str:
    """Return a value for a message: what Python writes for it, cut where it is long.

    >>> shown("a" * 500)
    "'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa... (500 characters)"
    """
    try:
        text = repr(value)
    except (ValueError, RecursionError):  # an integer of thousands of digits, or a nest without end
        return f"a {type(value).__name__} too large to print"
    if len(text) <= 120:
        return text
    return f"{text[:37]}... ({len(value) if isinstance(value, str) else len(text)} characters)"


def check_range(
    name: str,
    value: float,
    low: float,
    high: float,
    *,
    unit: str = "",
    where: str = "",
    hint: str = "",
    open_low: bool = False,
) -> float:
    """Return ``value`` as a float if it lies in [low, high] (or (low, high]); NaN never does.

    Raises
    ------
    ParameterError
        Naming the parameter, what was got, what is allowed, where it was given and what to try.
    """
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        raise ParameterError(f"{name} = {shown(value)} is not a number{_suffix(where, hint)}") from None
    inside = low < number <= high if open_low else low <= number <= high
    if not inside:
        bracket = "(" if open_low else "["
        unit = f" {unit}" if unit and unit != "1" else ""
        raise ParameterError(
            f"{name} = {number:g}{unit} is outside {bracket}{low:g}, {high:g}]{unit}{_suffix(where, hint)}"
        )
    return number


def _suffix(where: str, hint: str) -> str:
    """Return the tail of a message: where the value was given and what to try."""
    return (f" ({where})" if where else "") + (f". {hint}" if hint else ".")
