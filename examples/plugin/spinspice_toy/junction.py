"""The toy junction in Python: parameters, what a run must know of it, the law as a function, and a preset."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spinspice.devices.base import Device, parameter, positive
from spinspice.devices.files import Derived, Durations, Trial
from spinspice.presets import Preset


@dataclasses.dataclass(frozen=True, kw_only=True)
class Toy(Device):
    """Two-terminal toy junction whose state is a sum of two sines. Ports: free, ref, state."""

    model: ClassVar[str] = "toy_sine"
    ports: ClassVar[tuple[str, ...]] = ("free", "ref", "state")
    folder: ClassVar[Path | None] = Path(__file__).parent
    trial: ClassVar[Trial | None] = Trial(bias=0.1, duration=2e-9, moves="state")
    derived: ClassVar[Mapping[str, Derived]] = {
        "period": Derived("s", "period of the slower sine", lambda device: 1.0 / device.f0, ("f0",)),
    }
    validity: ClassVar[tuple[str, ...]] = ("none: a toy",)

    R_P: float = positive(12.7e3, "Ohm", "parallel resistance")
    TMR: float = parameter(1.0, "1", "(R_AP - R_P) / R_P at zero bias", low=0.0, high=10.0)
    V_half: float = positive(0.5, "V", "bias where the TMR halves")
    f0: float = positive(1e9, "Hz", "frequency of the slower sine", high=1e12)
    V_0: float = positive(0.5, "V", "voltage that pulls as much as a sine")
    T: float = positive(300.0, "K", "temperature: no effect", high=2000.0)

    @property
    def state_weights(self) -> Mapping[str, float]:
        """The node ``state``: 1 parallel, -1 antiparallel."""
        return {"state": 1.0}

    def time_step(self, duration: float) -> float:
        """A fiftieth of the period [s]."""
        return 0.02 / self.f0

    @property
    def step_grid(self) -> tuple[float, float] | None:
        """B-sources cannot ask for short steps: the run must take them [s]."""
        return 0.02 / self.f0, 0.02 / self.f0

    def sample_step(self, duration: float) -> float:
        """A tenth of the period [s]."""
        return 0.1 / self.f0

    def durations(self) -> Durations:
        """Fifty periods, and ten at least [s]."""
        return Durations(50.0 / self.f0, 10.0 / self.f0, f"10 periods of {1.0 / self.f0:g} s")

    def _with_derived(self, values: Mapping[str, float], derived: Mapping[str, float], where: str) -> Self:
        return self.replace(**values, f0=1.0 / derived["period"])


def state(device: Toy, time: ArrayLike, voltage: ArrayLike, seed: int) -> NDArray[np.float64]:
    """Reference: the state at ``time`` [s] and ``voltage`` [V] of the instance ``seed``."""
    w = 2.0 * math.pi * device.f0 * np.asarray(time)
    p = 2.0 * math.pi * ((0.618 * seed) % 1.0)
    return np.tanh(np.sin(w + p) + np.sin(1.618 * w + 2.0 * p) + np.asarray(voltage) / device.V_0)


PRESET = Preset(
    name="toy",
    title="toy junction of two sines, 1 GHz",
    device=Toy(),
    source="examples/plugin",
    published={},
    chosen=dict.fromkeys(Toy().parameters(), "a toy: any value would do"),
)
