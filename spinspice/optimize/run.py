"""Runs a search: round by round, each trial a study in a folder of its own, so that it can be stopped and resumed."""

from __future__ import annotations

import contextvars
import dataclasses
import hashlib
import json
import math
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from spinspice.engines import get_engine
from spinspice.errors import ResultError, UsageError
from spinspice.files import check_folder, complete_file, mark
from spinspice.jobs import default_workers, run_tasks
from spinspice.optimize.search import Search
from spinspice.optimize.task import Task, Trial
from spinspice.studies import get_study
from spinspice.sweep.run import run_study

#: Called as trials end: what is done, trials ended, trials in all.
Progress = Callable[[str, int, int], None]
#: What is to be run: values of the variables, and a seed.
Asked = tuple[dict[str, float], int]


@dataclasses.dataclass(frozen=True)
class Confirmed:
    """A set of values on fresh seeds: each quantity's mean over them with its standard error."""

    values: dict[str, float]
    numbers: dict[str, tuple[float, float]]
    broken: float
    seeds: tuple[int, ...]


@dataclasses.dataclass(frozen=True)
class Optimum:
    """What a search found.

    Parameters
    ----------
    task : Task
    trials : list of Trial
    finalists : list of Confirmed
        The best, on seeds that the search did not see; the best of these first.
    default : Confirmed
        The study as it stands in the file, on the same seeds.
    """

    task: Task
    trials: Sequence[Trial]
    finalists: Sequence[Confirmed]
    default: Confirmed

    @property
    def best(self) -> Confirmed:
        """The best finalist."""
        return self.finalists[0]

    @property
    def failed(self) -> int:
        """Trials whose runs failed or gave no number."""
        return sum(not np.isfinite(trial.broken) for trial in self.trials)

    def gains(self) -> dict[str, tuple[float, float]]:
        """Best over default of each objective [1], with its standard error."""
        out = {}
        for name, _ in self.task.objectives:
            (a, ea), (b, eb) = self.best.numbers[name], self.default.numbers[name]
            ratio = a / b if b else math.nan
            out[name] = (ratio, abs(ratio) * math.hypot(ea / a if a else math.nan, eb / b if b else math.nan))
        return out

    def front(self) -> list[Trial]:
        """Trials inside all limits that no other beats in every objective, by the first objective."""
        good = [trial for trial in self.trials if trial.feasible]
        costs = [[sign * trial.numbers[name][0] for name, sign in self.task.objectives] for trial in good]
        kept = []
        for trial, own in zip(good, costs, strict=True):
            beaten = any(all(o <= m for o, m in zip(c, own, strict=True)) and c != own for c in costs)
            if not beaten:
                kept.append(trial)
        first = self.task.objectives[0][0]
        return sorted(kept, key=lambda trial: trial.numbers[first][0])

    def plot(self, ax: Any = None) -> Any:
        """Draw the trials, with the front for two objectives, and return the axes."""
        import matplotlib.pyplot as plt

        ax = ax or plt.subplots(figsize=(6.0, 4.0), layout="constrained")[1]
        names = [name for name, _ in self.task.objectives]
        for feasible, colour, label in ((False, "0.7", "a limit is broken"), (True, "C0", "inside all limits")):
            chosen = [t for t in self.trials if t.feasible == feasible and np.isfinite(t.broken)]
            if not chosen:
                continue
            x, ex = (
                _columns(chosen, names[0])
                if len(names) > 1
                else (np.array([self.trials.index(t) for t in chosen]), None)
            )
            y, ey = _columns(chosen, names[1] if len(names) > 1 else names[0])
            ax.errorbar(x, y, ey, ex, "o", ms=4, color=colour, label=label)
        if len(names) > 1:
            front = self.front()
            ax.plot(*(_columns(front, name)[0] for name in names[:2]), "k-", lw=1, label="front")
        _label(ax.xaxis, names[0] if len(names) > 1 else "", self.task)
        _label(ax.yaxis, names[-1] if len(names) == 1 else names[1], self.task)
        ax.legend(fontsize=8)
        return ax

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain data, ready for JSON; what is not known is None."""
        found: dict[str, Any] = {
            "mark": mark(),
            "failed": self.failed,
            "best": dataclasses.asdict(self.best),
            "default": dataclasses.asdict(self.default),
            "best_over_default": self.gains(),
            "finalists": [dataclasses.asdict(one) for one in self.finalists],
            "front": [trial.to_dict() for trial in self.front()],
        }
        return {key: _known(value) for key, value in found.items()}


def _known(value: Any) -> Any:
    """Return plain data with None for numbers that are not finite."""
    if isinstance(value, dict):
        return {key: _known(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_known(entry) for entry in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _label(axis: Any, name: str, task: Task) -> None:
    """Name an axis, with its unit and ticks that do not run into each other; no name is that of trials."""
    from matplotlib.ticker import EngFormatter, MaxNLocator

    from spinspice.studies import get_study

    axis.set_major_locator(MaxNLocator(5, integer=not name))
    axis.set_label_text(name or "trial")
    if name:
        unit = {**get_study(task.study({}).measure.kind).quantities}.get(name, "1")
        axis.set_major_formatter(EngFormatter(unit="" if unit == "1" else unit))


def _columns(trials: Sequence[Trial], name: str) -> tuple[Any, Any]:
    pairs = np.array([trial.numbers[name] for trial in trials])
    return pairs[:, 0], np.nan_to_num(pairs[:, 1])


def optimize(
    task: Task | str | os.PathLike[str],
    out: str | os.PathLike[str],
    *,
    workers: int | None = None,
    resume: bool = False,
    progress: Progress | None = None,
    trust: bool = False,
    max_wall: float | None = None,
) -> Optimum:
    """Search for the best values.

    Parameters
    ----------
    task : Task or path of a study with a table ``[optimize]``
    out : path
        Folder: ``trials.jsonl``, one line a trial, and the studies of the trials.
    workers : int, optional
        Simulators at a time; default one for every processor. The trials of a round run side by side, and so do the
        runs on fresh seeds; the result does not depend on how many.
    resume : bool
        Go on with a search that the folder holds; the result is that of one sitting.

    Raises
    ------
    UsageError, ResultError, EngineError
        As :func:`spinspice.sweep.run.run_study`; ResultError where no trial holds all limits.
    """
    if not isinstance(task, Task):
        task = Task.load(task, trust=trust)
    out = Path(out)
    log = out / "trials.jsonl"
    if log.exists() and not resume:
        raise UsageError(f"{out} holds a search. Give resume (--resume) to go on with it, or another folder.")
    if not log.exists():
        check_folder(out, ["README.md"])
        with complete_file(out / "README.md", own_folder=True) as place:
            place.write_text(f"# A search\n\n{mark()}. trials.jsonl: one line a trial.\n", encoding="utf-8")
    runner = _Runner(task, out, workers, max_wall)
    search = Search(task)
    for number, past in enumerate(_read(log)):
        if number >= task.trials:
            break
        if past.values != search.ask(number):
            raise ResultError(f"{log}, line {number + 1}, is of another search. Choose another folder.")
        search.tell(past)
    report = progress or (lambda _stage, _done, _total: None)

    def take(trial: Trial) -> None:
        search.tell(trial)
        with log.open("a", encoding="utf-8") as file:
            file.write(json.dumps(trial.to_dict()) + "\n")
        report("search", len(search.told), task.trials)

    while len(search.told) < task.trials:
        runner.trials([(values, task.seed) for values in search.round()], take)
    best = _ranked(task, search.told)
    if not best or not best[0].feasible:
        if not best:
            raise ResultError(
                f"none of {task.trials} trials gave a number: runs failed, or are too short for what they measure. "
                f"`spinspice sweep` of the study says why (its runs: {out / 'studies'})."
            )
        nearest = f" The nearest, {_shown(best[0].values)}, breaks them by {best[0].broken:.2g}."
        raise ResultError(
            f"no trial of {task.trials} holds all limits.{nearest} Widen bounds or limits, or take more trials."
        )
    best = [trial for trial in best if trial.feasible][: task.finalists]
    *finalists, default = _confirmed(runner, [*(dict(trial.values) for trial in best), {}], report)
    name, sign = task.objectives[0]
    finalists.sort(key=lambda one: (one.broken > 0.0, sign * one.numbers[name][0]))
    return Optimum(task, search.told, finalists, default)


def _ranked(task: Task, trials: Sequence[Trial]) -> list[Trial]:
    name, sign = task.objectives[0]
    real = [trial for trial in trials if np.isfinite(trial.broken)]
    return sorted(real, key=lambda t: (t.broken, sign * t.numbers[name][0]))


def _shown(values: Any) -> str:
    return ", ".join(f"{name} = {value:.4g}" for name, value in values.items())


def _read(log: Path) -> list[Trial]:
    if not log.exists():
        return []
    trials = []
    for number, line in enumerate(log.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            entry = json.loads(line)
            entry["numbers"] = {name: tuple(pair) for name, pair in entry["numbers"].items()}
            trials.append(Trial(**entry))
        except (ValueError, TypeError, KeyError, AttributeError):
            raise ResultError(f"{log}, line {number}, is damaged. Take it and what follows out of the file.") from None
    return trials


class _Runner:
    """Runs the study at sets of values, each in a folder named after them."""

    def __init__(self, task: Task, out: Path, workers: int | None, max_wall: float | None) -> None:
        self.task, self.out, self.workers, self.max_wall = task, out, workers, max_wall

    def trial(self, values: dict[str, float], seed: int, workers: int | None = None) -> Trial:
        key = hashlib.sha256(json.dumps([sorted(values.items()), seed]).encode()).hexdigest()[:16]
        study, folder = self.task.study(values, seed), self.out / "studies" / key
        sweep = run_study(study, folder, workers=workers, resume=True, progress=False, max_wall=self.max_wall)
        return self.task.judged(values, seed, sweep)

    def trials(self, asked: Sequence[Asked], take: Callable[[Trial], None]) -> None:
        """Run trials side by side; ``take`` gets them in the order in which they were asked for.

        Simulators that trials leave over go to the samples of each.
        """
        workers = default_workers() if self.workers is None else self.workers
        each = max(1, workers // len(asked))
        outer = contextvars.copy_context()  # what limits the work of this thread limits that of the others
        ended: dict[int, Trial] = {}
        taken = 0

        def work(index: int) -> tuple[int, Trial]:
            values, seed = asked[index]
            return index, outer.copy().run(self.trial, values, seed, each)

        def progress(_done: int, _total: int, result: tuple[int, Trial]) -> None:
            nonlocal taken
            ended.update([result])
            while taken in ended:
                take(ended[taken])
                taken += 1

        run_tasks(len(asked), work, interrupt=self.interrupt, workers=self.workers, progress=progress)

    def interrupt(self) -> None:
        """Stop the simulators that are running."""
        study = self.task.study({})
        get_engine(study.engine, study.model, get_study(study.measure.kind).automatic).interrupt()


def _confirmed(runner: _Runner, sets: Sequence[dict[str, float]], report: Progress) -> list[Confirmed]:
    """Run sets of values on fresh seeds, all side by side; the limits are judged by the means over them."""
    task = runner.task
    seeds = tuple(task.seed + 1000 + k for k in range(task.confirm))
    trials: list[Trial] = []

    def take(trial: Trial) -> None:
        trials.append(trial)
        report("confirm", len(trials), len(sets) * len(seeds))

    runner.trials([(values, seed) for values in sets for seed in seeds], take)
    return [
        _over_seeds(task, values, trials[start : start + len(seeds)], seeds)
        for values, start in zip(sets, range(0, len(trials), len(seeds)), strict=True)
    ]


def _over_seeds(task: Task, values: dict[str, float], trials: Sequence[Trial], seeds: tuple[int, ...]) -> Confirmed:
    """Return means over seeds, with standard errors from how they scatter."""
    numbers = {}
    for name in trials[0].numbers:
        column = np.array([trial.numbers[name][0] for trial in trials])
        error = float(column.std(ddof=1) / math.sqrt(column.size)) if column.size > 1 else trials[0].numbers[name][1]
        numbers[name] = (float(column.mean()), error)
    inside = float(np.mean([trial.part_inside for trial in trials]))
    return Confirmed(values, numbers, task._broken(numbers, task.study(values), inside), seeds)
