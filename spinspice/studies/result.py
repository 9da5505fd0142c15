"""What the result of every study offers, so that command line, files and pictures treat all alike."""

from __future__ import annotations

import dataclasses
import importlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np

from spinspice.errors import ResultError
from spinspice.files import write_netcdf
from spinspice.panels import Panel, Table
from spinspice.replay import render
from spinspice.results import Result
from spinspice.studies.plain import from_plain, to_plain

if TYPE_CHECKING:
    import xarray


@dataclasses.dataclass(frozen=True, kw_only=True)
class StudyResult(Result):
    """Result of a study of one cell.

    Subclasses add their fields and :meth:`arrays`. How they look is not theirs: :attr:`show` names the module with
    the functions ``tables`` and ``panels`` of the result.

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
        parts = [self.cell.upper(), *([s["topology"]] if "topology" in s else [])]
        parts += [f"{s['cmos']} {s['vdd']:g} V"] if "cmos" in s and "vdd" in s else []
        model = f" ({s['model']})" if "model" in s else ""
        return ", ".join([*parts, f"{self.engine}{model}", f"seed {self.seed}"])

    @property
    def command(self) -> str:
        """Command line that gives this result again, bit for bit, or Python where none can say it; empty where the
        arguments are not known (:mod:`spinspice.replay`)."""
        return render(self.provenance.get("call"))

    #: Module that shows it; without one, the numbers of its study are shown.
    show: ClassVar[str] = "spinspice.show.generic"

    def arrays(self) -> dict[str, tuple[str, Any, str]]:
        """Return the curves: name -> (dimension, values, unit)."""
        return {}

    def tables(self) -> tuple[Table, ...]:
        """Return the numbers as tables for people."""
        tables: tuple[Table, ...] = importlib.import_module(self.show).tables(self)
        return tables

    def panels(self) -> tuple[Panel, ...]:
        """Return the figures as plain data."""
        panels: tuple[Panel, ...] = importlib.import_module(self.show).panels(self)
        return panels

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

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Return the result that :meth:`to_dict` gave ``data``.

        Raises
        ------
        ResultError
            If it is none of this study.
        """
        made: Self = from_plain(cls, data)
        return made

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Self:
        """Read what :meth:`save` wrote.

        Raises
        ------
        ResultError
            If the file is missing, damaged, or no result of this study.
        """
        import xarray

        try:
            with xarray.open_dataset(path, engine="h5netcdf") as stored:
                data = json.loads(stored.attrs["study"])
            return cls.from_dict(data)
        except (OSError, KeyError, ValueError, TypeError, ResultError) as reason:
            raise ResultError(f"cannot read {path} as a {cls.__name__}: {reason}.") from reason

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Store as NetCDF; the file appears only when it is complete.

        Raises
        ------
        ResultError
            If it cannot be written (where, and why).
        """
        return write_netcdf(self.to_xarray(), path)
