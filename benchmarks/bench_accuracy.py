"""What the step of ``accuracy="statistics"`` changes in statistics: paired runs at both accuracies, many seeds.

Every seed runs with the same noise at a step of a quarter (``path``) and of half a noise step (``statistics``); with
``BENCH_VARIANTS=path,statistics,whole,bypass`` at a whole one too, and with ``bypass=1`` at half a step. The
statistics are those that studies report; a correlation time is that of the autocovariance of all seeds, standard errors
of the paired differences are from a jackknife over seeds. A junction alone: four published ones, and one in
large fields. Cells: both neurons on both their junctions, and on two foundries' transistors; the width V0 is that of
the fitted tanh.

Run: python -m benchmarks accuracy [SEEDS [CASE ...]]
"""

from __future__ import annotations

import dataclasses
import json
import math
import os
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.report import Table
from spinspice.analysis.transfer import fit_tanh
from spinspice.benches import cell as bench
from spinspice.cells import choose_cell
from spinspice.engines import get_engine
from spinspice.jobs import run_jobs
from spinspice.presets import load_preset
from spinspice.testbench import Testbench
from spinspice.waveforms import Waveforms

SEEDS = 100
#: What is compared: step of the solver over that of the noise, options of ngspice, and with which of the others.
VARIANTS: dict[str, tuple[float, dict[str, float], str]] = {
    "path": (0.25, {}, ""),
    "statistics": (0.5, {}, "path"),
    "whole": (1.0, {}, "path"),
    "bypass": (0.5, {"bypass": 1.0}, "statistics"),
}
#: Of these, the ones that run (``BENCH_VARIANTS``).
CHOSEN = os.environ.get("BENCH_VARIANTS", "path,statistics").split(",")
#: Part of a run that is left out.
WARM_UP = 0.1
#: Lags of the autocovariance that are kept, in noise steps.
LAGS = 240
Values = dict[str, Any]


@dataclasses.dataclass(frozen=True)
class Case:
    """A circuit: how it is made at a step, how many runs a seed takes, and how a seed's runs become numbers."""

    make: Callable[[float, int], list[Testbench]]
    reduce: Callable[[Waveforms], Values]


