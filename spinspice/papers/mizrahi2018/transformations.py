r"""Functions that populations learn to compute: Mizrahi et al. 2018, Fig. 4a (Methods, 'coordinate transformations').

The output centres span the values of the function (our choice).

Typos of the paper, as read here: sine is :math:`0.15 \sin(\pi Z / 0.15)` (printed with a division, +-6.7 V), series its
square over 0.15; "inverse" has no formula, taken as the negation.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from spinspice.devices.noise import instance_seed
from spinspice.errors import UsageError, did_you_mean
from spinspice.networks.population.learning import Learner, Reading, Rule, Sensors, train
from spinspice.networks.population.population import Population
from spinspice.papers.mizrahi2018.gripper import ANGLES, Trained, identity
from spinspice.papers.mizrahi2018.populations import drawn

#: Half the range of the stimulus [V].
HALF = 0.15
Function = Callable[[NDArray[np.float64]], NDArray[np.float64]]


@dataclasses.dataclass(frozen=True)
class Task:
    """A function of one stimulus within +-0.15 V, and the range of its values [V]."""

    function: Function
    low: float
    high: float

    @property
    def width(self) -> float:
        """Width of the range of values [V]: errors are parts of it."""
        return self.high - self.low

    def population(self, size: int, seed: int) -> Population:
        """Junctions that show the values."""
        return drawn(size, seed, self.low, self.high)


def _sine(z: NDArray[np.float64]) -> NDArray[np.float64]:
    return HALF * np.sin(np.pi * z / HALF)


def _square(z: NDArray[np.float64]) -> NDArray[np.float64]:
    return z**2 / HALF


TASKS = {
    "identity": Task(identity, -HALF, HALF),
    "double": Task(lambda z: 2.0 * z, -2.0 * HALF, 2.0 * HALF),
    "square": Task(_square, 0.0, HALF),
    "negation": Task(lambda z: -z, -HALF, HALF),
    "sine": Task(_sine, -HALF, HALF),
}


def train_task(seed: int, name: str, *, size: int = 100, steps: int = 3000, reading: Reading | None = None) -> Trained:
    """Train ``size`` x ``size`` drawn junctions on one of :data:`TASKS`."""
    if name not in TASKS:
        raise UsageError(f"unknown transformation {name!r}. {did_you_mean(name, TASKS)}")
    task, reading = TASKS[name], reading or Reading()
    inputs = drawn(size, instance_seed(seed, "sensors"), *ANGLES)
    outputs = task.population(size, instance_seed(seed, "motors"))
    learner = Learner(Sensors([inputs], seed, reading), [outputs], seed, Rule(), reading)
    return Trained(learner, train(learner, task.function, [ANGLES], [task.width], seed=seed, steps=steps))


def train_series(seed: int, *, size: int = 100, in_place: bool = False, steps: int = 3000) -> Trained:
    """Train two stages, sine then square, and return the error of the whole, 0.15 sin^2, as a part of 0.15 V.

    As in the paper, each stage learns on its own, the second from stimuli applied to the middle population. With
    ``in_place`` (ours) the second stage learns from the rates that the first one really makes.
    """
    reading, (sine, square) = Reading(), (TASKS["sine"], TASKS["square"])
    first = train_task(seed, "sine", size=size, steps=steps).learner
    middle, last = first.outputs[0], square.population(size, instance_seed(seed, "last"))
    own = instance_seed(seed, "second")
    second = Learner(first if in_place else Sensors([middle], own, reading), [last], own, Rule(), reading)
    if not in_place:
        train(second, square.function, [ANGLES], [square.width], seed=own, steps=steps)
        second.source = first

    def whole(z: NDArray[np.float64]) -> NDArray[np.float64]:
        return square.function(sine.function(z))

    lessons = steps if in_place else 0
    return Trained(second, train(second, whole, [ANGLES], [square.width], seed=seed, steps=lessons))


def polar(stimuli: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return (x, y) = R (cos, sin)(pi phi / 0.6) [V] of (R, phi) [V], both within 0 to 0.3 V."""
    radius, angle = stimuli[0], np.pi * stimuli[1] / 0.6
    return radius * np.array([np.cos(angle), np.sin(angle)])


def train_polar(seed: int, *, size: int = 100, mixed: bool = False, steps: int = 3000) -> Trained:
    """Train two input and two output populations on polar to Cartesian coordinates; error over 0.3 V.

    In the paper one input population sees R, the other phi. With ``mixed`` (ours) the same number of junctions is
    divided among four, which see R, phi, (R + phi) / 2 and (R - phi) / 2 (two resistors at each junction): a sum
    of functions of R and of phi alone cannot make a product.
    """
    reading, span = Reading(), (0.0, 0.3)
    mix = np.array([[1.0, 0.0], [0.0, 1.0], [0.5, 0.5], [0.5, -0.5]]) if mixed else np.eye(2)
    counts = 2 * size // len(mix)
    spans = [(span[1] * np.minimum(row, 0).sum(), span[1] * np.maximum(row, 0).sum()) for row in mix]
    inputs = [drawn(counts, instance_seed(seed, f"in{k}"), *ends) for k, ends in enumerate(spans)]
    outputs = [drawn(size, instance_seed(seed, f"out{k}"), *span) for k in range(2)]
    learner = Learner(Sensors(inputs, seed, reading, mix), outputs, seed, Rule(), reading)
    return Trained(learner, train(learner, polar, [span, span], [0.3, 0.3], seed=seed, steps=steps))
