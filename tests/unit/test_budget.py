"""The time that runs will take is known before they start, and what would take too long is refused."""

from __future__ import annotations

import logging

import pytest
from made_up import MadeUp

from spinspice.benches.cell import cell_testbench
from spinspice.budget import LIMIT, RunTooLong, check_wall, duration_text, estimate, points_of, wall_limit
from spinspice.cells import BSN
from spinspice.characterize import characterize
from spinspice.cli import run
from spinspice.devices import Macrospin, Telegraph
from spinspice.engines import get_engine
from spinspice.jobs import run_jobs
from spinspice.sweep import Study, run_study

BENCH = cell_testbench(BSN(Macrospin()), stop=100e-9)


class Idle(MadeUp):
    """An engine that must not be asked to run."""

    def run(self, testbench, **more):
        raise AssertionError("it ran")


def test_points_follow_from_the_steps_of_the_junction():
    assert points_of(BENCH) == pytest.approx(100e-9 / 1.25e-12)
    assert points_of(cell_testbench(BSN(Macrospin(max_step=5e-12)), stop=100e-9)) == pytest.approx(100e-9 / 5e-12)
    quiet, busy = (points_of(cell_testbench(BSN(Telegraph(delta=d)), stop=1e-5)) for d in (20.0, 3.0))
    assert quiet == pytest.approx(5000.0, rel=1e-3) and busy > 5 * quiet


def test_what_a_clocked_deck_is_given_as_its_longest_step_counts_and_not_its_first():
    slow = BENCH.replace(
        circuit="X1 a 0 s c mtj_telegraph delta=18 seed=1\nV1 a 0 0.1", stop=1.0, step=1e-9, max_step=1e-3
    )
    assert points_of(slow) == pytest.approx(1000.0, rel=2.0)


def test_transistors_cost_more():
    alone = BENCH.replace(circuit="X1 a 0 mx my mz mtj_macrospin max_step=1.25e-12 seed=1\nV1 a 0 0.1")
    ratio = estimate(BENCH, MadeUp()) / estimate(alone, MadeUp())
    assert 2.0 < ratio < 6.0  # 4 and 15 us a point in the README


@pytest.mark.engine("ngspice")
def test_an_estimate_is_near_what_a_run_takes():
    """Within a factor of ten, on a machine that may be busy: it tells minutes from days."""
    engine = get_engine("ngspice")
    bench = BENCH.replace(stop=50e-9)
    took = min(engine.run(bench).provenance["wall_time"] for _ in range(2))
    assert 0.1 < estimate(bench, engine) / took < 10.0


def test_a_run_of_more_than_an_hour_is_refused_before_it_starts(capsys):
    with pytest.raises(
        RunTooLong, match=r"5 runs of 4e\+08 time points will take about .* h, more than the limit of 1 h"
    ):
        characterize("bsn", vin="-0.06:0.06:5", duration=1e-3, trials=1, engine=Idle())
    assert run(["characterize", "bsn", "--vin=-0.06:0.06:5", "--duration", "1m", "--trials", "1"]) == 2
    assert "--yes" in capsys.readouterr().err
    assert run(["characterize", "bsn", "--vin=-0.06:0.06:5", "--duration", "1", "--trials", "1"]) == 2
    assert "10 ns are 10e-9" in capsys.readouterr().err
    assert run(["energy", "bsn", "--duration", "1.2m"]) == 2
    assert "will take about" in capsys.readouterr().err


def test_the_limit_can_be_set(caplog):
    jobs = [BENCH] * 100
    with pytest.raises(RunTooLong, match="limit of 1 s"), wall_limit(1.0):
        run_jobs(jobs, engine=Idle(), workers=1)
    with pytest.raises(RunTooLong):
        characterize("bsn", vin="-0.06:0.06:5", trials=1, engine=Idle(), max_wall=1e-3)
    with caplog.at_level(logging.WARNING, "spinspice"), wall_limit(float("inf")):
        check_wall(1e7, 3)
    assert caplog.messages == ["3 runs will take about 1.2e+02 days."]
    check_wall(0.5 * LIMIT, 1)


def test_long_but_allowed_is_announced(caplog):
    with caplog.at_level(logging.WARNING, "spinspice"):
        check_wall(30.0, 2)
        assert not caplog.messages
        check_wall(120.0, 2)
    assert caplog.messages == ["2 runs will take about 2 min."]


def test_a_sweep_is_estimated_as_a_whole(tmp_path):
    data = {
        "cell": "bsn",
        "grid": {"vdd": [0.8, 0.9, 1.0]},
        "montecarlo": {"samples": 1000},
        "measure": {"duration": 1e-6},
    }
    with pytest.raises(RunTooLong, match=r"3000 runs \(jobs\) will take about .* h"):
        run_study(Study.from_dict(data), tmp_path / "a", engine=Idle())
    with pytest.raises(RunTooLong):
        run_study(Study.from_dict(data | {"montecarlo": {}}), tmp_path / "b", engine=Idle(), max_wall=0.1)


def test_times_for_people():
    assert [duration_text(t) for t in (0.2, 59.0, 60.0, 3600.0, 1e9)] == ["0.2 s", "59 s", "1 min", "1 h", "32 years"]
