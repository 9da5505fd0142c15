"""Times of figures: stored with the machine, shown in the list."""

from __future__ import annotations

from benchmarks.bench_figures import write
from spinspice.reproduce import figures
from spinspice.reproduce.times import Times, read_times


def test_times_come_back_as_they_were_written(tmp_path):
    times = Times("a processor, 2 cores", "2026-01-02", {"lopez-fig2": 12.3, "nomura-gates": 345.0, "x": 0.25})
    write(times, tmp_path / "times.toml")
    assert read_times(tmp_path / "times.toml") == times
    assert [times.text(name) for name in ("lopez-fig2", "nomura-gates", "x", "none")] == ["12 s", "6 min", "0.2 s", "-"]


def test_without_a_file_no_time_is_known(tmp_path):
    assert read_times(tmp_path / "none.toml").seconds == {}


def test_what_is_stored_is_of_figures_that_there_are():
    assert set(read_times().seconds) <= set(figures())
