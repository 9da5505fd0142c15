"""Modular p-bits as circuits: the sigmoid of one, and a free pair against the law with memory of its own sigmoid."""

from __future__ import annotations

import numpy as np
import pytest

from spinspice.cells import ModularPBit
from spinspice.devices import Macrospin
from spinspice.engines import get_engine
from spinspice.networks.metering import audit_network, energy_signals
from spinspice.networks.network import Network, Placed
from spinspice.networks.pbits import exact, gates
from spinspice.networks.pbits.circuit import PBitNetwork
from spinspice.networks.pbits.histogram import Histogram
from spinspice.networks.pbits.modular_law import mean, transfer
from spinspice.studies import run
from spinspice.studies.pbits import MODULAR

pytestmark = pytest.mark.engine("ngspice")

STEP, WARM = 1e-9, 50e-9


@pytest.mark.parametrize(
    ("technology", "duration"),
    [
        ("generic", 0.8e-6),
        pytest.param("generic", 6e-6, marks=[pytest.mark.slow, pytest.mark.timeout(3600)]),
    ],
)
def test_sigmoid_is_that_of_two_magnets_in_series(technology, duration):
    """4 standard errors, nothing fitted."""
    cell = ModularPBit(Macrospin(**MODULAR), technology)
    inputs = transfer(cell).calibration().V0 * np.array([-1.0, -0.4, 0.0, 0.4, 1.0])
    names = [f"p{k}" for k in range(5)]
    network = Network(
        cells={name: Placed(cell, {"vin": f"in_{name}"}) for name in names},
        inputs={f"in_{name}": float(v) for name, v in zip(names, inputs, strict=True)},
        outputs=[f"outb_{name}" for name in names],
    )
    waves = get_engine("ngspice").run(network.testbench(stop=duration, seed=21, step=4e-11))
    time = np.arange(WARM, duration, STEP)
    for name, v in zip(names, inputs, strict=True):
        rows = (np.interp(time, waves.time, waves[f"v(outb_{name})"]) > 0).astype(int)
        p, error = Histogram.of([rows], 1, STEP).of_states([1])
        law = 0.5 * (1.0 + float(mean(cell, v)))
        print(f"{technology} {1e3 * v:.1f} mV: {p:.3f} +- {error:.3f}, law {law:.3f}", flush=True)
        assert abs(p - law) < 4 * error


@pytest.mark.parametrize(
    ("I0", "duration"),
    [
        (0.5, 1.5e-6),
        pytest.param(0.5, 10e-6, marks=[pytest.mark.slow, pytest.mark.timeout(3600)]),
        pytest.param(1.0, 10e-6, marks=[pytest.mark.slow, pytest.mark.timeout(3600)]),
    ],
)
def test_free_copy_follows_the_law_with_memory(I0, duration):
    """P(unequal) = (1 - F)^2 / 2 with the sigmoid F of the cell: layers of 12 ns before a circuit of half of one."""
    cell = ModularPBit(Macrospin(**MODULAR))
    fit = transfer(cell).calibration()
    network = PBitNetwork(ising=gates.copy(), cell=cell, V0=fit.V0, I0=I0, r_out=2628.0)
    waves = get_engine("ngspice").run(network.network().testbench(stop=duration, seed=3, step=4e-11))
    found, error = Histogram.of([network.rows(waves, STEP, WARM)], 2, STEP).of_states([0, 3])
    law = 1.0 - 0.5 * (1.0 - float(mean(cell, fit.V0 * I0))) ** 2
    boltzmann = exact.boltzmann(gates.copy(), I0)[[0, 3]].sum()
    print(
        f"\nmodular COPY, I0 = {I0}, {duration * 1e6:g} us: equal {found:.3f} +- {error:.3f}, memory {law:.3f}, "
        f"Boltzmann {boltzmann:.3f}",
        flush=True,
    )
    assert abs(found - law) < 4 * error


def test_study_takes_the_scheme_and_energy_closes():
    found = run("pbits", gate="and", update="modular", duration=150e-9, runs=1, seed=3)
    assert 0.03 < found.V0 < 0.05 and found.update == "modular"
    cell = ModularPBit(Macrospin(**MODULAR))
    circuit = PBitNetwork(ising=gates.copy(), cell=cell, V0=0.04, I0=0.5).network(probes="blocks")
    waves = get_engine("ngspice").run(circuit.testbench(stop=5e-9, seed=1, step=5e-12, save=energy_signals(circuit)))
    assert abs(audit_network(circuit, waves).closure) < 5e-3
