r"""Noise against averaging: what a symbol costs at a given accuracy, and the design that costs least.

A neuron's noise averages over a symbol T and c copies to :math:`\sqrt{S/(c T)}`, and c copies over T cost what one
costs over c T: with one bias for all, but for the bias, copies only save time. What changes the price is the density S,
which grows with the correlation time of the magnet, and the power of a neuron.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable

from scipy.optimize import brentq

from spinspice.errors import ParameterError, ResultError, check_range


@dataclasses.dataclass(frozen=True, kw_only=True)
class Power:
    """Power of a neuron without its bias, and of one bias [W]."""

    neuron: float
    bias: float

    def energy(self, nodes: int, symbol: float, *, copies: int = 1, shared: bool = True) -> float:
        """Return the energy of a symbol [J]: all neurons and copies, with one bias or one each."""
        check_range("nodes", nodes, 1, 10**6, where="Power.energy")
        check_range("copies", copies, 1, 10**6, where="Power.energy")
        check_range("symbol", symbol, 0.0, 1e3, unit="s", open_low=True, where="Power.energy")
        biases = 1 if shared else nodes * copies
        return symbol * (nodes * copies * self.neuron + biases * self.bias)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Least:
    """The shortest symbol that keeps a score, its score, and the evaluations that it took."""

    symbol: float
    score: float
    tried: tuple[tuple[float, float], ...]


def shortest_symbol(
    score: Callable[[float], float], wanted: float, *, low: float, high: float, tolerance: float = 0.05
) -> Least:
    """Return the shortest symbol at which a score that rises with its time reaches what is wanted.

    Parameters
    ----------
    score : callable
        Score at a symbol's time [s]; the same noise at every call makes it smooth.
    wanted : float
    low, high : float
        Between these times [s].
    tolerance : float
        Of the logarithm of the time.

    Raises
    ------
    ResultError
        If the longest symbol does not reach it: what it reaches.
    ParameterError
        If the shortest one does already.
    """
    check_range("low", low, 0.0, high, unit="s", open_low=True, where="shortest_symbol")
    tried: dict[float, float] = {}

    def miss(log_time: float) -> float:
        time = math.exp(log_time)
        tried[time] = score(time)
        return tried[time] - wanted

    if miss(math.log(high)) < 0.0:
        raise ResultError(
            f"symbols of {high:.3g} s reach {tried[max(tried)]:.4g}, {wanted:g} is wanted. Take longer ones, more "
            "neurons, or another design."
        )
    if miss(math.log(low)) > 0.0:
        raise ParameterError(f"symbols of {low:.3g} s are more than good enough. Lower the range of the search.")
    found = math.exp(float(brentq(miss, math.log(low), math.log(high), xtol=tolerance)))
    reached = min((time for time, value in tried.items() if value >= wanted), key=lambda time: abs(time - found))
    return Least(symbol=reached, score=tried[reached], tried=tuple(sorted(tried.items())))
