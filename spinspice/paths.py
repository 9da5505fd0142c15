"""Where the files that are not Python lie: compact models and netlists, in a clone and in an installed wheel alike."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from .errors import ResultError, UsageError, did_you_mean

#: Folders beside the package in a clone; the wheel carries them in ``spinspice/_data``.
FOLDERS = ("netlists", "verilog_a")


def data_dir(name: str) -> Path:
    """Return the folder ``name`` of the project's own data.

    In an editable install (or a clone on the path) it stands beside the package, in a wheel inside it. The copy in the
    wheel goes first, so that an installed package never reads a neighbour's folder of the same name.

    Parameters
    ----------
    name : str
        One of :data:`FOLDERS`.

    Raises
    ------
    UsageError
        If there is no such folder.

    Examples
    --------
    >>> (data_dir("verilog_a") / "mtj_macrospin.va").is_file()
    True
    """
    if name not in FOLDERS:
        raise UsageError(f"no data folder '{name}'. {did_you_mean(name, FOLDERS)}")
    package = Path(__file__).resolve().parent
    for folder in (package / "_data" / name, package.parent / name):
        if folder.is_dir():
            return folder
    raise UsageError(
        f"the folder '{name}' is missing: looked beside {package} and in {package / '_data'}. "
        "The installation is incomplete; install spinspice again."
    )


@contextlib.contextmanager
def whole_file(path: str | os.PathLike[str]) -> Iterator[Path]:
    """Yield a name beside ``path`` to write to; ``path`` appears, complete, when the block ends without an error.

    Folders that are missing are made.

    Raises
    ------
    ResultError
        If the file cannot be written, with the reason; nothing half-written stays behind.
    """
    path = Path(path)
    partial = path.with_name(f".{os.getpid()}.{path.name}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield partial
        os.replace(partial, path)
    except OSError as reason:
        raise ResultError(f"cannot write {path}: {reason}. Choose another folder or make room.") from reason
    finally:
        with contextlib.suppress(OSError):
            partial.unlink(missing_ok=True)
