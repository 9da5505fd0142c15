"""Drives of the reference solvers: a constant, one constant a member, or a piecewise linear function of time.

Arrays that go to compiled code are copied first: a read-only or strided one is another type to numba, and would be
compiled for anew.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spinspice.devices.noise import SAMPLE_LIMIT, SEED_LIMIT
from spinspice.devices.reference.compiling import compiled
from spinspice.errors import ParameterError, UsageError, check_range

#: What a drive may be: a number, an array (one number a member), or (times, values).
Drive = Any


def checked_seeds(seed: ArrayLike) -> NDArray[np.float64]:
    """Return one or several seeds as an array of whole floats, shape (n,).

    Raises
    ------
    ParameterError
        For seeds outside [0, 2**31 - 1] or not whole.
    """
    seeds = np.array(seed, dtype=float, ndmin=1, order="C")
    if not np.all((seeds >= 0) & (seeds < SEED_LIMIT) & (seeds == np.floor(seeds))):
        raise ParameterError(f"seed = {seed!r} is outside [0, 2**31 - 1] or not whole (seed of a reference run).")
    return seeds


def count_steps(duration: float, dt: float, what: str) -> int:
    """Return the number of noise steps of a run.

    Raises
    ------
    ParameterError
        For a duration below one noise step, or above the 2**28 samples of a stream.
    """
    check_range(
        *("duration", duration, dt * (1 - 1e-9), SAMPLE_LIMIT * dt),
        unit="s",
        where=f"simulated time of a {what} run",
        hint="It must cover one noise step dt at least, and 2**28 at most",
    )
    return round(duration / dt)


def choose_drive(voltage: Drive | None, current: Drive | None) -> tuple[bool, Drive]:
    """Return (whether the drive is a current, the drive); no drive means 0 V.

    Raises
    ------
    UsageError
        When both are given.
    """
    if voltage is not None and current is not None:
        raise UsageError("Got both voltage and current; a junction is driven by one of them. Leave one out.")
    if current is not None:
        return True, current
    return False, 0.0 if voltage is None else voltage


def as_table(drive: Drive, members: int, name: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return a drive as (times (t,), values (1 or members, t)), linear between the times and constant outside them.

    Parameters
    ----------
    drive : float, array of shape (members,), or tuple (times, values)
        Values of shape (t,) or (members, t). Two equal times make a vertical step.
    members : int
        Number of members of the ensemble.
    name : str
        Name of the drive, for messages.

    Raises
    ------
    UsageError
        For shapes that do not fit, times that decrease, or values that are not finite.
    """
    if isinstance(drive, tuple):
        if len(drive) != 2:
            raise UsageError(f"{name} is a tuple of {len(drive)}; a sampled drive is the pair (times, values).")
        times = np.array(drive[0], dtype=float, order="C")
        values = np.atleast_2d(np.asarray(drive[1], dtype=float))
    else:
        times = np.zeros(1)
        values = np.asarray(drive, dtype=float).reshape(-1, 1)
    if times.ndim != 1 or values.ndim != 2 or values.shape[1] != times.size or times.size == 0:
        raise UsageError(f"{name} has {times.size} times and values of shape {values.shape}: give one value a time.")
    if values.shape[0] not in (1, members):
        raise UsageError(f"{name} has values for {values.shape[0]} members; the ensemble has {members} (one per seed).")
    if not (np.all(np.isfinite(times)) and np.all(np.isfinite(values))):
        raise UsageError(f"{name} holds NaN or infinity. Give finite times [s] and values.")
    if np.any(np.diff(times) < 0.0):
        raise UsageError(f"The times of {name} decrease. Sort them; two equal times make a vertical step.")
    return times, np.array(values, order="C")


def as_field_table(field: Drive | None, members: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return a field as (times (t,), components (1 or members, 3, t)) [T]; no times at all for None.

    Parameters
    ----------
    field : array of shape (3,) or (members, 3), or tuple (times, values), optional
        Values of shape (3, t) or (members, 3, t); linear between the times, constant outside them.
    members : int
        Number of members of the ensemble.

    Raises
    ------
    UsageError
        As :func:`as_table`.
    """
    if field is None:
        return np.empty(0), np.empty((1, 3, 0))
    sampled = isinstance(field, tuple) and len(field) == 2
    times, values = field if sampled else (np.zeros(1), np.asarray(field, dtype=float)[..., None])
    values = np.asarray(values, dtype=float)
    values = values[None] if values.ndim == 2 else values
    if values.ndim != 3 or values.shape[1] != 3 or values.shape[0] not in (1, members):
        raise UsageError(
            f"field has values of shape {values.shape}; give (3,) or ({members}, 3), or (times, values) with values of "
            f"shape (3, t) or ({members}, 3, t): x, y, z in tesla."
        )
    times, flat = as_table((times, values.reshape(-1, values.shape[2])), 3 * values.shape[0], "field")
    return times, np.array(flat.reshape(values.shape), order="C")


def on_common_times(
    one: tuple[NDArray[np.float64], NDArray[np.float64]], other: tuple[NDArray[np.float64], NDArray[np.float64]]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return two tables (times (t,), values (t,)) on the times of both: times, values, values; vertical steps stay."""
    tables = (one, other)
    times = np.unique(np.concatenate([table[0] for table in tables]))
    double = np.zeros(times.size, dtype=bool)
    sides = []
    for own, values in tables:
        left, right = np.searchsorted(own, times, "left"), np.searchsorted(own, times, "right") - 1
        double |= left < right
        between = np.interp(times, own, values)
        hit = left <= right
        last = own.size - 1
        sides.append((np.where(hit, values[np.minimum(left, last)], between), np.where(hit, values[right], between)))
    order = np.repeat(np.arange(times.size), 1 + double)
    second = np.concatenate([[False], order[1:] == order[:-1]])
    first, last_values = (np.where(second | ~double[order], side[1][order], side[0][order]) for side in sides)
    return times[order], first, last_values


@compiled
def value_at(time, times, values, cursor):
    """Return the value at ``time`` and the cursor for the next, later call; after a vertical step its upper side."""
    last = times.size - 1
    if last == 0 or (time <= times[0] and times[0] != times[min(1, last)]):
        return values[0], 0
    if time >= times[last]:
        return values[last], last
    while cursor < last - 1 and time >= times[cursor + 1]:
        cursor += 1
    span = times[cursor + 1] - times[cursor]
    if span <= 0.0:
        return values[cursor + 1], cursor
    return values[cursor] + (values[cursor + 1] - values[cursor]) * (time - times[cursor]) / span, cursor


def sample_table(
    times: NDArray[np.float64], values: NDArray[np.float64], at: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return a table's values at the times ``at``, shape (1 or members, at.size)."""
    out = np.empty((values.shape[0], at.size))
    for row, line in zip(out, values, strict=True):
        _sample(times, line, at, row)
    return out


@compiled
def _sample(times, values, at, out):
    """Fill ``out`` with the values at ``at``, which must not decrease."""
    cursor = 0
    for i in range(at.size):
        out[i], cursor = value_at(at[i], times, values, cursor)
