"""Lopez et al. 2024, Sec. IV: energy of an applied input against (1 + 0.2 N) pJ, and what longer chains can tell apart.

The energy is added up for a chain of small stable junctions (preset ``sttmram``, pulses of tens of microamperes and
10 ns, as the paper supposes), with source, read-out and learning pulses; and it is integrated over SPICE transients of
such chains, with comparators of transistors that read them. The accuracy is simulated with the behavioural twin.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

import numpy as np

from spinspice.devices import as_macrospin
from spinspice.devices.noise import instance_seed
from spinspice.papers.lopez2024.budget import READ, READ_LOW, SHARE, Budget, energy_per_input, paper_energy, voltage
from spinspice.papers.lopez2024.fig2 import SOURCE
from spinspice.papers.lopez2024.scaling import SCATTER, expected_accuracy, mean_accuracy, mean_distance
from spinspice.papers.lopez2024.stt_chain import CURRENT, DURATION, chain_of_small
from spinspice.papers.lopez2024.transient_energy import TransientEnergy, learning_energy, transient_energy
from spinspice.presets import load_preset
from spinspice.reproduce.base import Curve, Panel, Reproduction, Request, Row

FIGURE = "lopez-energy"
SUMMARY = "energy of an input to a chain of junctions, and accuracy of longer chains"
TITLE = "Lopez 2024, Sec. IV: energy of an input, and accuracy of longer chains"
SIZES_SPICE, SIZES_SPICE_SHORT = (3, 6, 9, 12, 16), (3, 6)
SIZES = (1, 3, 4, 6, 8, 12, 16)
#: Scatter of thresholds from cycle to cycle of the accuracy curves [A].
SCATTERS = (1e-6, SCATTER, 16e-6)
CHAINS, CHAINS_SHORT = 16, 4
IDEAL = "ideal sources, junctions that switch at once, comparators on generic transistors: a lower bound"
BOUND = "the paper's is a bound, and below it the two agree"
SUPPLY = "N junctions in series need N times the voltage: the input pulse is not 1 pJ whatever N"
LARGE = "the paper's 7 pJ is for pulses of tens of uA, not for the junctions of its experiment"
#: Input that switches all measured junctions in 300 ns [A].
MEASURED_INPUT = 900e-6
#: Runs of each transient, full and short.
RUNS, RUNS_SHORT = 8, 3


def run(request: Request) -> Reproduction:
    """Add up energies and simulate accuracies; arguments as :func:`spinspice.reproduce.run`."""
    device = as_macrospin(load_preset("sttmram").device, "the energy per input needs a macrospin, not a {kind}")
    budgets = [energy_per_input(device, size, current=CURRENT, duration=DURATION) for size in SIZES]
    dear = energy_per_input(device, 3, current=CURRENT, duration=DURATION, read=READ)
    published = load_preset("lopez2024").device
    runs, sizes = (RUNS_SHORT, SIZES_SPICE_SHORT) if request.short else (RUNS, SIZES_SPICE)
    spice: dict[int, _Measured] = {}
    for number, size in enumerate(sizes, start=1):
        spice[size] = _small(size, runs, request.seed, request.engine, request.model)
        if request.progress is not None:
            request.progress(number, len(sizes), spice[size])
    experiment = _published(runs, request.seed, request.engine, request.model)
    return Reproduction(
        name="lopez-energy",
        title=TITLE,
        source=SOURCE,
        rows=_rows(budgets, dear, spice, experiment),
        panels=(_energies(budgets, spice), _accuracies(request.seed, CHAINS_SHORT if request.short else CHAINS)),
        remarks=(
            (
                f"Junctions: 40 nm, 6.4 kOhm, {1e6 * CURRENT:.0f} uA for {1e9 * DURATION:.0f} ns. A source takes the "
                "voltage of its supply times its current; the supply is the voltage of N junctions plus 0.3 V."
            ),
            (
                f"Read with {READ * 1e15:.0f} fJ a junction, three junctions take {dear.read * 1e12:.2f} pJ, as much "
                "as the paper's three learning pulses: pulses do not dominate then."
            ),
            (
                "The reset is not in the paper's sum. In SPICE it takes the junctions "
                f"{1e12 * spice[3].reset:.2f} pJ (small, N = 3) and "
                f"{1e12 * experiment.reset:.0f} pJ (measured, 300 ns): comparable to the input, since "
                "antiparallel junctions resist more."
            ),
            (
                "Above their critical current the junctions in SPICE switch at once, so they are parallel for most of "
                "the pulse: a lower bound. The sums above it have them antiparallel to its end: an upper bound."
            ),
            (
                "The read in SPICE is that of clocked comparators on generic transistors, one a junction, at a window "
                "of 50 mV: supply, clock, isolation, read currents and their replicas; no drivers, no mismatch."
            ),
            (
                "The measured junctions (1100 Ohm) at 810 uA, about the largest control current learned: "
                f"{voltage(published, 810e-6):.2f} V across each."
            ),
        ),
        provenance={"chain": "arithmetic, SPICE and behavioural twin", "seed": request.seed},
    )


@dataclasses.dataclass(frozen=True)
class _Measured:
    """Energies of one input over SPICE transients [J]: mean input pulse of several runs with its standard error, reset,
    N learning pulses, read of N junctions."""

    pulse: float
    stderr: float
    reset: float
    learning: float = 0.0
    read: float = 0.0

    @property
    def total(self) -> float:
        """What the paper's sum has: no reset, no look-up table."""
        return self.pulse + self.learning + self.read


