"""Ensembles of macrospins as structure of arrays: all of a group of members take each step together.

The equations, the noise and the scheme are those of :mod:`spinspice.devices.reference.macrospin`, written as loops over
:data:`~spinspice.devices.reference.lanes_noise.LANES` members without branches, which the compiler turns into vector
code: for numbers in one flat array, in rows of one number a member, so that it sees that rows do not overlap. A member
has the same bits as alone, whatever the others, their number, and the number of threads.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numba
import numpy as np

from spinspice.devices.reference.compiling import compiled, inlined, released
from spinspice.devices.reference.drive import value_at
from spinspice.devices.reference.lanes_noise import LANES, STREAMS, next_normals, start_streams
from spinspice.devices.reference.macrospin_equations import driven_slope, junction_conductance, normalised

#: Rows: magnetisation; noise field at the samples before and after [T]; drive and line current at the ends of a step;
#: applied field at the ends of a step [T].
M, BEFORE, AFTER, DRIVE, LINE, FIELD = 0, 3, 6, 9, 11, 13
ROWS = 19


@inlined
def _slope(q, by_current, drive, line, x, y, z, nx, ny, nz):
    """dm/dt of one member; a voltage-controlled anisotropy under a current drive is not for lanes."""
    cosine = x * q.px + y * q.py + z * q.pz
    voltage = 0.0 if by_current else drive
    current = drive if by_current else voltage * junction_conductance(q.g_P, q.TMR, q.V_half, voltage, cosine)
    return driven_slope(q, current, voltage, line, x, y, z, nx, ny, nz)


@inlined
def _field(flat, i, place, row):
    """Noise of member ``i`` at a place in the noise step, 0 to 1, and the applied field of a row and the next two."""
    gx, gy, gz = flat[i + 3 * LANES], flat[i + 4 * LANES], flat[i + 5 * LANES]
    sx, sy, sz = flat[i + 6 * LANES] - gx, flat[i + 7 * LANES] - gy, flat[i + 8 * LANES] - gz
    bx, by, bz = flat[i + row * LANES], flat[i + (row + 1) * LANES], flat[i + (row + 2) * LANES]
    return gx + place * sx + bx, gy + place * sy + by, gz + place * sz + bz


@compiled
def _heun(q, by_current, h, begin, end, flat):
    """One step of Heun's method of all members; ``begin`` and ``end`` are its place in the noise step."""
    half = 0.5 * h
    for i in range(LANES):
        x, y, z = flat[i], flat[i + LANES], flat[i + 2 * LANES]
        nx, ny, nz = _field(flat, i, begin, FIELD)
        ux, uy, uz = _slope(q, by_current, flat[i + 9 * LANES], flat[i + 11 * LANES], x, y, z, nx, ny, nz)
        nx, ny, nz = _field(flat, i, end, FIELD + 3)
        d, line = flat[i + 10 * LANES], flat[i + 12 * LANES]
        vx, vy, vz = _slope(q, by_current, d, line, x + h * ux, y + h * uy, z + h * uz, nx, ny, nz)
        x, y, z = normalised(x + half * (ux + vx), y + half * (uy + vy), z + half * (uz + vz))
        flat[i], flat[i + LANES], flat[i + 2 * LANES] = x, y, z


@compiled
def _rk4(q, by_current, h, begin, end, flat):
    """One step of the classical Runge-Kutta method of all members, drive, field and noise linear within it."""
    half, sixth = 0.5 * h, h / 6.0
    for i in range(LANES):
        x, y, z = flat[i], flat[i + LANES], flat[i + 2 * LANES]
        nx, ny, nz = _field(flat, i, begin, FIELD)
        ex, ey, ez = _field(flat, i, end, FIELD + 3)
        hx, hy, hz = 0.5 * (nx + ex), 0.5 * (ny + ey), 0.5 * (nz + ez)
        d0, d1, line0, line1 = (
            flat[i + 9 * LANES], flat[i + 10 * LANES], flat[i + 11 * LANES], flat[i + 12 * LANES]
        )  # fmt: skip
        d, line = 0.5 * (d0 + d1), 0.5 * (line0 + line1)
        ax, ay, az = _slope(q, by_current, d0, line0, x, y, z, nx, ny, nz)
        bx, by, bz = _slope(q, by_current, d, line, x + half * ax, y + half * ay, z + half * az, hx, hy, hz)
        cx, cy, cz = _slope(q, by_current, d, line, x + half * bx, y + half * by, z + half * bz, hx, hy, hz)
        dx, dy, dz = _slope(q, by_current, d1, line1, x + h * cx, y + h * cy, z + h * cz, ex, ey, ez)
        x, y, z = normalised(
            x + sixth * (ax + 2.0 * (bx + cx) + dx),
            y + sixth * (ay + 2.0 * (by + cy) + dy),
            z + sixth * (az + 2.0 * (bz + cz) + dz),
        )
        flat[i], flat[i + LANES], flat[i + 2 * LANES] = x, y, z


@compiled
def _copy(flat, source, target, rows):
    """Copy some rows."""
    for i in range(rows * LANES):
        flat[i + target * LANES] = flat[i + source * LANES]


