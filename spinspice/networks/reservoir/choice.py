"""Tasks by name, and the designs with which a reservoir of neurons does them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Literal

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
from spinspice.networks.reservoir.topology import Topology

#: Name -> task of (split, seed, settings).
TASKS: Mapping[str, Callable[[Split, int, Mapping[str, Any]], Task]] = MappingProxyType({
    "parity": lambda split, seed, more: parity_task(split, bits=int(more.get("bits", 2)), seed=seed),
    "channel": lambda split, seed, more: channel_task(split, Channel.random(int(more.get("channel", 1))), seed=seed),
    "jaeger": lambda split, seed, more: jaeger_task(split, snr=float(more.get("snr", 28.0)), seed=seed),
    "narma": lambda split, seed, more: narma_task(split, seed=seed),
    "mackey-glass": lambda split, seed, more: mackey_glass_task(split, ahead=int(more.get("ahead", 1)), seed=seed),
})  # fmt: skip

#: Synapses of a neuron where a design does not say.
DEGREE = 4
#: Name -> radius of random weights, or real part and largest imaginary part of rotating ones, scale of inputs and
#: biases, time constant of the interconnect over the symbol, and largest input over the rails [1]: found with other
#: seeds than those that tests and pages score; our choice.
DESIGNS: Mapping[str, Mapping[str, float]] = MappingProxyType({
    name: MappingProxyType(design)
    for name, design in {
        "parity": {"radius": 0.8, "input_scale": 1.5, "bias_scale": 0.8, "ratio": 0.3, "reach": 0.75},
        "channel": {
            "degree": 1, "radius": 0.6, "input_scale": 1.4, "bias_scale": 0.5, "ratio": 0.16, "reach": 0.999,
        },
        "jaeger": {
            "keep": 0.5, "turn": 1.6, "input_scale": 0.3, "bias_scale": 0.2, "ratio": 0.5, "reach": 0.999,
        },
        "narma": {"radius": 0.9, "input_scale": 0.3, "bias_scale": 0.3, "ratio": 0.6, "reach": 0.75},
        "mackey-glass": {"radius": 0.9, "input_scale": 1.0, "bias_scale": 0.5, "ratio": 3.0, "reach": 0.999},
    }.items()
})  # fmt: skip
#: The same for ideal networks that move in steps, where those of the circuit do not fit them.
IDEAL: Mapping[str, Mapping[str, float]] = MappingProxyType(
    {
        **DESIGNS,
        "channel": MappingProxyType({"radius": 0.95, "input_scale": 1.2, "bias_scale": 0.3}),
        "jaeger": MappingProxyType({"radius": 0.6, "input_scale": 0.2, "bias_scale": 0.3}),
    }
)


def design_topology(
    design: str,
    nodes: int,
    *,
    seed: int,
    degree: int | None = None,
    signs: Literal["both", "inhibit"] = "both",
    ideal: bool = False,
    **scales: float | None,
) -> Topology:
    """Return weights by the design of a task.

    Parameters
    ----------
    design : str
    nodes, degree, signs, seed
        As of :meth:`Topology.random`; the degree by default that of the design, else 4. A design that rotates needs
        both signs and an even degree; for others, or with a radius of its own, weights are random with its scales.
    ideal : bool
        For a network that moves in steps.
    **scales : float or None
        radius, input_scale, bias_scale in place of those of the design; None for the design's own.
    """
    given: dict[str, Any] = {
        **(IDEAL if ideal else DESIGNS)[design],
        **{k: v for k, v in scales.items() if v is not None},
    }
    degree = int(given.get("degree", DEGREE)) if degree is None else degree
    ends: dict[str, Any] = {name: given[name] for name in ("input_scale", "bias_scale")}
    if "turn" in given and "radius" not in given and signs == "both" and degree % 2 == 0:
        return Topology.rotating(nodes, degree=degree, keep=given["keep"], turn=given["turn"], seed=seed, **ends)
    radius = given.get("radius", IDEAL[design].get("radius", 0.9))
    return Topology.random(nodes, degree=degree, radius=radius, signs=signs, seed=seed, **ends)


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
