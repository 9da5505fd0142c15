"""Currents at which pulses of 1 to 300 ns switch the macrospins of the chain, by the reference solver.

Noise is a function of the seed, so each member of an ensemble has a threshold of its own: the current at which a pulse
of given length begins to switch it, found by bisection with its noise held fixed.
"""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spinspice.devices import as_macrospin as macrospin_of
from spinspice.devices.laws.calibration import as_macrospin
from spinspice.devices.laws.thresholds import AP, pulse_threshold
from spinspice.devices.macrospin import Macrospin
from spinspice.devices.noise import instance_seed
from spinspice.devices.telegraph import Telegraph
from spinspice.errors import ResultError, check_range
from spinspice.presets.lopez2024 import JUNCTIONS, LOPEZ2024

#: Longest pulse that the paper considers for integrated chains [s] (Sec. IV); the two-state law takes over from there.
MAX_DURATION = 300e-9
#: Damping of the macrospins of the three junctions of the chain: what :func:`fitted_macrospin` returns for
#: ``LOPEZ2024.device`` as the body, 32 members and seed 1 (a slow test repeats it).
DAMPING = (0.0026956861023326264, 0.0015837073099898415, 0.002385713295305348)
#: Halvings of the range of currents.
HALVINGS = 10
#: Time after a pulse at which the state is taken [s], our choice.
RELAX = 3e-9


@dataclasses.dataclass(frozen=True)
class PulseThresholds:
    """Switching currents of pulses of one length.

    Parameters
    ----------
    hold : float
        Length of the pulse [s], with vertical edges.
    currents : array, shape (members,)
        Switching current of each member [A].
    """

    hold: float
    currents: NDArray[np.float64]

    @property
    def mean(self) -> float:
        """Mean switching current [A]."""
        return float(self.currents.mean())

    @property
    def stderr(self) -> float:
        """Its standard error [A]."""
        return float(self.currents.std(ddof=1) / np.sqrt(self.currents.size))


def switched_by(body: Macrospin, currents: ArrayLike, hold: float, seeds: ArrayLike) -> NDArray[np.bool_]:
    """Return which members a pulse switches out of AP: of ``currents`` [A], shape (n,), for ``hold`` [s]."""
    from spinspice.devices.reference.macrospin import simulate_macrospin

    currents = np.asarray(currents, dtype=float)
    values = np.stack([currents, currents, np.zeros_like(currents), np.zeros_like(currents)], axis=1)
    times = np.array([0.0, hold, hold, hold + RELAX])
    run = simulate_macrospin(body, hold + RELAX, seeds, current=(times, values), decimate=10)
    return np.asarray(run.cosine[:, -1] > 0.0)


def pulse_thresholds(
    body: Macrospin, hold: float, *, highest: float = 3e-3, members: int = 32, seed: int = 1
) -> PulseThresholds:
    """Return the switching currents of ``members`` junctions for pulses of one length.

    Parameters
    ----------
    body : Macrospin
        Antiparallel at first.
    hold : float
        Length of the pulse [s].
    highest : float
        Highest current that is tried [A]; the lowest is 0.
    members, seed : int
        Size of the ensemble, and seed of its noise.

    Raises
    ------
    ResultError
        If the highest current does not switch them all.
    """
    check_range("hold", hold, 1e-10, 1e-6, unit="s", where="pulse on a macrospin; longer ones: Telegraph")
    check_range("members", members, 2, 1e5, where="ensemble of a switching current")
    seeds = np.array([instance_seed(seed, f"member {k}") for k in range(members)])
    low, high = np.zeros(members), np.full(members, highest)
    left = int(np.sum(~switched_by(body, high, hold, seeds)))
    if left:
        raise ResultError(
            f"{left} of {members} junctions do not switch in {hold * 1e9:.3g} ns at {highest * 1e6:.4g} uA. Raise "
            "highest, or lengthen the pulse."
        )
    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        switched = switched_by(body, middle, hold, seeds)
        low, high = np.where(switched, low, middle), np.where(switched, middle, high)
    return PulseThresholds(hold, 0.5 * (low + high))


def fitted_macrospin(
    junction: Telegraph, body: Macrospin, hold: float = MAX_DURATION, *, members: int = 32, seed: int = 1
) -> Macrospin:
    """Return ``as_macrospin(junction, body)`` with the damping at which pulses of ``hold`` [s] switch it, on average,
    at the current at which the law of the two-state junction has it: the two then meet there.

    Critical currents are proportional to the damping: two corrections by the ratio of the currents.
    """
    target = pulse_threshold(junction, hold, state=AP).mean
    fitted = as_macrospin(junction, body)
    for _ in range(2):
        found = pulse_thresholds(fitted, hold, highest=4.0 * target, members=members, seed=seed).mean
        fitted = fitted.replace(alpha=fitted.alpha * target / found)
    return fitted


def pulse_macrospins() -> tuple[Macrospin, ...]:
    """Return the macrospins of the chain's three junctions, for pulses up to :data:`MAX_DURATION`."""
    body = macrospin_of(LOPEZ2024.device, "the body of a junction is a macrospin, not a {kind}")
    return tuple(
        as_macrospin(junction, body).replace(alpha=alpha) for junction, alpha in zip(JUNCTIONS, DAMPING, strict=True)
    )
