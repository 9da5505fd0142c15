"""Extracted p-bits in compiled motion: magnets, laws of update, clocks, fits; histograms with independent samples."""

from __future__ import annotations

import dataclasses
import itertools
import math

import numpy as np
import pytest

from spinspice.devices import Telegraph
from spinspice.errors import ParameterError, ResultError, UsageError
from spinspice.networks.pbits import exact, gates, judge, laws, problems, sampling
from spinspice.networks.pbits.annealing import anneal_extracted
from spinspice.networks.pbits.extracted import ExtractedPBit, Magnet, fit, follow
from spinspice.networks.pbits.extraction import lead_of
from spinspice.networks.pbits.histogram import Histogram, between
from spinspice.networks.pbits.ising import Ising
from spinspice.networks.pbits.learning import learn
from spinspice.networks.pbits.quantum import correlations, exact_correlations, ordered, replicas
from spinspice.networks.pbits.sequencer import Sequencer
from spinspice.networks.pbits.surrogate import (
    STEP,
    Calibration,
    Transfer,
    calibrate,
    follow_layers,
    simulate,
    transfer,
    turns_of,
)  # fmt: skip
from spinspice.presets import load_preset

MAGNET = Magnet(sigma=1.457e10, tau=4.11e-10)
PBIT = ExtractedPBit(
    v_x=-2e-4, w=14e-3, bend=0.0, low=9.0, high=9.0, tau_mid=9e-11, gain=2.0, tau_out=9e-11, delay=4e-11,
    lead=2e-11, magnet=MAGNET,
)  # fmt: skip
#: One whose circuit follows at once, so that its threshold is that of the magnet: law with memory, arcsine.
SHARP = dataclasses.replace(PBIT, tau_mid=1e-13, tau_out=1e-13, delay=0.0, lead=0.0, gain=1e3)
#: Its transition is (2/pi) arcsin(v / w).
UNIT = Calibration(V0=14e-3, v0=-2e-4)


def test_magnet_of_a_disk_has_the_constants_of_the_theory_page():
    device = load_preset("faria2021").device
    magnet = Magnet.of(device)
    volume = device.area * device.t_free
    B_d = 4e-7 * math.pi * device.Ms
    mz2 = 1.380649e-23 * 300 / (device.Ms * volume * B_d)
    assert magnet.sigma == pytest.approx(1.76085962784e11 * B_d * math.sqrt(mz2), rel=1e-3)
    assert magnet.tau == pytest.approx(1.0 / (0.01 * 1.76085962784e11 * B_d), rel=1e-3)
    with pytest.raises(ParameterError, match="does not turn freely"):
        Magnet.of(device.replace(B_k=0.1))
    with pytest.raises(ParameterError, match="a Telegraph has no Ms"):
        Magnet.of(Telegraph())


def test_sharp_pbits_have_the_arcsine_law():
    inputs = np.array([-0.9, -0.5, 0.0, 0.3, 0.7])
    alone = Ising([f"p{i}" for i in range(5)], np.zeros((5, 5)))
    run = simulate(
        alone, SHARP, [Calibration(V0=1.0, v0=-2e-4 + v * 14e-3) for v in inputs], duration=20e-6, record=1e-9
    )
    found = np.array([np.mean((run.rows >> (4 - i)) & 1) for i in range(5)])
    wanted = 0.5 + np.arcsin(inputs) / math.pi
    # A p-bit remembers for less than 1 ns, so samples 1 ns apart are close to independent.
    assert np.all(np.abs(found - wanted) < 4 * np.sqrt(1.5 * 0.25 / run.rows.size))


def test_pull_moves_the_mean_of_the_magnet():
    """<cos> = I1(b)/I0(b); at the middle the output is high where cos is below 0."""
    from scipy.integrate import quad
    from scipy.special import i0

    pull = 0.4
    pbit = dataclasses.replace(SHARP, magnet=dataclasses.replace(MAGNET, pull=pull))
    alone = Ising(["a"], [[0.0]])
    run = simulate(alone, pbit, UNIT, duration=20e-6, record=1e-9)
    wanted = quad(lambda p: math.exp(pull * math.cos(p)), math.pi / 2, 3 * math.pi / 2)[0] / (2 * math.pi * i0(pull))
    assert abs(run.rows.mean() - wanted) < 4 * math.sqrt(1.5 * 0.25 / run.rows.size)


