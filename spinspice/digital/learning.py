"""The gripper learnt in integers: eight-bit counters and weights, and the learning rule of the digital part.

The behavioural system of the paper's full design (Mizrahi 2018, Fig. 5 and Methods): no output junctions, the position
is decoded from the sums. Junctions follow exact waiting times at the clock of their readout (`Observer`).
"""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

from spinspice.devices.noise import instance_seed, uniform
from spinspice.digital.backend import BackEnd, Operation
from spinspice.errors import check_range
from spinspice.networks.population.observe import Observer
from spinspice.networks.population.population import Population

#: Weights start uniform between 0 and this (our choice: the paper says only that they are random).
INITIAL_WEIGHT = 16
#: Time step of the paper's experimental junctions [s] (Methods, 'Simulations of a population of junctions').
PERIOD = 439e-6


@dataclasses.dataclass
class IntegerGripper:
    """Junctions in operation and the digital part behind them.

    Parameters
    ----------
    backend : BackEnd
    population : Population
        One junction for each input.
    seed : int
        Seed of the junctions' noise, of the weights and of the stimuli.
    low, high : float
        Orientations that the first and the last output stand for; objects are drawn from between [V].
    period : float
        Clock period of the readout [s].
    """

    backend: BackEnd
    population: Population
    seed: int
    low: float = -0.15
    high: float = 0.15
    period: float = PERIOD

    def __post_init__(self) -> None:
        check_range(
            "size", self.population.size, self.backend.inputs, self.backend.inputs,
            where="IntegerGripper.population: one junction for each input of the digital part",
        )  # fmt: skip
        self.observer = Observer(
            self.population, instance_seed(self.seed, "junctions"), dt=self.period, reading="clock"
        )
        shape = (self.backend.outputs, self.backend.inputs)
        drawn = uniform(instance_seed(self.seed, "weights"), 0, np.arange(shape[0] * shape[1])).reshape(shape)
        self.weights: NDArray[np.int64] = np.floor(INITIAL_WEIGHT * drawn).astype(np.int64)

    def operate(self, stimulus: float, *, learning: bool) -> tuple[float, Operation]:
        """Return the shown orientation [V] for an object at ``stimulus`` [V], and what the digital part did."""
        counts, overflow = self.backend.saturated(self.observer.observe(stimulus, self.backend.steps).switches)
        position, _ = self.backend.decode(self.backend.sums(self.weights, counts))
        shown = self.low + (self.high - self.low) * position / self.backend.highest_position
        verdict = int(np.sign(shown - stimulus)) if learning else None
        done, self.weights = self.backend.operate(self.weights, counts, overflow, verdict)
        return shown, done

    def stimuli(self, name: str, count: int) -> NDArray[np.float64]:
        """Return ``count`` orientations of the object [V]."""
        return self.low + (self.high - self.low) * uniform(instance_seed(self.seed, name), 0, np.arange(count))


@dataclasses.dataclass(frozen=True)
class Trained:
    """What training led to."""

    #: Mean distance as a part of the range, and its standard error over the trials.
    error: float
    stderr: float
    #: Error before the training.
    start: float
    #: Operations in which a counter overflowed, as a part of all.
    overflows: float
    #: Mean number of words read and written by an operation that learns, over the last tenth of the lessons.
    words_read: float
    words_written: float


def train_integer(gripper: IntegerGripper, *, steps: int = 3000, trials: int = 50) -> Trained:
    """Train a gripper and return its errors.

    Parameters
    ----------
    gripper : IntegerGripper
    steps : int
        Learning steps (3000 in the paper).
    trials : int
        Fresh objects of each test, during which nothing is learnt (50 in the paper).
    """
    check_range("steps", steps, 10, 2**26, where="learning steps")
    check_range("trials", trials, 2, 2**20, where="trials of a test")
    start, _ = _test(gripper, "start", trials)
    done = [gripper.operate(float(stimulus), learning=True)[1] for stimulus in gripper.stimuli("lessons", steps)]
    error, stderr = _test(gripper, "trials", trials)
    late = done[-(steps // 10) :]
    return Trained(
        error,
        stderr,
        start,
        float(np.mean([operation.overflow for operation in done])),
        float(np.mean([operation.words_read for operation in late])),
        float(np.mean([operation.words_written for operation in late])),
    )


def _test(gripper: IntegerGripper, name: str, trials: int) -> tuple[float, float]:
    misses = [abs(gripper.operate(float(s), learning=False)[0] - s) for s in gripper.stimuli(name, trials)]
    part = np.array(misses) / (gripper.high - gripper.low)
    return float(part.mean()), float(part.std(ddof=1) / np.sqrt(trials))
