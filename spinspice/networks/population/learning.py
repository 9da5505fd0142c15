"""Populations that learn to drive other populations by trial and error (Mizrahi 2018, eqs. 4, 5, 8 and 9).

A `Source` turns stimuli into rates: `Sensors` observe them with input populations, a trained `Learner` passes on what
its output populations did. A `Learner` weighs these rates, asks its output junctions for the sums (eq. 4), observes
them, and reads a value off each output population (eq. 5). Where the paper leaves a choice, the docstrings name ours.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spinspice.devices.noise import instance_seed, uniform
from spinspice.errors import ParameterError, check_range
from spinspice.networks.population.observe import Observer
from spinspice.networks.population.population import Population

#: Weights start uniform between 0 and this: the paper says only that they are random (our choice; 0.003 to 0.3 differ
#: little, 1 only slows learning down).
INITIAL_WEIGHT = 0.1


@dataclasses.dataclass(frozen=True, kw_only=True)
class Reading:
    """How counts are taken.

    Parameters
    ----------
    dt : float
        Time step, or period of the clock [s].
    steps : int
        Time steps of an observation.
    reading : str
        The reading of an `Observer`.
    restart : bool
        States are drawn anew before every observation, as a simulation does that starts each one afresh. Real junctions
        keep theirs (our choice).
    gated : bool
        The counter of an output junction whose weighted sum is zero or below is off (our choice: eq. 1 gives no voltage
        for a rate of zero). Otherwise the junction is held at its breakdown voltage, and counts the one switch that it
        may take to get to rest.
    """

    dt: float = 439e-6
    steps: int = 100
    reading: str = "steps"
    restart: bool = False
    gated: bool = True


@dataclasses.dataclass(frozen=True, kw_only=True)
class Rule:
    """The learning rule of eqs. 8 and 9.

    Parameters
    ----------
    alpha : float
        Learning rate.
    r0 : float
        The natural rate [1/s] by which input rates are divided: one constant for all junctions, that of the mean
        barrier.
    own_r0 : bool
        Divide by the natural rate of each junction instead. The paper can be read so, but then it does not learn:
        half a cycle of a 4 Hz junction in 44 ms reads as three times its natural rate.
    catch_zone : float
        Weights stay as they are if the error is below this part of the range (not published: 0, our choice).
    """

    alpha: float = 1e-3
    r0: float = 518.0
    own_r0: bool = False
    catch_zone: float = 0.0

    def __post_init__(self) -> None:
        check_range("alpha", self.alpha, 0.0, 1.0, where="learning rate", open_low=True)
        check_range("r0", self.r0, 0.0, np.inf, unit="1/s", where="natural rate in the learning rule", open_low=True)
        check_range("catch_zone", self.catch_zone, 0.0, 1.0, where="part of the range that counts as a success")


class Source(Protocol):
    """Anything that turns stimuli into rates."""

    #: Natural rates of the junctions behind the rates [1/s], shape (n,).
    natural_rates: NDArray[np.float64]

    def rates(self, stimuli: ArrayLike) -> NDArray[np.float64]:
        """Rates of full cycles as read [1/s], shape (n,)."""
        ...


class Sensors:
    """Input populations; their rates stand one after the other.

    Population k sees the stimulus ``mix[k] @ stimuli``; without ``mix`` (the paper), one stimulus each.
    """

    def __init__(
        self, populations: Sequence[Population], seed: int, reading: Reading, mix: ArrayLike | None = None
    ) -> None:
        self.steps = reading.steps
        self.mix = np.eye(len(populations)) if mix is None else np.asarray(mix, dtype=float)
        if self.mix.ndim != 2 or self.mix.shape[0] != len(populations):
            raise ParameterError(
                f"mix has the shape {self.mix.shape}; give a row for each of the {len(populations)} input populations."
            )
        self.observers = _observers("input", populations, seed, reading)
        self.natural_rates = np.concatenate([population.natural_rates for population in populations])

    def rates(self, stimuli: ArrayLike) -> NDArray[np.float64]:
        """Rates of all junctions [1/s] while the stimuli (k,) are held."""
        pairs = zip(self.observers, self.mix @ np.atleast_1d(np.asarray(stimuli, dtype=float)), strict=True)
        return np.concatenate([observer.observe(float(stimulus), self.steps).rates for observer, stimulus in pairs])


class Learner:
    """Weights from a source to output populations, one population for each value.

    Parameters
    ----------
    source : Source
    outputs : sequence of Population
    seed : int
        Seed of weights and of the noise of the output junctions.
    rule, reading : Rule, Reading
    """

    def __init__(self, source: Source, outputs: Sequence[Population], seed: int, rule: Rule, reading: Reading) -> None:
        self.source, self.rule, self.reading = source, rule, reading
        self.observers = _observers("output", outputs, seed, reading)
        self.natural_rates = np.concatenate([population.natural_rates for population in outputs])
        self.weights = [
            INITIAL_WEIGHT
            * _uniforms(seed, f"weights{number}", population.size * source.natural_rates.size).reshape(
                population.size, source.natural_rates.size
            )
            for number, population in enumerate(outputs)
        ]
        self._divisor: Any = source.natural_rates if rule.own_r0 else rule.r0

    @property
    def outputs(self) -> tuple[Population, ...]:
        """The output populations as they are now."""
        return tuple(observer.population for observer in self.observers)

    def rates(self, stimuli: ArrayLike) -> NDArray[np.float64]:
        """Rates of the output junctions [1/s], one population after the other."""
        return np.concatenate(self._answer(self.source.rates(stimuli)))

    def values(self, stimuli: ArrayLike) -> NDArray[np.float64]:
        """Values that the output populations show [V or A], one for each."""
        return self._decode(self._answer(self.source.rates(stimuli)))

    def learn(self, stimuli: ArrayLike, targets: ArrayLike, ranges: ArrayLike) -> NDArray[np.float64]:
        """Present stimuli once, change the weights, and return the values that were shown before.

        ``targets`` are the wanted values, ``ranges`` the widths of the ranges that the catch zone refers to.
        """
        rates = self.source.rates(stimuli)
        values = self._decode(self._answer(rates))
        change = self.rule.alpha * rates / self._divisor
        wanted, width = np.atleast_1d(targets), np.atleast_1d(ranges)
        for index, (weights, population) in enumerate(zip(self.weights, self.outputs, strict=True)):
            miss = wanted[index] - values[index]
            if abs(miss) > self.rule.catch_zone * width[index]:
                weights += np.outer(np.sign(miss) * np.sign(population.centres - values[index]), change)
                weights /= 1.0 + self.rule.alpha
        return values

    def _answer(self, rates: NDArray[np.float64]) -> list[NDArray[np.float64]]:
        """Observe the output junctions at the drives at which they should have the weighted rates (eq. 4).

        A negative sum asks for silence, a sum above the natural rate for the natural rate (our choice).
        """
        answers = []
        for observer, weights in zip(self.observers, self.weights, strict=True):
            drives = observer.population.drives_for(weights @ rates)
            if not self.reading.gated:
                drives = np.minimum(drives, observer.population.largest_drives)
            answers.append(observer.observe_drives(drives, self.reading.steps).rates)
        return answers

    def _decode(self, rates: Sequence[NDArray[np.float64]]) -> NDArray[np.float64]:
        return np.array(
            [decode(population.centres, rate) for population, rate in zip(self.outputs, rates, strict=True)]
        )


def decode(centres: NDArray[np.float64], rates: NDArray[np.float64]) -> float:
    """Mean of the centres weighted with the rates (eq. 5); of no switching at all, the middle (our choice)."""
    total = float(rates.sum())
    return float(centres @ rates) / total if total > 0.0 else float(centres.mean())


@dataclasses.dataclass(frozen=True)
class LearningCurve:
    """Error against learning steps, shape (n,): mean over trials as a part of the range, and its standard error."""

    steps: NDArray[np.int64]
    error: NDArray[np.float64]
    stderr: NDArray[np.float64]


def train(
    learner: Learner,
    target: Callable[[NDArray[np.float64]], NDArray[np.float64]],
    stimuli: ArrayLike,
    ranges: ArrayLike,
    *,
    seed: int,
    steps: int = 3000,
    checks: Sequence[int] = (),
    trials: int = 50,
) -> LearningCurve:
    """Teach ``learner`` to show ``target(stimuli)``; return its error at the ``checks`` and at the end.

    Parameters
    ----------
    learner : Learner
    target : callable
        From stimuli (k,) to values (m,).
    stimuli : array, shape (k, 2)
        Ranges of the stimuli, drawn uniformly.
    ranges : array, shape (m,)
        Widths of the ranges of the values. Errors are distances over the width of one of them (they are equal).
    seed : int
        Seed of the stimuli.
    steps, trials : int
        Learning steps, and fresh stimuli of each check (50 in the paper), during which nothing is learnt.
    """
    limits, width = np.atleast_2d(np.asarray(stimuli, dtype=float)), np.atleast_1d(np.asarray(ranges, dtype=float))
    if not np.all(limits[:, 0] < limits[:, 1]):
        raise ParameterError(f"stimuli {limits.tolist()} are not ranges from low to high.")
    check_range("steps", steps, 0, 2**26, where="learning steps")
    check_range("trials", trials, 2, 2**20, where="trials of a check")
    lessons = _stimuli(limits, steps, instance_seed(seed, "lessons"))
    stops = sorted({*(int(check) for check in checks if check < steps), steps})
    results, done = [], 0
    for stop in stops:
        for stimulus in lessons[done:stop]:
            learner.learn(stimulus, target(stimulus), width)
        done = stop
        results.append(score(learner, target, limits, width, seed=instance_seed(seed, f"check{stop}"), trials=trials))
    return LearningCurve(np.array(stops), *np.array(results).T)


def score(
    learner: Learner,
    target: Callable[[NDArray[np.float64]], NDArray[np.float64]],
    stimuli: ArrayLike,
    ranges: ArrayLike,
    *,
    seed: int,
    trials: int = 50,
) -> tuple[float, float]:
    """Return mean and standard error, over fresh stimuli, of the distance from the target over the range."""
    limits, width = np.atleast_2d(np.asarray(stimuli, dtype=float)), np.atleast_1d(np.asarray(ranges, dtype=float))
    misses = [
        np.linalg.norm(learner.values(stimulus) - target(stimulus)) / width[0]
        for stimulus in _stimuli(limits, trials, seed)
    ]
    return float(np.mean(misses)), float(np.std(misses, ddof=1) / np.sqrt(trials))


def _stimuli(limits: NDArray[np.float64], count: int, seed: int) -> NDArray[np.float64]:
    """Uniform stimuli, shape (count, k)."""
    columns = [low + (high - low) * uniform(seed, word, np.arange(count)) for word, (low, high) in enumerate(limits)]
    return np.stack(columns, axis=1)


def _uniforms(seed: int, name: str, count: int) -> NDArray[np.float64]:
    return uniform(instance_seed(seed, name), 0, np.arange(count))


def _observers(name: str, populations: Sequence[Population], seed: int, reading: Reading) -> list[Observer]:
    return [
        Observer(
            population,
            instance_seed(seed, f"{name}{number}"),
            dt=reading.dt,
            reading=reading.reading,
            restart=reading.restart,
        )
        for number, population in enumerate(populations)
    ]
