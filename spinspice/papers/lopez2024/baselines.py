"""What the chain is held against: perceptrons with one hidden layer, and linear discriminants (scikit-learn)."""

from __future__ import annotations

import dataclasses
import warnings
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spinspice.errors import EngineNotFound, check_range

#: Passes over the training tokens, and how often a perceptron is scored.
PASSES, EVERY = 600, 20
#: Learning rate of Adam on all tokens at once (our choice: of 0.005, 0.02, 0.05, 0.1, 0.2 the best mean after these
#: passes).
RATE = 0.1


@dataclasses.dataclass(frozen=True)
class Perceptron:
    """Course of the training of a perceptron.

    Parameters
    ----------
    parameters : int
        Weights and biases.
    passes : array, shape (n,)
        Passes over the training tokens when it was scored.
    train, test : array, shape (n,)
        Recognition rates.
    """

    parameters: int
    passes: NDArray[np.int_]
    train: NDArray[np.float64]
    test: NDArray[np.float64]


def train_perceptron(
    hidden: int,
    train: tuple[NDArray[np.float64], NDArray[np.int_]],
    test: tuple[NDArray[np.float64], NDArray[np.int_]],
    *,
    seed: int = 1,
    passes: int = PASSES,
    rate: float = RATE,
) -> Perceptron:
    """Train a perceptron 12 - ``hidden`` - 7 by cross-entropy and Adam.

    With biases it has 20 hidden + 7 parameters: 27 and 47, as the two of the paper, for one and two hidden neurons.

    Parameters
    ----------
    hidden : int
        Neurons of the hidden layer (tanh).
    train, test : pair of arrays
        Formants (n, 12) [Hz] and labels (n,); standardised by the training tokens.
    seed : int
        Of the initial weights.
    passes : int
        Passes over the training tokens; scored every 20.
    rate : float
        Learning rate.

    Raises
    ------
    EngineNotFound
        Without scikit-learn.
    """
    check_range("hidden", hidden, 1, 1000, where="neurons of the hidden layer of a perceptron")
    networks = _sklearn("neural_network")
    mean, scale = train[0].mean(axis=0), train[0].std(axis=0)
    (x, y), (x_test, y_test) = (((f - mean) / scale, labels) for f, labels in (train, test))
    network = networks.MLPClassifier(
        (hidden,), activation="tanh", alpha=0.0, learning_rate_init=rate, batch_size=len(x), random_state=seed
    )
    scores = []
    for step in range(passes + 1):
        if step % EVERY == 0 and step:
            scores.append((step, network.score(x, y), network.score(x_test, y_test)))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            network.partial_fit(x, y, classes=np.unique(y))
    size = sum(w.size for w in (*network.coefs_, *network.intercepts_))
    at, on_train, on_test = (np.array(column) for column in zip(*scores, strict=True))
    return Perceptron(size, at, on_train, on_test)


def linear_discriminant(
    train: tuple[NDArray[np.float64], NDArray[np.int_]], test: tuple[NDArray[np.float64], NDArray[np.int_]]
) -> tuple[float, float]:
    """Return recognition of linear discriminants on training and test tokens: 7 x (12 + 1) = 91 parameters."""
    model = _sklearn("discriminant_analysis").LinearDiscriminantAnalysis().fit(*train)
    return float(model.score(*train)), float(model.score(*test))


def _sklearn(module: str) -> Any:
    """Return a module of scikit-learn."""
    import importlib

    try:
        return importlib.import_module(f"sklearn.{module}")
    except ImportError:
        raise EngineNotFound(
            "the perceptrons and linear discriminants need scikit-learn, which is not installed: "
            "pip install 'spinspice[learn]'"
        ) from None
