"""What the figures of learning populations share: seeds of their own, and means over seeds with standard errors."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from spinspice.devices.noise import instance_seed
from spinspice.networks.population import CoverageWarning
from spinspice.papers.mizrahi2018.gripper import Trained
from spinspice.reproduce.base import Row

SOURCE = "A. Mizrahi et al., Nat. Commun. 9, 1533 (2018)"
#: The paper's bound on the error of the gripper, per cent of the range (Results, below Fig. 3).
BOUND = 2.5
SEEDS_REMARK = (
    "{} seeds each: every one draws its own junctions, noise, weights, lessons and 50 trials; errors are those of "
    "the mean over seeds."
)
SILENCE = (
    "Here junctions keep their states from one observation to the next, and an output junction whose weighted sum is "
    "not positive is not counted (docs/population.md)."
)


def seeds_of(figure: str, seed: int, count: int) -> list[int]:
    """Return ``count`` seeds that no other figure uses."""
    return [instance_seed(seed, f"{figure}-{number}") for number in range(count)]


def mean_percent(train: Callable[..., Trained], seeds: Sequence[int], **options: Any) -> tuple[float, float]:
    """Return mean and standard error over seeds of the error of ``train(seed, **options)``, in per cent.

    Gaps in small populations are what some figures are about, so they are no reason for warnings.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", CoverageWarning)
        return percent([train(seed, **options).error for seed in seeds])


def percent(errors: Sequence[float]) -> tuple[float, float]:
    """Return mean and standard error of independent errors, in per cent."""
    values = 100.0 * np.asarray(errors, dtype=float)
    return float(values.mean()), float(values.std(ddof=1) / np.sqrt(values.size))


def bound_row(quantity: str, value: tuple[float, float], source: str, note: str = "") -> Row:
    """Return the row of an error [%] that the paper bounds by 2.5 %."""
    return Row(
        quantity=quantity, unit="%", paper=BOUND, here=value[0], stderr=value[1], at_most=True, source=source, note=note
    )
