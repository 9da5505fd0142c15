"""Surrogate neurons without a simulator: law, statistics, networks, files, bad input."""

from __future__ import annotations

import dataclasses
import json
import warnings

import numpy as np
import pytest
from surrogates import DRIVE, INNER, OUTER, made_up

from spinspice.analysis.spectrum import correlation_time
from spinspice.devices import Macrospin, Telegraph
from spinspice.devices.laws.resistance import conductance
from spinspice.devices.noise import instance_seed
from spinspice.devices.reference.macrospin import simulate_macrospin
from spinspice.errors import ParameterError, PlausibilityWarning, UsageError
from spinspice.presets import load_preset
from spinspice.surrogate import Surrogate
from spinspice.surrogate.moments import moments_of
from spinspice.surrogate.ramps import frozen

ASN = made_up()


@pytest.mark.parametrize("c", [-1.0, -0.3, 0.0, 0.5, 1.0])
def test_a_frozen_junction_has_the_conductance_of_its_angle_at_every_bias(c):
    device = load_preset("faria2021").device.replace(TMR=1.7, V_half=0.43)
    bias = np.linspace(-1.0, 1.0, 41)
    assert conductance(frozen(device, c), bias, -1.0) == pytest.approx(conductance(device, bias, c), rel=1e-12)


def test_a_known_magnet_gives_the_static_curve_when_it_stands_still():
    v = np.full(2000, 0.03)
    for c in (-0.8, 0.1, 0.9):
        i = int(np.searchsorted(ASN.tables.v, 0.03))
        expected = np.interp(c, ASN.tables.c, 0.5 * (ASN.surface[i - 1] + ASN.surface[i]))
        assert ASN.follow(v, np.full(2000, c))[-1] == pytest.approx(expected, abs=3e-3)


def test_the_output_of_a_step_takes_the_times_of_the_stage():
    # Poles one after the other: the delays of a step's centre add up, capacitance / conductance + both taus.
    c = np.zeros(4000)
    v = np.where(np.arange(4000) < 100, -0.01, 0.01)
    out = ASN.follow(v, c)
    part = (out - out[50]) / (out[-1] - out[50])
    dt = ASN.device.dt
    delay = dt * (np.sum(1.0 - part[99:]) - 0.5)  # the step is between two samples
    assert delay == pytest.approx(_expected_delay(0.0), rel=0.05)


def _expected_delay(v):
    """Capacitances over conductances at an input; the junction's and that of what holds its node."""
    y = float(np.interp(v, ASN.tables.v, ASN.tables.inner[:, 4]))
    current = [conductance(ASN.device, y + e, 0.0) * (y + e) for e in (-1e-4, 1e-4)]
    g = (current[1] - current[0]) / 2e-4 + 1.5 / ASN.device.R_P * np.exp(v / 0.05)
    return INNER / g + OUTER / DRIVE


def test_without_noise_the_output_lags_as_it_does_where_it_is_steepest():
    steepest = ASN.tables.v[np.argmax(np.abs(np.gradient(ASN.static_mean(ASN.tables.v))))]
    assert ASN.delay == pytest.approx(_expected_delay(steepest), rel=0.05)


def test_same_seed_same_path_and_other_seeds_others():
    v = np.zeros(2000)
    first = ASN(v, seed=7)
    assert (ASN(v, seed=7) == first).all()
    assert np.abs(ASN(v, seed=8) - first).max() > 0.01
    both = ASN(np.zeros((2, 2000)), seed=[7, 8])
    assert (both[0] == first).all()
    named = ASN(np.zeros((2, 2000)), seed=3)
    assert (named[1] == ASN(v, seed=instance_seed(3, "1"))).all()


def test_the_magnet_is_that_of_the_reference_solver_under_the_same_current():
    # At a constant junction voltage (a stiff node) the cosine must be the reference solver's for the same seed.
    stiff = made_up()
    first, second = stiff.branches.pairs
    held = first.current.copy()
    held[0] = 1.0 * (0.1 - first.y)
    rest = stiff.branches.rest.copy()
    rest[0] = 0.1
    branches = dataclasses.replace(stiff.branches, pairs=(dataclasses.replace(first, current=held), second), rest=rest)
    stiff = dataclasses.replace(stiff, branches=branches)
    moved = stiff.motion(np.zeros(4001), seed=11)
    reference = simulate_macrospin(stiff.device, 4000 * stiff.device.dt, seed=11, voltage=-0.3)
    assert np.abs(moved.cosine - reference.cosine).max() < 1e-3


