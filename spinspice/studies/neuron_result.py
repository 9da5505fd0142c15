"""The result of a characterisation: numbers with standard errors, as JSON, as an xarray Dataset, as a NetCDF file."""

from __future__ import annotations

import dataclasses
import json
import math
import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from spinspice.analysis.spectrum import Autocorrelation, CorrelationTime
from spinspice.analysis.transfer import TanhFit
from spinspice.errors import ResultError
from spinspice.studies.plain import to_plain
from spinspice.studies.result import StudyResult
from spinspice.units import Estimate

if TYPE_CHECKING:
    import xarray

Array = NDArray[np.float64]


@dataclasses.dataclass(frozen=True)
class Transfer:
    """Output over input, arrays of shape (points,) [V].

    ``mean`` with its standard error; ``std``, the noise amplitude alpha(Vin) of Ganguly's eq. 2; ``low`` and ``high``,
    the bounds of the instantaneous output (1st and 99th percentile, our choice); ``trials``, runs behind each point,
    and ``independent``, the independent samples that they hold: below 10, the standard error is NaN, unknown.
    """

    vin: Array
    mean: Array
    stderr: Array
    std: Array
    low: Array
    high: Array
    trials: NDArray[np.int64]
    independent: Array | None = None


@dataclasses.dataclass(frozen=True)
class Noise:
    """Fluctuations at the middle of the transition.

    ``sigma``: standard deviation of the output [V] with standard error. ``output`` and ``junction``: correlation times
    of output and junction (m . p, or the state), None where the signal does not fluctuate, or too slowly for the run.
    ``independent``: independent samples behind them; below 10, standard errors are NaN, unknown.
    """

    vin: float
    sigma: float
    sigma_stderr: float
    output: CorrelationTime | None
    junction: CorrelationTime | None
    independent: float = math.nan


