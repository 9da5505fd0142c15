"""A junction locked to a weak drive, in SPICE: switches against the exact law, on two engines with one answer."""

from __future__ import annotations

import numpy as np
import pytest
from PySpice.Spice.Netlist import Circuit

from spinspice.analysis.counting import sample_bits
from spinspice.benches.driven import Driven
from spinspice.benches.driven_pair import DrivenPair
from spinspice.benches.locked import Locked
from spinspice.cells.readout import ReadOut
from spinspice.devices.laws.driven import locking
from spinspice.engines import get_engine
from spinspice.errors import CircuitError
from spinspice.presets import load_preset
from spinspice.stimuli import Sine
from spinspice.studies import run
from spinspice.testbench import Testbench
from spinspice.waveforms import crossings

JUNCTION = load_preset("mizrahi2018-scaled").device
#: eta, r H and what a half period then has: too slow, locked, too fast.
WINDOW = ((3.0, 0.1, 0.7668), (3.0, 0.3, 1.015230), (4.0, 0.3, 1.009645), (2.0, 1.0, 1.194149))


@pytest.mark.engine("ngspice")
@pytest.mark.parametrize(("eta", "x", "switches"), WINDOW)
def test_switches_in_ngspice(eta, x, switches):
    result = run("locking", engine="ngspice", eta=eta, x=x, halves=504, repeats=1, workers=1)
    assert result.law.switches == pytest.approx(switches, abs=6e-5)
    assert abs(result.deviation) < 4
    assert result.energy > 0.0


@pytest.mark.engine("vacask")
@pytest.mark.parametrize(("eta", "x", "switches"), WINDOW[:2])
def test_switches_in_vacask_are_the_same(eta, x, switches):
    one, other = (
        run("locking", engine=e, eta=eta, x=x, halves=204, repeats=1, workers=1) for e in ("vacask", "ngspice")
    )
    assert np.array_equal(one.counts, other.counts)
    assert one.law.switches == pytest.approx(switches, abs=6e-5) and abs(one.deviation) < 4
    assert one.energy == pytest.approx(other.energy, rel=1e-3)


@pytest.mark.engine("ngspice")
def test_a_divider_gives_each_state_its_own_voltage():
    result = run("locking", engine="ngspice", eta=3.0, x=0.1, series=1.0, halves=1004, repeats=1, workers=1)
    assert abs(result.deviation) < 4
    assert abs(result.law.switches - locking(1.0, 3.0, 0.1).switches) > 4 * result.switches_stderr


@pytest.mark.slow
@pytest.mark.engine("vacask")
def test_noise_locks_a_junction_that_is_too_slow():
    """r H = 0.1 alone is not locked; noise of 1.5 in the exponent multiplies the rates by exp(1.125)."""
    still, noisy = (
        run("locking", engine="vacask", x=0.1, noise=s, halves=304, samples=200, repeats=1) for s in (0.0, 1.5)
    )
    assert noisy.law.switches == pytest.approx(locking(1.0, 3.0, 0.1 * np.exp(1.125)).switches, rel=1e-6)
    assert abs(noisy.deviation) < 4
    assert noisy.switches - still.switches > 4 * np.hypot(noisy.switches_stderr, still.switches_stderr)


def test_a_junction_driven_by_current_is_refused():
    with pytest.raises(CircuitError, match="driven by voltage"):
        Driven(device=JUNCTION.replace(drive=1.0), volts=0.01, half_period=1e-6)


@pytest.mark.engine("ngspice")
@pytest.mark.engine("vacask")
@pytest.mark.parametrize(("opposed", "x"), [(False, 0.1), (True, 0.3)])
def test_two_junctions_in_series_follow_the_law_of_the_pair(opposed, x):
    volts = JUNCTION.V_c / JUNCTION.barrier
    pair = DrivenPair(
        device=JUNCTION, volts=6 * volts, half_period=x / float(JUNCTION.escape_rates(0.0)[0]), opposed=opposed
    )
    law, halves = pair.law, 404
    runs = {name: get_engine(name).run(pair.testbench(halves, 3)) for name in ("ngspice", "vacask")}
    counts = {name: pair.counted(waves, halves) for name, waves in runs.items()}
    assert np.array_equal(counts["ngspice"], counts["vacask"])
    products = pair.products(runs["vacask"], halves)
    for j in (0, 1):
        error = np.sqrt(law.variance[j] / (10 * counts["vacask"].shape[1]))
        assert abs(counts["vacask"][j].mean() / 10 - law.switches[j]) < 4 * error
    assert abs(products.mean() - law.product) < 4 * products.std(ddof=1) / np.sqrt(products.size)


