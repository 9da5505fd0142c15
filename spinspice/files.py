"""Files that appear under their name only when they are complete."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from spinspice.errors import ResultError


@contextlib.contextmanager
def complete_file(path: str | os.PathLike[str]) -> Iterator[Path]:
    """Yield a place to write to; when the block ends well, the file there takes the name ``path``.

    Missing folders are made. An interrupted or failed block leaves nothing behind, and an older file untouched.

    Raises
    ------
    ResultError
        If it cannot be written: where, why, and what to try.
    """
    path = Path(path)
    # The suffix stays last: matplotlib and others take the format from it.
    partial = path.with_name(f".{os.getpid()}-{path.name}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield partial
        os.replace(partial, path)
    except OSError as reason:
        raise ResultError(f"cannot write {path}: {reason}. Choose another folder or make room.") from reason
    finally:
        with contextlib.suppress(OSError):
            partial.unlink()
