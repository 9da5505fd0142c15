"""Study of a neuron cell: transfer curve, fitted tanh, noise, correlation time, energy, all with standard errors.

Three stages, each a batch of independent runs:

1. *find* (only with ``vin="auto:N"``): the input is swept slowly up and down, first across the supply, then across what
   was found, which shows where the transition lies and how wide it is;
2. *transfer*: N inputs times ``repeats`` seeds;
3. *noise*: ``repeats`` runs at the fitted middle of the transition, for noise amplitude, correlation time and energy.

The first tenth of every run is discarded as warm-up. Every run has a seed of its own, made from the seed of the whole,
the stage, the point and the repeat, so the result is bit-identical whatever the number of workers and the order of
jobs.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, ClassVar

from spinspice.studies.base import Point, Steps, Study
from spinspice.studies.common import (
    MISMATCH,
    NETLIST,
    PRESET,
    TECHNOLOGY,
    TEMPERATURE,
    TRUST,
    VDD,
    accuracy,
    other,
    repeats,
)
from spinspice.studies.inputs import parse_vin
from spinspice.studies.neuron_result import Characterization
from spinspice.studies.neuron_run import Characterizing
from spinspice.studies.neuron_settings import Settings, make_settings
from spinspice.studies.parameter import Parameter

#: Parameters that choose a neuron cell, its junction, its transistors and what is around them.
CELL = Parameter(
    name="cell", meaning="asn, bsn, a cell of an installed package, or a cell file", kind="object", varied=False
)
DURATION = Parameter(
    name="duration",
    meaning="length of a run, its first tenth being warm-up",
    chosen="50n, or 300 mean dwell times of a telegraph junction",
    unit="s",
    low=0.0,
    high=1e6,
)
#: Sizes of the transistors that a sweep holds while it varies the junction.
SIZING = Parameter(name="sizing", meaning="sizes of the transistors", kind="object", hidden=True)
ACCURACY = accuracy("statistics")
CIRCUIT = (CELL, other(PRESET, varied=False), TECHNOLOGY, VDD, MISMATCH, TEMPERATURE, NETLIST, TRUST, SIZING, ACCURACY)
REPEATS = repeats("runs at each input", 4, 1, 100_000)


def settings_of(point: Point, vin: Any, trials: int) -> Settings:
    """Return what to characterise: the parameters of :data:`CIRCUIT`, ``duration`` and seed of a point."""
    return make_settings(
        point["cell"],
        point["preset"],
        cmos=point["technology"],
        vdd=point["vdd"],
        vin=vin,
        duration=point["duration"],
        trials=trials,
        seed=point.seed,
        mismatch=point["mismatch"],
        trust=point["trust"],
        parameters=point["parameters"],
        temperature=point["temperature"],
        sizing=point["sizing"],
        accuracy=point["accuracy"],
    )


class Neuron(Study):
    """Characterise a neuron cell."""

    name = "neuron"
    title = "transfer curve, fitted width V0, noise, autocorrelation and energy of a neuron cell"
    words = ("characterize",)
    placed = ("cell",)
    parameters = (
        *CIRCUIT,
        Parameter(
            name="vin",
            meaning="inputs; fewer than five make no fit, and noise and energy are then measured at their mean",
            default="auto:17",
            unit="V",
            kind="object",
            form="auto:N|START:STOP:N|V,V,...",
            read=parse_vin,
            varied=False,
        ),
        DURATION,
        REPEATS,
    )
    short: ClassVar = {"cell": "bsn", "vin": "-0.05:0.05:5", "duration": 1e-9, "repeats": 1}
    quantities: ClassVar = {
        "v0": "V",
        "offset": "V",
        "amplitude": "V",
        "noise": "V",
        "correlation_time": "s",
        "power": "W",
        "energy_per_decision": "J",
    }

    def steps(self, point: Point) -> Steps:
        settings = settings_of(point, point["vin"], point["repeats"])
        return (yield from Characterizing(settings, point).steps())

    def numbers(self, result: Characterization) -> Mapping[str, tuple[float | None, float | None]]:
        fit, noise, energy = result.fit, result.noise, result.energy
        found: dict[str, tuple[float | None, float | None]] = dict.fromkeys(self.quantities, (None, None))
        if fit is not None and fit.resolved:
            found |= {
                name: (getattr(fit, name), getattr(fit, f"{name}_stderr")) for name in ("v0", "offset", "amplitude")
            }
        if noise is not None:
            found["noise"] = (noise.sigma, noise.sigma_stderr)
            if noise.output is not None:
                found["correlation_time"] = (noise.output.fwhm, noise.output.fwhm_stderr)
        if energy is not None:
            found["power"] = (math.fsum(energy.power.values()), energy.details.get("total_power_stderr"))
            found["energy_per_decision"] = (energy.per_decision, energy.details.get("per_decision_stderr"))
        return found
