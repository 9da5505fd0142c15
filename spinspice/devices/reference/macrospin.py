"""Stochastic macrospin junctions, one or an ensemble in parallel: the ground truth for every simulator.

The noise path is that of the SPICE models: sample k at t = k dt, linear in between. Each noise interval is integrated
in ``substeps`` equal steps that end on the sample, so the path is never smoothed. Members run in parallel, one seed
each.

Not modelled: self-heating, and whatever the circuit around the junction does (the drive is given).
"""

from __future__ import annotations

import dataclasses
import math
from typing import Any

import numba
import numpy as np
from numpy.typing import ArrayLike, NDArray

from spinspice.devices.reference.compiling import compiled, compiled_parallel
from spinspice.devices.reference.drive import (
    Drive,
    as_field_table,
    as_table,
    checked_seeds,
    choose_drive,
    count_steps,
    sample_table,
    value_at,
)
from spinspice.devices.reference.lanes import run_lanes
from spinspice.devices.reference.macrospin_equations import (
    coefficients,
    heun_step,
    junction_conductance,
    junction_voltage,
    rk4_step,
)
from spinspice.devices.reference.noise import fill_normal
from spinspice.errors import ParameterError, UsageError, did_you_mean

#: Noise samples generated at a time: small enough for the first-level cache.
BLOCK = 256
SCHEMES = ("heun", "rk4")
#: How the noise runs between its samples.
NOISE_PATHS = ("linear", "hold")


@dataclasses.dataclass(frozen=True)
class MacrospinRun:
    """What a reference run returns. Shapes: (r,) for one seed, (n, r) for n seeds, r recorded times."""

    #: Recorded times [s], shape (r,).
    time: NDArray[np.float64]
    #: Unit magnetisation, shape (r, 3) or (n, r, 3).
    m: NDArray[np.float64]
    #: Drive at the recorded times, shape (r,) or (1 or n, r): voltage [V] or current [A] of the junction.
    drive: NDArray[np.float64]
    #: Whether the drive is a current.
    by_current: bool
    device: Any

    @property
    def cosine(self) -> NDArray[np.float64]:
        """Cosine of the angle between free and reference layer [1]."""
        return self.m @ np.array([self.device.px, self.device.py, self.device.pz])

    @property
    def voltage(self) -> NDArray[np.float64]:
        """Voltage of the junction, free to ref [V]."""
        cosine = self.cosine
        drive = np.broadcast_to(self.drive, cosine.shape)
        return _voltages(*self._resistance, drive, cosine) if self.by_current else drive

    @property
    def conductance(self) -> NDArray[np.float64]:
        """Conductance of the junction [S]."""
        return junction_conductance(*self._resistance, self.voltage, self.cosine)

    @property
    def current(self) -> NDArray[np.float64]:
        """Current of the junction, free to ref [A]."""
        return np.broadcast_to(self.drive, self.m.shape[:-1]) if self.by_current else self.conductance * self.voltage

    @property
    def _resistance(self) -> tuple[float, float, float]:
        return 1.0 / self.device.R_P, self.device.TMR, self.device.V_half


