"""What a response depends on where it is not straight: moment-independent measures from the samples that are there."""

from __future__ import annotations

import dataclasses
import warnings
from typing import Any

import numpy as np

from spinspice.errors import ResultError, UsageError, did_you_mean

#: Fewest samples for a density of the response given a parameter; our choice.
FEWEST = 50


@dataclasses.dataclass(frozen=True)
class Sensitivity:
    """Of one parameter: Borgonovo's delta [1], 0 for none and 1 for all, and half its 95 % interval."""

    delta: float
    interval: float


def borgonovo(sweep: Any, quantity: str, *, seed: int = 1) -> dict[str, Sensitivity]:
    """Return how much each drawn parameter shifts the distribution of a quantity.

    Borgonovo's delta (E. Borgonovo, Reliab. Eng. Syst. Saf. 92, 771 (2007)) as SALib estimates it from given samples:
    no straight law is assumed. It includes what the noise of the measurement adds.

    Parameters
    ----------
    sweep : Sweep
        A study with [montecarlo] and no [grid].
    quantity : str
    seed : int
        Of the bootstrap.

    Raises
    ------
    UsageError
        For a quantity that was not measured, a study with a grid, or without the package SALib.
    ResultError
        For fewer than :data:`FEWEST` samples.
    """
    try:
        from SALib.analyze import delta
    except ImportError:
        raise UsageError('this needs the package SALib. Run: pip install "spinspice[sensitivity]"') from None
    if quantity not in sweep.quantities:
        raise UsageError(f"no quantity {quantity!r}. {did_you_mean(quantity, sweep.quantities)}")
    if sweep.axes:
        raise UsageError("the study has a [grid]; its points are no samples. Leave the grid out.")
    names = list(sweep.study.distributions)
    Y = np.atleast_1d(sweep.dataset[quantity].values).astype(float)
    X = np.column_stack([np.atleast_1d(sweep.dataset[name].values).astype(float) for name in names])
    good = np.isfinite(Y)
    if good.sum() < FEWEST:
        raise ResultError(f"{int(good.sum())} samples are too few for a sensitivity; take {FEWEST} or more.")
    bounds = [[float(column.min()), float(column.max())] for column in X.T]
    problem = {"num_vars": len(names), "names": names, "bounds": bounds}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # remarks on the bins
        found = delta.analyze(problem, X[good], Y[good], seed=seed)
    # Later versions give several partitions; the balanced one has like numbers of samples in all parts.
    key = "delta" if "delta" in found else "delta_balanced"
    pairs = zip(names, found[key], found[f"{key}_conf"], strict=True)
    return {name: Sensitivity(float(value), float(half)) for name, value, half in pairs}
