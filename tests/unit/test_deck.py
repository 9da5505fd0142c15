"""From a testbench to a deck: what is in it, in which order, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from spinspice.devices import macrospin
from spinspice.devices.telegraph import MIN_SWITCHING, SOLVER_OPTIONS
from spinspice.engines.deck import (
    SETTINGS,
    absolute_include,
    check_subcircuit_parameters,
    join_continuations,
    library_lines,
    make_deck,
)
from spinspice.errors import CircuitError
from spinspice.testbench import Testbench

MACROSPIN = "X1 a 0 mx my mz mtj_macrospin R_P=5k seed={seed}\n"


def bench(circuit: str = "V1 a 0 {vin}\n\nR1 a 0 1k\n", **changes) -> Testbench:
    settings = {
        "circuit": circuit,
        "stop": 1e-6,
        "step": 1e-9,
        "save": ("v(a)", "i(v1)"),
        "parameters": {"vin": 0.1, "seed": 3},
        "title": "two\nlines",
    }
    return Testbench(**(settings | changes))


def test_order_and_numbers():
    lines = make_deck(bench(max_step=3e-10, temperature=310.0, options={"RELTOL": 1e-4})).lines
    assert lines[0] == "* two lines"
    assert lines[1:5] == (".param vin=0.1", ".param seed=3.0", "V1 a 0 {vin}", "R1 a 0 1k")
    assert lines[5:] == (
        ".temp 36.85", ".options reltol=0.0001", ".save v(a) i(v1)", ".tran 1e-12 1e-06 0 3e-10", ".end"
    )  # fmt: skip


def test_numbers_keep_every_bit():
    value = 0.1 + 0.2
    assert f".param vin={value!r}" in make_deck(bench(parameters={"vin": value})).lines


def test_long_lists_of_signals_are_split():
    lines = make_deck(bench(save=tuple(f"v(n{k})" for k in range(20)))).lines
    saves = [line for line in lines if line.startswith(".save")]
    assert [len(line.split()) - 1 for line in saves] == [8, 8, 4]


def test_junctions_bring_their_library_and_their_tolerances():
    deck = make_deck(bench(MACROSPIN))
    assert deck.modules == ("mtj_macrospin",)
    assert sum(line.lower().startswith(".subckt") for line in deck.lines) == 1
    assert f".options trtol={macrospin.SOLVER_OPTIONS['ngspice']['trtol']!r}" in deck.lines
    telegraph = make_deck(bench("X1 a 0 s c mtj_telegraph seed={seed}\n"))
    assert telegraph.modules == ("mtj_telegraph",)
    assert f".options reltol={SOLVER_OPTIONS['ngspice']['reltol']!r}" in telegraph.lines
    assert make_deck(bench()).modules == ()


def test_the_users_options_win():
    lines = make_deck(bench(MACROSPIN, options={"trtol": 7.0})).lines
    assert [line for line in lines if "trtol" in line] == [".options trtol=7.0"]


def test_library_holds_only_what_is_used():
    text = "\n".join(library_lines("verilog-a", ("mtj_telegraph",))).lower()
    assert "mtj_telegraph" in text
    assert "mtj_macrospin" not in text
    assert not any(line.startswith("*") for line in text.splitlines())


def test_control_block_for_a_deck_run_by_hand():
    lines = make_deck(bench()).with_control([Path("/cache/x.osdi")]).lines
    block = lines[lines.index(".control") + 1 : lines.index(".endc")]
    search = "pre_optran 1 1 1 1e-09 1e-06 0"  # the three ones: Newton, gmin and source stepping stay as they are
    assert block == (*(f"pre_{line}" for line in SETTINGS), search, "pre_osdi /cache/x.osdi")
    assert lines[-1] == ".end"


def test_no_empty_lines_so_that_log_and_deck_count_alike():
    assert all(line.strip() for line in make_deck(bench(MACROSPIN)).lines)


def test_unknown_subcircuit_parameter():
    with pytest.raises(
        CircuitError, match=r"X1 gives the subcircuit mtj_macrospin a parameter 'R_p2'.*Did you mean r_p"
    ):
        make_deck(bench("X1 a 0 mx my mz mtj_macrospin R_p2=5k\n"))


@pytest.mark.parametrize(
    "card",
    [
        "X1 a b load r=1k",
        "x1 a b LOAD R = {2*k} m=2",
        "X1 a b load params: r='2*k=1'",
        "X1 a b\n+ load\n+ r={x}",
        "X1 a b elsewhere anything=1",
        "X1 a b load",
    ],
)
def test_known_subcircuit_parameters_pass(card):
    check_subcircuit_parameters([".subckt load p n r=1k", "R1 p n {r}", ".ends", *card.splitlines()])


def test_continuations_are_joined_and_comments_dropped():
    assert join_continuations(["R1 a b", "+ 1k ; load", "* note", "", "C1 a 0 1p"]) == ["R1 a b 1k", "C1 a 0 1p"]


def test_switching_too_fast_for_the_duration():
    card = "X1 a 0 s c mtj_telegraph t_sw={t}\n"
    make_deck(bench(card.format(t="1n"), stop=1e-9 / MIN_SWITCHING, step=1e-3))
    with pytest.raises(CircuitError, match="t_sw = 1e-09 s.*1e-09 of the duration, 2 s.*Raise t_sw to 2e-09 s"):
        make_deck(bench(card.format(t="1n"), stop=2.0, step=1e-3))
    make_deck(bench(card.format(t="{speed}"), stop=2.0, step=1e-3))


def test_noise_that_ignores_its_seed():
    card = "V1 a 0 dc 0 TRNOISE(1m 1n 0 0)\nR1 a 0 1k\n"
    with pytest.raises(CircuitError, match="trnoise source .* parameter seed, which ngspice's trnoise ignores"):
        make_deck(bench(card))
    make_deck(bench(card, parameters={}))


def test_includes_get_their_full_path(tmp_path, monkeypatch):
    (tmp_path / "my models.inc").write_text("* nothing\n")
    monkeypatch.chdir(tmp_path)
    assert absolute_include('.include "my models.inc"') == f'.include "{tmp_path}/my models.inc"'
    assert absolute_include(".LIB 'my models.inc' tt") == f'.LIB "{tmp_path}/my models.inc" tt'
    for line in (".include missing.inc", ".lib tt", "R1 a 0 1k"):
        assert absolute_include(line) == line
