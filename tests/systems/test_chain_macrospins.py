"""Macrospins of the chain under pulses of nanoseconds: currents against length, reference solver against SPICE."""

from __future__ import annotations

import numpy as np
import pytest

from spinspice.benches.chain import PulseTrain
from spinspice.devices.laws.thresholds import AP, pulse_threshold
from spinspice.devices.reference.macrospin import simulate_macrospin
from spinspice.engines import get_engine
from spinspice.errors import ParameterError, ResultError
from spinspice.networks.chain.spice import (
    antiparallel,
    chain_testbench,
    junction_currents,
    junction_voltages,
    seeds,
)
from spinspice.papers.lopez2024.macrospin_pulses import (
    DAMPING,
    MAX_DURATION,
    fitted_macrospin,
    pulse_macrospins,
    pulse_thresholds,
)
from spinspice.presets.lopez2024 import JUNCTIONS, LOPEZ2024


def test_shorter_pulses_need_more_current():
    """Below the law's currents at no length; far above them at 10 ns, where precession has no time to grow."""
    body = pulse_macrospins()[1]
    short, long = (pulse_thresholds(body, hold, highest=1e-3, members=16) for hold in (10e-9, 30e-9))
    law = pulse_threshold(JUNCTIONS[1], 10e-9, state=AP).mean
    assert short.mean - long.mean > 4 * np.hypot(short.stderr, long.stderr)
    assert short.mean > 1.5 * law


@pytest.mark.engine("ngspice", model="verilog-a")
def test_spice_and_reference_switch_the_same_junctions():
    """A chain of six macrospins, noise by seed, one pulse of 10 ns at 0.5 to 1.5 times the mean threshold in each."""
    body, size = pulse_macrospins()[1], 6
    pulses = PulseTrain(slots=1, idle=1e-9, edge=0.2e-9, hold=10e-9)
    currents = 240e-6 * np.linspace(0.5, 1.5, size)
    bench = chain_testbench([body] * size, pulses, currents - currents[0], seed=5)
    waves = get_engine("ngspice", "verilog-a").run(bench.with_parameters(in1=currents[0]))
    end = pulses.reading - pulses.fall
    at = [np.searchsorted(waves.time, end) - 1]
    in_spice = ~antiparallel(
        [body] * size, junction_voltages(waves, size)[:, at], junction_currents(waves, size)[:, at]
    )
    times = np.array([0.0, pulses.idle, pulses.idle + pulses.edge, end])
    values = np.outer(currents, [0.0, 0.0, 1.0, 1.0]) + np.outer(currents - currents[0], [1.0, 1.0, 0.0, 0.0])
    noise = list(seeds(5, size).values())
    reference = simulate_macrospin(body, end, noise, current=(times, values)).cosine[:, -1] > 0.0
    assert np.array_equal(in_spice[:, 0], reference)
    assert 0 < reference.sum() < size


def test_what_is_refused():
    body = pulse_macrospins()[0]
    with pytest.raises(ResultError, match="4 of 4 junctions do not switch in 2 ns at 100 uA"):
        pulse_thresholds(body, 2e-9, highest=100e-6, members=4)
    with pytest.raises(ParameterError, match="hold = 1e-05 s is outside"):
        pulse_thresholds(body, 1e-5)


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("number", [0, 1, 2])
def test_damping_is_that_of_pulses_of_300_ns(number):
    """Stored and fitted damping; thresholds of other noise are those of the law within 4 standard errors of both."""
    junction = JUNCTIONS[number]
    assert fitted_macrospin(junction, LOPEZ2024.device).alpha == pytest.approx(DAMPING[number], rel=1e-6)
    law = pulse_threshold(junction, MAX_DURATION, state=AP).mean
    found = pulse_thresholds(pulse_macrospins()[number], MAX_DURATION, highest=4 * law, seed=2)
    assert abs(found.mean - law) < 4 * np.sqrt(2.0) * found.stderr
