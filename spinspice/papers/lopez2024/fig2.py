"""Lopez et al. 2024, Fig. 2: a chain of three junctions learns seven spoken vowels.

Maps of the switching configurations at steps 0, 10, 20 and 80 of one training with the tokens of the training talkers,
the control currents, and the recognition rate; the numbers are means over fresh splits of the talkers.
The chain is the behavioural twin, whose thresholds scatter by the law of thermal activation; a full run trains the
circuit in SPICE besides, on the first split.
"""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Sequence

import numpy as np

from spinspice.jobs import Progress
from spinspice.networks.chain.behavioural import BehaviouralChain
from spinspice.networks.chain.learner import STEPS
from spinspice.networks.chain.spice import PULSES, SpiceChain
from spinspice.papers.lopez2024.frontend import CELLS, fit_front_end
from spinspice.papers.lopez2024.vowel_study import (
    Training,
    ideal_recognition,
    mean_and_error,
    split_tokens,
    train_split,
)
from spinspice.papers.lopez2024.vowels import VOWELS, Vowels, load_vowels
from spinspice.reproduce.base import Curve, Panel, Reproduction, Request, Row
from spinspice.units import with_error

#: The figure learns spoken vowels.
TAKES_VOWELS = True
FIGURE = "lopez-fig2"
SUMMARY = "three switching junctions learn to classify spoken vowels"
TITLE = "Lopez 2024, Fig. 2: three junctions learn to tell seven spoken vowels apart"
SOURCE = "A. Lopez et al., Phys. Rev. Applied 22, 014082 (2024)"
#: Splits of the talkers, full and short; seeds count from here, away from those with which the procedure was found.
SPLITS, SPLITS_SHORT = 30, 4
FIRST_SEED = 1000
#: Inputs of one transient of the circuit: those of a step.
SCORED_AT_ONCE = len(VOWELS)
#: Steps whose maps are shown.
SHOWN = (0, 10, 20, 80)
#: Inputs of the maps [uA].
LOW, HIGH = 200.0, 1100.0
#: Printed recognition rates are shares of whole tokens: 196/203 and 54/56; half of the last printed digit.
DIGIT = 0.05
SPREAD = "one split in the paper, the mean over splits here; with 8 talkers a single split scatters by +-3 %"


def run(request: Request) -> Reproduction:
    """Train on many splits; arguments and errors as :func:`spinspice.reproduce.run`. A short run uses no simulator."""
    data, twin = load_vowels(request.vowels), BehaviouralChain.from_devices()
    spice = None if request.short else train_in_spice(data, FIRST_SEED * request.seed, request.engine, request.model)
    paper = train_splits(data, twin, request.seed, request.short, progress=request.progress)
    ours = train_splits(data, twin, request.seed, request.short, every_token=True, progress=request.progress)
    panels = [_map(twin, paper[0], data, step) for step in SHOWN]
    panels += [_controls(paper[0], j) for j in range(CELLS.shape[1])]
    return Reproduction(
        name="lopez-fig2",
        title=data.label(TITLE),
        source=SOURCE,
        rows=(*_rows(data, paper, ours), *(_spice_rows(spice[0], paper[0]) if spice else ())),
        panels=(*panels, _recognition(paper, ours), *([_against_spice(spice[0], paper[0])] if spice else [])),
        remarks=(*_remarks(data, paper), *([_spice_remark(*spice, paper[0])] if spice else [])),
        provenance={"chain": "behavioural twin", "vowels": data.source, "seed": request.seed, "splits": len(paper)},
    )


def train_splits(
    data: Vowels,
    twin: BehaviouralChain,
    seed: int,
    short: bool,
    *,
    every_token: bool = False,
    progress: Progress | None = None,
) -> list[Training]:
    """Train on the fresh splits that a run with ``seed`` has."""
    count = SPLITS_SHORT if short else SPLITS
    trainings = []
    for number in range(count):
        trainings.append(train_split(data, twin, FIRST_SEED * seed + number, every_token=every_token))
        if progress is not None:
            progress(number + 1, count, trainings[-1])
    return trainings


