"""Results as tables for people, on standard output."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from spinspice.units import engineering

if TYPE_CHECKING:
    from spinspice.characterize import Characterization


def show(title: str, head: Sequence[str], rows: Sequence[Sequence[str]], *, left: int = 1) -> None:
    """Print a table; the first ``left`` columns (text) to the left, the others (numbers) to the right."""
    table = Table(header_style="bold")
    for number, name in enumerate(head):
        table.add_column(Text(name), justify="left" if number < left else "right")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    screen = console()
    screen.print(Text(title, style="bold"))
    screen.print(table)


def console() -> Console:
    """Console on standard output; 100 columns wide where it is not a terminal."""
    wide = Console()
    return wide if wide.is_terminal else Console(width=110)


def with_error(value: float | None, stderr: float | None, unit: str) -> str:
    """Return value and standard error with one SI prefix: ``50.3 ± 0.4 mV``.

    >>> with_error(0.0503, 4e-4, "V")
    '50.3 ± 0.4 mV'
    """
    if value is None or not math.isfinite(value):
        return "-"
    text = engineering(value, unit)
    if not stderr or not math.isfinite(stderr):
        return text
    exponent = min(max(3 * math.floor(math.log10(max(abs(value), stderr)) / 3), -18), 12)
    scale = 10.0**exponent
    digits = max(0, -math.floor(math.log10(stderr / scale)))
    prefix = engineering(scale, unit).split(" ", 1)[1]
    return f"{value / scale:.{digits}f} ± {stderr / scale:.{digits}f} {prefix}"


def show_characterization(result: Characterization) -> None:
    """Print transfer curve, fit, noise, correlation time and energy."""
    s, t = result.settings, result.transfer
    title = (
        f"{result.cell.upper()}, junction {result.preset}, {s['cmos']} {s['vdd']:g} V, {result.engine} "
        f"({s['model']}), seed {result.seed}"
    )
    rows = [
        (
            f"{1e3 * vin:.2f}",
            f"{1e3 * mean:.2f} ± {1e3 * error:.2f}",
            f"{1e3 * std:.2f}",
            f"{1e3 * low:.1f} … {1e3 * high:.1f}",
        )
        for vin, mean, error, std, low, high in zip(t.vin, t.mean, t.stderr, t.std, t.low, t.high, strict=True)
    ]
    show(f"{title}\nTransfer curve", ("Vin [mV]", "mean Vout [mV]", "noise [mV]", "1 % … 99 % [mV]"), rows)
    show("Numbers", ("quantity", "value"), _numbers(result))
    if result.energy is not None:
        show_power(result.energy.power, result.energy.closure, result.energy.details.get("static"))


def _numbers(result: Characterization) -> list[tuple[str, str]]:
    rows: list[tuple[str, str]] = []
    if fit := result.fit:
        rows += [
            ("width V0 of the tanh", with_error(fit.v0, fit.v0_stderr, "V")),
            ("input at the middle", with_error(fit.offset, fit.offset_stderr, "V")),
            ("amplitude of the tanh", with_error(fit.amplitude, fit.amplitude_stderr, "V")),
            ("R² of the fit", f"{fit.r2:.4f}"),
        ]
    if noise := result.noise:
        rows.append(("noise amplitude at the middle", with_error(noise.sigma, noise.sigma_stderr, "V")))
        for name, tau in (("output", noise.output), ("junction", noise.junction)):
            if tau:
                rows.append((f"autocorrelation time, {name} (FWHM)", with_error(tau.fwhm, tau.fwhm_stderr, "s")))
                rows.append((f"autocorrelation time, {name} (1/e)", with_error(tau.decay, tau.decay_stderr, "s")))
    if result.energy:
        rows.append(("energy per decision (power x FWHM)", with_error(result.energy.per_decision, None, "J")))
    return rows


def show_power(power: Mapping[str, float], closure: float, static: Mapping[str, float] | None = None) -> None:
    """Print the power by block, static and switching, and how well the audit closes."""
    total = sum(power.values())
    rows = []
    for block, watts in power.items():
        still = (static or {}).get(block)
        split = (engineering(still, "W"), engineering(watts - still, "W")) if still is not None else ("-", "-")
        rows.append((block, engineering(watts, "W"), f"{watts / total:.1%}", *split))
    rows.append(("total", engineering(total, "W"), "100.0%", "", ""))
    show(
        f"Mean power by block (audit closes to {abs(closure):.2g})",
        ("block", "power", "share", "static", "switching"),
        rows,
    )
