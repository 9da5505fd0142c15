"""A spin-torque oscillator in tables and pictures."""

from __future__ import annotations

import numpy as np

from spinspice.panels import Curve, Panel, Table
from spinspice.studies.firing import mean_of
from spinspice.studies.oscillator import OscillatorResult
from spinspice.units import DETERMINISTIC, with_error


def tables(result: OscillatorResult) -> tuple[Table, ...]:
    rows = [
        ("power", with_error(*mean_of(result.power), prefix=False), with_error(result.exact_power, DETERMINISTIC)),
        ("frequency, free", with_error(*mean_of(result.frequency), "Hz"),
         with_error(result.exact_frequency, DETERMINISTIC, "Hz")),
        ("linewidth (law: low noise)", with_error(*result.linewidth, "Hz"),
         with_error(result.exact_linewidth, DETERMINISTIC, "Hz")),
    ]  # fmt: skip
    if result.off.size:
        rows.append(("half range of locking", "", with_error(result.half_range, DETERMINISTIC, "Hz")))
        rows.append(
            ("off the field's frequency (law: no noise)", with_error(*mean_of(result.off), "Hz"),
             with_error(result.exact_off, DETERMINISTIC, "Hz"))
        )  # fmt: skip
    return (Table("A spin-torque oscillator", ("quantity", "circuit", "law"), tuple(rows)),)


def panels(result: OscillatorResult) -> tuple[Panel, ...]:
    level = float(np.sqrt(result.exact_power))
    return (
        Panel(
            title="Envelope of the first run",
            xlabel="time [us]",
            ylabel="amplitude",
            curves=(
                Curve(x=1e6 * result.time, y=result.envelope, label="circuit"),
                Curve(x=[0.0, 1e6 * result.time[-1]], y=[level] * 2, kind="dashed", label="law", color=1),
            ),
        ),
    )
