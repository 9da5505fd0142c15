"""Levels of a domain-wall memristor in tables and pictures."""

from __future__ import annotations

import numpy as np

from spinspice.panels import Curve, Panel, Table
from spinspice.studies.firing import mean_of
from spinspice.studies.wall_levels import WallLevelsResult
from spinspice.units import DETERMINISTIC, with_error


def tables(result: WallLevelsResult) -> tuple[Table, ...]:
    rows = (
        ("levels at T = 0", with_error(float(result.levels), DETERMINISTIC)),
        (
            "part of the pulses that move by one site",
            with_error(float(result.one_step.mean()), result.one_step_stderr, prefix=False),
        ),
        ("conductance after all pulses", with_error(*mean_of(result.conductance), "S")),
        ("time to the next hop, by the law", with_error(result.retention, DETERMINISTIC, "s")),
    )
    return (Table("A domain-wall memristor", ("quantity", "value"), rows),)


def panels(result: WallLevelsResult) -> tuple[Panel, ...]:
    pulses = np.arange(result.cold.size)
    spread = result.hot.std(axis=0)
    return (
        Panel(
            title="Wall at T = 0",
            xlabel="time [ns]",
            ylabel="position [nm]",
            curves=(Curve(x=1e9 * result.time, y=1e9 * result.position, label="circuit"),),
        ),
        Panel(
            title="Sites after each pulse",
            xlabel="pulses",
            ylabel="site",
            curves=(
                Curve(x=pulses, y=np.round(result.cold), label="T = 0"),
                Curve(x=pulses, y=result.hot.mean(axis=0), yerr=spread, kind="points", color=1,
                      label="at temperature, mean and spread"),
            ),
        ),
    )  # fmt: skip
