"""Memory array without a simulator: what is placed, how it is sized, what is refused."""

from __future__ import annotations

import dataclasses
import json

import numpy as np
import pytest

from spinspice.cells.mram import MemoryArray, size_memory
from spinspice.cmos import get_technology
from spinspice.devices import Macrospin, Telegraph
from spinspice.devices.laws.fokker_planck import time_unit
from spinspice.devices.laws.resistance import conductance
from spinspice.errors import CircuitError, ParameterError, UsageError
from spinspice.memory import (
    YEAR,
    Read,
    Timing,
    Write,
    WriteErrors,
    bare_write_errors,
    memory_bench,
    read_disturb,
    retention,
)
from spinspice.presets import load_preset

DEVICE = load_preset("sttmram").device
GENERIC = get_technology("generic")


def small(**changes):
    return MemoryArray(DEVICE, "generic", **({"rows": 2, "columns": 3} | changes))


def test_an_array_has_a_junction_and_a_transistor_a_cell():
    array = small()
    junctions = [name for name in array.element_names if name.startswith("Xj")]
    access = [name for name in array.element_names if name.startswith("Ma")]
    assert len(junctions) == len(access) == 6
    assert {f"word{r}" for r in range(2)} <= set(array.external_nodes)
    assert array.mz(1, 2) == "v(x1.j1_2_mz)"
    assert array.junction_current(0, 1) == "i(v.x1.vi_j0_1)"


def test_states_and_angles_reach_the_junctions():
    state = [[0, 1, 0], [1, 1, 0]]
    polar = np.full((2, 3), 0.2)
    text = str(small(state=state, tilt=(polar, np.zeros((2, 3)))))
    assert text.count("theta0=0.2") == 3
    assert text.count(f"theta0={np.pi - 0.2:.6f}"[:13]) == 3


def test_every_pin_off_ground_is_metered_once():
    array = small(rows=1, columns=1, metered=True)
    keys = [(pin.element, pin.ammeter, pin.sign) for pin in array.pins]
    assert len(keys) == len(set(keys))
    assert not any(pin.node == "0" for pin in array.pins)
    assert {pin.block for pin in array.pins} == {"cells", "lines", "word", "write", "sense", "bias"}
    assert not [pin for pin in small(rows=1, columns=1).pins if pin.block != "cells"]


def test_sizes_follow_the_junction():
    size = size_memory(DEVICE, GENERIC)
    assert size.R_ref == pytest.approx(1.0 / conductance(DEVICE, 0.07, 0.0), abs=0.1)
    assert DEVICE.R_P < size.R_ref < DEVICE.R_AP
    assert size.I_read == pytest.approx(0.3 * DEVICE.I_c0)
    assert size.v_bit < 1.2
    assert size.cell_area == pytest.approx(size.pitch_row * size.pitch_column)
    weaker = size_memory(DEVICE.replace(alpha=0.02), GENERIC)
    assert weaker.w_access == pytest.approx(2.0 * size.w_access)  # twice the critical current


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: small(state=np.zeros((3, 2))), "state of a 2 x 3.*0 .P. or 1 .AP."),
        (lambda: small(state=np.full((2, 3), 2)), "state of a 2 x 3"),
        (lambda: small(tilt=(np.zeros((2, 2)), 0.0)), "tilt of a 2 x 3"),
        (lambda: MemoryArray(Telegraph()), "barrier.*Telegraph.*sttmram"),
        (lambda: MemoryArray(Macrospin()), "barrier.*delta = 0"),
    ],
)
def test_circuits_that_cannot_be_built_are_refused(make, message):
    with pytest.raises(CircuitError, match=message):
        make()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: small(rows=0), "rows = 0.*MemoryArray"),
        (lambda: small(columns=65), "columns = 65"),
        (lambda: small(vdd=2.5), "vdd = 2.5.*generic"),
        (lambda: size_memory(DEVICE.replace(pol=0.0005), GENERIC), "w_access.*size_memory.*critical current"),
        (lambda: Timing(write=-1e-9), "write = -1e-09.*Timing.write"),
        (lambda: bare_write_errors(DEVICE, [2e-9, 1e-9], 2.0), "widths.*positive and rising"),
        (lambda: bare_write_errors(DEVICE, [1e-9], -2.0), "overdrive = -2"),
        (lambda: read_disturb(DEVICE, (np.zeros(1), np.zeros(1), 0.0), 0), "as many times as values"),
    ],
)
def test_numbers_out_of_range_are_refused(make, message):
    with pytest.raises(ParameterError, match=message):
        make()


@pytest.mark.parametrize(
    ("operation", "message"),
    [
        (Write(0, (1, 0)), "needs 3 bits"),
        (Write(0, (1, 0, 7)), "needs 3 bits 0, 1 or None"),
        (Read(2), "row 2.*0 to 1"),
        ("read", "Write.row, bits. or Read"),
    ],
)
def test_operations_that_do_not_fit_are_refused(operation, message):
    with pytest.raises(UsageError, match=message):
        memory_bench(small(), [operation])


def test_an_array_without_sense_amplifiers_is_not_read():
    with pytest.raises(UsageError, match="without sense amplifiers.*readable=True"):
        memory_bench(small(readable=False), [Read(0)])


def test_a_schedule_leaves_masked_columns_alone():
    timing = Timing(write=4e-9)
    bench = memory_bench(small(), [Write(1, (1, None, 0)), Read(0)], timing=timing)
    write, read = bench.slots
    assert write.end - write.begin == pytest.approx(timing.write)
    assert read.sense == pytest.approx(read.begin + timing.settle)
    assert bench.testbench.stop == pytest.approx(read.stop)
    driven = [line.split()[0] for line in bench.testbench.circuit.splitlines() if "PWL" in line]
    assert set(driven) == {"Vsetap0", "Vsetp2", "Vword1", "Vword0", "Vread", "Vsense"}


def test_a_device_with_another_field_has_no_theory():
    with pytest.raises(CircuitError, match="Bx breaks that.*sttmram"):
        bare_write_errors(DEVICE.replace(Bx=0.01), [1e-9], 2.0)


def test_retention_is_browns_time_shared_by_all_cells():
    brown = time_unit(DEVICE) * np.sqrt(np.pi / 60.0) * np.exp(60.0) * (1.0 + 1.0 / 60.0 + 1.75 / 3600.0)
    assert retention(DEVICE) == pytest.approx(brown, rel=1e-3)
    assert retention(DEVICE) > 1e9 * YEAR
    assert retention(DEVICE, cells=1000) == pytest.approx(retention(DEVICE) / 1000)


def test_a_sample_says_what_it_resolves():
    theory = np.array([0.5, 1e-2, 1e-6])
    errors = WriteErrors(np.arange(1, 4) * 1e-9, np.array([0.52, 0.0, 0.0]), theory, 10_000, 2.0, 1e-9, "made up")
    assert errors.resolution == pytest.approx(1e-3)
    assert errors.bound == pytest.approx(3.0e-4, rel=2e-3)
    np.testing.assert_allclose(errors.deviations, [4.0, -10.05, np.nan], rtol=1e-3)
    assert json.loads(json.dumps(errors.to_dict()))["samples"] == 10_000
    assert dataclasses.replace(errors, samples=40_000).stderr[0] == pytest.approx(0.5 * errors.stderr[0])
