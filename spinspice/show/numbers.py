"""Tables that several studies show: power by block, energies by source and block."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from spinspice.panels import Table
from spinspice.units import DETERMINISTIC, with_error


def power_table(power: Mapping[str, float], closure: float, details: Mapping[str, Any] | None = None) -> Table:
    """Return the power by block [W], static and switching, and how well the audit closes.

    ``details`` as :meth:`spinspice.analysis.energy.EnergyAudit.to_dict` gives them: the split, and standard errors.
    """
    total = sum(power.values())

    def number(name: str, block: str) -> str:
        value = ((details or {}).get(name) or {}).get(block)
        return with_error(value, ((details or {}).get(f"{name}_stderr") or {}).get(block), "W")

    rows = []
    for block, watts in power.items():
        stderr = ((details or {}).get("power_stderr") or {}).get(block)
        split = (number("static", block), number("switching", block))
        rows.append((block, with_error(watts, stderr, "W"), f"{watts / total:.1%}", *split))
    rows.append(("total", with_error(total, (details or {}).get("total_power_stderr"), "W"), "100.0%", "", ""))
    head = ("block", "power", "share", "static", "switching")
    return Table(f"Mean power by block (audit closes to {abs(closure):.2g})", head, tuple(rows))


#: Head of the table of :func:`energy_parts`.
PARTS = ("part", "energy")


def energy_parts(result: Any) -> tuple[tuple[str, str], ...]:
    """Return the rows of ``energy_by_source`` and ``energy_by_block`` [J] of a run without noise."""
    named = {"from": result.energy_by_source, "in": result.energy_by_block}
    return tuple(
        (f"{word} {name}", with_error(value, DETERMINISTIC, "J"))
        for word, energies in named.items()
        for name, value in energies.items()
    )
