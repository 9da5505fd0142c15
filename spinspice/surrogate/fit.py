"""How fast a cell follows: the stage of a surrogate, fitted to one run of the cell with the junction that was there.

The run drives the cell with levels at random, some shorter and some longer than what it remembers. No statistics enter,
for the magnet of the run itself goes into the law: what is left is what the tables and the stage do not say.
"""

from __future__ import annotations

import dataclasses
import math

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
STARTS, FIRST_CALLS, LAST_CALLS = 8, 150, 1800
#: From where to where starts are drawn: capacitance [fF], times of stage and output [ps], distances of its ends from
#: the middle over the reach of the junction's voltage, slopes [swings a ns], distances of the rails likewise.
ANALOG = ([0.3, 5.0, 3.0, 0.05, 0.05, 1.0, 1.0, 1.0, 1.0], [30.0, 200.0, 200.0, 2.0, 2.0, 60.0, 60.0, 5.0, 5.0])
DIGITAL = ([0.3, 50.0, 3.0, 0.05, 0.05, 1.0, 1.0, 0.003, 0.003], [30.0, 3e3, 100.0, 2.0, 2.0, 60.0, 60.0, 0.08, 0.08])


def fit_stage(tables: Tables, v: Array, cosine: Array, output: Array, dt: float) -> Stage:
    """Fit a stage to input [V], cosine and output [V] of a run, all every ``dt`` [s] and of shape (time,).

    Nine numbers by least squares (Nelder and Mead), from several starts of two kinds: a stage that stays off its rails,
    and one that mostly stands at them.

    Raises
    ------
    ResultError
        For a run that no stage comes near.
    """
    swing = float(np.ptp(tables.output))
    half = 0.5 * float(tables.output.min() + tables.output.max())
    middle = float(tables.level[int(np.argmin(np.abs(tables.output - half)))])
    grid = np.array([x for axis in (tables.v, tables.c, tables.level) for x in (axis[0], 1.0 / (axis[1] - axis[0]))])
    inner, end, out = np.ascontiguousarray(tables.inner), np.ascontiguousarray(tables.output), np.empty_like(output)
    reach = float(tables.level[-1] - tables.level[0])
    # Where the static output still moves no limit may cut it off.
    moves = tables.level[np.abs(tables.output - half) < (0.5 - STATIC) * swing]
    bottom, top = float(moves[0]), float(moves[-1])

    def stage(q: Array) -> Stage:
        p = np.exp(q).tolist()
        return Stage(
            capacitance=p[0] * 1e-15, low=min(middle - p[3] * reach, bottom), high=max(middle + p[4] * reach, top),
            tau_inner=p[1] * 1e-12, tau_out=p[2] * 1e-12, up=p[5] * swing * 1e9, down=p[6] * swing * 1e9,
            floor=min(middle - p[7] * reach, bottom), ceiling=max(middle + p[8] * reach, top),
        )  # fmt: skip

    def cost(q: Array) -> float:
        if np.abs(q).max() > 20.0:
            return 1e3
        found = stage(q)
        kernel.follow((inner, tables.conductance / found.capacitance, end, grid), found.row(dt), dt, v, cosine, out)
        return float(np.mean((out[FIRST:] - output[FIRST:]) ** 2)) / swing**2

    draw = np.random.default_rng(7)
    first: list[Array] = []
    for bounds in (ANALOG, DIGITAL):
        low, high = np.log(bounds)
        first += [low + (high - low) * draw.random(low.size) for _ in range(STARTS)]
    tried = sorted((_search(cost, q, FIRST_CALLS) for q in first), key=lambda found: found[0])
    best, q = min((_search(cost, q, LAST_CALLS) for _, q in tried[:2]), key=lambda found: found[0])
    miss = math.sqrt(best)
    if miss > LARGEST:
        raise ResultError(
            f"the surrogate misses its run by {100 * miss:.3g} % of the swing, {100 * LARGEST:g} % at most is allowed: "
            "this cell does not follow its junction through one inner node. Look at its output with "
            "`spinspice characterize`."
        )
    return dataclasses.replace(stage(q), miss=miss)


def _search(cost, start: Array, calls: int) -> tuple[float, Array]:
    simplex = np.vstack([start, start + 0.5 * np.eye(start.size)])
    found = minimize(
        cost, start, method="Nelder-Mead",
        options={"maxfev": calls, "initial_simplex": simplex, "fatol": 1e-9, "xatol": 1e-3},
    )  # fmt: skip
    return float(found.fun), found.x
