"""What the studies of an output and of a transfer curve measure: numbers and power, each with its standard error."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from spinspice.analysis.resolution import CLOSER, MIN_INSIDE
from spinspice.analysis.statistics import mean_with_error
from spinspice.analysis.transfer import fit_tanh, least_squares
from spinspice.errors import ResultError
from spinspice.studies.neuron_result import Transfer
from spinspice.studies.neuron_stages import PointRuns, noise_amplitude, transfer_curve
from spinspice.waveforms import Waveforms

Array = NDArray[np.float64]
#: Numbers by name, and lists over the inputs of a transfer.
Values = dict[str, float | list[float]]
#: What every run gives besides: independent samples behind its numbers (of a transfer, at the input with the fewest).
#: Standard errors are NaN, unknown, below 10.
SAMPLES = "independent"
#: Where a job finds its inputs: how many at a time look for a transition between two inputs. Our choice.
LOOK = 2
#: Width V0 below which no job looks [V]: a fit that finds less has taken noise for a step. Transistors near threshold
#: change their current by e in 30 mV or more, and the currents of the two states differ by tens of per cent.
FINEST = 1e-3
#: Outputs that are on their way between the rails, as a fraction of the amplitude: tanh(1.5).
BETWEEN = 0.9


def supply_power(waveforms: Waveforms, rails: tuple[float, float], warm_up: float, times: Array) -> tuple[float, Array]:
    """Mean power that the supplies deliver after the warm-up [W], and its series at ``times`` [s] for its error.

    The rails are the voltages of vss and vdd [V].
    """
    low, high = rails

    def delivered(waves: Waveforms) -> Array:
        power: Array = -(high * waves["i(vdd)"] + low * waves["i(vss)"])
        return power

    late = waveforms.window(warm_up)
    span = float(late.time[-1] - late.time[0])
    mean = float(np.trapezoid(delivered(late), late.time)) / span
    return mean, np.interp(times, waveforms.time, delivered(waveforms))


def mean_power(powers: Sequence[Sequence[tuple[float, Array]]], points: Sequence[Sequence[PointRuns]]) -> Values:
    """Mean over inputs of what :func:`supply_power` returned [W] for the runs at each.

    Runs at different inputs differ in their means, so each input has an error of its own.
    """
    means = [float(np.mean([mean for mean, _ in runs])) for runs in powers]
    errors = [
        mean_with_error([series for _, series in runs], sum(point.independent for point in trials)).stderr
        for runs, trials in zip(powers, points, strict=True)
    ]
    return {
        "power": float(np.mean(means)),
        "power_stderr": float(np.sqrt(np.sum(np.square(errors)))) / len(errors),
    }


def output_of(points: Sequence[PointRuns]) -> Values:
    """Mean and noise amplitude [V] of the output of several trials at one input."""
    outputs = [point.output for point in points]
    estimate = mean_with_error(outputs, sum(point.independent for point in points))
    noise, stderr = noise_amplitude(outputs, estimate.effective_size)
    return {
        "mean": estimate.value,
        "mean_stderr": estimate.stderr,
        "noise": noise,
        "noise_stderr": stderr,
        SAMPLES: estimate.effective_size,
    }


def transfer_of(
    inputs: Sequence[float], points: Sequence[Sequence[PointRuns]], supply: tuple[float, float] | None = None
) -> Values:
    """Transfer curve in the order of its inputs [V], and the tanh through it, from the outputs of all trials at each.

    Raises
    ------
    ResultError
        If the inputs do not resolve the transition (:func:`spinspice.analysis.resolution.why_unresolved`).
    """
    curve = _curve(inputs, points)
    fit = fit_tanh(curve.vin, curve.mean, curve.stderr, supply=supply)
    if not fit.resolved:
        raise ResultError(f"the transition is {fit.verdict}; {fit.reason}")
    values: Values = {
        name: float(getattr(fit, name))
        for quantity in ("v0", "offset", "amplitude", "level")
        for name in (quantity, f"{quantity}_stderr")
    }
    gain = fit.amplitude / fit.v0
    relative = math.hypot(fit.amplitude_stderr / fit.amplitude, fit.v0_stderr / fit.v0)
    values |= {"gain": gain, "gain_stderr": abs(gain) * relative, "r2": fit.r2}
    assert curve.independent is not None
    values[SAMPLES] = float(curve.independent.min())
    return values | {"vin": curve.vin.tolist(), "mean": curve.mean.tolist(), "mean_stderr": curve.stderr.tolist()}


def closer_inputs(inputs: Sequence[float], points: Sequence[Sequence[PointRuns]], left: int) -> list[float]:
    """Return the next inputs [V], at most ``left``, about the transition that those so far show.

    While the transition may hide between two inputs, two more between these; once it is resolved, half of those that
    are left, 2.5 fitted widths V0 to either side, and then the rest by a better fit. These always reach as far as
    outputs do that are on their way between the rails, for noise can bring two of them in line with a step.
    """
    curve = _curve(inputs, points)
    fit = least_squares(curve.vin, curve.mean, curve.stderr)
    place = int(np.clip(np.searchsorted(curve.vin, fit.offset), 1, curve.vin.size - 1))
    low, high = (float(value) for value in curve.vin[place - 1 : place + 1])
    width = max(fit.v0, FINEST)
    if CLOSER * width < high - low and left >= LOOK + MIN_INSIDE:
        return [float(value) for value in np.linspace(low, high, LOOK + 2)[1:-1]]
    between = np.abs(curve.mean - fit.level) < BETWEEN * abs(fit.amplitude)
    seen = float(np.abs(curve.vin[between] - fit.offset).max(initial=0.0))
    reach = min(max(CLOSER * width, (high - low) / 2, seen), float(np.ptp(curve.vin)))
    count = left // 2 if left >= 2 * MIN_INSIDE else left
    return [float(value) for value in fit.offset + reach * np.linspace(-1.0, 1.0, count + 2)[1:-1]]


def _curve(inputs: Sequence[float], points: Sequence[Sequence[PointRuns]]) -> Transfer:
    """Transfer curve in the order of its inputs [V]."""
    order = np.argsort(inputs)
    return transfer_curve(np.asarray(inputs)[order], [points[i] for i in order])
