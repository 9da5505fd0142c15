"""Studies of switching in SPICE against the laws: maps, dwell times, write errors, bits."""

from __future__ import annotations

import numpy as np
import pytest

from spinspice.cells.readout import ReadOut
from spinspice.cmos import get_technology
from spinspice.devices.laws.random_bits import spin_dice_slope
from spinspice.engines import get_engine
from spinspice.errors import UsageError
from spinspice.jobs import run_jobs
from spinspice.presets import load_preset
from spinspice.readout.balance import SilentRead, silent_testbenches
from spinspice.studies import run


@pytest.mark.parametrize(
    "engine", [pytest.param(name, marks=pytest.mark.engine(name)) for name in ("ngspice", "vacask")]
)
def test_the_map_of_a_two_state_junction(engine):
    result = run("switching", engine=engine, preset="mizrahi2018-scaled", samples=100, amplitudes=2, workers=1)
    deviations = result.deviations
    assert np.isfinite(deviations).sum() > 40
    assert np.nanmax(np.abs(deviations)) < 4
    assert result.probability.shape == (2, 2, 24) and result.to_dict()["samples"] == 100


@pytest.mark.engine("ngspice")
def test_an_access_transistor_takes_its_share():
    bare, behind = (
        run("switching", engine="ngspice", preset="mizrahi2018-scaled", samples=30, amplitudes=1, low=0.05, high=0.06,
            technology=technology, access=2e-7, device={"R_P": 20e3}, workers=1)
        for technology in (None, "generic")
    )  # fmt: skip
    assert np.nanmax(np.abs(behind.deviations)) < 4
    assert behind.critical_line(0)[0] > 1.001 * bare.critical_line(0)[0]


@pytest.mark.timeout(900)
@pytest.mark.slow
@pytest.mark.engine("vacask")
def test_the_map_of_a_macrospin():
    result = run("switching", engine="vacask", samples=60, amplitudes=2)
    assert np.nanmax(np.abs(result.deviations)) < 4
    assert result.critical_line(0)[1] < result.critical_line(0)[0]


def test_amplitudes_the_wrong_way_round_are_refused():
    with pytest.raises(UsageError, match="must be above low"):
        run("switching", low=0.5, high=0.4)


@pytest.mark.engine("ngspice")
def test_bits_of_a_comparator_follow_the_law_of_the_junction_that_is_read():
    result = run("trng", engine="ngspice", x=1.0, bits=60, junctions=2, combined=2, workers=1)
    raw = result.raw
    assert result.wrong == 0
    assert abs(raw.correlation - result.read_law.correlation()) < 4 * max(raw.correlation_stderr, 1 / np.sqrt(120))
    # the read pushes towards P; the stimulus that undoes it leaves no bias, as the law and its silent runs say
    assert result.stimulus < 0.0 and result.law.bias > 0.01 and abs(result.read_law.bias) < 1e-3
    assert result.output.size == 60 and 0.0 < result.energy_line < result.energy
    with pytest.raises(UsageError, match="groups of 2"):
        run("trng", junctions=3, combined=2)
    with pytest.raises(UsageError, match="driven by voltage"):
        run("trng", device={"drive": 1.0})


@pytest.mark.parametrize(
    "engine", [pytest.param(name, marks=pytest.mark.engine(name)) for name in ("ngspice", "vacask")]
)
def test_bits_are_combined_by_gates(engine):
    """Two read-outs and an exclusive or of transistors in one circuit: the bits that a computer makes of both."""
    common = {"engine": engine, "x": 3.0, "bits": 20, "junctions": 2, "combined": 2, "bias": -1e-3, "workers": 1,
              "seed": 1}  # fmt: skip
    gates, computed = (run("trng", xor=kind, **common) for kind in ("gates", "computed"))
    assert gates.combined_bits.shape == (1, 20) and gates.mistaken == 0 and gates.wrong == 0
    assert np.array_equal(gates.bits, computed.bits) and np.array_equal(gates.output, computed.output)
    assert 0 < gates.output.sum() < 20
    # one gate line serves both, and the gates take something
    assert gates.energy < computed.energy and gates.energy_line == pytest.approx(0.5 * computed.energy_line)
    assert computed.energy < 30e-15
    assert gates.energy - gates.energy_line > computed.energy - computed.energy_line
    with pytest.raises(UsageError, match="two junctions or more"):
        run("trng", xor="gates", junctions=2)


