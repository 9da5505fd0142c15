"""Learning steps of the classifier's chain in SPICE: a loaded circuit altered and run again, against new decks.

A step applies 14 inputs (seven vowels, two currents each) to three junctions: two trains of seven inputs with different
control currents.

Run: python -m benchmarks chain
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from benchmarks.report import Table
from spinspice.benches.chain import PulseTrain
from spinspice.engines import get_engine
from spinspice.networks.chain.spice import SpiceChain, chain_testbench, seeds
from spinspice.presets.lopez2024 import JUNCTIONS

STEPS = 20
PULSES = PulseTrain(slots=7)


def step_inputs(number: int) -> tuple[np.ndarray, np.ndarray]:
    """Seven inputs [A] and three control currents [A] of half a learning step."""
    generator = np.random.default_rng(number)
    return generator.uniform(400e-6, 800e-6, 7), -500e-6 + 1e-5 * generator.integers(-3, 4, 3)


def timed(work: Callable[[int], object]) -> float:
    """Return seconds for a learning step, the first (which loads and compiles) left out."""
    work(0)
    started = time.perf_counter()
    for number in range(1, 2 * STEPS + 1):
        work(number)
    return (time.perf_counter() - started) / STEPS


def main() -> None:
    """Print learning steps a second."""
    engines = [get_engine(name, model="verilog-a") for name in ("ngspice", "ngspice-process", "vacask")]
    table = Table("chain of three", engines=tuple(f"{e.name} {e.find().version}" for e in engines if e.find()))
    reader = SpiceChain(JUNCTIONS, PULSES)
    for engine in engines:

        def new_deck(number: int, engine=engine) -> object:
            inputs, controls = step_inputs(number)
            bench = chain_testbench(JUNCTIONS, PULSES, controls, seed=number)
            values = dict(zip(PULSES.inputs, map(float, inputs), strict=True)) | seeds(number, 3)
            return reader.read(engine.run(bench.with_parameters(**values)))

        seconds = timed(new_deck)
        table.row(f"{engine.name}, new deck each run", 1.0 / seconds, "learning steps a second", 1.0)
        with SpiceChain(JUNCTIONS, PULSES, engine=engine) as chain:
            again = timed(lambda number, chain=chain: chain.switched(*step_inputs(number), number))
        table.row(f"{engine.name}, altered and run again", 1.0 / again, "learning steps a second", seconds / again)
    table.print(ratio="times a new deck")


if __name__ == "__main__":
    main()
