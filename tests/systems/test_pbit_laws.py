"""Long runs of networks of p-bits as circuits: the free full adder of SKY130, a multiplier backwards, mismatch."""

from __future__ import annotations

import math

import numpy as np
import pytest

from spinspice.cells import PBit
from spinspice.engines import get_engine
from spinspice.networks.pbits import exact, gates, problems
from spinspice.networks.pbits.circuit import PBitNetwork
from spinspice.networks.pbits.trim import thresholds, trim_testbench
from spinspice.presets import load_preset
from spinspice.studies import run

pytestmark = [pytest.mark.engine("ngspice"), pytest.mark.slow, pytest.mark.timeout(3600)]


def test_free_full_adder_of_sky130_is_that_of_extracted_pbits():
    """Within 4 standard deviations of what extracted networks as long give, cells off by the extraction's errors."""
    result = run(
        "pbits", gate="full-adder", cmos="sky130", I0=0.5, R_node=2e3, duration=405e-9, runs=2, extractions=4,
        unmetered=True, seed=3, workers=1,
    )  # fmt: skip
    found, fit = result.to_extracted, result.calibration
    print(f"\n{fit}\n{result.summary()}\nexcess {found.excess:.2f}", flush=True)
    assert 0 < fit.stderr < 0.15e-3 and 0 < fit.V0_stderr < 0.05 * fit.V0
    assert found.excess < 4, str(found)


@pytest.mark.parametrize(("cmos", "I0"), [("generic", 0.3), ("generic", 1.0), ("sky130", 1.0)])
def test_free_and_gates_are_those_of_extracted_pbits(cmos, I0):
    """The same for AND; at I0 = 1 the bounded noise of one junction leaves circuit and extracted network in a row."""
    result = run(
        "pbits", gate="and", cmos=cmos, I0=I0, R_node=2e3, duration=405e-9, runs=2, extractions=4, unmetered=True,
        seed=3, workers=1,
    )  # fmt: skip
    ground = result.boltzmann > result.boltzmann.max() * (1 - 1e-9)
    right, error = result.histogram.of_states(ground)
    print(f"\n{cmos} {I0}: P(ground) {right:.3f} +- {error:.3f}, Boltzmann {result.boltzmann[ground].sum():.3f}, "
          f"extracted {result.extracted.of_states(ground)[0]:.3f}, {result.to_extracted}, "
          f"excess {result.to_extracted.excess:.2f}", flush=True)  # fmt: skip
    assert result.to_extracted.excess < 4, str(result.to_extracted)


def test_multiplier_backwards_finds_factors_as_often_as_enumerated():
    """2x2 bits, 12 p-bits of telegraph junctions, product held at 6: P(a b = 6) and the whole law of 8 free p-bits."""
    ising = problems.factoriser(6, 2, 2)
    result = run("pbits", ising=ising, update="telegraph", I0=0.5, duration=20.1e-6, runs=2, seed=5, workers=1)
    states = exact.states(len(ising))
    factors = [problems.value_of(ising.names, states, letter) for letter in "ab"]
    right = factors[0] * factors[1] == 6
    p, error = result.histogram.of_states(right)
    wanted = float(result.boltzmann[right].sum())
    print(f"\nP(right) {p:.3f} +- {error:.3f} ({wanted:.3f}), {result.to_boltzmann}\n{result.summary()}", flush=True)
    assert len(ising) == 8 and wanted == pytest.approx(0.388, abs=5e-4)
    assert abs(p - wanted) < 4 * error and error < 0.03
    assert result.to_boltzmann.excess < 4


def test_fifty_copies_of_real_transistors_need_a_trim():
    """COPY as a circuit, 50 draws of the transistors: trimmed as without mismatch, as made hardly any does."""
    law, found = exact.boltzmann(gates.copy(), 0.5), []
    cell = PBit(load_preset("faria2021").device.replace(max_step=5e-12), probes="none")
    engine = get_engine("ngspice")
    for seed in range(50):
        network = PBitNetwork(ising=gates.copy(), cell=cell, V0=8.23e-3, v0=-1.69e-3, I0=0.5, mismatch=seed)
        cells = {"drawn": cell, **network.cells}
        at = thresholds(cells, engine.run(trim_testbench(cells)))
        trimmed = {name: -1.69e-3 + at[name] - at["drawn"] for name in network.ising.names}
        both = []
        for v0 in (-1.69e-3, trimmed):
            one = PBitNetwork(ising=gates.copy(), cell=cell, V0=8.23e-3, v0=v0, I0=0.5, mismatch=seed)
            waves = engine.run(one.network(probes="none").testbench(stop=45e-9, seed=1000 + seed, step=5e-12))
            counts = np.bincount(one.rows(waves, start=5e-9), minlength=4)
            both.append(exact.total_variation(counts / counts.sum(), law))
        found.append(both)
    mean, error = np.mean(found, axis=0), np.std(found, axis=0, ddof=1) / math.sqrt(50)
    print(f"\nas made {mean[0]:.3f} +- {error[0]:.3f}, trimmed {mean[1]:.3f} +- {error[1]:.3f}", flush=True)
    assert mean[0] > 0.3 and mean[0] - mean[1] > 4 * math.hypot(*error)
    assert mean[1] < 0.15  # 40 ns hold some 100 independent states: sampling alone .05, the circuit's delays .076
