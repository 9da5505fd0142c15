"""Paired runs at two steps: kept as they come, not run again, and compared with the right errors."""

from __future__ import annotations

import types

import numpy as np
import pytest

from benchmarks import accuracy_store as store_module
from benchmarks import bench_accuracy as accuracy
from benchmarks.accuracy_cases import CASES, FEWER, LONG, Case, Span
from benchmarks.accuracy_store import BLOCK, Store, fill, whole, whole_blocks
from benchmarks.bench_paired import SPANS
from spinspice.jobs import JobFailure
from spinspice.testbench import Testbench

DECK = "V1 a 0 {}\nR1 a 0 1k\n"


def made(volts: float):
    """A circuit whose only statistic is its seed, twice that at half a noise step."""

    def make(factor: float, seed: int) -> list[Testbench]:
        deck = DECK.format(volts)
        return [Testbench(circuit=deck, stop=10.0, step=factor, save=("v(a)",), parameters={"seed": float(seed)})]

    return lambda span: Case(make, lambda waves: waves)


@pytest.fixture
def engine(monkeypatch, tmp_path):
    """No simulator: a run returns its seed times its step, and is counted."""
    ran: list[Testbench] = []

    def run_jobs(jobs, **_):
        ran.extend(jobs)
        return [{"x": job.parameters["seed"] * job.step, "_acf": np.ones(3)} for job in jobs]

    version = types.SimpleNamespace(require=lambda: types.SimpleNamespace(version="46"))
    monkeypatch.setattr(store_module, "run_jobs", run_jobs)
    monkeypatch.setattr(store_module, "get_engine", lambda name: version)
    monkeypatch.setattr(store_module, "FOLDER", tmp_path / "kept")
    return ran


def pair(volts: float = 1.0) -> list[Store]:
    return [Store("made up", name, made(volts), LONG, (factor, {})) for name, factor in (("a", 1.0), ("b", 2.0))]


def test_what_is_there_is_not_run_again_and_all_seeds_are_whole(engine):
    fill({"made up": pair()}, {"made up": 2 * BLOCK})
    assert len(engine) == 4 * BLOCK
    fill({"made up": pair()}, {"made up": 3 * BLOCK})
    assert len(engine) == 6 * BLOCK
    count, (one, other) = whole(pair(), 10**4)
    assert count == 3 * BLOCK
    np.testing.assert_array_equal(one["x"][:, 0], np.arange(1, count + 1))
    np.testing.assert_array_equal(other["x"], 2 * one["x"])


def test_a_gap_or_a_part_ends_what_counts(engine):
    fill({"made up": pair()}, {"made up": 3 * BLOCK})
    pair()[1].path(BLOCK + 1).unlink()
    assert whole(pair(), 10**4)[0] == BLOCK
    pair()[0].path(1).rename(pair()[0].path(1).with_suffix(".part"))
    assert whole(pair(), 10**4)[0] == 0


def test_files_of_another_deck_are_not_taken(engine):
    fill({"made up": pair()}, {"made up": BLOCK})
    assert whole(pair(2.0), 10**4) == (0, [{}, {}])


def test_a_run_that_fails_is_said_and_nothing_is_kept(engine, monkeypatch):
    bench = Testbench(circuit=DECK.format(1), stop=1.0, step=1.0, save=("v(a)",))
    monkeypatch.setattr(store_module, "run_jobs", lambda jobs, **_: [JobFailure(0, bench, ValueError("lost"))])
    with pytest.raises(RuntimeError, match="made_up-a, seeds from 1: .*lost"):
        pair()[0].run(1)
    assert not pair()[0].path(1).exists()


def test_changes_and_their_errors_are_those_of_paired_means():
    """For a mean the jackknife is exact: the error of a mean of n, here of groups of two seeds."""
    random = np.random.default_rng(1)
    x = random.normal(3.0, 1.0, (200, 1))
    d = random.normal(0.1, 0.05, (200, 1))
    acf = np.tile(1.0 - np.arange(20) / 11.0, (200, 1, 1))  # half at 5.5 steps
    found = accuracy.compare({"x": x, "_acf": acf}, {"x": x + d, "_acf": acf})
    value, error, change, spread = found["x"]
    groups = [v.reshape(100, 2).mean(axis=1) for v in (x, d)]
    assert (value, change) == pytest.approx((x.mean(), d.mean()))
    assert (error, spread) == pytest.approx([g.std(ddof=1) / 10.0 for g in groups])
    assert found["width/steps"] == pytest.approx((11.0, 0.0, 0.0, 0.0), abs=1e-9)


@pytest.mark.parametrize(
    ("change", "error", "said"),
    [(0.2, 0.3, "below"), (-0.9, 0.04, "below"), (0.5, 0.3, "open"), (-1.2, 0.2, "open"), (1.5, 0.2, "above")],
)
def test_a_verdict_keeps_two_errors(change, error, said):
    assert accuracy.verdict(change, error) == said


@pytest.mark.parametrize(("asked", "run"), [(1, BLOCK), (BLOCK, BLOCK), (BLOCK + 1, 2 * BLOCK), (1600, 1600)])
def test_seeds_come_in_blocks(asked, run):
    assert whole_blocks(asked) == run


def test_short_runs_begin_in_states_of_equilibrium():
    """Each seed its own, on the disk's plane, the same for both steps; a long run begins where the junction does."""
    case = CASES["faria2021"](Span(duration=1e-9, warm_up=0.5, drawn=True))
    decks = [[case.make(factor, seed)[0].circuit for seed in (1, 2)] for factor in (0.25, 0.5)]
    starts = [[[w for w in deck.split() if w.startswith(("theta0", "phi0"))] for deck in row] for row in decks]
    assert starts[0] == starts[1] and starts[0][0] != starts[0][1]
    assert CASES["faria2021"](LONG).make(0.25, 1)[0].circuit.count("theta0=1.5707") == 1
    assert set(SPANS) | set(FEWER) <= set(CASES)
