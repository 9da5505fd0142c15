"""What was measured once and is kept with the package, so that the model answers at once.

Made by ``python scripts/measure_full_system.py``; ``tests/systems/test_full_system.py`` measures parts of it again.
"""

from __future__ import annotations

import dataclasses
import functools
import json
from pathlib import Path
from typing import Any

from spinspice.cmos import TECHNOLOGIES as OURS
from spinspice.cmos import get_traits
from spinspice.errors import UsageError, did_you_mean
from spinspice.memory import MemoryFigures
from spinspice.papers.mizrahi2018.full_system.activity import DigitalFigures, measure_digital

#: The table.
TABLE = Path(__file__).with_name("measured.json")
#: Transistor technologies of the table: those whose feature size is known, with which they are carried to other nodes.
TECHNOLOGIES = tuple(name for name in OURS if get_traits(name).feature_size is not None)


@dataclasses.dataclass(frozen=True, kw_only=True)
class ReadFigures:
    """A readout: energy of one read without the stimulus [J] (audit closed to ``closure``), area [m^2]."""

    vdd: float
    energy: float
    closure: float
    period: float
    area: float
    source: str


@functools.cache
def _table() -> dict[str, Any]:
    return dict(json.loads(TABLE.read_text()))


def _entry(part: str, technology: str) -> dict[str, Any]:
    known = _table()[part]
    if technology not in known:
        raise UsageError(f"no measured {part} on {technology!r}. {did_you_mean(technology, known)}")
    return dict(known[technology])


def read_figures(technology: str) -> ReadFigures:
    """Return the figures of a readout on a technology.

    Raises
    ------
    UsageError
        For a technology that was not measured.
    """
    return ReadFigures(**_entry("readout", technology))


def memory_figures(technology: str) -> MemoryFigures:
    """Return the figures of a memory bit on a technology; errors as :func:`read_figures`."""
    return MemoryFigures(**_entry("memory", technology))


def digital_figures(inputs: int, outputs: int) -> DigitalFigures:
    """Return the figures of the digital part: from the table, or measured now (a minute, needs Yosys)."""
    known = _table()["digital"].get(f"{inputs}x{outputs}")
    return DigitalFigures(**known) if known else measure_digital(inputs, outputs)
