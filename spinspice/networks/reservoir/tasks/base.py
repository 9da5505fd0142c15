r"""What tasks share: data, split, and scores on the rows that test.

Symbol recovery rate :math:`\mathrm{SRR} = 1 - \sum|y - d| / \sum|u - d|` (Ganguly et al. 2018), which depends on how
far the channel takes u from d more than on the equaliser: never read it without mean \|y - d\|, the rate of wrong
symbols and the linear filter. NRMSE is the rms error over the standard deviation of the target.
"""

from __future__ import annotations

import dataclasses
import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spinspice.analysis.statistics import wilson
from spinspice.errors import ParameterError, check_range
from spinspice.networks.reservoir.readout import Readout, Split, fit_ridge

Array = NDArray[np.float64]


@dataclasses.dataclass(frozen=True, kw_only=True, eq=False)
class Task:
    """Inputs and targets.

    Parameters
    ----------
    name : str
    u : array, shape (t,)
        What the reservoir hears, about zero and of size one.
    d : array, shape (t,)
        What it shall say at the same step.
    split : Split
    levels : tuple of float
        Symbols, where d is one of them at each step; empty where it is a number.
    raw : array, shape (t,), optional
        Received signal beside d in SRR.
    """

    name: str
    u: Array
    d: Array
    split: Split
    levels: tuple[float, ...] = ()
    raw: Array | None = None

    def __post_init__(self) -> None:
        if not len(self.u) == len(self.d) == self.split.rows:
            raise ParameterError(
                f"task {self.name}: {len(self.u)} inputs, {len(self.d)} targets, {self.split.rows} rows of the split."
            )


@dataclasses.dataclass(frozen=True, kw_only=True)
class Answer:
    """Scores of one readout on the test rows of one task.

    Parameters
    ----------
    rows : int
        Test rows.
    error : float
        Mean \\|y - d\\|.
    nrmse : float
    srr : float
        Symbol recovery rate; NaN where there is no received signal.
    wrong : int
        Symbols decided wrongly, by the nearest level; -1 where d is a number.
    ser_interval : (float, float)
        Wilson's 95 % interval of the rate of wrong symbols.
    weights : int
        Weights that were trained.
    ridge : float
        Penalty that was chosen.
    """

    rows: int
    error: float
    nrmse: float
    srr: float
    wrong: int
    ser_interval: tuple[float, float]
    weights: int
    ridge: float

    @property
    def ser(self) -> float:
        """Rate of wrong symbols; NaN where d is a number."""
        return self.wrong / self.rows if self.wrong >= 0 else math.nan


def score_features(task: Task, features: ArrayLike) -> Answer:
    """Fit a readout of features (t, f) to a task and score it on the rows that test."""
    features = np.asarray(features, dtype=float)
    readout = fit_ridge(features, task.d, task.split)
    return score(task, readout(features[task.split.parts[2]]), readout)


def score(task: Task, y: Array, readout: Readout) -> Answer:
    """Return the scores of outputs y on the test rows."""
    rows = task.split.parts[2]
    d = task.d[rows]
    spread = float(d.std())
    if spread == 0.0:
        raise ParameterError(f"task {task.name}: the target is the same in all {len(d)} test rows. Test on more.")
    error, wrong, interval = np.abs(y - d), -1, (math.nan, math.nan)
    if task.levels:
        levels = np.array(task.levels)
        decided = levels[np.abs(y[:, None] - levels).argmin(axis=1)]
        wrong = int(np.count_nonzero(decided != d))
        found = wilson(wrong, len(d))
        interval = (found.low, found.high)
    srr = math.nan if task.raw is None else 1.0 - float(error.sum() / np.abs(task.raw[rows] - d).sum())
    return Answer(
        rows=len(d), error=float(error.mean()), nrmse=float(np.sqrt(np.mean((y - d) ** 2))) / spread, srr=srr,
        wrong=wrong, ser_interval=interval, weights=readout.weights.shape[0] + 1, ridge=readout.ridge,
    )  # fmt: skip


def delay_line(u: ArrayLike, taps: int) -> Array:
    """Return the features of a linear filter: u and its past, shape (t, taps); zeros before the beginning."""
    check_range("taps", taps, 1, 10_000, where="linear filter")
    u = np.asarray(u, dtype=float)
    made = np.zeros((len(u), taps))
    for k in range(min(taps, len(u))):
        made[k:, k] = u[: len(u) - k]
    return made


def normalised(u: ArrayLike, rows: slice) -> Array:
    """Return u less its mean over its standard deviation in the given rows: those that train, so that none leaks."""
    u = np.asarray(u, dtype=float)
    spread = float(u[rows].std())
    if not spread > 0.0:
        raise ParameterError("the input is constant in the rows that train: nothing can be learnt from it.")
    return (u - u[rows].mean()) / spread