def train_in_spice(data: Vowels, seed: int, engine: str = "auto", model: str | None = None) -> tuple[Training, float]:
    """Train the circuit on one split: staircase, 80 steps, scoring before and after; also return the seconds."""
    started = time.perf_counter()
    with SpiceChain(pulses=dataclasses.replace(PULSES, slots=SCORED_AT_ONCE), engine=engine, model=model) as chain:
        return train_split(data, chain, seed, curve=False), time.perf_counter() - started


def _rows(data: Vowels, paper: Sequence[Training], ours: Sequence[Training]) -> tuple[Row, ...]:
    """Recognition of the paper's rule and of ours, the best split as such, and the sizes."""
    rows = []
    for name, value, tokens in (("train", 96.6, "196/203"), ("test", 96.4, "54/56")):
        for rule, trainings in (("", paper), (", every token in a step", ours)):
            mean, error = mean_and_error([100.0 * getattr(each, name)[-1] for each in trainings])
            rows.append(
                Row(
                    quantity=f"{name} recognition, mean of {len(trainings)} splits{rule}",
                    unit="%",
                    paper=value,
                    here=float(mean),
                    stderr=float(error),
                    tolerance=DIGIT,
                    source=f"Sec. II; {tokens} tokens",
                    note=SPREAD,
                )
            )
    best = max(100.0 * each.test[-1] for each in paper)
    everything = data.tokens(np.arange(len(data.talkers)))
    ideal = ideal_recognition(fit_front_end(*everything), everything)
    return (
        *rows,
        Row(
            quantity="test recognition, best of the splits",
            unit="%",
            paper=96.4,
            here=best,
            tolerance=DIGIT,
            source="Sec. II",
            note="chosen after the fact: what the best of these splits gives, not what to expect",
        ),
        Row(
            quantity=f"recognised of {len(everything[1])} tokens, ideal boundaries fitted to all of them",
            paper=250.0,
            here=ideal * len(everything[1]),
            source="196 + 54 of 203 + 56 tokens (Sec. II)",
            note="one token of 259; no junctions, no split: the fit maximises a likelihood, not this number",
        ),
        Row(
            quantity="trained parameters",
            paper=32.0,
            here=float(paper[0].parameters),
            source="Sec. II: 26 coefficients and six control currents",
        ),
    )


def _spice_rows(spice: Training, twin: Training) -> tuple[Row, ...]:
    """Recognition after learning with the circuit in the loop, against the twin on the same split."""
    return tuple(
        Row(
            quantity=f"{name} recognition, learned in SPICE, one split (twin: {100.0 * getattr(twin, name)[-1]:.1f})",
            unit="%",
            paper=value,
            here=100.0 * getattr(spice, name)[-1],
            tolerance=DIGIT,
            source="Sec. II",
            note="another split than the paper's; a single split scatters by +-3 %",
        )
        for name, value in (("train", 96.6), ("test", 96.4))
    )


def _against_spice(spice: Training, twin: Training) -> Panel:
    """Control currents learned by the circuit (lines) and by the twin (dashed) on the same split."""
    curves = []
    for j, letter in enumerate("AB"):
        size = spice.learning.controls.shape[-1]
        for i in range(size):
            color = j * size + i
            for training, kind in ((spice, "line"), (twin, "dashed")):
                course = 1e6 * training.learning.controls[:, j, i]
                label = f"{letter}, junction {i + 1}" if kind == "line" else ""
                curves.append(Curve(x=np.arange(len(course)), y=course, kind=kind, label=label, color=color))
    return Panel(title="Learned in SPICE (dashed: twin)", xlabel="training step", ylabel="[µA]", curves=tuple(curves))


def _spice_remark(spice: Training, seconds: float, twin: Training) -> str:
    apart = 1e6 * float(np.max(np.abs(spice.learning.controls[-1] - twin.learning.controls[-1])))
    return (
        f"Learning in SPICE, staircase, {STEPS} steps and scoring before and after: {seconds:.0f} s on this machine; "
        f"at the start {spice.train[0]:.1%} of the training tokens; its control currents end {apart:.0f} uA or less "
        "from the twin's."
    )


