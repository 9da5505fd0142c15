"""What of a circuit is uncoupled: by its cards alone."""

from __future__ import annotations

import numpy as np
import pytest

from spinspice.errors import UsageError
from spinspice.netlist.parts import Coupled, parts
from spinspice.splitting import split_testbench
from spinspice.testbench import Testbench
from spinspice.waveforms import Waveforms

CELL = ".subckt half a b\nR1 a m 1k\nR2 m b 1k\n.ends half\n.subckt unused a b\nR1 a b 1\n.ends unused\n"
RAILS = "Vdd vdd 0 1\nVin in 0 PULSE(0 1 0 1n 1n 5n 10n)\n"
#: Four cells on one supply.
FOUR = CELL + RAILS + "".join(f"X{k} vdd out{k} half\nC{k} out{k} 0 1f\n" for k in range(1, 5))


def test_cells_on_a_rail_are_decks_of_their_own():
    made, homes = parts(FOUR, ["v(out1)", "v(out4)", "v(x3.m)", "v(vdd)", "i(vdd)", "v(in)"], 2)
    assert len(made) == 2
    assert [[f"X{k} " in part.circuit for k in (1, 2, 3, 4)] for part in made] == [[1, 1, 0, 0], [0, 0, 1, 1]]
    assert [[f"C{k} " in part.circuit for k in (1, 2, 3, 4)] for part in made] == [[1, 1, 0, 0], [0, 0, 1, 1]]
    assert all("Vdd vdd" in part.circuit and ".subckt half" in part.circuit for part in made)
    assert "unused" not in made[0].circuit
    # A source that no cell needs stands in the first deck.
    assert ["Vin" in part.circuit for part in made] == [True, False]
    assert homes == {
        "v(out1)": (0,),
        "v(out4)": (1,),
        "v(x3.m)": (1,),
        "v(vdd)": (0,),
        "i(vdd)": (0, 1),
        "v(in)": (0,),
    }


def test_decks_are_filled_evenly_and_every_deck_saves_something():
    made, _ = parts(FOUR, ["v(out1)"], 3)
    assert [part.circuit.count("\nX") for part in made] == [2, 2]
    assert made[0].save == ("v(out1)",)
    assert made[1].save == ("v(out3)",)


@pytest.mark.parametrize(
    "card",
    [
        "R9 out1 out3 1meg",
        "C9 OUT1 Out3 1f",
        "B9 out1 0 I=1e-6*v(out3)",
        "B9 out1 0 V=v(x3.m,in)",
        "E9 out1 0 out3 0 2",
        "E9 out1 0 vol='v(out3)'",
        "G9 out1 0 out3 0 1u",
        "R9 out1 0 r='1k*(1+v(out3))'",
        "V9 out1 out3 0",
        "I9 out1 out3 1u",
        "X9 out1 out3 half",
        "M9 out1 out3 0 0 nch w=1u l=1u",
        "D9 out1 out3 diode",
    ],
)
def test_what_couples_two_cells_keeps_them_together(card):
    made, _ = parts(f"{FOUR}{card}\n", ["v(out1)"], 1)
    assert [{k for k in (1, 3) if f"X{k} " in part.circuit} for part in made if "X1 " in part.circuit] == [{1, 3}]
    assert len(made) == 3  # 2 and 4 are on their own


@pytest.mark.parametrize(
    "card",
    ["I9 vdd 0 1u", "R9 vdd in 1k", "R9 out1 in 1k", "B9 out1 0 I=1e-6*v(in)", "E9 out1 0 in 0 2", "V9 out1 0 0.2"],
)
def test_what_ties_a_cell_to_a_held_node_couples_nothing(card):
    made, _ = parts(f"{FOUR}{card}\n", ["v(out2)"], 1)
    assert sum("X" in part.circuit for part in made) >= 4


