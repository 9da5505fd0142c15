r"""Density of the cosine of a junction's angle, and how a current tilts it.

Without a current the layer of a low-barrier disk points anywhere in its plane: :math:`c = \cos\varphi` with an even
:math:`\varphi`. Any other magnet's density is taken from runs of the reference solver. A current I multiplies it by
:math:`e^{b c}` with :math:`b = \beta I`, to first order in I: spin torque does little to such a magnet.
"""

from __future__ import annotations

import dataclasses
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from spinspice.devices.laws.rotor import Magnet
from spinspice.devices.reference.macrospin import simulate_macrospin
from spinspice.errors import ParameterError

Array = NDArray[np.float64]
#: Nodes of the density: our choice.
NODES = 64
#: Runs of the reference solver: seeds, length and start left out [s]; our choice. Those of the tilt cost seconds.
SEEDS, LENGTH, WARM = 8, 500e-9, 20e-9


@dataclasses.dataclass(frozen=True)
class Density:
    """Nodes of equal weight without a current, and the tilt [1/A]."""

    nodes: Array
    tilt: float

    @classmethod
    def of(cls, device: Any, tilt: float) -> Self:
        """Return that of a junction."""
        try:
            Magnet.of(device)
        except ParameterError:
            run = simulate_macrospin(device, LENGTH, seed=np.arange(SEEDS), decimate=2)
            found = run.cosine[:, int(WARM / (2.0 * device.dt)) :]
            return cls(np.quantile(found, (np.arange(NODES) + 0.5) / NODES), tilt)
        return cls(np.cos(np.pi * (np.arange(NODES) + 0.5) / NODES), tilt)

    def weights(self, current: Array) -> Array:
        """Return weights of the nodes at currents (n,) [A], shape (n, nodes)."""
        w = np.exp(self.tilt * np.asarray(current)[:, None] * self.nodes)
        return w / w.sum(axis=1, keepdims=True)


def tilt_of(device: Any, current: float) -> tuple[float, float]:
    """Return the tilt [1/A] from runs at plus and minus a current [A], and its standard error."""
    runs = [
        simulate_macrospin(device, LENGTH, seed=np.arange(SEEDS), current=sign * current, decimate=2).cosine[
            :, int(WARM / (2.0 * device.dt)) :
        ]
        for sign in (1.0, -1.0)
    ]
    square = float(np.mean([np.mean(run**2) for run in runs]))
    each = (runs[0].mean(axis=1) - runs[1].mean(axis=1)) / (2.0 * current * square)
    return float(each.mean()), float(each.std(ddof=1) / np.sqrt(SEEDS))