def test_free_sharp_copy_is_the_law_with_memory_and_not_boltzmann():
    """Arcsine thresholds: P(unequal) = p^2 * 2 with p the part of the noise beyond the neighbour's reach."""
    reach = 0.6
    run = simulate(gates.copy(), SHARP, UNIT, I0=reach, duration=40e-6, record=1e-9)
    p = 0.5 - math.asin(reach) / math.pi
    unequal = (run.counts[1] + run.counts[2]) / run.counts.sum()
    error = math.sqrt(2 * p * p / (run.counts.sum() / 3))
    assert abs(unequal - 2 * p * p) < 4 * error
    assert unequal < p - 8 * error  # fresh noise would give p
    t = 1 - 2 * p
    assert laws.copy_unequal(math.atanh(t)) == pytest.approx(2 * p * p)


def test_clocked_sharp_copy_is_gibbs_sampling_with_its_own_transfer():
    reach = 0.6
    run = simulate(gates.copy(), SHARP, UNIT, I0=reach, duration=40e-6, clock=2e-9, record=4e-9)
    p = 0.5 - math.asin(reach) / math.pi
    unequal = (run.counts[1] + run.counts[2]) / run.counts.sum()
    assert abs(unequal - p) < 4 * math.sqrt(p * (1 - p) / (run.counts.sum() / 2))


def test_clocked_too_fast_is_not_fresh():
    """At a clock of 50 ps the noise of an update is that of the last one: further from Gibbs than at 2 ns."""
    p = 0.5 - math.asin(0.6) / math.pi
    fast = simulate(gates.copy(), SHARP, UNIT, I0=0.6, duration=8e-6, clock=50e-12, record=100e-12)
    unequal = (fast.counts[1] + fast.counts[2]) / fast.counts.sum()
    independent = Histogram.of(fast.rows, 2, fast.step).independent
    assert unequal < p - 4 * math.sqrt(p * (1 - p) / independent)


def test_groups_of_a_sequencer():
    ising = gates.and_gate() + gates.copy("c", "d")
    assert turns_of(ising, ()).shape == (4, 4)
    assert turns_of(ising, ising.colours()).shape == (3, 4)
    with pytest.raises(UsageError, match="a and b are coupled: updated at once"):
        turns_of(ising, [["a", "b"], ["c"], ["d"]])
    with pytest.raises(UsageError, match="p-bit d is in no group"):
        turns_of(ising, [["a"], ["b"], ["c"]])
    sequencer = Sequencer(clock=1e-9, groups=ising.colours())
    assert sequencer.sweep(ising) == pytest.approx(3e-9)
    sources = sequencer.sources(ising, -0.4, 0.4)
    time = np.arange(0.0, 9e-9, 1e-11)
    open_at = np.array([sources[f"ck{k}"].value(time) for k in range(3)]) > 0
    assert open_at.sum(axis=0).max() == 1 and open_at.any(axis=1).all()
    for k in range(3):
        np.testing.assert_allclose(sources[f"ckb{k}"].value(time), -sources[f"ck{k}"].value(time), atol=1e-9)


def test_same_seed_same_run():
    one, two, other = (simulate(gates.and_gate(), PBIT, UNIT, I0=0.3, duration=2e-7, seed=s) for s in (1, 1, 2))
    np.testing.assert_array_equal(one.rows, two.rows)
    assert not np.array_equal(one.rows, other.rows)
    assert one.counts.sum() == one.rows.size and one.flips > 0


def test_given_magnets_take_the_place_of_noise():
    steps = 4000
    x = np.full((2, steps), 2.0)  # far above any threshold: outputs low
    run = simulate(gates.copy(), PBIT, UNIT, I0=0.3, duration=(steps - 10) * STEP, record=STEP, magnets=x)
    assert run.rows[-1] == 0
    run = simulate(gates.copy(), PBIT, UNIT, I0=0.3, duration=(steps - 10) * STEP, record=STEP, magnets=-x)
    assert run.rows[-1] == 3