def test_an_ammeter_on_a_rail_is_a_rail():
    text = CELL + RAILS + "".join(f"Vm{k} vdd vdd.{k} 0\nX{k} vdd.{k} 0 half\n" for k in range(1, 5))
    made, homes = parts(text, ["i(vm3)", "i(vdd)"], 1)
    assert [part.circuit.count("\nX") for part in made] == [1, 1, 1, 1]
    assert homes == {"i(vm3)": (2,), "i(vdd)": (0, 1, 2, 3)}


@pytest.mark.parametrize(
    ("cards", "why"),
    [
        (".include 'other.cir'", "may speak of any"),
        (".ic v(out1)=0", "may speak of any"),
        ("F9 out1 0 Vdd 1", "which all may draw"),
        ("B9 out1 0 I=i(vdd)", "which all may draw"),
        ("A9 [out1] [out2] d", "not read"),
        ("K9 L1 L2 0.5", "not read"),
        (".global out1", "not held"),
        ("V9 vdd in 0", "held already"),
        ("E9 out1 0 poly(1) out3 0 0 1", "not read"),
    ],
)
def test_what_cannot_be_told_stays_whole_and_says_why(cards, why):
    with pytest.raises(Coupled, match=why):
        parts(f"{FOUR}{cards}\n", ["v(out1)"], 1)


def test_all_coupled_stays_whole():
    ring = "".join(f"R8{k} out{k} out{k + 1} 1k\n" for k in (1, 2, 3))
    bench = Testbench(circuit=FOUR + ring, stop=1e-9, step=1e-10, save=("v(out1)",))
    found = split_testbench(bench, 1)
    assert (found.decks, found.reason) == ((bench,), "there are not two decks of uncoupled cells")


def test_small_testbenches_and_those_that_are_not_to_be_split_stay_whole():
    bench = Testbench(circuit=FOUR, stop=1e-9, step=1e-10, save=("v(out1)",))
    assert [len(split_testbench(bench, split).decks) for split in (None, True, False, 4, 3)] == [1, 1, 1, 1, 2]
    for wrong in (0, -3):
        with pytest.raises(UsageError, match="less than 1"):
            split_testbench(bench, wrong)
    with pytest.raises(UsageError):
        split_testbench(bench, 2.5)


def test_waveforms_of_decks_are_put_together():
    bench = Testbench(circuit=FOUR, stop=4.0, step=0.1, save=("v(out4)", "i(vdd)", "v(out1)"))
    decks = split_testbench(bench, 2)
    first = Waveforms([0, 1, 4], {"i(vdd)": [0, 1, 4], "v(out1)": [5, 5, 5]}, provenance={"wall_time": 1.0})
    second = Waveforms(
        [0, 2, 4 - 1e-15], {"v(out4)": [0, 1, 0], "i(vdd)": [1, 1, 1]}, provenance={"wall_time": 2.0, "notes": ["a"]}
    )
    whole = decks.join([first, second])
    assert whole.time.tolist() == [0, 1, 2, 4 - 1e-15]
    assert list(whole) == ["v(out4)", "i(vdd)", "v(out1)"]
    np.testing.assert_allclose(whole["i(vdd)"], [1, 2, 3, 5], rtol=1e-12)
    np.testing.assert_allclose(whole["v(out4)"], [0, 0.5, 1, 0], atol=1e-12)
    assert whole.provenance["decks"] == 2
    assert whole.provenance["notes"] == ["a"]
    assert whole.provenance["wall_time"] == 3.0
    assert whole.provenance["testbench"] == bench.digest()
    # The same points: no new ones.
    assert decks.join([first, Waveforms(first.time, {"v(out4)": [0, 0, 0], "i(vdd)": [0, 0, 0]})]).time is first.time


def test_a_deck_has_the_parameters_that_it_names():
    text = FOUR.replace("X4 vdd out4 half", "X4 vdd out4 half r={Late}").replace(
        ".subckt half a b", ".subckt half a b r=1k"
    )
    parameters = {"late": 5.0, "other": 1.0}
    bench = Testbench(circuit=text, stop=1.0, step=0.1, save=("v(out1)",), parameters=parameters)
    assert [dict(deck.parameters) for deck in split_testbench(bench, 2).decks] == [{}, {"late": 5.0}]
