"""p-bits on a heavy-metal line as circuits: the sigmoid of one, and a pair against the exact law of two magnets."""

from __future__ import annotations

import math
import warnings

import numpy as np
import pytest

from spinspice.cells import SOTPBit
from spinspice.devices import MacrospinSOT
from spinspice.engines import get_engine
from spinspice.errors import PlausibilityWarning
from spinspice.networks.metering import audit_network, energy_signals
from spinspice.networks.network import Network, Placed
from spinspice.networks.pbits import exact, gates
from spinspice.networks.pbits.circuit import PBitNetwork
from spinspice.networks.pbits.histogram import Histogram
from spinspice.networks.pbits.sot_law import pair, up
from spinspice.studies import run
from spinspice.studies.pbits import SOT

pytestmark = pytest.mark.engine("ngspice")

DEVICE = MacrospinSOT(**SOT)
STEP, WARM = 1e-9, 50e-9


def changeover(technology):
    """The component of a magnet that stays, above which the output is high: where the amplifier really compares."""
    low, high = -0.6, 0.6
    for _ in range(4):
        tried = np.linspace(low, high, 9)
        cells = {}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", PlausibilityWarning)  # no junction is as cold: that is what holds it
            for k, m in enumerate(tried):
                still = DEVICE.replace(T=1e-6, theta0=math.pi / 2, phi0=math.asin(m), pol=1e-6)
                cells[f"p{k}"] = Placed(SOTPBit(still, technology, probes="none", name=f"still{k}"), {"vin": "in"})
        bench = Network(cells=cells, inputs={"in": 0.0}, outputs=[f"outb_p{k}" for k in range(9)])
        waves = get_engine("ngspice").run(bench.testbench(stop=10e-9, step=4e-11))
        above = [waves[f"v(outb_p{k})"][-1] > 0 for k in range(9)]
        first = above.index(True)
        assert 0 < first and all(above[first:])
        low, high = tried[first - 1], tried[first]
    return 0.5 * (low + high)


def sigmoid(technology, duration, seed):
    """Return probability and standard error of a high output at five inputs (v - v_0) / V0."""
    cell = SOTPBit(DEVICE, technology)
    inputs = np.array([-1.5, -0.5, 0.0, 0.5, 1.5])
    middle = cell.middle_at(0.0)
    names = [f"p{k}" for k in range(5)]
    network = Network(
        cells={name: Placed(cell, {"vin": f"in_{name}"}) for name in names},
        inputs={f"in_{name}": float(x) * cell.V0 + middle for name, x in zip(names, inputs, strict=True)},
        outputs=[f"outb_{name}" for name in names],
    )
    waves = get_engine("ngspice").run(network.testbench(stop=duration, seed=seed, step=4e-11))
    time = np.arange(WARM, duration, STEP)
    rows = [(np.interp(time, waves.time, waves[f"v(outb_{name})"]) > 0).astype(int) for name in names]
    return inputs, [Histogram.of([each], 1, STEP).of_states([1]) for each in rows]


@pytest.mark.parametrize(
    ("technology", "duration"),
    [
        ("generic", 1e-6),
        pytest.param("generic", 8e-6, marks=[pytest.mark.slow, pytest.mark.timeout(3600)]),
        pytest.param("sky130", 4e-6, marks=[pytest.mark.slow, pytest.mark.timeout(3600)]),
    ],
)
def test_sigmoid_is_that_of_the_sign_of_a_magnet(technology, duration):
    """P(m > m_0) in the field x = 2 (v - v_0) / V0: 4 standard errors, nothing fitted.

    m_0 is where the still cell changes over, v_0 makes up for the torque of the current that reads.
    """
    threshold = changeover(technology)
    inputs, found = sigmoid(technology, duration, seed=11)
    print(f"\n{technology}, {duration * 1e6:g} us, changes over at m = {threshold:.3f}")
    for x, (p, error) in zip(inputs, found, strict=True):
        law = float(up(2 * x, threshold))
        print(
            f"(v - v_0)/V0 {x:5.2f}: {p:.3f} +- {error:.3f}, law {law:.3f}, with m_0 = 0 {float(up(2 * x)):.3f}",
            flush=True,
        )
        assert abs(p - law) < 4 * error
    assert abs(threshold) < 0.3


@pytest.mark.parametrize(
    ("I0", "duration"),
    [
        (1.0, 1.5e-6),
        pytest.param(0.5, 10e-6, marks=[pytest.mark.slow, pytest.mark.timeout(3600)]),
        pytest.param(1.0, 10e-6, marks=[pytest.mark.slow, pytest.mark.timeout(3600)]),
    ],
)
def test_copy_follows_the_law_of_two_magnets(I0, duration):
    """P(equal): 4 standard errors from the diffusion of two magnets; that law is not Boltzmann's."""
    cell = SOTPBit(DEVICE)
    network = PBitNetwork(ising=gates.copy(), cell=cell, V0=cell.V0, v0=cell.middle_at(1.5e3), I0=I0, r_out=2628.0)
    waves = get_engine("ngspice").run(network.network().testbench(stop=duration, seed=3, step=4e-11))
    found, error = Histogram.of([network.rows(waves, STEP, WARM)], 2, STEP).of_states([0, 3])
    law = pair(2 * I0)
    boltzmann = exact.boltzmann(gates.copy(), I0)[[0, 3]].sum()
    print(
        f"\nCOPY on lines, I0 = {I0}, {duration * 1e6:g} us: equal {found:.3f} +- {error:.3f}, "
        f"two magnets {law[[0, 3]].sum():.3f}, Boltzmann {boltzmann:.3f}",
        flush=True,
    )
    assert abs(found - law[[0, 3]].sum()) < 4 * error


def test_study_takes_the_scheme_and_energy_closes():
    found = run("pbits", gate="and", update="sot", duration=150e-9, runs=1, seed=3)
    assert found.V0 == pytest.approx(6.62e-3, rel=1e-3) and found.update == "sot" and found.memory is None
    cell = SOTPBit(DEVICE)
    circuit = PBitNetwork(ising=gates.copy(), cell=cell, V0=cell.V0).network(probes="blocks")
    waves = get_engine("ngspice").run(circuit.testbench(stop=5e-9, seed=1, step=5e-12, save=energy_signals(circuit)))
    assert abs(audit_network(circuit, waves).closure) < 5e-3
