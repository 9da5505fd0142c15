"""Inputs and supplies that no circuit is meant for: slips of units, told or refused before anything runs."""

from __future__ import annotations

import warnings

import numpy as np
from numpy.typing import ArrayLike

from spinspice.errors import ParameterError, PlausibilityWarning

#: How far outside the rails an input may lie, in supplies: beyond the first it is doubted, beyond the second refused.
#: Our choice: transistors break down, and their models are fits to less than twice the supply.
DOUBTED, REFUSED = 0.5, 10.0
#: Supply above which a gate of any CMOS technology of today breaks [V]: our choice.
HIGHEST = 6.0


def input_doubts(rails: tuple[float, float], inputs: ArrayLike, *, warn: bool = False) -> tuple[str, ...]:
    """Return what is implausible about supply and inputs of a cell, one sentence each.

    Parameters
    ----------
    rails : (float, float)
        Voltages of vss and vdd [V].
    inputs : array_like
        Inputs [V]; may be empty.
    warn : bool
        Give a :class:`~spinspice.errors.PlausibilityWarning` for each, too.

    Raises
    ------
    ParameterError
        For an input further outside the rails than ten supplies: nothing that comes of it means anything.
    """
    low, high = rails
    supply, doubts = high - low, []
    if supply > HIGHEST:
        doubts.append(f"a supply of {supply:g} V is above the {HIGHEST:g} V that gates bear. Volts: 800 mV are 0.8.")
    values = np.ravel(np.asarray(inputs, dtype=float))
    outside = float(max(low - values.min(), values.max() - high, 0.0)) if values.size else 0.0
    worst = float(values[np.argmax(np.abs(values - (low + high) / 2.0))]) if values.size else 0.0
    text = f"vin: an input of {worst:g} V lies {outside:g} V outside the rails, {low:g} to {high:g} V"
    if outside > REFUSED * supply:
        raise ParameterError(f"{text}: no transistor bears it. Volts: 60 mV are 0.06 or 60m.")
    if outside > DOUBTED * supply:
        doubts.append(f"{text}. Volts: 60 mV are 0.06 or 60m.")
    if warn:
        for doubt in doubts:
            warnings.warn(doubt, PlausibilityWarning, stacklevel=4)
    return tuple(doubts)
