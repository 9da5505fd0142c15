"""Mizrahi et al. 2018, Fig. 5c: energy of an operation of the full system, by phase and technology."""

from __future__ import annotations

import math

from spinspice.digital import BackEnd, IntegerGripper, train_integer
from spinspice.papers.mizrahi2018.full_system import FullSystem, full_system
from spinspice.papers.mizrahi2018.full_system.contributions import PHASES, TECHNOLOGY, Phase
from spinspice.papers.mizrahi2018.full_system.measured import TECHNOLOGIES
from spinspice.papers.mizrahi2018.populations import drawn
from spinspice.papers.mizrahi2018.rows import SOURCE, bound_row, percent, seeds_of
from spinspice.reproduce.base import Curve, Panel, Reproduction, Request, Row

FIGURE = "mizrahi-fig5c"
SUMMARY = "full system of 128 x 128: energy by phase and technology"
TITLE = "Mizrahi 2018, Fig. 5c: energy of the full system"
SIZE = 128
#: Seeds of the integer gripper, full and short.
FULL, SHORT = 10, 2
#: What a phase takes of the sequencer's clock.
_CLOCK = "{:.0f} % of the digital part's energy is its clock: one word a cycle, {:.0f} cycles in this phase"


def run(request: Request) -> Reproduction:
    """Add up energies and train the integer gripper; arguments and errors as :func:`spinspice.reproduce.run`."""
    system = full_system(SIZE, SIZE)
    seeds = seeds_of("fig5c", request.seed, SHORT if request.short else FULL)
    error = percent([train_integer(_gripper(s)).error for s in seeds])
    return Reproduction(
        name="mizrahi-fig5c",
        title=TITLE,
        source=SOURCE,
        rows=(
            *_energy_rows(system),
            *_rival_rows(system),
            bound_row(
                f"error of the gripper in integers, {SIZE} x {SIZE}, {len(seeds)} seeds",
                error,
                "'below 2.5 %', Results, of the behavioural system",
            ),
        ),
        panels=(_panel(system),),
        remarks=_remarks(system),
        provenance={"seed": request.seed, "seeds": seeds, "system": system.to_dict()},
    )


def _gripper(seed: int) -> IntegerGripper:
    return IntegerGripper(BackEnd(inputs=SIZE, outputs=SIZE), drawn(SIZE, seed), seed)


def _energy_rows(system: FullSystem) -> tuple[Row, ...]:
    def row(quantity: str, paper: float, phases: tuple[Phase, ...], tolerance: float, source: str, note: str) -> Row:
        here = 1e9 * sum(system.energy(phase) for phase in phases)
        stderr = 1e9 * math.hypot(*(system.stderr(phase) for phase in phases))
        return Row(quantity=quantity, unit="nJ", paper=paper, here=here, stderr=stderr, tolerance=tolerance,
                   source=source, note=note)  # fmt: skip

    junctions = 1e12 * system.energy(technology="junctions")
    return (
        row("energy of an operation without learning", 7.4, PHASES[:2], 0.05, "'7.4 nJ', Results",
            _clock_note(system, "compute")),
        row("energy of an operation with learning", 23.0, PHASES, 0.5, "'23 nJ', Results",
            "sum of the rows above and below"),
        row("energy of the learning phase", 15.6, ("learn",), 0.55, "23 nJ less 7.4 nJ", _clock_note(system, "learn")),
        Row(quantity="energy of the junctions", unit="pJ", paper=150, here=junctions, tolerance=5,
            source="'150 pJ', Results"),
        Row(quantity="the same from the paper's own numbers", unit="pJ", paper=148, here=junctions,
            tolerance=0.02 * 148, source="eq. 10 with N = 128, d = 11 nm, 18.3 us; within 2 %"),
    )  # fmt: skip


def _clock_note(system: FullSystem, phase: Phase) -> str:
    digital = system.digital
    return _CLOCK.format(100.0 * digital.clock[phase] / digital.energy[phase], digital.cycles[phase]) + (
        "; 130 nm cells carried to 28 nm by published factors, against a synthesis optimised for energy in a 28 nm kit"
    )


def _rival_rows(system: FullSystem) -> tuple[Row, ...]:
    energy = 1e9 * system.energy(learning=False)
    return (
        Row(quantity="energy without learning against CMOS spiking neurons", unit="nJ", paper=330, here=energy,
            at_most=True, source="'more than 330 nJ per operation', Results"),
        Row(quantity="energy without learning against the ADC of analog neurons", unit="nJ", paper=20, here=energy,
            at_most=True, source="'20 nJ/conversion', Results: that rival's arithmetic is not in it",
            note="an ADC alone against all of this system"),
        Row(quantity="observation (what replaces the ADC) against that ADC", unit="nJ", paper=20,
            here=1e9 * system.energy("observe"), at_most=True, source="'20 nJ/conversion', Results"),
    )  # fmt: skip


def _remarks(system: FullSystem) -> tuple[str, ...]:
    def share(phase: Phase) -> str:
        parts = ", ".join(f"{name} {1e9 * system.energy(phase, name):.3g}" for name in TECHNOLOGY)
        return f"{phase}: {parts} nJ"

    others = {name: full_system(SIZE, SIZE, name) for name in TECHNOLOGIES}
    spread = ", ".join(
        f"{name} {1e9 * other.energy(learning=False):.3g} and {1e9 * other.energy():.3g} nJ"
        for name, other in others.items()
    )
    return (
        "The paper names totals only. Here by phase: " + "; ".join(share(phase) for phase in PHASES) + ".",
        (
            "Memory energies are those of a write of 12 ns at twice the critical current and more on measured "
            "arrays, not scaled; the paper took a bit's energy from the literature."
        ),
        f"With other transistors for readout and memory (without, with learning): {spread}.",
        (
            f"As measured, nothing scaled: {1e9 * full_system(SIZE, SIZE, to_scale=False).energy(learning=False):.3g} "
            "nJ without learning."
        ),
        (
            "Glitches, clock tree, leakage and interconnect beyond 10 um a pin are left out; activity is that of "
            f"{system.digital.operations} simulated operations after {system.digital.lessons} lessons."
        ),
    )


def _panel(system: FullSystem) -> Panel:
    curves = []
    for k, name in enumerate(TECHNOLOGY):
        values = [1e9 * system.energy(phase, name) for phase in PHASES]
        present = [n for n, value in enumerate(values) if value > 0.0]
        curves.append(
            Curve(
                x=[n + 0.27 * (k - 1) for n in present],
                y=[values[n] for n in present],
                kind="bars",
                label=name,
                color=k,
            )
        )
    both = f"{1e9 * system.energy(learning=False):.3g} and {1e9 * system.energy():.3g} nJ (paper: 7.4 and 23)"
    return Panel(
        title=f"{system.inputs} x {system.outputs}, without and with learning: {both}",
        xlabel="", ylabel="energy of an operation [nJ]", yscale="log", ticks=PHASES, curves=tuple(curves),
    )  # fmt: skip
