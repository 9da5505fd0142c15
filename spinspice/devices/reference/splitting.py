r"""Write errors too rare to be sampled: populations of magnets that are split and pruned by importance.

Each walker is a magnet of the reference equations (all three components, precession included). After every stretch of
the pulse it is weighted by h(now) / h(before), with h an importance function of mz and of the time left, and the
population is drawn anew in proportion to the weights (systematic resampling). The product of the mean weights is an
unbiased estimate of the survival probability for *any* positive h (Del Moral and Garnier, Ann. Appl. Probab. 15, 2496
(2005)); h decides the scatter alone. The default is the solution of the backward Fokker-Planck equation
(:mod:`spinspice.devices.laws.survival`): for a uniaxial magnet nearly the best possible.

Populations are independent of one another; the error is that of their mean. Estimates of this kind are skewed to
large values, so the interval is made of the logarithms' Student t distribution, and :attr:`RareEvents.heaviest`
tells how much of the sum one population carries.

Noise: piecewise constant over a step, of the counter-based hash, one stream a walker, steps of the classical
Runge-Kutta method. The step is a fraction of the precession (:data:`STEP`), which leaves the noise power right to
(omega dt)^2 / 12.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable
from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

from spinspice.constants import gamma, mu_0
from spinspice.devices.laws.fokker_planck import Drive, boltzmann_angles, time_unit
from spinspice.devices.laws.survival import survival
from spinspice.devices.noise import instance_seed
from spinspice.devices.reference.compiling import compiled, compiled_parallel
from spinspice.devices.reference.macrospin_equations import coefficients, rk4_step
from spinspice.devices.reference.noise import fill_normal
from spinspice.errors import ParameterError, check_range

#: Importance: (mz, time left [tau_D]) -> positive numbers.
Importance = Callable[[NDArray[np.float64], float], NDArray[np.float64]]
#: Step in units of 1 / (gamma B_eff) [rad] and time between two resamplings [tau_D]; our choice.
STEP, STRETCH = 0.2, 0.25
#: Confidence of :attr:`RareEvents.interval` [1].
CONFIDENCE = 0.95
#: Samples of noise drawn at a time.
_BLOCK = 128


@dataclasses.dataclass(frozen=True)
class RareEvents:
    """Estimate of a small probability from independent populations.

    Parameters
    ----------
    estimates : array, shape (populations,)
        One unbiased estimate each.
    walkers : int
        Magnets of a population.
    steps : int
        Steps of each.
    """

    estimates: NDArray[np.float64]
    walkers: int
    steps: int

    @property
    def probability(self) -> float:
        """Mean over the populations [1]."""
        return float(self.estimates.mean())

    @property
    def stderr(self) -> float:
        """Standard error of the mean [1]."""
        return float(self.estimates.std(ddof=1) / math.sqrt(self.estimates.size))

    @property
    def interval(self) -> tuple[float, float]:
        """Interval of 95 % confidence: exp of ln(mean) +- t stderr / mean, which never holds zero."""
        from scipy import stats

        if not self.probability > 0.0:
            return 0.0, math.nan
        reach = float(stats.t.ppf(0.5 + CONFIDENCE / 2.0, self.estimates.size - 1)) * self.stderr / self.probability
        return self.probability * math.exp(-reach), self.probability * math.exp(reach)

    @property
    def heaviest(self) -> float:
        """Share of the largest estimate in the sum [1]: far above one over their number, the interval is too short."""
        total = float(self.estimates.sum())
        return float(self.estimates.max()) / total if total > 0.0 else math.nan


def write_error_rate(
    device: Any,
    width: float,
    drive: Drive,
    *,
    walkers: int = 1000,
    populations: int = 12,
    seed: int = 1,
    importance: Importance | None = None,
    stretch: float | None = None,
    start: NDArray[np.float64] | None = None,
) -> RareEvents:
    """Estimate the chance that a current pulse leaves a magnet where it was, however small it is.

    Parameters
    ----------
    device : Macrospin
        Easy axis and reference layer along z, the magnet at mz > 0 (parallel); the current drives it to AP. It may be
        elliptical (``Nx`` and ``Ny`` differ): the importance is then that of a uniaxial magnet that starts to turn as
        fast, and the start Boltzmann's law of the whole landscape.
    width : float
        Length of the pulse [s], rounded to whole stretches.
    drive : float or callable
        |I| / I_c0 [1], or a function of mz: the current law of a circuit.
    walkers, populations : int
        Magnets of a population, and independent populations.
    seed : int
    importance : callable, optional
        Default: the backward equation of a uniaxial magnet with the device's barrier and drive.
    stretch : float
        Time between two resamplings [tau_D]; default :data:`STRETCH`, shorter the faster the magnet turns (i > 2).
    start : array, shape (populations * walkers, 3), optional
        Initial directions; default Boltzmann's law.

    Raises
    ------
    ParameterError
        For a width shorter than one stretch, or counts out of range.
    """
    check_range("walkers", walkers, 10, 10**7, where="write_error_rate: magnets of a population")
    check_range("populations", populations, 2, 10**4, where="write_error_rate: independent populations")
    unit = time_unit(device)
    if stretch is None:
        start_drive = float(np.asarray(drive(np.ones(1))).ravel()[0]) if callable(drive) else float(drive)
        stretch = STRETCH / max(1.0, start_drive - 1.0)
    stages = round(width / (stretch * unit))
    if stages < 1:
        raise ParameterError(
            f"width = {width:g} s of a write pulse is shorter than a stretch of {stretch * unit:g} s "
            "(write_error_rate). Lengthen the pulse or shorten the stretch."
        )
    stretch = width / (stages * unit)
    turning = device.B_eff + transverse(device) * device.B_eff
    per_stage = max(1, math.ceil(stretch * unit * gamma * turning / STEP))
    dt = stretch * unit / per_stage
    count = populations * walkers
    m = np.ascontiguousarray(_start(device, count, seed) if start is None else start, dtype=float)
    weigh = importance or default_importance(device, drive, stretch, stages)
    table = _current_table(device, drive)
    seeds = np.array([instance_seed(seed, f"walker {k}") for k in range(count)], dtype=float)
    resample = np.random.default_rng(instance_seed(seed, "resampling"))
    h = weigh(m[:, 2], stages * stretch).reshape(populations, walkers)
    estimates = h.mean(axis=1)
    m = _resampled(m, h, resample)
    q = coefficients(device.replace(dt=dt))
    for stage in range(stages):
        before = weigh(m[:, 2], (stages - stage) * stretch)
        _advance(q, dt, seeds, stage * per_stage, per_stage, table, m)
        left = stages - stage - 1
        after = weigh(m[:, 2], left * stretch) if left else (m[:, 2] > 0.0).astype(float)
        ratio = (after / before).reshape(populations, walkers)
        estimates = estimates * ratio.mean(axis=1)
        if left:
            m = _resampled(m, ratio, resample)
    return RareEvents(estimates, walkers, stages * per_stage)


def transverse(device: Any) -> float:
    """Return the difference of the two stiffnesses across the easy axis z over B_eff: 0 for a uniaxial magnet."""
    return abs(mu_0 * device.Ms * (device.Nx - device.Ny)) / device.B_eff


def default_importance(device: Any, drive: Drive, stretch: float, stages: int) -> Importance:
    """Return the survival of a uniaxial magnet with the barrier of the device, by the backward equation.

    An elliptical magnet leaves its pole at the rate of a uniaxial one under a current that is smaller by half of its
    transverse stiffness, :func:`transverse`; in units of the uniaxial critical current.
    """
    h = transverse(device)

    def uniaxial(mz: NDArray[np.float64]) -> NDArray[np.float64]:
        law = np.asarray(drive(mz) if callable(drive) else drive, dtype=float)
        return np.broadcast_to((1.0 + 0.5 * h) * law - 0.5 * h, np.shape(mz))

    x, table = survival(device.delta, uniaxial if h else drive, stretch, stages)
    logs = np.log(table)

    def weigh(mz: NDArray[np.float64], left: float) -> NDArray[np.float64]:
        return np.asarray(np.exp(np.interp(mz, x, logs[round(left / stretch)])))

    return weigh


def _start(device: Any, count: int, seed: int) -> NDArray[np.float64]:
    wanted, h = count, transverse(device)
    if h:  # some more, of which the transverse part of the energy keeps the likely ones
        count = math.ceil(count * 1.5 * math.sqrt(1.0 + h)) + 100
    theta, phi = boltzmann_angles(device.delta, count, instance_seed(seed, "initial angle"))
    if h:
        along = np.cos(phi) if device.Nx > device.Ny else np.sin(phi)
        chance = np.exp(-device.delta * h * (np.sin(theta) * along) ** 2)
        kept = np.flatnonzero(np.random.default_rng(instance_seed(seed, "elliptical")).random(count) < chance)
        theta, phi = theta[kept[:wanted]], phi[kept[:wanted]]
        if theta.size < wanted:
            return np.concatenate([_directions(theta, phi), _start(device, wanted - theta.size, seed + 1)])
    return _directions(theta, phi)


def _directions(theta: NDArray[np.float64], phi: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.stack([np.sin(theta) * np.cos(phi), np.sin(theta) * np.sin(phi), np.cos(theta)], axis=1)


def _current_table(device: Any, drive: Drive) -> NDArray[np.float64]:
    """Current [A] on an even grid of mz from -1 to 1; it drives to AP, which is negative."""
    mz = np.linspace(-1.0, 1.0, 401)
    law = np.asarray(drive(mz) if callable(drive) else drive, dtype=float)
    return np.array(np.broadcast_to(-device.I_c0 * law, mz.shape))


def _resampled(
    m: NDArray[np.float64], weights: NDArray[np.float64], generator: np.random.Generator
) -> NDArray[np.float64]:
    """Draw every population anew in proportion to its weights: systematic resampling."""
    populations, walkers = weights.shape
    out = np.empty_like(m)
    for k in range(populations):
        total = np.cumsum(weights[k])
        if not total[-1] > 0.0:  # extinct: its estimate is zero and stays zero
            out[k * walkers : (k + 1) * walkers] = m[k * walkers : (k + 1) * walkers]
            continue
        at = (generator.random() + np.arange(walkers)) / walkers * total[-1]
        chosen = np.minimum(np.searchsorted(total, at, side="right"), walkers - 1)
        out[k * walkers : (k + 1) * walkers] = m[k * walkers + chosen]
    return out


@compiled_parallel
def _advance(q, dt, seeds, first, steps, table, m):
    """Carry every walker ``steps`` steps on, in place; its noise samples start at number ``first``."""
    for index in numba.prange(seeds.size):
        _walk(q, dt, seeds[index], first, steps, table, m[index])


@compiled
def _walk(q, dt, seed, first, steps, table, m):
    noise, scratch = np.empty((3, _BLOCK)), np.empty(_BLOCK)
    state = (m[0], m[1], m[2])
    scale = 0.5 * (table.size - 1)
    for k in range(steps):
        b = k % _BLOCK
        if b == 0:
            for c in range(3):
                fill_normal(seed, float(c), float(first + k), noise[c], scratch)
        n = (q.sigma * noise[0, b], q.sigma * noise[1, b], q.sigma * noise[2, b])
        at = (state[2] + 1.0) * scale
        cell = min(max(int(at), 0), table.size - 2)
        current = table[cell] + (at - cell) * (table[cell + 1] - table[cell])
        state = rk4_step(q, True, dt, current, current, 0.0, 0.0, state, n, n)
    m[0], m[1], m[2] = state
