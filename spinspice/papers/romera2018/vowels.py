"""Romera et al. 2018: seven vowels by four coupled oscillators, with linear and perceptron baselines.

Twelve formants are mapped to two frequencies by two linear discriminants (26 numbers), four currents are learned, and a
token is what its pattern of synchronisation stood for in training. Baselines of 27 and 47 parameters (perceptrons) and
91 (linear discriminants) have the same tokens.
"""

from __future__ import annotations

import numpy as np

from spinspice.papers.lopez2024.baselines import linear_discriminant, train_perceptron
from spinspice.papers.lopez2024.vowels import load_vowels
from spinspice.papers.romera2018.network import InputMap, learn
from spinspice.reproduce.base import Curve, Panel, Reproduction, Request, Row
from spinspice.units import with_error

FIGURE = "romera2018-vowels"
SUMMARY = "vowels by the synchronisation of four oscillators, with baselines"
TAKES_VOWELS = True
TITLE = "Romera 2018: vowel recognition by four coupled spin-torque oscillators"
#: Random splits of the talkers and steps of learning, full and short; part of the talkers that train.
SPLITS, SPLITS_SHORT = 10, 2
STEPS, STEPS_SHORT = 32, 4
TRAINING = 0.75


def run(request: Request) -> Reproduction:
    """Learn and test on random splits; arguments and errors as :func:`spinspice.reproduce.run`."""
    vowels = load_vowels(request.vowels)
    splits, steps = (SPLITS_SHORT, STEPS_SHORT) if request.short else (SPLITS, STEPS)
    rng = np.random.default_rng([request.seed, 93])
    names = ("four oscillators", "perceptron of 27", "perceptron of 47", "linear on two frequencies", "linear of 91")
    scores: dict[str, list[float]] = {name: [] for name in names}
    courses = []
    for split in range(splits):
        order = rng.permutation(len(vowels.talkers))
        count = round(TRAINING * len(order))
        train, test = vowels.tokens(np.sort(order[:count])), vowels.tokens(np.sort(order[count:]))
        inputs = InputMap.fit(*train)
        network, table, course = learn(inputs(train[0]), train[1], steps=steps, seed=request.seed + split)
        courses.append(course)
        patterns = network.patterns(inputs(test[0]), request.seed + 1000 + split)
        scores[names[0]].append(float(np.mean(table(patterns) == test[1])))
        for name, hidden in ((names[1], 1), (names[2], 2)):
            scores[name].append(float(train_perceptron(hidden, train, test, seed=request.seed + split).test[-1]))
        frequencies = ((inputs(train[0]), train[1]), (inputs(test[0]), test[1]))
        scores[names[3]].append(linear_discriminant(*frequencies)[1])
        scores[names[4]].append(linear_discriminant(train, test)[1])
        if request.progress is not None:
            request.progress(split + 1, splits, None)
    mean = {name: float(np.mean(values)) for name, values in scores.items()}
    error = {name: float(np.std(values, ddof=1) / np.sqrt(splits)) for name, values in scores.items()}
    row = Row(
        quantity="recognition of test tokens, cross-validated",
        paper=0.84,
        here=mean[names[0]],
        stderr=error[names[0]],
        tolerance=0.005,
        source="Grollier 2020, IV-b: 84 % after cross-validation (89 % on the test data)",
        note="currents, fields, input map and the rule of learning are not those of the paper, which were not to be "
        "had; patterns near the edge of a locking range are decided by noise",
    )
    base = [f"{name}: {with_error(mean[name], error[name], prefix=False)}" for name in names]
    panels = (
        Panel(
            title=vowels.label("learning by currents"),
            xlabel="step",
            ylabel="recognition of training tokens",
            curves=tuple(
                Curve(x=np.arange(len(course)), y=course, color=i, label=f"split {i + 1}" if i < 3 else "")
                for i, course in enumerate(courses)
            ),
        ),
        Panel(
            title="recognition of test tokens",
            xlabel="",
            ylabel="recognition",
            curves=(
                Curve(
                    x=np.arange(len(names)),
                    y=np.array(list(mean.values())),
                    yerr=np.array(list(error.values())),
                    kind="points",
                    label=f"mean of {splits} splits",
                ),
            ),
            ticks=tuple(name.replace(" of ", "\n").replace(" on ", "\non ") for name in names),
        ),
    )
    return Reproduction(
        name=FIGURE,
        title=TITLE,
        source="Romera et al., Nature 563, 230 (2018), as in Grollier et al. 2020, IV-b",
        rows=(row,),
        panels=panels,
        remarks=(
            f"tokens: {vowels.source}; {splits} splits of the talkers, standard errors over them",
            *base,
            "the two frequencies are a linear function of the formants: compare with 'linear on two frequencies'",
        ),
    )
