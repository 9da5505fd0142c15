"""Junctions that switch where measured ones do: critical current and net field from the two mean thresholds of a ramp."""

from __future__ import annotations

import math

from spinspice.devices.switching import AP, P, ramp_threshold
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
        If the thresholds do not enclose a range in which both states are stable, or no junction of this barrier has them.
    """
    from scipy.optimize import root

    if not out_of_AP > out_of_P:
        raise ParameterError(
            f"mean thresholds of {out_of_AP * 1e6:.4g} uA out of AP and {out_of_P * 1e6:.4g} uA out of P leave no range in "
            "which both states are stable: the first must be the higher one (positive current favours P)."
        )

    def junction_at(guess: list[float]) -> Telegraph:
        return junction.replace(I_c=math.exp(guess[0]), field=math.tanh(guess[1]))

    def misses(guess: list[float]) -> list[float]:
        trial = junction_at(guess)
        return [
            (ramp_threshold(trial, rate, AP).mean - out_of_AP) / trial.I_c,
            (ramp_threshold(trial, rate, P).mean - out_of_P) / trial.I_c,
        ]

    found = root(misses, [math.log(out_of_AP - out_of_P), 0.0], tol=1e-13)
    result = junction_at(found.x)
    if not max(map(abs, misses(found.x))) * result.I_c < ACCURACY:
        raise ParameterError(
            f"no junction of {junction.delta:g} k_B T switches at {out_of_AP * 1e6:.4g} and {out_of_P * 1e6:.4g} uA on a "
            f"ramp of {rate:g} A/s. Raise delta, or bring the thresholds nearer to each other's opposite."
        )
    return result
