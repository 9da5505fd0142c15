r"""Does a transfer curve resolve its transition? One rule, and what can be said where it does not.

A tanh passes through any five points at the rails, with R^2 = 1 and a width that says nothing. The rule asks for inputs
where the output is on its way (our choice of limits); the bound is what such a curve does tell: how wide the transition
can be at most.

Bound: with :math:`\chi^2(V_0)` the least sum of squared weighted residuals at a fixed width, over offset, amplitude and
level, V0 is at most the largest width with

.. math:: \chi^2(V_0) \le \chi^2_{min} + z_{0.95}^2 \max(\chi^2_{red}, 1), \qquad z_{0.95} = 1.645,

the one-sided 95 % limit of a likelihood profile (F. James, Statistical Methods in Experimental Physics, 2nd ed. (2006),
sec. 9.3.2).
"""

from __future__ import annotations

import itertools
import math

import numpy as np
from numpy.typing import NDArray

from spinspice.units import engineering, with_error

Array = NDArray[np.float64]
#: Inputs within this many fitted widths V0 of the middle see the transition: tanh(2.5) = 0.987, as near to a rail as a
#: tanh is trusted.
CLOSER = 2.5
#: Fewest inputs there: with fewer, noise decides on the width. And fewest of them whose standard error is known: two
#: outputs between the rails fix middle and width.
MIN_INSIDE, MIN_KNOWN = 4, 2
#: Width V0 below which a transition hides between two inputs, in units of their distance: with the middle half way, the
#: output is then within 1.4 % of either rail at both, tanh(2.5) = 0.986.
MIN_WIDTH = 0.2
#: Inputs further outside the rails than this part of the supply say nothing of the transition: the transistors are then
#: beyond what they were made for.
OUTSIDE = 0.5
#: Square of the one-sided 95 % quantile of a normal law.
PROFILE = 1.6448536269514722**2
#: Grid of the profile: widths, and offsets between two neighbouring inputs.
WIDTHS, OFFSETS = 120, 16
_HINT = "Take more inputs across it, or longer runs."


def why_unresolved(
    vin: Array,
    v0: float,
    v0_stderr: float,
    offset: float,
    *,
    known: NDArray[np.bool_] | None = None,
    supply: tuple[float, float] | None = None,
) -> str:
    """Return why a curve at the inputs ``vin`` [V], shape (n,), does not resolve a fitted tanh; empty if it does.

    Not resolved are: a width V0 not above its standard error, or below a fifth of the distance of the inputs about its
    middle; a middle outside the inputs or the supply, or a V0 above the whole supply; fewer than four inputs (of those
    within half a supply of the rails) within 2.5 V0 of the middle; fewer than two of them with a ``known`` standard
    error. Everywhere the same: in a characterisation, in a job of a sweep, in a figure.
    """
    x = np.sort(vin)
    if not x[0] <= offset <= x[-1]:
        return (
            f"the fitted middle, {offset:.3g} V, lies outside the inputs from {x[0]:.3g} to {x[-1]:.3g} V. "
            "Take inputs on both sides of the transition."
        )
    place = int(np.clip(np.searchsorted(x, offset), 1, x.size - 1))
    apart = float(x[place] - x[place - 1])
    if not v0_stderr < v0 or v0 < MIN_WIDTH * apart:
        return (
            f"the fit gives V0 = {with_error(v0, v0_stderr, 'V')}, with inputs {engineering(apart, 'V', 3)} apart at "
            f"its middle. {_HINT}"
        )
    near = np.abs(vin - offset) < CLOSER * v0
    if supply is not None:
        low, high = supply
        if not low <= offset <= high or v0 > high - low:
            return (
                f"the fit, V0 = {v0:.3g} V about {offset:.3g} V, lies outside the supply from {low:g} to {high:g} V. "
                "Take inputs between the rails."
            )
        near &= (vin >= low - OUTSIDE * (high - low)) & (vin <= high + OUTSIDE * (high - low))
    count = int(near.sum())
    if count < MIN_INSIDE:
        return (
            f"{count} of {x.size} inputs lie within {CLOSER:g} fitted widths V0 = {v0:.3g} V of its middle, "
            f"not {MIN_INSIDE}. {_HINT}"
        )
    sure = count if known is None else int((near & known).sum())
    if sure < MIN_KNOWN:
        return (
            f"the standard error of the output is known at {sure} of the {count} inputs in the transition, not "
            f"{MIN_KNOWN}: the junction hardly switches within a run. Take longer runs."
        )
    return ""


def widest_width(vin: Array, mean: Array, sigma: Array, scale: float = 1.0) -> float:
    """Return the largest V0 [V] that a curve allows with 95 % confidence; NaN where it allows any.

    Parameters
    ----------
    vin, mean, sigma : array, shape (n,)
        Inputs, means and their standard errors [V].
    scale : float
        Reduced chi^2 of the best fit, at least 1, by which errors are widened.
    """
    x = np.sort(vin)
    width = float(np.ptp(x))
    offsets = np.unique(np.concatenate([np.linspace(a, b, OFFSETS) for a, b in itertools.pairwise(x)]))
    widths = np.geomspace(1e-3 * width, 10.0 * width, WIDTHS)
    least = np.array([_least_chi2(vin, mean, sigma, w, offsets) for w in widths])
    allowed = np.flatnonzero(least <= least.min() + PROFILE * scale)
    last = int(allowed[-1])
    if last == WIDTHS - 1:
        return math.nan
    return float(widths[last + 1])  # the next one is excluded: the limit lies below it


def _least_chi2(vin: Array, mean: Array, sigma: Array, width: float, offsets: Array) -> float:
    """Least chi^2 at a fixed width over offset (tried), amplitude and level (linear least squares)."""
    weight = sigma**-2.0
    shape = np.tanh((vin[None, :] - offsets[:, None]) / width)
    total = weight.sum()
    t_mean, y_mean = shape @ weight / total, float(mean @ weight / total)
    t, y = shape - t_mean[:, None], mean - y_mean
    tt, ty = (t * t) @ weight, (t * y) @ weight
    explained = np.divide(ty**2, tt, out=np.zeros_like(tt), where=tt > 1e-12 * total)
    return float((y * y) @ weight - explained.max())
