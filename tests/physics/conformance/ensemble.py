"""Many junctions in one deck: an ensemble of independent members from a single run, on any engine."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

import numpy as np

from spinspice.devices import Macrospin
from spinspice.devices.noise import instance_seed
from spinspice.engines.base import Engine
from spinspice.testbench import Testbench
from spinspice.units import format_number


@dataclasses.dataclass(frozen=True)
class Estimate:
    """A mean with its standard error."""

    value: float
    stderr: float

    def agrees_with(self, exact: float) -> bool:
        """Whether the exact value lies within four standard errors."""
        return bool(abs(self.value - exact) < 4.0 * self.stderr)

    def __str__(self) -> str:
        return f"{self.value:.6g} +- {self.stderr:.2g}"


def over_members(values: np.ndarray) -> Estimate:
    """Mean over independent members, with the standard error of that mean."""
    return Estimate(float(np.mean(values)), float(np.std(values, ddof=1) / np.sqrt(len(values))))


def macrospin_bench(
    device: Macrospin, members: Iterable[int], seed: int, duration: float, current: float = 0.0
) -> Testbench:
    """Junctions with noise of their own, each driven by a current source [A] of its own; ``members`` number them."""
    lines = []
    save = []
    for member in members:
        parameters = " ".join(
            f"{name}={value}" for name, value in device.instance_parameters(instance_seed(seed, f"j{member}")).items()
        )
        lines.append(f"xj{member} a{member} 0 mx{member} my{member} mz{member} {device.model} {parameters}")
        lines.append(f"ij{member} 0 a{member} {format_number(current)}")
        save += [f"v(m{axis}{member})" for axis in "xyz"]
    return Testbench(
        circuit="\n".join(lines) + "\n",
        stop=duration,
        step=device.max_step,
        save=tuple(save),
        temperature=device.T or 300.0,
        title="macrospin junctions",
    )


def run_macrospins(
    engine: Engine, device: Macrospin, *, members: int, seed: int, duration: float, current: float = 0.0
) -> tuple[np.ndarray, np.ndarray]:
    """Run an ensemble; return times (n,) on the noise grid and magnetisation (members, n, 3).

    A deck of B-source junctions costs more a junction the more it holds, so their ensembles come in decks of four.
    """
    together = 4 if engine.model == "b-source" else members
    grid = device.dt * np.arange(int(np.floor(duration / device.dt * (1 + 1e-9))) + 1)
    m = []
    for first in range(0, members, together):
        numbers = range(first, min(first + together, members))
        waves = engine.run(macrospin_bench(device, numbers, seed, duration, current))
        m += [np.stack([np.interp(grid, waves.time, waves[f"v(m{a}{k})"]) for a in "xyz"], axis=-1) for k in numbers]
    return grid, np.stack(m)
