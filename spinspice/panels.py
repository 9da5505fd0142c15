"""Figures as plain data: curves on pairs of axes. :mod:`spinspice.plotting` draws them."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
from numpy.typing import ArrayLike


@dataclasses.dataclass(frozen=True, kw_only=True)
class Curve:
    """One curve; ``kind`` is ``points`` (error bars ``yerr``), ``line``, ``dashed`` or ``band`` (from y to y_high)."""

    x: ArrayLike
    y: ArrayLike
    label: str = ""
    kind: str = "line"
    yerr: ArrayLike | None = None
    y_high: ArrayLike | None = None
    color: int = 0

    def to_dict(self) -> dict[str, Any]:
        """Return the curve as lists."""
        arrays = {name: getattr(self, name) for name in ("x", "y", "yerr", "y_high")}
        lists = {name: np.asarray(a).tolist() for name, a in arrays.items() if a is not None}
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
