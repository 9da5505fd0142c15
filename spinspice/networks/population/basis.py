r"""Functions as weighted sums of tuning curves, :math:`H(I) = \sum_i w_i r_i(I)` (Mizrahi et al. 2018, eq. 3, Fig. 2).

Rates are divided by the natural rates, so that weights are of one order although the nine junctions run from 4 Hz to
70 kHz. The Methods find the weights as :math:`w = H R^{-1}`: a square matrix, so as many currents as junctions. At
these currents the sum is the function to rounding error, whatever it does in between; both errors are given here.
"""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spinspice.analysis.counting import count_moments
from spinspice.devices.noise import instance_seed
from spinspice.errors import ParameterError, check_range
from spinspice.networks.population.observe import Observer
from spinspice.networks.population.population import Population


@dataclasses.dataclass(frozen=True)
class Basis:
    """Normalised rates of a population at some stimuli, and the weights that make targets of them.

    Parameters
    ----------
    population : Population
    stimuli : array, shape (m,)
        Where the sums shall be right [V or A]; m = n is inverted, m > n fitted by least squares.
    """

    population: Population
    stimuli: NDArray[np.float64]

    def __post_init__(self) -> None:
        if np.ndim(self.stimuli) != 1 or np.size(self.stimuli) < self.population.size:
            raise ParameterError(
                f"{np.size(self.stimuli)} stimuli do not determine {self.population.size} weights. Give one for each "
                "junction at least."
            )

    @property
    def matrix(self) -> NDArray[np.float64]:
        """Normalised rates, shape (m, n)."""
        return self.responses(self.stimuli)

    @property
    def condition(self) -> float:
        """Condition number of the matrix in the 2-norm: how far counting errors can grow."""
        return float(np.linalg.cond(self.matrix))

    def responses(self, stimuli: ArrayLike) -> NDArray[np.float64]:
        """Rates over natural rates at any stimuli (eq. 1), shape (..., n)."""
        return self.population.rates(stimuli) / self.population.natural_rates

    def weights(self, targets: ArrayLike) -> NDArray[np.float64]:
        """Weights for targets (m,) or (m, k) at the stimuli, shape (n,) or (n, k)."""
        values = np.asarray(targets, dtype=float)
        if values.shape[:1] != self.stimuli.shape:
            raise ParameterError(
                f"targets have the shape {values.shape}; give {self.stimuli.size} values, one a stimulus."
            )
        if self.stimuli.size == self.population.size:
            return np.linalg.solve(self.matrix, values)
        return np.linalg.lstsq(self.matrix, values, rcond=None)[0]


def counted_responses(
    population: Population, stimuli: ArrayLike, cycles: int, seed: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return counted normalised rates and their standard errors (:func:`count_moments`), both of shape (m, n).

    Every junction is watched for the time of ``cycles`` full cycles at its peak, a time of its own: in one common time
    the 4 Hz junctions would need minutes in which the 70 kHz one counts millions. It has as long to settle before.
    """
    check_range("cycles", cycles, 1, 2**24, where="full cycles counted at the peak")
    period = 1.0 / population.natural_rates
    responses, errors = [], []
    for number, stimulus in enumerate(np.atleast_1d(np.asarray(stimuli, dtype=float))):
        observer = Observer(population, instance_seed(seed, f"stimulus{number}"), dt=period, reading="events")
        observer.observe(float(stimulus), min(cycles, 10))
        events = observer.observe(float(stimulus), cycles).events
        responses.append(0.5 * events / cycles)
        escape = population.escape_rates(population.drives(stimulus))
        errors.append(0.5 * np.sqrt(count_moments(escape, period, cycles, "events")[1]) / cycles)
    return np.array(responses), np.array(errors)


def barometric(current: ArrayLike) -> NDArray[np.float64]:
    """Target of Fig. 2b at currents [A]: 1 + 0.3 (1 - ((I + 0.42 mA) / 0.1)^(1/5.255)) (Methods)."""
    return 1.0 + 0.3 * (1.0 - ((np.asarray(current, dtype=float) + 4.2e-4) / 0.1) ** (1.0 / 5.255))
