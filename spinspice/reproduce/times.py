"""How long figures take: measured, and stored beside this module with the machine (`python -m benchmarks figures`)."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from pathlib import Path

from spinspice.toml import read_toml

#: Where the times are.
TIMES = Path(__file__).with_name("times.toml")


@dataclasses.dataclass(frozen=True)
class Times:
    """Processor time of each figure in its short form [s], on which machine, and when."""

    machine: str
    date: str
    seconds: Mapping[str, float]

    def text(self, name: str) -> str:
        """Return the time of a figure for a list; a dash where none is known."""
        known = self.seconds.get(name)
        if known is None:
            return "-"
        if known < 10.0:
            return f"{known:.1f} s"
        return f"{known:.0f} s" if known < 100.0 else f"{known / 60.0:.0f} min"


def read_times(path: Path = TIMES) -> Times:
    """Return what is stored; nothing if there is no file."""
    if not path.exists():
        return Times("", "", {})
    data = read_toml(path, "file of times", "docs/performance.md")
    return Times(str(data["machine"]), str(data["date"]), {name: float(v) for name, v in data["seconds"].items()})
