"""How the result of a reservoir looks: machines side by side, where the energy goes, output beside target."""

from __future__ import annotations

import math

import numpy as np

from spinspice.panels import Curve, Panel, Table
from spinspice.studies.reservoir_result import ReservoirResult
from spinspice.units import with_error

#: Symbols of the picture.
SHOWN = 60


def tables(result: ReservoirResult) -> tuple[Table, ...]:
    """Return scores by machine, and power by block."""
    names = {
        "circuit": "circuit",
        "surrogate": "surrogate",
        "ideal": "ideal echo state network",
        "linear": "linear filter",
    }
    columns: tuple[str, ...] = ("machine", "weights", "mean |y - d|", "NRMSE")
    columns += ("symbol recovery",) if math.isfinite(result.answers["circuit"].srr) else ()
    columns += ("wrong symbols", "95 % interval") if result.levels else ()
    rows = []
    for name, found in result.answers.items():
        error, stderr = result.error(name)
        text = with_error(error, stderr, prefix=False) if math.isfinite(stderr) else f"{error:.4g}"
        row = [names.get(name, name), str(found.weights), text, f"{found.nrmse:.4g}"]
        if math.isfinite(result.answers["circuit"].srr):
            row.append(f"{found.srr:.4g}")
        if result.levels:
            low, high = found.ser_interval
            row += [f"{found.wrong} of {found.rows}", f"{100 * low:.2g} to {100 * high:.2g} %"]
        rows.append(tuple(row))
    with_twin, twins = result.agreement
    states = (
        ("circuit with surrogate", f"{with_twin:.4f}"),
        ("two surrogates with each other", f"{twins:.4f}"),
    )
    energy = [(kind, with_error(watts, stderr, "W")) for kind, (watts, stderr) in result.power.items()]
    energy.append(("all, from rails and inputs", with_error(result.supply, result.supply_stderr, "W")))
    energy.append(("energy of a symbol", with_error(*result.energy, "J")))
    return (
        Table(f"Scores: {result.task}", columns, tuple(rows)),
        Table("Correlation of averaged states, mean over neurons", ("between", "correlation"), states),
        Table("Mean power", ("block", "power"), tuple(energy)),
    )


def panels(result: ReservoirResult) -> tuple[Panel, ...]:
    """Return the output of the circuit beside the target, and the power by block."""
    count = min(SHOWN, len(result.d))
    at = np.arange(count)
    kind = "points" if result.levels else "line"
    curves = (
        Curve(x=at, y=result.d[:count], label="target", color=6),
        Curve(x=at, y=result.y[:count], label="circuit", kind=kind, color=1),
    )
    output = Panel(title=result.task, xlabel="symbol", ylabel="output", curves=curves)
    ordered = sorted(result.power.items(), key=lambda item: -item[1][0])
    bars = Curve(
        x=list(range(len(ordered))), y=[1e6 * watts for _, (watts, _) in ordered],
        yerr=[1e6 * stderr for _, (_, stderr) in ordered], kind="bars",
    )  # fmt: skip
    power = Panel(
        title="Mean power", xlabel="", ylabel="power [µW]", curves=(bars,), ticks=tuple(kind for kind, _ in ordered)
    )
    return output, power
