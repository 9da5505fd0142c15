"""Where the files that are not Python lie: compact models and netlists, in a clone and in an installed wheel alike."""

from __future__ import annotations

import functools
import os
from pathlib import Path

from .errors import UsageError, did_you_mean

#: Folders beside the package in a clone; the wheel carries them in ``spinspice/_data``.
FOLDERS = ("netlists", "rtl", "verilog_a")
#: Another, of which no run depends.
EXAMPLES = "examples"


def data_dir(name: str) -> Path:
    """Return the folder ``name`` of the project's own data.

    In an editable install (or a clone on the path) it stands beside the package, in a wheel inside it. The copy in the
    wheel goes first, so that an installed package never reads a neighbour's folder of the same name.

    Parameters
    ----------
    name : str
        One of :data:`FOLDERS`, or :data:`EXAMPLES`.

    Raises
    ------
    UsageError
        If there is no such folder.

    Examples
    --------
    >>> (data_dir("verilog_a") / "mtj_macrospin.va").is_file()
    True
    """
    if name not in (*FOLDERS, EXAMPLES):
        raise UsageError(f"no data folder '{name}'. {did_you_mean(name, (*FOLDERS, EXAMPLES))}")
    package = Path(__file__).resolve().parent
    for folder in (package / "_data" / name, package.parent / name):
        if folder.is_dir():
            return folder
    raise UsageError(
        f"the folder '{name}' is missing: looked beside {package} and in {package / '_data'}. "
        "The installation is incomplete; install spinspice again."
    )


def cache_dir(name: str) -> Path:
    """Return the folder ``name`` of what can be made again: below ``$SPINSPICE_CACHE_DIR``, else the user's cache."""
    named = os.environ.get("SPINSPICE_CACHE_DIR")
    if named:
        return Path(named) / name
    return _user_cache(os.environ.get("XDG_CACHE_HOME"), os.environ.get("HOME")) / name


@functools.cache
def _user_cache(_named: str | None, _home: str | None) -> Path:
    """Return the user's folder, which depends on these variables: every run of an engine asks for it."""
    import platformdirs

    return Path(platformdirs.user_cache_dir("spinspice"))
