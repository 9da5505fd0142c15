"""Mean, standard deviation and correlation time of a surrogate's output at constant inputs, from its own runs.

All inputs see the same noise, so that the curves are smooth; their standard errors come from the seeds.
"""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

from spinspice.analysis.statistics import autocovariance, jackknife
from spinspice.devices.noise import instance_seed
from spinspice.errors import UsageError
from spinspice.surrogate.network import SurrogateNetwork
from spinspice.surrogate.neuron import Neuron

Array = NDArray[np.float64]
#: Inputs across the transition, runs at each, length of a run and start that is left out [s], steps of the noise from
#: one sample to the next: our choice. The standard error of a mean is some 0.15 % of the swing of an analog neuron and
#: 0.5 % of that of a binary one.
INPUTS, SEEDS, LENGTH, WARM, EVERY = 33, 6, 300e-9, 5e-9, 4
#: Longest lag of an autocorrelation [s].
LONGEST = 30e-9
#: An output that fluctuates by less than this part of the swing has no correlation time.
STILL = 0.005


@dataclasses.dataclass(frozen=True, kw_only=True)
class Moments:
    """Tables over inputs ``v`` [V], shape (k,): values and standard errors; NaN where there is none.

    Attributes
    ----------
    mean, mean_stderr, sigma, sigma_stderr : arrays
        Of the output [V].
    fwhm, fwhm_stderr : arrays
        Full width at half maximum of its autocorrelation [s].
    """

    v: Array
    mean: Array
    mean_stderr: Array
    sigma: Array
    sigma_stderr: Array
    fwhm: Array
    fwhm_stderr: Array


def outputs_of(surrogate: Neuron, inputs: Array, seeds: Array) -> Array:
    """Return outputs at constant inputs (n,), shape (n, times), of freely turning layers if the junction's is one."""
    dt, n = surrogate.device.dt, inputs.size
    steps, first = round(LENGTH / dt) // EVERY * EVERY, round(WARM / dt / EVERY)
    apart = SurrogateNetwork.of(surrogate, np.zeros((n, n)), inputs - surrogate.middle, np.zeros((n, 1)))
    still = np.zeros((1, steps))
    try:
        found = apart.run(still, seeds, dt=dt, record=EVERY)
    except UsageError:
        found = apart.run(still, seeds, magnet="reference", record=EVERY)
    return found.output[:, first:]


def moments_of(outputs: Array, v: Array, dt: float, swing: float) -> Moments:
    """Return the moments of outputs of shape (inputs, seeds, times), every ``dt`` [s]."""
    seeds = outputs.shape[1]
    means = outputs.mean(axis=2)
    mean = means.mean(axis=1)
    squares = ((outputs - mean[:, None, None]) ** 2).mean(axis=2)
    sigma = np.sqrt(squares.mean(axis=1))
    half = np.where(sigma > 0.0, 2.0 * sigma, 1.0)
    times = [
        _time(list(rows), dt) if s > STILL * swing else (np.nan, np.nan) for rows, s in zip(outputs, sigma, strict=True)
    ]
    fwhm, fwhm_stderr = np.array(times).T
    return Moments(
        v=v, mean=mean, mean_stderr=means.std(axis=1, ddof=1) / np.sqrt(seeds), sigma=sigma,
        sigma_stderr=squares.std(axis=1, ddof=1) / np.sqrt(seeds) / half, fwhm=fwhm, fwhm_stderr=fwhm_stderr,
    )  # fmt: skip


def _time(rows: list[Array], dt: float) -> tuple[float, float]:
    """Return full width at half maximum [s] and its standard error, a jackknife over the rows."""
    return jackknife(lambda chosen: width(chosen, dt), lagged(rows, dt))


def lagged(rows: list[Array], dt: float) -> list[Array]:
    """Return mean products of every row by their lag, about the mean of all, up to :data:`LONGEST`."""
    mean = float(np.mean(np.concatenate(rows)))
    lags = min(min(row.size for row in rows) // 4, round(LONGEST / dt))
    return [autocovariance(row, mean, lags) / (row.size - np.arange(lags)) for row in rows]


def width(products: list[Array], dt: float) -> float:
    """Return the full width at half maximum [s] of the mean of autocovariances; NaN where they do not fall so far."""
    rho = np.mean(products, axis=0)
    below = np.flatnonzero(rho <= 0.5 * rho[0])
    if below.size == 0:
        return float("nan")
    k = int(below[0])
    part = (rho[k - 1] - 0.5 * rho[0]) / (rho[k - 1] - rho[k])
    return float(2.0 * dt * (k - 1 + part))


def seeds_of(count: int = SEEDS) -> Array:
    """Return the seeds of the runs."""
    return np.array([float(instance_seed(1, f"moments/{k}")) for k in range(count)])
