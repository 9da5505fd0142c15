"""Where to look next: Sobol' points first, then a tree of Parzen estimators (optuna) that knows what broke a limit."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from spinspice.errors import UsageError
from spinspice.optimize.task import Task, Trial

#: What stands for a trial whose runs failed; larger than any excess over a limit.
FAILED = 1e6


def sobol(dimensions: int, count: int, seed: int) -> NDArray[np.float64]:
    """Return the first points of a scrambled Sobol' sequence, shape (count, dimensions), in (0, 1).

    Point n depends on seed and n alone: a longer list begins with a shorter one.
    """
    from scipy.stats import qmc

    power = max(int(np.ceil(np.log2(max(count, 2)))), 1)
    return np.asarray(qmc.Sobol(dimensions, scramble=True, rng=seed).random_base2(power)[:count])


class Search:
    """Proposes values; is told what came of them."""

    def __init__(self, task: Task) -> None:
        self.task = task
        count = task.trials if task.sampler == "sobol" else task.start
        parts = sobol(len(task.variables), count, task.seed)
        self.first = [{v.name: v.at(float(p)) for v, p in zip(task.variables, row, strict=True)} for row in parts]
        self.told: list[Trial] = []
        self._optuna: Any = _optuna() if task.sampler == "tpe" and task.trials > task.start else None

    def round(self) -> list[dict[str, float]]:
        """Return the values of the trials that can run side by side: none knows what comes of another."""
        begin, end = len(self.told), len(self.told) + 1
        while end < self.task.trials and self._known(end) <= begin:
            end += 1
        return [self.ask(number) for number in range(begin, end)]

    def _known(self, number: int) -> int:
        """Return how many trials the proposal of trial ``number`` knows: those of the rounds before its own."""
        count = len(self.first)
        return 0 if number < count else count + (number - count) // self.task.batch * self.task.batch

    def ask(self, number: int) -> dict[str, float]:
        """Return the values of a trial: a function of the task and of what was told of earlier rounds, so a search goes
        on where it was left, in the middle of a round too."""
        if number < len(self.first):
            return self.first[number]
        told = self.told[: self._known(number)]
        optuna = self._optuna
        sampler = optuna.samplers.TPESampler(seed=self.task.seed + number, multivariate=True, n_startup_trials=0)
        study = optuna.create_study(directions=["minimize"] * len(self.task.objectives), sampler=sampler)
        space = {
            v.name: optuna.distributions.FloatDistribution(v.low, v.high, log=v.logarithmic)
            for v in self.task.variables
        }
        for trial in told:
            study.add_trial(self._frozen(trial, told, space))
        asked = study.ask(space)
        return {name: float(value) for name, value in asked.params.items()}

    def tell(self, trial: Trial) -> None:
        """Take in a trial."""
        self.told.append(trial)

    def _frozen(self, trial: Trial, told: list[Trial], space: Any) -> Any:
        broken = min(trial.broken, FAILED)
        if np.isfinite(trial.broken):
            values = [sign * trial.numbers[name][0] for name, sign in self.task.objectives]
        else:
            good = [t for t in told if np.isfinite(t.broken)]
            values = [max((s * t.numbers[n][0] for t in good), default=0.0) for n, s in self.task.objectives]
        return self._optuna.trial.create_trial(
            params=dict(trial.values), distributions=space, values=values, constraints={"limits": broken}
        )


def _optuna() -> Any:
    import warnings

    try:
        import optuna
    except ImportError:
        raise UsageError(
            'sampler = "tpe" needs the package optuna. Run: pip install "spinspice[optimize]"; '
            'or write sampler = "sobol".'
        ) from None
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    warnings.filterwarnings("ignore", category=optuna.exceptions.ExperimentalWarning)
    return optuna
