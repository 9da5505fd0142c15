"""Trim of comparators, comparison of runs of one seed, noise options: no simulator."""

import numpy as np
import pytest

from spinspice.benches.readout import freeze, readout_circuit
from spinspice.cells.comparator import CODES, Comparator, ComparatorSizing
from spinspice.cells.read_bias import mirror_size
from spinspice.cells.readout import ReadOut
from spinspice.cmos import get_technology
from spinspice.devices import Telegraph
from spinspice.engines.deck import check_noise as check_deck
from spinspice.engines.vacask_netlist import write_deck
from spinspice.errors import CircuitError, ResultError, UsageError
from spinspice.networks.readouts import readout_network
from spinspice.readout.trimming import Trim, find_trims
from spinspice.studies.comparator_noise import check_noise, noise_testbench
from spinspice.studies.read_disturb import compare

JUNCTION = Telegraph(R_P=424e3, V_c=0.1)
GENERIC = get_technology("generic")
TRIMMED = ComparatorSizing.for_technology(GENERIC, trim=True)


def test_a_trim_pair_is_there_only_where_it_was_asked_for():
    plain, trimmed = (Comparator(sizing=sizing) for sizing in (None, TRIMMED))
    assert "trim" not in str(plain) and not plain.trimmed
    assert trimmed.trimmed and str(trimmed).count("*trim") == 2
    assert trimmed.comparator_sizing.area == pytest.approx(1.5 * plain.comparator_sizing.area)
    assert str(trimmed.rebuilt()) == str(trimmed)


@pytest.mark.parametrize("topology", ["strongarm", "double-tail"])
def test_trim_goes_to_the_gate_beside_the_higher_input(topology):
    lines = str(Comparator(topology=topology, sizing=TRIMMED)).splitlines()
    drains = {line.split()[0]: line.split()[1:3] for line in lines if line.startswith(("Mmn", "Myn", "Mmp", "Myp"))}
    assert drains["Myn"] == [drains["Mmn"][0], "trim_n"] and drains["Myp"] == [drains["Mmp"][0], "trim_p"]
    values = [line for line in lines if line.startswith("Vtrim")]
    assert "{0.00125*trim}" in values[0] and "{-0.00125*trim}" in values[1]


def test_read_outs_of_a_population_have_codes_of_their_own():
    cells = [ReadOut(JUNCTION, sizing=TRIMMED)] * 2
    timing = cells[0].timing(50e-9)
    text = str(readout_network(cells, timing, seeds=[1, 2], biases=[0.0, 0.0], trims=[-7, 12]).circuit())
    assert "trim=-7" in text and "trim=12" in text
    with pytest.raises(CircuitError, match="2 cells, 2 seeds, 2 shifts and 1 trim codes"):
        readout_network(cells, timing, seeds=[1, 2], biases=[0.0, 0.0], trims=[3])


def test_pulses_that_are_off_stay_low():
    cell = ReadOut(JUNCTION)
    text = str(readout_circuit(cell, cell.timing(50e-9), off=("clk",)))
    assert "Vclk clk 0 -0.4" in text and "Vread read 0 PULSE" in text


@pytest.mark.parametrize(
    ("low", "high", "width", "code"),
    [
        (3, 10, 7, 6),
        (3, 4, 1, 3),
        (-CODES, CODES + 1, 2 * CODES + 1, 0),
        (5, 5, 0, 4),
        (CODES + 1, CODES + 1, 0, CODES),
    ],
)
def test_the_middle_of_the_window_is_taken(low, high, width, code):
    trim = Trim(low, high)
    assert (trim.width, trim.code) == (width, code)


def test_a_cell_without_trim_pair_cannot_be_trimmed():
    cell = ReadOut(JUNCTION)
    with pytest.raises(CircuitError, match="no trim pair.*trim=True"):
        find_trims([cell], cell.timing(50e-9))


def test_a_held_junction_does_not_move_at_the_critical_voltage():
    for state in (0, 1):
        still = freeze(ReadOut(JUNCTION), state).device
        assert still.state0 == state
        assert max(float(rate) for drive in (-2, 0, 2) for rate in still.escape_rates(drive * 0.1 / still.V_c)) < 1e-70


def test_mirrors_of_nA_are_long_and_those_of_uA_are_not():
    technology = get_technology("generic")
    longest = technology.half_supply.lengths[-1]
    width, length = mirror_size(technology, 0.8, 1e-9)
    assert length == longest
    # A uA has half the supply on its gate.
    width, length = mirror_size(technology, 0.8, 2e-5)
    assert width * technology.half_supply.current("p", length, 0.8) == pytest.approx(2e-5)


def test_comparing_runs_of_one_seed_gives_the_ratio_of_the_rates():
    rng = np.random.default_rng(3)
    stays = rng.exponential(1.0, 400)
    factor = np.where(np.arange(400) % 2 == 0, 1 / 0.9, 1 / 1.2)  # 10 % slower out of P, 20 % faster out of AP
    exact = compare([np.cumsum(stays * factor)], [np.cumsum(stays)])
    assert exact.change == pytest.approx((-0.1, 0.2)) and max(exact.stderr) < 1e-9
    assert exact.pairs == (200, 200)
    noisy = compare([np.cumsum(stays * factor + 0.05 * rng.standard_normal(400))], [np.cumsum(stays)])
    for found, error, true in zip(noisy.change, noisy.stderr, (-0.1, 0.2), strict=True):
        assert 0.0 < error < 0.02 and abs(found - true) < 4 * error
    with pytest.raises(ResultError, match="1 stays in state 0 are too few"):
        compare([stays[:2]], [stays[:2]])


def test_noise_needs_vacask_and_cards_that_it_takes():
    bench = noise_testbench(Comparator(), 1e-3, 10, seed=4)
    analysis = next(line for line in write_deck(bench, {}).text.splitlines() if "analysis" in line)
    assert 'noisemode="sde" noiseseed=4 noisefmax=50000000000.0' in analysis
    with pytest.raises(CircuitError, match="'noiseseed' asks for the noise of transistors.*engine='vacask'"):
        check_deck(bench)
    with pytest.raises(UsageError, match="noise = 3 is outside|noise"):
        check_noise(Comparator(), 3)


def test_textbook_noise_falls_as_the_root_of_the_capacitance():
    big = ComparatorSizing(**{**vars(ComparatorSizing.for_technology(GENERIC)), "w_pair": 4 * 192e-9})
    small = Comparator().noise_estimate
    assert small == pytest.approx(np.sqrt(2 * 1.380649e-23 * 300 / (3 * 192e-9 * (1e-9 + 0.008 * 40e-9))), rel=1e-6)
    assert Comparator(sizing=big).noise_estimate == pytest.approx(small / np.sqrt(2.0))
