"""Readout cells and comparators in SPICE: bits, read disturb, published rates, offset, decision time, energy."""

import re
import subprocess

import numpy as np
import pytest
from foundries import foundry

from spinspice.benches import comparator as bench
from spinspice.benches.readout import readout_testbench
from spinspice.cells import Comparator
from spinspice.cells.comparator import ComparatorSizing
from spinspice.cells.readout import ReadOut
from spinspice.cmos import get_technology
from spinspice.engines import get_engine
from spinspice.export.golden import CYCLES
from spinspice.paths import data_dir
from spinspice.presets import load_preset
from spinspice.readout.runs import default_timing, reading, tuning_curve
from spinspice.readout.trimming import find_trims, read_instances
from spinspice.studies.comparator import study_comparator
from spinspice.studies.readout import study_readout
from spinspice.studies.readout_yield import study_yield

pytestmark = pytest.mark.engine("ngspice")
SCALED = load_preset("mizrahi2018-scaled").device
CURRENT = load_preset("mizrahi2018-1").device


@pytest.mark.parametrize(
    ("technology", "topology"),
    [
        ("generic", "double-tail"),
        pytest.param("sky130", "strongarm", marks=foundry("sky130")),
        pytest.param("sg13g2", "double-tail", marks=[foundry("sg13g2"), pytest.mark.slow]),
    ],
)
@pytest.mark.filterwarnings("ignore:the clock:UserWarning")
def test_bits_are_the_states_of_the_junction(technology, topology):
    cell = ReadOut(SCALED, technology, topology=topology)
    timing = default_timing(cell)
    waves = get_engine("ngspice").run(readout_testbench(cell, timing, 24, seed=3))
    run = reading(waves, timing, 24)
    assert run.settled.sum() >= 16
    assert run.states.sum() > 2 and (1 - run.states).sum() > 2
    assert run.wrong == 0


@pytest.mark.parametrize("stim", [-20e-6, 20e-6])
def test_a_stimulus_of_either_sign_does_not_turn_the_bits_over(stim):
    cell = ReadOut(CURRENT.replace(delta=9.0, I_c=300e-6), "generic")
    timing = default_timing(cell, stim / 300e-6, 0.3)
    waves = get_engine("ngspice").run(readout_testbench(cell, timing, 30, stim=stim, seed=5))
    run = reading(waves, timing, 30)
    assert 0 < run.states.sum() < 30
    assert run.wrong == 0


def test_slower_clock_than_the_technology_can_follow_is_warned_of():
    with pytest.warns(UserWarning, match="slow for the junction .* of the switches fall between two edges"):
        default_timing(ReadOut(SCALED.replace(delta=4.0), "generic"))


def test_read_disturb_is_the_mean_hazard_and_mostly_the_read_current():
    study = study_readout(bits=80, trials=1, seed=1, direct=True, engine="ngspice", workers=1)
    assert study.wrong == 0
    cell = ReadOut(SCALED)
    timing = default_timing(cell)
    for k, (resistance, sign) in enumerate(((SCALED.R_P, -1.0), (SCALED.R_AP, 1.0))):
        drive = cell.read_current * resistance / SCALED.V_c
        # The read current alone, flowing from the first moment of the read: an upper bound of what it does.
        bound = timing.settle / timing.period * np.expm1(sign * SCALED.barrier * drive)
        assert 0.4 < study.disturb_read[k] / bound < 1.0
        assert abs(study.escape[k] - study.expected[k]) < 4 * study.escape_stderr[k]
        assert study.margins[k] == pytest.approx(cell.margin, rel=0.1)
    # Directly: the same seed with the comparator, and with all of the read, switched off. Pairs of stays share their
    # threshold, so some of them tell the ratio of the rates to a part in a hundred. The hazard of a held junction adds
    # the numerical error of four periods, taken as 0.2 %.
    for name, without in (("comparator", study.disturb_silent), ("read", study.disturb_unread)):
        found = study.compared[name]
        for k in (0, 1):
            expected = (1 + study.disturb[k]) / (1 + without[k]) - 1
            assert found.stderr[k] < 0.01
            assert abs(found.change[k] - expected) < 4 * found.stderr[k] + 2e-3
    # The hold switches keep the kick-back from the junction: far below what the read current does.
    for total, silent in zip(study.disturb, study.disturb_silent, strict=True):
        assert abs(total - silent) < 0.1 * abs(total)
    assert abs(study.closure) < 1e-3
    assert sum(study.energy_by_block.values()) == pytest.approx(sum(study.energy_by_source.values()), rel=2e-3)


@pytest.mark.slow
@pytest.mark.parametrize(
    "junction",
    [CURRENT.replace(delta=13.78, I_c=3e-4), *(load_preset(f"mizrahi2018-{n}").device for n in (2, 6))],
    ids=["518 Hz", "70.3 kHz", "3.9 Hz"],
)
def test_published_natural_rates_through_the_comparator(junction):
    counted = tuning_curve(ReadOut(junction), [0.0], bits=600, missed=0.3, seed=11, engine="ngspice", workers=1)[0]
    assert counted.edges > 100
    assert abs(counted.rate - junction.natural_rate) < 4 * counted.rate_stderr


@pytest.mark.slow
def test_scaled_natural_rate_through_the_comparator_with_its_disturb():
    study = study_readout(bits=600, trials=2, seed=4, engine="ngspice", workers=1)
    out, back = study.expected
    assert abs(study.counted.rate - out * back / (out + back)) < 4 * study.counted.rate_stderr
    assert abs(study.counted.rate - SCALED.natural_rate) < 4 * study.counted.rate_stderr


