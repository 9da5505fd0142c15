"""What the result of every study offers, so that command line, files and pictures treat all alike."""

from __future__ import annotations

import dataclasses
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from spinspice.files import write_netcdf
from spinspice.panels import Panel
from spinspice.replay import render
from spinspice.results import Result
from spinspice.results import to_plain as to_plain
from spinspice.units import DETERMINISTIC, with_error

if TYPE_CHECKING:
    import xarray


@dataclasses.dataclass(frozen=True)
class Table:
    """A table of text: title, head, rows; the first column is text, the others are numbers."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclasses.dataclass(frozen=True, kw_only=True)
class StudyResult(Result):
    """Result of a study of one cell.

    Subclasses add their fields, :meth:`arrays`, :meth:`tables` and :meth:`panels`.

    Parameters
    ----------
    cell, engine : str
        What was studied, and with which engine.
    seed : int
    settings, provenance : mapping
        How it was made.
    notes, failures : tuple of str
        What the reader must know, and runs that failed.
    """

    cell: str
    engine: str
    seed: int
    settings: Mapping[str, Any]
    provenance: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    notes: tuple[str, ...] = ()
    failures: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """One line that says what this is."""
        s = self.settings
        return (
            f"{self.cell.upper()}, {s['topology']}, {s['cmos']} {s['vdd']:g} V, {self.engine} ({s['model']}), "
            f"seed {self.seed}"
        )

    @property
    def command(self) -> str:
        """Command line that gives this result again, bit for bit, or Python where none can say it; empty where the
        arguments are not known (:mod:`spinspice.replay`)."""
        return render(self.provenance.get("call"))

    def arrays(self) -> dict[str, tuple[str, Any, str]]:
        """Return the curves: name -> (dimension, values, unit)."""
        raise NotImplementedError

    def tables(self) -> tuple[Table, ...]:
        """Return the numbers as tables for people."""
        raise NotImplementedError

    def panels(self) -> tuple[Panel, ...]:
        """Return the figures as plain data."""
        raise NotImplementedError

    #: Names of fields that no noise enters: the same for every seed, without a standard error.
    deterministic: ClassVar[tuple[str, ...]] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return plain data for JSON (a number that is not finite, such as an unknown standard error, becomes None)."""
        plain: dict[str, Any] = to_plain({**dataclasses.asdict(self), "command": self.command})
        return plain | ({"deterministic": list(self.deterministic)} if self.deterministic else {})

    def to_xarray(self) -> xarray.Dataset:
        """Return an ``xarray.Dataset`` of the curves, with everything else as JSON in the attribute ``study``."""
        import xarray

        data = {name: (dim, np.asarray(values), {"units": unit}) for name, (dim, values, unit) in self.arrays().items()}
        return xarray.Dataset(data, attrs={"study": json.dumps(self.to_dict(), allow_nan=False)})

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Store as NetCDF; the file appears only when it is complete.

        Raises
        ------
        ResultError
            If it cannot be written (where, and why).
        """
        return write_netcdf(self.to_xarray(), path)


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