def _map(twin: BehaviouralChain, training: Training, data: Vowels, step: int) -> Panel:
    """Regions of the configurations at a step, in the colours of the vowels they stand for, and the training tokens."""
    controls = training.learning.controls[step]
    (formants, labels), _ = split_tokens(data, training.seed)
    currents = 1e6 * training.front_end.currents(formants)
    edges = [np.concatenate([[LOW], np.sort(1e6 * (twin.means - row)), [HIGH]]).clip(LOW, HIGH) for row in controls]
    regions = [
        Curve(
            x=edges[0][a : a + 2],
            y=np.full(2, edges[1][b]),
            y_high=np.full(2, edges[1][b + 1]),
            kind="band",
            color=label,
        )
        for label, (a, b) in enumerate(CELLS)
    ]
    lines = [Curve(x=np.full(2, x), y=[LOW, HIGH], kind="dashed", color=6) for x in edges[0][1:-1] if LOW < x < HIGH]
    lines += [Curve(x=[LOW, HIGH], y=np.full(2, y), kind="dashed", color=6) for y in edges[1][1:-1] if LOW < y < HIGH]
    dots = [
        Curve(
            x=currents[labels == label, 0],
            y=currents[labels == label, 1],
            kind="points",
            color=label,
            label=name if step == SHOWN[0] else "",
        )
        for label, name in enumerate(VOWELS)
    ]
    rate = f"{training.train[step]:.0%} recognised"
    return Panel(
        title=f"Step {step}: {rate}",
        xlabel="input A [µA]",
        ylabel="input B [µA]",
        curves=(*regions, *lines, *dots),
    )


def _controls(training: Training, j: int) -> Panel:
    """Control currents of the three junctions under one input."""
    course = 1e6 * training.learning.controls[:, j]
    curves = (
        Curve(x=np.arange(len(course)), y=course[:, i], label=f"junction {i + 1}", color=i)
        for i in range(course.shape[1])
    )
    return Panel(
        title=f"Control currents under input {'AB'[j]}", xlabel="training step", ylabel="[µA]", curves=tuple(curves)
    )


def _recognition(paper: Sequence[Training], ours: Sequence[Training]) -> Panel:
    """Mean recognition over the splits with its standard error; test talkers by our rule besides."""
    curves = []
    for color, (trainings, name, label) in enumerate(
        [(paper, "train", "training talkers"), (paper, "test", "test talkers"), (ours, "test", "test, every token")]
    ):
        mean, error = mean_and_error([100.0 * getattr(each, name) for each in trainings])
        x = np.arange(STEPS + 1)
        curves += [
            Curve(x=x, y=mean - error, y_high=mean + error, kind="band", color=color),
            Curve(x=x, y=mean, label=label, color=color),
        ]
    return Panel(
        title=f"Recognition, mean of {len(paper)} splits",
        xlabel="training step",
        ylabel="recognised [%]",
        curves=tuple(curves),
    )


def _remarks(data: Vowels, paper: Sequence[Training]) -> tuple[str, ...]:
    at_start, at_30 = (mean_and_error([100.0 * each.train[step] for each in paper]) for step in (0, 30))
    tests = 100.0 * np.array([each.test[-1] for each in paper])
    return (
        f"Vowels: {data.source}.",
        (
            f"Test recognition over the splits by the paper's rule: {tests.min():.1f} to {tests.max():.1f} %, standard "
            f"deviation {tests.std(ddof=1):.1f} %. Splits share talkers: the errors hold for these talkers."
        ),
        (
            f"Training recognition starts at {with_error(*map(float, at_start), '%', prefix=False)}; after 30 steps it "
            f"is {with_error(*map(float, at_30), '%', prefix=False)} (paper: very low; high after around 30)."
        ),
        "Coefficients and cells are our choice, fitted on training talkers only: the paper's are in its supplement.",
        "'every token in a step': a rule of ours with the same 32 parameters; the currents settle, not wander.",
        "Maps and currents are those of the first split.",
    )
