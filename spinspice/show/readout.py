"""A readout cell in tables and pictures."""

from __future__ import annotations

import numpy as np

from spinspice.analysis.statistics import most_of, wrong_of
from spinspice.panels import Curve, Panel, Table
from spinspice.show.numbers import PARTS, energy_parts
from spinspice.studies.readout import ReadOutStudy
from spinspice.units import DETERMINISTIC, engineering, with_error


def tables(result: ReadOutStudy) -> tuple[Table, ...]:
    c = result.counted
    full = result.law[0] * result.law[1] / sum(result.law)
    numbers = (
        ("bits", f"{result.bits}"),
        ("wrong among the settled bits", wrong_of(result.wrong, result.bits - result.unsettled)),
        ("bits not settled (a flip just before the edge)", f"{result.unsettled}"),
        ("margin in P, in AP", ", ".join(with_error(margin, DETERMINISTIC, "V") for margin in result.margins)),
        ("thermal noise of the held difference (computed)", with_error(result.held_noise, DETERMINISTIC, "V")),
        ("bits turned over by it (computed)", f"{result.bit_error:.2g} (deterministic)"),
        ("full cycles as counted", with_error(c.seen, c.seen_stderr, "Hz")),
        ("full cycles, corrected for missed switches", with_error(c.rate, c.rate_stderr, "Hz")),
        ("full cycles by the law, junction not read", with_error(full, DETERMINISTIC, "Hz")),
        ("switches missed by the clock", with_error(100 * c.missed, 100 * c.missed_stderr, "%", prefix=False)),
        ("energy per read (without stimulus)", with_error(result.energy, DETERMINISTIC, "J")),
    )
    rows = [
        (
            f"out of {state}",
            engineering(result.law[k], "Hz"),
            f"{result.disturb[k]:+.2%}",
            f"{result.disturb[k] - result.disturb_silent[k]:+.2%}",
            engineering(result.expected[k], "Hz"),
            _seen(result, k),
        )
        for k, state in enumerate(("P", "AP"))
    ]
    without = {"comparator": result.disturb_silent, "read": result.disturb_unread}
    pairs = [
        (
            f"out of {state}, against no {name}",
            f"{(1 + result.disturb[k]) / (1 + without[name][k]) - 1:+.2%}",
            f"{100 * found.change[k]:+.2f} ± {100 * found.stderr[k]:.2f} %",
            f"{found.pairs[k]}",
        )
        for name, found in result.compared.items()
        for k, state in enumerate(("P", "AP"))
    ]
    head = ("escape", "law", "disturb", "by comparator", "expected", "events in SPICE")
    same = Table("Same seed twice", ("escape", "by hazard", "by events", "pairs of stays"), tuple(pairs))
    return (
        Table("Numbers", ("quantity", "value"), numbers),
        Table("Read disturb", head, tuple(rows)),
        *((same,) if pairs else ()),
        Table(f"Energy per period (audit closes to {result.closure:.1e})", PARTS, energy_parts(result)),
    )


def _seen(result: ReadOutStudy, k: int) -> str:
    """Return the escape rate from events; none seen gives an upper bound."""
    if result.escape[k] == 0.0:
        return f"below {engineering(most_of(0) * result.escape_stderr[k], 'Hz', 2)} (95 %)"
    return with_error(result.escape[k], result.escape_stderr[k], "Hz")


def panels(result: ReadOutStudy) -> tuple[Panel, ...]:
    panels = []
    for state in ("P", "AP"):
        wave = result.waveforms[state]
        time = 1e9 * np.asarray(wave["time"])
        curves = tuple(
            Curve(x=time, y=1e3 * np.asarray(wave[name]), label=name, color=color)
            for color, name in enumerate(("junction", "reference"))
        )
        xlabel = "time from the clock edge [ns]"
        panels.append(Panel(title=f"Read in {state}", xlabel=xlabel, ylabel="voltage [mV]", curves=curves))
    return tuple(panels)
