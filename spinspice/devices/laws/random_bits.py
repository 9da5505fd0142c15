r"""Exact laws of random bits from junctions: one that fluctuates and is looked at, and one that is written at 1/2.

A symmetric two-state junction with escape rate r, looked at every t: successive bits (as +-1) have the correlation
:math:`e^{-x}`, x = 2 r t, and no bias. Exclusive or (a product of signs):

* of n junctions: correlation :math:`e^{-n x}`, bias the product of the biases (times a sign);
* of two *successive* bits of one junction: a bias of :math:`e^{-x}` that the raw bits do not have. It whitens nothing.

Bias of a bit: the mean of its sign, b = 2 P(1) - 1; the literature's e = P(1) - 1/2 is half of it, so that n bits have
:math:`2^{n-1} e^n` (piling-up lemma, M. Matsui, EUROCRYPT 1993).
"""

from __future__ import annotations

import dataclasses
import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spinspice.errors import UsageError, check_range


def spin_dice_slope(delta: float) -> float:
    r"""Return dP / d(V / V_c) at P = 1/2 of a write below threshold: (ln 2 / 2) Delta.

    P = 1 - exp(-t / tau), tau = tau_0 exp[Delta (1 - V / V_c)]. At Delta = 40 one per cent of the voltage moves P by
    0.14: a dice needs feedback, or the exclusive or of several.
    """
    check_range("delta", delta, 0.0, 1e4, open_low=True, where="spin dice: barrier / (k_B T)")
    return 0.5 * math.log(2.0) * delta


def piled_up(offset: ArrayLike, count: int) -> NDArray[np.float64]:
    """Return P(1) - 1/2 (its size) of the exclusive or of ``count`` independent bits with this offset each."""
    return np.asarray(2.0 ** (count - 1) * np.abs(np.asarray(offset, dtype=float)) ** count)


