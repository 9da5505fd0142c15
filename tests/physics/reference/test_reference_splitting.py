"""Rare write errors by splitting: within four standard errors of the Fokker-Planck equation, for any importance."""

from __future__ import annotations

from time import process_time

import numpy as np
import pytest
from scipy.stats import binom

from spinspice.constants import mu_0
from spinspice.devices.laws import sphere
from spinspice.devices.laws.fokker_planck import not_switched, time_unit
from spinspice.devices.laws.sphere import Landscape
from spinspice.devices.laws.survival import survival
from spinspice.devices.reference.splitting import CONFIDENCE, RareEvents, transverse, write_error_rate
from spinspice.errors import ParameterError
from spinspice.memory.write_errors import WriteCurrent
from spinspice.presets import load_preset

DEVICE = load_preset("sttmram").device.replace(alpha=0.1)
UNIT = time_unit(DEVICE)
#: Delta, i, time in tau_D, write error rate of 8,000 cells.
TABLE = ((40, 2.0, 8.0, 3.0720e-6), (40, 2.0, 12.0, 9.3887e-10), (60, 2.0, 12.0, 1.5225e-9), (40, 3.0, 6.0, 2.3152e-9),
         (60, 1.5, 22.286, 1.7371e-9))  # fmt: skip


def test_the_backward_equation_is_the_forward_one_transposed():
    x, h = survival(40.0, 2.0, 0.5, 16)
    density = np.where(x > 0, np.exp(40.0 * (x**2 - 1.0)), 0.0)
    for k, expected in ((8, 1.0015e-2), (16, 3.0720e-6)):
        assert float(h[k] @ density / density.sum()) == pytest.approx(expected, rel=0.08)  # it steers, no more
    assert np.all(np.diff(h[8]) >= 0.0)


@pytest.mark.parametrize(
    ("delta", "drive", "time", "rate"),
    [pytest.param(*row, marks=() if k in (0, 4) else pytest.mark.slow) for k, row in enumerate(TABLE)],
)
def test_rates_down_to_1e_9(delta, drive, time, rate):
    device = DEVICE.with_delta(delta)
    found = write_error_rate(device, time * time_unit(device), drive, walkers=300, populations=12, seed=4)
    assert found.stderr < 0.25 * found.probability
    assert abs(found.probability - rate) < 4 * found.stderr
    assert found.heaviest < 0.4


