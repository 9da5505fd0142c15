"""What a reservoir of neurons did in a task, beside its surrogate, the ideal network and the linear filter."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spinspice.networks.reservoir.tasks import Answer
from spinspice.studies.result import StudyResult


@dataclasses.dataclass(frozen=True, kw_only=True)
class ReservoirResult(StudyResult):
    """Scores and energy.

    Parameters
    ----------
    answers : mapping
        Name of the machine (circuit, surrogate, ideal, linear) -> its scores on the rows that test.
    task : str
    levels : bool
        Whether the target is a symbol.
    y, d : array, shape (rows,)
        What the circuit said, and the target, on the rows that test.
    power : mapping
        Kind of block -> mean power and its standard error [W], from a run with ammeters.
    supply, supply_stderr : float
        Power that rails and input sources deliver [W], over all rows.
    symbol : float
        [s].
    agreement : tuple of float
        Correlation of states, mean over nodes: circuit with surrogate, and two surrogates with each other.
    """

    answers: Mapping[str, Answer]
    task: str
    levels: bool
    y: NDArray[np.float64]
    d: NDArray[np.float64]
    power: Mapping[str, tuple[float, float]]
    supply: float
    supply_stderr: float
    symbol: float
    agreement: tuple[float, ...]
    show = "spinspice.show.reservoir"

    @property
    def energy(self) -> tuple[float, float]:
        """Energy of a symbol and its standard error [J]."""
        return self.supply * self.symbol, self.supply_stderr * self.symbol

    def arrays(self) -> dict[str, tuple[str, Any, str]]:
        return {"output": ("symbol", self.y, "1"), "target": ("symbol", self.d, "1")}

    def error(self, machine: str = "circuit") -> tuple[float, float]:
        """Return mean \\|y - d\\| of a machine, and its standard error from the rows, where they were kept."""
        found = self.answers[machine]
        if machine != "circuit":
            return found.error, math.nan
        errors = np.abs(self.y - self.d)
        return found.error, float(errors.std(ddof=1) / math.sqrt(errors.size))
