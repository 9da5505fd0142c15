"""Reference macrospin against cmtj (PyPI), side by side: time a step on one core, and an ensemble in parallel.

Both write every tenth step. Rounds alternate; medians.

Run: python -m benchmarks reference
"""

from __future__ import annotations

import os
import time

import numba
import numpy as np

from benchmarks.report import Table
from benchmarks.rounds import contest
from spinspice.constants import mu_0
from spinspice.devices import Macrospin
from spinspice.devices.reference.macrospin import simulate_macrospin

STEPS = 200_000
MEMBERS, MEMBER_STEPS = 10_240, 500
ROUNDS = 5
DT = 1e-12
DISK = Macrospin(dt=DT, max_step=DT)


def ours(members: int, steps: int) -> float:
    """Seconds that Heun steps of an ensemble take."""
    started = time.perf_counter()
    simulate_macrospin(DISK, steps * DT, seed=np.arange(1, members + 1), substeps=1, decimate=10)
    return time.perf_counter() - started


def theirs() -> float:
    """Seconds that as many Heun steps of the same disk take in cmtj, which writes as many points."""
    import cmtj

    axis = cmtj.CVector(0, 0, 1)
    demag = [cmtj.CVector(0, 0, 0), cmtj.CVector(0, 0, 0), cmtj.CVector(0, 0, 1)]
    layer = cmtj.Layer(
        "free",
        mag=cmtj.CVector(0, 1, 0),
        anis=axis,
        Ms=DISK.Ms * mu_0,
        thickness=DISK.t_free,
        cellSurface=DISK.area,
        demagTensor=demag,
        damping=DISK.alpha,
    )
    layer.setTemperatureDriver(cmtj.ScalarDriver.getConstantDriver(DISK.T))
    junction = cmtj.Junction([layer])
    started = time.perf_counter()
    junction.runSimulation(STEPS * DT, DT, 10 * DT, solverMode=cmtj.SolverMode.Heun)
    return time.perf_counter() - started


def main() -> None:
    """Print times a step and the ratios to cmtj."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1

    def on(threads: int, members: int, steps: int) -> None:
        numba.set_num_threads(threads)
        ours(members, steps)

    contestants = {
        "cmtj, one junction": (STEPS, theirs),
        "reference, one junction": (STEPS, lambda: on(1, 1, STEPS)),
        f"reference, {MEMBERS:,} junctions, one core": (MEMBERS * MEMBER_STEPS, lambda: on(1, MEMBERS, MEMBER_STEPS)),
        f"reference, {MEMBERS:,} junctions, {cores} cores": (
            MEMBERS * MEMBER_STEPS,
            lambda: on(cores, MEMBERS, MEMBER_STEPS),
        ),
    }
    outcome = contest({name: run for name, (_, run) in contestants.items()}, ROUNDS)
    table = Table("reference macrospin", packages=("numba", "cmtj"))
    peer = outcome.median("cmtj, one junction", wall=True) / STEPS
    for name, (steps, _) in contestants.items():
        each = outcome.median(name, wall=True) / steps
        table.row(name, each * 1e6, "us a step, clock", peer / each)
        table.row("  the same", outcome.median(name) / steps * 1e6, "us of processor")
    table.print(ratio="speed relative to cmtj, by the clock")
    one, all_ = list(contestants)[-2:]
    median, least, most = outcome.gain(all_, one, wall=True)
    print(f"  {cores} cores over one: {median:.2f} ({least:.2f} to {most:.2f}); {outcome.verdict()}")
    print("  What differs: noise of each package's own; cmtj has no ensembles, so it has one core in all rows.")


if __name__ == "__main__":
    main()