@compiled
def _load(time, times, values, first, component, cursor, flat, row):
    """Write one component of a drive (members, components, times) at ``time`` to a row; return the next cursor."""
    value, found = value_at(time, times, values[min(first, values.shape[0] - 1), component], cursor)
    for i in range(LANES):
        if values.shape[0] > 1:
            value, _ = value_at(time, times, values[min(first + i, values.shape[0] - 1), component], cursor)
        flat[i + row * LANES] = value
    return found


@compiled
def _noise(streams, k, sigma, samples, first, flat):
    """Write the noise field of sample ``k`` to the rows after: of the streams, or of given samples."""
    for c in range(3):
        row = (AFTER + c) * LANES
        if samples.shape[0] > 0:
            for i in range(LANES):
                flat[row + i] = sigma * samples[min(first + i, samples.shape[0] - 1), k, c]
        else:
            next_normals(streams[2 * c], streams[2 * c + 1], float(k), sigma, flat[row : row + LANES])


@compiled
def _record(flat, out, first, r):
    """Write the magnetisation of a group to record ``r``."""
    for i in range(min(LANES, out.shape[0] - first)):
        for c in range(3):
            out[first + i, r, c] = flat[c * LANES + i]


@released
def run_groups(
    q, dt, seeds, start, steps, substeps, decimate, flags,
    times, values, line_times, line_values, field_times, field_values, samples, group, last, out,
):  # fmt: skip
    """Run the groups of members from ``group`` to ``last`` - 1; ``flags``: RK4, held noise, driven by a current."""
    while group < last:
        _group(
            q, dt, seeds, start, steps, substeps, decimate, flags,
            times, values, line_times, line_values, field_times, field_values, samples, group * LANES, out,
        )  # fmt: skip
        group += 1


@compiled
def _group(
    q, dt, seeds, start, steps, substeps, decimate, flags,
    times, values, line_times, line_values, field_times, field_values, samples, first, out,
):  # fmt: skip
    """Integrate the members from ``first`` on and record every ``decimate``-th noise step."""
    rk4, hold, by_current = flags
    flat, streams = np.zeros(ROWS * LANES), np.empty((STREAMS, 3, LANES))
    for i in range(LANES):
        for c in range(3):
            flat[c * LANES + i] = start[min(first + i, seeds.size - 1), c]
    _record(flat, out, first, 0)
    start_streams(streams, seeds, first, 0.0)
    noisy = q.sigma > 0.0
    if noisy:
        _noise(streams, 0, q.sigma, samples, first, flat)
    cursor, line_cursor, field_cursor = 0, 0, 0
    h = dt / substeps
    # The first step of all loads its beginning as the end of the step before; constants are loaded once.
    for step in range(-1, steps * substeps):
        k, j = step // substeps, step % substeps
        if noisy and step >= 0 and j == 0:
            _copy(flat, AFTER, BEFORE, 3)
            _noise(streams, k + 1, q.sigma, samples, first, flat)
        begin, end = j / substeps, (j + 1.0) / substeps
        now = 0.0 if step < 0 else (k + end) * dt
        if step <= 0 or times.size > 1:
            _copy(flat, DRIVE + 1, DRIVE, 1)
            cursor = _load(now, times, values, first, 0, cursor, flat, DRIVE + 1)
        if step <= 0 or line_times.size > 1:
            _copy(flat, LINE + 1, LINE, 1)
            line_cursor = _load(now, line_times, line_values, first, 0, line_cursor, flat, LINE + 1)
        if field_times.size > 0 and (step <= 0 or field_times.size > 1):
            _copy(flat, FIELD + 3, FIELD, 3)
            before = field_cursor
            for c in range(3):
                field_cursor = _load(now, field_times, field_values, first, c, before, flat, FIELD + 3 + c)
        if step < 0:
            continue
        if hold:
            begin, end = 0.0, 0.0  # the place in the noise step: at the sample before, all the way
        if rk4:
            _rk4(q, by_current, h, begin, end, flat)
        else:
            _heun(q, by_current, h, begin, end, flat)
        if j == substeps - 1 and (k + 1) % decimate == 0:
            _record(flat, out, first, (k + 1) // decimate)


def run_lanes(
    q: Any, dt: float, seeds: Any, start: Any, steps: int, substeps: int, decimate: int, flags: Any,
    times: Any, values: Any, line_times: Any, line_values: Any, field_times: Any, field_values: Any, samples: Any,
    out: Any,
) -> None:  # fmt: skip
    """Run an ensemble: as many threads as numba is set to, each with groups of its own."""
    groups = -(-seeds.size // LANES)
    threads = min(numba.get_num_threads(), groups)
    shares = [(n * groups // threads, (n + 1) * groups // threads) for n in range(threads)]
    drives = (times, values[:, None, :], line_times, line_values[:, None, :], field_times, field_values)

    def run(share: tuple[int, int]) -> None:
        run_groups(q, dt, seeds, start, steps, substeps, decimate, flags, *drives, samples, *share, out)

    if threads == 1:
        run(shares[0])
        return
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(run, shares))
