"""Debashis et al. 2016: small networks of coupled magnets visit their states as Boltzmann's law says."""

from __future__ import annotations

from spinspice.reproduce.base import Reproduction, Request, Row
from spinspice.studies import run as run_study

FIGURE = "debashis2016-ising"
SUMMARY = "small networks of dipole-coupled magnets: correlations and ground states against Boltzmann's law"
TITLE = "Debashis 2016: networks of nanomagnets as Ising hardware"
#: Arrays, energy of neighbours over k T; stays of a run, full and short.
ARRAYS = (("pair", 1.0), ("triangle", 1.0), ("square", 1.0), ("ring", 1.5))
STAYS, STAYS_SHORT = 3000, 400


def run(request: Request) -> Reproduction:
    """Watch the arrays; arguments and errors as :func:`spinspice.reproduce.run`."""
    rows, panels, commands = [], [], []
    for shape, u in ARRAYS[: 3 if request.short else None]:
        found = run_study("magnets", shape=shape, u=u, stays=STAYS_SHORT if request.short else STAYS, **request.common)
        for name, (value, error, law) in (
            ("correlation of neighbours", found.neighbour),
            ("part of the time in a ground state", found.ground),
        ):
            rows.append(
                Row(quantity=f"{shape}, U / kT = {u:g}: {name}", paper=law, here=value, stderr=error,
                    source="Boltzmann's law of the perpendicular dipoles")
            )  # fmt: skip
        panels += found.panels()
        commands.append(found.command)
    return Reproduction(
        name=FIGURE,
        title=TITLE,
        source="P. Debashis et al., IEDM 2016 (correlations of small networks follow the Ising model); our numbers",
        rows=tuple(rows),
        panels=tuple(panels),
        remarks=(
            (
                "point dipoles beside one another, coupled by linear sources; triangle and ring: three and six "
                "neighbours apart, the triangle is frustrated"
            ),
        ),
        provenance={"studies": commands},
    )
