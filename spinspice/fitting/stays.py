"""Stays in the two states: from a table of them, or from the trace of a signal; the likelihood of the point process."""

from __future__ import annotations

import dataclasses
import itertools
import math
from collections.abc import Mapping
from typing import Any, ClassVar, Self

import numpy as np

from spinspice.analysis.telegraph import switching_events
from spinspice.devices.base import Device
from spinspice.errors import ResultError, UsageError
from spinspice.fitting.apparent import log_density, log_survival, resolved
from spinspice.fitting.base import Data, Series, number_option
from spinspice.fitting.law import CONDITIONS, Array, Conditions
from spinspice.fitting.table import Column, Table, rising

#: Thresholds of a trace, as parts of the way between its levels; our choice.
LOW, HIGH = 0.25, 0.75
#: Resolution in time constants of the bandwidth: a stay must last ln 4 = 1.39 of them to pass the further threshold.
RESOLUTION = 2.0
#: Largest share of changes that noise may make.
FALSE = 0.01


@dataclasses.dataclass(frozen=True)
class Run:
    """Stays at one condition: in P and in AP [s], and state (-1: none) and length so far of the one that is cut."""

    stays: tuple[Array, Array]
    cut: tuple[int, float] = (-1, 0.0)


class _Stays(Data):
    options: ClassVar[Mapping[str, str]] = {"dead_time": "shortest stay that the instrument sees [s]"}
    axes: ClassVar[tuple[str, str, bool]] = ("stay [s]", "share of stays that last longer", True)

    def __init__(self, runs: list[Run], conditions: Conditions, dead: float) -> None:
        self.runs, self.conditions, self.dead = runs, conditions, dead
        self.size = int(sum(stays.size for run in runs for stays in run.stays))
        if min(sum(run.stays[state].size for run in runs) for state in (0, 1)) < 2:
            raise ResultError(
                "fewer than two complete stays in one of the states: no rate follows. Measure for longer."
            )

    def free(self, base: Device) -> tuple[str, ...]:
        return free_of_rates(self.conditions, both=True)

    def start(self, base: Device, values: dict[str, float]) -> dict[str, float]:
        total = [float(sum(run.stays[s].sum() for run in self.runs)) for s in (0, 1)]
        count = [sum(run.stays[s].size for run in self.runs) for s in (0, 1)]
        rates = [n / max(t - n * self.dead, 0.1 * t) for n, t in zip(count, total, strict=True)]
        return guess_of_rates(self.conditions, math.sqrt(rates[0] * rates[1]), values)

    def nll(self, values: Mapping[str, float]) -> float:
        out = 0.0
        for run, rates in self._pairs(values):
            for state in (0, 1):
                if run.stays[state].size:
                    out -= float(log_density(run.stays[state], rates[state], rates[1 - state], self.dead).sum())
            state, length = run.cut
            if state >= 0:
                out -= float(log_survival(length, rates[state], rates[1 - state], self.dead))
        return out

    def _pairs(self, values: Mapping[str, float]) -> list[tuple[Run, tuple[float, float]]]:
        out_of_P, out_of_AP = (np.broadcast_to(r, (len(self.runs),)) for r in self.conditions.escape_rates(values))
        return [(run, (float(out_of_P[k]), float(out_of_AP[k]))) for k, run in enumerate(self.runs)]

    def drawn(self, values: Mapping[str, float], rng: np.random.Generator) -> Self:
        runs = []
        for run, rates in self._pairs(values):
            count = sum(stays.size for stays in run.stays)
            new = _Drawn(rates, self.dead, rng).stays(count)
            runs.append(Run(new))
        return type(self)(runs, self.conditions, self.dead)

    def discrepancy(self, values: Mapping[str, float]) -> float:
        """Largest distance, over runs and states, of the distribution of stays from that of the law, times sqrt(n)."""
        far = 0.0
        for run, rates in self._pairs(values):
            for state in (0, 1):
                stays = np.sort(run.stays[state])
                if stays.size > 4:
                    law = 1.0 - _survivals(stays, rates[state], rates[1 - state], self.dead)
                    steps = (np.arange(stays.size) + 0.5) / stays.size
                    far = max(far, float(np.max(np.abs(law - steps))) * math.sqrt(stays.size))
        return far

    def series(self, values: Mapping[str, float]) -> list[Series]:
        out = []
        for number, (run, rates) in enumerate(self._pairs(values)):
            for state, name in enumerate(("P", "AP")):
                stays = np.sort(run.stays[state])
                if stays.size > 1 and number < 3:
                    share = 1.0 - (np.arange(stays.size) + 0.5) / stays.size
                    law = _survivals(stays, rates[state], rates[1 - state], self.dead)
                    label = f"{name}, {_where(self.conditions, number)}".rstrip(", ")
                    out.append(Series(label, stays, share, np.sqrt(share * (1.0 - share) / stays.size), law))
        return out


