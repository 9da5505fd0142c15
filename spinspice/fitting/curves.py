"""Rates, means and switching probabilities against bias, field, temperature and width of a pulse."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, ClassVar, Self

import numpy as np

from spinspice.devices.base import Device
from spinspice.errors import UsageError
from spinspice.fitting.base import Data, Series, gaussian
from spinspice.fitting.law import CONDITIONS, Array, Conditions
from spinspice.fitting.stays import free_of_rates, guess_of_rates
from spinspice.fitting.table import Column, Table


def abscissa(conditions: Conditions, size: int) -> tuple[Array, str]:
    """Return what a curve is drawn over: the first condition that varies, else the number of the row."""
    units = {"bias": "V", "current": "A", "flux": "T", "temperature": "K"}
    for name in CONDITIONS:
        if conditions.varies(name):
            return getattr(conditions, name), f"{name} [{units[name]}]"
    return np.arange(size, dtype=float), "row"


def positive(table: Table, columns: Mapping[str, Array], *roles: str) -> None:
    """Refuse values that are not above 0.

    Raises
    ------
    UsageError
        Naming the line.
    """
    for role in roles:
        if role in columns:
            bad = np.flatnonzero(~(columns[role] > 0.0))
            if bad.size:
                line = table.lines[bad[0]]
                raise UsageError(f"{table.source}: {role} = {columns[role][bad[0]]:g} in line {line} must be above 0.")


class _Curve(Data):
    """One value a row with a relative or absolute error, or a common unknown scatter."""

    logarithmic: ClassVar[bool] = False

    def __init__(self, y: Array, error: Array | None, conditions: Conditions) -> None:
        self.y, self.error, self.conditions = y, error, conditions
        self.size = y.size
        self.scattered = 0 if error is not None else y.size

    def law(self, values: Mapping[str, float]) -> Array:
        raise NotImplementedError

    def _residuals(self, values: Mapping[str, float]) -> Array:
        law = np.broadcast_to(self.law(values), self.y.shape)
        return np.log(self.y / law) if self.logarithmic else self.y - law

    def _sigma(self) -> Array | None:
        if self.error is None:
            return None
        return self.error / self.y if self.logarithmic else self.error

    def nll(self, values: Mapping[str, float]) -> float:
        sigma = self._sigma()
        rest = self._residuals(values)
        return gaussian(rest) if sigma is None else float(0.5 * np.sum((rest / sigma) ** 2))

    def drawn(self, values: Mapping[str, float], rng: np.random.Generator) -> Self:
        sigma = self._sigma()
        if sigma is None:
            sigma = np.full(self.size, float(np.sqrt(np.mean(self._residuals(values) ** 2))))
        law = np.broadcast_to(self.law(values), self.y.shape)
        noise = sigma * rng.standard_normal(self.size)
        y = law * np.exp(noise) if self.logarithmic else law + noise
        error = None if self.error is None else (self.error * y / self.y if self.logarithmic else self.error)
        return type(self)(y, error, self.conditions)

    def discrepancy(self, values: Mapping[str, float]) -> float:
        """Chi-squared; where the scatter is unknown: the longest excursion of summed residuals, a curve's misfit."""
        if self.error is not None:
            return self.nll(values)
        x, _ = abscissa(self.conditions, self.size)
        rest = self._residuals(values)[np.argsort(x, kind="stable")]
        return float(np.max(np.abs(np.cumsum(rest - rest.mean())))) / max(float(rest.std()), 1e-300)

    def series(self, values: Mapping[str, float]) -> list[Series]:
        x, _ = abscissa(self.conditions, self.size)
        order = np.argsort(x, kind="stable")
        law = np.broadcast_to(self.law(values), self.y.shape)
        error = None if self.error is None else self.error[order]
        return [Series("measured", x[order], self.y[order], error, law[order])]


