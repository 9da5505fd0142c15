r"""Equalisation: symbols behind a channel that mixes, bends and drowns them in noise.

* Jaeger and Haas, Science 304, 78 (2004): d of -3, -1, 1, 3; q(n) = .08 d(n+2) - .12 d(n+1) + d(n) + .18 d(n-1)
  - .1 d(n-2) + .091 d(n-3) - .05 d(n-4) + .04 d(n-5) + .03 d(n-6) + .01 d(n-7); u = q + .036 q^2 - .011 q^3 + noise.
  The target is d(n-2). Noise is by the variance of u without it (its mean left out).
* Ganguly et al. 2018, eq. 8: :math:`u(t) = \sum_m A_m (\sum_k B_k d(t-k))^m + C\,\mathrm{rnd}(-1, 1)`. The paper gives
  no numbers; :meth:`Channel.random` draws from a family that is our choice, d is -1 or 1, the target d(t - 1).
"""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

from spinspice.devices.noise import instance_seed
from spinspice.errors import check_range
from spinspice.networks.reservoir.readout import Split
from spinspice.networks.reservoir.tasks.base import Task, normalised

Array = NDArray[np.float64]
#: Taps of the Jaeger-Haas channel, d(n+2) first.
JAEGER = (0.08, -0.12, 1.0, 0.18, -0.1, 0.091, -0.05, 0.04, 0.03, 0.01)


def jaeger_task(split: Split, *, snr: float, seed: int = 1) -> Task:
    """Return the task at a ratio of signal to noise [dB]."""
    check_range("snr", snr, -20.0, 100.0, unit="dB", where="jaeger_task")
    rng = np.random.default_rng(instance_seed(seed, "jaeger/symbols"))
    d = rng.choice([-3.0, -1.0, 1.0, 3.0], split.rows + 9)
    q = np.sum([tap * d[9 - k : len(d) - k] for k, tap in enumerate(JAEGER)], axis=0)  # the newest symbol is d(n+2)
    clean = q + 0.036 * q**2 - 0.011 * q**3
    noise = np.random.default_rng(instance_seed(seed, "jaeger/noise")).standard_normal(split.rows)
    u = clean + noise * clean.std() * 10.0 ** (-snr / 20.0)
    wanted = d[5 : 5 + split.rows]  # d(n-2): four before the newest
    return Task(
        name=f"Jaeger-Haas channel, {snr:g} dB", u=normalised(u, split.parts[0]), d=wanted, split=split,
        levels=(-3.0, -1.0, 1.0, 3.0), raw=u,
    )  # fmt: skip


@dataclasses.dataclass(frozen=True, kw_only=True)
class Channel:
    """A channel of eq. 8: A of the powers 1, 2, ..., B of the symbols now and before, C of the noise."""

    A: tuple[float, ...]
    B: tuple[float, ...]
    C: float

    @classmethod
    def random(cls, seed: int) -> Channel:
        """Return a channel of our family: A1 of 1.5 to 3, A2 within 0.3, A3 within 0.05, 2 to 6 echoes within
        0.5 x 0.8^k, C of 0.05 to 0.3, all uniform."""
        rng = np.random.default_rng(instance_seed(seed, "channel"))
        A = (rng.uniform(1.5, 3.0), rng.uniform(-0.3, 0.3), rng.uniform(-0.05, 0.05))
        echoes = int(rng.integers(2, 7))
        B = (1.0, *(rng.uniform(-0.5, 0.5) * 0.8**k for k in range(1, echoes + 1)))
        return cls(A=tuple(map(float, A)), B=tuple(map(float, B)), C=float(rng.uniform(0.05, 0.3)))

    def __call__(self, d: Array, noise: Array) -> Array:
        """Return u for symbols d, of which the first len(B) - 1 are the past, and noise uniform in (-1, 1)."""
        past = len(self.B) - 1
        mixed = sum(b * d[past - k : len(d) - k] for k, b in enumerate(self.B))
        return sum(a * mixed ** (m + 1) for m, a in enumerate(self.A)) + self.C * noise


def channel_task(split: Split, channel: Channel, *, seed: int = 1, delay: int = 1) -> Task:
    """Return the task of saying the symbol that was sent ``delay`` steps ago."""
    check_range("delay", delay, 0, 100, where="channel_task")
    past = max(len(channel.B) - 1, delay)
    d = np.random.default_rng(instance_seed(seed, "symbols")).choice([-1.0, 1.0], split.rows + past)
    noise = np.random.default_rng(instance_seed(seed, "rnd")).uniform(-1.0, 1.0, split.rows + delay)
    u = channel(d[past - len(channel.B) + 1 :], noise[: split.rows])
    now = d[past - delay : past - delay + split.rows]
    # what was received as that symbol was sent, for SRR
    sent = np.concatenate([u[:1].repeat(delay), u[: split.rows - delay]])
    return Task(
        name="channel of eq. 8", u=normalised(u, split.parts[0]), d=now, split=split, levels=(-1.0, 1.0), raw=sent
    )
