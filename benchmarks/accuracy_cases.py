"""Circuits whose statistics :mod:`benchmarks.bench_accuracy` compares: made at a step, and reduced to what is kept.

A junction alone: four published ones, and one in large fields. Cells: both neurons on both their junctions, and on two
foundries' transistors; the width V0 is that of a tanh fitted to seven inputs.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spinspice.benches import cell as bench
from spinspice.cells import choose_cell
from spinspice.presets import load_preset
from spinspice.testbench import Testbench
from spinspice.waveforms import Waveforms

#: Part of a run that is left out.
WARM_UP = 0.1
#: Lags of the autocovariance that are kept, in noise steps.
LAGS = 240
#: Inputs of a transfer curve, from the middle [V].
OFFSETS = np.array([-0.03, -0.015, -0.006, 0.0, 0.006, 0.015, 0.03])
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

    def make(factor: float, seed: int) -> list[Testbench]:
        own = built.with_junctions(lambda device: device.replace(max_step=factor * device.dt))
        middle = own.middle if np.isscalar(own.middle) else 0.0
        return [
            bench.cell_testbench(own, stop=duration, vin=middle + v, seed=100 * seed + i) for i, v in enumerate(OFFSETS)
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
#: Largest number of seeds of circuits that are dear.
FEWER = {
    "lopez2024": 100,
    "sttmram": 100,
    "faria2021 at 0.1 T": 100,
    "faria2021 at 0.3 T": 100,
    "asn ganguly2018": 800,
    "asn faria2021": 800,
    "bsn faria2021 sg13g2": 400,
    "bsn faria2021 transfer": 400,
    "asn ganguly2018 transfer": 400,
}
