"""Clocked p-bits as circuits against Boltzmann's law, at lengths that the chain of a sweep calls for."""

from __future__ import annotations

import math

import numpy as np
import pytest

from spinspice.cells import ClockedPBit
from spinspice.devices.laws.rotor import Magnet
from spinspice.engines import get_engine
from spinspice.networks.metering import audit_network, energy_signals
from spinspice.networks.pbits import exact, gates, judge
from spinspice.networks.pbits.circuit import PBitNetwork
from spinspice.networks.pbits.extracted import ExtractedPBit
from spinspice.networks.pbits.histogram import Histogram
from spinspice.networks.pbits.mixing import relaxation, sweep_matrix
from spinspice.networks.pbits.sequencer import Sequencer
from spinspice.networks.pbits.surrogate import calibrate
from spinspice.presets import load_preset

pytestmark = [pytest.mark.engine("ngspice"), pytest.mark.slow, pytest.mark.timeout(3600)]

#: Cells of four junctions as extracted, and their clocks (SKY130: extracted networks .02 to .04 from Boltzmann).
CELLS = {
    "generic": (
        ExtractedPBit(
            v_x=-1.9e-5, w=14.281e-3, bend=-0.0025, low=1.3259, high=1.4766, tau_mid=1.2297e-10, gain=2.5907,
            tau_out=1.4066e-10, delay=4.5e-11, magnet=Magnet(sigma=1.457e10, tau=4.109e-10, pull=-0.03873), junctions=4,
            r_out=2628.0,
        ),
        1e-9,
    ),
    "sky130": (
        ExtractedPBit(
            v_x=4.233e-3, w=14.476e-3, bend=-0.0946, low=1.579, high=1.2206, tau_mid=2.1287e-10, gain=0.56462,
            tau_out=4.0553e-10, delay=3e-11, magnet=Magnet(sigma=1.457e10, tau=4.109e-10, pull=-0.10338), junctions=4,
            r_out=1162.5,
        ),
        1.5e-9,
    ),
}  # fmt: skip
#: Sweeps of each of two runs, and those that are left out: the judge's runs leave out as many.
SWEEPS, RUNS, WARM = {"copy": 40, "and": 50, "full-adder": 25}, 2, 5


def run(technology, gate, I0, sweeps, seed):
    """Return network, histogram and power [W] of each run."""
    pbit, clock = CELLS[technology]
    ising = gates.gate(gate)
    fit = calibrate(pbit, clock=3e-9, duration=30e-6)
    cell = ClockedPBit(load_preset("faria2021").device.replace(max_step=5e-12), technology, junctions=4)
    network = PBitNetwork(
        ising=ising, cell=cell, V0=fit.V0, v0=fit.v0, I0=I0, r_out=pbit.r_out, sequencer=Sequencer(clock=clock)
    )
    circuit = network.network(probes="blocks")
    sweep = network.interval
    rows, power = [], []
    for k in range(RUNS):
        bench = circuit.testbench(stop=(sweeps + WARM) * sweep, seed=seed + k, step=5e-12, save=energy_signals(circuit))
        waves = get_engine("ngspice").run(bench)
        rows.append(network.rows(waves, sweep, WARM * sweep))
        power.append(sum(audit_network(circuit, waves).power.values()))
    return ising, Histogram.of(rows, len(ising), sweep), np.array(power)


#: Of SKY130 only COPY holds: AND at I0 = 0.3 is more ordered than Boltzmann (docs/pbits.md), for a cause not settled.
CASES = [("generic", gate, I0) for gate in SWEEPS for I0 in (0.3, 0.5, 1.0)]
CASES += [("sky130", "copy", I0) for I0 in (0.3, 0.5, 1.0)]
ORDERED = pytest.mark.xfail(reason="SKY130: AND is more ordered than Boltzmann", strict=True, raises=AssertionError)


@pytest.mark.parametrize(("technology", "gate", "I0"), [*CASES, pytest.param("sky130", "and", 0.3, marks=ORDERED)])
def test_clocked_gates_sample_boltzmann(technology, gate, I0):
    """Within 4 standard deviations of what runs of Gibbs sampling as long give, 4 of P(ground)."""
    sweeps = max(SWEEPS[gate], math.ceil(5 * relaxation(sweep_matrix(gates.gate(gate), I0))))
    ising, histogram, power = run(technology, gate, I0, sweeps, seed=71)
    law = exact.boltzmann(ising, I0)
    kept = histogram.counts.sum() // RUNS
    alone = judge.of_gibbs(ising, I0, law, sweeps=kept, runs=RUNS, seed=9)
    found = histogram.compare(law, alone=alone)
    ground = law > law.max() * (1 - 1e-9)
    right, error = histogram.of_states(ground)
    energy = power * histogram.correlation
    print(
        f"\n{technology} {gate} I0={I0}: {RUNS}x{kept} sweeps, P(ground) {right:.3f} +- {error:.3f} "
        f"({law[ground].sum():.3f}), total variation {found}, excess {found.excess:.2f}; power {power.mean():.4g} +- "
        f"{power.std(ddof=1) / math.sqrt(RUNS):.2g} W, a sample {energy.mean() * 1e15:.4g} fJ",
        flush=True,
    )
    assert found.excess < 4, str(found)
    assert abs(right - law[ground].sum()) < 4 * error
