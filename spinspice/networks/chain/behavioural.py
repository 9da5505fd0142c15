r"""Behavioural twin of the chain: thermally activated switching under current pulses, without a simulator.

A junction that is antiparallel at the start of a pulse of current I switches with

.. math:: P_{sw} = 1 - \exp[-t_e \varphi_0 e^{-\Delta (1 - I / I_c)}]

with the effective length t_e of the pulse (:mod:`spinspice.devices.laws.thresholds`). The scatter of its threshold from
pulse to pulse is therefore no added noise: it follows from barrier, critical current, attempt frequency and pulse
length, as in the circuit.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spinspice.devices.laws.thresholds import GUMBEL_SD, Threshold
from spinspice.devices.noise import THRESHOLD_WORD, instance_seed, uniform
from spinspice.devices.telegraph import Telegraph
from spinspice.errors import CircuitError, check_range
from spinspice.presets.lopez2024 import JUNCTIONS

if TYPE_CHECKING:
    from spinspice.benches.chain import PulseTrain


class Chain(Protocol):
    """What the learner needs of a chain, be it a twin, a circuit or an experiment."""

    @property
    def size(self) -> int:
        """Number of junctions N."""

    def switched(self, inputs: NDArray[np.float64], controls: NDArray[np.float64], seed: int) -> NDArray[np.bool_]:
        """Apply inputs one after the other, each from the reset state; return which junctions switched.

        Parameters
        ----------
        inputs : array, shape (n,)
            Input currents [A].
        controls : array, shape (N,)
            Control currents of the junctions [A].
        seed : int
            Seed of the thermal noise of all these applications.

        Returns
        -------
        array of bool, shape (n, N)
        """


@dataclasses.dataclass(frozen=True)
class BehaviouralChain:
    """A chain of N junctions, each with the distribution of its threshold in total current.

    Parameters
    ----------
    thresholds : tuple of Threshold
        Switching out of the antiparallel state, in the order of the chain.
    """

    thresholds: tuple[Threshold, ...]

    def __post_init__(self) -> None:
        if not self.thresholds:
            raise CircuitError("a chain needs at least one junction; got no thresholds.")
        for number, threshold in enumerate(self.thresholds, 1):
            where = f"junction {number} of a twin"
            check_range("width", threshold.width, 0.0, 1.0, unit="A", where=where, open_low=True)
            check_range("location", threshold.location, -1.0, 1.0, unit="A", where=where)

    @classmethod
    def from_devices(
        cls, devices: Iterable[Telegraph] = JUNCTIONS, pulses: PulseTrain | None = None
    ) -> BehaviouralChain:
        """Return the twin of ``SpiceChain(devices, pulses)``: the same junctions and pulses, by their law."""
        from spinspice.benches.chain import PulseTrain

        train = pulses or PulseTrain()
        return cls(tuple(train.threshold(device) for device in devices))

    @classmethod
    def from_means(cls, means: ArrayLike, scatter: float) -> BehaviouralChain:
        """Return junctions with these mean thresholds and this standard deviation from cycle to cycle [A]."""
        width = float(scatter) / GUMBEL_SD
        return cls(tuple(Threshold(float(mean) + np.euler_gamma * width, width) for mean in np.atleast_1d(means)))

    @property
    def size(self) -> int:
        """Number of junctions N."""
        return len(self.thresholds)

    @property
    def means(self) -> NDArray[np.float64]:
        """Mean thresholds in total current [A], shape (N,)."""
        return np.array([threshold.mean for threshold in self.thresholds])

    def switching_probability(self, current: ArrayLike) -> NDArray[np.float64]:
        """Probability that a pulse switches, at currents [A] of shape (..., N)."""
        current = np.asarray(current, dtype=float)
        return np.stack([each.probability(current[..., i]) for i, each in enumerate(self.thresholds)], axis=-1)

    def switched(self, inputs: NDArray[np.float64], controls: NDArray[np.float64], seed: int) -> NDArray[np.bool_]:
        """As :meth:`Chain.switched`: every application draws a threshold for every junction."""
        current = np.asarray(inputs, dtype=float)[:, None] + np.asarray(controls, dtype=float)
        count = np.arange(len(current))
        drawn = [
            each.quantile(uniform(instance_seed(seed, f"junction {i}"), THRESHOLD_WORD, count))
            for i, each in enumerate(self.thresholds)
        ]
        return current > np.stack(drawn, axis=-1)
