"""Energy of p-bits beside that published of a random bit, of what a superparamagnetic junction and its circuit take.

Read in the abstract only: 20 fJ a bit. A neighbouring figure, "a few fJ" an evaluation of a neuron of a layer that
turns in its plane (Hassan et al. 2019, abstract), has no number to stand in a row.

Ours is of two coupled p-bits (COPY, I0 = 0.5) as circuits, with synapses and clocks: power times integrated
correlation time of the state is an independent sample, half of that a p-bit's share.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from spinspice.panels import Curve, Panel
from spinspice.reproduce.base import Reproduction, Request, Row
from spinspice.studies import run as run_study
from spinspice.studies.pbit_result import PBitResult
from spinspice.units import with_error

FIGURE = "pbit-energy"
SUMMARY = "energy of a sample and of a right answer of two p-bits beside a published random bit"
TITLE = "p-bits: energy of an independent sample and of a right answer"
#: Published energy of a random bit [J].
BIT = 20e-15
I0 = 0.5
#: Length of each run by scheme [s], full and short, runs, and decisions that calibrate.
FULL: dict[str, Any] = {"autonomous": 250e-9, "clocked": 205e-9, "telegraph": 4.1e-6, "runs": 4, "trials": 600}
SHORT: dict[str, Any] = {"autonomous": 65e-9, "clocked": 65e-9, "telegraph": 1.1e-6, "runs": 2, "trials": 150}
_WHY = {
    "autonomous": "a coupled state lives longer than the cell's own noise, and junction and divider carry a current "
    "all the time",
    "clocked": "junctions and inverters run on while a p-bit waits for its turn, and a sample takes some sweeps",
    "telegraph": "junctions that stay 20 ns on average are waited for at full power; energy goes with that time",
}


def run(request: Request) -> Reproduction:
    """Run COPY by the three schemes; arguments and errors as :func:`spinspice.reproduce.run`."""
    size = SHORT if request.short else FULL
    found = {update: _network(request, update, size) for update in _WHY}
    rows = [_row(update, result) for update, result in found.items()]
    remarks = [f"{update}: {_told(result)}." for update, result in found.items()]
    remarks.append("Hassan et al. 2019 (abstract): 'a few fJ' an evaluation of a neuron; no number to compare.")
    return Reproduction(
        name=FIGURE,
        title=TITLE,
        source="D. Vodenicarevic et al., arXiv:1806.09124 (2018), abstract",
        rows=tuple(rows),
        panels=(_panel(found),),
        remarks=tuple(remarks),
        provenance={"seed": request.seed, "engine": request.engine, "I0": I0, **size},
    )


def _network(request: Request, update: str, size: dict[str, Any]) -> PBitResult:
    result: PBitResult = run_study(
        "pbits",
        gate="copy",
        update=update,
        I0=I0,
        duration=size[update],
        runs=size["runs"],
        trials=size["trials"],
        **request.common,
    )
    return result


def _row(update: str, result: PBitResult) -> Row:
    energy, error = result.energy_per_sample
    share = len(result.names)
    return Row(
        quantity=f"{update}: a p-bit's share of a sample",
        paper=BIT * 1e15,
        here=energy / share * 1e15,
        stderr=error / share * 1e15,
        unit="fJ",
        source="energy of a random bit, abstract",
        note=_WHY[update],
    )


def _panel(found: dict[str, PBitResult]) -> Panel:
    """Return both energies of the three schemes beside the published bit."""
    x = np.arange(len(found), dtype=float)
    curves = [Curve(x=x, y=np.full(x.size, BIT * 1e15), label="a random bit, published", kind="dashed", color=0)]
    kinds = (("a sample of two p-bits", "energy_per_sample"), ("a right answer", "energy_per_answer"))
    for k, (label, name) in enumerate(kinds):
        values = np.array([getattr(result, name) for result in found.values()]) * 1e15
        curves.append(Curve(x=x + 0.1 * k, y=values[:, 0], yerr=values[:, 1], label=label, kind="points", color=k + 1))
    return Panel(
        title=f"COPY, I0 = {I0:g}",
        xlabel="scheme of update",
        ylabel="energy (fJ)",
        yscale="log",
        curves=tuple(curves),
        ticks=tuple(found),
    )


def _told(result: PBitResult) -> str:
    """Return the energies of a network in words."""
    sample, answer = (with_error(*value, "J") for value in (result.energy_per_sample, result.energy_per_answer))
    return (
        f"a sample {sample}, a right answer {answer}, a flip {result.energy_per_flip * 1e15:.3g} fJ, "
        f"{result.histogram.independent:.0f} independent samples"
    )
