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
#: Samples at the start that do not count, and the largest distance of a surrogate from its run, over the swing.
FIRST, LARGEST = 200, 0.25
#: Starts of the search, seed, and evaluations of a start and of the end: our choice.
STARTS, FIRST_CALLS, LAST_CALLS = 24, 150, 2500


def fit_stage(tables: Tables, v: Array, cosine: Array, output: Array, dt: float) -> Stage:
    """Fit a stage to input [V], cosine and output [V] of a run, all every ``dt`` [s] and of shape (time,).

    Seven numbers by least squares (Nelder and Mead), from several starts.

    Raises
    ------
    ResultError
        For a run that no stage comes near.
    """
    swing = float(np.ptp(tables.output))
    middle = float(
        tables.level[int(np.argmin(np.abs(tables.output - 0.5 * (tables.output.min() + tables.output.max()))))]
    )
    grid = np.array([x for axis in (tables.v, tables.c, tables.level) for x in (axis[0], 1.0 / (axis[1] - axis[0]))])
    inner, end, out = np.ascontiguousarray(tables.inner), np.ascontiguousarray(tables.output), np.empty_like(output)
    reach = float(tables.level[-1] - tables.level[0])

    def stage(q: Array) -> Stage:
        p = np.exp(q).tolist()
        return Stage(
            capacitance=p[0] * 1e-15, low=middle - p[3] * reach, high=middle + p[4] * reach, tau_inner=p[1] * 1e-12,
            tau_out=p[2] * 1e-12, up=p[5] * swing * 1e9, down=p[6] * swing * 1e9,
        )  # fmt: skip

    def cost(q: Array) -> float:
        if np.abs(q).max() > 20.0:
            return 1e3
        found = stage(q)
        kernel.follow((inner, tables.conductance / found.capacitance, end, grid), found.row(dt), dt, v, cosine, out)
        return float(np.mean((out[FIRST:] - output[FIRST:]) ** 2)) / swing**2

    draw = np.random.default_rng(7)
    low, high = np.log([0.3, 5.0, 3.0, 0.02, 0.02, 1.0, 1.0]), np.log([30.0, 200.0, 200.0, 1.0, 1.0, 60.0, 60.0])
    first = [low + (high - low) * draw.random(7) for _ in range(STARTS)]
    tried = sorted((_search(cost, q, FIRST_CALLS) for q in first), key=lambda found: found[0])
    best, q = min((_search(cost, q, LAST_CALLS) for _, q in tried[:3]), key=lambda found: found[0])
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
