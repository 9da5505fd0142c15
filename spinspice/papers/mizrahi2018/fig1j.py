"""Mizrahi et al. 2018, Fig. 1j: rate of a superparamagnetic junction against the current through it.

Each current is one transient run of the telegraph model in a SPICE engine, long enough for a fixed number of full
cycles (to AP and back), which are counted one by one. At some currents the junction is run besides in the read-out
cell (:mod:`spinspice.cells.readout`), where a clocked comparator sees it and only its bits are counted. Both are held
against eq. 1, r0 / cosh(Delta I / I_c),
with r0 = (phi0 / 2) exp(-Delta): the 1/2 is missing in the printed equation, but a cycle is two switching events, and
the natural rates that the paper prints (518 Hz at 13.78 kT, 1.23 MHz at 6 kT) contain it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from spinspice.analysis.counting import CountedRates
from spinspice.analysis.statistics import weighted_mean
from spinspice.cells.readout import ReadOut
from spinspice.devices import Telegraph, as_two_state
from spinspice.devices.noise import instance_seed
from spinspice.devices.telegraph import MIN_SWITCHING
from spinspice.engines import get_engine
from spinspice.errors import ResultError, UsageError
from spinspice.jobs import JobFailure, run_jobs
from spinspice.presets import load_preset
from spinspice.readout.runs import tuning_curve
from spinspice.reproduce.base import Curve, Panel, Reproduction, Request, Row
from spinspice.testbench import Testbench
from spinspice.waveforms import Waveforms, crossings

FIGURE = "mizrahi-fig1j"
SUMMARY = "tuning curve of a superparamagnetic junction: rate against current"
TITLE = "Mizrahi 2018, Fig. 1j: rate of a superparamagnetic junction against current"
PRESET = "mizrahi2018-fig1"
#: Currents [A], full and short.
CURRENTS = np.linspace(-100e-6, 100e-6, 21)
CURRENTS_SHORT = np.array([-100e-6, -50e-6, -25e-6, -10e-6, 0.0, 25e-6, 50e-6, 100e-6])
#: Cycles counted in a run, and runs with seeds of their own at each current, full and short.
CYCLES, CYCLES_SHORT = 100, 60
RUNS, RUNS_SHORT = 5, 1
#: Currents counted through the comparator [A], bits of each run, and runs at each current, full and short. Farther out
#: the short stays are so short beside the cycle that counting one costs hundreds of clock edges.
READ, READ_SHORT = (-25e-6, 0.0, 10e-6, 25e-6), (0.0, 25e-6)
BITS, BITS_SHORT = 400, 100
READ_RUNS, READ_RUNS_SHORT = 4, 1
#: Part of the switches that the comparator's clock misses; corrected for.
MISSED = 0.3
#: The run is longer than the mean time of the wanted cycles by this many standard deviations of that time.
MARGIN = 6.0
#: Currents of the waveforms in Fig. 1g-i [A].
SHOWN = (50e-6, -50e-6, -10e-6)


def run(request: Request) -> Reproduction:
    """Simulate the tuning curve; arguments and errors as :func:`spinspice.reproduce.run`."""
    device = as_two_state(load_preset(PRESET).device, "Fig. 1j counts switches between two states, not of a {kind}")
    currents = CURRENTS_SHORT if request.short else CURRENTS
    cycles, runs = (CYCLES_SHORT, RUNS_SHORT) if request.short else (CYCLES, RUNS)
    pairs = [
        (current, instance_seed(request.seed, f"fig1j/{index}/{run}"))
        for index, current in enumerate(currents)
        for run in range(runs)
    ]
    benches = [make_testbench(device, current, cycles, number) for current, number in pairs]
    solver = get_engine(request.engine, request.model)
    if solver.model == "b-source":
        raise UsageError(
            "mizrahi-fig1j counts every switching event, and the B-source junction misses pairs of them within one "
            "step (docs/theory.md, 4.4). Run it with model='verilog-a'; `spinspice doctor` says what is missing."
        )
    results = run_jobs(benches, engine=solver, workers=request.workers, progress=request.progress)
    for result in results:
        if isinstance(result, JobFailure):
            raise result.error
    read = np.array(READ_SHORT if request.short else READ)
    counted = tuning_curve(
        ReadOut(device),
        list(read),
        bits=BITS_SHORT if request.short else BITS,
        trials=READ_RUNS_SHORT if request.short else READ_RUNS,
        missed=MISSED,
        seed=request.seed,
        engine=solver,
        workers=request.workers,
        progress=request.progress,
    )
    groups = [results[start : start + runs] for start in range(0, len(results), runs)]
    rates, errors = np.array([rate_of_cycles(group, cycles) for group in groups]).T
    waves = [group[0] for group in groups]
    expected = device.rate(currents / device.I_c)
    return Reproduction(
        name="mizrahi-fig1j",
        title=TITLE,
        source="A. Mizrahi et al., Nat. Commun. 9, 1533 (2018)",
        rows=(*_rows(device, currents, rates, errors, expected), *_read_rows(device, read, counted)),
        panels=(_tuning_curve(device, currents, rates, errors, read, counted), _traces(device, currents, waves)),
        remarks=(
            "Sign: a positive current favours P here, AP in the experiment. The rate is even in the current.",
            f"{cycles * runs} full cycles counted at each of {len(currents)} currents; the resistances are our choice.",
            f"Comparator: {sum(c.bits for c in counted)} bits, {MISSED:.0%} of the switches missed and corrected for.",
        ),
        provenance={**waves[0].provenance, "preset": PRESET, "seed": request.seed, "cycles": cycles * runs},
    )


def make_testbench(device: Telegraph, current: float, cycles: int, seed: int) -> Testbench:
    """Return a junction under a constant current [A], for long enough to see ``cycles`` full cycles."""
    dwell = 1.0 / np.array(device.escape_rates(current / device.I_c))
    deviation = np.sqrt(cycles * np.sum(dwell**2))
    stop = float(cycles * dwell.sum() + MARGIN * deviation)
    # Shorter switches than 1e-9 of the duration are more than Newton's iteration can resolve (engines refuse them).
    device = device.resolvable(stop, MIN_SWITCHING)
    parameters = " ".join(f"{name}={value}" for name, value in device.instance_parameters("{seed}").items())
    return Testbench(
        circuit=f"Idrive 0 free dc {{current}}\nXj free 0 state count {device.model} {parameters}\n",
        stop=stop,
        # The first step is the one that the model has no say in: from this a simulator makes it short enough.
        step=0.1 * float(dwell.min()),
        max_step=stop / 100.0,
        save=("v(free)", "v(state)", "v(count)"),
        parameters={"current": float(current), "seed": float(seed)},
        title=f"Superparamagnetic junction at {current * 1e6:g} uA",
    )


def rate_of_cycles(waves: Sequence[Waveforms], cycles: int) -> tuple[float, float]:
    """Return the rate of full cycles [1/s] and its standard error, from the first ``cycles`` of each run.

    Stopping at a fixed number, not at a fixed time, keeps the estimate free of the bias of a cut-off last stay.
    """
    lengths: list[NDArray[np.float64]] = []
    for wave in waves:
        ends = crossings(wave.time, wave["v(count)"])[1::2][:cycles]
        if ends.size < cycles:
            raise ResultError(
                f"only {ends.size} of {cycles} cycles within {wave.time[-1]:g} s: the junction is slower than its "
                f"escape rates say by more than {MARGIN:g} standard deviations."
            )
        lengths.append(np.diff(ends, prepend=0.0))
    cycle = np.concatenate(lengths)
    rate = 1.0 / float(cycle.mean())
    return rate, rate**2 * float(cycle.std(ddof=1)) / np.sqrt(cycle.size)


def fit_tuning_curve(
    currents: NDArray[np.float64], rates: NDArray[np.float64], errors: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Fit r0 / cosh(I Delta / I_c) to the logarithm; return (r0 [1/s], I_c / Delta [A]) and their standard errors."""
    from scipy.optimize import curve_fit

    def law(current: NDArray[np.float64], log_r0: float, width: float) -> NDArray[np.float64]:
        return log_r0 - np.log(np.cosh(current / width))

    start = (float(np.log(rates.max())), float(np.ptp(currents)) / 8.0)
    values, covariance = curve_fit(law, currents, np.log(rates), p0=start, sigma=errors / rates, absolute_sigma=True)
    deviations = np.sqrt(np.diag(covariance))
    r0 = float(np.exp(values[0]))
    return np.array([r0, abs(values[1])]), np.array([r0 * deviations[0], deviations[1]])


