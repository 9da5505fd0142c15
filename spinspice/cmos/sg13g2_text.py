"""Text of the foundry's files of SG13G2: the elements and models of its transistors."""

from __future__ import annotations

import re
from pathlib import Path

from spinspice.cmos.packages import read_source
from spinspice.errors import UsageError

#: Parameters of a device that take standard normal numbers, in place of the foundry's draws.
SPREAD = ("mm_vt", "mm_u0", "mm_w", "mm_l")


def first(pattern: str, path: Path) -> str:
    """Return the first group of a pattern in a file.

    Raises
    ------
    UsageError
        If the file has nothing like it.
    """
    match = re.search(pattern, read_source(path), re.MULTILINE | re.DOTALL | re.IGNORECASE)
    if not match:
        raise UsageError(
            f"{path} has nothing like {pattern!r}: not a version of the package ihp-gdsfactory that spinspice knows. "
            "Run: pip install -U --no-deps ihp-gdsfactory"
        )
    return match[1]


def element_of(name: str, devices: Path, number: int) -> str:
    """Return one of the elements of a subcircuit: of rfmode 0, 0 for an odd and 1 for an even number of fingers, 2 for
    junctions that are given.
    """
    body = first(rf"^\.subckt {name} (.*?)^\.ends", devices)
    model = name.replace("sg13_", "sg13g2_") + "_psp"
    found = re.findall(rf"^\s*N{name} d g s b {model}[ \t]*\n(?:[ \t]*\+[^\n]*\n)+", body, re.MULTILINE)
    if len(found) != 3:
        raise UsageError(f"{devices} has {len(found)} elements of {name} where spinspice knows of 3.")
    return re.sub(r"\s*\n\s*\+\s*", "\n+ ", found[number].strip())


def without_draws(text: str, name: str, devices: Path) -> str:
    """Return an element with the parameters :data:`SPREAD` in place of the foundry's draws.

    Raises
    ------
    UsageError
        If the foundry draws in another way.
    """
    for pattern, replacement in (
        (r"'agauss\(w,\s*(\w+),[^\n]*'", r"'w+\1*mm_w'"),
        (r"'agauss\(l,\s*(\w+),[^\n]*'", r"'l+\1*mm_l'"),
        (r"'agauss\(0,\s*(\w+)/(sqrt\([^)]*\)),[^\n]*'", r"'\1/\2*mm_vt'"),
        (r"'agauss\(1,\s*(\w+)/(sqrt\([^)]*\)),[^\n]*'", r"'1+\1/\2*mm_u0'"),
    ):
        text, count = re.subn(pattern, replacement, text)
        if count != 1:
            raise UsageError(f"{devices} draws the mismatch of {name} in a way that spinspice does not know.")
    return text


def model_of(name: str, models: Path) -> str:
    """Return the model of a device."""
    model = name.replace("sg13_", "sg13g2_") + "_psp"
    body = first(rf"^(\.model {model}\s[^\n]*\n(?:\+[^\n]*\n)+)", models)
    lines = [line.rstrip() for line in body.splitlines() if line.strip() and not line.startswith("*")]
    return "\n".join(re.sub(r"\s+", " ", line) for line in lines)
