"""What the step of ``accuracy="statistics"`` changes in statistics: paired runs at both accuracies, many seeds.

Every seed runs with the same noise at a step of a quarter (``path``) and of half a noise step (``statistics``); with
``BENCH_VARIANTS=path,statistics,whole,bypass`` at a whole one too, and with ``bypass=1`` at half a step. The
statistics are those that studies report; a correlation time is that of the autocovariance of all seeds, standard errors
of the paired differences are from a jackknife over groups of seeds (:mod:`benchmarks.accuracy_cases` has the circuits).

The question is whether a statistic changes by more than the standard error it has over 100 seeds. Free magnets part
at the two steps, so a difference over n seeds is known to some sqrt(2) standard errors over n: only with many more
seeds than 100 can the question be decided, for 1,600 to a third of that standard error; :mod:`benchmarks.bench_paired`
does it with less. The verdict of a row: ``below`` if the change and two of its errors stay below one such standard
error, ``above`` if they lie above it, ``open`` between.

Runs are kept in ``out/accuracy`` (``BENCH_STORE``) as they come, and not run again; `stored` instead of running only
tells what is there.

Run: python -m benchmarks accuracy [SEEDS [CASE ...]] [stored]
"""

from __future__ import annotations

import json
import math
import os
import sys
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.accuracy_cases import CASES, FEWER, LONG, OFFSETS
from benchmarks.accuracy_store import Store, Values, fill, whole, whole_blocks
from benchmarks.report import Table
from spinspice.analysis.transfer import fit_tanh
from spinspice.engines import get_engine

SEEDS = 100
#: Groups of seeds, each left out once: an error is then known to 7 %.
GROUPS = 100
#: What is compared: step of the solver over that of the noise, options of ngspice, and with which of the others.
VARIANTS: dict[str, tuple[float, dict[str, float], str]] = {
    "path": (0.25, {}, ""),
    "statistics": (0.5, {}, "path"),
    "whole": (1.0, {}, "path"),
    "bypass": (0.5, {"bypass": 1.0}, "statistics"),
}
#: Of these, the ones that run (``BENCH_VARIANTS``).
CHOSEN = os.environ.get("BENCH_VARIANTS", "path,statistics").split(",")


def statistics(means: Values) -> dict[str, float]:
    """The statistics of some seeds together, from the means over them of what was kept."""
    if "_out" in means:
        fit = fit_tanh(OFFSETS, means["_out"], np.full(OFFSETS.size, 1e-3))
        return {"V0": fit.v0, "offset": fit.offset, "amplitude": fit.amplitude}
    values = {name: float(means[name][0]) for name in means if not name.startswith("_")}
    covariance = means["_acf"][0] - values.get("mean out", 0.0) ** 2
    if "mean out" in values and "sigma out" not in values:
        values["sigma out"] = math.sqrt(covariance[0])
    below = np.flatnonzero(covariance < 0.5 * covariance[0])
    if below.size:
        k = int(below[0])
        a, b = covariance[k - 1] / covariance[0], covariance[k] / covariance[0]
        values["width/steps"] = 2.0 * (k - 1 + (a - 0.5) / (a - b))
    return values


def left_out(values: Values, groups: int) -> list[dict[str, float]]:
    """The statistics without each group of seeds in turn."""
    seeds = len(next(iter(values.values())))
    sums = {name: x.sum(axis=0) for name, x in values.items()}
    rows = []
    for group in np.array_split(np.arange(seeds), groups):
        keep = seeds - group.size
        rows.append(statistics({name: (sums[name] - x[group].sum(axis=0)) / keep for name, x in values.items()}))
    return rows


def compare(one: Values, other: Values) -> dict[str, tuple[float, float, float, float]]:
    """For each statistic: the first, its standard error, the difference of the other, its standard error."""
    first, changed = (statistics({name: x.mean(axis=0) for name, x in each.items()}) for each in (one, other))
    groups = min(len(next(iter(one.values()))), GROUPS)
    rows = list(zip(left_out(one, groups), left_out(other, groups), strict=True))
    found = {}
    for name in first:
        if name not in changed:
            continue
        a = np.array([row[0].get(name, math.nan) for row in rows])
        d = np.array([row[1].get(name, math.nan) for row in rows]) - a
        errors = [math.sqrt((groups - 1) / groups * np.sum((v - v.mean()) ** 2)) for v in (a, d)]
        found[name] = (first[name], errors[0], changed[name] - first[name], errors[1])
    return found


