"""How fast a cell follows its junction, as few numbers."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
#: Shortest time constant [s]: our choice.
SHORTEST = 1e-14


@dataclasses.dataclass(frozen=True, kw_only=True)
class Stage:
    """How fast a cell follows: what is fitted to one run of it.

    Parameters
    ----------
    capacitance : float
        Of the inner node [F].
    low, high : float
        Voltages of the junction between which the current of the stage behind it does not saturate [V].
    floor, ceiling : float
        Between which its output is off the rails, referred to its input [V].
    tau_inner, tau_out : float
        Time constants of that stage and of the output in the middle of its swing [s].
    tau_bottom, tau_top : float
        Time constants of the output at the ends of its swing [s].
    bottom, top : float
        These ends [V].
    tau_loop : float
        Time constant within the feedback of the output [s].
    up, down : float
        Fastest rise and fall of the output [V/s].
    miss : float
        Rms distance from the run that they were fitted to, over the swing [1].
    """

    capacitance: float
    low: float
    high: float
    floor: float
    ceiling: float
    tau_inner: float
    tau_out: float
    tau_bottom: float
    tau_top: float
    bottom: float
    top: float
    tau_loop: float
    up: float
    down: float
    miss: float = math.nan

    def row(self, dt: float) -> Array:
        """Return it as the kernel takes it, for a step [s].

        Limits of the current, and the part of a step that the stage goes; most that the output rises and falls; a
        number of no use; lower end of the output and 2 over its swing; what the amplifier makes of (u, z - O) in a
        step at the lower end, in the middle and at the upper end of the swing; rails of the stage.
        """
        from scipy.linalg import expm

        part = -math.expm1(-dt / self.tau_inner) if self.tau_inner > 0.0 else 1.0
        loop = max(self.tau_loop, SHORTEST)
        taus = [max(tau, SHORTEST) for tau in (self.tau_bottom, self.tau_out, self.tau_top)]
        turns = [expm(dt * np.array([[-1.0 / loop, -1.0 / loop], [1.0 / tau, 0.0]])).ravel() for tau in taus]
        first = [self.low, self.high, part, self.up * dt, self.down * dt, 0.0, self.bottom]
        return np.array([*first, 2.0 / (self.top - self.bottom), *np.concatenate(turns), self.floor, self.ceiling])