def _rows(
    device: Telegraph,
    currents: NDArray[np.float64],
    rates: NDArray[np.float64],
    errors: NDArray[np.float64],
    expected: NDArray[np.float64],
) -> tuple[Row, ...]:
    (r0, width), (r0_error, width_error) = fit_tuning_curve(currents, rates, errors)
    half = float(np.arccosh(2.0))
    at = int(np.argmin(np.abs(currents - 50e-6)))
    scatter = (rates - expected) / errors
    return (
        Row(
            quantity="natural rate r0, with the 1/2",
            unit="Hz",
            paper=device.natural_rate,
            here=r0,
            stderr=r0_error,
            source="(phi0 / 2) exp(-Delta), phi0 = 1 GHz, Delta = 13; the 1/2 as in the rates the Methods print",
        ),
        Row(
            quantity="natural rate r0, as printed",
            unit="Hz",
            paper=2.0 * device.natural_rate,
            here=r0,
            stderr=r0_error,
            source="phi0 exp(-Delta), text below eq. 1",
            note="the printed formula lacks the 1/2: a full cycle is two switching events, so the ratio is one half",
        ),
        Row(
            quantity="half width at half maximum",
            unit="uA",
            paper=half * device.I_c / device.barrier * 1e6,
            here=half * width * 1e6,
            stderr=half * width_error * 1e6,
            source="eq. 1 with Delta = 13, I_c = 300 uA: arccosh(2) I_c / Delta",
        ),
        Row(
            quantity="rate at 50 uA",
            unit="Hz",
            paper=float(expected[at]),
            here=float(rates[at]),
            stderr=float(errors[at]),
            source="eq. 1 with the 1/2",
        ),
        Row(
            quantity="mean squared deviation from eq. 1 over its variance, all currents",
            paper=1.0,
            here=float(np.mean(scatter**2)),
            stderr=float(np.sqrt(2.0 / len(scatter))),
            source="1 if eq. 1 holds at every current",
        ),
    )


