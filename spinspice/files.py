"""Files of results: there under their name only when they are complete, and never in the place of somebody else's.

A file of spinspice's own says so inside (:data:`WRITTEN`: an attribute of NetCDF, the metadata of a picture, a line of
text), so that running a command again replaces what it wrote, and nothing else.
"""

from __future__ import annotations

import contextlib
import contextvars
import io
import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from spinspice.errors import ResultError, UsageError

if TYPE_CHECKING:
    import xarray

#: What a file of spinspice's says inside.
WRITTEN = "Written by spinspice"
#: Bytes at both ends of a file in which that is looked for; HDF5 files are asked for their attributes.
_LOOKED_AT = 16_384
_HDF5 = b"\x89HDF\r\n\x1a\n"
#: Attributes of NetCDF files written by spinspice 0.1.0, which had no mark.
_OLDER = ("characterization", "study", "provenance")
#: Files that an empty folder may hold.
_NO_CONTENT = frozenset({".gitkeep", ".gitignore", ".DS_Store", ".lock", ".owner"})
_OVERWRITE: contextvars.ContextVar[bool] = contextvars.ContextVar("overwrite", default=False)


def mark() -> str:
    """Return the line that a file of spinspice's carries, with the version."""
    from spinspice import __version__

    return f"{WRITTEN} {__version__}"


@contextlib.contextmanager
def overwriting(allowed: bool) -> Iterator[None]:
    """Allow files of others to be replaced inside this block, because the user said so."""
    token = _OVERWRITE.set(allowed)
    try:
        yield
    finally:
        _OVERWRITE.reset(token)


@contextlib.contextmanager
def complete_file(path: str | os.PathLike[str], *, own_folder: bool = False) -> Iterator[Path]:
    """Yield a place to write to; when the block ends well, the file there takes the name ``path``.

    Missing folders are made. An interrupted or failed block leaves nothing behind, and an older file untouched.

    Parameters
    ----------
    path : path
        The file.
    own_folder : bool
        The folder is spinspice's own (a cache, a store of results), so any regular file in it may be replaced.

    Raises
    ------
    ResultError
        If it cannot be written, or would take the place of what is not spinspice's: where, why, and what to try.
    """
    path = Path(path)
    check_place(path, own_folder=own_folder)
    # The suffix stays last: matplotlib and others take the format from it. The name is short however long the path is.
    partial = path.with_name(f".spinspice-{os.urandom(6).hex()}{path.suffix}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # A new file, not one that somebody put there; with the rights that any new file gets.
        os.close(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
        yield partial
        os.replace(partial, path)
    except OSError as reason:
        raise ResultError(f"cannot write {path}: {reason}. Choose another folder or make room.") from reason
    finally:
        with contextlib.suppress(OSError):
            partial.unlink()


def check_place(path: Path, *, own_folder: bool = False) -> None:
    """Refuse a path whose place is taken by a folder, a device, a link, or a file that spinspice did not write.

    Raises
    ------
    ResultError
        Saying what is there and what to try.
    """
    try:
        path.with_name("x")
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return
    except (OSError, ValueError) as reason:
        raise ResultError(f"cannot write {path}: {reason}. Choose another place.") from reason
    if stat.S_ISREG(mode):
        if not own_folder and not _OVERWRITE.get() and path.stat().st_size and not is_ours(path):
            raise ResultError(
                f"cannot write {path}: a file that spinspice did not write is there. "
                "Choose another name, remove it, or give --force."
            )
        return
    kinds = {
        stat.S_ISDIR: "a folder",
        stat.S_ISLNK: "a symbolic link; name the file itself",
        stat.S_ISFIFO: "a pipe",
        stat.S_ISCHR: "a device",
        stat.S_ISBLK: "a device",
        stat.S_ISSOCK: "a socket",
    }
    what = next((name for test, name in kinds.items() if test(mode)), "something special")
    raise ResultError(f"cannot write {path}: it is {what}. Choose another place, with the name of a file.")


def is_ours(path: Path) -> bool:
    """Whether spinspice wrote a file, by what it says inside."""
    try:
        with path.open("rb") as file:
            head = file.read(_LOOKED_AT)
            file.seek(max(0, path.stat().st_size - _LOOKED_AT))
            tail = file.read(_LOOKED_AT)
    except OSError:
        return False
    if head.startswith(_HDF5):
        return _is_our_netcdf(path)
    return WRITTEN.encode() in head or WRITTEN.encode() in tail


def _is_our_netcdf(path: Path) -> bool:
    import h5py

    try:
        with h5py.File(path, "r") as file:
            attributes = dict(file.attrs)
    except (OSError, RuntimeError, KeyError, ValueError):
        return False
    if str(attributes.get("history", "")).startswith(WRITTEN):
        return True
    return any("spinspice" in str(attributes.get(name, "")) for name in _OLDER)


def write_netcdf(dataset: xarray.Dataset, path: str | os.PathLike[str], *, own_folder: bool = False) -> Path:
    """Store a dataset as NetCDF with spinspice's mark; the file appears only when it is complete.

    Raises
    ------
    ResultError
        As :func:`complete_file`.
    """
    path = Path(path)
    check_place(path, own_folder=own_folder)
    # Made in memory: the HDF5 library ends the whole process when a disk is full in the middle of a file.
    made = io.BytesIO()
    dataset.assign_attrs(history=mark()).to_netcdf(made, engine="h5netcdf", invalid_netcdf=False)
    with complete_file(path, own_folder=own_folder) as partial, partial.open("wb") as file:
        file.write(made.getbuffer())
    return path


def check_folder(folder: Path, own: Iterable[str]) -> None:
    """Refuse a folder for many files that holds what is not spinspice's.

    Parameters
    ----------
    folder : Path
        May be missing.
    own : iterable of str
        Names of files one of which, carrying :data:`WRITTEN`, says that the folder is spinspice's.

    Raises
    ------
    ResultError
        Naming some of what is there.
    """
    try:
        if not folder.is_dir():
            if folder.exists() or folder.is_symlink():
                raise ResultError(f"cannot write {folder}: it is no folder. Choose another place.")
            return
        held = sorted(set(os.listdir(folder)) - _NO_CONTENT)
    except (OSError, ValueError) as reason:
        raise ResultError(f"cannot write {folder}: {reason}. Choose another folder.") from reason
    if not held or _OVERWRITE.get() or any(is_ours(folder / name) for name in own if name in held):
        return
    some = ", ".join(held[:3]) + (", ..." if len(held) > 3 else "")
    raise ResultError(
        f"cannot write {folder}: it holds files that spinspice did not write ({some}). "
        "Choose a new or an empty folder, or give --force."
    )


def check_distinct(*paths: Path | None) -> None:
    """Refuse two outputs of one name.

    Raises
    ------
    UsageError
        Naming both.
    """
    seen: dict[str, Path] = {}
    for path in paths:
        if path is None:
            continue
        try:
            key = os.path.normcase(os.path.realpath(path))
        except (OSError, ValueError) as reason:
            raise ResultError(f"cannot write {path}: {reason}. Choose another place.") from reason
        if key in seen:
            raise UsageError(f"{seen[key]} and {path} are one file; two outputs need two names.")
        seen[key] = path
