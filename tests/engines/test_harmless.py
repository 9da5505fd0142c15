"""Complaints of engines that change no result: provoked one by one on cards of our own, in ngspice and VACASK."""

from __future__ import annotations

import pytest

from spinspice.engines import get_engine
from spinspice.engines.harmless import NGSPICE, VACASK, inconsistent_thickness, sort_out
from spinspice.engines.log import read_log, read_notes
from spinspice.errors import EngineError
from spinspice.testbench import Testbench

BSIM4 = "level=54 version=4.8 vth0=0.4"
OLD = "level=54 version=4.0 vth0=0.4"  # newer versions compare thicknesses by a tolerance of their own
BSIM3 = "level=49 version=3.3.0 vth0=0.5 u0=400 tox=4n"
#: Card -> what the note says; empty for a card that is quiet.
CARDS = {
    "rounding of a 90 nm card": (f"{OLD} toxe=2.05e-9 toxp=1.4e-9 dtox=6.5e-10", "agree but for rounding"),
    "rounding of a 65 nm card": (f"{OLD} toxe=1.85e-9 toxp=1.2e-9 dtox=0.65e-9", "agree but for rounding"),
    "thickness that is consistent": (f"{BSIM4} toxe=1.75e-9 toxp=1.1e-9 dtox=0.65e-9", ""),
    "doping beside k1, BSIM4": (f"{BSIM4} k1=0.4 k2=0.01 nsub=6e16", "nsub of a BSIM card stands beside k1 or k2"),
    "doping beside k1, BSIM3": (f"{BSIM3} k1=0.57 k2=0 nsub=6e16 pclm=1", "nsub of a BSIM card stands beside k1 or k2"),
    "body effect three times": (f"{BSIM3} k1=0.57 k2=0 gamma1=0.5 gamma2=0.4 xt=1e-7 vbm=-3", "gamma2 of a BSIM card"),
    "k1 alone": (f"{BSIM3} k1=0.57", "gives k1 without k2"),
    "level 1": ("level=1 vto=0.4 kp=200u nsub=1e16 tox=5n", ""),
    "level 2": ("level=2 vto=0.45 uo=450 tox=8n nsub=6e16 xj=0.15u", ""),
    "level 3": ("level=3 vto=0.45 uo=420 tox=8n nsub=5e16 theta=0.1", ""),
}

ENGINES = [pytest.param(name, marks=pytest.mark.engine(name)) for name in ("ngspice", "vacask")]


def bench(card: str, sizes: str = "w=1u l=0.2u ad=1p as=1p pd=4u ps=4u") -> Testbench:
    circuit = f".model nm nmos {card}\nM1 d g 0 0 nm {sizes}\nR1 vdd d 10k\nVd vdd 0 1\nVg g 0 PWL(0 0 1n 1)\n"
    return Testbench(circuit=circuit, stop=1e-9, step=1e-11, save=("v(d)",))


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", CARDS)
def test_a_card_as_they_are_published_runs_and_is_noted(name, engine):
    card, said = CARDS[name]
    waves = get_engine(engine).run(bench(card))
    assert waves["v(d)"][0] > 0.9 and waves["v(d)"][-1] < 0.8  # the transistor opens
    notes = waves.provenance.get("notes", [])
    if engine == "ngspice" or "rounding" not in said:  # VACASK has the newest version
        assert any(said in note for note in notes) if said else not notes


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("dtox", ["6.0e-10", "{2*3.1e-10}"])
def test_a_card_that_contradicts_itself_is_an_error_that_quotes_it(engine, dtox):
    with pytest.raises(EngineError, match=r"(?s)toxe != toxp \+ dtox.*line \d+.*: \.model nm nmos"):
        get_engine(engine).run(bench(f"{BSIM4} toxe=2.05e-9 toxp=1.4e-9 dtox={dtox}"))


@pytest.mark.engine("vacask")
def test_older_cards_of_bsim4_and_bsim3_on_vacask_are_noted():
    for card, said in (
        ("level=54 version=4.0 vth0=0.4", "card of BSIM4 4.0, which VACASK solves as BSIM4 4.8"),
        ("level=54 version=4.6.1 vth0=0.4", "card of BSIM4 4.6.1"),
        ("level=49 version=3.2.4 vth0=0.5 tox=4n", "card of BSIM3 3.2.4, which VACASK solves as BSIM3 3.3"),
    ):
        notes = get_engine("vacask").run(bench(card)).provenance["notes"]
        assert any(said in note for note in notes)


def test_anything_else_stays_a_fault():
    for line in (
        "Warning: 'r1 a b' is not a valid resistor instance line, ignored!",
        "unrecognized parameter (acm) - ignored",
        "Warning: vth0 is ignored because k1 or k2 is given.",
        "Warning: nsub is ignored because k1 or k2 is given, and the rest of the deck too.",
    ):
        assert read_log(line) and not read_notes(line)
    left, notes = sort_out(["OSDI(warn) x1:m1: unknown BSIM4 version. Working now with BSIM4.8.3."], VACASK, [])
    assert left and not notes  # the writer of the deck never lets it come to this


def test_thicknesses_are_compared_over_continuation_lines_and_in_both_languages():
    good = [".model a nmos level=54 toxe=2.05e-9", "+ toxp=1.4e-9 dtox = 6.5e-10", ".model b nmos level=1 tox=4n"]
    assert inconsistent_thickness(good) is None
    assert inconsistent_thickness([*good, "model c sp_bsim4v8 type=1 toxe=2e-09 toxp=1.4e-09 dtox=6.5e-10"]) == 4
    assert inconsistent_thickness([".model a nmos eot=1e-9 toxp=0.8e-9 dtox=0.2e-9"]) is None
    assert inconsistent_thickness([".model a nmos eot=1e-9 epsrox=7.8 toxp=0.8e-9 dtox=0.2e-9"]) == 1


def test_ratings_of_a_model_are_no_electrical_parameters():
    line = "unrecognized parameter (vceo) - ignored"
    assert read_notes(line) and not read_log(line)
    assert len({entry.reason for entry in NGSPICE}) == len(NGSPICE)
