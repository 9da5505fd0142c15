"""What the solvers of things with two coordinates share: how many steps, what is recorded, and how it is given back."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spinspice.devices.reference.drive import checked_seeds, count_steps

#: Samples of the noise that are drawn at once.
BLOCK = 256


class Plan:
    """Steps of a run and the room for its result.

    Parameters
    ----------
    device : Device
        With ``dt`` and ``max_step`` [s].
    duration : float
        Simulated time [s], rounded to whole noise steps.
    seed : int or array of shape (n,)
    substeps : int or None
        Steps of the solver a noise step; None for as many as ``max_step`` asks for.
    decimate : int
        Record every so many noise steps.
    what : str
        What moves, for messages.
    """

    def __init__(
        self, device: Any, duration: float, seed: ArrayLike, substeps: int | None, decimate: int, what: str
    ) -> None:
        self.seeds = checked_seeds(seed)
        steps = count_steps(duration, device.dt, what)
        if substeps is None:
            substeps = max(1, math.ceil(device.dt / device.max_step - 1e-9))
        #: Noise steps, steps of the solver in each, noise steps between records.
        self.counts = (steps, int(substeps), int(decimate))
        #: Both coordinates of every member at every record, shape (n, r, 2).
        self.out: NDArray[np.float64] = np.empty((self.seeds.size, steps // int(decimate) + 1, 2))
        self._single = np.ndim(seed) == 0
        self._step = int(decimate) * device.dt

    def recorded(self) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
        """Return times [s] and both coordinates; of a single seed without the axis of members."""
        out = self.out[0] if self._single else self.out
        return np.arange(self.out.shape[1]) * self._step, out[..., 0], out[..., 1]