@dataclasses.dataclass(frozen=True)
class EnergySplit:
    """Energy at the middle of the transition: mean power by block [W], energy per decision [J], closure of the audit.

    ``details``: their standard errors (NaN is unknown), static and switching part, total power, decision time.
    """

    power: Mapping[str, float]
    per_decision: float | None
    closure: float
    details: Mapping[str, Any] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Characterization(StudyResult):
    """What :func:`spinspice.characterize.characterize` found out about a cell.

    A part that could not be had (a cut-off run, a signal that never changes) is None; ``notes`` say why.
    """

    preset: str
    transfer: Transfer
    fit: TanhFit | None
    noise: Noise | None
    energy: EnergySplit | None
    autocorrelation: Autocorrelation | None = None
    sample: Mapping[str, Any] | None = None
    settings: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    show = "spinspice.show.neuron"

    @property
    def title(self) -> str:
        s = self.settings
        return (
            f"{self.cell.upper()}, junction {self.preset}, {s['cmos']} {s['vdd']:g} V, {self.engine} "
            f"({s['model']}), seed {self.seed}"
        )

    def to_dict(self, full: bool = False) -> dict[str, Any]:
        """Return plain data for JSON; with ``full``, the curves of the pictures too.

        ``noise.tau_c`` is the full width at half maximum of the output's autocorrelation (Faria et al. 2021);
        ``noise.tau_decay`` is the lag at which it has fallen to 1/e.
        """
        data: dict[str, Any] = {
            "cell": self.cell,
            "preset": self.preset,
            "engine": self.engine,
            "seed": self.seed,
            "settings": dict(self.settings),
            "transfer": {field.name: getattr(self.transfer, field.name) for field in dataclasses.fields(Transfer)},
            "fit": fit_to_dict(self.fit) if self.fit else None,
            "noise": _noise(self.noise) if self.noise else None,
            "energy": _energy(self.energy) if self.energy else None,
            "notes": list(self.notes),
            "failures": list(self.failures),
            "command": self.command,
        }
        if full:
            if self.autocorrelation is not None:
                data["autocorrelation"] = dataclasses.asdict(self.autocorrelation)
            if self.sample is not None:
                data["sample"] = dict(self.sample)
            data["provenance"] = dict(self.provenance)
        plain: dict[str, Any] = to_plain(data)
        return plain

    def estimates(self) -> dict[str, Estimate]:
        """Return the numbers of fit [V], noise [V], correlation times [s], power [W] and energy per decision [J]."""
        numbers = {f"{name} of the tanh": value for name, value in (self.fit.estimates() if self.fit else {}).items()}
        if noise := self.noise:
            numbers["noise"] = Estimate(noise.sigma, noise.sigma_stderr, "V")
            for name, tau in (("output", noise.output), ("junction", noise.junction)):
                if tau is not None:
                    numbers |= {f"correlation time of {name}, {key}": value for key, value in tau.estimates().items()}
        if energy := self.energy:
            more = energy.details
            numbers["total power"] = Estimate(sum(energy.power.values()), more.get("total_power_stderr"), "W")
            numbers["energy per decision"] = Estimate(energy.per_decision, more.get("per_decision_stderr"), "J")
        return numbers

    def arrays(self) -> dict[str, tuple[str, Any, str]]:
        """Return the transfer curve over its inputs: name -> (dimension, values, unit)."""
        names = ("vin", "mean", "stderr", "std", "low", "high")
        curves: dict[str, tuple[str, Any, str]] = {name: ("vin", getattr(self.transfer, name), "V") for name in names}
        return curves | {"trials": ("vin", self.transfer.trials, "1")}

    def to_xarray(self) -> xarray.Dataset:
        """Return an ``xarray.Dataset``: the transfer curve over ``vin``, autocorrelation over ``lag``, power over
        ``block``, a stretch of output over ``time``, single numbers without dimension; settings in the attributes."""
        import xarray

        volts = {"units": "V"}
        data: dict[str, Any] = {
            name: ("vin", getattr(self.transfer, name), volts) for name in ("mean", "stderr", "std", "low", "high")
        }
        data["trials"] = ("vin", self.transfer.trials, {"units": "1"})
        coords: dict[str, Any] = {"vin": ("vin", self.transfer.vin, volts)}
        if self.autocorrelation is not None:
            coords["lag"] = ("lag", self.autocorrelation.lag, {"units": "s"})
            data["autocorrelation"] = ("lag", self.autocorrelation.value, {"units": "1"})
            data["autocorrelation_stderr"] = ("lag", self.autocorrelation.stderr, {"units": "1"})
        if self.sample is not None:
            coords["time"] = ("time", np.asarray(self.sample["time"], dtype=float), {"units": "s"})
            data["out"] = ("time", np.asarray(self.sample["out"], dtype=float), volts)
        if self.energy is not None:
            coords["block"] = ("block", list(self.energy.power), {})
            data["power"] = ("block", np.array(list(self.energy.power.values())), {"units": "W"})
        for part in ("fit", "noise", "energy"):
            for name, value in (self.to_dict()[part] or {}).items():
                if isinstance(value, float):
                    data[f"{part}_{name}"] = ((), value, {"units": _UNITS.get(name.removesuffix("_stderr"), "")})
        attributes = {"characterization": json.dumps(self.to_dict(full=True), allow_nan=False)}
        return xarray.Dataset(data, coords=coords, attrs=attributes)

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Characterization:
        """Read what :meth:`save` wrote.

        Raises
        ------
        ResultError
            If the file is missing, damaged, or no characterisation.
        """
        import xarray

        try:
            with xarray.open_dataset(path, engine="h5netcdf") as stored:
                data = json.loads(stored.attrs["characterization"])
            return cls.from_dict(data)
        except (OSError, KeyError, ValueError, TypeError) as reason:
            raise ResultError(f"cannot read {path} as a characterisation: {reason}.") from reason

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Characterization:
        """Return the characterisation that ``to_dict(full=True)`` gave ``data``."""
        noise, energy = data["noise"], data["energy"]
        transfer: dict[str, Any] = {
            name: _array(values) for name, values in data["transfer"].items() if values is not None
        }
        transfer["trials"] = transfer["trials"].astype(np.int64)
        curve = data.get("autocorrelation")
        return cls(
            **{name: data[name] for name in ("cell", "preset", "engine", "seed", "settings")},
            transfer=Transfer(**transfer),
            fit=fit_from_dict(data["fit"]) if data["fit"] else None,
            noise=_noise_from(noise) if noise else None,
            energy=_energy_from(energy) if energy else None,
            autocorrelation=Autocorrelation(**{k: _array(v) for k, v in curve.items()}) if curve else None,
            sample=data.get("sample"),
            provenance=data.get("provenance", {}),
            notes=tuple(data["notes"]),
            failures=tuple(data["failures"]),
        )


