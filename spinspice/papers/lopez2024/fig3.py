"""Lopez et al. 2024, Fig. 3: the chain with 32 trained parameters against perceptrons with 27 and 47.

All are trained and tested on the same splits of the talkers; differences are taken split by split.
"""

from __future__ import annotations

import numpy as np

from spinspice.jobs import Progress
from spinspice.networks.chain.behavioural import BehaviouralChain
from spinspice.papers.lopez2024.baselines import PASSES, Perceptron, linear_discriminant, train_perceptron
from spinspice.papers.lopez2024.fig2 import DIGIT, SOURCE, SPREAD, train_splits
from spinspice.papers.lopez2024.vowel_study import Training, mean_and_error, split_tokens
from spinspice.papers.lopez2024.vowels import Vowels, load_vowels
from spinspice.reproduce.base import Curve, Panel, Reproduction, Request, Row
from spinspice.units import with_error

#: The figure learns spoken vowels.
TAKES_VOWELS = True
FIGURE = "lopez-fig3"
SUMMARY = "the chain of junctions against perceptrons with 27 and 47 parameters"
TITLE = "Lopez 2024, Fig. 3: a chain of three junctions against perceptrons"
#: Neurons of the hidden layer: 27 and 47 parameters.
HIDDEN = (1, 2)
PASSES_SHORT = 200


def run(request: Request) -> Reproduction:
    """Train all on the same splits; arguments and errors as :func:`spinspice.reproduce.run`. No simulator is used."""
    data, twin = load_vowels(request.vowels), BehaviouralChain.from_devices()
    seed, short = request.seed, request.short
    chains = {
        "chain, 32 parameters": train_splits(data, twin, seed, short),
        "chain, 32 parameters, every token in a step": train_splits(data, twin, seed, short, every_token=True),
    }
    first = next(iter(chains.values()))
    passes = PASSES_SHORT if short else PASSES
    perceptrons = {hidden: _perceptrons(data, first, hidden, passes, request.progress) for hidden in HIDDEN}
    linear = [100.0 * linear_discriminant(*split_tokens(data, each.seed))[1] for each in first]
    return Reproduction(
        name="lopez-fig3",
        title=data.label(TITLE),
        source=SOURCE,
        rows=_rows(chains, perceptrons),
        panels=(_panel(chains, perceptrons),),
        remarks=_remarks(data, perceptrons, linear, passes),
        provenance={"chain": "behavioural twin", "vowels": data.source, "seed": seed, "splits": len(first)},
    )


def _perceptrons(
    data: Vowels, chains: list[Training], hidden: int, passes: int, progress: Progress | None
) -> list[Perceptron]:
    """Train a perceptron on each split."""
    trained = []
    for number, each in enumerate(chains, 1):
        trained.append(train_perceptron(hidden, *split_tokens(data, each.seed), seed=each.seed, passes=passes))
        if progress is not None:
            progress(number, len(chains), trained[-1])
    return trained


def _rows(chains: dict[str, list[Training]], perceptrons: dict[int, list[Perceptron]]) -> tuple[Row, ...]:
    """Test recognition of each, differences split by split, and sizes."""
    tests = {name: np.array([100.0 * each.test[-1] for each in trained]) for name, trained in chains.items()}
    networks = {h: np.array([100.0 * each.test[-1] for each in trained]) for h, trained in perceptrons.items()}
    rows = [_mean_row(f"test, {name}", 96.4, values, "Sec. II, Fig. 3") for name, values in tests.items()]
    rows.append(_mean_row("test, perceptron with 47 parameters", 95.0, networks[2], "Sec. II", tolerance=0.5))
    for name, values in tests.items():
        rows.append(
            _mean_row(
                f"{name} - perceptron 47", 96.4 - 95.0, values - networks[2], "difference of the two", tolerance=0.55
            )
        )
    for hidden, trained in perceptrons.items():
        size = (27.0, 47.0)[hidden - 1]
        rows.append(
            Row(
                quantity=f"parameters of 12 - {hidden} - 7 with biases",
                paper=size,
                here=float(trained[0].parameters),
                source="Sec. II, 20 h + 7",
            )
        )
    return tuple(rows)


def _mean_row(quantity: str, paper: float, values: np.ndarray, source: str, tolerance: float = DIGIT) -> Row:
    mean, error = mean_and_error(values)
    return Row(
        quantity=quantity,
        unit="%",
        paper=paper,
        here=float(mean),
        stderr=float(error),
        tolerance=tolerance,
        source=source,
        note=SPREAD,
    )


def _panel(chains: dict[str, list[Training]], perceptrons: dict[int, list[Perceptron]]) -> Panel:
    """Test recognition against training steps, with bands of one standard error."""
    courses = {}
    for name, trained in chains.items():
        steps = np.arange(len(trained[0].test))
        courses[name] = (steps[1:], np.array([100.0 * each.test[1:] for each in trained]))
    for group in perceptrons.values():
        name = f"perceptron, {group[0].parameters} parameters"
        courses[name] = (group[0].passes, np.array([100.0 * each.test for each in group]))
    curves = []
    for color, (name, (x, rates)) in zip((1, 4, 6, 2), sorted(courses.items()), strict=True):
        mean, error = mean_and_error(rates)
        curves += [
            Curve(x=x, y=mean - error, y_high=mean + error, kind="band", color=color),
            Curve(x=x, y=mean, label=name, color=color),
        ]
    return Panel(
        title="Recognition of talkers not trained on",
        xlabel="training step; for perceptrons, pass over all training tokens",
        ylabel="recognised [%]",
        xscale="log",
        curves=tuple(curves),
    )


def _remarks(
    data: Vowels, perceptrons: dict[int, list[Perceptron]], linear: list[float], passes: int
) -> tuple[str, ...]:
    small, error = mean_and_error([100.0 * each.test[-1] for each in perceptrons[1]])
    mean, spread = mean_and_error(linear)
    perceptron = with_error(float(small), float(error), "%", prefix=False)
    ceiling = with_error(float(mean), float(spread), "%", prefix=False)
    return (
        f"Vowels: {data.source}.",
        f"Perceptron with 27 parameters: {perceptron} (the paper draws it and prints no number).",
        f"Linear discriminants, 91 parameters: {ceiling}, the ceiling of a linear map.",
        f"Perceptrons: tanh, cross-entropy, Adam, {passes} passes; the paper's training is in its supplement.",
    )