def test_ramp_anneals_a_network():
    ising = Ising.of({("a", "b"): 1.0, ("b", "c"): 1.0, ("c", "d"): -1.0}, {"a": 0.5})
    ends = [
        simulate(ising, SHARP, UNIT, I0=2.0, duration=1e-7, seed=s, record=1e-9, ramp=np.linspace(0, 1, 50)).last
        for s in range(20)
    ]
    right = exact.ground_states(ising)[0]
    assert sum(np.array_equal(m, right) for m in ends) >= 18


def test_a_fit_finds_the_pbit_that_made_a_run():
    draw = np.random.default_rng(3)
    steps = 60_000
    phase = np.cumsum(np.repeat(draw.normal(size=steps // 20), 20)) * 0.1
    x = np.cos(phase)
    v = np.repeat(draw.choice(np.linspace(-30e-3, 30e-3, 13), steps // 60), 60)
    row = PBIT.row(STEP)
    true = dataclasses.replace(PBIT, v_x=1.5e-3)
    high = follow(x, v, true.v_x, true.w, 0.0, true.low, true.high, row[3], true.gain, row[5], 8)
    found = fit(x, v, high, STEP, MAGNET)
    assert found.disagreement < 0.02
    assert found.v_x == pytest.approx(true.v_x, abs=4e-4)
    assert found.w == pytest.approx(true.w, rel=0.1)
    with pytest.raises(ParameterError, match="Drive it across its transition"):
        fit(x, v, draw.random(steps) > 0.5, STEP, MAGNET)


def test_calibration_finds_the_middle():
    found = calibrate(dataclasses.replace(PBIT, v_x=3e-3), duration=5e-6)
    assert found.v0 == pytest.approx(3e-3, abs=4 * 0.2e-3)
    assert 0.4 * PBIT.w < found.V0 < 0.8 * PBIT.w


def test_lead_of_one_output_before_the_other():
    high = np.random.default_rng(1).random(4000) > 0.5
    high = np.repeat(high[:200], 20)
    assert lead_of(np.roll(high, -5), high) == pytest.approx(5 * STEP)


# Histograms


def chain(p_stay, size, seed):
    draw = np.random.default_rng(seed)
    rows = np.zeros(size, dtype=int)
    for k in range(1, size):
        rows[k] = rows[k - 1] if draw.random() < p_stay else draw.integers(4)
    return rows


def test_independent_samples_of_a_chain_are_known():
    """A chain that is drawn anew with the probability q has the correlation time 2/q - 1."""
    histogram = Histogram.of(chain(0.9, 40_000, 1), 2, 1e-9)
    assert histogram.correlation == pytest.approx(19e-9, rel=0.15)
    assert histogram.independent == pytest.approx(40_000 / 19, rel=0.15)


def test_total_variation_beside_what_sampling_gives():
    law = np.full(4, 0.25)
    found = [Histogram.of(chain(0.9, 4000, seed), 2, 1e-9).compare(law) for seed in range(20)]
    excess = np.array([c.excess for c in found])
    assert abs(excess.mean()) < 4 / math.sqrt(20) * 1.3 and np.abs(excess).max() < 4.5
    wrong = Histogram.of(chain(0.9, 4000, 3), 2, 1e-9).compare(np.array([0.4, 0.2, 0.2, 0.2]))
    assert wrong.excess > 4
    one, two = (Histogram.of(chain(0.9, 4000, seed), 2, 1e-9) for seed in (8, 9))
    assert between(one, two).excess < 4


def test_a_state_that_never_changes_is_one_sample():
    histogram = Histogram.of(np.full(500, 2), 2, 1e-9)
    assert histogram.independent == pytest.approx(1.0)
    with pytest.raises(ResultError, match="fewer than 20 states"):
        Histogram.of(np.zeros(5, dtype=int), 2, 1e-9)
    with pytest.raises(UsageError, match="30 p-bits have"):
        Histogram.of(np.zeros(50, dtype=int), 30, 1e-9)


# Replicas and learning


def test_replicas_of_a_transverse_field_chain_are_the_quantum_chain():
    """3 spins, 8 replicas: 24 p-bits enumerated against diagonalisation; the Trotter error falls as its square."""
    wanted = exact_correlations(3, 1.0, 1.0, 1.0)
    assert wanted[0] == pytest.approx(1.0)
    errors = []
    for count in (3, 6):
        ising = replicas(3, 1.0, 1.0, 1.0, count)
        places = ordered(ising, 3, count)
        p = exact.boltzmann(ising, 1.0)
        m = exact.states(len(ising))[:, places].astype(float).reshape(-1, count, 3)
        errors.append(abs((p @ (m[:, 0, 0] * m[:, 0, 1])) - wanted[1]))
    assert errors[1] < 0.35 * errors[0] and errors[1] < 0.02
    with pytest.raises(UsageError, match="up to 10"):
        exact_correlations(11, 1.0, 1.0, 1.0)


def test_replicas_by_sampling():
    from spinspice.networks.pbits import sampling

    spins, count = 8, 8
    ising = replicas(spins, 1.0, 1.0, 1.0, count)
    places = ordered(ising, spins, count)
    found = []
    for seed in range(40):
        last = np.array([sampling.anneal(ising, np.ones(60), 100 * seed + k).last[places] for k in range(10)])
        found.append(correlations(last, spins, count)[1:4])
    mean, error = np.mean(found, axis=0), np.std(found, axis=0, ddof=1) / math.sqrt(40)
    wanted = exact_correlations(spins, 1.0, 1.0, 1.0)[1:4]
    assert np.all(np.abs(mean - wanted) < 4 * error + 0.01)  # Trotter error at 8 replicas, by enumeration above


def test_learning_finds_a_gate_and_adapts_to_who_samples():
    right = exact.boltzmann(gates.and_gate(), 0.5)
    learnt = learn(list("abc"), right, lambda ising, step: exact.boltzmann(ising, 1.0), steps=500, rate=0.5)
    for a, b in itertools.combinations("abc", 2):
        assert learnt.coupling(a, b) == pytest.approx(0.5 * gates.and_gate().coupling(a, b), abs=0.05)

    def free(ising, step):
        run = simulate(ising, SHARP, UNIT, I0=0.7, duration=1e-6, seed=step, record=5e-10)
        return run.counts / run.counts.sum()

    wanted = exact.boltzmann(gates.copy(), 0.4)
    adapted = learn(["a", "b"], wanted, free, steps=60, rate=0.3)
    long = simulate(adapted, SHARP, UNIT, I0=0.7, duration=2e-5, seed=99, record=1e-9)
    assert exact.total_variation(long.counts / long.counts.sum(), wanted) < 0.03
    with pytest.raises(ParameterError, match="their sum must be 1"):
        learn(["a", "b"], [1, 1, 1, 1], free)


#: A transition that is a tanh of 8 mV.
TANH = Transfer(np.linspace(-60e-3, 60e-3, 601), np.tanh(np.linspace(-60e-3, 60e-3, 601) / 8e-3))


@pytest.mark.parametrize("I0", [0.3, 1.0])
def test_layers_of_a_pair_have_the_closed_form(I0):
    """Whatever moves the thresholds: both must be out of reach at once for the two to differ."""
    used = Calibration(V0=8e-3, v0=0.0)
    counts = follow_layers(gates.copy(), PBIT, used, TANH, I0=I0, samples=20_000, record=1e-9, seed=3)
    unequal, wanted = (counts[1] + counts[2]) / counts.sum(), laws.copy_unequal(I0)
    assert abs(unequal - wanted) < 4 * math.sqrt(1.5 * wanted * (1 - wanted) / counts.sum())


def test_of_larger_networks_it_counts_how_thresholds_move():
    """Thresholds that turn with a layer leave less order than those that are drawn anew; both more than Boltzmann."""
    ising, used = gates.full_adder(), Calibration(V0=8e-3, v0=0.0)
    boltzmann = exact.boltzmann(ising, 0.5)
    ground = boltzmann > boltzmann.max() * (1 - 1e-9)
    turning = follow_layers(ising, PBIT, used, TANH, I0=0.5, samples=20_000, seed=3)
    drawn = sampling.sample(ising, 0.5, 20_000, law="memory", seed=3)
    one, two = (counts[ground].sum() / counts.sum() for counts in (turning, drawn))
    assert boltzmann[ground].sum() + 0.1 < one < two - 0.03


@pytest.mark.parametrize(("name", "I0"), [("copy", 0.8), ("full-adder", 0.5)])
def test_slow_layers_follow_the_law_with_memory(name, I0):
    """The extracted p-bit with the delays of a real circuit, and a layer that needs 40 times as long to turn."""
    slow = dataclasses.replace(PBIT, magnet=Magnet(sigma=1.457e9, tau=1e-10))
    curve = transfer(slow, duration=20e-6)
    used, ising = curve.calibration(), gates.gate(name)
    law = follow_layers(ising, slow, used, curve, I0=I0, samples=10_000, record=5e-9)
    law = law / law.sum()
    samples, record = 1000, 5e-9
    run = simulate(ising, slow, used, I0=I0, duration=samples * record, record=record, seed=4)
    alone = judge.of_layers(ising, slow, used, curve, law, I0=I0, samples=samples, record=record, runs=1, seed=5)
    found = Histogram.of(run.rows, len(ising), record).compare(law, alone=alone)
    assert found.excess < 4, str(found)
    fast = simulate(ising, PBIT, calibrate(PBIT, duration=5e-6), I0=I0, duration=2e-6, record=1e-9, seed=4)
    assert Histogram.of(fast.rows, len(ising), 1e-9).compare(law, alone=alone).excess > 4


def test_runs_of_a_law_know_what_their_correlation_time_hides():
    """AND at I0 = 1 stays with c = 0 or with c = 1 for long: one short run says nothing of the other side."""
    ising = gates.and_gate()
    law = exact.boltzmann(ising, 1.0)
    expected, spread = judge.of_gibbs(ising, 1.0, law, sweeps=160, runs=1, seed=2)
    independent = exact.expected_total_variation(law, 148)  # what a circuit's run of that length counted of itself
    assert expected > 2 * independent and spread > independent / 2
    long, _ = judge.of_gibbs(ising, 1.0, law, sweeps=40_000, runs=1, seed=2)
    assert long < expected / 5


def test_annealing_by_extracted_pbits():
    ising = problems.factoriser(35, 3, 3)
    used = calibrate(PBIT, clock=1e-9, duration=5e-6)
    runs = [anneal_extracted(ising, PBIT, used, np.linspace(0.1, 2.5, 400), seed=seed) for seed in range(6)]
    right = [math.prod(int(problems.value_of(ising.names, run.best, letter)) for letter in "ab") == 35 for run in runs]
    assert sum(right) >= 3
    assert all(run.best_energy == run.energies.min() and run.energies.size == 400 for run in runs)
    big = problems.factoriser(35, 6, 6)
    with pytest.raises(UsageError, match="up to 62"):
        anneal_extracted(big, PBIT, used, [1.0])


@pytest.mark.slow
@pytest.mark.timeout(3600)  # three times 160 s of processor time
@pytest.mark.parametrize(("number", "gibbs"), [(35, 0.67), (143, 0.66), (225, 0.60)])
def test_factors_by_a_multiplier_of_48_pbits(number, gibbs):
    """Best of 2,000 sweeps, 200 runs: as often right as Gibbs sampling in random order with the same ramp."""
    ising = problems.factoriser(number, 4, 4)
    used = calibrate(PBIT, clock=1e-9, duration=40e-6)
    right = []
    for seed in range(200):
        best = anneal_extracted(ising, PBIT, used, np.linspace(0.1, 2.5, 2000), seed=seed).best
        right.append(math.prod(int(problems.value_of(ising.names, best, letter)) for letter in "ab") == number)
        if seed % 20 == 19:
            print(number, seed + 1, f"{np.mean(right):.3f}", flush=True)
    found = np.mean(right)
    assert found > gibbs - 4 * math.sqrt(found * (1 - found) / 200)
