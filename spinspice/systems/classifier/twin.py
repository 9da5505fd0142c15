r"""Behavioural twin of the chain: thermally activated switching under current pulses, without a simulator.

A junction that is antiparallel at the start of a pulse of current I and length t_p switches with

.. math:: P_{sw} = 1 - \exp[-t_p \varphi_0 e^{-\Delta (1 - I / I_c)}]

(Neel-Brown with a barrier that falls linearly with the current; escape out of AP as in the telegraph model). The
threshold of a pulse is not a parameter with added noise: its mean, its width :math:`I_c / \Delta` and its dependence on
the pulse length all follow from this law.
"""

from __future__ import annotations

import dataclasses
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spinspice.devices.noise import instance_seed, thresholds
from spinspice.errors import ParameterError, check_range

#: Total currents at which the junctions of the paper switch [A]: input threshold plus control current (Fig. 1b).
THRESHOLDS = (224e-6, -66e-6, 196e-6)
#: I_c / delta [A]: with it thresholds scatter by 1.28 x 4 = 5 uA (our choice; the paper gives no figure).
WIDTH = 4e-6
#: Attempt frequency [1/s] (usual for thin films) and length of an input [s] (a dc source under computer control).
PHI0, PULSE = 1e9, 10e-3


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
class Twin:
    """A chain of N junctions by the law above.

    Parameters
    ----------
    delta, I_c : array, shape (N,)
        Barrier out of the antiparallel state at zero current [k_B T], and current [A] that takes it away.
    phi0 : float
        Attempt frequency [1/s].
    duration : float
        Length of an input pulse [s].
    """

    delta: NDArray[np.float64]
    I_c: NDArray[np.float64]
    phi0: float = PHI0
    duration: float = PULSE

    def __post_init__(self) -> None:
        for name in ("delta", "I_c"):
            values = np.atleast_1d(np.asarray(getattr(self, name), dtype=float))
            if not (values.size and np.all(np.isfinite(values)) and np.all(values != 0.0)):
                raise ParameterError(f"{name} = {values} of a Twin: one number for each junction, none zero, expected.")
            object.__setattr__(self, name, values)
        if self.delta.shape != self.I_c.shape or np.any(self.width <= 0.0):
            raise ParameterError(
                f"delta {self.delta} and I_c {self.I_c} of a Twin: as many of one as of the other and of equal signs "
                "expected, since I_c / delta is a width."
            )
        check_range("phi0", self.phi0, 0.0, 1e15, unit="1/s", where="attempt frequency of a Twin", open_low=True)
        check_range("duration", self.duration, 0.0, 1e9, unit="s", where="input pulse of a Twin", open_low=True)

    @classmethod
    def from_thresholds(
        cls,
        thresholds: ArrayLike = THRESHOLDS,
        width: ArrayLike = WIDTH,
        *,
        phi0: float = PHI0,
        duration: float = PULSE,
    ) -> Twin:
        """Return the junctions that switch with probability 1/2 at ``thresholds`` [A] in pulses of ``duration``.

        With width w = I_c / delta [A] the law reads ln(hazard) = ln(t_p phi0) - delta + I / w, so
        delta = threshold / w + ln(t_p phi0 / ln 2).
        """
        w = np.broadcast_to(np.asarray(width, dtype=float), np.shape(thresholds))
        delta = np.asarray(thresholds, dtype=float) / w + np.log(duration * phi0 / np.log(2.0))
        return cls(delta, delta * w, phi0, duration)

    @property
    def size(self) -> int:
        """Number of junctions N."""
        return len(self.delta)

    @property
    def width(self) -> NDArray[np.float64]:
        """I_c / delta [A], shape (N,); the standard deviation of a threshold is pi / sqrt(6) = 1.28 times as large."""
        return self.I_c / self.delta

    @property
    def thresholds(self) -> NDArray[np.float64]:
        """Currents that switch half of the pulses [A], shape (N,)."""
        return self.I_c - self.width * np.log(self.duration * self.phi0 / np.log(2.0))

    def hazard(self, current: ArrayLike) -> NDArray[np.float64]:
        """Escape rate out of AP times pulse length [1] at currents [A] of shape (..., N)."""
        exponent = self.delta * (np.asarray(current, dtype=float) / self.I_c - 1.0)
        return self.duration * self.phi0 * np.exp(np.clip(exponent, -700.0, 600.0))

    def switching_probability(self, current: ArrayLike) -> NDArray[np.float64]:
        """Probability that a pulse switches, at currents [A] of shape (..., N)."""
        return -np.expm1(-self.hazard(current))

    def switched(self, inputs: NDArray[np.float64], controls: NDArray[np.float64], seed: int) -> NDArray[np.bool_]:
        """As :meth:`Chain.switched`: a junction switches when its hazard passes a unit-exponential threshold."""
        current = np.asarray(inputs, dtype=float)[:, None] + np.asarray(controls, dtype=float)
        seeds = np.array([instance_seed(seed, f"junction {i}") for i in range(self.size)])
        return self.hazard(current) > thresholds(seeds, np.arange(len(current))[:, None])
