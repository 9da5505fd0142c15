"""Comparators and read-out cells as circuits: no simulator."""

import numpy as np
import pytest

from spinspice.benches.readout import readout_circuit
from spinspice.cells.comparator import Comparator
from spinspice.cells.read_timing import ReadTiming
from spinspice.cells.readout import ReadOut
from spinspice.devices import Macrospin, Telegraph
from spinspice.errors import CircuitError, ParameterError
from spinspice.networks.readouts import readout_network

JUNCTION = Telegraph(R_P=424e3, V_c=0.1)


@pytest.mark.parametrize("R_ref", [424e3, 400e3, 848e3, 1e6])
def test_reference_outside_the_window_is_refused(R_ref):
    with pytest.raises(ParameterError, match="reference resistor outside the window.*Try 636000"):
        ReadOut(JUNCTION, R_ref=R_ref)


def test_reference_is_in_the_middle_and_the_read_current_makes_the_margin():
    cell = ReadOut(JUNCTION, margin=5e-3)
    assert cell.R_ref == pytest.approx(636e3)
    assert cell.read_current * (cell.R_ref - JUNCTION.R_P) == pytest.approx(5e-3)
    lopsided = ReadOut(JUNCTION, margin=5e-3, R_ref=500e3)  # the smaller of the two sides has the margin
    assert lopsided.read_current * (500e3 - JUNCTION.R_P) == pytest.approx(5e-3)


def test_held_noise_is_kT_over_C():
    cell = ReadOut(JUNCTION)
    assert cell.held_noise == pytest.approx(np.sqrt(2 * 1.380649e-23 * 300 / cell.C_input))
    assert cell.C_hold < cell.C_input < cell.settling_time / JUNCTION.R_AP
    assert 0.5e-3 < cell.held_noise < 5e-3


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: ReadOut(Macrospin()), CircuitError, "two-state junction"),
        (lambda: ReadOut(Telegraph(TMR=0.0)), ParameterError, "TMR = 0"),
        (lambda: ReadOut(JUNCTION, margin=0.2), ParameterError, "margin = 0.2 V is outside"),
        (
            lambda: ReadOut(JUNCTION, topology="strongarn"),
            CircuitError,
            "Did you mean 'strongarm'|Did you mean strongarm",
        ),
        (lambda: ReadOut(Telegraph(R_P=0.1)), ParameterError, "stimulus switch|read current"),
        (lambda: Comparator(probes="all"), CircuitError, "probes = 'all'"),
        (lambda: ReadTiming(period=10e-9, settle=5e-9, high=4e-9), ParameterError, "does not fit a clock period"),
        (lambda: ReadTiming(period=10e-9, settle=1e-9, high=1e-10), ParameterError, "ten rise times"),
        (
            lambda: readout_network([ReadOut(JUNCTION)] * 2, TIMING, seeds=[1], biases=[0.0]),
            CircuitError,
            "one each",
        ),
    ],
)
@pytest.mark.filterwarnings("ignore::spinspice.errors.PlausibilityWarning")
def test_bad_input_says_what_to_do(make, error, message):
    with pytest.raises(error, match=message):
        make()


TIMING = ReadTiming(period=50e-9, settle=5e-9, high=3e-9)


def test_timing_lists_edges_and_samples():
    assert TIMING.edges(2) == pytest.approx([47e-9, 97e-9])
    assert TIMING.samples(2) == pytest.approx([55e-9, 105e-9])
    assert TIMING.stop(2) > TIMING.samples(2)[-1]
    assert TIMING.duty == pytest.approx(5.08 / 50)


def test_population_shares_clock_stimulus_and_subcircuit():
    text = str(readout_network([ReadOut(JUNCTION)] * 3, TIMING, seeds=[1, 2, 3], biases=[-0.1, 0.0, 0.1]).circuit())
    assert text.lower().count(".subckt readout ") == 1
    assert all(
        f"\nX{k} stim bias{k} isolate read clk pb out{k} vdd vss state{k} count{k} readout" in text for k in (1, 2, 3)
    )


def test_rebuilt_is_the_same_cell():
    cell = ReadOut(JUNCTION, topology="double-tail", R_ref=600e3)
    assert str(readout_circuit(cell.rebuilt(), TIMING)) == str(readout_circuit(cell, TIMING))
    assert cell.rebuilt(probes="elements").probes == "elements"


def test_mismatch_differs_between_names_and_seeds_only():
    sky130 = pytest.importorskip("spinspice.cmos").get_technology("sky130")
    first = Comparator(sky130.with_mismatch(1), name="a")
    assert str(first) == str(Comparator(sky130.with_mismatch(1), name="a"))
    assert str(first) != str(Comparator(sky130.with_mismatch(2), name="a"))
    assert str(first).replace(" a ", " b ") != str(Comparator(sky130.with_mismatch(1), name="b"))
