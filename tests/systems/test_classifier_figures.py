"""The classifier on measured vowels: reproduced figures, the chain in SPICE against its twin, learning in SPICE."""

from __future__ import annotations

import numpy as np
import pytest
from vowel_files import measured

from spinspice.networks.chain.behavioural import BehaviouralChain
from spinspice.networks.chain.learner import START
from spinspice.networks.chain.spice import SpiceChain
from spinspice.papers.lopez2024 import fig2 as lopez_fig2
from spinspice.papers.lopez2024.budget import voltage
from spinspice.papers.lopez2024.transient_energy import PULSE, transient_energy
from spinspice.papers.lopez2024.vowel_study import train_split
from spinspice.papers.lopez2024.vowels import load_vowels
from spinspice.presets.lopez2024 import JUNCTIONS
from spinspice.reproduce import Request, run
from spinspice.reproduce.base import SIGMAS


def row(figure, start):
    return next(row for row in figure.rows if row.quantity.startswith(start))


def test_learning_on_measured_vowels():
    figure = run("lopez-fig2", short=True, seed=1, vowels=f"{measured()}:women")
    assert row(figure, "test recognition, mean").here > 90.0 - SIGMAS * row(figure, "test recognition, mean").stderr
    assert row(figure, "test recognition, mean of 4 splits, every").agrees
    assert row(figure, "recognised of 259").here >= 248
    assert row(figure, "trained parameters").agrees
    assert "SYNTHETIC" not in figure.title
    # Regions of step 80 hold the tokens; those of step 0 do not.
    first, *_, last = (int(panel.title.split(":")[1].split("%")[0]) for panel in figure.panels[:4])
    assert first < 15 < 90 < last


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_chain_is_above_the_perceptrons_over_30_splits():
    pytest.importorskip("sklearn")
    figure = run("lopez-fig3", seed=1, vowels=f"{measured()}:women")
    chain, perceptron = row(figure, "test, chain"), row(figure, "test, perceptron")
    assert chain.here >= 90.0
    assert chain.here > perceptron.here > 80.0
    ours = row(figure, "chain, 32 parameters, every token in a step - perceptron 47")
    assert ours.here > SIGMAS * ours.stderr
    assert row(figure, "parameters of 12 - 1").agrees and row(figure, "parameters of 12 - 2").agrees
    small = next(remark for remark in figure.remarks if remark.startswith("Perceptron with 27"))
    assert float(small.split(":")[1].split("+-")[0]) < perceptron.here


@pytest.mark.engine("auto", model="verilog-a")
def test_twin_agrees_with_spice_where_it_is_sure():
    """Inputs at least 3 standard deviations from every threshold: at most 1 % may differ."""
    twin, rng = BehaviouralChain.from_devices(), np.random.default_rng(11)
    controls = np.array([-560e-6, -540e-6, -600e-6])
    inputs = rng.uniform(200e-6, 1100e-6, 400)
    total = inputs[:, None] + controls
    sure = np.all(np.abs(total - twin.means) > 3.0 * np.array([each.sd for each in twin.thresholds]), axis=1)
    inputs = inputs[sure][:105]
    with SpiceChain() as chain:
        found = chain.switched(inputs, controls, 3)
    different = np.sum(np.any(found != twin.switched(inputs, controls, 4), axis=1))
    assert len(inputs) == 105
    assert different <= 1


@pytest.mark.engine("auto", model="verilog-a")
def test_energy_of_an_input_is_between_that_of_parallel_and_antiparallel_junctions():
    """300 ns through the measured junctions: P for all of the pulse, AP for all of it with its edges; reset in AP."""
    found = transient_energy(900e-6)
    assert found.switched.all()
    low = sum(d.R_P * i**2 for d, i in zip(JUNCTIONS, found.currents, strict=True)) * PULSE.hold
    high = sum(voltage(d, i) * i for d, i in zip(JUNCTIONS, found.currents, strict=True)) * (PULSE.hold + PULSE.edge)
    assert low < found.pulse < high
    still = sum(voltage(d, abs(i)) * abs(i) for d, i in zip(JUNCTIONS, found.controls, strict=True)) * PULSE.idle
    assert found.reset == pytest.approx(still, rel=2e-3)


def test_full_run_shows_learning_in_spice(monkeypatch):
    """Rows, panel and remark of the circuit, with the twin in its place: the same noise, so the same currents."""

    def by_twin(data, seed, *_):
        return train_split(data, BehaviouralChain.from_devices(), seed, curve=False), 12.0

    monkeypatch.setattr(lopez_fig2, "SPLITS", 2)
    monkeypatch.setattr(lopez_fig2, "train_in_spice", by_twin)
    figure = lopez_fig2.run(Request(vowels=f"{measured()}:women"))
    assert sum("learned in SPICE" in each.quantity for each in figure.rows) == 2
    curves = figure.panels[-1].curves
    assert len(curves) == 12 and np.array_equal(curves[0].y, curves[1].y)
    assert "12 s on this machine" in figure.remarks[-1] and "end 0 uA or less" in figure.remarks[-1]


@pytest.mark.engine("ngspice", model="verilog-a")
@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_learning_in_spice_from_start_to_end():
    data = load_vowels(f"{measured()}:women")
    in_spice, seconds = lopez_fig2.train_in_spice(data, 1000, "ngspice")
    print(f"learning in SPICE: {seconds:.0f} s, train {in_spice.train[-1]:.3f}, test {in_spice.test[-1]:.3f}")
    by_twin = train_split(data, BehaviouralChain.from_devices(), 1000, curve=False)
    assert np.all(in_spice.learning.controls[0] == START)
    assert in_spice.train[0] < 0.15
    assert in_spice.train[-1] > 0.9 and in_spice.test[-1] > 0.85
    # Two courses with noise of their own end within what the rule wanders: a few steps of 10 uA.
    assert np.max(np.abs(in_spice.learning.controls[-1] - by_twin.learning.controls[-1])) < 60e-6
