"""Compiled files are made once: addressed by content, complete when they appear, and made by one process at a time.

A simulator executes what lies here. So the folder must belong to the user (or to the system) and be closed to others,
and beside each file lies its checksum: a file that is damaged, empty or somebody else's is made again.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import os
import platform
import stat
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from spinspice.errors import EngineError

#: Wall-clock limit for another process to make the file that this one waits for [s].
LOCK_TIMEOUT = 900.0
#: Suffix of the file with the checksum.
CHECKSUM = ".sha256"


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
    """Return ``target``, made if it is not there yet or not as it was made.

    Several processes and threads may ask at once: a lock lets one of them work while the others wait; the system
    lifts it when its holder ends, however it does. The file is moved to its place in one step, so that nobody ever
    sees half of it.

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
        If the cache cannot be written, or others may write in it; and whatever ``make`` raises.
    """
    try:
        for folder in (target.parent.parent, target.parent):  # the mode counts for the last of the parents only
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        check_owner(target.parent)
        if is_whole(target):
            return target
        with _lock(target.parent / ".lock", f"{what} {target}"):
            if not is_whole(target):
                _make(target, make)
    except OSError as reason:
        raise EngineError(
            f"cannot write the {what} {target}: {reason}. "
            "Make room, or set SPINSPICE_CACHE_DIR to a folder that can be written."
        ) from reason
    return target


def check_owner(folder: Path) -> None:
    """Refuse a folder, or one above it that is spinspice's too, whose files another user could exchange.

    Raises
    ------
    EngineError
        Saying whose it is and what to do.
    """
    if not hasattr(os, "getuid"):  # no such rights on this system
        return
    for place in (folder, folder.parent):
        state = place.stat()
        if state.st_uid not in (0, os.getuid()):
            fault = f"belongs to another user (number {state.st_uid}; you are {os.getuid()})"
        elif state.st_mode & stat.S_IWOTH and not (place == folder.parent and state.st_mode & stat.S_ISVTX):
            fault = f"can be written by every user (mode {stat.S_IMODE(state.st_mode):o})"
        else:
            continue
        raise EngineError(
            f"the cache folder {place} {fault}, and simulators execute what lies in it. "
            f"Run: chmod o-w '{place}', if it is yours; or set SPINSPICE_CACHE_DIR to a folder of your own."
        )


def is_whole(target: Path) -> bool:
    """Whether a file is there, belongs to a user that may put it there, and has the checksum it was made with."""
    try:
        state = target.stat()
        if hasattr(os, "getuid") and (state.st_uid not in (0, os.getuid()) or state.st_mode & stat.S_IWOTH):
            return False
        written = _checksum_file(target).read_bytes()
    except OSError:
        return False
    return written == _digest(target, state.st_size, state.st_mtime_ns, state.st_ino)


@functools.lru_cache(maxsize=256)
def _digest(target: Path, _size: int, _time: int, _number: int) -> bytes | None:
    """Return the checksum of a file; kept as long as size, time and number are the same."""
    try:
        return hashlib.sha256(target.read_bytes()).hexdigest().encode()
    except OSError:
        return None


def _checksum_file(target: Path) -> Path:
    return target.with_name(target.name + CHECKSUM)


def _make(target: Path, make: Callable[[Path], None]) -> None:
    partial, checksum = _new_file(target), _new_file(target)
    try:
        make(partial)
        partial.chmod(0o755)
        checksum.write_bytes(hashlib.sha256(partial.read_bytes()).hexdigest().encode())
        checksum.chmod(0o644)
        os.replace(checksum, _checksum_file(target))
        os.replace(partial, target)
    finally:
        partial.unlink(missing_ok=True)
        checksum.unlink(missing_ok=True)


def _new_file(target: Path) -> Path:
    handle, name = tempfile.mkstemp(prefix=f".{target.stem}-", suffix=target.suffix, dir=target.parent)
    os.close(handle)
    return Path(name)


@contextlib.contextmanager
def _lock(path: Path, what: str) -> Iterator[None]:
    """Hold a lock between processes and threads; where the file system knows none, go on without."""
    import filelock  # only where something is made: it takes as long to load as half of numpy

    lock = filelock.FileLock(path, timeout=LOCK_TIMEOUT)
    try:
        lock.acquire()
    except NotImplementedError:
        yield
        return
    except filelock.Timeout:
        raise EngineError(
            f"waited {LOCK_TIMEOUT:g} s for another process to make the {what}, in vain. "
            f"Look what holds {path}, or set SPINSPICE_CACHE_DIR to another folder."
        ) from None
    try:
        yield
    finally:
        lock.release()
