"""Where charge is counted: pins, sources and capacitors of a circuit by the signals of their probes."""

from __future__ import annotations

import dataclasses
from typing import NamedTuple


class Terminal(NamedTuple):
    """A pin with its probes: the power entering there is voltage * sign * current.

    ``block`` and ``element`` name what it belongs to; ``voltage`` and ``current`` are signals, ``v(...)``, ``i(...)``.
    """

    block: str
    element: str
    voltage: str
    current: str
    sign: float = 1.0


@dataclasses.dataclass(frozen=True)
class Source:
    """A voltage source from a node to ground: its name, the node's voltage and the source's own current."""

    name: str
    voltage: str
    current: str


@dataclasses.dataclass(frozen=True)
class Capacitor:
    """A capacitor from a node to ground: its name, the node's voltage and the capacitance [F]."""

    name: str
    voltage: str
    capacitance: float