def _read_rows(device: Telegraph, read: NDArray[np.float64], counted: Sequence[CountedRates]) -> tuple[Row, ...]:
    """Return r0 from all currents read through the comparator, each referred to its peak by eq. 1."""
    peak = np.cosh(device.barrier * read / device.I_c)
    r0, error = weighted_mean([c.rate for c in counted] * peak, [c.rate_stderr for c in counted] * peak)
    return (
        Row(
            quantity="natural rate r0 through the comparator",
            unit="Hz",
            paper=device.natural_rate,
            here=r0,
            stderr=error,
            source="(phi0 / 2) exp(-Delta); bits of the read-out cell, corrected for missed switches",
        ),
    )


def _tuning_curve(
    device: Telegraph,
    currents: NDArray[np.float64],
    rates: NDArray[np.float64],
    errors: NDArray[np.float64],
    read: NDArray[np.float64],
    counted: Sequence[CountedRates],
) -> Panel:
    fine = np.linspace(currents.min(), currents.max(), 400)
    law = device.rate(fine / device.I_c)
    return Panel(
        title="Rate against current",
        xlabel="current [µA]",
        ylabel="full cycles a second [Hz]",
        curves=(
            Curve(x=fine * 1e6, y=law, label="eq. 1 with the 1/2", color=1),
            Curve(x=fine * 1e6, y=2.0 * law, label="eq. 1 as printed", kind="dashed", color=6),
            Curve(x=currents * 1e6, y=rates, yerr=errors, label="SPICE, ± standard error", kind="points"),
            Curve(
                x=read * 1e6,
                y=[c.rate for c in counted],
                yerr=[c.rate_stderr for c in counted],
                label="SPICE, through the comparator",
                kind="points",
                color=2,
            ),
        ),
    )


def _traces(device: Telegraph, currents: NDArray[np.float64], waves: Sequence[Waveforms]) -> Panel:
    """Resistance against time at the currents of Fig. 1g-i, one above the other, as long as 12 cycles at -50 uA."""
    span = 12.0 / float(device.rate(50e-6 / device.I_c))
    curves = []
    for level, current in enumerate(SHOWN):
        index = int(np.argmin(np.abs(currents - current)))
        wave = waves[index].window(0.0, min(span, waves[index].time[-1]))
        resistance = wave["v(free)"] / currents[index]
        curves.append(
            Curve(
                x=wave.time * 1e3,
                y=(resistance - device.R_P) / (device.R_AP - device.R_P) + 1.5 * (len(SHOWN) - 1 - level),
                label=f"{currents[index] * 1e6:+.0f} µA",
                color=(0, 1, 2)[level],
            )
        )
    return Panel(
        title="Resistance (as Fig. 1g-i)",
        xlabel="time [ms]",
        ylabel="(R − R_P) / (R_AP − R_P), shifted",
        curves=tuple(curves),
    )
