"""What the step of ``accuracy="statistics"`` changes in statistics, from runs compared before their paths part.

:mod:`benchmarks.bench_accuracy` runs as long as studies do; free magnets part within nanoseconds then, and the noise of
two different paths hides a small change. Here every seed begins in a state drawn from equilibrium and runs for some
nanoseconds (:data:`SPANS`) at a quarter and at half a noise step. In the first half the distribution takes the form
that the step gives it: that is several widths of the autocorrelation, and longer than the energy of the magnet
takes. In the second half the two are compared, and since they are nearly one path still, errors of their difference
are small. The unit is again the standard error of a statistic over 100 seeds as long as those of `accuracy`, whose
stored runs must be there: 50 seeds at least, which tell it to 10 %.

Run: python -m benchmarks paired [SEEDS [CASE ...]] [stored]
"""

from __future__ import annotations

import math
import os
import sys

import numpy as np

from benchmarks.accuracy_cases import CASES, LONG, Span
from benchmarks.accuracy_store import BLOCK, Store, Values, fill, whole, whole_blocks
from benchmarks.bench_accuracy import VARIANTS, compare, together, verdict
from benchmarks.report import Table
from spinspice.engines import get_engine

#: Circuits, duration [ns], largest number of seeds. Wells need none of this: their paths do not part in long runs.
SPANS = {
    "faria2021": (1.2, 6000),
    "ganguly2018": (6.0, 400),
    "bsn faria2021": (2.0, 1400),
    "bsn ganguly2018": (6.0, 400),
    "asn ganguly2018": (6.0, 400),
    "asn faria2021": (1.2, 2000),
    "bsn faria2021 sky130": (1.2, 2000),
    "bsn faria2021 sg13g2": (2.0, 1000),
}
#: Part of a run that is left out, and all durations times so much (``BENCH_SPAN``, to try whether it matters).
WARM_UP, LONGER = (float(word) for word in os.environ.get("BENCH_SPAN", "0.5,1").split(","))
SEEDS = 6000
STEPS = ("path", "statistics")


def unit(name: str) -> dict[str, float]:
    """Standard errors of the statistics of a circuit over 100 seeds as long as studies'."""
    stores = [Store(name, step, CASES[name], LONG, VARIANTS[step][:2]) for step in STEPS]
    count, values = whole(stores, 10**4)
    if count < BLOCK:
        raise RuntimeError(
            f"{name}: {count} seeds are stored, {BLOCK} are needed. Run: python -m benchmarks accuracy 100"
        )
    return {what: row[1] * math.sqrt(count / 100) for what, row in compare(values[0], values[1]).items()}


def pooled(values: Values) -> Values:
    """Without what short runs cannot say one by one: the deviation of the output is that of all runs together."""
    return {name: x for name, x in values.items() if name != "sigma out"}


def report(name: str, stores: list[Store], seeds: int) -> list[tuple[str, float, float]]:
    """Print a circuit; return step, change and its error, both in standard errors over 100 seeds."""
    count, values = whole(stores, seeds)
    if not count:
        print(f"\n{name}: nothing is stored")
        return []
    units = unit(name)
    engine = f"ngspice {get_engine('ngspice').require().version}"
    table = Table(
        f"{name}, {count} seeds of {SPANS[name][0] * LONGER:g} ns, the last {1 - WARM_UP:.0%} compared",
        engines=(engine,),
    )
    found = []
    for what, (value, _, change, spread) in compare(pooled(values[0]), pooled(values[1])).items():
        ratio = change / units[what], spread / units[what]
        found.append(("statistics", *ratio))
        text = f"{what} {value:.5g}, change {change:+.2g} +- {spread:.2g}"
        text += f": {ratio[0]:+.2f} +- {ratio[1]:.2f} of the s.e. over 100, {verdict(*ratio)}"
        table.row(text, 100 * change / value if value else 0.0, "%", 100 * spread / abs(value) if value else 0.0)
    table.print(ratio="its standard error, %")
    print(f"  seconds a seed: {', '.join(f'{store.seconds(count):.3f}' for store in stores)}", flush=True)
    return found


def main() -> None:
    """Run what is missing; print the change of every statistic."""
    words = [word for word in sys.argv[1:] if word != "paired"]
    seeds = next((int(word) for word in words if word.isdigit()), SEEDS)
    wanted = [word for word in words if word in SPANS] or list(SPANS)
    counts = {name: whole_blocks(min(seeds, SPANS[name][1])) for name in wanted}
    stores = {}
    for name in wanted:
        duration = SPANS[name][0] * LONGER
        span = Span(duration=duration * 1e-9, warm_up=WARM_UP, drawn=True)
        label = f"short-{duration:g}ns-{WARM_UP:g}"
        stores[name] = [Store(name, f"{label}-{step}", CASES[name], span, VARIANTS[step][:2]) for step in STEPS]
    if "stored" not in words:
        fill(stores, counts)
    found = [row for name, pair in stores.items() for row in report(name, pair, counts[name])]
    if found:
        together(found)
        change, error = np.array([row[1:] for row in found]).T
        print(
            f"largest change with two errors: {np.max(np.abs(change) + 2 * error):.2f} standard errors over 100 seeds"
        )


if __name__ == "__main__":
    main()
