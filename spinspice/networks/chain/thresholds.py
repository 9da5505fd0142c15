"""Thresholds of a chain in SPICE: ramps of the input current, repeated with fresh thermal noise."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spinspice.benches.chain import Ramp
from spinspice.cells.chain import check_breakdown
from spinspice.devices.noise import instance_seed
from spinspice.devices.telegraph import Telegraph
from spinspice.engines import Engine, get_engine
from spinspice.errors import ResultError, check_range
from spinspice.networks.chain.spice import (
    antiparallel,
    chain_testbench,
    junction_currents,
    junction_voltages,
    seeds,
)
from spinspice.presets.lopez2024 import BREAKDOWN_VOLTAGE, JUNCTIONS
from spinspice.waveforms import Waveforms

#: Below this current the voltage across a junction does not tell its state [A].
BLIND_CURRENT = 1e-6
#: Kurtosis of a Gumbel distribution: what the error of a standard deviation depends on.
GUMBEL_KURTOSIS = 5.4


@dataclasses.dataclass(frozen=True)
class RampThresholds:
    """Input currents at which the junctions of a chain left AP, one row for each ramp.

    Parameters
    ----------
    inputs : array, shape (ramps, N)
        Input currents [A].
    controls : array, shape (N,)
        Control currents [A].
    ramp : Ramp
        The ramp of the input.
    """

    inputs: NDArray[np.float64]
    controls: NDArray[np.float64]
    ramp: Ramp

    @property
    def mean(self) -> NDArray[np.float64]:
        """Mean thresholds [A], shape (N,)."""
        return np.asarray(self.inputs.mean(axis=0))

    @property
    def sd(self) -> NDArray[np.float64]:
        """Standard deviations from ramp to ramp [A], shape (N,)."""
        return np.asarray(self.inputs.std(axis=0, ddof=1))

    @property
    def mean_stderr(self) -> NDArray[np.float64]:
        """Standard errors of the means [A], shape (N,)."""
        return self.sd / math.sqrt(len(self.inputs))

    @property
    def sd_stderr(self) -> NDArray[np.float64]:
        """Standard errors of the standard deviations [A], shape (N,): sd sqrt((kurtosis - 1) / 4n)."""
        return self.sd * math.sqrt((GUMBEL_KURTOSIS - 1.0) / (4.0 * len(self.inputs)))


def ramp_chain(
    controls: ArrayLike,
    *,
    devices: Sequence[Telegraph] = JUNCTIONS,
    ramp: Ramp | None = None,
    runs: int = 50,
    seed: int = 1,
    engine: str | Engine = "auto",
    model: str | None = None,
    breakdown: float = BREAKDOWN_VOLTAGE,
    progress: Callable[[int, int, object], None] | None = None,
) -> tuple[RampThresholds, Waveforms]:
    """Ramp the input current ``runs`` times and return the thresholds, and the waveforms of the first ramp.

    Parameters
    ----------
    controls : array, shape (N,)
        Control currents [A].
    devices, ramp, engine, model, breakdown
        As for :class:`~spinspice.networks.chain.spice.SpiceChain`; default a ramp of 0 to 1 mA in 1 s.
    runs : int
        Ramps, at least 2.
    seed : int
        Seed of the thermal noise.
    progress : callable, optional
        Called as ``progress(done, total, None)``.

    Raises
    ------
    ResultError
        If a junction does not switch within the ramp.
    """
    check_range("runs", runs, 2, 1e6, where="ramps of a chain, for a standard deviation")
    ramp = ramp or Ramp()
    controls = np.asarray(controls, dtype=float)
    ends = controls + np.array([[ramp.start], [ramp.stop]])
    check_breakdown(devices, ends[np.abs(ends).argmax(axis=0), np.arange(controls.size)], breakdown)
    rows: list[NDArray[np.float64]] = []
    first: Waveforms | None = None
    with get_engine(engine, model).load(chain_testbench(devices, ramp, controls)) as session:
        for number in range(runs):
            waves = session.run(**seeds(instance_seed(seed, f"ramp{number}"), len(devices)))
            first = waves if first is None else first
            rows.append(switching_inputs(waves, devices, ramp))
            if progress is not None:
                progress(number + 1, runs, None)
    assert first is not None
    return RampThresholds(np.array(rows), controls, ramp), first


def switching_inputs(waves: Waveforms, devices: Sequence[Telegraph], ramp: Ramp) -> NDArray[np.float64]:
    """Input currents [A] at which the voltages across the junctions first show P, shape (N,).

    Raises
    ------
    ResultError
        For a junction that stays antiparallel to the end of the ramp.
    """
    voltages, currents = junction_voltages(waves, len(devices)), junction_currents(waves, len(devices))
    parallel = ~antiparallel(devices, voltages, currents) & (np.abs(currents) > BLIND_CURRENT)
    silent = np.flatnonzero(~parallel.any(axis=1))
    if silent.size:
        raise ResultError(
            f"junction {silent[0] + 1} did not switch on a ramp of the input up to {ramp.stop * 1e6:.4g} uA, "
            f"{currents[silent[0], -1] * 1e6:.4g} uA through it. Ramp higher, or raise its control current."
        )
    return ramp.start + ramp.rate * waves.time[parallel.argmax(axis=1)]
