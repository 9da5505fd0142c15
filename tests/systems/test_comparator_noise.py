"""Noise of transistors in a transient, and of a comparator made of them (VACASK)."""

import dataclasses

import numpy as np
import pytest

from spinspice.cells import Comparator
from spinspice.cells.base import TransistorCell
from spinspice.constants import k_B
from spinspice.engines import get_engine
from spinspice.studies.comparator_noise import measure_noise, noise_testbench
from spinspice.testbench import Testbench

pytestmark = pytest.mark.engine("vacask")
C = 10e-15


class Switch(TransistorCell):
    """A transistor that is on, and a capacitor."""

    kind = "switch"
    blocks = ("switch",)
    ports = ("a", "vdd", "vss")

    def __init__(self):
        super().__init__("generic", vdd=None, probes="blocks", name=None)
        self._nmos("switch", "m", "a", "vdd", "vss", w=2e-6, length=40e-9)
        self.C("h", "a", "vss", C)
        self._finish()


def test_a_transistor_that_is_on_makes_the_noise_kT_over_C():
    from PySpice.Spice.Netlist import Circuit

    circuit, cell = Circuit("switch"), Switch()
    circuit.subcircuit(cell)
    circuit.X("1", cell.name, "a", "vdd", "vss")
    circuit.V("dd", "vdd", circuit.gnd, 0.8)
    circuit.V("ss", "vss", circuit.gnd, 0)
    bench = Testbench.from_pyspice(
        circuit, stop=20e-9, step=1e-12, max_step=2e-12, save=("v(a)",), options={"noiseseed": 3, "noisefmax": 250e9}
    )
    waves = get_engine("vacask").run(bench).window(0.5e-9)
    noise = waves["v(a)"]
    # Independent samples: the node forgets in R C, some 5 ps; a variance of n of them has an error of sqrt(2 / n).
    lag = np.arange(0, 200) * 1e-13
    even = np.interp(np.arange(waves.time[0], waves.time[-1], 1e-13), waves.time, noise)
    even = even - even.mean()
    correlation = np.array([np.mean(even[: even.size - k] * even[k:]) for k in range(lag.size)]) / even.var()
    tau = float(np.trapezoid(np.clip(correlation, 0, None) ** 2, lag))
    count = (waves.time[-1] - waves.time[0]) / (2 * tau)
    assert count > 500
    # The transistor's own capacitance, 1.3 fF/um at most on 2 um, is the rest of C.
    low, high = k_B * 300 / (C + 2.7e-15), k_B * 300 / C
    assert low * (1 - 4 * np.sqrt(2 / count)) < noise.var() < high * (1 + 4 * np.sqrt(2 / count))
    again = get_engine("vacask").run(bench).window(0.5e-9)
    assert np.array_equal(again["v(a)"], noise)


def test_noise_of_a_comparator_is_of_the_order_of_the_textbooks():
    cell = Comparator()
    fit = measure_noise(cell, 12, seed=2, workers=1)
    assert fit.decisions == 48
    assert abs(fit.offset) < 4 * fit.offset_stderr
    # sqrt(2kT/C) is an order of magnitude; measured with 600 decisions: 0.43 of it.
    assert 0.1 * cell.noise_estimate < fit.sigma < cell.noise_estimate


def test_another_seed_is_other_noise():
    waves = [get_engine("vacask").run(noise_testbench(Comparator(), 0.0, 2, seed)) for seed in (1, 2)]
    assert waves[0]["v(out)"].size != waves[1]["v(out)"].size or np.any(waves[0]["v(out)"] != waves[1]["v(out)"])


@pytest.mark.slow
def test_noise_falls_as_the_root_of_the_area():
    cell = Comparator()
    widths = {k: 4 * v if k.startswith("w_") else v for k, v in dataclasses.asdict(cell.comparator_sizing).items()}
    large = cell.rebuilt(sizing=dataclasses.replace(cell.comparator_sizing, **widths))
    one, two = (measure_noise(each, 100, seed=4, workers=1) for each in (cell, large))
    # Every capacitance and every current four times as large: half the noise.
    error = np.hypot(two.sigma_stderr, 0.5 * one.sigma_stderr)
    assert abs(two.sigma - 0.5 * one.sigma) < 4 * error
