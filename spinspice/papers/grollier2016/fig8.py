"""Grollier 2016, Fig. 8: integration and firing by a domain wall that reaches the contact at the end of its track.

A neuron with transistors for its spike and its reset, driven by a constant current, without a leak and with the
published ones: the charge at which it fires against the law of a drifting, diffusing wall.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from spinspice.reproduce.base import Curve, Panel, Reproduction, Request, Row
from spinspice.studies import run as run_study
from spinspice.studies.firing import FiringResult
from spinspice.units import with_error

FIGURE = "grollier2016-fig8"
SUMMARY = "domain-wall neuron: fires at the charge that takes the wall to its contact, with leaks and a reset"
TITLE = "Grollier 2016, Fig. 8: integrate-and-fire by a domain wall"
#: Runs at 300 K and spikes of each, full and short.
RUNS, RUNS_SHORT, SPIKES = 40, 4, 3
LEAKS, LEAKS_SHORT = ("none", "field", "width"), ("none", "field")
#: The contact and the inverter follow the wall by up to this part of the charge, which is not in the law: our bound. At
#: 300 K what is measured at T = 0 stands in its place.
LAG = 0.02


def run(request: Request) -> Reproduction:
    """Run the neuron; arguments and errors as :func:`spinspice.reproduce.run`."""
    common: dict[str, Any] = {
        "engine": request.engine, "model": request.model, "workers": request.workers, "seed": request.seed,
    }  # fmt: skip
    leaks = LEAKS_SHORT if request.short else LEAKS
    rows, hot = [], {}
    for leak in leaks:
        cold = run_study("wall-neuron", leak=leak, device={"T": 0.0}, spikes=1, repeats=1, **common)
        runs = RUNS_SHORT if request.short else RUNS
        hot[leak] = run_study("wall-neuron", leak=leak, spikes=SPIKES, repeats=runs, **common)
        name = f"leak by {leak}" if leak != "none" else "no leak"
        law = "drift to where the inverter turns, (beta / alpha) u"
        rows.append(_cold(f"charge at the spike, {name}, T = 0 (our bound: {100 * LAG:g} % above the law)", cold, law))
        rows.append(first_spikes("the same at 300 K, first spikes", cold, hot[leak], f"{law}, and diffusion"))
    plain = hot["none"]
    energy = plain.energies
    return Reproduction(
        name=FIGURE,
        title=TITLE,
        source="Grollier, Querlioz and Stiles 2016, II-C, Fig. 8",
        rows=tuple(rows),
        panels=(*plain.panels()[:2], _charges(hot)),
        remarks=(
            (
                f"energy of a spike, reset included: {_text(energy, 1e15)} fJ, of this "
                f"{_text(plain.energy_supply, 1e15)} fJ of the supply ({energy.size} spikes)"
            ),
            f"interval of two spikes {_text(plain.intervals, 1e9)} ns at {plain.settings['current'] * 1e6:g} uA",
            (
                f"charge from a reset to the next spike {_text(plain.later, 1e15)} fC: the wall starts at the "
                "end of its track"
            ),
        ),
        provenance={"studies": [one.command for one in hot.values()]},
    )


def _cold(quantity: str, cold: FiringResult, source: str) -> Row:
    return Row(
        quantity=quantity,
        paper=cold.exact * 1e15,
        here=float(cold.first[0]) * 1e15,
        unit="fC",
        tolerance=LAG * cold.exact * 1e15,
        source=f"{source}; the inverter follows within {100 * LAG:g} % (our bound)",
    )


def first_spikes(quantity: str, cold: FiringResult, hot: FiringResult, source: str) -> Row:
    """Return the mean charge of the first spikes beside the law and the lag of the circuit, measured at T = 0."""
    lag = float(cold.first[0]) - cold.exact
    return Row(
        quantity=quantity,
        paper=(hot.exact + lag) * 1e15,
        here=float(hot.first.mean()) * 1e15,
        stderr=float(hot.first.std(ddof=1) / np.sqrt(hot.first.size)) * 1e15,
        unit="fC",
        source=f"{source} (ours), and the {1e15 * lag:.2g} fC by which divider and inverter lag at T = 0",
    )


def _text(values: np.ndarray, scale: float) -> str:
    """Mean and standard error as text."""
    error = float(values.std(ddof=1) / np.sqrt(values.size)) if values.size > 1 else float("nan")
    return with_error(scale * float(values.mean()), scale * error, prefix=False)


def _charges(results: dict[str, FiringResult]) -> Panel:
    """Distribution of the charge at the first spike, and the mean by the law."""
    curves = []
    for color, (leak, result) in enumerate(results.items()):
        charges = np.sort(result.first) * 1e15
        label = f"leak: {leak}"
        part = (np.arange(charges.size) + 0.5) / charges.size
        curves.append(Curve(x=charges, y=part, kind="points", label=label, color=color))
        curves.append(Curve(x=[result.exact * 1e15] * 2, y=[0.0, 1.0], kind="dashed", color=color))
    return Panel(
        title="charge at the first spike; dashed: mean by the law", xlabel="charge [fC]", ylabel="part of the runs",
        curves=tuple(curves),
    )  # fmt: skip
