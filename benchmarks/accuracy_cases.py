"""Circuits whose statistics :mod:`benchmarks.bench_accuracy` compares: made at a step, and reduced to what is kept.

A junction alone: four published ones, and one in large fields. Cells: both neurons on both their junctions, and on two
foundries' transistors; the width V0 is that of a tanh fitted to seven inputs.

A run is a long one from the junction's own start (:data:`LONG`), or a short one from a state drawn from equilibrium
(:class:`Span`), for runs that are compared while they are still the same path.
"""

from __future__ import annotations

import dataclasses
import functools
import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spinspice.benches import cell as bench
from spinspice.cells import choose_cell
from spinspice.devices.reference.macrospin import simulate_macrospin
from spinspice.presets import load_preset
from spinspice.testbench import Testbench
from spinspice.waveforms import Waveforms

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


@dataclasses.dataclass(frozen=True)
class Span:
    """How a circuit runs: for how long, what part is left out, from where."""

    #: Duration [s]; None: the circuit's own.
    duration: float | None = None
    #: Part of a run that is left out.
    warm_up: float = 0.1
    #: Whether the junction begins in a state drawn from equilibrium, another for every seed.
    drawn: bool = False

    def times(self, waves: Waveforms, dt: float) -> NDArray[np.float64]:
        """Times of the noise's samples after the warm-up [s]."""
        stop = waves.time[-1]
        return np.arange(math.ceil(self.warm_up * stop / dt - 1e-9), int(stop / dt * (1 + 1e-9))) * dt

    def started(self, device: Any, seed: int) -> Any:
        """The junction with the start of a seed."""
        if not self.drawn:
            return device
        x, y, z = _equilibrium(device, seed // _DRAWN)[seed % _DRAWN]
        return device.replace(theta0=math.acos(z), phi0=math.atan2(y, x))


#: The span of studies.
LONG = Span()
#: States drawn at a time.
_DRAWN = 1000


@functools.lru_cache(maxsize=4)
def _equilibrium(device: Any, block: int) -> NDArray[np.float64]:
    """States of the reference solver at 0 V after 30 ns, with noise that no run has; shape (_DRAWN, 3)."""
    seeds = 10**6 + _DRAWN * block + np.arange(_DRAWN)
    run = simulate_macrospin(device, 30e-9, seeds, substeps=4, decimate=round(30e-9 / device.dt))
    return run.m[:, -1]


def covariances(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Raw second moments <x(t) x(t + lag)> of a series, from which a pooled autocovariance is made."""
    n = x.size
    lags = min(LAGS, n // 2)
    size = 2 ** math.ceil(math.log2(2 * n))
    spectrum = np.fft.rfft(x, size)
    return np.fft.irfft(np.abs(spectrum) ** 2, size)[:lags] / (n - np.arange(lags))


def level_flips(x: NDArray[np.float64], level: float) -> float:
    """Number of crossings of a band of a fifth around a level (a crossing within the band counts once)."""
    high, low = x > level + 0.1, x < level - 0.1
    state = np.where(high, 1, np.where(low, -1, 0))
    state = state[state != 0]
    return float(np.count_nonzero(np.diff(state)))


def junction(span: Span, preset: str, moves: str = "mx", **changes: float) -> Case:
    """A junction alone at 0 V, 100 ns, with the correlation time of the component that ``moves`` about zero."""
    device = load_preset(preset).device.replace(**changes)

    def make(factor: float, seed: int) -> list[Testbench]:
        own = span.started(device, seed).replace(max_step=factor * device.dt)
        card = " ".join(f"{name}={value}" for name, value in own.instance_parameters(seed).items())
        return [
            Testbench(
                circuit=f"va a 0 0\nxj a 0 mx my mz {own.model} {card}\n",
                stop=span.duration or 100e-9,
                step=own.dt,
                save=("v(mx)", "v(my)", "v(mz)"),
            )
        ]

    def reduce(waves: Waveforms) -> Values:
        times = span.times(waves, device.dt)
        m = {name: np.interp(times, waves.time, waves[f"v({name})"]) for name in ("mx", "my", "mz")}
        x, y, z = m.values()
        return {
            "mean mx": x.mean(), "mean mx^2": (x * x).mean(), "mean my^2": (y * y).mean(), "mean mz^2": (z * z).mean(),
            "crossings/ns": level_flips(m[moves] / m[moves].std(), 0.0) / (times[-1] - times[0]) * 1e-9,
            "_acf": covariances(m[moves]),
        }  # fmt: skip

    return Case(make, reduce)


def cell(span: Span, kind: str, preset: str, technology: str = "generic", *, duration: float = 25e-9) -> Case:
    """A neuron cell at the middle of its transition: output, state and power."""
    built = choose_cell(kind, preset, technology)[0]
    dt = built.device.dt
    half = 0.5 * built.vdd

    def make(factor: float, seed: int) -> list[Testbench]:
        own = built.with_junctions(lambda device: span.started(device, seed).replace(max_step=factor * device.dt))
        save = (*bench.junction_signals(own), "i(vdd)", "i(vss)")
        middle = own.middle if np.isscalar(own.middle) else 0.0
        return [bench.cell_testbench(own, stop=span.duration or duration, vin=middle, seed=seed, save=save)]

    def reduce(waves: Waveforms) -> Values:
        times = span.times(waves, dt)
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


def transfer(span: Span, kind: str, preset: str, technology: str = "generic", *, duration: float = 10e-9) -> Case:
    """A neuron cell at seven inputs: the fitted width V0."""
    built = choose_cell(kind, preset, technology)[0]

    def make(factor: float, seed: int) -> list[Testbench]:
        own = built.with_junctions(lambda device: span.started(device, seed).replace(max_step=factor * device.dt))
        middle = own.middle if np.isscalar(own.middle) else 0.0
        return [
            bench.cell_testbench(own, stop=span.duration or duration, vin=middle + v, seed=100 * seed + i)
            for i, v in enumerate(OFFSETS)
        ]

    def reduce(waves: Waveforms) -> Values:
        times = span.times(waves, built.device.dt)
        return {"_out": np.interp(times, waves.time, waves["v(out)"]).mean()}

    return Case(make, reduce)


CASES: Mapping[str, Callable[[Span], Case]] = {
    "faria2021": lambda span: junction(span, "faria2021"),
    "ganguly2018": lambda span: junction(span, "ganguly2018"),
    "lopez2024": lambda span: junction(span, "lopez2024", "mz"),
    "sttmram": lambda span: junction(span, "sttmram"),
    "faria2021 at 0.1 T": lambda span: junction(span, "faria2021", "my", Bx=0.1),
    "faria2021 at 0.3 T": lambda span: junction(span, "faria2021", "my", Bx=0.3),
    "bsn faria2021": lambda span: cell(span, "bsn", "faria2021"),
    "asn ganguly2018": lambda span: cell(span, "asn", "ganguly2018"),
    "bsn ganguly2018": lambda span: cell(span, "bsn", "ganguly2018"),
    "asn faria2021": lambda span: cell(span, "asn", "faria2021"),
    "bsn faria2021 sky130": lambda span: cell(span, "bsn", "faria2021", "sky130"),
    "bsn faria2021 sg13g2": lambda span: cell(span, "bsn", "faria2021", "sg13g2", duration=15e-9),
    "bsn faria2021 transfer": lambda span: transfer(span, "bsn", "faria2021"),
    "asn ganguly2018 transfer": lambda span: transfer(span, "asn", "ganguly2018"),
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
