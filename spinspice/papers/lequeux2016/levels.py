"""Lequeux et al. 2016: levels of a domain-wall memristor, one for each pinning site under its contact.

Spin-orbit torque on a wall with Dzyaloshinskii-Moriya field, whose angle keeps; sixteen sites of 20 kT, 62.5 nm apart.
Geometry, pinning and pulses are our choice: the methods of the paper were not to be had.
"""

from __future__ import annotations

from spinspice.reproduce.base import Reproduction, Request, Row
from spinspice.studies import run as run_study
from spinspice.units import DETERMINISTIC, with_error

FIGURE = "lequeux2016-levels"
SUMMARY = "levels of a domain-wall memristor with pinning, one pulse a level"
TITLE = "Lequeux 2016: levels of a spin-torque memristor"
#: Runs at 300 K, full and short.
RUNS, RUNS_SHORT = 60, 3


def run(request: Request) -> Reproduction:
    """Step a wall through its sites; arguments and errors as :func:`spinspice.reproduce.run`."""
    levels = run_study("wall-levels", repeats=RUNS_SHORT if request.short else RUNS, **request.common)
    one = levels.one_step
    right = with_error(float(one.mean()), levels.one_step_stderr, prefix=False)
    hop = with_error(levels.retention, DETERMINISTIC, "s")
    row = Row(
        quantity="part of the contact between two levels",
        paper=1.0 / 15.0,
        here=1.0 / (levels.levels - 1),
        at_most=True,
        source="Grollier 2016, II-C: more than 15 states; here at T = 0",
    )
    return Reproduction(
        name=FIGURE,
        title=TITLE,
        source="Lequeux et al., Sci. Rep. 6, 31510 (2016), as in Grollier et al. 2016, II-C, and 2020, II-c",
        rows=(row,),
        panels=levels.panels(),
        remarks=(
            f"{levels.levels} levels at T = 0 by {levels.cold.size - 1} pulses",
            f"{right} of the pulses at 300 K move by one site ({one.size} runs)",
            (f"retention is that of a barrier of 20 kT, {hop} to the next hop by the law: a demonstration, no memory"),
        ),
        provenance={"study": levels.command},
    )
