"""Two junctions in series under one square drive, turned the same way and against each other: circuit and exact law."""

from __future__ import annotations

import math

import numpy as np

from spinspice.benches.driven_pair import DrivenPair
from spinspice.devices import as_two_state
from spinspice.devices.noise import instance_seed
from spinspice.engines import get_engine
from spinspice.jobs import JobFailure, run_jobs
from spinspice.presets import load_preset
from spinspice.reproduce.base import Curve, Panel, Reproduction, Request, Row

FIGURE = "mizrahi2016-series"
SUMMARY = "two junctions in series under one drive: switches and product of the states, circuit and exact law"
SOURCE = "that junctions in series are driven together is Mizrahi et al., Sci. Rep. 6, 30535 (2016); numbers our choice"
#: Drive of each junction in the exponent if both are alike, escape rate times half period, half periods: full, short.
ETA, POINTS, HALVES = 3.0, (0.1, 0.3, 1.0), (804, 204)
KINDS = ("same way", "against each other")


def run(request: Request) -> Reproduction:
    """Run both pairs; arguments and errors as :func:`spinspice.reproduce.run`."""
    halves = HALVES[1 if request.short else 0]
    device = as_two_state(load_preset("mizrahi2018-scaled").device, "a pair needs two states, got a {kind}.")
    rate, unit = float(device.escape_rates(0.0)[0]), device.V_c / device.barrier

    def pair(x: float, opposed: bool) -> DrivenPair:
        return DrivenPair(device=device, volts=2.0 * ETA * unit, half_period=x / rate, opposed=opposed)

    points = [(x, opposed) for opposed in (False, True) for x in POINTS]
    pairs = [pair(*point) for point in points]
    jobs = [p.testbench(halves, instance_seed(request.seed, f"pair {k}")) for k, p in enumerate(pairs)]
    engine = get_engine(request.engine, request.model)
    found = run_jobs(jobs, engine=engine, workers=request.workers)
    rows, here = [], []
    for (x, opposed), bench, waves in zip(points, pairs, found, strict=True):
        if isinstance(waves, JobFailure):
            raise waves.error
        law, products = bench.law, bench.products(waves, halves)
        counts = bench.counted(waves, halves) / 10.0
        error = math.sqrt(law.variance[0] / (10 * counts.shape[1]))
        here.append((float(counts[0].mean()), error, float(products.mean()),
                     float(products.std(ddof=1) / math.sqrt(products.size))))  # fmt: skip
        for name, paper, value, stderr in (
            ("switches a half period", law.switches[0], here[-1][0], error),
            ("mean product of the states", law.product, here[-1][2], here[-1][3]),
        ):
            rows.append(Row(quantity=f"{name}, {KINDS[opposed]}, r H = {x:g}", paper=paper, here=value, stderr=stderr,
                            source="exact law of the four states"))  # fmt: skip
    grid = np.geomspace(0.01, 5.0, 40)
    laws = {opposed: [pair(float(x), opposed).law for x in grid] for opposed in (False, True)}

    def panel(title: str, label: str, of_law: int) -> Panel:
        curves = []
        for k, kind in enumerate(KINDS):
            exact = [law.product if of_law else law.switches[0] for law in laws[bool(k)]]
            mine = [point for point, (_, opposed) in zip(here, points, strict=True) if opposed == bool(k)]
            curves.append(Curve(x=grid, y=exact, label=kind, color=k))
            curves.append(Curve(x=POINTS, y=[m[2 * of_law] for m in mine], yerr=[m[2 * of_law + 1] for m in mine],
                                kind="points", label=f"circuit, {kind}", color=k))  # fmt: skip
        return Panel(title=title, xlabel="escape rate at rest x half period", ylabel=label, xscale="log",
                     curves=tuple(curves))  # fmt: skip

    return Reproduction(
        name=FIGURE,
        title="Mizrahi 2016: two junctions in series under one drive",
        source=SOURCE,
        rows=tuple(rows),
        panels=(panel("Switches of one junction", "switches a half period [1]", 0),
                panel("In phase (1) or in antiphase (-1)", "mean product of the states [1]", 1)),
        remarks=(f"Half periods of a run: {halves}; drive 3 in the exponent of each junction if both are alike.",
                 "Slow drives leave both kinds in phase more often than not: the current favours equal states."),
        provenance={"seed": request.seed, "halves": halves, "engine": engine.name},
    )  # fmt: skip