_UNITS = {"v0": "V", "offset": "V", "amplitude": "V", "level": "V", "r2": "1", "chi2": "1", "sigma": "V", "vin": "V"}
_UNITS |= {"v0_max": "V", "guess": "V", "independent": "1", "total_power": "W", "decision_time": "s"}
_UNITS |= {"tau_c": "s", "tau_decay": "s", "per_decision": "J", "closure": "1"}
_UNITS |= {"junction_tau_c": "s", "junction_tau_decay": "s"}


def _array(values: Any) -> Array:
    """Return a list of JSON as an array, None as NaN."""
    return np.asarray(values, dtype=float)


def fit_to_dict(fit: TanhFit) -> dict[str, Any]:
    """Return a fit as plain data; of one that is not resolved, all numbers but the bound ``v0_max`` are None."""
    plain: dict[str, Any] = to_plain(dataclasses.asdict(fit))
    return plain


def fit_from_dict(data: Mapping[str, Any]) -> TanhFit:
    """Return the fit of which :func:`fit_to_dict` gave ``data``."""
    numbers: dict[str, Any] = {name: math.nan if value is None else value for name, value in data.items()}
    return TanhFit(**numbers)


def _noise(noise: Noise) -> dict[str, Any]:
    data: dict[str, Any] = {"vin": noise.vin, "sigma": noise.sigma, "sigma_stderr": noise.sigma_stderr}
    data["independent"] = noise.independent
    for prefix, tau in (("", noise.output), ("junction_", noise.junction)):
        data[f"{prefix}tau_c"] = tau.fwhm if tau else None
        data[f"{prefix}tau_c_stderr"] = tau.fwhm_stderr if tau else None
        data[f"{prefix}tau_decay"] = tau.decay if tau else None
        data[f"{prefix}tau_decay_stderr"] = tau.decay_stderr if tau else None
    return data


def _noise_from(data: Mapping[str, Any]) -> Noise:
    times = []
    for prefix in ("", "junction_"):
        names = ("tau_c", "tau_c_stderr", "tau_decay", "tau_decay_stderr")
        values = [data[prefix + name] for name in names]
        known = [float("nan") if value is None else value for value in values]
        times.append(None if values[0] is None else CorrelationTime(*known))
    sigma_stderr, independent = (
        math.nan if data.get(name) is None else float(data[name]) for name in ("sigma_stderr", "independent")
    )
    output, junction = times
    return Noise(data["vin"], data["sigma"], sigma_stderr, output, junction, independent)


def _energy(energy: EnergySplit) -> dict[str, Any]:
    return {
        "power": dict(energy.power),
        "per_decision": energy.per_decision,
        "closure": energy.closure,
        **energy.details,
    }


def _energy_from(data: Mapping[str, Any]) -> EnergySplit:
    own = ("power", "per_decision", "closure")
    details = {name: value for name, value in data.items() if name not in own}
    return EnergySplit(data["power"], data["per_decision"], data["closure"], details)
