"""Junctions in a circuit: instances of compact models among SPICE cards, as devices with the numbers given there."""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Iterable, Iterator

from spinspice.devices import Device, models
from spinspice.errors import UsageError
from spinspice.units import parse_number

_VALUE = re.compile(r"([A-Za-z_]\w*)\s*=\s*(\{[^}]*\}|'[^']*'|[^\s=]+)")


def join_continuations(lines: Iterable[str]) -> list[str]:
    """Return cards with their ``+`` continuation lines joined, without comments."""
    cards: list[str] = []
    for line in lines:
        text = re.split(r"\s[;$]\s", line, maxsplit=1)[0]
        if text.startswith("+") and cards:
            cards[-1] += " " + text[1:].strip()
        elif text.strip() and not text.lstrip().startswith("*"):
            cards.append(text.strip())
    return cards


def models_in(circuit: str) -> tuple[str, ...]:
    """Return the compact models that a circuit names, in the order in which they are registered."""
    return tuple(name for name in models() if re.search(rf"\b{name}\b", circuit, re.IGNORECASE))


@functools.lru_cache(maxsize=64)
def junctions_in(circuit: str) -> tuple[Device, ...]:
    """Return the instances of compact models as devices, in the order of their cards.

    A parameter that is an expression, not a number, is NaN: it is left to the model itself.
    """
    used = models_in(circuit)
    if not used:
        return ()
    return tuple(_placed(join_continuations(_instances(circuit)), used))


def _instances(circuit: str) -> Iterator[str]:
    """Yield the lines of X cards: a technology brings thousands of others."""
    inside = False
    for line in circuit.splitlines():
        first = line.lstrip()[:1]
        if first not in ("", "*", "+"):
            inside = first in "xX"
        if inside:
            yield line


def _placed(cards: Iterable[str], used: tuple[str, ...]) -> Iterator[Device]:
    known = models()
    for card in cards:
        given = _VALUE.findall(card)
        words = _VALUE.sub(" ", card).lower().replace("params:", " ").split()
        if words[-1] in used:
            yield known[words[-1]].placed({name.lower(): _number(value) for name, value in given})


def _number(text: str) -> float:
    try:
        return parse_number(text, "parameter")
    except UsageError:
        return math.nan
