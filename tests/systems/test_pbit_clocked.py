"""Clocked p-bits as circuits: what a cell decides, and networks of them against Boltzmann's law."""

from __future__ import annotations

import math

import numpy as np
import pytest

from spinspice.cells import ClockedPBit
from spinspice.engines import get_engine
from spinspice.networks.metering import audit_network, energy_signals
from spinspice.networks.pbits import exact, gates, judge
from spinspice.networks.pbits.circuit import PBitNetwork
from spinspice.networks.pbits.clocked import decisions, decisions_testbench
from spinspice.networks.pbits.histogram import Histogram
from spinspice.networks.pbits.sequencer import Sequencer
from spinspice.networks.pbits.surrogate import Calibration
from spinspice.presets import load_preset

pytestmark = [pytest.mark.engine("ngspice"), pytest.mark.slow, pytest.mark.timeout(3600)]

#: Clock [s], resistance of outputs as extracted [Ohm], and calibration of the clocked cell of four junctions: some
#: 1,900 and 3,800 decisions of single cells, with standard errors.
CELLS = {
    "generic": (1e-9, 2628.0, Calibration(V0=3.09e-3, v0=-0.24e-3, stderr=0.108e-3, V0_stderr=0.137e-3)),
    "sky130": (1.5e-9, 1162.5, Calibration(V0=2.66e-3, v0=3.95e-3, stderr=0.062e-3, V0_stderr=0.082e-3)),
}
#: Sweeps of each of two runs by I0, and those that are left out: the judge's runs leave out as many. An AND gate at
#: I0 = 1 relaxes in 14 sweeps, a full adder in 4 (networks.pbits.mixing).
SWEEPS = {"copy": (40, 40, 40), "and": (50, 50, 250), "full-adder": (30, 30, 40)}
RUNS, WARM, POINTS = 2, 5, (0.3, 0.5, 1.0)


def cell_of(technology, **others):
    return ClockedPBit(load_preset("faria2021").device.replace(max_step=5e-12), technology, junctions=4, **others)


def run(technology, gate, I0, sweeps, seed):
    """Return network, histogram and power [W] of each run."""
    clock, r_out, fit = CELLS[technology]
    ising = gates.gate(gate)
    network = PBitNetwork(
        ising=ising, cell=cell_of(technology), V0=fit.V0, v0=fit.v0, I0=I0, r_out=r_out,
        sequencer=Sequencer(clock=clock),
    )  # fmt: skip
    circuit = network.network(probes="blocks")
    sweep = network.interval
    rows, power = [], []
    for k in range(RUNS):
        bench = circuit.testbench(stop=(sweeps + WARM) * sweep, seed=seed + k, step=5e-12, save=energy_signals(circuit))
        waves = get_engine("ngspice").run(bench)
        rows.append(network.rows(waves, sweep, WARM * sweep))
        power.append(sum(audit_network(circuit, waves).power.values()))
    return ising, Histogram.of(rows, len(ising), sweep), np.array(power)


@pytest.mark.parametrize("I0", POINTS)
@pytest.mark.parametrize("gate", SWEEPS)
@pytest.mark.parametrize("technology", CELLS)
def test_clocked_gates_sample_boltzmann(technology, gate, I0):
    """Within 4 standard deviations of what runs of Gibbs sampling as long give, 4 of P(ground)."""
    ising, histogram, power = run(technology, gate, I0, SWEEPS[gate][POINTS.index(I0)], seed=71)
    law = exact.boltzmann(ising, I0)
    kept = histogram.counts.sum() // RUNS
    alone = judge.of_gibbs(ising, I0, law, sweeps=kept, runs=RUNS, seed=9, made=CELLS[technology][2])
    found = histogram.compare(law, alone=alone)
    ground = law > law.max() * (1 - 1e-9)
    right, error = histogram.of_states(ground)
    spread = histogram.correlation * 2.0 / math.sqrt(histogram.independent)
    watts, watt = power.mean(), power.std(ddof=1) / math.sqrt(RUNS)
    sample = watts * histogram.correlation
    sampled = sample * math.hypot(watt / watts, spread / histogram.correlation)
    print(
        f"\n{technology} {gate} I0={I0}: {RUNS}x{kept} sweeps, P(ground) {right:.3f} +- {error:.3f} "
        f"({law[ground].sum():.3f}), total variation {found}, excess {found.excess:.2f}; power {watts * 1e6:.4g} +- "
        f"{watt * 1e6:.2g} uW, a sample {sample * 1e15:.4g} +- {sampled * 1e15:.2g} fJ, a right answer "
        f"{sample / right * 1e15:.4g} +- {sample / right * 1e15 * math.hypot(sampled / sample, error / right):.2g} fJ",
        flush=True,
    )
    assert found.excess < 4, str(found)
    assert abs(right - law[ground].sum()) < 4 * error


def decided(technology, updates, seed, turns=1, **others):
    clock, _, fit = CELLS[technology]
    cell = cell_of(technology, **others)
    bench = decisions_testbench(cell, fit, clock=clock, updates=updates, turns=turns, seed=seed)
    return decisions(cell, get_engine("ngspice").run(bench), clock, turns)


@pytest.mark.parametrize("technology", CELLS)
def test_cells_decide_as_calibrated(technology):
    """Another 400 decisions: middle and width within 4 standard errors of the difference."""
    was, now = CELLS[technology][2], decided(technology, 400, seed=31).calibration
    print(f"\n{technology}: {now}")
    assert abs(now.v0 - was.v0) < 4 * math.hypot(now.stderr, was.stderr)
    assert abs(1.0 / now.V0 - 1.0 / was.V0) * was.V0**2 < 4 * math.hypot(now.V0_stderr, was.V0_stderr)


@pytest.mark.parametrize("buffers", [0, 2])
def test_buffers_hold_the_latch_off_the_neuron(buffers):
    """SKY130, a decision every other clock: without buffers the cell keeps some of its last state, with two none."""
    kept, error = decided("sky130", 1200, seed=2, turns=2, buffers=buffers).memory
    print(f"\n{buffers} buffers: {kept * 1e3:.3f} +- {error * 1e3:.3f} mV")
    assert error < 0.12e-3
    assert (kept > 4 * error) if buffers == 0 else (abs(kept) < 4 * error)
