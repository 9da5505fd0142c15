"""Nomura et al. 2018: AND, OR and XOR of inputs up to three steps apart, by dipole-coupled disks."""

from __future__ import annotations

import dataclasses

import numpy as np

from spinspice.engines import get_engine
from spinspice.papers.nomura2018.reservoir import DELAYS, GATES, Reservoir, disk, read_out, register
from spinspice.reproduce.base import Curve, Panel, Reproduction, Request, Row
from spinspice.units import with_error

FIGURE = "nomura-gates"
SUMMARY = "AND, OR, XOR of delayed inputs by 2 x 10 dipole-coupled disks, and without their coupling"
TITLE = "Nomura 2018: a reservoir of dipole-coupled nanomagnets"
#: Wrong outputs that we still take for the paper's "AND, OR and XOR": the abstract has no number.
BOUND = 0.02
#: Inputs of a run, runs with other inputs; full and short; inputs left out, and checked in the circuit.
INPUTS, INPUTS_SHORT, RUNS, RUNS_SHORT, SKIP, CHECKED = 500, 300, 5, 2, 20, 2


def run(request: Request) -> Reproduction:
    """Train and test the gates; arguments and errors as :func:`spinspice.reproduce.run`."""
    count, runs = (INPUTS_SHORT, RUNS_SHORT) if request.short else (INPUTS, RUNS)
    cold = Reservoir()
    hot = dataclasses.replace(cold, device=disk(T=300.0))
    names = ("coupled disks", "coupled disks, 300 K", "the same disks, not coupled", "inputs and three before, linear")
    tasks = [(gate, delay) for delay in DELAYS for gate in GATES]
    scores = np.zeros((len(names), len(tasks), runs))
    for number in range(runs):
        seed = request.seed + number
        inputs = np.random.default_rng([seed, 20]).integers(0, 2, count)
        states = (
            cold.states(inputs),
            hot.states(inputs, seed),
            cold.states(inputs, coupled=False),
            register(inputs, 4),
        )
        for k, (gate, delay) in enumerate(tasks):
            wanted = GATES[gate](inputs, np.roll(inputs, delay))
            scores[:, k, number] = [read_out(x, wanted, SKIP) for x in states]
        if request.progress is not None:
            request.progress(number + 1, runs, None)
    mean, tested = scores.mean(axis=2), runs * (count - SKIP) / 2.0
    # Of the runs, or binomial with one more of each kind where all of them are right
    part = (mean * tested + 1.0) / (tested + 2.0)
    error = np.maximum(scores.std(axis=2, ddof=1) / np.sqrt(runs), np.sqrt(part * (1.0 - part) / tested))
    rows = [
        Row(
            quantity=f"wrong outputs of {gate}, delay {delay} (our bound)",
            paper=BOUND,
            here=1.0 - mean[0, k],
            stderr=error[0, k],
            at_most=True,
            source="the abstract: AND, OR and XOR up to three delays; the bound is ours; T = 0",
        )
        for k, (gate, delay) in enumerate(tasks)
    ]
    away = _in_the_circuit(request, cold)
    labels = tuple(f"{gate}\n{delay}" for gate, delay in tasks)
    panel = Panel(
        title="right outputs, by gate and delay", xlabel="", ylabel="part",
        curves=tuple(
            Curve(x=np.arange(len(tasks)) + 0.15 * (i - 1.5), y=mean[i], yerr=error[i], kind="points", label=name,
                  color=i)
            for i, name in enumerate(names)
        ),
        ticks=labels,
    )  # fmt: skip
    last = len(tasks) - 1
    return Reproduction(
        name=FIGURE,
        title=TITLE,
        source="H. Nomura et al., Jpn. J. Appl. Phys. 58, 070901 (2019), the abstract; disks and fields are our choice",
        rows=tuple(rows),
        panels=(panel,),
        remarks=(
            *(f"{name}: XOR of delay 1 {with_error(mean[i, 2], error[i, 2], prefix=False)}, "
              f"of delay 3 {with_error(mean[i, last], error[i, last], prefix=False)}" for i, name in enumerate(names)),
            (
                "disks and fields are the best of 70 random settings, chosen with other inputs and other signs of the "
                "drives than here"
            ),
            f"circuit and reference, {CHECKED} inputs of all 20 disks: directions within {away:.1e}",
        ),
    )  # fmt: skip


def _in_the_circuit(request: Request, reservoir: Reservoir) -> float:
    """Return the largest difference of a direction at the end of an input, circuit against reference."""
    inputs = np.random.default_rng([request.seed, 20]).integers(0, 2, CHECKED)
    reservoir = dataclasses.replace(reservoir, device=disk(max_step=1.25e-12))
    waves = get_engine(request.engine, request.model).run(reservoir.testbench(inputs))
    ends = reservoir.period * np.arange(1, CHECKED + 1) * (1 - 1e-9)
    found = np.array([np.interp(ends, waves.time, waves[f"v(m{a}_m{i})"]) for i in range(20) for a in "xyz"]).T
    return float(np.abs(found - reservoir.states(inputs)).max())
