"""What a decision of a neuron cell costs: its transfer curve, then power times correlation time at the middle."""

from __future__ import annotations

import math
from typing import ClassVar

import numpy as np

from spinspice.analysis.spectrum import correlation_time
from spinspice.errors import ResultError
from spinspice.studies.base import Point, Steps
from spinspice.studies.output import TransferCurve, _circuit
from spinspice.studies.output_numbers import SAMPLES, mean_power
from spinspice.studies.parameter import Parameter


class Decision(TransferCurve):
    """A tanh through the means at several inputs, and the energy of a decision at its middle.

    A decision is independent of the one before after the full width at half maximum of the output's autocorrelation.
    Its energy is mean power times that time, as in the audit of ``spinspice energy``, both at the middle.
    """

    name = "decision"
    title = "transfer curve of a neuron cell, and the energy of a decision at its middle"
    parameters = (
        *TransferCurve.parameters,
        Parameter(
            name="looks", meaning="runs at the middle, for the correlation time", default=4, kind="whole", low=1,
            high=100_000, varied=False,
        ),
    )  # fmt: skip
    quantities: ClassVar = {**TransferCurve.quantities, "time": "s", "decision": "J"}

    def runs(self, point: Point) -> int:
        return super().runs(point) + int(point["looks"] * point["repeats"])

    def steps(self, point: Point) -> Steps:
        circuit = _circuit(point)
        measuring, values = yield from self._curve(point, circuit)
        looks = point["looks"]
        middle = values["offset"]
        assert isinstance(middle, float)
        yield from measuring.take([middle] * looks)
        runs, powers = measuring.outputs[-looks:], measuring.powers[-looks:]
        series = [run.output for trials in runs for run in trials]
        if float(np.std(np.concatenate(series))) == 0.0:
            raise ResultError("the output stands still at the middle of the transition. Lengthen the runs.")
        time = correlation_time(series, float(measuring.times[1] - measuring.times[0]))
        power = mean_power([[pair for one in powers for pair in one]], [[run for trials in runs for run in trials]])
        mean, error, samples = power["power"], power["power_stderr"], values[SAMPLES]
        assert isinstance(mean, float) and isinstance(error, float) and isinstance(samples, float)
        values |= {
            "time": time.fwhm,
            "time_stderr": time.fwhm_stderr,
            "decision": mean * time.fwhm,
            "decision_stderr": mean * time.fwhm * math.hypot(error / mean, time.fwhm_stderr / time.fwhm),
            SAMPLES: min(samples, sum(run.independent for trials in runs for run in trials)),
        }
        return self._result(point, circuit, values)
