"""Reference macrospin against cmtj (PyPI), side by side: time a step on one core, and an ensemble in parallel.

Run: python -m benchmarks reference
"""

from __future__ import annotations

import os
import time

import numba
import numpy as np

from benchmarks.report import Table
from spinspice.constants import mu_0
from spinspice.devices import Macrospin
from spinspice.devices.reference.macrospin import simulate_macrospin

STEPS = 200_000
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
    """Time both and print the ratios."""
    numba.set_num_threads(1)
    ours(1, 1000)
    single = min(ours(1, STEPS) for _ in range(3))
    peer = min(theirs() for _ in range(3))
    numba.set_num_threads(os.cpu_count() or 1)
    numba.set_num_threads(os.cpu_count() or 1)
    members, steps = 10_000, 500
    ours(2, 100)
    ensemble = ours(members, steps)
    table = Table("reference macrospin", packages=("numba", "cmtj"))
    table.row("cmtj, one junction", peer / STEPS * 1e6, "us a step", 1.0)
    table.row("reference, one junction, one core", single / STEPS * 1e6, "us a step", peer / single)
    per_step = ensemble / (members * steps)
    table.row(
        f"reference, 10,000 junctions, {os.cpu_count()} cores", per_step * 1e6, "us a step", peer / STEPS / per_step
    )
    table.print(ratio="speed relative to cmtj")


if __name__ == "__main__":
    main()
