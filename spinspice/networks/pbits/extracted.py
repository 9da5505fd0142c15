r"""The extracted p-bit: few numbers of a cell, from one short run of it, that stand for the cell in a network.

The run drives one cell through a resistor with levels at random and keeps input, output and the magnet itself. Divider
and inverters are then fitted to the output *with the magnet that was there*: no statistics enters, and 0.5 us of
circuit give the threshold to some 0.1 mV. What noise the magnet makes comes from the constants of the junction
(:meth:`Magnet.of`), not from a fit. The law of motion is that of :mod:`spinspice.networks.pbits.motion`; its form is
our choice, judged by the part of the time in which it differs from the circuit (``disagreement``).
"""

from __future__ import annotations

import dataclasses
import math
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy.optimize import minimize

from spinspice.devices.laws.rotor import Magnet
from spinspice.errors import ParameterError, check_range

Array = NDArray[np.float64]
#: Weights, beside the part of the time in which states differ, of a difference of means and of the relative difference
#: of flips: both say more of a network than single moments do. Our choice.
UNEVEN, FLIPS = 2.0, 0.02


@dataclasses.dataclass(frozen=True, kw_only=True)
class ExtractedPBit:
    """A p-bit as few numbers.

    Parameters
    ----------
    v_x : float
        Input at which the output follows the sign of the magnet's component [V].
    w : float
        Half-width of the transition without delays [V].
    bend : float
        Curvature of the threshold [1].
    low, high : float
        Where the divider saturates [1].
    tau_mid, gain, tau_out, delay : float
        Time of the divider [s], slope of the inverters [1], their time and delay [s].
    magnet : Magnet
    disagreement : float
        Part of the time in which it differed from the circuit that it was fitted to [1].
    junctions : int
        Junctions side by side, whose mean the divider sees.
    lead : float
        Time by which the falling output, which makes negative couplings, is before the rising one [s].
    r_out : float
        Resistance of an output near its rail [Ohm]: what couplings pull it down by.
    """

    v_x: float
    w: float
    bend: float
    low: float
    high: float
    tau_mid: float
    gain: float
    tau_out: float
    delay: float
    magnet: Magnet
    disagreement: float = math.nan
    junctions: int = 1
    lead: float = 0.0
    r_out: float = 0.0

    def row(self, dt: float) -> Array:
        """Return its row of the table of :func:`spinspice.networks.pbits.motion.move` for a step [s]."""
        keep = math.exp(-dt / self.magnet.tau)
        return np.array([
            self.v_x, self.w, self.bend, -math.expm1(-dt / self.tau_mid), self.gain, -math.expm1(-dt / self.tau_out),
            self.magnet.sigma * math.sqrt(1.0 - keep**2), keep, self.magnet.pull * self.magnet.sigma**2 * dt,
            dt / (2.0 * math.pi), -self.low, self.high,
        ])  # fmt: skip

    def shifted(self, offset: float) -> ExtractedPBit:
        """Return one whose transition lies higher by an offset [V]: what mismatch does."""
        return dataclasses.replace(self, v_x=self.v_x + offset)

    def scaled(self, width: float, about: float) -> ExtractedPBit:
        """Return one whose transition is wider by a factor [1], the same at an input [V]."""
        return dataclasses.replace(self, v_x=about + width * (self.v_x - about), w=width * self.w)


@njit(cache=True)
def follow(x, v, v_x, w, bend, low, high, rate_mid, gain, rate_out, delay):
    """Return whether the output is high at each step, for a known magnet x and input v."""
    out = np.zeros(x.size, np.bool_)
    mid = z = 0.0
    for i in range(x.size):
        s = (v[i] - v_x) / w
        mid += rate_mid * (min(high, max(-low, s + bend * s * s - x[i])) - mid)
        z += rate_out * (min(1.0, max(-1.0, gain * mid)) - z)
        if i + delay < x.size:
            out[i + delay] = z > 0.0
    return out


def fit(
    x: Array, v: Array, high: NDArray[np.bool_], dt: float, magnet: Magnet, *, width: float = 14e-3, junctions: int = 1
) -> ExtractedPBit:
    """Fit a p-bit to a run on an even grid of time.

    Parameters
    ----------
    x : array, shape (t,)
        Component of the magnet, or mean of the magnets, along the reference layer [1].
    v : array, shape (t,)
        Input [V].
    high : array, shape (t,)
        Whether the rising output is in its upper half.
    dt : float
        Step [s].
    magnet : Magnet
    width : float
        Half-width to start from [V].
    junctions : int
        Junctions side by side; x is their mean.

    Raises
    ------
    ParameterError
        For a run of which the fit misses more than a tenth.
    """
    check_range("steps", x.size, 2000, 2**31, where="fit of a p-bit")

    def numbers(q: Array) -> tuple[Any, ...]:
        rates = -np.expm1(-dt / (1e-12 * np.exp(q[[5, 7]])))
        return (
            q[0] * width, width * math.exp(q[1]), q[2], math.exp(q[3]), math.exp(q[4]), rates[0], math.exp(q[6]),
            rates[1], round(abs(q[8]) * 1e-11 / dt),
        )  # fmt: skip

    wanted = high[200:]
    flips = max(int(np.count_nonzero(wanted[1:] != wanted[:-1])), 1)

    def missed(q: Array) -> float:
        return float(np.mean(follow(x, v, *numbers(q))[200:] != wanted))

    def cost(q: Array) -> float:
        got = follow(x, v, *numbers(q))[200:]
        changed = np.count_nonzero(got[1:] != got[:-1])
        uneven = abs(float(got.mean()) - float(wanted.mean()))
        return float(np.mean(got != wanted)) + UNEVEN * uneven + FLIPS * abs(changed / flips - 1.0)

    best, least = None, 1.0
    steps = np.array([0.2, 0.3, 0.2, 0.4, 0.4, 0.5, 0.7, 0.7, 1.0])
    for gain in (2.0, 8.0):
        for tau in (30.0, 100.0):
            q0 = np.array([0.0, 0.0, 0.05, 0.4, 0.4, math.log(tau), math.log(gain), math.log(80.0), 4.0])
            simplex = np.vstack([q0, q0 + np.diag(steps)])
            found = minimize(
                cost, q0, method="Nelder-Mead", options={"maxfev": 700, "initial_simplex": simplex, "fatol": 1e-5}
            )
            if found.fun < least:
                best, least = found.x, float(found.fun)
    least = 1.0 if best is None else missed(best)
    if best is None or least > 0.1:
        raise ParameterError(
            f"the fit of a p-bit misses {100 * least:.3g} % of the run. Drive it across its transition."
        )
    v_x, w, bend, low, top, _, gain, _, delay = numbers(best)
    return ExtractedPBit(
        v_x=float(v_x), w=w, bend=float(bend), low=low, high=top, tau_mid=1e-12 * math.exp(best[5]), gain=gain,
        tau_out=1e-12 * math.exp(best[7]), delay=delay * dt, magnet=magnet, disagreement=least, junctions=junctions,
    )  # fmt: skip
