r"""Cumulative hazard of a two-state junction under a sampled drive, and its inverse: both in closed form.

The logarithms of the escape rates run linearly between the samples of the drive (exactly so when the drive is the
quantity in the exponent), and a rate :math:`\lambda_0 e^{a t}` integrates to :math:`\lambda_0 (e^{a t} - 1) / a`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from spinspice.devices.laws.resistance import conductance, state_voltage
from spinspice.devices.reference.compiling import compiled
from spinspice.devices.telegraph import T_REFERENCE

#: Refinement of a drive that is not linear in the exponent stops when half-way points agree to this much [1].
EXPONENT_ERROR = 1e-7
#: Rates are kept between exp(-690) and exp(690) per second, the range of a double with room for products.
LARGEST_LOG = 690.0
#: Refinement never goes beyond so many points.
MAX_POINTS = 2_000_000


def log_rates(
    device: Any, drive: NDArray[np.float64], by_current: bool, field: NDArray[np.float64] | None = None
) -> NDArray[np.float64]:
    """Natural logarithm of the escape rates [1/s] out of P and AP, shape (2, ...).

    Parameters
    ----------
    device : Telegraph
    drive : array
        Voltage [V] or current [A] of the junction, free to ref.
    by_current : bool
        Whether ``drive`` is a current. What the law needs (``device.drive``) follows from the resistance of the state.
    field : array, optional
        Field on the port of a ``TelegraphField`` [T].
    """
    normalised = []
    for parallel in (True, False):
        if device.drive < 0.5:
            volts = state_voltage(device, drive, parallel) if by_current else drive
            normalised.append(volts / device.V_c)
        else:
            amperes = drive if by_current else drive * conductance(device, drive, 1.0 if parallel else -1.0)
            normalised.append(amperes / device.I_c)
    barrier = device.delta * T_REFERENCE / device.T
    h = device.field if field is None else device.field + field / device.B_k
    exponents = (
        np.maximum(1.0 + h, 0.0) ** 2 * (1.0 + normalised[0] / (1.0 + device.asymmetry)),
        np.maximum(1.0 - h, 0.0) ** 2 * (1.0 - normalised[1] / (1.0 - device.asymmetry)),
    )
    logs = np.log(device.phi0) - barrier * np.array(exponents)
    return np.clip(logs, -LARGEST_LOG, LARGEST_LOG)


def rate_table(
    device: Any,
    times: NDArray[np.float64],
    values: NDArray[np.float64],
    by_current: bool,
    field: NDArray[np.float64] | None = None,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return (times (t,), log rates (2, t)) that are linear in between to within :data:`EXPONENT_ERROR`.

    Where the law's drive is not the given one (a voltage that drives a current law, or the reverse), the resistance
    bends the curve, and so does the square of a ``field`` [T], shape (t,), that varies. Points are doubled until the
    half-way points lie on the straight lines.
    """
    straight = by_current == (device.drive >= 0.5) and field is None
    while True:
        logs = log_rates(device, values, by_current, field)
        if times.size < 2 or times.size > MAX_POINTS or straight:
            return times, logs
        middle_values = 0.5 * (values[1:] + values[:-1])
        middle_field = None if field is None else 0.5 * (field[1:] + field[:-1])
        gap = log_rates(device, middle_values, by_current, middle_field) - 0.5 * (logs[:, 1:] + logs[:, :-1])
        if np.max(np.abs(gap)) < EXPONENT_ERROR:
            return times, logs
        times = _doubled(times, 0.5 * (times[1:] + times[:-1]))
        values = _doubled(values, middle_values)
        field = None if field is None or middle_field is None else _doubled(field, middle_field)


def _doubled(values: NDArray[np.float64], middle: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return values with those half-way put between them."""
    return np.append(np.column_stack([values[:-1], middle]).ravel(), values[-1])


def cumulative_hazard(times: NDArray[np.float64], logs: NDArray[np.float64]) -> NDArray[np.float64]:
    """Hazard of each state integrated from the first time to each time [1], shape of ``logs``."""
    rise, span = np.diff(logs, axis=-1), np.diff(times)
    # (e^r - 1) / r, whose series takes over where the quotient would cancel
    small = np.abs(rise) < 1e-5
    safe = np.where(small, 1.0, rise)
    mean = np.where(small, 1.0 + rise / 2.0 + rise * rise / 6.0, np.expm1(safe) / safe)
    pieces = np.exp(logs[..., :-1]) * mean * span
    return np.concatenate([np.zeros((*logs.shape[:-1], 1)), np.cumsum(pieces, axis=-1)], axis=-1)


@compiled
def _piece(log_rate, slope, tau):
    """Integral of exp(log_rate + slope t) over (0, tau)."""
    a = slope * tau
    if abs(a) < 1e-5:
        return np.exp(log_rate) * tau * (1.0 + a / 2.0 + a * a / 6.0)
    return np.exp(log_rate) * tau * np.expm1(a) / a


@compiled
def _solve_piece(log_rate, slope, hazard):
    """Return the tau at which the integral of :func:`_piece` reaches ``hazard``."""
    tau = hazard * np.exp(-log_rate)
    a = slope * tau
    if abs(a) < 1e-5:
        return tau * (1.0 - a / 2.0 + a * a / 3.0)
    if a <= -1.0:
        return np.inf
    return tau * np.log1p(a) / a


@compiled
def next_event(now, threshold, times, logs, cumulative, periodic):
    """Return (time, whole periods passed) at which the hazard counted from ``now`` reaches ``threshold``.

    The rate is constant beyond the ends of the table, unless it repeats. Within the piece that holds ``now`` nothing is
    subtracted from the cumulative hazard, so a fast rate late in a long table loses no digits.
    """
    last = times.size - 1
    if now >= times[last] and not periodic:
        return now + threshold * np.exp(-logs[last]), 0.0
    if now < times[0]:
        until, rate, slope, following = times[0], logs[0], 0.0, 0
    else:
        i = min(np.searchsorted(times, now, side="right") - 1, last - 1)
        until, following = times[i + 1], i + 1
        slope = (logs[following] - logs[i]) / (until - times[i])
        rate = logs[i] + slope * (now - times[i])
    remaining = _piece(rate, slope, until - now)
    if threshold < remaining:
        return min(until, now + _solve_piece(rate, slope, threshold)), 0.0
    goal = cumulative[following] + threshold - remaining
    whole = 0.0
    if periodic:
        whole = np.floor(goal / cumulative[last])
        goal -= whole * cumulative[last]
    if goal >= cumulative[last]:
        return times[last] + (goal - cumulative[last]) * np.exp(-logs[last]), whole
    i = np.searchsorted(cumulative, goal, side="right") - 1
    slope = (logs[i + 1] - logs[i]) / (times[i + 1] - times[i])
    return min(times[i + 1], times[i] + _solve_piece(logs[i], slope, goal - cumulative[i])), whole