@pytest.mark.parametrize(
    "engine", [pytest.param(name, marks=pytest.mark.engine(name)) for name in ("ngspice", "vacask")]
)
def test_the_read_makes_the_bias_that_its_law_says(engine):
    """Without a stimulus, gated and not: silent runs alone; always-on costs bias and energy."""
    cell = ReadOut(load_preset("mizrahi2018-scaled").device, "generic", probes="none")
    biases = []
    for gated in (False, True):
        one = cell.rebuilt(gated=gated)
        timing = one.timing(1.21e-6)
        silent = SilentRead.of(
            one, timing, 0.0, [get_engine(engine).run(b) for b in silent_testbenches(one, timing, 0)]
        )
        biases.append(silent.law().bias)
        moved = silent.balance()
        again = SilentRead.of(
            one, timing, moved, [get_engine(engine).run(b) for b in silent_testbenches(one, timing, moved)]
        )
        assert abs(again.law().bias) < 0.04 * abs(biases[-1])
    assert biases[0] == pytest.approx(-0.050, abs=0.002) and biases[1] == pytest.approx(-0.0285, abs=0.002)


@pytest.mark.timeout(3600)
@pytest.mark.slow
@pytest.mark.engine("ngspice")
def test_ten_thousand_bits_of_the_circuit_pass_and_unbalanced_ones_are_caught():
    result = run("trng", engine="ngspice", x=6.0, bits=1000, junctions=10, workers=2)
    raw, tests = result.raw, result.tests
    assert result.output.size == 10_000 and result.wrong <= 5
    assert abs(raw.bias - result.read_law.bias) < 4 * raw.bias_stderr
    assert tests is not None
    print("uniform", tests.uniformity, "all bits", tests.whole, raw, result.energy, result.energy_stderr)
    assert tests.failures == ()
    assert result.energy < 30e-15 and result.energy_stderr < 0.1e-15


@pytest.mark.parametrize(
    ("engine", "swept"),
    [
        pytest.param("ngspice", "voltage", marks=pytest.mark.engine("ngspice")),
        pytest.param("ngspice", "field", marks=pytest.mark.engine("ngspice")),
        pytest.param("vacask", "voltage", marks=[pytest.mark.engine("vacask"), pytest.mark.slow]),
    ],
)
def test_loops_of_a_two_state_junction(engine, swept):
    """Share in P all along the loop, and both thresholds, within four standard errors; resistances of both states."""
    result = run("loop", engine=engine, swept=swept, samples=40, workers=1)
    assert np.isfinite(result.deviations).sum() >= 4 and np.nanmax(np.abs(result.deviations)) < 4
    assert result.threshold(result.law, True) < 0.0 < result.threshold(result.law, False)
    told = result.resistance[np.isfinite(result.resistance)]
    assert told.min() == pytest.approx(50e3, rel=1e-3) and told.max() == pytest.approx(100e3, rel=2e-3)
    with pytest.raises(UsageError, match="Known: field, voltage"):
        run("loop", swept="current")


