"""Write error rates in tables and pictures."""

from __future__ import annotations

import numpy as np

from spinspice.panels import Curve, Panel, Table
from spinspice.studies.rare_errors import RareErrorResult
from spinspice.units import engineering


def tables(result: RareErrorResult) -> tuple[Table, ...]:
    rows = tuple(
        (
            engineering(float(width), "s", 4),
            f"{theory:.3e}",
            f"{rate:.3e} ± {error:.1e}",
            f"{low:.2e} to {high:.2e}",
        )
        for width, theory, rate, error, low, high in zip(
            result.tail_widths,
            result.tail_theory,
            result.tail,
            result.tail_stderr,
            result.tail_low,
            result.tail_high,
            strict=True,
        )
    )
    made = [Table("Rare write errors", ("pulse", "Fokker-Planck", "splitting", "interval of 95 %"), rows)]
    if result.array_rate is not None and result.array_stderr is not None:
        mean = tuple(
            (engineering(float(width), "s", 4), f"{rate:.3e} ± {error:.1e}", f"{rate / one:.3g}")
            for width, rate, error, one in zip(
                result.tail_widths, result.array_rate, result.array_stderr, result.tail_theory, strict=True
            )
        )
        title = f"Mean of an array, critical currents spread by {result.settings['spread']:g}"
        made.append(Table(title, ("pulse", "importance sampling", "over the median junction"), mean))
    return tuple(made)


def panels(result: RareErrorResult) -> tuple[Panel, ...]:
    told = result.errors > 0.0
    expected = np.interp(result.widths, result.widths, result.theory)
    return (
        Panel(
            title="Write error rate",
            xlabel="pulse width [ns]",
            ylabel="error rate [1]",
            yscale="log",
            curves=(
                Curve(x=1e9 * result.widths, y=result.theory, label="Fokker-Planck"),
                Curve(
                    x=1e9 * result.widths[told],
                    y=result.errors[told],
                    yerr=np.sqrt(expected * (1.0 - expected) / result.samples)[told],
                    kind="points",
                    label=f"circuit, {result.samples} junctions",
                    color=1,
                ),
                Curve(
                    x=1e9 * result.tail_widths,
                    y=result.tail,
                    yerr=result.tail_stderr,
                    kind="points",
                    label="splitting",
                    color=2,
                ),
                *_array(result),
            ),
        ),
    )


def _array(result: RareErrorResult) -> tuple[Curve, ...]:
    if result.array_rate is None:
        return ()
    label = f"mean of an array, spread {result.settings['spread']:g}"
    return (
        Curve(x=1e9 * result.tail_widths, y=result.array_rate, yerr=result.array_stderr, kind="points", label=label,
              color=3),
    )  # fmt: skip
