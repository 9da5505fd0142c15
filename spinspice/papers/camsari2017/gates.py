"""Camsari et al. 2017: gates of p-bits, whose states the paper gives as Boltzmann's law of their energy.

The paper draws p-bits whose mean is a tanh and which are updated one at a time with fresh noise (eqs. 1 and 2), and
shows that histograms follow Boltzmann's law. Here the same energies are circuits: p-bits with telegraph junctions, and
free-running ones of a magnet that turns in its plane, which do not follow it.
"""

from __future__ import annotations

from typing import Any

from spinspice.networks.pbits import exact, gates
from spinspice.reproduce.base import Reproduction, Request, Row
from spinspice.studies import run as run_study
from spinspice.studies.pbit_panels import histogram_panel
from spinspice.studies.pbit_result import PBitResult

FIGURE = "pbit-gates"
SUMMARY = "gates of p-bits as circuits beside Boltzmann's law and the law with memory"
TITLE = "Gates of p-bits: circuits beside Boltzmann's law"
#: Inverse temperature: one at which no p-bit of the gates meets an input beyond the reach of a turning layer.
I0 = 0.4
#: Gates, and length of each of two runs by scheme, full and short [s].
FULL: dict[str, Any] = {"gates": ("copy", "and", "full-adder"), "telegraph": 8e-6, "autonomous": 500e-9}
SHORT: dict[str, Any] = {"gates": ("copy",), "telegraph": 1e-6, "autonomous": 60e-9}
_FREE = (
    "a free-running p-bit acts on what its neighbours were, some 0.2 ns before, as long as its magnet takes to turn: "
    "neither Boltzmann's law nor that of thresholds with memory"
)


def run(request: Request) -> Reproduction:
    """Run every gate by both schemes; arguments and errors as :func:`spinspice.reproduce.run`."""
    size = SHORT if request.short else FULL
    rows, panels = [], []
    for name in size["gates"]:
        for update in ("telegraph", "autonomous"):
            result = _network(request, name, update, size[update])
            rows.append(_row(name, result))
            panels.append(histogram_panel(result, f"{name}, {update}, I0 = {I0:g}"))
    return Reproduction(
        name=FIGURE,
        title=TITLE,
        source="K. Y. Camsari, R. Faria, B. M. Sutton, S. Datta, Phys. Rev. X 7, 031014 (2017), eqs. 1 to 3",
        rows=tuple(rows),
        panels=tuple(panels),
        remarks=("The published value is Boltzmann's law of the gate's energy, by enumeration.",),
        provenance={"seed": request.seed, "engine": request.engine, "I0": I0, **size},
    )


def _network(request: Request, name: str, update: str, duration: float) -> PBitResult:
    result: PBitResult = run_study(
        "pbits", gate=name, update=update, I0=I0, duration=duration, runs=2, unmetered=True, **request.common
    )
    return result


def _row(name: str, result: PBitResult) -> Row:
    law = exact.boltzmann(gates.gate(name), I0)
    here, error = result.right
    return Row(
        quantity=f"{name}, {result.update}: probability of the right rows",
        paper=float(law[law > law.max() * (1 - 1e-9)].sum()),
        here=here,
        stderr=error,
        unit="1",
        source="Boltzmann's law",
        note=_FREE if result.update == "autonomous" else "",
    )
