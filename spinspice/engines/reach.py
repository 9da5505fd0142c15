"""Files under names that every simulator can read: a path with spaces, quotes or other letters gets a link beside it.

Commands of ngspice take neither spaces nor letters beyond ASCII, and PySpice sends ASCII only; quoting helps neither.
So a compiled model whose path is not plain is reached through a link in the folder of the run.
"""

from __future__ import annotations

import contextlib
import re
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path

_PLAIN = re.compile(r"[A-Za-z0-9_./\\:@+~-]+")
#: Folders for temporary files that are tried when the path of the system's own is not plain.
_PLACES = ("/tmp", "/var/tmp", "/dev/shm")


def is_plain(path: Path | str) -> bool:
    """Whether a path can stand in a deck or a command as it is."""
    return _PLAIN.fullmatch(str(path)) is not None


def reachable(path: Path, folder: Path, *, name: str | None = None) -> str:
    """Return how a run in ``folder`` names a file: its path, or, if that is not plain, a link that is made there.

    Parameters
    ----------
    path : Path
        The file.
    folder : Path
        Working folder of the simulator.
    name : str, optional
        Name of the link; default that of the file.
    """
    if is_plain(path):
        return str(path)
    name = name or path.name
    link(path, folder / name)
    return name


def link(path: Path, place: Path) -> None:
    """Make ``place`` a link to a file; a copy where there are no links."""
    if place.exists():
        return
    try:
        place.symlink_to(path.absolute())
    except (OSError, NotImplementedError):
        shutil.copyfile(path, place)


def link_all(paths: Iterable[Path], folder: Path) -> None:
    """Put what :func:`reachable` names without its folder beside a deck that is kept."""
    for path in paths:
        if not is_plain(path):
            link(path, folder / path.name)


def make_plain_folder(prefix: str) -> tempfile.TemporaryDirectory[str]:
    """Return a folder for temporary files: the system's place for them, or another if its path is not plain."""
    if not is_plain(tempfile.gettempdir()):
        for place in filter(lambda place: Path(place).is_dir(), _PLACES):
            with contextlib.suppress(OSError):
                return tempfile.TemporaryDirectory(prefix=prefix, dir=place, ignore_cleanup_errors=True)
    return tempfile.TemporaryDirectory(prefix=prefix, ignore_cleanup_errors=True)
