"""Files are there completely or not at all."""

from __future__ import annotations

import errno

import pytest

from spinspice.errors import ResultError
from spinspice.files import complete_file


def test_a_file_appears_when_it_is_complete(tmp_path):
    with complete_file(tmp_path / "a" / "b.txt") as partial:
        partial.write_text("text")
        assert not (tmp_path / "a" / "b.txt").exists()
    assert (tmp_path / "a" / "b.txt").read_text() == "text"
    assert len(list((tmp_path / "a").iterdir())) == 1


@pytest.mark.parametrize("error", [KeyboardInterrupt(), ValueError("no")])
def test_an_interrupted_block_leaves_the_old_file(tmp_path, error):
    path = tmp_path / "b.txt"
    path.write_text("old")
    with pytest.raises(type(error)), complete_file(path) as partial:
        partial.write_text("half")
        raise error
    assert path.read_text() == "old"
    assert len(list(tmp_path.iterdir())) == 1


def test_a_full_disk_is_said_to_be_one(tmp_path):
    with (
        pytest.raises(ResultError, match="cannot write .*b.txt.*No space left.*make room"),
        complete_file(tmp_path / "b.txt"),
    ):
        raise OSError(errno.ENOSPC, "No space left on device")
