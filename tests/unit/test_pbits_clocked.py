"""Calibration of clocked p-bits from what they decide, and what its errors do to a law."""

from __future__ import annotations

import math

import numpy as np
import pytest

from spinspice.cells import ClockedPBit
from spinspice.errors import CircuitError, ResultError, SpinspiceError
from spinspice.networks.pbits import exact, gates, judge
from spinspice.networks.pbits.clocked import LEVELS, Decisions, decisions_testbench, fit_states
from spinspice.networks.pbits.extracted import ExtractedPBit, Magnet
from spinspice.networks.pbits.surrogate import Calibration, calibrate
from spinspice.presets import load_preset

V0, MIDDLE, KEPT = 2.5e-3, 4e-3, 0.8e-3
PBIT = ExtractedPBit(
    v_x=-2.3e-4, w=13.9e-3, bend=0.1, low=1.6, high=1.4, tau_mid=1e-10, gain=2.5, tau_out=9.4e-11, delay=4e-11,
    magnet=Magnet(sigma=1.457e10, tau=4.11e-10, pull=-0.17),
)  # fmt: skip


def drawn(kept: float, count: int, seed: int) -> Decisions:
    """Decisions of a p-bit that keeps some of its last state [V]."""
    draw = np.random.default_rng(seed)
    inputs = MIDDLE + V0 * draw.choice(LEVELS, count)
    states = np.zeros(count + 1)
    states[0] = 1.0
    for k, v in enumerate(inputs):
        up = 0.5 * (1.0 + math.tanh((v - MIDDLE + kept * states[k]) / V0))
        states[k + 1] = 1.0 if draw.random() < up else -1.0
    return Decisions(inputs, states[1:], states[:-1])


def test_calibrations_from_decisions_have_the_errors_that_they_say():
    """200 runs of 400 decisions: means right within 4 standard errors, scatter as each says within 4 of its own."""
    found = [fit_states(run.inputs, run.states) for run in (drawn(0.0, 400, seed) for seed in range(200))]
    for values, errors, wanted in (
        ([fit.v0 for fit in found], [fit.stderr for fit in found], MIDDLE),
        ([1.0 / fit.V0 for fit in found], [fit.V0_stderr / fit.V0**2 for fit in found], 1.0 / V0),
    ):
        spread = np.std(values, ddof=1)
        assert abs(np.mean(values) - wanted) < 4 * spread / math.sqrt(200) + 0.02 * spread  # of order 1/n: the bias
        assert np.mean(errors) == pytest.approx(spread, rel=4 / math.sqrt(2 * 199))


def test_what_a_latch_keeps_is_seen():
    for kept in (0.0, KEPT):
        value, error = drawn(kept, 4000, 3).memory
        assert abs(value - kept) < 4 * error and error < 0.1e-3


def test_decisions_that_say_nothing():
    levels = np.tile(LEVELS, 20)
    for states in (np.ones(140), np.where(levels > 0, 1.0, -1.0)):
        with pytest.raises(ResultError, match="do not mix"):
            fit_states(levels, states)
    with pytest.raises(ResultError, match="at least 50"):
        fit_states(levels[:20], np.ones(20))
    with pytest.raises(ResultError, match="does not rise"):
        fit_states(levels, np.where(np.arange(140) % 9 == 0, -1, 1) * np.where(levels > 0, -1.0, 1.0))


def test_levels_change_while_the_latch_is_closed_and_one_clock_before_it_closes():
    cell = ClockedPBit(load_preset("faria2021").device)
    for turns in (1, 3):
        bench = decisions_testbench(cell, Calibration(V0=V0, v0=MIDDLE), clock=1e-9, updates=60, turns=turns)
        assert bench.stop == pytest.approx((59 * turns + 1.15) * 1e-9)
    with pytest.raises(SpinspiceError, match="updates"):
        decisions_testbench(cell, Calibration(V0=V0, v0=MIDDLE), clock=1e-9, updates=10)
    with pytest.raises(CircuitError, match="even number"):
        ClockedPBit(load_preset("faria2021").device, buffers=1)


def test_networks_made_for_a_wrong_calibration_follow_the_law_of_their_own_energy():
    """An offset is a field, a width a factor on I0: the law of the p-bits' real inputs, enumerated."""
    ising, I0, made = gates.and_gate(), 0.5, Calibration(V0=V0, v0=MIDDLE, stderr=0.4e-3, V0_stderr=0.3e-3)
    real, factor = judge.miscalibrated(ising, I0, made, seed=5)
    offset, width = made.off_by(np.random.default_rng([5, 0xCA]))
    assert offset and width != 1.0
    states = exact.states(3)
    level = made.v0 + made.V0 * I0 * (states @ ising.J.T + ising.h)  # of each node
    wanted = (level - (made.v0 + offset)) / (width * made.V0)
    assert factor * I0 * (states @ real.J.T + real.h) == pytest.approx(wanted)
    sure = judge.miscalibrated(ising, I0, Calibration(V0=V0, v0=MIDDLE), seed=5)
    assert sure[1] == 1.0 and np.array_equal(sure[0].h, ising.h)


def test_uncertain_calibrations_widen_what_sampling_alone_gives():
    ising, law = gates.full_adder(), exact.boltzmann(gates.full_adder(), 0.5)
    how = {"sweeps": 2000, "runs": 1, "seed": 1}
    exactly = judge.of_gibbs(ising, 0.5, law, **how)
    unsure = judge.of_gibbs(ising, 0.5, law, made=Calibration(V0=V0, v0=MIDDLE, stderr=0.5e-3), **how)
    assert unsure[0] > 1.5 * exactly[0] and unsure[1] > 2 * exactly[1]
    used = calibrate(PBIT, duration=5e-6)
    found = Calibration(V0=used.V0, v0=used.v0, stderr=2e-3)
    several = {"I0": 0.5, "duration": 0.2e-6, "runs": 1, "seed": 1}
    exactly = judge.of_extracted(ising, [PBIT] * 5, [used] * 5, law, **several)
    unsure = judge.of_extracted(ising, [PBIT] * 5, [used] * 5, law, found=found, **several)
    assert unsure[1] > 2 * exactly[1]


def test_a_scaled_pbit_has_a_scaled_transition():
    before = calibrate(PBIT, duration=10e-6)
    after = calibrate(PBIT.scaled(0.5, before.v0).shifted(3e-3), duration=10e-6)
    assert after.V0 == pytest.approx(0.5 * before.V0, rel=0.02)
    assert after.v0 == pytest.approx(before.v0 + 3e-3, abs=0.05 * before.V0)
