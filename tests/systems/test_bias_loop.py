"""The loop of transistors that balances the bits of a junction: what it adds up, where it rests, what it leaves."""

from __future__ import annotations

import numpy as np
import pytest

from spinspice.benches.balanced import Balanced
from spinspice.cells.bias_loop import BiasLoop
from spinspice.cells.readout import ReadOut
from spinspice.devices.laws.random_bits import measure
from spinspice.engines import get_engine
from spinspice.errors import CircuitError, ParameterError, ResultError
from spinspice.presets import load_preset
from spinspice.readout.balance import rest
from spinspice.readout.runs import reading

DEVICE = load_preset("mizrahi2018-scaled").device
PERIOD = 1.21e-6


def bench(field=0.01, **changes):
    """A junction whose barriers a field tells apart."""
    cell = ReadOut(DEVICE.replace(field=field), "generic", probes="none", gated=True)
    return Balanced(cell=cell, period=PERIOD, loop=BiasLoop(cell.read_current, cell.technology, **changes))


@pytest.mark.engine("ngspice")
@pytest.mark.engine("vacask")
def test_what_the_loop_leaves_of_a_bias():
    """By the law of silent runs: a sixth or less is left; where the loop rests in one engine, it does in the other."""
    engine, one = get_engine("ngspice"), bench()
    still = one.held([engine.run(run) for run in one.silent(0.0)]).law.bias
    volts, left = rest(one, engine)
    assert still == pytest.approx(-0.221, abs=0.004) and volts < 0.0
    assert abs(left.law.bias) < abs(still) / 6.0
    assert abs(left.mean) < 1e-3 * left.charge[1]
    other = get_engine("vacask")
    there = one.held([other.run(run) for run in one.silent(volts)])
    # A budget of the solvers: a hundredth of a packet, and what the bias makes of it.
    assert there.law.bias == pytest.approx(left.law.bias, abs=5e-3)
    assert abs(there.mean) < 1e-2 * left.charge[1]


@pytest.mark.engine("ngspice")
def test_a_stronger_amplifier_leaves_less():
    engine = get_engine("ngspice")
    left = [abs(rest(bench(tail=tail), engine)[1].law.bias) for tail in (2, 8)]
    assert left[1] < 0.7 * left[0]


@pytest.mark.engine("ngspice")
def test_the_integral_is_a_fading_sum_of_the_bits():
    """Bit by bit, with the charges of silent runs; and the bits are the states of the junction."""
    one, count, engine = bench(), 24, get_engine("ngspice")
    held = [one.held([engine.run(run) for run in one.silent(volts)]) for volts in (-0.01, 0.01)]
    charge = np.array([h.charge for h in held])
    waves = engine.run(one.testbench(count, 3))
    seen = reading(waves, one.timing, count)
    assert seen.wrong == 0 and 0 < seen.bits.sum() < count
    volts = np.interp(one.timing.edges(count), waves.time, waves["v(integral)"])
    # What the read before an edge brought is the bit before it; the first two wait for the latch and the leads.
    expected = volts[1]
    for bit in seen.bits[1:-1]:
        expected += np.interp(expected, [-0.01, 0.01], charge[:, bit]) / one.loop.integral
    assert volts[-1] - volts[1] == pytest.approx(expected - volts[1], abs=0.05 * np.abs(np.diff(volts)).mean() * count)


@pytest.mark.timeout(5400)
@pytest.mark.slow
@pytest.mark.parametrize(
    ("engine", "seeds"),
    [
        pytest.param("ngspice", (3, 4), marks=pytest.mark.engine("ngspice")),
        pytest.param("vacask", (5, 6), marks=pytest.mark.engine("vacask")),
    ],
)
def test_bits_with_the_loop_are_balanced(engine, seeds):
    engine, count, one = get_engine(engine), 600, bench()
    volts, left = rest(one, engine)
    bits = []
    for seed in seeds:
        waves = engine.run(one.testbench(count, seed, start=volts), timeout=1500)
        seen = reading(waves, one.timing, count)
        assert seen.wrong <= 1
        bits.append(seen.bits)
        energies = one.energies(waves, count)
        assert energies.std(ddof=1) / np.sqrt(energies.size) < 0.01 * energies.mean()
    found = measure(np.concatenate(bits))
    assert abs(found.bias - left.law.bias) < 4 * found.bias_stderr
    assert found.bias + 0.221 > 4 * found.bias_stderr  # the bias of an open loop is gone


@pytest.mark.engine("ngspice")
def test_a_bias_beyond_the_amplifier_is_told():
    with pytest.raises(ResultError, match="larger tail current"):
        rest(bench(field=0.2, tail=1), get_engine("ngspice"))


def test_a_loop_that_cannot_be_is_refused():
    with pytest.raises(CircuitError, match="gated"):
        Balanced.of(ReadOut(DEVICE, "generic", probes="none"), PERIOD)
    with pytest.raises(ParameterError, match="integral"):
        BiasLoop(2e-8, integral=1e-15)
    loop = BiasLoop(2e-8)
    assert str(loop.rebuilt()) == str(loop)
