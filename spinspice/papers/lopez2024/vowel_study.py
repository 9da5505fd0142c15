"""The whole experiment on many splits of the talkers: fit the front end, train the chain, test it on other talkers."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from spinspice.networks.chain.behavioural import Chain
from spinspice.networks.chain.learner import STEPS, Learning, learn, recognition
from spinspice.papers.lopez2024.frontend import CELLS, FrontEnd, fit_front_end
from spinspice.papers.lopez2024.vowels import Vowels

Tokens = tuple[NDArray[np.float64], NDArray[np.int_]]


@dataclasses.dataclass(frozen=True)
class Training:
    """One split: what was learned, and how well it recognises.

    Parameters
    ----------
    seed : int
        Of the split, the choice of tokens and the noise.
    front_end : FrontEnd
        Fitted on the training talkers only.
    learning : Learning
        Course of the control currents.
    train, test : array, shape (steps + 1,)
        Recognition of the training and test talkers' tokens with the controls of each step.
    ideal : float
        Recognition of the test tokens at the boundaries of the fit: no junctions, no noise.
    """

    seed: int
    front_end: FrontEnd
    learning: Learning
    train: NDArray[np.float64]
    test: NDArray[np.float64]
    ideal: float

    @property
    def parameters(self) -> int:
        """Trained parameters: coefficients of the front end and control currents."""
        return self.front_end.parameters + int(self.learning.controls[-1].size)


def train_split(
    vowels: Vowels, chain: Chain, seed: int, *, steps: int = STEPS, every_token: bool = False, curve: bool = True
) -> Training:
    """Train and test a chain on one split of the talkers.

    Parameters
    ----------
    vowels : Vowels
    chain : Chain
        A twin, or a circuit.
    seed : int
        Of the split, the choice of tokens and the noise.
    steps, every_token
        As for :func:`spinspice.networks.chain.learner.learn`.
    curve : bool
        Score the controls of every step; False: of the first and the last step only (a circuit takes long).
    """
    train, test = split_tokens(vowels, seed)
    front_end = fit_front_end(*train)
    learning = learn(
        chain, front_end.currents(train[0]), train[1], CELLS, steps=steps, seed=seed, every_token=every_token
    )
    scored = learning.controls if curve else learning.controls[[0, -1]]
    rates = [
        np.array(
            [
                recognition(chain, front_end.currents(formants), CELLS[labels], controls, seed, f"{name} {step}")
                for step, controls in enumerate(scored)
            ]
        )
        for name, (formants, labels) in (("train", train), ("test", test))
    ]
    return Training(seed, front_end, learning, rates[0], rates[1], ideal_recognition(front_end, test))


def split_tokens(vowels: Vowels, seed: int) -> tuple[Tokens, Tokens]:
    """Return tokens (formants, labels) of the training and of the test talkers."""
    trained, tested = vowels.split(seed)
    return vowels.tokens(trained), vowels.tokens(tested)


def ideal_recognition(front_end: FrontEnd, tokens: Tokens) -> float:
    """Return recognition at the boundaries of the fit."""
    formants, labels = tokens
    return float(np.mean(np.all(front_end.levels(front_end.currents(formants)) == CELLS[labels], axis=1)))


def mean_and_error(values: Sequence[float] | NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return mean and standard error over splits (the first axis).

    Splits share talkers, so the error says how well these talkers' mean is known, not that of all women.
    """
    data = np.asarray(values, dtype=float)
    return data.mean(axis=0), data.std(axis=0, ddof=1) / np.sqrt(len(data))