def covariances(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Raw second moments <x(t) x(t + lag)> of a series, from which a pooled autocovariance is made."""
    n = x.size
    size = 2 ** math.ceil(math.log2(2 * n))
    spectrum = np.fft.rfft(x, size)
    return np.fft.irfft(np.abs(spectrum) ** 2, size)[:LAGS] / (n - np.arange(LAGS))


def grid(waves: Waveforms, dt: float) -> NDArray[np.float64]:
    """Times of the noise's samples after the warm-up [s]."""
    stop = waves.time[-1]
    return np.arange(math.ceil(WARM_UP * stop / dt), int(stop / dt * (1 + 1e-9))) * dt


def level_flips(x: NDArray[np.float64], level: float) -> float:
    """Number of crossings of a band of a fifth around a level (a crossing within the band counts once)."""
    high, low = x > level + 0.1, x < level - 0.1
    state = np.where(high, 1, np.where(low, -1, 0))
    state = state[state != 0]
    return float(np.count_nonzero(np.diff(state)))


def junction(preset: str, moves: str = "mx", *, duration: float = 100e-9, **changes: float) -> Case:
    """A junction alone at 0 V, with the correlation time of the component that ``moves`` about zero."""
    device = load_preset(preset).device.replace(**changes)

    def make(factor: float, seed: int) -> list[Testbench]:
        own = device.replace(max_step=factor * device.dt)
        card = " ".join(f"{name}={value}" for name, value in own.instance_parameters(seed).items())
        return [
            Testbench(
                circuit=f"va a 0 0\nxj a 0 mx my mz {own.model} {card}\n",
                stop=duration,
                step=own.dt,
                save=("v(mx)", "v(my)", "v(mz)"),
            )
        ]

    def reduce(waves: Waveforms) -> Values:
        times = grid(waves, device.dt)
        m = {name: np.interp(times, waves.time, waves[f"v({name})"]) for name in ("mx", "my", "mz")}
        x, y, z = m.values()
        return {
            "mean mx": x.mean(), "mean mx^2": (x * x).mean(), "mean my^2": (y * y).mean(), "mean mz^2": (z * z).mean(),
            "crossings/ns": level_flips(m[moves] / m[moves].std(), 0.0) / (times[-1] - times[0]) * 1e-9,
            "_acf": covariances(m[moves]),
        }  # fmt: skip

    return Case(make, reduce)


def cell(kind: str, preset: str, technology: str = "generic", *, duration: float = 25e-9) -> Case:
    """A neuron cell at the middle of its transition: output, state and power."""
    built = choose_cell(kind, preset, technology)[0]
    dt = built.device.dt
    half = 0.5 * built.vdd

    def make(factor: float, seed: int) -> list[Testbench]:
        own = built.with_junctions(lambda device: device.replace(max_step=factor * device.dt))
        save = (*bench.junction_signals(own), "i(vdd)", "i(vss)")
        middle = own.middle if np.isscalar(own.middle) else 0.0
        return [bench.cell_testbench(own, stop=duration, vin=middle, seed=seed, save=save)]

    def reduce(waves: Waveforms) -> Values:
        times = grid(waves, dt)
        out = np.interp(times, waves.time, waves["v(out)"])
        state = bench.junction_state(built, waves, times)
        low, high = built.rails
        power = -(high * waves["i(vdd)"] + low * waves["i(vss)"])
        kept = waves.time >= times[0]
        mean_power = np.trapezoid(power[kept], waves.time[kept]) / (waves.time[-1] - times[0])
        middle = 0.5 * (low + high)
        return {
            "mean out": out.mean(), "sigma out": out.std(), "share high": (out > middle).mean(),
            "flips/ns": level_flips((out - middle) / half, 0.0) / (times[-1] - times[0]) * 1e-9,
            "mean state": state.mean(), "power": mean_power, "_acf": covariances(out),
        }  # fmt: skip

    return Case(make, reduce)


def transfer(kind: str, preset: str, technology: str = "generic", *, duration: float = 10e-9) -> Case:
    """A neuron cell at seven inputs: the fitted width V0."""
    built = choose_cell(kind, preset, technology)[0]
    offsets = np.array([-0.03, -0.015, -0.006, 0.0, 0.006, 0.015, 0.03])

    def make(factor: float, seed: int) -> list[Testbench]:
        own = built.with_junctions(lambda device: device.replace(max_step=factor * device.dt))
        middle = own.middle if np.isscalar(own.middle) else 0.0
        return [
            bench.cell_testbench(own, stop=duration, vin=middle + v, seed=100 * seed + i) for i, v in enumerate(offsets)
        ]

    def reduce(waves: Waveforms) -> Values:
        times = grid(waves, built.device.dt)
        return {"_out": np.interp(times, waves.time, waves["v(out)"]).mean()}

    return Case(make, reduce)


CASES: Mapping[str, Callable[[], Case]] = {
    "faria2021": lambda: junction("faria2021"),
    "ganguly2018": lambda: junction("ganguly2018"),
    "lopez2024": lambda: junction("lopez2024", "mz"),
    "sttmram": lambda: junction("sttmram"),
    "faria2021 at 0.1 T": lambda: junction("faria2021", "my", Bx=0.1),
    "faria2021 at 0.3 T": lambda: junction("faria2021", "my", Bx=0.3),
    "bsn faria2021": lambda: cell("bsn", "faria2021"),
    "asn ganguly2018": lambda: cell("asn", "ganguly2018"),
    "bsn ganguly2018": lambda: cell("bsn", "ganguly2018"),
    "asn faria2021": lambda: cell("asn", "faria2021"),
    "bsn faria2021 sky130": lambda: cell("bsn", "faria2021", "sky130"),
    "bsn faria2021 sg13g2": lambda: cell("bsn", "faria2021", "sg13g2", duration=15e-9),
    "bsn faria2021 transfer": lambda: transfer("bsn", "faria2021"),
    "asn ganguly2018 transfer": lambda: transfer("asn", "ganguly2018"),
}
_OFFSETS = np.array([-0.03, -0.015, -0.006, 0.0, 0.006, 0.015, 0.03])


def measure(case: Case, seeds: int, factor: float, options: dict[str, float]) -> tuple[list[list[Values]], float]:
    """Run all seeds at one step; return the values of each, and seconds by the clock."""
    jobs = [job.replace(options=options) for seed in range(1, seeds + 1) for job in case.make(factor, seed)]
    each = len(jobs) // seeds
    started = time.perf_counter()
    found = run_jobs(jobs, workers=int(os.environ.get("BENCH_WORKERS", "1")), reduce=case.reduce)
    spent = time.perf_counter() - started
    return [found[i * each : (i + 1) * each] for i in range(seeds)], spent


def statistics(runs: list[list[Values]]) -> dict[str, float]:
    """The statistics of some seeds together."""
    first = runs[0][0]
    if "_out" in first:
        means = np.array([[run["_out"] for run in seed] for seed in runs])
        fit = fit_tanh(_OFFSETS, means.mean(axis=0), np.full(_OFFSETS.size, 1e-3))
        return {"V0": fit.v0, "offset": fit.offset, "amplitude": fit.amplitude}
    values = {name: float(np.mean([run[0][name] for run in runs])) for name in first if not name.startswith("_")}
    covariance = np.mean([run[0]["_acf"] for run in runs], axis=0) - values.get("mean out", 0.0) ** 2
    below = np.flatnonzero(covariance < 0.5 * covariance[0])
    if below.size:
        k = int(below[0])
        a, b = covariance[k - 1] / covariance[0], covariance[k] / covariance[0]
        values["width/steps"] = 2.0 * (k - 1 + (a - 0.5) / (a - b))
    return values


def compare(one: list[list[Values]], other: list[list[Values]]) -> dict[str, tuple[float, float, float, float]]:
    """For each statistic: the first, its standard error, the difference of the other, its standard error."""
    whole, changed = statistics(one), statistics(other)
    n = len(one)
    groups = np.array_split(np.arange(n), min(n, 25))
    left = [[k for k in range(n) if k not in set(group)] for group in groups]
    rows = [(statistics([one[k] for k in keep]), statistics([other[k] for k in keep])) for keep in left]
    found = {}
    for name in whole:
        if name not in changed:
            continue
        a = np.array([row[0].get(name, math.nan) for row in rows])
        d = np.array([row[1].get(name, math.nan) - row[0].get(name, math.nan) for row in rows])
        scale = (len(rows) - 1) / len(rows)
        errors = [math.sqrt(scale * np.sum((v - v.mean()) ** 2)) for v in (a, d)]
        found[name] = (whole[name], errors[0], changed[name] - whole[name], errors[1])
    return found


def main() -> None:
    """Print every statistic at the step of a path, and how much the larger steps change it."""
    words = sys.argv[2:] if len(sys.argv) > 2 and sys.argv[1] == "accuracy" else sys.argv[1:]
    seeds = int(words[0]) if words and words[0].isdigit() else SEEDS
    wanted = [word for word in words if not word.isdigit()] or list(CASES)
    log = os.environ.get("BENCH_LOG")
    for name in wanted:
        case = CASES[name]()
        measured = {one: measure(case, seeds, *VARIANTS[one][:2]) for one in CHOSEN}
        table = Table(f"{name}, {seeds} seeds", engines=(f"ngspice {get_engine('ngspice').require().version}",))
        result: dict[str, Any] = {"seconds": {step: spent for step, (_, spent) in measured.items()}}
        for step in CHOSEN[1:]:
            base = VARIANTS[step][2]
            result[step] = compare(measured[base][0], measured[step][0])
            for what, (value, error, change, spread) in result[step].items():
                text = f"{step}: {what}, {base} {value:.5g} +- {error:.2g}; change {change:+.2g} +- {spread:.2g}"
                table.row(text, change / spread if spread else 0.0, "standard errors", change / value if value else 0.0)
        table.print(ratio="change relative to the value")
        print("  ", result["seconds"], flush=True)
        if log:
            with Path(log).open("a") as file:
                file.write(json.dumps({"case": name, "seeds": seeds, **result}) + "\n")


if __name__ == "__main__":
    main()
