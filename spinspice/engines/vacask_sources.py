"""Waveforms of independent sources: what VACASK calls SPICE's positional arguments, with SPICE's defaults filled in."""

from __future__ import annotations

import itertools

from spinspice.engines.vacask_cards import Element
from spinspice.engines.vacask_expressions import Expression, Number, Operation, to_vacask

_ZERO = Number(0.0)


def source_parameters(element: Element, step: float, stop: float) -> dict[str, Expression | str]:
    """Return the parameters of a VACASK source that does what a SPICE V or I does.

    Parameters
    ----------
    element : Element
        A source.
    step, stop : float
        Suggested step and duration of the transient [s]: SPICE's defaults for times that are left out.

    Raises
    ------
    CircuitError
        For a number of arguments that the waveform does not have.
    """
    writer = {"pulse": _pulse, "sin": _sine, "exp": _exponential, "pwl": _piecewise_linear}.get(element.waveform)
    if writer is None:
        return {"dc": element.value or _ZERO}
    return writer(element, step, stop)


def _argument(element: Element, index: int, default: float, *, zero_too: bool = False) -> Expression:
    """Return an argument, or SPICE's default; with ``zero_too`` SPICE takes a zero for left out."""
    if index >= len(element.arguments):
        return Number(default)
    value = element.arguments[index]
    if not zero_too:
        return value
    if isinstance(value, Number):
        return value if value.value else Number(default)
    return Operation("?", (value, value, Number(default)))


def _check_count(element: Element, low: int, high: int, names: str) -> None:
    if not low <= len(element.arguments) <= high:
        raise element.card.error(
            f"{element.waveform} has {len(element.arguments)} arguments; {low} to {high} are understood: {names}."
        )


def _pulse(element: Element, step: float, stop: float) -> dict[str, Expression | str]:
    _check_count(element, 2, 7, "low, high, delay, rise, fall, width, period")
    parameters: dict[str, Expression | str] = {
        "type": '"pulse"',
        "val0": element.arguments[0],
        "val1": element.arguments[1],
        "delay": _argument(element, 2, 0.0),
        "rise": _argument(element, 3, step, zero_too=True),
        "fall": _argument(element, 4, step, zero_too=True),
        "width": _argument(element, 5, stop, zero_too=True),
    }
    if len(element.arguments) > 6:
        parameters["period"] = element.arguments[6]
    return parameters


def _sine(element: Element, step: float, stop: float) -> dict[str, Expression | str]:
    _check_count(element, 2, 6, "offset, amplitude, frequency, delay, damping, phase")
    return {
        "type": '"sine"',
        "sinedc": element.arguments[0],
        "ampl": element.arguments[1],
        "freq": _argument(element, 2, 1.0 / stop, zero_too=True),
        "delay": _argument(element, 3, 0.0),
        "theta": _argument(element, 4, 0.0),
        "tdphase": _argument(element, 5, 0.0),
    }


def _exponential(element: Element, step: float, stop: float) -> dict[str, Expression | str]:
    _check_count(element, 2, 6, "low, high, rise delay, rise time constant, fall delay, fall time constant")
    rise = _argument(element, 2, step, zero_too=True)
    rise_then_step = Operation("+", (rise, Number(step)))
    fall = rise_then_step if len(element.arguments) < 5 else element.arguments[4]
    return {
        "type": '"exp"',
        "val0": element.arguments[0],
        "val1": element.arguments[1],
        "delay": rise,
        "tau1": _argument(element, 3, step, zero_too=True),
        # SPICE counts the fall from time 0, VACASK from the rise.
        "td2": Operation("-", (fall, rise)),
        "tau2": _argument(element, 5, step, zero_too=True),
    }


def _piecewise_linear(element: Element, step: float, stop: float) -> dict[str, Expression | str]:
    count = len(element.arguments)
    if count < 2 or count % 2:
        raise element.card.error(f"pwl has {count} arguments; pairs of time and value are needed.")
    if count == 2:
        return {"dc": element.arguments[1]}
    times = element.arguments[::2]
    for before, after in itertools.pairwise(times):
        if isinstance(before, Number) and isinstance(after, Number) and not after.value > before.value:
            raise element.card.error(f"the times of pwl must increase: {after.value:g} follows {before.value:g}.")
    return {"type": '"pwl"', "wave": "[" + ", ".join(map(to_vacask, element.arguments)) + "]"}
