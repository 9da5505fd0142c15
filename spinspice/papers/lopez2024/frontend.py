r"""From twelve formants to two input currents: a linear map with 2 x (12 + 1) = 26 coefficients.

The paper gives no coefficients (they are in its supplement), so map and cells are our choice. A vowel is to switch
``CELLS[vowel, j]`` junctions under input ``j``; along each input that is an ordinal variable, and the map is fitted as
an ordinal logistic regression

.. math:: \Pr(\text{level} \le k) = \sigma(b_k - w \cdot z)

in the subspace of the linear discriminants z of the training tokens. Direction and boundaries :math:`b_k` follow from
the same likelihood; the scale is then turned into amperes. Only training tokens enter.
"""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

from spinspice.errors import UsageError
from spinspice.papers.lopez2024.vowels import VOWELS

#: Junctions that each of VOWELS is to switch under inputs A and B. Our choice: the best by training accuracy among
#: all assignments, in half of the searches; the others are near variants.
CELLS = np.array([[0, 0], [0, 1], [0, 2], [1, 1], [1, 0], [2, 0], [1, 2]])
#: Inputs at the lowest boundary and between boundaries [A] (our choice: the thresholds then start above the inputs of
#: most vowels, as in the paper, and end within the voltage that the junctions stand).
FIRST, SPACING = 600e-6, 200e-6
#: Weight of the squared coefficients in the mean log-likelihood.
PENALTY = 1e-2


@dataclasses.dataclass(frozen=True)
class FrontEnd:
    """A linear map from formants to input currents.

    Parameters
    ----------
    weights : array, shape (n_inputs, 12)
        [A/Hz].
    offsets : array, shape (n_inputs,)
        [A].
    boundaries : array, shape (n_inputs, n_levels - 1)
        Input currents between one level and the next, as the fit sees them [A].
    """

    weights: NDArray[np.float64]
    offsets: NDArray[np.float64]
    boundaries: NDArray[np.float64]

    @property
    def parameters(self) -> int:
        """Number of coefficients."""
        return int(self.weights.size + self.offsets.size)

    def currents(self, formants: NDArray[np.float64]) -> NDArray[np.float64]:
        """Input currents [A], shape (n, n_inputs), of tokens with ``formants`` (n, 12) [Hz]."""
        return formants @ self.weights.T + self.offsets

    def levels(self, currents: NDArray[np.float64]) -> NDArray[np.int_]:
        """Levels (n, n_inputs) of input currents at ideal boundaries: no junctions, no noise."""
        return np.sum(currents[:, :, None] > self.boundaries, axis=-1)


def fit_front_end(
    formants: NDArray[np.float64],
    labels: NDArray[np.int_],
    *,
    cells: NDArray[np.int_] = CELLS,
    first: float = FIRST,
    spacing: float = SPACING,
) -> FrontEnd:
    """Fit the map on training tokens.

    Parameters
    ----------
    formants : array, shape (n, 12)
        [Hz].
    labels : array, shape (n,)
        Numbers of the vowels, rows of ``cells``.
    cells : array, shape (n_vowels, n_inputs)
        Levels wanted.
    first, spacing : float
        Input current at the lowest boundary and between the lowest and the next [A].

    Raises
    ------
    UsageError
        If a vowel has fewer than two tokens.
    """
    count = np.bincount(labels, minlength=len(cells))
    if np.min(count) < 2:
        scarce = int(np.argmin(count))
        name = VOWELS[scarce] if len(cells) == len(VOWELS) else f"number {scarce}"
        raise UsageError(f"vowel {name} has {count[scarce]} training tokens; the linear map needs 2. Add talkers.")
    mean, scale = formants.mean(axis=0), formants.std(axis=0)
    axes = discriminants((formants - mean) / scale, labels) / scale[:, None]
    weights, offsets, boundaries = [], [], []
    for levels in cells.T:
        direction, cuts = ordinal_fit((formants - mean) @ axes, levels[labels])
        per_unit = spacing / (cuts[1] - cuts[0]) if len(cuts) > 1 else spacing
        weights.append(per_unit * (axes @ direction))
        offsets.append(first - per_unit * cuts[0] - weights[-1] @ mean)
        boundaries.append(first + per_unit * (cuts - cuts[0]))
    return FrontEnd(np.array(weights), np.array(offsets), np.array(boundaries))


def discriminants(x: NDArray[np.float64], labels: NDArray[np.int_]) -> NDArray[np.float64]:
    """Return the linear discriminants of ``x`` (n, d), shape (d, n_classes - 1): unit variance within classes."""
    from scipy.linalg import eigh

    means = np.array([x[labels == label].mean(axis=0) for label in range(labels.max() + 1)])
    inside = x - means[labels]
    within = inside.T @ inside / (len(x) - len(means))
    between = np.cov(means[labels].T)
    _, vectors = eigh(between, within)
    return vectors[:, ::-1][:, : len(means) - 1]


def ordinal_fit(
    z: NDArray[np.float64], levels: NDArray[np.int_], penalty: float = PENALTY
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Fit an ordinal logistic regression; return direction (d,) and boundaries (n_levels - 1,) in units of z.

    ``penalty`` times the squared length of the direction is added to the negative mean log-likelihood.
    """
    from scipy.optimize import minimize
    from scipy.special import expit

    cuts = int(levels.max())

    def loss(p: NDArray[np.float64]) -> float:
        b = np.concatenate([[-np.inf], p[0] + np.concatenate([[0.0], np.cumsum(np.exp(p[1:cuts]))]), [np.inf]])
        score = z @ p[cuts:]
        chance = expit(b[levels + 1] - score) - expit(b[levels] - score)
        return float(-np.mean(np.log(np.maximum(chance, 1e-300))) + penalty * p[cuts:] @ p[cuts:])

    centre = np.linalg.lstsq(z, levels - levels.mean(), rcond=None)[0]
    start = np.concatenate([[-1.0], np.full(cuts - 1, np.log(2.0)), 3.0 * centre])
    p = minimize(loss, start, method="L-BFGS-B").x
    return p[cuts:], p[0] + np.concatenate([[0.0], np.cumsum(np.exp(p[1:cuts]))])
