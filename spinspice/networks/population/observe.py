r"""What a readout counts while a population holds a stimulus: exact waiting times, on the junctions' own noise.

Thresholds, states and readout clocks go on from one stimulus to the next, so an `Observer` follows, event by event,
the process of `spinspice.devices.reference.telegraph` under a piecewise constant drive, with the same seeds. Three
readings:

``events``  every switching event of the exact process, and what a clocked readout sees of it: pairs of events between
            two edges of the clock are missed.
``clock``   the same clocked law without following the events in between: the sampled process is a two-state chain whose
            stays are geometric. Its cost depends on the clock, not on the junction.
``steps``   the paper's simulation (Methods, eq. 7): one chance a time step, 1 - exp(-dt lambda), also geometric. It
            agrees with the exact process only for junctions slower than the step.
"""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spinspice.analysis.counting import READINGS, step_probabilities
from spinspice.devices.noise import SAMPLE_LIMIT, THRESHOLD_WORD, key, uniform
from spinspice.devices.reference.compiling import compiled
from spinspice.devices.reference.drive import checked_seeds
from spinspice.devices.reference.noise import uniform_from_keys
from spinspice.errors import ParameterError, UsageError, check_range, did_you_mean
from spinspice.networks.population.population import Population

#: Stream of the states drawn at a restart, next to that of the thresholds.
START_WORD = THRESHOLD_WORD + 1.0


@dataclasses.dataclass(frozen=True)
class Observation:
    """Counts of one observation, shape (n,): switches read, all events (NaN where not followed), duration [s]."""

    switches: NDArray[np.float64]
    events: NDArray[np.float64]
    duration: NDArray[np.float64]

    @property
    def rates(self) -> NDArray[np.float64]:
        """Rates of full cycles as read [1/s]: switches / 2 / duration."""
        return 0.5 * self.switches / self.duration


class Observer:
    """A population in operation.

    Parameters
    ----------
    population : Population
    seed : int
        Seed of the run; each junction takes its own from it (:meth:`Population.seeds`).
    dt : float or array of shape (n,)
        Time step, or period of the readout's clock [s]; one for each junction if they are read at different paces.
    reading : str
        ``steps``, ``clock`` or ``events``, see the module.
    restart : bool
        Draw the states anew before every observation, P or AP with equal probability.
    """

    def __init__(
        self, population: Population, seed: int, *, dt: ArrayLike, reading: str = "steps", restart: bool = False
    ) -> None:
        if reading not in READINGS:
            raise UsageError(f"unknown reading {reading!r} of a population. {did_you_mean(reading, READINGS)}")
        self.population, self.reading, self.restart = population, reading, restart
        self.dt = np.array(np.broadcast_to(np.asarray(dt, dtype=float), (population.size,)))
        if not np.all((self.dt > 0.0) & np.isfinite(self.dt)):
            raise ParameterError(f"dt = {dt!r} s is not positive and finite (time step of a population's readout).")
        self._seeds = checked_seeds(population.seeds(seed))
        self._observations = 0
        self._keys = np.array([key(self._seeds, THRESHOLD_WORD, float(j)) for j in range(3)])
        self._states = np.full(population.size, int(population.nominal.state0))
        self._numbers = np.zeros(population.size)
        self._left = np.empty(population.size)
        _draw(self._keys, self._numbers, self._left)

    def observe(self, stimulus: float, steps: int) -> Observation:
        """Hold a stimulus [V or A] for ``steps`` time steps and return the counts."""
        return self.observe_drives(self.population.drives(stimulus), steps)

    def observe_drives(self, drives: NDArray[np.float64], steps: int) -> Observation:
        """Hold normalised drives (n,), one for each junction, for ``steps`` time steps and return the counts."""
        check_range("steps", steps, 1, SAMPLE_LIMIT, where="time steps of an observation")
        if self.restart:
            self._states[:] = uniform(self._seeds, START_WORD, self._observations) < 0.5
        self._observations += 1
        with np.errstate(over="ignore"):  # far beyond the critical drive a dwell time has no length
            escape = self.population.escape_rates(drives)
        switches, events = np.zeros(escape.shape[1]), np.full(escape.shape[1], np.nan)
        state = (self._keys, self._states, self._numbers, self._left)
        if self.reading == "events":
            _follow_events(escape, self.dt, float(steps), *state, switches, events)
        else:
            _follow_steps(self._hazards(escape), float(steps), *state, switches)
        if self._numbers.max() >= SAMPLE_LIMIT:
            raise ParameterError("a junction used up its 2**28 waiting times; observe for less time or another seed.")
        return Observation(switches, events, steps * self.dt)

    def _hazards(self, escape: NDArray[np.float64]) -> NDArray[np.float64]:
        """Hazard of a time step in either state, -ln(1 - p)."""
        if self.reading == "steps":
            return escape * self.dt
        with np.errstate(divide="ignore"):  # a probability that rounds to 1
            return -np.log1p(-step_probabilities(escape, self.dt))


@compiled
def _threshold(keys, i, number):
    """Threshold of a flip of a junction: unit-exponential."""
    return -np.log(uniform_from_keys(keys[0, i], keys[1, i], keys[2, i], number))


@compiled
def _draw(keys, numbers, left):
    """Set the thresholds that are next."""
    for i in range(left.size):
        left[i] = _threshold(keys, i, numbers[i])


@compiled
def _follow_events(escape, dt, steps, keys, states, numbers, left, switches, events):
    """Follow every event for ``steps`` periods of the clock; count events and changes between edges."""
    for i in range(states.size):
        state, number, threshold = states[i], numbers[i], left[i]
        duration = steps * dt[i]
        now, cell, odd, seen, count = 0.0, -1.0, 0, 0, 0
        while True:
            stay = threshold / escape[state, i]
            if not now + stay < duration:
                left[i] = max(threshold - (duration - now) * escape[state, i], 0.0)
                break
            now += stay
            state, number, count = 1 - state, number + 1.0, count + 1
            threshold = _threshold(keys, i, number)
            if np.floor(now / dt[i]) != cell:
                cell = np.floor(now / dt[i])
                seen += odd
                odd = 0
            odd = 1 - odd
        states[i], numbers[i], switches[i], events[i] = state, number, seen + odd, count


@compiled
def _follow_steps(hazards, steps, keys, states, numbers, left, switches):
    """Follow a chain of ``steps`` steps by its geometric dwell times, ceil(threshold / hazard of a step)."""
    for i in range(states.size):
        state, number, threshold = states[i], numbers[i], left[i]
        now, count = 0.0, 0
        while True:
            stay = np.floor(threshold / hazards[state, i]) + 1.0
            if not now + stay <= steps:
                left[i] = max(threshold - (steps - now) * hazards[state, i], 0.0)
                break
            now += stay
            state, number, count = 1 - state, number + 1.0, count + 1
            threshold = _threshold(keys, i, number)
        states[i], numbers[i], switches[i] = state, number, count