def test_another_step_of_the_input_gives_the_same_path():
    t = np.arange(801) * 5e-12
    v = 0.05 * np.sin(2e9 * t)
    coarse = ASN(v[::4], seed=5, dt=2e-11)
    assert coarse == pytest.approx(ASN(np.interp(t, t[::4], v[::4]), seed=5)[::4], abs=1e-12)


def test_moments_agree_with_runs_and_with_the_density():
    m = ASN.moments
    k = len(m.v) // 2
    runs = ASN(np.full((12, 60001), m.v[k]), seed=np.arange(12) + 100)[:, 1000:]
    stderr = runs.mean(axis=1).std(ddof=1) / np.sqrt(12)
    assert runs.mean() == pytest.approx(m.mean[k], abs=4 * np.hypot(stderr, m.mean_stderr[k]))
    spread = runs.std(axis=1)
    assert np.sqrt(np.mean(spread**2)) == pytest.approx(
        m.sigma[k], abs=4 * np.hypot(spread.std(ddof=1) / np.sqrt(12), m.sigma_stderr[k])
    )
    time = correlation_time(list(runs), ASN.device.dt)
    assert time.fwhm == pytest.approx(m.fwhm[k], abs=4 * np.hypot(time.fwhm_stderr, m.fwhm_stderr[k]))
    # Smoothing takes variance, not the mean of a nearly straight curve.
    assert ASN.static_mean(m.v[k]) == pytest.approx(m.mean[k], abs=4 * m.mean_stderr[k] + 1e-3)
    assert m.sigma[k] < ASN.static_sigma(m.v[k])


def test_gain_is_the_slope_of_the_mean():
    v = np.linspace(-0.2, 0.2, 23)
    h = 1e-6
    assert ASN.gain(v) == pytest.approx((ASN.mean(v + h) - ASN.mean(v - h)) / (2 * h), rel=1e-3, abs=1e-4)


def test_a_load_divides_the_output_by_its_resistance():
    loaded = ASN.loaded(1 / 20e3)
    assert loaded.static_mean(0.0) == pytest.approx(ASN.static_mean(0.0) / (1 + 3e3 / 20e3), rel=1e-6)
    pulled = ASN.loaded(1 / 20e3, voltage=0.4).tables.output - loaded.tables.output
    assert pulled == pytest.approx(0.4 * 0.15 / 1.15, rel=1e-6)


def test_files_keep_every_bit(tmp_path):
    v = np.linspace(-0.1, 0.1, 500)
    for name in ("a.json", "a.npz"):
        ASN.save(tmp_path / name)
        ASN.save(tmp_path / name)  # its own file is replaced
        read = Surrogate.load(tmp_path / name)
        assert (read(v, seed=4) == ASN(v, seed=4)).all()
        assert (read.mean(v) == ASN.mean(v)).all()
        assert read.known_moments is not None


def _network(**more):
    rng = np.random.default_rng(0)
    W = rng.normal(0.0, 0.05, (6, 6)) * (rng.random((6, 6)) < 0.5)
    return ASN.network(W, 0.01 * rng.normal(size=6), rng.uniform(-1, 1, (6, 1)), **more)


def test_a_network_of_one_without_couplings_is_the_neuron():
    alone = ASN.network(np.zeros((1, 1)), 0.02)
    steps = 400
    states = alone.run(np.zeros((1, steps)), [9], magnet="reference")
    assert states.node == pytest.approx(0.02)
    expected = ASN(np.full(steps + 1, 0.02), seed=9)[1:]
    assert states.output[0] == pytest.approx(expected, abs=1e-9)


def test_sparse_and_full_weights_are_one_network():
    W = np.zeros((8, 8))
    W[0, 3], W[5, 3], W[2, 7] = 0.1, -0.2, 0.15
    u = np.random.default_rng(1).uniform(-0.1, 0.1, (8, 30))
    sparse = ASN.network(W).run(u, 2, steps=5)
    full = ASN.network(W + 1e-300).run(u, 2, steps=5)
    assert sparse.output == pytest.approx(full.output, abs=1e-12)


