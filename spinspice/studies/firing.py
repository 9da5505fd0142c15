"""What studies of neurons that integrate a current make of their runs: spikes, charges, energies."""

from __future__ import annotations

import dataclasses
import itertools
import math
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

from spinspice.benches.firing import Firing
from spinspice.errors import ResultError
from spinspice.studies.result import StudyResult
from spinspice.waveforms import Waveforms

#: Arrays of a run that are joined over runs.
SPIKES = ("first", "later", "intervals", "energy_input", "energy_supply")


@dataclasses.dataclass(frozen=True, kw_only=True)
class FiringResult(StudyResult):
    """Spikes of all runs.

    Parameters
    ----------
    first, later : array
        Charge from the start to the first spike of each run, and from the end of a reset to the next spike [C].
    exact : float
        Charge to the first spike by the law, drift and diffusion up to where the inverter turns [C].
    exact_later : float or None
        Charge to a later spike by the law, from the rest against the end of the track [C]; None without such a law.
    fires_at : float
        Position where the inverter turns [m].
    intervals : array
        From a spike to the next [s].
    energy_input, energy_supply : array
        Of the same intervals, from the input and from the supply [J].
    time, position, spike : array
        Of the first run that fired, at most 2000 points [s, m, V].
    """

    first: NDArray[np.float64]
    later: NDArray[np.float64]
    exact: float
    fires_at: float
    intervals: NDArray[np.float64]
    energy_input: NDArray[np.float64]
    energy_supply: NDArray[np.float64]
    time: NDArray[np.float64]
    position: NDArray[np.float64]
    spike: NDArray[np.float64]
    exact_later: float | None = None
    show = "spinspice.show.firing"

    @property
    def charges(self) -> NDArray[np.float64]:
        """All charges at a spike [C]."""
        return np.concatenate([self.first, self.later])

    @property
    def energies(self) -> NDArray[np.float64]:
        """Energy of each interval [J]."""
        return self.energy_input + self.energy_supply

    def arrays(self) -> dict[str, tuple[str, Any, str]]:
        return {
            "first": ("run", self.first, "C"),
            "later": ("spike", self.later, "C"),
            "position": ("point", self.position, "m"),
        }


class FiringNumbers:
    """Quantities of a study of a neuron that fires, for its class to inherit."""

    quantities: ClassVar[Mapping[str, str]] = {
        "charge": "C", "exact_charge": "C", "later_charge": "C", "exact_later_charge": "C", "interval": "s",
        "energy": "J", "energy_input": "J", "energy_supply": "J",
    }  # fmt: skip
    exact: ClassVar[tuple[str, ...]] = ("exact_charge", "exact_later_charge")
    counts: ClassVar[tuple[str, ...]] = ("fired",)

    def numbers(self, result: FiringResult) -> Mapping[str, tuple[float | None, float | None]]:
        """Return value and standard error of each quantity."""
        return {
            "charge": mean_of(result.first),
            "exact_charge": (result.exact, None),
            "later_charge": mean_of(result.later),
            "exact_later_charge": (result.exact_later, None),
            "interval": mean_of(result.intervals),
            "energy": mean_of(result.energies),
            "energy_input": mean_of(result.energy_input),
            "energy_supply": mean_of(result.energy_supply),
            "fired": (float(result.charges.size), None),
        }


def mean_of(values: NDArray[np.float64]) -> tuple[float | None, float | None]:
    """Return mean and standard error, as far as they are known."""
    if not values.size:
        return None, None
    error = float(values.std(ddof=1) / math.sqrt(values.size)) if values.size > 1 else math.nan
    return float(values.mean()), error


def turning_point(firing: Firing, waves: Waveforms) -> float:
    """Return the voltage of the contact at which the inverter's output is half of the supply [V]."""
    half = 0.5 * firing.technology.vdd
    i = int(np.argmax(waves["v(out)"] < half))
    low, high = waves["v(out)"][i], waves["v(out)"][i - 1]
    part = (high - half) / (high - low)
    return float(waves["v(top)"][i - 1] + part * (waves["v(top)"][i] - waves["v(top)"][i - 1]))


