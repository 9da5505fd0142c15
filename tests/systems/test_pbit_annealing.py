"""Annealing by a ramp of the drivers' supply in the circuit, against the exact chain with the same ramp."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from spinspice.cells import PBit, TelegraphPBit
from spinspice.devices import TelegraphField
from spinspice.engines import get_engine
from spinspice.networks.pbits import exact, gates, problems
from spinspice.networks.pbits.circuit import PBitNetwork
from spinspice.networks.pbits.ramp import Ramp
from spinspice.networks.pbits.telegraph_chain import after_ramp
from spinspice.presets import load_preset
from spinspice.studies.pbits import TELEGRAPH

pytestmark = pytest.mark.engine("ngspice")

#: Mean stay of 10 ns: 40 times the delay of the circuit.
DEVICE = TelegraphField(**TELEGRAPH | {"phi0": 2e9})


def max_cut():
    """Complete graph of six nodes, weights 1 to 9: a ramp finds the cut of 29 four times as often as a sudden rise."""
    weights = np.random.default_rng(14).integers(1, 10, size=15)
    edges = {
        (f"v{i}", f"v{j}"): float(w) for (i, j), w in zip(itertools.combinations(range(6), 2), weights, strict=True)
    }
    whole = problems.max_cut(edges)
    return whole.scaled(1.0 / np.abs(whole.J).max()), 2.057


def tour():
    """Four cities, nine p-bits, six tours of which two, one there and back, are shortest."""
    distances = [[0, 1, 2, 1.5], [1, 0, 1.2, 2.2], [2, 1.2, 0, 1], [1.5, 2.2, 1, 0]]
    return problems.travelling_salesman(distances), 2.0


def anneal(ising, I0, ramp, seed, technology="generic"):
    """Return the states at the ends of anneals in the circuit and the law of the chain."""
    cell = TelegraphPBit(DEVICE, technology)
    network = PBitNetwork(ising=ising, cell=cell, V0=cell.V0, I0=I0, ramp=ramp)
    waves = get_engine("ngspice").run(network.network().testbench(stop=ramp.stop, seed=seed))
    return network.rows_at(waves, ramp.ends), after_ramp(ising, DEVICE, I0, ramp, pieces=50)


def judged(ising, rows, law):
    """Return how often the ground states were met and the mean energy, each with that of the chain, in its errors."""
    energy = exact.energies(ising)
    ground = energy < energy.min() + 1e-9
    p, n = law[ground].sum(), rows.size
    mean = law @ energy
    spread = math.sqrt((law @ (energy - mean) ** 2) / n)
    met = ground[rows].mean()
    print(
        f"\nbest {met:.3f}, chain {p:.3f} +- {math.sqrt(p * (1 - p) / n):.3f}; "
        f"energy {energy[rows].mean():.3f}, chain {mean:.3f} +- {spread:.3f}; {n} anneals",
        flush=True,
    )
    return (met - p) / math.sqrt(p * (1 - p) / n), (energy[rows].mean() - mean) / spread


def test_anneals_of_a_cut_follow_the_exact_chain():
    ising, I0 = max_cut()
    rows, law = anneal(ising, I0, Ramp(rest=40e-9, rise=50e-9, count=16), seed=1)
    best, energy = judged(ising, rows, law)
    assert abs(best) < 4 and abs(energy) < 4


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize(
    ("problem", "rise", "count", "technology"),
    [
        (max_cut, 2e-9, 200, "generic"),
        (max_cut, 50e-9, 150, "generic"),
        (max_cut, 200e-9, 60, "generic"),
        (tour, 200e-9, 50, "generic"),
        (max_cut, 50e-9, 40, "sky130"),
    ],
)
def test_many_anneals_follow_the_exact_chain(problem, rise, count, technology):
    ising, I0 = problem()
    rows, law = anneal(ising, I0, Ramp(rest=40e-9, rise=rise, count=count), seed=2, technology=technology)
    best, energy = judged(ising, rows, law)
    assert abs(best) < 4 and abs(energy) < 4


@pytest.mark.parametrize("technology", ["generic", "sky130"])
def test_amplitude_of_the_drivers_is_I0(technology):
    """Operating points: the sum of what drivers are, exactly, and drivers within 5 % of their rails."""
    device = load_preset("faria2021").device.replace(max_step=5e-12)
    ising, V0, v0, I0 = gates.and_gate(), 8e-3, -1e-3, 1.0
    for low in (0.0, 0.1, 0.3, 0.6, 1.0):
        ramp = Ramp(rest=1e-8, rise=1e-8, low=low)
        network = PBitNetwork(ising=ising, cell=PBit(device, technology), V0=V0, v0=v0, I0=I0, ramp=ramp)
        names = [f"v({port}_{name})" for port in ("vin", "outb", "up", "down") for name in "abc"]
        waves = get_engine("ngspice").run(network.network().testbench(stop=2e-11, seed=1, step=5e-12, save=names))
        value = {name: float(waves[name][0]) for name in names}
        full = network.cell.vdd / 2
        for i, name in enumerate("abc"):
            m = math.copysign(1.0, value[f"v(outb_{name})"])
            for port, sign in (("up", 1.0), ("down", -1.0)):
                assert abs(value[f"v({port}_{name})"] - sign * m * low * full) < 0.05 * low * full + 1e-3 * full
            total = ising.h[i] * low * full
            for j, other in enumerate("abc"):
                weight = ising.J[i, j]
                total += abs(weight) * value[f"v({'up' if weight > 0 else 'down'}_{other})"]
            assert value[f"v(vin_{name})"] == pytest.approx(v0 + V0 * I0 * total / full, abs=2e-6)