@pytest.mark.timeout(1800)
@pytest.mark.engine("ngspice")
@pytest.mark.slow
@pytest.mark.parametrize("swept", ["voltage", "field"])
def test_loops_of_a_macrospin(swept):
    """Against the Fokker-Planck equation with the junction's own current: 12 magnets, thresholds and shares."""
    result = run("loop", engine="ngspice", preset="sttmram", device={"alpha": 0.1}, swept=swept, samples=12, workers=1)
    told = np.isfinite(result.deviations)
    assert not told.any() or np.nanmax(np.abs(result.deviations)) < 4
    for to_AP in (True, False):
        here, law = (result.threshold(curve, to_AP) for curve in (result.parallel, result.law))
        n = result.value.size
        part = slice(0, n // 4 + 1) if to_AP else slice(n // 4, 3 * n // 4 + 1)
        share = result.law[part] if to_AP else 1.0 - result.law[part]
        quartiles = np.interp([-0.84, -0.16], -share, result.value[part])  # of a share that falls: one sigma apart
        if not to_AP:
            quartiles = np.interp([0.16, 0.84], 1.0 - share[::1], result.value[part])
        sigma = 0.5 * abs(quartiles[1] - quartiles[0])
        assert abs(here - law) < 4 * 1.25 * sigma / np.sqrt(12) + 0.01 * abs(law)


def instances(count, engine):
    """Law of the bits of read-outs that differ in transistors and junction, at the stimulus of the nominal one."""
    device = load_preset("mizrahi2018-scaled").device
    nominal = ReadOut(device, "generic", probes="none", gated=True)
    timing = nominal.timing(1.21e-6)
    draw = np.random.default_rng(4)
    benches, cells = [], []
    for k in range(count):
        field, volts, ohms = draw.normal(size=3)
        junction = device.replace(
            field=0.002 * field, V_c=device.V_c * (1 + 0.05 * volts), R_P=device.R_P * (1 + 0.05 * ohms)
        )
        cell = ReadOut(junction, get_technology("generic").with_mismatch(k + 1), R_ref=nominal.R_ref, probes="none",
                       gated=True, name=f"readout{k}")  # fmt: skip
        cells.append(cell)
        benches += silent_testbenches(cell, timing, -0.52e-3)
    runs = run_jobs(benches, engine=engine, workers=2)
    return np.array(
        [SilentRead.of(c, timing, -0.52e-3, runs[2 * k : 2 * k + 2]).law().bias for k, c in enumerate(cells)]
    )


@pytest.mark.timeout(1800)
@pytest.mark.slow
@pytest.mark.engine("ngspice")
def test_a_hundred_instances_of_the_circuit_with_and_without_exclusive_or():
    """A field of 0.002 (one sigma) tells the barriers apart, transistors as drawn: the bias of pairs is a product."""
    biases = instances(100, "ngspice")
    pairs = -biases[::2] * biases[1::2]
    assert 0.01 < np.abs(biases).mean() < 0.1
    assert np.abs(pairs).mean() < 0.15 * np.abs(biases).mean()
    # a difference of 4 delta field in the exponents, and 52 uV of the stimulus for 5 % of the critical voltage
    assert biases.std(ddof=1) == pytest.approx(np.tanh(2 * 6 * 0.002), rel=4 / np.sqrt(200) + 0.15)


@pytest.mark.engine("ngspice")
@pytest.mark.engine("vacask")
def test_a_spin_dice_has_one_law_on_two_engines():
    """Reset, write at P = 1/2, read, exclusive or, all by transistors: bits, gates, law and energy."""
    one, other = (
        run("dice", engine=engine, bits=bits, junctions=2, volts=0.3533, workers=1)
        for engine, bits in (("ngspice", 12), ("vacask", 4))
    )
    for result in (one, other):
        assert result.mistaken == 0
        assert result.law.ones == pytest.approx(0.5, abs=0.01)
        assert abs(result.ones[0] - result.law.ones) < 4 * result.ones[1]
        assert result.law.correlation() < 1e-6  # the reset forgets
    assert one.law.ones == pytest.approx(other.law.ones, abs=5e-3)
    assert one.energy == pytest.approx(other.energy, rel=0.05)
    assert one.slope == pytest.approx(0.01 * spin_dice_slope(40.0) * 0.3533 / 0.4, rel=0.02)


@pytest.mark.timeout(1800)
@pytest.mark.slow
@pytest.mark.engine("ngspice")
@pytest.mark.parametrize(("volts", "ones"), [(None, 0.5), (0.34, None)])
def test_many_throws_have_the_exact_probability(volts, ones):
    result = run("dice", engine="ngspice", bits=150, junctions=2, repeats=2, volts=volts, workers=2)
    assert ones is None or result.law.ones == pytest.approx(ones, abs=2e-3)
    assert abs(result.ones[0] - result.law.ones) < 4 * result.ones[1]
    assert abs(result.sign[0] - result.exact_sign) < 4 * result.sign[1]
    assert result.mistaken == 0 and result.energy_stderr < 0.02 * result.energy


def test_a_dice_that_cannot_be_thrown_is_refused():
    with pytest.raises(UsageError, match="half of the supply"):
        run("dice", device={"V_c": 0.8})
    with pytest.raises(UsageError, match="driven by voltage"):
        run("dice", device={"drive": 1.0})


@pytest.mark.parametrize(
    "engine", [pytest.param(name, marks=pytest.mark.engine(name)) for name in ("ngspice", "vacask")]
)
def test_stays_are_exponential_with_the_means_of_the_law(engine):
    result = run("dwell", engine=engine, volts=0.01, stays=300, repeats=1, workers=1)
    for stays, mean in zip(result.stays, result.exact, strict=True):
        assert abs(stays.mean() - mean) < 4 * mean / np.sqrt(stays.size)
    assert min(result.p_values) > 1e-4
    rate = float((1.0 / result.exact).sum())
    low = np.linspace(0.02, 0.1, 40) * rate
    ratio = result.spectrum(low) / result.lorentzian(low)  # exponential scatter, correlated over 1 / duration
    independent = min(low.size, (low[-1] - low[0]) * result.duration)
    assert abs(ratio.mean() - 1.0) < 4.0 / np.sqrt(independent)


@pytest.mark.engine("vacask")
def test_write_errors_of_circuit_splitting_and_equation_agree():
    result = run(
        "rare-errors", engine="vacask", samples=16, walkers=60, populations=6, device={"alpha": 0.1}, workers=1
    )
    assert result.tail_theory == pytest.approx([1e-4, 1e-6, 1e-9, 1e-12], rel=0.05)
    assert np.all(np.abs(result.tail - result.tail_theory) < 4 * result.tail_stderr)
    told = np.isfinite(result.errors) & (16 * result.theory > 3) & (16 * (1 - result.theory) > 3)
    spread = np.sqrt(result.theory * (1 - result.theory) / 16)
    assert told.any() and np.all(np.abs(result.errors - result.theory)[told] < 4 * spread[told])
