"""Waveforms of independent sources: what VACASK calls SPICE's positional arguments, with SPICE's defaults filled in."""

from __future__ import annotations

from spinspice.netlist.cards import Element
from spinspice.netlist.dialects.vacask_language import to_vacask
from spinspice.netlist.expressions import Expression, Number, Operation
from spinspice.stimuli import source_names, words

#: Least and largest number of arguments of a waveform: what is left out has SPICE's default.
ARGUMENTS = {"pulse": (6, 7), "sin": (2, 6), "exp": (6, 6)}
_ZERO = Number(0.0)
#: Duration of an edge that is given as 0, as a fraction of the run: what ngspice 46 takes (measured; earlier ones take
#: the suggested step).
EDGE = 1e-6


def source_parameters(element: Element, stop: float) -> dict[str, Expression | str]:
    """Return the parameters of a VACASK source that does what a SPICE V or I does.

    Parameters
    ----------
    element : Element
        A source.
    stop : float
        Duration of the transient [s], from which SPICE's defaults come.

    Raises
    ------
    CircuitError
        For arguments whose meaning depends on the version of ngspice.
    """
    writer = {"pulse": _pulse, "sin": _sine, "exp": _exponential, "pwl": _piecewise_linear}.get(element.waveform)
    if writer is None:
        return {"dc": element.value or _ZERO}
    return writer(element, stop)


def _argument(element: Element, index: int, default: float) -> Expression:
    """Return an argument, or a default where it is left out."""
    return element.arguments[index] if index < len(element.arguments) else Number(default)


def _or_default(value: Expression, default: float) -> Expression:
    """Return a value, or a default where it is zero."""
    if isinstance(value, Number):
        return value if value.value else Number(default)
    return Operation("?", (value, value, Number(default)))


def _pulse(element: Element, stop: float) -> dict[str, Expression | str]:
    low, high, delay, rise, fall, width, *more = element.arguments
    period = more[0] if more else _ZERO
    edge = EDGE * stop
    rise, fall = (_or_default(value, edge) for value in (rise, fall))
    if width == _ZERO:
        raise element.card.error("a width of 0 means 0 or the whole run, depending on the version of ngspice.")
    given = [low, high, delay, rise, fall, width]
    if period != _ZERO:
        given.append(period)
    elif not _lasts(stop, delay, rise, fall, width):
        raise element.card.error(
            "a pulse without period may repeat at once or never, depending on the version of ngspice. Give "
            "its period, longer than the run for a single pulse."
        )
    return _named("pulse", *given)


def _lasts(stop: float, *times: Expression) -> bool:
    """Return whether times given as numbers add up to the whole run or more."""
    numbers = [time.value for time in times if isinstance(time, Number)]
    return len(numbers) == len(times) and sum(numbers) >= stop


def _sine(element: Element, stop: float) -> dict[str, Expression | str]:
    offset, amplitude = element.arguments[:2]
    frequency = _or_default(_argument(element, 2, 0.0), 1.0 / stop)
    return _named("sin", offset, amplitude, frequency, *(_argument(element, place, 0.0) for place in (3, 4, 5)))


def _exponential(element: Element, stop: float) -> dict[str, Expression | str]:
    low, high, rise, tau_rise, fall, tau_fall = element.arguments
    # SPICE counts the fall from time 0, VACASK from the rise.
    return _named("exp", low, high, rise, tau_rise, Operation("-", (fall, rise)), tau_fall)


def _piecewise_linear(element: Element, stop: float) -> dict[str, Expression | str]:
    if len(element.arguments) == 2:
        return {"dc": element.arguments[1]}
    written = words("vacask", "pwl", [to_vacask(value) for value in element.arguments])
    return dict(_split(word) for word in written)


def _split(word: str) -> tuple[str, Expression | str]:
    """Return name and value of ``name=value``."""
    name, value = word.split("=", 1)
    return name, value


def _named(kind: str, *values: Expression) -> dict[str, Expression | str]:
    """Return a waveform with VACASK's names for its arguments."""
    name, names = source_names("vacask", kind)
    return {"type": f'"{name}"', **dict(zip(names, values, strict=False))}
