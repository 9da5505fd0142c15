"""What is made of the waveforms of each stage: reduced in the workers, analysed when all are there."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Generator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spinspice.analysis.junctions import independent_of
from spinspice.analysis.spectrum import CorrelationTime, autocorrelation, correlation_time
from spinspice.analysis.statistics import FEW_SAMPLES, blocks, jackknife, mean_with_error
from spinspice.analysis.transfer import least_squares
from spinspice.benches import cell as bench
from spinspice.cells import Cell
from spinspice.errors import ResultError
from spinspice.studies.neuron_result import Noise, Transfer
from spinspice.waveforms import Waveforms

Array = NDArray[np.float64]
#: Middle and width V0 of a transition [V].
Found = tuple[float, float]
#: Yields the ramps of slow sweeps, is sent what each found, and returns inputs.
Search = Generator[list[tuple[float, float]], Found, Array]
#: Half the range of inputs in ``auto`` mode, in widths V0: tanh(4) = 0.9993; with few inputs less, so that they lie one
#: width apart and enough of them in the transition.
AUTO_WIDTHS = 4.0
#: The transition is found when a sweep leaves more than this of its width; one sweep is trusted to narrow it by so
#: much, for noise in a short run can pass for a step. Our choice, as is the rest of the search.
SETTLED, NARROWING = 0.7, 0.4
#: Inputs into which the slow sweep is binned, and the span of the mean output below which there is no transition [V].
BINS, SMALLEST_SPAN = 40, 1e-3
#: A signal that fluctuates by less stands still [V]: ten times the accuracy of the solvers.
STILL = 1e-5
#: Blocks from which the standard error of a noise amplitude is estimated.
BLOCKS = 20
#: Bounds of the instantaneous output [%].
BOUNDS = (1.0, 99.0)
#: Points of the stretch of output that is kept for pictures, and correlation times shown of the autocorrelation.
SAMPLE_POINTS, LAGS_SHOWN = 2000, 6.0


@dataclasses.dataclass(frozen=True)
class PointRuns:
    """A run at one input: the output on the common grid of times [V], and how many independent samples it holds."""

    output: Array
    independent: float


@dataclasses.dataclass(frozen=True)
class NoiseRun:
    """A run at the middle of the transition: output [V] and state of the junction, how many independent samples it
    holds, and all waveforms of one of them."""

    output: Array
    state: Array
    independent: float
    waveforms: Waveforms | None


def reduce_point(cell: Cell, waveforms: Waveforms, times: Array) -> PointRuns:
    """Output at the given times [V], and the number of independent samples of the junctions."""
    return PointRuns(bench.sampled(waveforms, "v(out)", times), independent_of(bench.probes(cell), waveforms, times))


def covering_inputs(points: int, centre: float, half: float, most: int = 2) -> Search:
    """Return inputs [V], shape (points,), that cover the transition, wherever in the supply it lies.

    A generator: it yields the ramps of the input [V], start and end of each, of one slow sweep after the other, and is
    sent what :func:`find_transition` makes of each.

    The whole supply is swept, then four widths either side of what was found, and so on while that narrows: a sweep
    that is fast for the junction blurs the transition, the next one, over less, blurs it less.

    Parameters
    ----------
    points : int
    centre, half : float
        Middle and half of the supply [V].
    most : int
        Most sweeps.
    """
    reach, before = half, math.inf
    for number in range(most):
        low, high = centre - reach, centre + reach
        centre, width = yield [(low, high), (high, low)]
        if number:
            width = max(width, NARROWING * before)
        reach = min(AUTO_WIDTHS * width, 2 * half)
        if width > SETTLED * before:
            break
        before = width
    reach = min(reach, min(AUTO_WIDTHS, (points - 1) / 2) * width)
    return centre + reach * np.linspace(-1.0, 1.0, points)


def find_transition(ramps: Sequence[tuple[float, float]], part: Array, traces: Sequence[Array]) -> Found:
    """Middle and width V0 [V] of the transition, from outputs under slow sweeps of the input.

    Up and down together, so that the lag of a slow junction cancels in the middle. The samples of each trace were taken
    after these parts of the run, from 0 to 1.

    Raises
    ------
    ResultError
        If the output does not follow the input anywhere.
    """
    inputs = np.concatenate([start + part * (stop - start) for start, stop in ramps])
    outputs = np.concatenate(traces)
    edges = np.linspace(inputs.min(), inputs.max(), BINS + 1)
    which = np.clip(np.digitize(inputs, edges) - 1, 0, BINS - 1)
    filled = [i for i in range(BINS) if (which == i).any()]
    centres = np.array([inputs[which == i].mean() for i in filled])
    means = np.array([outputs[which == i].mean() for i in filled])
    if np.ptp(means) < SMALLEST_SPAN:
        raise ResultError(
            f"the output changes by {np.ptp(means):.3g} V only while the input goes from {inputs.min():g} to "
            f"{inputs.max():g} V: no transition. Give the inputs as START:STOP:N, or look at the cell."
        )
    fit = least_squares(centres, means)
    bin_width = float(edges[1] - edges[0])
    return float(np.clip(fit.offset, inputs.min(), inputs.max())), max(fit.v0, 0.25 * bin_width)


def transfer_curve(inputs: Array, points: Sequence[Sequence[PointRuns]]) -> Transfer:
    """Mean, spread and bounds of the output at each input that has a run."""
    used = [i for i, trials in enumerate(points) if trials]
    outputs = [[run.output for run in points[i]] for i in used]
    junction = [sum(run.independent for run in points[i]) for i in used]
    estimates = [mean_with_error(runs, most) for runs, most in zip(outputs, junction, strict=True)]
    bounds = np.array([np.percentile(np.concatenate(runs), BOUNDS) for runs in outputs])
    return Transfer(
        vin=np.asarray(inputs, dtype=float)[used],
        mean=np.array([estimate.value for estimate in estimates]),
        stderr=np.array([estimate.stderr for estimate in estimates]),
        std=np.array([estimate.std for estimate in estimates]),
        low=bounds[:, 0],
        high=bounds[:, 1],
        trials=np.array([len(points[i]) for i in used]),
        independent=np.array([estimate.effective_size for estimate in estimates]),
    )


def noise_amplitude(outputs: Sequence[Array], independent: float) -> tuple[float, float]:
    """Standard deviation of an output [V] and its standard error, NaN where too few independent samples are behind.

    By a jackknife over blocks of the runs: 20, or half as many as there are independent samples if that is less, so
    that blocks hardly depend on one another.
    """
    mean = float(np.concatenate(outputs).mean())
    count = int(min(BLOCKS, max(independent / 2.0, 2.0)))
    pieces = [np.mean((piece - mean) ** 2) for piece in blocks(outputs, count)]
    if len(pieces) < 2 or independent < FEW_SAMPLES:
        return float(np.sqrt(np.mean(np.concatenate([(run - mean) ** 2 for run in outputs])))), math.nan
    return jackknife(lambda chosen: float(np.sqrt(np.mean(chosen))), pieces)


def noise_of(runs: Sequence[NoiseRun], vin: float, step: float) -> tuple[Noise, list[str]]:
    """Noise amplitude and correlation times from runs at one input, and what could not be had.

    Standard errors are NaN where the runs hold too few independent samples.
    """
    notes: list[str] = []
    outputs, states = [run.output for run in runs], [run.state for run in runs]
    independent = mean_with_error(outputs, sum(run.independent for run in runs)).effective_size
    sigma, stderr = noise_amplitude(outputs, independent)
    times: list[CorrelationTime | None] = []
    for name, series in (("output", outputs), ("junction", states)):
        time, note = _correlation(name, series, step)
        if time is not None and independent < FEW_SAMPLES:
            time = dataclasses.replace(time, fwhm_stderr=math.nan, decay_stderr=math.nan)
        times.append(time)
        notes += [note] if note else []
    output, junction = times
    return Noise(vin, sigma, stderr, output, junction, independent), notes


def _correlation(name: str, series: Sequence[Array], step: float) -> tuple[CorrelationTime | None, str]:
    """Correlation time of a signal, or None and why not."""
    if np.std(np.concatenate(series)) < STILL:
        return None, f"no correlation time of the {name}: it stands still"
    try:
        time = correlation_time(list(series), step)
    except ResultError as reason:
        return None, f"no correlation time of the {name}: {reason}"
    if np.isfinite(time.decay_stderr):
        return time, ""
    return time, f"too few correlation times of the {name} for a standard error. Lengthen the run, or more trials."


def curves_of(outputs: Sequence[Array], noise: Noise, step: float, start: float) -> dict[str, Any]:
    """The autocorrelation and a stretch of output, for pictures."""
    curves: dict[str, Any] = {}
    if noise.output is not None:
        curve = autocorrelation(list(outputs), step, max_lag=LAGS_SHOWN * noise.output.fwhm)
        if noise.independent < FEW_SAMPLES:
            curve = dataclasses.replace(curve, stderr=np.full_like(curve.value, math.nan))
        curves["autocorrelation"] = curve
    out = outputs[0][:SAMPLE_POINTS]
    curves["sample"] = {"time": start + step * np.arange(1, out.size + 1), "out": out, "vin": noise.vin}
    return curves
