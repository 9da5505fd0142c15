"""Updates of p-bits in a second of processor time: extracted p-bits, compiled Gibbs sampling, and what others offer.

Beside ours: the sequential p-bit algorithm (Camsari et al., Phys. Rev. X 7, 031014 (2017), eqs. 1 and 2) as a loop with
numpy; the asynchronous one of Camsari, Sutton and Datta, Appl. Phys. Rev. 6, 011305 (2019), which IBM's p-kit runs in
the same way (all p-bits in a step, each a Python expression); block Gibbs sampling by thrml on JAX, where it is
installed (`pip install thrml`), by colours, one chain and 64 at once, compiled before it is timed.

Run: python -m benchmarks pbits
"""

from __future__ import annotations

import importlib
import random
import time

import numpy as np

from benchmarks.report import Table
from spinspice.networks.pbits import gates, sampling
from spinspice.networks.pbits.extracted import ExtractedPBit, Magnet
from spinspice.networks.pbits.ising import Ising
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


def asynchronous(J: np.ndarray, h: np.ndarray, I0: float, steps: int) -> int:
    """Run the asynchronous algorithm as loops over p-bits in Python; returns the updates."""
    random.seed(1)
    n, dt = h.size, 1.0 / (2.0 * h.size)
    m = [1.0 if random.random() < 0.5 else -1.0 for _ in range(n)]
    for _ in range(steps):
        inputs = [I0 * (np.dot(m, J[i]) + h[i]) for i in range(n)]
        stays = [np.exp(-dt * np.exp(-m[i] * inputs[i])) for i in range(n)]
        m = [m[i] * np.sign(stays[i] - random.random()) for i in range(n)]
    return steps * n


def with_thrml(ising: Ising, I0: float) -> dict[str, float]:
    """Return updates a second of thrml by number of chains; empty where it is not installed."""
    try:  # by name: no extra asks for it, since it brings the whole of JAX
        jax, thrml, models = (importlib.import_module(name) for name in ("jax", "thrml", "thrml.models"))
    except ImportError:
        return {}
    nodes = [thrml.SpinNode() for _ in ising.names]
    pairs = np.argwhere(np.triu(ising.J))
    model = models.IsingEBM(
        nodes, [(nodes[i], nodes[j]) for i, j in pairs], jax.numpy.array(ising.h),
        jax.numpy.array([ising.J[i, j] for i, j in pairs]), jax.numpy.array(I0),
    )  # fmt: skip
    blocks = [thrml.Block([nodes[ising.place(name)] for name in group]) for group in ising.colours()]
    program = models.IsingSamplingProgram(model, blocks, clamped_blocks=[])
    sweeps = 2000
    schedule = thrml.SamplingSchedule(n_warmup=sweeps, n_samples=1, steps_per_sample=1)

    @jax.jit
    def chain(key):  # type: ignore[no-untyped-def]
        start, run = jax.random.split(key)
        state = models.hinton_init(start, model, blocks, ())
        return thrml.sample_states(run, program, schedule, state, [], [thrml.Block(nodes)])

    found = {}
    for chains in (1, 64):
        many = jax.jit(jax.vmap(chain))
        jax.block_until_ready(many(jax.random.split(jax.random.key(0), chains)))
        began = time.process_time()
        jax.block_until_ready(many(jax.random.split(jax.random.key(1), chains)))
        found[f"thrml, {chains} chain{'s' if chains > 1 else ''} at once"] = (
            chains * sweeps * len(ising) / (time.process_time() - began)
        )
    return found


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
    began = time.process_time()
    done = asynchronous(ising.J, ising.h, 1.0, 200)
    best["asynchronous loop, as p-kit's"] = done / (time.process_time() - began)
    others = with_thrml(ising, 1.0)
    best |= others
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
    if not others:
        print("thrml is not installed: pip install thrml")


if __name__ == "__main__":
    main()
