"""Updates of p-bits in a second of processor time: extracted p-bits, compiled Gibbs sampling, a plain loop in Python.

The loop is the published sequential p-bit algorithm (Camsari et al., Phys. Rev. X 7, 031014 (2017), eqs. 1 and 2) with
numpy, one p-bit at a time.

Run: python -m benchmarks pbits
"""

from __future__ import annotations

import time

import numpy as np

from benchmarks.report import Table
from spinspice.networks.pbits import gates, sampling
from spinspice.networks.pbits.extracted import ExtractedPBit, Magnet
from spinspice.networks.pbits.surrogate import STEP, Calibration, simulate

#: A p-bit on the generic technology, as extracted (docs/pbits.md).
PBIT = ExtractedPBit(
    v_x=-2.3e-4, w=13.9e-3, bend=0.1, low=1.6, high=1.4, tau_mid=1e-10, gain=2.5, tau_out=9.4e-11, delay=4e-11,
    lead=2e-11, magnet=Magnet(sigma=1.457e10, tau=4.11e-10, pull=-0.17),
)  # fmt: skip
FIT = Calibration(V0=8.2e-3, v0=-1.7e-3)


def plain(J: np.ndarray, h: np.ndarray, I0: float, sweeps: int) -> int:
    """Run the sequential algorithm in plain Python and numpy; returns the updates."""
    draw = np.random.default_rng(1)
    m = np.where(draw.random(h.size) < 0.5, -1.0, 1.0)
    for _ in range(sweeps):
        for i in range(h.size):
            m[i] = np.sign(np.tanh(I0 * (J[i] @ m + h[i])) - draw.uniform(-1, 1))
    return sweeps * h.size


def main() -> None:
    """Print updates a second of each."""
    table = Table("p-bits, 4x4 multiplier (48 p-bits), one core", packages=("numba",))
    ising = gates.multiplier(4, 4)
    n = len(ising)
    best: dict[str, float] = {}

    def timed(name: str, call, updates: int) -> None:  # type: ignore[no-untyped-def]
        call(2)
        for seed in (3, 4, 5):
            began = time.process_time()
            call(seed)
            best[name] = max(best.get(name, 0.0), updates / (time.process_time() - began))

    began = time.process_time()
    done = plain(ising.J, ising.h, 1.0, 200)
    best["plain numpy loop, sequential"] = done / (time.process_time() - began)
    sweeps = 20_000
    timed("Gibbs, compiled", lambda seed: sampling.anneal(ising, np.ones(sweeps), seed), sweeps * n)
    steps = 200_000
    timed(
        "extracted p-bits (steps of 5 ps)",
        lambda seed: simulate(ising, PBIT, FIT, duration=steps * STEP, seed=seed, record=1e-9),
        steps * n,
    )
    first = best["plain numpy loop, sequential"]
    for name, rate in best.items():
        table.row(name, rate, "updates/s", rate / first)
    table.print(ratio="relative to the plain loop")


if __name__ == "__main__":
    main()
