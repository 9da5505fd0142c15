"""A comparator in tables and pictures."""

from __future__ import annotations

import numpy as np

from spinspice.panels import Curve, Panel, Table
from spinspice.show.numbers import energy_parts
from spinspice.studies.comparator import ComparatorStudy
from spinspice.units import DETERMINISTIC, engineering, with_error


def tables(result: ComparatorStudy) -> tuple[Table, ...]:
    times = [
        (engineering(d, "V"), with_error(t, DETERMINISTIC, "s"))
        for d, t in zip(result.differences, result.times, strict=True)
    ]
    numbers = [
        (f"offset, mean of {len(result.offsets)}", with_error(result.offset_mean, result.offset_mean_stderr, "V")),
        ("offset, standard deviation", with_error(result.offset_sd, result.offset_sd_stderr, "V")),
        (
            f"noise at the input, from {result.noise_decisions} decisions"
            if result.noise
            else "noise at the input (not resolved: see the notes)"
            if result.settings.get("noise")
            else "noise at the input (ask with --noise N)",
            with_error(result.noise, result.noise_stderr, "V"),
        ),
        (
            "noise at the input by sqrt(2kT/C)",
            with_error(result.noise_estimate, DETERMINISTIC, "V") if result.noise_estimate else "-",
        ),
        ("regeneration constant", with_error(result.regeneration, result.regeneration_stderr, "s")),
        ("energy per decision", with_error(result.energy, DETERMINISTIC, "J")),
    ]
    return (
        Table("Numbers", ("quantity", "value"), tuple(numbers)),
        Table("Decision time", ("difference of the inputs", "clock edge to output"), tuple(times)),
        Table(
            f"Energy per decision (audit closes to {abs(result.closure):.1e})", ("part", "energy"), energy_parts(result)
        ),
    )


def panels(result: ComparatorStudy) -> tuple[Panel, ...]:
    d, t = 1e3 * np.asarray(result.differences), 1e9 * np.asarray(result.times)
    line = t[0] - 1e9 * result.regeneration * np.log(d / d[0])
    time = Panel(
        title="Decision time",
        xlabel="difference of the inputs [mV]",
        ylabel="clock edge to output [ns]",
        xscale="log",
        curves=(
            Curve(x=d, y=line, label=f"regeneration, {result.regeneration * 1e12:.1f} ps", kind="dashed", color=6),
            Curve(x=d, y=t, label="SPICE", kind="points"),
        ),
    )
    if len(result.offsets) < 2:
        return (time,)
    ordered = 1e3 * np.sort(result.offsets)
    part = (np.arange(ordered.size) + 0.5) / ordered.size
    curves = [Curve(x=ordered, y=part, label=f"{ordered.size} instances", kind="points")]
    if result.offset_sd:
        from scipy.stats import norm

        x = np.linspace(ordered[0] - 2, ordered[-1] + 2, 200)
        law = norm.cdf(x, 1e3 * result.offset_mean, 1e3 * result.offset_sd)
        curves.insert(0, Curve(x=x, y=law, label="normal law", color=1))
    offset = Panel(title="Offset", xlabel="offset [mV]", ylabel="instances below [1]", curves=tuple(curves))
    return time, offset
