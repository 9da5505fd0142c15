"""How every benchmark prints: machine and versions first, then figures and ratios measured in one run."""

from __future__ import annotations

import importlib.metadata
import os
import platform
from pathlib import Path


def machine() -> str:
    """Return the processor and the number of cores."""
    info = Path("/proc/cpuinfo")
    names = [line.split(":")[1].strip() for line in info.read_text().splitlines() if line.startswith("model name")]
    return f"{names[0] if names else platform.processor()}, {os.cpu_count()} cores, Python {platform.python_version()}"


#: Tables that were printed so far, as Markdown.
MARKDOWN: list[str] = []


class Table:
    """Rows of a benchmark: what, figure, unit, ratio to the first row or to what the caption says."""

    def __init__(self, title: str, packages: tuple[str, ...] = (), engines: tuple[str, ...] = ()) -> None:
        self.title = title
        self.versions = [f"{name} {importlib.metadata.version(name)}" for name in ("spinspice", "numpy", *packages)]
        self.versions += list(engines)
        self.rows: list[tuple[str, float, str, float | None]] = []

    def row(self, what: str, figure: float, unit: str, ratio: float | None = None) -> None:
        """Add a row."""
        self.rows.append((what, figure, unit, ratio))

    def print(self, ratio: str = "ratio") -> None:
        """Print machine, versions and rows."""
        print(f"\n{self.title}\n  {machine()}\n  {', '.join(self.versions)}")
        width = max(len(what) for what, *_ in self.rows)
        print(f"  {'':{width}}  {'figure':>10} {'':16} {ratio}")
        for what, figure, unit, value in self.rows:
            print(f"  {what:{width}}  {figure:10.4g} {unit:16} {'' if value is None else f'{value:.3g}'}")
        MARKDOWN.append(self.markdown(ratio))

    def markdown(self, ratio: str) -> str:
        """Return the rows as a table of Markdown, to be put into a page of the documentation."""
        lines = [f"{self.title} ({', '.join(self.versions)})", "", f"| | | {ratio} |", "| --- | --- | --- |"]
        lines += [f"| {what} | {x:.3g} {unit} | {'' if r is None else f'{r:.3g}'} |" for what, x, unit, r in self.rows]
        return "\n".join(lines)
