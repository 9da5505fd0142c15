"""What sampling alone makes of a run's difference to a law: the law itself, run as often and as long as the circuit.

Independent draws, as many as the run holds by its own correlation time, are not enough where a network stays among
some of its states for longer than the run: what was never met has no correlation time. Runs of the same length of a
process that has the law, each from a start at random, know that.

Nor is sampling all: resistors are made for a width and a middle of the transition that were measured, with standard
errors. Each repetition draws both anew, one draw for all p-bits, which are the same cell.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spinspice.networks.pbits import sampling
from spinspice.networks.pbits.exact import total_variation
from spinspice.networks.pbits.extracted import ExtractedPBit
from spinspice.networks.pbits.ising import Ising
from spinspice.networks.pbits.surrogate import STEP, Calibration, Transfer, follow_layers, simulate

#: Repetitions, and p-bit steps that they may take in all: our choice, a few seconds.
REPEATED, STEPS = 100, 2e8
#: Fewest repetitions, which leave the spread uncertain by a sixth.
FEWEST = 20


def alone(law: ArrayLike, draw: Callable[[int], NDArray[np.int64]], repeats: int = REPEATED) -> tuple[float, float]:
    """Return mean and standard deviation of the total variation between a law and runs like those of the circuit.

    Parameters
    ----------
    law : array, shape (2**n,)
    draw : callable
        Returns counts of the states in runs as many and as long as those of the circuit, for a number from 0.
    repeats : int
    """
    wanted = np.asarray(law, dtype=float)
    counts = [draw(k) for k in range(repeats)]
    found = np.array([total_variation(each / each.sum(), wanted) for each in counts])
    return float(found.mean()), float(found.std(ddof=1))


def of_gibbs(
    ising: Ising, I0: float, law: ArrayLike, *, sweeps: int, runs: int, seed: int, made: Calibration | None = None,
) -> tuple[float, float]:  # fmt: skip
    """Return what runs of so many sweeps of Gibbs sampling give, five sweeps after a start at random.

    ``made`` is the calibration that the resistors were made for; without one it is exact.
    """

    def draw(k: int) -> NDArray[np.int64]:
        real, factor = (ising, 1.0) if made is None else miscalibrated(ising, I0, made, seed + 1000 * k)
        each = [sampling.sample(real, factor * I0, sweeps, seed + 1000 * k + run, warm=5) for run in range(runs)]
        return np.asarray(np.sum(each, axis=0))

    return alone(law, draw)


def miscalibrated(ising: Ising, I0: float, made: Calibration, seed: int) -> tuple[Ising, float]:
    """Return the energy, and the factor on I0, that a network has whose cell is not quite what it was made for."""
    offset, width = made.off_by(np.random.default_rng([seed, 0xCA]))
    shift = offset / (made.V0 * I0) if I0 else 0.0
    return Ising(ising.names, ising.J, ising.h - shift), 1.0 / width


def of_extracted(
    ising: Ising, pbits: Sequence[ExtractedPBit], used: Sequence[Calibration], law: ArrayLike, *, duration: float,
    runs: int, seed: int, found: Calibration | None = None, **how: Any,
) -> tuple[float, float]:  # fmt: skip
    """Return what so many runs of extracted p-bits give.

    ``found`` is the calibration of the p-bits, with the errors of their extraction; without one they are taken as
    exact. ``how`` as for :func:`surrogate.simulate`.
    """

    def draw(k: int) -> NDArray[np.int64]:
        real = list(pbits)
        if found is not None:
            offset, width = found.off_by(np.random.default_rng([seed + 1000 * k, 0xCA]))
            real = [pbit.scaled(width, found.v0).shifted(offset) for pbit in pbits]
        each = [
            simulate(ising, real, used, duration=duration, seed=seed + 1000 * k + run, **how) for run in range(runs)
        ]
        return np.asarray(np.sum([run.counts for run in each], axis=0))

    return alone(law, draw, _repeats(len(ising) * pbits[0].junctions * runs * duration))


def of_layers(
    ising: Ising, pbit: ExtractedPBit, used: Calibration, curve: Transfer, law: ArrayLike, *, I0: float, samples: int,
    record: float, runs: int, seed: int,
) -> tuple[float, float]:  # fmt: skip
    """Return what so many runs of the law with memory give; parameters as :func:`surrogate.follow_layers`."""

    def draw(k: int) -> NDArray[np.int64]:
        each = [
            follow_layers(
                ising, pbit, used, curve, I0=I0, samples=samples, record=record, seed=seed + 1000 * k + run
            )
            for run in range(runs)
        ]  # fmt: skip
        return np.asarray(np.sum(each, axis=0))

    return alone(law, draw, _repeats(len(ising) * runs * samples * record))


def _repeats(seconds: float) -> int:
    """Return how often runs may be repeated that follow so many p-bits times so many seconds."""
    return int(np.clip(STEPS * STEP / seconds, FEWEST, REPEATED))
