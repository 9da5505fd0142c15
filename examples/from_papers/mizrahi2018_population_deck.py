"""What does a population count, and what does it cost, when every junction is read by a comparator of transistors?

Mizrahi et al., Nat. Commun. 9, 1533 (2018), estimate the power of a population of scaled junctions (Methods). Here
sixteen of them share a stimulus in one SPICE run, each with its shift and its readout; one observation of the paper is
100 cycles of a 183 ns clock. Far from its peak a junction hardly switches, except while it is read.
"""

import numpy as np

from spinspice.analysis.counting import chain_moments, step_probabilities
from spinspice.cells import ReadOut
from spinspice.engines import get_engine
from spinspice.networks.population import PopulationDeck, deck_power, junction_resistance, read_probabilities
from spinspice.papers.mizrahi2018.populations import scaled
from spinspice.plotting import plot_reproduction
from spinspice.reproduce import Curve, Panel, Reproduction

SIZE = 16  # junctions
STIMULUS = 0.02  # while counting [V]
CLOCK, CYCLES, WARM_UP = 183e-9, 100, 5  # clock period [s], cycles of an observation, cycles that are not counted
LARGEST = 0.1  # stimulus of the power [V]
R = junction_resistance(20e-12, 7.7e-9)  # one resistance for both states, as in the paper
SEED = 11


def observed(engine, population, cycles, readout=None):
    """Run a population; return its deck, counts and waveforms."""
    settings = {"stimuli": (STIMULUS,), "dt": CLOCK, "seed": SEED}
    deck = PopulationDeck(population=population, steps=cycles, readout=readout, **settings)
    waves = engine.run(deck.testbench(), timeout=3600.0)
    return deck, deck.read(waves), waves


def hundred(engine):
    """Power of 100 junctions from the currents of sixteen, and the error of the audit."""

    def alike(size):
        population = scaled(size)
        return population.replace(nominal=population.nominal.replace(R_P=R, TMR=0.0))

    deck = PopulationDeck(population=alike(16), stimuli=(LARGEST,), dt=CLOCK, steps=10, seed=SEED, probes=True)
    measured = deck_power(deck, engine.run(deck.testbench()))
    return measured.extrapolated(alike(100)), measured.closure


def figure(population, rows, waves):
    """Counts against the centres, and the states of three junctions that are read."""
    centres = 1e3 * population.centres
    curves = [
        Curve(x=centres, y=y, yerr=error, label=label, kind="line" if error is None else "points", color=color)
        for label, y, error, color in rows
    ]
    shown = [int(np.argmin(np.abs(population.centres - at))) for at in (STIMULUS, 0.05, 0.1)]
    states = [
        Curve(x=1e6 * waves.time, y=1.4 * k + waves[f"v(count{i + 1})"] // 1 % 2, color=k) for k, i in enumerate(shown)
    ]
    title = "While being read, from below: " + ", ".join(f"{centres[i]:.0f}" for i in shown) + " mV"
    panels = (
        Panel(title=f"Switches counted at {1e3 * STIMULUS:g} mV", xlabel="centre [mV]", ylabel="count", curves=curves),
        Panel(title=title, xlabel="time [µs]", ylabel="state (shifted)", curves=states),
    )
    return Reproduction(name="population_deck", title="Population with comparators", source="", rows=(), panels=panels)


def main(short: bool = False, out: str = "out") -> dict[str, float]:
    """Count with ideal and with transistor readouts; return the counts' distance from the law, and the power."""
    engine = get_engine("ngspice", "verilog-a")
    size, cycles = (4, 16) if short else (SIZE, CYCLES)
    population = scaled(size)
    law = step_probabilities(population.escape_rates(population.drives(STIMULUS)), CLOCK)
    _, ideal, _ = observed(engine, population, cycles)
    deck, read, waves = observed(engine, population, cycles, ReadOut(population.nominal))
    disturbed = read_probabilities(deck, engine=engine)

    counts = [np.abs(np.diff(each.bits[:, WARM_UP:])).sum(axis=1) for each in (ideal, read)]
    moments = [chain_moments(p, cycles - WARM_UP) for p in (law, disturbed)]
    rows = [("law, clocked", moments[0][0], None, 0), ("ideal readout", counts[0], moments[0][1] ** 0.5, 0)]
    rows += [("law with read disturb", moments[1][0], None, 1), ("comparators", counts[1], moments[1][1] ** 0.5, 1)]
    plot_reproduction(figure(population, rows, waves), f"{out}/mizrahi2018_population_deck.png")

    power, closure = hundred(engine)
    away = [np.max(np.abs(c - mean) / np.sqrt(var)) for c, (mean, var) in zip(counts, moments, strict=True)]
    numbers = {
        "ideal_sigmas": float(away[0]),
        "read_sigmas": float(away[1]),
        "silent_count": float(moments[1][0].min()),
        "silent_count_undisturbed": float(moments[0][0].min()),
        "stimulus_uW": 1e6 * power.stimulus,
        "shift_uW": 1e6 * power.shift,
        "pJ_an_observation": 1e12 * power.energy(100 * CLOCK),
        "closure": closure,
    }
    for name, value in numbers.items():
        print(f"{name}: {value:.4g}")
    return numbers


if __name__ == "__main__":
    main()
