"""What a law of a junction says at many conditions at once: bias or current, field, temperature."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spinspice.devices.laws.temperature import TemperatureLaw
from spinspice.devices.telegraph import T_REFERENCE, Telegraph
from spinspice.errors import UsageError
from spinspice.fitting.estimate import Scale
from spinspice.fitting.table import Column

Array = NDArray[np.float64]

#: What any kind of data may be measured at besides; without such a column it is the same for all rows.
CONDITIONS: Mapping[str, Column] = {
    "bias": Column("voltage", ("V", "voltage", "v_bias", "amplitude"), "voltage from free to ref", False),
    "current": Column("current", ("I", "i_bias"), "current from free to ref", False),
    "flux": Column("field", ("B", "H", "field", "mu0H", "B_ext", "H_ext"), "field along the easy axis", False),
    "temperature": Column("temperature", ("T", "temp"), "temperature of the junction", False),
}
#: Coordinates and limits of all parameters that are fitted.
SCALES: Mapping[str, Scale] = {
    "R_P": Scale(1e-3, 1e15, True),
    "TMR": Scale(1e-4, 10.0, True),
    "V_half": Scale(1e-3, 1e3, True),
    "delta": Scale(1e-2, 200.0, True),
    "V_c": Scale(1e-9, 1e6, True),
    "I_c": Scale(1e-15, 1e3, True),
    "phi0": Scale(1.0, 1e20, True),
    "asymmetry": Scale(-0.99, 0.99, False),
    "field": Scale(-1.0, 1.0, False),
    "B_k": Scale(1e-6, 100.0, True),
    "B_0": Scale(-10.0, 10.0, False, 0.01),
    "Ms": Scale(1e3, 1e7, True),
}


@dataclasses.dataclass(frozen=True)
class Conditions:
    """Conditions of n rows, each array of shape (n,); None: as the junction has it (no drive, no field, its T)."""

    bias: Array | None = None
    current: Array | None = None
    flux: Array | None = None
    temperature: Array | None = None
    law: TemperatureLaw | None = None

    @classmethod
    def of(cls, columns: Mapping[str, Array], law: TemperatureLaw | None) -> Conditions:
        """Take the conditions out of the columns of a table.

        Raises
        ------
        UsageError
            For both a voltage and a current, or temperatures that are none.
        """
        given = {name: columns.get(name) for name in CONDITIONS}
        if given["bias"] is not None and given["current"] is not None:
            raise UsageError("the data give both bias and current of the junction; name the one that drives it.")
        T = given["temperature"]
        if T is not None and (T.min() <= 0.0 or T.max() > 2000.0):
            raise UsageError(f"temperatures from {T.min():g} to {T.max():g} K: Celsius needs its unit, T (°C).")
        return cls(**given, law=law)

    def take(self, rows: Any) -> Conditions:
        """Return the conditions of some rows."""
        cut = {name: getattr(self, name) for name in CONDITIONS}
        return Conditions(**{n: None if v is None else v[rows] for n, v in cut.items()}, law=self.law)

    @property
    def drive(self) -> Array | None:
        """Bias [V] or current [A]."""
        return self.bias if self.bias is not None else self.current

    @property
    def critical(self) -> str:
        """Name of the critical drive."""
        return "I_c" if self.current is not None else "V_c"

    def varies(self, name: str) -> bool:
        """Whether a condition takes more than one value."""
        values = getattr(self, name)
        return values is not None and np.unique(values).size > 1

    def escape_rates(self, values: Mapping[str, float]) -> tuple[Array, Array]:
        """Escape rates out of P and AP [1/s]: those of :meth:`spinspice.devices.Telegraph.escape_rates`.

        A field beyond the anisotropy field leaves no barrier: the attempt frequency.
        """
        T = values["T"] if self.temperature is None else self.temperature
        barrier = values["delta"] * T_REFERENCE / np.asarray(T)
        if self.law is not None:
            barrier = barrier * self.law.anisotropy(T)
        h = values["field"] + (0.0 if self.flux is None else self.flux / values["B_k"])
        barriers = barrier * np.maximum(1.0 + h, 0.0) ** 2, barrier * np.maximum(1.0 - h, 0.0) ** 2
        junction: Any = SimpleNamespace(barriers=barriers, phi0=values["phi0"], asymmetry=values["asymmetry"])
        drive = 0.0 if self.drive is None else self.drive / values[self.critical]
        return Telegraph.escape_rates(junction, drive)

    def share_AP(self, values: Mapping[str, float]) -> Array:
        """Share of the time in AP [1]: l_P / (l_P + l_AP)."""
        out_of_P, out_of_AP = self.escape_rates(values)
        return np.asarray(out_of_P / (out_of_P + out_of_AP))
