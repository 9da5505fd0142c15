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
from typing import Any, Self

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy.optimize import minimize

from spinspice.constants import gamma, k_B, mu_0
from spinspice.errors import ParameterError, check_range

Array = NDArray[np.float64]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Magnet:
    r"""A free layer that turns in its plane.

    Parameters
    ----------
    sigma : float
        Standard deviation of the rate at which it turns [rad/s].
    tau : float
        Time in which that rate is forgotten [s].
    pull : float
        b: twice the mean of the component along the reference layer, where it is small [1].
    """

    sigma: float
    tau: float
    pull: float = 0.0

    @classmethod
    def of(cls, device: Any, pull: float = 0.0) -> Self:
        r"""Return that of a macrospin without in-plane anisotropy.

        :math:`\omega = \gamma B_d m_z` with :math:`B_d = \mu_0 M_s (N_z - N_x)`; equipartition gives
        :math:`\langle m_z^2\rangle = k_B T/(M_s V B_d)`, damping :math:`\tau = (1 + \alpha^2)/(\alpha\gamma B_d)`
        (theory page).

        Raises
        ------
        ParameterError
            For a junction that is no macrospin, or one whose layer does not lie in its plane or does not turn freely.
        """
        for name in ("Ms", "area", "t_free", "alpha", "Nz", "Nx", "T"):
            if not hasattr(device, name):
                raise ParameterError(f"a {type(device).__name__} has no {name}: a p-bit is extracted of a Macrospin.")
        B_d = mu_0 * device.Ms * (device.Nz - device.Nx)
        thermal = k_B * device.T / (device.Ms * device.area * device.t_free)  # [T]
        if B_d < 20.0 * thermal or abs(device.B_k) > thermal:
            raise ParameterError(
                f"the layer has a demagnetising field of {B_d:.3g} T and an anisotropy field of {device.B_k:.3g} T, "
                f"thermal field {thermal:.3g} T: it does not turn freely in its plane. Take a low-barrier disk."
            )
        rate = gamma * B_d
        return cls(
            sigma=rate * math.sqrt(thermal / B_d),
            tau=(1.0 + device.alpha**2) / (device.alpha * rate),
            pull=pull,
        )


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
    tau_mid, gain, tau_out, delay : float
        Time of the divider [s], slope of the inverters [1], their time and delay [s].
    magnet : Magnet
    disagreement : float
        Part of the time in which it differed from the circuit that it was fitted to [1].
    junctions : int
        Junctions side by side, whose mean the divider sees.
    """

    v_x: float
    w: float
    bend: float
    tau_mid: float
    gain: float
    tau_out: float
    delay: float
    magnet: Magnet
    disagreement: float = math.nan
    junctions: int = 1

    def row(self, dt: float) -> Array:
        """Return its row of the table of :func:`spinspice.networks.pbits.motion.move` for a step [s]."""
        keep = math.exp(-dt / self.magnet.tau)
        return np.array([
            self.v_x, self.w, self.bend, -math.expm1(-dt / self.tau_mid), self.gain, -math.expm1(-dt / self.tau_out),
            self.magnet.sigma * math.sqrt(1.0 - keep**2), keep, self.magnet.pull * self.magnet.sigma**2 * dt,
            dt / (2.0 * math.pi),
        ])  # fmt: skip

    def shifted(self, offset: float) -> ExtractedPBit:
        """Return one whose transition lies higher by an offset [V]: what mismatch does."""
        return dataclasses.replace(self, v_x=self.v_x + offset)


@njit(cache=True)
def follow(x, v, v_x, w, bend, rate_mid, gain, rate_out, delay):  # type: ignore[no-untyped-def]
    """Return whether the output is high at each step, for a known magnet x and input v."""
    out = np.zeros(x.size, np.bool_)
    mid = z = 0.0
    for i in range(x.size):
        s = (v[i] - v_x) / w
        mid += rate_mid * (s + bend * s * s - x[i] - mid)
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
    unit = np.array([width, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0])

    def numbers(q: Array) -> tuple[Any, ...]:
        times = 1e-12 * np.exp(q[[3, 5]])
        rates = -np.expm1(-dt / times)
        return (
            q[0] * unit[0], width * math.exp(q[1]), q[2], rates[0], math.exp(q[4]), rates[1],
            round(abs(q[6]) * 1e-11 / dt),
        )  # fmt: skip

    def missed(q: Array) -> float:
        return float(np.mean(follow(x, v, *numbers(q))[200:] != high[200:]))

    best, least = None, 1.0
    steps = np.array([0.2, 0.3, 0.2, 0.5, 0.7, 0.7, 1.0])
    for gain in (2.0, 8.0):
        for tau in (20.0, 60.0, 200.0):
            q0 = np.array([0.0, 0.0, 0.05, math.log(tau), math.log(gain), math.log(60.0), 2.0])
            simplex = np.vstack([q0, q0 + np.diag(steps)])
            found = minimize(
                missed, q0, method="Nelder-Mead", options={"maxfev": 600, "initial_simplex": simplex, "fatol": 1e-5}
            )
            if found.fun < least:
                best, least = found.x, float(found.fun)
    if best is None or least > 0.1:
        raise ParameterError(f"the fit of a p-bit misses {100 * least:.3g} % of the run. Drive it across its transition.")
    v_x, w, bend, _, gain, _, delay = numbers(best)
    return ExtractedPBit(
        v_x=v_x, w=w, bend=bend, tau_mid=1e-12 * math.exp(best[3]), gain=gain, tau_out=1e-12 * math.exp(best[5]),
        delay=delay * dt, magnet=magnet, disagreement=least, junctions=junctions,
    )  # fmt: skip