class Rate(_Curve):
    """Rate of full cycles: a tuning curve."""

    kind = "rate"
    title = "rate of full cycles"
    logarithmic = True
    columns: ClassVar[Mapping[str, Column]] = {
        "rate": Column("rate", ("f", "frequency", "r"), "full cycles per second"),
        "rate_err": Column("rate", ("rate_stderr", "rate_error", "sigma"), "its standard error", False),
    }
    axes = ("", "rate of full cycles [1/s]", True)

    @classmethod
    def read(
        cls, table: Table, columns: Mapping[str, Array], conditions: Conditions, options: Mapping[str, Any]
    ) -> Self:
        positive(table, columns, *cls.columns)
        return cls(columns["rate"], columns.get("rate_err"), conditions)

    def free(self, base: Device) -> tuple[str, ...]:
        names = free_of_rates(self.conditions, both=False)
        return (*names, "field") if self.conditions.varies("flux") else names

    def start(self, base: Device, values: dict[str, float]) -> dict[str, float]:
        return guess_of_rates(self.conditions, 2.0 * float(self.y.max()), values)

    def law(self, values: Mapping[str, float]) -> Array:
        out_of_P, out_of_AP = self.conditions.escape_rates(values)
        return np.asarray(1.0 / (1.0 / out_of_P + 1.0 / out_of_AP))


class Mean(_Curve):
    """Share of the time in AP: the sigmoid of a stochastic junction."""

    kind = "mean"
    title = "share of the time in AP"
    columns: ClassVar[Mapping[str, Column]] = {
        "mean": Column(
            "share", ("P_AP", "p_ap", "share", "mean_state", "probability"), "share of the time in AP, 0 to 1"
        ),
        "mean_err": Column("share", ("mean_stderr", "mean_error", "sigma"), "its standard error", False),
    }
    axes = ("", "share of the time in AP", False)

    @classmethod
    def read(
        cls, table: Table, columns: Mapping[str, Array], conditions: Conditions, options: Mapping[str, Any]
    ) -> Self:
        mean = columns["mean"]
        if mean.min() < -0.25 or mean.max() > 1.25:
            raise UsageError(
                f"{table.source}: the mean runs from {mean.min():g} to {mean.max():g}; it is the share of the time in "
                "AP, 0 to 1. Scale a voltage by its two levels first; per cent need their unit: mean (%)."
            )
        positive(table, columns, "mean_err")
        return cls(mean, columns.get("mean_err"), conditions)

    def free(self, base: Device) -> tuple[str, ...]:
        names = ["field"]
        if self.conditions.drive is not None:
            names.insert(0, self.conditions.critical)
        if self.conditions.varies("flux"):
            names.append("B_k")
        return tuple(names)

    def start(self, base: Device, values: dict[str, float]) -> dict[str, float]:
        out = guess_of_rates(self.conditions, 1.0, {**values})
        return {**out, "delta": values["delta"]}

    def law(self, values: Mapping[str, float]) -> Array:
        return self.conditions.share_AP(values)


