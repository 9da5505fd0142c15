"""The gripper of Mizrahi et al. 2018, Fig. 3: an output population learns to point where an object is.

Sizes of Fig. 3b are not published: 100 x 100 here, as in the paper's power estimate. Each run draws its own junctions.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from spinspice.devices.noise import instance_seed, uniform
from spinspice.networks.population.learning import Learner, LearningCurve, Reading, Rule, Sensors, train
from spinspice.networks.population.population import Population
from spinspice.papers.mizrahi2018.populations import drawn, scaled

#: Orientations of the object [V] (Methods, 'Stimulus range'), and those of the scaled junctions.
ANGLES, ANGLES_SCALED = (-0.15, 0.15), (-0.1, 0.1)
#: Reading of the scaled junctions: time step of 183 ns (Methods, 'Energy consumption').
SCALED = Reading(dt=183e-9)


def identity(stimuli: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the stimuli: the gripper shall point where the object is."""
    return stimuli


@dataclasses.dataclass(frozen=True)
class Trained:
    """A learner after its lessons, and its error on the way."""

    learner: Learner
    curve: LearningCurve

    @property
    def error(self) -> float:
        """Mean distance at the end, as a part of the range."""
        return float(self.curve.error[-1])


def train_gripper(
    seed: int,
    *,
    inputs: int = 100,
    outputs: int = 100,
    delta_spread: float | None = None,
    critical_spread: float | None = None,
    rule: Rule | None = None,
    reading: Reading | None = None,
    steps: int = 3000,
    checks: Sequence[int] = (),
) -> Trained:
    """Train a gripper of drawn junctions with the experimental spread, or another one.

    Parameters
    ----------
    seed : int
        Seed of junctions, noise, weights, lessons and trials.
    inputs, outputs : int
        Sizes of the two populations.
    delta_spread, critical_spread : float, optional
        As for :func:`spinspice.papers.mizrahi2018.populations.drawn`.
    rule, reading : Rule, Reading, optional
    steps : int
        Learning steps.
    checks : sequence of int
        Steps at which the error is taken besides the end.
    """
    given = {"delta_spread": delta_spread, "critical_spread": critical_spread}
    spread = {name: value for name, value in given.items() if value is not None}
    sensors, motors = (
        drawn(size, instance_seed(seed, name), *ANGLES, **spread)
        for name, size in (("sensors", inputs), ("motors", outputs))
    )
    return _train(sensors, motors, ANGLES, seed, rule or Rule(), reading or Reading(), steps, checks)


def train_scaled(
    seed: int,
    *,
    size: int = 100,
    reading: Reading = SCALED,
    steps: int = 3000,
    checks: Sequence[int] = (),
) -> Trained:
    """Train a gripper of ``size`` x ``size`` equal scaled junctions; arguments as :func:`train_gripper`."""
    population = scaled(size, *ANGLES_SCALED)
    rule = Rule(r0=population.nominal.natural_rate)
    return _train(population, population, ANGLES_SCALED, seed, rule, reading, steps, checks)


def _train(
    inputs: Population,
    outputs: Population,
    angles: tuple[float, float],
    seed: int,
    rule: Rule,
    reading: Reading,
    steps: int,
    checks: Sequence[int],
) -> Trained:
    inputs.check_coverage(*angles)
    outputs.check_coverage(*angles)
    learner = Learner(Sensors([inputs], seed, reading), [outputs], seed, rule, reading)
    width = angles[1] - angles[0]
    return Trained(learner, train(learner, identity, [angles], [width], seed=seed, steps=steps, checks=checks))


def kill(learner: Learner, part: float, seed: int) -> None:
    """Let a ``part`` of the input and of the output junctions of a learner die, drawn from ``seed``."""
    sensors = learner.source.observers if isinstance(learner.source, Sensors) else []
    for number, observer in enumerate([*sensors, *learner.observers]):
        size = observer.population.size
        order = np.argsort(uniform(instance_seed(seed, f"dead{number}"), 0, np.arange(size)))
        observer.population = observer.population.replace(dead=order < round(part * size))
