"""Ensembles in vector code: the bits of single junctions, whatever the drive, the scheme, the number of members."""

from __future__ import annotations

import numba
import numpy as np
import pytest

from spinspice.devices import Macrospin
from spinspice.devices import noise as plain
from spinspice.devices.reference.compiling import compiled
from spinspice.devices.reference.elementary import NORMAL_BOUND, cosine_of_turns, log_of
from spinspice.devices.reference.lanes_noise import LANES, STREAMS, next_normals, remainder, start_streams
from spinspice.devices.reference.macrospin import simulate_macrospin
from spinspice.devices.reference.noise import normals

DISK = Macrospin(field_like=0.1, vcma=0.0)
RAMP = (np.array([0.0, 1e-10, 1e-10, 4e-10]), np.array([0.0, 0.2, -0.1, 0.1]))
CASES = {
    "constant": {},
    "ramp with a step": {"voltage": RAMP},
    "a voltage each": {"voltage": np.linspace(-0.2, 0.2, 19)},
    "a table each": {"voltage": (RAMP[0], np.linspace(-1, 1, 19)[:, None] * RAMP[1])},
    "current": {"current": 2e-6},
    "current in time": {"current": (RAMP[0], 1e-5 * RAMP[1])},
    "field": {"field": np.array([0.01, -0.02, 0.03])},
    "field in time": {"field": (RAMP[0], np.outer([0.1, 0.2, -0.1], RAMP[1]))},
    "a field each": {"field": np.linspace(-0.05, 0.05, 57).reshape(19, 3)},
    "held noise": {"noise": "hold"},
    "rk4": {"scheme": "rk4"},
    "rk4, all at once": {"scheme": "rk4", "voltage": RAMP, "field": (RAMP[0], np.outer([0.1, 0.2, -0.1], RAMP[1]))},
    "two substeps, every third": {"substeps": 2, "decimate": 3},
}


def of_member(value, i):
    """What member ``i`` alone is given."""
    if isinstance(value, tuple):
        times, values = value
        return (times, values[i]) if np.ndim(values) == 2 and len(values) == 19 else value
    return value[i] if isinstance(value, np.ndarray) and len(value) == 19 else value


@pytest.mark.parametrize("case", CASES)
def test_a_member_has_the_bits_of_a_junction_alone(case):
    seeds = np.arange(5, 24)  # 19: a group of 16 and a part of one
    together = simulate_macrospin(DISK, 5e-10, seeds, **CASES[case])
    for i in (0, 7, 15, 16, 18):
        own = {name: of_member(value, i) for name, value in CASES[case].items()}
        alone = simulate_macrospin(DISK, 5e-10, int(seeds[i]), **own)
        assert np.array_equal(together.m[i], alone.m)


def test_initial_directions_and_given_samples_reach_their_members():
    seeds = np.arange(3)
    start = np.random.default_rng(1).normal(size=(3, 3))
    samples = np.random.default_rng(2).normal(size=(3, 101, 3))
    together = simulate_macrospin(DISK, 5e-10, seeds, m0=start, samples=samples)
    for i in range(3):
        assert np.array_equal(together.m[i], simulate_macrospin(DISK, 5e-10, i, m0=start[i], samples=samples[i]).m)


def test_members_do_not_depend_on_number_or_threads():
    seeds = np.arange(100, 170)
    before = numba.get_num_threads()
    runs = []
    try:
        for threads in (1, before):
            numba.set_num_threads(threads)
            runs.append(simulate_macrospin(DISK, 2e-10, seeds).m)
    finally:
        numba.set_num_threads(before)
    assert np.array_equal(*runs)
    assert np.array_equal(runs[0][::-1][:5], simulate_macrospin(DISK, 2e-10, seeds[::-1][:5]).m)


def test_without_temperature_there_is_no_noise():
    still = DISK.replace(T=0.0, theta0=1.0)
    run = simulate_macrospin(still, 5e-10, [1, 2, 3])
    assert np.array_equal(run.m[0], run.m[2]) and np.array_equal(run.m[0], simulate_macrospin(still, 5e-10, 1).m)


def test_a_voltage_controlled_anisotropy_under_a_current_runs_one_by_one():
    device = Macrospin(vcma=0.05)
    together = simulate_macrospin(device, 2e-10, [3, 4], current=2e-6)
    assert np.array_equal(together.m[1], simulate_macrospin(device, 2e-10, 4, current=2e-6).m)


@pytest.mark.parametrize("start", [0, 12345, 2**28 - 4000])
def test_noise_of_lanes_is_that_of_one_stream(start):
    seeds = np.array([0, 1, 2, 65535, 65536, 2**31 - 1, *range(1000, 1000 + LANES - 6)], dtype=float)
    out = np.empty((4000, 3, LANES))

    @compiled
    def fill(seeds, start, out):
        streams = np.empty((STREAMS, 3, LANES))
        start_streams(streams, seeds, 0, float(start))
        for k in range(out.shape[0]):
            for c in range(3):
                next_normals(streams[2 * c], streams[2 * c + 1], float(start + k), 1.0, out[k, c])

    fill(seeds, start, out)
    for lane in range(LANES):
        for channel in range(3):
            assert np.array_equal(out[:, channel, lane], normals(int(seeds[lane]), channel, 4000, start))


def test_normal_numbers_keep_their_bound():
    """Two million against numpy's logarithm and cosine; the smallest and largest uniform numbers among them."""
    for seed in range(4):
        k = np.arange(500_000)
        assert np.abs(normals(seed, 1, k.size) - plain.normal(seed, 1, k)).max() <= NORMAL_BOUND


def test_logarithm_and_cosine_at_their_edges():
    u = np.concatenate(
        [np.array([1.0 / (2 * 41499973.0), 1.0 - 1.0 / (2 * 41499973.0), 0.5, np.sqrt(0.5), 1e-300]),
         np.nextafter(np.sqrt(0.5), [0.0, 1.0]), 2.0 ** -np.arange(1, 60)]
    )  # fmt: skip
    assert np.allclose([log_of(x) for x in u], np.log(u), rtol=4e-16, atol=0.0)
    v = np.concatenate([np.linspace(0.0, 1.0, 4097), [0.25, 0.75, 0.5]])
    assert np.abs([cosine_of_turns(x) for x in v] - np.cos(2 * np.pi * v)).max() < 1e-15


def test_remainders_are_exact():
    rng = np.random.default_rng(3)
    for m in (48999989.0, 41499973.0):
        multiples = m * rng.integers(0, int(2**52 / m), 2000)
        whole = np.concatenate([multiples, multiples + 1.0, multiples + m - 1.0, rng.integers(0, 2**52, 4000)])
        for x in whole:
            assert remainder(x, m, 1.0 / m) == int(x) % int(m)