class Rates(Data):
    """Rates (or mean stays) of both states, with errors or counts."""

    kind = "rates"
    title = "escape rates or mean stays of both states"
    columns: ClassVar[Mapping[str, Column]] = {
        "tau_P": Column("time", ("dwell_P", "t_P"), "mean stay in P", False),
        "tau_AP": Column("time", ("dwell_AP", "t_AP"), "mean stay in AP", False),
        "rate_P": Column("rate", ("lambda_P", "gamma_P"), "escape rate out of P", False),
        "rate_AP": Column("rate", ("lambda_AP", "gamma_AP"), "escape rate out of AP", False),
        "err_P": Column("share", ("rel_err_P",), "relative standard error of that of P", False),
        "err_AP": Column("share", ("rel_err_AP",), "relative standard error of that of AP", False),
        "n_P": Column("count", ("count_P",), "number of stays in P", False),
        "n_AP": Column("count", ("count_AP",), "number of stays in AP", False),
    }
    axes = ("", "escape rate [1/s]", True)

    def __init__(self, rates: tuple[Array, Array], errors: Any, counts: Any, conditions: Conditions) -> None:
        self.rates, self.errors, self.counts, self.conditions = rates, errors, counts, conditions
        self.size = 2 * rates[0].size
        self.scattered = 0 if errors or counts else self.size

    @classmethod
    def read(
        cls, table: Table, columns: Mapping[str, Array], conditions: Conditions, options: Mapping[str, Any]
    ) -> Self:
        positive(table, columns, *cls.columns)
        rates = []
        for state in ("P", "AP"):
            tau, rate = columns.get(f"tau_{state}"), columns.get(f"rate_{state}")
            if (tau is None) == (rate is None):
                raise UsageError(
                    f"{table.source}: give either tau_{state} or rate_{state} among {', '.join(table.columns)}. "
                    f"Name it: --column tau_{state}=NAME."
                )
            rates.append(np.asarray(rate if tau is None else 1.0 / tau))
        pairs = {name: [columns.get(f"{name}_{state}") for state in ("P", "AP")] for name in ("err", "n")}
        for name, (one, other) in pairs.items():
            if (one is None) != (other is None):
                raise UsageError(f"{table.source}: {name}_P and {name}_AP go together; one is missing.")
        return cls(
            (rates[0], rates[1]),
            pairs["err"] if pairs["err"][0] is not None else None,
            pairs["n"] if pairs["n"][0] is not None else None,
            conditions,
        )

    def free(self, base: Device) -> tuple[str, ...]:
        return free_of_rates(self.conditions, both=True)

    def start(self, base: Device, values: dict[str, float]) -> dict[str, float]:
        typical = float(np.exp(np.mean([np.mean(np.log(rates)) for rates in self.rates])))
        return guess_of_rates(self.conditions, typical, values)

    def _rest(self, values: Mapping[str, float]) -> list[Array]:
        return [np.log(m / law) for m, law in zip(self.rates, self.conditions.escape_rates(values), strict=True)]

    def nll(self, values: Mapping[str, float]) -> float:
        rest = self._rest(values)
        if self.counts:
            # The mean of n exponential stays follows a gamma law: n (rho - ln rho), rho = law over measured rate.
            return float(sum(np.sum(n * (np.expm1(-r) + r)) for n, r in zip(self.counts, rest, strict=True)))
        if self.errors:
            return float(sum(0.5 * np.sum((r / e) ** 2) for r, e in zip(rest, self.errors, strict=True)))
        return gaussian(np.concatenate([np.broadcast_to(r, self.rates[0].shape) for r in rest]))

    def drawn(self, values: Mapping[str, float], rng: np.random.Generator) -> Self:
        drawn = []
        scatter = float(np.sqrt(np.mean(np.square(self._rest(values)))))
        for state, law in enumerate(self.conditions.escape_rates(values)):
            law = np.broadcast_to(law, self.rates[0].shape)
            if self.counts:
                drawn.append(law * self.counts[state] / rng.gamma(self.counts[state]))
            else:
                sigma = self.errors[state] if self.errors else scatter
                drawn.append(law * np.exp(sigma * rng.standard_normal(law.size)))
        return type(self)((drawn[0], drawn[1]), self.errors, self.counts, self.conditions)

    def discrepancy(self, values: Mapping[str, float]) -> float:
        if self.errors or self.counts:
            return self.nll(values)
        x, _ = abscissa(self.conditions, self.rates[0].size)
        order = np.argsort(x, kind="stable")
        rest = [r[order] for r in self._rest(values)]
        scale = max(float(np.std(rest)), 1e-300)
        return max(float(np.max(np.abs(np.cumsum(r - r.mean())))) for r in rest) / scale

    def series(self, values: Mapping[str, float]) -> list[Series]:
        x, _ = abscissa(self.conditions, self.rates[0].size)
        order = np.argsort(x, kind="stable")
        out = []
        for state, (name, law) in enumerate(
            zip(("out of P", "out of AP"), self.conditions.escape_rates(values), strict=True)
        ):
            error = None
            if self.counts:
                error = self.rates[state] / np.sqrt(self.counts[state])
            elif self.errors:
                error = self.rates[state] * self.errors[state]
            law = np.broadcast_to(law, x.shape)
            out.append(
                Series(name, x[order], self.rates[state][order], None if error is None else error[order], law[order])
            )
        return out


