r"""Offset and noise of a comparator from its decisions: a normal law fitted to the fraction of ones.

A comparator with Gaussian noise of standard deviation sigma at its input decides 1 at a difference x with

.. math:: p(x) = \Phi((x - x_0) / \sigma),

x_0 its offset. Both follow from decisions at a few differences by maximum likelihood, the standard errors from the
Fisher information (D. J. Finney, Probit Analysis, Cambridge 1947).
"""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import ArrayLike

from spinspice.errors import ResultError
from spinspice.units import with_error

#: One-sided 95 % quantile of a normal law.
ONE_SIDED = 1.6448536269514722


@dataclasses.dataclass(frozen=True)
class ProbitFit:
    """Offset and standard deviation of the noise, with standard errors [unit of the input], and decisions behind."""

    offset: float
    offset_stderr: float
    sigma: float
    sigma_stderr: float
    decisions: int


def fit_probit(x: ArrayLike, ones: ArrayLike, count: ArrayLike) -> ProbitFit:
    """Fit a normal law to ``ones`` of ``count`` decisions at each difference ``x``, all of shape (points,).

    Raises
    ------
    ResultError
        If the decisions do not show noise: all alike, or changing at one place without a mixed point beside it; or if
        they do not resolve its width, sigma not above its standard error (sigma is then at most what is said).
    """
    from scipy.optimize import minimize
    from scipy.stats import norm

    at, k, n = (np.asarray(values, dtype=float) for values in (x, ones, count))
    mixed = (k > 0) & (k < n)
    falling = k.sum() in (0, n.sum()) or (mixed.sum() < 2 and np.ptp((k / n)[~mixed]) < 1.0)
    if not mixed.any() or falling:
        raise ResultError(
            f"{[f'{a:g}: {int(b)} of {int(c)}' for a, b, c in zip(at, k, n, strict=True)]} ones show no noise to fit. "
            "Take differences closer to the offset, more decisions, "
            "or both."
        )
    scale = float(np.ptp(at)) or 1.0

    def cost(parameters: np.ndarray) -> float:
        z = parameters[0] + parameters[1] * at / scale
        return -float(np.sum(k * norm.logcdf(z) + (n - k) * norm.logcdf(-z)))

    a, b = minimize(cost, np.array([0.0, 1.0]), method="Nelder-Mead", options={"xatol": 1e-8, "fatol": 1e-10}).x
    if b <= 0:
        raise ResultError("the fraction of ones does not rise with the difference of the inputs: no comparator.")
    z = a + b * at / scale
    weight = n * norm.pdf(z) ** 2 / np.maximum(norm.cdf(z) * norm.cdf(-z), 1e-300)
    rows = np.array([np.ones_like(at), at / scale])
    covariance = np.linalg.inv((weight * rows) @ rows.T)
    # offset = -a scale / b, sigma = scale / b
    by_offset = np.array([-scale / b, a * scale / b**2])
    by_sigma = np.array([0.0, -scale / b**2])
    sigma, sigma_stderr = float(scale / b), float(np.sqrt(by_sigma @ covariance @ by_sigma))
    if not sigma_stderr < sigma:
        raise ResultError(
            f"noise not resolved: at most {sigma + ONE_SIDED * sigma_stderr:.3g} (the fit gives "
            f"{with_error(sigma, sigma_stderr, prefix=False)}). Take differences closer to the offset, more decisions, "
            "or both."
        )
    return ProbitFit(
        offset=float(-a * scale / b),
        offset_stderr=float(np.sqrt(by_offset @ covariance @ by_offset)),
        sigma=sigma,
        sigma_stderr=sigma_stderr,
        decisions=int(n.sum()),
    )
