"""How fast a cell follows: the stage of a surrogate, fitted to one run of the cell with the junction that was there.

The run drives the cell with levels at random, some shorter and some longer than what it remembers. No statistics enter,
for the magnet of the run itself goes into the law: what is left is what the tables and the stage do not say.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from spinspice.errors import ResultError
from spinspice.surrogate import kernel
from spinspice.surrogate.ramps import Tables
from spinspice.surrogate.surrogate import Stage

Array = NDArray[np.float64]
#: Part of the swing at its ends that limits of the stage may cost at rest: our choice.
STATIC = 5e-4
#: Samples at the start that do not count, and the largest distance of a surrogate from its run, over the swing.
FIRST, LARGEST = 200, 0.25
#: Starts of the search of each kind, and evaluations of a start and of the end: our choice.
STARTS, FIRST_CALLS, LAST_CALLS = 8, 250, 2500
#: From where to where starts are drawn: capacitance [fF], times of stage and output [ps], distances of its ends from
#: the middle over the reach of the junction's voltage, slopes [swings a ns], distances of the rails likewise, times of
#: the output at both ends, and of its feedback, over that in the middle.
_ANY = ([0.05, 0.05, 1.0, 1.0], [2.0, 2.0, 60.0, 60.0])
ANALOG = (
    [0.3, 5.0, 3.0, *_ANY[0], 1.0, 1.0, 0.7, 0.7, 0.02],
    [30.0, 200.0, 200.0, *_ANY[1], 5.0, 5.0, 3.0, 3.0, 1.0],
)
DIGITAL = (
    [0.3, 50.0, 3.0, *_ANY[0], 0.003, 0.003, 0.7, 0.7, 0.02],
    [30.0, 3e3, 100.0, *_ANY[1], 0.08, 0.08, 1.5, 1.5, 0.3],
)
#: Time after which an input counts as standing still [s], and the weight of the distance there.
SETTLED, QUIET = 2e-9, 0.1
#: Weight of the square of the mean distance: it says more of the statistics than single moments do. Our choice.
EVEN = 30.0


def fit_stage(tables: Tables, v: Array, cosine: Array, output: Array, dt: float) -> Stage:
    """Fit a stage to input [V], cosine and output [V] of a run, all every ``dt`` [s] and of shape (time,).

    Twelve numbers by least squares (Nelder and Mead), from several starts of two kinds: a stage that stays off its
    rails, and one that mostly stands at them. Three distances count: of all samples over the swing, of their mean
    (:data:`EVEN`), and, by
    :data:`QUIET` of it, that of samples long after a change of the input over the noise there, which is what the
    statistics at constant inputs follow from.

    Raises
    ------
    ResultError
        For a run that no stage comes near.
    """
    swing = float(np.ptp(tables.output))
    grid = np.array([x for axis in (tables.v, tables.c, tables.level) for x in (axis[0], 1.0 / (axis[1] - axis[0]))])
    inner, end, out = np.ascontiguousarray(tables.inner), np.ascontiguousarray(tables.output), np.empty_like(output)
    made = _maker(tables, swing)
    quiet, noise = quiet_samples(v, output, dt)

    def follow(stage: Stage) -> Array:
        kernel.follow((inner, tables.conductance / stage.capacitance, end, grid), stage.row(dt), dt, v, cosine, out)
        return (out - output)[FIRST:] ** 2

    def cost(q: Array) -> float:
        if np.abs(q).max() > 20.0:
            return 1e3
        missed = follow(made(q))
        bias = float((out - output)[FIRST:].mean()) / swing
        far = float(missed.mean()) / swing**2 + EVEN * bias**2
        return far + (QUIET * float(missed[quiet].mean()) / noise if noise else 0.0)

    draw = np.random.default_rng(7)
    first: list[Array] = []
    for bounds in (ANALOG, DIGITAL):
        low, high = np.log(bounds)
        first += [low + (high - low) * draw.random(low.size) for _ in range(STARTS)]
    tried = sorted((_search(cost, q, FIRST_CALLS) for q in first), key=lambda found: found[0])
    _, q = min((_search(cost, q, LAST_CALLS) for _, q in tried[:2]), key=lambda found: found[0])
    miss = math.sqrt(float(follow(made(q)).mean())) / swing
    if miss > LARGEST:
        raise ResultError(
            f"the surrogate misses its run by {100 * miss:.3g} % of the swing, {100 * LARGEST:g} % at most is allowed: "
            "this cell does not follow its junction through one inner node. Look at its output with "
            "`spinspice characterize`."
        )
    return dataclasses.replace(made(q), miss=miss)


def quiet_samples(v: Array, output: Array, dt: float) -> tuple[NDArray[np.intp], float]:
    """Return the samples after :data:`FIRST` whose input has stood still for :data:`SETTLED`, and the variance there.

    The variance is that within stretches of one input [V^2]; 0 where there is none.
    """
    changes = np.flatnonzero(np.abs(np.diff(v)) > 1e-9)
    starts = np.concatenate([[0], changes + 1])
    since = np.arange(v.size) - starts[np.searchsorted(starts, np.arange(v.size), side="right") - 1]
    places = np.flatnonzero(since * dt >= SETTLED)
    places = places[places >= FIRST]
    if places.size == 0:
        return places, 0.0
    parts = np.split(output[places], np.flatnonzero(np.diff(places) > 1) + 1)
    return places - FIRST, float(np.concatenate([part - part.mean() for part in parts]).var())


def _maker(tables: Tables, swing: float) -> Callable[[Array], Stage]:
    """Return what makes a stage of the logarithms of its numbers."""
    bottom, top = float(tables.output.min()), float(tables.output.max())
    half = 0.5 * (bottom + top)
    middle = float(tables.level[int(np.argmin(np.abs(tables.output - half)))])
    reach = float(tables.level[-1] - tables.level[0])
    # Where the static output still moves no limit may cut it off.
    moves = tables.level[np.abs(tables.output - half) < (0.5 - STATIC) * swing]
    first, last = float(moves[0]), float(moves[-1])

    def made(q: Array) -> Stage:
        p = np.exp(q).tolist()
        return Stage(
            capacitance=p[0] * 1e-15, tau_inner=p[1] * 1e-12, tau_out=p[2] * 1e-12,
            low=min(middle - p[3] * reach, first), high=max(middle + p[4] * reach, last),
            up=p[5] * swing * 1e9, down=p[6] * swing * 1e9,
            floor=min(middle - p[7] * reach, first), ceiling=max(middle + p[8] * reach, last),
            tau_bottom=p[2] * p[9] * 1e-12, tau_top=p[2] * p[10] * 1e-12, bottom=bottom, top=top,
            tau_loop=p[2] * p[11] * 1e-12,
        )  # fmt: skip

    return made


def _search(cost, start: Array, calls: int) -> tuple[float, Array]:
    simplex = np.vstack([start, start + 0.5 * np.eye(start.size)])
    found = minimize(
        cost, start, method="Nelder-Mead",
        options={"maxfev": calls, "initial_simplex": simplex, "fatol": 1e-9, "xatol": 1e-3},
    )  # fmt: skip
    return float(found.fun), found.x
