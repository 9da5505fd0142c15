"""Neuron-steps in a second of processor time: networks of surrogate neurons, their magnets' noise included.

Beside them a network of the same size in plain numpy, a step of all neurons at a time, with a ready-made generator of
normal numbers.

Run: python -m benchmarks surrogate
"""

from __future__ import annotations

import time

import numpy as np

from benchmarks.report import Table
from spinspice.surrogate import Surrogate, extract

#: Neurons, columns of the input and steps of each.
SIZES, COLUMNS, STEPS = (20, 100, 500), 100, 50


def plain(surrogate: Surrogate, W: np.ndarray, steps: int) -> int:
    """Run the mean curve with additive noise in numpy; returns neuron-steps."""
    draw = np.random.default_rng(1)
    v, mean = surrogate.moments.v, surrogate.moments.mean
    z = np.zeros(W.shape[0])
    noise = np.zeros(W.shape[0])
    for _ in range(steps):
        noise += 0.05 * (-noise + 0.3 * draw.normal(size=z.size))
        z += 0.2 * (np.interp(W @ z, v, mean) + noise - z)
    return steps * z.size


def main() -> None:
    """Print neuron-steps a second of each."""
    table = Table("networks of surrogate neurons, full weights, one core", packages=("numba",))
    surrogate = extract("asn", "generic", duration=40e-9)
    draw = np.random.default_rng(0)
    for n in SIZES:
        W = draw.normal(size=(n, n))
        W *= 0.18 / np.abs(np.linalg.eigvals(W)).max()
        net = surrogate.network(W, 0.0, draw.uniform(-0.2, 0.2, (n, 1)), tau=1e-9)
        inputs = draw.uniform(-0.3, 0.3, (1, COLUMNS))
        began = time.process_time()
        first = plain(surrogate, W, 2000) / (time.process_time() - began)
        table.row(f"{n} neurons, numpy, noise from a generator", first, "neuron-steps/s", 1.0)
        for magnet in ("rotor", "reference", "mean"):
            net.run(inputs[:, :2], 1, steps=STEPS, magnet=magnet)
            best = 0.0
            for seed in (2, 3, 4):
                began = time.process_time()
                net.run(inputs, seed, steps=STEPS, magnet=magnet)
                best = max(best, n * COLUMNS * STEPS / (time.process_time() - began))
            table.row(f"{n} neurons, magnet={magnet}", best, "neuron-steps/s", best / first)
    table.print(ratio="relative to numpy")


if __name__ == "__main__":
    main()
