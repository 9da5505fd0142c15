"""Tasks by name, and the designs with which a reservoir of neurons does them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np

from spinspice.errors import UsageError, did_you_mean
from spinspice.networks.reservoir.readout import Split
from spinspice.networks.reservoir.tasks import (
    Channel,
    Task,
    channel_task,
    jaeger_task,
    mackey_glass_task,
    narma_task,
    parity_task,
)  # fmt: skip

#: Name -> task of (split, seed, settings).
TASKS: Mapping[str, Callable[[Split, int, Mapping[str, Any]], Task]] = MappingProxyType({
    "parity": lambda split, seed, more: parity_task(split, bits=int(more.get("bits", 2)), seed=seed),
    "channel": lambda split, seed, more: channel_task(split, Channel.random(int(more.get("channel", 1))), seed=seed),
    "jaeger": lambda split, seed, more: jaeger_task(split, snr=float(more.get("snr", 28.0)), seed=seed),
    "narma": lambda split, seed, more: narma_task(split, seed=seed),
    "mackey-glass": lambda split, seed, more: mackey_glass_task(split, ahead=int(more.get("ahead", 1)), seed=seed),
})  # fmt: skip

#: Name -> radius, scale of inputs and biases, time constant of the interconnect over the symbol, and largest
#: input over the rails [1]: found with other seeds than those that tests and pages score; our choice.
DESIGNS: Mapping[str, Mapping[str, float]] = MappingProxyType(
    {
        "parity": MappingProxyType({"radius": 0.8, "input_scale": 1.5, "bias_scale": 0.8, "ratio": 0.3, "reach": 0.75}),
        "channel": MappingProxyType(
            {"radius": 0.95, "input_scale": 1.2, "bias_scale": 0.3, "ratio": 0.2, "reach": 0.999}
        ),
        "jaeger": MappingProxyType(
            {"radius": 0.9, "input_scale": 0.7, "bias_scale": 0.8, "ratio": 0.5, "reach": 0.999}
        ),
        "narma": MappingProxyType({"radius": 0.9, "input_scale": 0.3, "bias_scale": 0.3, "ratio": 0.6, "reach": 0.75}),
        "mackey-glass": MappingProxyType(
            {"radius": 0.9, "input_scale": 1.0, "bias_scale": 0.5, "ratio": 3.0, "reach": 0.999}
        ),
    }
)


def input_voltage(design: str, task: Task, vdd: float) -> float:
    """Return the voltage of u = 1 at which the largest input of a task reaches as far as its design says [V]."""
    return DESIGNS[design]["reach"] * vdd / 2.0 / float(np.abs(task.u).max())


def make_task(name: str, split: Split, *, seed: int = 1, settings: Mapping[str, Any] = MappingProxyType({})) -> Task:
    """Return a task by name; ``settings`` are bits, channel, snr or ahead.

    Raises
    ------
    UsageError
        For an unknown task.
    """
    if name not in TASKS:
        raise UsageError(f"unknown task {name!r}. {did_you_mean(name, TASKS)}")
    return TASKS[name](split, seed, settings)
