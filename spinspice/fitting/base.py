"""What a kind of data is: columns, likelihood, first guess, and how such data are drawn from the law."""

from __future__ import annotations

import abc
import dataclasses
from collections.abc import Mapping
from typing import Any, ClassVar, Self

import numpy as np

from spinspice.devices.base import Device
from spinspice.errors import UsageError, did_you_mean
from spinspice.fitting.law import Array, Conditions
from spinspice.fitting.table import Column, Table


@dataclasses.dataclass(frozen=True)
class Series:
    """Points with errors (None: unknown) for a plot, and what the law says at the same places, which are sorted."""

    label: str
    x: Array
    y: Array
    error: Array | None
    law: Array


class Data(abc.ABC):
    """One measured set. A subclass is one kind of data."""

    #: Name and one line for tables.
    kind: ClassVar[str]
    title: ClassVar[str]
    #: Columns by role, conditions left out.
    columns: ClassVar[Mapping[str, Column]]
    #: Options -> what they are, for messages and help.
    options: ClassVar[Mapping[str, str]] = {}
    axes: ClassVar[tuple[str, str, bool]] = ("", "", False)

    conditions: Conditions

    @classmethod
    @abc.abstractmethod
    def read(
        cls, table: Table, columns: Mapping[str, Array], conditions: Conditions, options: Mapping[str, Any]
    ) -> Self:
        """Return the data of a table whose columns are in SI units."""

    @classmethod
    def check_options(cls, options: Mapping[str, Any]) -> None:
        """Refuse options that this kind does not have."""
        for name in options:
            if name not in cls.options:
                raise UsageError(f"{cls.kind} data take no {name}. {did_you_mean(name, cls.options)}")

    @abc.abstractmethod
    def free(self, base: Device) -> tuple[str, ...]:
        """Parameters that are fitted unless told otherwise: those that such data tell."""

    @abc.abstractmethod
    def start(self, base: Device, values: dict[str, float]) -> dict[str, float]:
        """Return first guesses."""

    @abc.abstractmethod
    def nll(self, values: Mapping[str, float]) -> float:
        """-ln L, up to a constant."""

    @abc.abstractmethod
    def drawn(self, values: Mapping[str, float], rng: np.random.Generator) -> Self:
        """Return data of the same design drawn from the law."""

    @abc.abstractmethod
    def series(self, values: Mapping[str, float]) -> list[Series]:
        """Points and law for a plot."""

    def discrepancy(self, values: Mapping[str, float]) -> float:
        """How far data are from the law, for the check by simulation: larger is further."""
        return self.nll(values)

    #: Number of points where an unknown scatter is fitted too; 0: the likelihood knows its errors.
    scattered: int = 0
    #: Number of independent observations.
    size: int = 0


def gaussian(residuals: Array) -> float:
    """-ln L of residuals with a common unknown scatter, profiled out: (n / 2) ln(sum of squares / n)."""
    return float(0.5 * residuals.size * np.log(max(float(np.mean(residuals**2)), 1e-300)))


def number_option(options: Mapping[str, Any], name: str, default: float, *, positive: bool = False) -> float:
    """Return an option as a number [SI]."""
    from spinspice.units import number

    value = number(options.get(name, default), name)
    if not np.isfinite(value) or value < 0.0 or (positive and value == 0.0):
        raise UsageError(f"{name} = {value:g} must be {'above' if positive else 'at least'} 0.")
    return value
