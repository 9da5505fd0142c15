"""Compiled files are made once: addressed by content, complete when they appear, and made by one process at a time."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import os
import platform
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from spinspice.errors import EngineError


def content_key(parts: Iterable[str | bytes]) -> str:
    """Return a hash of all that a compiled file depends on (hexadecimal, 20 digits)."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update((part.encode() if isinstance(part, str) else part) + b"\0")
    return digest.hexdigest()[:20]


@functools.cache
def processor() -> str:
    """Return what the processor is and can do, so that a cache on a shared disk never serves the wrong machine."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return f"{platform.processor()} {platform.node()}"
    wanted = ("model name", "flags", "Features", "CPU part")
    return "\n".join(sorted({line for line in lines if line.startswith(wanted)}))


def make_once(target: Path, make: Callable[[Path], None], *, what: str) -> Path:
    """Return ``target``, made if it is not there yet.

    Several processes and threads may ask at once: a lock lets one of them work while the others wait. The file is
    moved to its place in one step, so that nobody ever sees half of it.

    Parameters
    ----------
    target : Path
        Where the file belongs; its name is its content address.
    make : callable
        Writes a complete file at the path it is given, or raises.
    what : str
        What is made, for the message.

    Raises
    ------
    EngineError
        If the cache cannot be written; and whatever ``make`` raises.
    """
    if target.exists():
        return target
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with _lock(target.parent / ".lock"):
            if not target.exists():
                _make(target, make)
    except OSError as reason:
        raise EngineError(
            f"cannot write the {what} {target}: {reason}. "
            "Make room, or set SPINSPICE_CACHE_DIR to a folder that can be written."
        ) from reason
    return target


def _make(target: Path, make: Callable[[Path], None]) -> None:
    handle, name = tempfile.mkstemp(prefix=f".{target.stem}-", suffix=target.suffix, dir=target.parent)
    os.close(handle)
    partial = Path(name)
    try:
        make(partial)
        partial.chmod(0o755)
        os.replace(partial, target)
    finally:
        partial.unlink(missing_ok=True)


@contextlib.contextmanager
def _lock(path: Path) -> Iterator[None]:
    """Hold a lock between processes and threads; where the file system knows none, go on without."""
    import fcntl

    with open(path, "w") as handle:
        with contextlib.suppress(OSError):
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
