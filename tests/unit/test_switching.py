"""Laws of switching thresholds, against the exact event-by-event junction."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from spinspice.devices import Telegraph
from spinspice.devices.laws.thresholds import AP, GUMBEL_SD, P, activation, pulse_threshold, ramp_threshold
from spinspice.devices.reference.telegraph import switching_times
from spinspice.errors import ParameterError, UsageError
from spinspice.presets.lopez2024 import JUNCTIONS

SEEDS = np.arange(4000)


def test_activation_is_the_logarithm_of_the_escape_rates():
    for device in JUNCTIONS:
        for current in (-2e-4, 0.0, 3e-4):
            for state, rate in enumerate(device.escape_rates(current / device.I_c)):
                log_rate, width, sign = activation(device, state)
                assert log_rate + sign * current / width == pytest.approx(math.log(rate), rel=1e-12)


@pytest.mark.parametrize("device", JUNCTIONS)
@pytest.mark.parametrize("state", [P, AP])
@pytest.mark.parametrize("rate", [1e-3, 10.0])
def test_thresholds_of_ramps_are_those_of_exact_runs(device, state, rate):
    """4,000 ramps from 30 widths before the threshold: mean, scatter and distribution."""
    law = ramp_threshold(device, rate, state)
    start, stop = law.location - law.sign * 30 * law.width, law.location + law.sign * 5 * law.width
    ramp = (np.array([0.0, abs(stop - start) / rate]), np.array([start, stop]))
    times = switching_times(device.replace(state0=state), 1, SEEDS, current=ramp)[:, 0]
    found = start + law.sign * rate * times
    assert abs(found.mean() - law.mean) < 4 * law.sd / math.sqrt(SEEDS.size)
    assert abs(found.std() - law.sd) < 4 * law.sd * math.sqrt(4.4 / 4 / SEEDS.size)
    assert stats.kstest(law.probability(found), "uniform").pvalue > 6e-5


def test_a_pulse_switches_with_the_probability_of_the_law():
    """Rise, hold and fall: 4,000 pulses at each of three amplitudes."""
    device, rise, fall, hold = JUNCTIONS[0], 1.0, 0.5, 1e-5
    law = pulse_threshold(device, hold, rise=rise, fall=fall)
    low = law.location - 40 * law.width
    for amplitude in law.quantile([0.2, 0.5, 0.9]):
        times = np.cumsum([0.0, (amplitude - low) / rise, hold, (amplitude - low) / fall])
        events = switching_times(device, 1, SEEDS, current=(times, np.array([low, amplitude, amplitude, low])))[:, 0]
        p = float(law.probability(amplitude))
        assert abs(np.mean(events < times[-1]) - p) < 4 * math.sqrt(p * (1 - p) / SEEDS.size)


def test_the_law_of_the_rate():
    """A factor e in the rate moves the mean by the width and leaves the scatter; quantile inverts probability."""
    for state, sign in ((P, -1), (AP, 1)):
        slow, fast = (ramp_threshold(JUNCTIONS[0], rate, state) for rate in (1e-3, math.e * 1e-3))
        assert fast.mean - slow.mean == pytest.approx(sign * slow.width, rel=1e-9)
        assert fast.sd == slow.sd == pytest.approx(GUMBEL_SD * slow.width)
        assert slow.probability(slow.quantile([0.1, 0.7])) == pytest.approx([0.1, 0.7])
        assert slow.probability(slow.location) == pytest.approx(1 - 1 / math.e)


def test_bad_input():
    with pytest.raises(UsageError, match="drive=1"):
        ramp_threshold(Telegraph(), 1.0)
    with pytest.raises(ParameterError, match="rate of a current ramp"):
        ramp_threshold(JUNCTIONS[0], 0.0)
    with pytest.raises(ParameterError, match="effective duration"):
        pulse_threshold(JUNCTIONS[0], 0.0)
