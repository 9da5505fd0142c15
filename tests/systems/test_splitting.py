"""Cells that do not act on one another give in decks of their own what they give in one."""

from __future__ import annotations

import functools

import numpy as np
import pytest

from spinspice.cells import get_cell
from spinspice.engines import get_engine
from spinspice.errors import EngineError
from spinspice.jobs import JobFailure, run_job, run_jobs
from spinspice.networks.metering import audit_network, energy_signals
from spinspice.networks.network import Network
from spinspice.networks.population import PopulationDeck
from spinspice.papers.mizrahi2018.populations import scaled
from spinspice.presets import load_preset
from spinspice.splitting import run_in_decks
from spinspice.testbench import Testbench
from spinspice.waveforms import crossings

ENGINES = ("ngspice", "vacask")
#: Tolerances a thousand times finer than ngspice's own.
FINE = {"reltol": 1e-6, "vntol": 1e-9}


@functools.cache
def neurons(count: int) -> Network:
    cell = get_cell("bsn")(load_preset("faria2021").device)
    names = [f"n{k}" for k in range(count)]
    return Network(
        cells=dict.fromkeys(names, cell), inputs={f"vin_{name}": 0.0 for name in names}, probes="blocks", title="cells"
    )


def resistors(count: int, *more: str) -> Testbench:
    cards = [".subckt half a b", "R1 a m 1k", "R2 m b 1k", "C1 m 0 1p", ".ends half", "Vdd vdd 0 PULSE(0 1 0 1n 1n 1)"]
    cards += [f"X{k} vdd 0 half" for k in range(1, count + 1)]
    save = (*(f"v(x{k}.m)" for k in range(1, count + 1)), "i(vdd)")
    return Testbench(circuit="\n".join([*cards, *more]) + "\n", stop=10e-9, step=0.1e-9, save=save)


def divider(network: Network) -> tuple[str, ...]:
    """Voltages between junction and transistor: where a magnet points, before inverters amplify it."""
    return tuple(f"v({network.ports(name)['mid']})" for name in network.cells)


@pytest.mark.parametrize(
    ("engine", "options", "bound"), [("ngspice", FINE, 1e-4), ("ngspice", {}, 1e-2), ("vacask", {}, 1e-2)]
)
def test_a_free_magnet_takes_the_same_path_for_a_nanosecond(engine, options, bound):
    """The direction is followed to 1e-2 for 1 ns, as anywhere; with fine tolerances far better."""
    network = neurons(8).replace(probes="none")
    bench = network.testbench(stop=1e-9, seed=21, save=divider(network), options=options)
    whole, split = (run_job(bench, engine=engine, split=cells) for cells in (False, 2))
    assert split.provenance["decks"] == 4
    assert "decks" not in whole.provenance
    swing = np.ptp([whole[name] for name in divider(network)])
    assert swing > 0.1
    for name in divider(network):
        assert np.abs(split[name] - np.interp(split.time, whole.time, whole[name])).max() < bound * swing


@pytest.mark.parametrize("engine", ENGINES)
def test_the_account_of_energy_adds_up(engine):
    network = neurons(4)
    bench = network.testbench(stop=1e-9, seed=7, save=energy_signals(network))
    audits = [audit_network(network, run_job(bench, engine=engine, split=cells)) for cells in (False, 1)]
    for audit in audits:
        assert abs(audit.closure) < 5e-3
    whole, split = (sum(audit.delivered.values()) for audit in audits)
    assert split == pytest.approx(whole, rel=5e-3)
    assert set(audits[0].elements) == set(audits[1].elements)


