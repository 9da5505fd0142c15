"""Macrospins in one another's fields: groups of magnets, Heun's method on the noise of the SPICE models."""

from __future__ import annotations

import math
from typing import Any

import numba
import numpy as np
from numpy.typing import ArrayLike, NDArray

from spinspice.devices.reference.compiling import compiled, compiled_parallel
from spinspice.devices.reference.drive import Drive, as_table, checked_seeds, value_at
from spinspice.devices.reference.macrospin_equations import coefficients, normalised, slope
from spinspice.devices.reference.noise import fill_normal
from spinspice.errors import UsageError

BLOCK = 256


def simulate_coupled(
    device: Any,
    duration: float,
    seeds: ArrayLike,
    fields: ArrayLike,
    *,
    voltage: Drive = 0.0,
    m0: ArrayLike | None = None,
    decimate: int = 1,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Integrate groups of equal macrospins that are coupled by linear fields.

    Parameters
    ----------
    device : MacrospinField
    duration : float
        Simulated time [s].
    seeds : array, shape (groups, n)
        Of each magnet.
    fields : array, shape (n, n, 3, 3)
        Field on magnet i of the unit magnetisation of j [T].
    voltage : float, array of shape (n,), or (times, values)
        Of every junction of a group [V], values of shape (t,) or (n, t).
    m0 : array, shape (3,) or (n, 3), optional
        Initial magnetisation in place of the device's (theta0, phi0); normalised here.
    decimate : int
        Record every so many noise steps.

    Returns
    -------
    time : array, shape (r,)
    m : array, shape (groups, n, r, 3)

    Raises
    ------
    UsageError
        For shapes that do not fit.
    """
    names = np.array(seeds, dtype=float, ndmin=2, order="C")
    checked_seeds(names.ravel())
    tensor = np.array(fields, dtype=float, order="C")
    n = names.shape[1]
    if tensor.shape != (n, n, 3, 3):
        raise UsageError(f"fields has the shape {tensor.shape}; groups of {n} magnets need ({n}, {n}, 3, 3).")
    steps = round(duration / device.dt)
    substeps = max(1, math.ceil(device.dt / device.max_step - 1e-9))
    out = np.empty((names.shape[0], n, steps // decimate + 1, 3))
    start = (math.sin(device.theta0) * math.cos(device.phi0), math.sin(device.theta0) * math.sin(device.phi0))
    given = np.array([*start, math.cos(device.theta0)]) if m0 is None else np.asarray(m0, dtype=float)
    if given.shape not in ((3,), (n, 3)) or not np.all(np.linalg.norm(given, axis=-1) > 0.0):
        raise UsageError(f"m0 has the shape {given.shape}; give (3,) or ({n}, 3), no vector zero.")
    unit = given / np.linalg.norm(given, axis=-1, keepdims=True)
    first = np.array(np.broadcast_to(unit, (n, 3)), order="C")
    times, volts = as_table(voltage, n, "voltage")
    _groups(coefficients(device), device.dt, names, tensor, first, times, volts, steps, substeps, decimate, out)
    return np.arange(out.shape[2]) * (decimate * device.dt), out


@compiled_parallel
def _groups(q, dt, seeds, tensor, first, times, volts, steps, substeps, decimate, out):
    for index in numba.prange(seeds.shape[0]):
        g = np.int64(index)
        _group(q, dt, seeds[g], tensor, first, times, volts, steps, substeps, decimate, out[g])


@compiled
def _field(tensor, m, i, noise, out):
    """Fill ``out`` with the field on magnet ``i``: noise, and that of its neighbours."""
    for c in range(3):
        total = noise[c]
        for j in range(m.shape[0]):
            total += tensor[i, j, c, 0] * m[j, 0] + tensor[i, j, c, 1] * m[j, 1] + tensor[i, j, c, 2] * m[j, 2]
        out[c] = total


@compiled
def _group(q, dt, seeds, tensor, first, times, volts, steps, substeps, decimate, out):
    n = seeds.size
    buffer, scratch = np.zeros((n, 3, BLOCK + 1)), np.empty(BLOCK + 1)
    m, ahead, u, v = np.empty((n, 3)), np.empty((n, 3)), np.empty((n, 3)), np.empty((n, 3))
    noise, b = np.empty(3), np.empty(3)
    for i in range(n):
        m[i] = first[i]
        out[i, 0] = first[i]
    cursors = np.zeros(n, np.int64)
    h = dt / substeps
    for k in range(steps):
        slot = k % BLOCK
        if slot == 0 and q.sigma > 0.0:
            for i in range(n):
                for c in range(3):
                    fill_normal(seeds[i], float(c), float(k), buffer[i, c], scratch)
        for s in range(substeps):
            for half in range(2):
                part = (s + half) / substeps
                at = m if half == 0 else ahead
                for i in range(n):
                    for c in range(3):
                        noise[c] = q.sigma * (buffer[i, c, slot] + part * (buffer[i, c, slot + 1] - buffer[i, c, slot]))
                    _field(tensor, at, i, noise, b)
                    drive, cursors[i] = value_at((k + part) * dt, times, volts[i % volts.shape[0]], cursors[i])
                    rate = slope(q, False, drive, 0.0, at[i, 0], at[i, 1], at[i, 2], b[0], b[1], b[2])
                    for c in range(3):
                        if half == 0:
                            u[i, c] = rate[c]
                        else:
                            v[i, c] = rate[c]
                if half == 0:
                    for i in range(n):
                        for c in range(3):
                            ahead[i, c] = m[i, c] + h * u[i, c]
            for i in range(n):
                x, y, z = normalised(
                    m[i, 0] + 0.5 * h * (u[i, 0] + v[i, 0]),
                    m[i, 1] + 0.5 * h * (u[i, 1] + v[i, 1]),
                    m[i, 2] + 0.5 * h * (u[i, 2] + v[i, 2]),
                )
                m[i, 0], m[i, 1], m[i, 2] = x, y, z
        if (k + 1) % decimate == 0:
            for i in range(n):
                out[i, (k + 1) // decimate] = m[i]
