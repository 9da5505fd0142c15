"""Neuron cells as circuits: what they write, what they are sized to, and what they refuse."""

from __future__ import annotations

import re

import pytest
from PySpice.Spice.Netlist import Circuit

from spinspice.cells import ASN, BSN, InverterSizing, bench_circuit, get_cell, mean_resistance, own_cells, size_for
from spinspice.cmos import get_technology
from spinspice.devices import Macrospin, MacrospinSOT, Telegraph
from spinspice.errors import CircuitError, ParameterError, UsageError
from spinspice.export.golden import GOLDEN, golden_decks
from spinspice.paths import data_dir

JUNCTIONS = [Macrospin(), Telegraph(R_P=12.7e3)]


def cards(cell) -> list[str]:
    """Element cards of a cell, without its models."""
    lines = str(cell).splitlines()
    start = max(i for i, line in enumerate(lines) if line.startswith("+")) + 1
    return lines[start:-1]


@pytest.mark.parametrize("kind", own_cells().values())
@pytest.mark.parametrize("device", JUNCTIONS, ids=lambda d: d.model)
def test_a_cell_is_a_complete_subcircuit_around_any_junction(kind, device):
    cell = kind(device)
    text = str(cell)
    assert {"vin", "out", "vdd", "vss", "mid"} <= set(cell.external_nodes)
    assert text.startswith(f".subckt {cell.kind} {' '.join(cell.external_nodes)} seed=1")
    assert text.rstrip().endswith(f".ends {cell.kind}")
    assert text.count(".model gen_nmos") == text.count(".model gen_pmos") == 1
    junction = next(line for line in cards(cell) if line.startswith("Xmtj"))
    assert device.model in junction
    assert "seed={seed}" in junction
    assert " ".join(device.ports[2:]) in junction
    assert " 0 " not in " ".join(line for line in cards(cell) if not line.startswith("V"))  # no hidden ground


@pytest.mark.parametrize("kind", own_cells().values())
def test_cells_of_two_technologies_meet_in_one_circuit(kind):
    circuit = Circuit("two corners")
    for corner in ("tt", "ss"):
        cell = kind(Macrospin(), get_technology("generic", corner), name=f"cell_{corner}")
        circuit.subcircuit(cell)
        ports = [node if node in ("vdd", "vss") else f"{node}_{corner}" for node in cell.external_nodes]
        circuit.X(corner, cell.name, *ports, seed=3)
    text = str(circuit)
    assert text.count(".subckt cell_") == 2
    assert re.search(r"^Xss vin_ss out_ss (outb_ss )?vdd vss mid_ss cell_ss seed=3$", text, re.MULTILINE)


def test_the_reference_layer_sits_on_the_side_asked_for():
    def nodes(side):
        return next(line.split()[1:3] for line in cards(BSN(Macrospin(), reference=side)) if line.startswith("Xmtj"))

    assert nodes("vdd") == ["mid", "mtj_i"]
    assert nodes("mid") == ["mtj_i", "mid"]


@pytest.mark.parametrize("kind", own_cells().values())
@pytest.mark.parametrize("probes", ["blocks", "elements"])
def test_every_pin_of_every_element_has_its_ammeter(kind, probes):
    cell = kind(Macrospin(), probes=probes)
    sources = {line.split()[0].lower() for line in cards(cell) if line.startswith("V")}
    assert set(cell.ammeters) == sources
    assert {pin.block for pin in cell.pins} == set(cell.blocks)
    assert {f"vm_{block}" for block in cell.blocks} <= sources or probes == "elements"
    if probes == "elements":
        transistors = [line for line in cards(cell) if line.startswith("M")]
        pins = [pin for pin in cell.pins if pin.element not in ("mtj", "ref")]
        assert len(pins) == 4 * len(transistors)
        metered = {line.split()[2] for line in cards(cell) if line.startswith("V")}
        for line in transistors:
            assert set(line.split()[1:5]) <= metered


def test_signals_have_the_names_that_engines_know():
    cell = BSN(Macrospin())
    assert cell.node_signal("out") == "v(out)"
    assert cell.node_signal("mid", ports={"mid": "N7"}) == "v(n7)"
    assert cell.node_signal("mx", "X9") == "v(x9.mx)"
    assert cell.current_signal("vm_mtj") == "i(v.x1.vm_mtj)"
    assert cell.state_nodes == ("mx", "my", "mz")
    assert BSN(Telegraph(R_P=1e4)).state_nodes == ("state", "count")


def test_sizes_follow_the_junction():
    technology = get_technology("generic")
    device = Macrospin(R_P=12.7e3, TMR=1.0, V_half=0.5)
    size = ASN.sizes.for_junction(device, technology, 0.8)
    # Mean of 1/R_P and 1/R_AP with the TMR at 0.4 V, 1/(1 + 0.64).
    by_hand = 2.0 / (1 / 12.7e3 + 1 / (12.7e3 * (1 + 1 / 1.64)))
    assert mean_resistance(device, 0.4) == pytest.approx(by_hand, rel=1e-12)
    assert size.resistance == pytest.approx(by_hand, rel=1e-12)
    assert size.R_ref == pytest.approx(0.2 * by_hand, abs=0.06)  # written to 0.1 Ohm
    assert size.w_input * technology.half_supply.current("n", size.l_input, 0.8) == pytest.approx(0.4 / by_hand)
    double = size_for(device.replace(R_P=25.4e3), technology, 0.8)
    assert double.w_input == pytest.approx(size.w_input / 2)
    assert double.ratio == size.ratio


