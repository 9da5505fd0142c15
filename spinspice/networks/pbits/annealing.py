"""Simulated annealing by networks of extracted p-bits: clocked, with a ramp of I0."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from spinspice.errors import UsageError
from spinspice.networks.pbits.extracted import ExtractedPBit
from spinspice.networks.pbits.ising import Ising
from spinspice.networks.pbits.motion import MAX_ROW
from spinspice.networks.pbits.sampling import Annealed
from spinspice.networks.pbits.surrogate import Calibration, simulate


def anneal_extracted(
    ising: Ising,
    pbit: ExtractedPBit,
    calibration: Calibration,
    schedule: ArrayLike,
    *,
    clock: float = 1e-9,
    seed: int = 1,
) -> Annealed:
    """Update all p-bits once for every value of I0, colour by colour; p-bits of a colour are not coupled.

    The same as :func:`spinspice.networks.pbits.sampling.anneal` does with exact draws. The state is looked at once a
    sweep; the best of those is kept.

    Parameters
    ----------
    ising : Ising
        Up to 62 p-bits.
    schedule : array, shape (sweeps,)
        I0 of each sweep [1].
    clock : float
        Time between two colours [s].

    Raises
    ------
    UsageError
        For more p-bits than a state's number holds.
    """
    if len(ising) > MAX_ROW:
        raise UsageError(f"{len(ising)} p-bits: states of up to {MAX_ROW} are followed. Clamp some.")
    steps = np.atleast_1d(np.asarray(schedule, dtype=float))
    groups = ising.colours()
    sweep = clock * len(groups)
    run = simulate(
        ising, pbit, calibration, duration=sweep * steps.size, seed=seed, record=sweep, clock=clock, groups=groups,
        ramp=steps,
    )  # fmt: skip
    shifts = np.arange(len(ising) - 1, -1, -1)
    states = 2.0 * ((run.rows[:, None] >> shifts) & 1) - 1.0
    energies = np.asarray(ising.energy(states))
    best = int(energies.argmin())
    return Annealed(states[best], float(energies[best]), run.last, energies)