@dataclasses.dataclass(frozen=True)
class SampledJunction:
    """Law of the bits of a two-state junction that is looked at once a period.

    Parameters
    ----------
    out_of_P, out_of_AP : float
        Escape rates [1/s].
    period : float
        [s].
    """

    out_of_P: float
    out_of_AP: float
    period: float

    @classmethod
    def of(cls, device: Any, period: float, drive: float = 0.0) -> SampledJunction:
        """Return that of a :class:`~spinspice.devices.Telegraph` at ``drive`` = V / V_c or I / I_c."""
        rates = device.escape_rates(drive)
        return cls(float(rates[0]), float(rates[1]), period)

    @property
    def ones(self) -> float:
        """P(1), 1 for AP."""
        return self.out_of_P / (self.out_of_P + self.out_of_AP)

    @property
    def bias(self) -> float:
        """Mean sign, 2 P(1) - 1."""
        return 2.0 * self.ones - 1.0

    def correlation(self, lag: int = 1, junctions: int = 1) -> float:
        """Correlation of bits ``lag`` periods apart; of the exclusive or of equal unbiased ``junctions``."""
        if junctions > 1 and abs(self.bias) > 1e-12:
            product = (self.bias**2 + (1.0 - self.bias**2) * self.correlation(lag)) ** junctions
            mean = self.bias ** (2 * junctions)
            return (product - mean) / (1.0 - mean)
        return math.exp(-junctions * lag * self.period * (self.out_of_P + self.out_of_AP))

    def successive_bias(self, count: int) -> float:
        """Mean sign of the exclusive or of ``count`` successive bits (an even number), unbiased junction.

        Pairs are correlated within, and independent of the other pairs: exp(-x) to the power count / 2.
        """
        if count < 2 or count % 2:
            raise UsageError(f"count = {count} of successive bits: an even number from 2 on.")
        return self.correlation() ** (count // 2)


@dataclasses.dataclass(frozen=True)
class ReadJunction:
    """Law of the bits of a two-state junction whose rates vary within a period, in the same way in each: it is read.

    Parameters
    ----------
    ones : float
        P(1) at the moment of the bit, 1 for AP.
    keep : float
        Correlation of neighbouring bits.
    """

    ones: float
    keep: float

    @classmethod
    def of_rates(cls, time: ArrayLike, out_of_P: ArrayLike, out_of_AP: ArrayLike) -> ReadJunction:
        r"""Return the law for rates [1/s] over one period that ends at the bit.

        The chance p of AP obeys :math:`\dot p = a - (a + b) p`, so that a period maps p to :math:`K p + I`,
        :math:`K = e^{-\int (a + b)}`, and K is the correlation of two-state bits a period apart.
        """
        decay, mean_a, total = _decays(time, out_of_P, out_of_AP)
        later = np.concatenate([np.cumsum(decay[::-1])[::-1][1:], [0.0]])
        gained = float((mean_a / total * -np.expm1(-decay) * np.exp(-later)).sum())
        return cls(gained / -math.expm1(-float(decay.sum())), math.exp(-float(decay.sum())))

    @property
    def bias(self) -> float:
        """Mean sign, 2 P(1) - 1."""
        return 2.0 * self.ones - 1.0

    def correlation(self, lag: int = 1) -> float:
        """Correlation of bits ``lag`` periods apart."""
        return self.keep**lag


def mean_switches(time: ArrayLike, out_of_P: ArrayLike, out_of_AP: ArrayLike) -> float:
    """Return the mean number of switches in a period whose rates [1/s] these are, in the periodic state."""
    decay, mean_a, total = _decays(time, out_of_P, out_of_AP)
    p, steps = ReadJunction.of_rates(time, out_of_P, out_of_AP).ones, np.diff(np.asarray(time, dtype=float))
    found = 0.0
    for rate, both, gone, step in zip(mean_a, total, decay, steps, strict=True):
        rest = rate / both
        # the mean of p over a step in which it relaxes to ``rest``
        mean = rest + (p - rest) * (-math.expm1(-gone) / gone if gone > 0.0 else 1.0)
        found += step * (rate * (1.0 - mean) + (both - rate) * mean)
        p = rest + (p - rest) * math.exp(-gone)
    return float(found)


def _decays(
    time: ArrayLike, out_of_P: ArrayLike, out_of_AP: ArrayLike
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return, for each step, the decay of what is remembered, the mean rate out of P, and that of both together."""
    t, a, b = (np.asarray(x, dtype=float) for x in (time, out_of_P, out_of_AP))
    steps = np.diff(t)
    mean_a, total = 0.5 * (a[1:] + a[:-1]), 0.5 * (a[1:] + a[:-1] + b[1:] + b[:-1])
    if steps.size == 0 or (steps < 0.0).any() or not (total > 0.0).all():
        raise UsageError("rates of a read junction: times that rise, and positive rates.")
    return total * steps, mean_a, total


def exclusive_or(bits: ArrayLike) -> NDArray[np.int8]:
    """Return the exclusive or over the first axis: junctions by bits -> bits."""
    return (np.asarray(bits, dtype=np.int64).sum(axis=0) % 2).astype(np.int8)


def sampled_bits(device: Any, count: int, period: float, seed: int, *, voltage: float = 0.0) -> NDArray[np.int8]:
    """Return ``count`` bits of a junction looked at every ``period`` [s], by the event-by-event reference."""
    from spinspice.devices.reference.telegraph import simulate_telegraph

    run = simulate_telegraph(device, count * period, seed, voltage=voltage)
    return run.state_at(period * np.arange(1, count + 1) * (1.0 - 1e-15))


@dataclasses.dataclass(frozen=True)
class Measured:
    """Mean sign and lag-1 correlation of bits, with standard errors."""

    bias: float
    bias_stderr: float
    correlation: float
    correlation_stderr: float


def measure(bits: ArrayLike) -> Measured:
    """Return bias and lag-1 correlation; standard errors by blocks, so that correlated bits do not shrink them."""
    sign = 2.0 * np.asarray(bits, dtype=float) - 1.0
    blocks = min(100, sign.size // 20)
    if blocks < 5:
        raise UsageError(f"{sign.size} bits tell nothing of bias and correlation; give a hundred or more.")
    bias = float(sign.mean())
    centred = sign - bias
    products = centred[1:] * centred[:-1]
    power = float((centred**2).mean()) or 1.0
    chunk = sign.size // blocks
    means = sign[: blocks * chunk].reshape(blocks, chunk).mean(axis=1)
    pairs = np.array_split(products, blocks)
    lagged = np.array([p.mean() for p in pairs]) / power
    return Measured(
        bias,
        float(means.std(ddof=1) / math.sqrt(blocks)),
        float(products.mean() / power),
        float(lagged.std(ddof=1) / math.sqrt(blocks)),
    )