@pytest.mark.filterwarnings("ignore::spinspice.errors.PlausibilityWarning")
def test_a_high_resistance_gets_a_long_channel_and_an_impossible_one_an_error():
    technology = get_technology("generic")
    long = size_for(Telegraph(R_P=424e3), technology)
    assert long.l_input > technology.l_min
    assert long.w_input >= technology.w_min
    with pytest.raises(ParameterError, match=r"no input transistor of generic matches a junction of 1.*e\+09 Ohm"):
        size_for(Telegraph(R_P=1e9), technology)
    with pytest.raises(ParameterError, match="no input transistor"):
        size_for(Telegraph(R_P=1.0), technology)


def test_a_cell_keeps_its_sizes_when_rebuilt():
    cell = BSN(Macrospin(), vdd=1.0, name="mine")
    again = cell.rebuilt(probes="elements", device=Telegraph(R_P=1e3))
    assert again.sizing == cell.sizing
    assert (again.name, again.vdd, again.probes) == ("mine", 1.0, "elements")
    own = InverterSizing(**{**vars(cell.sizing), "w_input": 1e-6})
    assert " w=1e-06" in next(line for line in cards(BSN(Macrospin(), sizing=own)) if line.startswith("Min"))


def test_what_a_cell_cannot_be_built_from_is_refused():
    with pytest.raises(CircuitError, match="two-terminal junction.*MacrospinSOT.*hm"):
        BSN(MacrospinSOT())
    with pytest.raises(CircuitError, match="two-terminal junction"):
        ASN(12.7e3)
    with pytest.raises(CircuitError, match=r"probes = 'element'.*Did you mean elements\?"):
        BSN(Macrospin(), probes="element")
    with pytest.raises(CircuitError, match="reference = 'left'"):
        BSN(Macrospin(), reference="left")
    with pytest.raises(ParameterError, match=r"vdd = 3.3 V"):
        BSN(Macrospin(), vdd=3.3)
    with pytest.raises(UsageError, match=r"unknown cell 'bns'.*Did you mean bsn\?"):
        get_cell("bns")


def test_the_bench_holds_one_cell_between_split_rails():
    text = str(bench_circuit(ASN(Macrospin()), load=5e-15))
    for line in ("Vdd vdd 0 0.4", "Vss vss 0 -0.4", "Vin vin 0 {vin}", "Cload out 0 5e-15"):
        assert line in text
    assert "X1 vin out vdd vss mid asn seed={seed}" in text


@pytest.mark.parametrize("file", GOLDEN)
def test_the_golden_decks_are_those_of_the_builder(file):
    stored = (data_dir("netlists") / "cells" / file).read_text()
    assert stored == golden_decks()[file], "python -m spinspice.export.golden netlists/cells writes them anew"
    assert max(map(len, stored.splitlines())) <= 121


def test_a_cell_registers_itself_and_no_other_takes_its_name():
    class Mine(BSN):
        """Mine."""

        kind = "mine"

    try:
        assert get_cell("mine") is Mine and "mine" not in own_cells()
        with pytest.raises(UsageError, match=r"the name 'bsn' is taken by the cell spinspice\.cells\.bsn\.BSN"):
            type("Other", (ASN,), {"kind": "bsn"})
        with pytest.raises(UsageError, match="kind = 'my-cell' of Other: the name of a cell.*lower-case"):
            type("Other", (ASN,), {"kind": "my-cell"})
        assert get_cell("bsn") is BSN
    finally:
        Mine.known.pop("mine")


def test_sizes_of_another_cell_are_refused():
    with pytest.raises(
        CircuitError, match="sizing of bsn is ASNSizing; it needs InverterSizing, with w_input, l_input, "
    ):
        BSN(Macrospin(), sizing=ASN(Macrospin()).sizing)


@pytest.mark.parametrize("port", ["gnd", "GND", "Gnd", "0"])
def test_a_port_that_ngspice_takes_for_ground_is_refused(port):
    """A cell of one's own, and a PySpice subcircuit on its way to a testbench."""
    from PySpice.Spice.Netlist import SubCircuit

    from spinspice.cells.metering import Metered
    from spinspice.testbench import Testbench

    with pytest.raises(CircuitError, match=f"subcircuit divider has a port named '{port}'"):
        Metered("divider", "top", "middle", port)
    circuit = Circuit("a divider")
    part = SubCircuit("divider", "top", "middle", port)
    part.R(1, "top", "middle", 1e3)
    circuit.subcircuit(part)
    with pytest.raises(CircuitError, match=f"line [0-9]+ of the circuit: subcircuit divider has a port named '{port}'"):
        Testbench.from_pyspice(circuit, stop=1e-6, step=1e-9, save=("v(a)",))


@pytest.mark.parametrize(
    ("card", "refused"),
    [
        (".subckt a in\n+ out gnd", True),
        (".MACRO a in out\n+GND w=1", True),
        (".subckt a in 0 params: w=1", True),
        (".subckt a in out gnd=1", False),
        (".subckt a in out gnd = 1", False),
        (".subckt a in out params: gnd=1", False),
        (".subckt a in out ; and gnd", False),
        (".subckt a in out $ gnd", False),
        (".subckt a in vgnd gnd_ agnd", False),
        (".subckt a in\n* of the ground\nR1 in gnd 1", False),
    ],
)
def test_ports_are_told_from_parameters_and_comments(card, refused):
    from spinspice.netlist.commands import check_circuit

    if refused:
        with pytest.raises(CircuitError, match="has a port named"):
            check_circuit(f"{card}\n.ends\n")
    else:
        check_circuit(f"{card}\n.ends\n")
