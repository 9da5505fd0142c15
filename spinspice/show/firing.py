"""A neuron that integrates a current, in tables and pictures."""

from __future__ import annotations

import numpy as np

from spinspice.panels import Curve, Panel, Table
from spinspice.studies.firing import FiringResult, mean_of
from spinspice.units import DETERMINISTIC, with_error


def tables(result: FiringResult) -> tuple[Table, ...]:
    rows = (
        ("charge at the first spike, from the start", with_error(*mean_of(result.first), "C")),
        ("the same by the law", with_error(result.exact, DETERMINISTIC, "C")),
        ("charge at later spikes, from the end of the reset", with_error(*mean_of(result.later), "C")),
        *(
            [("the same by the law", with_error(result.exact_later, DETERMINISTIC, "C"))]
            if result.exact_later is not None
            else []
        ),
        ("interval of two spikes", with_error(*mean_of(result.intervals), "s")),
        ("energy of a spike", with_error(*mean_of(result.energies), "J")),
        ("of this from the input", with_error(*mean_of(result.energy_input), "J")),
        ("of this from the supply", with_error(*mean_of(result.energy_supply), "J")),
    )
    return (Table(f"A neuron that fires ({result.cell})", ("quantity", "value"), rows),)


def panels(result: FiringResult) -> tuple[Panel, ...]:
    charges = np.sort(result.first)
    part = (np.arange(charges.size) + 0.5) / charges.size
    return (
        Panel(
            title="Position in the first run",
            xlabel="time [ns]",
            ylabel="position [nm]",
            curves=(
                Curve(x=1e9 * result.time, y=1e9 * result.position, label="position"),
                Curve(x=[0.0, 1e9 * result.time[-1]], y=[1e9 * result.fires_at] * 2, kind="dashed", color=1,
                      label="the inverter turns"),
            ),
        ),
        Panel(
            title="Spikes of the first run",
            xlabel="time [ns]",
            ylabel="voltage [V]",
            curves=(Curve(x=1e9 * result.time, y=result.spike, label="output"),),
        ),
        Panel(
            title="Charge at the first spike",
            xlabel="charge [pC]",
            ylabel="part of the runs",
            curves=(
                Curve(x=1e12 * charges, y=part, kind="points", label="circuit"),
                Curve(x=[1e12 * result.exact] * 2, y=[0, 1], kind="dashed", label="mean by the law", color=1),
            ),
        ),
    )  # fmt: skip
