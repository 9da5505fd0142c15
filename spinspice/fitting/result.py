"""What a fit found: parameters, intervals, correlations, check; as a table, a picture and a preset file."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from spinspice.devices.base import Device
from spinspice.devices.kinds import is_macrospin, is_two_state
from spinspice.devices.laws.temperature import TemperatureLaw
from spinspice.fitting.base import Data
from spinspice.fitting.estimate import Estimate
from spinspice.presets import Preset, write_preset
from spinspice.units import with_error

#: p-value of the check below which the law is said not to describe the data; our choice.
DOUBTFUL = 0.02
_UNITS = {"B_0": "T", "B_k": "T"}


@dataclasses.dataclass(frozen=True)
class Check:
    """Posterior check: share of simulated sets that lie further from the law than the data, and the mean distances."""

    p_value: float
    measured: float
    simulated: float

    @property
    def passed(self) -> bool:
        """Whether the data look like the law's."""
        return self.p_value >= DOUBTFUL


@dataclasses.dataclass(frozen=True)
class FitResult:
    """A junction fitted to data."""

    kind: str
    source: str
    base: Device
    data: Data
    estimate: Estimate
    values: Mapping[str, float]
    check: Check | None
    law: TemperatureLaw | None = None
    fixed: tuple[str, ...] = ()

    @property
    def device(self) -> Device:
        """The fitted junction: the base with the fitted parameters, and what was held."""
        names = (*self.estimate.names, *self.fixed)
        changed = {name: self.values[name] for name in names if name in self.base.parameters()}
        if is_macrospin(self.base) and "B_k" in self.estimate.names:
            # R(H) tells the net field; what the shape takes off it is added back.
            changed["B_k"] = self.base.B_k + self.values["B_k"] - self.base.B_eff
        return self.base.replace(**changed)

    @property
    def parameters(self) -> dict[str, tuple[float, float, tuple[float, float]]]:
        """Value, standard error and 95 % interval of each fitted parameter [SI]."""
        found = self.estimate
        return {
            name: (found.values[name], found.stderr[name], found.intervals.get(name, (float("nan"),) * 2))
            for name in found.names
        }

    def unit(self, name: str) -> str:
        """Unit of a parameter."""
        unit = _UNITS.get(name) or self.base.settable().get(name, "1")
        return "" if unit == "1" else unit

    def notes(self) -> list[str]:
        """What a reader must know."""
        notes = []
        if self.data.scattered:
            notes.append("No errors are given with the data: their scatter about the law is taken for the error.")
        if self.check is not None and not self.check.passed:
            notes.append(
                f"The law does not describe these data (p = {self.check.p_value:.2g}): intervals hold for the law "
                "only. Look at the plot."
            )
        for name in ("B_k", "B_0"):
            if name in self.estimate.names and name not in self.base.parameters():
                notes.append(
                    f"{name} = {self.values[name]:g} {_UNITS[name]} is no parameter of the junction in a circuit."
                )
        if is_two_state(self.base) and "phi0" not in self.estimate.names and self.kind not in ("rv", "rh"):
            notes.append(f"phi0 = {self.values['phi0']:g} 1/s is assumed; delta moves by ln of its factor.")
        strong = self._strongest()
        if strong:
            notes.append(strong)
        return notes

    def _strongest(self) -> str:
        rho, names = self.estimate.correlation, self.estimate.names
        if len(names) < 2:
            return ""
        off = np.abs(rho - np.eye(len(names)))
        i, j = np.unravel_index(int(np.argmax(off)), off.shape)
        if off[i, j] < 0.9:
            return ""
        return (
            f"{names[i]} and {names[j]} go together (correlation {rho[i, j]:+.3f}): their errors are not independent."
        )

    def rows(self) -> list[tuple[str, str, str]]:
        """Return the table: name, value with standard error, 95 % interval."""
        out = []
        for name, (value, stderr, (low, high)) in self.parameters.items():
            out.append(
                (
                    name,
                    with_error(value, stderr, self.unit(name), prefix=bool(self.unit(name))),
                    f"{low:.4g} to {high:.4g} {self.unit(name)}".strip(),
                )
            )
        return out

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain data, ready for JSON."""
        return {
            "kind": self.kind,
            "source": self.source,
            "model": self.base.model,
            "observations": self.data.size,
            "parameters": {
                name: {"value": value, "stderr": stderr, "interval95": list(interval), "unit": self.unit(name)}
                for name, (value, stderr, interval) in self.parameters.items()
            },
            "correlation": self.estimate.correlation.tolist(),
            "check": dataclasses.asdict(self.check) if self.check else None,
            "notes": self.notes(),
        }

    def preset(self) -> Preset:
        """Return the junction as a preset: what was fitted counts as published, by this source."""
        device = self.device
        fitted = {}
        for name, (value, stderr, _) in self.parameters.items():
            if name in device.parameters():
                shown = with_error(value, stderr, self.unit(name), prefix=bool(self.unit(name)))
                how = "fitted" if device.parameters()[name] == value else "fitted (net of the shape)"
                fitted[name] = f"{how}: {shown}, from {self.kind} data"
        chosen = {
            name: "held in the fit" if name in self.fixed else "not in the data: that of the base junction"
            for name in device.parameters()
            if name not in fitted
        }
        return Preset(
            name=Path(self.source.split(",")[0]).stem or "fitted",
            title=f"junction fitted to {self.data.title}",
            device=device,
            source=f"fit of {Path(self.source.split(',')[0]).name} ({self.data.size} observations)",
            published=fitted,
            chosen=chosen,
            notes=tuple(self.notes()),
        )

    def write(self, path: str | os.PathLike[str]) -> Path:
        """Write the preset file that every command takes.

        Raises
        ------
        UsageError, ResultError
            As :func:`spinspice.presets.write_preset`.
        """
        found = self.estimate
        return write_preset(path, self.preset(), stderr=found.stderr, covariance=(found.names, found.covariance))

    def plot(self, ax: Any = None) -> Any:
        """Draw data and law, and return the matplotlib axes."""
        import matplotlib.pyplot as plt

        from spinspice.fitting.curves import abscissa

        ax = ax or plt.subplots(figsize=(6.0, 4.0), layout="constrained")[1]
        xlabel, ylabel, logarithmic = self.data.axes
        for number, series in enumerate(self.data.series(self.values)):
            colour = f"C{number}"
            marks = {"fmt": "o", "ms": 4, "color": colour, "label": series.label, "alpha": 0.7}
            ax.errorbar(series.x, series.y, series.error, **marks)
            ax.plot(series.x, series.law, color=colour, lw=1.5)
        if logarithmic:
            ax.set_yscale("log")
        ax.set_xlabel(xlabel or abscissa(self.data.conditions, self.data.size)[1])
        ax.set_ylabel(ylabel)
        ax.legend(title="points: measured, lines: law", fontsize=8)
        ax.set_title("\n".join(f"{name} = {value}" for name, value, _ in self.rows()[:5]), fontsize=8, loc="left")
        return ax
