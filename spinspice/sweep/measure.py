"""What one job measures: output or transfer curve, and power, each with its standard error."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from spinspice.analysis.statistics import blocks, jackknife, mean_with_error
from spinspice.analysis.transfer import TanhFit, fit_tanh
from spinspice.characterize.result import Transfer
from spinspice.characterize.stages import transfer_curve
from spinspice.errors import ResultError
from spinspice.waveforms import Waveforms

Array = NDArray[np.float64]
#: What a job gives: numbers by name, and lists over the inputs of a transfer (:data:`CURVE`).
Values = dict[str, float | list[float]]
#: What each kind of measurement gives, without the standard errors.
MEASURED = {
    "output": ("mean", "noise", "power"),
    "transfer": ("v0", "offset", "amplitude", "level", "gain", "r2", "power"),
}
#: What a transfer gives at each of its inputs: the input itself, the mean output and its standard error [V].
CURVE = ("vin", "mean", "mean_stderr")
#: Quantities without a standard error.
EXACT = ("r2",)
#: Blocks from which the standard error of a noise amplitude is estimated, as in ``characterize``.
BLOCKS = 20
#: Width V0 below which a transition hides between two inputs, in units of their distance: with the middle half way, the
#: output is then within 1.4 % of either rail at both, tanh(2.5) = 0.986, as near as a tanh is trusted.
NARROWEST = 0.2
#: Where a job finds its inputs: half their range in fitted widths V0, tanh(2.5) = 0.987, for inputs at the rails say
#: nothing about the width; and how many at a time look for a transition between two inputs. Our choice.
CLOSER, LOOK = 2.5, 2
#: Width V0 below which no job looks [V]: a fit that finds less has taken noise for a step. Transistors near threshold
#: change their current by e in 30 mV or more, and the currents of the two states differ by tens of per cent.
FINEST = 1e-3
#: Fewest inputs within that range of the fit, where a job finds its own: with fewer, noise decides on the width.
FEWEST_INSIDE = 4
#: Outputs that are on their way between the rails, as a fraction of the amplitude: tanh(1.5).
BETWEEN = 0.9


def variables(kind: str) -> list[str]:
    """Return the names of all numbers that a job gives: what it measures, and the standard errors."""
    return [name for q in MEASURED[kind] for name in ((q,) if q in EXACT else (q, f"{q}_stderr"))]


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


def mean_power(powers: Sequence[tuple[float, Array]]) -> Values:
    """Mean over runs of what :func:`supply_power` returned [W]."""
    return {
        "power": float(np.mean([mean for mean, _ in powers])),
        "power_stderr": float(mean_with_error([series for _, series in powers]).stderr),
    }


def output_of(outputs: list[Array]) -> Values:
    """Mean and noise amplitude [V] of the output of several trials at one input."""
    estimate = mean_with_error(outputs)
    pieces = [float(np.mean((piece - estimate.value) ** 2)) for piece in blocks(outputs, BLOCKS)]
    noise, stderr = jackknife(lambda chosen: float(np.sqrt(np.mean(chosen))), pieces)
    return {
        "mean": estimate.value,
        "mean_stderr": estimate.stderr,
        "noise": noise,
        "noise_stderr": stderr,
    }


def transfer_of(inputs: Sequence[float], outputs: Sequence[Sequence[Array]], inside: int = 0) -> Values:
    """Transfer curve in the order of its inputs [V], and the tanh through it, from the outputs of all trials at each.

    Raises
    ------
    ResultError
        If the width of the transition is not resolved by the inputs: a step between two of them, or fewer than
        ``inside`` within 2.5 fitted widths of the middle.
    """
    curve, fit = _fitted(inputs, outputs)
    apart = float(np.diff(curve.vin).min())
    if not fit.v0_stderr < fit.v0 or fit.v0 < NARROWEST * apart:
        raise ResultError(
            f"the width of the transition is not resolved: V0 = {fit.v0:.3g} +- {fit.v0_stderr:.2g} V, with inputs "
            f"{apart:.3g} V apart. Take more inputs across it, or longer runs."
        )
    count = int(np.sum(np.abs(curve.vin - fit.offset) < CLOSER * fit.v0))
    if count < inside:
        raise ResultError(
            f"the width of the transition is not resolved: {count} of {curve.vin.size} inputs lie within {CLOSER:g} "
            f"fitted widths V0 = {fit.v0:.3g} V of its middle, not {inside}. Take more inputs, or longer runs."
        )
    values: Values = {
        name: float(getattr(fit, name))
        for quantity in ("v0", "offset", "amplitude", "level")
        for name in (quantity, f"{quantity}_stderr")
    }
    gain = fit.amplitude / fit.v0
    relative = math.hypot(fit.amplitude_stderr / fit.amplitude, fit.v0_stderr / fit.v0)
    values |= {"gain": gain, "gain_stderr": abs(gain) * relative, "r2": fit.r2}
    return values | {"vin": curve.vin.tolist(), "mean": curve.mean.tolist(), "mean_stderr": curve.stderr.tolist()}


def closer_inputs(inputs: Sequence[float], outputs: Sequence[Sequence[Array]], left: int) -> list[float]:
    """Return the next inputs [V], at most ``left``, about the transition that those so far show.

    While the transition may hide between two inputs, two more between these; once it is resolved, half of those that
    are left, 2.5 fitted widths V0 to either side, and then the rest by a better fit. These always reach as far as
    outputs do that are on their way between the rails, for noise can bring two of them in line with a step.
    """
    curve, fit = _fitted(inputs, outputs)
    place = int(np.clip(np.searchsorted(curve.vin, fit.offset), 1, curve.vin.size - 1))
    low, high = (float(value) for value in curve.vin[place - 1 : place + 1])
    width = max(fit.v0, FINEST)
    if CLOSER * width < high - low and left >= LOOK + FEWEST_INSIDE:
        return [float(value) for value in np.linspace(low, high, LOOK + 2)[1:-1]]
    between = np.abs(curve.mean - fit.level) < BETWEEN * abs(fit.amplitude)
    seen = float(np.abs(curve.vin[between] - fit.offset).max(initial=0.0))
    reach = min(max(CLOSER * width, (high - low) / 2, seen), float(np.ptp(curve.vin)))
    count = left // 2 if left >= 2 * FEWEST_INSIDE else left
    return [float(value) for value in fit.offset + reach * np.linspace(-1.0, 1.0, count + 2)[1:-1]]


def _fitted(inputs: Sequence[float], outputs: Sequence[Sequence[Array]]) -> tuple[Transfer, TanhFit]:
    order = np.argsort(inputs)
    curve = transfer_curve(np.asarray(inputs)[order], [outputs[i] for i in order])
    return curve, fit_tanh(curve.vin, curve.mean, curve.stderr)
