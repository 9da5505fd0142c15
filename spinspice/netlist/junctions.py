"""Junctions in a circuit: instances of compact models among SPICE cards, as devices with the numbers given there."""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Iterable, Iterator

from spinspice.devices.base import Device
from spinspice.devices.registry import find_model, known_names, models
from spinspice.errors import UsageError
from spinspice.units import parse_number

_SUBCIRCUIT = re.compile(r"^\s*\.(?:subckt|macro)\s+(\S+)", re.IGNORECASE | re.MULTILINE)
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


@functools.lru_cache(maxsize=64)
def models_in(circuit: str) -> tuple[str, ...]:
    """Return the compact models that a circuit names, in the order in which they are registered.

    Those of installed packages are looked for when an instance is of no subcircuit that is known.
    """
    names = known_names() if _placed_masters(circuit) <= {*known_names(), *_defined(circuit)} else tuple(models())
    text = circuit.lower()
    return tuple(name for name in names if name in text and re.search(rf"\b{name}\b", text))


def _defined(circuit: str) -> set[str]:
    """Names of the subcircuits that a circuit defines."""
    return {name.lower() for name in _SUBCIRCUIT.findall(circuit)}


def _placed_masters(circuit: str) -> set[str]:
    """Names of the subcircuits of all instances."""
    cards = (_words(card) for card in join_continuations(_instances(circuit)))
    return {words[-1] for words in cards if words}


def _words(card: str) -> list[str]:
    """Words of an instance before its parameters, in lower case: its name, its nodes, its subcircuit."""
    return _VALUE.sub(" ", card).lower().replace("params:", " ").split()


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
    for card in cards:
        master = _words(card)[-1]
        if master in used:
            yield find_model(master).placed({name.lower(): _number(value) for name, value in _VALUE.findall(card)})


def _number(text: str) -> float:
    try:
        return parse_number(text, "parameter")
    except UsageError:
        return math.nan
