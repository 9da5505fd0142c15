r"""Stochastic resonance of a whole macrospin: response of mz to a weak current, and its noise, by Fokker and Planck.

A magnet on one axis (:mod:`spinspice.devices.laws.fokker_planck`), i = I / I_c0 = i_0 cos(w t), time in tau_D. To first
order in i_0 the density is :math:`p_0 + i_0\,\mathrm{Re}\,[p_1 e^{-j w t}]` with

.. math:: (-j w - L_0)\, p_1 = L_1\, p_0, \qquad \chi(w) = \sum x\, p_1,

L_0 the generator without drive and L_1 its slope in i. The one-sided density of the noise of mz is
:math:`4\,\mathrm{Re} \sum x\,(j w - L_0)^{-1} x\, p_0`. The drive acts as a potential here, so both obey the
fluctuation-dissipation theorem :math:`S(w) = 2 |\mathrm{Im}\,\chi(w)| / (\Delta w)`. The two-state junction of
:mod:`spinspice.devices.laws.driven` is the limit of high barriers and slow drives.
"""

from __future__ import annotations

import dataclasses
import math

import numpy as np
from numpy.typing import NDArray

from spinspice.devices.laws.fokker_planck import banded_generator
from spinspice.errors import check_range

#: Finite volumes in mz: responses are then right to 1e-4 (against four times as many, up to 12 kT).
CELLS = 1000
#: Step of the numerical slope in i; the generator is smooth in it.
SLOPE = 1e-4


@dataclasses.dataclass(frozen=True)
class Resonance:
    """Response to a weak drive at one frequency.

    Parameters
    ----------
    susceptibility : complex
        mz per unit of I / I_c0: mz_1(t) = i_0 |chi| cos(w t - lag) with chi = |chi| e^(j lag).
    noise : float
        One-sided density of mz without drive [tau_D].
    """

    susceptibility: complex
    noise: float

    @property
    def lag(self) -> float:
        """Lag behind the direction that the current drives to (-mz for i > 0), in degrees."""
        return math.degrees(float(np.angle(-self.susceptibility)))

    def signal_to_noise(self, drive: float) -> float:
        """Signal power over one-sided noise density for i_0 = ``drive`` [1/tau_D]."""
        return 0.5 * (drive * abs(self.susceptibility)) ** 2 / self.noise


def resonance(delta: float, omega: float) -> Resonance:
    """Return the linear response of a magnet at barrier ``delta`` [k_B T] and frequency ``omega`` [rad/tau_D]."""
    from scipy.linalg import solve_banded

    check_range("delta", delta, 0.0, 60.0, open_low=True, where="resonance: barrier / (k_B T)")
    check_range("omega", omega, 0.0, 1e3, open_low=True, where="resonance: drive frequency [rad/tau_D]")
    edges = np.linspace(-1.0, 1.0, CELLS + 1)
    x = 0.5 * (edges[1:] + edges[:-1])
    still = banded_generator(edges, delta, 0.0)
    slope = (banded_generator(edges, delta, SLOPE) - banded_generator(edges, delta, -SLOPE)) / (2.0 * SLOPE)
    rest = _stationary(still)

    def solve(sign: float, right: NDArray[np.float64]) -> NDArray[np.complex128]:
        """Return (sign j w - L_0)^-1 applied to a vector."""
        matrix = -still.astype(complex)
        matrix[1] += sign * 1j * omega
        return np.asarray(solve_banded((1, 1), matrix, right.astype(complex), check_finite=False))

    chi = complex(x @ solve(-1.0, _times(slope, rest)))
    noise = 4.0 * float((x @ solve(1.0, x * rest)).real)
    return Resonance(chi, noise)


def _stationary(bands: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the stationary probabilities: no flux between neighbours."""
    logs = np.concatenate([[0.0], np.cumsum(np.log(bands[2, :-1] / bands[0, 1:]))])
    p = np.exp(logs - logs.max())
    return p / p.sum()


def _times(bands: NDArray[np.float64], vector: NDArray[np.float64]) -> NDArray[np.float64]:
    out = bands[1] * vector
    out[:-1] += bands[0, 1:] * vector[1:]
    out[1:] += bands[2, :-1] * vector[:-1]
    return out
