"""Noise of a comparator, measured: decisions in a transient that holds the thermal noise of every transistor.

ngspice has no such analysis; VACASK has, from the noise sources of the transistor models themselves (BSIM4's thermal
channel noise, at each moment of the clock cycle what the model says for the voltages of that moment). So this runs on
VACASK, on technologies that it can be given: plain BSIM4 cards, which is ``generic``. That the noise of such a
transistor in such a run is right is tested on a switch and a capacitor, whose noise is kT/C.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence

import numpy as np

from spinspice.analysis.counting import sample_bits
from spinspice.analysis.probit import ProbitFit, fit_probit
from spinspice.benches.comparator import (
    PERIOD,
    AnyComparator,
    bench,
    common_mode,
    decision,
    decision_signals,
)
from spinspice.cmos import Technology, get_traits, technologies
from spinspice.devices.noise import instance_seed
from spinspice.engines import TRANSIENT_NOISE, engine_with, engines_with
from spinspice.errors import UsageError, check_range
from spinspice.jobs import JobFailure, Progress, run_jobs
from spinspice.testbench import Testbench
from spinspice.waveforms import Waveforms

#: Bandwidth of the noise [Hz]: ten times that of the comparator's nodes (tau of 10 ps).
BANDWIDTH = 50e9
#: Differences of the inputs over the textbook's estimate, where a few ones or zeros are the exception.
DIFFERENCES = (-0.5, -0.25, 0.25, 0.5)
#: Decisions of one run: longer ones are cut into several, each with a seed of its own.
DECISIONS = 50


def check_noise(cell: AnyComparator, decisions: int) -> None:
    """Refuse what cannot be measured.

    Raises
    ------
    UsageError
        For a technology whose models VACASK does not take, or fewer than ten decisions (0, none, is allowed).
    """
    if decisions == 0:
        return
    check_range("noise", decisions, 10, 1_000_000, where="decisions at each difference of a comparator's inputs")
    if cell.noise_estimate is None:
        raise UsageError(
            f"{cell.kind}: no transistor of the cell itself has inp on its gate, so there is no scale for the "
            "differences at which decisions are noisy. Leave the noise out."
        )
    if not isinstance(cell.technology, Technology):
        return  # cards of its own: VACASK says what it does not take
    if cell.technology.traits.noise_period is None:
        known = [name for name in technologies() if get_traits(name).noise_period is not None]
        raise UsageError(
            f"the noise of a comparator is measured with {' or '.join(engines_with(TRANSIENT_NOISE))}, which does not "
            f"take the cards of {cell.technology.name}; take {' or '.join(known)}."
        )


def noise_period(cell: AnyComparator) -> float:
    """Return the clock period of runs with noise [s]; of transistors of a netlist, that of all other runs."""
    period = cell.technology.traits.noise_period if isinstance(cell.technology, Technology) else PERIOD
    assert period is not None  # check_noise
    return period


def noise_testbench(
    cell: AnyComparator, difference: float, count: int, seed: int, bandwidth: float = BANDWIDTH
) -> Testbench:
    """Return ``count`` decisions on one difference of the inputs [V], with thermal noise drawn from ``seed``."""
    period = noise_period(cell)
    circuit = bench(cell, period)
    common = common_mode(cell)
    circuit.V("inp", "inp", circuit.gnd, common + difference / 2)
    circuit.V("inn", "inn", circuit.gnd, common - difference / 2)
    return Testbench.from_pyspice(
        circuit,
        stop=count * period,
        step=period / 1000,
        max_step=period / 20,
        save=decision_signals(cell),
        options={"noiseseed": seed, "noisefmax": bandwidth},
        title=f"{cell.topology} comparator on {cell.technology.name} with noise, {difference:g} V",
    )


def measure_noise(
    cell: AnyComparator,
    decisions: int,
    *,
    seed: int = 1,
    bandwidth: float = BANDWIDTH,
    workers: int | None = None,
    progress: Progress | None = None,
) -> ProbitFit:
    """Return offset and noise of a comparator from ``decisions`` at each of :data:`DIFFERENCES`.

    The standard error of the noise is about 0.8 / sqrt(decisions) of it. Same seed, same bits, with any number of
    workers. ``bandwidth`` [Hz] is that of the noise of the transistors: the time step of the noise is half its inverse.

    Raises
    ------
    UsageError
        For a technology whose models VACASK does not take, or fewer than ten decisions.
    EngineError
        If a run fails.
    ResultError
        If the decisions show no noise.
    """
    check_noise(cell, decisions)
    bandwidth = check_range(
        "bandwidth",
        bandwidth,
        1e6,
        1e13,
        unit="Hz",
        where="noise of a comparator's transistors",
        hint="50 GHz are 50e9",
    )
    jobs = noise_testbenches(cell, decisions, functools.partial(instance_seed, seed), bandwidth)
    results = run_jobs(jobs, engine=engine_with(TRANSIENT_NOISE), workers=workers, progress=progress)
    return noise_of(cell, decisions, results)


def noise_testbenches(
    cell: AnyComparator, decisions: int, stream: Callable[[str], int], bandwidth: float = BANDWIDTH
) -> list[Testbench]:
    """Return the runs of :func:`measure_noise`; ``stream`` gives a seed for each name."""
    assert cell.noise_estimate is not None
    return [
        noise_testbench(cell, part * cell.noise_estimate, count, stream(f"noise/{cell.topology}/{k}/{n}"), bandwidth)
        for k, part in enumerate(DIFFERENCES)
        for n, count in enumerate(_parts(decisions))
    ]


def _parts(decisions: int) -> list[int]:
    """Return the decisions of each run at one difference."""
    return [min(DECISIONS, decisions - start) for start in range(0, decisions, DECISIONS)]


def noise_of(cell: AnyComparator, decisions: int, results: Sequence[Waveforms | JobFailure]) -> ProbitFit:
    """Return offset and noise from the runs of :func:`noise_testbenches`; errors as for :func:`measure_noise`."""
    assert cell.noise_estimate is not None
    parts, period = _parts(decisions), noise_period(cell)
    ones = np.zeros(len(DIFFERENCES))
    for index, result in enumerate(results):
        if isinstance(result, JobFailure):
            raise result.error
        count = parts[index % len(parts)]
        bits = sample_bits(result.time, decision(cell, result), (np.arange(count) + 0.98) * period)
        ones[index // len(parts)] += bits.sum()
    differences = [part * cell.noise_estimate for part in DIFFERENCES]
    return fit_probit(differences, ones, np.full(len(differences), decisions))
