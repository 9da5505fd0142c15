"""Reads TOML files of users: every way in which a file can be unreadable becomes one clear error."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from spinspice.errors import UsageError

#: Largest file [bytes] and deepest nesting; what is meant by hand stays far below.
MOST_BYTES, DEEPEST = 4_000_000, 16


def read_toml(path: str | os.PathLike[str], what: str, see: str) -> dict[str, Any]:
    """Return the tables of a TOML file.

    Parameters
    ----------
    path : path
        The file.
    what : str
        What it is, for the message: ``"cell file"``.
    see : str
        The page that shows one, for the message.

    Raises
    ------
    UsageError
        For a file that cannot be read, is no TOML, is too large or nested too deeply.
    """
    path = Path(path)
    try:
        special = path.exists() and not path.is_file()
    except (OSError, ValueError):
        special = False  # opening it says what is wrong
    if special:
        raise UsageError(f"cannot read the {what} {path}: it is no file. Give an existing file. See {see}.")
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as reason:
        raise UsageError(
            f"cannot read the {what} {path}: {reason.strerror or reason}. Give an existing file. See {see}."
        ) from reason
    except ValueError as reason:
        raise UsageError(f"cannot read the {what} {str(path)!r}: {reason}. Give an existing file. See {see}.") from None
    if len(data) > MOST_BYTES:
        raise UsageError(f"the {what} {path} is larger than {MOST_BYTES} bytes, so it is none. See {see}.")
    try:
        read = tomllib.loads(data.decode("utf-8-sig"))
    except RecursionError:
        raise UsageError(f"the {what} {path} is not TOML that makes sense: nested too deeply. See {see}.") from None
    except UnicodeDecodeError as reason:
        raise UsageError(f"the {what} {path} is not TOML: byte {reason.start} is no UTF-8 text. See {see}.") from None
    except ValueError as reason:  # a syntax error, or a number of thousands of digits
        raise UsageError(f"the {what} {path} is not TOML: {reason}. See {see}.") from None
    if _depth(read) > DEEPEST:
        raise UsageError(f"the {what} {path} is nested more than {DEEPEST} deep. See {see}.")
    return read


def _depth(value: Any) -> int:
    """Return how deep tables and lists are nested, counted up to one more than is allowed."""
    depth, level = 0, [value]
    while level and depth <= DEEPEST:
        inner: list[Any] = []
        for entry in level:
            inner += entry.values() if isinstance(entry, Mapping) else entry if isinstance(entry, list) else ()
        depth, level = depth + 1, [entry for entry in inner if isinstance(entry, Mapping | list)]
    return depth
