"""Waveforms: selection, averages, storage."""

from __future__ import annotations

import numpy as np
import pytest

from spinspice.errors import ResultError, SignalError
from spinspice.waveforms import Waveforms, crossings


@pytest.fixture
def waves() -> Waveforms:
    time = np.array([0.0, 1.0, 3.0, 4.0])
    return Waveforms(
        time, {"v(out)": time**2, "i(vdd)": -time}, events={"v(count)": np.array([0.5, 3.5])}, provenance={"seed": 3}
    )


def test_a_mapping_of_signals(waves):
    assert list(waves) == ["v(out)", "i(vdd)"]
    assert np.array_equal(waves["V(OUT)"], waves.time**2)
    assert waves.units == {"v(out)": "V", "i(vdd)": "A"}
    with pytest.raises(SignalError, match=r"no signal 'v\(oot\)' in this result. Did you mean v\(out\)"):
        waves["v(oot)"]


def test_get_has_a_default(waves):
    assert waves.get("i(vdd)") is waves["i(vdd)"]
    assert waves.get("v(none)") is None
    assert waves.get("v(none)", 0) == 0


def test_averages_weigh_by_time(waves):
    assert waves.mean("i(vdd)") == pytest.approx(-2.0)


def test_window_takes_events_along(waves):
    part = waves.window(1.0, 3.0)
    assert part.time.tolist() == [1.0, 3.0]
    assert part.events["v(count)"].size == 0
    assert waves.window(3.0).events["v(count)"].tolist() == [3.5]
    with pytest.raises(ResultError, match="no point between 10 and 11"):
        waves.window(10.0, 11.0)


def test_resample(waves):
    even = waves.resample(0.5)
    assert even.time.tolist() == [0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0]
    assert even["i(vdd)"][3] == pytest.approx(-1.5)


def test_storage_round_trip(waves, tmp_path):
    path = waves.save(tmp_path / "folder" / "w.nc")
    again = Waveforms.load(path)
    assert np.array_equal(again.time, waves.time)
    assert {name: values.tolist() for name, values in again.items()} == {n: v.tolist() for n, v in waves.items()}
    assert again.events["v(count)"].tolist() == [0.5, 3.5]
    assert again.provenance == {"seed": 3}
    assert [p.name for p in path.parent.iterdir()] == ["w.nc"]


def test_damaged_and_missing_files_are_said_to_be_so(waves, tmp_path):
    path = waves.save(tmp_path / "w.nc")
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(ResultError, match="cannot read"):
        Waveforms.load(path)
    with pytest.raises(ResultError, match="cannot read"):
        Waveforms.load(tmp_path / "none.nc")


def test_a_place_that_cannot_be_written(waves, tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ResultError, match="cannot write"):
        waves.save(tmp_path / "file" / "w.nc")


def test_shapes_must_fit():
    with pytest.raises(ResultError, match="has shape"):
        Waveforms(np.arange(3.0), {"v(a)": np.arange(4.0)})


def test_crossings_of_a_count():
    time = np.array([0.0, 1.0, 2.0, 3.0])
    assert crossings(time, np.array([0.0, 0.5, 1.5, 3.0])).tolist() == pytest.approx([1.5, 2 + 1 / 3, 3.0])
    assert crossings(time, np.zeros(4)).size == 0
