"""A population in a SPICE engine: same devices, seeds and stimulus, same switches as in the behavioural one."""

from __future__ import annotations

import numpy as np
import pytest

from spinspice.engines import get_engine
from spinspice.systems.population import Observer, Population, scaled
from spinspice.testbench import Testbench

STIMULUS, DT, STEPS, SEED = 0.02, 183e-9, 100, 11


def deck(population: Population, duration: float) -> Testbench:
    """Every junction under its shifted stimulus."""
    cards = []
    for index, seed in enumerate(population.seeds(SEED)):
        device = population.device(index)
        card = " ".join(f"{name}={value}" for name, value in device.instance_parameters(int(seed)).items())
        cards.append(f"v{index} n{index} 0 {STIMULUS - population.centres[index]}")
        cards.append(f"x{index} n{index} 0 s{index} k{index} {device.model} {card}")
    return Testbench(
        circuit="\n".join(cards) + "\n",
        stop=duration,
        step=1e-9,
        max_step=duration / 100.0,
        save=tuple(f"v(k{index})" for index in range(population.size)),
    )


@pytest.mark.engine("auto", model="verilog-a")
def test_switches_of_a_spice_population_are_those_of_the_engine():
    population = scaled(6, -0.02, 0.06)
    counts = Observer(population, SEED, dt=DT, reading="events").observe(STIMULUS, STEPS)
    waves = get_engine("auto", model="verilog-a").run(deck(population, STEPS * DT))
    # the node passes n at the n-th switch, and runs ahead to the next one in between
    spice = np.array([np.floor(waves[f"v(k{index})"][-1]) for index in range(population.size)])
    assert spice.tolist() == counts.events.tolist()
    assert counts.events.sum() > 100
