"""Domain walls, one or an ensemble in parallel: the law of `verilog_a/dw_track.va` on the same noise, by RK4.

The current along the track and the field are given; the junction takes no part. The noise is linear between its
samples and every noise step is integrated in equal substeps.
"""

from __future__ import annotations

import dataclasses
import math
from typing import Any

import numba
import numpy as np
from numpy.typing import ArrayLike, NDArray

from spinspice.constants import gamma
from spinspice.devices.reference.compiling import compiled, compiled_parallel
from spinspice.devices.reference.drive import Drive, as_table, value_at
from spinspice.devices.reference.noise import fill_normal
from spinspice.devices.reference.plane import BLOCK, Plan
from spinspice.errors import ResultError

#: How far beyond the end of its track a wall may be, in wall parameters and a tenth of the track: pushed, it stands a
#: little outside, and farther out it would be gone.
OUTSIDE = 5.0


@dataclasses.dataclass(frozen=True)
class WallRun:
    """What a reference run returns: times (r,), positions [m] and angles [rad], shape (r,) or (n, r)."""

    time: NDArray[np.float64]
    q: NDArray[np.float64]
    phi: NDArray[np.float64]


def simulate_wall(
    device: Any,
    duration: float,
    seed: ArrayLike = 1,
    *,
    current: Drive = 0.0,
    field: Drive = 0.0,
    substeps: int | None = None,
    decimate: int = 1,
) -> WallRun:
    """Integrate position and angle of walls.

    Parameters
    ----------
    device : DomainWall
    duration : float
        Simulated time [s], rounded to whole noise steps.
    seed : int or array of shape (n,)
        Seed of the noise of each wall.
    current, field : float, array of shape (n,), or (times, values)
        Current from free to right [A] and field along z beside that of the device [T].
    substeps : int, optional
        RK4 steps a noise step; by default as many as ``max_step`` asks for.
    decimate : int
        Record every so many noise steps.

    Raises
    ------
    UsageError, ParameterError
        As for :func:`~spinspice.devices.reference.macrospin.simulate_macrospin`.
    ResultError
        If a wall leaves its track.
    """
    plan = Plan(device, duration, seed, substeps, decimate, "wall")
    currents, fields = as_table(current, plan.seeds.size, "current"), as_table(field, plan.seeds.size, "field")
    _ensemble(_coefficients(device), device.dt, plan.seeds, *currents, *fields, *plan.counts, plan.out)
    run = WallRun(*plan.recorded())
    check_on_track(device, run.time, run.q)
    return run


def check_on_track(device: Any, time: NDArray[np.float64], q: NDArray[np.float64]) -> None:
    """Refuse positions (..., r) [m] beyond the ends of a track that has ends (k_edge above 0): the wall is gone.

    Raises
    ------
    ResultError
    """
    allowed = 0.5 * device.length + OUTSIDE * device.W + 0.1 * device.length
    far = np.abs(np.atleast_2d(q)).max(axis=0)
    if device.k_edge > 0.0 and np.any(far > allowed):
        raise ResultError(
            f"the wall leaves its track at {time[int(np.argmax(far > allowed))]:.3g} s: {far.max():.3g} m from the "
            f"middle, allowed up to {allowed:.3g} m. Lower the current or the field, raise B_K (a wall whose angle "
            "turns climbs over the end), or lengthen the track."
        )


def _coefficients(device: Any) -> NDArray[np.float64]:
    """Return the numbers of a device that the loop needs; fields as angular frequencies."""
    per_force = gamma / (2.0 * device.Ms * device.area)
    return np.array(
        [
            device.alpha,
            device.W,
            gamma * device.Bz,
            device.spin_drift(1.0) / device.W,
            device.beta,
            gamma * math.pi / 2.0 * device.spin_hall_field(1.0),
            gamma * device.B_K / 2.0,
            gamma * device.B_D * math.pi / 2.0,
            per_force * math.pi * device.V_0 / device.d_pin,
            2.0 * math.pi / device.d_pin,
            per_force * device.k_trap,
            device.q_trap,
            per_force * device.k_edge,
            0.5 * device.length,
            gamma * device.thermal_field,
            device.q0,
            device.phi0,
        ]
    )