def _small(size: int, runs: int, seed: int, engine: str, model: str | None) -> _Measured:
    """Integrate an input to a chain of small junctions, its learning pulses and its read; the last in one run."""
    chain = chain_of_small(size)
    settings: dict[str, Any] = {"devices": chain.devices, "pulses": chain.pulses, "engine": engine, "model": model}
    each = [
        transient_energy(chain.current, seed=instance_seed(seed, f"small, N = {size} {run}"), **settings)
        for run in range(runs)
    ]
    with_read = transient_energy(chain.current, sensing=chain.sensing, seed=seed, **settings)
    return dataclasses.replace(
        _mean(each), learning=learning_energy(CURRENT, SHARE, **settings), read=sum(with_read.read.values())
    )


def _published(runs: int, seed: int, engine: str, model: str | None) -> _Measured:
    """Integrate an input to the junctions of the experiment."""
    return _mean(
        [
            transient_energy(
                MEASURED_INPUT, seed=instance_seed(seed, f"measured, N = 3 {run}"), engine=engine, model=model
            )
            for run in range(runs)
        ]
    )


def _mean(each: Sequence[TransientEnergy]) -> _Measured:
    pulses = np.array([one.pulse for one in each])
    error = float(pulses.std(ddof=1) / np.sqrt(len(each)))
    return _Measured(float(pulses.mean()), error, float(np.mean([one.reset for one in each])))


def _rows(budgets: list[Budget], dear: Budget, spice: dict[int, _Measured], experiment: _Measured) -> tuple[Row, ...]:
    three, sixteen = (budgets[SIZES.index(size)] for size in (3, 16))
    pico = 1e12

    def row(quantity: str, paper: float, here: float, source: str, note: str, stderr: float = 0.0) -> Row:
        return Row(
            quantity=quantity,
            unit="pJ",
            paper=pico * paper,
            here=pico * here,
            stderr=pico * stderr,
            source=source,
            note=note,
        )

    total = "Sec. IV, (1 + 0.2 N) pJ"
    return (
        row("total, N = 3", paper_energy(3), three.total, total, BOUND),
        row("total, N = 3, 200 fJ to read a junction", paper_energy(3), dear.total, total, BOUND),
        row("total, N = 16", paper_energy(16), sixteen.total, total, SUPPLY),
        row("input pulse, N = 3", 1e-12, three.input, "Sec. IV, lower than 1 pJ", BOUND),
        row("input pulse, N = 16", 1e-12, sixteen.input, "Sec. IV, lower than 1 pJ", SUPPLY),
        row("a learning pulse", 0.2e-12, three.learning / 3, "Sec. IV, 0.2 pJ for each", BOUND),
        row("read-out, N = 3", 3 * READ_LOW, three.read, "Sec. IV, 70 fJ a junction", ""),
        *(
            row(f"all of it in SPICE, N = {size}", paper_energy(size), found.total, total, IDEAL, found.stderr)
            for size, found in spice.items()
        ),
        *(
            row(f"{name} in SPICE, N = {size}", paper, getattr(spice[size], part), source, IDEAL)
            for size in (min(spice), max(spice))
            for name, part, paper, source in (
                ("input pulse", "pulse", 1e-12, "Sec. IV, lower than 1 pJ"),
                ("learning pulses", "learning", 0.2e-12 * size, "Sec. IV, 0.2 pJ for each"),
                ("read-out", "read", READ_LOW * size, "Sec. IV, 70 fJ a junction"),
            )
        ),
        row(
            "input pulse, measured junctions in SPICE, N = 3",
            7e-12,
            experiment.pulse,
            "Sec. IV, 7 pJ for tens of uA and 300 ns",
            LARGE,
            experiment.stderr,
        ),
    )


def _energies(budgets: list[Budget], spice: dict[int, _Measured]) -> Panel:
    sizes = np.array(SIZES, dtype=float)
    curves = [Curve(x=sizes, y=1.0 + 0.2 * sizes, label="paper, (1 + 0.2 N) pJ", kind="dashed", color=6)]
    for color, (label, name) in enumerate(
        (("all", "total"), ("input pulse", "input"), ("learning pulses", "learning"), ("read-out", "read"))
    ):
        curves.append(Curve(x=sizes, y=[1e12 * getattr(each, name) for each in budgets], label=label, color=color))
    for color, (label, part) in enumerate((("each in SPICE", "total"), ("", "pulse"), ("", "learning"), ("", "read"))):
        found = [1e12 * getattr(each, part) for each in spice.values()]
        curves.append(Curve(x=list(spice), y=found, label=label, kind="points", color=color))
    return Panel(title="Energy of an input", xlabel="junctions N", ylabel="energy [pJ]", curves=tuple(curves))


def _accuracies(seed: int, chains: int) -> Panel:
    """Accuracy on (N + 1)^2 categories: simulated, and the law of the scaling module."""
    curves = []
    fine = np.linspace(min(SIZES), max(SIZES), 60)
    for color, scatter in enumerate(SCATTERS):
        found = np.array([mean_accuracy(size, seed=seed, chains=chains, scatter=scatter) for size in SIZES])
        law = [expected_accuracy(size, 2, mean_distance(scatter)) for size in fine]
        curves.append(
            Curve(
                x=SIZES,
                y=found[:, 0],
                yerr=found[:, 1],
                kind="points",
                label=f"scatter {1e6 * scatter:.0f} µA",
                color=color,
            )
        )
        curves.append(Curve(x=fine, y=law, kind="line", color=color))
    return Panel(
        title="(N + 1)² categories: simulated and law",
        xlabel="junctions N",
        ylabel="accuracy",
        curves=tuple(curves),
    )
