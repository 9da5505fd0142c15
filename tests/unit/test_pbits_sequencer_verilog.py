"""The sequencer of p-bits in Verilog as data: its block, its bridges, its clocks, and the delay of a digital block."""

from __future__ import annotations

import pytest

from spinspice.errors import CircuitError, ParameterError, UsageError
from spinspice.networks.pbits import gates
from spinspice.networks.pbits.sequencer import EDGE, OPEN, Sequencer
from spinspice.networks.pbits.sequencer_verilog import CLOCK, DELAY, RESET, SequencerInVerilog
from spinspice.paths import data_dir
from spinspice.pyspice import Circuit
from spinspice.verilog import DigitalBlock

SOURCE = str(data_dir("rtl") / "pbit_sequencer.v")


def test_master_clock_leads_by_half_an_edge_and_the_delays():
    """Bridges begin an edge where the stimuli's sequencer does: when the master crosses its middle, and two delays."""
    ising, period = gates.and_gate(), 2e-9
    wanted = Sequencer(clock=period).sources(ising, -0.4, 0.4)["ck0"]
    master = SequencerInVerilog(clock=period).sources(ising, -0.4, 0.4)[CLOCK]
    assert master.delay + master.rise / 2 + 2 * DELAY * period == pytest.approx(wanted.delay)
    assert master.width == wanted.width == OPEN * period and master.rise == wanted.rise == EDGE * period
    assert wanted.period == 3 * master.period


def test_couplings_hold_the_module_and_bridges_of_both_polarities():
    sequencer = SequencerInVerilog(clock=1e-9)
    part = sequencer.couplings(gates.and_gate(), -0.4, 0.4)["sequencer"]
    assert list(part.pins.values()) == ["ck0", "ck1", "ck2", "ckb0", "ckb1", "ckb2"] and part.senses == (CLOCK, RESET)
    assert part.block.parameters == {"TURNS": 3} and part.block.delay == pytest.approx(DELAY * 1e-9)
    circuit = Circuit("x")
    part.add_to(circuit, "seq", part.pins, "1")
    text = circuit.raw_spice
    assert "apbit_sequencer [seq_dclk seq_dreset] [seq_d2 seq_d1 seq_d0] pbit_sequencer" in text
    assert "out_low=-0.4 out_high=0.4" in text and "out_low=0.4 out_high=-0.4" in text
    assert Sequencer(clock=1e-9).couplings(gates.and_gate(), -0.4, 0.4) == {}


def test_coupled_pbits_of_one_group_are_refused():
    sequencer = SequencerInVerilog(clock=1e-9, groups=(("a", "b"), ("c",)))
    with pytest.raises(UsageError, match="a and b are coupled"):
        sequencer.couplings(gates.and_gate(), -0.4, 0.4)


def test_delay_of_a_block():
    plain = DigitalBlock(name="x", source=SOURCE, top="pbit_sequencer")
    quick = DigitalBlock(name="x", source=SOURCE, top="pbit_sequencer", delay=1e-12)
    assert "delay" not in plain.identity() and quick.identity()["delay"] == 1e-12
    for delay in (0.0, -1e-9, 2.0, float("nan")):
        with pytest.raises((ParameterError, CircuitError), match="delay"):
            DigitalBlock(name="x", source=SOURCE, top="pbit_sequencer", delay=delay)