@pytest.mark.parametrize("engine", ENGINES)
def test_telegraph_junctions_flip_at_the_same_times(engine):
    deck = PopulationDeck(population=scaled(12), stimuli=(0.02,), dt=183e-9, steps=40, seed=11)
    whole, split = (run_job(deck.testbench(), engine=engine, split=cells) for cells in (False, 4))
    assert split.provenance["decks"] == 3
    nodes = [f"v(count{k})" for k in range(1, 13)]
    flips = [np.concatenate([crossings(run.time, run[node]) for node in nodes]) for run in (whole, split)]
    assert flips[0].size > 50
    assert flips[0].size == flips[1].size
    counts = [deck.read(run) for run in (whole, split)]
    np.testing.assert_array_equal(counts[0].states, counts[1].states)
    np.testing.assert_array_equal(counts[0].events, counts[1].events)
    assert np.abs(flips[0] - flips[1]).max() < 1e-2 / deck.population.natural_rates.max()
    np.testing.assert_array_equal(deck.run(engine=engine, split=4).states, counts[1].states)


def test_workers_and_a_process_without_workers_give_the_same_bits():
    bench = neurons(4).testbench(stop=0.5e-9, seed=3)
    one, two = (run_job(bench, engine="ngspice", split=1, workers=workers) for workers in (1, 2))
    alone = run_in_decks(bench, get_engine("ngspice").run, 1)
    for name in bench.save:
        np.testing.assert_array_equal(one[name], two[name])
        np.testing.assert_array_equal(one[name], alone[name])


def test_more_than_64_cells_are_split_unless_told_otherwise():
    bench, seen = resistors(65), []
    default, whole = (run_jobs([bench], engine="ngspice", split=split)[0] for split in (None, False))
    assert default.provenance["decks"] == 2
    assert "decks" not in whole.provenance
    assert default["i(vdd)"][-1] == pytest.approx(-65 / 2000.0, rel=1e-6)
    np.testing.assert_allclose(default["i(vdd)"], np.interp(default.time, whole.time, whole["i(vdd)"]), atol=1e-4)
    run_jobs(
        [bench, resistors(2), bench],
        engine="ngspice",
        reduce=lambda waves: len(waves),
        progress=lambda done, total, result: seen.append((done, total, result)),
    )
    assert sorted(seen) == [(1, 3, seen[0][2]), (2, 3, seen[1][2]), (3, 3, seen[2][2])]
    assert sorted(result for *_, result in seen) == [3, 66, 66]


def test_coupled_cells_stay_one_deck():
    chain = [f"R{k} x{k} x{k + 1} 1k" for k in range(1, 70)]
    bench = resistors(70)
    cards = [line.replace(" vdd 0 half", f" vdd x{k} half") for k, line in enumerate(bench.circuit.splitlines(), -5)]
    coupled = bench.replace(circuit="\n".join([*cards, *chain, "Rend x1 0 1k"]) + "\n", save=("v(x7.m)",))
    assert "decks" not in run_job(coupled, engine="ngspice").provenance


def test_a_deck_that_fails_is_a_failure_of_its_job_alone():
    good = resistors(4)
    bad = good.replace(circuit=good.circuit.replace("X3 vdd 0 half", "X3 vdd 0 nowhere"))
    found = run_jobs([good, bad, good], engine="ngspice", split=1)
    assert [isinstance(result, JobFailure) for result in found] == [False, True, False]
    assert found[1].index == 1
    assert "deck 3 of 4" in str(found[1])
    with pytest.raises(EngineError):
        run_job(bad, engine="ngspice", split=1)


@pytest.mark.slow
def test_statistics_of_free_neurons_are_those_of_the_whole_deck():
    """48 neurons, 12 ns, ngspice's own tolerances: paths part, means do not (differences pair by pair)."""
    network = neurons(48).replace(probes="none")
    bench = network.testbench(stop=12e-9, seed=101)
    whole, split = (run_job(bench, engine="ngspice", split=cells).window(2e-9) for cells in (False, 8))
    for kind in ("mean", "share"):
        each = []
        for run in (whole, split):
            values = [run[f"v({node})"] for node in network.observed]
            level = values if kind == "mean" else [value > 0.0 for value in values]
            each.append(np.array([np.trapezoid(v, run.time) / np.ptp(run.time) for v in level]))
        change = each[1] - each[0]
        stderr = change.std(ddof=1) / np.sqrt(change.size)
        print(f"{kind}: {each[0].mean():.4f}, change {change.mean():.4f} +- {stderr:.4f}")
        assert abs(change.mean()) < 4.0 * stderr
