"""Circuits whose answer is known, on both ways of running ngspice, and what a run tells about itself."""

from __future__ import annotations

import numpy as np
import pytest
from engines.circuits import circuit, junction, rc_step, telegraph

from spinspice.engines import get_engine
from spinspice.errors import CircuitError, EngineTimeout

NGSPICE = [
    pytest.param("ngspice", marks=pytest.mark.engine("ngspice", model="b-source")),
    pytest.param("ngspice-process", marks=pytest.mark.engine("ngspice-process", model="b-source")),
]


@pytest.fixture(params=NGSPICE)
def ngspice(request):
    return get_engine(request.param, model="b-source")


def test_rc_step_follows_the_exponential(ngspice):
    waves = ngspice.run(rc_step())
    exact = 1.0 - np.exp(-waves.time / 1e-6)
    # Trapezoidal rule with steps of h = 5 ns: its error peaks at (h / RC)^2 / 12 / e = 8e-7; reltol 1e-3 of the
    # truncation control never bites at this step. Allowed: 1e-5, so that the first (Euler) steps fit in.
    assert np.max(np.abs(waves["v(out)"] - exact)) < 1e-5
    assert waves.time[-1] == pytest.approx(5e-6, rel=1e-9)
    np.testing.assert_allclose(waves["i(v1)"][1:], -(1.0 - waves["v(out)"][1:]) / 1e3, atol=1e-12)


def test_divider_and_parameters(ngspice):
    bench = circuit("V1 in 0 {vin}\nR1 in a 1k\nR2 a 0 {r2}\n", parameters={"vin": 0.3, "r2": 2e3})
    np.testing.assert_allclose(ngspice.run(bench)["v(a)"], 0.2, rtol=1e-9)
    np.testing.assert_allclose(ngspice.run(bench.with_parameters(r2=1e3))["v(a)"], 0.15, rtol=1e-9)


def test_temperature_reaches_resistors(ngspice):
    bench = circuit("I1 0 a 1m\nR1 a 0 1k tc1=0.01\n", temperature=310.15)
    np.testing.assert_allclose(ngspice.run(bench)["v(a)"], 1.1, rtol=1e-9)  # 10 K above the nominal 27 C


def test_options_reach_the_simulator(ngspice):
    """A diode's current depends on gmin alone when it blocks."""
    bench = circuit("V1 in 0 -1\nD1 in a d\nV2 a 0 0\n.model d d is=1e-30\n", save=("i(v2)",))
    leak = ngspice.run(bench.replace(options={"gmin": 1e-6}))["i(v2)"]
    np.testing.assert_allclose(leak, -1e-6, rtol=1e-3)


def test_max_step_bounds_the_step(ngspice):
    waves = ngspice.run(rc_step(max_step=1e-9))
    assert np.max(np.diff(waves.time)) < 1.001e-9


def test_hierarchy_and_branch_currents(ngspice):
    bench = circuit(
        ".subckt half in out vss\nR1 in out 1k\nR2 out x 1k\nVm x vss 0\n.ends\nV1 in 0 1\nX1 in a 0 half\n",
        save=("v(x1.x)", "i(v.x1.vm)", "v(a)"),
    )
    waves = ngspice.run(bench)
    assert tuple(waves) == bench.save
    np.testing.assert_allclose(waves["i(v.x1.vm)"], 0.5e-3, rtol=1e-9)


def test_includes_are_found_beside_the_caller(ngspice, tmp_path, monkeypatch):
    (tmp_path / "load.inc").write_text("R9 a 0 3k\n")
    monkeypatch.chdir(tmp_path)
    waves = ngspice.run(circuit(".include load.inc\nV1 in 0 1\nR1 in a 1k\n"))
    np.testing.assert_allclose(waves["v(a)"], 0.75, rtol=1e-9)


