"""A driven junction in tables and pictures."""

from __future__ import annotations

import numpy as np

from spinspice.panels import Curve, Panel, Table
from spinspice.studies.locking import BLOCK, LockingResult
from spinspice.units import DETERMINISTIC, with_error


def tables(result: LockingResult) -> tuple[Table, ...]:
    law = result.law
    rows = (
        ("switches a half period, counted", with_error(result.switches, result.switches_stderr)),
        ("switches a half period, exact", with_error(law.switches, DETERMINISTIC)),
        ("counted less exact, in standard errors", f"{result.deviation:+.2f}"),
        ("variance a half period, exact", with_error(law.variance, DETERMINISTIC)),
        ("phase diffusion, exact", with_error(law.phase_diffusion(result.half_period), DETERMINISTIC, "rad²/s")),
        ("energy of a period, from the source", with_error(result.energy, result.energy_stderr, "J")),
    )
    return (Table("A junction under a square drive", ("quantity", "value"), rows),)


def panels(result: LockingResult) -> tuple[Panel, ...]:
    values, counts = np.unique(result.counts, return_counts=True)
    return (
        Panel(
            title="Switches in ten half periods",
            xlabel="switches",
            ylabel="blocks",
            curves=(
                Curve(x=values, y=counts, kind="points", label="circuit"),
                Curve(x=[BLOCK * result.law.switches] * 2, y=[0, counts.max()], kind="dashed", label="exact", color=1),
            ),
        ),
    )
