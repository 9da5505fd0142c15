"""Junctions that switch where measured ones do: two-state ones from two mean thresholds, macrospins from those."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spinspice.constants import e, hbar, k_B, mu_0
from spinspice.devices.laws.thresholds import AP, P, ramp_threshold
from spinspice.devices.macrospin import Macrospin
from spinspice.devices.telegraph import Telegraph
from spinspice.errors import ParameterError

#: A solution reproduces both thresholds to this much [A].
ACCURACY = 1e-12


def calibrated(junction: Telegraph, out_of_AP: float, out_of_P: float, rate: float) -> Telegraph:
    """Return ``junction`` with the ``field`` and ``I_c`` at which a ramp switches it at these currents on average.

    Parameters
    ----------
    junction : Telegraph
        Driven by current; barrier, asymmetry and attempt frequency stay.
    out_of_AP, out_of_P : float
        Mean total currents of the two events [A], the first above the second.
    rate : float
        Rate of the ramp [A/s], up for the first event and down for the second.

    Raises
    ------
    ParameterError
        If the thresholds do not enclose a range in which both states are stable, or no junction of this barrier has
        them.
    """
    from scipy.optimize import root

    if not out_of_AP > out_of_P:
        raise ParameterError(
            f"mean thresholds of {out_of_AP * 1e6:.4g} uA out of AP and {out_of_P * 1e6:.4g} uA out of P leave no "
            "range in which both states are stable: the first must be the higher one (positive current favours P)."
        )

    def junction_at(guess: NDArray[np.float64]) -> Telegraph:
        return junction.replace(I_c=math.exp(guess[0]), field=math.tanh(guess[1]))

    def misses(guess: NDArray[np.float64]) -> NDArray[np.float64]:
        trial = junction_at(guess)
        wanted = ((AP, out_of_AP), (P, out_of_P))
        return np.array([(ramp_threshold(trial, rate, state).mean - mean) / trial.I_c for state, mean in wanted])

    found: Any = root(misses, np.array([math.log(out_of_AP - out_of_P), 0.0]), tol=1e-13)
    result = junction_at(found.x)
    if not float(np.max(np.abs(misses(found.x)))) * result.I_c < ACCURACY:
        raise ParameterError(
            f"no junction of {junction.delta:g} k_B T switches at {out_of_AP * 1e6:.4g} and {out_of_P * 1e6:.4g} uA on "
            f"a ramp of {rate:g} A/s. Raise delta, or bring the thresholds nearer to each other's opposite."
        )
    return result


def as_macrospin(junction: Telegraph, body: Macrospin) -> Macrospin:
    r"""Return ``body`` with barrier, net field and critical current out of AP of a two-state junction: for pulses of
    nanoseconds.

    The anisotropy field follows from the barrier without field, :math:`B_k = 2 \Delta k_B T / m`; the damping from
    the current at which precession about the antiparallel direction of an in-plane layer begins to grow
    (J. Z. Sun, Phys. Rev. B 62, 570 (2000)),

    .. math::
        I_{AP} = \frac{2 e}{\hbar} \frac{\alpha\, m}{P} \left[ B_k (1 - h) + \tfrac12 \mu_0 M_s (N_z - N_x) \right]

    The macrospin's torque does not depend on the angle, so its critical current out of P is nearly the same, not
    higher by the ``asymmetry``.

    Parameters
    ----------
    junction : Telegraph
        Driven by current.
    body : Macrospin
        In-plane layer along x, reference layer along +x: size, magnetisation, polarisation.
    """
    B_k = 2.0 * junction.delta * k_B * 300.0 / body.moment
    stiffness = B_k * (1.0 - junction.field) + 0.5 * mu_0 * body.Ms * (body.Nz - body.Nx)
    critical = junction.I_c * (1.0 - junction.asymmetry)
    return body.replace(
        R_P=junction.R_P,
        TMR=junction.TMR,
        V_half=junction.V_half,
        B_k=B_k,
        Bx=junction.field * B_k,
        alpha=critical * hbar * body.pol / (2.0 * e * body.moment * stiffness),
        T=junction.T,
    )
