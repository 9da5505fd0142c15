"""Figures and tables as plain data: curves on pairs of axes (:mod:`spinspice.plotting` draws them), rows of text."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
from numpy.typing import ArrayLike


@dataclasses.dataclass(frozen=True, kw_only=True)
class Curve:
    """One curve; ``kind`` is ``points`` (error bars ``yerr``), ``line``, ``dashed``, ``band`` (from y to y_high),
    ``bars`` (a quarter wide, with their heights), ``map``.

    A map has whole numbers ``z``, shape (x, y), in place of a curve: one colour for each, and where ``names`` has an
    entry for a number, that text in the middle of where the map has it.
    """

    x: ArrayLike
    y: ArrayLike
    label: str = ""
    kind: str = "line"
    yerr: ArrayLike | None = None
    y_high: ArrayLike | None = None
    color: int = 0
    z: ArrayLike | None = None
    names: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the curve as lists; a gap (no number) becomes None: JSON has no NaN."""
        arrays = {name: getattr(self, name) for name in ("x", "y", "yerr", "y_high", "z")}
        lists = {name: _without_nan(a) for name, a in arrays.items() if a is not None}
        return {"label": self.label, "kind": self.kind, **lists}


@dataclasses.dataclass(frozen=True, kw_only=True)
class Panel:
    """Curves on one pair of axes, with their labels (units in them) and scales; ``inset`` is drawn inside.

    ``ticks`` are names at whole numbers 0, 1, ... along x, for an axis of kinds in place of numbers; ``equal`` gives
    both axes the same scale.
    """

    title: str
    xlabel: str
    ylabel: str
    curves: tuple[Curve, ...]
    xscale: str = "linear"
    yscale: str = "linear"
    inset: Panel | None = None
    ticks: tuple[str, ...] = ()
    equal: bool = False

    def to_dict(self) -> dict[str, Any]:
        """Return labels and curves as plain data."""
        data = {name: getattr(self, name) for name in ("title", "xlabel", "ylabel")}
        data["curves"] = [curve.to_dict() for curve in self.curves]
        if self.inset is not None:
            data["inset"] = self.inset.to_dict()
        return data


def _without_nan(values: ArrayLike) -> Any:
    """Return an array as lists, with None where it holds no finite number."""
    array = np.asarray(values).astype(object)
    array[~np.isfinite(np.asarray(values, dtype=float))] = None
    return array.tolist()


@dataclasses.dataclass(frozen=True)
class Table:
    """A table of text: title, head, rows; the first column is text, the others are numbers."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
