"""Skyrmions as particles, one or an ensemble: the law of `verilog_a/skyrmion.va` on the same noise, by RK4."""

from __future__ import annotations

import dataclasses
import math
from typing import Any

import numba
import numpy as np
from numpy.typing import ArrayLike, NDArray

from spinspice.constants import k_B
from spinspice.devices.reference.compiling import compiled, compiled_parallel
from spinspice.devices.reference.drive import Drive, as_table, value_at
from spinspice.devices.reference.noise import fill_normal
from spinspice.devices.reference.plane import BLOCK, Plan
from spinspice.errors import ResultError


@dataclasses.dataclass(frozen=True)
class SkyrmionRun:
    """What a reference run returns: times (r,), positions along and across [m], shape (r,) or (n, r)."""

    time: NDArray[np.float64]
    x: NDArray[np.float64]
    y: NDArray[np.float64]


def simulate_skyrmion(
    device: Any,
    duration: float,
    seed: ArrayLike = 1,
    *,
    current: Drive = 0.0,
    substeps: int | None = None,
    decimate: int = 1,
) -> SkyrmionRun:
    """Integrate the positions of independent skyrmions.

    Parameters
    ----------
    device : Skyrmion
    duration, seed, substeps, decimate
        As for :func:`~spinspice.devices.reference.wall.simulate_wall`.
    current : float, array of shape (n,), or (times, values)
        Current of the track from free to right [A].

    Raises
    ------
    UsageError, ParameterError
        As for :func:`~spinspice.devices.reference.macrospin.simulate_macrospin`.
    ResultError
        If a skyrmion is pushed over an edge.
    """
    plan = Plan(device, duration, seed, substeps, decimate, "skyrmion")
    table = as_table(current, plan.seeds.size, "current")
    _ensemble(_coefficients(device), device.dt, plan.seeds, *table, *plan.counts, plan.out)
    run = SkyrmionRun(*plan.recorded())
    check_on_track(device, run.time, run.x, run.y)
    return run


def check_on_track(device: Any, time: NDArray[np.float64], x: NDArray[np.float64], y: NDArray[np.float64]) -> None:
    """Refuse positions (..., r) [m] more than two radii beyond an edge of a track that has edges (k_edge above 0).

    There a skyrmion has met its edge and is gone.

    Raises
    ------
    ResultError
    """
    for name, values, size in (("an end", x, device.length), ("a side", y, device.width)):
        allowed = 0.5 * size + 2.0 * device.radius
        far = np.abs(np.atleast_2d(values)).max(axis=0)
        if device.k_edge > 0.0 and np.any(far > allowed):
            raise ResultError(
                f"the skyrmion is pushed over {name} of its track at {time[int(np.argmax(far > allowed))]:.3g} s: "
                f"{far.max():.3g} m from the middle, allowed up to {allowed:.3g} m; a real one would be gone. Lower "
                "the current, or raise k_edge."
            )


def _coefficients(device: Any) -> NDArray[np.float64]:
    """Return the numbers of a device that the loop needs."""
    scale = 1.0 / (device.gyrovector**2 + device.drag**2)
    wave = 2.0 * math.pi / device.d_pin
    sigma = math.sqrt(2.0 * k_B * device.T * device.drag / device.dt)
    return np.array(
        [
            *(device.drag * scale, device.gyrovector * scale, device.F_x, device.F_y, device.spin_hall_force(1.0)),
            *(device.k_trap, device.x_trap, device.y_trap, 0.5 * wave * device.V_0, wave, device.k_edge),
            *(0.5 * device.length, 0.5 * device.width, sigma, device.x0, device.y0),
        ]
    )


@compiled
def _slope(c, current, n1, n2, x, y):
    """Return dx/dt and dy/dt."""
    edge_x = max(x - c[11], 0.0) - max(-x - c[11], 0.0)
    edge_y = max(y - c[12], 0.0) - max(-y - c[12], 0.0)
    fx = c[2] + c[4] * current - c[5] * (x - c[6]) - c[8] * np.sin(c[9] * x) - c[10] * edge_x + n1
    fy = c[3] - c[5] * (y - c[7]) - c[8] * np.sin(c[9] * y) - c[10] * edge_y + n2
    return c[0] * fx + c[1] * fy, c[0] * fy - c[1] * fx


@compiled
def _member(c, dt, seed, times, current, steps, substeps, decimate, out):
    """Integrate one particle and record every ``decimate``-th noise step in ``out`` (r, 2)."""
    buffer, scratch = np.zeros((2, BLOCK + 1)), np.empty(BLOCK + 1)
    x, y = c[14], c[15]
    out[0, 0], out[0, 1] = x, y
    h = dt / substeps
    i1, cursor = value_at(0.0, times, current, 0)
    for k in range(steps):
        slot = k % BLOCK
        if slot == 0 and c[13] > 0.0:
            fill_normal(seed, 0.0, float(k), buffer[0], scratch)
            fill_normal(seed, 1.0, float(k), buffer[1], scratch)
        gx, gy = c[13] * buffer[0, slot], c[13] * buffer[1, slot]
        sx, sy = c[13] * buffer[0, slot + 1] - gx, c[13] * buffer[1, slot + 1] - gy
        for j in range(substeps):
            begin, end = j / substeps, (j + 1.0) / substeps
            half = 0.5 * (begin + end)
            i0 = i1
            i1, cursor = value_at((k + end) * dt, times, current, cursor)
            im = 0.5 * (i0 + i1)
            x1, y1 = _slope(c, i0, gx + begin * sx, gy + begin * sy, x, y)
            x2, y2 = _slope(c, im, gx + half * sx, gy + half * sy, x + 0.5 * h * x1, y + 0.5 * h * y1)
            x3, y3 = _slope(c, im, gx + half * sx, gy + half * sy, x + 0.5 * h * x2, y + 0.5 * h * y2)
            x4, y4 = _slope(c, i1, gx + end * sx, gy + end * sy, x + h * x3, y + h * y3)
            x += h / 6.0 * (x1 + 2.0 * x2 + 2.0 * x3 + x4)
            y += h / 6.0 * (y1 + 2.0 * y2 + 2.0 * y3 + y4)
        if (k + 1) % decimate == 0:
            out[(k + 1) // decimate, 0], out[(k + 1) // decimate, 1] = x, y


@compiled_parallel
def _ensemble(c, dt, seeds, times, values, steps, substeps, decimate, out):
    """Run every particle; threads take particles, so results do not depend on their number."""
    for index in numba.prange(seeds.size):
        i = np.int64(index)
        _member(c, dt, seeds[i], times, values[i % values.shape[0]], steps, substeps, decimate, out[i])