def simulate_macrospin(
    device: Any,
    duration: float,
    seed: ArrayLike = 1,
    *,
    voltage: Drive | None = None,
    current: Drive | None = None,
    line_current: Drive = 0.0,
    field: Drive | None = None,
    m0: ArrayLike | None = None,
    scheme: str = "heun",
    substeps: int | None = None,
    noise: str = "linear",
    samples: ArrayLike | None = None,
    decimate: int = 1,
) -> MacrospinRun:
    """Integrate the magnetisation of a junction under a given drive.

    Parameters
    ----------
    device : Macrospin, MacrospinSOT, or any object with their fields
    duration : float
        Simulated time [s], rounded to whole noise steps ``device.dt``.
    seed : int or array of shape (n,)
        Seed of the noise; several seeds make an ensemble, run in parallel.
    voltage, current : float, array of shape (n,), or (times, values)
        Drive of the junction [V] or [A], free to ref; at most one of the two (neither: 0 V). Linear between the
        times; on a vertical step the later value.
    line_current : as ``voltage``
        Current of the heavy-metal line, free to hm [A].
    field : array of shape (3,) or (n, 3), or (times, values), optional
        Field on the free layer beside that of the device [T]; values of shape (3, t) or (n, 3, t), linear between the
        times: what the ports bx, by, bz of a ``MacrospinField`` carry.
    m0 : array of shape (3,) or (n, 3), optional
        Initial magnetisation in place of the device's (theta0, phi0); normalised here.
    scheme : {"heun", "rk4"}
        Order 2 or 4 in the step ``dt / substeps`` for a given noise path.
    substeps : int, optional
        Steps a noise interval; by default as many as ``device.max_step`` asks for.
    noise : {"linear", "hold"}
        Linear between the samples (as in the SPICE models), or sample k held from k dt to (k + 1) dt.
    samples : array of shape (steps + 1, 3) or (n, steps + 1, 3), optional
        Standard normal numbers in place of those of the seed.
    decimate : int
        Record every so many noise steps.

    Returns
    -------
    MacrospinRun

    Raises
    ------
    UsageError
        For an unknown scheme, two drives, or shapes that do not fit.
    ParameterError
        For a duration below one noise step or above the 2**28 samples of a stream, or a seed out of range.
    """
    for name, value, known in (("scheme", scheme, SCHEMES), ("noise", noise, NOISE_PATHS)):
        if value not in known:
            raise UsageError(f"{name} = {value!r} is unknown. {did_you_mean(value, known)}")
    by_current, drive = choose_drive(voltage, current)
    seeds = checked_seeds(seed)
    steps = count_steps(duration, device.dt, "macrospin")
    if substeps is None:
        substeps = max(1, math.ceil(device.dt / device.max_step - 1e-9))
    if int(substeps) < 1 or int(decimate) < 1:
        raise ParameterError(f"substeps = {substeps} and decimate = {decimate} must be whole numbers from 1 on.")
    drive_table = as_table(drive, seeds.size, "current" if by_current else "voltage")
    line_table = as_table(line_current, seeds.size, "line_current")
    out = np.empty((seeds.size, steps // int(decimate) + 1, 3))
    q = coefficients(device)
    together = seeds.size > 1 and not (by_current and q.vcma != 0.0)
    (run_lanes if together else _ensemble)(
        q,
        device.dt,
        seeds,
        initial(device, m0, seeds.size),
        steps,
        int(substeps),
        int(decimate),
        (scheme == "rk4", noise == "hold", by_current),
        *drive_table,
        *line_table,
        *as_field_table(field, seeds.size),
        _given_samples(samples, seeds.size, steps),
        out,
    )
    time = np.arange(out.shape[1]) * (int(decimate) * device.dt)
    driven = sample_table(*drive_table, time)
    if np.ndim(seed) == 0:
        out, driven = out[0], driven[0]
    return MacrospinRun(time, out, driven, by_current, device)


def initial(device: Any, m0: ArrayLike | None, members: int) -> NDArray[np.float64]:
    """Return initial unit vectors, shape (members, 3)."""
    if m0 is None:
        sin = math.sin(device.theta0)
        m0 = [sin * math.cos(device.phi0), sin * math.sin(device.phi0), math.cos(device.theta0)]
    start = np.asarray(m0, dtype=float)
    if start.shape not in ((3,), (members, 3)):
        raise UsageError(f"m0 has shape {start.shape}; give (3,) or ({members}, 3): one vector, or one a seed.")
    length = np.linalg.norm(start, axis=-1, keepdims=True)
    if not np.all((length > 0) & np.isfinite(length)):
        raise UsageError("m0 holds a vector of no length, or NaN. Give directions.")
    return np.array(np.broadcast_to(start / length, (members, 3)), order="C")


def _given_samples(samples: ArrayLike | None, members: int, steps: int) -> NDArray[np.float64]:
    """Return given noise samples as (1 or members, steps + 1, 3), or an empty array for the hash's own."""
    if samples is None:
        return np.empty((0, 0, 3))
    given = np.asarray(samples, dtype=float)
    given = given[None] if given.ndim == 2 else given
    if given.shape not in ((1, steps + 1, 3), (members, steps + 1, 3)):
        raise UsageError(f"samples has shape {given.shape}; {steps} noise steps need (1 or {members}, {steps + 1}, 3).")
    return np.array(given, order="C")


@compiled_parallel
def _ensemble(
    q, dt, seeds, start, steps, substeps, decimate, flags,
    times, values, line_times, line_values, field_times, field_values, samples, out,
):  # fmt: skip
    """Run every member of an ensemble; threads take members, so results do not depend on their number."""
    for index in numba.prange(seeds.size):
        i = np.int64(index)
        drive = values[i % values.shape[0]]
        line = line_values[i % line_values.shape[0]]
        _member(
            q,
            dt,
            seeds[i],
            start[i],
            steps,
            substeps,
            decimate,
            flags,
            times,
            drive,
            line_times,
            line,
            field_times,
            field_values[i % field_values.shape[0]],
            samples,
            i,
            out[i],
        )


@compiled
def load_block(buffer, scratch, seed, first, sigma, samples, member):
    """Fill ``buffer`` (3, BLOCK + 1) with noise fields [T] of samples ``first`` on; given samples end in zeros."""
    if sigma == 0.0:
        buffer[:] = 0.0
        return
    for c in range(3):
        row = buffer[c]
        if samples.shape[0] > 0:
            own = samples[member % samples.shape[0]]
            for i in range(row.size):
                row[i] = own[first + i, c] if first + i < own.shape[0] else 0.0
        else:
            fill_normal(seed, float(c), float(first), row, scratch)
        for i in range(row.size):
            row[i] *= sigma


@compiled
def _member(
    q, dt, seed, start, steps, substeps, decimate, flags,
    times, drive, line_times, line, field_times, field, samples, member, out,
):  # fmt: skip
    """Integrate one member and record every ``decimate``-th noise step in ``out``."""
    rk4, hold, by_current = flags
    buffer, scratch = np.empty((3, BLOCK + 1)), np.empty(BLOCK + 1)
    m = (start[0], start[1], start[2])
    out[0, 0], out[0, 1], out[0, 2] = m
    cursor, line_cursor = 0, 0
    d1, cursor = value_at(0.0, times, drive, cursor)
    l1, line_cursor = value_at(0.0, line_times, line, line_cursor)
    in_field = field_times.size > 0
    f1, field_cursor = (0.0, 0.0, 0.0), 0
    if in_field:
        f1, field_cursor = _field_at(0.0, field_times, field, field_cursor)
    h = dt / substeps
    for k in range(steps):
        b = k % BLOCK
        if b == 0:
            load_block(buffer, scratch, seed, k, q.sigma, samples, member)
        gx, gy, gz = buffer[0, b], buffer[1, b], buffer[2, b]
        sx, sy, sz = 0.0, 0.0, 0.0
        if not hold:
            sx, sy, sz = buffer[0, b + 1] - gx, buffer[1, b + 1] - gy, buffer[2, b + 1] - gz
        n1 = (gx + f1[0], gy + f1[1], gz + f1[2])
        for j in range(substeps):
            end = (j + 1.0) / substeps
            n0 = n1
            if in_field:
                f1, field_cursor = _field_at((k + end) * dt, field_times, field, field_cursor)
            n1 = (gx + end * sx + f1[0], gy + end * sy + f1[1], gz + end * sz + f1[2])
            d0, l0 = d1, l1
            d1, cursor = value_at((k + end) * dt, times, drive, cursor)
            l1, line_cursor = value_at((k + end) * dt, line_times, line, line_cursor)
            if rk4:
                m = rk4_step(q, by_current, h, d0, d1, l0, l1, m, n0, n1)
            else:
                m = heun_step(q, by_current, h, d0, d1, l0, l1, m, n0, n1)
        if (k + 1) % decimate == 0:
            r = (k + 1) // decimate
            out[r, 0], out[r, 1], out[r, 2] = m


@compiled
def _field_at(time, times, field, cursor):
    """Return the components of a field at ``time`` and the cursor for the next, later call."""
    x, _ = value_at(time, times, field[0], cursor)
    y, _ = value_at(time, times, field[1], cursor)
    z, cursor = value_at(time, times, field[2], cursor)
    return (x, y, z), cursor


def _voltages(
    g_P: float, TMR: float, V_half: float, current: NDArray[np.float64], cosine: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Voltages of currents and cosines of one shape."""
    flat = _flat_voltages(g_P, TMR, V_half, np.ravel(current), np.ravel(cosine))
    return flat.reshape(cosine.shape)


@compiled
def _flat_voltages(g_P, TMR, V_half, current, cosine):
    out = np.empty(current.size)
    for i in range(current.size):
        out[i] = junction_voltage(g_P, TMR, V_half, current[i], cosine[i])
    return out
