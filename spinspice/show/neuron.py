"""A characterised neuron cell in tables and pictures."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from spinspice.panels import Curve, Panel, Table
from spinspice.show.numbers import power_table
from spinspice.studies.neuron_result import Characterization
from spinspice.units import UNKNOWN, engineering, with_error

Array = NDArray[np.float64]


def tables(result: Characterization) -> tuple[Table, ...]:
    t = result.transfer
    rows = [
        (
            f"{1e3 * vin:.2f}",
            f"{1e3 * mean:.2f} {_plus_minus(1e3 * error)}",
            f"{1e3 * std:.2f}",
            f"{1e3 * low:.1f} … {1e3 * high:.1f}",
            f"{n:.0f}" if np.isfinite(n) else "-",
        )
        for vin, mean, error, std, low, high, n in zip(
            t.vin, t.mean, t.stderr, t.std, t.low, t.high, _samples(result), strict=True
        )
    ]
    head = ("Vin [mV]", "mean Vout [mV]", "noise [mV]", "1 % … 99 % [mV]", "samples")
    numbers = Table("Numbers", ("quantity", "value"), tuple(_numbers(result)))
    if result.energy is None:
        return Table("Transfer curve", head, tuple(rows)), numbers
    power = power_table(result.energy.power, result.energy.closure, result.energy.details)
    return Table("Transfer curve", head, tuple(rows)), numbers, power


def _samples(result: Characterization) -> Array:
    """Independent samples behind each point of the transfer curve."""
    n = result.transfer.independent
    return np.full(result.transfer.vin.shape, np.nan) if n is None else np.asarray(n, dtype=float)


def _numbers(result: Characterization) -> list[tuple[str, str]]:
    rows: list[tuple[str, str]] = []
    middle = "the middle"
    if (fit := result.fit) and not fit.resolved:
        rows.append(("width V0, middle and gain of the tanh", fit.verdict))
        middle = f"{engineering(fit.middle, 'V')}, which is not known to be the middle"
    elif fit:
        rows += [
            ("width V0 of the tanh", with_error(fit.v0, fit.v0_stderr, "V")),
            ("input at the middle", with_error(fit.offset, fit.offset_stderr, "V")),
            ("amplitude of the tanh", with_error(fit.amplitude, fit.amplitude_stderr, "V")),
            ("R² of the fit", f"{fit.r2:.4f}"),
        ]
    if noise := result.noise:
        rows.append((f"noise amplitude at {middle}", with_error(noise.sigma, noise.sigma_stderr, "V")))
        for name, tau in (("output", noise.output), ("junction", noise.junction)):
            if tau:
                rows.append((f"autocorrelation time, {name} (FWHM)", with_error(tau.fwhm, tau.fwhm_stderr, "s")))
                rows.append((f"autocorrelation time, {name} (1/e)", with_error(tau.decay, tau.decay_stderr, "s")))
    if result.energy:
        stderr = result.energy.details.get("per_decision_stderr")
        rows.append(("energy per decision (power x FWHM)", with_error(result.energy.per_decision, stderr, "J")))
    if result.noise and np.isfinite(result.noise.independent):
        rows.append(("independent samples behind noise and energy", f"{result.noise.independent:.0f}"))
    return rows


def panels(result: Characterization) -> tuple[Panel, ...]:
    """Return transfer curve, autocorrelation and a stretch of the output; ``plot_characterization`` draws more."""
    t = result.transfer
    curves = [
        Curve(x=t.vin, y=t.low, y_high=t.high, kind="band", label="1 % … 99 %", color=2),
        Curve(x=t.vin, y=t.mean, yerr=t.stderr, kind="points", label="mean"),
    ]
    made = [Panel(title="Transfer curve", xlabel="Vin [V]", ylabel="Vout [V]", curves=tuple(curves))]
    if (a := result.autocorrelation) is not None:
        curve = Curve(x=a.lag, y=a.value, label="output")
        made.append(Panel(title="Autocorrelation", xlabel="lag [s]", ylabel="correlation [1]", curves=(curve,)))
    if (sample := result.sample) is not None:
        time = 1e9 * np.asarray(sample["time"], dtype=float)
        curve = Curve(x=time, y=np.asarray(sample["out"], dtype=float))
        made.append(Panel(title="Output over time", xlabel="time [ns]", ylabel="Vout [V]", curves=(curve,)))
    return tuple(made)


def _plus_minus(error: float) -> str:
    """Return a standard error of the transfer curve [mV] for people."""
    if not np.isfinite(error):
        return UNKNOWN
    return f"± {error:.2f}" if error >= 0.005 else "± <0.01"
