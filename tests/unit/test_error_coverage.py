"""Standard errors of runs cover the truth as often as they say, or are called unknown: 200 seeds of reference solvers.

The tolerance is 4 binomial standard errors of the number of runs whose error is known (the tail of the binomial
law itself, for that may be a few). The table is in docs/theory.md.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import binom

from spinspice.analysis.statistics import independent_samples, mean_with_error
from spinspice.devices import Macrospin, Telegraph
from spinspice.devices.noise import instance_seed
from spinspice.devices.reference.macrospin import simulate_macrospin
from spinspice.devices.reference.telegraph import simulate_telegraph

SEEDS = 200
#: Runs in correlation times of the junction, and part of each that is warm-up.
LENGTHS = (0.3, 1.0, 3.0, 10.0, 30.0, 100.0, 300.0)
WARM_UP = 0.1
#: Share of a normal law within one and two standard errors.
ONE, TWO = 0.6827, 0.9545
#: Tail of a normal law beyond 4 standard errors.
FOUR_SIGMA = 3.167e-5


def telegraph_runs(delta: float, drive: float, length: float) -> tuple[list[tuple[float, float]], float]:
    """Mean and standard error of the state of a telegraph junction in each run, and the true mean."""
    device = Telegraph(R_P=1e4, TMR=1.0, delta=delta, V_c=0.1)
    out, back = (float(rate) for rate in device.escape_rates(drive))
    duration = length / (out + back) / (1.0 - WARM_UP)
    times = np.linspace(WARM_UP * duration, duration, max(int(25 * length), 500))
    found = []
    for seed in range(SEEDS):
        own = instance_seed(seed, f"{delta}/{drive}/{length}")
        state = simulate_telegraph(device, duration, own, voltage=drive * device.V_c).state_at(times).astype(float)
        estimate = mean_with_error(state, independent_samples([state], (0.0, 1.0)))
        found.append((estimate.value, estimate.stderr))
    return found, out / (out + back)


def macrospin_runs(delta: float, duration: float) -> list[tuple[float, float]]:
    """Mean and standard error of m . p of a magnet with a barrier, without drive: the true mean is zero."""
    device = Macrospin(dt=4e-12, max_step=1e-12).with_delta(delta)
    seeds = np.array([instance_seed(seed, f"{delta}/{duration}") for seed in range(SEEDS)])
    run = simulate_macrospin(device, duration, seeds, decimate=10)
    states = run.cosine[..., int(WARM_UP * run.cosine.shape[-1]) :]
    found = []
    for state in states:
        estimate = mean_with_error(state, independent_samples([state], (-1.0, 1.0)))
        found.append((estimate.value, estimate.stderr))
    return found


def check(found: list[tuple[float, float]], truth: float) -> int:
    """Check the coverage of those whose error is known, and return how many these are."""
    known = [(abs(value - truth), stderr) for value, stderr in found if math.isfinite(stderr)]
    for widths, share in ((1.0, ONE), (2.0, TWO)):
        inside = sum(distance <= widths * stderr for distance, stderr in known)
        assert binom.cdf(inside, len(known), share) > FOUR_SIGMA or not known
    return len(known)


@pytest.mark.parametrize("length", LENGTHS)
@pytest.mark.parametrize("drive", [0.0, 0.05, 0.1])
def test_errors_of_a_telegraph_junction_cover_or_are_unknown(drive, length):
    """At 10 kT, the drives making 50, 27 and 12 % of the time in one state; time is counted in correlation times."""
    known = check(*telegraph_runs(10.0, drive, length))
    if length <= 3.0:
        assert known == 0
    if length >= 300.0:
        assert known > 0.9 * SEEDS


@pytest.mark.parametrize("delta", [0.0, 20.0, 40.0])
@pytest.mark.slow
@pytest.mark.parametrize("length", LENGTHS)
def test_the_barrier_sets_the_time_only(delta, length):
    check(*telegraph_runs(delta, 0.0, length))


@pytest.mark.parametrize(
    ("delta", "duration", "least"), [(0.0, 20e-9, 150), (1.0, 10e-9, 20), (2.0, 40e-9, 10), (40.0, 20e-9, 0)]
)
def test_errors_of_a_magnet_cover_or_are_unknown(delta, duration, least):
    """From a magnet without barrier to one that never switches, whose fluctuations within a state are no samples."""
    known = check(macrospin_runs(delta, duration), 0.0)
    assert known >= least
    if delta == 40.0:
        assert known == 0


@pytest.mark.slow
@pytest.mark.parametrize("delta", [0.0, 1.0, 2.0, 3.0, 4.0, 6.0, 8.0, 10.0, 20.0, 40.0])
@pytest.mark.parametrize("duration", [0.3e-9, 1e-9, 3e-9, 10e-9, 30e-9])
def test_errors_of_magnets_at_all_barriers_and_lengths(delta, duration):
    check(macrospin_runs(delta, duration), 0.0)
