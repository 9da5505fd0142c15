"""What a reproduced figure is: rows that hold paper and simulation side by side, and panels of curves, as plain data.

No drawing here: :mod:`spinspice.plotting` draws panels, the command line prints rows.
"""

from __future__ import annotations

import dataclasses
import math
import os
from collections.abc import Mapping
from typing import Any

from spinspice.jobs import Progress
from spinspice.panels import Curve, Panel
from spinspice.replay import render
from spinspice.results import Grid, Result
from spinspice.units import Estimate, with_error

__all__ = ["SIGMAS", "Curve", "Panel", "Reproduction", "Request", "Row"]

#: A simulated number agrees with a published one within this many standard errors.
SIGMAS = 4.0
#: Head of the table of a reproduction.
HEAD = ("quantity", "unit", "paper", "here", "ratio", "verdict")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Request:
    """What is asked of a figure: the arguments of :func:`spinspice.reproduce.run`, which a figure takes as it needs."""

    short: bool = False
    seed: int = 1
    workers: int | None = None
    engine: str = "auto"
    model: str | None = None
    progress: Progress | None = None
    vowels: str | os.PathLike[str] | None = None

    @property
    def common(self) -> dict[str, Any]:
        """Arguments that every study takes: engine, realisation, seed, workers, and progress without its stages."""

        def told(_stage: str, done: int, total: int) -> None:
            if self.progress is not None and done:
                self.progress(done, total, None)

        return {
            "engine": self.engine, "model": self.model, "seed": self.seed, "workers": self.workers, "progress": told,
        }  # fmt: skip


@dataclasses.dataclass(frozen=True, kw_only=True)
class Row:
    """One quantity: what the paper has, what came out here.

    Parameters
    ----------
    quantity : str
        What is compared.
    paper, here : float
        Published and simulated value, in ``unit``.
    stderr : float
        Standard error of ``here``; 0 for a number without chance in it.
    tolerance : float
        How far off ``paper`` may be by itself, in ``unit``: half the last digit it was printed with, or what can be
        read off a figure. Not a licence for the simulation.
    source : str
        Where in the paper the number stands, or how it follows from what stands there.
    note : str
        If it differs: why, in one line.
    at_most : bool
        The published number is an upper bound, which ``here`` must keep without help from its standard error.
    """

    quantity: str
    paper: float
    here: float
    stderr: float = 0.0
    unit: str = ""
    tolerance: float = 0.0
    source: str = ""
    note: str = ""
    at_most: bool = False

    @property
    def ratio(self) -> float:
        """Here over paper; infinite or NaN where the paper has zero."""
        return self.here / self.paper if self.paper else math.nan

    @property
    def agrees(self) -> bool:
        """Whether the two are within 4 standard errors and the published number's precision, or the bound is kept."""
        if self.at_most:
            return bool(self.here <= self.paper)
        return bool(abs(self.here - self.paper) <= SIGMAS * self.stderr + self.tolerance)

    @property
    def verdict(self) -> str:
        """``agrees`` or ``differs``."""
        return "agrees" if self.agrees else "differs"

    def to_dict(self) -> dict[str, Any]:
        """Return fields, ratio and verdict (a ratio that is no number becomes None: JSON has no NaN)."""
        ratio = self.ratio if math.isfinite(self.ratio) else None
        return {**dataclasses.asdict(self), "ratio": ratio, "verdict": self.verdict}


@dataclasses.dataclass(frozen=True, kw_only=True)
class Reproduction(Result):
    """A reproduced figure: rows, panels, remarks that hold for all of it, and how it was made."""

    name: str
    title: str
    source: str
    rows: tuple[Row, ...]
    panels: tuple[Panel, ...]
    remarks: tuple[str, ...] = ()
    provenance: Mapping[str, Any] = dataclasses.field(default_factory=dict)

    @property
    def command(self) -> str:
        """Command line, or Python, that gives this again."""
        return render(self.provenance.get("call"))

    def _summary(self) -> str:
        agree = sum(row.agrees for row in self.rows)
        return f"{self.name}: {agree} of {len(self.rows)} rows agree"

    def _grids(self) -> tuple[Grid, ...]:
        return (Grid(self.title, HEAD, self.cells()),)

    def estimates(self) -> dict[str, Estimate]:
        """Return what came out here, by quantity."""
        return {row.quantity: Estimate(row.here, row.stderr, row.unit, row.note) for row in self.rows}

    def records(self) -> tuple[dict[str, Any], dict[str, str]]:
        """Return the rows as columns; each has its own unit, in the column ``unit``."""
        names = ("quantity", "paper", "here", "stderr", "unit", "ratio", "verdict", "note")
        return {name: [getattr(row, name) for row in self.rows] for name in names}, {}

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain data for JSON."""
        return {
            "figure": self.name,
            "title": self.title,
            "source": self.source,
            "rows": [row.to_dict() for row in self.rows],
            "panels": [panel.to_dict() for panel in self.panels],
            "remarks": list(self.remarks),
            "provenance": dict(self.provenance),
            "command": self.command,
        }

    def cells(self) -> list[tuple[str, ...]]:
        """Return the comparison as text, columns as in :data:`HEAD`; a row that differs points to its note."""
        return [
            (
                row.quantity,
                row.unit,
                f"{'<= ' if row.at_most else ''}{row.paper:.4g}",
                _here(row),
                f"{row.ratio:.3f}" if math.isfinite(row.ratio) else "-",
                row.verdict if row.agrees else f"differs ({self._explained.index(row) + 1})" if row.note else "differs",
            )
            for row in self.rows
        ]

    @property
    def _explained(self) -> list[Row]:
        """Rows that differ and say why, in the order of their numbers."""
        return [row for row in self.rows if row.note and not row.agrees]

    @property
    def verdict(self) -> str:
        """One sentence: how many rows agree, and what is said of the others."""
        differing = sum(not row.agrees for row in self.rows)
        text = f"{len(self.rows) - differing} of {len(self.rows)} rows agree"
        explained = len(self._explained)
        if not differing:
            return f"{text}."
        if explained == differing:
            return f"{text}; why the {'others differ' if differing > 1 else 'other differs'} is said below."
        return f"{text}; not explained: {differing - explained} of the {differing} that differ."

    def table(self) -> str:
        """Return the comparison as text: quantity, paper, here with its standard error, ratio, verdict; then why."""
        body = self.cells()
        widths = [max(len(line[column]) for line in [HEAD, *body]) for column in range(len(HEAD))]
        lines = [self.title, f"({self.source})", ""]
        for line in [HEAD, tuple("-" * width for width in widths), *body]:
            first = [text.ljust(width) for text, width in zip(line[:2], widths[:2], strict=True)]
            rest = [text.rjust(width) for text, width in zip(line[2:-1], widths[2:-1], strict=True)]
            lines.append("  ".join([*first, *rest, line[-1]]).rstrip())
        notes = [f"({number}) {row.quantity}: {row.note}" for number, row in enumerate(self._explained, start=1)]
        notes += [f"* {remark}" for remark in self.remarks]
        return "\n".join([*lines, "", self.verdict, *notes])


def _here(row: Row) -> str:
    """Return the simulated number; one without chance in it stands alone, for rows say so in their source."""
    return f"{row.here:.4g}" if not row.stderr > 0 else with_error(row.here, row.stderr, prefix=False)
