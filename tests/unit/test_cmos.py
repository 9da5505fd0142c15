"""Transistor technologies as objects: what they write into a circuit, and what they refuse."""

from __future__ import annotations

import dataclasses
import itertools
import math

import pytest
from foundries import PACKAGES, foundry
from PySpice.Spice.Netlist import Circuit

from spinspice.cmos import TECHNOLOGIES, Transistor, get_technology
from spinspice.errors import ParameterError, UsageError


@pytest.fixture
def generic():
    return get_technology("generic")


def test_unknown_names_are_refused_with_a_hint():
    with pytest.raises(UsageError, match=r"unknown transistor technology 'genric'.*Did you mean generic\?"):
        get_technology("genric")
    with pytest.raises(UsageError, match="generic has no corner 'tx'.*ff, fs, sf, ss, tt"):
        get_technology("generic", "tx")


def test_a_name_may_hold_its_corner():
    assert get_technology("Generic:SS") == get_technology("generic", "ss")
    assert get_technology("generic:ff", "ff").corner == "ff"
    with pytest.raises(UsageError, match="two corners of generic: 'ff' in the name and 'ss' beside it"):
        get_technology("generic:ff", "ss")
    with pytest.raises(UsageError, match="generic has no corner ''"):
        get_technology("generic:")


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=foundry(name) if name in PACKAGES else ()) for name in TECHNOLOGIES]
)
def test_every_technology_says_what_it_is(name):
    technology = get_technology(name)
    assert technology.name == name
    assert technology.licence
    assert technology.note
    assert technology.vdd_range[0] <= technology.vdd <= technology.vdd_range[1]
    assert technology.corner in technology.corners


def test_corners_differ_from_typical_in_the_devices_they_name(generic):
    def cards(corner):
        return get_technology("generic", corner).cards.split(".model gen_pmos")

    typical = cards("tt")
    for corner, n_differs, p_differs in [
        ("ff", True, True),
        ("ss", True, True),
        ("fs", True, True),
        ("tt", False, False),
    ]:
        n, p = cards(corner)
        assert (n != typical[0]) is n_differs
        assert (p != typical[1]) is p_differs
    assert cards("fs")[0] == cards("ff")[0]
    assert cards("fs")[1] == cards("ss")[1]


def test_transistors_are_written_with_sizes_and_junctions(generic):
    circuit = Circuit("t")
    generic.nmos(circuit, "1", "d", "g", "s", "b", w=1e-6)
    generic.pmos(circuit, "2", "d", "g", "s", "b", w=0.5e-6, l=100e-9, m=4)
    n, p = [line for line in str(circuit).splitlines() if line.startswith("M")]
    assert n.startswith("M1 d g s b gen_nmos ")
    assert {"w=1e-06", "l=4e-08", "ad=1e-13", "as=1e-13", "pd=2.2e-06", "ps=2.2e-06"} <= set(n.split())
    assert p.startswith("M2 d g s b gen_pmos ")
    assert {"w=5e-07", "l=1e-07", "m=4"} <= set(p.split())


def test_a_process_of_subcircuits_that_counts_in_micrometres_fits_in(generic):
    foreign = dataclasses.replace(
        generic, name="foreign", n=Transistor(name="foreign__nfet_01v8", element="X", unit=1e-6), l_min=150e-9
    )
    circuit = Circuit("t")
    foreign.nmos(circuit, "1", "d", "g", "s", "b", w=1e-6)
    line = next(line for line in str(circuit).splitlines() if line.startswith("X"))
    assert line.split()[:6] == ["X1", "d", "g", "s", "b", "foreign__nfet_01v8"]
    assert line.split()[6:] == ["l=0.15", "w=1.0"]
    foreign.nmos(circuit, "2", "d", "g", "s", "b", w=1e-6, m=3)
    assert "m=3" in next(line for line in str(circuit).splitlines() if line.startswith("X2")).split()


@pytest.mark.parametrize(
    ("size", "what"),
    [({"w": 0.5}, "w = 0.5 m"), ({"w": math.nan}, "w = nan"), ({"w": 1e-6, "l": 20e-9}, "l = 2e-08 m")],
)
def test_sizes_that_cannot_be_drawn_are_refused(generic, size, what):
    with pytest.raises(ParameterError, match=rf"{what}.*transistor 'bad' in generic.*metres"):
        generic.nmos(Circuit("t"), "bad", "d", "g", "s", "b", **size)


def test_supply_outside_the_models_is_refused(generic):
    assert generic.check_vdd(1.0) == 1.0
    with pytest.raises(ParameterError, match=r"vdd = 1.8 V.*\[0.8, 1.2\]"):
        generic.check_vdd(1.8)


def test_half_supply_currents_meet_the_table_and_rise_with_supply(generic):
    table = generic.half_supply
    for length, row in zip(table.lengths, table.n, strict=True):
        for vdd, current in zip(table.vdd, row, strict=True):
            assert table.current("n", length, vdd) == pytest.approx(current, rel=1e-9)
    fine = [table.current("p", table.lengths[0], 0.8 + 0.01 * k) for k in range(41)]
    assert all(a < b for a, b in itertools.pairwise(fine))
    with pytest.raises(ParameterError, match=r"length = 5e-08 m.*the table holds 4e-08, 6e-08"):
        table.current("n", 50e-9, 0.8)
