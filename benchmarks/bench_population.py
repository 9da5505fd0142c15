"""Learning steps a second of a 100 x 100 gripper: exact waiting times against a plain numpy loop over time steps.

The loop is the paper's simulation (Methods): every 439 us, for each junction, a probability to switch and a random
number, a hundred times for an observation. Both learn with the same rule; their errors after 3,000 steps, over seeds,
show that they are the same statistics.

Run: python -m benchmarks population
"""

from __future__ import annotations

import time

import numpy as np
from numpy.typing import NDArray

from benchmarks.report import Table
from spinspice.devices.noise import instance_seed
from spinspice.networks.population import Population, Reading, Rule, decode
from spinspice.papers.mizrahi2018.gripper import ANGLES, train_gripper
from spinspice.papers.mizrahi2018.populations import drawn

DT, STEPS, LESSONS, SEEDS = 439e-6, 100, 3000, range(901, 907)


class PlainPopulation:
    """A population of which every time step is drawn."""

    def __init__(self, population: Population, generator: np.random.Generator) -> None:
        self.population, self.generator = population, generator
        self.states = np.zeros(population.size, dtype=int)

    def observe(self, drives: NDArray[np.float64]) -> NDArray[np.float64]:
        """Rates [1/s] as counted over an observation."""
        chances = -np.expm1(-DT * self.population.escape_rates(drives))
        everyone, switches = np.arange(self.population.size), np.zeros(self.population.size)
        for _ in range(STEPS):
            switched = self.generator.random(self.population.size) < chances[self.states, everyone]
            self.states[switched] ^= 1
            switches += switched
        return 0.5 * switches / (STEPS * DT)


def plain_gripper(seed: int, lessons: int = LESSONS, trials: int = 50) -> float:
    """Train a gripper step by step and return its error as a part of the range."""
    generator, rule = np.random.default_rng(seed), Rule()
    names = ("sensors", "motors")
    sensors, motors = (PlainPopulation(drawn(100, instance_seed(seed, name)), generator) for name in names)
    weights = generator.uniform(0.0, 0.1, (100, 100))
    centres = motors.population.centres

    def act(angle: float) -> tuple[NDArray[np.float64], float]:
        rates = sensors.observe(sensors.population.drives(angle))
        return rates, decode(centres, motors.observe(motors.population.drives_for(weights @ rates)))

    for angle in generator.uniform(*ANGLES, lessons):
        rates, shown = act(angle)
        weights += rule.alpha * np.outer(np.sign(angle - shown) * np.sign(centres - shown), rates / rule.r0)
        weights /= 1.0 + rule.alpha
    misses = [abs(act(angle)[1] - angle) for angle in generator.uniform(*ANGLES, trials)]
    return float(np.mean(misses)) / (ANGLES[1] - ANGLES[0])


def main() -> None:
    """Print learning steps a second and errors of both, and of the other readings."""
    table = Table("gripper of 100 x 100 junctions, 3000 learning steps", ("numba",))
    train_gripper(1, steps=10)
    runs = {"plain numpy loop over time steps": plain_gripper}
    for reading in ("steps", "clock", "events"):
        train_gripper(1, steps=10, reading=Reading(reading=reading))
        runs[f"spinspice, reading {reading!r}"] = lambda seed, reading=reading: (
            train_gripper(seed, reading=Reading(reading=reading)).error
        )
    first = 0.0
    for name, run in runs.items():
        seeds = SEEDS[:4] if run is plain_gripper else SEEDS
        times, errors = [], []
        for seed in seeds:
            started = time.process_time()
            errors.append(100.0 * run(seed))
            times.append(time.process_time() - started)
        speed = LESSONS / min(times)
        first = first or speed
        mean, stderr = np.mean(errors), np.std(errors, ddof=1) / len(errors) ** 0.5
        table.row(f"{name}: error {mean:.2f} +- {stderr:.2f} %", speed, "steps/s", speed / first)
    table.print(ratio="speed over the first row (processor time, best run)")


if __name__ == "__main__":
    main()