def test_comparator_without_mismatch_has_no_offset():
    found = bench.offset(get_engine("ngspice").run(bench.offset_testbench(Comparator("generic"))))
    assert abs(found) < 5e-5  # the last step of the search is 0.02 mV


def test_comparator_with_mismatch_has_an_offset_and_regenerates():
    study = study_comparator(trials=3, engine="ngspice", workers=1)
    assert len(set(study.offsets)) == len(study.offsets) == 3
    assert study.offset_sd > 1e-3  # without mismatch it is 1 uV
    assert all(early > late for early, late in zip(study.times, study.times[1:], strict=False))
    assert 1e-12 < study.regeneration < 100e-12
    assert abs(study.closure) < 1e-3
    assert 1e-15 < study.energy < 20e-15


@pytest.mark.parametrize("wanted", [-7e-3, 4e-3])
def test_search_finds_an_offset_that_is_there(wanted):
    cell = Comparator("generic")
    testbench = bench.offset_testbench(cell)
    shifted = testbench.replace(circuit=testbench.circuit.replace("Vinn inn 0 0", f"Vinn inn 0 {wanted}"))
    assert shifted.circuit != testbench.circuit
    found = bench.offset(get_engine("ngspice").run(shifted))
    assert found == pytest.approx(wanted, abs=1e-4)


@foundry("sky130")
@pytest.mark.slow
def test_spread_of_the_offset_follows_from_the_foundrys_law():
    """Offset for one standard deviation of each transistor in turn: their root sum is the spread over instances."""
    cell = Comparator("sky130")
    testbench = bench.offset_testbench(cell)
    placed = [line.split()[0] for line in testbench.circuit.splitlines() if re.match(r"X(?!1 ).* sky130_fd_pr__", line)]
    effects = {}
    for name in placed:
        lines = [f"{line} mm=1" if line.split()[0] == name else line for line in testbench.circuit.splitlines()]
        deck = testbench.replace(circuit="\n".join(lines) + "\n")
        effects[name] = bench.offset(get_engine("ngspice").run(deck))
    # The model's law for the threshold of one device, area and the factors for a short, narrow one (um).
    (area,) = re.findall(r"sw_mm_vth0_sky130_fd_pr__nfet_01v8 = (\S+)", testbench.circuit)
    w, length = 1e6 * cell.comparator_sizing.w_pair, 1e6 * cell.comparator_sizing.length
    short = (0.064 / length + 0.992) * (0.245 / w + 0.965) * (0.056 / (w * length) + 0.999)
    sigma = float(area) / np.sqrt(w * length) * short
    assert effects["Xmn"] == pytest.approx(sigma, rel=0.03) and effects["Xmp"] == pytest.approx(-sigma, rel=0.03)
    law = np.sqrt(sum(effect**2 for effect in effects.values()))
    study = study_comparator(cmos="sky130", trials=24, seed=3, engine="ngspice", workers=1)
    assert len(set(study.offsets)) == 24  # none is out of reach
    assert abs(study.offset_sd - law) < 4 * study.offset_sd_stderr
    assert abs(study.offset_mean) < 4 * study.offset_mean_stderr


def instances(cell, count):
    return [cell.rebuilt(technology=cell.technology.with_mismatch(k)) for k in range(1, count + 1)]


def test_trim_makes_read_outs_of_unequal_transistors_read():
    technology = get_technology("generic")
    cells = [
        ReadOut(SCALED, technology, sizing=sizing)
        for sizing in (None, ComparatorSizing.for_technology(technology, trim=True))
    ]
    timing = default_timing(cells[1])
    count, options = 2, {"engine": "ngspice", "workers": 1}
    plain, trimmed = (instances(cell, count) for cell in cells)
    trims = find_trims(trimmed, timing, **options)
    assert all(0 < trim.width < 20 and trim.low <= trim.code < trim.high for trim in trims)
    before = read_instances(plain, timing, 24, seeds=range(count), **options)
    after = read_instances(trimmed, timing, 24, seeds=range(count), trims=[trim.code for trim in trims], **options)
    assert all(run.wrong > 0 for run in before)
    assert all(run.wrong == 0 and 0 < run.states.sum() < 24 for run in after)


@foundry("sky130")
@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:the clock:UserWarning")
def test_most_read_outs_on_a_foundrys_process_read_with_trim_and_few_without():
    study = study_yield(cmos="sky130", trials=12, seed=2, engine="ngspice", workers=1)
    without, with_trim = study.reads
    assert with_trim.low > without.high  # the intervals of 95 % are apart
    assert with_trim.fraction > 0.7
    assert study.energy[1] < 1.1 * study.energy[0]


def test_golden_deck_of_the_read_out_runs_without_python(tmp_path):
    deck = data_dir("netlists") / "cells" / "readout.cir"
    result = subprocess.run(
        ["ngspice", "-b", str(deck)], cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False
    )
    values = dict(line.split("=")[:2] for line in result.stdout.splitlines() if line.startswith(("out_mean", "state_")))
    out, state = (float(values[name].split()[0]) for name in sorted(values))
    # Part of the time that out and junction spend antiparallel; each flip shows up to a period late in out.
    assert (out + 0.4) / 0.8 == pytest.approx(state, abs=3 / CYCLES)