def test_means_of_a_network_are_those_of_its_states():
    u = np.random.default_rng(1).uniform(-0.1, 0.1, (1, 40))
    fine = _network(tau=1e-9).run(u, 2, steps=6, record=1)
    coarse = _network(tau=1e-9).run(u, 2, steps=6)
    assert coarse.mean == pytest.approx(fine.output.reshape(6, -1, 6).mean(axis=2), abs=1e-12)
    assert coarse.output == pytest.approx(fine.output[:, 5::6], abs=1e-12)
    assert coarse.time == pytest.approx(fine.time[5::6])


def test_rotors_have_the_statistics_of_the_compact_model():
    n, steps = 24, 30000
    apart = ASN.network(np.zeros((n, n)), 0.02, np.zeros((n, 1)))
    found = {}
    for magnet in ("rotor", "reference"):
        z = apart.run(np.zeros((1, steps)), 5, dt=5e-12, magnet=magnet).output[:, 1000:]
        means, spreads = z.mean(axis=1), z.std(axis=1)
        time = correlation_time(list(z), 5e-12)
        found[magnet] = [
            (means.mean(), means.std(ddof=1) / np.sqrt(n)),
            (spreads.mean(), spreads.std(ddof=1) / np.sqrt(n)),
            (time.fwhm, time.fwhm_stderr),
        ]
    for (a, da), (b, db) in zip(*found.values(), strict=True):
        assert a == pytest.approx(b, abs=4 * np.hypot(da, db))


def test_without_noise_a_network_follows_the_mean():
    alone = ASN.network(np.zeros((1, 1)), 0.0)
    levels = np.array([[-0.1, 0.0, 0.05, 0.2]])
    states = alone.run(levels, steps=500, magnet="mean")
    assert states.output[0] == pytest.approx(ASN.static_mean(levels[0]), abs=1e-3)
    again = alone.run(levels, 77, steps=500, magnet="mean")
    assert (again.output == states.output).all()


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: ASN.network(np.zeros((2, 3))), "cells, cells"),
        (lambda: ASN.network(np.zeros((0, 0))), "cells, cells"),
        (lambda: ASN.network(np.full((2, 2), np.nan)), "not finite"),
        (lambda: ASN.network(np.zeros((2, 2)), [1.0, 2.0, 3.0]), "bias has the shape"),
        (lambda: ASN.network(np.zeros((2, 2)), 0.0, np.zeros((3, 1))), "input_weights have"),
        (lambda: ASN.network(np.zeros((2, 2)), tau=-1e-9), "not negative"),
        (lambda: ASN.network(np.zeros((2, 2)), names=["a"]), "1 names for 2 cells"),
        (lambda: _network().run(np.zeros((2, 4))), "a row for each input"),
        (lambda: _network().run([[0.0, np.inf]]), "finite volts"),
        (lambda: _network().run(np.zeros((1, 4)), magnet="rotator"), "Did you mean rotor"),
        (lambda: _network().run(np.zeros((1, 4)), dt=1e-11, magnet="reference"), "step of the noise"),
        (lambda: _network().run(np.zeros((1, 4)), record=5), "more than the run has"),
        (lambda: _network().run(np.zeros((1, 4)), [1, 2]), "2 seeds for 6 cells"),
        (lambda: _network().run(np.zeros((1, 4)), -1), "seed"),
        (lambda: _network().run(np.zeros((1, 4)), steps=0), "steps"),
        (lambda: _network().run(np.zeros((1, 4)), dt=0.0), "dt"),
        (lambda: ASN(np.zeros(1)), "two times at least"),
        (lambda: ASN(np.zeros((2, 2, 2))), "two times at least"),
        (lambda: ASN([0.0, np.nan]), "finite"),
        (lambda: ASN(np.zeros(4), dt=0.0), "dt"),
        (lambda: ASN(np.zeros(4), seed=2**31), "seed"),
        (lambda: ASN(np.zeros(4), seed=1.5), "seed"),
        (lambda: ASN.loaded(-1.0), "conductance"),
        (lambda: frozen(Telegraph(), 0.0), "needs a Macrospin"),
    ],
)
def test_what_cannot_be_meant_is_named(call, words):
    with pytest.raises((UsageError, ParameterError), match=words):
        call()


def test_a_junction_that_does_not_turn_freely_is_no_rotor():
    barrier = made_up(device=Macrospin(R_P=12.7e3, B_k=0.05))
    with pytest.raises(UsageError, match="turn freely"):
        barrier.network(np.zeros((1, 1))).run(np.zeros((1, 3)))
    assert barrier.network(np.zeros((1, 1))).run(np.zeros((1, 3)), magnet="reference").output.shape == (1, 3)


