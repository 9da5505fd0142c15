"""Lopez et al. 2024, Fig. 1b: resistance of three junctions in a chain against the input current, at two sets of
controls.

The input is ramped from 0 to 1 mA many times, each with thermal noise of its own; thresholds are means with standard
errors. The junctions are calibrated to the thresholds at -500 uA (presets lopez2024-1 to -3), so these three rows test
the circuit and the readout; the three at the second set of controls, and the scatter, are predictions. So is the
course of the mean and of the scatter with the ramp rate, which is held against the law of thermally activated escape.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from spinspice.benches.chain import Ramp
from spinspice.devices.noise import instance_seed
from spinspice.errors import UsageError
from spinspice.networks.chain.spice import junction_currents, junction_voltages
from spinspice.networks.chain.thresholds import BLIND_CURRENT, RampThresholds, ramp_chain
from spinspice.presets.lopez2024 import JUNCTIONS, SOURCE, SWITCHING_CURRENTS
from spinspice.reproduce.base import Curve, Panel, Reproduction, Request, Row
from spinspice.waveforms import Waveforms

FIGURE = "lopez-fig1b"
SUMMARY = "thresholds of a chain of switching junctions at two sets of control currents"
TITLE = "Lopez 2024, Fig. 1b: resistance against input current at two sets of control currents"
#: Control currents [A].
CONTROLS = ((-500e-6, -500e-6, -500e-6), (-460e-6, -380e-6, -560e-6))
#: Ramps at each set of controls, and at each further rate.
RUNS, RUNS_SHORT = 50, 20
#: Durations of the ramp of 1 mA [s].
DURATIONS, DURATIONS_SHORT = (1e-4, 1e-3, 1e-2, 1e-1), (1e-3,)
#: Around no current the resistance is a quotient of small numbers and not drawn [A].
HIDDEN = 10 * BLIND_CURRENT


def run(request: Request) -> Reproduction:
    """Ramp the chain; arguments and errors as :func:`spinspice.reproduce.run` (one worker: ramps share a session)."""
    if request.model == "b-source":
        raise UsageError(
            "lopez-fig1b reads thresholds off single events, and the B-source junction has them on a grid of time "
            "only. Run it with model='verilog-a'; `spinspice doctor` says what is missing."
        )
    runs = RUNS_SHORT if request.short else RUNS
    cases = [(controls, Ramp(duration=1.0)) for controls in CONTROLS]
    cases += [(CONTROLS[0], Ramp(duration=duration)) for duration in (DURATIONS_SHORT if request.short else DURATIONS)]
    results = []
    for number, (controls, ramp) in enumerate(cases):
        results.append(
            ramp_chain(
                controls,
                ramp=ramp,
                runs=runs,
                seed=instance_seed(request.seed, f"case{number}"),
                engine=request.engine,
                model=request.model,
            )
        )
        if request.progress is not None:
            request.progress(number + 1, len(cases), None)
    found = [thresholds for thresholds, _ in results]
    return Reproduction(
        name="lopez-fig1b",
        title=TITLE,
        source=SOURCE,
        rows=(*_threshold_rows(found[0], found[1]), *_law_rows([found[0], *found[2:]]), _current_row(results)),
        panels=(
            _resistance([waves for _, waves in results[:2]]),
            _rates([found[0], *found[2:]], "mean"),
            _rates([found[0], *found[2:]], "sd"),
        ),
        remarks=(
            f"{runs} ramps at each set of controls and rate; junctions are calibrated to the thresholds at -500 uA.",
            "Rate (1 mA/s), barrier (60 kT) and reset current (-300 uA) are our choice: unpublished (docs/chain.md).",
            "Resistances of the AP state fall with bias (V_half 0.5 V, our choice).",
        ),
        provenance={**results[0][1].provenance, "preset": "lopez2024-1 to -3", "seed": request.seed, "ramps": runs},
    )


def _threshold_rows(at_first: RampThresholds, at_second: RampThresholds) -> list[Row]:
    rows = []
    for found, source in (
        (at_first, "Fig. 1b, text"),
        (at_second, "Fig. 1b, text: total current less control current"),
    ):
        for i, (mean, error) in enumerate(zip(found.mean, found.mean_stderr, strict=True)):
            rows.append(
                Row(
                    quantity=f"threshold of junction {i + 1} at {found.controls[i] * 1e6:.0f} uA"
                    + (" of 2nd set" if found is at_second else ""),
                    unit="uA",
                    paper=(SWITCHING_CURRENTS[i] - found.controls[i]) * 1e6,
                    here=mean * 1e6,
                    stderr=error * 1e6,
                    source=source,
                )
            )
    return rows


def _law_rows(at_rates: list[RampThresholds]) -> list[Row]:
    """Means and scatter of all rates against the law, as mean squared deviations in standard errors."""
    laws = [[found.ramp.threshold(device) for device in JUNCTIONS] for found in at_rates]
    rows = []
    for name, what in (("mean", "means"), ("sd", "standard deviations")):
        deviations = []
        for found, law in zip(at_rates, laws, strict=True):
            values = getattr(found, name) + (found.controls if name == "mean" else 0.0)
            # The errors are those of the law: a sample's own error falls with its scatter by chance.
            share = getattr(found, f"{name}_stderr") / found.sd * np.array([one.sd for one in law])
            deviations.append((values - np.array([getattr(one, name) for one in law])) / share)
        count = np.size(deviations)
        rows.append(
            Row(
                quantity=f"squared deviation of the {what} from the law over its variance, {len(at_rates)} ramp rates",
                paper=1.0,
                here=float(np.mean(np.square(deviations))),
                stderr=float(np.sqrt(2.0 / count)),
                source="1 if thermal activation (Kurkijarvi 1972, Garg 1995) holds at every rate",
            )
        )
    return rows


def _current_row(results: list[tuple[RampThresholds, Waveforms]]) -> Row:
    """Largest deviation of a current from I_C + I_in on the first ramps at the two sets of controls."""
    worst = 0.0
    for found, waves in results[:2]:
        wanted = found.controls[:, None] + found.ramp.start + found.ramp.rate * waves.time
        error = np.abs(junction_currents(waves, len(JUNCTIONS)) - wanted)
        worst = max(worst, float(np.max(error / np.maximum(np.abs(wanted), HIDDEN))))
    return Row(
        quantity="largest deviation of a junction's current from I_C + I_in",
        unit="%",
        paper=0.0,
        here=100.0 * worst,
        tolerance=0.1,
        source="Sec. II: the currents of the sources",
    )


def _resistance(waves: list[Waveforms]) -> Panel:
    curves = []
    for wave, kind in zip(waves, ("line", "dashed"), strict=True):
        voltages, currents = junction_voltages(wave, len(JUNCTIONS)), junction_currents(wave, len(JUNCTIONS))
        for i in range(len(JUNCTIONS)):
            seen = np.abs(currents[i]) > HIDDEN
            resistance = voltages[i][seen] / currents[i][seen]
            label = f"junction {i + 1}" if kind == "line" else ""
            curves.append(Curve(x=1e3 * wave.time[seen], y=resistance / 1e3, label=label, kind=kind, color=i))
    return Panel(
        title="One ramp: solid all at -500, dashed -460, -380, -560 µA",
        xlabel="input current [µA]",
        ylabel="resistance [kΩ]",
        curves=tuple(curves),
    )


def _rates(at_rates: list[RampThresholds], name: str) -> Panel:
    """Mean or scatter against the ramp rate, with the law."""
    at_rates = sorted(at_rates, key=lambda found: found.ramp.rate)
    rates = np.array([found.ramp.rate for found in at_rates])
    fine = np.geomspace(rates[0], rates[-1], 50)
    curves = []
    for i, device in enumerate(JUNCTIONS):
        law: NDArray[np.float64] = np.array(
            [getattr(Ramp(duration=1e-3 / rate).threshold(device), name) for rate in fine]
        )
        values = np.array(
            [getattr(found, name)[i] + (found.controls[i] if name == "mean" else 0.0) for found in at_rates]
        )
        errors = np.array([getattr(found, f"{name}_stderr")[i] for found in at_rates])
        curves.append(Curve(x=fine, y=law * 1e6, color=i))
        curves.append(
            Curve(x=rates, y=values * 1e6, yerr=errors * 1e6, kind="points", label=f"junction {i + 1}", color=i)
        )
    return Panel(
        title="Mean threshold, lines: law" if name == "mean" else "Scatter from ramp to ramp",
        xlabel="rate of the ramp [A/s]",
        ylabel="total switching current [µA]" if name == "mean" else "standard deviation [µA]",
        curves=tuple(curves),
        xscale="log",
    )
