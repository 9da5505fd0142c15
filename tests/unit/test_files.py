"""Files are there completely or not at all."""

from __future__ import annotations

import errno
import os
import socket

import pytest

from spinspice.errors import ResultError, UsageError
from spinspice.files import WRITTEN, check_distinct, check_folder, complete_file, is_ours, overwriting, write_netcdf


def test_a_file_appears_when_it_is_complete(tmp_path):
    with complete_file(tmp_path / "a" / "b.txt") as partial:
        partial.write_text("text")
        assert not (tmp_path / "a" / "b.txt").exists()
    assert (tmp_path / "a" / "b.txt").read_text() == "text"
    assert len(list((tmp_path / "a").iterdir())) == 1


@pytest.mark.parametrize("error", [KeyboardInterrupt(), ValueError("no")])
def test_an_interrupted_block_leaves_the_old_file(tmp_path, error):
    path = tmp_path / "b.txt"
    path.write_text(f"old; {WRITTEN}")
    with pytest.raises(type(error)), complete_file(path) as partial:
        partial.write_text("half")
        raise error
    assert path.read_text() == f"old; {WRITTEN}"
    assert len(list(tmp_path.iterdir())) == 1


def test_a_full_disk_is_said_to_be_one(tmp_path):
    with (
        pytest.raises(ResultError, match="cannot write .*b.txt.*No space left.*make room"),
        complete_file(tmp_path / "b.txt"),
    ):
        raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("content", [b"a thesis", b"\x89PNG\r\n\x1a\n other", b"\x89HDF\r\n\x1a\n damaged"])
def test_a_file_of_somebody_else_stays(tmp_path, content):
    path = tmp_path / "mine.nc"
    path.write_bytes(content)
    with (
        pytest.raises(ResultError, match="did not write.*another name, remove it, or give --force"),
        complete_file(path),
    ):
        pytest.fail("the block must not run")
    assert path.read_bytes() == content
    with overwriting(True), complete_file(path) as partial:
        partial.write_text("new")
    assert path.read_text() == "new"


def test_an_empty_file_may_be_filled(tmp_path):
    (tmp_path / "a.txt").touch()
    with complete_file(tmp_path / "a.txt") as partial:
        partial.write_text("text")
    assert (tmp_path / "a.txt").read_text() == "text"


def _device(path):
    try:
        os.mknod(path, 0o600 | 0o020000, os.makedev(1, 7))
    except OSError:
        pytest.skip("devices can be made by root only")


def _socket(path):
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(path))


@pytest.mark.parametrize(
    ("make", "what"),
    [
        (lambda path: path.mkdir(), "a folder"),
        (os.mkfifo, "a pipe"),
        (_device, "a device"),
        (_socket, "a socket"),
        (lambda path: path.symlink_to(path.parent / "nowhere"), "a symbolic link"),
        (lambda path: path.symlink_to("/dev/full"), "a symbolic link"),
    ],
)
def test_what_is_no_file_is_left_alone(tmp_path, monkeypatch, make, what):
    monkeypatch.chdir(tmp_path)  # names of sockets must be short
    path = tmp_path / "it"
    make(path if what != "a socket" else type(path)("it"))
    before = path.lstat()
    with overwriting(True), pytest.raises(ResultError, match=f"it is {what}"), complete_file(path):
        pytest.fail("the block must not run")
    assert (path.lstat().st_mode, path.lstat().st_ino) == (before.st_mode, before.st_ino)


@pytest.mark.parametrize("name", ["a" * 250 + ".txt", "with space/ü'\"$x;#.txt", "line\nbreak.txt"])
def test_names_of_any_letters(tmp_path, name):
    with complete_file(tmp_path / name) as partial:
        partial.write_text("text")
    assert (tmp_path / name).read_text() == "text"


@pytest.mark.parametrize("name", ["a" * 300, "nul\0.txt", "", ".", ".."])
def test_names_that_cannot_be(tmp_path, name):
    with pytest.raises(ResultError, match="cannot write"), complete_file(tmp_path / name):
        pytest.fail("the block must not run")


def test_our_own_results_are_known_by_what_they_say(tmp_path):
    import xarray

    write_netcdf(xarray.Dataset({"a": ("t", [1.0])}), tmp_path / "a.nc")
    assert is_ours(tmp_path / "a.nc")
    xarray.Dataset({"a": ("t", [1.0])}).to_netcdf(tmp_path / "b.nc", engine="h5netcdf")
    assert not is_ours(tmp_path / "b.nc")
    write_netcdf(xarray.Dataset({"a": ("t", [2.0])}), tmp_path / "a.nc")
    with pytest.raises(ResultError, match="did not write"):
        write_netcdf(xarray.Dataset(), tmp_path / "b.nc")


@pytest.mark.parametrize("suffix", [".png", ".svg", ".pdf"])
def test_pictures_and_pages_are_known(tmp_path, suffix):
    from made_up import made_up

    from spinspice.plotting import plot_result
    from spinspice.report import write_report

    assert is_ours(plot_result(made_up(), tmp_path / f"a{suffix}"))
    assert is_ours(write_report(made_up(), tmp_path / "a.html"))


def test_folders_of_others_are_refused(tmp_path):
    check_folder(tmp_path / "new", ["study.json"])
    check_folder(tmp_path, ["study.json"])
    (tmp_path / "thesis.tex").touch()
    with pytest.raises(ResultError, match=r"did not write \(thesis.tex\)"):
        check_folder(tmp_path, ["study.json"])
    with pytest.raises(ResultError, match="it is no folder"):
        check_folder(tmp_path / "thesis.tex", [])
    with overwriting(True):
        check_folder(tmp_path, [])
    (tmp_path / "study.json").write_text(f'{{"written_by": "{WRITTEN} 1"}}')
    check_folder(tmp_path, ["study.json"])


def test_two_outputs_of_one_name(tmp_path):
    check_distinct(tmp_path / "a", None, tmp_path / "b", None)
    (tmp_path / "link").symlink_to(tmp_path)
    with pytest.raises(UsageError, match="are one file"):
        check_distinct(tmp_path / "a", tmp_path / "link" / "." / "a")
