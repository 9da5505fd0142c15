"""Circuits without an operating point: told within seconds on every path to ngspice, and nothing else changes."""

from __future__ import annotations

import dataclasses
import time

import numpy as np
import pytest

from spinspice.benches.cell import cell_testbench
from spinspice.cells import BSN, CellFile
from spinspice.devices import Macrospin
from spinspice.engines import get_engine
from spinspice.engines.deck import SETTINGS, make_deck, settling
from spinspice.engines.ngspice_shared import NgspiceSession

#: Long enough for a loaded machine; without a bound such a run takes minutes.
SECONDS = 20.0
CIRCUITS = {
    "a source beside an inductor": "Min q in vss vss gen_nmos w=0.8u l=40n\nV1 q vss 0.2\nL1 q vss 1n\n",
    "a ring whose first gate nothing drives": (
        "Min q in vss vss gen_nmos w=0.8u l=40n\n"
        + "".join(
            f"Mp{k} n{k} n{k - 1} vdd vdd gen_pmos w=0.4u l=40n\nMn{k} n{k} n{k - 1} vss vss gen_nmos w=0.2u l=40n\n"
            for k in (1, 2, 3)
        )
    ),
}


def bench(folder, cards: str):
    (folder / "c.sp").write_text(f".subckt dut in q vdd vss\nRmtj vdd q 12k\n{cards}.ends\n")
    ports = {"vin": "in", "out": "q", "vdd": "vdd", "vss": "vss"}
    data = {"netlist": "c.sp", "vdd": 0.8, "cmos": "generic", "ports": ports, "junctions": {"Rmtj": "vdd"}}
    return cell_testbench(CellFile.from_dict(data, folder)(Macrospin()), stop=0.5e-9, vin=0.1)


@pytest.mark.parametrize(
    ("engine", "model"),
    [
        pytest.param(engine, model, marks=pytest.mark.engine(engine, model=model))
        for engine, model in (("ngspice", "verilog-a"), ("ngspice", "b-source"), ("ngspice-process", "verilog-a"))
    ],
)
@pytest.mark.parametrize("name", CIRCUITS)
def test_the_search_ends_within_seconds(name, engine, model, tmp_path):
    started = time.monotonic()
    waves = get_engine(engine, model).run(bench(tmp_path, CIRCUITS[name]))
    assert time.monotonic() - started < SECONDS
    assert waves.time[-1] == pytest.approx(0.5e-9)


@pytest.mark.engine("ngspice")
def test_a_start_from_a_transient_is_noted(tmp_path):
    waves = get_engine("ngspice").run(bench(tmp_path, CIRCUITS["a source beside an inductor"]))
    assert any("found no operating point by iteration" in note for note in waves.provenance["notes"])
    quiet = get_engine("ngspice").run(cell_testbench(BSN(Macrospin()), stop=0.5e-9))
    assert "notes" not in quiet.provenance


@pytest.mark.engine("ngspice")
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_runs_that_have_one_stay_what_they_were_to_the_last_bit(seed):
    testbench = cell_testbench(BSN(Macrospin()), stop=2e-9, seed=seed)
    engine = get_engine("ngspice")
    bounded = engine.run(testbench)
    with NgspiceSession(engine, testbench) as session:
        # As ngspice does by itself: 100 ns and 10 us.
        session._deck = dataclasses.replace(make_deck(testbench), settings=(*SETTINGS, "optran 1 1 1 100n 10u 0"))
        plain = session.run_once(60.0, None)
    np.testing.assert_array_equal(bounded.time, plain.time)
    np.testing.assert_array_equal(bounded["v(out)"], plain["v(out)"])


def test_the_bound_follows_the_step_of_the_run():
    testbench = cell_testbench(BSN(Macrospin()), stop=2e-9)
    assert settling(testbench) == "optran 1 1 1 5e-12 5e-09 0"
    assert settling(testbench.replace(max_step=1e-9)) == "optran 1 1 1 1e-09 1e-06 0"
