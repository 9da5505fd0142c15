r"""The two-state junction, event by event: an exact inhomogeneous Poisson process for any piecewise linear drive.

Random time change: the n-th switching event ends a dwell time when the hazard integrated over it reaches the threshold
:math:`E_n = -\ln u(seed, n)`. Thresholds and law are those of `verilog_a/mtj_telegraph.va`, in the limit of a switching
time t_sw -> 0, so the flips of a simulator can be compared with these one by one.

The cost of a flip is one search in a table, whatever the rate.
"""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spinspice.devices.noise import SAMPLE_LIMIT, THRESHOLD_WORD
from spinspice.devices.reference.compiling import compiled
from spinspice.devices.reference.drive import Drive, as_table, checked_seeds, choose_drive, on_common_times
from spinspice.devices.reference.hazard import cumulative_hazard, next_event, rate_table
from spinspice.devices.reference.noise import key, uniform_from_keys
from spinspice.errors import ParameterError, UsageError, check_range


@dataclasses.dataclass(frozen=True)
class TelegraphRun:
    """Switching events of one junction."""

    #: Times of the switching events [s], shape (n,).
    flips: NDArray[np.float64]
    #: State before the first event: 0 = P, 1 = AP.
    state0: int
    #: End of the observation [s].
    duration: float

    @property
    def states(self) -> NDArray[np.int8]:
        """State after each event, shape (n,)."""
        return ((np.arange(1, self.flips.size + 1) + self.state0) % 2).astype(np.int8)

    def state_at(self, time: ArrayLike) -> NDArray[np.int8]:
        """State at ``time`` [s]; at the instant of an event, the state after it."""
        return ((np.searchsorted(self.flips, time, side="right") + self.state0) % 2).astype(np.int8)

    def dwell_times(self, state: int | None = None) -> NDArray[np.float64]:
        """Lengths of the completed dwell times [s], all or those in one state, in order."""
        dwells = np.diff(self.flips, prepend=0.0)
        return dwells if state is None else dwells[(state - self.state0) % 2 :: 2]


def switching_times(
    device: Any,
    count: int,
    seed: ArrayLike = 1,
    *,
    voltage: Drive | None = None,
    current: Drive | None = None,
    field: Drive | None = None,
    period: float | None = None,
    first: int = 0,
) -> NDArray[np.float64]:
    """Return the times of the first ``count`` switching events.

    Parameters
    ----------
    device : Telegraph, or any object with its fields
    count : int
        Number of events.
    seed : int or array of shape (n,)
        Seeds of the junctions.
    voltage, current : float, array of shape (n,), or (times, values)
        Drive of the junction [V] or [A], free to ref, at most one of the two (neither: 0 V); piecewise linear, and
        constant before and after the given times.
    field : as ``voltage``, optional
        Field on the port of a ``TelegraphField`` [T].
    period : float, optional
        The drive repeats itself with this period [s]; its times must run from 0 to ``period``.
    first : int
        Number of the first threshold (0 to continue a SPICE run's numbering).

    Returns
    -------
    array, shape (count,) for one seed, (n, count) for n seeds
        Times [s]; infinite where the hazard never reaches the threshold in floating point.

    Raises
    ------
    UsageError, ParameterError
        For two drives, shapes that do not fit, a seed or count out of range, a field without a port for it.
    """
    check_range("count", count, 0, SAMPLE_LIMIT - first, where="number of switching events")
    seeds = checked_seeds(seed)
    by_current, drive = choose_drive(voltage, current)
    name = "current" if by_current else "voltage"
    times, values = as_table(drive, seeds.size, name)
    if period is not None and not (times[0] == 0.0 and abs(times[-1] - period) <= 1e-12 * period and period > 0.0):
        raise UsageError(
            f"The times of a periodic {name} run from {times[0]:g} to {times[-1]:g}; "
            f"they must run from 0 to period = {period}."
        )
    out = np.empty((seeds.size, int(count)))
    if field is None:
        tables = [rate_table(device, times, row, by_current) for row in values]
    else:
        tables = _tables_in_field(device, (times, values), by_current, as_table(field, seeds.size, "field"))
    hazards = [cumulative_hazard(*table) for table in tables]
    for member, row in enumerate(out):
        own = member % len(tables)
        _events(seeds[member], float(first), int(device.state0), *tables[own], hazards[own], period is not None, row)
    return out[0] if np.ndim(seed) == 0 else out


def _tables_in_field(device: Any, drive: Any, by_current: bool, field: Any) -> list[Any]:
    """Return the rates of each member in a field on its port."""
    if not hasattr(device, "B_k"):
        raise UsageError(f"a {type(device).__name__} has no port for a field; use a TelegraphField.")
    tables = []
    for member in range(max(len(drive[1]), len(field[1]))):
        own = (table[1][member % len(table[1])] for table in (drive, field))
        times, values, fields = on_common_times((drive[0], next(own)), (field[0], next(own)))
        tables.append(rate_table(device, times, values, by_current, fields))
    return tables


def simulate_telegraph(
    device: Any,
    duration: float,
    seed: int = 1,
    *,
    voltage: Drive | None = None,
    current: Drive | None = None,
    field: Drive | None = None,
    period: float | None = None,
) -> TelegraphRun:
    """Return all switching events of one junction within ``duration`` [s]; arguments as :func:`switching_times`."""
    check_range("duration", duration, 0.0, np.finfo(float).max, unit="s", where="simulated time of a telegraph run")
    drive: dict[str, Any] = {"voltage": voltage, "current": current, "field": field, "period": period}
    count = 64
    flips = switching_times(device, count, seed, **drive)
    while flips[-1] <= duration:
        count = min(4 * count, SAMPLE_LIMIT)
        if flips.size == count:
            raise ParameterError(f"duration = {duration:g} s holds more than 2**28 switching events; shorten it.")
        flips = switching_times(device, count, seed, **drive)
    return TelegraphRun(flips[flips <= duration].copy(), int(device.state0), float(duration))


@compiled
def _events(seed, first, state0, times, logs, cumulative, periodic, out):
    """Write the times of the events into ``out``; time is kept as (periods, remainder) for a periodic drive."""
    a, b, c = key(seed, THRESHOLD_WORD, 0.0), key(seed, THRESHOLD_WORD, 1.0), key(seed, THRESHOLD_WORD, 2.0)
    state, now, periods = state0, 0.0, 0.0
    for n in range(out.size):
        threshold = -np.log(uniform_from_keys(a, b, c, first + n))
        now, whole = next_event(now, threshold, times, logs[state], cumulative[state], periodic)
        periods += whole
        out[n] = now + periods * times[-1]
        state = 1 - state