def firing_position(
    firing: Firing,
    conductance: Callable[[float, float], float],
    turn: float,
    middle: float,
    between: tuple[float, float],
) -> tuple[float, float]:
    """Return where the inverter turns [m], and the current of the contact before that [A].

    Parameters
    ----------
    conductance : callable
        Of the contact, as a function of the position [m] and its voltage [V].
    turn, middle : float
        Voltage of the contact at which the inverter turns, and of the middle of the track [V].
    between : (float, float)
        Positions between which it is looked for [m], the first far from the contact.

    Raises
    ------
    ResultError
        If the inverter turns at no position.
    """
    vdd = firing.technology.vdd

    def excess(q: float, top: float) -> float:
        return conductance(q, top - middle) * (top - middle) - (vdd - top) / firing.reference

    low, high = between
    if excess(low, turn) * excess(high, turn) > 0.0:
        raise ResultError(
            f"the inverter turns at {turn:.3g} V of the contact, which it reaches at no position: change the "
            "resistances of the contact or the technology."
        )
    volts = brentq(lambda top: excess(low, top), 0.0, vdd)
    return float(brentq(lambda q: excess(q, turn), low, high)), float((vdd - volts) / firing.reference)


def rises(time: NDArray[np.float64], values: NDArray[np.float64], level: float) -> NDArray[np.float64]:
    """Return when values pass a level upwards [s]."""
    i = np.flatnonzero((values[:-1] < level) & (values[1:] >= level))
    return np.asarray(time[i] + (level - values[i]) / (values[i + 1] - values[i]) * (time[i + 1] - time[i]))


def reduced(
    waves: Waveforms, drive: NDArray[np.float64], firing: Firing, position: NDArray[np.float64]
) -> dict[str, Any]:
    """Return charges, intervals and energies of the spikes of a run, and a thinned trace with its positions [m]."""
    time, vdd = waves.time, firing.technology.vdd
    current = np.interp(time, *drive)
    gathered = [
        np.concatenate([[0.0], np.cumsum(0.5 * (y[1:] + y[:-1]) * np.diff(time))])
        for y in (np.abs(current), current * waves["v(left)"], -vdd * waves["i(vdd)"])
    ]
    charge, given, supplied = (lambda t, y=y: np.interp(t, time, y) for y in gathered)
    spikes = rises(time, waves["v(out)"], 0.5 * vdd)
    later: NDArray[np.float64] = np.empty(0)
    pairs = np.empty((0, 2))
    if firing.reset and spikes.size:
        released = rises(time, waves["v(gate)"], 0.5 * vdd)
        # A spike counts if a reset has ended since the one before: noise lets an output bounce
        kept, starts = [spikes[0]], []
        for spike in spikes[1:]:
            since = released[(released > kept[-1]) & (released < spike)]
            if since.size:
                starts.append(since[-1])
                kept.append(spike)
        later = np.asarray(charge(np.array(kept[1:])) - charge(np.array(starts)))
        pairs = np.array(list(itertools.pairwise(kept))).reshape(-1, 2)
    every = max(1, time.size // 2000)
    return {
        "first": charge(spikes[:1]),
        "later": later,
        "intervals": pairs[:, 1] - pairs[:, 0],
        "energy_input": given(pairs[:, 1]) - given(pairs[:, 0]),
        "energy_supply": supplied(pairs[:, 1]) - supplied(pairs[:, 0]),
        "trace": {"time": time[::every], "position": position[::every], "spike": waves["v(out)"][::every]},
    }


def joined(found: list[Any], stop: float) -> dict[str, Any]:
    """Return the arrays of all runs as one, with the trace of the first that fired.

    Raises
    ------
    ResultError
        If none fired.
    """
    fired = [run for run in found if run["first"].size]
    if not fired:
        raise ResultError(f"the neuron did not fire in {stop:.3g} s, {len(found)} runs: raise spikes or the current.")
    return {key: np.concatenate([run[key] for run in found]) for key in SPIKES} | fired[0]["trace"]
