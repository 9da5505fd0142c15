"""Progress with count and estimate: one display for all long calls, silent where nobody asked and nobody watches."""

from __future__ import annotations

import io
import sys
import threading

import pytest
from made_up import MadeUp

import spinspice.progress
from spinspice.characterize import characterize
from spinspice.errors import UsageError
from spinspice.jobs import run_jobs
from spinspice.progress import MAX_INTERVAL, Reporter, always, duration, reporting, shows_progress
from spinspice.testbench import Testbench


class Clock:
    """Time that passes when told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def lines(steps, total=100):
    """Lines of a stage whose runs end at the times ``steps``: (seconds, done)."""
    clock, stream = Clock(), io.StringIO()
    report = Reporter("cell", bar=False, stream=stream, clock=clock)
    for seconds, done in steps:
        clock.now = seconds
        report("transfer", done, total)
    return stream.getvalue().splitlines()


def test_a_line_every_tenth_of_the_work_with_what_is_left():
    told = lines([(0.2 * n, n) for n in range(101)])
    assert told[0] == "cell: transfer, 100 runs"
    assert told[1] == "cell: transfer, 10 of 100 (10%), about 18 s left"
    assert told[5] == "cell: transfer, 50 of 100 (50%), about 10 s left"
    assert len(told) == 11 and told[-1] == "cell: transfer, 100 of 100 (100%)"


def test_slow_work_is_told_of_every_half_minute_and_fast_work_once():
    assert lines([(0, 0), (29, 1), (31, 2), (40, 3), (62, 4)], 1000) == [
        "cell: transfer, 1000 runs",
        "cell: transfer, 2 of 1000 (0%), about 4.3 h left",
        "cell: transfer, 4 of 1000 (0%), about 4.3 h left",
    ]
    assert lines([(0.001 * n, n) for n in range(101)]) == ["cell: transfer, 100 runs"]


def test_a_resumed_sweep_is_estimated_from_what_was_done_now():
    assert lines([(0, 50), (10, 60)])[-1] == "cell: transfer, 60 of 100 (60%), about 40 s left"


def test_both_kinds_of_calls_and_several_stages():
    stream = io.StringIO()
    report = Reporter("cell", bar=False, stream=stream, clock=Clock())
    report(1, 3, "a result")
    report("noise", 0, 1)
    assert stream.getvalue().splitlines() == ["cell: simulating, 3 runs", "cell: noise, 1 run"]


def test_work_in_which_nothing_ends_is_told_of_too(monkeypatch):
    monkeypatch.setattr(spinspice.progress, "MAX_INTERVAL", 0.02)
    stream, seen = io.StringIO(), threading.Event()
    monkeypatch.setattr(stream, "flush", lambda: "running for" in stream.getvalue() and seen.set())
    with Reporter("audit", bar=False, stream=stream):
        assert seen.wait(10.0)
    assert MAX_INTERVAL == 30.0


def test_a_stream_that_has_gone_does_not_cost_the_work():
    stream = io.StringIO()
    stream.close()
    Reporter("cell", bar=False, stream=stream)("transfer", 0, 10)


def test_without_standard_error_nothing_is_said_elsewhere(monkeypatch, capsys):
    monkeypatch.setattr(sys, "stderr", None)
    Reporter("cell", bar=False)("transfer", 0, 10)
    assert not spinspice.progress.interactive()
    assert capsys.readouterr().out == ""


def test_a_bar_is_drawn_where_someone_watches():
    clock, stream = Clock(), io.StringIO()
    with Reporter("cell", bar=True, stream=stream, clock=clock) as report:
        report("transfer", 0, 10)
        assert stream.getvalue() == ""  # nothing for work that may be over at once
        clock.now = 2.0
        report("transfer", 5, 10)
    assert "cell: transfer" in stream.getvalue() and "5/10" in stream.getvalue()


@pytest.mark.parametrize(("seconds", "text"), [(0.4, "0 s"), (61, "61 s"), (150, "2 min"), (7200, "2.0 h")])
def test_durations(seconds, text):
    assert duration(seconds) == text


def neuron(**options):
    return characterize("bsn", vin="-200m:200m:5", duration="20n", trials=2, engine=MadeUp(), **options)


def test_silent_unless_asked_or_watched(capsys, monkeypatch):
    neuron()
    neuron(progress=False)
    assert capsys.readouterr().err == ""
    neuron(progress=True)
    assert "bsn: transfer, 10 runs" in capsys.readouterr().err
    with always():
        neuron()
        neuron(progress=False)
    assert capsys.readouterr().err.count("bsn: transfer, 10 runs") == 1
    monkeypatch.setattr(spinspice.progress, "interactive", lambda: True)
    monkeypatch.setattr(spinspice.progress, "PATIENCE", 0.0)
    neuron()
    assert "bsn: transfer" in capsys.readouterr().err


def test_runs_inside_report_to_the_display_of_the_call(capsys):
    bench = Testbench(
        circuit="V1 a 0 {vin}\nR1 a 0 1k", stop=1e-9, step=1e-10, save=("v(a)",), parameters={"vin": 0.0, "seed": 1}
    )

    @shows_progress
    def study(name, *, progress=None):
        return run_jobs([bench] * 3, engine=MadeUp(), workers=1)

    study("outer", progress=True)
    assert capsys.readouterr().err == "outer: simulating, 3 runs\n"
    calls = []
    study("outer", progress=lambda *call: calls.append(call))
    run_jobs([bench] * 2, engine=MadeUp(), workers=1, progress=True)
    assert capsys.readouterr().err == "spinspice: simulating, 2 runs\n"


def test_a_progress_that_is_none_of_these_is_refused():
    with pytest.raises(UsageError, match="progress = 3 is none of True, False, None and a function"), reporting(3, "x"):
        pass


def test_nothing_is_left_behind():
    before = threading.active_count()
    with Reporter("cell", bar=False, stream=sys.stderr):
        pass
    for thread in threading.enumerate():
        if thread.name == "spinspice-progress":
            thread.join(5.0)
    assert threading.active_count() <= before
