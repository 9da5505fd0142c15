"""A long run as several shorter ones: each hears what went before it, then the rows that it keeps."""

from __future__ import annotations

import dataclasses
import itertools

from spinspice.errors import ParameterError, check_range


@dataclasses.dataclass(frozen=True)
class Segment:
    """Rows ``heard`` to ``stop`` are played, those from ``kept`` on are kept."""

    heard: int
    kept: int
    stop: int

    @property
    def warm(self) -> int:
        """Rows that are played first and not kept."""
        return self.kept - self.heard


def segments(rows: int, runs: int, warm: int) -> list[Segment]:
    """Return segments that keep every row once.

    Parameters
    ----------
    rows, runs : int
    warm : int
        Rows before its own that each hears, as far as there are any: as long as a reservoir remembers.

    Raises
    ------
    ParameterError
        For more runs than rows.
    """
    check_range("warm", warm, 0, 10**6, where="segments")
    if not 1 <= runs <= rows:
        raise ParameterError(f"{runs} runs of {rows} rows: each keeps one row at least.")
    edges = [round(k * rows / runs) for k in range(runs + 1)]
    return [Segment(max(0, start - warm), start, stop) for start, stop in itertools.pairwise(edges)]