@compiled
def _slope(c, current, field, n1, n2, q, phi):
    """Return dq/dt and dphi/dt."""
    edge = max(q - c[13], 0.0) - max(-q - c[13], 0.0)
    push = c[8] * np.sin(c[9] * q) + c[10] * (q - c[11]) + c[12] * edge
    u = c[3] * current
    h1 = c[2] + 1.76085962784e11 * field + c[4] * u + c[5] * current * np.cos(phi) - push + n1
    h2 = c[6] * np.sin(2.0 * phi) + c[7] * np.sin(phi) + u + n2
    gain = 1.0 / (1.0 + c[0] * c[0])
    return gain * c[1] * (h2 + c[0] * h1), gain * (h1 - c[0] * h2)


@compiled
def _member(c, dt, seed, times, current, field_times, field, steps, substeps, decimate, out):
    """Integrate one wall and record every ``decimate``-th noise step in ``out`` (r, 2)."""
    buffer, scratch = np.zeros((2, BLOCK + 1)), np.empty(BLOCK + 1)
    q, phi = c[15], c[16]
    out[0, 0], out[0, 1] = q, phi
    cursor, field_cursor = 0, 0
    h = dt / substeps
    i1, cursor = value_at(0.0, times, current, cursor)
    b1, field_cursor = value_at(0.0, field_times, field, field_cursor)
    for k in range(steps):
        slot = k % BLOCK
        if slot == 0 and c[14] > 0.0:
            fill_normal(seed, 0.0, float(k), buffer[0], scratch)
            fill_normal(seed, 1.0, float(k), buffer[1], scratch)
        x0, y0 = c[14] * buffer[0, slot], c[14] * buffer[1, slot]
        x1, y1 = c[14] * buffer[0, slot + 1] - x0, c[14] * buffer[1, slot + 1] - y0
        for j in range(substeps):
            begin, end = j / substeps, (j + 1.0) / substeps
            half = 0.5 * (begin + end)
            i0, b0 = i1, b1
            i1, cursor = value_at((k + end) * dt, times, current, cursor)
            b1, field_cursor = value_at((k + end) * dt, field_times, field, field_cursor)
            im, bm = 0.5 * (i0 + i1), 0.5 * (b0 + b1)
            q1, p1 = _slope(c, i0, b0, x0 + begin * x1, y0 + begin * y1, q, phi)
            q2, p2 = _slope(c, im, bm, x0 + half * x1, y0 + half * y1, q + 0.5 * h * q1, phi + 0.5 * h * p1)
            q3, p3 = _slope(c, im, bm, x0 + half * x1, y0 + half * y1, q + 0.5 * h * q2, phi + 0.5 * h * p2)
            q4, p4 = _slope(c, i1, b1, x0 + end * x1, y0 + end * y1, q + h * q3, phi + h * p3)
            q += h / 6.0 * (q1 + 2.0 * q2 + 2.0 * q3 + q4)
            phi += h / 6.0 * (p1 + 2.0 * p2 + 2.0 * p3 + p4)
        if (k + 1) % decimate == 0:
            r = (k + 1) // decimate
            out[r, 0], out[r, 1] = q, phi


@compiled_parallel
def _ensemble(c, dt, seeds, times, values, field_times, fields, steps, substeps, decimate, out):
    """Run every wall; threads take walls, so results do not depend on their number."""
    for index in numba.prange(seeds.size):
        i = np.int64(index)
        current, field = values[i % values.shape[0]], fields[i % fields.shape[0]]
        _member(c, dt, seeds[i], times, current, field_times, field, steps, substeps, decimate, out[i])
