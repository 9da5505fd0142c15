"""Parity of the last bits: no linear filter does better than guess, whatever its length."""

from __future__ import annotations

import numpy as np

from spinspice.devices.noise import instance_seed
from spinspice.errors import check_range
from spinspice.networks.reservoir.readout import Split
from spinspice.networks.reservoir.tasks.base import Task


def parity_task(split: Split, *, bits: int = 2, delay: int = 0, seed: int = 1) -> Task:
    """Return the task of saying the product of the last ``bits`` inputs of -1 or 1, ``delay`` steps late.

    Two bits are the temporal exclusive-or.
    """
    check_range("bits", bits, 2, 20, where="parity_task")
    check_range("delay", delay, 0, 100, where="parity_task")
    past = bits - 1 + delay
    u = np.random.default_rng(instance_seed(seed, "bits")).choice([-1.0, 1.0], split.rows + past)
    d = np.ones(split.rows)
    for k in range(delay, delay + bits):
        d = d * u[past - k : past - k + split.rows]
    return Task(name=f"parity of {bits} bits, {delay} late", u=u[past:], d=d, split=split, levels=(-1.0, 1.0))