def verdict(change: float, error: float) -> str:
    """Whether a change, in standard errors over 100 seeds, is below one, with two of its errors to spare."""
    if abs(change) + 2 * error <= 1:
        return "below"
    return "above" if abs(change) - 2 * error > 1 else "open"


def report(name: str, stores: dict[str, Store], seeds: int) -> list[tuple[str, float, float]]:
    """Print a circuit; return step, change and its error, both in standard errors over 100 seeds."""
    count, values = whole(list(stores.values()), seeds)
    if not count:
        print(f"\n{name}: nothing is stored")
        return []
    measured = dict(zip(stores, values, strict=True))
    table = Table(f"{name}, {count} seeds", engines=(f"ngspice {get_engine('ngspice').require().version}",))
    result: dict[str, Any] = {"seconds": {step: store.seconds(count) for step, store in stores.items()}}
    found = []
    for step in [step for step in stores if VARIANTS[step][2]]:
        base = VARIANTS[step][2]
        result[step] = compare(measured[base], measured[step])
        for what, (value, error, change, spread) in result[step].items():
            unit = error * math.sqrt(count / 100)
            text = f"{step}: {what}, {base} {value:.5g} +- {error:.2g}; change {change:+.2g} +- {spread:.2g}"
            ratio = (change / unit, spread / unit) if unit else (0.0, 0.0)
            found.append((step, *ratio))
            text += f", {ratio[0]:+.2f} +- {ratio[1]:.2f} of the s.e. over 100: {verdict(*ratio)}"
            table.row(text, change / spread if spread else 0.0, "s.e. of change", change / value if value else 0.0)
    table.print(ratio="change relative to the value")
    print("  seconds a seed:", result["seconds"], flush=True)
    if log := os.environ.get("BENCH_LOG"):
        with Path(log).open("a") as file:
            file.write(json.dumps({"case": name, "seeds": count, **result}) + "\n")
    return found


def together(found: list[tuple[str, float, float]]) -> None:
    """Print what all rows of a step say: chance alone, and how large the changes are beyond it."""
    for step in dict.fromkeys(row[0] for row in found):
        change, error = np.array([row[1:] for row in found if row[0] == step]).T
        z, extra = change / error, change**2 - error**2
        said = [verdict(c, e) for c, e in zip(change, error, strict=True)]
        print(
            f"\n{step}: {len(z)} changes; largest {np.abs(z).max():.1f} standard errors of the change, mean square "
            f"{np.mean(z**2):.2f} +- {math.sqrt(2 / len(z)):.2f}; {said.count('below')} below the standard error over "
            f"100 seeds, {said.count('open')} open, {said.count('above')} above. Beyond chance, in squares of it: "
            f"{extra.mean():+.3f} +- {math.sqrt(2 * np.sum(error**4)) / len(z):.3f} on average"
        )


def main() -> None:
    """Run what is missing; print every statistic at the step of a path, and how much the larger steps change it."""
    words = [word for word in sys.argv[1:] if word != "accuracy"]
    seeds = next((int(word) for word in words if word.isdigit()), SEEDS)
    wanted = [word for word in words if word in CASES] or list(CASES)
    stores = {}
    for name in wanted:
        stores[name] = {step: Store(name, step, CASES[name], LONG, VARIANTS[step][:2]) for step in CHOSEN}
    counts = {name: whole_blocks(min(seeds, FEWER.get(name, seeds))) for name in wanted}
    if "stored" not in words:
        fill({name: list(steps.values()) for name, steps in stores.items()}, counts)
    found = [row for name, steps in stores.items() for row in report(name, steps, counts[name])]
    if found:
        together(found)


if __name__ == "__main__":
    main()