@pytest.mark.parametrize("inputs", [[0.5, 0.5], [-0.41, 0.0], [0.0, 3.0]])
def test_inputs_beyond_the_tables_are_held_at_their_end_with_a_warning(inputs):
    with pytest.warns(PlausibilityWarning, match="leave the table"):
        beyond = ASN(inputs, seed=1)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        held = ASN(np.clip(inputs, -0.4, 0.4), seed=1)
    assert beyond == pytest.approx(held, abs=0.02)
    with pytest.warns(PlausibilityWarning, match="leave the table"):
        assert ASN.mean(inputs) == pytest.approx(ASN.mean(np.clip(inputs, -0.4, 0.4)))


def _broken(change):
    def write(path):
        ASN.save(path)
        data = json.loads(path.read_text())
        change(data)
        path.write_text(json.dumps(data))

    return write


@pytest.mark.parametrize(
    ("name", "write", "words"),
    [
        ("a.json", lambda p: None, "No such file"),
        ("a.txt", lambda p: p.write_text("x"), "ends in"),
        ("a", lambda p: p.write_text("x"), "ends in"),
        ("a.json", lambda p: p.write_text(""), "no surrogate"),
        ("a.json", lambda p: p.write_text("[1, 2]"), "format"),
        ("a.json", lambda p: p.write_text('{"format": "something"}'), "format"),
        ("a.json", lambda p: p.write_bytes(b"\xff\xfe\x00"), "no surrogate"),
        ("a.json", lambda p: p.mkdir(), "cannot read"),
        ("a.npz", lambda p: p.write_bytes(b"no zip"), "no surrogate"),
        ("a.npz", lambda p: np.savez(p, x=1), "no surrogate"),
        ("a.json", _broken(lambda d: d["tables"].pop("inner")), "no table inner"),
        ("a.json", _broken(lambda d: d["tables"]["v"].pop()), "shape"),
        ("a.json", _broken(lambda d: d["tables"]["v"].reverse()), "even steps"),
        ("a.json", _broken(lambda d: d["tables"]["output"].__setitem__(3, float("nan"))), "not finite"),
        ("a.json", _broken(lambda d: d["device"].pop("R_P") and d["device"].update(R_Q=1.0)), "R_Q"),
        ("a.json", _broken(lambda d: d["tables"].pop("pair1_charge")), "no table pair1_charge"),
        ("a.json", _broken(lambda d: d["tables"]["pair0_x"].reverse()), "even steps"),
        ("a.json", _broken(lambda d: d["tables"]["pair1_current"][0][0].pop()), "no surrogate"),
        ("a.json", _broken(lambda d: d["branches"]["nodes"].pop()), "places"),
        ("a.json", _broken(lambda d: d["branches"]["pairs"].pop()), "no positive capacitance"),
        ("a.json", _broken(lambda d: d["branches"].update(pairs=[[1, 0], [1, 2]])), "places 1 and 0"),
        ("a.json", _broken(lambda d: d["branches"].update(sign=0.0)), "sign"),
        ("a.json", _broken(lambda d: d.pop("branches")), "no surrogate"),
        ("a.json", _broken(lambda d: d.update(format="spinspice surrogate 1")), "format"),
        ("a.json", _broken(lambda d: d.pop("rails")), "no surrogate"),
        ("a.json", _broken(lambda d: d["moments"]["mean"].pop()), "moments"),
        ("a.json", _broken(lambda d: d.update(tables=3)), "tables"),
    ],
)  # fmt: skip
def test_a_wrong_file_is_told(tmp_path, name, write, words):
    path = tmp_path / name
    write(path)
    with pytest.raises(UsageError, match=words):
        Surrogate.load(path)


def test_moments_of_a_signal_that_stands_still_are_known_and_its_time_is_not():
    outputs = np.zeros((2, 3, 4000))
    outputs[1] = np.random.default_rng(0).normal(size=(3, 4000))
    found = moments_of(outputs, np.array([0.0, 1.0]), 1e-11, 1.0)
    assert found.sigma[0] == 0.0 and np.isnan(found.fwhm[0])
    assert found.sigma[1] == pytest.approx(1.0, abs=4 * found.sigma_stderr[1])
