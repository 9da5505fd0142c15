"""Results as tables for people, on standard output."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from spinspice.studies.result import StudyResult


def show(title: str, head: Sequence[str], rows: Sequence[Sequence[str]], *, left: int = 1) -> None:
    """Print a table; the first ``left`` columns (text) to the left, the others (numbers) to the right."""
    table = Table(header_style="bold")
    for number, name in enumerate(head):
        table.add_column(Text(name), justify="left" if number < left else "right")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    screen = console()
    screen.print(Text(title, style="bold"))
    screen.print(table)


def console() -> Console:
    """Console on standard output; 100 columns wide where it is not a terminal."""
    wide = Console()
    return wide if wide.is_terminal else Console(width=110)


def show_power(power: Mapping[str, float], closure: float, details: Mapping[str, Any] | None = None) -> None:
    """Print the power by block, static and switching, and how well the audit closes."""
    from spinspice.show.numbers import power_table

    table = power_table(power, closure, details)
    show(table.title, table.head, table.rows)


def show_tables(result: StudyResult) -> None:
    """Print the tables of a result."""
    title = f"{result.title}\n"
    for table in result.tables():
        show(f"{title}{table.title}", table.head, table.rows)
        title = ""