class Switching(Data):
    """Switching probability against amplitude and width of pulses: counts out of trials, a binomial law.

    P = 1 - exp(-w l), with the escape rate l at the amplitude and the width w: a positive pulse switches AP to P.
    """

    kind = "switching"
    title = "switching probability against amplitude and width"
    columns: ClassVar[Mapping[str, Column]] = {
        "width": Column("time", ("pulse_width", "t_pulse", "duration", "t"), "width of the pulse"),
        "trials": Column("count", ("n", "N", "pulses"), "number of pulses"),
        "switched": Column("count", ("k", "events", "successes"), "number of those that switched", False),
        "probability": Column("share", ("P_sw", "p", "psw"), "share of those that switched", False),
    }
    axes = ("", "switching probability", False)

    def __init__(self, width: Array, trials: Array, switched: Array, conditions: Conditions) -> None:
        self.width, self.trials, self.switched, self.conditions = width, trials, switched, conditions
        self.size = width.size

    @classmethod
    def read(
        cls, table: Table, columns: Mapping[str, Array], conditions: Conditions, options: Mapping[str, Any]
    ) -> Self:
        positive(table, columns, "width", "trials")
        if ("switched" in columns) == ("probability" in columns):
            raise UsageError(f"{table.source}: give either switched or probability among {', '.join(table.columns)}.")
        if conditions.drive is None:
            raise UsageError(
                f"{table.source}: no column bias (or current), the amplitude. Name it: --column bias=NAME."
            )
        trials = columns["trials"]
        switched = columns["switched"] if "switched" in columns else np.round(columns["probability"] * trials)
        bad = np.flatnonzero((switched < 0) | (switched > trials) | (switched != np.round(switched)))
        if bad.size:
            raise UsageError(
                f"{table.source}: {switched[bad[0]]:g} of {trials[bad[0]]:g} switched in line {table.lines[bad[0]]}: "
                "whole numbers, at most the trials. Are the two columns swapped? Per cent need their unit."
            )
        return cls(columns["width"], trials, switched, conditions)

    def free(self, base: Device) -> tuple[str, ...]:
        names = ["delta", self.conditions.critical]
        drive = self.conditions.drive
        if drive is not None and drive.min() < 0.0 < drive.max():
            names += ["field", "asymmetry"]
        if self.conditions.varies("flux"):
            names.append("B_k")
        if self.conditions.varies("temperature"):
            names.append("phi0")
        return tuple(names)

    def start(self, base: Device, values: dict[str, float]) -> dict[str, float]:
        share = np.clip((self.switched + 0.5) / (self.trials + 1.0), 1e-3, 1.0 - 1e-3)
        rate = -np.log1p(-share) / self.width
        size = np.abs(np.asarray(self.conditions.drive))
        # ln rate = ln phi0 - delta + (delta / V_c) |V|, by least squares over rows that tell something.
        inside = (share > 0.02) & (share < 0.98)
        slope, offset = (
            np.polyfit(size[inside], np.log(rate[inside]), 1) if np.unique(size[inside]).size > 1 else (0.0, 0.0)
        )
        delta = max(math.log(values["phi0"]) - offset, 2.0)
        critical = delta / slope if slope > 0.0 else 1.5 * float(size.max())
        return {
            **guess_of_rates(self.conditions, 1.0, values), "delta": min(delta, 150.0),
            self.conditions.critical: critical,
        }  # fmt: skip

    def probability(self, values: Mapping[str, float]) -> Array:
        """Switching probability of each row [1]."""
        out_of_P, out_of_AP = self.conditions.escape_rates(values)
        positive_pulse = np.asarray(self.conditions.drive) >= 0.0
        return np.asarray(-np.expm1(-self.width * np.where(positive_pulse, out_of_AP, out_of_P)))

    def nll(self, values: Mapping[str, float]) -> float:
        p = np.clip(self.probability(values), 1e-300, 1.0 - 1e-16)
        return float(-np.sum(self.switched * np.log(p) + (self.trials - self.switched) * np.log1p(-p)))

    def drawn(self, values: Mapping[str, float], rng: np.random.Generator) -> Self:
        switched = rng.binomial(self.trials.astype(int), self.probability(values)).astype(float)
        return type(self)(self.width, self.trials, switched, self.conditions)

    def discrepancy(self, values: Mapping[str, float]) -> float:
        """Deviance: twice the distance of -ln L from that of the shares themselves."""
        share = np.clip(self.switched / self.trials, 1e-12, 1.0 - 1e-12)
        own = -np.sum(self.switched * np.log(share) + (self.trials - self.switched) * np.log1p(-share))
        return 2.0 * (self.nll(values) - float(own))

    def series(self, values: Mapping[str, float]) -> list[Series]:
        out, law = [], self.probability(values)
        drive = np.asarray(self.conditions.drive)
        for width in np.unique(self.width)[:6]:
            rows = np.flatnonzero(self.width == width)
            rows = rows[np.argsort(drive[rows], kind="stable")]
            share = self.switched[rows] / self.trials[rows]
            error = np.sqrt(np.maximum(share * (1.0 - share), 0.25 / self.trials[rows]) / self.trials[rows])
            out.append(Series(f"{width:g} s", drive[rows], share, error, law[rows]))
        return out
