r"""Resistance against bias and against field.

Bias: the law of :func:`spinspice.devices.laws.resistance.conductance` in either state. Field, by what stands along it:

* ``easy``: the easy axis and the reference layer. Two states: the share of each in equilibrium. A macrospin: the mean
  of its cosine over Boltzmann's law with the energy :math:`-m (B c + B_{eff} c^2 / 2)`, which tells the moment.
* ``hard``: a hard axis; easy axis and reference layer at right angles; the magnet stays in its well.
* ``sensor``: a hard axis and the reference layer; the easy axis at right angles.

The last two are means over Boltzmann's law of the uniaxial macrospin (:func:`hard_axis_cosine`), which without thermal
agitation are those of Stoner and Wohlfarth, :math:`\sqrt{1 - (B / B_k)^2}` and :math:`B / B_k`. B_k is the net field.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any, ClassVar, Self

import numpy as np

from spinspice.constants import k_B
from spinspice.devices.base import Device
from spinspice.devices.kinds import is_two_state
from spinspice.devices.laws.resistance import conductance
from spinspice.devices.telegraph import T_REFERENCE
from spinspice.errors import UsageError
from spinspice.fitting.base import Data, Series, gaussian, number_option
from spinspice.fitting.curves import positive
from spinspice.fitting.law import Array, Conditions
from spinspice.fitting.table import Column, Table

_ERROR = Column("resistance", ("resistance_err", "R_err", "R_stderr", "sigma"), "its standard error", False)
_RESISTANCE = Column("resistance", ("R",), "resistance")
_AXES = ("easy", "hard", "sensor")


class _Resistance(Data):
    """Resistances with known errors, or a common relative scatter."""

    def __init__(self, resistance: Array, error: Array | None, conditions: Conditions, extra: Any) -> None:
        self.resistance, self.error, self.conditions, self.extra = resistance, error, conditions, extra
        self.size = resistance.size
        self.scattered = 0 if error is not None else self.size

    def law(self, values: Mapping[str, float]) -> Array:
        raise NotImplementedError

    def nll(self, values: Mapping[str, float]) -> float:
        law = self.law(values)
        if self.error is not None:
            return float(0.5 * np.sum(((self.resistance - law) / self.error) ** 2))
        return gaussian(np.log(self.resistance / law))

    def drawn(self, values: Mapping[str, float], rng: np.random.Generator) -> Self:
        law, noise = self.law(values), rng.standard_normal(self.size)
        if self.error is not None:
            drawn = law + self.error * noise
        else:
            drawn = law * np.exp(noise * float(np.sqrt(np.mean(np.log(self.resistance / law) ** 2))))
        return type(self)(drawn, self.error, self.conditions, self.extra)

    def discrepancy(self, values: Mapping[str, float]) -> float:
        """Chi-squared; where the scatter is unknown: the longest excursion of the summed residuals over the drive."""
        if self.error is not None:
            return self.nll(values)
        rest = np.log(self.resistance / self.law(values))[self._order()]
        return float(np.max(np.abs(np.cumsum(rest - rest.mean())))) / max(float(rest.std()), 1e-300)

    def _x(self) -> Array:
        raise NotImplementedError

    def _order(self) -> Any:
        return np.argsort(self._x(), kind="stable")

    def series(self, values: Mapping[str, float]) -> list[Series]:
        order, law = self._order(), self.law(values)
        error = None if self.error is None else self.error[order]
        return [Series("measured", self._x()[order], self.resistance[order], error, law[order])]


class ResistanceBias(_Resistance):
    """R(V) of both states; a row without its state is taken for the nearer one."""

    kind = "rv"
    title = "resistance against bias"
    columns: ClassVar[Mapping[str, Column]] = {
        "resistance": _RESISTANCE,
        "state": Column("share", ("s",), "0 = P, 1 = AP; without it the nearer one", False),
        "resistance_err": _ERROR,
    }
    axes = ("bias [V]", "resistance [Ohm]", False)

    @classmethod
    def read(
        cls, table: Table, columns: Mapping[str, Array], conditions: Conditions, options: Mapping[str, Any]
    ) -> Self:
        positive(table, columns, "resistance", "resistance_err")
        if conditions.bias is None:
            raise UsageError(f"{table.source}: no column bias [V]. Name it: --column bias=NAME.")
        state = columns.get("state")
        if state is not None and not np.isin(state, (0.0, 1.0)).all():
            raise UsageError(f"{table.source}: a state is 0 (P) or 1 (AP).")
        return cls(columns["resistance"], columns.get("resistance_err"), conditions, state)

    def free(self, base: Device) -> tuple[str, ...]:
        return ("R_P", "TMR", "V_half")

    def start(self, base: Device, values: dict[str, float]) -> dict[str, float]:
        low, high = (float(q) for q in np.quantile(self.resistance, (0.02, 0.98)))
        largest = float(np.max(np.abs(self._x()))) or 1.0
        return {"R_P": low, "TMR": max(high / low - 1.0, 0.01), "V_half": largest}

    def _x(self) -> Array:
        return np.asarray(self.conditions.bias)

    def law(self, values: Mapping[str, float]) -> Array:
        junction = SimpleNamespace(**values)
        branches = [1.0 / conductance(junction, self._x(), cosine) for cosine in (1.0, -1.0)]
        if self.extra is not None:
            return np.where(self.extra == 0.0, branches[0], branches[1])
        nearer = np.abs(self.resistance - branches[0]) <= np.abs(self.resistance - branches[1])
        return np.where(nearer, branches[0], branches[1])


class ResistanceField(_Resistance):
    """R(H): mean resistance, at constant voltage, in a field; see the module for the axis."""

    kind = "rh"
    title = "resistance against field"
    columns: ClassVar[Mapping[str, Column]] = {"resistance": _RESISTANCE, "resistance_err": _ERROR}
    options: ClassVar[Mapping[str, str]] = {
        "axis": "what lies along the field: easy (default), hard or sensor",
        "read": "voltage at which R is read [V], default 0",
    }
    axes = ("field [T]", "resistance [Ohm]", False)

    @classmethod
    def read(
        cls, table: Table, columns: Mapping[str, Array], conditions: Conditions, options: Mapping[str, Any]
    ) -> Self:
        positive(table, columns, "resistance", "resistance_err")
        if conditions.flux is None:
            raise UsageError(f"{table.source}: no column for the field. Name it: --column flux=NAME:mT.")
        axis = str(options.get("axis", "easy"))
        if axis not in _AXES:
            raise UsageError(f"axis = {axis!r} is none of {', '.join(_AXES)}.")
        return cls(
            columns["resistance"],
            columns.get("resistance_err"),
            conditions,
            (axis, number_option(options, "read", 0.0)),
        )

    def free(self, base: Device) -> tuple[str, ...]:
        axis, _ = self.extra
        if axis != "easy":
            return ("R_P", "TMR", "B_k", "B_0")
        return ("R_P", "TMR", "B_k", "field") if is_two_state(base) else ("R_P", "TMR", "Ms", "B_0")

    def start(self, base: Device, values: dict[str, float]) -> dict[str, float]:
        low, high = (float(q) for q in np.quantile(self.resistance, (0.02, 0.98)))
        B = self._x()
        middle = B[np.abs(self.resistance - 0.5 * (low + high)) <= 0.35 * (high - low)]
        width = float(np.ptp(middle)) if middle.size > 1 else 0.2 * float(np.ptp(B))
        centre = float(np.mean(middle)) if middle.size else 0.0
        out = {"R_P": low, "TMR": max(high / low - 1.0, 0.01), "B_0": centre, "field": 0.01}
        out["B_k"] = max(width, 1e-5) if self.extra[0] != "easy" else max(width * values.get("delta", 1.0), 1e-5)
        if self.extra[0] == "easy" and not is_two_state(base):
            moment = 3.0 * k_B * values["T"] / max(width, 1e-5)
            out["Ms"] = min(max(moment / (values["area"] * values["t_free"]), 2e3), 9e6)
        if self.extra[0] == "hard":
            out["B_k"] = 0.5 * float(np.ptp(B))
        return out

    def _x(self) -> Array:
        return np.asarray(self.conditions.flux)

    def cosine(self, values: Mapping[str, float]) -> Array:
        """Mean of the cosine to the reference layer at each field [1]."""
        axis, _ = self.extra
        if axis == "easy" and "delta" in values:
            return 1.0 - 2.0 * self.conditions.share_AP(values)
        B = self._x() - values.get("B_0", 0.0)
        if axis == "easy":
            return boltzmann_cosine(B, values)
        if "delta" in values:
            barrier = values["delta"] * T_REFERENCE / values["T"]
        else:
            barrier = values["Ms"] * values["area"] * values["t_free"] * values["B_k"] / (2.0 * k_B * values["T"])
        return hard_axis_cosine(B / values["B_k"], barrier, sensor=axis == "sensor")

    def law(self, values: Mapping[str, float]) -> Array:
        return np.asarray(1.0 / conductance(SimpleNamespace(**values), self.extra[1], self.cosine(values)))


@functools.cache
def _nodes() -> tuple[Array, Array]:
    nodes, weights = np.polynomial.legendre.leggauss(200)
    return nodes, weights


def boltzmann_cosine(B: Array, values: Mapping[str, float]) -> Array:
    """Mean cosine to the easy axis of a uniaxial macrospin in a field B [T] along it; ``B_eff`` in ``values`` [T].

    Gauss-Legendre over the cosine; without anisotropy Langevin's coth x - 1/x.
    """
    moment = values["Ms"] * values["area"] * values["t_free"] / (k_B * values["T"])
    nodes, weights = _nodes()
    energy = moment * (B[:, None] * nodes + 0.5 * values.get("B_eff", 0.0) * nodes**2)
    weight = weights * np.exp(energy - energy.max(axis=1, keepdims=True))
    return np.asarray((weight * nodes).sum(axis=1) / weight.sum(axis=1))


def hard_axis_cosine(b: Array, barrier: float, *, sensor: bool) -> Array:
    r"""Mean cosine to the reference layer in a field along a hard axis, b = B / B_k [1], with ``barrier`` over k_B T.

    With the cosine c to the hard axis, and the azimuth about it integrated out, the weight of c is
    :math:`e^{2 \Delta b c + 2x} I_0(x) e^{-x}`, x = barrier (1 - c^2) / 2. The reference layer lies along the field
    (``sensor``), or along the easy axis, in one of whose wells the magnet stays.
    """
    from scipy.special import erf, i0e

    nodes, weights = _nodes()
    x = 0.5 * barrier * (1.0 - nodes**2)
    energy = 2.0 * barrier * b[:, None] * nodes + 2.0 * x + np.log(i0e(x))
    weight = weights * np.exp(energy - energy.max(axis=1, keepdims=True))
    if sensor:
        seen = nodes
    else:
        seen = np.sqrt(1.0 - nodes**2) * np.sqrt(np.pi / (2.0 * x)) * erf(np.sqrt(2.0 * x)) / (np.pi * i0e(x))
    return np.asarray((weight * seen).sum(axis=1) / weight.sum(axis=1))
