"""SPICE populations of 16, 64 and 128 junctions: what a switch costs, with ideal and with transistor readouts.

All junctions share the time step of the solver, so a switch of one costs points for all: the cost of a switch grows
with the number of junctions, the cost per junction and switch is what stays. Through transistors the clock's edges
cost more points than the switches. Seconds are processor time of the engine's process: other work hardly changes it.

Run: python -m benchmarks population_deck
"""

from __future__ import annotations

import resource

import numpy as np

from benchmarks.report import Table
from spinspice.cells.readout import ReadOut
from spinspice.engines import Engine, get_engine
from spinspice.networks.population import Observer, PopulationDeck
from spinspice.papers.mizrahi2018.populations import scaled

DT, STIMULUS, SEED = 183e-9, 0.02, 11
#: Junctions -> clock cycles, ideal readouts and transistors.
IDEAL, TRANSISTORS = {16: 200, 64: 50, 128: 25}, {16: 12, 64: 3, 128: 1}


def timed(engine: Engine, deck: PopulationDeck) -> tuple[float, int, int, int]:
    """Return processor time [s], time points, switches of the junctions, and bits that differ from their states."""
    bench = deck.testbench()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    waves = engine.run(bench, timeout=3600.0)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    counts = deck.read(waves)
    return seconds, waves.time.size, int(counts.events.sum()), counts.wrong


def main() -> None:
    """Print the cost of a switch, and per junction and switch."""
    engines = [get_engine(name, model="verilog-a") for name in ("ngspice-process", "vacask")]
    found = tuple(f"{engine.name} {info.version}" for engine in engines if (info := engine.find()))
    table = Table("scaled population, clock of 183 ns", engines=found)
    cell = ReadOut(scaled(1).nominal)
    for engine in engines:
        for readout, cycles in ((None, IDEAL), (cell, TRANSISTORS))[: 1 + (engine is engines[0])]:
            first = 0.0
            for size, steps in cycles.items():
                deck = PopulationDeck(
                    population=scaled(size), stimuli=(STIMULUS,), dt=DT, steps=steps, seed=SEED, readout=readout
                )
                seconds, points, switches, wrong = timed(engine, deck)
                each = 1e6 * seconds / switches / size
                first = first or each
                kind = "transistors" if readout else "ideal"
                if readout:
                    note = f"{wrong} bits wrong, {1e3 * seconds / size / steps:.0f} ms a junction and cycle"
                else:
                    events = Observer(deck.population, SEED, dt=DT, reading="events").observe(STIMULUS, steps).events
                    note = f"{abs(switches - int(np.sum(events)))} off the behavioural engine"
                what = f"{engine.name}, {kind}, {size} junctions: {switches} switches, {points} points, {note}"
                table.row(what, each, "us", each / first)
    table.print(ratio="times 16 junctions (cost per junction and switch)")


if __name__ == "__main__":
    main()