def _survivals(stays: Array, a: float, b: float, dead: float) -> Array:
    return np.asarray(np.exp(log_survival(stays, a, b, dead)))


def _where(conditions: Conditions, number: int) -> str:
    units = {"bias": "V", "current": "A", "flux": "T", "temperature": "K"}
    parts = []
    for name in CONDITIONS:
        column = getattr(conditions, name)
        if column is not None:
            parts.append(f"{column[number]:g} {units[name]}")
    return ", ".join(parts)


class _Drawn:
    """Draws apparent stays: true ones, with those below the dead time counted into their surroundings."""

    def __init__(self, rates: tuple[float, float], dead: float, rng: np.random.Generator) -> None:
        self.rates, self.dead, self.rng = rates, dead, rng

    def stays(self, count: int) -> tuple[Array, Array]:
        """Return apparent stays in P and in AP, ``count`` in all."""
        seen = math.exp(-self.dead * sum(self.rates))
        n = int(count / max(seen, 1e-3) * 0.75) + 50
        while True:
            lengths = self.rng.exponential(1.0, 2 * n) / np.tile(self.rates, n)
            times = np.cumsum(lengths)
            (in_P, in_AP), _ = resolved(times[:-1], 0, float(times[-1]), self.dead)
            if in_P.size + in_AP.size >= count:
                return in_P[: (count + 1) // 2], in_AP[: count // 2]
            n *= 2


class Dwells(_Stays):
    """A table of stays, each with its state."""

    kind = "dwells"
    title = "stays in both states"
    columns: ClassVar[Mapping[str, Column]] = {
        "dwell": Column("time", ("dwell_time", "stay", "tau", "duration"), "length of a stay"),
        "state": Column("share", ("s",), "0 = P, 1 = AP"),
    }

    @classmethod
    def read(
        cls, table: Table, columns: Mapping[str, Array], conditions: Conditions, options: Mapping[str, Any]
    ) -> Self:
        dwell, state = columns["dwell"], columns["state"]
        dead = number_option(options, "dead_time", 0.0)
        if not np.isin(state, (0.0, 1.0)).all():
            bad = int(np.flatnonzero(~np.isin(state, (0.0, 1.0)))[0])
            hint = " Are the two columns swapped?" if np.isin(dwell, (0.0, 1.0)).all() else ""
            raise UsageError(
                f"{table.source}: state {state[bad]:g} in line {table.lines[bad]} is neither 0 nor 1.{hint}"
            )
        short = np.flatnonzero(dwell < dead) if dead else np.flatnonzero(dwell <= 0.0)
        if short.size:
            least = f"the dead time, {dead:g} s" if dead else "0"
            raise UsageError(
                f"{table.source}: the stay of {dwell[short[0]]:g} s in line {table.lines[short[0]]} "
                f"is not above {least}."
            )
        keys = np.array([c for c in (getattr(conditions, n) for n in CONDITIONS) if c is not None])
        _, first, group = np.unique(
            keys.T if keys.size else np.zeros((dwell.size, 1)), axis=0, return_index=True, return_inverse=True
        )
        group = group.reshape(-1)
        runs = [
            Run((dwell[(group == g) & (state == 0)], dwell[(group == g) & (state == 1)])) for g in range(first.size)
        ]
        return cls(runs, conditions.take(first), dead)


class Trace(_Stays):
    """A signal over time that jumps between two levels."""

    kind = "trace"
    title = "signal over time"
    columns: ClassVar[Mapping[str, Column]] = {
        "time": Column("time", ("t", "x"), "time"),
        "signal": Column("signal", ("v", "V", "voltage", "y", "ch1", "channel 1", "resistance", "R"), "signal"),
    }
    options: ClassVar[Mapping[str, str]] = {
        "dead_time": "shortest stay that counts [s]; default: two samples, or 2 time constants of the bandwidth",
        "bandwidth": "-3 dB bandwidth of the instrument [Hz]",
        "high": "state of the upper level, AP (default) or P",
    }

    @classmethod
    def read(
        cls, table: Table, columns: Mapping[str, Array], conditions: Conditions, options: Mapping[str, Any]
    ) -> Self:
        high = str(options.get("high", "AP")).upper()
        if high not in ("AP", "P"):
            raise UsageError(f"high = {high!r}: the upper level is AP or P.")
        bounds = _segments(conditions, columns["time"].size)
        runs, firsts, dead = [], [], 0.0
        pieces = []
        for start, stop in bounds:
            time = columns["time"][start:stop]
            rising(time, table.lines[start:stop], table.source)
            dead = max(dead, _resolution(time, options))
            pieces.append((start, time, columns["signal"][start:stop]))
        for start, time, signal in pieces:
            low, up, sigma = levels(signal)
            _check_noise(signal, low, up, sigma)
            events, states = switching_events(time, signal, low=low + LOW * (up - low), high=low + HIGH * (up - low))
            state0 = int(states[0]) if high == "AP" else 1 - int(states[0])
            stays, cut = resolved(events, state0, float(time[-1]), dead)
            runs.append(Run(stays, cut))
            firsts.append(start)
        return cls(runs, conditions.take(np.array(firsts)), dead)


def _segments(conditions: Conditions, size: int) -> list[tuple[int, int]]:
    """Return begin and end of the stretches of rows with like conditions."""
    change = np.zeros(size, dtype=bool)
    for name in CONDITIONS:
        column = getattr(conditions, name)
        if column is not None:
            change[1:] |= np.diff(column) != 0.0
    edges = [0, *np.flatnonzero(change).tolist(), size]
    if len(edges) > max(3, size // 20):
        raise UsageError(
            f"bias, field or temperature change {len(edges) - 2} times in {size} rows: a trace is taken at conditions "
            "that stay. Is a measured, noisy bias among the columns? Name the columns that are meant."
        )
    return list(itertools.pairwise(edges))


def _resolution(time: Array, options: Mapping[str, Any]) -> float:
    samples = 2.0 * float(np.max(np.diff(time))) if time.size > 1 else 0.0
    if "dead_time" in options:
        dead = number_option(options, "dead_time", 0.0)
        if dead < samples * (1.0 - 1e-9):
            raise UsageError(f"dead_time = {dead:g} s is below two samples, {samples:g} s: shorter stays are not seen.")
        return dead
    if "bandwidth" in options:
        constant = 1.0 / (2.0 * math.pi * number_option(options, "bandwidth", 0.0, positive=True))
        return max(samples, RESOLUTION * constant)
    return samples


def levels(signal: Array) -> tuple[float, float, float]:
    """Return the two levels of a signal and the noise on them, by two-means with medians.

    Raises
    ------
    ResultError
        For a signal with one level.
    """
    low, up = (float(q) for q in np.quantile(signal, (0.01, 0.99)))
    if not up > low:
        low, up = float(signal.min()), float(signal.max())
    for _ in range(50):
        above = signal > 0.5 * (low + up)
        if not above.any() or above.all():
            raise ResultError("the signal has one level only: it does not switch, or its columns are swapped.")
        new = float(np.median(signal[~above])), float(np.median(signal[above]))
        if new == (low, up):
            break
        low, up = new
    above = signal > 0.5 * (low + up)
    spread = [1.4826 * float(np.median(np.abs(part - np.median(part)))) for part in (signal[~above], signal[above])]
    return low, up, max(spread)


def _check_noise(signal: Array, low: float, up: float, sigma: float) -> None:
    """Refuse noise that would be taken for changes of state: false passages of the further threshold."""
    if sigma == 0.0:
        return
    distance = HIGH * (up - low) / sigma
    false = signal.size * 0.5 * math.erfc(distance / math.sqrt(2.0))
    changes = max(int(np.sum(np.diff(signal > 0.5 * (low + up)))), 1)
    if false > FALSE * changes or distance < 3.0:
        raise ResultError(
            f"the levels {low:g} and {up:g} lie only {(up - low) / sigma:.2g} times the noise ({sigma:g}) apart: some "
            f"{false:.0f} changes would be noise. Filter the trace (and give bandwidth), or measure with less noise."
        )


def free_of_rates(conditions: Conditions, *, both: bool) -> tuple[str, ...]:
    """Parameters that rates of both states (or one) tell, by what they were measured over."""
    names = ["delta"]
    drive = "bias" if conditions.current is None else "current"
    if both:
        names.append("field")
    if conditions.varies(drive):
        names.append(conditions.critical)
        if both:
            names.append("asymmetry")
    if conditions.varies("flux"):
        names.append("B_k")
    if conditions.varies("temperature") or conditions.varies("flux"):
        names.append("phi0")
    return tuple(names)


def guess_of_rates(conditions: Conditions, rate: float, values: dict[str, float]) -> dict[str, float]:
    """First guesses from a typical rate [1/s] and the largest drive and field."""
    delta = max(math.log(max(values["phi0"] / rate, 1.5)), 0.5)
    out = {"delta": delta, "field": 0.01, "asymmetry": 0.01, "phi0": values["phi0"]}
    if conditions.drive is not None:
        largest = float(np.max(np.abs(conditions.drive)))
        out[conditions.critical] = (largest or 1.0) * min(max(delta / 2.0, 1.2), 10.0)
    if conditions.flux is not None:
        out["B_k"] = 5.0 * (float(np.max(np.abs(conditions.flux))) or 0.1)
    return out