def test_a_pair_with_a_resistor_is_refused():
    with pytest.raises(CircuitError, match="neither"):
        DrivenPair(device=JUNCTION, volts=0.01, half_period=1e-6, series=1e3)


@pytest.mark.parametrize(
    "engine", [pytest.param(name, marks=pytest.mark.engine(name)) for name in ("ngspice", "vacask")]
)
def test_the_response_to_a_cosine_in_spice(engine):
    """eta 1, w = 2 r: amplitude 0.65906 and lag 41.604 degrees of the mean state, from the events of 200 periods."""
    rate = float(JUNCTION.escape_rates(0.0)[0])
    period, periods = np.pi / rate, 200
    volts = JUNCTION.V_c / JUNCTION.barrier
    circuit = Circuit("a junction under a cosine")
    wave = Sine(offset=0.0, amplitude=-volts, frequency=1.0 / period, phase=90.0)
    circuit.V("drive", "drive", circuit.gnd, wave.text())
    device = JUNCTION.resolvable(periods * period)
    device.add_to(circuit, "j", "drive", circuit.gnd, "state", "count", seed=5)
    bench = Testbench.from_pyspice(circuit, stop=periods * period, step=period / 200, max_step=period / 200,
                                   save=("v(state)", "v(count)"))  # fmt: skip
    waves = get_engine(engine).run(bench)
    edges = np.concatenate([[0.0], crossings(waves.time, waves["v(count)"]), [periods * period]])
    sign = -1.0 + 2.0 * (np.arange(edges.size - 1) % 2)
    w = 2.0 * np.pi / period
    parts = []
    for function in (np.sin(w * edges), -np.cos(w * edges)):
        whole = np.concatenate([[0.0], np.cumsum(sign * np.diff(function))])
        # at the end of every tenth period: events in between close with the state that lasts
        parts.append((whole, function))
    blocks = []
    for (whole, _), end in zip(parts, (np.sin, lambda x: -np.cos(x)), strict=True):
        at = 10.0 * period * np.arange(periods // 10 + 1)
        last = np.minimum(np.searchsorted(edges, at, side="right") - 1, sign.size - 1)
        blocks.append(
            np.diff(whole[last] + sign[last] * (end(w * at) - end(w * edges[last]))) * 2.0 / (w * 10 * period)
        )
    phase = np.radians(41.604)
    for block, expected in zip(blocks, 0.65906 * np.array([np.cos(phase), np.sin(phase)]), strict=True):
        assert abs(block.mean() - expected) < 4 * block.std(ddof=1) / np.sqrt(block.size)
        assert block.std(ddof=1) / np.sqrt(block.size) < 0.06


@pytest.mark.parametrize(
    ("engine", "halves"),
    [
        pytest.param("ngspice", 64, marks=pytest.mark.engine("ngspice")),
        pytest.param("vacask", 104, marks=[pytest.mark.engine("vacask"), pytest.mark.slow]),
    ],
)
def test_locked_through_driver_and_comparator(engine, halves):
    """Line driver, sensing and comparator of transistors: switches and bits against the law of the voltage."""
    rate = float(JUNCTION.escape_rates(0.0)[0])
    cell = ReadOut(JUNCTION, "generic", probes="none", gated=True)
    bench = Locked(cell=cell, volts=3.0 * JUNCTION.V_c / JUNCTION.barrier, half_period=0.3 / rate)
    law, mean = bench.law([get_engine(engine).run(run) for run in bench.silent()])
    ideal = locking(1.0, 3.0, 0.3)
    assert mean == pytest.approx(ideal.switches, rel=0.01) and 0.9 < law.ones < 1.0 - ideal.mistaken
    waves = get_engine(engine).run(bench.testbench(halves, 2))
    events = crossings(waves.time, waves["v(count)"])
    found = (events > 4 * bench.half_period).sum() / (halves - 4)
    assert abs(found - mean) < 4 * np.sqrt(ideal.variance / (halves - 4)) + 1.0 / (halves - 4)
    bits = sample_bits(waves.time, waves["v(out)"], bench.timing.samples(halves))
    low = bits[5::2]  # ends of half periods that favour AP
    assert abs(low.mean() - law.ones) < 4 * np.sqrt(law.ones * (1.0 - law.ones) / low.size)
    energies = bench.energies(waves, halves)
    assert energies.std(ddof=1) / np.sqrt(energies.size) < 0.05 * energies.mean() and energies.mean() < 1e-13