def test_a_start_up_file_of_the_user_changes_nothing(ngspice, tmp_path, monkeypatch):
    (tmp_path / ".spiceinit").write_text("option temp=100\nset ngbehavior=ps\nquit 1\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    np.testing.assert_allclose(ngspice.run(circuit("V1 a 0 1\nR1 a 0 1k\n"))["v(a)"], 1.0)


def test_keep_leaves_a_deck_that_runs_by_hand(ngspice, tmp_path):
    ngspice.run(rc_step(), keep=tmp_path / "kept")
    assert {"deck.cir", "log.txt"} <= {path.name for path in (tmp_path / "kept").iterdir()}
    assert (tmp_path / "kept" / "deck.cir").read_text().startswith("* RC step\n")


def test_provenance_says_how_a_run_was_made(ngspice):
    bench = rc_step()
    made = ngspice.run(bench).provenance
    assert made["engine"] == ngspice.name
    assert int(made["engine_version"]) >= 39
    assert made["testbench"] == bench.digest()
    assert made["parameters"] == {"vin": 1.0}
    assert made["wall_time"] > 0


@pytest.mark.engine("ngspice", model="b-source")
def test_both_ways_give_the_same_bits():
    a, b = (get_engine(name, model="b-source").run(rc_step()) for name in ("ngspice", "ngspice-process"))
    assert np.array_equal(a.time, b.time)
    assert np.array_equal(a["v(out)"], b["v(out)"])


@pytest.mark.engine("ngspice")
def test_compiled_junction_gives_the_same_bits_both_ways():
    a, b = (get_engine(name).run(junction()) for name in ("ngspice", "ngspice-process"))
    assert np.array_equal(a["v(mx)"], b["v(mx)"])
    assert np.max(np.abs(a["v(mx)"])) > 0.1  # it did move: m starts along y


@pytest.mark.engine("ngspice")
def test_events_of_a_telegraph_junction():
    waves = get_engine("ngspice").run(telegraph())
    events = waves.events["v(count)"]
    assert events.size == int(waves["v(count)"][-1])
    # 20 us of two-state noise with a mean stay of e^6 ns = 0.4 us: 50 events; 4 standard errors of a Poisson count
    assert abs(events.size - 20e3 / np.exp(6)) < 4 * np.sqrt(20e3 / np.exp(6))
    assert np.all(np.diff(events) > 0)


@pytest.mark.engine("ngspice")
def test_a_session_gives_what_a_fresh_run_gives():
    """Changed parameters reach sources and, through subcircuits, compiled models; to the last bit, in any order."""
    engine = get_engine("ngspice")
    bench = junction()
    with engine.load(bench) as session:
        for values in ({}, {"vin": 0.2}, {"seed": 7}, {"vin": 0.1, "seed": 3}, {"seed": 123456789}):
            bench = bench.with_parameters(**values)
            altered, fresh = session.run(**values), engine.run(bench)
            for name in bench.save:
                assert np.array_equal(altered[name], fresh[name]), (values, name)
            assert altered.provenance["parameters"] == dict(bench.parameters)


@pytest.mark.engine("ngspice")
def test_a_session_survives_a_failed_run():
    bench = rc_step(step=5e-11)  # 100,000 points: no run is over before the limit is looked at
    with get_engine("ngspice", model="b-source").load(bench) as session:
        first = session.run()
        with pytest.raises(EngineTimeout):
            session.run(timeout=0.0)
        again = session.run()
        with pytest.raises(CircuitError, match="no parameter 'vinn'. Did you mean vin?"):
            session.run(vinn=2.0)
    assert np.array_equal(first["v(out)"], again["v(out)"])
    with pytest.raises(CircuitError, match="closed"):
        session.run()


@pytest.mark.engine("ngspice")
def test_memory_stays_flat_over_200_runs():
    """Below 20 kB a run, where keeping the plots would cost 36 kB and keeping the circuit as much again."""
    from spinspice.engines import ngspice_pool

    engine = get_engine("ngspice")
    bench = junction(stop=1e-9)
    size = []
    for run in range(200):
        engine.run(bench)
        if run in (20, 199):
            (worker,) = [w for w in ngspice_pool._state().idle if w.runs > run]
            with open(f"/proc/{worker.process.pid}/statm") as statm:
                size.append(int(statm.read().split()[1]) * 4096)
    assert size[1] - size[0] < 179 * 20e3
