"""What every result and every object of the package offers a session: a short repr, a table in a notebook, a picture,
plain data, tables of numbers.

A class takes :class:`Summarised` (a repr of one line, a table in a notebook) or :class:`Result` (everything) as a base,
and says what it holds by the hooks that stand at the head of each.
"""

from __future__ import annotations

import importlib
import json
import math
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from spinspice.errors import SpinspiceError, UsageError
from spinspice.files import complete_file
from spinspice.units import Estimate

if TYPE_CHECKING:
    import pandas
    import xarray

#: Rows of a table in a notebook, and characters of a repr: what is longer is cut, and says so.
MAX_ROWS, MAX_REPR = 12, 150
#: Between the parts of a name that has several: of a block and its element.
JOIN = ": "
_STYLE = "text-align:left;padding:1px 10px 1px 0"


class Grid(NamedTuple):
    """A table of text for a notebook."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]


class Summarised:
    """An object with a repr of one line and a short table in a notebook.

    Hooks: :meth:`_summary` and :meth:`_grids`.
    """

    def __init_subclass__(cls, **more: Any) -> None:
        super().__init_subclass__(**more)
        # In the class itself, so that a dataclass does not write its own over it, with every field at full length.
        cls.__repr__ = cls.__repr__  # type: ignore[method-assign]

    def _summary(self) -> str:
        """Return what stands between the parentheses of the repr."""
        return ""

    def _grids(self) -> Sequence[Any]:
        """Return the tables of a notebook: objects with ``title``, ``head`` and ``rows``."""
        return ()

    def __repr__(self) -> str:
        try:
            text = " ".join(self._summary().split())
        except (SpinspiceError, AttributeError, KeyError, TypeError):
            text = "..."  # a repr never fails, not even that of an object that is only half made
        short = text if len(text) <= MAX_REPR else text[: MAX_REPR - 4] + " ..."
        return f"{type(self).__name__}({short})"

    def _repr_html_(self) -> str:
        import html

        parts = [f"<p><code>{html.escape(repr(self))}</code></p>"]
        return "\n".join([*parts, *(_html(grid) for grid in self._grids())])


def _html(grid: Any) -> str:
    """Return a table as HTML, cut after :data:`MAX_ROWS`."""
    import html

    def line(tag: str, cells: Sequence[str]) -> str:
        inside = "".join(f'<{tag} style="{_STYLE}">{html.escape(str(cell))}</{tag}>' for cell in cells)
        return f"<tr>{inside}</tr>"

    rows = [line("td", row) for row in grid.rows[:MAX_ROWS]]
    if len(grid.rows) > MAX_ROWS:
        rows.append(line("td", [f"… {len(grid.rows) - MAX_ROWS} more rows"]))
    caption = f'<caption style="text-align:left;font-weight:bold">{html.escape(grid.title)}</caption>'
    body = "\n".join(rows)
    return f"<table>{caption}<thead>{line('th', grid.head)}</thead><tbody>{body}</tbody></table>"


class Result(Summarised):
    """A result: :meth:`plot`, :meth:`to_dict`, :meth:`to_json`, :meth:`to_dataframe`, :meth:`to_xarray`.

    Hooks: ``to_dict()``; ``title``, ``tables()`` and ``panels()`` for people; :meth:`records` for tables of numbers.
    """

    def _summary(self) -> str:
        return str(getattr(self, "title", ""))

    def _grids(self) -> Sequence[Any]:
        tables = getattr(self, "tables", None)
        return tuple(tables()) if callable(tables) else ()

    def plot(self, path: Any = None) -> Any:
        """Draw the result.

        Parameters
        ----------
        path : path, optional
            Picture file (.png, .svg or .pdf).

        Returns
        -------
        matplotlib.figure.Figure or Path
            The figure, which a notebook shows; with ``path``, the file.

        Raises
        ------
        UsageError
            For a suffix that is none of these, or a result that has nothing to draw.
        ResultError
            If the file cannot be written.
        """
        plotting = importlib.import_module("spinspice.plotting")  # above this module, and matplotlib is slow to load
        return plotting.figure(self) if path is None else plotting.write(plotting.figure(self), path)

    def to_dict(self) -> dict[str, Any]:
        """Return plain data, ready for JSON."""
        raise NotImplementedError

    def to_json(self, path: str | os.PathLike[str] | None = None) -> str:
        """Return :meth:`to_dict` as JSON text; with ``path``, write it there too (complete or not at all).

        Raises
        ------
        ResultError
            If the file cannot be written.
        """
        text = json.dumps(to_plain(self.to_dict()), indent=1, ensure_ascii=False, allow_nan=False)
        if path is not None:
            with complete_file(path) as partial:
                Path(partial).write_text(text + "\n", encoding="utf-8")
        return text

    def records(self) -> tuple[dict[str, Any], dict[str, str]]:
        """Return the numbers as columns, all of one length, and the units of those that have one.

        Of a study, the curves along the first dimension: a transfer curve over its inputs.
        """
        arrays: Mapping[str, tuple[str, Any, str]] = self.arrays()  # type: ignore[attr-defined]
        first = next(iter(arrays.values()), ("", (), ""))[0]
        along = {name: (values, unit) for name, (dim, values, unit) in arrays.items() if dim == first}
        columns = {name: np.asarray(values) for name, (values, _) in along.items()}
        return columns, {name: unit for name, (_, unit) in along.items() if unit}

    def estimates(self) -> dict[str, Estimate]:
        """Return the headline numbers by name, each with standard error and unit."""
        return {}

    def to_dataframe(self) -> pandas.DataFrame:
        """Return the numbers of :meth:`records` as a ``pandas.DataFrame``; ``attrs["units"]`` holds their units.

        Raises
        ------
        UsageError
            If pandas is not installed.
        """
        columns, units = self.records()
        frame = load_pandas().DataFrame(columns)
        frame.attrs |= {"units": units, "result": repr(self)}
        return frame

    def to_xarray(self) -> xarray.Dataset:
        """Return :meth:`records` as an ``xarray.Dataset``, with everything else as JSON in its attribute ``result``."""
        import xarray

        columns, units = self.records()
        data = {name: ("row", np.asarray(v), {"units": units.get(name, "")}) for name, v in columns.items()}
        return xarray.Dataset(data, attrs={"result": self.to_json()})


def load_pandas() -> Any:
    """Return the module pandas.

    Raises
    ------
    UsageError
        If it is not installed, with the command that installs it.
    """
    try:
        return importlib.import_module("pandas")
    except ImportError as reason:
        raise UsageError(
            f"to_dataframe() needs pandas, which cannot be imported ({reason}). Install it: pip install pandas. "
            "Or use to_xarray() or to_dict()."
        ) from None


def to_plain(value: Any) -> Any:
    """Return arrays as lists, numpy numbers as Python's, and numbers that are not finite as None."""
    if isinstance(value, Mapping):
        return {JOIN.join(key) if isinstance(key, tuple) else str(key): to_plain(v) for key, v in value.items()}
    if isinstance(value, np.ndarray):
        return to_plain(value.tolist())
    if isinstance(value, list | tuple):
        return [to_plain(item) for item in value]
    if isinstance(value, np.generic):
        return to_plain(value.item())
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
