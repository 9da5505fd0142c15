"""Contests of the benchmarks: who takes turns, what counts, and when a figure is not to be judged; one page of all."""

from __future__ import annotations

import sys
import types

import pytest

from benchmarks import __main__ as runner
from benchmarks import rounds
from spinspice.errors import EngineNotFound


def test_contestants_take_turns_and_the_first_turn_does_not_count():
    order: list[str] = []
    outcome = rounds.contest({name: (lambda name=name: order.append(name)) for name in "abc"}, 3)
    assert "".join(order) == "abc" + "abc" + "bca" + "cab"
    assert all(len(times) == 3 for times in (*outcome.spent.values(), *outcome.wall.values()))


def test_gain_is_the_median_of_the_rounds_with_its_ends():
    outcome = rounds.Outcome({"x": [1.0, 2.0, 1.0], "y": [2.0, 2.0, 5.0]}, {"x": [1.0], "y": [3.0]}, 0.0)
    assert outcome.gain("x", "y") == (2.0, 1.0, 5.0)
    assert outcome.gain("x", "y", wall=True) == (3.0, 3.0, 3.0)
    assert outcome.median("y") == 2.0


def test_what_a_second_worker_loses():
    outcome = rounds.Outcome({"1": [2.0, 2.0, 4.0], "2": [2.2, 2.0, 6.0]}, {"2": [1.1, 2.0, 4.0]}, 0.0)
    assert outcome.grown("2", "1") == pytest.approx(10.0)
    assert outcome.idle("2", 2) == pytest.approx(25.0)


@pytest.mark.parametrize(("others", "judged"), [(0.0, True), (rounds.BUSY, True), (rounds.BUSY + 0.01, False)])
def test_a_busy_machine_is_not_judged(others, judged):
    outcome = rounds.Outcome({}, {}, others)
    assert outcome.judged is judged
    assert ("NOT TO BE JUDGED" in outcome.verdict()) is not judged


def test_work_counts_as_processor_time():
    outcome = rounds.contest({"works": lambda: sum(range(2_000_000)), "rests": lambda: None}, 2)
    assert outcome.median("works") > 10 * outcome.median("rests")


def test_one_that_cannot_run_is_left_out_and_the_others_run(monkeypatch, tmp_path, capsys):
    def lacking() -> None:
        raise EngineNotFound("no verilator")

    def failing() -> None:
        raise ValueError("broken")

    for name, main in (("speed", lacking), ("reference", failing), ("workers", lambda: print("two workers"))):
        module = types.ModuleType(f"benchmarks.bench_{name}")
        module.main = main  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, module.__name__, module)
    page = tmp_path / "deep" / "bench.md"
    monkeypatch.setattr(sys, "argv", ["benchmarks", "--page", str(page), "speed", "reference", "workers"])
    assert runner.main() == 1  # one failed; one was left out, which is no failure
    text = page.read_text(encoding="utf-8")
    assert "speed: left out: no verilator" in text
    assert "reference: FAILED: ValueError: broken" in text
    assert "two workers" in text and "cores, Python" in text
    capsys.readouterr()


def test_an_unknown_name_is_told(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["benchmarks", "sped"])
    assert runner.main() == 2
    assert "sped" in capsys.readouterr().err


def test_what_is_quick_exists():
    from importlib.util import find_spec

    assert all(find_spec(f"benchmarks.bench_{name}") for name in runner.QUICK)