#: All numbers of the table: barrier, current, and (time, rate) pairs; then times to 1e-3, 1e-6 and 1e-9.
ALL = {
    (40, 2.0): ((4, 1.0015e-2), (8, 3.0720e-6), (12, 9.3887e-10), (14, 1.641e-11), (5.1404, 1e-3), (8.5547, 1e-6),
                (11.9688, 1e-9)),
    (60, 2.0): ((4, 1.5268e-2), (8, 4.8364e-6), (12, 1.5225e-9), (14, 2.701e-11), (5.3550, 1e-3), (8.7819, 1e-6),
                (12.2085, 1e-9)),
    (60, 1.5): ((7.4286, 9.4575e-3), (14.857, 4.0575e-6), (22.286, 1.7371e-9), (9.5823, 1e-3), (16.1986, 1e-6),
                (22.8146, 1e-9)),
    (40, 3.0): ((2, 2.0353e-2), (4, 6.8984e-6), (6, 2.3152e-9), (2.7557, 1e-3), (4.4829, 1e-6), (6.2099, 1e-9)),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(("delta", "drive"), ALL)
def test_all_rates_of_the_table(delta, drive):
    device = DEVICE.with_delta(delta)
    for time, rate in ALL[delta, drive]:
        found = write_error_rate(device, time * time_unit(device), drive, walkers=500, populations=12, seed=3)
        assert abs(found.probability - rate) < 4 * found.stderr, (time, rate, found.probability, found.stderr)
        assert found.stderr < 0.3 * rate


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("rate", [1e-6, 1e-9, 1e-12])
def test_intervals_cover_the_equation(rate):
    """20 seeds, 60 kT, i 2: the 95 % interval of splitting holds the Fokker-Planck value as often as it says.

    So few successes of 20 at a chance of 0.95 as are refused come once in a thousand times; the mean of the seeds is
    within four standard errors. Processor time over two: the seconds of an estimate on two cores.
    """
    times = np.linspace(1.0, 20.0, 400)
    rates = not_switched(times, DEVICE.delta, 2.0)
    time = round(float(np.interp(-np.log(rate), -np.log(rates), times)) / 0.25) * 0.25  # whole stretches
    exact = float(not_switched([time], DEVICE.delta, 2.0)[0])
    begin, found = process_time(), []
    for seed in range(101, 121):
        found.append(write_error_rate(DEVICE, time * UNIT, 2.0, walkers=1000, populations=12, seed=seed))
    seconds = 0.5 * (process_time() - begin) / len(found)
    covered = sum(low <= exact <= high for low, high in (one.interval for one in found))
    ratios = np.array([one.probability for one in found]) / exact
    error = ratios.std(ddof=1) / np.sqrt(ratios.size)
    print(f"{exact:.3g}: {covered} of {len(found)} covered, ratio {ratios.mean():.3f} +- {error:.3f}, {seconds:.1f} s")
    assert covered >= binom.ppf(1e-3, len(found), CONFIDENCE)
    assert abs(ratios.mean() - 1.0) < 4 * error


def test_the_same_seed_gives_the_same_number():
    runs = [write_error_rate(DEVICE, 4 * UNIT, 2.0, walkers=50, populations=4, seed=s) for s in (1, 1, 2)]
    assert np.array_equal(runs[0].estimates, runs[1].estimates)
    assert not np.array_equal(runs[0].estimates, runs[2].estimates)


def test_another_importance_gives_the_same_rate_with_more_scatter():
    """A crude guess: survival falls exponentially with the angle; unbiased all the same."""
    exact = float(not_switched([4.0], DEVICE.delta, 2.0)[0])

    def guess(mz, left):
        return np.exp(np.clip((mz - 1.0) * 12.0, -6.0, 0.0)) if left > 1.0 else np.ones_like(mz)

    found = write_error_rate(DEVICE, 4 * UNIT, 2.0, walkers=500, populations=10, seed=9, importance=guess)
    assert abs(found.probability - exact) < 4 * found.stderr
    assert found.stderr < 0.3 * exact


def test_a_current_that_follows_the_junction():
    law = WriteCurrent((2.0, -0.3, 0.05, 0.0))  # more current as the magnet turns
    exact = float(not_switched([9.0], DEVICE.delta, law)[0])
    found = write_error_rate(DEVICE, 9 * UNIT, law, walkers=150, populations=12, seed=2)
    assert abs(found.probability - exact) < 4 * found.stderr


def test_precession_and_damping_do_not_matter_to_a_uniaxial_magnet():
    device = DEVICE.replace(alpha=0.03)
    found = write_error_rate(device, 6 * time_unit(device), 2.0, walkers=200, populations=10, seed=3)
    assert abs(found.probability - float(not_switched([6.0], 60.0, 2.0)[0])) < 4 * found.stderr


def elliptical(delta, h):
    """Easy axis z, ``h`` times its anisotropy across it: the sphere converges at large damping."""
    device = load_preset("sttmram").device.replace(alpha=0.6).with_delta(delta)
    return device.replace(Nx=h * device.B_k / (mu_0 * device.Ms))


@pytest.mark.parametrize(("time", "degree"), [(2.0, 22), pytest.param(4.0, 36, marks=pytest.mark.slow)])
def test_an_elliptical_magnet_against_the_equation_on_the_sphere(time, degree):
    """h 1, 4 kT, twice the critical current: 9.4e-3 and 1.9e-5."""
    device = elliptical(4.0, 1.0)
    assert transverse(device) == pytest.approx(1.0) and transverse(DEVICE) == 0.0
    width = time * time_unit(device)
    exact = sphere.not_switched(
        Landscape.of(device, -2.0 * device.I_c0), width, rest=Landscape.of(device), degree=degree
    )[0]
    found = write_error_rate(device, width, 2.0, walkers=500, populations=12, seed=2)
    assert abs(found.probability - exact) < 4 * found.stderr + 0.01 * exact  # of the harmonics
    assert found.stderr < 0.15 * exact


def test_an_interval_never_holds_zero_and_extinct_populations_say_so():
    few = RareEvents(np.array([1e-9, 2e-9, 1.5e-9]), 100, 10)
    low, high = few.interval
    assert 0.0 < low < few.probability < high
    dead = RareEvents(np.zeros(3), 100, 10)
    assert dead.interval[0] == 0.0 and np.isnan(dead.heaviest)


def test_what_cannot_be_estimated_is_refused():
    with pytest.raises(ParameterError, match="shorter than a stretch"):
        write_error_rate(DEVICE, 0.01 * UNIT, 2.0)
    with pytest.raises(ParameterError, match="walkers"):
        write_error_rate(DEVICE, 4 * UNIT, 2.0, walkers=3)
